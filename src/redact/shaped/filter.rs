//! The first pass over all needles at once: which few places of a text could begin one.
//!
//! Each form brings four bytes in a row that must be in it, chosen so that they are rare in logs. Of
//! the two trigrams in them one stands at an even distance from where the scan begins, so looking at
//! every second place finds all: a hash of three bytes, and one bit that says whether any form has them.
//! Some hundreds of needles make an automaton slow; this costs the same for one or a thousand.

use std::{collections::BTreeSet, ops::Range};

/// Bits of the hash that the first table is asked with. 16 KiB, half of a small first-level cache.
const BITS: u32 = 17;
const WORDS: usize = 1 << (BITS - 6);

/// Buckets of the second table.
const BUCKETS: usize = 1 << 12;

/// Most trigrams that one form may bring; more would make the first pass see it everywhere.
const MOST: usize = 6000;

/// Bytes looked at in one step, and how far the step goes.
const CHUNK: usize = 16;
const STEP: usize = 8;

/// Which trigrams begin what.
#[derive(Debug)]
pub(super) struct Filter {
    bits: Box<[u64; WORDS]>,
    starts: Box<[u32]>,
    entries: Box<[Entry]>,
    /// How far behind a form's fixed part its trigram may end.
    pub(super) reach: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    bucket: u32,
    gram: u32,
    offset: u16,
    form: u16,
}

impl Filter {
    /// A filter over forms, each told by what may stand at each of its positions. Answers which of
    /// them can't be looked for: too short, or of bytes that stand everywhere.
    pub(super) fn new(forms: &[Vec<Vec<u8>>]) -> (Self, Vec<usize>) {
        let mut entries = BTreeSet::new();
        let mut refused = Vec::new();
        for (form, positions) in forms.iter().enumerate() {
            let Some(offset) = anchor(positions) else {
                refused.push(form);
                continue;
            };
            for offset in [offset, offset + 1] {
                for gram in grams(&positions[offset..offset + 3]) {
                    let bucket = (hash(gram) as usize % BUCKETS) as u32;
                    entries.insert(Entry { bucket, gram, offset: offset as u16, form: form as u16 });
                }
            }
        }
        let mut bits = Box::new([0u64; WORDS]);
        let mut starts = vec![0u32; BUCKETS + 1].into_boxed_slice();
        for entry in &entries {
            let hash = hash(entry.gram);
            bits[(hash >> 6) as usize] |= 1 << (hash & 63);
            starts[entry.bucket as usize + 1] += 1;
        }
        for bucket in 0..BUCKETS {
            starts[bucket + 1] += starts[bucket];
        }
        let reach = entries.iter().map(|entry| usize::from(entry.offset) + 4).max().unwrap_or(0);
        (Self { bits, starts, entries: entries.into_iter().collect(), reach }, refused)
    }

    /// Calls `found` with a form and where its fixed part would begin, for each place in `range`
    /// where one could; in order of place.
    pub(super) fn scan(&self, text: &[u8], range: Range<usize>, mut found: impl FnMut(usize, usize)) {
        let mut at = range.start;
        let text = &text[..range.end.saturating_add(4).min(text.len())];
        while let Some(chunk) = text.get(at..at + CHUNK) {
            // The slice has this length, so no check is left in the loop.
            let Ok(chunk) = <&[u8; CHUNK]>::try_from(chunk) else { break };
            let hits = self.bit(chunk, 0) | self.bit(chunk, 2) | self.bit(chunk, 4) | self.bit(chunk, 6);
            if hits != 0 {
                for place in (0..STEP).step_by(2).filter(|place| self.bit(chunk, *place) != 0) {
                    self.look_up(gram(chunk, place), at + place, &mut found);
                }
            }
            at += STEP;
        }
        while let Some(&[a, b, c]) = text.get(at..at + 3) {
            let gram = u32::from_le_bytes([a, b, c, 0]);
            if self.has(gram) {
                self.look_up(gram, at, &mut found);
            }
            at += 2;
        }
    }

    #[inline(always)]
    fn bit(&self, chunk: &[u8; CHUNK], place: usize) -> u64 {
        let hash = hash(gram(chunk, place));
        (self.bits[(hash >> 6) as usize % WORDS] >> (hash & 63)) & 1
    }

    fn has(&self, gram: u32) -> bool {
        let hash = hash(gram);
        self.bits[(hash >> 6) as usize] >> (hash & 63) & 1 != 0
    }

    #[inline(never)]
    fn look_up(&self, gram: u32, at: usize, found: &mut impl FnMut(usize, usize)) {
        let bucket = hash(gram) as usize % BUCKETS;
        let range = self.starts[bucket] as usize..self.starts[bucket + 1] as usize;
        for entry in self.entries[range].iter().filter(|entry| entry.gram == gram) {
            if let Some(at) = at.checked_sub(usize::from(entry.offset)) {
                found(usize::from(entry.form), at);
            }
        }
    }
}

#[inline(always)]
fn gram(chunk: &[u8; CHUNK], place: usize) -> u32 {
    u32::from_le_bytes([chunk[place], chunk[place + 1], chunk[place + 2], chunk[place + 3]]) & 0x00ff_ffff
}

#[inline(always)]
fn hash(gram: u32) -> u32 {
    gram.wrapping_mul(0x9e37_79b1) >> (32 - BITS)
}

/// Where the four positions begin that are rarest, if any are rare enough.
fn anchor(positions: &[Vec<u8>]) -> Option<usize> {
    let cost = |offset: &usize| {
        let window = &positions[*offset..offset + 4];
        let product =
            |sets: &[Vec<u8>], of: fn(&[u8]) -> f64| sets.iter().map(|set| of(set)).product::<f64>();
        let count =
            product(&window[..3], |set| set.len() as f64) + product(&window[1..], |set| set.len() as f64);
        let common = product(&window[..3], frequency) + product(&window[1..], frequency);
        (count <= MOST as f64).then_some(common + count * 1e-5)
    };
    (0..positions.len().saturating_sub(3))
        .filter_map(|offset| Some((offset, cost(&offset)?)))
        .min_by(|a, b| a.1.total_cmp(&b.1))
        .map(|(offset, _)| offset)
}

/// How many of a hundred bytes of a log are in this set, roughly.
fn frequency(set: &[u8]) -> f64 {
    let of = |byte: &u8| match byte {
        b'"' | b'e' => 6.5,
        b't' | b'a' | b'i' | b'_' | b'r' | b'0' | b's' | b'o' | b'n' | b',' | b':' => 4.0,
        b'd' | b'c' | b'l' | b'u' | b'p' | b'm' | b'1'..=b'9' => 2.2,
        b'a'..=b'z' | b'.' | b'/' | b'-' | b' ' => 1.2,
        b'A'..=b'Z' => 0.5,
        b'{' | b'}' | b'[' | b']' | b'=' | b'\\' | b'%' => 0.4,
        _ => 0.1,
    };
    set.iter().map(of).sum::<f64>() / 100.0
}

fn grams(sets: &[Vec<u8>]) -> Vec<u32> {
    sets.iter().enumerate().fold(vec![0u32], |grams, (place, set)| {
        let with = |gram: u32| set.iter().map(move |byte| gram | u32::from(*byte) << (8 * place));
        grams.into_iter().flat_map(with).collect()
    })
}
