//! The first screen: who the hosts are, and every finding on a line, the worst first.

use std::fmt::Write as _;

use super::layout::{WIDTH, fitted, shown, wrapped};
use crate::{
    analyze::Severity,
    report::{Node, Report, Told, Value},
};

/// Findings on the first screen of 24 lines.
const LINES: usize = 16;

pub(super) fn top(out: &mut String, report: &Report) {
    for node in &report.nodes {
        let name = shown(&node.name);
        let what = ["GitLab", "system"].iter().filter_map(|name| identity(node, name)).collect::<Vec<_>>();
        let line = format!("{name}  {}", what.join(", "));
        // Writing to a String does not fail.
        let _ = writeln!(out, "{}", fitted(line.trim_end(), WIDTH));
        if report.nodes.len() == 1 {
            let taken = node.taken.map_or_else(String::new, |taken| format!(", {taken:.0}"));
            wrapped(out, 0, &format!("{} ({}{taken})", shown(&node.bundle), shown(&node.made_by)));
        }
    }
    let _ = writeln!(out, "{}\n", counts(report));
    for told in report.findings.iter().take(LINES) {
        let _ = writeln!(out, "{}", fitted(&line(told, report), WIDTH));
    }
    let more = report.findings.len().saturating_sub(LINES);
    if more > 0 {
        let _ = writeln!(out, "and {more} more below");
    }
}

fn identity(node: &Node, name: &str) -> Option<String> {
    let fact = node.identity.iter().find(|fact| fact.name == name)?;
    let value = shown(&fact.value.to_string());
    let label = if name == "GitLab" { "GitLab " } else { "" };
    (fact.value != Value::None).then(|| format!("{label}{value}"))
}

/// `2 critical, 1 warning`.
fn counts(report: &Report) -> String {
    let of =
        |severity: Severity| report.findings.iter().filter(|told| told.finding.severity == severity).count();
    let mut parts = Vec::new();
    for (severity, plural) in [(Severity::Critical, ""), (Severity::Warning, "s"), (Severity::Notice, "s")] {
        match of(severity) {
            0 => {}
            1 => parts.push(format!("1 {}", severity.word())),
            number => parts.push(format!("{number} {}{plural}", severity.word())),
        }
    }
    if parts.is_empty() { "no findings".to_owned() } else { parts.join(", ") }
}

/// The severity and the title, with the host's name where there are several.
pub(super) fn line(told: &Told, report: &Report) -> String {
    let severity = match told.finding.severity {
        Severity::Critical => "CRITICAL",
        other => other.word(),
    };
    let whose = match told.node.and_then(|number| report.nodes.get(number)) {
        Some(node) if report.nodes.len() > 1 => format!("{}: ", shown(&node.name)),
        _ => String::new(),
    };
    format!("{severity:<8}  {whose}{}", shown(&told.finding.title))
}
