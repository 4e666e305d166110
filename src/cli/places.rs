//! Where in a text something was taken out, by which rule, and what stands around it. Sees redacted bytes
//! only; holds a few places of each rule and a piece of the text, however long it is. Prints nothing.

use std::collections::BTreeMap;

use super::console::escape_line;
use crate::redact::{Marker, markers};

/// Places of a rule that are held.
const SAMPLES: usize = 3;
/// Rules that are told apart: whoever writes a log can write markers of any name into it.
const RULES: usize = 500;
/// Bytes on either side of a marker of which something is shown.
const AROUND: usize = 160;
/// More than any marker has.
const MARKER: usize = 128;
/// Columns of a place.
pub(super) const COLUMNS: usize = 64;

/// What one rule took out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Rule {
    pub(super) count: u64,
    /// The first places: the line's number, and what stands there.
    pub(super) places: Vec<(u64, String)>,
}

/// A text on its way.
#[derive(Debug, Default)]
pub(super) struct Places {
    rules: BTreeMap<String, Rule>,
    /// Markers of rules beyond the most that are told apart.
    others: u64,
    buffer: Vec<u8>,
    /// Up to where markers were looked for, and lines counted.
    looked: usize,
    counted: usize,
    lines: u64,
}

impl Places {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.buffer.extend_from_slice(bytes);
        self.look(self.buffer.len().saturating_sub(MARKER + AROUND));
    }

    /// All rules by name, and how many markers those had that are not among them.
    pub(super) fn finish(mut self) -> (BTreeMap<String, Rule>, u64) {
        self.look(self.buffer.len());
        (self.rules, self.others)
    }

    /// Takes the markers that begin before `until`, and drops what nobody needs any more.
    fn look(&mut self, until: usize) {
        if until <= self.looked {
            return;
        }
        let mut looked = until;
        for marker in markers(&self.buffer, self.looked..until) {
            self.lines += newlines(&self.buffer[self.counted..marker.range.start]);
            self.counted = marker.range.start;
            looked = looked.max(marker.range.end);
            if !self.rules.contains_key(marker.rule) && self.rules.len() >= RULES {
                self.others += 1;
                continue;
            }
            let rule = self.rules.entry(marker.rule.to_owned()).or_default();
            rule.count += 1;
            if rule.places.len() < SAMPLES {
                rule.places.push((self.lines + 1, around(&self.buffer, &marker)));
            }
        }
        self.looked = looked;
        let gone = looked.saturating_sub(AROUND + MARKER);
        if gone > self.counted {
            self.lines += newlines(&self.buffer[self.counted..gone]);
            self.counted = gone;
        }
        self.buffer.drain(..gone);
        (self.looked, self.counted) = (self.looked - gone, self.counted - gone);
    }
}

fn newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

/// The marker's line around it, as wide as there is room, safe for a terminal.
fn around(text: &[u8], marker: &Marker<'_>) -> String {
    let is_end = |byte: &u8| matches!(byte, b'\n' | b'\r');
    let before = &text[..marker.range.start];
    let before = &before[before.len().saturating_sub(AROUND)..];
    let cut = before.len() == AROUND;
    let line = before.iter().rposition(is_end);
    let left = shown(&before[line.map_or(0, |at| at + 1)..]);
    let behind = &text[marker.range.end..];
    let behind = &behind[..behind.len().min(AROUND)];
    let end = behind.iter().position(is_end);
    let mut right = shown(&behind[..end.unwrap_or(behind.len())]);
    if end.is_none() && behind.len() == AROUND {
        right.push(MORE);
    }
    let middle = mask(marker.tag);
    let room = COLUMNS - middle.len();
    let half = room / 2;
    let (before, after) = (columns(&left), columns(&right));
    let left_room = if after < half { room - after } else { room - half.max(room.saturating_sub(before)) };
    let left = tail(&left, left_room, cut && line.is_none());
    let right = head(&right, room - columns(&left));
    format!("{left}{middle}{right}")
}

const MORE: char = '…';

/// What stands for a value.
fn mask(tag: &str) -> String {
    format!("[{tag}]")
}

/// With the markers in it shortened, and nothing that could drive a terminal.
fn shown(text: &[u8]) -> String {
    let mut out = String::new();
    let mut at = 0;
    for marker in markers(text, 0..text.len()) {
        out.push_str(&escape_line(&String::from_utf8_lossy(&text[at..marker.range.start])));
        out.push_str(&mask(marker.tag));
        at = marker.range.end;
    }
    out.push_str(&escape_line(&String::from_utf8_lossy(&text[at..])));
    out
}

/// Columns on a terminal, rather too many than too few.
fn columns(text: &str) -> usize {
    text.chars().map(width).sum()
}

fn width(c: char) -> usize {
    if c < '\u{1100}' || matches!(c, '\u{2010}'..='\u{2027}') { 1 } else { 2 }
}

/// As much of a text's beginning as fits.
pub(super) fn head(text: &str, room: usize) -> String {
    if columns(text) <= room {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = |c: &char| {
        used += width(*c);
        used <= room
    };
    let mut out: String = text.chars().take_while(fits).collect();
    if room > 0 {
        out.push(MORE);
    }
    out
}

/// As much of a text's end as fits.
fn tail(text: &str, room: usize, cut: bool) -> String {
    if columns(text) <= room && !cut {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = |c: &char| {
        used += width(*c);
        used <= room
    };
    let kept: Vec<char> = text.chars().rev().take_while(fits).collect();
    let more = (room > 0).then_some(MORE);
    more.into_iter().chain(kept.into_iter().rev()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &[u8], piece: usize) -> (BTreeMap<String, Rule>, u64) {
        let mut places = Places::default();
        text.chunks(piece).for_each(|piece| places.push(piece));
        places.finish()
    }

    const A: &str = "__REDACTED.db_password.9f3c21d0__";

    #[test]
    fn places_have_their_line_and_what_stands_around() {
        let text = format!("one\r\npassword: {A} # x\n\n{A}{A}\n{A}");
        for piece in [1, 7, 1000] {
            let (rules, others) = of(text.as_bytes(), piece);
            let rule = &rules["db_password"];
            assert_eq!((rule.count, others), (4, 0));
            let expected =
                [(2, "password: [9f3c21d0] # x"), (4, "[9f3c21d0][9f3c21d0]"), (4, "[9f3c21d0][9f3c21d0]")];
            let places: Vec<_> = rule.places.iter().map(|(line, text)| (*line, text.as_str())).collect();
            assert_eq!(places, expected);
        }
    }

    #[test]
    fn what_comes_out_does_not_depend_on_the_pieces_and_stays_small() {
        let text: String =
            (0..3000).map(|n| format!("{} {n} {A}{}\n", "x".repeat(n % 300), "é".repeat(n % 99))).collect();
        let once = of(text.as_bytes(), text.len());
        assert_eq!(once.0["db_password"].count, 3000);
        for piece in [1, 100, 4096] {
            assert_eq!(of(text.as_bytes(), piece), once);
        }
        let mut places = Places::default();
        for _ in 0..100 {
            places.push(&[b'x'; 10_000]);
            assert!(places.buffer.len() < 20_000);
        }
    }

    #[test]
    fn a_place_fits_its_columns_and_drives_no_terminal() {
        let long = "界\u{1b}[2J\u{202e}é".repeat(30);
        for (before, behind) in [("", long.as_str()), (&long, ""), (&long, &long), ("a", &long), (&long, "b")]
        {
            let (rules, _) = of(format!("{before}{A}{behind}").as_bytes(), 4096);
            let (_, text) = &rules["db_password"].places[0];
            assert!(columns(text) <= COLUMNS && columns(text) > COLUMNS - 8, "{text}");
            assert!(text.contains("[9f3c21d0]") && !text.chars().any(char::is_control), "{text}");
            assert!(!text.contains('\u{202e}'), "{text}");
        }
        let (rules, _) = of(&[b"\x9b2J\xff".as_slice(), A.as_bytes()].concat(), 9);
        assert!(!rules["db_password"].places[0].1.chars().any(char::is_control));
    }

    #[test]
    fn forged_markers_of_many_names_cannot_fill_the_memory() {
        let text: String = (0..2000).map(|n| format!("__REDACTED.x{n}.00000000__\n")).collect();
        let (rules, others) = of(text.as_bytes(), 4096);
        assert_eq!((rules.len(), others), (RULES, 1500));
    }
}
