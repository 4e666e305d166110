//! A new folder and files in it, and nothing else: everything is opened below its descriptor, no link is
//! followed, nothing is overwritten. Folders are 0700, files 0600.

use std::{
    fs::File,
    io,
    os::fd::{AsFd, OwnedFd},
    path::{Path, PathBuf},
};

use nix::{
    errno::Errno,
    fcntl::{OFlag, open, openat},
    sys::{
        stat::{Mode, futimens, mkdirat},
        time::TimeSpec,
    },
};

use crate::error::{Error, Result};

const FOLDER: OFlag =
    OFlag::O_RDONLY.union(OFlag::O_DIRECTORY).union(OFlag::O_NOFOLLOW).union(OFlag::O_CLOEXEC);

/// Why a file could not be made.
#[derive(Debug)]
pub(super) enum Trouble {
    /// There is a file or folder of this name.
    Taken,
    /// A part of its name is a file.
    BelowAFile,
    /// No more folders may be made for it.
    TooMany,
    /// The disk, which concerns all that follow too.
    Io(io::Error),
}

/// A folder that was made for one bundle.
#[derive(Debug)]
pub(super) struct Folder {
    fd: OwnedFd,
    path: PathBuf,
    /// Folders that were made because a name led through them.
    made: u64,
    /// How many more may be.
    room: u64,
    /// The one that the last file was made in.
    last: Option<(Vec<String>, OwnedFd)>,
}

impl Folder {
    /// Makes `into/…parts`; only the last part must be new.
    pub(super) fn create(into: &Path, parts: &[String; 3]) -> Result<Self> {
        let trouble = |path: &Path, errno: Errno| {
            Error::host(format!("making the folder {}: {}", path.display(), errno.desc()))
        };
        let missing = |errno| trouble(into, errno).hint("name another folder with --into");
        // Whoever names a folder may name one behind a link.
        let follow = FOLDER - OFlag::O_NOFOLLOW;
        let mut fd = match open(into, follow, Mode::empty()) {
            Err(Errno::ENOENT) => {
                nix::unistd::mkdir(into, Mode::S_IRWXU).map_err(missing)?;
                open(into, follow, Mode::empty()).map_err(missing)?
            }
            other => other.map_err(missing)?,
        };
        let mut path = into.to_owned();
        for (number, part) in parts.iter().enumerate() {
            path.push(part);
            match mkdirat(&fd, part.as_str(), Mode::S_IRWXU) {
                Err(Errno::EEXIST) if number + 1 == parts.len() => {
                    return Err(Error::host(format!("{} is there already", path.display())).hint(
                        "it was unpacked before: remove that folder, or name another one with --into",
                    ));
                }
                Ok(()) | Err(Errno::EEXIST) => {}
                Err(errno) => return Err(trouble(&path, errno)),
            }
            fd = openat(&fd, part.as_str(), FOLDER, Mode::empty()).map_err(|errno| {
                trouble(&path, errno)
                    .hint("a file or a link stands in the way: name another folder with --into")
            })?;
        }
        Ok(Self { fd, path, made: 0, room: 0, last: None })
    }

    /// Where it is.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Folders that were made on the way to others.
    pub(super) fn made(&self) -> u64 {
        self.made
    }

    /// So many more may be made on the way.
    pub(super) fn allow(&mut self, room: u64) {
        self.room = room;
    }

    /// A new file, and the folders that lead to it.
    pub(super) fn file(&mut self, parts: &[&str]) -> Result<File, Trouble> {
        let Some((name, folders)) = parts.split_last() else { return Err(Trouble::Taken) };
        let flags = OFlag::O_WRONLY
            | OFlag::O_CREAT
            | OFlag::O_EXCL
            | OFlag::O_NOFOLLOW
            | OFlag::O_CLOEXEC
            | OFlag::O_LARGEFILE;
        let mode = Mode::S_IRUSR | Mode::S_IWUSR;
        match openat(self.enter(folders, false)?, *name, flags, mode) {
            Ok(fd) => Ok(File::from(fd)),
            Err(Errno::EEXIST | Errno::EISDIR) => Err(Trouble::Taken),
            Err(errno) => Err(Trouble::Io(errno.into())),
        }
    }

    /// A folder, which may be there already.
    pub(super) fn folder(&mut self, parts: &[&str]) -> Result<(), Trouble> {
        self.enter(parts, true).map(|_| ())
    }

    /// `own`: the last one is a member itself, and not only on the way to one.
    fn enter(&mut self, folders: &[&str], own: bool) -> Result<&OwnedFd, Trouble> {
        let held = self.last.as_ref().is_some_and(|(last, _)| last.iter().eq(folders));
        if !held {
            let mut fd = self.fd.try_clone().map_err(Trouble::Io)?;
            for (number, part) in folders.iter().enumerate() {
                let counts = !own || number + 1 < folders.len();
                if !counts || self.room > 0 {
                    match mkdirat(&fd, *part, Mode::S_IRWXU) {
                        Ok(()) => {
                            self.made += u64::from(counts);
                            self.room -= u64::from(counts);
                        }
                        Err(Errno::EEXIST) => {}
                        Err(errno) => return Err(Trouble::Io(errno.into())),
                    }
                }
                fd = match openat(&fd, *part, FOLDER, Mode::empty()) {
                    Err(Errno::ENOTDIR | Errno::ELOOP) => return Err(Trouble::BelowAFile),
                    Err(Errno::ENOENT) => return Err(Trouble::TooMany),
                    other => other.map_err(|errno| Trouble::Io(errno.into()))?,
                };
            }
            self.last = Some((folders.iter().map(|part| (*part).to_owned()).collect(), fd));
        }
        Ok(self.last.as_ref().map_or(&self.fd, |(_, fd)| fd))
    }
}

/// Gives a file the time that it had at its source; one that the file system can't hold is left out.
pub(super) fn set_time(file: &File, seconds: i64) {
    let time = TimeSpec::new(seconds, 0);
    let _ = futimens(file.as_fd(), &time, &time);
}
