//! What happened when. The newest are kept, for they are nearest to the trouble that a bundle was made for;
//! the others are counted.

use super::super::place::Place;

/// Events that are kept.
const MOST: usize = 2000;

/// Something that happened at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// Microseconds since 1970.
    pub time: i64,
    /// `restart` or `kill`.
    pub kind: &'static str,
    /// Whose log tells it.
    pub component: &'static str,
    /// What happened.
    pub text: String,
    /// The line.
    pub place: Place,
}

/// Events of one log or of all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Events {
    kept: Vec<Happened>,
    /// Older ones that found no room.
    pub left_out: u64,
}

impl Events {
    /// Those that are kept, by time.
    pub fn kept(&self) -> &[Happened] {
        &self.kept
    }

    /// One more; `settle` follows the last.
    pub(super) fn add(&mut self, happened: Happened) {
        self.kept.push(happened);
        if self.kept.len() >= 2 * MOST {
            self.settle();
        }
    }

    /// Sorts them, and drops the oldest.
    pub(super) fn settle(&mut self) {
        self.kept.sort_by(|a, b| {
            (a.time, a.component, &a.place.entry, a.place.line).cmp(&(
                b.time,
                b.component,
                &b.place.entry,
                b.place.line,
            ))
        });
        let over = self.kept.len().saturating_sub(MOST);
        self.left_out += over as u64;
        self.kept.drain(..over);
    }

    /// All of another log.
    pub(super) fn merge(&mut self, other: Self) {
        self.left_out += other.left_out;
        self.kept.extend(other.kept);
        self.settle();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn events(times: impl Iterator<Item = i64>) -> Events {
        let mut events = Events::default();
        for time in times {
            let place = Place { entry: "x".into(), line: 1, text: String::new() };
            events.add(Happened { time, kind: "restart", component: "puma", text: String::new(), place });
        }
        events.settle();
        events
    }

    #[test]
    fn the_newest_stay_and_those_left_out_are_counted() {
        let mut all = events(0..7_000);
        assert_eq!((all.kept().len(), all.left_out), (MOST, 5_000));
        assert_eq!(all.kept()[0].time, 5_000);
        all.merge(events(6_000..8_000));
        assert_eq!((all.kept().len(), all.left_out), (MOST, 7_000));
        assert_eq!(all.kept().last().unwrap().time, 7_999);
        assert!(all.kept().iter().all(|event| event.time >= 6_000));
    }
}
