//! Secrets by their form alone: a literal, and enough of a body beside it. Knows nothing of names and their values.
//!
//! `tokens` are the forms of which a beginning and a class of bytes tell all; `forms` those with parts.

mod bytes;
mod forms;
mod hashes;
mod tokens;
mod urls;

use super::found::Found;
pub(super) use bytes::{base64, word};
pub(super) use forms::login;

/// One form.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// Told when it hits.
    pub(super) name: &'static str,
    /// What it begins with, or has in it; in this case only.
    pub(super) needle: &'static str,
    body: Body,
}

/// Of the text before and behind a needle: how many bytes of either are the secret's.
type Around = fn(&[u8], &[u8]) -> Option<(usize, usize)>;

/// What must stand beside a needle.
#[derive(Debug, Clone, Copy)]
enum Body {
    /// At least so many bytes of a class behind it, of more than one kind.
    Run(fn(u8) -> bool, usize),
    /// The same, and no letter or digit before the needle.
    Apart(fn(u8) -> bool, usize),
    /// Whatever this says of the text behind the needle: how many bytes of it are the secret's.
    Behind(fn(&[u8]) -> Option<usize>),
    /// The same, of the text before and behind it.
    Around(Around),
}

/// All forms.
pub(super) fn all() -> impl Iterator<Item = Shape> {
    [tokens::TOKENS, forms::FORMS, hashes::HASHES, urls::URLS].into_iter().flatten().copied()
}

impl Shape {
    /// The secret whose needle stands at `at`, if it is one.
    pub(super) fn found(&self, text: &[u8], at: usize) -> Option<Found> {
        let (before, rest) = text.split_at_checked(at)?;
        let rest = rest.strip_prefix(self.needle.as_bytes())?;
        let (back, on) = match self.body {
            Body::Run(class, least) => (0, bytes::varied(rest, class, least)?),
            Body::Apart(class, least) => {
                let apart = bytes::is_apart(before);
                (0, apart.then(|| bytes::varied(rest, class, least))??)
            }
            Body::Behind(length) => (0, length(rest)?),
            Body::Around(lengths) => lengths(before, rest)?,
        };
        let end = at + self.needle.len() + on;
        Some(Found { rule: self.name, label: at..at + self.needle.len(), span: at - back..end })
    }
}
