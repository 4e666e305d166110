//! Results as psql prints them: aligned tables and records, several in one text.

use super::super::{
    docs::{Doc, Docs},
    place::Place,
};

/// One result.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Results {
    columns: Vec<String>,
    rows: Vec<(u64, Vec<String>)>,
}

/// One row of a result.
#[derive(Debug, Clone, Copy)]
pub struct Row<'a> {
    doc: &'a Doc,
    columns: &'a [String],
    line: u64,
    cells: &'a [String],
}

impl Row<'_> {
    /// A column's text; none if there is no such column, and where it is null.
    pub fn text(&self, column: &str) -> Option<&str> {
        let at = self.columns.iter().position(|name| name == column)?;
        self.cells.get(at).map(String::as_str).filter(|cell| !cell.is_empty())
    }

    /// A column's number.
    pub fn number(&self, column: &str) -> Option<f64> {
        self.text(column)?.parse().ok().filter(|number: &f64| number.is_finite())
    }

    /// A column's interval, such as `1 day 02:03:04.5`, in seconds.
    pub fn interval(&self, column: &str) -> Option<f64> {
        interval(self.text(column)?)
    }

    /// Where it stands.
    pub fn place(&self) -> Place {
        let text = self.cells.iter().map(String::as_str).filter(|cell| !cell.is_empty());
        self.doc.place(self.line, &text.collect::<Vec<_>>().join(" | "))
    }
}

/// Calls `each` for every row of every result in the text of this name that has this column.
pub fn rows(docs: &Docs, name: &str, column: &str, mut each: impl FnMut(Row<'_>)) {
    let Some(doc) = docs.get(name) else { return };
    for result in results(doc) {
        if result.columns.iter().any(|known| known == column) {
            for (line, cells) in &result.rows {
                each(Row { doc, columns: &result.columns, line: *line, cells });
            }
        }
    }
}

fn results(doc: &Doc) -> Vec<Results> {
    let mut all: Vec<Results> = Vec::new();
    let mut lines = doc.lines().peekable();
    let mut in_records = false;
    while let Some((number, line)) = lines.next() {
        if line.starts_with("-[ RECORD ") {
            if !in_records || line.starts_with("-[ RECORD 1 ]") {
                all.push(Results::default());
            }
            in_records = true;
            if let Some(result) = all.last_mut() {
                result.rows.push((number + 1, Vec::new()));
            }
        } else if lines.peek().is_some_and(|(_, next)| is_rule(next)) {
            in_records = false;
            lines.next();
            all.push(Results { columns: split(line, usize::MAX), rows: Vec::new() });
        } else if line.is_empty() || (line.starts_with('(') && line.ends_with(')')) {
            in_records = false;
        } else if let Some(result) = all.last_mut() {
            if in_records {
                record(result, line);
            } else {
                let cells = split(line, result.columns.len());
                if cells.len() == result.columns.len() {
                    result.rows.push((number, cells));
                }
            }
        }
    }
    all
}

fn record(result: &mut Results, line: &str) {
    let Some((name, value)) = line.split_once('|') else { return };
    let first = result.rows.len() == 1;
    let Some((_, cells)) = result.rows.last_mut() else { return };
    if first {
        result.columns.push(name.trim().to_owned());
    }
    cells.push(value.trim().to_owned());
}

fn is_rule(line: &str) -> bool {
    line.starts_with("--") && line.bytes().all(|b| b == b'-' || b == b'+')
}

/// The last column may hold the mark itself: a query's text.
fn split(line: &str, columns: usize) -> Vec<String> {
    line.splitn(columns.max(1), '|').map(|cell| cell.trim().to_owned()).collect()
}

fn interval(text: &str) -> Option<f64> {
    let mut seconds = 0.0;
    let mut words = text.split(' ');
    while let Some(word) = words.next() {
        if word.contains(':') {
            let negative = word.starts_with('-');
            let mut parts = word.trim_start_matches('-').split(':').map(|part| part.parse::<f64>().ok());
            let clock = parts.try_fold(0.0, |all, part| Some(all * 60.0 + part?))?;
            seconds += if negative { -clock } else { clock };
        } else {
            let unit = words.next()?.trim_end_matches('s');
            let factor = match unit {
                "year" => 31_557_600.0,
                "mon" => 2_629_800.0,
                "day" => 86_400.0,
                _ => return None,
            };
            seconds += word.parse::<f64>().ok()? * factor;
        }
    }
    Some(seconds)
}

#[cfg(test)]
mod tests {
    use super::{super::docs, *};

    #[test]
    fn tables_and_records_of_one_text() {
        let text = " pid | state  | query
-----+--------+-------
  12 | active | SELECT a | b
  13 |        | x
(2 rows)

-[ RECORD 1 ]---+------------
version         | PostgreSQL 16.4
connections     | 7
-[ RECORD 2 ]---+------------
version         | y
connections     | 8

 pid | other
-----+-------
(0 rows)
";
        let docs = docs(&[("postgresql/x", text)]);
        let mut told = Vec::new();
        rows(&docs, "postgresql/x", "pid", |row| {
            let text = |name| row.text(name).map(str::to_owned);
            told.push((row.number("pid"), text("state"), text("query"), row.place().line));
        });
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(
            told,
            [(Some(12.0), some("active"), some("SELECT a | b"), 3), (Some(13.0), None, some("x"), 4),]
        );
        let mut connections = Vec::new();
        rows(&docs, "postgresql/x", "connections", |row| connections.push(row.number("connections")));
        assert_eq!(connections, [Some(7.0), Some(8.0)]);
    }

    #[test]
    fn intervals() {
        for (text, seconds) in [
            ("00:00:01.5", Some(1.5)),
            ("1 day 02:03:04", Some(93_784.0)),
            ("-00:00:02", Some(-2.0)),
            ("2 days", Some(172_800.0)),
            ("never", None),
        ] {
            assert_eq!(interval(text), seconds, "{text}");
        }
    }
}
