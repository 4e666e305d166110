//! Secrets in sentences: `password is x`, `invalid token "x"`, `the password for user git is: x`. Only what no word
//! of a sentence looks like is taken here, since nothing but the name's nearness speaks for it.

use std::ops::Range;

use super::{
    Hunt, credible,
    name::{Name, skip_blanks},
    none, prose,
    scan::Hit,
    spelled::spelled,
};
use crate::redact::{finder::Until, names::Strength};

/// What may stand between a name and its value.
#[rustfmt::skip] // rows, not a column
const LINKS: &[&str] = &[
    "is: ", "is ", "was ", "set to ", "changed to ", "changed from ", "reset to ", "to ", "-> ", "=> ", "as ", "value ", "parameter ",
    "mismatch: got ", "mismatch, got ", "mismatch: expected ", "mismatch, expected ",
];

/// What may stand between two values of a name.
#[rustfmt::skip] // rows, not a column
const OTHERS: &[&str] = &[
    " to ", " => ", " -> ", " expected ", ", expected ", " but expected ", " got ", ", got ", " but got ", " != ",
];

/// How what is said of a password begins that a colon and the password end.
const BEGINS: &[&str] = &["for", "of", "is", "has", "was", "für", "pour", "para", "de", "von"];

/// Words of what went wrong.
#[rustfmt::skip] // rows, not a column
const REFUSED: &[&str] = &[
    "failed", "failure", "error", "invalid", "expired", "rejected", "incorrect", "wrong", "denied", "not", "cannot", "missing",
    "because", "reason", "policy", "by", "hash", "requires", "must", "should", "stored", "see", "with",
];

/// Words behind which a colon leads to somebody or something else.
#[rustfmt::skip] // rows, not a column
const OF_WHOM: &[&str] = &[
    "for", "of", "user", "username", "account", "login", "host", "email", "to", "on", "by", "in", "at", "id", "name", "server",
    "role", "users", "accounts", "file", "from", "database", "service", "url",
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
        if let Some(end) = self.told(name, start) {
            return Some(end);
        }
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
        let one_time = linked > 0 && rule == "password" && self.is_a_code_for_once(name, value);
        let other = linked > 0 && self.other_behind(range.end).is_some();
        let taken = one_time || credible && !is_no_secret(value);
        if !taken && !other {
            return None;
        }
        let end = range.end;
        if taken {
            self.take(range, rule, false, Some(Until::WordEnd));
        }
        Some(self.take_other(end, rule).unwrap_or(end))
    }

    /// The second of two values, whose first one ends at `at`: `changed from 'x' to 'y'`.
    pub(super) fn other_behind(&self, at: usize) -> Option<Range<usize>> {
        let quote = usize::from(matches!(self.text.get(at), Some(b'"' | b'\'' | b'`')));
        let rest = self.text.get(at + quote..)?;
        let link = OTHERS.iter().find(|link| rest.starts_with(link.as_bytes()))?;
        let (range, closed) = self.word_said(at + quote + link.len())?;
        let value = &self.text[range.clone()];
        let fits = credible::is_credible(value) || closed && quote > 0 && credible::is_scrambled(value);
        (fits && !is_no_secret(value)).then_some(range)
    }

    pub(super) fn take_other(&mut self, at: usize, rule: &'static str) -> Option<usize> {
        let range = self.other_behind(at)?;
        let end = range.end;
        self.take(range, rule, false, Some(Until::WordEnd));
        Some(end)
    }

    /// `one-time password is 824718`
    fn is_a_code_for_once(&self, name: &Name, value: &[u8]) -> bool {
        let before = self.text[..name.start].trim_ascii_end();
        let once = [b"one-time".as_slice(), b"One-time", b"one time", b"One-Time", b"ONE-TIME"];
        (4..=10).contains(&value.len())
            && value.iter().all(u8::is_ascii_digit)
            && once.iter().any(|word| before.ends_with(word))
    }

    /// `password is generated for root@localhost: x`, `Password for bob@example.com: x`: words, then one word to the
    /// line's end. `start`: behind the name and its blanks.
    fn told(&mut self, name: &Name, start: usize) -> Option<usize> {
        const NEAR: usize = 120;
        let rule = super::rules::of(self.bytes(name));
        if !matches!(rule, "password" | "passphrase") {
            return None;
        }
        let end = self.line_end_before(start, start + NEAR + LONGEST, false);
        let line = self.text.get(start..end)?;
        let first = line.split(|b| *b == b' ').next()?;
        if !BEGINS.iter().any(|word| first == word.as_bytes()) {
            return None;
        }
        let colon = memchr::memmem::find(&line[..line.len().min(NEAR)], b": ")?;
        let words = &line[..colon];
        let refused = words
            .split(|b| *b == b' ')
            .any(|word| REFUSED.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes())));
        let last = words.rsplit(|b| *b == b' ').next()?;
        if refused || OF_WHOM.iter().any(|word| last == word.as_bytes()) {
            return None;
        }
        let at = skip_blanks(self.text, start + colon + 1);
        let (range, closed) = self.word_said(at)?;
        let value = self.text.get(range.clone())?;
        let behind = self.text.get(range.end + usize::from(closed)..end)?;
        let ends = matches!(behind.trim_ascii(), b"" | b"." | b"\"" | b"'" | b"\"}");
        let credible = credible::is_credible(value) || credible::is_scrambled(value);
        if !ends || !credible || is_no_secret(value) {
            return None;
        }
        let end = range.end;
        self.take(range, rule, false, Some(Until::WordEnd));
        Some(end)
    }

    /// `PASSWORD kibana_system = x` on a line of its own, as Elasticsearch sets up passwords.
    pub(super) fn of_a_user(&mut self, name: &Name) -> Option<usize> {
        if self.bytes(name) != b"PASSWORD" || !self.begins_a_command(name) {
            return None;
        }
        let (words, whole) = self.words(name.end);
        let word = |nth: usize| self.text.get(words.get(nth)?.clone());
        let fits = whole && words.len() == 3 && word(1)? == b"=" && prose::looks_random(word(2)?);
        fits.then(|| self.take_word(&words[2], "password", 0))?
    }

    /// `Mot de passe : x`
    pub(super) fn is_of_a_phrase(&self, name: &Name) -> bool {
        self.bytes(name) == b"passe" && self.text[..name.start].ends_with(b"ot de ")
    }

    /// `Contraseña: x`
    pub(super) fn foreign(&mut self, hit: Hit) -> Option<usize> {
        let rest = self.text.get(hit.end..)?;
        let more = ["ña", "\\u00f1a", "na"].iter().find(|more| rest.starts_with(more.as_bytes()))?;
        let quote = super::name::quote_before(self.text, hit.start);
        let name = Name { start: hit.start, end: hit.end + more.len(), dashes: 0, quote };
        self.named(&name)
    }

    /// `credentials user/x`. `at`: behind the name.
    pub(super) fn login_said(&mut self, at: usize) -> Option<usize> {
        let start = skip_blanks(self.text, at);
        let (range, _) = self.word_said(start).filter(|_| start > at)?;
        let login = self.text.get(range.clone())?;
        // `backup / x`
        if let Some(rest) = self.text.get(range.end..).and_then(|rest| rest.strip_prefix(b" / "))
            && login.iter().all(|b| b.is_ascii_alphanumeric() || b"._-@".contains(b))
        {
            let from = self.text.len() - rest.len();
            let (value, _) = self.word_said(from)?;
            let bytes = self.text.get(value.clone())?;
            if !credible::is_credible(bytes) || is_no_secret(bytes) {
                return None;
            }
            let end = value.end;
            self.take(value, "credential", false, Some(Until::WordEnd));
            return Some(end);
        }
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

/// Whether a name is `contraseña`, in whatever spelling.
pub(super) fn is_of_another_tongue(name: &[u8]) -> bool {
    name.get(..8).is_some_and(|begin| begin.eq_ignore_ascii_case(b"contrase")) && name.len() < 16
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
