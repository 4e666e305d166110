//! What the manifest tells of an entry, from its head, its tail and how it went.

use super::{
    manifest::{Asked, Entry, Text},
    name::EntryName,
    piece::{Head, Tail},
};
use crate::outcome::Outcome;

/// The reason of entries that found no room.
pub(super) const DISK_FULL: Text = Text::word("disk full");

/// Whether an entry's file is in the archive: never an empty file for what failed.
pub(super) fn stays(outcome: Outcome, bytes: u64) -> bool {
    match outcome {
        Outcome::Complete => true,
        Outcome::Skipped | Outcome::Withheld => false,
        Outcome::Truncated | Outcome::Denied | Outcome::TimedOut | Outcome::Failed => bytes > 0,
    }
}

pub(super) fn withheld(entry: &mut Entry, reason: Text) {
    entry.outcome = Outcome::Withheld;
    entry.reason = reason;
    entry.source_bytes = entry.source_bytes.map(|bytes| bytes.clamp(1024, 1 << 62).next_power_of_two());
    entry.redactions.clear();
    entry.window = None;
}

pub(super) fn disk_full(entry: &mut Entry) {
    entry.outcome = Outcome::Failed;
    entry.reason = DISK_FULL;
    entry.present = false;
    entry.segments.clear();
    entry.bytes = 0;
    entry.lines = 0;
    entry.sha256 = None;
}

/// For an entry that no room was left for below the bundle's limit.
pub(super) fn no_room(entry: &mut Entry) {
    entry.outcome = Outcome::Truncated;
    entry.reason = Text::word("the bundle has no room left below its limit (--max-bundle)");
    entry.redactions.clear();
    entry.window = None;
}

/// For one whose end did not fit: what was counted of it may count what was left out too.
pub(super) fn cut_short(entry: &mut Entry) {
    no_room(entry);
    if entry.present {
        entry.reason = Text::word("its end is left out: the bundle has no more room for it (--max-bundle)");
    }
}

/// At least what an entry takes in the compressed manifest: digest and numbers hardly shrink.
pub(super) fn room(entry: &Entry) -> u64 {
    let asked = match &entry.asked {
        Asked::Path(text) | Asked::Probe(text) => text.as_str().len(),
        Asked::Argv(argv) => argv.iter().map(|argument| argument.as_str().len()).sum(),
        Asked::Get { at, path } => at.as_str().len() + path.as_str().len(),
        Asked::Nothing => 0,
    };
    let stderr = entry.stderr.as_ref().map_or(0, |stderr| stderr.as_str().len());
    (400 + 32 * entry.segments.len() + asked + entry.reason.as_str().len() + stderr) as u64
}

pub(super) fn record(head: &Head, tail: &Tail, name: &EntryName) -> Entry {
    Entry {
        name: name.text(),
        collector: head.collector.clone(),
        source: head.source.clone(),
        kind: head.kind,
        asked: head.asked.clone(),
        outcome: tail.outcome,
        reason: tail.reason.clone(),
        started: head.started,
        seconds: tail.seconds,
        exit: tail.exit,
        signal: tail.signal,
        status: tail.status,
        stderr: tail.stderr.clone(),
        source_bytes: tail.source_bytes.or(head.source_size),
        present: false,
        bytes: 0,
        lines: 0,
        sha256: None,
        mtime: Some(head.mtime),
        redactions: tail.redactions.clone(),
        window: tail.window.clone(),
        segments: Vec::new(),
    }
}
