//! Versions: out of maintenance, or not the same everywhere.

use std::collections::BTreeMap;

use super::{
    Analyzer, Look, Severity,
    found::{Found, entry, shown},
};
use crate::index::{
    Facts,
    host::{Supported, Upgrade, bare, next_stop, supported},
};

const PATHS: &str = "https://docs.gitlab.com/update/upgrade_paths/";
const POLICY: &str = "https://docs.gitlab.com/policy/maintenance/";

pub(super) const ANALYZERS: &[Analyzer] = &[
    Analyzer {
        name: "version-unsupported",
        about: "GitLab's version gets no more fixes: it is not among the last three monthly releases; a warning from a year on.",
        advice: "Plan an upgrade along the documented path; required stops must not be skipped.",
        link: POLICY,
        look: Look::Node(unsupported),
    },
    Analyzer {
        name: "upgrade-skipped-stop",
        about: "An upgrade went past a version at which GitLab's upgrade path requires a stop; a notice where it was more than 90 days ago.",
        advice: "Migrations of the version that was skipped may be missing: look at the migrations' state before anything else is changed.",
        link: PATHS,
        look: Look::Node(skipped_stop),
    },
    Analyzer {
        name: "upgrade-recent",
        about: "GitLab was upgraded within the week before the bundle.",
        advice: "Compare the first errors with the time of the upgrade; look for migrations that are not done, and services that were not restarted.",
        link: PATHS,
        look: Look::Node(recent),
    },
    Analyzer {
        name: "version-mixed",
        about: "Places of one host tell different versions of GitLab.",
        advice: "An upgrade was not finished: run `gitlab-ctl reconfigure` and restart, and look at the package's state.",
        link: "https://docs.gitlab.com/update/",
        look: Look::Node(mixed),
    },
    Analyzer {
        name: "versions-differ",
        about: "hosts of one site run different versions of GitLab.",
        advice: "All nodes must run one version, but for the minutes of a zero-downtime upgrade.",
        link: "https://docs.gitlab.com/update/",
        look: Look::Site(differ),
    },
];

fn unsupported(facts: &Facts, found: &mut Found) {
    let (Some(version), Some(at)) = (facts.host.versions.gitlab.first(), facts.taken()) else { return };
    let severity = match supported(version.number, at) {
        Some(Supported::No) => Severity::Notice,
        Some(Supported::Long) => Severity::Warning,
        Some(Supported::Yes) | None => return,
    };
    let stop = next_stop(version.number)
        .map(|(major, minor)| format!("; the next required stop is {major}.{minor}"));
    let title = format!("GitLab {} gets no more fixes{}", bare(&version.text), stop.unwrap_or_default());
    found.add(severity, title, [shown(&version.place)]);
}

fn skipped_stop(facts: &Facts, found: &mut Found) {
    for upgrade in &facts.host.upgrades {
        let skipped = upgrade.skipped();
        let Some(from) = upgrade.from.as_deref().filter(|_| !skipped.is_empty()) else { continue };
        let severity = if days_before(facts, upgrade).is_some_and(|days| days > 90) {
            Severity::Notice
        } else {
            Severity::Warning
        };
        let stops: Vec<_> = skipped.iter().map(|(major, minor)| format!("{major}.{minor}")).collect();
        let (from, to) = (bare(from), bare(&upgrade.to));
        let title = format!("The upgrade from {from} to {to} skipped {}", stops.join(", "));
        found.about(to, severity, title, [shown(&upgrade.place)]);
    }
}

fn recent(facts: &Facts, found: &mut Found) {
    let Some(upgrade) = facts.host.upgrades.last() else { return };
    let Some(from) = upgrade.from.as_deref() else { return };
    if days_before(facts, upgrade).is_some_and(|days| (0..=7).contains(&days)) {
        let title =
            format!("GitLab was upgraded from {} to {} at {}", bare(from), bare(&upgrade.to), upgrade.at);
        found.about(bare(&upgrade.to), Severity::Notice, title, [shown(&upgrade.place)]);
    }
}

/// Days between an upgrade and the bundle; unknown where its log writes no year.
fn days_before(facts: &Facts, upgrade: &Upgrade) -> Option<i64> {
    let day: jiff::civil::Date = upgrade.at.get(..10)?.parse().ok()?;
    let taken = jiff::tz::Offset::UTC.to_datetime(facts.taken()?).date();
    taken.since(day).ok().map(|span| i64::from(span.get_days()))
}

fn mixed(facts: &Facts, found: &mut Found) {
    let versions = &facts.host.versions.gitlab;
    if versions.windows(2).any(|pair| bare(&pair[0].text) != bare(&pair[1].text)) {
        let told: Vec<&str> = versions.iter().map(|version| bare(&version.text)).collect();
        let title = format!("This host has several versions of GitLab: {}", told.join(", "));
        found.add(Severity::Warning, title, versions.iter().map(|version| shown(&version.place)));
    }
}

fn differ(all: &[Facts], found: &mut Found) {
    let mut by_version: BTreeMap<&str, Vec<&Facts>> = BTreeMap::new();
    for facts in all {
        if let Some(version) = facts.host.versions.gitlab.first() {
            by_version.entry(bare(&version.text)).or_default().push(facts);
        }
    }
    if by_version.len() > 1 {
        let versions: Vec<&str> = by_version.keys().copied().collect();
        let title = format!("The hosts run different versions of GitLab: {}", versions.join(", "));
        let evidence = by_version.iter().flat_map(|(version, hosts)| {
            hosts.iter().map(move |host| entry(&host.file, format!("GitLab {version}")))
        });
        found.add(Severity::Warning, title, evidence);
    }
}
