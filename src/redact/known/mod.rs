//! Finds the host's own secrets, wherever they stand and in whatever form.
//!
//! Built once from the values; finds only what is strong enough to be looked for everywhere. Knows
//! nothing of names, keys or shapes.

mod forms;
mod runs;
mod search;
mod strength;
#[cfg(test)]
mod tests;

use std::ops::Range;

pub use strength::{Strength, strength};

use super::{
    KnownSecret,
    finder::{Finder, Rank, Span, Until, Window},
    marker,
};
use forms::{Breadth, Kind};
use search::{Hit, Needle, Search};

/// What a marker calls a value whose name is not known.
const UNNAMED: &str = "known-secret";

/// With more values than this, only the most usual forms of each are looked for.
const MANY: usize = 4_000;

/// What a form stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Of {
    secret: u32,
    kind: Kind,
}

/// The strong ones of the known secrets.
pub(in crate::redact) struct Known {
    secrets: Vec<KnownSecret>,
    search: Search<Of>,
}

impl Known {
    /// Learns the forms of all strong values among `known`.
    pub(in crate::redact) fn new(known: Vec<KnownSecret>) -> Self {
        let mut secrets: Vec<KnownSecret> =
            known.into_iter().filter(|secret| strength(secret) == Strength::Strong).collect();
        let breadth = if secrets.len() > MANY { Breadth::Few } else { Breadth::All };
        let mut all = Vec::new();
        for (secret, known) in (0_u32..).zip(&secrets) {
            for (bytes, kind) in forms::forms(known.value.expose().trim_ascii(), breadth) {
                all.push(Needle { bytes, meaning: Of { secret, kind } });
            }
        }
        // One form of two values counts for the first; the plainest kind of it counts.
        let order = |a: &Needle<Of>, b: &Needle<Of>| {
            a.bytes
                .cmp(&b.bytes)
                .then(a.meaning.kind.cmp(&b.meaning.kind))
                .then(a.meaning.secret.cmp(&b.meaning.secret))
        };
        all.sort_by(order);
        all.dedup_by(|next, kept| {
            let same = *next.bytes == *kept.bytes;
            // A value that is another one's base64 may have more of it around.
            if same && next.meaning.kind == Kind::Base64 && kept.meaning.kind == Kind::Text {
                kept.meaning.kind = Kind::Base64;
            }
            same
        });
        let search = Search::new(all);
        for secret in &mut secrets {
            secret.name =
                secret.name.take().filter(|name| marker::is_name(name) && !holds_any(&search, name));
        }
        Self { secrets, search }
    }

    fn name(&self, of: Of) -> &str {
        self.secrets.get(of.secret as usize).and_then(|secret| secret.name.as_deref()).unwrap_or(UNNAMED)
    }

    fn span(&self, range: Range<usize>, of: Of) -> Span<'_> {
        Span { range, rule: self.name(of), rank: Rank::Known, quoted: false, open: None }
    }

    /// The form of a value that is longest in `text`, which is one span's.
    fn longest(&self, text: &[u8]) -> Option<Hit<Of>> {
        let mut longest: Option<Hit<Of>> = None;
        self.search.find(text, 0..text.len(), |hit| {
            let length = |hit: Hit<Of>| (hit.end - hit.start, usize::MAX - hit.start);
            if longest.is_none_or(|known| length(hit) > length(known)) {
                longest = Some(hit);
            }
        });
        longest
    }

    /// What stands on lines: as it is, or in base64.
    fn on_lines<'r>(&'r self, window: &Window<'_>, spans: &mut Vec<Span<'r>>) {
        let Window { text, own, .. } = window;
        // The base64 text that the block's border cuts counts as a whole.
        let cut = own.end > own.start && runs::start(text, own.end, own.start) < own.end;
        let reach = if cut { runs::end(text, own.end) } else { own.end };
        let mut hits = Vec::new();
        self.search.find(text, own.start..reach, |hit| hits.push(hit));
        hits.sort_unstable_by_key(|hit| (hit.start, usize::MAX - hit.end, hit.meaning.secret));
        let mut run = 0..0;
        for hit in hits {
            let mut span = self.span(hit.start..hit.end, hit.meaning);
            match hit.meaning.kind {
                Kind::Base64 => {
                    if hit.end <= run.end {
                        continue;
                    }
                    run = runs::start(text, hit.start, own.start)..runs::end(text, hit.end);
                    span.range = run.clone();
                    if run.end == text.len() && !window.last {
                        span.open = Some(Until::WordEnd);
                    }
                }
                Kind::Text => bare_number(text, &mut span),
                Kind::Numbers => {
                    // A damaged list may have a number that goes on.
                    let digits = |bytes: &mut dyn Iterator<Item = &u8>| {
                        bytes.take(8).take_while(|b| b.is_ascii_digit()).count()
                    };
                    span.range.start -= digits(&mut text[..hit.start].iter().rev());
                    span.range.end += digits(&mut text[hit.end..].iter());
                    span.quoted = is_json_list(&text[..span.range.start]);
                }
            }
            if own.contains(&span.range.start) {
                add(span, spans);
            }
        }
    }

    /// What is wrapped over lines, most of all base64.
    fn over_lines<'r>(&'r self, window: &Window<'_>, spans: &mut Vec<Span<'r>>) {
        runs::each_wrapped(window.text, window.own.clone(), |wrapped| {
            self.search.find(&wrapped.joined, 0..wrapped.joined.len(), |hit| {
                let place = match hit.meaning.kind {
                    Kind::Base64 => Some(wrapped.range()),
                    Kind::Text | Kind::Numbers => wrapped.place(hit.start..hit.end),
                };
                if let Some(range) = place.filter(|range| window.own.contains(&range.start)) {
                    let span = self.span(range, hit.meaning);
                    if spans.last() != Some(&span) {
                        spans.push(span);
                    }
                }
            });
        });
    }
}

impl Finder for Known {
    fn find<'r>(&'r self, window: &Window<'_>, spans: &mut Vec<Span<'r>>) {
        if self.secrets.is_empty() {
            return;
        }
        self.on_lines(window, spans);
        self.over_lines(window, spans);
    }

    fn plain<'r>(&'r self, text: &[u8]) -> Option<&'r [u8]> {
        let hit = self.longest(text).or_else(|| {
            // Over lines: without their ends, and the letters of escaped ones.
            let mut longest = None;
            runs::each_wrapped(text, 0..text.len(), |wrapped| {
                longest = longest.or_else(|| self.longest(&wrapped.joined));
            });
            longest
        })?;
        self.secrets.get(hit.meaning.secret as usize).map(|secret| secret.value.expose())
    }

    fn each_secret<'r>(&'r self, tell: &mut dyn FnMut(&'r [u8])) {
        self.secrets.iter().for_each(|secret| tell(secret.value.expose()));
        self.search.each_string(tell);
    }
}

/// Appends a span, or makes the last one longer: pieces of one value stand side by side.
fn add<'r>(span: Span<'r>, spans: &mut Vec<Span<'r>>) {
    match spans.last_mut() {
        Some(last) if last.range.end == span.range.start && last.rule == span.rule && last.open.is_none() => {
            last.range.end = span.range.end;
            last.open = span.open;
        }
        _ => spans.push(span),
    }
}

/// A number that is a whole value of JSON must become a string, and goes whole.
pub(in crate::redact) fn bare_number(text: &[u8], span: &mut Span<'_>) {
    let is_part = |byte: &&u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.');
    if !text[span.range.clone()].iter().all(|byte| is_part(&byte)) {
        return;
    }
    let start =
        span.range.start - text[..span.range.start].iter().rev().take(400).take_while(is_part).count();
    let end = span.range.end + text[span.range.end..].iter().take(400).take_while(is_part).count();
    let before = text[..start].trim_ascii_end();
    let value = before.ends_with(b":") && is_json_key(before);
    let behind = text[end..].trim_ascii_start();
    if (value || is_json_list(before)) && matches!(behind.first(), None | Some(b',' | b'}' | b']')) {
        span.range = start..end;
        span.quoted = true;
    }
}

/// Whether what ends with a colon is `"key":`, and not inside a string.
fn is_json_key(before: &[u8]) -> bool {
    let before = before.strip_suffix(b":").unwrap_or(before).trim_ascii_end();
    before.strip_suffix(b"\"").is_some_and(|before| !before.ends_with(b"\\"))
}

/// Whether what comes next is an item of a list of numbers that is the value of a JSON key.
pub(in crate::redact) fn is_json_list(before: &[u8]) -> bool {
    let item = |byte: &&u8| byte.is_ascii_digit() || matches!(byte, b',' | b' ' | b'-' | b'.');
    let near = &before[before.len().saturating_sub(4096)..];
    let items = near.iter().rev().take_while(item).count();
    let before = near[..near.len() - items].trim_ascii_end();
    before.strip_suffix(b"[").is_some_and(|before| {
        let before = before.trim_ascii_end();
        before.ends_with(b":") && is_json_key(before)
    })
}

fn holds_any(search: &Search<Of>, name: &str) -> bool {
    let mut any = false;
    search.find(name.as_bytes(), 0..name.len(), |_| any = true);
    any
}
