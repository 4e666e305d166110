//! A bundle, or any tar archive, becomes files in a new folder. A stranger made it: regular files and folders
//! only, names checked, number, size and gain capped; what is refused is told and the rest goes on. A whole
//! bundle is read by its manifest's places, so that damage costs only what is damaged; one that was cut, or
//! never finished, gives all that stands before. Prints nothing.

mod extract;
mod folder;
mod name;
mod place;

use std::{
    io,
    path::{Path, PathBuf},
};

use super::{
    Archive, Broken, Opened, opened,
    top::{Top, stem},
};
use crate::{
    error::{Error, Result},
    pack::Origin,
    read::open_file,
    units::show_size,
};
use extract::Extract;
use folder::Folder;
pub use name::{BadName, parts};

/// Faults that are told one by one.
const MOST_FAULTS: usize = 100;

/// What one bundle may become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Files and folders, also those that names lead through.
    pub members: u64,
    /// Bytes in all.
    pub bytes: u64,
    /// Bytes for each byte of the archive; a gain below `FREE` bytes is nobody's harm.
    pub ratio: u64,
}

/// Bytes that an archive may become whatever its gain.
const FREE: u64 = 64 << 20;

impl Limits {
    /// What so many bytes out of so many would break.
    fn broken_by(&self, bytes: u64, packed: u64) -> Option<String> {
        if bytes > self.bytes {
            let most = show_size(self.bytes);
            return Some(format!("more than {most} in all: the rest was left out (--max-size)"));
        }
        let gain = packed.saturating_mul(self.ratio);
        (bytes > FREE.max(gain)).then(|| {
            format!(
                "the archive inflates to more than {} times its size: the rest was left out (--max-ratio)",
                self.ratio
            )
        })
    }
}

/// What went wrong with one member, or with all that follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Its name; none for the bundle as a whole.
    pub entry: Option<String>,
    /// What happened, in words.
    pub text: String,
}

/// What became of a bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unpacked {
    /// The new folder.
    pub folder: PathBuf,
    /// Files in it.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// What is missing, refused or damaged, in the order of the archive.
    pub faults: Vec<Fault>,
    /// Faults beyond the first hundred.
    pub more: u64,
}

impl Unpacked {
    fn tell(&mut self, entry: Option<&str>, text: impl Into<String>) {
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(Fault { entry: entry.map(str::to_owned), text: text.into() });
        } else {
            self.more += 1;
        }
    }
}

/// Unpacks an archive into a new folder TICKET/HOST/TIME below `into`.
///
/// # Errors
/// When it can't be read at all, or its folder can't be made, or the disk is full.
pub fn unpack(path: &Path, into: &Path, limits: Limits) -> Result<Unpacked> {
    let file = open_file(path)?;
    let wrong = |what: &str| Error::host(format!("{}: {what}", path.display()));
    let trouble = |error: io::Error| wrong(&error.to_string());
    let length = file.metadata().map_err(trouble)?.len();
    let again = file.try_clone().map_err(trouble)?;
    let mut other = match opened(file, path)? {
        Opened::Whole(bundle) => {
            let folder = Folder::create(into, &place::of_manifest(bundle.manifest()))?;
            return Extract::new(folder, limits, length).by_place(&bundle);
        }
        Opened::Other(other) => other,
    };
    let transfer = other.transfer;
    let why = |broken: Broken| wrong(transfer.unwrap_or(broken.reason()));
    let first = other.archive.next_member().map_err(why)?;
    let first = first.ok_or_else(|| wrong("nothing is in it"))?;
    let ours = other.is_ours();
    let top = if ours { Top::first_part_of(&first.name) } else { Top::of(&first.name, path) };
    let archive = Archive::new(again).map_err(|why| wrong(&why))?;
    let folder = Folder::create(into, &place::of_names(&top.name(), &stem(path)))?;
    let mut unpacked = Extract::new(folder, limits, length).in_order(archive, &top)?;
    if ours {
        let what = match other.origin {
            Origin::Unfinished => {
                "the run that made it was killed: what it had not written yet is missing, and the manifest"
            }
            _ => "its manifest can't be read, so nobody can tell what else is missing",
        };
        unpacked.tell(None, what);
    }
    Ok(unpacked)
}
