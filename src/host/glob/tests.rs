//! Patterns, and what they find on a host in memory.
#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;

use super::*;
use crate::host::{self, Command, Get, Got, Kind, Ran, Space, Stat};

/// Paths with their types; a folder is there for each path's parents.
#[derive(Default)]
struct Paths(BTreeMap<PathBuf, FileType>, BTreeMap<PathBuf, Trouble>);

impl Paths {
    fn with(files: &[&str]) -> Self {
        let mut paths = Self::default();
        for file in files {
            let path = Path::new(file);
            for above in path.ancestors().skip(1) {
                paths.0.insert(above.to_path_buf(), FileType::Folder);
            }
            paths.0.insert(path.to_path_buf(), FileType::File);
        }
        paths
    }
}

impl Host for Paths {
    fn kind(&self) -> Kind {
        Kind::Sysroot
    }
    fn open(&self, path: &Path) -> Result<Box<dyn host::File>, Error> {
        Err(Error::new(Trouble::Unsupported, "opening", path))
    }
    fn list(&self, path: &Path) -> Result<Vec<Listed>, Error> {
        if let Some(trouble) = self.1.get(path) {
            return Err(Error::new(*trouble, "listing", path));
        }
        let inside = self.0.iter().filter(|(inner, _)| inner.parent() == Some(path));
        Ok(inside
            .map(|(inner, file_type)| Listed {
                name: inner.file_name().unwrap().into(),
                file_type: *file_type,
            })
            .collect())
    }
    fn stat(&self, path: &Path) -> Result<Stat, Error> {
        let file_type = *self.0.get(path).ok_or_else(|| Error::new(Trouble::Missing, "looking at", path))?;
        if file_type == FileType::Link {
            // Links here lead to folders, or nowhere.
            return self.stat(Path::new("/var"));
        }
        let mtime = jiff::Timestamp::UNIX_EPOCH;
        Ok(Stat { file_type, len: 0, mtime, uid: 0, gid: 0, mode: 0, links: 1, id: (0, 0) })
    }
    fn read_link(&self, path: &Path) -> Result<PathBuf, Error> {
        Err(Error::new(Trouble::Unsupported, "reading", path))
    }
    fn space(&self, path: &Path) -> Result<Space, Error> {
        Err(Error::new(Trouble::Unsupported, "reading", path))
    }
    fn run(&self, _: &Command, _: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Ran, Error> {
        Err(Error::new(Trouble::Unsupported, "running", ""))
    }
    fn get(&self, _: &Get, _: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Got, Error> {
        Err(Error::new(Trouble::Unsupported, "asking", ""))
    }
    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::UNIX_EPOCH
    }
    fn wait(&self, _: std::time::Duration) -> Flow {
        Flow::Stop
    }
    fn privileged(&self) -> bool {
        true
    }
}

fn found(host: &Paths, pattern: &str) -> Vec<String> {
    files(host, pattern, 100).files.iter().map(|path| path.display().to_string()).collect()
}

#[test]
fn patterns_match_paths() {
    let matches = |pattern: &str, path: &str| Pattern::new(pattern).matches(Path::new(path));
    assert!(matches("/a/*.log", "/a/x.log") && matches("/a/*.log", "/a/.log"));
    assert!(!matches("/a/*.log", "/a/b/x.log") && !matches("/a/*", "/a"));
    assert!(matches("/a/**", "/a/x") && matches("/a/**", "/a/b/c/x") && !matches("/a/**", "/a"));
    assert!(matches("/a/**/x", "/a/x") && matches("/a/**/x", "/a/b/c/x") && !matches("/a/**/x", "/b/x"));
    assert!(matches("/{a,b{c,d}}/x", "/bd/x") && matches("/{a,b{c,d}}/x", "/a/x"));
    assert!(!matches("/{a,b}/x", "/c/x") && matches("/{a/x", "/{a/x") && matches("/a[b]?", "/a[b]?"));
    assert!(matches("/**/a*b*c", "/q/aXbYbZc") && !matches("/**/a*b*c", "/q/aXbYbZ"));
}

#[test]
fn many_stars_do_not_take_for_ever() {
    let pattern = Pattern::new(&format!("/{}", "*a".repeat(200)));
    assert!(!pattern.matches(Path::new(&format!("/{}b", "a".repeat(4000)))));
    let deep = Pattern::new(&format!("/{}x", "**/a/".repeat(50)));
    assert!(!deep.matches(Path::new(&"/a".repeat(2000))));
}

#[test]
fn files_are_found_sorted_and_once() {
    let host =
        Paths::with(&["/var/log/b.log", "/var/log/a/c.log", "/var/log/a.log", "/var/log/.x", "/etc/h"]);
    assert_eq!(found(&host, "/var/log/*.log"), ["/var/log/a.log", "/var/log/b.log"]);
    assert_eq!(
        found(&host, "/var/log/**"),
        ["/var/log/.x", "/var/log/a/c.log", "/var/log/a.log", "/var/log/b.log"]
    );
    assert_eq!(found(&host, "/var/{log,log}/{a,*}.log"), ["/var/log/a.log", "/var/log/b.log"]);
    assert_eq!(found(&host, "/**/c.log"), ["/var/log/a/c.log"]);
    assert_eq!(found(&host, "/*/*/*/c.log"), ["/var/log/a/c.log"]);
    assert_eq!(found(&host, "/etc/h"), ["/etc/h"]);
    assert_eq!(found(&host, "/etc/none"), [""; 0]);
    assert_eq!(found(&host, "/etc"), [""; 0]);
    assert_eq!(found(&host, "/{var,var/log/**}/{log/a.log,b.log}"), ["/var/log/a.log", "/var/log/b.log"]);
}

#[test]
fn the_kernels_trees_are_entered_only_by_name() {
    let host = Paths::with(&["/proc/1/status", "/sys/x", "/home/x"]);
    assert_eq!(found(&host, "/**"), ["/home/x"]);
    assert_eq!(found(&host, "/*/x"), ["/home/x"]);
    assert_eq!(found(&host, "/proc/*/status"), ["/proc/1/status"]);
    assert_eq!(found(&host, "/proc/**"), ["/proc/1/status"]);
}

#[test]
fn a_link_to_a_folder_is_entered_by_name_or_star_but_not_by_two() {
    let mut host = Paths::with(&["/var/log/a/x", "/var/log/b/x"]);
    host.0.insert("/var/log/b".into(), FileType::Link);
    assert_eq!(found(&host, "/var/log/**/x"), ["/var/log/a/x"]);
    assert_eq!(found(&host, "/var/log/*/x"), ["/var/log/a/x", "/var/log/b/x"]);
}

#[test]
fn more_than_asked_for_is_told() {
    let names: Vec<String> = (0..50).map(|n| format!("/d/{n:02}")).collect();
    let host = Paths::with(&names.iter().map(String::as_str).collect::<Vec<_>>());
    let some = files(&host, "/d/*", 10);
    assert_eq!((some.files.len(), some.cut), (10, true));
    assert_eq!(some.files.last().unwrap(), Path::new("/d/09"));
    assert!(!files(&host, "/d/*", 50).cut);
}

#[test]
fn closed_folders_are_told_and_files_that_can_not_be_looked_at_stay() {
    let mut host = Paths::with(&["/a/x", "/b/x"]);
    host.1.insert("/a".into(), Trouble::Denied);
    let all = files(&host, "/*/*", 10);
    assert_eq!(all.files, [Path::new("/b/x")]);
    assert_eq!(all.closed.len(), 1);
}
