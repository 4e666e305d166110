//! Which anchors share a group. A group hits where any of its first pairs stands before any of its second
//! ones, so anchors that share pairs belong together, and those whose pairs often meet in logs apart.

use std::collections::HashSet;

use super::{GROUPS, PAIRS, anchor::Window, sample::SAMPLE};

/// Hits in the sample that a pair costs which the sample lacks, for each pair that it may meet.
const UNSEEN: f64 = 1e-5;

/// By pair: in the lower half the groups in which it comes first, in the upper half second.
pub(super) fn assign(windows: &[Window<'_>]) -> Box<[u32; PAIRS]> {
    let mut table = Table { pairs: Box::new([0; PAIRS]), sizes: [(0, 0); GROUPS] };
    let mut known = HashSet::new();
    for window in windows.iter().filter(|window| known.insert(window.sets)) {
        let ends = Ends::of(window);
        let cost = |group: usize| table.cost(group, &ends);
        let best = (0..GROUPS).map(|group| (cost(group), group)).min_by(|a, b| a.0.total_cmp(&b.0));
        table.add(best.map_or(0, |(_, group)| group), &ends);
    }
    table.pairs
}

/// The pairs of a window.
struct Ends {
    first: Vec<u16>,
    second: Vec<u16>,
    /// Those of `first` that the sample has, with what stands behind them.
    behind: Vec<(u16, &'static [(u16, u32)])>,
    /// Those of `second` that the sample has, with what stands before them.
    before: Vec<(u16, &'static [(u16, u32)])>,
}

impl Ends {
    fn of(window: &Window<'_>) -> Self {
        let (first, second): (Vec<_>, Vec<_>) =
            (window.first_pairs().collect(), window.second_pairs().collect());
        let seen = |(_, beside): &(u16, &[(u16, u32)])| !beside.is_empty();
        Self {
            behind: first.iter().map(|pair| (*pair, SAMPLE.behind(*pair))).filter(seen).collect(),
            before: second.iter().map(|pair| (*pair, SAMPLE.before(*pair))).filter(seen).collect(),
            first,
            second,
        }
    }
}

struct Table {
    pairs: Box<[u32; PAIRS]>,
    /// How many pairs come first and second in each group.
    sizes: [(usize, usize); GROUPS],
}

impl Table {
    fn is_first(&self, pair: u16, group: usize) -> bool {
        self.pairs[usize::from(pair)] >> group & 1 != 0
    }

    fn is_second(&self, pair: u16, group: usize) -> bool {
        self.pairs[usize::from(pair)] >> (GROUPS + group) & 1 != 0
    }

    /// How many more hits the sample would have with these pairs in a group.
    fn cost(&self, group: usize, ends: &Ends) -> f64 {
        let (firsts, seconds) = self.sizes[group];
        let new_first = ends.first.iter().filter(|pair| !self.is_first(**pair, group)).count();
        let new_second = ends.second.iter().filter(|pair| !self.is_second(**pair, group)).count();
        let fill = new_first * (seconds + ends.second.len()) + new_second * firsts;
        let mut hits = 0;
        for (_, behind) in ends.behind.iter().filter(|(pair, _)| !self.is_first(*pair, group)) {
            let met = behind.iter().filter(|(next, _)| self.is_second(*next, group));
            hits += met.map(|(_, count)| count).sum::<u32>();
        }
        for (_, before) in ends.before.iter().filter(|(pair, _)| !self.is_second(*pair, group)) {
            let met = before.iter().filter(|(last, _)| self.is_first(*last, group));
            hits += met.map(|(_, count)| count).sum::<u32>();
        }
        f64::from(hits) + fill as f64 * UNSEEN
    }

    fn add(&mut self, group: usize, ends: &Ends) {
        for pair in &ends.first {
            self.sizes[group].0 += usize::from(!self.is_first(*pair, group));
            self.pairs[usize::from(*pair)] |= 1 << group;
        }
        for pair in &ends.second {
            self.sizes[group].1 += usize::from(!self.is_second(*pair, group));
            self.pairs[usize::from(*pair)] |= 1 << (GROUPS + group);
        }
    }
}
