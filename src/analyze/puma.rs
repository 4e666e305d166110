//! Puma: requests that took too long, and workers that were ended.

use super::{Analyzer, Look, Severity, found::Found};
use crate::index::Facts;

const LINK: &str = "https://docs.gitlab.com/administration/operations/puma/";

pub(super) const ANALYZERS: &[Analyzer] = &[
    Analyzer {
        name: "puma-timeouts",
        about: "At least 5 requests were ended after their 60 seconds.",
        advice: "The table of routes tells which are slow; look at the database, Gitaly and the processors of that time.",
        link: LINK,
        look: Look::Node(timeouts),
    },
    Analyzer {
        name: "puma-workers-killed",
        about: "Puma's workers were ended for their memory, or because they did not answer, at least 6 times.",
        advice: "Raise puma['per_worker_max_memory_mb'] where the host has memory left; else run fewer workers.",
        link: LINK,
        look: Look::Node(killed),
    },
];

fn timeouts(facts: &Facts, found: &mut Found) {
    found.told(
        Severity::Warning,
        "Requests ran into Puma's timeout",
        facts.logs.signal("puma-timeout").filter(|signal| signal.count >= 5),
    );
}

fn killed(facts: &Facts, found: &mut Found) {
    found.told(
        Severity::Warning,
        "Puma's workers were ended",
        facts.logs.signal("puma-killed").filter(|signal| signal.count >= 6),
    );
}
