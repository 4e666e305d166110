//! Sizes and durations as people write them: `16MiB`, `45MB`, `none`, `90m`, `2d`, `100y`.
//!
//! One parser each for the command line, collectors and the policy. Does no I/O.

use std::{fmt, time::Duration};

/// Why a size or duration could not be read; the text names what was written and what is expected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ParseError(String);

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ParseError {}

const SIZES: &[(&str, u64)] = &[
    ("", 1),
    ("B", 1),
    ("kB", 1_000),
    ("KB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("K", 1 << 10),
    ("M", 1 << 20),
    ("G", 1 << 30),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

const DURATIONS: &[(&str, f64)] = &[
    ("ms", 0.001),
    ("s", 1.0),
    ("m", 60.0),
    ("h", 3_600.0),
    ("d", 86_400.0),
    ("w", 604_800.0),
    ("y", 31_557_600.0),
];

/// Bytes: a number and a unit; `MB` is 10^6, `MiB` and `M` are 2^20.
pub fn parse_size(text: &str) -> Result<u64, ParseError> {
    let wrong =
        || ParseError(format!("`{text}` is not a size; write a number and a unit, such as 16MiB or 45MB"));
    let (number, unit) = split(text).ok_or_else(wrong)?;
    let (_, factor) = SIZES.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?;
    let bytes = number * (*factor as f64);
    if bytes.is_finite() && bytes < u64::MAX as f64 { Ok(bytes as u64) } else { Err(wrong()) }
}

/// A duration: a number and a unit out of `ms s m h d w y` (a year is 365.25 days).
pub fn parse_duration(text: &str) -> Result<Duration, ParseError> {
    let wrong = || {
        ParseError(format!("`{text}` is not a duration; write a number and a unit, such as 90m, 10s or 2d"))
    };
    let (number, unit) = split(text).ok_or_else(wrong)?;
    let (_, factor) = DURATIONS.iter().find(|(name, _)| *name == unit).ok_or_else(wrong)?;
    let seconds = number * factor;
    if seconds <= 1e11 { Ok(Duration::from_secs_f64(seconds)) } else { Err(wrong()) }
}

fn split(text: &str) -> Option<(f64, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..end].parse().ok()?;
    Some((number, text[end..].trim_start()))
}

/// Bytes for people: at most four characters and a decimal unit (`45.1 MB`).
pub fn show_size(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut value = bytes as f64;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1000.0;
        unit += 1;
    }
    if unit == 0 || value >= 99.95 {
        format!("{value:.0} {}", UNITS[unit])
    } else {
        format!("{value:.1} {}", UNITS[unit])
    }
}

/// A number of things for people: `1 secret`, `2 secrets`.
pub fn show_count(count: u64, thing: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{s}")
}

/// A duration for people, in its two largest units (`1m 05s`, `2d 3h`, `0.4s`).
pub fn show_duration(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        0..10 => format!("{:.1}s", duration.as_secs_f64()),
        10..60 => format!("{seconds}s"),
        60..3_600 => format!("{}m {:02}s", seconds / 60, seconds % 60),
        3_600..86_400 => format!("{}h {:02}m", seconds / 3_600, seconds % 3_600 / 60),
        _ => format!("{}d {}h", seconds / 86_400, seconds % 86_400 / 3_600),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_thing_is_no_things() {
        assert_eq!(show_count(0, "secret"), "0 secrets");
        assert_eq!(show_count(1, "secret"), "1 secret");
        assert_eq!(show_count(40, "secret"), "40 secrets");
    }

    #[test]
    fn sizes_have_decimal_and_binary_units() {
        assert_eq!(parse_size("45MB"), Ok(45_000_000));
        assert_eq!(parse_size("16MiB"), Ok(16 << 20));
        assert_eq!(parse_size("1.5 KiB"), Ok(1536));
        assert_eq!(parse_size("7"), Ok(7));
    }

    #[test]
    fn a_wrong_size_says_what_was_written() {
        for wrong in ["", "MB", "12XB", "-3MB", "1e999MB", "1..5M"] {
            assert!(parse_size(wrong).unwrap_err().to_string().contains(&format!("`{wrong}`")));
        }
    }

    #[test]
    fn durations_reach_from_milliseconds_to_years() {
        assert_eq!(parse_duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(parse_duration("90m"), Ok(Duration::from_secs(5_400)));
        assert_eq!(parse_duration("100y").map(|d| d.as_secs()), Ok(3_155_760_000));
        assert!(parse_duration("5 fortnights").is_err());
        assert!(parse_duration("90").is_err());
    }

    #[test]
    fn people_read_short_figures() {
        assert_eq!(show_size(0), "0 B");
        assert_eq!(show_size(45_123_456), "45.1 MB");
        assert_eq!(show_size(999_999), "1.0 MB");
        assert_eq!(show_duration(Duration::from_millis(400)), "0.4s");
        assert_eq!(show_duration(Duration::from_secs(65)), "1m 05s");
    }
}
