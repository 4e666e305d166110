//! From a log source's path to its files: the live logs, and their rotated siblings.
//!
//! Looks at names and, where a suffix promises compression, at the first bytes. Sorted by log, the
//! newest file first, so that a run that ends early has the newest lines.

use std::{
    collections::{BTreeMap, BTreeSet},
    os::unix::ffi::{OsStrExt, OsStringExt},
    path::{Path, PathBuf},
};

use super::rotation::{self, Rotated};
use crate::host::{self, FileType, Host, Stat, glob};

/// More files than a bundle has entries.
const MOST: usize = 20_000;

/// Folders and files that could not be looked into, and are told.
const MOST_CLOSED: usize = 1_000;

/// How a file's bytes become lines.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// As they are.
    Plain,
    /// Inflated on the way.
    Gzip,
    /// By the named program, whose format glsos does not read: withheld.
    Unsupported(&'static str),
}

/// One file of a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogFile {
    /// On the host.
    pub path: PathBuf,
    /// Its name in the bundle: the path without its first slash and, if it is inflated, without the suffix
    /// of its compression (svlogd's `.s` too, where the content is gzip's).
    pub entry: PathBuf,
    /// As it was when it was found; `id` tells files that were found under two names.
    pub stat: Stat,
    /// How it is read.
    pub packing: Packing,
    /// How it was rotated; absent for a live log.
    pub rotated: Option<Rotated>,
    /// The live log that it belongs to, whether that exists or not.
    pub log: PathBuf,
}

/// The files of a log source.
#[derive(Debug, Default)]
pub struct Found {
    /// By `log`, the newest first.
    pub files: Vec<LogFile>,
    /// Folders and files that could not be looked into.
    pub closed: Vec<host::Error>,
    /// Whether there are more files than these.
    pub cut: bool,
}

/// The files that a log source's path names (absolute, maybe a glob), and the rotated siblings of each.
pub fn find(host: &dyn Host, pattern: &str) -> Found {
    let mut search = Search { host, found: Found::default(), paths: BTreeSet::new() };
    let globs = pattern.contains(['*', '{']);
    search.matches(pattern);
    if globs && !pattern.ends_with('*') {
        // Rotated files of a log that is not there now.
        search.matches(&format!("{pattern}.*"));
        search.matches(&format!("{pattern}-*"));
    }
    if !pattern.ends_with('*') {
        search.siblings(if globs { None } else { Some(Path::new(pattern)) });
    }
    search.finish()
}

struct Search<'h> {
    host: &'h dyn Host,
    found: Found,
    paths: BTreeSet<PathBuf>,
}

impl Search<'_> {
    fn matches(&mut self, pattern: &str) {
        let matches = glob::files(self.host, pattern, MOST);
        self.paths.extend(matches.files);
        self.found.cut |= matches.cut;
        for error in matches.closed {
            self.close(error);
        }
    }

    fn close(&mut self, error: host::Error) {
        // What is not there is no news; the plan sees it by the absence of files.
        let told = self.found.closed.len() >= MOST_CLOSED || self.found.closed.contains(&error);
        if error.trouble != host::Trouble::Missing && !told {
            self.found.closed.push(error);
        }
    }

    /// Adds the rotated files of every log found so far, and of `wanted`.
    fn siblings(&mut self, wanted: Option<&Path>) {
        let mut folders: BTreeMap<PathBuf, BTreeSet<Vec<u8>>> = BTreeMap::new();
        for path in self.paths.iter().map(PathBuf::as_path).chain(wanted) {
            if let (Some(folder), Some(name)) = (path.parent(), path.file_name()) {
                folders.entry(folder.to_owned()).or_default().insert(rotation::parse(name.as_bytes()).live);
            }
        }
        for (folder, logs) in folders {
            match self.host.list(&folder) {
                Ok(listed) => {
                    for entry in listed {
                        let name = rotation::parse(entry.name.as_bytes());
                        let regular = matches!(entry.file_type, FileType::File | FileType::Link);
                        if regular && name.rotated.is_some() && logs.contains(&name.live) {
                            self.paths.insert(folder.join(&entry.name));
                        }
                    }
                }
                Err(error) => self.close(error),
            }
        }
    }

    fn finish(mut self) -> Found {
        let currents: BTreeSet<PathBuf> = self
            .paths
            .iter()
            .filter(|path| path.file_name().is_some_and(|name| name == "current"))
            .filter_map(|path| path.parent().map(Path::to_owned))
            .collect();
        for path in std::mem::take(&mut self.paths) {
            let beside = path.parent().is_some_and(|folder| currents.contains(folder));
            let junk = path.file_name().is_none_or(|name| rotation::is_junk(name.as_bytes(), beside));
            if junk {
                continue;
            }
            match self.look(&path) {
                Ok(Some(file)) => self.found.files.push(file),
                Ok(None) => {}
                Err(error) => self.close(error),
            }
        }
        self.found.files.sort_by_cached_key(|file| {
            (file.log.clone(), file.rotated.map_or((0, 0), Rotated::age), file.path.clone())
        });
        self.found
    }

    fn look(&self, path: &Path) -> Result<Option<LogFile>, host::Error> {
        let stat = self.host.stat(path)?;
        let (Some(folder), Some(file_name)) = (path.parent(), path.file_name()) else {
            return Ok(None);
        };
        if stat.file_type != FileType::File {
            return Ok(None);
        }
        let name = rotation::parse(file_name.as_bytes());
        let packing = match name.compressed {
            None => Packing::Plain,
            Some(Err(program)) => Packing::Unsupported(program),
            // A file that can't be opened now is reported by whoever reads it.
            Some(Ok(())) => match starts_as_gzip(self.host, path) {
                Ok(false) => Packing::Plain,
                Ok(true) | Err(_) => Packing::Gzip,
            },
        };
        let entry_name = if packing == Packing::Gzip { name.inflated } else { file_name.as_bytes() };
        let named = |name: &[u8]| folder.join(std::ffi::OsString::from_vec(name.to_vec()));
        let entry = named(entry_name);
        let entry = entry.strip_prefix("/").map(Path::to_owned).unwrap_or(entry);
        let log = named(&name.live);
        Ok(Some(LogFile { path: path.to_owned(), entry, stat, packing, rotated: name.rotated, log }))
    }
}

fn starts_as_gzip(host: &dyn Host, path: &Path) -> Result<bool, host::Error> {
    let mut magic = [0; 2];
    let n = host.open(path)?.read_at(0, &mut magic)?;
    Ok(n == 2 && magic == super::gzip::MAGIC)
}
