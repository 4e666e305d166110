//! Lines and their times: formats, rotation, the window.
//!
//! `find` turns a log source's path into files, live and rotated; a `Reader` gives the raw lines of one
//! file that fall into the window, piece by piece. Reads through the `Host` only, in bounded memory
//! whatever the size of a log or a line. Never redacts, never writes.

mod bisect;
mod filter;
mod find;
mod gzip;
mod lines;
mod plain;
mod reader;
mod rotation;
mod taken;
mod times;

#[cfg(test)]
mod tests;

use jiff::Timestamp;

pub use find::{Found, LogFile, Packing, find};
pub use gzip::{Damage, Gunzip, MAGIC as GZIP, MOST as MOST_INFLATED};
pub use reader::{Cap, Giver, Reader, Survey};
pub use rotation::Rotated;
pub use taken::Taken;
pub use times::LineTimes;

/// The hours of a run; a line at either end is inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Its begin.
    pub since: Timestamp,
    /// Its end.
    pub until: Timestamp,
}

/// Exact as long as lines are out of order by no more than this much time …
const SLACK_TIME: i64 = 5 * 60 * 1_000_000;
/// … or this many bytes. Also: a file that is no larger is read from its beginning.
const SLACK_BYTES: u64 = 4 << 20;
