//! What an analyzer says, and helpers to say it.

use jiff::Timestamp;

use super::{
    Analyzer,
    finding::{Evidence, Finding, Severity},
};
use crate::index::{Place, Signal, logs::Traffic};

/// Lines that are shown for one finding.
const SHOWN: usize = 5;

/// What one analyzer found.
#[derive(Debug, Default)]
pub(super) struct Found(Vec<(String, Severity, String, Vec<Evidence>)>);

impl Found {
    /// A finding about the host as a whole: the analyzer has no other of this severity.
    pub(super) fn add(
        &mut self,
        severity: Severity,
        title: impl Into<String>,
        evidence: impl IntoIterator<Item = Evidence>,
    ) {
        self.about("", severity, title, evidence);
    }

    /// One more, about one of several: its name in words that stay the same, without figures that change.
    pub(super) fn about(
        &mut self,
        subject: impl Into<String>,
        severity: Severity,
        title: impl Into<String>,
        evidence: impl IntoIterator<Item = Evidence>,
    ) {
        let evidence = evidence.into_iter().take(SHOWN).collect();
        self.0.push((subject.into(), severity, title.into(), evidence));
    }

    /// One more, of what lines of logs tell, if any does: how often, when, and some of the lines.
    pub(super) fn told(&mut self, severity: Severity, what: &str, signal: Option<&Signal>) {
        if let Some(signal) = signal {
            let title = format!("{what} {}{}", times(signal.count), when(signal.times));
            self.about(what.trim_end_matches(','), severity, title, examples(signal));
        }
    }

    pub(super) fn into_findings(self, analyzer: &'static Analyzer) -> impl Iterator<Item = Finding> {
        self.0.into_iter().map(move |(subject, severity, title, evidence)| Finding {
            analyzer: analyzer.name,
            subject,
            severity,
            title,
            evidence,
            advice: analyzer.advice,
            link: analyzer.link,
        })
    }
}

/// A line as evidence.
pub(super) fn shown(place: &Place) -> Evidence {
    Evidence { entry: place.entry.to_string(), line: Some(place.line), text: place.text.clone() }
}

/// The examples of something that was seen, as evidence.
pub(super) fn examples(signal: &Signal) -> impl Iterator<Item = Evidence> {
    signal.examples.iter().map(shown)
}

/// An entry as a whole as evidence.
pub(super) fn entry(name: &str, text: impl Into<String>) -> Evidence {
    Evidence { entry: name.to_owned(), line: None, text: text.into() }
}

/// What a log tells all in all: the file that it begins with, and what is told.
pub(super) fn within(traffic: &Traffic, text: impl Into<String>) -> Option<Evidence> {
    traffic.first.as_ref().map(|place| entry(&place.entry, text))
}

/// `once`, `3 times`.
pub(super) fn times(count: u64) -> String {
    if count == 1 { "once".to_owned() } else { format!("{count} times") }
}

/// When something was seen first and last: `2026-03-01 09:00 to 09:30 UTC`; nothing if no line told.
pub(super) fn when(times: Option<(i64, i64)>) -> String {
    let minute = |micros: i64, format: &str| {
        Timestamp::from_microsecond(micros).map(|time| time.strftime(format).to_string()).unwrap_or_default()
    };
    let Some((first, last)) = times else { return String::new() };
    let (begin, end) = (minute(first, "%Y-%m-%d %H:%M"), minute(last, "%Y-%m-%d %H:%M"));
    match (begin.split_once(' '), end.split_once(' ')) {
        _ if begin == end && !begin.is_empty() => format!(", at {begin} UTC"),
        (Some((day, _)), Some((other, clock))) if day == other => format!(", {begin} to {clock} UTC"),
        (Some(_), Some(_)) => format!(", {begin} to {end} UTC"),
        _ => String::new(),
    }
}

/// A percentage with as many digits as matter.
pub(super) fn percent(share: f64) -> String {
    if share >= 9.95 { format!("{share:.0} %") } else { format!("{share:.1} %") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_one_day_share_its_date() {
        let minute = 60_000_000;
        let start = 1_772_355_600_000_000;
        assert_eq!(when(Some((start, start + 30 * minute))), ", 2026-03-01 09:00 to 09:30 UTC");
        assert_eq!(when(Some((start, start))), ", at 2026-03-01 09:00 UTC");
        assert_eq!(when(Some((start, start + 1440 * minute))), ", 2026-03-01 09:00 to 2026-03-02 09:00 UTC");
        assert_eq!(when(None), "");
        assert_eq!(when(Some((i64::MIN, start))), "");
    }
}
