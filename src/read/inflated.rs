//! An entry's bytes, inflated if they are gzip's: rotated logs in other tools' archives. What all of an
//! archive's inflate to has one cap, so that a small archive can't keep a reader busy for hours.

use std::sync::atomic::{AtomicU64, Ordering};

use super::contents::Pull;
use crate::{
    logs::{GZIP, Gunzip, MOST_INFLATED},
    units::show_size,
};

/// Inflated bytes for each byte of the archive, as `unpack` allows: logs gain 10 to 30, hardly ever 100.
pub const GAIN: u64 = 250;
/// Inflated bytes that are nobody's harm, and those that nobody reads.
const LEAST: u64 = 1 << 30;
const MOST: u64 = 64 << 30;

/// What the compressed files in one archive may still inflate to, whoever reads them.
#[derive(Debug)]
pub struct Budget {
    all: u64,
    left: AtomicU64,
}

impl Budget {
    /// Of an archive of so many bytes.
    pub fn of(bytes: u64) -> Self {
        let all = bytes.saturating_mul(GAIN).clamp(LEAST, MOST);
        Self { all, left: AtomicU64::new(all) }
    }

    fn take(&self, bytes: u64) -> Result<(), String> {
        let taken = |left: u64| left.checked_sub(bytes);
        match self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, taken) {
            Ok(_) => Ok(()),
            Err(_) => Err(format!(
                "the compressed files in the archive inflate to more than {}: the rest was left out",
                show_size(self.all)
            )),
        }
    }
}

/// One entry on its way.
pub struct Inflated<'p> {
    pull: Pull<'p>,
    budget: &'p Budget,
    /// What was read to tell the format, and not given yet.
    ahead: Vec<u8>,
    begun: bool,
    gunzip: Option<Gunzip>,
}

impl<'p> Inflated<'p> {
    /// At the beginning.
    pub fn new(pull: Pull<'p>, budget: &'p Budget) -> Self {
        Self { pull, budget, ahead: Vec::new(), begun: false, gunzip: None }
    }

    /// The next bytes; 0 at the end.
    ///
    /// # Errors
    /// Why there are no more: what it is read from, or damage.
    pub fn read(&mut self, room: &mut [u8]) -> Result<usize, String> {
        let Self { pull, budget, ahead, begun, gunzip } = self;
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
            n => budget.take(n as u64).map(|()| n),
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
        let budget = Budget::of(0);
        let (mut inflated, mut all, mut room) = (Inflated::new(&mut pull, &budget), Vec::new(), [0; 100]);
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

    #[test]
    fn all_compressed_files_of_an_archive_share_what_they_may_inflate_to() {
        use std::io::Write as _;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        (0..300).for_each(|_| gzip.write_all(&vec![0; 1 << 20]).unwrap());
        let packed = gzip.finish().unwrap();
        let (budget, mut room) = (Budget::of(packed.len() as u64), vec![0; 1 << 20]);
        let mut inflate = || {
            let (mut rest, mut bytes) = (packed.as_slice(), 0);
            let mut pull = |room: &mut [u8]| {
                let n = rest.len().min(room.len());
                room[..n].copy_from_slice(&rest[..n]);
                rest = &rest[n..];
                Ok(n)
            };
            let mut inflated = Inflated::new(&mut pull, &budget);
            loop {
                match inflated.read(&mut room) {
                    Ok(0) => return Ok(bytes),
                    Ok(n) => bytes += n as u64,
                    Err(why) => return Err((bytes, why)),
                }
            }
        };
        assert_eq!([inflate(), inflate(), inflate()], [const { Ok(300 << 20) }; 3]);
        let (bytes, why) = inflate().unwrap_err();
        assert!(bytes <= LEAST - (900 << 20) && why.contains("inflate to more than"), "{bytes}: {why}");
    }
}
