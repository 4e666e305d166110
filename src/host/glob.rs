//! Patterns of paths: `*` (any part of one name), `**` (any number of folders), `{a,b}`; every other
//! character stands for itself, and names that begin with a dot are names like any other.
//!
//! Finding files goes through the host, one folder after the other, so that what may be followed is
//! the host's decision. `**` enters folders, never links to them, and the kernel's own trees (/proc,
//! /sys, /dev) only where the pattern names them. Memory is bounded by `most`, not by a folder's size.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::{OsStr, OsString},
    os::unix::ffi::OsStrExt,
    path::{Component, Path, PathBuf},
};

use super::{Error, FileType, Flow, Host, Listed, Trouble};

/// A pattern with more alternatives than this keeps the first ones.
const MOST_WAYS: usize = 256;

/// `**` goes no deeper, and no folder has more subfolders that are entered.
const DEEPEST: usize = 64;
const MOST_FOLDERS: usize = 50_000;

/// Closed folders that are told.
const MOST_CLOSED: usize = 1_000;

/// What `**` enters only where the pattern itself begins there.
const KERNELS: &[&str] = &["/proc", "/sys", "/dev"];

/// A pattern of absolute paths.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Vec<Part>>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Name(OsString),
    Stars(String),
    Deep,
}

impl Pattern {
    /// Reads a pattern. None is wrong: an unbalanced brace stands for itself.
    pub fn new(pattern: &str) -> Self {
        let mut ways = Vec::new();
        expand(pattern, &mut ways);
        Self(ways.iter().map(|way| parts(way)).collect())
    }

    /// The paths that it spells out, without a star.
    pub(super) fn literals(&self) -> impl Iterator<Item = PathBuf> {
        self.0.iter().filter_map(|way| {
            let mut path = PathBuf::from("/");
            for part in way {
                let Part::Name(name) = part else { return None };
                path.push(name);
            }
            Some(path)
        })
    }

    /// Whether a path is among those that the pattern stands for.
    pub fn matches(&self, path: &Path) -> bool {
        let names: Vec<&OsStr> = path
            .components()
            .filter_map(|part| if let Component::Normal(name) = part { Some(name) } else { None })
            .collect();
        self.0.iter().any(|way| {
            star_match(way, &names, |part| *part == Part::Deep, |part, name| part.fits(name.as_bytes()))
        })
    }
}

impl Part {
    fn fits(&self, name: &[u8]) -> bool {
        match self {
            Self::Name(own) => own.as_bytes() == name,
            Self::Stars(own) => star_match(own.as_bytes(), name, |c| *c == b'*', |c, byte| c == byte),
            Self::Deep => true,
        }
    }
}

/// `{a,b}` as several patterns; nested braces too.
fn expand(pattern: &str, ways: &mut Vec<String>) {
    if ways.len() >= MOST_WAYS {
        return;
    }
    let Some((open, close)) = braces(pattern) else {
        return ways.push(pattern.to_owned());
    };
    let mut depth = 0_usize;
    for piece in pattern[open + 1..close].split_inclusive(|c| {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    }) {
        let piece = piece.strip_suffix(',').unwrap_or(piece);
        expand(&format!("{}{piece}{}", &pattern[..open], &pattern[close + 1..]), ways);
    }
}

/// The first brace that is closed, and where.
fn braces(pattern: &str) -> Option<(usize, usize)> {
    let open = pattern.find('{')?;
    let mut depth = 0_usize;
    for (at, c) in pattern[open..].char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 1 => return Some((open, open + at)),
            '}' => depth -= 1,
            _ => {}
        }
    }
    None
}

fn parts(way: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for part in way.split('/').filter(|part| !part.is_empty()) {
        parts.push(match part {
            "**" if parts.last() == Some(&Part::Deep) => continue,
            "**" => Part::Deep,
            part if part.contains('*') => Part::Stars(part.to_owned()),
            part => Part::Name(part.into()),
        });
    }
    // At the end it stands for files at any depth, of whatever name.
    if parts.last() == Some(&Part::Deep) {
        parts.push(Part::Stars("*".to_owned()));
    }
    parts
}

/// Matching with stars, in time that grows as the product of both lengths at worst.
fn star_match<P, N>(
    pattern: &[P],
    names: &[N],
    is_star: impl Fn(&P) -> bool,
    fits: impl Fn(&P, &N) -> bool,
) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while let Some(name) = names.get(n) {
        match pattern.get(p) {
            Some(part) if is_star(part) => {
                star = Some((p + 1, n));
                p += 1;
            }
            Some(part) if fits(part, name) => {
                p += 1;
                n += 1;
            }
            _ => match star {
                Some((after, from)) => {
                    p = after;
                    n = from + 1;
                    star = Some((after, from + 1));
                }
                None => return false,
            },
        }
    }
    pattern.get(p..).is_some_and(|rest| rest.iter().all(is_star))
}

/// What a pattern stands for on a host.
#[derive(Debug, Default)]
pub struct Matches {
    /// Regular files, sorted. What can't even be looked at is among them: opening it tells why.
    pub files: Vec<PathBuf>,
    /// Folders that are there and can't be listed.
    pub closed: Vec<Error>,
    /// Whether there are more than were asked for.
    pub cut: bool,
}

/// The files at `pattern`, at most `most`, sorted.
pub fn files(host: &dyn Host, pattern: &str, most: usize) -> Matches {
    let pattern = Pattern::new(pattern);
    let mut walk = Walk { host, most, found: BTreeSet::new(), closed: Vec::new(), cut: false, done: false };
    let states: Vec<&[Part]> = pattern.0.iter().map(Vec::as_slice).filter(|way| !way.is_empty()).collect();
    walk.folder(Path::new("/"), &states, 0);
    Matches { files: walk.found.into_iter().collect(), closed: walk.closed, cut: walk.cut }
}

struct Walk<'h> {
    host: &'h dyn Host,
    most: usize,
    found: BTreeSet<PathBuf>,
    closed: Vec<Error>,
    /// There is more than was found.
    cut: bool,
    /// Nothing more is looked for.
    done: bool,
}

impl Walk<'_> {
    /// Everything below `at` that one of `states`, what is left of the pattern there, stands for.
    fn folder(&mut self, at: &Path, states: &[&[Part]], depth: usize) {
        if self.done {
            return;
        }
        let mut folders: BTreeMap<OsString, bool> = BTreeMap::new();
        let mut files: BTreeSet<OsString> = BTreeSet::new();
        // Names without a star are looked at as they are: their folder need not even be readable.
        for state in states {
            match state {
                [Part::Name(name)] if !self.found.contains(&at.join(name)) => self.named(&at.join(name)),
                [Part::Name(name), _, ..] => drop(folders.insert(name.clone(), true)),
                _ => {}
            }
        }
        let searched = states.iter().any(|state| !matches!(state, [Part::Name(_), ..]));
        if searched && depth <= DEEPEST {
            self.list(at, states, &mut folders, &mut files);
        }
        for name in files {
            self.take(at.join(name));
        }
        for (name, named) in folders {
            let inner = at.join(&name);
            let next: Vec<&[Part]> = step(states, name.as_bytes(), named, kernels_own(&inner));
            if !next.is_empty() {
                self.folder(&inner, &next, depth + 1);
            }
        }
    }

    fn list(
        &mut self,
        at: &Path,
        states: &[&[Part]],
        folders: &mut BTreeMap<OsString, bool>,
        files: &mut BTreeSet<OsString>,
    ) {
        let room = self.most.saturating_sub(self.found.len());
        let mut links = BTreeSet::new();
        let listed = self.host.each_name(at, &mut |Listed { name, file_type }| {
            let bytes = name.as_bytes();
            let file = states.iter().any(|state| ends(state, bytes));
            match file_type {
                FileType::File if file => drop(keep(&mut *files, name, room)),
                FileType::Link if file || !step(states, bytes, true, false).is_empty() => {
                    self.cut |= keep(&mut links, name, MOST_FOLDERS);
                }
                FileType::Folder if !step(states, bytes, false, false).is_empty() => {
                    folders.insert(name, false);
                    if folders.len() > MOST_FOLDERS {
                        folders.pop_last();
                        self.cut = true;
                    }
                }
                _ => {}
            }
            Flow::Go
        });
        if let Err(error) = listed {
            self.trouble(error);
        }
        for name in links {
            let file = states.iter().any(|state| ends(state, name.as_bytes()));
            match self.host.stat(&at.join(&name)) {
                Ok(stat) if stat.file_type == FileType::Folder => drop(folders.insert(name, true)),
                Ok(stat) if stat.file_type != FileType::File => {}
                Err(error) if matches!(error.trouble, Trouble::Missing | Trouble::WrongType) => {}
                _ if file => drop(keep(files, name, room)),
                _ => {}
            }
        }
    }

    /// A name that the pattern spells out.
    fn named(&mut self, path: &Path) {
        match self.host.stat(path) {
            Ok(stat) if stat.file_type != FileType::File => {}
            Err(error) if matches!(error.trouble, Trouble::Missing | Trouble::WrongType) => {}
            _ => self.take(path.to_path_buf()),
        }
    }

    fn take(&mut self, path: PathBuf) {
        if self.found.len() < self.most {
            self.found.insert(path);
        } else if !self.found.contains(&path) {
            self.cut = true;
            self.done = true;
        }
    }

    fn trouble(&mut self, error: Error) {
        match error.trouble {
            Trouble::Missing | Trouble::WrongType => {}
            trouble => {
                self.done |= trouble == Trouble::Stopped;
                if self.closed.len() < MOST_CLOSED {
                    self.closed.push(error);
                }
            }
        }
    }
}

/// Keeps the first `room` names and one more, which tells that there are more; whether one had to go.
fn keep(names: &mut BTreeSet<OsString>, name: OsString, room: usize) -> bool {
    names.insert(name);
    if names.len() > room.saturating_add(1) {
        names.pop_last();
        return true;
    }
    false
}

/// Whether a file of that name is what `state` stands for.
fn ends(state: &[Part], name: &[u8]) -> bool {
    match state {
        [Part::Deep, rest @ ..] => ends(rest, name),
        [part] => part.fits(name),
        _ => false,
    }
}

/// What is left of the pattern in a folder of that name. A link (`named` or not) is entered by name
/// or star only; neither is a tree of the kernel's.
fn step<'p>(states: &[&'p [Part]], name: &[u8], link: bool, kernels: bool) -> Vec<&'p [Part]> {
    let mut next: Vec<&[Part]> = Vec::new();
    let mut add = |state: &'p [Part]| {
        if !state.is_empty() && !next.contains(&state) {
            next.push(state);
        }
    };
    for state in states {
        let after = match state {
            [Part::Deep, rest @ ..] => {
                if !link && !kernels {
                    add(state);
                }
                rest
            }
            state => state,
        };
        if let [part, rest @ ..] = after
            && part.fits(name)
            && (!kernels || matches!(part, Part::Name(_)))
        {
            add(rest);
        }
    }
    next
}

fn kernels_own(path: &Path) -> bool {
    KERNELS.iter().any(|own| path == Path::new(own))
}

#[cfg(test)]
mod tests;
