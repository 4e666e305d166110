//! Counts by time, in bounded memory: minutes at first, and wider steps as soon as there are too many of
//! them. How wide depends on the times alone, not on their order, so that parts can be merged in any way.

use std::collections::BTreeMap;

use super::histogram::Histogram;

/// Steps beyond this are made wider.
const MOST: usize = 2048;
/// Microseconds of a minute.
pub const MINUTE: i64 = 60_000_000;

/// What happened within a step.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Step {
    /// Lines of the log.
    pub lines: u64,
    /// Requests, calls or jobs among them.
    pub requests: u64,
    /// Requests that failed.
    pub failed: u64,
    /// Lines that tell an error.
    pub errors: u64,
    /// How long the requests took.
    pub took: Histogram,
}

impl Step {
    pub(super) fn merge(&mut self, other: &Self) {
        self.lines += other.lines;
        self.requests += other.requests;
        self.failed += other.failed;
        self.errors += other.errors;
        self.took.merge(&other.took);
    }
}

/// Steps by their number; a step is `width` minutes long and begins at its number times that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Minutes {
    width: i64,
    steps: BTreeMap<i64, Step>,
}

impl Default for Minutes {
    fn default() -> Self {
        Self { width: 1, steps: BTreeMap::new() }
    }
}

impl Minutes {
    /// Minutes of a step.
    pub fn width(&self) -> i64 {
        self.width
    }

    /// Begin (in minutes since 1970) and content of each step that has any, by time.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = (i64, &Step)> {
        self.steps.iter().map(|(number, step)| (number * self.width, step))
    }

    /// The step of a moment in microseconds since 1970.
    pub fn at(&mut self, micros: i64) -> &mut Step {
        let mut number = micros.div_euclid(MINUTE).div_euclid(self.width);
        if self.steps.len() >= MOST && !self.steps.contains_key(&number) {
            self.widen(self.width * 2);
            number = micros.div_euclid(MINUTE).div_euclid(self.width);
        }
        self.steps.entry(number).or_default()
    }

    /// All of another one.
    pub fn merge(&mut self, other: &Self) {
        if other.width > self.width {
            self.widen(other.width);
        }
        let ratio = self.width / other.width;
        for (number, step) in &other.steps {
            self.steps.entry(number.div_euclid(ratio)).or_default().merge(step);
        }
        while self.steps.len() > MOST {
            self.widen(self.width * 2);
        }
    }

    /// The same in steps of at least so many minutes.
    #[must_use]
    pub fn coarser(&self, width: i64) -> Self {
        let mut wide = self.clone();
        while wide.width < width {
            wide.widen(wide.width * 2);
        }
        wide
    }

    fn widen(&mut self, width: i64) {
        let ratio = width / self.width;
        self.width = width;
        for (number, step) in std::mem::take(&mut self.steps) {
            self.steps.entry(number.div_euclid(ratio)).or_default().merge(&step);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(minutes: &Minutes) -> u64 {
        minutes.steps().map(|(_, step)| step.lines).sum()
    }

    #[test]
    fn a_hundred_years_fit() {
        let mut all = Minutes::default();
        for n in 0..50_000 {
            all.at(n * 1000 * MINUTE).lines += 1;
        }
        assert!(all.steps().count() <= MOST && all.width() > 1000);
        assert_eq!(lines(&all), 50_000);
    }

    #[test]
    fn parts_make_the_same_whole_in_any_order() {
        let (mut early, mut late, mut whole) = (Minutes::default(), Minutes::default(), Minutes::default());
        for n in 0..3000 {
            whole.at(n * MINUTE).lines += 1;
            (if n < 2500 { &mut early } else { &mut late }).at(n * MINUTE).lines += 1;
        }
        let mut one = early.clone();
        one.merge(&late);
        late.merge(&early);
        assert_eq!(one, late);
        assert_eq!(one, whole);
        assert_eq!(one.coarser(10).width(), 16);
    }
}
