//! Digits and dates in bytes, without allocation: read for every line of every log.

/// Microseconds in a second.
pub(super) const SECOND: i64 = 1_000_000;

/// Exactly `n` digits at `at`.
pub(super) fn digits(bytes: &[u8], at: usize, n: usize) -> Option<i64> {
    let mut value = 0;
    for &b in bytes.get(at..at.checked_add(n)?)? {
        if !b.is_ascii_digit() {
            return None;
        }
        value = value * 10 + i64::from(b - b'0');
    }
    Some(value)
}

/// A day of the month of two digits, or of one after a space.
pub(super) fn day(bytes: &[u8], at: usize) -> Option<i64> {
    if bytes.get(at) == Some(&b' ') { digits(bytes, at + 1, 1) } else { digits(bytes, at, 2) }
}

/// January is 1, by its first three letters.
pub(super) fn month(bytes: &[u8], at: usize) -> Option<i64> {
    const NAMES: [&[u8; 3]; 12] =
        [b"Jan", b"Feb", b"Mar", b"Apr", b"May", b"Jun", b"Jul", b"Aug", b"Sep", b"Oct", b"Nov", b"Dec"];
    let name = bytes.get(at..at + 3)?;
    NAMES.iter().zip(1..).find(|(known, _)| known.as_slice() == name).map(|(_, number)| number)
}

/// `HH:MM:SS` at `at`, in seconds; a leap second is one.
pub(super) fn clock(bytes: &[u8], at: usize) -> Option<i64> {
    let (hour, minute, second) =
        (digits(bytes, at, 2)?, digits(bytes, at + 3, 2)?, digits(bytes, at + 6, 2)?);
    let colons = bytes.get(at + 2) == Some(&b':') && bytes.get(at + 5) == Some(&b':');
    (colons && hour < 24 && minute < 60 && second <= 60).then_some(hour * 3600 + minute * 60 + second)
}

/// A fraction (`.123` or `,123`, any number of digits) at `at`: its microseconds and its length.
pub(super) fn fraction(bytes: &[u8], at: usize) -> (i64, usize) {
    let Some(rest) = bytes.get(at..).filter(|rest| matches!(rest.first(), Some(b'.' | b','))) else {
        return (0, 0);
    };
    let mut value = 0;
    let mut scale = SECOND;
    let mut length = 1;
    for b in rest.iter().skip(1).take_while(|b| b.is_ascii_digit()) {
        scale /= 10;
        value += i64::from(b - b'0') * scale;
        length += 1;
    }
    if length == 1 { (0, 0) } else { (value, length) }
}

/// Whether a year has a 29th of February.
fn leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Seconds of midnight of a date, as if in UTC; nothing for a date that does not exist.
pub(super) fn date(year: i64, month: i64, day: i64) -> Option<i64> {
    let last = match month {
        2 => 28 + i64::from(leap(year)),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=last).contains(&day) || !(1900..=9000).contains(&year) {
        return None;
    }
    // Howard Hinnant's days_from_civil: years begin in March.
    let y = if month <= 2 { year - 1 } else { year };
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let of_era = (y % 400) * 365 + (y % 400) / 4 - (y % 400) / 100 + of_year;
    Some(((y / 400) * 146_097 + of_era - 719_468) * 86_400)
}

/// Seconds since 1970 as `1709287200`, `1709287200.123`, or an integer of milli-, micro- or nanoseconds.
pub(super) fn epoch(bytes: &[u8]) -> Option<i64> {
    let length = bytes.iter().take(20).take_while(|b| b.is_ascii_digit()).count();
    let value = digits(bytes, 0, length.min(18))?;
    match length {
        9 | 10 => Some(value * SECOND + fraction(bytes, length).0),
        13 => Some(value * 1000),
        16 => Some(value),
        19 => Some(value / 100),
        _ => None,
    }
}
