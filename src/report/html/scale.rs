//! Round figures for axes. Any number may come from a stranger's host: NaN, negative, without end.

use jiff::Timestamp;

use crate::report::{Unit, Value};

/// Steps between labels of time, in seconds.
const STEPS: [i64; 16] = [
    1, 5, 15, 60, 300, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 2_592_000,
];
/// Most labels below a chart: they fit a phone.
const LABELS: i64 = 5;

/// The top of an axis that reaches `peak`, so that its half is round too.
pub(super) fn top(peak: f64, unit: Unit) -> f64 {
    let peak = if peak.is_finite() && peak > 0.0 { peak } else { 0.0 };
    if unit == Unit::Percent && peak > 50.0 && peak <= 100.0 {
        return 100.0;
    }
    let least = match unit {
        Unit::Count | Unit::PerMinute => 2.0,
        Unit::Percent => 1.0,
        Unit::Bytes => 1_000.0,
        Unit::Seconds => 0.001,
        Unit::Number | Unit::Text | Unit::Time => 0.01,
    };
    let peak = peak.max(least).min(1e300);
    let power = 10_f64.powf(peak.log10().floor());
    [1.0, 2.0, 4.0, 6.0, 8.0, 10.0]
        .iter()
        .map(|m| m * power)
        .find(|top| *top >= peak * 0.999_999)
        .unwrap_or(peak)
}

/// A figure at an axis or in a legend.
pub(super) fn label(value: f64, unit: Unit) -> String {
    match unit {
        _ if value == 0.0 => "0".to_owned(),
        Unit::Bytes => Value::Bytes(value.clamp(0.0, 1e19) as u64).to_string(),
        Unit::Seconds if (0.001..1.0).contains(&value) => format!("{} ms", short(value * 1e3)),
        Unit::Seconds if (1.0..100.0).contains(&value) => format!("{} s", short(value)),
        Unit::Seconds => Value::Seconds(value).to_string(),
        Unit::Percent => format!("{} %", short(value)),
        Unit::PerMinute => format!("{}/min", short(value)),
        Unit::Count | Unit::Number | Unit::Text | Unit::Time => short(value),
    }
}

/// At most three digits that matter, no zeros behind.
fn short(value: f64) -> String {
    const UNITS: [(f64, &str); 4] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")];
    let (value, unit) = match UNITS.iter().find(|(from, _)| value.abs() >= *from * 0.999_5) {
        Some((from, unit)) => (value / if *unit == "k" { 1e3 } else { *from }, *unit),
        None => (value, ""),
    };
    let text = match value.abs() {
        size if size >= 99.95 => return format!("{value:.0}{unit}"),
        size if size >= 9.995 => format!("{value:.1}"),
        _ => format!("{value:.2}"),
    };
    format!("{}{unit}", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Where on a stretch of time labels stand, as parts of a hundred, and what they say.
pub(super) fn ticks(from: Timestamp, seconds: i64) -> Vec<(f64, String)> {
    let seconds = seconds.max(1);
    let step = STEPS.into_iter().find(|step| seconds / step <= LABELS).unwrap_or(seconds);
    let begin = from.as_second();
    let first = begin.saturating_add(step - 1).div_euclid(step).saturating_mul(step);
    let format = match step {
        ..60 => "%H:%M:%S",
        60..86_400 if seconds <= 129_600 => "%H:%M",
        60..86_400 => "%b %d %H:%M",
        _ => "%b %d",
    };
    let at = |number: i64| first.saturating_add(number.saturating_mul(step));
    (0..=LABELS)
        .map(at)
        .take_while(|time| time.saturating_sub(begin) <= seconds)
        .filter_map(|time| {
            let text = Timestamp::from_second(time).ok()?.strftime(format).to_string();
            Some((time.saturating_sub(begin) as f64 / seconds as f64 * 100.0, text))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tops_are_round_and_reach_the_peak() {
        for (peak, unit, expected) in [
            (0.0, Unit::Count, 2.0),
            (7.0, Unit::Count, 8.0),
            (10.0, Unit::Count, 10.0),
            (11.0, Unit::PerMinute, 20.0),
            (35.0, Unit::Percent, 40.0),
            (62.0, Unit::Percent, 100.0),
            (3.1e9, Unit::Bytes, 4e9),
            (0.25, Unit::Seconds, 0.4),
            (f64::NAN, Unit::Number, 0.01),
            (-5.0, Unit::Count, 2.0),
        ] {
            let top = top(peak, unit);
            assert!((top / expected - 1.0).abs() < 1e-9, "{peak}: {top}");
        }
        for peak in [f64::INFINITY, f64::MAX, 1e-320] {
            assert!(top(peak, Unit::Number).is_finite(), "{peak}");
        }
    }

    #[test]
    fn labels_are_short() {
        for (value, unit, text) in [
            (0.0, Unit::Bytes, "0"),
            (2.5, Unit::Count, "2.5"),
            (1_234.0, Unit::Count, "1234"),
            (20_000.0, Unit::Count, "20k"),
            (1.5e6, Unit::PerMinute, "1.5M/min"),
            (50.0, Unit::Percent, "50 %"),
            (4e9, Unit::Bytes, "4.0 GB"),
            (0.25, Unit::Seconds, "250 ms"),
            (6.0, Unit::Seconds, "6 s"),
            (7_200.0, Unit::Seconds, "2h 00m"),
        ] {
            assert_eq!(label(value, unit), text);
        }
    }

    #[test]
    fn times_stand_at_round_ones() {
        let from = Timestamp::from_second(1_772_352_300).unwrap();
        let texts = |seconds| ticks(from, seconds).into_iter().map(|(_, text)| text).collect::<Vec<_>>();
        assert_eq!(texts(3_600), ["08:15", "08:30", "08:45", "09:00"]);
        assert_eq!(texts(86_400), ["12:00", "18:00", "00:00", "06:00"]);
        assert_eq!(texts(7 * 86_400), ["Mar 02", "Mar 04", "Mar 06", "Mar 08"]);
        for (at, _) in ticks(from, 86_400) {
            assert!((0.0..=100.0).contains(&at));
        }
        for seconds in [i64::MIN, 0, 1, i64::MAX] {
            assert!(ticks(Timestamp::MAX, seconds).len() <= 6);
            assert!(ticks(Timestamp::MIN, seconds).len() <= 6);
        }
    }
}
