//! `--dry-run`: the plan for people and, with `--json`, for scripts. It stays on this machine, so names
//! are not redacted; but whoever may make files may name them, so they are escaped.

use std::fmt::Write;

use serde_json::json;

use super::console::{escape_json, escape_line};
use crate::{
    outcome::Ending,
    plan::{Estimate, Item, Plan, Take},
    units::{show_duration, show_size},
};

/// The plan as text: what would be taken, then what would not and why, then the sum.
pub(super) fn text(plan: &Plan) -> String {
    let mut out = String::new();
    let (left, taken): (Vec<&Item>, Vec<&Item>) =
        plan.items.iter().partition(|item| matches!(item.take, Take::Leave { .. }));
    let _ = writeln!(out, "Would take {} entries:", taken.len());
    for item in &taken {
        let size = item.size().map_or_else(|| "?".to_owned(), show_size);
        let _ = writeln!(out, "  {size:>8}  {}  {}", how(item), entry(item));
    }
    if !left.is_empty() {
        let _ = writeln!(out, "\nWould leave {}:", left.len());
    }
    for item in left {
        if let Take::Leave { ending: Ending { outcome, reason }, .. } = &item.take {
            let _ = writeln!(out, "  {}  {}: {}", outcome.word(), entry(item), escape_line(reason));
        }
    }
    let bytes: u64 = taken.iter().filter_map(|item| item.size()).sum();
    let unknown = taken.iter().filter(|item| item.size().is_none()).count();
    let _ = writeln!(out, "\nAbout {} of files and logs, and {unknown} outputs.", show_size(bytes));
    let Estimate { bytes, shortened } = plan.estimate;
    let _ = writeln!(out, "The bundle will have about {}.", show_size(bytes));
    if shortened > 0 {
        let _ = writeln!(
            out,
            "For --max-bundle the oldest lines of {shortened} {} are left out.",
            if shortened == 1 { "log" } else { "logs" }
        );
    }
    let sampling = plan.sampling;
    if !sampling.is_zero() {
        let _ = writeln!(out, "Samplers watch the host for up to {}.", show_duration(sampling));
    }
    out
}

fn entry(item: &Item) -> String {
    escape_line(&item.entry.to_string_lossy())
}

/// The plan as one JSON value: what is taken, in the bundle's order; of a command its argv too, so that
/// others can run the same.
pub(super) fn json(plan: &Plan) -> String {
    let item = |item: &Item| {
        let (outcome, reason) = match &item.take {
            Take::Leave { ending, .. } => (ending.outcome.word(), ending.reason.as_str()),
            _ => ("planned", ""),
        };
        let mut told = json!({
            "entry": item.entry.to_string_lossy(),
            "collector": item.collector,
            "source": item.source,
            "kind": how(item).trim_end(),
            "why": item.why,
            "bytes": item.size(),
            "outcome": outcome,
            "reason": reason,
        });
        if let Take::Command { command, .. } = &item.take {
            told["argv"] = json!(command.argv);
            told["timeout_seconds"] = json!(command.timeout.as_secs_f64());
        }
        told
    };
    let plan = json!({
        "since": plan.window.since.to_string(),
        "until": plan.window.until.to_string(),
        "bundle_bytes": plan.estimate.bytes,
        "shortened_logs": plan.estimate.shortened,
        "items": plan.items.iter().map(item).collect::<Vec<_>>(),
    });
    escape_json(&plan.to_string())
}

fn how(item: &Item) -> &'static str {
    match &item.take {
        Take::Command { sampler: true, .. } => "sampler",
        Take::Command { .. } => "command",
        Take::Part { .. } => "part   ",
        Take::File { .. } => "file   ",
        Take::Log { .. } => "log    ",
        Take::Http { .. } => "http   ",
        Take::Probe(_) => "probe  ",
        Take::Leave { .. } => "none   ",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{catalog::Profile, catalog::SourceKind, host::Command, logs::Window, outcome::Outcome};

    fn item(entry: &str, take: Take) -> Item {
        Item {
            collector: "x".to_owned(),
            source: "y".to_owned(),
            why: String::new(),
            entry: entry.into(),
            gitlabs: true,
            until: None,
            take,
        }
    }

    fn plan(items: Vec<Item>) -> Plan {
        let (since, until) = (jiff::Timestamp::MIN, jiff::Timestamp::MAX);
        let (profile, sampling) = (Profile::Default, std::time::Duration::ZERO);
        let estimate = Estimate { bytes: 0, shortened: 0 };
        Plan { items, selection: Vec::new(), window: Window { since, until }, profile, sampling, estimate }
    }

    #[test]
    fn json_tells_what_a_command_is_and_how_long_it_may_run() {
        let argv = ["vmstat", "-w", "1"].map(str::to_owned).to_vec();
        let command = Command { argv, timeout: std::time::Duration::from_millis(1500), limit: 1 };
        let file = Take::File { path: "/etc/os-release".into(), stat: None, limit: 1 };
        let items = vec![item("vmstat", Take::Command { command, sampler: true }), item("x", file)];
        let told: serde_json::Value = serde_json::from_str(&json(&plan(items))).unwrap();
        assert_eq!(told["items"][0]["kind"], "sampler");
        assert_eq!(told["items"][0]["argv"], json!(["vmstat", "-w", "1"]));
        assert_eq!(told["items"][0]["timeout_seconds"], json!(1.5));
        assert_eq!(told["items"][1].get("argv"), None);
    }

    /// Found: `--dry-run` printed names as they were.
    #[test]
    fn a_planted_name_cannot_drive_the_terminal_of_a_dry_run() {
        let name = "/var/log/gitlab/a\u{1b}[2J\nfile  forged\u{9b}.log";
        let kind = SourceKind::Log { path: name.to_owned(), importance: crate::catalog::Importance::Normal };
        let ending = Ending::new(Outcome::Skipped, format!("the link {name} lies where others may write"));
        let plan = plan(vec![item(name, Take::Leave { kind, ending })]);
        for told in [text(&plan), json(&plan)] {
            assert!(!told.contains(['\u{1b}', '\u{9b}']) && !told.contains("\nfile  forged"), "{told}");
        }
    }
}
