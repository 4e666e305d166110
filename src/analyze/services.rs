//! GitLab's services: down, or starting again and again.

use super::{
    Analyzer, Look, Severity,
    finding::Evidence,
    found::{Found, shown},
};
use crate::index::{Facts, MINUTE, logs::Happened};

/// Without one of these GitLab does not work.
const CORE: &[&str] = &[
    "consul",
    "gitaly",
    "gitlab-workhorse",
    "nginx",
    "patroni",
    "pgbouncer",
    "postgresql",
    "praefect",
    "puma",
    "redis",
    "sentinel",
    "sidekiq",
];
/// Starts within an hour that are too many.
const RESTARTS: usize = 3;
/// A service that was just started, in seconds, on a host where others run for an hour.
const YOUNG: u64 = 60;
const OLD: u64 = 3600;

pub(super) const ANALYZERS: &[Analyzer] = &[
    Analyzer {
        name: "service-down",
        about: "A service that is normally up is down; critical where GitLab does not work without it.",
        advice: "Read the end of its log with `gitlab-ctl tail SERVICE`, and start it with `gitlab-ctl start SERVICE`.",
        link: "https://docs.gitlab.com/omnibus/maintenance/",
        look: Look::Node(down),
    },
    Analyzer {
        name: "service-restarting",
        about: "A component was started at least 3 times within an hour, or a service runs for less than a minute where others run for more than an hour.",
        advice: "Look at what its log says right before each start; the kernel's OOM killer leaves no word there.",
        link: "https://docs.gitlab.com/omnibus/troubleshooting/",
        look: Look::Node(restarting),
    },
    Analyzer {
        name: "unit-failed",
        about: "A unit of systemd has failed.",
        advice: "`systemctl status UNIT` and `journalctl -u UNIT` tell why.",
        link: "https://docs.gitlab.com/administration/troubleshooting/linux_cheat_sheet/",
        look: Look::Node(failed),
    },
];

fn down(facts: &Facts, found: &mut Found) {
    for service in facts.host.services.iter().filter(|service| !service.up && service.wanted) {
        let severity =
            if CORE.contains(&service.name.as_str()) { Severity::Critical } else { Severity::Warning };
        let title = format!("{} is down", service.name);
        found.about(service.name.clone(), severity, title, [shown(&service.place)]);
    }
}

fn restarting(facts: &Facts, found: &mut Found) {
    let mut told = Vec::new();
    for (component, starts) in by_component(facts.logs.events.kept()) {
        if let Some(most) = most_within_an_hour(&starts).filter(|most| most.len() >= RESTARTS) {
            told.push(component);
            let title = format!("{component} was started {} times within an hour", most.len());
            found.about(component, Severity::Warning, title, evidence(most));
        }
    }
    let services = &facts.host.services;
    if !services.iter().any(|service| service.up && service.seconds.is_some_and(|age| age >= OLD)) {
        return;
    }
    for service in services {
        let young = service.up && service.seconds.is_some_and(|age| age < YOUNG);
        // It sleeps, and starts anew by design.
        if young && service.name != "logrotate" && !told.contains(&service.name.as_str()) {
            let title = format!("{} was started just now", service.name);
            found.about(service.name.clone(), Severity::Notice, title, [shown(&service.place)]);
        }
    }
}

fn by_component(events: &[Happened]) -> Vec<(&'static str, Vec<&Happened>)> {
    let mut all: Vec<(&'static str, Vec<&Happened>)> = Vec::new();
    for event in events.iter().filter(|event| event.kind == "restart") {
        match all.iter_mut().find(|(component, _)| *component == event.component) {
            Some((_, starts)) => starts.push(event),
            None => all.push((event.component, vec![event])),
        }
    }
    all
}

fn most_within_an_hour<'a>(starts: &'a [&'a Happened]) -> Option<&'a [&'a Happened]> {
    let within = |from: usize| {
        let end = starts.partition_point(|event| event.time < starts[from].time + 60 * MINUTE);
        &starts[from..end]
    };
    (0..starts.len()).map(within).max_by_key(|within| within.len())
}

fn evidence<'a>(events: &'a [&Happened]) -> impl Iterator<Item = Evidence> + 'a {
    events.iter().map(|event| shown(&event.place))
}

fn failed(facts: &Facts, found: &mut Found) {
    for unit in &facts.host.failed_units {
        let title = format!("{} has failed", unit.name);
        found.about(unit.name.clone(), Severity::Warning, title, [shown(&unit.place)]);
    }
}
