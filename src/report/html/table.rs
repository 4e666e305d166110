//! Facts and tables; those of several nodes side by side.

use super::put;
use crate::{
    escape::html,
    report::{Fact, Table, Unit, Value},
};

/// Rows that are seen at once; more can be opened.
const SEEN: usize = 12;

/// The facts of each node: of one as a grid, of several as a table with a column each.
pub(super) fn facts(out: &mut String, facts: &[&[Fact]], names: &[&str]) {
    if facts.iter().all(|facts| facts.is_empty()) {
        return;
    }
    if let [facts] = facts {
        put!(out, "<dl class=\"facts card\">");
        for Fact { name, value } in *facts {
            put!(out, "<div><dt>{}</dt><dd>{}</dd></div>", html(name), html(&value.to_string()));
        }
        put!(out, "</dl>\n");
        return;
    }
    let mut rows: Vec<&str> = Vec::new();
    for fact in facts.iter().flat_map(|facts| facts.iter()) {
        if !rows.contains(&fact.name) {
            rows.push(fact.name);
        }
    }
    put!(out, "<div class=\"card scroll\"><table><thead><tr><th></th>");
    names.iter().for_each(|name| put!(out, "<th scope=\"col\">{}</th>", html(name)));
    put!(out, "</tr></thead><tbody>");
    for row in rows {
        let values: Vec<String> = facts
            .iter()
            .map(|facts| {
                facts
                    .iter()
                    .find(|fact| fact.name == row)
                    .map_or(Value::None, |fact| fact.value.clone())
                    .to_string()
            })
            .collect();
        // What is not known of a node is no difference.
        let known: Vec<&String> = values.iter().filter(|value| *value != "-").collect();
        let same = known.windows(2).all(|two| two[0] == two[1]);
        put!(out, "<tr{}><th scope=\"row\">{}</th>", if same { "" } else { " class=\"differs\"" }, html(row));
        values.iter().for_each(|value| put!(out, "<td>{}</td>", html(value)));
        put!(out, "</tr>");
    }
    put!(out, "</tbody></table></div>\n");
}

/// A table with its heading; of several nodes with the node's name.
pub(super) fn table(out: &mut String, table: &Table, name: Option<&&str>) {
    put!(out, "<h3>{}", html(table.title));
    if let Some(name) = name {
        put!(out, " · {}", html(name));
    }
    put!(out, "</h3>\n<div class=\"card scroll\">");
    let (seen, more) = table.rows.split_at(table.rows.len().min(SEEN));
    rows(out, table, seen);
    // One row more takes no more room than the words that hide it.
    if more.len() > 1 {
        put!(out, "<details class=\"more\"><summary>{} more rows</summary>", more.len());
        rows(out, table, more);
        put!(out, "</details>");
    } else if !more.is_empty() {
        rows(out, table, more);
    }
    if table.left_out > 0 {
        put!(out, "<p class=\"more\">and {} more, which are not in this report</p>", table.left_out);
    }
    put!(out, "</div>\n");
}

fn rows(out: &mut String, table: &Table, rows: &[Vec<Value>]) {
    let share = share(table);
    put!(out, "<table><thead><tr>");
    for column in &table.columns {
        put!(out, "<th scope=\"col\"{}>{}</th>", class(column.unit), html(column.name));
    }
    put!(out, "</tr></thead><tbody>");
    for row in rows {
        put!(out, "<tr>");
        for (at, (column, value)) in table.columns.iter().zip(row).enumerate() {
            let text = value.to_string();
            match (share, value.number()) {
                (Some((column, most)), Some(number)) if column == at => {
                    let percent = (number / most * 100.0).clamp(0.0, 100.0);
                    put!(out, "<td class=\"n share\" style=\"--p:{percent:.0}%\">{}</td>", html(&text));
                }
                _ => put!(out, "<td{}>{}</td>", class(column.unit), html(&text)),
            }
        }
        put!(out, "</tr>");
    }
    put!(out, "</tbody></table>");
}

fn class(unit: Unit) -> &'static str {
    match unit {
        Unit::Text => " class=\"words\"",
        Unit::Time => "",
        _ => " class=\"n\"",
    }
}

/// The first column of figures and its greatest one: it says what a row's weight is.
fn share(table: &Table) -> Option<(usize, f64)> {
    let weighs = |unit: Unit| matches!(unit, Unit::Count | Unit::PerMinute | Unit::Bytes | Unit::Seconds);
    let at = table.columns.iter().enumerate().skip(table.key).find(|(_, column)| weighs(column.unit))?.0;
    let most = table
        .rows
        .iter()
        .filter_map(|row| row.get(at)?.number())
        .filter(|n| n.is_finite())
        .fold(0.0, f64::max);
    (most > 0.0 && table.rows.len() > 2).then_some((at, most))
}
