//! What is asked of a file worker, and how a refusal of it is told. Asks nobody itself.

use std::{path::Path, time::Duration};

use super::wire::Packet;
use crate::host::{Error, Trouble};

/// What is asked, and about what.
pub(super) struct Request<'r> {
    pub(super) kind: u8,
    pub(super) body: Packet,
    pub(super) doing: &'static str,
    pub(super) path: &'r Path,
    pub(super) patience: Duration,
    /// Whether it reads a log, or opens what may be one.
    pub(super) bulk: bool,
}

impl Request<'_> {
    pub(super) fn error(&self, trouble: Trouble, detail: impl Into<String>) -> Error {
        Error::new(trouble, self.doing, self.path).detail(detail)
    }

    /// The helper was lost while it did something else.
    pub(super) fn innocent(&self) -> Error {
        self.error(Trouble::Io, "the helper process ended")
    }
}
