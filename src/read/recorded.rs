//! A bundle as a host: what was taken from the host can be taken from the bundle again, so that
//! every bundle is a test fixture. What was not recorded is not there; nothing runs.

use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsString,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use super::{Bundle, Reader};
use crate::{
    catalog::PART_LINE,
    host::{
        self, Address, Command, Error, FileType, Flow, Get, Got, Host, Kind, Listed, Ran, RanEnd, Space,
        Stat, Trouble,
    },
    outcome::Outcome,
    pack::manifest::{Asked, Entry},
};

/// A bundle, replayed.
#[derive(Debug)]
pub struct Recorded {
    bundle: Arc<Bundle>,
    /// Recorded files by their path on the host; the number is the entry's.
    files: BTreeMap<PathBuf, usize>,
    folders: BTreeSet<PathBuf>,
}

impl Recorded {
    /// The host that a bundle was made of.
    pub fn new(bundle: Bundle) -> Self {
        let mut files = BTreeMap::new();
        let mut folders = BTreeSet::from([PathBuf::from("/")]);
        for (index, entry) in bundle.manifest().entries.iter().enumerate() {
            let Asked::Path(path) = &entry.asked else { continue };
            let path = PathBuf::from(path.as_str());
            if path.is_absolute() && entry.outcome != Outcome::Skipped {
                folders.extend(path.ancestors().skip(1).map(Path::to_path_buf));
                files.insert(path, index);
            }
        }
        Self { bundle: Arc::new(bundle), files, folders }
    }

    fn entry(&self, index: usize) -> &Entry {
        &self.bundle.manifest().entries[index]
    }

    fn find(&self, asked: impl Fn(&Asked) -> bool) -> Option<&Entry> {
        self.bundle.manifest().entries.iter().find(|entry| asked(&entry.asked))
    }

    fn stat_of(&self, entry: &Entry, index: usize) -> Stat {
        Stat {
            file_type: FileType::File,
            len: entry.bytes,
            mtime: entry.mtime.unwrap_or_default(),
            uid: 0,
            gid: 0,
            mode: 0o600,
            links: 1,
            id: (0, index as u64 + 1),
        }
    }

    /// Replays an entry's bytes; the error is what stood in its way when it was recorded.
    fn replay(&self, entry: &Entry, what: &Path, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Flow, Error> {
        let mut reader = self.open_entry(entry, what)?;
        let mut piece = vec![0; 64 << 10];
        let mut at = 0;
        loop {
            let n = reader.read_at(at, &mut piece).map_err(|error| Error::io(&error, "replaying", what))?;
            if n == 0 {
                return Ok(Flow::Go);
            }
            at += n as u64;
            if sink(&piece[..n]) == Flow::Stop {
                return Ok(Flow::Stop);
            }
        }
    }

    /// The parts of a command's output that have entries of their own: how it ended stands only with the first.
    fn parts<'e>(&'e self, command: &'e Entry, same: impl Fn(&Asked) -> bool) -> Vec<&'e Entry> {
        let is_part = |entry: &&Entry| {
            entry.collector == command.collector
                && entry.source != command.source
                && entry.exit.is_none()
                && entry.seconds.is_none()
                && entry.present
                && same(&entry.asked)
        };
        self.bundle.manifest().entries.iter().filter(is_part).collect()
    }

    /// Replays them behind the lines that begin them.
    fn replay_parts(
        &self,
        command: &Entry,
        parts: Vec<&Entry>,
        sink: &mut dyn FnMut(&[u8]) -> Flow,
    ) -> Result<Flow, Error> {
        let mut before = command;
        for part in parts {
            let gap = if self.ends_a_line(before) { "" } else { "\n" };
            let line = format!("{gap}{}{}{}\n", PART_LINE.0, part.source.as_str(), PART_LINE.1);
            if sink(line.as_bytes()) == Flow::Stop
                || self.replay(part, Path::new("part"), sink)? == Flow::Stop
            {
                return Ok(Flow::Stop);
            }
            before = part;
        }
        Ok(Flow::Go)
    }

    fn ends_a_line(&self, entry: &Entry) -> bool {
        let mut last = [b'\n'];
        let at = entry.bytes.saturating_sub(1);
        let read = self.open_entry(entry, Path::new("part")).map(|mut reader| reader.read_at(at, &mut last));
        read.is_err() || last == *b"\n"
    }

    fn open_entry(&self, entry: &Entry, what: &Path) -> Result<Reader, Error> {
        match self.bundle.reader(entry) {
            Ok(Some(reader)) => Ok(reader),
            Ok(None) => Err(as_it_was(entry, what)),
            Err(error) => Err(Error::io(&error, "opening", what)),
        }
    }
}

/// What stood in an entry's way on the host.
fn as_it_was(entry: &Entry, what: &Path) -> Error {
    let trouble = match entry.outcome {
        Outcome::Skipped => Trouble::Missing,
        Outcome::Denied | Outcome::Withheld => Trouble::Denied,
        Outcome::TimedOut => Trouble::TimedOut,
        Outcome::Complete | Outcome::Truncated | Outcome::Failed => Trouble::Io,
    };
    Error::new(trouble, "replaying", what).detail(entry.reason.as_str())
}

impl Host for Recorded {
    fn kind(&self) -> Kind {
        Kind::Recorded
    }

    fn open(&self, path: &Path) -> Result<Box<dyn host::File>, Error> {
        let Some(index) = self.files.get(path) else {
            let trouble = if self.folders.contains(path) { Trouble::WrongType } else { Trouble::Missing };
            return Err(Error::new(trouble, "opening", path));
        };
        let entry = self.entry(*index);
        let reader = self.open_entry(entry, path)?;
        Ok(Box::new(RecordedFile { path: path.to_path_buf(), stat: self.stat_of(entry, *index), reader }))
    }

    fn list(&self, path: &Path) -> Result<Vec<Listed>, Error> {
        if !self.folders.contains(path) {
            return Err(Error::new(Trouble::Missing, "listing", path));
        }
        let name = |child: &Path| child.file_name().map(OsString::from);
        let folders = self
            .folders
            .iter()
            .filter(|child| child.parent() == Some(path))
            .filter_map(|child| Some(Listed { name: name(child)?, file_type: FileType::Folder }));
        let files = self
            .files
            .keys()
            .filter(|child| child.parent() == Some(path))
            .filter_map(|child| Some(Listed { name: name(child)?, file_type: FileType::File }));
        let mut all: Vec<Listed> = folders.chain(files).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(all)
    }

    fn stat(&self, path: &Path) -> Result<Stat, Error> {
        if let Some(index) = self.files.get(path) {
            return Ok(self.stat_of(self.entry(*index), *index));
        }
        if !self.folders.contains(path) {
            return Err(Error::new(Trouble::Missing, "looking at", path));
        }
        Ok(Stat {
            file_type: FileType::Folder,
            len: 0,
            mtime: self.now(),
            uid: 0,
            gid: 0,
            mode: 0o700,
            links: 1,
            id: (0, 0),
        })
    }

    fn read_link(&self, path: &Path) -> Result<PathBuf, Error> {
        Err(Error::new(Trouble::Missing, "reading the link", path))
    }

    fn space(&self, path: &Path) -> Result<Space, Error> {
        Err(Error::new(Trouble::Unsupported, "asking for the space of", path))
    }

    fn run(&self, command: &Command, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Ran, Error> {
        let program = PathBuf::from(command.argv.first().map_or("", String::as_str));
        let same = |asked: &Asked| match asked {
            Asked::Argv(argv) => argv.iter().map(|a| a.as_str()).eq(command.argv.iter().map(String::as_str)),
            _ => false,
        };
        let entry = self.find(same).ok_or_else(|| Error::new(Trouble::Missing, "running", &program))?;
        let flow = match self.replay(entry, &program, sink) {
            // It ran, and said nothing.
            Err(_) if entry.exit.is_some() => Flow::Go,
            other => other?,
        };
        let flow = match flow {
            Flow::Go => self.replay_parts(entry, self.parts(entry, same), sink)?,
            Flow::Stop => flow,
        };
        let end = match (flow, entry.outcome, entry.exit, entry.signal) {
            (Flow::Stop, ..) => RanEnd::Cut,
            (_, Outcome::TimedOut, ..) => RanEnd::TimedOut,
            (_, Outcome::Truncated, ..) => RanEnd::Cut,
            (_, _, _, Some(signal)) => RanEnd::Signalled(signal),
            (_, _, exit, None) => RanEnd::Exited(exit.unwrap_or(0)),
        };
        let stderr = entry.stderr.as_ref().map_or_else(Vec::new, |text| text.as_str().as_bytes().to_vec());
        Ok(Ran { end, stderr, took: seconds(entry) })
    }

    fn get(&self, request: &Get, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Got, Error> {
        let place = match &request.at {
            Address::Loopback(address) => address.to_string(),
            Address::Unix(path) => format!("unix:{}", path.display()),
        };
        let same = |asked: &Asked| matches!(asked, Asked::Get { at, path } if at.as_str() == place && path.as_str() == request.path);
        let missing = || Error::new(Trouble::Missing, "asking", &place);
        let entry = self.find(same).ok_or_else(missing)?;
        let status = entry.status.ok_or_else(|| as_it_was(entry, Path::new(&place)))?;
        let flow = self.replay(entry, Path::new(&place), sink)?;
        let whole = flow == Flow::Go && entry.outcome == Outcome::Complete;
        Ok(Got { status, whole, took: seconds(entry) })
    }

    fn now(&self) -> jiff::Timestamp {
        self.bundle.manifest().run.started
    }

    fn wait(&self, _duration: Duration) -> Flow {
        Flow::Stop
    }

    fn recorded(&self, entry: &str) -> Option<Box<dyn host::File>> {
        let index = self.bundle.manifest().entries.iter().position(|e| e.name.as_str() == entry)?;
        let found = self.entry(index);
        let reader = self.bundle.reader(found).ok()??;
        Some(Box::new(RecordedFile { path: PathBuf::from(entry), stat: self.stat_of(found, index), reader }))
    }

    fn privileged(&self) -> bool {
        true
    }
}

fn seconds(entry: &Entry) -> Duration {
    Duration::try_from_secs_f64(entry.seconds.unwrap_or(0.0)).unwrap_or_default()
}

struct RecordedFile {
    path: PathBuf,
    stat: Stat,
    reader: Reader,
}

impl host::File for RecordedFile {
    fn stat(&self) -> &Stat {
        &self.stat
    }

    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> Result<usize, Error> {
        self.reader.read_at(offset, buf).map_err(|error| Error::io(&error, "replaying", &self.path))
    }

    fn restat(&mut self) -> Result<Stat, Error> {
        Ok(self.stat.clone())
    }
}
