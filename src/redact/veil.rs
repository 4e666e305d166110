//! Puts a marker over a value: on each of its lines, with line ends and the indentation of the lines
//! that follow kept, so that lines stay lines and YAML stays YAML. And finds the end of a value that
//! had none within its window.

use std::ops::Range;

use super::{finder::Until, marker};

/// A value that is being covered, perhaps over several blocks.
pub(super) struct Veil {
    /// Up to where the value reaches, in the stream's buffer.
    pub(super) end: usize,
    /// If it reaches further than is in the buffer: what ends it.
    pub(super) open: Option<Until>,
    marker: Vec<u8>,
    /// Whether markers of an earlier run inside are covered too: a known value makes them a forgery.
    over_markers: bool,
    /// Whether the marker of the current line is written.
    marked: bool,
    /// Whether the current line is the value's first, which has no indentation to keep.
    first_line: bool,
}

impl Veil {
    pub(super) fn new(end: usize, open: Option<Until>, marker: Vec<u8>, over_markers: bool) -> Self {
        Self { end, open, marker, over_markers, marked: false, first_line: true }
    }

    /// Takes in another value that overlaps this one.
    pub(super) fn join(&mut self, end: usize, open: Option<Until>) {
        self.end = self.end.max(end);
        self.open = self.open.max(open);
    }

    /// Looks for the end of an open value in `text`; there is no more than that text if it is the last.
    pub(super) fn resolve(&mut self, text: &[u8], last: bool) {
        let Some(until) = self.open else { return };
        match end_of(until, text, self.end) {
            Some(end) => {
                self.end = end;
                self.open = None;
            }
            None => {
                self.end = text.len();
                self.open = self.open.filter(|_| !last);
            }
        }
    }

    /// Whether nothing of the value is left behind `at`.
    pub(super) fn is_over(&self, at: usize) -> bool {
        self.end <= at && self.open.is_none()
    }

    /// Writes what stands for these bytes of the value.
    pub(super) fn write(&mut self, mut value: &[u8], out: &mut Vec<u8>) {
        while let Some(&byte) = value.first() {
            if matches!(byte, b'\n' | b'\r') {
                out.push(byte);
                value = &value[1..];
                (self.marked, self.first_line) = (false, false);
            } else if !self.marked && !self.first_line && matches!(byte, b' ' | b'\t') {
                out.push(byte);
                value = &value[1..];
            } else {
                let end = memchr::memchr2(b'\n', b'\r', value).unwrap_or(value.len());
                let (line, rest) = value.split_at(end);
                if !self.marked {
                    let kept = !self.over_markers && marker::only(line);
                    out.extend_from_slice(if kept { line } else { &self.marker });
                    self.marked = true;
                }
                value = rest;
            }
        }
    }
}

impl Drop for Veil {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.marker);
    }
}

/// Where an open value ends that is known to reach up to `from`.
fn end_of(until: Until, text: &[u8], from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let at = match until {
        Until::LineEnd => memchr::memchr2(b'\n', b'\r', rest),
        Until::WordEnd => rest.iter().position(|byte| ends_word(*byte)),
        Until::Quote(quote) => memchr::memchr_iter(quote, rest).find(|at| !is_escaped(text, from + at)),
        Until::PemEnd => return pem_end(text, from),
    };
    at.map(|at| from + at)
}

fn ends_word(byte: u8) -> bool {
    byte.is_ascii_whitespace()
        || matches!(byte, b'"' | b'\'' | b'`' | b',' | b';' | b'&' | b')' | b']' | b'}' | b'>')
}

/// Whether an odd number of backslashes stands before `at`.
fn is_escaped(text: &[u8], at: usize) -> bool {
    let before = text.get(..at).unwrap_or_default();
    before.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

/// Behind `-----END …-----`; where that has no end on its line, behind the line.
fn pem_end(text: &[u8], from: usize) -> Option<usize> {
    const END: &[u8] = b"-----END";
    // The footer may begin before the border up to which the value was seen.
    let from = from.saturating_sub(END.len() - 1);
    let footer = from + memchr::memmem::find(text.get(from..)?, END)?;
    let rest: Range<usize> = footer + END.len()..text.len();
    let rest = text.get(rest)?;
    let line = &rest[..memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len())];
    let label = line.iter().take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b' ').count();
    let dashes = line.get(label..).is_some_and(|rest| rest.starts_with(b"-----"));
    Some(footer + END.len() + if dashes { label + 5 } else { line.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(value: &[u8]) -> String {
        let mut out = Vec::new();
        Veil::new(0, None, b"M".to_vec(), false).write(value, &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_line_of_a_value_is_marked() {
        assert_eq!(written(b"one"), "M");
        assert_eq!(written(b"one\n  two\r\n\n\tthree\n"), "M\n  M\r\n\n\tM\n");
        assert_eq!(written(b"\n  two"), "\n  M");
        assert_eq!(written(b"  one word"), "M");
    }

    #[test]
    fn a_line_that_is_a_marker_stays_as_it_is() {
        assert_eq!(written(b"a\n __REDACTED.x.00000000__\nb"), "M\n __REDACTED.x.00000000__\nM");
    }

    #[test]
    fn pieces_of_a_value_make_one_marker_a_line() {
        let (mut veil, mut out) = (Veil::new(0, None, b"M".to_vec(), false), Vec::new());
        for byte in b"one two\n  three" {
            veil.write(&[*byte], &mut out);
        }
        assert_eq!(out, b"M\n  M");
    }

    #[test]
    fn ends_of_open_values() {
        assert_eq!(end_of(Until::LineEnd, b"ab\rcd", 0), Some(2));
        assert_eq!(end_of(Until::WordEnd, b"ab&cd", 0), Some(2));
        assert_eq!(end_of(Until::Quote(b'"'), br#"a\"b\\"c"#, 1), Some(6));
        assert_eq!(end_of(Until::Quote(b'"'), br#"a\"b"#, 2), None);
        assert_eq!(end_of(Until::PemEnd, b"MII\n-----END KEY-----\n", 9), Some(21));
        assert_eq!(end_of(Until::PemEnd, br#"MII\n-----END KEY-----\n"}"#, 0), Some(22));
        assert_eq!(end_of(Until::PemEnd, b"MII\n-----END KE\nx", 0), Some(15));
    }
}
