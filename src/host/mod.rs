//! The one seam to the world: open, list, stat, run, get, now.
//!
//! Three hosts stand behind it: the live one, one below `--sysroot`, and one replayed from a bundle
//! (`read::recorded`). Whatever may never answer (a dead mount, a dying disk) is touched by worker
//! processes behind this trait, so that a caller's wait always ends. Never redacts, never writes.

pub mod gentle;
pub mod glob;
pub mod input;
pub mod installation;
pub mod listeners;
pub mod live;
pub mod locked;
pub mod log_folders;
#[cfg(test)]
pub(crate) mod memory;
pub mod never;
pub mod power;
pub mod single;
pub mod stop;
pub mod syslog;
pub mod zone;

pub use live::Live;

use std::{
    fmt,
    path::{Path, PathBuf},
    time::Duration,
};

use crate::outcome::{Ending, Outcome};

/// Which world this is; sources that make no sense there are skipped with that reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The running system.
    Live,
    /// Files below a folder; nothing runs there.
    Sysroot,
    /// A bundle, replayed.
    Recorded,
}

/// A host. All paths are absolute paths of that host, whatever stands before them on this machine.
pub trait Host: Send + Sync {
    /// Which world this is.
    fn kind(&self) -> Kind;

    /// Opens a regular file for reading, under the rules of the house for links, hard links, other
    /// users' folders and what is never taken. Never blocks on a FIFO or a dead mount.
    fn open(&self, path: &Path) -> Result<Box<dyn File>, Error>;

    /// The names in a folder, sorted by bytes, with their own (not followed) type.
    fn list(&self, path: &Path) -> Result<Vec<Listed>, Error>;

    /// The names in a folder as they come, so that a folder of millions needs no memory; `Flow::Stop`
    /// ends it early.
    fn each_name(&self, path: &Path, visit: &mut dyn FnMut(Listed) -> Flow) -> Result<(), Error> {
        for listed in self.list(path)? {
            if visit(listed) == Flow::Stop {
                break;
            }
        }
        Ok(())
    }

    /// What `open` would open; links are followed under the same rules.
    fn stat(&self, path: &Path) -> Result<Stat, Error>;

    /// Where a link points, as it is written in it.
    fn read_link(&self, path: &Path) -> Result<PathBuf, Error>;

    /// Size and use of the file system that holds `path` (statvfs).
    fn space(&self, path: &Path) -> Result<Space, Error>;

    /// Runs a command under the rules of the house; its stdout goes to `sink` as it comes.
    fn run(&self, command: &Command, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Ran, Error>;

    /// One GET over loopback or a Unix socket; the body goes to `sink`. No redirect is followed.
    fn get(&self, request: &Get, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Got, Error>;

    /// The host's time: the wall clock, or the time at which a bundle was recorded.
    fn now(&self) -> jiff::Timestamp;

    /// Waits for the next sample of a sampler, or less if the run was stopped. Where time stands
    /// still (a sysroot, a recorded bundle) it returns `Flow::Stop` at once.
    fn wait(&self, duration: Duration) -> Flow;

    /// What a replayed bundle holds under an entry's name, for sources that can't be taken again.
    fn recorded(&self, _entry: &str) -> Option<Box<dyn File>> {
        None
    }

    /// Whether this process may read other users' files (root, or a recorded host).
    fn privileged(&self) -> bool;

    /// The whole of a small file, up to `limit` bytes; a longer one is an error, so that nobody
    /// parses half a file for the whole.
    fn read(&self, path: &Path, limit: usize) -> Result<Vec<u8>, Error> {
        let mut file = self.open(path)?;
        let mut bytes = Vec::new();
        let mut piece = vec![0; limit.clamp(1, 64 << 10)];
        loop {
            let n = file.read_at(bytes.len() as u64, &mut piece)?;
            if n == 0 {
                return Ok(bytes);
            }
            bytes.extend_from_slice(&piece[..n]);
            if bytes.len() > limit {
                return Err(Error::new(Trouble::TooLarge, "reading", path));
            }
        }
    }

    /// As `read`, for learning what must never leave: what is never taken may be read too. Besides the
    /// redactor's list of known secrets, only who shows nothing that is secret of it calls it: the probe of
    /// certificates (whether a private key fits), that of settings and the folders of logs (a list of settings).
    fn read_secret(&self, path: &Path, limit: usize) -> Result<Vec<u8>, Error> {
        self.read(path, limit)
    }

    /// Whether there is something at `path` (also when it may not be read).
    fn exists(&self, path: &Path) -> bool {
        match self.stat(path) {
            Ok(_) => true,
            Err(error) => {
                !matches!(error.trouble, Trouble::Missing | Trouble::TimedOut | Trouble::Unsupported)
            }
        }
    }
}

/// An open regular file of a host.
pub trait File: Send {
    /// As it was when it was opened.
    fn stat(&self) -> &Stat;
    /// Up to `buf.len()` bytes from `offset`; 0 at the end. Less happens only there, and before a place that
    /// can't be read, of which the next read tells.
    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> Result<usize, Error>;
    /// As it is now (a log may have grown, shrunk or been replaced).
    fn restat(&mut self) -> Result<Stat, Error>;
    /// As `read_at`, and how long the file is after that: one question to the host instead of two.
    fn read_and_len(&mut self, offset: u64, buf: &mut [u8]) -> Result<(usize, u64), Error> {
        let n = self.read_at(offset, buf)?;
        Ok((n, self.restat()?.len))
    }
}

/// Whether a producer is to go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Flow {
    /// More, please.
    Go,
    /// Enough: the limit is reached, or the run was stopped.
    Stop,
}

/// A file's type, as `lstat` tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FileType {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A FIFO, socket or device.
    Other,
}

/// One name in a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// The name, without the folder; any bytes but `/` and NUL.
    pub name: std::ffi::OsString,
    /// Its own type, not what a link points to.
    pub file_type: FileType,
}

/// What glsos needs to know about a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stat {
    /// Its type.
    pub file_type: FileType,
    /// Bytes (0 for files of /proc, whatever they hold).
    pub len: u64,
    /// Modification time.
    pub mtime: jiff::Timestamp,
    /// Owner.
    pub uid: u32,
    /// Group.
    pub gid: u32,
    /// Permission bits.
    pub mode: u32,
    /// Hard links.
    pub links: u64,
    /// Device and inode: a rotated file keeps them, a replaced one does not.
    pub id: (u64, u64),
}

/// Size and use of a file system, in bytes and inodes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Space {
    /// Bytes in all.
    pub bytes: u64,
    /// Bytes free, for root too.
    pub bytes_free: u64,
    /// Bytes that users other than root can still take.
    pub bytes_available: u64,
    /// Inodes in all (0 where the file system does not count them).
    pub inodes: u64,
    /// Inodes free.
    pub inodes_free: u64,
}

/// A command to run: an argv, never a shell string.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// Program and arguments. The program is looked up in the fixed PATH unless it is absolute.
    pub argv: Vec<String>,
    /// All descendants are killed when it has run that long.
    pub timeout: Duration,
    /// At most that much stdout is taken; then it is ended.
    pub limit: u64,
}

/// How a command ended. `stderr` holds its first 8 KiB, without a line that was cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ran {
    /// The way it ended.
    pub end: RanEnd,
    /// The first bytes of its stderr, not yet redacted.
    pub stderr: Vec<u8>,
    /// How long it ran.
    pub took: Duration,
}

/// The ways in which a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RanEnd {
    /// It ended by itself, with this exit status.
    Exited(i32),
    /// A signal that was not ours ended it.
    Signalled(i32),
    /// Its time was over; it and its descendants were killed.
    TimedOut,
    /// Its time was over, and it does not even die (uninterruptible sleep): left behind.
    Abandoned,
    /// Its output reached the limit, or `sink` said stop; it was killed.
    Cut,
    /// The whole run was stopped (signal or `--timeout`); it was killed.
    Stopped,
}

/// A request to this very host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Get {
    /// Where: never a name, only a loopback address or a Unix socket.
    pub at: Address,
    /// Path and query, beginning with `/`.
    pub path: String,
    /// For connecting and for the whole answer.
    pub timeout: Duration,
    /// At most that much of the body is taken.
    pub limit: u64,
}

/// An address on this host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A loopback address and port.
    Loopback(std::net::SocketAddr),
    /// A Unix stream socket.
    Unix(PathBuf),
}

/// An answer's head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Got {
    /// HTTP status code.
    pub status: u16,
    /// Whether the whole body was taken.
    pub whole: bool,
    /// How long it took.
    pub took: Duration,
}

/// What stood in the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// No such file, folder, program, socket or listener.
    Missing,
    /// The system refused.
    Denied,
    /// It is on the list of what is never taken.
    NeverTaken,
    /// A link, a hard link or a folder that another user could have planted.
    Unsafe,
    /// A folder, FIFO, socket or device where a regular file was expected (or the reverse).
    WrongType,
    /// No answer in time: a dead mount or a dying disk.
    TimedOut,
    /// More than the caller can take.
    TooLarge,
    /// The run was stopped.
    Stopped,
    /// This kind of host can't do that (a command below a sysroot).
    Unsupported,
    /// Anything else; the message tells.
    Io,
}

/// An error of a host: what was being done, to which path, and what stood in the way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error {
    /// The kind of trouble.
    pub trouble: Trouble,
    /// Verb and object, such as `opening`.
    pub doing: &'static str,
    /// The path, program or address.
    pub path: PathBuf,
    /// More, where there is more to tell (errno's text, the link that was refused).
    pub detail: String,
}

impl Error {
    /// An error without further detail.
    pub fn new(trouble: Trouble, doing: &'static str, path: impl Into<PathBuf>) -> Self {
        Self { trouble, doing, path: path.into(), detail: String::new() }
    }

    /// The same, with detail.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// From errno.
    pub fn io(error: &std::io::Error, doing: &'static str, path: impl Into<PathBuf>) -> Self {
        use std::io::ErrorKind as E;
        let trouble = match error.kind() {
            E::NotFound | E::ConnectionRefused | E::NotADirectory => Trouble::Missing,
            E::PermissionDenied => Trouble::Denied,
            E::TimedOut | E::WouldBlock => Trouble::TimedOut,
            E::IsADirectory => Trouble::WrongType,
            _ => Trouble::Io,
        };
        Self::new(trouble, doing, path).detail(error.to_string())
    }

    /// How an entry ends that met this error before its first byte.
    pub fn ending(&self) -> Ending {
        let outcome = match self.trouble {
            Trouble::Missing
            | Trouble::NeverTaken
            | Trouble::Unsafe
            | Trouble::WrongType
            | Trouble::Unsupported => Outcome::Skipped,
            Trouble::Denied => Outcome::Denied,
            Trouble::TimedOut | Trouble::Stopped => Outcome::TimedOut,
            Trouble::TooLarge => Outcome::Truncated,
            Trouble::Io => Outcome::Failed,
        };
        Ending::new(outcome, self.reason())
    }

    /// The reason, without the path (the manifest has it beside the reason).
    pub fn reason(&self) -> String {
        let what = match self.trouble {
            Trouble::Missing => "not there",
            Trouble::Denied => "permission denied",
            Trouble::NeverTaken => "never taken",
            Trouble::Unsafe => "not followed: another user could have planted it",
            Trouble::WrongType => "not a regular file",
            Trouble::TimedOut => "no answer in time",
            Trouble::TooLarge => "too large",
            Trouble::Stopped => "the run was stopped",
            Trouble::Unsupported => "not possible on this kind of host",
            Trouble::Io => "failed",
        };
        // errno's text often says the same again.
        if self.detail.is_empty() || self.detail.eq_ignore_ascii_case(what) {
            what.to_owned()
        } else {
            format!("{what}: {}", self.detail)
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: {}", self.doing, self.path.display(), self.reason())
    }
}

impl std::error::Error for Error {}
