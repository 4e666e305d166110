//! UTF-16 with a BOM, turned into UTF-8 for the rules and back. Lossless, half surrogate pairs and an
//! odd last byte included. Knows nothing of secrets.
//!
//! Two bytes at a log's start must not blind the rules to the rest of it: a text that claims to be
//! UTF-16 and has words of 8-bit text in it is neither. That also refuses most Chinese, Japanese and
//! Korean UTF-16, whose units look like pairs of letters; it is withheld rather than guessed at.

use zeroize::Zeroize;

/// A text in UTF-16 on its way, in pieces of any size.
pub(super) struct Wide {
    big: bool,
    /// The first half of a unit.
    byte: Option<u8>,
    /// The first half of a pair.
    high: Option<u16>,
    /// The beginning of a character in UTF-8.
    partial: Vec<u8>,
    /// Bytes of 8-bit text seen in a row.
    narrow: usize,
}

/// So many bytes of 8-bit text in a row are no UTF-16. No rule finds a shorter secret.
const NARROW: usize = 6;

impl Wide {
    /// Bytes of a BOM.
    pub(super) const BOM: usize = 2;

    /// A text that begins so, in UTF-16; UTF-32, whose BOM begins alike, is none.
    pub(super) fn of(head: &[u8]) -> Option<Self> {
        let big = match head {
            [0xff, 0xfe, 0, 0, ..] => return None,
            [0xff, 0xfe, ..] => false,
            [0xfe, 0xff, ..] => true,
            _ => return None,
        };
        Some(Self { big, byte: None, high: None, partial: Vec::new(), narrow: 0 })
    }

    /// Appends the next bytes as UTF-8; half a pair as if it were a character. Tells whether they can
    /// be UTF-16.
    #[must_use]
    pub(super) fn decode(&mut self, bytes: &[u8], out: &mut Vec<u8>) -> bool {
        for &byte in bytes {
            let is_narrow = byte.is_ascii_graphic() || byte.is_ascii_whitespace();
            self.narrow = if is_narrow { self.narrow + 1 } else { 0 };
            if self.narrow >= NARROW {
                return false;
            }
            let Some(first) = self.byte.take() else {
                self.byte = Some(byte);
                continue;
            };
            let pair = [first, byte];
            let unit = if self.big { u16::from_be_bytes(pair) } else { u16::from_le_bytes(pair) };
            match (self.high.take(), unit) {
                (Some(high), 0xdc00..=0xdfff) => {
                    push(0x1_0000 + (u32::from(high - 0xd800) << 10) + u32::from(unit - 0xdc00), out);
                }
                (high, unit) => {
                    high.into_iter().for_each(|high| push(u32::from(high), out));
                    match unit {
                        0xd800..=0xdbff => self.high = Some(unit),
                        unit => push(u32::from(unit), out),
                    }
                }
            }
        }
        true
    }

    /// Appends what waits for a second half that does not come.
    pub(super) fn flush(&mut self, out: &mut Vec<u8>) {
        self.high.take().into_iter().for_each(|high| push(u32::from(high), out));
    }

    /// Appends redacted UTF-8 as UTF-16.
    pub(super) fn encode(&mut self, text: &[u8], out: &mut Vec<u8>) {
        self.partial.extend_from_slice(text);
        let text = std::mem::take(&mut self.partial);
        let mut rest = text.as_slice();
        while let Some(&first) = rest.first() {
            let length = length(first);
            if rest.len() < length && rest[1..].iter().all(|byte| byte & 0xc0 == 0x80) {
                self.partial = rest.to_vec();
                return;
            }
            let (code, taken) = character(rest, length);
            self.units(code, out);
            rest = &rest[taken..];
        }
    }

    /// Appends what the text ends with.
    pub(super) fn finish(&mut self, out: &mut Vec<u8>) {
        for _ in std::mem::take(&mut self.partial) {
            self.units(REPLACEMENT, out);
        }
        out.extend(self.byte.take());
    }

    fn units(&self, code: u32, out: &mut Vec<u8>) {
        let mut unit = |unit: u32| {
            let unit = unit as u16;
            out.extend(if self.big { unit.to_be_bytes() } else { unit.to_le_bytes() });
        };
        match code.checked_sub(0x1_0000) {
            None => unit(code),
            Some(above) => {
                unit(0xd800 + (above >> 10));
                unit(0xdc00 + (above & 0x3ff));
            }
        }
    }
}

impl Drop for Wide {
    fn drop(&mut self) {
        self.partial.zeroize();
    }
}

/// What stands for bytes that a rule left of a character.
const REPLACEMENT: u32 = 0xfffd;

/// Bytes of the character that begins so.
fn length(first: u8) -> usize {
    match first {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => 1,
    }
}

/// The character that `text` begins with, and its length.
fn character(text: &[u8], length: usize) -> (u32, usize) {
    let whole = text.get(1..length).filter(|rest| rest.iter().all(|byte| byte & 0xc0 == 0x80));
    match (whole, text[0]) {
        (Some([]), first) => (if first < 0x80 { u32::from(first) } else { REPLACEMENT }, 1),
        (Some(rest), first) => {
            let bits = u32::from(first) & (0x7f >> length);
            let code = rest.iter().fold(bits, |code, byte| code << 6 | u32::from(byte & 0x3f));
            (if code <= 0x10_ffff { code } else { REPLACEMENT }, length)
        }
        (None, _) => (REPLACEMENT, 1),
    }
}

/// Appends a code point, surrogates too, as UTF-8 would have it.
fn push(code: u32, out: &mut Vec<u8>) {
    let tail = |shift: u32| 0x80 | (code >> shift & 0x3f) as u8;
    match code {
        0..0x80 => out.push(code as u8),
        0x80..0x800 => out.extend([0xc0 | (code >> 6) as u8, tail(0)]),
        0x800..0x1_0000 => out.extend([0xe0 | (code >> 12) as u8, tail(6), tail(0)]),
        _ => out.extend([0xf0 | (code >> 18) as u8, tail(12), tail(6), tail(0)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_units_come_back_whatever_the_pieces() {
        let units = [
            0x61_u16, 0xe9, 0x20ac, 0xd83d, 0xde00, 0xd83d, 0x62, 0xdc00, 0xd83d, 0xd83d, 0xde00, 0, 0xffff,
            0xd800,
        ];
        for big in [false, true] {
            let bytes: Vec<u8> = units
                .iter()
                .flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() })
                .collect();
            for piece in 1..=bytes.len() + 1 {
                for odd in [&b""[..], b"x"] {
                    let bytes = [&bytes, odd].concat();
                    let head: &[u8] = if big { b"\xfe\xff" } else { b"\xff\xfe" };
                    let mut wide = Wide::of(head).unwrap();
                    let (mut narrow, mut out) = (Vec::new(), Vec::new());
                    assert!(bytes.chunks(piece).all(|bytes| wide.decode(bytes, &mut narrow)));
                    wide.flush(&mut narrow);
                    narrow.chunks(piece).for_each(|text| wide.encode(text, &mut out));
                    wide.finish(&mut out);
                    assert_eq!(out, bytes);
                }
            }
        }
    }

    #[test]
    fn pieces_of_characters_do_no_harm() {
        let mut wide = Wide::of(b"\xff\xfe").unwrap();
        let mut out = Vec::new();
        wide.encode(b"\x80a\xe2\x82b\xff\xe2", &mut out);
        wide.finish(&mut out);
        let units: Vec<u16> = out.chunks(2).map(|two| u16::from_le_bytes([two[0], two[1]])).collect();
        assert_eq!(String::from_utf16(&units).unwrap(), "\u{fffd}a\u{fffd}\u{fffd}b\u{fffd}\u{fffd}");
        assert!(Wide::of(b"\xff\xfe\0\0").is_none() && Wide::of(b"ab").is_none());
    }
}
