//! The way back to an entry's start, when it is withheld or the disk is full.

use flate2::Crc;

use super::{output::Trouble, writer::Writer};

/// The way back to an entry's start.
#[derive(Debug)]
pub(super) struct Mark {
    pub(super) position: u64,
    pub(super) crc: Crc,
    pub(super) len: u64,
}

impl Writer {
    /// The state before an entry.
    pub(super) fn mark(&mut self) -> Mark {
        self.added.clear();
        let mut crc = Crc::new();
        crc.combine(&self.crc);
        Mark { position: self.out.position(), crc, len: self.len }
    }

    pub(super) fn rewind(&mut self, mark: Mark, erase: bool) -> Result<(), Trouble> {
        self.crc = mark.crc;
        self.len = mark.len;
        for folder in self.added.drain(..) {
            self.folders.remove(&folder);
        }
        if !erase {
            self.out.back_to(mark.position);
            return Ok(());
        }
        match self.out.erase_to(mark.position) {
            Err(Trouble::Full) => {
                self.full = true;
                Ok(())
            }
            other => other,
        }
    }
}
