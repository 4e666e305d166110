//! What stands in a secret's place: `__REDACTED.NAME.TAG__`. Makes markers and recognises them.
//!
//! The tag is a keyed hash of the value under a key that is drawn for each run and never leaves it,
//! so that one secret has one tag in a bundle and nobody can guess a short secret from its tag.

use std::ops::Range;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::error::{Error, Result};

const START: &[u8] = b"__REDACTED.";
const END: &[u8] = b"__";

/// Most bytes of a name; `marker_name` makes at most 40.
const LONGEST_NAME: usize = 64;

/// Hex digits of a tag: with four, two secrets soon look like one.
const TAG: usize = 8;

/// Most bytes of a marker.
pub(super) const LONGEST: usize = START.len() + LONGEST_NAME + 1 + TAG + END.len();

/// About what a marker has, for making room.
pub(super) const USUAL: usize = 36;

/// Makes tags.
pub(super) struct Tags(Hmac<Sha256>);

impl Tags {
    /// With a new key, which nobody knows.
    pub(super) fn new() -> Result<Self> {
        let mut key = zeroize::Zeroizing::new([0; 32]);
        getrandom::fill(key.as_mut())
            .map_err(|error| Error::host(format!("can't draw a random key for redaction: {error}")))?;
        let hmac = Hmac::new_from_slice(key.as_ref())
            .map_err(|_| Error::internal("HMAC refuses a key of 32 bytes"))?;
        Ok(Self(hmac))
    }

    /// Writes the marker of a value to `out`.
    pub(super) fn write(
        &self,
        recent: &mut Recent,
        rule: &str,
        value: &[u8],
        quoted: bool,
        out: &mut Vec<u8>,
    ) {
        let tag = recent.tag(value, || self.tag(value));
        let quote: &[u8] = if quoted { b"\"" } else { b"" };
        out.extend_from_slice(quote);
        out.extend_from_slice(START);
        out.extend_from_slice(rule.as_bytes());
        out.push(b'.');
        out.extend_from_slice(&tag);
        out.extend_from_slice(END);
        out.extend_from_slice(quote);
    }

    fn tag(&self, value: &[u8]) -> [u8; TAG] {
        let mut hmac = self.0.clone();
        hmac.update(value);
        let digest = hmac.finalize().into_bytes();
        std::array::from_fn(|at| {
            let half = digest[at / 2] >> (if at % 2 == 0 { 4 } else { 0 }) & 15;
            if half < 10 { b'0' + half } else { b'a' + half - 10 }
        })
    }
}

/// The tags of the short values met last: programs log the same few secrets again and again.
pub(super) struct Recent([(u8, [u8; Self::LONGEST], [u8; TAG]); Self::PLACES]);

impl Recent {
    const PLACES: usize = 32;
    const LONGEST: usize = 40;

    pub(super) const fn new() -> Self {
        Self([(0, [0; Self::LONGEST], [0; TAG]); Self::PLACES])
    }

    fn tag(&mut self, value: &[u8], made: impl FnOnce() -> [u8; TAG]) -> [u8; TAG] {
        let (Some(first), Some(last), 1..=Self::LONGEST) = (value.first(), value.last(), value.len()) else {
            return made();
        };
        let place = usize::from(first ^ last.rotate_left(3)) ^ value.len();
        let (length, known, tag) = &mut self.0[place % Self::PLACES];
        if known.get(..usize::from(*length)) != Some(value) {
            *tag = made();
            known[..value.len()].copy_from_slice(value);
            *length = value.len() as u8;
        }
        *tag
    }
}

impl Drop for Recent {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(|(_, value, _)| zeroize::Zeroize::zeroize(value));
    }
}

/// Whether a marker can have this name.
pub(super) fn is_name(rule: &str) -> bool {
    (1..=LONGEST_NAME).contains(&rule.len()) && rule.bytes().all(is_name_byte)
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-')
}

/// The length of the marker that `text` begins with.
pub(super) fn at_start(text: &[u8]) -> Option<usize> {
    let rest = text.strip_prefix(START)?;
    let name = rest.iter().take(LONGEST_NAME + 1).take_while(|byte| is_name_byte(**byte)).count();
    let tail = rest.get(name..)?.strip_prefix(b".")?;
    let tag = tail.get(..TAG)?;
    let fits = (1..=LONGEST_NAME).contains(&name)
        && tag.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        && tail.get(TAG..)?.starts_with(END);
    fits.then_some(START.len() + name + 1 + TAG + END.len())
}

/// Whether there is anything like a marker in `text`.
pub(super) fn may_be_in(text: &[u8]) -> bool {
    memchr::memmem::find(text, START).is_some()
}

/// The markers that begin in a part of `text`, in order.
pub(super) fn all(text: &[u8], part: Range<usize>) -> impl Iterator<Item = Range<usize>> {
    let end = text.len().min(part.end + START.len() - 1);
    let starts = memchr::memmem::find_iter(&text[part.start..end], START);
    starts.filter_map(move |offset| {
        let start = part.start + offset;
        at_start(&text[start..]).map(|length| start..start + length)
    })
}

/// A marker in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker<'t> {
    /// Where it stands.
    pub range: Range<usize>,
    /// The rule, or the name of a known secret.
    pub rule: &'t str,
    /// Equal for equal values of one run.
    pub tag: &'t str,
}

/// The markers that begin in a part of a text, in order.
pub fn markers(text: &[u8], part: Range<usize>) -> impl Iterator<Item = Marker<'_>> {
    all(text, part).filter_map(|range| {
        let marker = std::str::from_utf8(&text[range.clone()]).ok()?;
        let (rule, tag) = marker.strip_prefix("__REDACTED.")?.strip_suffix("__")?.split_once('.')?;
        Some(Marker { range, rule, tag })
    })
}

/// Whether `text` is nothing but markers and white space. Such text was redacted before.
pub(super) fn only(text: &[u8]) -> bool {
    let mut rest = text.trim_ascii_start();
    let mut any = false;
    while let Some(length) = at_start(rest) {
        any = true;
        rest = rest.get(length..).unwrap_or_default().trim_ascii_start();
    }
    any && rest.is_empty()
}

/// The marker that lies on both sides of `at`.
fn across(text: &[u8], at: usize) -> Option<Range<usize>> {
    let from = at.saturating_sub(LONGEST);
    let near = text.get(from..text.len().min(at.saturating_add(START.len())))?;
    memchr::memmem::find_iter(near, START)
        .filter_map(|offset| {
            let start = from + offset;
            let length = at_start(text.get(start..)?)?;
            Some(start..start + length)
        })
        .find(|marker| marker.start < at && at < marker.end)
}

/// `range` with the whole of every marker that it touches only a part of.
pub(super) fn whole(text: &[u8], range: Range<usize>) -> Range<usize> {
    let start = across(text, range.start).map_or(range.start, |marker| marker.start);
    let end = across(text, range.end).map_or(range.end, |marker| marker.end);
    start..end
}

/// The last place at or before `at` that is inside no marker.
pub(super) fn cut(text: &[u8], at: usize) -> usize {
    across(text, at).map_or(at, |marker| marker.start)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &[u8] = b"__REDACTED.gitlab-token.9f3c21d0__";

    #[test]
    fn a_marker_is_recognised_only_whole() {
        assert_eq!(at_start(ONE), Some(ONE.len()));
        for no in [
            "__REDACTED.x__real",
            "__REDACTED..9f3c21d0__",
            "__REDACTED.x.9f3c21d__",
            "__REDACTED.x.9f3c21d0_",
            "__REDACTED.X.9f3c21d0__",
            "__REDACTED.x.9F3C21D0__",
            "__REDACTED.a b.9f3c21d0__",
            "[FILTERED]",
        ] {
            assert_eq!(at_start(no.as_bytes()), None, "{no}");
        }
    }

    #[test]
    fn a_made_marker_is_recognised_and_longest_is_its_bound() {
        let tags = Tags::new().unwrap();
        for rule in ["x", "db_password", &"n".repeat(LONGEST_NAME)] {
            let mut out = Vec::new();
            tags.write(&mut Recent::new(), rule, b"value", false, &mut out);
            assert_eq!(at_start(&out), Some(out.len()));
            assert!(out.len() <= LONGEST);
        }
    }

    #[test]
    fn one_value_one_tag_and_another_key_another_tag() {
        let (a, b) = (Tags::new().unwrap(), Tags::new().unwrap());
        let made = |tags: &Tags, value: &[u8]| {
            let mut out = Vec::new();
            tags.write(&mut Recent::new(), "x", value, false, &mut out);
            out
        };
        assert_eq!(made(&a, b"v"), made(&a, b"v"));
        assert_ne!(made(&a, b"v"), made(&a, b"w"));
        assert_ne!(made(&a, b"v"), made(&b, b"v"));
    }

    #[test]
    fn a_tag_is_the_same_whatever_was_met_before() {
        let tags = Tags::new().unwrap();
        let mut recent = Recent::new();
        let mut values: Vec<Vec<u8>> =
            (0..400_u32).map(|n| format!("{}", n % 150 * 7).into_bytes()).collect();
        values.extend([vec![], vec![0], vec![0, 0], vec![b'a'; 40], vec![b'a'; 41], vec![b'a'; 40]]);
        for value in &values {
            assert_eq!(recent.tag(value, || tags.tag(value)), tags.tag(value), "{value:?}");
        }
    }

    #[test]
    fn ranges_grow_over_markers_that_they_cut() {
        let text = [b"ab ".as_slice(), ONE, b" cd"].concat();
        assert_eq!(whole(&text, 5..8), 3..3 + ONE.len());
        assert_eq!(whole(&text, 0..4), 0..3 + ONE.len());
        assert_eq!(whole(&text, 0..3), 0..3);
        assert_eq!(cut(&text, 10), 3);
        assert_eq!(cut(&text, 3 + ONE.len()), 3 + ONE.len());
        assert!(only(&text[3..text.len() - 2]) && !only(&text) && !only(b"  "));
    }
}
