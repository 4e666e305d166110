//! A figure and how people read it. JSON has the bare number: a table's column or a chart tells the unit.

use std::{fmt, time::Duration};

use jiff::Timestamp;
use serde::Serialize;

use crate::units::{show_duration, show_size};

/// What a column's or a chart's values are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Words.
    Text,
    /// How many.
    Count,
    /// A number with decimals, of no unit or one that its name tells.
    Number,
    /// How many a minute.
    PerMinute,
    /// Bytes.
    Bytes,
    /// Seconds.
    Seconds,
    /// Of a hundred.
    Percent,
    /// A moment, UTC.
    Time,
}

/// A figure.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Not known.
    None,
    /// Words, as the host gave them: not escaped.
    Text(String),
    /// How many.
    Count(u64),
    /// A number with decimals.
    Number(f64),
    /// Bytes.
    Bytes(u64),
    /// Seconds.
    Seconds(f64),
    /// Of a hundred.
    Percent(f64),
    /// A moment.
    Time(Timestamp),
}

impl Value {
    /// Words.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A value where there is one.
    pub fn of<T>(value: Option<T>, make: impl FnOnce(T) -> Self) -> Self {
        value.map_or(Self::None, make)
    }

    /// The number in it, to compare and to draw.
    pub fn number(&self) -> Option<f64> {
        match self {
            Self::Count(n) | Self::Bytes(n) => Some(*n as f64),
            Self::Number(n) | Self::Seconds(n) | Self::Percent(n) => Some(*n),
            Self::None | Self::Text(_) | Self::Time(_) => None,
        }
    }
}

/// As people read it; `-` for what is not known. Words come as they are, and may need escaping.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("-"),
            Self::Text(text) => f.write_str(text),
            Self::Count(n) => write!(f, "{n}"),
            Self::Number(n) => f.write_str(&figure(*n)),
            Self::Bytes(n) => f.write_str(&show_size(*n)),
            Self::Seconds(n) => f.write_str(&seconds(*n)),
            Self::Percent(n) => write!(f, "{} %", figure(*n)),
            Self::Time(time) => write!(f, "{time:.0}"),
        }
    }
}

/// Three digits that matter.
fn figure(n: f64) -> String {
    match n.abs() {
        0.0 => "0".to_owned(),
        size if size >= 99.95 => format!("{n:.0}"),
        size if size >= 9.995 => format!("{n:.1}"),
        _ => format!("{n:.2}"),
    }
}

fn seconds(n: f64) -> String {
    match n {
        n if !n.is_finite() || n < 0.0 => "-".to_owned(),
        n if n < 0.000_999_5 => format!("{:.0} µs", n * 1e6),
        n if n < 0.999_5 => format!("{} ms", figure(n * 1e3)),
        n if n < 99.95 => format!("{} s", figure(n)),
        n => show_duration(Duration::try_from_secs_f64(n).unwrap_or(Duration::MAX)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_short() {
        for (value, text) in [
            (Value::None, "-"),
            (Value::Count(12_345), "12345"),
            (Value::Number(2.34567), "2.35"),
            (Value::Number(0.0), "0"),
            (Value::Percent(99.97), "100 %"),
            (Value::Percent(12.34), "12.3 %"),
            (Value::Bytes(45_123_456), "45.1 MB"),
            (Value::Seconds(0.000_02), "20 µs"),
            (Value::Seconds(0.25), "250 ms"),
            (Value::Seconds(2.5), "2.50 s"),
            (Value::Seconds(3_700.0), "1h 01m"),
            (Value::Seconds(f64::NAN), "-"),
            (Value::Time(Timestamp::from_second(1_772_352_000).unwrap()), "2026-03-01T08:00:00Z"),
        ] {
            assert_eq!(value.to_string(), text);
        }
    }

    #[test]
    fn json_has_the_bare_figure() {
        let json = |value: Value| serde_json::to_string(&value).unwrap();
        assert_eq!(json(Value::None), "null");
        assert_eq!(json(Value::Bytes(7)), "7");
        assert_eq!(json(Value::text("a\"b")), "\"a\\\"b\"");
        assert_eq!(json(Value::Seconds(0.5)), "0.5");
    }
}
