//! The bytes of some of an archive's entries, one after the other, in its order.

use std::collections::BTreeSet;

use super::{Archived, Contents, MANIFEST};
use crate::{
    error::{Error, Result},
    host::Flow,
    read::{Archive, Bundle, Members, Verified},
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
        let wanted = &wanted.iter().copied().filter(|number| !self.listed[*number].repeated).collect();
        match &self.kind {
            Archived::Ours(bundle) => self.by_place(bundle, wanted, went),
            Archived::Other(file) => {
                let again = file.try_clone().map_err(|error| Error::host(error.to_string()))?;
                let archive = Archive::new(again).map_err(Error::host)?;
                in_order(Members::new(archive, |_| self.top.clone()), wanted, went)
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
            let mut broken = bundle.wrong(*number).map(|why| format!("it is damaged: {why}"));
            let mut verified = Verified::new(bundle, entry).map_err(Error::host)?;
            let mut pull = |room: &mut [u8]| broken.take().map_or_else(|| verified.read(room), Err);
            if entry.present && went(*number, &mut pull)? == Flow::Stop {
                return Ok(());
            }
        }
        Ok(())
    }
}

fn in_order(mut members: Members<'_>, wanted: &BTreeSet<usize>, went: Went<'_>) -> Result<()> {
    let Some(last) = wanted.last() else { return Ok(()) };
    // What is wrong with the archive as a whole was told when it was listed.
    while let Ok(Some(file)) = members.next_file() {
        let number = file.number;
        if wanted.contains(&number) && went(number, &mut |room: &mut [u8]| members.read(room))? == Flow::Stop
            || number == *last
        {
            return Ok(());
        }
    }
    Ok(())
}
