//! The words of a command line, as a shell, a process list, JSON or auditd write them, and where it ends. Knows no program.

use std::ops::Range;

use super::{glue::Cursor, keyed::closed};

/// Words from a place on, up to the command's end.
#[derive(Debug)]
pub(super) struct Words<'t> {
    pub(super) text: &'t [u8],
    at: usize,
    end: usize,
    /// Each word is an item of a list: `["redis-cli", "-a", "x"]`, `a0="mysql" a1="-px"`.
    listed: bool,
}

impl<'t> Words<'t> {
    /// Behind a program's name, or the part of one that ends at `at`.
    pub(super) fn behind(text: &'t [u8], at: usize, end: usize) -> Self {
        let rest = text.get(at..end).unwrap_or_default();
        let own = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
        let name = rest.iter().take_while(|b| own(b)).count();
        let slashes = rest[name..].iter().take_while(|b| **b == b'\\').count();
        let listed = matches!(rest.get(name + slashes), Some(b'"' | b'\''));
        Self { text, at, end, listed }
    }

    /// Between two places.
    pub(super) fn between(text: &'t [u8], range: Range<usize>) -> Self {
        Self { text, at: range.start, end: range.end, listed: false }
    }

    /// The n-th word that is no option, from one on.
    pub(super) fn plain(&mut self, nth: usize) -> Option<Range<usize>> {
        const WORDS: usize = 12;
        let text = self.text;
        self.take(WORDS).filter(|word| !text[word.clone()].starts_with(b"-")).nth(nth - 1)
    }

    fn over(&mut self) {
        self.end = self.at;
    }

    /// The next item of a list.
    fn item(&mut self) -> Option<Range<usize>> {
        let between = |b: u8| matches!(b, b' ' | b'\t' | b'"' | b'\'' | b'\\' | b',' | b'[' | 0);
        while self.at < self.end && between(self.text[self.at]) {
            self.at += 1;
        }
        let stop = |b: u8| matches!(b, b' ' | b'\t' | b'"' | b'\'' | b'\\' | b']' | b'\n' | b'\r' | 0 | 0x1b);
        let start = self.at;
        while self.at < self.end && !stop(self.text[self.at]) {
            self.at += 1;
        }
        // What auditd numbers: `a1="-p"`.
        let word = &self.text[start..self.at];
        let numbered = word.len() <= 4 && word.starts_with(b"a") && word.ends_with(b"=");
        if numbered { self.item() } else { self.told(start..self.at) }
    }

    /// The next word of a shell's line.
    fn word(&mut self) -> Option<Range<usize>> {
        while self.at < self.end && matches!(self.text[self.at], b' ' | b'\t' | 0) {
            self.at += 1;
        }
        let mut cursor = Cursor::new(&self.text[..self.end], self.at);
        cursor.quotes(false);
        if cursor.quote.is_some() {
            // The quote of a string that the whole line stands in.
            if matches!(cursor.peek(), None | Some(b',' | b'}' | b']' | b':' | b'\n' | b'\r')) {
                return None;
            }
            let length = closed(cursor.rest(), cursor.spelling, cursor.slashes)?;
            let word = cursor.at..cursor.at + length;
            cursor.at = word.end;
            cursor.quotes(false);
            self.at = cursor.at;
            return Some(word);
        }
        let start = self.at;
        while self.at < self.end && !self.ends_here() {
            self.at += 1;
        }
        self.told(start..self.at)
    }

    /// Whether a word ends here; at a quote that closes a string around it the command does.
    fn ends_here(&mut self) -> bool {
        let rest = &self.text[self.at..self.end];
        let slashes = rest.iter().take_while(|b| **b == b'\\').count();
        match rest.get(slashes) {
            Some(b'"' | b'\'') => {
                // `-p"x"`, or the end of `"… -p x"`.
                if !rest
                    .get(slashes + 1)
                    .is_some_and(|b| b.is_ascii_alphanumeric() || b"!@#$%^&*_+=/.-<".contains(b))
                {
                    let end = self.at;
                    self.end = end;
                }
                true
            }
            Some(b'n' | b'r') if slashes == 1 => {
                self.end = self.at;
                true
            }
            Some(b't') if slashes == 1 => true,
            Some(b' ' | b'\t' | b'\n' | b'\r' | 0 | 0x1b) => slashes == 0,
            _ => false,
        }
    }

    /// A word, if it does not end the command.
    fn told(&mut self, word: Range<usize>) -> Option<Range<usize>> {
        let bytes = &self.text[word.clone()];
        if bytes.is_empty() || matches!(bytes, b"|" | b"||" | b"&&" | b";" | b">" | b"--" | b"argc") {
            self.over();
            return None;
        }
        match bytes.strip_suffix(b";") {
            Some(bytes) => {
                let word = word.start..word.start + bytes.len();
                self.over();
                Some(word)
            }
            None => Some(word),
        }
    }
}

impl Iterator for Words<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        if self.listed { self.item() } else { self.word() }
    }
}
