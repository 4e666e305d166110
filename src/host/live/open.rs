//! Safe opening: from a path to a file, as root in folders that belong to others.
//!
//! A link is followed only where it and its folder belong to root (or to the user who runs this, or
//! to the owner of a `--sysroot`), nobody else may write to that folder, and the same holds for each
//! folder above it. Below the first folder of which it does not hold, no link is followed and no
//! file with a second name is opened. A folder that its group may write to is such a folder,
//! whatever the group: an access list hides behind the same bit. Everything is resolved below the
//! root, `..` and absolute links too. Runs in file workers only: each step may hang.

use std::{
    cell::Cell,
    collections::VecDeque,
    ffi::{CString, OsString},
    os::{fd::OwnedFd, unix::ffi::OsStrExt},
    path::{Component, Path, PathBuf},
};

use nix::{
    errno::Errno,
    fcntl::{AtFlags, OFlag, OpenHow, ResolveFlag, openat, openat2, readlinkat},
    sys::stat::{FileStat, Mode, SFlag, fstat, fstatat},
};

use crate::host::Trouble;

/// As the kernel counts.
const MOST_LINKS: usize = 40;

/// Folders below each other; each costs a descriptor while a path is walked.
const DEEPEST: usize = 200;

/// Why a path was not opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refused {
    pub(super) trouble: Trouble,
    pub(super) detail: String,
}

impl Refused {
    pub(super) fn new(trouble: Trouble, detail: impl Into<String>) -> Self {
        Self { trouble, detail: detail.into() }
    }
}

impl From<Errno> for Refused {
    fn from(errno: Errno) -> Self {
        let trouble = match errno {
            Errno::ENOENT | Errno::ENOTDIR | Errno::ESRCH | Errno::ENXIO | Errno::ECONNREFUSED => {
                Trouble::Missing
            }
            Errno::EACCES | Errno::EPERM => Trouble::Denied,
            Errno::ETIMEDOUT | Errno::EAGAIN => Trouble::TimedOut,
            Errno::EISDIR => Trouble::WrongType,
            Errno::ENAMETOOLONG => Trouble::Missing,
            _ => Trouble::Io,
        };
        Self::new(trouble, if trouble == Trouble::Missing { "" } else { errno.desc() })
    }
}

/// A name in a folder that was reached by the rules, and what it is there.
#[derive(Debug)]
pub(super) struct Found {
    folder: OwnedFd,
    name: CString,
    /// Of the name itself: never a link, unless links were asked for.
    pub(super) stat: FileStat,
    /// Whether nobody else could have planted anything on the way.
    safe: bool,
    /// The path of the host that was reached, links resolved.
    pub(super) real: PathBuf,
}

/// Opens paths below a root.
#[derive(Debug)]
pub(super) struct Opener {
    root: OwnedFd,
    root_safe: bool,
    trusted: Vec<u32>,
    /// Whether `openat2` is there (Linux 5.6) and wanted.
    fast: Cell<bool>,
    /// Mount points that did not answer, and are left alone.
    pub(super) avoid: Vec<PathBuf>,
}

/// Told of each path before it is touched, so that whoever waits knows where it hangs.
pub(super) type Watch<'w> = &'w dyn Fn(&Path);

impl Opener {
    /// Paths below `root`. Its owner counts as root where it is a `--sysroot`.
    pub(super) fn new(root: &Path, sysroot: bool) -> Result<Self, Refused> {
        let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let root = nix::fcntl::open(root, flags, Mode::empty())?;
        let stat = fstat(&root)?;
        let mut trusted = vec![0, nix::unistd::geteuid().as_raw()];
        if sysroot {
            trusted.push(stat.st_uid);
        }
        let mut opener = Self { root, root_safe: true, trusted, fast: Cell::new(true), avoid: Vec::new() };
        opener.root_safe = opener.keeps_others_out(&stat);
        Ok(opener)
    }

    /// Walks folder by folder, as on old kernels.
    #[cfg(test)]
    pub(super) fn without_openat2(self) -> Self {
        self.fast.set(false);
        self
    }

    /// Where `path` leads.
    pub(super) fn find(&self, path: &Path, watch: Watch<'_>) -> Result<Found, Refused> {
        if !path.is_absolute() {
            return Err(Refused::new(Trouble::Missing, "not an absolute path"));
        }
        if self.fast.get()
            && let Some(found) = self.find_fast(path, watch)?
        {
            return Ok(found);
        }
        self.walk(path, true, watch)
    }

    /// The same, but a link at the end is what was asked for.
    pub(super) fn find_link(&self, path: &Path, watch: Watch<'_>) -> Result<Found, Refused> {
        self.walk(path, false, watch)
    }

    /// One system call for the folder where no link is on the way; `None` where the rules need a look
    /// at each folder.
    fn find_fast(&self, path: &Path, watch: Watch<'_>) -> Result<Option<Found>, Refused> {
        let mut parts = path.components();
        let plain = parts.clone().skip(1).all(|part| matches!(part, Component::Normal(_)));
        let (true, Some(Component::Normal(name))) = (plain, parts.next_back()) else { return Ok(None) };
        self.before(path, watch)?;
        let folder = parts.as_path().strip_prefix("/").unwrap_or(Path::new(""));
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let how = OpenHow::new().flags(OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC).resolve(
            ResolveFlag::RESOLVE_IN_ROOT
                | ResolveFlag::RESOLVE_NO_SYMLINKS
                | ResolveFlag::RESOLVE_NO_MAGICLINKS,
        );
        let folder = match openat2(&self.root, folder, how) {
            Ok(folder) => folder,
            Err(Errno::ENOENT) => return Err(Errno::ENOENT.into()),
            Err(Errno::ENOSYS | Errno::EINVAL | Errno::E2BIG) => {
                self.fast.set(false);
                return Ok(None);
            }
            Err(_) => return Ok(None),
        };
        let name = c_string(name.as_bytes())?;
        let stat = fstatat(&folder, name.as_c_str(), AtFlags::AT_SYMLINK_NOFOLLOW)?;
        if is_link(&stat) || (is_file(&stat) && stat.st_nlink > 1) {
            return Ok(None);
        }
        Ok(Some(Found { folder, name, stat, safe: false, real: path.to_path_buf() }))
    }

    fn walk(&self, path: &Path, follow_last: bool, watch: Watch<'_>) -> Result<Found, Refused> {
        let mut steps = Steps::new(self)?;
        steps.prepend(path);
        while let Some(name) = steps.todo.pop_front() {
            if name == ".." {
                steps.up();
                continue;
            }
            let real = steps.real.join(&name);
            self.before(&real, watch)?;
            let name = c_string(name.as_bytes())?;
            let stat = fstatat(steps.top(), name.as_c_str(), AtFlags::AT_SYMLINK_NOFOLLOW)?;
            let last = steps.todo.is_empty();
            if is_link(&stat) && (follow_last || !last) {
                let target = self.link(&steps, &name, &real)?;
                steps.follow(&target)?;
            } else if last {
                let safe = steps.safe;
                return Ok(Found { folder: steps.take_top()?, name, stat, safe, real });
            } else {
                let flags = OFlag::O_PATH | OFlag::O_NOFOLLOW | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
                let folder = openat(steps.top(), name.as_c_str(), flags, Mode::empty())?;
                let safe = steps.safe && self.keeps_others_out(&fstat(&folder)?);
                steps.down(folder, safe, real)?;
            }
        }
        // The root, or a path that ends with `..`.
        self.before(&steps.real, watch)?;
        let stat = fstatat(steps.top(), c".", AtFlags::AT_SYMLINK_NOFOLLOW)?;
        let (safe, real) = (steps.safe, steps.real.clone());
        Ok(Found { folder: steps.take_top()?, name: c".".into(), stat, safe, real })
    }

    /// The target of a link that may be followed.
    fn link(&self, steps: &Steps<'_>, name: &CString, real: &Path) -> Result<OsString, Refused> {
        let refused = |why: &str| Refused::new(Trouble::Unsafe, format!("the link {} {why}", real.display()));
        if !steps.safe {
            return Err(refused("lies where others may write"));
        }
        let flags = OFlag::O_PATH | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let link = openat(steps.top(), name.as_c_str(), flags, Mode::empty())?;
        let stat = fstat(&link)?;
        if !is_link(&stat) {
            return Err(refused("was replaced just now"));
        }
        if !self.trusted.contains(&stat.st_uid) {
            return Err(refused("belongs to another user"));
        }
        Ok(readlinkat(&link, c"")?)
    }

    fn keeps_others_out(&self, stat: &FileStat) -> bool {
        self.trusted.contains(&stat.st_uid) && stat.st_mode & 0o022 == 0
    }

    /// Refuses what is left alone, and tells where the next step goes.
    fn before(&self, real: &Path, watch: Watch<'_>) -> Result<(), Refused> {
        if let Some(dead) = self.avoid.iter().find(|dead| real.starts_with(dead)) {
            return Err(Refused::new(Trouble::TimedOut, format!("{} did not answer before", dead.display())));
        }
        watch(real);
        Ok(())
    }

    /// Opens a regular file for reading; nothing else is touched.
    pub(super) fn open(&self, found: &Found) -> Result<(OwnedFd, FileStat), Refused> {
        found.check(&found.stat)?;
        let flags =
            OFlag::O_RDONLY | OFlag::O_NONBLOCK | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC | OFlag::O_NOCTTY;
        let name = found.name.as_c_str();
        let fd = match openat(&found.folder, name, flags | OFlag::O_NOATIME, Mode::empty()) {
            // Another user's file: only its owner may ask for that.
            Err(Errno::EPERM) => openat(&found.folder, name, flags, Mode::empty()),
            opened => opened,
        };
        let fd = match fd {
            Err(Errno::ELOOP) => {
                return Err(Refused::new(Trouble::Unsafe, "it was replaced by a link just now"));
            }
            opened => opened?,
        };
        let stat = fstat(&fd)?;
        found.check(&stat)?;
        Ok((fd, stat))
    }

    /// Opens a folder for listing.
    pub(super) fn open_folder(&self, found: &Found) -> Result<OwnedFd, Refused> {
        let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        match openat(&found.folder, found.name.as_c_str(), flags, Mode::empty()) {
            Err(Errno::ENOTDIR) => Err(Refused::new(Trouble::WrongType, "not a folder")),
            opened => Ok(opened?),
        }
    }

    /// A handle that tells about a file system without reading from it.
    pub(super) fn handle(&self, found: &Found) -> Result<OwnedFd, Refused> {
        let flags = OFlag::O_PATH | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        Ok(openat(&found.folder, found.name.as_c_str(), flags, Mode::empty())?)
    }

    /// Where a link points.
    pub(super) fn target(&self, found: &Found) -> Result<OsString, Refused> {
        if !is_link(&found.stat) {
            return Err(Refused::new(Trouble::WrongType, "not a link"));
        }
        Ok(readlinkat(&found.folder, found.name.as_c_str())?)
    }
}

impl Found {
    /// A regular file, and with one name only where others may write.
    fn check(&self, stat: &FileStat) -> Result<(), Refused> {
        if !is_file(stat) {
            let what = match SFlag::from_bits_truncate(stat.st_mode & SFlag::S_IFMT.bits()) {
                SFlag::S_IFDIR => "a folder",
                SFlag::S_IFIFO => "a FIFO",
                SFlag::S_IFSOCK => "a socket",
                _ => "a device",
            };
            return Err(Refused::new(Trouble::WrongType, what));
        }
        if stat.st_nlink > 1 && !self.safe {
            return Err(Refused::new(
                Trouble::Unsafe,
                "it has a second name, and lies where others may write",
            ));
        }
        Ok(())
    }

    /// The folder and the name in it, for what only works by name (connecting to a socket).
    pub(super) fn place(&self) -> (&OwnedFd, &CString) {
        (&self.folder, &self.name)
    }
}

/// The folders from the root to where a walk is, so that `..` goes back the way it came, whatever
/// was moved meanwhile.
struct Steps<'o> {
    opener: &'o Opener,
    above: Vec<(OwnedFd, bool)>,
    safe: bool,
    real: PathBuf,
    todo: VecDeque<OsString>,
    links: usize,
}

impl<'o> Steps<'o> {
    fn new(opener: &'o Opener) -> Result<Self, Refused> {
        let root = opener.root.try_clone().map_err(|_| Errno::EMFILE)?;
        let safe = opener.root_safe;
        Ok(Self {
            opener,
            above: vec![(root, safe)],
            safe,
            real: PathBuf::from("/"),
            todo: VecDeque::new(),
            links: 0,
        })
    }

    fn top(&self) -> &OwnedFd {
        self.above.last().map_or(&self.opener.root, |(folder, _)| folder)
    }

    fn take_top(&mut self) -> Result<OwnedFd, Refused> {
        self.above.pop().map(|(folder, _)| folder).ok_or_else(|| Errno::EBADF.into())
    }

    fn prepend(&mut self, path: &Path) {
        let names = path.components().filter_map(|part| match part {
            Component::Normal(name) => Some(name.to_owned()),
            Component::ParentDir => Some("..".into()),
            _ => None,
        });
        for name in names.collect::<Vec<_>>().into_iter().rev() {
            self.todo.push_front(name);
        }
    }

    fn down(&mut self, folder: OwnedFd, safe: bool, real: PathBuf) -> Result<(), Refused> {
        if self.above.len() >= DEEPEST {
            return Err(Refused::new(Trouble::Io, "more folders below each other than are followed"));
        }
        self.above.push((folder, safe));
        self.safe = safe;
        self.real = real;
        Ok(())
    }

    fn up(&mut self) {
        if self.above.len() > 1 {
            self.above.pop();
            self.real.pop();
        }
        self.safe = self.above.last().is_some_and(|(_, safe)| *safe);
    }

    fn follow(&mut self, target: &OsString) -> Result<(), Refused> {
        self.links += 1;
        if self.links > MOST_LINKS {
            return Err(Refused::new(Trouble::Unsafe, "a chain of links without an end"));
        }
        let target = Path::new(target);
        if target.is_absolute() {
            self.above.truncate(1);
            self.safe = self.opener.root_safe;
            self.real = PathBuf::from("/");
        }
        self.prepend(target);
        Ok(())
    }
}

fn is_link(stat: &FileStat) -> bool {
    stat.st_mode & libc::S_IFMT == libc::S_IFLNK
}

fn is_file(stat: &FileStat) -> bool {
    stat.st_mode & libc::S_IFMT == libc::S_IFREG
}

fn c_string(bytes: &[u8]) -> Result<CString, Refused> {
    CString::new(bytes).map_err(|_| Refused::new(Trouble::Missing, "a NUL byte in the path"))
}

#[cfg(test)]
mod tests;
