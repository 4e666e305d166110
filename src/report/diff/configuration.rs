//! Files of configuration of two bundles against each other, line by line. A file that is not whole in both is
//! named and not compared: what was cut or denied is no difference of the hosts.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Serialize;

use super::settings::settings;
use crate::{index::Facts, outcome::Outcome};

/// Lines of a file that are told, of those that came and of those that went.
const LINES: usize = 60;
/// Folders of settings.
const FOLDERS: [&str; 2] = ["etc/", "var/opt/gitlab/"];
/// Texts that are settings, besides.
const SETTINGS: &[&str] = &["sysctl_a", "ulimit", "running_swappiness", "getenforce", "systemctl_unit_files"];

/// A file of configuration that differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Lines {
    /// Its name.
    pub file: String,
    /// Lines that only the first has, in its order, with the section they stand in; without comments.
    pub removed: Vec<String>,
    /// Such lines beyond those.
    pub more_removed: u64,
    /// Lines that only the second has.
    pub added: Vec<String>,
    /// Such lines beyond those.
    pub more_added: u64,
}

/// All files of two bundles.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub(super) differ: Vec<Lines>,
    pub(super) unknown: Vec<String>,
}

pub(super) fn compared(before: &Facts, after: &Facts) -> Compared {
    let (before, after) = (Side::of(before), Side::of(after));
    let mut all = Compared::default();
    for name in before.names().chain(after.names()).collect::<BTreeSet<_>>() {
        let (Some(old), Some(new)) = (before.lines(name), after.lines(name)) else {
            all.unknown.push(name.to_owned());
            continue;
        };
        let ((removed, more_removed), (added, more_added)) = (only(&old, &new), only(&new, &old));
        if !removed.is_empty() || !added.is_empty() {
            all.differ.push(Lines { file: name.to_owned(), removed, more_removed, added, more_added });
        }
    }
    all
}

/// One bundle.
struct Side<'f> {
    facts: &'f Facts,
    /// What the manifest says of each entry.
    outcomes: BTreeMap<&'f str, Outcome>,
    /// What could not be read to its end.
    torn: BTreeSet<&'f str>,
    /// Whether what is not there may only be lost.
    lost: bool,
}

impl<'f> Side<'f> {
    fn of(facts: &'f Facts) -> Self {
        let entries = facts.manifest.iter().flat_map(|manifest| &manifest.entries);
        let lost = facts.troubled > facts.troubles.len() as u64
            || facts.troubles.iter().any(|(name, _)| name.is_none());
        Self {
            facts,
            outcomes: entries.map(|entry| (entry.name.as_str(), entry.outcome)).collect(),
            torn: facts.troubles.iter().filter_map(|(name, _)| name.as_deref()).collect(),
            lost,
        }
    }

    fn names(&self) -> impl Iterator<Item = &'f str> {
        let facts = self.facts;
        let files = FOLDERS.iter().flat_map(move |folder| facts.docs.below(folder));
        let more = SETTINGS.iter().filter_map(move |name| facts.docs.get(name));
        // Certificates are told by their dates.
        files.chain(more).map(|doc| &*doc.entry).filter(|name| !name.ends_with(".crt"))
    }

    /// The settings in a file, none of them where there is no such file; nothing if that is not known for certain.
    fn lines(&self, name: &str) -> Option<Vec<String>> {
        let complete = self.outcomes.get(name).is_none_or(|outcome| *outcome == Outcome::Complete);
        if !complete || self.torn.contains(name) {
            return None;
        }
        match self.facts.docs.get(name) {
            Some(doc) => doc.is_whole().then(|| settings(name, &doc.text)),
            // It found no room among the texts, or behind what is lost.
            None if self.facts.entries.contains_key(name) || self.lost => None,
            None => Some(Vec::new()),
        }
    }
}

/// Lines of one that the other does not have as often, and how many more of them there are.
fn only(of: &[String], other: &[String]) -> (Vec<String>, u64) {
    let mut there: HashMap<&str, usize> = HashMap::new();
    other.iter().for_each(|line| *there.entry(line).or_default() += 1);
    let (mut only, mut more) = (Vec::new(), 0);
    for line in of {
        match there.get_mut(line.as_str()) {
            Some(left @ 1..) => *left -= 1,
            _ if only.len() < LINES => only.push(line.clone()),
            _ => more += 1,
        }
    }
    (only, more)
}
