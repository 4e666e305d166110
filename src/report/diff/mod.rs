//! Two bundles against each other: before and after, or node against node. Tells what differs and nothing
//! else; figures that always differ a little are told only where they differ much.

mod configuration;
mod settings;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Value, build};
use crate::{
    analyze::{self, Finding},
    index::Facts,
};
use configuration::Compared;
pub use configuration::Lines;

/// The name of the JSON format.
const FORMAT: &str = "glsos-diff/1";
/// Files of configuration that are told.
const FILES: usize = 200;
/// What differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Diff {
    /// `glsos-diff/1`.
    pub format: &'static str,
    /// The first bundle's host and file.
    pub before: [String; 2],
    /// The second one's.
    pub after: [String; 2],
    /// Findings of the second that the first does not have.
    pub new_findings: Vec<Finding>,
    /// Findings of the first that the second does not have.
    pub gone_findings: Vec<Finding>,
    /// Figures that differ, by subject.
    pub changes: Vec<Changes>,
    /// Configuration that differs, by file.
    pub configuration: Vec<Lines>,
    /// Files of configuration that differ, beyond those.
    pub more_files: u64,
    /// Files of configuration that are not whole in both bundles, so that nobody can tell.
    pub not_compared: Vec<String>,
    /// Such files beyond those.
    pub more_not_compared: u64,
}

/// What differs in one subject.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Changes {
    /// A short name.
    pub id: &'static str,
    /// The heading.
    pub title: &'static str,
    /// What differs.
    pub rows: Vec<Change>,
}

/// One thing that differs.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Change {
    /// What it is.
    pub what: String,
    /// What it was; none if it was not there.
    pub before: Value,
    /// What it is now; none if it is not there.
    pub after: Value,
}

/// Compares two bundles.
pub fn diff(before: &Facts, after: &Facts) -> Diff {
    let (old, new) = (analyze::node(before), analyze::node(after));
    // The same trouble with another figure is the same trouble; a worse one is not.
    let key = |finding: &Finding| (finding.analyzer, finding.subject.clone(), finding.severity);
    let without = |all: &[Finding], others: &[Finding]| {
        let others: BTreeSet<_> = others.iter().map(key).collect();
        all.iter().filter(|finding| !others.contains(&key(finding))).cloned().collect::<Vec<_>>()
    };
    let Compared { mut differ, mut unknown } = configuration::compared(before, after);
    let more_files = differ.len().saturating_sub(FILES) as u64;
    differ.truncate(FILES);
    let more_not_compared = unknown.len().saturating_sub(FILES) as u64;
    unknown.truncate(FILES);
    let subjects = [
        ("host", "Host", identity(before), identity(after)),
        ("versions", "Versions", versions(before), versions(after)),
        ("services", "Services", services(before), services(after)),
        ("limits", "Limits of open files", limits(before), limits(after)),
        ("sizes", "Sizes", sizes(before), sizes(after)),
        ("rates", "Rates", rates(before), rates(after)),
    ];
    let changes = subjects.into_iter().map(|(id, title, before, after)| Changes {
        id,
        title,
        rows: compared(before, &after),
    });
    Diff {
        format: FORMAT,
        before: [build::name(before), before.file.clone()],
        after: [build::name(after), after.file.clone()],
        new_findings: without(&new, &old),
        gone_findings: without(&old, &new),
        changes: changes.filter(|changes| !changes.rows.is_empty()).collect(),
        configuration: differ,
        more_files,
        not_compared: unknown,
        more_not_compared,
    }
}

type Figures = BTreeMap<String, Value>;

fn compared(before: Figures, after: &Figures) -> Vec<Change> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changes = names.into_iter().filter_map(|name| {
        let value = |of: &Figures| of.get(name).cloned().unwrap_or(Value::None);
        let (before, after) = (value(&before), value(after));
        differ(&before, &after).then(|| Change { what: name.clone(), before, after })
    });
    changes.collect()
}

/// Words and counts differ when they are not equal; measured figures when one is half again the other.
fn differ(before: &Value, after: &Value) -> bool {
    match (before, after) {
        (Value::Percent(a), Value::Percent(b)) => {
            (a - b).abs() >= 5.0 || apart(*a, *b, 2.0) && a.max(*b) >= 1.0
        }
        (Value::Seconds(a), Value::Seconds(b)) => apart(*a, *b, 1.5) && a.max(*b) >= 0.05,
        (Value::Number(a), Value::Number(b)) => apart(*a, *b, 1.5) && a.max(*b) >= 1.0,
        (Value::Bytes(a), Value::Bytes(b)) => apart(*a as f64, *b as f64, 1.1) && a.abs_diff(*b) >= 1 << 20,
        (a, b) => a != b,
    }
}

fn apart(a: f64, b: f64, factor: f64) -> bool {
    a.max(b) >= a.min(b) * factor && a != b
}

fn identity(facts: &Facts) -> Figures {
    // Both change all the time.
    let facts = build::identity(facts).into_iter().filter(|fact| !matches!(fact.name, "up for" | "load"));
    facts.map(|fact| (fact.name.to_owned(), fact.value)).collect()
}

fn versions(facts: &Facts) -> Figures {
    let components = &facts.host.versions.components;
    components.iter().map(|(name, version)| (name.clone(), Value::text(version))).collect()
}

fn services(facts: &Facts) -> Figures {
    let state = |up: bool| Value::text(if up { "up" } else { "down" });
    facts.host.services.iter().map(|service| (service.name.clone(), state(service.up))).collect()
}

fn limits(facts: &Facts) -> Figures {
    let limits = facts.host.limits.iter().filter_map(|limit| {
        let program = limit.command.split(' ').next()?.rsplit('/').next()?;
        Some((program.trim_end_matches(':').to_owned(), Value::Count(limit.soft?)))
    });
    limits.collect()
}

fn sizes(facts: &Facts) -> Figures {
    let mut all = Figures::new();
    for system in &facts.host.file_systems {
        all.insert(format!("{} used", system.mount), Value::of(system.used, Value::Percent));
        all.insert(format!("{} size", system.mount), Value::of(system.size, Value::Bytes));
    }
    let logs = facts.entries.iter().filter(|(name, bytes)| name.contains("/log/") && **bytes >= 1 << 20);
    all.extend(logs.map(|(name, bytes)| (name.to_string(), Value::Bytes(*bytes))));
    all
}

fn rates(facts: &Facts) -> Figures {
    let mut all = Figures::new();
    for (component, traffic) in &facts.logs.traffic {
        let Some((first, last)) = traffic.times.filter(|(first, last)| last > first) else { continue };
        let hours = ((last - first) as f64 / 3.6e9).max(1.0 / 60.0);
        let mut put = |name: &str, value: Value| {
            all.insert(format!("{component}: {name}"), value);
        };
        if traffic.requests > 0 {
            put("requests an hour", Value::Number(traffic.requests as f64 / hours));
            put("failed", Value::of(traffic.failed_percent(), Value::Percent));
            put("50 %", Value::of(traffic.took.percentile(0.5), Value::Seconds));
            put("95 %", Value::of(traffic.took.percentile(0.95), Value::Seconds));
        }
        put("errors an hour", Value::Number(traffic.errors as f64 / hours));
    }
    all
}

#[cfg(test)]
mod tests;
