//! A name's words, in whatever style it is written. Judges none of them.

use super::Index;

/// The last words of a name, without allocation; of a longer name the first words don't count.
pub(super) struct Words<'a> {
    name: &'a [u8],
    spans: [(usize, usize); Words::MOST],
    pub(super) count: usize,
}

impl<'a> Words<'a> {
    const MOST: usize = 12;
    /// More than the longest whole name that is known.
    const LONGEST: usize = 80;

    pub(super) fn of(name: &'a [u8]) -> Self {
        let mut words = Self { name, spans: [(0, 0); Self::MOST], count: 0 };
        let mut start = None;
        for (i, &byte) in name.iter().enumerate() {
            let inside = byte.is_ascii_alphanumeric();
            if let Some(from) = start
                && (!inside || camel_boundary(name, i))
            {
                words.push(from, i);
                start = None;
            }
            if inside && start.is_none() {
                start = Some(i);
            }
        }
        if let Some(from) = start {
            words.push(from, name.len());
        }
        // `password_1`, `token2_old`: a number or an age says nothing about what a name means.
        while words.count > 1 && is_suffix(words.last()) {
            words.count -= 1;
        }
        words.without_number();
        words
    }

    /// `password2`, `apiKey1` are `password` and `apiKey`.
    fn without_number(&mut self) {
        const SHORTEST: usize = 3;
        let Some(last) = self.count.checked_sub(1) else { return };
        let (from, to) = self.spans[last];
        let digits = self.name[from..to].iter().rev().take_while(|b| b.is_ascii_digit()).count();
        if to - from - digits >= SHORTEST {
            self.spans[last].1 = to - digits;
        }
    }

    fn push(&mut self, from: usize, to: usize) {
        if self.count == Self::MOST {
            self.spans.copy_within(1.., 0);
            self.count -= 1;
        }
        self.spans[self.count] = (from, to);
        self.count += 1;
    }

    pub(super) fn get(&self, i: usize) -> &'a [u8] {
        let (from, to) = self.spans[i];
        &self.name[from..to]
    }

    pub(super) fn last_or_none(&self) -> &'a [u8] {
        if self.count > 0 { self.last() } else { b"" }
    }

    pub(super) fn last(&self) -> &'a [u8] {
        self.get(self.count - 1)
    }

    pub(super) fn has(&self, word: &str) -> bool {
        (0..self.count).any(|i| self.get(i).eq_ignore_ascii_case(word.as_bytes()))
    }

    /// Whether all the words are those of one of these names.
    pub(super) fn are_in(&self, names: &Index) -> bool {
        let mut joined = [0; Self::LONGEST];
        let mut length = 0;
        for i in 0..self.count {
            let sign: &[u8] = if i == 0 { b"" } else { b"_" };
            for part in [sign, self.get(i)] {
                let Some(room) = joined.get_mut(length..length + part.len()) else { return false };
                room.copy_from_slice(part);
                length += part.len();
            }
        }
        names.has(&joined[..length])
    }
}

/// `dbPassword` and `HTTPToken` have a boundary before `P` and `T`.
fn camel_boundary(name: &[u8], i: usize) -> bool {
    let (before, here) = (name[i - 1], name[i]);
    here.is_ascii_uppercase()
        && (before.is_ascii_lowercase()
            || (before.is_ascii_uppercase() && name.get(i + 1).is_some_and(u8::is_ascii_lowercase)))
}

fn is_suffix(word: &[u8]) -> bool {
    word.iter().all(u8::is_ascii_digit)
        || is_one_of(word, &["old", "new", "previous", "current", "base64", "b64", "value", "v1", "v2", "v3"])
}

pub(super) fn is_one_of(word: &[u8], list: &[&str]) -> bool {
    list.iter().any(|w| word.eq_ignore_ascii_case(w.as_bytes()))
}
