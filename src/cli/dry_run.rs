//! `--dry-run`: the plan for people and, with `--json`, for scripts.

use std::fmt::Write;

use serde_json::json;

use crate::{
    outcome::Ending,
    plan::{Item, Plan, Take},
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
        let _ = writeln!(out, "  {size:>8}  {}  {}", how(item), item.entry.display());
    }
    if !left.is_empty() {
        let _ = writeln!(out, "\nWould leave {}:", left.len());
    }
    for item in left {
        if let Take::Leave { ending: Ending { outcome, reason }, .. } = &item.take {
            let _ = writeln!(out, "  {}  {}: {reason}", outcome.word(), item.entry.display());
        }
    }
    let bytes: u64 = taken.iter().filter_map(|item| item.size()).sum();
    let unknown = taken.iter().filter(|item| item.size().is_none()).count();
    let _ = writeln!(
        out,
        "\nAt most {} of files and logs (before the window and compression), and {unknown} outputs.",
        show_size(bytes)
    );
    let sampling = plan.sampling;
    if !sampling.is_zero() {
        let _ = writeln!(out, "Samplers watch the host for up to {}.", show_duration(sampling));
    }
    out
}

/// The plan as one JSON value.
pub(super) fn json(plan: &Plan) -> serde_json::Value {
    let item = |item: &Item| {
        let (outcome, reason) = match &item.take {
            Take::Leave { ending, .. } => (ending.outcome.word(), ending.reason.as_str()),
            _ => ("planned", ""),
        };
        json!({
            "entry": item.entry.to_string_lossy(),
            "collector": item.collector,
            "source": item.source,
            "kind": how(item).trim_end(),
            "why": item.why,
            "bytes": item.size(),
            "outcome": outcome,
            "reason": reason,
        })
    };
    json!({
        "since": plan.window.since.to_string(),
        "until": plan.window.until.to_string(),
        "items": plan.items.iter().map(item).collect::<Vec<_>>(),
    })
}

fn how(item: &Item) -> &'static str {
    match &item.take {
        Take::Command { sampler: true, .. } => "sampler",
        Take::Command { .. } => "command",
        Take::File { .. } => "file   ",
        Take::Log { .. } => "log    ",
        Take::Http { .. } => "http   ",
        Take::Probe(_) => "probe  ",
        Take::Leave { .. } => "none   ",
    }
}
