//! The report as one HTML file: no script, nothing from elsewhere, findings first. Readable on paper, by day and
//! by night, on a phone. All that came from a host goes through `escape::html`; only the program's own words
//! are markup. Renders what it is given and judges nothing.

mod chart;
mod events;
mod findings;
mod scale;
mod table;

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Chart, Fact, Node, Report, Section, Value};
use crate::escape::html;

/// Appends to the page; writing to a String does not fail.
macro_rules! put {
    ($out:expr, $($arg:tt)*) => {{
        use std::fmt::Write as _;
        let _ = write!($out, $($arg)*);
    }};
}
use put;

const STYLE: &str = include_str!("style.css");
/// Neither scripts nor anything from elsewhere, whatever a stranger's text may become.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// The whole page.
pub fn page(report: &Report) -> String {
    let mut out = String::with_capacity(256 << 10);
    let names: Vec<&str> = report.nodes.iter().map(|node| node.name.as_str()).collect();
    let title = match names.as_slice() {
        [one] => (*one).to_owned(),
        several => format!("{} hosts: {}", several.len(), several.join(", ")),
    };
    put!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\" dir=\"ltr\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{POLICY}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <link rel=\"icon\" href=\"data:,\">\n<title>{}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n",
        html(&title)
    );
    put!(out, "<header>\n<h1>{}</h1>\n", html(&title));
    report.nodes.iter().for_each(|node| sub(&mut out, node, names.len() > 1));
    findings::verdict(&mut out, &report.findings);
    put!(out, "</header>\n<main>\n");
    findings::list(&mut out, &report.findings, &names);
    let sections = sections(&report.nodes);
    nav(&mut out, report, &sections);
    identity(&mut out, report, &names);
    events::timeline(&mut out, &report.nodes);
    for (id, title) in &sections {
        section(&mut out, id, title, report, &names);
    }
    put!(
        out,
        "</main>\n<footer>Made by glsos {}. Times are UTC. This page runs no script and loads nothing; figures \
         and lines come from the bundle, and what was redacted there is redacted here.</footer>\n</body>\n</html>\n",
        html(report.glsos)
    );
    out
}

fn sub(out: &mut String, node: &Node, several: bool) {
    let mut parts = Vec::new();
    if several {
        parts.push(node.name.clone());
    }
    if let Some(taken) = node.taken {
        parts.push(format!("taken {}", minute(taken)));
    }
    if let Some((from, to)) = node.window {
        parts.push(format!("logs from {} to {}", minute(from), minute(to)));
    }
    parts.extend((node.bundle != node.name).then(|| node.bundle.clone()));
    parts.push(match node.made_by.as_str() {
        "not glsos" => "not made by glsos".to_owned(),
        by => format!("made by {by}"),
    });
    put!(out, "<p class=\"sub\">{}</p>\n", html(&parts.join(" · ")));
}

fn minute(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M").to_string()
}

fn clock(time: Timestamp) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// Every section of any node once, in the order of the first that has it.
fn sections(nodes: &[Node]) -> Vec<(&'static str, &'static str)> {
    let mut seen = BTreeSet::new();
    let all = nodes.iter().flat_map(|node| &node.sections).filter(|section| !is_empty(section));
    all.filter(|section| seen.insert(section.id)).map(|section| (section.id, section.title)).collect()
}

fn is_empty(section: &Section) -> bool {
    section.facts.is_empty() && section.charts.is_empty() && section.tables.is_empty()
}

fn nav(out: &mut String, report: &Report, sections: &[(&str, &str)]) {
    put!(out, "<nav aria-label=\"Sections\">");
    put!(out, "<a href=\"#who\">Who and what</a>");
    if report.nodes.iter().any(|node| !node.events.is_empty()) {
        put!(out, "<a href=\"#events\">What happened when</a>");
    }
    for (id, title) in sections {
        put!(out, "<a href=\"#{}\">{}</a>", html(id), html(title));
    }
    put!(out, "</nav>\n");
}

fn identity(out: &mut String, report: &Report, names: &[&str]) {
    put!(out, "<section id=\"who\">\n<h2>Who and what</h2>\n");
    if report.nodes.iter().all(|node| node.identity.iter().all(|fact| fact.value == Value::None)) {
        put!(out, "<p class=\"note\">Nothing in the bundle tells.</p>\n");
    }
    let facts: Vec<&[Fact]> = report.nodes.iter().map(|node| node.identity.as_slice()).collect();
    table::facts(out, &facts, names);
    put!(out, "</section>\n");
}

fn section(out: &mut String, id: &str, title: &str, report: &Report, names: &[&str]) {
    let of = |node: &'_ Node| -> Option<usize> { node.sections.iter().position(|section| section.id == id) };
    let there: Vec<(&str, Option<&Section>)> = report
        .nodes
        .iter()
        .zip(names)
        .map(|(node, name)| (*name, of(node).map(|at| &node.sections[at])))
        .collect();
    put!(out, "<section id=\"{}\">\n<h2>{}</h2>\n", html(id), html(title));
    let note = there.iter().find_map(|(_, section)| section.and_then(|section| section.note.as_deref()));
    if let Some(note) = note {
        put!(out, "<p class=\"note\">{}</p>\n", html(note));
    }
    let facts: Vec<&[Fact]> = there
        .iter()
        .map(|(_, section)| section.map_or(&[][..], |section| section.facts.as_slice()))
        .collect();
    table::facts(out, &facts, names);
    charts(out, &there);
    for (name, section) in &there {
        for table in section.iter().flat_map(|section| &section.tables) {
            table::table(out, table, (names.len() > 1).then_some(name));
        }
    }
    put!(out, "</section>\n");
}

/// The same chart of all nodes side by side, at one scale.
fn charts(out: &mut String, there: &[(&str, Option<&Section>)]) {
    let mut seen = BTreeSet::new();
    let all = || {
        there.iter().flat_map(|(name, section)| {
            section.iter().flat_map(move |s| s.charts.iter().map(move |c| (*name, c)))
        })
    };
    let ids: Vec<&str> = all().map(|(_, chart)| chart.id).filter(|id| seen.insert(*id)).collect();
    if ids.is_empty() {
        return;
    }
    put!(out, "<div class=\"charts\">\n");
    for id in ids {
        let same: Vec<(&str, &Chart)> = all().filter(|(_, chart)| chart.id == id).collect();
        let peak = same.iter().map(|(_, chart)| chart::peak(chart)).fold(0.0, f64::max);
        for (name, drawn) in &same {
            chart::figure(out, drawn, (there.len() > 1).then_some(name), peak);
        }
    }
    put!(out, "</div>\n");
}
