//! Tables on lines of 80 columns: figures keep theirs, words share what is left, and columns that find no
//! room are left out from the right.

use std::fmt::Write as _;

use super::layout::{WIDTH, fitted, shown};
use crate::report::{Table, Unit, Value};

/// Rows that are shown.
const ROWS: usize = 12;
/// Columns that words need at least.
const NARROW: usize = 12;
const GAP: usize = 2;

/// The table with its heading.
pub(in crate::cli) fn table(out: &mut String, table: &Table) {
    let shown_rows = &table.rows[..table.rows.len().min(ROWS)];
    let cells: Vec<Vec<String>> = shown_rows.iter().map(|row| row.iter().map(cell).collect()).collect();
    let natural: Vec<usize> = (0..table.columns.len())
        .map(|column| {
            let cells = cells.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
            cells.max().unwrap_or(0).max(table.columns[column].name.chars().count())
        })
        .collect();
    let words: Vec<bool> = table.columns.iter().map(|column| column.unit == Unit::Text).collect();
    let widths = widths(&natural, &words);
    // Writing to a String does not fail.
    let _ = writeln!(out, "\n{}", fitted(&shown(table.title), WIDTH));
    let heads: Vec<String> = table.columns.iter().map(|column| column.name.to_owned()).collect();
    for row in std::iter::once(&heads).chain(&cells) {
        line(out, row, &widths, &words);
    }
    let more = table.left_out + (table.rows.len() - shown_rows.len()) as u64;
    if more > 0 {
        let _ = writeln!(out, "  and {more} more");
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Time(time) => time.strftime("%m-%d %H:%M:%S").to_string(),
        other => shown(&other.to_string()),
    }
}

/// The widths of the columns that find room.
fn widths(natural: &[usize], words: &[bool]) -> Vec<usize> {
    for columns in (1..=natural.len()).rev() {
        let (natural, words) = (&natural[..columns], &words[..columns]);
        let least = |(width, word): (&usize, &bool)| if *word { (*width).min(NARROW) } else { *width };
        let least: Vec<usize> = natural.iter().zip(words).map(least).collect();
        let room = WIDTH.saturating_sub(2 + GAP * (columns - 1));
        let mut left = match room.checked_sub(least.iter().sum()) {
            Some(left) => left,
            None if columns == 1 => return vec![room],
            None => continue,
        };
        let mut widths = least;
        for (width, natural) in widths.iter_mut().zip(natural) {
            let more = (natural - *width).min(left);
            *width += more;
            left -= more;
        }
        return widths;
    }
    Vec::new()
}

fn line(out: &mut String, row: &[String], widths: &[usize], words: &[bool]) {
    let mut text = String::new();
    for ((cell, width), is_word) in row.iter().zip(widths).zip(words) {
        let cell = fitted(cell, *width);
        let _ = if *is_word { write!(text, "  {cell:<width$}") } else { write!(text, "  {cell:>width$}") };
    }
    let _ = writeln!(out, "{}", text.trim_end());
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Column;

    #[test]
    fn a_wide_table_fits_and_keeps_its_first_columns() {
        let columns =
            [("route", Unit::Text), ("count", Unit::Count), ("example", Unit::Text), ("last", Unit::Time)];
        let row = vec![
            Value::text("r\u{1b}[2J".repeat(30)),
            Value::Count(7),
            Value::text("e".repeat(300)),
            Value::None,
        ];
        let table_of = Table {
            id: "x",
            title: "Routes",
            columns: columns.iter().map(|(name, unit)| Column { name, unit: *unit }).collect(),
            key: 1,
            rows: vec![row; 20],
            left_out: 5,
        };
        let mut out = String::new();
        table(&mut out, &table_of);
        assert!(out.lines().all(|line| line.chars().count() <= WIDTH), "{out}");
        assert!(
            out.contains("  route") && out.contains("      7  eeee") && out.ends_with("  and 13 more\n"),
            "{out}"
        );
        assert!(!out.contains('\u{1b}'));
    }
}
