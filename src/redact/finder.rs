//! What a finder of secrets is shown and what it answers: the contract between the engine, which
//! owns the stream, and `known`, `shaped` and `keyed`, which own the knowledge. Finds nothing itself.
//!
//! The engine cuts an entry into blocks whose borders depend on its bytes alone, so a finder may
//! decide as it likes within a window: the result never depends on how the input came in pieces.
//!
//! A window shows 8-bit text without its BOM (UTF-16 is decoded first). A command line is shown joined
//! by NULs, joined by spaces, and argument by argument.

use std::{ops::Range, sync::Arc};

/// How many bytes a finder sees before and behind its block, unless the entry begins or ends there.
pub(in crate::redact) const REACH: usize = 64 << 10;

/// Most bytes of a block.
pub(in crate::redact) const BLOCK: usize = 256 << 10;

/// A part of an entry.
#[derive(Debug, Clone)]
pub(in crate::redact) struct Window<'t> {
    /// A block with what stands before and behind it, not yet redacted (but for markers of an earlier run).
    pub(in crate::redact) text: &'t [u8],
    /// The block: spans that start here are asked for. It begins at a line's start and ends behind
    /// a line's end, except in a line that is longer than a block, which is cut anywhere.
    pub(in crate::redact) own: Range<usize>,
    /// Whether `text` begins at the entry's first byte.
    pub(in crate::redact) first: bool,
    /// Whether `text` ends at the entry's last byte.
    pub(in crate::redact) last: bool,
}

/// How sure a finder is; the surer one's name stands in the marker where spans overlap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::redact) enum Rank {
    /// No secret: what the customer chose to hide behind a pseudonym.
    Chosen,
    /// By the name beside it.
    Keyed,
    /// By its form.
    Shaped,
    /// By a pattern of the customer's own.
    Pattern,
    /// One of the host's own.
    Known,
}

/// Bytes that must go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::redact) struct Span<'r> {
    /// In `Window::text`; starts inside `own`, may end behind it. Only the value: no quotes, no
    /// key, no space around it. Where it spans lines, the engine keeps line ends and indentation.
    pub(in crate::redact) range: Range<usize>,
    /// For the marker and the counts: `[a-z0-9_-]`, such as `gitlab-token` or `db_password`.
    pub(in crate::redact) rule: &'r str,
    /// Whose name wins.
    pub(in crate::redact) rank: Rank,
    /// The value is a bare number or literal where only a string is one more value of the same
    /// shape (JSON): the marker is written with double quotes around it.
    pub(in crate::redact) quoted: bool,
    /// The value had no end within the window: what follows it goes too, up to here.
    pub(in crate::redact) open: Option<Until>,
}

/// Where a value ends that reaches beyond its window; what ends it stays. The later the end is to be
/// expected, the greater: where open values overlap, the greatest decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::redact) enum Until {
    /// Before the first byte that is white space, a quote or one of `,;&)]}>`.
    WordEnd,
    /// Before the next line end.
    LineEnd,
    /// Before this quote, if it is not escaped by a backslash; lines don't end it.
    Quote(u8),
    /// Behind the footer `-----END …-----`, or behind its line if the footer has no end there.
    PemEnd,
}

/// A kind of knowledge. Shared by all threads.
pub(in crate::redact) trait Finder: Send + Sync {
    /// Appends what it finds, in any order; spans may overlap.
    fn find<'r>(&'r self, window: &Window<'_>, spans: &mut Vec<Span<'r>>);

    /// The value that the text of a `Rank::Known` span stands for, where it stands there encoded or
    /// with more around it: one value, one tag. Only `known` knows.
    fn plain<'r>(&'r self, _text: &[u8]) -> Option<&'r [u8]> {
        None
    }

    /// Tells each piece of memory that holds known values or forms of them, for who keeps it from being
    /// swapped out. Only `known` has any.
    fn each_secret<'r>(&'r self, _tell: &mut dyn FnMut(&'r [u8])) {}

    /// What stands for the value of a `Rank::Chosen` span instead of a marker. Only `chosen` knows.
    fn pseudonym(&self, _rule: &str, _value: &[u8]) -> Option<Vec<u8>> {
        None
    }
}

impl<T: Finder + ?Sized> Finder for Arc<T> {
    fn find<'r>(&'r self, window: &Window<'_>, spans: &mut Vec<Span<'r>>) {
        (**self).find(window, spans);
    }

    fn plain<'r>(&'r self, text: &[u8]) -> Option<&'r [u8]> {
        (**self).plain(text)
    }

    fn each_secret<'r>(&'r self, tell: &mut dyn FnMut(&'r [u8])) {
        (**self).each_secret(tell);
    }
}
