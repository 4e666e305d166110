//! Bytes → lines, numbered from 1. A line longer than the cap is cut to its beginning and counted; memory
//! does not grow with the input.

use memchr::memchr;

/// Bytes of a line that are looked at.
const LONGEST: usize = 256 << 10;

/// Assembles lines from pieces.
#[derive(Debug, Default)]
pub(super) struct Lines {
    held: Vec<u8>,
    /// Whether the line at hand is over the cap.
    over: bool,
    /// Lines that ended.
    pub(super) count: u64,
    /// Lines that were cut.
    pub(super) cut: u64,
}

impl Lines {
    /// Calls `each` for every line that ends in this piece, without its end.
    pub(super) fn feed(&mut self, mut piece: &[u8], each: &mut dyn FnMut(u64, &[u8])) {
        while let Some(end) = memchr(b'\n', piece) {
            let (line, rest) = piece.split_at(end);
            piece = &rest[1..];
            self.count += 1;
            if self.held.is_empty() && line.len() <= LONGEST {
                each(self.count, plain(line));
                continue;
            }
            self.hold(line);
            each(self.count, plain(&self.held));
            self.done();
        }
        self.hold(piece);
    }

    /// The last line, if it has no end.
    pub(super) fn finish(&mut self, each: &mut dyn FnMut(u64, &[u8])) {
        if !self.held.is_empty() {
            self.count += 1;
            each(self.count, plain(&self.held));
            self.done();
        }
    }

    fn hold(&mut self, part: &[u8]) {
        let room = LONGEST - self.held.len().min(LONGEST);
        self.over |= part.len() > room;
        self.held.extend_from_slice(&part[..part.len().min(room)]);
    }

    fn done(&mut self) {
        self.cut += u64::from(self.over);
        self.over = false;
        self.held.clear();
    }
}

fn plain(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(pieces: &[&[u8]]) -> (Vec<(u64, usize)>, u64) {
        let mut lines = Lines::default();
        let mut seen = Vec::new();
        let mut each = |number, line: &[u8]| seen.push((number, line.len()));
        pieces.iter().for_each(|piece| lines.feed(piece, &mut each));
        lines.finish(&mut each);
        (seen, lines.cut)
    }

    #[test]
    fn cuts_between_pieces_change_nothing() {
        let text = b"one\r\ntwo\n\nfour";
        let whole = all(&[text]);
        assert_eq!(whole, (vec![(1, 3), (2, 3), (3, 0), (4, 4)], 0));
        for at in 0..text.len() {
            assert_eq!(all(&[&text[..at], &text[at..]]), whole, "{at}");
        }
    }

    #[test]
    fn a_line_without_an_end_takes_no_more_than_the_cap() {
        let piece = vec![b'x'; LONGEST];
        let (seen, cut) = all(&[&piece, &piece, &piece, b"\nshort\n"]);
        assert_eq!((seen, cut), (vec![(1, LONGEST), (2, 5)], 1));
    }
}
