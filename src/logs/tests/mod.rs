//! Logs in memory, read through the window.

mod bisect;
mod find;
mod formats;
mod live;
mod schemes;
mod survey;
mod window;
mod zone;

use std::{
    collections::BTreeMap,
    io::Write as _,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::Duration,
};

use jiff::{Timestamp, tz::TimeZone};

use super::{filter::Slack, *};
use crate::host::{
    Command, Error, File, FileType, Flow, Get, Got, Host, Kind, Listed, Ran, Space, Stat, Trouble,
};

/// Files in memory, which tests change while they are read.
#[derive(Default, Clone)]
pub(super) struct Memory(Arc<Mutex<World>>);

#[derive(Default)]
struct World {
    files: BTreeMap<PathBuf, Inode>,
    links: BTreeMap<PathBuf, PathBuf>,
    denied: Vec<PathBuf>,
    failing: Option<Trouble>,
    next: u64,
    read: u64,
    /// Called after so many further reads.
    event: Option<(u64, Event)>,
}

type Event = Box<dyn FnOnce(&Memory) + Send>;

#[derive(Clone)]
struct Inode {
    id: u64,
    bytes: Arc<Mutex<Vec<u8>>>,
    mtime: Timestamp,
}

impl Memory {
    pub(super) fn new() -> Self {
        Self::default()
    }

    /// A file that was last written at `mtime`.
    pub(super) fn put(&self, path: &str, bytes: impl AsRef<[u8]>, mtime: &str) {
        let mut world = self.0.lock().unwrap();
        world.next += 1;
        let bytes = Arc::new(Mutex::new(bytes.as_ref().to_vec()));
        let inode = Inode { id: world.next, bytes, mtime: mtime.parse().unwrap() };
        world.files.insert(path.into(), inode);
    }

    pub(super) fn link(&self, path: &str, to: &str) {
        self.0.lock().unwrap().links.insert(path.into(), to.into());
    }

    pub(super) fn deny(&self, path: &str) {
        self.0.lock().unwrap().denied.push(path.into());
    }

    /// From now on every read ends with this.
    pub(super) fn fail(&self, trouble: Trouble) {
        self.0.lock().unwrap().failing = Some(trouble);
    }

    pub(super) fn rename(&self, from: &str, to: &str) {
        let mut world = self.0.lock().unwrap();
        let inode = world.files.remove(Path::new(from)).unwrap();
        world.files.insert(to.into(), inode);
    }

    pub(super) fn remove(&self, path: &str) {
        self.0.lock().unwrap().files.remove(Path::new(path)).unwrap();
    }

    /// Changes a file's bytes in place.
    pub(super) fn change(&self, path: &str, change: impl FnOnce(&mut Vec<u8>)) {
        let bytes = self.0.lock().unwrap().files[Path::new(path)].bytes.clone();
        change(&mut bytes.lock().unwrap());
    }

    /// Does something after so many reads from now on.
    pub(super) fn after(&self, reads: u64, event: impl FnOnce(&Memory) + Send + 'static) {
        self.0.lock().unwrap().event = Some((reads, Box::new(event)));
    }

    /// Bytes that were read so far.
    pub(super) fn read_bytes(&self) -> u64 {
        self.0.lock().unwrap().read
    }

    fn inode(&self, path: &Path) -> Result<Inode, Error> {
        let world = self.0.lock().unwrap();
        if world.denied.iter().any(|denied| denied == path) {
            return Err(Error::new(Trouble::Denied, "opening", path));
        }
        world.files.get(path).cloned().ok_or_else(|| Error::new(Trouble::Missing, "opening", path))
    }
}

impl Inode {
    fn stat(&self) -> Stat {
        Stat {
            file_type: FileType::File,
            len: self.bytes.lock().unwrap().len() as u64,
            mtime: self.mtime,
            uid: 0,
            gid: 0,
            mode: 0o640,
            links: 1,
            id: (1, self.id),
        }
    }
}

struct Open {
    memory: Memory,
    inode: Inode,
    stat: Stat,
}

impl File for Open {
    fn stat(&self) -> &Stat {
        &self.stat
    }

    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> Result<usize, Error> {
        let event = {
            let mut world = self.memory.0.lock().unwrap();
            match world.event.take() {
                Some((0, event)) => Some(event),
                Some((n, event)) => {
                    world.event = Some((n - 1, event));
                    None
                }
                None => None,
            }
        };
        if let Some(event) = event {
            event(&self.memory);
        }
        if let Some(trouble) = self.memory.0.lock().unwrap().failing {
            return Err(Error::new(trouble, "reading", "/"));
        }
        let bytes = self.inode.bytes.lock().unwrap();
        let rest = bytes.get(usize::try_from(offset).unwrap()..).unwrap_or_default();
        let n = rest.len().min(buf.len());
        buf[..n].copy_from_slice(&rest[..n]);
        self.memory.0.lock().unwrap().read += n as u64;
        Ok(n)
    }

    fn restat(&mut self) -> Result<Stat, Error> {
        Ok(self.inode.stat())
    }
}

impl Host for Memory {
    fn kind(&self) -> Kind {
        Kind::Sysroot
    }

    fn open(&self, path: &Path) -> Result<Box<dyn File>, Error> {
        let inode = self.inode(path)?;
        Ok(Box::new(Open { memory: self.clone(), stat: inode.stat(), inode }))
    }

    fn list(&self, path: &Path) -> Result<Vec<Listed>, Error> {
        let world = self.0.lock().unwrap();
        if world.denied.iter().any(|denied| denied == path) {
            return Err(Error::new(Trouble::Denied, "listing", path));
        }
        let mut names = BTreeMap::new();
        for file in world.files.keys() {
            if let Ok(rest) = file.strip_prefix(path) {
                let mut parts = rest.components();
                let name = parts.next().unwrap().as_os_str().to_owned();
                let file_type = if parts.next().is_some() { FileType::Folder } else { FileType::File };
                names.insert(name, file_type);
            }
        }
        if names.is_empty() {
            return Err(Error::new(Trouble::Missing, "listing", path));
        }
        Ok(names.into_iter().map(|(name, file_type)| Listed { name, file_type }).collect())
    }

    fn stat(&self, path: &Path) -> Result<Stat, Error> {
        self.inode(path).map(|inode| inode.stat())
    }

    fn read_link(&self, path: &Path) -> Result<PathBuf, Error> {
        let world = self.0.lock().unwrap();
        world.links.get(path).cloned().ok_or_else(|| Error::new(Trouble::Missing, "reading", path))
    }

    fn space(&self, path: &Path) -> Result<Space, Error> {
        Err(Error::new(Trouble::Unsupported, "looking at", path))
    }

    fn run(&self, command: &Command, _: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Ran, Error> {
        Err(Error::new(Trouble::Unsupported, "running", &command.argv[0]))
    }

    fn get(&self, request: &Get, _: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Got, Error> {
        Err(Error::new(Trouble::Unsupported, "getting", &request.path))
    }

    fn now(&self) -> Timestamp {
        Timestamp::UNIX_EPOCH
    }

    fn wait(&self, _: Duration) -> Flow {
        Flow::Stop
    }

    fn privileged(&self) -> bool {
        true
    }
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(super) fn window(since: &str, until: &str) -> Window {
    Window { since: at(since), until: at(until) }
}

pub(super) fn berlin() -> TimeZone {
    TimeZone::tzif("Europe/Berlin", include_bytes!("Europe-Berlin.tzif")).unwrap()
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// The one file of a log, as `find` finds it.
pub(super) fn only(host: &Memory, path: &str) -> LogFile {
    find(host, path).files.into_iter().find(|file| file.path == Path::new(path)).unwrap()
}

pub(super) fn drain(mut reader: Reader<'_>) -> (Vec<u8>, Taken) {
    let (mut all, mut buf) = (Vec::new(), Vec::new());
    while matches!(reader.next(&mut buf), Ok(true)) {
        assert!(buf.len() <= (256 << 10) + (1 << 20), "a piece of {} bytes", buf.len());
        all.extend_from_slice(&buf);
    }
    (all, reader.taken())
}

/// What `--max-log` is.
pub(super) fn limit(bytes: u64) -> Cap {
    Cap { bytes, by: Giver::MaxLog }
}

/// What the window takes of a file.
pub(super) fn take(host: &Memory, path: &str, window: &Window, cap: Option<u64>) -> (String, Taken) {
    let file = only(host, path);
    let (bytes, taken) = drain(Reader::open(host, &file, window, &TimeZone::UTC, cap.map(limit)).unwrap());
    (String::from_utf8(bytes).unwrap(), taken)
}

/// The same, with a slack so small that small files are searched.
pub(super) fn take_close(
    host: &Memory,
    path: &str,
    window: &Window,
    zone: &TimeZone,
    cap: Option<u64>,
) -> (Vec<u8>, Taken) {
    let file = only(host, path);
    let slack = Slack { time: SLACK_TIME, bytes: 4096 };
    drain(Reader::with_slack(host, &file, window, zone, cap.map(limit), slack).unwrap())
}

#[test]
fn a_reader_goes_to_another_thread() {
    fn send<T: Send>() {}
    send::<Reader<'_>>();
}
