//! The first pass over all needles at once: which few places of a text could hold one. Decides nothing else.
//!
//! The text is looked at in pairs of bytes. A needle is told by four of its bytes that are rare in logs
//! (an anchor), one for each way in which it may lie on the pairs. Anchors are put into groups; a table
//! says of each pair in which groups' anchors it comes first, and in which second. Where one group has two pairs in a row
//! there may be a needle. No step waits for the one before it, so this costs the same for one needle or a thousand:
//! an automaton's steps are a chain of look-ups, in a table that no near cache holds.

mod anchor;
mod groups;
mod sample;

use std::ops::Range;

use anchor::Anchor;

/// All pairs of bytes.
const PAIRS: usize = 1 << 16;

/// As many as bits in half of a table's entry.
const GROUPS: usize = 16;

/// Bytes looked at in one step.
const STEP: usize = 32;

/// What may stand at each of the first positions of a needle.
pub(in crate::redact) type Positions = Vec<Vec<u8>>;

/// Which pairs of bytes are parts of which needles.
#[derive(Debug)]
pub(in crate::redact) struct Sieve {
    /// By pair: in the lower half the groups in which it comes first, in the upper half second.
    pairs: Box<[u32; PAIRS]>,
    anchors: Vec<Anchor>,
    /// By pair: where in `by_middle` the anchors are named whose middle it is.
    starts: Box<[u32]>,
    by_middle: Box<[u16]>,
    /// How far behind a needle's begin its anchor may end.
    pub(in crate::redact) reach: usize,
}

impl Sieve {
    /// Over needles, and the numbers of those that are too short to be looked for.
    pub(in crate::redact) fn new(needles: &[Positions]) -> (Self, Vec<usize>) {
        let chosen: Vec<_> = needles.iter().map(anchor::choose).collect();
        let refused = (0..needles.len()).filter(|needle| chosen[*needle].is_none()).collect();
        let windows: Vec<anchor::Window<'_>> = (0u16..)
            .zip(needles)
            .zip(&chosen)
            .filter_map(|((needle, positions), offsets)| Some((needle, positions, (*offsets)?)))
            .flat_map(|(needle, positions, offsets)| {
                offsets.map(|offset| anchor::Window::new(needle, positions, offset))
            })
            .collect();
        let pairs = groups::assign(&windows);
        let mut middles: Vec<(u16, u16)> = (0u16..)
            .zip(&windows)
            .flat_map(|(number, window)| window.middles().map(move |pair| (pair, number)))
            .collect();
        middles.sort_unstable();
        let mut starts = vec![0u32; PAIRS + 1].into_boxed_slice();
        middles.iter().for_each(|(pair, _)| starts[usize::from(*pair) + 1] += 1);
        for pair in 0..PAIRS {
            starts[pair + 1] += starts[pair];
        }
        let anchors: Vec<Anchor> = windows.iter().map(anchor::Window::anchor).collect();
        let reach = anchors.iter().map(Anchor::reach).max().unwrap_or(0);
        let by_middle = middles.into_iter().map(|(_, number)| number).collect();
        (Self { pairs, anchors, starts, by_middle, reach }, refused)
    }

    /// Calls `found` with a needle and where it would begin, for each place where one could whose anchor
    /// begins in `range`, or one byte before it.
    pub(in crate::redact) fn scan(
        &self,
        text: &[u8],
        range: Range<usize>,
        mut found: impl FnMut(usize, usize),
    ) {
        let end = range.end.min(text.len());
        if range.start >= end {
            return;
        }
        // The first pair begins one byte before the range, where a needle's first byte may be a pair's second.
        let mut at = range.start + 1;
        let mut before = self.pair(text, at.wrapping_sub(2));
        while at + STEP <= end + 2
            && let Some(step) = text.get(at..).and_then(|rest| rest.first_chunk::<STEP>())
        {
            let (mut last, mut hits) = (before, 0);
            for place in (0..STEP).step_by(2) {
                let pair = self.pairs[usize::from(u16::from_le_bytes([step[place], step[place + 1]]))];
                hits |= last << GROUPS & pair;
                last = pair;
            }
            if hits != 0 {
                self.look_closer(text, at, step, before, &mut found);
            }
            before = last;
            at += STEP;
        }
        for at in (at..end + 2).step_by(2) {
            let pair = self.pair(text, at);
            if before << GROUPS & pair != 0 {
                self.look_up(text, at, &mut found);
            }
            before = pair;
        }
    }

    /// What is known of the pair at `at`; what lies outside of the text counts as 0.
    fn pair(&self, text: &[u8], at: usize) -> u32 {
        self.pairs[usize::from(u16::from_le_bytes([0, 1].map(|place| byte(text, at.wrapping_add(place)))))]
    }

    /// Finds the places in a step: the same again, but with an answer for each.
    #[inline(never)]
    fn look_closer(
        &self,
        text: &[u8],
        at: usize,
        step: &[u8; STEP],
        before: u32,
        found: &mut impl FnMut(usize, usize),
    ) {
        let (mut last, mut places) = (before, 0u32);
        for place in (0..STEP).step_by(2) {
            let pair = self.pairs[usize::from(u16::from_le_bytes([step[place], step[place + 1]]))];
            places |= u32::from(last << GROUPS & pair != 0) << place;
            last = pair;
        }
        while places != 0 {
            self.look_up(text, at + places.trailing_zeros() as usize, found);
            places &= places - 1;
        }
    }

    /// Tells the needles of which an anchor's second pair stands at `at`.
    fn look_up(&self, text: &[u8], at: usize, found: &mut impl FnMut(usize, usize)) {
        let four = match at.checked_sub(2).and_then(|begin| text.get(begin..begin + 4)) {
            Some(four) => [four[0], four[1], four[2], four[3]],
            None => [0, 1, 2, 3].map(|place| byte(text, at.wrapping_add(place).wrapping_sub(2))),
        };
        let middle = usize::from(u16::from_le_bytes([four[1], four[2]]));
        let named = self.starts[middle] as usize..self.starts[middle + 1] as usize;
        for number in &self.by_middle[named] {
            let anchor = &self.anchors[usize::from(*number)];
            if anchor.fits(u32::from_le_bytes(four))
                && let Some(begin) = anchor.begin(at)
            {
                found(usize::from(anchor.needle), begin);
            }
        }
    }
}

fn byte(text: &[u8], at: usize) -> u8 {
    text.get(at).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn caseless(needle: &str) -> Positions {
        needle.bytes().map(|b| if b == b'_' { vec![b] } else { vec![b, b.to_ascii_uppercase()] }).collect()
    }

    fn found(sieve: &Sieve, text: &[u8], range: Range<usize>) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        sieve.scan(text, range, |needle, at| found.push((needle, at)));
        found.sort_unstable();
        found
    }

    #[test]
    fn every_needle_is_told_once_wherever_it_stands() {
        let needles = ["key", "glpat_", "secret_access", "otp", "pass"];
        let (sieve, refused) = Sieve::new(&needles.map(caseless));
        assert!(refused.is_empty());
        for (number, needle) in needles.iter().enumerate() {
            for before in 0..70 {
                for behind in [0, 1, 2, 3, 40] {
                    let text = ["~".repeat(before), needle.to_uppercase(), "~".repeat(behind)].concat();
                    let told = found(&sieve, text.as_bytes(), 0..text.len());
                    assert_eq!(told, [(number, before)], "{text}");
                }
            }
        }
    }

    #[test]
    fn an_anchor_outside_the_range_is_not_told() {
        let (sieve, _) = Sieve::new(&[caseless("otp")]);
        let text = b"otp otp otp";
        assert_eq!(found(&sieve, text, 4..6), [(0, 4)]);
        assert_eq!(found(&sieve, text, 5..5), []);
        assert_eq!(found(&sieve, text, 0..11).len(), 3);
    }

    #[test]
    fn what_may_be_one_of_many_bytes_is_seen() {
        let digits = || (b'0'..=b'9').collect::<Vec<u8>>();
        let needle = vec![vec![b'A'], digits(), digits(), vec![b'-'], digits()];
        let (sieve, refused) = Sieve::new(&[needle, vec![vec![b'x'], vec![b'y']]]);
        assert_eq!(refused, [1]);
        let text = b"A12-3 .A99-0";
        assert_eq!(found(&sieve, text, 0..text.len()), [(0, 0), (0, 7)]);
    }
}
