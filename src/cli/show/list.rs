//! Entries as a table of 80 columns, or as JSON, a line an entry.

use std::{collections::BTreeSet, path::Path};

use serde_json::json;

use super::Out;
use crate::{
    cli::{
        console::{Console, escape_json, escape_line},
        summary::wrapped,
    },
    error::Result,
    host::Flow,
    outcome::Outcome,
    read::contents::{Contents, Listed},
    units::show_size,
};

/// Columns that are left for a name.
const NAME: usize = 45;
/// What is not known: another tool's archive has no manifest.
const UNKNOWN: &str = "?";

pub(super) fn text(
    contents: &Contents,
    picked: &BTreeSet<usize>,
    path: &Path,
    console: &Console,
) -> Result<bool> {
    let mut out = Out::new(console);
    console.say(&headline(contents, picked, path));
    out.write(b"outcome     size    lines  redacted  entry\n")?;
    for number in picked {
        let entry = &contents.listed[*number];
        if out.write(row(entry, console.data_goes_to_terminal()).as_bytes())? == Flow::Stop {
            return Ok(true);
        }
    }
    out.flush()?;
    Ok(true)
}

fn headline(contents: &Contents, picked: &BTreeSet<usize>, path: &Path) -> String {
    let name = escape_line(&path.display().to_string());
    let made = contents.bundle().map_or_else(String::new, |bundle| {
        let run = &bundle.manifest().run;
        format!("glsos {} on {}, {:.0}; ", run.glsos.as_str(), run.host.as_str(), run.started)
    });
    let absent = picked.iter().filter(|number| !contents.listed[**number].present).count();
    let absent = if absent > 0 { format!(", {absent} of them not in it") } else { String::new() };
    format!("{name}: {}{} entries{absent}", escape_line(&made), picked.len())
}

fn row(entry: &Listed, cut: bool) -> String {
    let told = entry.recorded.as_ref();
    let number = |number: Option<u64>| number.map_or_else(|| UNKNOWN.to_owned(), short);
    let outcome = told.map_or(UNKNOWN, |told| told.outcome.word());
    let redactions = number(told.map(|told| told.redactions.values().sum()));
    let name = name(&escape_line(&entry.name), cut);
    let mut row = match entry.present {
        true => {
            let (size, lines) = (show_size(entry.bytes), number(entry.lines));
            format!("{outcome:<9} {size:>7} {lines:>7} {redactions:>9}  {name}\n")
        }
        false => format!("{outcome:<9} {:>7} {:>7} {:>9}  {name}\n", "-", "-", "-"),
    };
    if let Some(told) = told.filter(|told| told.outcome != Outcome::Complete) {
        wrapped(&mut row, &escape_line(&told.reason));
    }
    if entry.repeated {
        wrapped(&mut row, "it is not read: one of this name came before");
    }
    if entry.torn {
        wrapped(&mut row, "only a part of it is there: the archive breaks off");
    }
    row
}

/// At most seven characters.
fn short(number: u64) -> String {
    match number {
        0..10_000_000 => number.to_string(),
        10_000_000..10_000_000_000 => format!("{}M", number / 1_000_000),
        _ => format!("{}G", (number / 1_000_000_000).min(999_999)),
    }
}

/// A name's end tells more than its beginning, and leads to the entry as well.
fn name(name: &str, cut: bool) -> String {
    let length = name.chars().count();
    if length <= NAME || !cut {
        return name.to_owned();
    }
    let end: String = name.chars().skip(length - NAME + 1).collect();
    let end = end.find('/').map_or(end.as_str(), |slash| &end[slash..]);
    format!("…{end}")
}

pub(super) fn json(contents: &Contents, picked: &BTreeSet<usize>, console: &Console) -> Result<bool> {
    let mut out = Out::new(console);
    for number in picked {
        let entry = &contents.listed[*number];
        let told = entry.recorded.as_ref();
        let line = json!({
            "entry": entry.name,
            "present": entry.present,
            "outcome": told.map(|told| told.outcome.word()),
            "reason": told.map(|told| &told.reason),
            "bytes": entry.bytes,
            "lines": entry.lines,
            "torn": entry.torn,
            "repeated": entry.repeated,
            "redactions": told.map(|told| &told.redactions),
            "source": told.map(|told| &told.source),
            "path": told.and_then(|told| told.path.as_ref()),
        });
        if out.write(format!("{}\n", escape_json(&line.to_string())).as_bytes())? == Flow::Stop {
            return Ok(true);
        }
    }
    out.flush()?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_name_keeps_its_end_from_a_folder_on() {
        let long = "var/log/gitlab/gitlab-rails/production_json.log";
        assert_eq!(name(long, true), "…/log/gitlab/gitlab-rails/production_json.log");
        assert_eq!(name(long, false), long);
        assert_eq!(name(&"x".repeat(90), true).chars().count(), NAME);
    }

    #[test]
    fn any_number_fits_its_column() {
        for number in [0, 9_999_999, 10_000_000, 123_456_789_012, u64::MAX] {
            assert!(short(number).len() <= 7, "{}", short(number));
        }
    }
}
