//! Gitaly: calls that end badly.

use super::{
    Analyzer, Look, Severity,
    found::{Found, examples, percent, when},
};
use crate::index::Facts;

pub(super) const ANALYZERS: &[Analyzer] = &[
    Analyzer {
        name: "gitaly-failing",
        about: "At least 20 calls of Gitaly or Praefect and 1 % of all ended with an error of the server; critical from 10 %.",
        advice: "Unavailable: it is not reached; DeadlineExceeded: disks or processors are too slow; Internal: its log tells.",
        link: "https://docs.gitlab.com/administration/gitaly/troubleshooting/",
        look: Look::Node(failing),
    },
    Analyzer {
        name: "gitaly-limited",
        about: "At least 20 calls were refused because a limit of Gitaly's was reached.",
        advice: "Find the repository and the client in the lines; raise the limit only where the host has room.",
        link: "https://docs.gitlab.com/administration/gitaly/concurrency_limiting/",
        look: Look::Node(limited),
    },
];

fn failing(facts: &Facts, found: &mut Found) {
    for component in ["gitaly", "praefect"] {
        let Some(traffic) = facts.logs.traffic.get(component) else { continue };
        let share = traffic.failed_percent().unwrap_or(0.0);
        if traffic.failed.count >= 20 && share >= 1.0 {
            let severity = if share >= 10.0 { Severity::Critical } else { Severity::Warning };
            let (failed, all) = (traffic.failed.count, traffic.requests);
            let name = if component == "gitaly" { "Gitaly" } else { "Praefect" };
            let when = when(traffic.failed.times);
            let title = format!("{} of {name}'s calls fail: {failed} of {all}{when}", percent(share));
            found.about(component, severity, title, examples(&traffic.failed));
        }
    }
}

fn limited(facts: &Facts, found: &mut Found) {
    if let Some(signal) = facts.logs.codes.get("ResourceExhausted").filter(|signal| signal.count >= 20) {
        let title = format!("Gitaly's limits refused {} calls{}", signal.count, when(signal.times));
        found.add(Severity::Warning, title, examples(signal));
    }
}
