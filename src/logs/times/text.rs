//! Times in lines of text that tell their year.

use memchr::{memchr, memmem};

use super::{
    Moment,
    local::Local,
    number::{SECOND, clock, date, day, digits, epoch, fraction, month},
};

/// How far into a line its time is looked for, in formats that don't begin with it.
const FAR: usize = 4096;

fn head(line: &[u8]) -> &[u8] {
    line.get(..FAR.min(line.len())).unwrap_or(line)
}

/// A date with the year first, and a time, at the very beginning:
/// `2026-03-01T10:00:00.123Z`, `2026-03-01 10:00:00,123 +0100`, `2026-03-01 10:00:00.123 CET`,
/// NGINX's `2026/03/01 10:00:00`, and svlogd's `2026-03-01_10:00:00.12345` (UTC).
pub(super) fn dated(text: &[u8], local: &mut Local) -> Option<Moment> {
    let dash = *text.get(4)?;
    if !matches!(dash, b'-' | b'/') || text.get(7) != Some(&dash) {
        return None;
    }
    let midnight = date(digits(text, 0, 4)?, digits(text, 5, 2)?, digits(text, 8, 2)?)?;
    let separator = *text.get(10)?;
    // apt puts two spaces between them.
    let at = if text.get(10..12) == Some(b"  ") { 12 } else { 11 };
    let seconds = midnight + clock(text, at)?;
    let (fraction, length) = fraction(text, at + 8);
    let time = seconds * SECOND + fraction;
    let rest = text.get(at + 8 + length..)?;
    match separator {
        b'_' => Some(Moment::exact(time)),
        b'T' | b't' | b' ' => Some(with_offset(time, rest, local)),
        _ => None,
    }
}

/// The time with the offset or zone that stands behind it, or else in the host's zone.
fn with_offset(time: i64, rest: &[u8], local: &mut Local) -> Moment {
    if let Some(b'Z' | b'z') = rest.first() {
        return Moment::exact(time);
    }
    let rest = rest.strip_prefix(b" ").unwrap_or(rest);
    if let Some(east) = offset(rest) {
        return Moment::exact(time - east * SECOND);
    }
    let name = rest.iter().take(6).take_while(|b| b.is_ascii_uppercase()).count();
    match rest.get(..name) {
        Some(name) if (1..6).contains(&name.len()) => local.named(time, name),
        _ => local.moment(time),
    }
}

/// `+01:00`, `+0100`, `+01`: seconds east of Greenwich.
fn offset(text: &[u8]) -> Option<i64> {
    let sign = match text.first()? {
        b'+' => 1,
        b'-' => -1,
        _ => return None,
    };
    let hours = digits(text, 1, 2)?;
    let minutes = digits(text, 3, 2)
        .or_else(|| (text.get(3) == Some(&b':')).then(|| digits(text, 4, 2)).flatten())
        .unwrap_or(0);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// `26/Jun/2026:06:33:46 +0000`, without its bracket.
pub(super) fn common(text: &[u8]) -> Option<Moment> {
    let marks = text.get(2) == Some(&b'/') && text.get(6) == Some(&b'/') && text.get(11) == Some(&b':');
    if !marks || text.get(20) != Some(&b' ') {
        return None;
    }
    let midnight = date(digits(text, 7, 4)?, month(text, 3)?, digits(text, 0, 2)?)?;
    let east = offset(text.get(21..)?)?;
    Some(Moment::exact((midnight + clock(text, 12)? - east) * SECOND))
}

/// An access log's line: `ADDRESS - USER [TIME] "REQUEST" …`. The user's name is the client's to choose, but can't
/// hold a quote: the time is what stands right before the first one.
pub(super) fn access(line: &[u8]) -> Option<Moment> {
    let line = head(line);
    let quote = memchr(b'"', line)?;
    let before = line.get(..quote)?.strip_suffix(b"] ")?;
    let start = before.len().checked_sub(26)?;
    let open = before.get(start.checked_sub(1)?)?;
    (*open == b'[').then(|| common(before.get(start..)?))?
}

/// Redis: `123:M 01 Mar 2026 10:00:00.123 * …`, in the host's zone.
pub(super) fn redis(line: &[u8], local: &mut Local) -> Option<Moment> {
    let pid = line.iter().take(10).take_while(|b| b.is_ascii_digit()).count();
    let text = line.get(pid..)?.strip_prefix(b":")?;
    if !matches!(text.first()?, b'M' | b'S' | b'C' | b'X') || text.get(1) != Some(&b' ') {
        return None;
    }
    let midnight = date(digits(text, 9, 4)?, month(text, 5)?, day(text, 2)?)?;
    let time = (midnight + clock(text, 14)?) * SECOND + fraction(text, 22).0;
    Some(local.moment(time))
}

/// TAI64N: 16 hexadecimal digits of seconds, 8 of nanoseconds, without the `@`.
pub(super) fn tai(text: &[u8]) -> Option<Moment> {
    let hex = |range: std::ops::Range<usize>| {
        let digits = text.get(range)?;
        let lower = digits.iter().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        i64::from_str_radix(std::str::from_utf8(digits).ok().filter(|_| lower)?, 16).ok()
    };
    let (seconds, nanos) = (hex(0..16)?, hex(16..24)?);
    // svlogd labels seconds as 2^62 + 10 + Unix time, whatever leap seconds there were.
    let seconds = seconds.checked_sub((1 << 62) + 10)?;
    let sane = (0..1 << 40).contains(&seconds) && nanos < 1_000_000_000;
    sane.then(|| Moment::exact(seconds * SECOND + nanos / 1000))
}

/// Ruby's logger: `I, [2026-03-01T10:00:00.123456 #123]  INFO -- : …`.
pub(super) fn ruby(line: &[u8], local: &mut Local) -> Option<Moment> {
    dated(line.get(1..)?.strip_prefix(b", [")?, local)
}

/// Rails: `Started GET "/x" for 10.0.0.1 at 2026-03-01 19:34:53 +0200`; the path may hold anything, so the end counts.
pub(super) fn started(line: &[u8], local: &mut Local) -> Option<Moment> {
    if !line.starts_with(b"Started ") {
        return None;
    }
    let line = line.trim_ascii_end();
    let tail = line.get(line.len().saturating_sub(64)..)?;
    dated(tail.get(tail.windows(4).rposition(|word| word == b" at ")? + 4..)?, local)
}

/// `time=… level=…`: the first such key that stands on its own, with an ISO time or seconds since 1970.
pub(super) fn logfmt(line: &[u8], local: &mut Local) -> Option<Moment> {
    let mut rest = head(line);
    loop {
        let length =
            rest.iter().take(64).position(|b| !(b.is_ascii_alphanumeric() || b"_.@-".contains(b)))?;
        let (key, value) = (rest.get(..length)?, rest.get(length..)?.strip_prefix(b"=")?);
        let quoted = value.strip_prefix(b"\"");
        if matches!(key, b"time" | b"ts" | b"t" | b"timestamp") {
            let value = quoted.unwrap_or(value);
            return dated(value, local).or_else(|| epoch(value).map(Moment::exact));
        }
        let end = match quoted {
            Some(text) => 2 + closing(text)?,
            None => memchr(b' ', value)?,
        };
        rest = value.get(end..)?.strip_prefix(b" ")?;
    }
}

/// Where a quoted value ends.
fn closing(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    text.iter().position(|b| {
        let end = *b == b'"' && !escaped;
        escaped = *b == b'\\' && !escaped;
        end
    })
}

/// Formats that put a few words before the time.
const LABELS: [&[u8]; 6] = [
    b"Start-Date: ",
    b"End-Date: ",
    b"Log started: ",
    b"Log ended: ",
    b"update-alternatives ",
    b"# Logfile created on ",
];

/// apt's history and terminal log, alternatives.log, the first line of Ruby's logger, and audit.log.
pub(super) fn labelled(line: &[u8], local: &mut Local) -> Option<Moment> {
    if let Some(rest) = LABELS.iter().find_map(|label| line.strip_prefix(*label)) {
        return dated(rest, local);
    }
    if line.starts_with(b"type=") || line.starts_with(b"node=") {
        let line = line.get(..256.min(line.len()))?;
        let at = memmem::find(line, b" msg=audit(")?;
        return epoch(line.get(at + 11..)?).map(Moment::exact);
    }
    None
}

/// GitLab's older text logs: `October 06, 2026 11:56: …`, `… 11:56 -> ERROR -> …`: a minute long, in the host's zone.
pub(super) fn long_date(line: &[u8], local: &mut Local) -> Option<Moment> {
    let month = month(line, 0)?;
    let name = line.iter().take(10).take_while(|b| b.is_ascii_alphabetic()).count();
    let text = line.get(name..)?;
    let marks = text.first() == Some(&b' ') && text.get(3..5) == Some(b", ") && text.get(9) == Some(&b' ');
    let (hour, minute) = (digits(text, 10, 2)?, digits(text, 13, 2)?);
    let ends = text.get(12) == Some(&b':') && matches!(text.get(15), Some(b':' | b' '));
    if !marks || !ends || hour > 23 || minute > 59 {
        return None;
    }
    let midnight = date(digits(text, 5, 4)?, month, digits(text, 1, 2)?)?;
    let moment = local.moment((midnight + hour * 3600 + minute * 60) * SECOND);
    Some(Moment { early: moment.early, late: moment.late + 60 * SECOND - 1 })
}
