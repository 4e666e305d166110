//! What stands behind escapes that no list of forms can foresee: any of a value's characters as `%3d`,
//! `\u003d` or `\x3d`, once or twice, or a text as a list of bytes, as journald has it.
//!
//! The neighbourhood of each escape is decoded, the other finders look at that, and what they find is
//! brought back to where it stood. Knows neither values nor rules, and tells nothing that needs no decoding.

use std::{ops::Range, sync::Arc};

use zeroize::Zeroizing;

use super::{
    finder::{Finder, REACH, Rank, Span, Window},
    known,
};

/// How far around an escape of a string its text is looked at, if no quote ends it.
const NEAR: usize = 512;

/// Fewest numbers of a list that is a text.
const LEAST: usize = 12;

/// Looks through escapes with other finders.
pub(super) struct Decoded {
    behind_escapes: Vec<Arc<dyn Finder>>,
    in_numbers: Vec<Arc<dyn Finder>>,
}

impl Decoded {
    /// With the finders that look at what was escaped, and those that look at lists of bytes.
    pub(super) fn new(behind_escapes: Vec<Arc<dyn Finder>>, in_numbers: Vec<Arc<dyn Finder>>) -> Self {
        Self { behind_escapes, in_numbers }
    }
}

impl Finder for Decoded {
    fn find<'r>(&'r self, window: &Window<'_>, spans: &mut Vec<Span<'r>>) {
        let text = window.text;
        let own = window.own.clone();
        let near = own.start.saturating_sub(REACH)..own.end.saturating_add(REACH).min(text.len());
        each_view(text, near.clone(), &mut |view| view.find(&self.behind_escapes, &own, None, spans));
        let numbers = View::of_numbers(text, near.start..own.end);
        numbers.find(&self.in_numbers, &own, Some(text), spans);
    }

    fn plain<'r>(&'r self, text: &[u8]) -> Option<&'r [u8]> {
        let mut plain = None;
        each_view(text, 0..text.len(), &mut |view| {
            let finders = || self.behind_escapes.iter();
            plain = plain.or_else(|| finders().find_map(|finder| finder.plain(&view.text)));
        });
        plain
    }
}

/// Shows the text decoded in each way, and what that makes in each way again.
fn each_view(text: &[u8], near: Range<usize>, show: &mut dyn FnMut(&View)) {
    for way in [Way::Percent, Way::String] {
        let once = View::of_escapes(text, near.clone(), way);
        if once.text.is_empty() {
            continue;
        }
        show(&once);
        for way in [Way::Percent, Way::String] {
            let twice = View::of_escapes(&once.text, 0..once.text.len(), way);
            if !twice.text.is_empty() {
                show(&twice.through(&once));
            }
        }
    }
}

/// How a text was escaped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// `%3d`
    Percent,
    /// `\u003d`, `\x3d`, and beside them what a string has else.
    String,
}

/// Decoded pieces of a text, a line each, and where each byte of them stood.
#[derive(Default)]
struct View {
    text: Zeroizing<Vec<u8>>,
    places: Vec<Range<u32>>,
}

impl View {
    fn of_escapes(text: &[u8], near: Range<usize>, way: Way) -> Self {
        let mut view = Self::default();
        let mark = if way == Way::Percent { b'%' } else { b'\\' };
        let mut piece = near.start..near.start;
        for at in memchr::memchr_iter(mark, &text[near.clone()]) {
            let at = near.start + at;
            if (way == Way::Percent && at < piece.end) || !begins_piece(&text[at..], way) {
                continue;
            }
            let next = way.around(text, piece.end.min(at)..near.end, at);
            // What is near two escapes is one piece.
            if next.start <= piece.end && !piece.is_empty() {
                piece.end = next.end.max(piece.end);
            } else {
                view.decode(text, piece, way);
                piece = next;
            }
        }
        view.decode(text, piece, way);
        view
    }

    fn decode(&mut self, text: &[u8], piece: Range<usize>, way: Way) {
        if piece.is_empty() {
            return;
        }
        let mut at = piece.start;
        while at < piece.end {
            let (length, meaning) = match way {
                Way::Percent => percent(&text[at..piece.end]),
                Way::String => string(&text[at..piece.end]),
            };
            let place = position(at)..position(at + length);
            match meaning {
                Meaning::Itself => self.push(text[at], place),
                Meaning::Byte(byte) => self.push(byte, place),
                Meaning::Char(code) => {
                    let char = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
                    char.encode_utf8(&mut [0; 4]).bytes().for_each(|byte| self.push(byte, place.clone()));
                }
            }
            at += length;
        }
        self.push(b'\n', position(piece.end)..position(piece.end));
    }

    /// Lists of bytes: `[104,105, 33]`.
    fn of_numbers(text: &[u8], near: Range<usize>) -> Self {
        let mut view = Self::default();
        for at in memchr::memchr_iter(b'[', &text[near.clone()]) {
            let from = view.text.len();
            let mut at = near.start + at + 1;
            while let Some((place, byte)) = number(text, at) {
                at = place.end;
                view.push(byte, position(place.start)..position(place.end));
                match text.get(at) {
                    Some(b',') => at += 1,
                    _ => break,
                }
            }
            if view.text.len() - from < LEAST {
                view.text.truncate(from);
                view.places.truncate(from);
            } else {
                view.push(b'\n', position(at)..position(at));
            }
        }
        view
    }

    fn push(&mut self, byte: u8, place: Range<u32>) {
        self.text.push(byte);
        self.places.push(place);
    }

    /// What was made of `first`, with the places of the text that that was made of.
    fn through(mut self, first: &Self) -> Self {
        let last = first.places.last().map_or(0, |place| place.end);
        for place in &mut self.places {
            let start = first.places.get(place.start as usize).map_or(last, |place| place.start);
            let end = place.end.checked_sub(1).filter(|_| place.end > place.start);
            let end = end.and_then(|end| first.places.get(end as usize)).map_or(start, |place| place.end);
            *place = start..end.max(start);
        }
        self
    }

    /// Appends what the finders find, if it stood there escaped and begins in `own`. `numbers`: the text of which
    /// this is a list; its marker is a string, unless the list stands in one.
    fn find<'r>(
        &self,
        finders: &'r [Arc<dyn Finder>],
        own: &Range<usize>,
        numbers: Option<&[u8]>,
        spans: &mut Vec<Span<'r>>,
    ) {
        if self.text.is_empty() {
            return;
        }
        let window = Window { text: &self.text, own: 0..self.text.len(), first: true, last: true };
        let first = spans.len();
        finders.iter().for_each(|finder| finder.find(&window, spans));
        let found = spans.split_off(first);
        spans.extend(found.into_iter().filter_map(|span| {
            let places = self.places.get(span.range.clone())?;
            let range = places.first()?.start as usize..places.last()?.end as usize;
            let escaped = range.len() > span.range.len();
            // Beside an escape, such as the `@` behind a password: unless the piece itself is cut there.
            let beside = span.rank == Rank::Shaped && !self.is_at_edge(&span.range);
            let fits = (escaped || beside) && own.contains(&range.start);
            let quoted = numbers.is_some_and(|text| known::is_json_list(&text[..range.start]));
            fits.then_some(Span { range, quoted, open: None, ..span })
        }));
    }
}

impl View {
    fn is_at_edge(&self, range: &Range<usize>) -> bool {
        let before = range.start.checked_sub(1).and_then(|at| self.text.get(at));
        before.is_none_or(|byte| *byte == b'\n') || self.text.get(range.end).is_none_or(|byte| *byte == b'\n')
    }
}

/// A window is far shorter than this can count.
fn position(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

impl Way {
    /// What an escape stands in: a word, or the string as far as it is near.
    fn around(self, text: &[u8], within: Range<usize>, at: usize) -> Range<usize> {
        let (before, behind) = (&text[within.start..at], &text[at..within.end]);
        match self {
            Self::Percent => {
                let ends = |byte: &u8| byte.is_ascii_whitespace() || matches!(byte, b'"' | b'<' | b'>' | 0);
                let start = before.iter().rposition(ends).map_or(within.start, |end| within.start + end + 1);
                start..at + behind.iter().position(ends).unwrap_or(behind.len())
            }
            Self::String => {
                let near = &before[before.len().saturating_sub(NEAR)..];
                let start = near.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
                let mut start = at - near.len() + start.map_or(0, |end| end + 1);
                // Not within an escape.
                start = (within.start..start).rev().find(|at| text[*at] != b'\\').map_or(start, |at| at + 1);
                let end = memchr::memchr2(b'\n', b'\r', &behind[..behind.len().min(NEAR)]);
                start..at + end.unwrap_or(behind.len().min(NEAR))
            }
        }
    }
}

/// What stands at a place.
#[derive(Debug, Clone, Copy)]
enum Meaning {
    Itself,
    Byte(u8),
    Char(u32),
}

fn digits(base: u32, digits: Option<&[u8]>) -> Option<u32> {
    let digit = |value: u32, digit: &u8| Some(value * base + char::from(*digit).to_digit(base)?);
    digits?.iter().try_fold(0, digit)
}

fn hex(rest: Option<&[u8]>) -> Option<u32> {
    digits(16, rest)
}

/// `303` in `\303`.
fn octal(rest: &[u8]) -> Option<u8> {
    digits(8, rest.get(..3)).and_then(|byte| u8::try_from(byte).ok())
}

/// Whether an escape stands here that makes a piece worth decoding.
fn begins_piece(rest: &[u8], way: Way) -> bool {
    match way {
        Way::Percent => hex(rest.get(1..3)).is_some(),
        Way::String => match rest.get(1) {
            Some(b'u') => hex(rest.get(2..6)).is_some(),
            Some(b'x') => hex(rest.get(2..4)).is_some(),
            Some(b'0'..=b'3') => octal(&rest[1..]).is_some(),
            _ => false,
        },
    }
}

/// The length of what stands here, and what it means.
fn percent(rest: &[u8]) -> (usize, Meaning) {
    match hex(rest.get(1..3)) {
        Some(byte) if rest[0] == b'%' => (3, Meaning::Byte(byte as u8)),
        _ => (1, Meaning::Itself),
    }
}

/// As `percent`, of an escape of a string; of a pair of surrogates both.
fn string(rest: &[u8]) -> (usize, Meaning) {
    match rest {
        [b'\\', b'u', ..] => match (hex(rest.get(2..6)), hex(rest.get(8..12))) {
            (Some(high @ 0xd800..=0xdbff), Some(low @ 0xdc00..=0xdfff)) if rest[6..].starts_with(b"\\u") => {
                (12, Meaning::Char(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)))
            }
            (Some(unit), _) => (6, Meaning::Char(unit)),
            (None, _) => (1, Meaning::Itself),
        },
        [b'\\', b'x', ..] => {
            hex(rest.get(2..4)).map_or((1, Meaning::Itself), |byte| (4, Meaning::Byte(byte as u8)))
        }
        [b'\\', b'0'..=b'3', ..] => {
            octal(&rest[1..]).map_or((1, Meaning::Itself), |byte| (4, Meaning::Byte(byte)))
        }
        [b'\\', byte @ (b'"' | b'\\' | b'/' | b'\''), ..] => (2, Meaning::Byte(*byte)),
        [b'\\', b'n', ..] => (2, Meaning::Byte(b'\n')),
        [b'\\', b't', ..] => (2, Meaning::Byte(b'\t')),
        _ => (1, Meaning::Itself),
    }
}

/// The number of one byte that stands at `at`, perhaps behind spaces.
fn number(text: &[u8], at: usize) -> Option<(Range<usize>, u8)> {
    let rest = text.get(at..)?;
    let spaces = rest.iter().take(16).take_while(|byte| byte.is_ascii_whitespace()).count();
    let digits = rest[spaces..].iter().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let start = at + spaces;
    let digits = start..start + digits;
    let byte = std::str::from_utf8(&text[digits.clone()]).ok()?.parse().ok()?;
    Some((digits, byte))
}

#[cfg(test)]
mod tests {
    use crate::redact::{
        KnownSecret, Redactor,
        tests::tools::{untagged, whole},
    };

    fn shown(text: &str) -> String {
        let values = [
            "Rocket=-Emerald9144!Zebra5782qJ0$",
            "maple&tiger7416&Winter8254RjL!",
            "caf\u{e9} au lait 77 \u{1f600}",
        ];
        let known = values.iter().map(|value| KnownSecret::new(*value, Some("x"), "/f")).collect();
        untagged(&whole(&Redactor::new(known).unwrap(), text.as_bytes()))
    }

    #[test]
    fn values_with_any_of_their_characters_escaped() {
        for text in [
            r#"{"a":"Rocket\u003D\u002DEmerald9144\u0021Zebra5782qJ0\u0024","b":1}"#,
            r#"{"a":"\u0052ocket=\u002dEmerald9144!Zebra5782qJ0$","b":1}"#,
            r#"{"a":"Rocket\075\055Emerald9144!Zebra5782qJ0$","b":1}"#,
            r#"{"a":"Rocket\x3d\x2dEmerald9144!Zebra5782qJ0$","b":1}"#,
        ] {
            let out = shown(text);
            assert_eq!(out, r#"{"a":"{x}","b":1}"#);
        }
        assert_eq!(shown("got maple%26tiger7416&Winter8254RjL! x"), "got {x} x");
        assert_eq!(shown("?u=a%3Fb%3Dmaple%2526tiger7416%26Winter8254RjL!&c=d"), "?u=a%3Fb%3D{x}&c=d");
        assert_eq!(shown(r"a\\u003d maple\\u0026tiger7416\\u0026Winter8254RjL! b"), r"a\\u003d {x} b");
        assert_eq!(shown(r#""caf\303\251\040au lait 77 \xf0\x9f\x98\x80""#), r#""{x}""#);
        assert_eq!(shown(r#""caf\u00e9 au lait 77 \ud83d\ude00""#), r#""{x}""#);
        assert_eq!(shown("maple%26tiger74%16&Winter8254RjL!"), "maple%26tiger74%16&Winter8254RjL!");
    }

    #[test]
    fn one_value_has_one_tag() {
        let redactor = Redactor::new(vec![KnownSecret::new("a-b7&Xq9=zz", Some("x"), "/f")]).unwrap();
        let out = whole(&redactor, br"a-b7&Xq9=zz a%2Db7&Xq9%3Dzz a-b7\u0026Xq9\u003dz\u007a");
        let markers: Vec<_> = out.split(|byte| *byte == b' ').collect();
        assert!(markers.len() == 3 && markers.iter().all(|marker| *marker == markers[0]), "{markers:?}");
    }

    #[test]
    fn shapes_behind_escapes_and_in_lists_of_bytes() {
        let hash = "$1$abcdefgh$Abcdefghij0123456789.1";
        let escaped: String = hash.replace('$', "%24");
        assert_eq!(shown(&format!("/x?b={escaped}&c=3")), "/x?b={crypt-hash}&c=3");
        let dotted = hash.replace('.', "%2E").replace('$', "\\u0024");
        assert_eq!(shown(&format!("\"b={dotted}\"")), "\"b={crypt-hash}\"");
        assert_eq!(
            shown(r"calling https://svc:TJ7iCj1w\u0040git.io/g"),
            r"calling https://svc:{url-password}\u0040git.io/g"
        );
        let list = |text: &str, comma: &str| {
            text.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(comma)
        };
        for comma in [",", ", "] {
            let token = format!("glpat-{}", "aB3".repeat(7));
            let text = format!(r#"{{"MESSAGE":[{}],"n":[1,2]}}"#, list(&format!("see {token} b"), comma));
            let expected = format!(
                r#"{{"MESSAGE":[{}{comma}"{{gitlab-token}}"{comma}{}],"n":[1,2]}}"#,
                list("see ", comma),
                list(" b", comma)
            );
            assert_eq!(shown(&text), expected);
        }
    }

    #[test]
    fn what_is_no_escape_stays() {
        for text in ["100%", "%2", "%zz %41 \\u00 \\u12", "[1,2,3", "[300,1]", "\\", "[ 1 , 2]"] {
            assert_eq!(shown(text), text);
        }
        for unit in ["%", "%41", "\\u0041", "[", "[1,", "1,", "\\", "%25", "\\\\u"] {
            shown(&unit.repeat((1 << 18) / unit.len()));
        }
    }
}
