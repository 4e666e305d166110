//! What a reader took of a file, for the manifest.

use jiff::Timestamp;

use crate::outcome::Ending;

/// What the window took of one log file, and what it left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// Time of the first line taken that has one.
    pub first: Option<Timestamp>,
    /// Time of the last.
    pub last: Option<Timestamp>,
    /// Lines taken; a last one without a line end counts.
    pub lines: u64,
    /// Bytes taken.
    pub bytes: u64,
    /// Bytes left out that are older (or gave way to a limit). Of a compressed file, inflated ones.
    pub bytes_before: u64,
    /// Bytes left out that are younger. Of a compressed file whose end was not read, those that were.
    pub bytes_after: u64,
    /// What was odd: out of order, no times, clock steps, rotated while it was read.
    pub note: Option<String>,
    /// How the entry ends.
    pub ending: Ending,
    /// The file's size when it was opened (compressed, if it is).
    pub source_bytes: u64,
}

/// Collects remarks, each once, in order.
#[derive(Debug, Default)]
pub(super) struct Notes(Vec<String>);

impl Notes {
    pub(super) fn add(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.0.contains(&note) {
            self.0.push(note);
        }
    }

    pub(super) fn text(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| self.0.join("; "))
    }
}
