//! `glsos verify`: what is wrong with bundles, for people and for scripts. Needs no host: the desk has none.

use std::{fmt::Write, path::Path};

use serde_json::json;

use super::{
    args,
    console::{Console, escape_line},
    summary::wrapped,
};
use crate::{
    error::{Error, Result},
    exit_codes,
    read::{
        self,
        verify::{Fault, Report, Wrong, verify},
    },
    scan::Scanner,
    units::{show_count, show_size},
};

/// The desk has no list of a host's secrets.
const NOT_CHECKED: &str = "not checked";

pub(super) fn run(typed: &args::Verify, console: &Console) -> Result<u8> {
    let scanner = Scanner::new();
    let (mut unread, mut faulty) = (false, false);
    for (number, path) in typed.bundles.iter().enumerate() {
        let report = match read::open_file(path).and_then(|file| verify(file, path, &scanner)) {
            Ok(report) => report,
            Err(error) => {
                unread = true;
                console.error(&error);
                continue;
            }
        };
        faulty |= !report.is_good();
        let told = if typed.json {
            console.event(&as_json(path, &report))
        } else if typed.quiet {
            Ok(())
        } else {
            let gap = if number > 0 { "\n" } else { "" };
            console.data(format!("{gap}{}", text(path, &report)).as_bytes())
        };
        told.map_err(|error| Error::host(format!("writing to stdout: {error}")))?;
    }
    Ok(match (unread, faulty) {
        (true, _) => exit_codes::FAILED,
        (_, true) => exit_codes::INCOMPLETE,
        _ => exit_codes::OK,
    })
}

fn secrets(report: &Report) -> usize {
    report.faults.iter().filter(|fault| fault.wrong == Wrong::Secret).count()
}

fn digests(report: &Report) -> String {
    match (report.digests, report.ours) {
        (Some(all), _) => format!("{} of {all} fit", report.fit),
        (None, _) if report.files == 0 => "not checked: nothing could be read".to_owned(),
        (None, true) => "not checked: its manifest can't be read".to_owned(),
        (None, false) => "not checked: it has none, glsos did not make it".to_owned(),
    }
}

fn text(path: &Path, report: &Report) -> String {
    let mut out = format!("{}\n", escape_line(&path.display().to_string()));
    // Writing to a String does not fail.
    let mut row = |name: &str, value: &str| {
        let _ = writeln!(out, "  {name:<13}  {}", escape_line(value));
    };
    if let Some((version, host, time)) = &report.made {
        row("made by", &format!("glsos {version} on {host}, {time}"));
    }
    if !report.outcomes.is_empty() {
        let counts: Vec<_> = report.outcomes.iter().map(|(word, n)| format!("{n} {word}")).collect();
        row("entries", &counts.join(", "));
    }
    let (size, content) = (show_size(report.bytes), show_size(report.content));
    row("size", &format!("{size}; {} files of {content} in it", report.files));
    row("digests", &digests(report));
    row(
        "second scan",
        &match secrets(report) {
            0 if report.files == 0 => "nothing to look at".to_owned(),
            0 => "nothing found".to_owned(),
            1 => "1 place looks like a secret".to_owned(),
            n => format!("{n} places look like a secret"),
        },
    );
    if let Some((values, times)) = report.kept {
        let (times, values) = (show_count(times, "time"), show_count(values, "value"));
        let may = if secrets(report) > 0 { "; a place that looks like a secret may be one" } else { "" };
        row("kept", &format!("{times} one of {values} of --keep-value{may}"));
    }
    row("known secrets", NOT_CHECKED);
    for fault in &report.faults {
        let _ = writeln!(out, "  {:<9}  {}", fault.wrong.word(), escape_line(&place(fault)));
        wrapped(&mut out, &escape_line(&what(fault)));
    }
    if report.more > 0 {
        let _ = writeln!(out, "  and {} more", report.more);
    }
    out
}

fn place(fault: &Fault) -> String {
    match (&fault.entry, fault.line) {
        (Some(entry), Some(line)) => format!("{entry}:{line}"),
        (Some(entry), None) => entry.clone(),
        (None, _) => "the bundle".to_owned(),
    }
}

fn what(fault: &Fault) -> String {
    fault.rule.map_or_else(|| fault.text.clone(), |rule| format!("{rule}: {}", fault.text))
}

fn as_json(path: &Path, report: &Report) -> serde_json::Value {
    let faults = report.faults.iter().map(|fault| {
        json!({
            "fault": fault.wrong.word(),
            "entry": fault.entry,
            "line": fault.line,
            "rule": fault.rule,
            "text": fault.text,
        })
    });
    let made = report.made.as_ref();
    json!({
        "bundle": path.to_string_lossy(),
        "good": report.is_good(),
        "glsos": made.map(|(version, _, _)| version),
        "host": made.map(|(_, host, _)| host),
        "started": made.map(|(_, _, time)| time),
        "entries": report.outcomes,
        "bytes": report.bytes,
        "files": report.files,
        "content_bytes": report.content,
        "digests": report.digests.map(|all| json!({"checked": all, "fit": report.fit})),
        "secrets": secrets(report),
        "known_secrets": NOT_CHECKED,
        "kept_values": report.kept.map(|(values, times)| json!({"values": values, "times": times})),
        "faults": faults.collect::<Vec<_>>(),
        "more_faults": report.more,
    })
}
