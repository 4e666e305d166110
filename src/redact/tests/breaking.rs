//! A redactor that fails, for tests of what stands behind it.

use crate::redact::{
    KnownSecret, Redactor,
    finder::{Finder, Rank, Span, Window},
};

/// How a rule fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Breaks {
    /// It panics.
    Panic,
    /// It answers what can't be, which the engine takes for an error.
    Error,
}

/// What it fails at.
pub(crate) const BREAKS: &str = "this breaks the rule";

struct Broken(Breaks);

impl Finder for Broken {
    fn find<'r>(&'r self, window: &Window<'_>, spans: &mut Vec<Span<'r>>) {
        let Some(at) = memchr::memmem::find(&window.text[window.own.clone()], BREAKS.as_bytes()) else {
            return;
        };
        assert!(self.0 != Breaks::Panic, "as the test wants it");
        let start = window.own.start + at;
        let range = start..window.text.len() + 1;
        spans.push(Span { range, rule: "broken", rank: Rank::Shaped, quoted: false, open: None });
    }
}

/// With all rules, and one more that fails where it sees `BREAKS`.
pub(crate) fn breaking(how: Breaks, known: Vec<KnownSecret>) -> Redactor {
    let mut redactor = Redactor::new(known).unwrap();
    redactor.finders.push(Box::new(Broken(how)));
    redactor
}
