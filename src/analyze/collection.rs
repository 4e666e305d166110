//! What the bundle does not tell: the collector's own gaps. Only glsos's bundles say so; of other archives
//! it is not known, and that is no finding.

use super::{
    Analyzer, Look, Severity,
    finding::Evidence,
    found::{Found, entry, shown},
};
use crate::{
    index::Facts,
    outcome::Outcome,
    pack::manifest::{Entry, Manifest},
};

const LINK: &str = "https://docs.gitlab.com/administration/logs/";

pub(super) const ANALYZERS: &[Analyzer] = &[
    Analyzer {
        name: "bundle-damaged",
        about: "The archive, or an entry in it, can't be read to its end.",
        advice: "Ask for the bundle again; `glsos verify` tells what happened to it on its way.",
        link: LINK,
        look: Look::Node(damaged),
    },
    Analyzer {
        name: "collection-stopped",
        about: "The run was stopped by its timeout, a signal or a full disk.",
        advice: "Collect again with more time or room; what is missing is listed with its reason.",
        link: LINK,
        look: Look::Node(stopped),
    },
    Analyzer {
        name: "collection-withheld",
        about: "Entries could not be redacted for certain and were left out, or a place of the host's secrets could not be read.",
        advice: "`glsos show BUNDLE` tells why; where the customer agrees, they can send such a file on another way.",
        link: LINK,
        look: Look::Node(withheld),
    },
    Analyzer {
        name: "collection-denied",
        about: "The system refused entries to the collector.",
        advice: "Ask for a bundle made as root: `sudo glsos collect`.",
        link: LINK,
        look: Look::Node(denied),
    },
    Analyzer {
        name: "collection-failed",
        about: "Sources timed out, or sources of GitLab's own failed: a command that does not answer is often the trouble itself.",
        advice: "Look at the reasons; a timeout points at a dead mount, an overloaded disk or a database that does not answer.",
        link: LINK,
        look: Look::Node(failed),
    },
    Analyzer {
        name: "logs-truncated",
        about: "Logs were cut to the newest lines by a cap, so that the window begins later than was asked for.",
        advice: "If the incident lies before the first line, ask for a bundle with `--since`, `--until` and `--max-log none`.",
        link: LINK,
        look: Look::Node(truncated),
    },
    Analyzer {
        name: "logs-unreadable",
        about: "At least 10 lines and 1 % of a log of JSON are no JSON.",
        advice: "Look at the first of them: a crash's output, two writers of one file, or a disk that was full.",
        link: LINK,
        look: Look::Node(unreadable),
    },
];

fn damaged(facts: &Facts, found: &mut Found) {
    if facts.troubled == 0 {
        return;
    }
    let evidence =
        facts.troubles.iter().map(|(name, why)| entry(name.as_deref().unwrap_or("the archive"), why));
    let title = format!("The bundle is damaged: {} could not be read", count(facts.troubled, "part"));
    found.add(Severity::Warning, title, evidence);
}

fn count(number: u64, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

fn stopped(facts: &Facts, found: &mut Found) {
    if let Some(by) = facts.manifest.as_ref().and_then(|manifest| manifest.run.stopped_by.as_ref()) {
        let title = format!("Collecting was stopped by {}: the bundle is not complete", by.as_str());
        found.about(by.as_str(), Severity::Warning, title, [entry("glsos/manifest.json", by.as_str())]);
    }
}

fn of(manifest: &Manifest, outcome: Outcome) -> Vec<&Entry> {
    manifest.entries.iter().filter(|entry| entry.outcome == outcome).collect()
}

fn reasons<'a>(entries: &'a [&Entry]) -> impl Iterator<Item = Evidence> + 'a {
    entries.iter().map(|found| {
        let (outcome, reason) = (found.outcome.word(), found.reason.as_str());
        entry(found.name.as_str(), format!("{outcome}: {reason}"))
    })
}

fn withheld(facts: &Facts, found: &mut Found) {
    let Some(manifest) = &facts.manifest else { return };
    let entries = of(manifest, Outcome::Withheld);
    let places: Vec<_> = manifest.run.known_secrets.iter().filter(|place| place.trouble.is_some()).collect();
    if entries.is_empty() && places.is_empty() {
        return;
    }
    let evidence = places.iter().map(|place| {
        let why = place.trouble.as_ref().map_or("", |why| why.as_str());
        entry(place.from.as_str(), format!("its secrets are not known: {why}"))
    });
    let title = match entries.len() {
        0 => format!("{} of the host's secrets could not be read", count(places.len() as u64, "place")),
        _ => format!("Withheld, for want of certain redaction: {}", names(&entries)),
    };
    let from = places.iter().map(|place| place.from.as_str());
    let subject = from.chain([&*all_names(&entries)]).collect::<Vec<_>>().join(" ");
    found.about(subject, Severity::Warning, title, evidence.chain(reasons(&entries)));
}

fn denied(facts: &Facts, found: &mut Found) {
    let Some(manifest) = &facts.manifest else { return };
    let entries = of(manifest, Outcome::Denied);
    if !entries.is_empty() {
        let title = format!("Denied, as if not collected as root: {}", names(&entries));
        found.about(all_names(&entries), Severity::Warning, title, reasons(&entries));
    }
}

fn failed(facts: &Facts, found: &mut Found) {
    let Some(manifest) = &facts.manifest else { return };
    for (outcome, severity, what) in [
        (Outcome::TimedOut, Severity::Warning, "Did not answer in time"),
        (Outcome::Failed, Severity::Notice, "Failed"),
    ] {
        let mut entries = of(manifest, outcome);
        // In a container many tools of the system have nothing to talk to.
        entries.retain(|entry| outcome == Outcome::TimedOut || is_gitlabs(entry.collector.as_str()));
        if !entries.is_empty() {
            let title = format!("{what}: {}", names(&entries));
            found.about(all_names(&entries), severity, title, reasons(&entries));
        }
    }
}

/// Whether a collector is about GitLab or what comes with it.
fn is_gitlabs(collector: &str) -> bool {
    #[rustfmt::skip] // a list of words
    const OWN: &[&str] = &[
        "consul", "exporters", "geo", "gitaly", "kas", "mailroom", "mattermost", "nginx", "pages", "patroni", "pgbouncer", "postgresql",
        "praefect", "prometheus", "puma", "rails", "redis", "registry", "search", "sentinel", "shell", "sidekiq", "workhorse",
    ];
    collector.starts_with("gitlab-") || OWN.contains(&collector)
}

/// The first three, and how many more.
fn names(entries: &[&Entry]) -> String {
    let first: Vec<&str> = entries.iter().take(3).map(|entry| entry.name.as_str()).collect();
    let more = entries.len() - first.len();
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", first.join(", "))
}

fn all_names(entries: &[&Entry]) -> String {
    entries.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>().join(" ")
}

fn truncated(facts: &Facts, found: &mut Found) {
    let Some(manifest) = &facts.manifest else { return };
    let capped = |found: &&Entry| {
        found.outcome == Outcome::Truncated
            && found.window.as_ref().is_some_and(|window| window.bytes_before > 0)
    };
    let entries: Vec<_> = manifest.entries.iter().filter(capped).collect();
    if !entries.is_empty() {
        let title = format!("{} cut: the oldest lines are missing", count(entries.len() as u64, "log"));
        found.add(Severity::Notice, title, reasons(&entries));
    }
}

fn unreadable(facts: &Facts, found: &mut Found) {
    for (component, traffic) in &facts.logs.traffic {
        if traffic.bad >= 10 && traffic.bad * 100 >= traffic.lines {
            let title = format!("{} of {} lines of {component} are damaged", traffic.bad, traffic.lines);
            found.about(*component, Severity::Notice, title, traffic.first_bad.iter().map(shown));
        }
    }
}
