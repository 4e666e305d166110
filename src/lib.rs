//! `glsos`: one redacted support bundle from a GitLab host, and its reading at the support desk.
//!
//! The modules, in the order in which the data flows. A module uses those above it, never those
//! below; `tests/architecture.rs` holds the allowed edges.
//!
//! ```text
//! words     error  escape  outcome  units  exit_codes      no effects, no imports from below
//! host      the one seam to the world: open, list, stat, run, get, now
//! catalog   collectors/*.toml → typed collectors
//! logs      lines and their times: formats, rotation, the window
//! probe     built-in sources: what /proc and /sys tell, rendered as text
//! redact    raw bytes → Redacted; known, shaped, keyed, chosen
//! scan      the independent second look at redacted bytes
//! pack      Redacted → the bundle
//! read      bundle → entries: checked, listed, unpacked; a bundle as a recorded host
//! index     bundle → typed facts, in one pass
//! analyze   facts → findings
//! report    facts and findings → sections of figures, tables and charts, as data
//! plan      catalog × host × options → what a run takes
//! collect   plan → bundle
//! cli       what was typed → what is meant; the only module that prints
//! ```

pub mod analyze;
pub mod catalog;
pub mod cli;
pub mod collect;
pub mod error;
pub mod escape;
pub mod exit_codes;
pub mod host;
pub mod index;
pub mod logs;
pub mod outcome;
pub mod pack;
pub mod plan;
pub mod probe;
pub mod read;
pub mod redact;
pub mod report;
pub mod scan;
pub mod units;
