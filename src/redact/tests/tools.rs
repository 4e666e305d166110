//! Seeded chance, finders that are easy to reason about, and redaction in pieces.

use std::ops::Range;

use crate::redact::{
    Broken, Counts, Redacted, Redactor,
    finder::{Finder, Rank, Span, Until, Window},
};

/// Numbers that look random and are the same in every run (Knuth's MMIX generator).
pub(in crate::redact) struct Chance(pub(in crate::redact) u64);

impl Chance {
    pub(in crate::redact) fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % most.max(1)
    }

    pub(in crate::redact) fn text(&mut self, length: usize, alphabet: &[u8]) -> Vec<u8> {
        (0..length).map(|_| alphabet[self.below(alphabet.len())]).collect()
    }
}

/// Finds `secret-` and the letters, digits and dashes behind it; looks everywhere, reports its own.
pub(in crate::redact) struct Words;

impl Finder for Words {
    fn find<'r>(&'r self, window: &Window<'_>, spans: &mut Vec<Span<'r>>) {
        for at in memchr::memmem::find_iter(window.text, b"secret-") {
            let length = window.text[at..]
                .iter()
                .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'-')
                .count();
            if window.own.contains(&at) {
                let open = (at + length == window.text.len() && !window.last).then_some(Until::WordEnd);
                spans.push(Span {
                    range: at..at + length,
                    rule: "word",
                    rank: Rank::Shaped,
                    quoted: false,
                    open,
                });
            }
        }
    }
}

/// Finds what stands between `<<` and `>>`, over lines, or has no end in sight.
pub(in crate::redact) struct Brackets(pub(in crate::redact) Until);

impl Finder for Brackets {
    fn find<'r>(&'r self, window: &Window<'_>, spans: &mut Vec<Span<'r>>) {
        for at in memchr::memmem::find_iter(window.text, b"<<") {
            let start = at + 2;
            if !window.own.contains(&start) {
                continue;
            }
            let rest = &window.text[start..];
            let end = memchr::memmem::find(rest, b">>").or_else(|| match self.0 {
                Until::Quote(quote) => memchr::memchr(quote, rest),
                _ => None,
            });
            let end = end.map(|length| start + length);
            let (range, open) = match end {
                Some(end) => (start..end, None),
                None => (start..window.text.len(), Some(self.0)),
            };
            spans.push(Span { range, rule: "bracket", rank: Rank::Keyed, quoted: false, open });
        }
    }
}

/// Finds this range in any window, right or wrong.
pub(in crate::redact) struct Fixed(pub(in crate::redact) Range<usize>);

impl Finder for Fixed {
    fn find<'r>(&'r self, _: &Window<'_>, spans: &mut Vec<Span<'r>>) {
        let (rule, rank) = ("fixed", Rank::Shaped);
        spans.push(Span { range: self.0.clone(), rule, rank, quoted: false, open: None });
    }
}

/// Panics where it sees `panic`.
pub(in crate::redact) struct Panics;

impl Finder for Panics {
    fn find<'r>(&'r self, window: &Window<'_>, _: &mut Vec<Span<'r>>) {
        assert!(memchr::memmem::find(window.text, b"panic").is_none(), "as the test wants it");
    }
}

pub(in crate::redact) fn redactor(finders: Vec<Box<dyn Finder>>) -> Redactor {
    Redactor::with_finders(finders).unwrap()
}

/// Redacts `text` in pieces that `next` sizes.
pub(in crate::redact) fn in_pieces(
    redactor: &Redactor,
    mut text: &[u8],
    mut next: impl FnMut() -> usize,
) -> Result<(Vec<u8>, Counts), Broken> {
    let (mut stream, mut out) = (redactor.stream(), Redacted::empty());
    while !text.is_empty() {
        let (now, later) = text.split_at(next().clamp(1, text.len()));
        stream.push(now, &mut out)?;
        text = later;
    }
    let counts = stream.finish(&mut out)?;
    Ok((out.as_bytes().to_vec(), counts))
}

pub(in crate::redact) fn whole(redactor: &Redactor, text: &[u8]) -> Vec<u8> {
    in_pieces(redactor, text, || usize::MAX).unwrap().0
}

/// With every tag replaced, so that texts of different redactors can be compared.
pub(in crate::redact) fn untagged(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut parts = text.split("__REDACTED.");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('.').unwrap();
        out.push_str(&format!("{{{name}}}{}", &rest[10..]));
    }
    out
}

pub(in crate::redact) fn lines(text: &[u8]) -> usize {
    memchr::memchr2_iter(b'\n', b'\r', text).count()
}
