//! Facts and tables; those of several nodes side by side.

use super::{clock, put};
use crate::{
    escape::html,
    report::{Fact, Table, Unit, Value},
};

/// Rows that are seen at once; more can be opened.
const SEEN: usize = 12;
/// A table with more columns is set closer.
const DENSE: usize = 8;
/// Characters of a text that are seen at once.
const LONG: usize = 140;

/// The facts of each node: of one as a grid, of several as a table with a column each.
pub(super) fn facts(out: &mut String, facts: &[&[Fact]], names: &[&str]) {
    let known = |facts: &[Fact]| facts.iter().any(|fact| fact.value != Value::None);
    if !facts.iter().any(|facts| known(facts)) {
        return;
    }
    if let [facts] = facts {
        put!(out, "<dl class=\"facts card\">");
        for Fact { name, value } in facts.iter().filter(|fact| fact.value != Value::None) {
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
    let dense = if table.columns.len() > DENSE { " dense" } else { "" };
    put!(out, "</h3>\n<div class=\"card scroll{dense}\">");
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
            match (share, value.number()) {
                (Some((column, most)), Some(number)) if column == at => {
                    let percent = (number / most * 100.0).clamp(0.0, 100.0);
                    put!(
                        out,
                        "<td class=\"n share\" style=\"--p:{percent:.0}%\">{}</td>",
                        html(&value.to_string())
                    );
                }
                _ => cell(out, column.unit, value),
            }
        }
        put!(out, "</tr>");
    }
    put!(out, "</tbody></table>");
}

fn cell(out: &mut String, unit: Unit, value: &Value) {
    put!(out, "<td{}>", class(unit));
    match value {
        Value::Time(time) => put!(out, "{}", html(&clock(*time))),
        Value::Text(text) => long(out, text),
        other => put!(out, "{}", html(&other.to_string())),
    }
    put!(out, "</td>");
}

/// A command line may be as long as all the rest: its beginning is seen, the rest can be opened.
fn long(out: &mut String, text: &str) {
    match text.char_indices().nth(LONG) {
        Some((end, _)) if text.len() > end + LONG / 4 => {
            let begin = html(&text[..end]);
            put!(out, "<details class=\"long\"><summary>{begin}…</summary>{}</details>", html(text));
        }
        _ => put!(out, "{}", html(text)),
    }
}

fn class(unit: Unit) -> &'static str {
    match unit {
        Unit::Text => " class=\"words\"",
        _ => " class=\"n\"",
    }
}

/// The column that says a row's weight, and what the whole is: a hundred, or the greatest.
fn share(table: &Table) -> Option<(usize, f64)> {
    let weighs = |unit: Unit| matches!(unit, Unit::Count | Unit::PerMinute | Unit::Percent | Unit::Seconds);
    let at = table.columns.iter().enumerate().skip(table.key).find(|(_, column)| weighs(column.unit))?.0;
    let least = if table.columns[at].unit == Unit::Percent { 100.0 } else { 0.0 };
    let numbers = table.rows.iter().filter_map(|row| row.get(at)?.number());
    let most = numbers.filter(|number| number.is_finite()).fold(least, f64::max);
    (most > 0.0 && table.rows.len() > 2).then_some((at, most))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_shows_its_beginning_and_can_be_opened() {
        let shown = |text: &str| {
            let mut out = String::new();
            long(&mut out, text);
            out
        };
        assert_eq!(shown("a < b"), "a &lt; b");
        assert_eq!(shown(&"é".repeat(LONG + 1)), "é".repeat(LONG + 1));
        let long = "<é".repeat(LONG);
        let escaped = "&lt;é".repeat(LONG);
        let begin = "&lt;é".repeat(LONG / 2);
        assert_eq!(
            shown(&long),
            format!("<details class=\"long\"><summary>{begin}…</summary>{escaped}</details>")
        );
    }
}
