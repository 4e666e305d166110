//! The page becomes a new file, which only its owner may read: it shows what a customer's logs hold.

use std::{fs::File, io::Write as _, path::Path};

use nix::{
    errno::Errno,
    fcntl::{OFlag, open},
    sys::stat::Mode,
    unistd::unlink,
};

use crate::error::{Error, Result};

/// Writes it; nothing is overwritten, and half a page does not stay.
pub(super) fn write(path: &Path, page: &str) -> Result<()> {
    let what = |why: &str| Error::host(format!("writing the page {}: {why}", path.display()));
    let flags = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_NOFOLLOW | OFlag::O_CLOEXEC;
    let fd = open(path, flags, Mode::S_IRUSR | Mode::S_IWUSR).map_err(|errno| match errno {
        Errno::EEXIST => {
            what("it is there already").hint("nothing is overwritten: name another file with --html")
        }
        _ => what(errno.desc()).hint("name a new file in a folder that you may write to with --html"),
    })?;
    File::from(fd).write_all(page.as_bytes()).map_err(|error| {
        let _ = unlink(path);
        what(&error.to_string())
    })
}
