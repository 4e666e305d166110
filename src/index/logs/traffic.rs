//! How much a component's log tells over time: lines, requests, failures, how long they took, and where
//! it is silent.

use std::sync::Arc;

use super::super::{
    histogram::Histogram,
    minutes::{MINUTE, Minutes, Step},
    place::{Place, Signal},
};

/// Silences that are kept.
const GAPS: usize = 8;
/// A silence of so many microseconds is one.
const SILENCE: i64 = 5 * MINUTE;

/// One component's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Lines.
    pub lines: u64,
    /// The first of them, of the first file.
    pub first: Option<Place>,
    /// The newest: its entry and line.
    pub newest: Option<(Arc<str>, u64)>,
    /// Lines that should be JSON and are not.
    pub bad: u64,
    /// The first of these.
    pub first_bad: Option<Place>,
    /// Requests, calls or jobs.
    pub requests: u64,
    /// Those that failed on the server's side.
    pub failed: Signal,
    /// Lines that tell an error.
    pub errors: u64,
    /// How long requests took.
    pub took: Histogram,
    /// How long jobs waited before they began.
    pub waited: Histogram,
    /// All that by time.
    pub minutes: Minutes,
    /// The first and the last time, in microseconds since 1970.
    pub times: Option<(i64, i64)>,
    /// Silences between two lines of one file, the longest first: begin, end, and the line after it.
    pub gaps: Vec<(i64, i64, Place)>,
}

/// Traffic of one file while it is read.
#[derive(Debug, Default)]
pub(super) struct Meter {
    pub(super) traffic: Traffic,
    /// The minute at hand: most lines fall into the one of the line before.
    minute: i64,
    step: Step,
    /// The number of the newest line.
    newest: u64,
}

impl Meter {
    /// A line; `place` is asked for only of the first, and where a silence ends.
    pub(super) fn line(&mut self, number: u64, time: Option<i64>, place: impl Fn() -> Place) {
        self.traffic.lines += 1;
        self.traffic.first.get_or_insert_with(&place);
        let Some(time) = time else { return };
        let minute = time.div_euclid(MINUTE);
        if minute != self.minute {
            self.flush();
            self.minute = minute;
        }
        match &mut self.traffic.times {
            None => {
                self.traffic.times = Some((time, time));
                self.newest = number;
            }
            Some((first, last)) => {
                if time - *last >= SILENCE {
                    let gap = (*last, time, place());
                    insert(&mut self.traffic.gaps, gap);
                }
                *first = time.min(*first);
                if time > *last {
                    (*last, self.newest) = (time, number);
                }
            }
        }
        self.step.lines += 1;
    }

    /// A request; `place` is asked for only where it failed.
    pub(super) fn request(
        &mut self,
        micros: Option<u64>,
        failed: bool,
        time: Option<i64>,
        place: impl FnOnce() -> Place,
    ) {
        self.traffic.requests += 1;
        self.step.requests += 1;
        self.step.failed += u64::from(failed);
        if let Some(micros) = micros {
            self.traffic.took.add(micros);
            self.step.took.add(micros);
        }
        if failed {
            self.traffic.failed.add(time, place);
        }
    }

    /// The line tells an error.
    pub(super) fn error(&mut self) {
        self.traffic.errors += 1;
        self.step.errors += 1;
    }

    fn flush(&mut self) {
        let step = std::mem::take(&mut self.step);
        if step != Step::default() && self.traffic.times.is_some() {
            self.traffic.minutes.at(self.minute.saturating_mul(MINUTE)).merge(&step);
        }
    }

    /// All of the file.
    pub(super) fn finish(mut self, entry: &Arc<str>) -> Traffic {
        self.flush();
        self.traffic.newest = self.traffic.times.map(|_| (Arc::clone(entry), self.newest));
        self.traffic
    }
}

fn insert(gaps: &mut Vec<(i64, i64, Place)>, gap: (i64, i64, Place)) {
    gaps.push(gap);
    gaps.sort_by_key(|(from, to, _)| (from - to, *from));
    gaps.truncate(GAPS);
}

impl Traffic {
    /// All of another file of the same log.
    pub(super) fn merge(&mut self, other: Self) {
        self.lines += other.lines;
        self.first = self.first.take().or(other.first);
        let last = |times: Option<(i64, i64)>| times.map(|(_, last)| last);
        if last(other.times) > last(self.times) {
            self.newest = other.newest;
        }
        self.bad += other.bad;
        self.first_bad = self.first_bad.take().or(other.first_bad);
        self.requests += other.requests;
        self.failed.merge(other.failed);
        self.errors += other.errors;
        self.took.merge(&other.took);
        self.waited.merge(&other.waited);
        self.minutes.merge(&other.minutes);
        self.times = match (self.times, other.times) {
            (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
            (a, b) => a.or(b),
        };
        other.gaps.into_iter().for_each(|gap| insert(&mut self.gaps, gap));
    }

    /// The share of requests that failed, in percent.
    pub fn failed_percent(&self) -> Option<f64> {
        (self.requests > 0).then(|| 100.0 * self.failed.count as f64 / self.requests as f64)
    }
}
