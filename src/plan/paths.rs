//! Files and logs of a plan: globs expanded, and each path given to the most specific source that names it.

use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
};

use super::{Item, Take, Wishes, entry_name, gitlabs, item};
use crate::{
    catalog::{Collector, Importance, Source, SourceKind},
    host::{self, Host, glob, installation::Installation, log_folders},
    logs::{self, Cap, Giver, LogFile, Rotated},
    outcome::{Ending, Outcome},
};

/// Files that one source can stand for.
const MOST: usize = 20_000;

/// A source that names paths.
pub(super) struct Wanted {
    collector: Collector,
    source: Source,
    pattern: String,
}

impl Wanted {
    pub(super) fn new(collector: &Collector, source: &Source) -> Self {
        let pattern = match &source.kind {
            SourceKind::File { path, .. } | SourceKind::Log { path, .. } => path.clone(),
            _ => String::new(),
        };
        // Only what messages need: the sources of a collector are many.
        let collector = Collector { sources: Vec::new(), ..collector.clone() };
        Self { collector, source: source.clone(), pattern }
    }

    fn is_glob(&self) -> bool {
        self.pattern.contains(['*', '{', '?', '['])
    }

    /// How precisely it names a path: nothing left open, then by how much of it is told.
    fn precision(&self) -> (bool, usize, usize) {
        let literal = self.pattern.find(['*', '{', '?', '[']).unwrap_or(self.pattern.len());
        (!self.is_glob(), literal, self.pattern.split('/').count())
    }

    fn leave(&self, path: Option<&Path>, ending: Ending) -> Item {
        let entry = match path {
            Some(path) if self.source.alias.is_none() => path.to_path_buf(),
            _ if self.source.alias.is_none() && !self.is_glob() => PathBuf::from(&self.pattern),
            _ => entry_name(&self.collector, &self.source),
        };
        let kind = match (&self.source.kind, path) {
            (SourceKind::File { limit, .. }, Some(path)) => {
                SourceKind::File { path: path.display().to_string(), limit: *limit }
            }
            (SourceKind::Log { importance, .. }, Some(path)) => {
                SourceKind::Log { path: path.display().to_string(), importance: *importance }
            }
            (kind, _) => kind.clone(),
        };
        let gitlabs = gitlabs::may_hold_secrets(&self.collector, &self.source.kind);
        item(&self.collector, &self.source, entry, gitlabs, Take::Leave { kind, ending })
    }
}

/// A path that a source would take.
enum Found {
    File(PathBuf),
    Log(Box<LogFile>, Importance),
}

/// All files and logs that the sources name, each once.
pub(super) fn resolve(
    host: &dyn Host,
    installation: &Installation,
    wishes: &Wishes,
    wanted: Vec<Wanted>,
) -> Vec<Item> {
    let mut items = Vec::new();
    // Path → the source that has it so far.
    let mut owners: BTreeMap<PathBuf, (usize, Found)> = BTreeMap::new();
    let mut named_something = vec![false; wanted.len()];
    for (index, source) in wanted.iter().enumerate() {
        let (found, closed, cut) = expand(host, installation, source);
        for error in closed {
            named_something[index] = true;
            items.push(source.leave(Some(&error.path), error.ending()));
        }
        if cut {
            let ending = Ending::new(Outcome::Skipped, format!("more than {MOST} files match"));
            items.push(source.leave(None, ending));
        }
        for (path, found) in found {
            named_something[index] = true;
            let better =
                owners.get(&path).is_none_or(|(other, _)| source.precision() > wanted[*other].precision());
            if better {
                owners.insert(path, (index, found));
            }
        }
    }
    for (index, source) in wanted.iter().enumerate().filter(|(index, _)| !named_something[*index]) {
        let reason = if source.pattern.starts_with(log_folders::NAME) {
            "no log folder was moved".to_owned()
        } else if source.is_glob() {
            format!("nothing there matches {}", source.pattern)
        } else {
            "not there".to_owned()
        };
        let _ = index;
        items.push(source.leave(None, Ending::new(Outcome::Skipped, reason)));
    }
    items.extend(taken(host, wishes, &wanted, owners));
    items
}

fn expand(
    host: &dyn Host,
    installation: &Installation,
    source: &Wanted,
) -> (Vec<(PathBuf, Found)>, Vec<host::Error>, bool) {
    match &source.source.kind {
        SourceKind::Log { importance, .. } => {
            let (mut files, mut closed, mut cut) = (Vec::new(), Vec::new(), false);
            for pattern in log_patterns(host, installation, &source.pattern) {
                let found = logs::find(host, &pattern);
                let log = |file: LogFile| (file.path.clone(), Found::Log(Box::new(file), *importance));
                files.extend(found.files.into_iter().map(log));
                closed.extend(found.closed);
                cut |= found.cut;
            }
            (files, closed, cut)
        }
        // A single path is tried even if it can't be seen: the entry's outcome tells why.
        SourceKind::File { path, .. } if !source.is_glob() => {
            let path = PathBuf::from(path);
            match host.stat(&path) {
                Err(error) if error.trouble == host::Trouble::Missing => (Vec::new(), Vec::new(), false),
                _ => (vec![(path.clone(), Found::File(path))], Vec::new(), false),
            }
        }
        SourceKind::File { path, .. } => {
            let matches = glob::files(host, path, MOST);
            let files = matches.files.into_iter().map(|path| (path.clone(), Found::File(path))).collect();
            (files, matches.closed, matches.cut)
        }
        _ => (Vec::new(), Vec::new(), false),
    }
}

/// The pattern itself, or one for each folder that GitLab's logs were moved to.
fn log_patterns(host: &dyn Host, installation: &Installation, pattern: &str) -> Vec<String> {
    let Some(rest) = pattern.strip_prefix(log_folders::NAME) else { return vec![pattern.to_owned()] };
    let folders = log_folders::moved(host, installation);
    folders.iter().filter_map(|folder| Some(format!("{}{rest}", folder.to_str()?))).collect()
}

fn taken(
    host: &dyn Host,
    wishes: &Wishes,
    wanted: &[Wanted],
    owners: BTreeMap<PathBuf, (usize, Found)>,
) -> Vec<Item> {
    // The same file under two names (a moved log folder and the link to it) is taken once.
    let mut seen = HashSet::new();
    let mut by_source: BTreeMap<usize, Vec<Item>> = BTreeMap::new();
    for (path, (index, found)) in owners {
        let source = &wanted[index];
        let gitlabs = gitlabs::may_hold_secrets(&source.collector, &source.source.kind);
        let (entry, take) = match found {
            Found::Log(file, importance) => {
                if !seen.insert(file.stat.id) {
                    continue;
                }
                let cap = wishes.max_log.map(|bytes| Cap { bytes, by: Giver::MaxLog });
                let inside = file.stat.len;
                (file.entry.clone(), Take::Log { file: *file, cap, inside, importance })
            }
            Found::File(path) => {
                let limit = match &source.source.kind {
                    SourceKind::File { limit, .. } => *limit,
                    _ => 0,
                };
                let stat = host.stat(&path).ok();
                // Files of /proc share nothing, whatever their inodes say.
                let real = stat.as_ref().is_some_and(|stat| stat.len > 0);
                if real && !stat.as_ref().is_none_or(|stat| seen.insert(stat.id)) {
                    continue;
                }
                let entry = match &source.source.alias {
                    Some(alias) if !source.is_glob() => PathBuf::from(alias),
                    _ => path.clone(),
                };
                (entry, Take::File { path, stat, limit })
            }
        };
        let _ = path;
        by_source.entry(index).or_default().push(item(
            &source.collector,
            &source.source,
            entry,
            gitlabs,
            take,
        ));
    }
    // The newest file of a log first: a limit on the log leaves out the oldest, and so does a run that is stopped.
    by_source.values_mut().for_each(|items| items.sort_by_key(newest_first));
    by_source.into_values().flatten().collect()
}

fn newest_first(item: &Item) -> Option<(PathBuf, (u8, i64))> {
    match &item.take {
        Take::Log { file, .. } => Some((file.log.clone(), file.rotated.map_or((0, 0), Rotated::age))),
        _ => None,
    }
}
