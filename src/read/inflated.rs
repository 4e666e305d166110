//! An entry's bytes, inflated if they are gzip's: rotated logs in other tools' archives.

use super::contents::Pull;
use crate::logs::{GZIP, Gunzip, MOST_INFLATED};

/// One entry on its way.
pub struct Inflated<'p> {
    pull: Pull<'p>,
    /// What was read to tell the format, and not given yet.
    ahead: Vec<u8>,
    begun: bool,
    gunzip: Option<Gunzip>,
}

impl<'p> Inflated<'p> {
    /// At the beginning.
    pub fn new(pull: Pull<'p>) -> Self {
        Self { pull, ahead: Vec::new(), begun: false, gunzip: None }
    }

    /// The next bytes; 0 at the end.
    ///
    /// # Errors
    /// Why there are no more: what it is read from, or damage.
    pub fn read(&mut self, room: &mut [u8]) -> Result<usize, String> {
        let Self { pull, ahead, begun, gunzip } = self;
        let mut raw = |room: &mut [u8]| -> Result<usize, String> {
            let mut done = ahead.len().min(room.len());
            room[..done].copy_from_slice(&ahead[..done]);
            ahead.drain(..done);
            while done < room.len() {
                match pull(&mut room[done..])? {
                    0 => break,
                    n => done += n,
                }
            }
            Ok(done)
        };
        if !*begun {
            *begun = true;
            let mut magic = [0; GZIP.len()];
            let n = raw(&mut magic)?;
            if magic == GZIP {
                *gunzip = Some(Gunzip::new(MOST_INFLATED));
            }
            ahead.extend_from_slice(&magic[..n]);
            return self.read(room);
        }
        let Some(gunzip) = gunzip else { return raw(room) };
        match gunzip.read(&mut raw, room)? {
            0 => gunzip.damage().map_or(Ok(0), |damage| Err(damage.reason())),
            n => Ok(n),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(bytes: &[u8]) -> Result<Vec<u8>, String> {
        let mut rest = bytes;
        let mut pull = |room: &mut [u8]| {
            let n = rest.len().min(room.len()).min(3);
            room[..n].copy_from_slice(&rest[..n]);
            rest = &rest[n..];
            Ok(n)
        };
        let (mut inflated, mut all, mut room) = (Inflated::new(&mut pull), Vec::new(), [0; 100]);
        loop {
            match inflated.read(&mut room)? {
                0 => return Ok(all),
                n => all.extend_from_slice(&room[..n]),
            }
        }
    }

    #[test]
    fn plain_and_packed_texts_come_plain() {
        use std::io::Write as _;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(b"one\ntwo\n").unwrap();
        let packed = gzip.finish().unwrap();
        assert_eq!(read(&packed).unwrap(), b"one\ntwo\n");
        for plain in [&b""[..], b"\x1f", b"x", b"one\ntwo\n"] {
            assert_eq!(read(plain).unwrap(), plain);
        }
        assert!(read(&packed[..packed.len() - 3]).unwrap_err().contains("too early"));
    }
}
