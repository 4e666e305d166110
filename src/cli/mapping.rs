//! The files of `--mapping` and `reveal`: the key, and beside it the pairs of each run. They tell what a bundle
//! hides, so they are nobody else's: mode 0600, never through a link, never over another file, whole or not at all.
//! The only files besides the bundle and the lock of a run (`host::single`) that glsos writes; never in a bundle.

use std::{
    ffi::{OsStr, OsString},
    fs::File,
    io::{Read as _, Write as _},
    os::{fd::OwnedFd, unix::ffi::OsStrExt as _},
    path::{Path, PathBuf},
};

use nix::{
    dir::Dir,
    errno::Errno,
    fcntl::{AtFlags, OFlag, open, openat},
    sys::stat::{FileStat, Mode, SFlag, fstat, fstatat},
    unistd::{AccessFlags, UnlinkatFlags, faccessat, fsync, geteuid, linkat, unlinkat},
};
use zeroize::Zeroizing;

use crate::{
    error::{Error, Result},
    redact::chosen::{Hidden, Key, Mapping, Originals, key_file, pairs_file},
};

/// Longest file: more than the pairs that a run remembers.
const LONGEST: u64 = 512 << 20;

/// How the name of a run's pairs ends.
const PAIRS: &str = ".glsos-pairs";

/// Why a file of somebody else's is none of ours.
const PLANTED: &str = "another user could have put it there";

/// Files of pairs for bundles of one name.
const MOST_OF_A_NAME: u32 = 100;

/// The folder of a mapping, in which nobody else may put a file.
struct Folder {
    fd: OwnedFd,
    path: PathBuf,
}

/// The key in a file, which is made if it is not there. A folder that will not take the pairs in the end is
/// told now.
pub(super) fn key(path: &Path) -> Result<Key> {
    let (folder, name) = Folder::of(path)?;
    faccessat(&folder.fd, ".", AccessFlags::W_OK, AtFlags::empty()).map_err(|errno| {
        Error::usage(format!(
            "{}: this run's pairs can't be written there: {}",
            folder.path.display(),
            errno.desc()
        ))
        .hint("copy the key into a folder that you may write to, and name it with --mapping")
    })?;
    match folder.read(name)? {
        Some(bytes) => parse_key(path, &bytes),
        None => {
            let key = Key::draw()?;
            match folder.write(name, &key_file(&key))? {
                Written::Now => Ok(key),
                // Another run was faster.
                Written::Before => {
                    let bytes = folder.read(name)?.ok_or_else(|| gone(path))?;
                    parse_key(path, &bytes)
                }
            }
        }
    }
}

fn parse_key(path: &Path, bytes: &[u8]) -> Result<Key> {
    match Mapping::parse(bytes) {
        Ok(Mapping::Key(key)) => Ok(key),
        Ok(Mapping::Pairs { .. }) => {
            Err(Error::usage(format!("{}: it holds a run's pairs, not a key", path.display()))
                .hint("--mapping names the file beside which they stand"))
        }
        Err(why) => Err(bad(path, why)),
    }
}

/// A run's pairs, written beside its key.
pub(super) fn write_pairs(path: &Path, key: &Key, bundle: &str, hidden: &Hidden) -> Result<PathBuf> {
    let (folder, name) = Folder::of(path)?;
    let bytes = pairs_file(key, bundle, hidden.pairs());
    // Two runs in one second have one name.
    for number in 1..=MOST_OF_A_NAME {
        let mut own = name.to_owned();
        let again = if number > 1 { format!("~{number}") } else { String::new() };
        // Never taken by this name (`host::never`).
        own.push(format!(".{bundle}{again}{PAIRS}"));
        if matches!(folder.write(&own, &bytes)?, Written::Now) {
            return Ok(path.with_file_name(own));
        }
    }
    Err(Error::host(format!(
        "writing the pairs of {bundle} beside {}: there are too many already",
        path.display()
    ))
    .hint("glsos overwrites nothing: move them away, or name another file with --mapping"))
}

/// What pseudonyms stand for: all pairs beside a key, or those of one run.
pub(super) fn originals(path: &Path) -> Result<Originals> {
    let (folder, name) = Folder::of(path)?;
    let bytes = folder.read(name)?.ok_or_else(|| gone(path))?;
    let mut originals = Originals::default();
    let key = match Mapping::parse(&bytes).map_err(|why| bad(path, why))? {
        Mapping::Pairs { pairs, .. } => {
            originals.add(pairs);
            return Ok(originals);
        }
        Mapping::Key(key) => key,
    };
    let runs = folder.runs(name)?;
    if runs.is_empty() {
        let hint = "a run with --mapping writes them; copy them from the node that made the bundle";
        return Err(Error::usage(format!("{}: no run's pairs stand beside it", path.display())).hint(hint));
    }
    for run in runs {
        let path = folder.path.join(&run);
        let bytes = folder.read(&run)?.ok_or_else(|| gone(&path))?;
        match Mapping::parse(&bytes).map_err(|why| bad(&path, why))? {
            Mapping::Pairs { key_id, pairs } if key_id == key.id() => originals.add(pairs),
            Mapping::Pairs { .. } => return Err(bad(&path, "it was made with another key")),
            Mapping::Key(_) => return Err(bad(&path, "a key where pairs should be")),
        }
    }
    Ok(originals)
}

fn bad(path: &Path, why: &str) -> Error {
    Error::usage(format!("reading the mapping {}: {why}", path.display()))
        .hint("name the file that `glsos collect --hide … --mapping FILE` made")
}

fn gone(path: &Path) -> Error {
    bad(path, "not there")
}

/// Whether a file was written now, or was there.
enum Written {
    Now,
    Before,
}

impl Folder {
    /// The folder of a file, and the file's name in it.
    fn of(path: &Path) -> Result<(Self, &OsStr)> {
        let name = path
            .file_name()
            .ok_or_else(|| Error::usage(format!("{} is no name for a mapping", path.display())))?;
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let fd = open(parent, flags, Mode::empty()).map_err(|errno| {
            Error::usage(format!("opening the folder {}: {}", parent.display(), errno.desc()))
                .hint("--mapping names a file in an existing folder")
        })?;
        let stat = fstat(&fd).map_err(|errno| failed("looking at", parent, errno))?;
        // In a folder such as /tmp nobody moves another's file away.
        if is_others(&stat) || (stat.st_mode & 0o022 != 0 && stat.st_mode & 0o1000 == 0) {
            return Err(Error::usage(format!(
                "{}: others may write there, so no mapping can be",
                parent.display()
            ))
            .hint("name a file in a folder of your own with --mapping"));
        }
        Ok((Self { fd, path: parent.to_owned() }, name))
    }

    /// The whole of a file that is ours alone; nothing if it is not there.
    fn read(&self, name: &OsStr) -> Result<Option<Zeroizing<Vec<u8>>>> {
        let path = self.path.join(name);
        let flags =
            OFlag::O_RDONLY | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC | OFlag::O_LARGEFILE;
        let file = match openat(&self.fd, name, flags, Mode::empty()) {
            Ok(fd) => File::from(fd),
            Err(Errno::ENOENT) => return Ok(None),
            Err(Errno::ELOOP) => return Err(bad(&path, "a link is not followed")),
            Err(errno) => {
                // Root that gave up its rights over other users' files can't even open one.
                let there = fstatat(&self.fd, name, AtFlags::AT_SYMLINK_NOFOLLOW);
                let others = there.is_ok_and(|stat| is_others(&stat));
                return Err(bad(&path, if others { PLANTED } else { errno.desc() }));
            }
        };
        let stat = fstat(&file).map_err(|errno| failed("looking at", &path, errno))?;
        if stat.st_mode & SFlag::S_IFMT.bits() != SFlag::S_IFREG.bits() {
            return Err(bad(&path, "not a regular file"));
        }
        if is_others(&stat) || stat.st_nlink != 1 {
            return Err(bad(&path, PLANTED));
        }
        if stat.st_mode & 0o077 != 0 {
            return Err(Error::usage(format!("reading the mapping {}: others may read it", path.display()))
                .hint(format!("chmod 600 {}", path.display())));
        }
        let mut bytes =
            Zeroizing::new(Vec::with_capacity(usize::try_from(stat.st_size).unwrap_or(0).min(1 << 20)));
        file.take(LONGEST + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| Error::host(format!("reading the mapping {}: {error}", path.display())))?;
        if bytes.len() as u64 > LONGEST {
            return Err(bad(&path, "too large"));
        }
        Ok(Some(bytes))
    }

    /// A new file, which has its name only when it is whole and on the disk.
    fn write(&self, name: &OsStr, bytes: &[u8]) -> Result<Written> {
        let path = self.path.join(name);
        let mut partial = OsString::from(".");
        partial.push(name);
        partial.push(format!(".{}.partial", std::process::id()));
        let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
        let trouble = |errno: Errno| {
            failed("writing the mapping", &path, errno).hint("name a file in a folder that you may write to")
        };
        let fd =
            openat(&self.fd, partial.as_os_str(), flags, Mode::S_IRUSR | Mode::S_IWUSR).map_err(trouble)?;
        let mut file = File::from(fd);
        let written = file
            .write_all(bytes)
            .and_then(|()| file.sync_all())
            .map_err(|error| Error::host(format!("writing the mapping {}: {error}", path.display())))
            // A second name, which never replaces another file, and the first one away.
            .and_then(|()| match linkat(&self.fd, partial.as_os_str(), &self.fd, name, AtFlags::empty()) {
                Ok(()) => Ok(Written::Now),
                Err(Errno::EEXIST) => Ok(Written::Before),
                Err(errno) => Err(trouble(errno)),
            });
        let _ = unlinkat(&self.fd, partial.as_os_str(), UnlinkatFlags::NoRemoveDir);
        let _ = fsync(&self.fd);
        written
    }

    /// The names of the pairs beside a key, sorted.
    fn runs(&self, name: &OsStr) -> Result<Vec<OsString>> {
        let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let trouble = |errno| failed("listing", &self.path, errno);
        let mut folder = Dir::openat(&self.fd, ".", flags, Mode::empty()).map_err(trouble)?;
        let mut runs = Vec::new();
        for entry in folder.iter() {
            let entry = entry.map_err(trouble)?;
            let found = entry.file_name().to_bytes();
            let of_this = found.strip_prefix(name.as_bytes()).is_some_and(|rest| rest.starts_with(b"."));
            if of_this && found.ends_with(PAIRS.as_bytes()) {
                runs.push(OsStr::from_bytes(found).to_owned());
            }
        }
        runs.sort();
        Ok(runs)
    }
}

/// Whether somebody else than root and this user owns it.
fn is_others(stat: &FileStat) -> bool {
    stat.st_uid != 0 && stat.st_uid != geteuid().as_raw()
}

fn failed(doing: &str, path: &Path, errno: Errno) -> Error {
    Error::host(format!("{doing} {}: {}", path.display(), errno.desc()))
}
