//! The first pass over all needles at once: which few places of a text could begin one.
//!
//! Each form brings four bytes in a row that must be in it, chosen so that they are rare in logs. Of
//! the two trigrams in them one stands at an even distance from where the scan begins, so looking at
//! every second place finds all: a hash of three bytes, and one bit that says whether any form has them.
//! Some hundreds of needles make an automaton slow; this costs the same for one or a thousand.

use std::{collections::BTreeSet, ops::Range};

use super::anchor::{Sample, grams};

/// Bits of the hash that the first table is asked with. 32 KiB, a first-level cache's worth.
const BITS: u32 = 17;
const WORDS: usize = 1 << (BITS - 6);

/// Buckets of the second table.
const BUCKETS: u32 = 1 << 12;

/// Bytes looked at in one step, and how far the step goes.
const CHUNK: usize = 34;
const STEP: usize = 32;

/// Which trigrams begin what.
#[derive(Debug)]
pub(super) struct Filter {
    hash: Hash,
    /// By trigram.
    bits: Box<[u64; WORDS]>,
    /// By all four bytes.
    whole: Box<[u64; WORDS]>,
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
        let sample = Sample::new();
        let anchors: Vec<_> = forms.iter().map(|positions| sample.anchor(positions)).collect();
        let refused = (0..forms.len()).filter(|form| anchors[*form].is_none()).collect();
        let anchored = || forms.iter().zip(&anchors).filter_map(|(form, at)| Some((form, (*at)?)));
        let needed: BTreeSet<u32> = anchored()
            .flat_map(|(form, at)| [grams(&form[at..at + 3]), grams(&form[at + 1..at + 4])].concat())
            .collect();
        let hash = Hash::best(&sample, &needed);
        let whole = hash.table(anchored().flat_map(|(form, at)| grams(&form[at..at + 4])));
        let mut entries = BTreeSet::new();
        for (form, (positions, anchor)) in forms.iter().zip(&anchors).enumerate() {
            for offset in anchor.iter().flat_map(|anchor| [*anchor, anchor + 1]) {
                for gram in grams(&positions[offset..offset + 3]) {
                    let bucket = hash.of(gram) % BUCKETS;
                    entries.insert(Entry { bucket, gram, offset: offset as u16, form: form as u16 });
                }
            }
        }
        let mut starts = vec![0u32; BUCKETS as usize + 1].into_boxed_slice();
        entries.iter().for_each(|entry| starts[entry.bucket as usize + 1] += 1);
        for bucket in 0..BUCKETS as usize {
            starts[bucket + 1] += starts[bucket];
        }
        let reach = entries.iter().map(|entry| usize::from(entry.offset) + 4).max().unwrap_or(0);
        let bits = hash.table(needed.into_iter());
        (Self { hash, bits, whole, starts, entries: entries.into_iter().collect(), reach }, refused)
    }

    /// Calls `found` with a form and where its fixed part would begin, for each place in `range`
    /// where one could; in order of place.
    pub(super) fn scan(&self, text: &[u8], range: Range<usize>, mut found: impl FnMut(usize, usize)) {
        let mut at = range.start;
        let text = &text[..range.end.saturating_add(4).min(text.len())];
        while let Some(chunk) = text.get(at..at + CHUNK) {
            // The slice has this length, so no check is left in the loop.
            let Ok(chunk) = <&[u8; CHUNK]>::try_from(chunk) else { break };
            let mut hits = 0;
            for place in (0..STEP).step_by(2) {
                hits |= self.bit(chunk, place) << place;
            }
            while hits != 0 {
                self.look_closer(text, at + hits.trailing_zeros() as usize, &mut found);
                hits &= hits - 1;
            }
            at += STEP;
        }
        while let Some(&[a, b, c]) = text.get(at..at + 3) {
            let gram = u32::from_le_bytes([a, b, c, 0]);
            if self.hash.bit(&self.bits, gram) != 0 {
                self.look_closer(text, at, &mut found);
            }
            at += 2;
        }
    }

    #[inline(always)]
    fn bit(&self, chunk: &[u8; CHUNK], place: usize) -> u64 {
        self.hash.bit(&self.bits, gram(chunk, place))
    }

    /// A trigram is often there by chance; the fourth byte on either side tells most of that.
    #[inline(always)]
    fn look_closer(&self, text: &[u8], at: usize, found: &mut impl FnMut(usize, usize)) {
        let four = |at: usize| Some(u32::from_le_bytes(*text.get(at..)?.first_chunk()?));
        let behind = four(at).is_some_and(|four| self.hash.bit(&self.whole, four) != 0);
        let before =
            at.checked_sub(1).and_then(four).is_some_and(|four| self.hash.bit(&self.whole, four) != 0);
        if (behind || before)
            && let Some(&[a, b, c]) = text.get(at..at + 3)
        {
            self.look_up(u32::from_le_bytes([a, b, c, 0]), at, found);
        }
    }

    #[inline(never)]
    fn look_up(&self, gram: u32, at: usize, found: &mut impl FnMut(usize, usize)) {
        let bucket = (self.hash.of(gram) % BUCKETS) as usize;
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

/// A multiplicative hash.
#[derive(Debug, Clone, Copy)]
struct Hash(u32);

impl Hash {
    /// The one of some that gives the least of what is common in logs a needed trigram's place.
    fn best(sample: &Sample, needed: &BTreeSet<u32>) -> Self {
        let factors = (0..32u32).map(|n| 0x9e37_79b1u32.wrapping_mul(2 * n + 1));
        let best = factors.min_by_key(|factor| {
            let bits = Self(*factor).table(needed.iter().copied());
            let seen = sample.counts().filter(|(gram, _)| Self(*factor).bit(&bits, *gram) != 0);
            seen.map(|(_, count)| count).sum::<u32>()
        });
        Self(best.unwrap_or(0x9e37_79b1))
    }

    #[inline(always)]
    fn of(self, gram: u32) -> u32 {
        gram.wrapping_mul(self.0) >> (32 - BITS)
    }

    #[inline(always)]
    fn bit(self, bits: &[u64; WORDS], gram: u32) -> u64 {
        let hash = self.of(gram);
        (bits[(hash >> 6) as usize % WORDS] >> (hash & 63)) & 1
    }

    fn table(self, grams: impl Iterator<Item = u32>) -> Box<[u64; WORDS]> {
        let mut bits = Box::new([0u64; WORDS]);
        for gram in grams {
            let hash = self.of(gram);
            bits[(hash >> 6) as usize] |= 1 << (hash & 63);
        }
        bits
    }
}
