//! What was found out about a bundle, as data.

use std::collections::BTreeMap;

use super::outcomes;
use crate::{pack::manifest::Manifest, scan::Hit};

/// Faults that are told one by one.
const MOST: usize = 1_000;
/// Of these so many are of one file.
const MOST_OF_ONE: usize = 20;

/// The kinds of fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Wrong {
    /// Mail or FTP took it for text.
    Transfer,
    /// Its end is missing.
    Cut,
    /// It is not what it was.
    Damaged,
    /// The manifest names it, and it is not there.
    Missing,
    /// It is there, and the manifest does not name it.
    Extra,
    /// A name that is a trap for whoever unpacks it.
    Name,
    /// It looks like a secret.
    Secret,
    /// It can't be looked into.
    Unread,
}

impl Wrong {
    /// A word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Transfer => "transfer",
            Self::Cut => "cut",
            Self::Damaged => "damaged",
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Name => "name",
            Self::Secret => "secret",
            Self::Unread => "unread",
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// What kind of thing.
    pub wrong: Wrong,
    /// The entry, by its name; none for the bundle as a whole.
    pub entry: Option<String>,
    /// The line in it, from 1.
    pub line: Option<u64>,
    /// The rule of the second scan.
    pub rule: Option<&'static str>,
    /// What happened, in words; of a secret what stands before it.
    pub text: String,
}

/// What was found out.
#[derive(Debug, Clone, Default)]
pub struct Report {
    /// Whether glsos made it.
    pub ours: bool,
    /// The version that made it, the host and the time, as the manifest tells them.
    pub made: Option<(String, String, String)>,
    /// Entries of the manifest by outcome.
    pub outcomes: BTreeMap<&'static str, u64>,
    /// Bytes of the file.
    pub bytes: u64,
    /// Files in it that were looked at, and the bytes in these.
    pub files: u64,
    /// See `files`.
    pub content: u64,
    /// Entries whose digest was checked; none where there are no digests that could be.
    pub digests: Option<u64>,
    /// Those of them that fit.
    pub fit: u64,
    /// How many values the customer wanted to keep, and how often one was; the manifest has no values themselves.
    pub kept: Option<(u64, u64)>,
    /// What is wrong, in the order in which it was met.
    pub faults: Vec<Fault>,
    /// Faults beyond the first thousand, or the first twenty secrets of a file.
    pub more: u64,
    /// Secrets in the file at hand.
    pub(super) here: usize,
}

impl Report {
    /// Whether nothing is wrong.
    pub fn is_good(&self) -> bool {
        self.faults.is_empty()
    }

    /// Whether any of it can't be read as it was.
    pub(super) fn is_damaged(&self) -> bool {
        self.faults.iter().any(|fault| matches!(fault.wrong, Wrong::Damaged | Wrong::Cut))
    }

    pub(super) fn describe(&mut self, manifest: &Manifest) {
        let run = &manifest.run;
        let text = |text: &crate::pack::Text| text.as_str().to_owned();
        self.made = Some((text(&run.glsos), text(&run.host), format!("{:.0}", run.started)));
        self.outcomes = outcomes(manifest);
        self.kept = run.kept_values.as_ref().map(|kept| (kept.values, kept.times));
    }

    pub(super) fn tell(&mut self, wrong: Wrong, entry: Option<&str>, text: impl Into<String>) {
        let entry = entry.map(str::to_owned);
        self.add(Fault { wrong, entry, line: None, rule: None, text: text.into() });
    }

    /// A file begins.
    pub(super) fn begin(&mut self) {
        self.here = 0;
    }

    pub(super) fn secret(&mut self, entry: &str, hit: Hit) {
        self.here += 1;
        if self.here > MOST_OF_ONE {
            self.more += 1;
            return;
        }
        let Hit { rule, line, context } = hit;
        self.add(Fault {
            wrong: Wrong::Secret,
            entry: Some(entry.to_owned()),
            line: Some(line),
            rule: Some(rule),
            text: context,
        });
    }

    /// The name itself can't be told.
    pub(super) fn secret_in_a_name(&mut self, rule: &'static str, number: u64) {
        let text = format!("the name of file {number} of the archive");
        self.add(Fault { wrong: Wrong::Secret, entry: None, line: None, rule: Some(rule), text });
    }

    /// Replaces every text of the bundle's own for which `masked` has another one.
    pub(super) fn mask(&mut self, masked: impl Fn(&str) -> Option<String>) {
        let mask = |text: &mut String| masked(text).into_iter().for_each(|other| *text = other);
        for fault in &mut self.faults {
            fault.entry.iter_mut().for_each(mask);
            // The context of a secret was made to be shown.
            if fault.wrong != Wrong::Secret {
                mask(&mut fault.text);
            }
        }
        self.made
            .iter_mut()
            .for_each(|(version, host, time)| [version, host, time].into_iter().for_each(mask));
    }

    fn add(&mut self, fault: Fault) {
        if self.faults.len() < MOST { self.faults.push(fault) } else { self.more += 1 }
    }
}
