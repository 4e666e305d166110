//! Where a new bundle goes, from what `-o` says; and what can't be asked of stdout.

use std::path::{Path, PathBuf};

use super::console::Console;
use crate::{
    error::{Error, Result},
    pack::Target,
};

/// Whether it goes to stdout, where it may.
///
/// # Errors
/// When stdout is a terminal.
pub(super) fn to_stdout(output: Option<&Path>, console: &Console) -> Result<bool> {
    let to_stdout = output == Some(Path::new("-"));
    if to_stdout && console.data_goes_to_terminal() {
        return Err(Error::usage("the bundle would go to a terminal")
            .hint("send stdout to a file or another program, or leave '-o -' out"));
    }
    Ok(to_stdout)
}

/// `name` is the bundle's own, for where only a folder is told, or nothing.
pub(super) fn of(output: Option<&Path>, name: String) -> Target {
    match output {
        None => Target::File(PathBuf::from(name)),
        Some(path) if path == Path::new("-") => Target::Spool(spool_folder()),
        Some(path) if path.as_os_str().as_encoded_bytes().ends_with(b"/") || is_folder(path) => {
            Target::File(path.join(name))
        }
        Some(path) => Target::File(path.to_owned()),
    }
}

/// The folders in which a command writes: the new bundle's, and that of the mapping.
pub(super) fn folders(output: Option<&Path>, mapping: Option<&Path>) -> Vec<PathBuf> {
    let (Target::File(bundle) | Target::Spool(bundle)) = match of(output, String::from("bundle")) {
        Target::File(path) => Target::File(folder_of(&path)),
        spool @ Target::Spool(_) => spool,
    };
    let mut folders = mappings_folder(mapping);
    folders.push(bundle);
    folders.dedup();
    folders
}

/// The same for one that makes no bundle.
pub(super) fn mappings_folder(mapping: Option<&Path>) -> Vec<PathBuf> {
    mapping.map(folder_of).into_iter().collect()
}

fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
        _ => PathBuf::from("."),
    }
}

/// Where a bundle for stdout waits until it is whole, unlinked.
fn spool_folder() -> PathBuf {
    std::env::var_os("TMPDIR")
        .map(PathBuf::from)
        .filter(|folder| folder.is_absolute())
        .unwrap_or_else(|| PathBuf::from("/var/tmp"))
}

fn is_folder(path: &Path) -> bool {
    nix::sys::stat::stat(path).is_ok_and(|stat| {
        stat.st_mode & nix::sys::stat::SFlag::S_IFMT.bits() == nix::sys::stat::SFlag::S_IFDIR.bits()
    })
}
