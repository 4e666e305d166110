//! How the bundle was made, and what is not in it.

use std::collections::BTreeMap;

use super::{
    super::{Section, Unit, Value},
    fact, section, table,
};
use crate::{index::Facts, outcome::Outcome};

const FOREIGN: &str = "glsos did not make this archive: what was asked for, skipped, refused or redacted is not known. \
                       Times without a zone are read as UTC.";

/// Outcomes, what was not collected and why, and the largest files.
pub(super) fn collection(facts: &Facts) -> Option<Section> {
    section("collection", "The bundle", |section| {
        section.facts.extend([
            fact("size", Value::Bytes(facts.bytes)),
            fact("files", Value::Count(facts.files)),
            fact("bytes in them", Value::Bytes(facts.content)),
        ]);
        match &facts.manifest {
            None => section.note = Some(FOREIGN.to_owned()),
            Some(manifest) => {
                let run = &manifest.run;
                let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
                manifest
                    .entries
                    .iter()
                    .for_each(|entry| *counts.entry(entry.outcome.word()).or_default() += 1);
                let counts: Vec<String> = counts.iter().map(|(word, n)| format!("{n} {word}")).collect();
                let options =
                    run.options.iter().map(|(name, value)| format!("--{} {}", name.as_str(), value.as_str()));
                let redacted: u64 = manifest.entries.iter().flat_map(|entry| entry.redactions.values()).sum();
                let ticket = run.ticket.as_ref().map(|ticket| ticket.as_str());
                section.facts.extend([
                    fact("ticket", Value::of(ticket, Value::text)),
                    fact("profile", Value::text(run.profile.as_str())),
                    fact("options", Value::text(options.collect::<Vec<_>>().join(" "))),
                    fact("logs since", Value::of(run.since, Value::Time)),
                    fact("logs until", Value::of(run.until, Value::Time)),
                    fact("took", Value::Seconds(run.seconds)),
                    fact("entries", Value::text(counts.join(", "))),
                    fact("values redacted", Value::Count(redacted)),
                ]);
                section.facts.retain(|fact| fact.value != Value::text(""));
                section.tables.push(missing(manifest));
            }
        }
        let mut sizes: Vec<_> = facts.entries.iter().collect();
        sizes.sort_by_key(|(name, bytes)| (std::cmp::Reverse(**bytes), (*name).clone()));
        let rows = sizes.into_iter().map(|(name, bytes)| vec![Value::text(&**name), Value::Bytes(*bytes)]);
        let columns = [("file", Unit::Text), ("bytes", Unit::Bytes)];
        section.tables.push(table("sizes", "The largest files", &columns, rows, 20));
        let troubles = facts
            .troubles
            .iter()
            .map(|(name, why)| vec![Value::text(name.as_deref().unwrap_or("the archive")), Value::text(why)]);
        let columns = [("file", Unit::Text), ("what is wrong", Unit::Text)];
        let mut troubles = table("troubles", "What could not be read", &columns, troubles, 50);
        troubles.left_out += facts.troubled.saturating_sub(facts.troubles.len() as u64);
        section.tables.push(troubles);
    })
}

/// What an engineer may look for in vain, the worst first; what is not installed comes last.
fn missing(manifest: &crate::pack::manifest::Manifest) -> super::super::Table {
    let rank = |outcome: Outcome| match outcome {
        Outcome::Withheld => 0,
        Outcome::Denied => 1,
        Outcome::TimedOut => 2,
        Outcome::Failed => 3,
        Outcome::Truncated => 4,
        Outcome::Skipped => 5,
        Outcome::Complete => 6,
    };
    let mut all: Vec<_> =
        manifest.entries.iter().filter(|entry| entry.outcome != Outcome::Complete).collect();
    all.sort_by_key(|entry| rank(entry.outcome));
    let rows = all.into_iter().map(|entry| {
        vec![
            Value::text(entry.name.as_str()),
            Value::text(entry.outcome.word()),
            Value::text(entry.reason.as_str()),
        ]
    });
    let columns = [("entry", Unit::Text), ("outcome", Unit::Text), ("why", Unit::Text)];
    table("not-collected", "What is not in it, or not whole", &columns, rows, 500)
}
