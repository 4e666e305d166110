//! Silences of a log that otherwise tells something every minute.

use super::{
    Analyzer, Look, Severity,
    finding::Evidence,
    found::{Found, shown, when, within},
};
use crate::index::{
    Facts, MINUTE,
    logs::{Traffic, title_of},
};

/// Minutes of a silence.
const SILENCE: i64 = 10;
/// Minutes before and after it, of which nine in ten must have lines.
const AROUND: i64 = 30;
/// Components that always have something to tell on a host in use.
const STEADY: &[&str] = &["rails", "api", "workhorse", "sidekiq", "gitaly", "nginx"];

pub(super) const ANALYZERS: &[Analyzer] = &[Analyzer {
    name: "log-gap",
    about: "A log that has lines in nine of ten minutes for half an hour before and after has none for 10 minutes.",
    advice: "The service stood still, the host slept, or the disk was full; compare with the other logs.",
    link: "https://docs.gitlab.com/administration/logs/",
    look: Look::Node(gaps),
}];

fn gaps(facts: &Facts, found: &mut Found) {
    for (component, traffic) in facts.logs.traffic.iter().filter(|(name, _)| STEADY.contains(name)) {
        // Wider steps come of logs of days, which hide such a gap.
        if traffic.minutes.width() > 2 {
            continue;
        }
        for (from, to) in silences(traffic) {
            let title = format!(
                "{} tells nothing for {} minutes{}",
                title_of(component),
                to - from,
                when(Some((from * MINUTE, to * MINUTE)))
            );
            found.about(*component, Severity::Warning, title, evidence(traffic, from, to));
        }
    }
}

/// Begin and end of each, in minutes since 1970.
fn silences(traffic: &Traffic) -> Vec<(i64, i64)> {
    let width = traffic.minutes.width();
    let minutes: Vec<i64> = traffic.minutes.steps().map(|(minute, _)| minute).collect();
    let busy = |from: i64, to: i64| {
        let within = minutes.partition_point(|m| *m < to) - minutes.partition_point(|m| *m < from);
        within as i64 * width * 10 >= (to - from) * 9
    };
    let pairs = minutes.windows(2).map(|pair| (pair[0] + width, pair[1]));
    let silent = pairs.filter(|(from, to)| to - from >= SILENCE);
    silent.filter(|(from, to)| busy(from - AROUND, *from) && busy(*to, to + AROUND)).collect()
}

fn evidence(traffic: &Traffic, from: i64, to: i64) -> Option<Evidence> {
    let inside = |(begin, end): (i64, i64)| begin <= (from + 1) * MINUTE && end >= (to - 1) * MINUTE;
    let gap = traffic.gaps.iter().find(|(begin, end, _)| inside((*begin, *end)));
    gap.map(|(_, _, place)| shown(place)).or_else(|| within(traffic, "between two files of this log"))
}
