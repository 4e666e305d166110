//! Secrets in sentences: `password is x`, `invalid token "x"`, `the password for user git is: x`. Only what no word
//! of a sentence looks like is taken here, since nothing but the name's nearness speaks for it.

use std::ops::Range;

use super::{
    Hunt, credible,
    name::{Name, skip_blanks},
    none,
    spelled::spelled,
};
use crate::redact::{finder::Until, names::Strength};

/// What may stand between a name and its value.
#[rustfmt::skip] // rows, not a column
const LINKS: &[&str] = &[
    "is: ", "is ", "was ", "set to ", "changed to ", "changed from ", "reset to ", "to ", "-> ", "=> ", "as ", "value ", "parameter ",
    "mismatch: got ",
];

/// How far a value goes.
const LONGEST: usize = 512;

impl Hunt<'_> {
    /// `at`: behind the name, where a blank stands.
    pub(super) fn said(&mut self, name: &Name, at: usize) -> Option<usize> {
        let strength = self.strength(name)?;
        if super::rules::of(self.bytes(name)) == "credential"
            && let Some(end) = self.login_said(at)
        {
            return Some(end);
        }
        let sure = strength == Strength::Sure || self.bytes(name) == b"pass" && self.is_of_a_user(name);
        if !sure || name.dashes > 0 {
            return None;
        }
        let start = skip_blanks(self.text, at);
        let rest = self.text.get(start..(start + LONGEST).min(self.text.len()))?;
        let linked = link(rest);
        // Of `"password" "x"` neither may be a value.
        if at > name.end && linked == 0 {
            return None;
        }
        let (range, closed) = self.word_said(start + linked)?;
        let value = self.text.get(range.clone())?;
        let rule = super::rules::of(self.bytes(name));
        let followed = || ends_or_goes_on(self.text.get(range.end..).unwrap_or_default());
        let password = matches!(rule, "password" | "passphrase");
        let credible = if linked > 0 || closed {
            credible::is_credible(value) || password && credible::is_scrambled(value)
        } else {
            credible::is_no_word(value)
                || password
                    && credible::is_credible(value)
                    && !value.iter().any(|b| b"()[]{}<>=:/".contains(b))
                    && followed()
        };
        if !credible || is_no_secret(value) {
            return None;
        }
        let end = range.end;
        self.take(range, rule, false, Some(Until::WordEnd));
        // `changed from x to y`
        if let Some(to) = self.text.get(end..).and_then(|rest| rest.strip_prefix(b" to ")).map(|_| end + 4)
            && let Some((range, _)) = self.word_said(to)
            && credible::is_credible(&self.text[range.clone()])
            && !is_no_secret(&self.text[range.clone()])
        {
            let end = range.end;
            self.take(range, rule, false, Some(Until::WordEnd));
            return Some(end);
        }
        Some(end)
    }

    /// `credentials user/x`. `at`: behind the name.
    fn login_said(&mut self, at: usize) -> Option<usize> {
        let start = skip_blanks(self.text, at);
        let (range, _) = self.word_said(start).filter(|_| start > at)?;
        let login = self.text.get(range.clone())?;
        let slash = memchr::memchr(b'/', login)?;
        let (user, value) = (&login[..slash], &login[slash + 1..]);
        let fits = !user.is_empty() && user.iter().all(|b| b.is_ascii_alphanumeric() || b"._-@".contains(b));
        if !fits || !credible::is_credible(value) || is_no_secret(value) || value.contains(&b'/') {
            return None;
        }
        self.take(range.start + slash + 1..range.end, "credential", false, Some(Until::WordEnd));
        Some(range.end)
    }

    /// `user bob pass x`
    fn is_of_a_user(&self, name: &Name) -> bool {
        let before = &self.text[name.start.saturating_sub(80)..name.start];
        let line = before.rsplit(|b| *b == b'\n').next().unwrap_or_default();
        [b"user ".as_slice(), b"User ", b"login "]
            .iter()
            .any(|word| memchr::memmem::find(line, word).is_some())
    }

    /// The word at `at`, and whether quotes or brackets stand around it.
    fn word_said(&self, at: usize) -> Option<(Range<usize>, bool)> {
        if let Some(rest) = self.text.get(at..)?.strip_prefix("“".as_bytes()) {
            let from = at + "“".len();
            let length = memchr::memmem::find(&rest[..rest.len().min(LONGEST)], "”".as_bytes())?;
            return Some((from..from + length, true));
        }
        let first = spelled(self.text, at)?;
        let close = match first.byte {
            quote @ (b'"' | b'\'' | b'`') => quote,
            b'(' => b')',
            b'[' => b']',
            b'<' => b'>',
            _ => {
                let rest = self.text.get(at..(at + LONGEST).min(self.text.len()))?;
                return Some((at..at + word(rest).len(), false));
            }
        };
        let from = at + first.len;
        let mut end = from;
        while let Some(here) = spelled(self.text, end).filter(|_| end < from + LONGEST) {
            if here.byte == close && here.style == first.style {
                return Some((from..end, true));
            }
            if matches!(here.byte, b'\n' | b'\r') {
                break;
            }
            end += here.len;
        }
        None
    }

    /// `| password | x |`, a row of a table, with a logger's words before it or not.
    pub(super) fn cell(&mut self, name: &Name) -> Option<usize> {
        let at = skip_blanks(self.text, name.end);
        if self.text.get(at..at + 2) != Some(b"| ") {
            return None;
        }
        let lead = self.text.get(name.start.wrapping_sub(1)).copied().unwrap_or(b'\n');
        let row = at > name.end && (lead.is_ascii_whitespace() || matches!(lead, b'"' | b'm'));
        let subject = self.pair_of(name, false).filter(|subject| subject.strength == Strength::Sure)?;
        let start = skip_blanks(self.text, at + 2);
        let (range, _) = self.word_said(start)?;
        let value = self.text.get(range.clone())?;
        let brackets = value.iter().any(|b| b"()[]{}".contains(b));
        let password = matches!(subject.rule, "password" | "passphrase");
        let credible = credible::is_credible(value) || password && credible::is_scrambled(value);
        if !row || brackets || !credible || is_no_secret(value) {
            return None;
        }
        let end = range.end;
        self.take(range, subject.rule, false, Some(Until::WordEnd));
        Some(end)
    }
}

/// References, masks, and names of other things.
fn is_no_secret(value: &[u8]) -> bool {
    let word = value.iter().all(|b| b.is_ascii_alphabetic() || matches!(b, b'_' | b'-'));
    let fingerprint =
        value.len() >= 8 && value.iter().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(b));
    let variable = matches!(value, [b'@' | b'$' | b'%' | b'&' | b':', b'a'..=b'z' | b'_', ..]);
    let filled =
        [b"#{".as_slice(), b"${", b"{{", b"%{"].iter().any(|o| memchr::memmem::find(value, o).is_some());
    let quoted = value.iter().any(|b| matches!(b, b'"' | b'`'));
    none::is_no_value(value)
        || word && crate::redact::names::is_sensitive(value)
        || fingerprint
        || variable
        || filled
        || quoted
        || is_an_address(value)
}

/// `bob@example.com`
fn is_an_address(value: &[u8]) -> bool {
    let Some(at) = memchr::memchr(b'@', value) else { return false };
    let plain = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"._-+".contains(b);
    value[..at].iter().all(plain) && value[at + 1..].iter().all(plain) && value[at + 1..].contains(&b'.')
}

/// Whether a sentence ends behind a word, or goes on as one about a password does.
fn ends_or_goes_on(rest: &[u8]) -> bool {
    const MORE: &[&str] = &[
        " does",
        " is ",
        " was ",
        " for ",
        " on ",
        " at ",
        " not ",
        " written",
        " rejected",
        " accepted",
        " failed",
        " wrong",
        " invalid",
        " expired",
        " too ",
        " to ",
        " has ",
        "  --",
        " -- ",
    ];
    let line = rest.split(|b| *b == b'\n').next().unwrap_or_default();
    let line = line.strip_prefix(b".").or_else(|| line.strip_prefix(b",")).unwrap_or(line);
    let next = line.first().copied().unwrap_or(b'\n');
    line.trim_ascii().is_empty()
        || matches!(next, b'"' | b'\'' | b'\\' | 0x1b | b')' | b';')
        || MORE.iter().any(|more| rest.starts_with(more.as_bytes()))
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
    while let [before @ .., b'.' | b',' | b';' | b':' | b')' | b'\'' | b'*' | b'`'] = word {
        word = before;
    }
    word
}
