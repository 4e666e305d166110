//! The host's own clock: what a local time without an offset can mean.

use jiff::{
    Timestamp,
    tz::{AmbiguousOffset, Offset, TimeZone},
};

use super::{Moment, micros, number::SECOND};

/// Offsets change at whole quarters of an hour of local time since 1972.
const QUARTER: i64 = 900;
const DAY: i64 = 86_400 * SECOND;

/// A zone, and the offsets of the quarter of an hour that was asked last.
#[derive(Debug)]
pub(super) struct Local {
    zone: TimeZone,
    quarter: i64,
    /// Seconds east of Greenwich: the larger makes the earlier moment.
    east: (i64, i64),
}

impl Local {
    pub(super) fn new(zone: TimeZone) -> Self {
        Self { zone, quarter: i64::MIN, east: (0, 0) }
    }

    /// What `local` (microseconds as if in UTC) means: two moments where the clock was turned.
    pub(super) fn moment(&mut self, local: i64) -> Moment {
        let quarter = local.div_euclid(QUARTER * SECOND);
        if quarter != self.quarter {
            self.quarter = quarter;
            self.east = self.offsets(quarter);
        }
        Moment { early: local - self.east.0 * SECOND, late: local - self.east.1 * SECOND }
    }

    fn offsets(&self, quarter: i64) -> (i64, i64) {
        let Ok(start) = Timestamp::from_second(quarter * QUARTER) else {
            return (0, 0);
        };
        let civil = Offset::UTC.to_datetime(start);
        let (a, b) = match self.zone.to_ambiguous_timestamp(civil).offset() {
            AmbiguousOffset::Unambiguous { offset } => (offset, offset),
            AmbiguousOffset::Gap { before, after } | AmbiguousOffset::Fold { before, after } => {
                (before, after)
            }
        };
        let (a, b) = (i64::from(a.seconds()), i64::from(b.seconds()));
        (a.max(b), a.min(b))
    }

    /// The same, where the line names the zone (`CET`, `CEST`): in a repeated hour that tells which. A name
    /// that the zone does not have then says nothing.
    pub(super) fn named(&mut self, local: i64, name: &[u8]) -> Moment {
        if matches!(name, b"UTC" | b"GMT" | b"Z" | b"UCT") {
            return Moment::exact(local);
        }
        let both = self.moment(local);
        if both.early == both.late {
            return both;
        }
        let fits = |time: i64| {
            Timestamp::from_microsecond(time)
                .is_ok_and(|t| self.zone.to_offset_info(t).abbreviation().as_bytes() == name)
        };
        match (fits(both.early), fits(both.late)) {
            (true, false) => Moment::exact(both.early),
            (false, true) => Moment::exact(both.late),
            _ => both,
        }
    }

    /// By how much the clock is turned back within a day of `around`.
    pub(super) fn repeat(&self, around: i64) -> i64 {
        let Ok(from) = Timestamp::from_microsecond(around.saturating_sub(DAY)) else {
            return 0;
        };
        let mut before = self.zone.to_offset(from).seconds();
        let mut most = 0;
        for change in self.zone.following(from).take(16) {
            if micros(change.timestamp()) > around.saturating_add(DAY) {
                break;
            }
            let after = change.offset().seconds();
            most = most.max(i64::from(before) - i64::from(after));
            before = after;
        }
        most * SECOND
    }

    /// The year that the host's calendar shows at a moment.
    pub(super) fn year(&self, at: i64) -> Option<i64> {
        let at = Timestamp::from_microsecond(at).ok()?;
        Some(i64::from(self.zone.to_datetime(at).year()))
    }
}
