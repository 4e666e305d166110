//! Which lines are inside the window, and what was odd about their times.

use jiff::Timestamp;

use super::{
    Window,
    lines::Line,
    taken::Notes,
    times::{Moment, Times, micros, timestamp},
};
use crate::units;

/// How far out of order lines may be.
#[derive(Debug, Clone, Copy)]
pub(super) struct Slack {
    /// Microseconds.
    pub(super) time: i64,
    /// Bytes.
    pub(super) bytes: u64,
}

/// Where a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Older than the window.
    Before,
    /// Inside.
    In,
    /// Younger.
    After,
}

/// The window of one file, and what is counted of its lines.
#[derive(Debug, Clone)]
pub(super) struct Filter {
    since: i64,
    until: i64,
    slack: Slack,
    /// Of the line before: a line without a time belongs to it.
    place: Place,
    /// Since this byte all lines are younger than the window, by more than the slack.
    beyond: Option<u64>,
    /// Times do not rise: a younger line says nothing about those that follow.
    all: bool,
    newest: i64,
    back: i64,
    /// Lines that have a time.
    pub(super) timed: u64,
    span: Option<(i64, i64)>,
}

impl Filter {
    /// `slack.time` must hold what the host's clock repeats near the window's ends.
    pub(super) fn new(window: &Window, slack: Slack) -> Self {
        Self {
            since: micros(window.since),
            until: micros(window.until),
            slack,
            place: Place::Before,
            beyond: None,
            all: false,
            newest: i64::MIN,
            back: 0,
            timed: 0,
            span: None,
        }
    }

    /// Lines that are all younger than this are not needed, nor those behind 4 MiB of them.
    pub(super) fn horizon(&self) -> i64 {
        self.until.saturating_add(self.slack.time).saturating_add(1)
    }

    /// Lines before one that is older than this are not needed, but for 4 MiB of them.
    pub(super) fn threshold(&self) -> i64 {
        self.since.saturating_sub(self.slack.time)
    }

    /// Of the time between the youngest line so far and `last`, the share that is inside the window; all of it
    /// where no line had a time.
    pub(super) fn share_of(&self, last: i64) -> f64 {
        let (from, to) = (self.newest.max(self.since), last.min(self.until));
        if self.timed == 0 || last <= self.newest {
            return 1.0;
        }
        to.saturating_sub(from).max(0) as f64 / last.saturating_sub(self.newest) as f64
    }

    /// The window's first moment, and the first behind it.
    pub(super) fn ends(&self) -> (i64, i64) {
        (self.since, self.until.saturating_add(1))
    }

    /// How far out of order lines may be.
    pub(super) fn slack(&self) -> Slack {
        self.slack
    }

    /// Begins anew: `place` is that of the line before the first.
    pub(super) fn restart(&mut self, place: Place) {
        *self = Self { place, beyond: None, newest: i64::MIN, back: 0, timed: 0, span: None, ..*self };
    }

    /// Where a moment stands; one that may be inside is.
    pub(super) fn stands(&self, moment: Moment) -> Place {
        if moment.late < self.since {
            Place::Before
        } else if moment.early > self.until {
            Place::After
        } else {
            Place::In
        }
    }

    /// Where a line (at byte `at`) stands, and whether it has a time of its own.
    pub(super) fn place(&mut self, times: &mut Times, line: &Line, bytes: &[u8], at: u64) -> (Place, bool) {
        let Some(moment) = line.fresh.then(|| times.of(bytes)).flatten() else {
            return (self.place, false);
        };
        self.place = self.stands(moment);
        self.timed += 1;
        if moment.late.saturating_add(self.slack.time) < self.newest {
            self.back = self.back.max(self.newest - moment.late);
        }
        self.newest = self.newest.max(moment.early);
        if moment.early <= self.until {
            self.beyond = None;
        } else if moment.early >= self.horizon() {
            self.beyond.get_or_insert(at);
        }
        if self.place == Place::In {
            let (first, last) = self.span.unwrap_or((moment.early, moment.early));
            self.span = Some((first.min(moment.early), last.max(moment.early)));
        }
        (self.place, true)
    }

    /// Makes it look at every line.
    pub(super) fn search_all(&mut self) {
        self.all = true;
    }

    /// Whether no line from `at` on can be inside.
    pub(super) fn is_over(&self, at: u64) -> bool {
        !self.all && self.beyond.is_some_and(|beyond| at.saturating_sub(beyond) >= self.slack.bytes)
    }

    /// The times of the oldest and the youngest line inside.
    pub(super) fn span(&self) -> (Option<Timestamp>, Option<Timestamp>) {
        self.span.map_or((None, None), |(first, last)| (timestamp(first), timestamp(last)))
    }

    /// Forgets the times of lines that gave way to a limit.
    pub(super) fn forget_span(&mut self) {
        self.span = None;
    }

    /// What was odd.
    pub(super) fn tell(&self, notes: &mut Notes) {
        if self.back > 0 {
            let back = std::time::Duration::from_micros(self.back.unsigned_abs());
            notes.add(format!("times step back by up to {}", units::show_duration(back)));
        }
    }
}
