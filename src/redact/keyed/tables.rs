//! A name that is a column's head: `username,password,email` and the rows below, separated by commas, semicolons, tabs,
//! bars or runs of blanks. Takes what stands in that column of each row that has as many.

use std::ops::Range;

use super::{Hunt, credible, name::Name, none, prose, rules};
use crate::redact::names::{self, Strength};

/// How far below the head rows are looked for.
pub(super) const ROWS: usize = 4 << 10;

/// Longest line of a table.
const LINE: usize = 512;

impl Hunt<'_> {
    /// The rows below the head that a name stands in; nothing, if its line is none.
    pub(super) fn below_the_head(&mut self, name: &Name) -> Option<usize> {
        let before = &self.text[name.start.saturating_sub(LINE)..name.start];
        let start = name.start - before.iter().rev().take_while(|b| !matches!(b, b'\n' | b'\r')).count();
        if start < self.headed || start == 0 && !self.whole || start + LINE <= name.start {
            return None;
        }
        let end = self.line_end_before(start, start + LINE, false);
        self.headed = end;
        let (separator, columns) = head(self.text.get(start..end)?)?;
        let stop = self.text.len().min(end + ROWS);
        let mut at = end;
        let mut found = None;
        while let Some(from) = behind_line(self.text, at).filter(|from| *from < stop) {
            at = self.line_end_before(from, from + 2 * LINE, false);
            let line = self.text.get(from..at)?;
            if is_a_rule(line) {
                continue;
            }
            let cells = cells(line, separator);
            if cells.len() != columns.len() || head(line).is_some() {
                break;
            }
            for (cell, rule) in cells.into_iter().zip(&columns) {
                let Some(rule) = *rule else { continue };
                if is_a_secret(&line[cell.clone()], rule) {
                    self.take(from + cell.start..from + cell.end, rule, false, None);
                    found = Some(name.end);
                }
            }
        }
        found
    }
}

/// Whether a head may stand in what is before a block, so that rows may stand in it.
pub(super) fn may_go_on(before: &[u8]) -> bool {
    before[before.len().saturating_sub(ROWS)..].split(|b| *b == b'\n').any(|line| head(line).is_some())
}

/// The separator of a head, and for each column the rule of what stands in it.
fn head(line: &[u8]) -> Option<(u8, Vec<Option<&'static str>>)> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let plain = |b: &u8| {
        b.is_ascii_alphanumeric()
            || matches!(b, b'_' | b'-' | b' ' | b'\t' | b',' | b';' | b'|' | b'"' | b'.')
            || matches!(b, b'#' | b'[' | b']' | b':' | b'(' | b')')
    };
    if line.len() >= LINE || !line.iter().all(plain) {
        return None;
    }
    let has = |byte| memchr::memchr(byte, line).is_some();
    let separator = *[b'|', b',', b';', b'\t'].iter().find(|byte| has(**byte)).unwrap_or(&b' ');
    // Only the head of a table in columns says more than names.
    let signs = line.iter().any(|b| matches!(b, b'[' | b']' | b':' | b'(' | b')'));
    if signs && (separator != b' ' || !line.starts_with(b"#")) {
        return None;
    }
    let cells = cells(line, separator);
    let named = |cell: &Range<usize>| {
        let tight = separator == b'|' || separator == b' ' || cell.start == 0 || line[cell.start - 1] != b' ';
        tight && !cell.is_empty() && line[cell.clone()].iter().any(u8::is_ascii_alphabetic)
    };
    if cells.len() < 2 || cells.len() < 3 && separator == b' ' || !cells.iter().all(named) {
        return None;
    }
    let rule = |cell: Range<usize>| {
        let name = &line[cell];
        (names::strength(name) == Some(Strength::Sure)).then(|| rules::of(name))
    };
    let columns: Vec<_> = cells.into_iter().map(rule).collect();
    columns.iter().any(Option::is_some).then_some((separator, columns))
}

/// The cells of a row, without the blanks and quotes around them.
fn cells(line: &[u8], separator: u8) -> Vec<Range<usize>> {
    let (from, to) = match separator {
        b'|' => {
            let trimmed = line.trim_ascii();
            let lead = line.len() - line.trim_ascii_start().len();
            let open = lead + usize::from(trimmed.starts_with(b"|"));
            let close = usize::from(trimmed.len() > 1 && trimmed.ends_with(b"|"));
            (open, (lead + trimmed.len()).saturating_sub(close).max(open))
        }
        b' ' => {
            let lead = line.iter().take_while(|b| matches!(b, b' ' | b'#')).count();
            (lead, line.trim_ascii_end().len().max(lead))
        }
        _ => (0, line.len()),
    };
    let mut cells = Vec::new();
    let (mut start, mut at, mut quoted) = (from, from, false);
    while at <= to {
        let byte = line.get(at).filter(|_| at < to).copied();
        quoted ^= byte == Some(b'"') && matches!(separator, b',' | b';' | b'\t');
        let blanks = separator != b' ' || line[at..to].starts_with(b"  ");
        if byte.is_none() || byte == Some(separator) && blanks && !quoted {
            cells.push(trimmed(line, start..at));
            while separator == b' ' && line.get(at + 1) == Some(&b' ') {
                at += 1;
            }
            start = at + 1;
        }
        at += 1;
    }
    cells
}

fn trimmed(line: &[u8], cell: Range<usize>) -> Range<usize> {
    let bytes = &line[cell.clone()];
    let blanks = bytes.len() - bytes.trim_ascii_start().len();
    let bytes = bytes.trim_ascii();
    let start = cell.start + blanks;
    match bytes {
        [b'"', .., b'"'] => start + 1..start + bytes.len() - 1,
        _ => start..start + bytes.len(),
    }
}

/// `|---|---|`, `+-----+`
fn is_a_rule(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    !line.is_empty() && line.iter().all(|b| matches!(b, b'-' | b'+' | b'|' | b'=' | b':' | b' '))
}

/// Of what has no blanks a word of a sentence or a type is none; a number counts.
fn is_a_secret(value: &[u8], rule: &str) -> bool {
    let password = matches!(rule, "password" | "passphrase");
    let word = value.iter().all(|b| b.is_ascii_alphabetic() || *b == b'_');
    !value.contains(&b' ')
        && !none::is_no_value(value)
        && !prose::is_talk(value)
        && !prose::is_measure(value)
        && (password && !word
            || credible::is_credible(value)
            || credible::is_scrambled(value)
            || value.len() >= 20)
}

fn behind_line(text: &[u8], end: usize) -> Option<usize> {
    match text.get(end..)? {
        [b'\r', b'\n', ..] => Some(end + 2),
        [b'\n' | b'\r', ..] => Some(end + 1),
        _ => None,
    }
}
