//! What stands without quotes behind a name and is no value: a sentence, the next field, another name.

use super::{
    Hunt, credible,
    follow::{Kind, Subject},
    name, prose,
};
use crate::redact::names::{self, Strength};

impl Hunt<'_> {
    /// `&{Username: Password: DB:0}`: nothing, and the next field of a struct.
    pub(super) fn is_next_field(&self, subject: &Subject, first: &[u8]) -> bool {
        let named = |text: &[u8]| {
            let word = text.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
            word > 1 && text[0].is_ascii_uppercase() && text.get(word) == Some(&b':')
        };
        let before = &self.text[subject.name.start.saturating_sub(400)..subject.name.start];
        let line = || before.rsplit(|b| *b == b'\n').next().unwrap_or_default();
        named(first) && before.ends_with(b" ") && line().contains(&b'{')
    }

    /// Words up to the line's end, or a name and more words: `passwd: password expiry information changed`.
    pub(super) fn goes_on_as_a_sentence(&self, subject: &Subject, start: usize, string: bool) -> bool {
        const NEAR: usize = 120;
        let near = self.text.get(start..self.text.len().min(start + NEAR)).unwrap_or_default();
        let end = match string {
            true => memchr::memchr3(b'\n', b'\\', b'"', near),
            false => memchr::memchr2(b'\n', b'\r', near),
        };
        let rest = &near[..end.unwrap_or(near.len())];
        let (first, more) = rest.split_at(memchr::memchr(b' ', rest).unwrap_or(rest.len()));
        let word = first.strip_suffix(b":").unwrap_or(first);
        let key = word.len() < first.len();
        let plain = |b: &u8| b.is_ascii_alphabetic() || key && *b == b'_';
        if more.is_empty() || !word.iter().all(plain) {
            return false;
        }
        // `secrets: User failures: 0`, `TOKEN: aud: x`
        if subject.strength == Strength::Many || word.len() < first.len() {
            return true;
        }
        let plain = |word: &[u8]| word.iter().all(|b| b.is_ascii_lowercase() || *b == b'.');
        let talks = || {
            let mut words = more.split(|b| *b == b' ').filter(|word| !word.is_empty());
            words.clone().count() >= 2 && words.all(plain)
        };
        prose::is_sentence_beside(rest, subject.rule) || plain(first) && talks() && names::is_sensitive(first)
    }

    /// `gitlab:password:reset`, `a.token = b.token`: a name of something else.
    pub(super) fn is_a_name(&self, subject: &Subject, value: &[u8], spaced: bool) -> bool {
        if !spaced && subject.kind == Kind::Colon && !subject.quoted {
            return !self.fits_tight(subject, value);
        }
        let last = |name: &[u8]| name.iter().rposition(|b| *b == b'.').map_or(0, |dot| dot + 1);
        let own = self.bytes(&subject.name);
        last(value) > 0 && value[last(value)..].eq_ignore_ascii_case(&own[last(own)..])
    }

    /// Whether `token:x` without a blank is a pair: in a struct's or a map's output, or if `x` looks like a secret.
    fn fits_tight(&self, subject: &Subject, value: &[u8]) -> bool {
        let before = subject.name.start.checked_sub(1).and_then(|i| self.text.get(i));
        let before = before.copied().unwrap_or(b'\n');
        let called = self.text[..subject.name.start].iter().rev().nth(1).is_some_and(|b| name::is_inside(*b));
        match before {
            // `pam_unix(passwd:chauthtok)`
            b'(' if called => prose::looks_random(value),
            b'/' if self.text[..subject.name.start].ends_with(b" /") => prose::looks_random(value),
            b':' | b'/' | b'.' => false,
            b'{' | b'[' | b'(' => true,
            // `cmdstat_auth:calls=61,usec=9`
            _ => prose::looks_random(value) && !value.contains(&b':') && !credible::is_count(value),
        }
    }
}
