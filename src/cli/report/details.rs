//! Each finding with the lines that show it, advice and a link.

use std::fmt::Write as _;

use super::{
    layout::{heading, shown, wrapped},
    top::line,
};
use crate::report::Report;

pub(super) fn findings(out: &mut String, report: &Report) {
    if report.findings.is_empty() {
        return;
    }
    heading(out, "Findings");
    for told in &report.findings {
        out.push('\n');
        wrapped(out, 0, &line(told, report));
        for evidence in &told.finding.evidence {
            let at = evidence.line.map_or_else(String::new, |line| format!(":{line}"));
            // Writing to a String does not fail.
            let _ = writeln!(out, "  {}{at}", shown(&evidence.entry));
            wrapped(out, 4, &shown(&evidence.text));
        }
        wrapped(out, 2, &format!("=> {}", told.finding.advice));
        let _ = writeln!(out, "  {}", told.finding.link);
    }
}
