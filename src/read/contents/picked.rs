//! The bytes of some of an archive's entries, one after the other, in its order.

use std::collections::BTreeSet;

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::{Archived, Contents, MANIFEST};
use crate::{
    error::{Error, Result},
    host::Flow,
    read::{Archive, Bundle, Kind},
};

/// The next bytes of an entry; 0 at its end. The error is why there are no more.
pub type Pull<'p> = &'p mut dyn FnMut(&mut [u8]) -> Result<usize, String>;

/// What is done with an entry: its number in the list, and its bytes.
pub type Went<'w> = &'w mut dyn FnMut(usize, Pull<'_>) -> Result<Flow>;

impl Contents {
    /// Gives the bytes of the entries with these numbers, as long as `went` wants more. Those that are not there are passed over.
    ///
    /// # Errors
    /// Those of `went`, and when the archive can't be read.
    pub fn read(&self, wanted: &BTreeSet<usize>, went: Went<'_>) -> Result<()> {
        match &self.kind {
            Archived::Ours(bundle) => self.by_place(bundle, wanted, went),
            Archived::Other(file) => {
                let again = file.try_clone().map_err(|error| Error::host(error.to_string()))?;
                in_order(Archive::new(again).map_err(Error::host)?, wanted, went)
            }
        }
    }

    fn by_place(&self, bundle: &Bundle, wanted: &BTreeSet<usize>, went: Went<'_>) -> Result<()> {
        for number in wanted {
            let Some(entry) = bundle.manifest().entries.get(*number) else {
                let bytes = bundle.manifest_bytes()?;
                let mut rest = bytes.as_slice();
                let mut pull = |room: &mut [u8]| {
                    let n = rest.len().min(room.len());
                    room[..n].copy_from_slice(&rest[..n]);
                    rest = &rest[n..];
                    Ok(n)
                };
                debug_assert_eq!(self.listed[*number].name, MANIFEST);
                went(*number, &mut pull)?;
                return Ok(());
            };
            let damaged = |why: &str| format!("it is damaged: {why}");
            let mut broken = bundle.places_follow(entry, &mut 0).err().map(damaged);
            let mut reader = bundle.reader(entry).map_err(|error| Error::host(error.to_string()))?;
            let (mut sha256, mut at, mut ended) = (Some(Sha256::new()), 0, false);
            let mut pull = |room: &mut [u8]| -> Result<usize, String> {
                if let Some(why) = broken.take() {
                    return Err(why);
                }
                let Some(reader) = reader.as_mut().filter(|_| !ended && !room.is_empty()) else {
                    return Ok(0);
                };
                let n = reader.read_at(at, room).map_err(|error| damaged(&error.to_string()))?;
                at += n as u64;
                ended = n == 0;
                if let Some(sha256) = &mut sha256 {
                    sha256.update(&room[..n]);
                }
                let sum = sha256.take_if(|_| ended).map(|sha256| HEXLOWER.encode(&sha256.finalize()));
                if sum.is_some() && sum != entry.sha256 {
                    return Err(damaged("its content does not fit its digest"));
                }
                Ok(n)
            };
            if entry.present && went(*number, &mut pull)? == Flow::Stop {
                return Ok(());
            }
        }
        Ok(())
    }
}

fn in_order(mut archive: Archive, wanted: &BTreeSet<usize>, went: Went<'_>) -> Result<()> {
    let Some(last) = wanted.last() else { return Ok(()) };
    let mut number = 0;
    // What is wrong with the archive as a whole was told when it was listed.
    while let Ok(Some(member)) = archive.next_member() {
        if member.kind != Kind::File {
            continue;
        }
        if wanted.contains(&number) {
            let mut pull = |room: &mut [u8]| archive.read(room).map_err(|broken| broken.reason().to_owned());
            if went(number, &mut pull)? == Flow::Stop {
                return Ok(());
            }
        }
        if number == *last {
            return Ok(());
        }
        number += 1;
    }
    Ok(())
}
