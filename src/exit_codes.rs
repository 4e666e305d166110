//! The exit codes of DESIGN.md's command line, once.

/// A bundle was written, or the question was answered.
pub const OK: u8 = 0;
/// Nothing could be written, or nothing was to be kept after a review.
pub const FAILED: u8 = 1;
/// The command line could not be understood.
pub const USAGE: u8 = 2;
/// Incomplete under `--strict`, `verify` found something, or `unpack` or `show` could not give all.
pub const INCOMPLETE: u8 = 3;
/// `report --fail-on` found something of that severity.
pub const FINDINGS: u8 = 4;
/// SIGINT; a valid bundle was written all the same.
pub const INTERRUPTED: u8 = 130;
/// SIGTERM; a valid bundle was written all the same.
pub const TERMINATED: u8 = 143;
