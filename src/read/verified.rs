//! One entry of a bundle by its place, held against its digest on the way: whoever reads an entry to its end
//! learns whether it is what the manifest says. Show, report, diff and unpack all read through this.

use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use super::{Bundle, Reader};
use crate::pack::manifest::Entry;

/// An entry on its way.
pub(crate) struct Verified {
    reader: Option<Reader>,
    at: u64,
    sha256: Sha256,
    /// What the manifest says.
    told: Option<String>,
}

impl Verified {
    /// At the beginning of an entry that is there.
    ///
    /// # Errors
    /// Why it can't be read at all.
    pub(crate) fn new(bundle: &Bundle, entry: &Entry) -> Result<Self, String> {
        let reader = bundle.reader(entry).map_err(|error| error.to_string())?;
        Ok(Self { reader, at: 0, sha256: Sha256::new(), told: entry.sha256.clone() })
    }

    /// The next bytes; 0 at the end.
    ///
    /// # Errors
    /// Damage; at the end a digest that does not fit.
    pub(crate) fn read(&mut self, room: &mut [u8]) -> Result<usize, String> {
        let Some(reader) = self.reader.as_mut().filter(|_| !room.is_empty()) else { return Ok(0) };
        let n = reader.read_at(self.at, room).map_err(|error| format!("it is damaged: {error}"))?;
        self.at += n as u64;
        self.sha256.update(&room[..n]);
        if n == 0 {
            self.reader = None;
            let sum = HEXLOWER.encode(&std::mem::take(&mut self.sha256).finalize());
            if self.told.as_ref() != Some(&sum) {
                return Err("it is damaged: its content does not fit its digest".to_owned());
            }
        }
        Ok(n)
    }

    /// Bytes that were read.
    pub(crate) fn done(&self) -> u64 {
        self.at
    }
}
