//! The rest of the report: hosts side by side, events, and each section's figures, curves and tables.

use std::fmt::Write as _;

use super::{
    layout::{WIDTH, fitted, heading, shown, wrapped},
    spark::{COLUMNS, spark},
    tables::table,
};
use crate::report::{Chart, Node, Report, Section, Value};

/// Hosts beside each other; more stand below.
const BESIDE: usize = 3;
/// Columns of a fact's name.
const NAME: usize = 14;
/// Events that are shown.
const EVENTS: usize = 25;

/// Who the hosts are, a column each.
pub(super) fn side_by_side(out: &mut String, report: &Report) {
    let known = |node: &Node| node.identity.iter().any(|fact| fact.value != Value::None);
    if !report.nodes.iter().any(known) {
        return;
    }
    heading(out, if report.nodes.len() > 1 { "Hosts" } else { "Host" });
    for nodes in report.nodes.chunks(BESIDE) {
        out.push('\n');
        let width = (WIDTH - NAME) / nodes.len() - 1;
        let row = |out: &mut String, name: &str, cells: Vec<String>| {
            let cells = cells.iter().map(|cell| format!(" {:<width$}", fitted(cell, width)));
            let line = format!("{name:<NAME$}{}", cells.collect::<String>());
            // Writing to a String does not fail.
            let _ = writeln!(out, "{}", line.trim_end());
        };
        if report.nodes.len() > 1 {
            row(out, "", nodes.iter().map(|node| shown(&node.name)).collect());
        }
        for (number, fact) in nodes[0].identity.iter().enumerate() {
            let values: Vec<_> = nodes.iter().filter_map(|node| node.identity.get(number)).collect();
            if values.iter().any(|fact| fact.value != Value::None) {
                row(out, fact.name, values.iter().map(|fact| shown(&fact.value.to_string())).collect());
            }
        }
    }
}

/// A host's events and sections.
pub(super) fn node(out: &mut String, node: &Node, several: bool) {
    let whose = if several { format!("{}: ", shown(&node.name)) } else { String::new() };
    if !node.events.is_empty() {
        heading(out, &format!("{whose}What happened"));
        out.push('\n');
        let from = node.events.len().saturating_sub(EVENTS);
        let before = node.events_left_out + from as u64;
        if before > 0 {
            let _ = writeln!(out, "({before} events before these)");
        }
        for event in &node.events[from..] {
            let time = event.time.strftime("%Y-%m-%d %H:%M:%S");
            let line =
                format!("{time}  {:<11}  {}: {}", event.kind, shown(&event.component), shown(&event.text));
            let _ = writeln!(out, "{}", fitted(&line, WIDTH));
        }
    }
    for section in &node.sections {
        heading(out, &format!("{whose}{}", section.title));
        tell(out, section);
    }
}

fn tell(out: &mut String, section: &Section) {
    if let Some(note) = &section.note {
        out.push('\n');
        wrapped(out, 0, note);
    }
    if !section.facts.is_empty() {
        out.push('\n');
        let width = section.facts.iter().map(|fact| fact.name.chars().count()).max().unwrap_or(0);
        for fact in &section.facts {
            let line = format!("  {:<width$}  {}", fact.name, shown(&fact.value.to_string()));
            let _ = writeln!(out, "{}", fitted(&line, WIDTH));
        }
    }
    section.charts.iter().for_each(|chart| curves(out, chart));
    section.tables.iter().for_each(|rows| table(out, rows));
}

/// A row for each curve, with its largest value; all of a chart have one scale.
fn curves(out: &mut String, chart: &Chart) {
    let most = |values: &[Option<f64>]| values.iter().flatten().copied().fold(0.0, f64::max);
    let scale = chart.series.iter().map(|series| most(&series.values)).fold(0.0, f64::max);
    let steps = chart.series.first().map_or(0, |series| series.values.len()) as i64;
    let to = chart.from + jiff::SignedDuration::from_secs(i64::from(chart.step).saturating_mul(steps));
    let times = format!("{} to {} UTC", chart.from.strftime("%m-%d %H:%M:%S"), to.strftime("%m-%d %H:%M:%S"));
    let _ = writeln!(out, "\n{} ({times})", chart.title);
    for series in &chart.series {
        let name = fitted(&shown(&series.name), 18);
        let largest = Value::Number(most(&series.values));
        let largest = unit(chart, &largest).to_string();
        let _ = writeln!(out, "  {name:<18} {:<COLUMNS$} up to {largest}", spark(&series.values, scale));
    }
}

fn unit(chart: &Chart, value: &Value) -> Value {
    use crate::report::Unit;
    let number = value.number().unwrap_or(0.0);
    match chart.unit {
        Unit::Seconds => Value::Seconds(number),
        Unit::Bytes => Value::Bytes(number as u64),
        Unit::Percent => Value::Percent(number),
        _ => Value::Number(number),
    }
}
