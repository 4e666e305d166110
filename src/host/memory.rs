//! A host in memory, for tests: files and links by path, no commands unless told. Folders are made
//! by what is below them. Follows links; all is root's unless told, and no rule of the house holds.

use std::{
    collections::BTreeMap,
    path::{Component, Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use super::{
    Command, Error, File, FileType, Flow, Get, Got, Host, Kind, Listed, Ran, RanEnd, Space, Stat, Trouble,
};

/// What stands at a path.
#[derive(Debug, Clone)]
enum Node {
    File(Vec<u8>),
    Link(PathBuf),
    Other,
    Fails(Trouble),
}

/// The host. Built with `Memory::default().file(…).link(…)`.
#[derive(Debug, Clone, Default)]
pub(crate) struct Memory {
    nodes: BTreeMap<PathBuf, Node>,
    mtimes: BTreeMap<PathBuf, i64>,
    owners: BTreeMap<PathBuf, (u32, u32)>,
    commands: Vec<(Vec<String>, Vec<u8>, i32)>,
    clock: Vec<i64>,
    asked: Arc<AtomicUsize>,
}

#[allow(dead_code)] // each module's tests use the part they need
impl Memory {
    /// A regular file.
    pub(crate) fn file(mut self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.nodes.insert(path.into(), Node::File(content.as_ref().to_vec()));
        self
    }

    /// A symbolic link.
    pub(crate) fn link(mut self, path: &str, target: &str) -> Self {
        self.nodes.insert(path.into(), Node::Link(target.into()));
        self
    }

    /// A socket, FIFO or device.
    pub(crate) fn other(mut self, path: &str) -> Self {
        self.nodes.insert(path.into(), Node::Other);
        self
    }

    /// A path whose every use fails.
    pub(crate) fn fails(mut self, path: &str, trouble: Trouble) -> Self {
        self.nodes.insert(path.into(), Node::Fails(trouble));
        self
    }

    /// A file's modification time, in seconds since 1970.
    pub(crate) fn mtime(mut self, path: &str, seconds: i64) -> Self {
        self.mtimes.insert(path.into(), seconds);
        self
    }

    /// A file's owner and mode.
    pub(crate) fn owner(mut self, path: &str, uid: u32, mode: u32) -> Self {
        self.owners.insert(path.into(), (uid, mode));
        self
    }

    /// What a command prints, and its exit status.
    pub(crate) fn command(mut self, argv: &[&str], stdout: impl AsRef<[u8]>, status: i32) -> Self {
        let argv = argv.iter().map(|arg| (*arg).to_owned()).collect();
        self.commands.push((argv, stdout.as_ref().to_vec(), status));
        self
    }

    /// What the clock shows each time that it is asked, in seconds since 1970, over and over.
    pub(crate) fn clock(mut self, seconds: &[i64]) -> Self {
        self.clock = seconds.to_vec();
        self
    }

    /// The path with all links of its folders followed (its own last part's too, if `last`).
    fn resolve(&self, path: &Path, last: bool) -> Result<PathBuf, Error> {
        let mut wanted: Vec<PathBuf> = parts(path);
        let mut resolved = PathBuf::from("/");
        let mut hops = 0;
        while let Some(part) = wanted.pop() {
            if part.as_os_str() == ".." {
                resolved.pop();
                continue;
            }
            let next = resolved.join(&part);
            match self.nodes.get(&next) {
                Some(Node::Link(target)) if last || !wanted.is_empty() => {
                    hops += 1;
                    if hops > 40 {
                        return Err(Error::new(Trouble::Io, "opening", path));
                    }
                    if target.is_absolute() {
                        resolved = PathBuf::from("/");
                    }
                    wanted.extend(parts(target));
                }
                Some(Node::Fails(trouble)) => return Err(Error::new(*trouble, "opening", path)),
                _ => resolved = next,
            }
        }
        Ok(resolved)
    }

    fn is_folder(&self, resolved: &Path) -> bool {
        self.nodes.keys().any(|path| path != resolved && path.starts_with(resolved))
    }

    fn lstat(&self, path: &Path, resolved: &Path) -> Result<Stat, Error> {
        let (file_type, len) = match self.nodes.get(resolved) {
            Some(Node::File(content)) => (FileType::File, content.len() as u64),
            Some(Node::Link(_)) => (FileType::Link, 0),
            Some(Node::Other) => (FileType::Other, 0),
            Some(Node::Fails(trouble)) => return Err(Error::new(*trouble, "stat", path)),
            None if self.is_folder(resolved) => (FileType::Folder, 0),
            None => return Err(Error::new(Trouble::Missing, "stat", path)),
        };
        let seconds = self.mtimes.get(resolved).copied().unwrap_or(0);
        let mtime = jiff::Timestamp::from_second(seconds).unwrap();
        let inode = self.nodes.keys().position(|known| known == resolved).unwrap_or(0) as u64;
        let (uid, mode) = self.owners.get(resolved).copied().unwrap_or((0, 0o644));
        Ok(Stat { file_type, len, mtime, uid, gid: 0, mode, links: 1, id: (0, inode) })
    }
}

/// The parts of a path, the first one last.
fn parts(path: &Path) -> Vec<PathBuf> {
    let keep = |part: &Component| matches!(part, Component::Normal(_) | Component::ParentDir);
    path.components().rev().filter(keep).map(|part| PathBuf::from(part.as_os_str())).collect()
}

struct Content {
    bytes: Vec<u8>,
    stat: Stat,
}

impl File for Content {
    fn stat(&self) -> &Stat {
        &self.stat
    }

    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> Result<usize, Error> {
        let rest = self.bytes.get(offset as usize..).unwrap_or_default();
        let n = rest.len().min(buf.len());
        buf[..n].copy_from_slice(&rest[..n]);
        Ok(n)
    }

    fn restat(&mut self) -> Result<Stat, Error> {
        Ok(self.stat.clone())
    }
}

impl Host for Memory {
    fn kind(&self) -> Kind {
        Kind::Live
    }

    fn open(&self, path: &Path) -> Result<Box<dyn File>, Error> {
        let resolved = self.resolve(path, true)?;
        let stat = self.lstat(path, &resolved)?;
        match self.nodes.get(&resolved) {
            Some(Node::File(bytes)) => Ok(Box::new(Content { bytes: bytes.clone(), stat })),
            _ => Err(Error::new(Trouble::WrongType, "opening", path)),
        }
    }

    fn list(&self, path: &Path) -> Result<Vec<Listed>, Error> {
        let folder = self.resolve(path, true)?;
        if self.lstat(path, &folder)?.file_type != FileType::Folder {
            return Err(Error::new(Trouble::WrongType, "listing", path));
        }
        let mut names = BTreeMap::new();
        for (known, node) in &self.nodes {
            let Ok(below) = known.strip_prefix(&folder) else { continue };
            let mut parts = below.components();
            let Some(name) = parts.next() else { continue };
            let file_type = match node {
                _ if parts.next().is_some() => FileType::Folder,
                Node::File(_) | Node::Fails(_) => FileType::File,
                Node::Link(_) => FileType::Link,
                Node::Other => FileType::Other,
            };
            names.insert(name.as_os_str().to_owned(), file_type);
        }
        Ok(names.into_iter().map(|(name, file_type)| Listed { name, file_type }).collect())
    }

    fn stat(&self, path: &Path) -> Result<Stat, Error> {
        let resolved = self.resolve(path, true)?;
        self.lstat(path, &resolved)
    }

    fn read_link(&self, path: &Path) -> Result<PathBuf, Error> {
        match self.nodes.get(&self.resolve(path, false)?) {
            Some(Node::Link(target)) => Ok(target.clone()),
            Some(_) => Err(Error::new(Trouble::WrongType, "reading the link", path)),
            None => Err(Error::new(Trouble::Missing, "reading the link", path)),
        }
    }

    fn space(&self, path: &Path) -> Result<Space, Error> {
        Err(Error::new(Trouble::Unsupported, "statvfs", path))
    }

    fn run(&self, command: &Command, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Ran, Error> {
        let program = command.argv.first().cloned().unwrap_or_default();
        let known = self.commands.iter().find(|(argv, ..)| *argv == command.argv);
        let (_, stdout, status) = known.ok_or_else(|| Error::new(Trouble::Missing, "running", program))?;
        let end = match sink(stdout) {
            Flow::Go => RanEnd::Exited(*status),
            Flow::Stop => RanEnd::Cut,
        };
        Ok(Ran { end, stderr: Vec::new(), took: Duration::ZERO })
    }

    fn get(&self, request: &Get, _sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Got, Error> {
        Err(Error::new(Trouble::Missing, "connecting", request.path.clone()))
    }

    fn now(&self) -> jiff::Timestamp {
        let asked = self.asked.fetch_add(1, Ordering::Relaxed);
        let seconds = self.clock.get(asked % self.clock.len().max(1)).copied();
        jiff::Timestamp::from_second(seconds.unwrap_or(0)).unwrap()
    }

    fn wait(&self, _duration: Duration) -> Flow {
        Flow::Stop
    }

    fn privileged(&self) -> bool {
        true
    }
}

#[test]
fn links_lead_where_they_point() {
    let host =
        Memory::default().file("/opt/sv/x/run", "a").link("/opt/service/x", "../sv/x").link("/loop", "/loop");
    assert_eq!(host.read(Path::new("/opt/service/x/run"), 10).unwrap(), b"a");
    assert_eq!(host.list(Path::new("/opt/service")).unwrap()[0].file_type, FileType::Link);
    assert!(!host.exists(Path::new("/opt/nothing")));
    assert!(host.open(Path::new("/loop")).is_err());
}
