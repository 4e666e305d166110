//! Finds thousands of byte strings in a text at once, at a few gigabytes a second.
//!
//! Every string is at least `SHORTEST` bytes long, so any place where it stands holds a whole window
//! of `WINDOW` bytes at one of the offsets that a walk in steps of `stride` looks at. The rarest
//! windows of each string are marked in a bitmap that stays in the first-level cache; what hits it is
//! compared. An Aho-Corasick automaton looks at every byte and reaches a fifth of this.

use std::{collections::HashMap, ops::Range};

use zeroize::{Zeroize, Zeroizing};

/// Fewest bytes of a string.
pub(super) const SHORTEST: usize = 6;

/// Bytes compared at once; a step of up to four fits with it into a string of eight.
const WINDOW: usize = 5;

/// Offsets of a string among which its rarest windows are chosen.
const CHOICE: usize = 48;

/// A string to find, and what it means to the caller.
pub(super) struct Needle<T> {
    pub(super) bytes: Zeroizing<Vec<u8>>,
    pub(super) meaning: T,
}

/// Where a string stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Hit<T> {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) meaning: T,
}

/// A window of a string.
#[derive(Clone, Copy)]
struct Mark {
    window: u64,
    needle: u32,
    offset: u32,
}

/// The strings, prepared.
pub(super) struct Search<T> {
    bytes: Vec<u8>,
    /// Where each string stands in `bytes`.
    needles: Vec<(Range<u32>, T)>,
    stride: usize,
    longest: usize,
    /// One bit for each value of a window's hash.
    bits: Vec<u64>,
    shift: u32,
    /// The marks, by bucket; a bucket's begin at `buckets[i]`.
    marks: Vec<Mark>,
    buckets: Vec<u32>,
}

impl<T: Copy> Search<T> {
    /// Prepares strings; those too short to be found are left out.
    pub(super) fn new(needles: Vec<Needle<T>>) -> Self {
        let mut search = Self {
            bytes: Vec::new(),
            needles: Vec::new(),
            stride: 4,
            longest: 0,
            bits: Vec::new(),
            shift: 0,
            marks: Vec::new(),
            buckets: Vec::new(),
        };
        let fits = |needle: &&Needle<T>| needle.bytes.len() >= SHORTEST;
        // At once, so that no copy stays behind where the vector would have grown.
        let total = needles.iter().filter(fits).map(|needle| needle.bytes.len()).sum();
        search.bytes.reserve_exact(total);
        for needle in needles.iter().filter(fits) {
            let start = search.bytes.len();
            search.bytes.extend_from_slice(&needle.bytes);
            let (Ok(start), Ok(end)) = (u32::try_from(start), u32::try_from(search.bytes.len())) else {
                break;
            };
            search.needles.push((start..end, needle.meaning));
            search.longest = search.longest.max(needle.bytes.len());
            search.stride = search.stride.min(needle.bytes.len() + 1 - WINDOW);
        }
        search.mark();
        search.index();
        search
    }

    /// Chooses the windows by which each string will be noticed: for each remainder of an offset by the
    /// stride the rarest.
    fn mark(&mut self) {
        let mut taken: HashMap<u64, u32> = HashMap::new();
        let mut marks = Vec::new();
        for (needle, (range, _)) in (0_u32..).zip(&self.needles) {
            let bytes = slice(&self.bytes, range);
            for first in 0..self.stride {
                let last = (bytes.len() - WINDOW).min(CHOICE);
                let rarest = (first..=last).step_by(self.stride).min_by_key(|offset| {
                    let window = &bytes[*offset..*offset + WINDOW];
                    commonness(window) + 8 * taken.get(&packed(window)).copied().unwrap_or_default()
                });
                if let Some(offset) = rarest {
                    let window = packed(&bytes[offset..]);
                    *taken.entry(window).or_default() += 1;
                    marks.push(Mark { window, needle, offset: offset as u32 });
                }
            }
        }
        self.marks = marks;
    }

    /// Orders the marks by bucket and sets the bits.
    fn index(&mut self) {
        // About one bit in a hundred is set; 16 KiB to 128 KiB of bits.
        let log = (self.marks.len() * 64).next_power_of_two().ilog2().clamp(17, 20);
        self.shift = 64 - log;
        self.bits = vec![0; 1 << (log - 6)];
        let bucket = |mark: &Mark, shift: u32| hash(mark.window, shift) >> 4;
        let shift = self.shift;
        self.marks.sort_unstable_by_key(|mark| (bucket(mark, shift), mark.needle, mark.offset));
        let mut counts = vec![0_u32; (1 << (log - 4)) + 1];
        for mark in &self.marks {
            let hash = hash(mark.window, shift);
            self.bits[hash >> 6] |= 1 << (hash & 63);
            counts[bucket(mark, shift) + 1] += 1;
        }
        let mut sum = 0;
        for count in &mut counts {
            sum += *count;
            *count = sum;
        }
        self.buckets = counts;
    }

    /// Tells every string that begins in `from` (it may end behind it), in no order.
    pub(super) fn find(&self, text: &[u8], from: Range<usize>, mut found: impl FnMut(Hit<T>)) {
        if self.needles.is_empty() {
            return;
        }
        let text = &text[..text.len().min(from.end.saturating_add(self.longest))];
        let mut at = from.start;
        while let Some(eight) = text.get(at..at + 8) {
            let window = packed(eight);
            let hash = hash(window, self.shift);
            if self.bits[hash >> 6] >> (hash & 63) & 1 != 0 {
                self.compare(text, at, window, &from, &mut found);
            }
            at += self.stride;
        }
        while let Some(rest) = text.get(at..).filter(|rest| rest.len() >= WINDOW) {
            self.compare(text, at, packed(rest), &from, &mut found);
            at += self.stride;
        }
    }

    #[inline(never)]
    fn compare(
        &self,
        text: &[u8],
        at: usize,
        window: u64,
        from: &Range<usize>,
        found: &mut impl FnMut(Hit<T>),
    ) {
        let bucket = hash(window, self.shift) >> 4;
        let marks = self.buckets[bucket] as usize..self.buckets[bucket + 1] as usize;
        for mark in self.marks[marks].iter().filter(|mark| mark.window == window) {
            let (range, meaning) = &self.needles[mark.needle as usize];
            let needle = slice(&self.bytes, range);
            let Some(start) = at.checked_sub(mark.offset as usize).filter(|start| from.contains(start))
            else {
                continue;
            };
            if text.get(start..).is_some_and(|rest| rest.starts_with(needle)) {
                found(Hit { start, end: start + needle.len(), meaning: *meaning });
            }
        }
    }

    /// The strings themselves; beside them only pieces of five bytes are kept.
    pub(super) fn each_string<'s>(&'s self, tell: &mut dyn FnMut(&'s [u8])) {
        tell(&self.bytes);
    }

    #[cfg(test)]
    pub(super) fn needles(&self) -> usize {
        self.needles.len()
    }

    /// Bytes of memory.
    #[cfg(test)]
    pub(super) fn size(&self) -> usize {
        self.bytes.len()
            + self.needles.len() * size_of::<(Range<u32>, T)>()
            + self.bits.len() * 8
            + self.marks.len() * size_of::<Mark>()
            + self.buckets.len() * 4
    }
}

impl<T> Drop for Search<T> {
    fn drop(&mut self) {
        self.bytes.zeroize();
        self.marks.iter_mut().for_each(|mark| mark.window = 0);
    }
}

fn slice<'b>(bytes: &'b [u8], range: &Range<u32>) -> &'b [u8] {
    &bytes[range.start as usize..range.end as usize]
}

/// The first window of `bytes`, which are at least as many.
#[inline]
fn packed(bytes: &[u8]) -> u64 {
    let mut eight = [0; 8];
    match bytes.first_chunk::<8>() {
        Some(chunk) => eight = *chunk,
        None => eight[..bytes.len()].copy_from_slice(bytes),
    }
    u64::from_le_bytes(eight) << (64 - 8 * WINDOW)
}

/// A multiplicative hash; the window stands in the upper bits.
#[inline]
fn hash(window: u64, shift: u32) -> usize {
    (window.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> shift) as usize
}

/// How often a window may be expected in logs, in no unit.
fn commonness(window: &[u8]) -> u32 {
    let same = window.iter().all(|byte| Some(byte) == window.first());
    let of = |byte: &u8| match byte {
        b'0'..=b'9' | b' ' | b'"' | b',' | b':' => 6,
        b'a'..=b'f' => 5,
        b'i' | b'n' | b'o' | b'r' | b's' | b't' | b'_' | b'-' | b'.' | b'/' | b'%' | 0 => 4,
        b'g'..=b'z' => 3,
        b'A'..=b'F' => 2,
        _ => 1,
    };
    window.iter().map(of).sum::<u32>() + if same { 100 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn search(needles: &[&[u8]]) -> Search<usize> {
        let needle =
            |(meaning, bytes): (usize, &&[u8])| Needle { bytes: Zeroizing::new(bytes.to_vec()), meaning };
        Search::new(needles.iter().enumerate().map(needle).collect())
    }

    fn found(search: &Search<usize>, text: &[u8], from: Range<usize>) -> Vec<(usize, usize)> {
        let mut hits = Vec::new();
        search.find(text, from, |hit| hits.push((hit.start, hit.meaning)));
        hits.sort_unstable();
        hits
    }

    #[test]
    fn every_string_is_found_at_every_place_once() {
        let needles: &[&[u8]] =
            &[b"abcdef", b"abcdefgh", b"zzzzzzzzzzzz", b"\0\xff\0\xff\0\xff\0\xff", b"q w e r t y u i o p"];
        for count in 1..=needles.len() {
            let search = search(&needles[..count]);
            for (i, needle) in needles[..count].iter().enumerate() {
                for before in 0..20 {
                    for behind in 0..12 {
                        let text = [&vec![b'-'; before], *needle, &vec![b'-'; behind]].concat();
                        let hits = found(&search, &text, 0..text.len());
                        assert_eq!(hits.iter().filter(|hit| **hit == (before, i)).count(), 1);
                    }
                }
            }
        }
    }

    #[test]
    fn only_strings_that_begin_in_the_range_count() {
        let search = search(&[b"abcdefgh"]);
        let text = b"abcdefgh abcdefgh abcdefgh";
        assert_eq!(found(&search, text, 9..17), [(9, 0)]);
        assert_eq!(found(&search, text, 9..10), [(9, 0)]);
        assert_eq!(found(&search, text, 10..18), []);
        assert_eq!(found(&search, &text[..24], 10..24), []);
    }

    #[test]
    fn overlapping_and_repeating_ones_are_all_told() {
        let search = search(&[b"aaaaaaaa", b"aaaaaaaaa", b"short"]);
        assert_eq!(search.needles(), 2);
        assert_eq!(found(&search, b"aaaaaaaaaa", 0..10), [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0)]);
        assert!(found(&self::search(&[]), b"aaaaaaaaaa", 0..10).is_empty());
    }
}
