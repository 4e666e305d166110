//! Facts → findings: one list of analyzers, each with what trips it, its advice and a page of GitLab's
//! documentation.
//!
//! An analyzer looks at facts only; it reads no bundle. What is not known is never a finding. A host that
//! is well has none: each analyzer brings a bundle that trips it and one that just does not, and the tests
//! run them all. `docs/findings.md` derives from the list.

mod certificates;
mod clock;
mod collection;
mod disks;
mod errors;
mod finding;
mod found;
mod gaps;
mod gitaly;
mod health;
mod kernel;
mod limits;
mod memory;
mod migrations;
mod page;
mod postgresql;
mod puma;
mod redis;
mod requests;
mod services;
mod sidekiq;
mod versions;

#[cfg(test)]
mod tests;

use crate::index::Facts;
pub use finding::{Evidence, Finding, Severity};
use found::Found;
pub use page::page;

/// One analyzer.
pub(crate) struct Analyzer {
    /// Its name.
    name: &'static str,
    /// What trips it, with its thresholds.
    about: &'static str,
    /// What to do.
    advice: &'static str,
    /// A page of GitLab's documentation.
    link: &'static str,
    look: Look,
}

/// What it looks at.
enum Look {
    /// One host.
    Node(fn(&Facts, &mut Found)),
    /// All hosts of a site.
    Site(fn(&[Facts], &mut Found)),
}

/// All analyzers: what the bundle does not tell comes first, for it limits all else.
fn all() -> impl Iterator<Item = &'static Analyzer> {
    [
        collection::ANALYZERS,
        services::ANALYZERS,
        health::ANALYZERS,
        disks::ANALYZERS,
        memory::ANALYZERS,
        kernel::ANALYZERS,
        limits::ANALYZERS,
        clock::ANALYZERS,
        versions::ANALYZERS,
        migrations::ANALYZERS,
        certificates::ANALYZERS,
        postgresql::ANALYZERS,
        redis::ANALYZERS,
        puma::ANALYZERS,
        sidekiq::ANALYZERS,
        gitaly::ANALYZERS,
        requests::ANALYZERS,
        errors::ANALYZERS,
        gaps::ANALYZERS,
    ]
    .into_iter()
    .flatten()
}

/// The findings of one host, the worst first.
pub fn node(facts: &Facts) -> Vec<Finding> {
    findings(|look, found| {
        if let Look::Node(look) = look {
            look(facts, found);
        }
    })
}

/// The findings that only several hosts together have, the worst first.
pub fn site(facts: &[Facts]) -> Vec<Finding> {
    findings(|look, found| {
        if let Look::Site(look) = look {
            look(facts, found);
        }
    })
}

fn findings(mut look: impl FnMut(&Look, &mut Found)) -> Vec<Finding> {
    let mut all_found = Vec::new();
    for analyzer in all() {
        let mut found = Found::default();
        look(&analyzer.look, &mut found);
        all_found.extend(found.into_findings(analyzer));
    }
    // The sort is stable: equals stay in the order of the list.
    all_found.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    all_found
}
