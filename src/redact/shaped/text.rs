//! The text that rules look at, with what it remembers: where runs of a class end. Each run is
//! walked once however many candidates stand in it.

use std::{cell::Cell, ops::Range};

use super::class::{CLASSES, Class};
use crate::redact::finder::Window;

/// Runs remembered for each class: as many as the longest form has, and some more.
const REMEMBERED: usize = 8;

/// Runs shorter than this are walked again rather than remembered.
const SHORT: usize = 32;

/// A window's text.
pub(super) struct Text<'t> {
    /// All bytes of the window.
    pub(super) bytes: &'t [u8],
    last: bool,
    runs: [[Range<usize>; REMEMBERED]; CLASSES],
    next: [u8; CLASSES],
    /// A line whose end was looked for.
    line: Cell<(usize, usize)>,
    /// How far a text was followed over its lines.
    followed: Cell<usize>,
}

impl<'t> Text<'t> {
    /// The text of a window.
    pub(super) fn of(window: &Window<'t>) -> Self {
        let runs = std::array::from_fn(|_| std::array::from_fn(|_| 0..0));
        Self {
            bytes: window.text,
            last: window.last,
            runs,
            next: [0; CLASSES],
            line: Cell::new((0, 0)),
            followed: Cell::new(0),
        }
    }

    /// The byte at `at`.
    #[inline]
    pub(super) fn at(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    /// The bytes of a range, or none where it is no range of the text.
    pub(super) fn slice(&self, range: Range<usize>) -> &'t [u8] {
        self.bytes.get(range).unwrap_or_default()
    }

    /// What stands before `at`, at most this much.
    pub(super) fn before(&self, at: usize, most: usize) -> &'t [u8] {
        self.slice(at.saturating_sub(most)..at)
    }

    /// Whether `bytes` stand at `at`.
    #[inline]
    pub(super) fn has(&self, at: usize, bytes: &[u8]) -> bool {
        self.bytes.get(at..).is_some_and(|rest| rest.starts_with(bytes))
    }

    /// Whether the window ends here although the entry does not.
    pub(super) fn is_cut_at(&self, at: usize) -> bool {
        !self.last && at >= self.bytes.len()
    }

    /// Whether a letter or digit stands at `at`.
    pub(super) fn alnum_at(&self, at: usize) -> bool {
        self.at(at).is_some_and(|byte| byte.is_ascii_alphanumeric())
    }

    /// Whether no letter or digit stands before `at`, other than as part of an escape: `\n`, `%20`,
    /// `\u003d`, or a terminal's colour.
    pub(super) fn begins_word(&self, at: usize) -> bool {
        let before = self.before(at, 8);
        match before {
            [] => true,
            [.., last] if !last.is_ascii_alphanumeric() => true,
            [.., b'\\', b'n' | b't' | b'r' | b'b' | b'f' | b'v' | b'e' | b'0' | b'a'] => true,
            [.., b'%', a, b] | [.., b'\\', b'x', a, b] => a.is_ascii_hexdigit() && b.is_ascii_hexdigit(),
            [.., b'\\', b'0', d, b'3' | b'1'] => d.is_ascii_digit(),
            [.., b'm'] => ends_in_colour(before),
            _ => ends_in_unicode_escape(before),
        }
    }

    /// Where the run of `class` that goes on at `at` ends, walking at most `most` bytes.
    #[inline]
    pub(super) fn run_end(&mut self, class: Class, at: usize, most: usize) -> usize {
        let index = class.index();
        let latest = &self.runs[index][usize::from(self.next[index].wrapping_sub(1)) % REMEMBERED];
        if latest.contains(&at) {
            return latest.end.min(at.saturating_add(most));
        }
        let limit = at.saturating_add(most.min(SHORT)).min(self.bytes.len());
        let mut end = at;
        while end < limit && class.has(self.bytes[end]) {
            end += 1;
        }
        if end < limit || end - at == most || end == self.bytes.len() {
            end
        } else {
            self.long(class, at, most)
        }
    }

    fn long(&mut self, class: Class, at: usize, most: usize) -> usize {
        let index = class.index();
        if let Some(run) = self.runs[index].iter().find(|run| run.contains(&at)) {
            return run.end.min(at.saturating_add(most));
        }
        let end = self.bytes[at..].iter().position(|byte| !class.has(*byte));
        let end = end.map_or(self.bytes.len(), |length| at + length);
        let slot = usize::from(self.next[index]) % REMEMBERED;
        self.runs[index][slot] = at..end;
        self.next[index] = self.next[index].wrapping_add(1);
        end.min(at.saturating_add(most))
    }

    /// Where the run of `class` that ends at `at` begins, walking at most `most` bytes and one.
    pub(super) fn run_start(&self, class: Class, at: usize, most: usize) -> usize {
        let before = self.before(at, most);
        at - before.iter().rev().take_while(|byte| class.has(**byte)).count()
    }

    /// The end of the line that `at` stands in: the place of its `\n` or `\r`, or the text's end.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let (from, end) = self.line.get();
        if (from..end).contains(&at) {
            return end;
        }
        let rest = self.bytes.get(at..).unwrap_or_default();
        let end = memchr::memchr2(b'\n', b'\r', rest).map_or(self.bytes.len(), |length| at + length);
        self.line.set((at, end));
        end
    }

    /// Whether what stands at `at` was followed over lines already.
    pub(super) fn was_followed(&self, at: usize) -> bool {
        at < self.followed.get()
    }

    /// Remembers how far a text was followed.
    pub(super) fn follow(&self, to: usize) {
        self.followed.set(self.followed.get().max(to));
    }

    /// Where the line behind a line's end begins.
    pub(super) fn behind_line_end(&self, end: usize) -> usize {
        let width = if self.has(end, b"\r\n") { 2 } else { 1 };
        (end + width).min(self.bytes.len())
    }

    /// Where the line that `at` stands in begins, looking back at most `most` bytes.
    pub(super) fn line_start(&self, at: usize, most: usize) -> usize {
        let before = self.before(at, most);
        at - memchr::memrchr2(b'\n', b'\r', before).map_or(before.len(), |place| before.len() - place - 1)
    }
}

/// `ESC[0;32m`, the escape written as a byte.
fn ends_in_colour(before: &[u8]) -> bool {
    let digits = before[..before.len() - 1].iter().rev().take_while(|b| b.is_ascii_digit() || **b == b';');
    let left = before.len() - 1 - digits.count();
    before[..left].ends_with(b"[")
}

/// `\u003d`.
fn ends_in_unicode_escape(before: &[u8]) -> bool {
    let Some(at) = before.len().checked_sub(6) else { return false };
    before[at..].starts_with(b"\\u") && before[at + 2..].iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Text<'_> {
        Text::of(&Window { text: bytes, own: 0..bytes.len(), first: true, last: true })
    }

    #[test]
    fn an_escape_is_no_part_of_the_word_behind_it() {
        for before in [
            "",
            " ",
            "\"",
            "\\n",
            "\\\\n",
            "%20",
            "%3D",
            "\\u003d",
            "\\x3d",
            "\x1b[0m",
            "\x1b[1;32m",
            "é",
            "_",
        ] {
            assert!(text(before.as_bytes()).begins_word(before.len()), "{before}");
        }
        for before in ["a", "9", "%2", "bm", "n", "u003d", "m"] {
            assert!(!text(before.as_bytes()).begins_word(before.len()), "{before}");
        }
    }

    #[test]
    fn runs_end_where_they_end_also_when_remembered() {
        let bytes = [vec![b'a'; 1000], b".".to_vec(), vec![b'b'; 1000]].concat();
        let mut text = text(&bytes);
        for _ in 0..2 {
            assert_eq!(text.run_end(Class::WORD, 5, usize::MAX), 1000);
            assert_eq!(text.run_end(Class::WORD, 5, 7), 12);
            assert_eq!(text.run_end(Class::WORD, 5, 40), 45);
            assert_eq!(text.run_end(Class::WORD, 1001, usize::MAX), 2001);
            assert_eq!(text.run_end(Class::WORD, 1000, usize::MAX), 1000);
        }
        assert_eq!(text.run_start(Class::WORD, 900, 20), 880);
        assert_eq!(text.run_start(Class::WORD, 1003, 20), 1001);
    }

    #[test]
    fn lines_end_in_any_way() {
        let text = text(b"one\r\ntwo\rthree\nfour");
        assert_eq!(text.line_end(0), 3);
        assert_eq!(text.behind_line_end(3), 5);
        assert_eq!(text.line_end(5), 8);
        assert_eq!(text.behind_line_end(8), 9);
        assert_eq!(text.line_start(12, 100), 9);
        assert_eq!(text.line_end(16), text.bytes.len());
    }
}
