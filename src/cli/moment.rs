//! A point in time as it is typed: a duration back from now, or an RFC 3339 time.

use std::{str::FromStr, time::Duration};

use jiff::{SignedDuration, Timestamp};

use crate::units;

/// As it was typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Moment {
    /// So long ago.
    Ago(Duration),
    /// At that time.
    At(Timestamp),
}

impl Moment {
    /// The time that is meant, if it is now `now`. What lies before the calendar begins is its beginning.
    pub fn before(self, now: Timestamp) -> Timestamp {
        match self {
            Self::At(time) => time,
            Self::Ago(duration) => SignedDuration::try_from(duration)
                .ok()
                .and_then(|duration| now.checked_sub(duration).ok())
                .unwrap_or(Timestamp::MIN),
        }
    }
}

impl FromStr for Moment {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(duration) = units::parse_duration(text) {
            return Ok(Self::Ago(duration));
        }
        text.parse().map(Self::At).map_err(|_| {
            format!(
                "`{text}` is neither a duration such as 90m or 2d nor a time such as 2026-03-01T10:00:00Z"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_times() {
        let now: Timestamp = "2026-03-01T10:00:00Z".parse().unwrap();
        let at = |text: &str| text.parse::<Moment>().unwrap().before(now).to_string();
        assert_eq!(at("90m"), "2026-03-01T08:30:00Z");
        assert_eq!(at("2026-02-28T23:00:00+01:00"), "2026-02-28T22:00:00Z");
        assert_eq!(at("100y").get(..4), Some("1926"));
        assert!("yesterday".parse::<Moment>().is_err());
        assert!("2026-03-01T10:00:00".parse::<Moment>().is_err(), "a time needs its zone");
    }
}
