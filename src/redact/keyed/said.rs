//! Secrets in sentences: `password is x`, `invalid token "x"`, `the password for user git is: x`. Only what no word
//! of a sentence looks like is taken here, since nothing but the name's nearness speaks for it.

use super::{
    Hunt, credible,
    name::{Name, skip_blanks},
    prose,
    quotes::{self, Around},
    spelled::spelled,
};
use crate::redact::{
    finder::Until,
    names::{self, Strength},
};

/// What may stand between a name and its value.
#[rustfmt::skip] // rows, not a column
const LINKS: &[&str] = &[
    "is: ", "is ", "was ", "set to ", "changed to ", "changed from ", "reset to ", "to ", "-> ", "=> ", "as ", "value ", "| ", "parameter ",
    "mismatch: got ",
];

/// How far a value goes.
const LONGEST: usize = 512;

impl Hunt<'_> {
    /// `at`: behind the name, where a blank stands.
    pub(super) fn said(&mut self, name: &Name, at: usize) -> Option<usize> {
        if self.strength(name) != Some(Strength::Sure) || name.dashes > 0 {
            return None;
        }
        let start = skip_blanks(self.text, at);
        let rest = self.text.get(start..(start + LONGEST).min(self.text.len()))?;
        let linked = link(rest);
        // Of `"password" "x"` neither may be a value.
        let quoted =
            name.quote.is_some_and(|quote| self.text.get(name.end) == Some(&quote.byte) || quote.len > 1);
        if quoted && linked == 0 {
            return None;
        }
        let from = start + linked;
        let rest = rest.get(linked..)?;
        let close = match rest.first()? {
            quote @ (b'"' | b'\'' | b'`') => Some(*quote),
            b'(' => Some(b')'),
            b'[' => Some(b']'),
            b'<' => Some(b'>'),
            _ => None,
        };
        // `\"x\"` in a message in JSON or logfmt
        let spelled = spelled(self.text, from).filter(|s| s.is_quote() && s.len > 1);
        if let Some(quote) = spelled {
            let closed = quotes::close(self.text, from + quote.len, quote, Around::default());
            let value = self.text.get(from + quote.len..closed.end)?;
            if credible::is_credible(value) && !prose::is_no_value(value) {
                self.take(from + quote.len..closed.end, super::rules::of(self.bytes(name)), false, None);
                return Some(closed.after);
            }
            return None;
        }
        let (value, open) = match close {
            Some(close) => {
                let end = rest[1..].iter().position(|b| *b == close || *b == b'\n')?;
                if rest[1 + end] != close {
                    return None;
                }
                (&rest[1..=end], 1)
            }
            None => (word(rest), 0),
        };
        let credible =
            if linked > 0 || open > 0 { credible::is_credible(value) } else { credible::is_no_word(value) };
        if !credible || prose::is_no_value(value) || is_a_name(value) {
            return None;
        }
        let range = from + open..from + open + value.len();
        let end = range.end;
        self.take(range, super::rules::of(self.bytes(name)), false, Some(Until::WordEnd));
        Some(end)
    }
}

/// The length of what links a name and its value: `is `, `for user git is `.
fn link(rest: &[u8]) -> usize {
    const NEAR: usize = 48;
    let begins = |text: &[u8]| {
        let known = LINKS
            .iter()
            .find(|link| text.get(..link.len()).is_some_and(|t| t.eq_ignore_ascii_case(link.as_bytes())));
        known.map(|link| link.len())
    };
    if let Some(length) = begins(rest) {
        return length;
    }
    if !rest.starts_with(b"for ") && !rest.starts_with(b"of ") {
        return 0;
    }
    let blanks = memchr::memchr_iter(b' ', &rest[..rest.len().min(NEAR)]);
    blanks.take(4).find_map(|at| begins(&rest[at + 1..]).map(|length| at + 1 + length)).unwrap_or(0)
}

/// The first word, without what ends a sentence.
fn word(rest: &[u8]) -> &[u8] {
    let end = rest.iter().position(|b| b.is_ascii_whitespace() || matches!(b, 0 | 0x1b | b'"' | b'\\'));
    let mut word = &rest[..end.unwrap_or(rest.len())];
    while let [before @ .., b'.' | b',' | b';' | b':' | b')' | b'\''] = word {
        word = before;
    }
    word
}

/// `private_token`, not `Secret7479!`.
fn is_a_name(value: &[u8]) -> bool {
    value.iter().all(|b| b.is_ascii_alphabetic() || b"_-".contains(b)) && names::is_sensitive(value)
}
