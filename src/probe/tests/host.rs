//! Hosts for the tests of probes: one on paper, whose files change with each wait, and this machine
//! read directly.
#![allow(clippy::disallowed_methods)]

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use crate::host::{
    Command, Error, File, FileType, Flow, Get, Got, Host, Kind, Listed, Ran, RanEnd, Space, Stat, Trouble,
};

/// 2026-03-01T10:00:00Z.
pub(super) const START: i64 = 1_772_359_200;

/// A host on paper. A file has one content for each second, and the last one from then on.
#[derive(Default)]
pub(super) struct Paper {
    files: BTreeMap<PathBuf, Vec<Result<Vec<u8>, Trouble>>>,
    links: BTreeMap<PathBuf, PathBuf>,
    spaces: BTreeMap<PathBuf, Result<Space, Trouble>>,
    owners: BTreeMap<PathBuf, u32>,
    mtimes: BTreeMap<PathBuf, i64>,
    /// Seconds for which time goes on.
    seconds: usize,
    step: AtomicUsize,
}

impl Paper {
    pub(super) fn new() -> Self {
        Self::default()
    }

    pub(super) fn file(mut self, path: &str, text: &str) -> Self {
        self.files.insert(path.into(), vec![Ok(text.as_bytes().to_vec())]);
        self
    }

    /// One content a second.
    pub(super) fn course(mut self, path: &str, texts: &[&str]) -> Self {
        self.files.insert(path.into(), texts.iter().map(|text| Ok(text.as_bytes().to_vec())).collect());
        self
    }

    /// It has its content up to a second, then it is gone.
    pub(super) fn vanishing(mut self, path: &str, text: &str, seconds: usize) -> Self {
        let mut course = vec![Ok(text.as_bytes().to_vec()); seconds + 1];
        course.push(Err(Trouble::Missing));
        self.files.insert(path.into(), course);
        self
    }

    /// It appears after some seconds.
    pub(super) fn appearing(mut self, path: &str, text: &str, seconds: usize) -> Self {
        let mut course = vec![Err(Trouble::Missing); seconds];
        course.push(Ok(text.as_bytes().to_vec()));
        self.files.insert(path.into(), course);
        self
    }

    pub(super) fn closed(mut self, path: &str, trouble: Trouble) -> Self {
        self.files.insert(path.into(), vec![Err(trouble)]);
        self
    }

    pub(super) fn link(mut self, path: &str, target: &str) -> Self {
        self.links.insert(path.into(), target.into());
        self
    }

    pub(super) fn space(mut self, path: &str, space: Result<Space, Trouble>) -> Self {
        self.spaces.insert(path.into(), space);
        self
    }

    pub(super) fn owner(mut self, path: &str, uid: u32) -> Self {
        self.owners.insert(path.into(), uid);
        self
    }

    pub(super) fn mtime(mut self, path: &str, seconds: i64) -> Self {
        self.mtimes.insert(path.into(), seconds);
        self
    }

    /// Time goes on for that long; after that, and from the start without it, waits are stopped.
    pub(super) fn running(mut self, seconds: usize) -> Self {
        self.seconds = seconds;
        self
    }

    /// After a second all files hold something else; after two, they are as they were.
    pub(super) fn warped(mut self, warp: impl Fn(&[u8]) -> Vec<u8>) -> Self {
        for course in self.files.values_mut() {
            if let Some(Ok(first)) = course.first().cloned() {
                *course = vec![Ok(first.clone()), Ok(warp(&first)), Ok(first)];
            }
        }
        self
    }

    /// Every file is refused.
    pub(super) fn refusing(mut self, trouble: Trouble) -> Self {
        for course in self.files.values_mut() {
            *course = vec![Err(trouble)];
        }
        self
    }

    /// Time goes on at once by so many seconds.
    pub(super) fn after(self, seconds: usize) -> Self {
        self.step.store(seconds, Ordering::Relaxed);
        self
    }

    fn content(&self, path: &Path) -> Result<&[u8], Trouble> {
        let course = self.files.get(path).ok_or(Trouble::Missing)?;
        let step = self.step.load(Ordering::Relaxed).min(course.len().saturating_sub(1));
        course[step].as_deref().map_err(|trouble| *trouble)
    }

    fn is_folder(&self, path: &Path) -> bool {
        self.files
            .keys()
            .any(|file| file != path && file.starts_with(path) && self.content(file) != Err(Trouble::Missing))
            || self.links.keys().any(|link| link != path && link.starts_with(path))
    }

    fn stat_of(&self, path: &Path, file_type: FileType, len: usize) -> Stat {
        Stat {
            file_type,
            len: len as u64,
            mtime: jiff::Timestamp::from_second(self.mtimes.get(path).copied().unwrap_or(START)).unwrap(),
            uid: self.owners.get(path).copied().unwrap_or(0),
            gid: 0,
            mode: 0o644,
            links: 1,
            id: (1, 1),
        }
    }
}

impl Host for Paper {
    fn kind(&self) -> Kind {
        Kind::Sysroot
    }

    fn open(&self, path: &Path) -> Result<Box<dyn File>, Error> {
        let bytes = self.content(path).map_err(|trouble| Error::new(trouble, "opening", path))?;
        Ok(Box::new(Sheet(bytes.to_vec(), self.stat_of(path, FileType::File, 0))))
    }

    fn list(&self, path: &Path) -> Result<Vec<Listed>, Error> {
        if !self.is_folder(path) {
            return Err(Error::new(Trouble::Missing, "listing", path));
        }
        let below = |full: &PathBuf| {
            let mut rest = full.strip_prefix(path).ok()?.components();
            let name = rest.next()?.as_os_str().to_owned();
            Some((name, rest.next().is_some()))
        };
        let mut names: BTreeSet<(OsString, bool, bool)> = BTreeSet::new();
        for file in self.files.keys().filter(|file| self.content(file) != Err(Trouble::Missing)) {
            names.extend(below(file).map(|(name, folder)| (name, folder, false)));
        }
        for link in self.links.keys() {
            names.extend(below(link).map(|(name, folder)| (name, folder, !folder)));
        }
        Ok(names
            .into_iter()
            .map(|(name, folder, link)| Listed {
                name,
                file_type: if folder {
                    FileType::Folder
                } else if link {
                    FileType::Link
                } else {
                    FileType::File
                },
            })
            .collect())
    }

    fn stat(&self, path: &Path) -> Result<Stat, Error> {
        match self.content(path) {
            Ok(bytes) => Ok(self.stat_of(path, FileType::File, bytes.len())),
            Err(_) if self.is_folder(path) || self.owners.contains_key(path) => {
                Ok(self.stat_of(path, FileType::Folder, 0))
            }
            Err(trouble) => Err(Error::new(trouble, "reading", path)),
        }
    }

    fn read_link(&self, path: &Path) -> Result<PathBuf, Error> {
        self.links.get(path).cloned().ok_or_else(|| Error::new(Trouble::Missing, "reading", path))
    }

    fn space(&self, path: &Path) -> Result<Space, Error> {
        let space = self.spaces.get(path).copied().unwrap_or(Err(Trouble::Missing));
        space.map_err(|trouble| Error::new(trouble, "measuring", path))
    }

    /// A program says what stands in the file of its name.
    fn run(&self, command: &Command, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Ran, Error> {
        let program = Path::new(&command.argv[0]);
        let said = self.content(program).map_err(|trouble| Error::new(trouble, "running", program))?;
        sink(said);
        Ok(Ran { end: RanEnd::Exited(0), stderr: Vec::new(), took: Duration::ZERO })
    }

    fn get(&self, _: &Get, _: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Got, Error> {
        Err(Error::new(Trouble::Unsupported, "asking", ""))
    }

    fn now(&self) -> jiff::Timestamp {
        let step = i64::try_from(self.step.load(Ordering::Relaxed)).unwrap();
        jiff::Timestamp::from_second(START + step).unwrap()
    }

    fn wait(&self, duration: Duration) -> Flow {
        let seconds = usize::try_from(duration.as_secs()).unwrap();
        if self.step.fetch_add(seconds, Ordering::Relaxed) + seconds > self.seconds {
            self.step.fetch_sub(seconds, Ordering::Relaxed);
            return Flow::Stop;
        }
        Flow::Go
    }

    fn privileged(&self) -> bool {
        true
    }
}

struct Sheet(Vec<u8>, Stat);

impl File for Sheet {
    fn stat(&self) -> &Stat {
        &self.1
    }

    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> Result<usize, Error> {
        let rest = self.0.get(usize::try_from(offset).unwrap()..).unwrap_or_default();
        let n = rest.len().min(buf.len());
        buf[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    }

    fn restat(&mut self) -> Result<Stat, Error> {
        Ok(self.1.clone())
    }
}

/// This machine, without any of the rules: for a probe's sight of a real kernel.
pub(super) struct Direct;

impl Host for Direct {
    fn kind(&self) -> Kind {
        Kind::Live
    }

    fn open(&self, path: &Path) -> Result<Box<dyn File>, Error> {
        let bytes = std::fs::read(path).map_err(|error| Error::io(&error, "opening", path))?;
        Ok(Box::new(Sheet(bytes, self.stat(path)?)))
    }

    fn list(&self, path: &Path) -> Result<Vec<Listed>, Error> {
        let mut listed: Vec<Listed> = std::fs::read_dir(path)
            .map_err(|error| Error::io(&error, "listing", path))?
            .flatten()
            .map(|entry| Listed {
                name: entry.file_name(),
                file_type: match entry.file_type() {
                    Ok(t) if t.is_dir() => FileType::Folder,
                    Ok(t) if t.is_symlink() => FileType::Link,
                    Ok(t) if t.is_file() => FileType::File,
                    _ => FileType::Other,
                },
            })
            .collect();
        listed.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(listed)
    }

    fn stat(&self, path: &Path) -> Result<Stat, Error> {
        let meta = std::fs::metadata(path).map_err(|error| Error::io(&error, "reading", path))?;
        Ok(Stat {
            file_type: if meta.is_dir() { FileType::Folder } else { FileType::File },
            len: meta.len(),
            mtime: jiff::Timestamp::from_second(meta.mtime()).unwrap_or_default(),
            uid: meta.uid(),
            gid: meta.gid(),
            mode: meta.mode() & 0o7777,
            links: meta.nlink(),
            id: (meta.dev(), meta.ino()),
        })
    }

    fn read_link(&self, path: &Path) -> Result<PathBuf, Error> {
        std::fs::read_link(path).map_err(|error| Error::io(&error, "reading", path))
    }

    fn space(&self, path: &Path) -> Result<Space, Error> {
        let stat =
            nix::sys::statvfs::statvfs(path).map_err(|errno| Error::io(&errno.into(), "measuring", path))?;
        let unit = stat.fragment_size();
        Ok(Space {
            bytes: stat.blocks() * unit,
            bytes_free: stat.blocks_free() * unit,
            bytes_available: stat.blocks_available() * unit,
            inodes: stat.files(),
            inodes_free: stat.files_free(),
        })
    }

    fn run(&self, _: &Command, _: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Ran, Error> {
        Err(Error::new(Trouble::Unsupported, "running", ""))
    }

    fn get(&self, _: &Get, _: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Got, Error> {
        Err(Error::new(Trouble::Unsupported, "asking", ""))
    }

    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }

    fn wait(&self, _: Duration) -> Flow {
        Flow::Stop
    }

    fn privileged(&self) -> bool {
        false
    }
}
