//! `--review`: what is in the bundle, file by file, and what was taken out of each, before the bundle gets
//! its name. Reads the packed bundle itself, with the reader that a support desk has. Shows no value:
//! what it reads was redacted.

use std::{collections::BTreeMap, path::Path};

use super::{
    console::{Console, escape_line},
    places::{self, Places, Rule},
};
use crate::{
    error::{Error, Result},
    host::stop::Stop,
    outcome::Outcome,
    pack::{Whole, manifest::Entry},
    read::Bundle,
    units::show_size,
};

/// Rules that are shown of one file.
const RULES: usize = 40;
/// Columns of a line.
const WIDTH: usize = 80;
/// Bytes that are read at once.
const PIECE: usize = 64 << 10;

/// Whether there is anybody to be asked.
pub(super) fn is_possible(console: &Console) -> Result<()> {
    if console.can_ask() {
        return Ok(());
    }
    Err(Error::usage("--review asks on a terminal, and stdin or stderr is none")
        .hint("without --review the bundle is written at once: `tar tzf` lists it, `tar xzf` unpacks it"))
}

/// Shows a bundle and asks. What can't be shown is an error, and no bundle.
pub(super) fn agreed(whole: &Whole, path: &Path, console: &Console, stop: &Stop) -> Result<bool> {
    let bundle = Bundle::from_file(whole.reader()?, path)?;
    show(&bundle, whole.size(), console)?;
    console.ask("\nKeep this bundle, to be sent? No deletes it. [y/N] ", stop)
}

fn show(bundle: &Bundle, size: u64, console: &Console) -> Result<()> {
    let entries = &bundle.manifest().entries;
    let present: Vec<&Entry> = entries.iter().filter(|entry| entry.present).collect();
    let unpacked = present.iter().map(|entry| entry.bytes).sum();
    console.say(&format!(
        "\nThe bundle has {} files, {} unpacked, {} as it is sent.",
        present.len() + 1,
        show_size(unpacked),
        show_size(size)
    ));
    console.say("Where [9f3c21d0] or the like stands below, a value was taken out; equal digits,");
    console.say("equal values. The numbers before are those of lines.");
    let mut untouched = Vec::new();
    for entry in present {
        let (rules, others) = read(bundle, entry)?;
        if rules.is_empty() && entry.redactions.is_empty() {
            untouched.push(entry);
        } else {
            file(entry.name.as_str(), entry.bytes, console);
            told(&rules, others, console);
            unseen(entry, &rules, console);
        }
    }
    manifest(bundle, console)?;
    if !untouched.is_empty() {
        console.say("\nNothing was taken out of these:");
        untouched.iter().for_each(|entry| file(entry.name.as_str(), entry.bytes, console));
    }
    let count = |outcome: Outcome| entries.iter().filter(|e| !e.present && e.outcome == outcome).count();
    let outcomes: BTreeMap<Outcome, usize> =
        entries.iter().filter(|e| !e.present).map(|e| (e.outcome, count(e.outcome))).collect();
    if !outcomes.is_empty() {
        let named: Vec<_> = outcomes.iter().map(|(outcome, n)| format!("{n} {}", outcome.word())).collect();
        console.say(&format!("\nNot in the bundle: {}. Its manifest says why.", named.join(", ")));
    }
    Ok(())
}

type Found = (BTreeMap<String, Rule>, u64);

fn read(bundle: &Bundle, entry: &Entry) -> Result<Found> {
    let trouble = |error: std::io::Error| {
        Error::host(format!("reviewing {} of the bundle: {error}", escape_line(entry.name.as_str())))
            .hint("what can't be shown is not kept: nothing was written")
    };
    let mut places = Places::default();
    let Some(mut reader) = bundle.reader(entry).map_err(trouble)? else { return Ok(places.finish()) };
    let mut piece = vec![0; PIECE];
    let mut at = 0;
    loop {
        let read = reader.read_at(at, &mut piece).map_err(trouble)?;
        if read == 0 {
            break;
        }
        places.push(&piece[..read]);
        at += read as u64;
    }
    if at == entry.bytes {
        return Ok(places.finish());
    }
    Err(trouble(std::io::Error::other("it ends too early")))
}

/// The manifest is no entry of its own.
fn manifest(bundle: &Bundle, console: &Console) -> Result<()> {
    let text = serde_json::to_vec_pretty(bundle.manifest())
        .map_err(|error| Error::internal(format!("the manifest can't be shown: {error}")))?;
    let mut places = Places::default();
    places.push(&text);
    let (rules, others) = places.finish();
    file("glsos/manifest.json", text.len() as u64 + 1, console);
    told(&rules, others, console);
    Ok(())
}

/// A file's size and name; a long name goes on below.
fn file(name: &str, bytes: u64, console: &Console) {
    let name: Vec<char> = escape_line(name).chars().collect();
    let mut size = show_size(bytes);
    // Half, as a character may take two columns.
    let room = if name.iter().all(char::is_ascii) { WIDTH - 11 } else { (WIDTH - 11) / 2 };
    for part in name.chunks(room) {
        console.say(&format!("{size:>9}  {}", part.iter().collect::<String>()));
        size.clear();
    }
}

fn told(rules: &BTreeMap<String, Rule>, others: u64, console: &Console) {
    for (name, rule) in rules.iter().take(RULES) {
        console.say(&format!("             {name}: {}", rule.count));
        for (line, text) in &rule.places {
            console.say(&format!("    {line:>9}  {text}"));
        }
        let more = rule.count - rule.places.len() as u64;
        if more > 0 {
            console.say(&format!("               and {more} more"));
        }
    }
    let beyond: u64 = rules.values().skip(RULES).map(|rule| rule.count).sum::<u64>() + others;
    if beyond > 0 {
        console.say(&format!("             and {beyond} by other rules"));
    }
}

/// What was taken out and has no marker to be seen here: text in UTF-16, a value over several lines.
fn unseen(entry: &Entry, rules: &BTreeMap<String, Rule>, console: &Console) {
    for (name, count) in &entry.redactions {
        if !rules.contains_key(name.as_str()) {
            let name = places::head(&escape_line(name.as_str()), 40);
            console.say(&format!("             {name}: {count}, with no marker to be shown"));
        }
    }
}
