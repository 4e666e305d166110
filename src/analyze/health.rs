//! GitLab's own account of its health.

use super::{
    Analyzer, Look, Severity,
    found::{Found, entry, shown},
};
use crate::{
    index::{Facts, host::is_answer},
    pack::manifest::Kind,
};

pub(super) const ANALYZERS: &[Analyzer] = &[
    Analyzer {
        name: "health-failing",
        about: "A check of GitLab's readiness or liveness fails.",
        advice: "The failing check names what GitLab can't reach: the database, Redis, Gitaly.",
        link: "https://docs.gitlab.com/administration/monitoring/health_check/",
        look: Look::Node(failing),
    },
    Analyzer {
        name: "health-silent",
        about: "A health endpoint of a running GitLab answers with an error's status.",
        advice: "502 is Workhorse that can't reach Puma: look at Puma's logs; 404 means that the address is not on the allow-list.",
        link: "https://docs.gitlab.com/administration/monitoring/health_check/",
        look: Look::Node(silent),
    },
];

fn failing(facts: &Facts, found: &mut Found) {
    for health in &facts.host.health {
        let mut names: Vec<&str> = health.failing.iter().map(|(name, _)| name.as_str()).collect();
        names.retain(|name| *name != "status");
        if !health.failing.is_empty() {
            let which = if names.is_empty() { String::new() } else { format!(": {}", names.join(", ")) };
            let title = format!("{} fails{which}", health.name);
            found.about(title.clone(), Severity::Critical, title, [shown(&health.place)]);
        }
    }
}

fn silent(facts: &Facts, found: &mut Found) {
    let Some(manifest) = &facts.manifest else { return };
    let asked = manifest.entries.iter().filter(|found| found.kind == Kind::Http);
    for answer in asked.filter(|found| is_answer(found.name.as_str())) {
        let Some(status) = answer.status.filter(|status| *status >= 400) else { continue };
        let told = |health: &&crate::index::host::Health| *health.place.entry == *answer.name.as_str();
        // A failing check answers 503, and was told by its name.
        if facts.host.health.iter().find(told).is_some_and(|health| !health.failing.is_empty()) {
            continue;
        }
        let severity = if status >= 500 { Severity::Critical } else { Severity::Notice };
        let title = format!("{} answers with status {status}", answer.name.as_str());
        found.about(
            answer.name.as_str(),
            severity,
            title,
            [entry(answer.name.as_str(), format!("status {status}"))],
        );
    }
}
