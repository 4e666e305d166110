//! `glsos report`: what is wrong with the hosts that bundles were made of. Needs no host: the desk has none.

mod details;
pub(super) mod layout;
mod page;
mod sections;
mod spark;
pub(super) mod tables;
mod top;

use super::{
    args,
    console::{Console, escape_line},
};
use crate::{
    analyze::Severity,
    error::{Error, Result},
    exit_codes,
    index::index,
    report::{Report, html, report},
};

pub(super) fn run(typed: &args::Report, console: &Console) -> Result<u8> {
    let mut all = Vec::new();
    for path in &typed.bundles {
        match index(path) {
            Ok(facts) => all.push(facts),
            Err(error) => console.error(&error),
        }
    }
    let unread = all.len() < typed.bundles.len();
    if all.is_empty() {
        return Ok(exit_codes::FAILED);
    }
    let report = report(&all);
    // What the report needs of the facts is in it.
    drop(all);
    let told = if let Some(path) = &typed.html {
        let page = html::page(&report);
        match path.as_os_str() == "-" {
            true => console.data(page.as_bytes()),
            false => {
                page::write(path, &page)?;
                console.data(format!("{}\n", escape_line(&path.display().to_string())).as_bytes())
            }
        }
    } else if typed.json {
        let value = serde_json::to_value(&report)
            .map_err(|error| Error::internal(format!("the report makes no JSON: {error}")))?;
        console.event(&value)
    } else {
        console.data(text(&report).as_bytes())
    };
    told.map_err(|error| Error::host(format!("writing to stdout: {error}")))?;
    let fails = typed.fail_on.is_some_and(|severity| is_that_bad(&report, severity.into()));
    Ok(match (unread, fails) {
        (true, _) => exit_codes::FAILED,
        (false, true) => exit_codes::FINDINGS,
        (false, false) => exit_codes::OK,
    })
}

fn is_that_bad(report: &Report, severity: Severity) -> bool {
    report.findings.iter().any(|told| told.finding.severity >= severity)
}

/// For a terminal of 80 columns, the worst on its first screen.
fn text(report: &Report) -> String {
    let mut out = String::new();
    top::top(&mut out, report);
    details::findings(&mut out, report);
    sections::side_by_side(&mut out, report);
    for node in &report.nodes {
        sections::node(&mut out, node, report.nodes.len() > 1);
    }
    out
}
