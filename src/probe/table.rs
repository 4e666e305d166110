//! Tables of text: aligned columns under headings, and the figures in their cells.
//!
//! A cell is never cut: half a value could be half a secret, which redaction would not know again.
//! Control characters are shown, not sent: names of processes and mounts come from other users.

use std::{borrow::Cow, fmt::Write};

/// On which side a column is flush.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    /// Words.
    Left,
    /// Figures.
    Right,
}

/// Columns are not padded beyond this: one long name would push all others off the screen.
const WIDEST: usize = 40;

/// Rows under headings; rendered when it is complete, so that columns fit their content.
#[derive(Debug)]
pub(crate) struct Table {
    heads: &'static [(Side, &'static str)],
    rows: Vec<Vec<String>>,
}

impl Table {
    /// Without rows.
    pub(crate) fn new(heads: &'static [(Side, &'static str)]) -> Self {
        Self { heads, rows: Vec::new() }
    }

    /// One more row. An empty or missing cell becomes a dash.
    pub(crate) fn row(&mut self, cells: impl IntoIterator<Item = String>) {
        self.rows.push(cells.into_iter().map(|cell| plain(&cell).into_owned()).collect());
    }

    /// How many rows it has.
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Headings and rows, a line each.
    pub(crate) fn render(&self) -> String {
        let mut widths: Vec<usize> = self.heads.iter().map(|(_, head)| head.chars().count()).collect();
        for row in &self.rows {
            for (width, cell) in widths.iter_mut().zip(row) {
                *width = (*width).max(cell.chars().count().min(WIDEST));
            }
        }
        let mut text = String::new();
        let heads: Vec<String> = self.heads.iter().map(|(_, head)| (*head).to_owned()).collect();
        for row in std::iter::once(&heads).chain(&self.rows) {
            self.line(row, &widths, &mut text);
        }
        text
    }

    fn line(&self, row: &[String], widths: &[usize], text: &mut String) {
        let start = text.len();
        for (i, ((side, _), width)) in self.heads.iter().zip(widths).enumerate() {
            let cell = row.get(i).map_or("-", |cell| if cell.is_empty() { "-" } else { cell });
            let gap = if i == 0 { "" } else { "  " };
            let _ = match side {
                Side::Left => write!(text, "{gap}{cell:<width$}"),
                Side::Right => write!(text, "{gap}{cell:>width$}"),
            };
        }
        let end = start + text.get(start..).map_or(0, |line| line.trim_end().len());
        text.truncate(end);
        text.push('\n');
    }
}

/// The same text with its control characters made visible, so that nobody forges a line.
/// Backslashes stay as they are: a secret that holds one must still be known.
pub(crate) fn plain(text: &str) -> Cow<'_, str> {
    if !text.chars().any(char::is_control) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => shown.push_str("\\n"),
            '\r' => shown.push_str("\\r"),
            '\t' => shown.push_str("\\t"),
            c if c.is_control() => {
                let _ = write!(shown, "\\x{:02x}", u32::from(c));
            }
            c => shown.push(c),
        }
    }
    Cow::Owned(shown)
}

/// Bytes in MiB, with one decimal.
pub(crate) fn mib(bytes: u64) -> String {
    format!("{:.1}", bytes as f64 / 1_048_576.0)
}

/// Bytes in the largest binary unit that leaves a figure of at least one (`15.6 GiB`).
pub(crate) fn size(bytes: u64) -> String {
    let mut value = bytes as f64;
    for unit in ["B", "KiB", "MiB", "GiB"] {
        if value < 1023.95 {
            return if unit == "B" { format!("{bytes} B") } else { format!("{value:.1} {unit}") };
        }
        value /= 1024.0;
    }
    format!("{value:.1} TiB")
}

/// A part of a whole in percent, without a sign; `None` where the whole is nothing.
pub(crate) fn percent(part: u64, whole: u64) -> Option<String> {
    (whole > 0).then(|| format!("{:.1}", part as f64 * 100.0 / whole as f64))
}

/// What there is, or nothing, which a table shows as a dash.
pub(crate) fn cell(value: Option<impl ToString>) -> String {
    value.map_or_else(String::new, |value| value.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_fit_what_is_in_them() {
        let mut table = Table::new(&[(Side::Right, "PID"), (Side::Left, "USER"), (Side::Left, "COMMAND")]);
        table.row(["1".into(), "root".into(), "/sbin/init".into()]);
        table.row(["31337".into(), String::new(), "evil\n    1  root".into()]);
        assert_eq!(
            table.render(),
            "  PID  USER  COMMAND\n    1  root  /sbin/init\n31337  -     evil\\n    1  root\n"
        );
    }

    #[test]
    fn a_short_row_is_dashes_not_a_panic() {
        let mut table = Table::new(&[(Side::Left, "A"), (Side::Right, "B")]);
        table.row([]);
        assert_eq!(table.render(), "A  B\n-  -\n");
    }

    #[test]
    fn figures_have_binary_units() {
        assert_eq!(size(0), "0 B");
        assert_eq!(size(1023), "1023 B");
        assert_eq!(size(1 << 20), "1.0 MiB");
        assert_eq!(size(u64::MAX), "16777216.0 TiB");
        assert_eq!(percent(1, 3).as_deref(), Some("33.3"));
        assert_eq!(percent(1, 0), None);
    }
}
