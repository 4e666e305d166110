//! Requests: those that end with a server's error, and those that take long.

use super::{
    Analyzer, Look, Severity,
    finding::Evidence,
    found::{Found, examples, percent, when, within},
};
use crate::index::{
    Facts,
    logs::{Traffic, title_of},
};

/// Requests below which no rate is told.
const FEW: u64 = 100;

pub(super) const ANALYZERS: &[Analyzer] = &[
    Analyzer {
        name: "requests-failing",
        about: "At least 20 requests and 1 % of a component's end with a status of 5xx, or at least 20 and 20 % within some minutes; critical from 10 % of all.",
        advice: "Rails' own lines name the exception; where only Workhorse and NGINX tell 502, Puma did not answer.",
        link: "https://docs.gitlab.com/administration/logs/log_parsing/",
        look: Look::Node(failing),
    },
    Analyzer {
        name: "requests-slow",
        about: "One in twenty of at least 1,000 requests of Rails or the API takes 5 seconds.",
        advice: "The table of routes tells where the time goes; then look at the database, Gitaly and Redis shares in these lines.",
        link: "https://docs.gitlab.com/administration/logs/log_parsing/",
        look: Look::Node(slow),
    },
];

fn failing(facts: &Facts, found: &mut Found) {
    for (component, traffic) in &facts.logs.traffic {
        if matches!(*component, "sidekiq" | "gitaly" | "praefect") || traffic.failed.count < 20 {
            continue;
        }
        let share = traffic.failed_percent().unwrap_or(0.0);
        let name = title_of(component);
        if traffic.requests >= FEW && share >= 1.0 {
            let severity = if share >= 10.0 { Severity::Critical } else { Severity::Warning };
            let (failed, all) = (traffic.failed.count, traffic.requests);
            let when = when(traffic.failed.times);
            let title =
                format!("{} of {name}'s requests end with 5xx: {failed} of {all}{when}", percent(share));
            found.about(*component, severity, title, evidence(traffic));
        } else if let Some((minute, failed, all)) = burst(traffic) {
            let when = when(Some((minute * 60_000_000, minute * 60_000_000)));
            let title = format!("Within minutes {failed} of {all} requests of {name} ended with 5xx{when}");
            found.about(*component, Severity::Warning, title, evidence(traffic));
        }
    }
}

fn evidence(traffic: &Traffic) -> impl Iterator<Item = Evidence> {
    examples(&traffic.failed)
}

/// The worst few minutes: when they begin, failed, all.
fn burst(traffic: &Traffic) -> Option<(i64, u64, u64)> {
    let steps = traffic.minutes.coarser(8);
    let worst = steps.steps().max_by_key(|(_, step)| step.failed)?;
    let (minute, step) = worst;
    (step.failed >= 20 && step.failed * 5 >= step.requests).then_some((minute, step.failed, step.requests))
}

fn slow(facts: &Facts, found: &mut Found) {
    for component in ["rails", "api"] {
        let Some(traffic) = facts.logs.traffic.get(component) else { continue };
        let p95 = traffic.took.percentile(0.95).unwrap_or(0.0);
        if traffic.took.count() >= 1000 && p95 >= 5.0 {
            let name = title_of(component);
            let title = format!("One in twenty of {name}'s requests takes {p95:.0} s or more");
            let routes = facts.logs.routes.sorted();
            let own = routes.iter().filter(|(_, tally)| tally.component == component);
            let evidence = own.filter_map(|(route, tally)| {
                let p95 = tally.took.percentile(0.95).unwrap_or(0.0);
                within(traffic, format!("{route}: {} requests, 95 % within {p95:.1} s", tally.count))
            });
            found.about(component, Severity::Notice, title, evidence);
        }
    }
}
