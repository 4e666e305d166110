//! `glsos diff`: what differs between two bundles.

use std::fmt::Write as _;

use super::{
    args,
    console::Console,
    report::layout::{WIDTH, fitted, heading, shown, wrapped},
};
use crate::{
    analyze::Finding,
    error::{Error, Result},
    exit_codes,
    index::index,
    report::{Changes, Diff, Lines, Value, diff},
};

/// Files that were not compared and are named.
const NAMES: usize = 10;

pub(super) fn run(typed: &args::Diff, console: &Console) -> Result<u8> {
    let diff = diff(&index(&typed.before)?, &index(&typed.after)?);
    let told = if typed.json {
        let value = serde_json::to_value(&diff)
            .map_err(|error| Error::internal(format!("the comparison makes no JSON: {error}")))?;
        console.event(&value)
    } else {
        console.data(text(&diff).as_bytes())
    };
    told.map_err(|error| Error::host(format!("writing to stdout: {error}")))?;
    Ok(exit_codes::OK)
}

fn text(diff: &Diff) -> String {
    let mut out = String::new();
    for (mark, [host, file]) in [("A", &diff.before), ("B", &diff.after)] {
        wrapped(&mut out, 0, &format!("{mark}: {} ({})", shown(host), shown(file)));
    }
    findings(&mut out, "Findings of B only", &diff.new_findings);
    findings(&mut out, "Findings of A only", &diff.gone_findings);
    diff.changes.iter().for_each(|changes| figures(&mut out, changes));
    if !diff.configuration.is_empty() {
        heading(&mut out, "Configuration");
    }
    diff.configuration.iter().for_each(|lines| file(&mut out, lines));
    if diff.more_files > 0 {
        // Writing to a String does not fail.
        let _ = writeln!(out, "\nand {} files more", diff.more_files);
    }
    if !diff.not_compared.is_empty() {
        let names: Vec<String> = diff.not_compared.iter().take(NAMES).map(|name| shown(name)).collect();
        let more = diff.not_compared.len() - names.len();
        let more = more as u64 + diff.more_not_compared;
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let told = format!("not compared, for not whole in both: {}{more}", names.join(", "));
        out.push('\n');
        wrapped(&mut out, 0, &told);
    }
    let same = diff.new_findings.is_empty() && diff.gone_findings.is_empty();
    if same && diff.changes.is_empty() && diff.configuration.is_empty() {
        out.push_str("\nno difference\n");
    }
    out
}

fn findings(out: &mut String, title: &str, findings: &[Finding]) {
    if !findings.is_empty() {
        heading(out, title);
        out.push('\n');
    }
    for finding in findings {
        let line = format!("{:<8}  {}", finding.severity.word(), shown(&finding.title));
        let _ = writeln!(out, "{}", fitted(&line, WIDTH));
    }
}

fn figures(out: &mut String, changes: &Changes) {
    heading(out, changes.title);
    out.push('\n');
    let figure = |value: &Value| match value {
        Value::None => "(none)".to_owned(),
        value => shown(&value.to_string()),
    };
    for change in &changes.rows {
        let line =
            format!("{}: {} -> {}", shown(&change.what), figure(&change.before), figure(&change.after));
        wrapped(out, 2, &line);
    }
}

fn file(out: &mut String, lines: &Lines) {
    let _ = writeln!(out, "\n{}", fitted(&shown(&lines.file), WIDTH));
    let (removed, added) = ((&lines.removed, lines.more_removed), (&lines.added, lines.more_added));
    for (mark, (lines, more)) in [('-', removed), ('+', added)] {
        for line in lines {
            let _ = writeln!(out, "  {mark} {}", fitted(&shown(line), WIDTH - 4));
        }
        if more > 0 {
            let _ = writeln!(out, "  {mark} and {more} more");
        }
    }
}
