//! The redactor of a run: its finders, and the key of its tags.
//!
//! Built once, then shared by all threads. Entries go through a `Stream`; short texts (names, reasons,
//! a command's stderr) and command lines are redacted here, and what fails comes out as `withheld`.

use std::{fmt, sync::Arc};

use super::{
    Kept, KnownSecret, Patterns, Redacted, Stream, chosen::Hidden, decoded::Decoded, finder::Finder,
    known::Known, marker::Tags, ruled::Ruled,
};
use crate::error::Result;

/// What stands for a text that could not be redacted.
pub(super) const WITHHELD: &str = "withheld";

/// Knows the run's secrets and the rules. Nothing changes in it but a count.
pub struct Redactor {
    pub(super) finders: Vec<Box<dyn Finder>>,
    pub(super) tags: Tags,
    pub(super) kept: Kept,
}

impl Redactor {
    /// With the host's own secrets.
    ///
    /// # Errors
    /// When the kernel gives no random bytes for the key of the tags.
    pub fn new(known: Vec<KnownSecret>) -> Result<Self> {
        let known: Arc<dyn Finder> = Arc::new(Known::new(known));
        let ruled = Ruled::new(&[]);
        let decoded = Decoded::new(
            vec![Arc::clone(&known), Arc::new(ruled.only_shaped())],
            vec![Arc::new(ruled.clone())],
        );
        Self::with_finders(vec![Box::new(known), Box::new(ruled), Box::new(decoded)])
    }

    /// With one kind of rule only, to measure it: `known`, `shaped`, `keyed` or, with nothing, `none`.
    /// Absent from any program that people use: it would be a way round redaction.
    ///
    /// # Errors
    /// As `new`.
    #[cfg(feature = "bench")]
    pub fn with_only(kind: &str, known: Vec<KnownSecret>) -> Result<Self> {
        Self::with_finders(match kind {
            "known" => vec![Box::new(Known::new(known))],
            "shaped" => vec![Box::new(Ruled::new(&[]).only_shaped())],
            "keyed" => vec![Box::new(Ruled::new(&[]).only_keyed())],
            _ => Vec::new(),
        })
    }

    /// The same, with pseudonyms for what is hidden.
    #[must_use]
    pub fn hiding(mut self, hidden: Hidden) -> Self {
        self.finders.push(Box::new(hidden));
        self
    }

    /// The same, which also finds what these patterns match.
    #[must_use]
    pub fn matching(mut self, mut patterns: Patterns) -> Self {
        patterns.rename(|name| self.text(name.as_bytes()).as_bytes() != name.as_bytes());
        self.finders.push(Box::new(patterns));
        self
    }

    /// With these finders only.
    pub(in crate::redact) fn with_finders(finders: Vec<Box<dyn Finder>>) -> Result<Self> {
        Ok(Self { finders, tags: Tags::new()?, kept: Kept::default() })
    }

    /// The pieces of memory that hold known values, for who keeps them from being swapped out.
    pub fn secrets(&self) -> Vec<&[u8]> {
        let mut secrets = Vec::new();
        self.finders.iter().for_each(|finder| finder.each_secret(&mut |bytes| secrets.push(bytes)));
        secrets
    }

    /// Begins an entry.
    pub fn stream(&self) -> Stream<'_> {
        Stream::new(self)
    }

    /// A short text: a name, a reason, a command's stderr. `withheld` if it can't be redacted.
    pub fn text(&self, text: &[u8]) -> Redacted {
        let (mut stream, mut out) = (self.stream(), Redacted::empty());
        let done = stream.push(text, &mut out).and_then(|()| stream.finish(&mut out));
        if done.is_ok() { out } else { Redacted::literal(WITHHELD) }
    }
}

impl fmt::Debug for Redactor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Redactor(…)")
    }
}
