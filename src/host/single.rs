//! One run at a time: a lock on this host that ends with its process, in whatever way that ends.
//!
//! The file stays, in a folder that a boot empties: to take it away would let two hold it. Root's is in a
//! folder where nobody else may make or open it, so nobody else can hold it. Where there is no such folder
//! there is no lock, and that is told.

use std::{
    fs::File,
    io::Write as _,
    os::{fd::OwnedFd, unix::fs::FileExt as _},
    path::{Path, PathBuf},
};

use nix::{
    errno::Errno,
    fcntl::{Flock, FlockArg, OFlag, open, openat},
    sys::stat::{FileStat, Mode, SFlag, fstat},
    unistd::{Uid, geteuid},
};

const NAME: &str = "glsos.lock";

/// What came of asking for it.
#[derive(Debug)]
pub enum Lock {
    /// It is ours as long as this lives.
    Held(Held),
    /// Another process has it; which one, where that can be known.
    Others(Option<u32>, PathBuf),
    /// There can't be one, and why.
    None(String),
}

/// The lock.
#[derive(Debug)]
pub struct Held(#[allow(dead_code)] Flock<File>);

/// Asks for it, and does not wait. To be called when all helpers are split off: they must not have it.
pub fn lock() -> Lock {
    let user = geteuid();
    // systemd-logind makes the second for who has logged in.
    let folder =
        if user.is_root() { PathBuf::from("/run") } else { PathBuf::from(format!("/run/user/{user}")) };
    lock_in(&folder, user)
}

fn lock_in(folder: &Path, user: Uid) -> Lock {
    let path = folder.join(NAME);
    let none = |why: &str| Lock::None(format!("{}: {why}", path.display()));
    let file = match opened(folder, user) {
        Ok(file) => File::from(file),
        Err(Trouble::System(errno)) => return none(errno.desc()),
        Err(Trouble::NotOurs(why)) => return none(why),
    };
    match Flock::lock(file, FlockArg::LockExclusiveNonblock) {
        Ok(mut held) => {
            // Only for the message of who comes next.
            let _ = held.set_len(0).and_then(|()| writeln!(held, "{}", std::process::id()));
            Lock::Held(Held(held))
        }
        Err((file, Errno::EWOULDBLOCK)) => Lock::Others(holder(&file), path),
        Err((_, errno)) => none(errno.desc()),
    }
}

enum Trouble {
    System(Errno),
    NotOurs(&'static str),
}

impl From<Errno> for Trouble {
    fn from(errno: Errno) -> Self {
        Self::System(errno)
    }
}

fn opened(folder: &Path, user: Uid) -> Result<OwnedFd, Trouble> {
    let flags = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    let folder = open(folder, flags, Mode::empty())?;
    let is_ours = |stat: &FileStat, others: u32| stat.st_uid == user.as_raw() && stat.st_mode & others == 0;
    if !is_ours(&fstat(&folder)?, 0o022) {
        return Err(Trouble::NotOurs("others may write to its folder"));
    }
    let flags = OFlag::O_RDWR | OFlag::O_CREAT | OFlag::O_NOFOLLOW | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
    let file = openat(&folder, NAME, flags, Mode::S_IRUSR | Mode::S_IWUSR)?;
    let stat = fstat(&file)?;
    // Who may open it may hold it.
    if stat.st_mode & SFlag::S_IFMT.bits() != SFlag::S_IFREG.bits() || !is_ours(&stat, 0o077) {
        return Err(Trouble::NotOurs("it is no file that only its user may open"));
    }
    Ok(file)
}

/// The process that has it, as it wrote down.
fn holder(file: &File) -> Option<u32> {
    let mut text = [0; 16];
    let read = file.read_at(&mut text, 0).ok()?;
    std::str::from_utf8(&text[..read]).ok()?.trim().parse().ok()
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)] // makes folders of its own
mod tests {
    use std::{
        fs,
        os::unix::fs::{PermissionsExt, symlink},
    };

    use super::*;

    fn folder(name: &str) -> PathBuf {
        let path = std::env::temp_dir().join(format!("glsos-lock-{name}.{}", std::process::id()));
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    fn refused(lock: Lock) -> String {
        let Lock::None(why) = lock else { panic!("{lock:?}") };
        why
    }

    #[test]
    fn the_second_is_told_who_has_it_and_the_third_gets_it() {
        let folder = folder("second");
        let first = lock_in(&folder, geteuid());
        assert!(matches!(first, Lock::Held(_)), "{first:?}");
        let second = lock_in(&folder, geteuid());
        let Lock::Others(Some(pid), path) = second else { panic!("{second:?}") };
        assert_eq!((pid, path.as_path()), (std::process::id(), folder.join(NAME).as_path()));
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        drop(first);
        assert!(matches!(lock_in(&folder, geteuid()), Lock::Held(_)));
        // What a process that was killed wrote there says nothing: nobody holds it.
        fs::write(&path, "1234567890123456 nonsense").unwrap();
        assert!(matches!(lock_in(&folder, geteuid()), Lock::Held(_)));
        assert_eq!(fs::read_to_string(&path).unwrap(), format!("{}\n", std::process::id()));
        fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn what_another_could_hold_or_has_planted_is_no_lock() {
        let folder = folder("planted");
        let path = folder.join(NAME);
        symlink(folder.join("elsewhere"), &path).unwrap();
        assert!(refused(lock_in(&folder, geteuid())).contains(Errno::ELOOP.desc()));
        assert!(!folder.join("elsewhere").exists());
        fs::remove_file(&path).unwrap();
        fs::write(&path, "").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        assert!(refused(lock_in(&folder, geteuid())).ends_with("only its user may open"));
        fs::remove_file(&path).unwrap();
        nix::unistd::mkfifo(&path, Mode::S_IRUSR | Mode::S_IWUSR).unwrap();
        assert!(refused(lock_in(&folder, geteuid())).ends_with("only its user may open"));
        fs::set_permissions(&folder, fs::Permissions::from_mode(0o1777)).unwrap();
        assert!(refused(lock_in(&folder, geteuid())).ends_with("others may write to its folder"));
        assert!(refused(lock_in(&folder, Uid::from_raw(1))).ends_with("others may write to its folder"));
        fs::remove_dir_all(&folder).unwrap();
        assert!(refused(lock_in(&folder, geteuid())).ends_with(Errno::ENOENT.desc()));
    }
}
