//! Versions: out of maintenance, or not the same everywhere.

use std::collections::BTreeMap;

use super::{
    Analyzer, Look, Severity,
    found::{Found, entry, shown},
};
use crate::index::{
    Facts,
    host::{Supported, bare, supported},
};

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
    let title = format!("GitLab {} gets no more fixes", bare(&version.text));
    found.add(severity, title, [shown(&version.place)]);
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
