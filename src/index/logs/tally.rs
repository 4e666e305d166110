//! Figures by name: routes, workers, methods. Names come from logs, so their number is capped.

use std::collections::HashMap;

use super::super::histogram::Histogram;

/// Names that are told apart.
const MOST: usize = 1000;
/// Characters of a name.
const LONGEST: usize = 160;

/// A name without what is beyond the cap.
pub(super) fn cut(name: &str) -> &str {
    let end = name.char_indices().nth(LONGEST).map_or(name.len(), |(at, _)| at);
    &name[..end]
}

/// What was counted of one name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Whose it is; a route is Rails' or the API's.
    pub component: &'static str,
    /// How many.
    pub count: u64,
    /// How many of them failed.
    pub failed: u64,
    /// How long they took.
    pub took: Histogram,
    /// How long they waited before.
    pub waited: Histogram,
}

/// All names.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tallies {
    names: HashMap<String, Tally>,
    /// What bears names beyond the cap.
    pub others: u64,
}

impl Tallies {
    /// One of this name, unless there are too many names.
    pub(super) fn of(&mut self, name: &str) -> Option<&mut Tally> {
        let name = cut(name);
        if !self.names.contains_key(name) {
            if self.names.len() >= MOST {
                self.others += 1;
                return None;
            }
            self.names.insert(name.to_owned(), Tally::default());
        }
        self.names.get_mut(name)
    }

    /// All of another part.
    pub(super) fn merge(&mut self, other: Self) {
        self.others += other.others;
        let mut more: Vec<_> = other.names.into_iter().collect();
        more.sort_by(|a, b| b.1.count.cmp(&a.1.count).then_with(|| a.0.cmp(&b.0)));
        for (name, tally) in more {
            if let Some(mine) = self.names.get_mut(&name) {
                mine.count += tally.count;
                mine.failed += tally.failed;
                mine.took.merge(&tally.took);
                mine.waited.merge(&tally.waited);
            } else if self.names.len() < MOST {
                self.names.insert(name, tally);
            } else {
                self.others += tally.count;
            }
        }
    }

    /// How many names there are.
    pub(super) fn len(&self) -> usize {
        self.names.len()
    }

    /// Those that took most time in all first.
    pub fn sorted(&self) -> Vec<(&str, &Tally)> {
        let mut all: Vec<_> = self.names.iter().map(|(name, tally)| (name.as_str(), tally)).collect();
        all.sort_by(|a, b| {
            let order = b.1.took.total().total_cmp(&a.1.took.total());
            order.then(b.1.count.cmp(&a.1.count)).then_with(|| a.0.cmp(b.0))
        });
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_capped_and_the_rest_counted() {
        let mut tallies = Tallies::default();
        for n in 0..1500 {
            if let Some(tally) = tallies.of(&format!("{n}{}", "é".repeat(500))) {
                tally.count += 1;
                tally.took.add(n);
            }
        }
        let sorted = tallies.sorted();
        assert_eq!((sorted.len(), tallies.others), (MOST, 500));
        assert!(sorted[0].0.starts_with("999") && sorted[0].0.chars().count() == LONGEST);
    }
}
