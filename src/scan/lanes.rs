//! Many needles in one pass, at several places of the text at once. Knows no rule.
//!
//! An automaton's step waits for the table look-up of the step before it; the steps of six lanes wait side by
//! side. The redactor's search is of another kind: the second look shares no code with it, so that one mistake
//! can't pass both.

use aho_corasick::{
    Anchored, MatchKind, StartKind,
    automaton::{Automaton, StateID},
    dfa::DFA,
};

const LANES: usize = 6;

/// Needles, found without regard to case.
#[derive(Debug)]
pub(super) struct Lanes {
    automaton: DFA,
    start: StateID,
    /// The longest needle.
    longest: usize,
}

impl Lanes {
    /// Builds the automaton. Needles that can't be searched for are a defect that every test would show.
    #[allow(clippy::expect_used)]
    pub(super) fn new<'n>(needles: impl Iterator<Item = &'n str>) -> Self {
        let automaton = DFA::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .start_kind(StartKind::Unanchored)
            .prefilter(false)
            .build(needles)
            .expect("the needles of the second scan are few and short");
        let start =
            automaton.start_state(Anchored::No).expect("an unanchored search is what it is built for");
        let longest = automaton.max_pattern_len();
        Self { automaton, start, longest }
    }

    /// Asks `told` about each needle and where it begins, until it has an answer. They overlap, and the
    /// order is that of the lanes, which depends on the text alone.
    pub(super) fn find<T>(&self, text: &[u8], mut told: impl FnMut(usize, usize) -> Option<T>) -> Option<T> {
        let length = text.len() / LANES;
        let mut lanes: [&[u8]; LANES] = std::array::from_fn(|lane| &text[lane * length..(lane + 1) * length]);
        let mut states = [self.start; LANES];
        let mut done = 0;
        while !lanes[0].is_empty() {
            let steps = self.walk(&lanes, &mut states);
            done += steps;
            for (lane, state) in states.into_iter().enumerate() {
                lanes[lane] = &lanes[lane][steps..];
                if self.automaton.is_special(state) {
                    let answer = self.told(state, lane * length + done, text.len(), &mut told);
                    if answer.is_some() {
                        return answer;
                    }
                }
            }
        }
        states.into_iter().enumerate().find_map(|(lane, state)| {
            let border = (lane + 1) * length;
            let (end, before) = match lane + 1 {
                LANES => (text.len(), text.len()),
                _ => ((border + self.longest).min(text.len()), border),
            };
            self.over_the_border(text, state, border..end, before, &mut told)
        })
    }

    /// Walks all lanes on until one of them has a needle, or to their end; answers how far. A function of its own, so
    /// that nothing else wants its registers.
    #[inline(never)]
    fn walk(&self, lanes: &[&[u8]; LANES], states: &mut [StateID; LANES]) -> usize {
        let (automaton, special) = (&self.automaton, |state| self.automaton.is_special(state));
        let [mut p, mut q, mut r, mut s, mut t, mut u] = *states;
        let [a, b, c, d, e, f] = lanes;
        let mut steps = 0;
        for (((((a, b), c), d), e), f) in a.iter().zip(*b).zip(*c).zip(*d).zip(*e).zip(*f) {
            p = automaton.next_state(Anchored::No, p, *a);
            q = automaton.next_state(Anchored::No, q, *b);
            r = automaton.next_state(Anchored::No, r, *c);
            s = automaton.next_state(Anchored::No, s, *d);
            t = automaton.next_state(Anchored::No, t, *e);
            u = automaton.next_state(Anchored::No, u, *f);
            steps += 1;
            if special(p) | special(q) | special(r) | special(s) | special(t) | special(u) {
                break;
            }
        }
        *states = [p, q, r, s, t, u];
        steps
    }

    /// Goes on with a lane behind its end, for needles that begin before the next one.
    fn over_the_border<T>(
        &self,
        text: &[u8],
        mut state: StateID,
        rest: std::ops::Range<usize>,
        before: usize,
        told: &mut impl FnMut(usize, usize) -> Option<T>,
    ) -> Option<T> {
        let begin = rest.start;
        text.get(rest)?.iter().enumerate().find_map(|(at, byte)| {
            state = self.automaton.next_state(Anchored::No, state, *byte);
            self.told(state, begin + at + 1, before, told)
        })
    }

    /// Needles that end at `end` and begin before `before`.
    fn told<T>(
        &self,
        state: StateID,
        end: usize,
        before: usize,
        told: &mut impl FnMut(usize, usize) -> Option<T>,
    ) -> Option<T> {
        if !self.automaton.is_match(state) {
            return None;
        }
        (0..self.automaton.match_len(state)).find_map(|index| {
            let needle = self.automaton.match_pattern(state, index);
            let start = end.checked_sub(self.automaton.pattern_len(needle))?;
            (start < before).then(|| told(needle.as_usize(), start))?
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_needle_is_told_once_wherever_the_lanes_meet() {
        let lanes = Lanes::new(["ab", "abcde", "x", "cd"].into_iter());
        for length in [0, 1, 3, 4, 5, 9, 40, 41, 42, 43, 200] {
            for shift in 0..8 {
                let text: Vec<u8> = b"..aBcDe.".iter().copied().cycle().skip(shift).take(length).collect();
                let mut told = Vec::new();
                let none: Option<()> = lanes.find(&text, |needle, start| {
                    told.push((start, needle));
                    None
                });
                told.sort_unstable();
                let lower = text.to_ascii_lowercase();
                let mut expected = Vec::new();
                for (needle, bytes) in ["ab", "abcde", "x", "cd"].iter().enumerate() {
                    let places = lower.windows(bytes.len()).enumerate();
                    expected
                        .extend(places.filter(|(_, w)| *w == bytes.as_bytes()).map(|(at, _)| (at, needle)));
                }
                expected.sort_unstable();
                assert_eq!((none, told), (None, expected), "{length} {shift}");
            }
        }
    }

    #[test]
    fn an_answer_ends_the_search() {
        let lanes = Lanes::new(["ab"].into_iter());
        let mut asked = 0;
        let answer = lanes.find(b"abababababab", |_, start| {
            asked += 1;
            (start > 0).then_some(start)
        });
        assert!(answer.is_some() && asked <= 2);
    }
}
