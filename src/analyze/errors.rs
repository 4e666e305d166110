//! Errors by kind: bursts of them, with their first and last time.

use super::{
    Analyzer, Look, Severity,
    found::{Found, shown, when},
};
use crate::index::Facts;

/// Findings of this kind: the table of errors has the rest.
const MOST: usize = 8;

pub(super) const ANALYZERS: &[Analyzer] = &[Analyzer {
    name: "error-burst",
    about: "An error of one kind came at least 30 times within a minute (warning), or 1,000 times in all (notice).",
    advice: "Its first time is where to look for the cause; follow a correlation id through the other logs.",
    link: "https://docs.gitlab.com/administration/logs/tracing_correlation_id/",
    look: Look::Node(bursts),
}];

fn bursts(facts: &Facts, found: &mut Found) {
    let mut told = 0;
    for (component, shape, group) in facts.logs.errors.sorted() {
        let severity = match (group.peak, group.count) {
            (30.., _) => Severity::Warning,
            (_, 1000..) => Severity::Notice,
            _ => continue,
        };
        told += 1;
        if told > MOST {
            break;
        }
        let short: String = shape.chars().take(60).collect();
        let title = format!("{component}: {} times \"{short}\"{}", group.count, when(group.times));
        found.about(format!("{component}: {shape}"), severity, title, group.examples.iter().map(shown));
    }
}
