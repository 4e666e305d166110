//! The file that a bundle grows in: `NAME.partial`, 0600, with room kept for the manifest; it gets
//! its name when it is whole, and is gone if it never is. The only place that writes to a disk.

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    io,
    os::{
        fd::{AsFd, OwnedFd},
        unix::fs::FileExt,
    },
    path::{Path, PathBuf},
};

use nix::{
    errno::Errno,
    fcntl::{AtFlags, FallocateFlags, OFlag, RenameFlags, fallocate, open, openat, renameat2},
    sys::{
        signal::{SigSet, Signal},
        stat::{Mode, fstat, fstatat},
    },
    unistd::{UnlinkatFlags, linkat, unlinkat},
};

use crate::error::{Error, Result};

/// How far ahead of the data blocks are taken.
const AHEAD: u64 = 4 << 20;

/// Where a bundle goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A file of this name, which must not exist.
    File(PathBuf),
    /// An unlinked file in this folder, for a bundle that goes to stdout.
    Spool(PathBuf),
}

/// Why bytes could not be written.
#[derive(Debug)]
pub(super) enum Trouble {
    /// No room on the disk, in the quota or below the file size limit.
    Full,
    /// Anything else.
    Io(io::Error),
}

impl From<Errno> for Trouble {
    fn from(errno: Errno) -> Self {
        match errno {
            Errno::ENOSPC | Errno::EDQUOT | Errno::EFBIG => Self::Full,
            other => Self::Io(other.into()),
        }
    }
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        match error.raw_os_error().map(Errno::from_raw) {
            Some(errno) => errno.into(),
            None => Self::Io(error),
        }
    }
}

/// The growing file.
#[derive(Debug)]
pub(super) struct Output {
    file: File,
    name: Option<Named>,
    /// What was asked for, for messages.
    path: PathBuf,
    position: u64,
    /// Blocks below this offset are ours.
    allocated: u64,
    /// Bytes behind `position` that only the manifest and the trailer may use.
    reserve: u64,
    /// Whether the file system can take blocks ahead of the data.
    preallocates: bool,
}

#[derive(Debug)]
struct Named {
    folder: OwnedFd,
    partial: OsString,
    name: OsString,
}

impl Output {
    pub(super) fn create(target: &Target) -> Result<Self> {
        block_sigxfsz();
        let (path, file, name) = match target {
            Target::File(path) => {
                let (file, name) = create_partial(path)?;
                (path, file, Some(name))
            }
            Target::Spool(folder) => (folder, create_spool(folder)?, None),
        };
        let path = path.clone();
        Ok(Self { file, name, path, position: 0, allocated: 0, reserve: 0, preallocates: true })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// Keeps this much room for the end of the bundle.
    pub(super) fn keep(&mut self, reserve: u64) -> Result<(), Trouble> {
        self.reserve = reserve;
        self.allocate(0)
    }

    /// From now on the room that was kept may be used.
    pub(super) fn release(&mut self) {
        self.reserve = 0;
        self.preallocates = false;
    }

    /// Appends.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Trouble> {
        self.allocate(bytes.len() as u64)?;
        self.file.write_all_at(bytes, self.position)?;
        self.position += bytes.len() as u64;
        Ok(())
    }

    /// Replaces bytes that stand there already.
    pub(super) fn patch(&self, bytes: &[u8], at: u64) -> Result<(), Trouble> {
        Ok(self.file.write_all_at(bytes, at)?)
    }

    /// Goes back; what stood behind is gone from the disk (it may have held a secret).
    pub(super) fn erase_to(&mut self, position: u64) -> Result<(), Trouble> {
        self.file.set_len(position)?;
        self.position = position;
        self.allocated = position;
        self.allocate(0)
    }

    /// Goes back and keeps the blocks, which the end of the bundle may need.
    pub(super) fn back_to(&mut self, position: u64) {
        self.position = position;
    }

    /// The bundle is whole: cuts what was kept, and waits until the disk has it.
    pub(super) fn settle(&mut self) -> Result<(), Trouble> {
        self.file.set_len(self.position)?;
        self.file.sync_all()?;
        Ok(())
    }

    /// Another handle of the file, for reading.
    pub(super) fn reader(&self) -> io::Result<File> {
        self.file.try_clone()
    }

    /// Gives it its name, never another file's. Whoever may write to the folder could have put a file of
    /// theirs in its place: what has the name in the end is this very file, or that is an error.
    pub(super) fn publish(&mut self) -> Result<Option<PathBuf>> {
        let Some(named) = &self.name else { return Ok(None) };
        let (partial, name) = (named.partial.as_os_str(), named.name.as_os_str());
        self.is_ours(named, partial)?;
        let renamed =
            match renameat2(&named.folder, partial, &named.folder, name, RenameFlags::RENAME_NOREPLACE) {
                // Kernels before 3.15 and some network file systems don't know the flag.
                Err(Errno::EINVAL | Errno::ENOSYS | Errno::EOPNOTSUPP) => {
                    linkat(&named.folder, partial, &named.folder, name, AtFlags::empty())
                        .and_then(|()| unlinkat(&named.folder, partial, UnlinkatFlags::NoRemoveDir))
                }
                other => other,
            };
        renamed.map_err(|errno| {
            let error = Error::host(format!("naming the bundle {}: {}", self.path.display(), errno.desc()));
            match errno {
                Errno::EEXIST => error.hint("glsos overwrites nothing: name another file with -o"),
                _ => error,
            }
        })?;
        self.is_ours(named, name)?;
        let folder = self.name.take().map(|named| named.folder);
        // The name is on its way to the disk in any case; a folder that can't be synced is no reason to lose the bundle.
        if let Some(folder) =
            folder.and_then(|f| openat(&f, ".", OFlag::O_RDONLY | OFlag::O_CLOEXEC, Mode::empty()).ok())
        {
            let _ = nix::unistd::fsync(folder);
        }
        Ok(Some(self.path.clone()))
    }

    fn is_ours(&self, named: &Named, name: &OsStr) -> Result<()> {
        let own = fstat(&self.file).map(|stat| (stat.st_dev, stat.st_ino));
        let there = fstatat(&named.folder, name, AtFlags::AT_SYMLINK_NOFOLLOW);
        if there.map(|stat| (stat.st_dev, stat.st_ino)) == own && own.is_ok() {
            return Ok(());
        }
        let path = self.path.with_file_name(name);
        Err(Error::host(format!("naming the bundle: somebody else replaced or removed {}", path.display()))
            .hint("name a folder with -o in which only you may write"))
    }

    /// Takes blocks for `more` bytes and what is kept behind them.
    fn allocate(&mut self, more: u64) -> Result<(), Trouble> {
        let needed = self.position + more + self.reserve;
        if needed <= self.allocated || !self.preallocates {
            return Ok(());
        }
        for goal in [needed + AHEAD, needed] {
            let (from, bytes) = (self.allocated as i64, (goal - self.allocated) as i64);
            match fallocate(&self.file, FallocateFlags::FALLOC_FL_KEEP_SIZE, from, bytes) {
                Ok(()) => {
                    self.allocated = goal;
                    return Ok(());
                }
                Err(Errno::ENOSPC | Errno::EDQUOT | Errno::EFBIG) => {}
                // No such call here (NFS before 4.2, FUSE): the blocks of the last entry, which is
                // rolled back on a full disk, must do.
                Err(_) => {
                    self.preallocates = false;
                    return Ok(());
                }
            }
        }
        Err(Trouble::Full)
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Some(named) = self.name.as_ref().filter(|named| self.is_ours(named, &named.partial).is_ok()) {
            let _ = unlinkat(&named.folder, named.partial.as_os_str(), UnlinkatFlags::NoRemoveDir);
        }
    }
}

/// Past RLIMIT_FSIZE the kernel sends SIGXFSZ to the writing thread, which would end the process:
/// blocked, the write fails with EFBIG and is handled as a full disk.
pub(super) fn block_sigxfsz() {
    let mut set = SigSet::empty();
    set.add(Signal::SIGXFSZ);
    let _ = set.thread_block();
}

fn create_partial(path: &Path) -> Result<(File, Named)> {
    let name = path
        .file_name()
        .ok_or_else(|| Error::usage(format!("{} is no name for a bundle", path.display())))?
        .to_owned();
    let parent = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let trouble = |doing: &str, at: &Path, errno: Errno| {
        Error::host(format!("{doing} {}: {}", at.display(), errno.desc()))
    };
    let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    let folder = open(parent, flags, Mode::empty()).map_err(|errno| {
        trouble("opening the folder", parent, errno).hint("name an existing folder with -o")
    })?;
    if fstatat(&folder, name.as_os_str(), AtFlags::AT_SYMLINK_NOFOLLOW).is_ok() {
        return Err(trouble("creating the bundle", path, Errno::EEXIST)
            .hint("glsos overwrites nothing: name another file with -o, or move this one away"));
    }
    let mut partial = name.clone();
    partial.push(".partial");
    let flags = OFlag::O_RDWR
        | OFlag::O_CREAT
        | OFlag::O_EXCL
        | OFlag::O_NOFOLLOW
        | OFlag::O_CLOEXEC
        | OFlag::O_LARGEFILE;
    let file = openat(folder.as_fd(), partial.as_os_str(), flags, Mode::S_IRUSR | Mode::S_IWUSR).map_err(
        |errno| match errno {
            Errno::EEXIST => trouble("creating", &parent.join(&partial), errno)
                .hint("a run that was killed left it: `glsos unpack` recovers what is there; then remove it"),
            _ => trouble("creating", &parent.join(&partial), errno)
                .hint("name a folder that you may write to with -o"),
        },
    )?;
    Ok((File::from(file), Named { folder, partial, name }))
}

fn create_spool(folder: &Path) -> Result<File> {
    let mode = Mode::S_IRUSR | Mode::S_IWUSR;
    if let Ok(fd) = open(folder, OFlag::O_TMPFILE | OFlag::O_RDWR | OFlag::O_CLOEXEC, mode) {
        return Ok(File::from(fd));
    }
    // Not every file system has unnamed files: a name for the shortest possible time.
    let (file, named) = create_partial(&folder.join(format!(".glsos-spool.{}", std::process::id())))?;
    unlinkat(&named.folder, named.partial.as_os_str(), UnlinkatFlags::NoRemoveDir).map_err(|errno| {
        Error::host(format!("unlinking the spool in {}: {}", folder.display(), errno.desc()))
    })?;
    Ok(file)
}
