//! The host's own secrets: read where a GitLab host keeps them, into memory only.
//!
//! One parser a format, one table of places. What is found is the redactor's first and surest list;
//! a place that is there and can't be read or understood is told, so that a run can stop short of
//! shipping what it does not know. Never writes, never shows a value: not in an error, not in Debug.

mod files;
mod harvest;
mod json;
mod lines;
mod pem;
pub mod places;
mod ruby;
mod toml;
mod values;
mod yaml;

use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
};

pub use files::Understood;
use harvest::Harvest;
use places::{Format, HOMES, IN_HOMES, IN_MOVED_FOLDERS, PLACES, Place};

use super::{KnownSecret, Secret};
use crate::host::{Error, FileType, Host, Trouble, glob};

/// A longer file is no configuration.
const LONGEST: usize = 16 << 20;

/// Files of one place.
const MOST_MATCHES: usize = 2_000;

/// Files read, and values kept, in all. Whoever owns a place could plant more, and push others out: from
/// there on not all secrets are known, and that is told.
const MOST: Most = Most { files: 10_000, values: 50_000, bytes: 16 << 20 };

#[derive(Debug, Clone, Copy)]
struct Most {
    files: usize,
    values: usize,
    bytes: usize,
}

/// What the host's places of secrets told.
#[derive(Debug, Default)]
pub struct Learnt {
    /// Every value once, in the order of the places; the first place that knows a value names it.
    pub secrets: Vec<KnownSecret>,
    /// Every place that is there, read or not, in the order of reading.
    pub sources: Vec<LearntFrom>,
}

/// One place, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LearntFrom {
    /// The file, or a folder that can't be listed.
    pub path: PathBuf,
    /// Values in it, those that other places know too included.
    pub count: usize,
    /// How it went.
    pub outcome: Outcome,
    /// Whether it is GitLab's own, so that not reading it means not knowing its secrets.
    pub gitlabs: bool,
}

/// How reading a place went. No text here ever holds a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// Read and understood.
    Learnt,
    /// Read, and not all of it understood; every literal that could be a secret counts as one.
    Guessed(String),
    /// There, and not readable or not understood.
    Unreadable(String),
}

impl Learnt {
    /// The places that are there and whose secrets are not known.
    pub fn unreadable(&self) -> impl Iterator<Item = &LearntFrom> {
        self.sources.iter().filter(|source| matches!(source.outcome, Outcome::Unreadable(_)))
    }

    /// Whether a place of GitLab's own is among them: then its entries can't be shown to be clean.
    pub fn is_incomplete(&self) -> bool {
        self.unreadable().any(|source| source.gitlabs)
    }
}

/// Reads every place of secrets on the host; `more` are the customer's own values.
pub fn learn(host: &dyn Host, more: &[KnownSecret]) -> Learnt {
    learn_at_most(host, more, MOST)
}

fn learn_at_most(host: &dyn Host, more: &[KnownSecret], most: Most) -> Learnt {
    let mut run = Run {
        host,
        most,
        learnt: Learnt::default(),
        read: HashSet::new(),
        known: HashSet::new(),
        bytes: 0,
        full: false,
    };
    run.add(more.to_vec());
    let mut mentioned = Mentioned::default();
    for place in PLACES {
        run.place(place.pattern, place, &mut mentioned);
    }
    for home in HOMES {
        for place in IN_HOMES {
            run.place(&format!("{home}/{}", place.pattern), place, &mut mentioned);
        }
    }
    run.follow(mentioned);
    run.learnt
}

/// What files name: other files with a value in them, folders that services were moved to.
#[derive(Default)]
struct Mentioned {
    files: BTreeMap<PathBuf, Option<String>>,
    folders: Vec<PathBuf>,
}

struct Run<'a> {
    host: &'a dyn Host,
    most: Most,
    learnt: Learnt,
    read: HashSet<PathBuf>,
    known: HashSet<Secret>,
    /// Of all values.
    bytes: usize,
    /// Whether there are more files than are read.
    full: bool,
}

impl Run<'_> {
    fn place(&mut self, pattern: &str, place: &Place, mentioned: &mut Mentioned) {
        let found = glob::files(self.host, pattern, MOST_MATCHES);
        for error in found.closed {
            self.unreadable(&error.path.clone(), &error, place.gitlabs);
        }
        if found.cut {
            let error = Error::new(Trouble::TooLarge, "reading", pattern)
                .detail(format!("more than {MOST_MATCHES} files"));
            self.unreadable(Path::new(pattern), &error, place.gitlabs);
        }
        for path in found.files {
            if place.format != Format::Guess || places::guess(&path).is_some() {
                self.file(&path, place.format, place.label, place.gitlabs, mentioned);
            }
        }
    }

    fn file(
        &mut self,
        path: &Path,
        format: Format,
        label: &'static str,
        gitlabs: bool,
        mentioned: &mut Mentioned,
    ) {
        if self.read.contains(path) || self.full {
            return;
        }
        if self.read.len() >= self.most.files {
            self.full = true;
            let error = Error::new(Trouble::TooLarge, "reading", path)
                .detail(format!("more than {} files that may hold secrets", self.most.files));
            return self.unreadable(path, &error, true);
        }
        self.read.insert(path.to_path_buf());
        let text = match self.host.read_secret(path, LONGEST) {
            Ok(text) => Text(text),
            Err(error) if is_absent(&error, path, self.host) => return,
            Err(error) => return self.unreadable(path, &error, gitlabs),
        };
        let every_leaf = format == Format::Secrets
            || (format == Format::Guess && places::guess(path) == Some(Format::Secrets));
        let mut harvest = if every_leaf { Harvest::of_every_leaf() } else { Harvest::new(label) };
        let understood = files::understand(path, &text.0, format, &mut harvest);
        let (files, folders) = harvest.take_mentioned();
        for (file, name) in files {
            mentioned.files.entry(file).or_insert(name);
        }
        mentioned.folders.extend(folders);
        let too_many = harvest.overflowed()
            || self.known.len() + harvest.len() > self.most.values
            || self.bytes + harvest.bytes() > self.most.bytes;
        let outcome = match understood {
            _ if too_many => Outcome::Unreadable("more values than anybody can search for".into()),
            Understood::Whole => Outcome::Learnt,
            Understood::Partly => Outcome::Guessed(
                "not all of it could be parsed: whatever could be a secret counts as one".into(),
            ),
            Understood::Not(why) => Outcome::Unreadable(why.into()),
        };
        let count = if too_many { 0 } else { harvest.len() };
        if !too_many {
            self.bytes += harvest.bytes();
            self.add(harvest.into_known(path));
        }
        self.learnt.sources.push(LearntFrom { path: path.to_path_buf(), count, outcome, gitlabs });
    }

    /// Reads what other files named, once: what those name in turn is not followed.
    fn follow(&mut self, mentioned: Mentioned) {
        let mut ignored = Mentioned::default();
        for (path, name) in mentioned.files {
            let format = places::guess(&path).unwrap_or(Format::Value);
            let before = self.learnt.secrets.len();
            self.file(&path, format, "", false, &mut ignored);
            for secret in &mut self.learnt.secrets[before..] {
                secret.name = secret.name.take().or_else(|| name.clone());
            }
        }
        for folder in mentioned.folders {
            let known = ["/var/opt/gitlab/", "/opt/gitlab/", "/etc/gitlab/", "/home/git/gitlab/"];
            let Some(text) = folder.to_str().filter(|text| !text.contains('*')) else { continue };
            if known.iter().any(|known| text.starts_with(known)) || folder.components().count() < 3 {
                continue;
            }
            for inner in IN_MOVED_FOLDERS {
                let place = Place { pattern: "", format: Format::Guess, label: "", gitlabs: true };
                self.place(&format!("{text}/{inner}"), &place, &mut ignored);
            }
        }
    }

    fn add(&mut self, secrets: Vec<KnownSecret>) {
        for secret in secrets {
            if self.known.insert(secret.value.clone()) {
                self.learnt.secrets.push(secret);
            }
        }
    }

    fn unreadable(&mut self, path: &Path, error: &Error, gitlabs: bool) {
        if self.learnt.sources.iter().any(|source| source.path == path) {
            return;
        }
        // A link in somebody's home is theirs to place; one in GitLab's folders hides a place of secrets.
        let gitlabs = gitlabs && error.trouble != Trouble::Missing;
        let outcome = Outcome::Unreadable(error.reason());
        self.learnt.sources.push(LearntFrom { path: path.to_path_buf(), count: 0, outcome, gitlabs });
    }
}

/// Whether an error means that there is nothing, rather than something that can't be read.
fn is_absent(error: &Error, path: &Path, host: &dyn Host) -> bool {
    match error.trouble {
        Trouble::Missing => true,
        // A folder or socket among files is no place of secrets.
        Trouble::WrongType => !host.stat(path).is_ok_and(|stat| stat.file_type == FileType::File),
        _ => false,
    }
}

/// A file's bytes, zeroed when they were read.
struct Text(Vec<u8>);

impl Drop for Text {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.0);
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)] // a folder of its own to read from
mod tests {
    use super::*;
    use crate::host::{Live, stop::Stop};

    /// Found: whoever owned a few of GitLab's folders could fill them, and what came later was not read
    /// and nobody was told.
    #[test]
    fn planted_files_cannot_push_a_place_of_secrets_out_unseen() {
        let mut host = crate::host::memory::Memory::default();
        for number in 0..20 {
            host = host.file(&format!("/var/opt/gitlab/gitlab-shell/{number}.yml"), "a: 1");
        }
        let host = host.file("/var/opt/gitlab/redis/redis.conf", "requirepass Tr0ub4dor-3-Tr0ub4dor");
        assert!(!learn(&host, &[]).is_incomplete());
        assert!(learn_at_most(&host, &[], Most { files: 20, ..MOST }).is_incomplete());
    }

    #[test]
    fn planted_values_cannot_fill_the_memory() {
        let values: String = (0..30).map(|n| format!("password_{n}: Tr0ub4dor-x{n}\n")).collect();
        let host = crate::host::memory::Memory::default()
            .file("/var/opt/gitlab/gitlab-rails/0.yml", &values)
            .file("/var/opt/gitlab/gitlab-rails/1.yml", values.replace('x', "y"));
        assert!(!learn(&host, &[]).is_incomplete());
        for most in [Most { values: 40, ..MOST }, Most { bytes: 600, ..MOST }] {
            let learnt = learn_at_most(&host, &[], most);
            assert!(learnt.is_incomplete() && learnt.secrets.len() <= 40, "{}", learnt.secrets.len());
        }
    }

    #[test]
    fn what_is_never_taken_is_learnt_all_the_same() {
        let root = std::path::PathBuf::from(format!("/var/tmp/glsos-learn-{}", std::process::id()));
        std::fs::create_dir_all(root.join("etc/gitlab")).unwrap();
        let secrets = root.join("etc/gitlab/gitlab-secrets.json");
        std::fs::write(&secrets, r#"{"gitlab_rails": {"db_key_base": "c2e7a0f81b5d4f69a3"}}"#).unwrap();
        let host = Live::start(Some(root.clone()), Stop::new().unwrap()).unwrap();
        let learnt = learn(&host, &[]);
        std::fs::remove_dir_all(&root).unwrap();
        assert!(!learnt.is_incomplete(), "{:?}", learnt.sources);
        assert_eq!(learnt.sources.len(), 1, "{:?}", learnt.sources);
        assert_eq!((learnt.secrets.len(), &learnt.sources[0].outcome), (1, &Outcome::Learnt));
    }
}
