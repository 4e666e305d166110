//! What was found, and what may be said of it: where it is and what told it, never the value.

use std::ops::Range;

/// The rule of what a name beside it tells.
pub(super) const NAMED: &str = "named-value";

/// The rule of what stands in its place on a command line.
pub(super) const COMMAND_LINE: &str = "command-line";

/// A secret in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub(super) rule: &'static str,
    /// What told it: a token's published beginning, or the name beside a value.
    pub(super) label: Range<usize>,
    /// The secret, with what told it where that is a part of it.
    pub(super) span: Range<usize>,
}

/// A hit, as a report tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    /// The rule's name.
    pub rule: &'static str,
    /// The line in which the secret begins, from 1.
    pub line: u64,
    /// What told it, and `***` for the secret: `glpat-***`, `db_password ***`. Never a byte of the value.
    pub context: String,
}

impl Found {
    /// As a report tells it; `line` is that of the text's beginning.
    pub(super) fn told(&self, text: &[u8], line: u64) -> Hit {
        let before = &text[..self.span.start.min(text.len())];
        let line = line + memchr::memchr_iter(b'\n', before).count() as u64;
        Hit { rule: self.rule, line, context: self.context(text) }
    }

    /// The label, if it is no secret itself: a name that is long or has many digits in it may be one.
    fn context(&self, text: &[u8]) -> String {
        const LONGEST: usize = 40;
        let label = text.get(self.label.clone()).unwrap_or_default();
        let digits = label.iter().filter(|b| b.is_ascii_digit()).count();
        let shown = label.len() <= LONGEST
            && label.iter().all(|b| b.is_ascii_graphic())
            && (digits < 4 || self.is_begun());
        let label = if shown { String::from_utf8_lossy(label) } else { "…".into() };
        if self.is_begun() { format!("{label}***") } else { format!("{label} ***") }
    }

    /// How much of the text before it and of it may be shown.
    pub(super) fn shown(&self) -> usize {
        if self.is_begun() { self.label.end } else { self.span.start }
    }

    /// Whether the value was told by what stands beside it, and is one as a whole.
    pub(super) fn is_named(&self) -> bool {
        matches!(self.rule, NAMED | COMMAND_LINE)
    }

    /// Whether the label is the secret's own beginning, which is public.
    fn is_begun(&self) -> bool {
        self.span.start <= self.label.start && self.label.end <= self.span.end
    }
}
