//! Bundle → manifest and entries, each read by its place without unpacking the rest; and a bundle as
//! a recorded host. Everything in a bundle is untrusted: sizes, places and names are checked here.

mod archive;
pub mod contents;
pub mod inflated;
mod members;
mod opened;
mod recorded;
mod segments;
mod tar;
pub mod top;
mod transfer;
pub mod unpack;
mod verified;
pub mod verify;

use std::{
    collections::{BTreeMap, HashSet},
    fs::File,
    io,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
};

use nix::{
    fcntl::{OFlag, open},
    sys::stat::Mode,
};

pub use archive::{Archive, Broken, Kind, Member, is_archive, packed_by};
pub(crate) use members::Members;
pub(crate) use opened::{Opened, Other, opened};
pub use recorded::Recorded;
pub use segments::Reader;
pub(crate) use verified::Verified;

use crate::{
    error::{Error, Result},
    pack::{
        Place,
        manifest::{self, Manifest},
        manifest_place,
    },
};

/// Longest manifest that is read: 10,000 entries take a tenth of that.
const LONGEST_MANIFEST: u64 = 256 << 20;
/// Why the second of a name is not read.
pub(crate) const REPEATED: &str = "one of this name came before it, and only that one is read";
/// The gzip header with the extra field.
const HEADER: usize = 64;

/// An open bundle of glsos.
#[derive(Debug)]
pub struct Bundle {
    file: File,
    path: PathBuf,
    length: u64,
    place: Place,
    manifest: Manifest,
    /// Entries that are not read, by their number, and why.
    wrong: BTreeMap<usize, &'static str>,
}

impl Bundle {
    /// Opens a bundle and reads its manifest. A file that is no bundle of glsos, or was cut off, is
    /// an error that says so.
    pub fn open(path: &Path) -> Result<Self> {
        Self::from_file(open_file(path)?, path)
    }

    /// The same of a file that is open already; `path` is for messages.
    pub fn from_file(file: File, path: &Path) -> Result<Self> {
        let trouble = |error: io::Error| Error::host(format!("reading {}: {error}", path.display()));
        let wrong = |what: &str| Error::host(format!("{}: {what}", path.display()));
        let length = file.metadata().map_err(trouble)?.len();
        let mut header = [0; HEADER];
        let n = file.read_at(&mut header, 0).map_err(trouble)?;
        let place = manifest_place(&header[..n]).ok_or_else(|| {
            wrong("no bundle of glsos, or one that was cut off before its end")
                .hint("`tar tzf` lists what any archive holds")
        })?;
        let inside = place.offset.checked_add(place.compressed).is_some_and(|end| end <= length);
        if !inside || place.bytes > LONGEST_MANIFEST {
            return Err(wrong("its manifest lies outside the file: it is damaged"));
        }
        let bytes = inflate_manifest(&file, path, place)?;
        let manifest: Manifest = serde_json::from_slice(&bytes)
            .map_err(|error| wrong(&format!("its manifest is not understood: {error}")))?;
        if manifest.format.as_str() != manifest::FORMAT {
            return Err(wrong("its format is unknown to this version of glsos"));
        }
        let mut bundle =
            Self { file, path: path.to_owned(), length, place, manifest, wrong: BTreeMap::new() };
        bundle.wrong = bundle.wrong_entries();
        Ok(bundle)
    }

    fn wrong_entries(&self) -> BTreeMap<usize, &'static str> {
        let (mut end, mut names) = (0, HashSet::new());
        let present = self.manifest.entries.iter().enumerate().filter(|(_, entry)| entry.present);
        let wrong = present.filter_map(|(number, entry)| {
            let placed = self.places_follow(entry, &mut end);
            let repeated = !names.insert(entry.name.as_str());
            Some((number, placed.err().or(repeated.then_some(REPEATED))?))
        });
        wrong.collect()
    }

    /// What it says about itself.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The manifest as it stands there: it is a file of the archive and no entry of itself.
    pub fn manifest_bytes(&self) -> Result<Vec<u8>> {
        inflate_manifest(&self.file, &self.path, self.place)
    }

    /// Where it is, for messages.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Why the manifest's entry of this number is not read: its places are wrong, or one of its name came before.
    pub fn wrong(&self, number: usize) -> Option<&'static str> {
        self.wrong.get(&number).copied()
    }

    /// An entry of the archive by its name below the top folder.
    pub fn entry(&self, name: &str) -> Option<&manifest::Entry> {
        self.manifest.entries.iter().find(|entry| entry.name.as_str() == name)
    }

    /// Whether an entry's segments stand in the file, one behind the other, the first one behind `end`, which
    /// goes to the last one's. A manifest that says otherwise could make much of little.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn places_follow(&self, entry: &manifest::Entry, end: &mut u64) -> Result<(), &'static str> {
        let mut bytes = 0_u64;
        for [offset, compressed, inflated] in &entry.segments {
            let behind = offset.checked_add(*compressed).filter(|behind| *behind <= self.length);
            // Deflate gains no more than 1032 to 1.
            let possible = *inflated <= compressed.saturating_mul(1032);
            let Some(behind) = behind.filter(|_| offset >= end && possible) else {
                return Err("its places in the manifest are wrong");
            };
            *end = behind;
            bytes = bytes.saturating_add(*inflated);
        }
        if bytes == entry.bytes { Ok(()) } else { Err("its size in the manifest is wrong") }
    }

    /// An entry's bytes, segment by segment; nothing if its file is not in the archive.
    pub fn reader(&self, entry: &manifest::Entry) -> io::Result<Option<Reader>> {
        if !entry.present {
            return Ok(None);
        }
        Ok(Some(Reader::new(self.file.try_clone()?, &entry.segments)))
    }
}

fn inflate_manifest(file: &File, path: &Path, place: Place) -> Result<Vec<u8>> {
    segments::inflate(file, place.offset, place.compressed, place.bytes)
        .map_err(|why| Error::host(format!("{}: its manifest can't be read: {why}", path.display())))
}

/// Opens what was typed as a bundle: a regular file, without waiting for anything.
///
/// # Errors
/// When it can't be opened, and when it is a folder, a pipe or a device.
pub fn open_file(path: &Path) -> Result<File> {
    let trouble = |error: io::Error| Error::host(format!("reading {}: {error}", path.display()));
    let flags = OFlag::O_RDONLY | OFlag::O_CLOEXEC | OFlag::O_NONBLOCK;
    let file = File::from(open(path, flags, Mode::empty()).map_err(|errno| trouble(errno.into()))?);
    if file.metadata().map_err(trouble)?.is_file() {
        return Ok(file);
    }
    Err(Error::host(format!("{} is no regular file", path.display())).hint("name a bundle, which is one"))
}

#[cfg(test)]
mod tests;
