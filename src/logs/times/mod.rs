//! The time of a line, in every format that a GitLab host writes.
//!
//! What a line's time is depends on the line alone (and the host's zone and the file's age), never on
//! the lines before: bisection and a scan must agree. Never looks into a continuation line for long.

mod json;
mod local;
mod number;
mod text;
mod yearless;

use jiff::{Timestamp, tz::TimeZone};
use memchr::memchr;

use local::Local;

/// Microseconds since 1970, UTC: the earliest and the latest moment that a line's time can mean. They
/// differ in an hour that a clock repeats, and where a format tells no seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Moment {
    /// The earliest.
    pub(super) early: i64,
    /// The latest.
    pub(super) late: i64,
}

impl Moment {
    fn exact(micros: i64) -> Self {
        Self { early: micros, late: micros }
    }
}

/// Microseconds of a timestamp, rounded down as line times are.
pub(super) fn micros(time: Timestamp) -> i64 {
    i64::try_from(time.as_nanosecond().div_euclid(1000)).unwrap_or(i64::MAX)
}

/// A timestamp of microseconds, if there is one.
pub(super) fn timestamp(micros: i64) -> Option<Timestamp> {
    Timestamp::from_microsecond(micros).ok()
}

/// Reads the times of one file's lines.
#[derive(Debug)]
pub(super) struct Times {
    local: Local,
    json: json::Keys,
    /// No line is much younger than this: gives lines without a year theirs.
    newest: i64,
}

impl Times {
    /// For a file that was last written at `newest` on a host whose clock shows `zone`.
    pub(super) fn new(zone: &TimeZone, newest: Timestamp) -> Self {
        Self { local: Local::new(zone.clone()), json: json::Keys::new(), newest: micros(newest) }
    }

    /// The same, with another age.
    pub(super) fn written_until(&mut self, newest: Timestamp) {
        self.newest = micros(newest);
    }

    /// How far the host's clock goes back around a moment, in microseconds (0 but for a day or two a year).
    pub(super) fn repeat(&self, around: i64) -> i64 {
        self.local.repeat(around)
    }

    /// The time of a line, if it begins one: a continuation has none.
    pub(super) fn of(&mut self, line: &[u8]) -> Option<Moment> {
        let line = plain(line);
        let (&first, _) = line.split_first()?;
        match first {
            b'{' => self.json.time(line, &mut self.local),
            b'0'..=b'9' => text::dated(line, &mut self.local)
                .or_else(|| text::redis(line, &mut self.local))
                .or_else(|| text::access(line)),
            b'[' => self.bracketed(line),
            b'@' => text::tai(line.get(1..)?),
            b'#' => text::labelled(line, &mut self.local),
            b'A'..=b'Z' | b'a'..=b'z' => yearless::syslog(line, &mut self.local, self.newest)
                .or_else(|| yearless::klog(line, &mut self.local, self.newest))
                .or_else(|| text::ruby(line, &mut self.local))
                .or_else(|| text::started(line, &mut self.local))
                .or_else(|| text::logfmt(line, &mut self.local))
                .or_else(|| text::labelled(line, &mut self.local))
                .or_else(|| text::long_date(line, &mut self.local))
                .or_else(|| text::access(line)),
            b':' | b'-' => text::access(line),
            _ => None,
        }
    }

    /// `[2026-03-01T10:00:00+00:00] INFO` (Chef), `[01/Mar/2026:10:00:00 +0000]`, and Puma's `[PID] …`.
    fn bracketed(&mut self, line: &[u8]) -> Option<Moment> {
        let inside = line.get(1..)?;
        if let Some(moment) = text::dated(inside, &mut self.local).or_else(|| text::common(inside)) {
            return Some(moment);
        }
        let close = memchr(b']', inside.get(..12.min(inside.len()))?)?;
        let (pid, rest) = (inside.get(..close)?, inside.get(close + 1..)?);
        if pid.is_empty() || !pid.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let rest = rest.strip_prefix(b" ")?;
        match rest.first()? {
            b'{' => self.json.time(rest, &mut self.local),
            b'[' => text::dated(rest.get(1..)?, &mut self.local),
            _ => text::dated(rest, &mut self.local),
        }
    }
}

/// Times of lines for who reads a log that was taken already.
#[derive(Debug)]
pub struct LineTimes(Times);

impl LineTimes {
    /// For a file that was last written at `newest` on a host whose clock shows `zone`.
    pub fn new(zone: &TimeZone, newest: Timestamp) -> Self {
        Self(Times::new(zone, newest))
    }

    /// The time of a line in microseconds since 1970, if it begins one.
    pub fn of_line(&mut self, line: &[u8]) -> Option<i64> {
        self.0.of(line).map(|moment| moment.early)
    }

    /// The time that a field of a line tells: a date and a time, or seconds since 1970.
    pub fn of_field(&mut self, text: &[u8]) -> Option<i64> {
        text::dated(text, &mut self.0.local).map(|moment| moment.early).or_else(|| number::epoch(text))
    }
}

/// Without the NULs that a hole leaves, a byte order mark, and colours before the first character.
fn plain(mut line: &[u8]) -> &[u8] {
    if let [0, ..] = line {
        let text = line.iter().position(|b| *b != 0).unwrap_or(line.len());
        line = line.get(text..).unwrap_or_default();
    }
    line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
    while let Some(rest) = line.strip_prefix(b"\x1b[") {
        let end = rest.iter().take(16).position(|b| b.is_ascii_alphabetic());
        match end.and_then(|end| rest.get(end + 1..)) {
            Some(after) => line = after,
            None => break,
        }
    }
    line
}

/// Digits only, at most 18.
pub(super) fn digits_of(text: &[u8]) -> Option<i64> {
    if (1..=18).contains(&text.len()) { number::digits(text, 0, text.len()) } else { None }
}

/// Seconds of a date's midnight, as if in UTC.
pub(super) fn midnight(year: i64, month: i64, day: i64) -> Option<i64> {
    number::date(year, month, day)
}

/// The moment of a TAI64N label without its `@`.
pub(super) fn tai(text: &[u8]) -> Option<Moment> {
    text::tai(text)
}
