//! Names of entries: relative, without tricks, unique. Decides nothing about what is taken.

use std::collections::{HashMap, HashSet};

use super::manifest::Text;
use crate::{escape::is_odd, redact::Redacted};

/// Longest component; file systems take 255 bytes, and `~2` must fit too.
const COMPONENT: usize = 240;
/// Longest name as a whole, so that it fits below any folder of the desk.
const WHOLE: usize = 2_000;

/// An entry's name below the top folder: relative, printable UTF-8, no `.`, `..` or empty component.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct EntryName(String);

impl EntryName {
    /// Makes a safe name of a redacted one. Leading slashes go; what a tar archive or a file system
    /// can't hold (controls, bytes that are no UTF-8, `..`) becomes `%XX`; too long parts are cut.
    pub fn of(redacted: &Redacted) -> Self {
        let mut parts: Vec<String> = Vec::new();
        for part in redacted.as_bytes().split(|&b| b == b'/').filter(|part| !part.is_empty()) {
            parts.push(component(part));
        }
        while parts.iter().map(|part| part.len() + 1).sum::<usize>() > WHOLE && parts.len() > 1 {
            parts.remove(parts.len() / 2);
        }
        if parts.is_empty() {
            parts.push("unnamed".to_owned());
        }
        Self(parts.join("/"))
    }

    /// A name of the program's own.
    pub(super) fn own(name: &'static str) -> Self {
        Self(name.to_owned())
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As the manifest tells it.
    pub fn text(&self) -> Text {
        Text::made(self.0.clone())
    }
}

fn component(part: &[u8]) -> String {
    if part == b"." || part == b".." {
        return part.iter().map(|_| "%2E").collect();
    }
    let mut safe = String::with_capacity(part.len());
    for chunk in part.utf8_chunks() {
        for c in chunk.valid().chars() {
            if is_odd(c) {
                let mut utf8 = [0; 4];
                c.encode_utf8(&mut utf8).bytes().for_each(|b| safe.push_str(&format!("%{b:02X}")));
            } else {
                safe.push(c);
            }
        }
        chunk.invalid().iter().for_each(|b| safe.push_str(&format!("%{b:02X}")));
    }
    if safe.len() > COMPONENT {
        // The end tells more than the middle: suffixes and dates stand there.
        let head = safe.floor_char_boundary(COMPONENT - 61);
        let tail = safe.ceil_char_boundary(safe.len() - 60);
        safe = format!("{}~{}", &safe[..head], &safe[tail..]);
    }
    safe
}

/// The names of one bundle: which are files, which are folders.
#[derive(Debug, Default)]
pub(super) struct Names {
    files: HashSet<String>,
    folders: HashSet<String>,
    /// Where to go on counting for a name that was taken, so that 10,000 of one name cost no more than 10,000 steps.
    last: HashMap<String, u32>,
}

impl Names {
    /// Takes `wanted`, or the first of `wanted~2`, `wanted~3`, … that is free.
    pub(super) fn take(&mut self, wanted: &EntryName) -> EntryName {
        let mut folder = String::new();
        let mut parts: Vec<&str> = wanted.as_str().split('/').collect();
        let last = parts.pop().unwrap_or("unnamed");
        for part in parts {
            let path = join(&folder, part);
            folder = if self.files.contains(&path) { self.free(&path, false) } else { path };
            self.folders.insert(folder.clone());
        }
        let path = join(&folder, last);
        let name = if self.taken(&path) { self.free(&path, true) } else { path };
        self.files.insert(name.clone());
        EntryName(name)
    }

    fn taken(&self, path: &str) -> bool {
        self.files.contains(path) || self.folders.contains(path)
    }

    fn free(&mut self, path: &str, for_file: bool) -> String {
        let mut number = if for_file { *self.last.get(path).unwrap_or(&2) } else { 2 };
        loop {
            let candidate = format!("{path}~{number}");
            let taken = if for_file { self.taken(&candidate) } else { self.files.contains(&candidate) };
            if !taken {
                self.last.insert(path.to_owned(), number + 1);
                return candidate;
            }
            number += 1;
        }
    }
}

fn join(folder: &str, part: &str) -> String {
    if folder.is_empty() { part.to_owned() } else { format!("{folder}/{part}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(bytes: &[u8]) -> String {
        EntryName::of(&Redacted::for_test(bytes)).as_str().to_owned()
    }

    #[test]
    fn a_name_stays_below_the_top_folder() {
        assert_eq!(name(b"/var/log//gitlab/x"), "var/log/gitlab/x");
        assert_eq!(name(b"../../etc/passwd"), "%2E%2E/%2E%2E/etc/passwd");
        assert_eq!(name(b"a/./b"), "a/%2E/b");
        assert_eq!(name(b"///"), "unnamed");
    }

    #[test]
    fn what_a_terminal_or_an_archive_would_stumble_over_is_escaped() {
        assert_eq!(name(b"a\x1b[2J\nb\0\xff"), "a%1B[2J%0Ab%00%FF");
        assert_eq!(name("a\u{202e}b".as_bytes()), "a%E2%80%AEb");
        assert_eq!(name("naïve/日本".as_bytes()), "naïve/日本");
    }

    #[test]
    fn a_long_name_is_cut_and_keeps_its_suffix() {
        let long = name(format!("{}.log", "ü".repeat(400)).as_bytes());
        assert!(long.len() <= COMPONENT && long.ends_with(".log"));
        assert!(name(&b"deep/".repeat(5_000)).len() <= WHOLE);
    }

    #[test]
    fn two_entries_never_share_a_name() {
        let mut names = Names::default();
        let mut take =
            |name: &[u8]| names.take(&EntryName::of(&Redacted::for_test(name))).as_str().to_owned();
        assert_eq!(take(b"a/b"), "a/b");
        assert_eq!(take(b"a/b"), "a/b~2");
        assert_eq!(take(b"a/b"), "a/b~3");
        assert_eq!(take(b"a"), "a~2");
        assert_eq!(take(b"a/b/c"), "a/b~4/c");
        assert_eq!(take(b"a/b/d"), "a/b~4/d");
    }
}
