//! Two bundles against each other: before and after, or node against node. Tells what differs and nothing
//! else; figures that always differ a little are told only where they differ much.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::{Value, build};
use crate::{
    analyze::{self, Finding},
    index::Facts,
};

/// The name of the JSON format.
const FORMAT: &str = "glsos-diff/1";
/// Files of configuration, and lines of each, that are told.
const FILES: usize = 200;
const LINES: usize = 60;
/// Texts that are settings, besides the files below `etc/` and `var/opt/gitlab/`.
const SETTINGS: &[&str] = &["sysctl_a", "ulimit", "running_swappiness", "getenforce", "systemctl_unit_files"];
/// What the kernel counts, among its settings.
const COUNTERS: &[&str] = &[
    "fs.dentry-state",
    "fs.file-nr",
    "fs.inode",
    "fs.quota",
    "kernel.ns_last_pid",
    "kernel.pty.nr",
    "kernel.random",
    "net.netfilter.nf_conntrack_count",
];

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

/// A file of configuration that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lines {
    /// Its name.
    pub file: String,
    /// Lines that only the first has, in its order; without comments.
    pub removed: Vec<String>,
    /// Lines that only the second has.
    pub added: Vec<String>,
}

/// Compares two bundles.
pub fn diff(before: &Facts, after: &Facts) -> Diff {
    let (old, new) = (analyze::node(before), analyze::node(after));
    let key = |finding: &Finding| (finding.analyzer, subject(&finding.title));
    let without = |all: &[Finding], others: &[Finding]| {
        let others: BTreeSet<_> = others.iter().map(key).collect();
        all.iter().filter(|finding| !others.contains(&key(finding))).cloned().collect::<Vec<_>>()
    };
    let mut configuration = configuration(before, after);
    let more_files = configuration.len().saturating_sub(FILES) as u64;
    configuration.truncate(FILES);
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
        configuration,
        more_files,
    }
}

/// A title without its figures and times: the same trouble with another number is the same trouble.
fn subject(title: &str) -> String {
    let dated = |rest: &str| {
        let rest = rest.strip_prefix("at ").unwrap_or(rest);
        rest.len() > 4 && rest.bytes().take(4).all(|b| b.is_ascii_digit()) && rest[4..].starts_with('-')
    };
    let end =
        title.match_indices(", ").find(|(at, _)| dated(&title[at + 2..])).map_or(title.len(), |(at, _)| at);
    title[..end].chars().filter(|c| !c.is_ascii_digit() && *c != '.').collect()
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

fn configuration(before: &Facts, after: &Facts) -> Vec<Lines> {
    let texts = |facts: &Facts| -> BTreeMap<String, Vec<String>> {
        let files = ["etc/", "var/opt/gitlab/"].into_iter().flat_map(|folder| facts.docs.below(folder));
        let more = SETTINGS.iter().filter_map(|name| facts.docs.get(name));
        // Certificates are told by their dates.
        let files = files.chain(more).filter(|doc| !doc.entry.ends_with(".crt"));
        files.map(|doc| (doc.entry.to_string(), settings(&doc.text))).collect()
    };
    let (before, after) = (texts(before), texts(after));
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let none = Vec::new();
    let files = names.into_iter().filter_map(|name| {
        let (old, new) = (before.get(name).unwrap_or(&none), after.get(name).unwrap_or(&none));
        let only = |of: &[String], other: &[String]| -> Vec<String> {
            let other: BTreeSet<&String> = other.iter().collect();
            of.iter().filter(|line| !other.contains(line)).take(LINES).cloned().collect()
        };
        let (removed, added) = (only(old, new), only(new, old));
        (!removed.is_empty() || !added.is_empty()).then(|| Lines { file: name.clone(), removed, added })
    });
    files.collect()
}

/// Lines that set something. The tag of a secret is another one in every run, so it is no difference.
fn settings(text: &str) -> Vec<String> {
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with(['#', ';']));
    let lines = lines.filter(|line| !COUNTERS.iter().any(|counter| line.starts_with(counter)));
    lines.map(untagged).collect()
}

/// `__REDACTED.db_password.fbc21d27__` without its last part.
fn untagged(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(start) = rest.find("__REDACTED.") {
        let (before, marker) = rest.split_at(start);
        out.push_str(before);
        let end = marker[2..].find("__").map_or(marker.len(), |end| end + 4);
        let inside = &marker[..end];
        out.push_str(inside.rsplit_once('.').map_or(inside, |(kept, _)| kept));
        out.push_str("__");
        rest = &marker[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tags_of_secrets_are_no_difference() {
        let line = "a = __REDACTED.db_password.fbc21d27__ b = __REDACTED.x.00000000__;";
        assert_eq!(untagged(line), "a = __REDACTED.db_password__ b = __REDACTED.x__;");
        assert_eq!(untagged("__REDACTED.cut"), "__REDACTED__");
        assert_eq!(settings("# x\n\n a = 1 \nkernel.random.uuid = 7\n"), ["a = 1"]);
    }

    #[test]
    fn small_differences_of_what_is_measured_are_none() {
        for (before, after, expected) in [
            (Value::Percent(27.0), Value::Percent(30.0), false),
            (Value::Percent(27.0), Value::Percent(33.0), true),
            (Value::Percent(0.4), Value::Percent(2.0), true),
            (Value::Seconds(0.2), Value::Seconds(0.25), false),
            (Value::Seconds(0.2), Value::Seconds(0.4), true),
            (Value::Seconds(0.001), Value::Seconds(0.004), false),
            (Value::Count(1024), Value::Count(1025), true),
            (Value::None, Value::Bytes(1), true),
            (Value::Bytes(1 << 30), Value::Bytes((1 << 30) + 1), false),
        ] {
            assert_eq!(differ(&before, &after), expected, "{before:?} {after:?}");
        }
    }

    #[test]
    fn a_title_with_another_figure_is_the_same_trouble() {
        assert_eq!(subject("/var is 92 % full, 20 GB left"), subject("/var is 93 % full, 19 GB left"));
        let oom = "Killed (2 times told, at 2026-03-01 11:13 UTC)";
        assert_eq!(subject(oom), subject("Killed (3 times told, 2026-03-02 11:13 to 12:00 UTC)"));
        assert_ne!(subject("nginx is down"), subject("puma is down"));
    }
}
