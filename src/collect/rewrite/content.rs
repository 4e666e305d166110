//! The bytes of one member, inflated where they are compressed once more. What is wrong with them is told
//! at their end.

use sha2::{Digest, Sha256};

use crate::{
    logs::{GZIP, Gunzip, MOST_INFLATED},
    read::{Archive, Broken, Reader},
};

/// Most bytes of a member that are taken: longer ones are bombs, or nobody reads them.
const MOST: u64 = MOST_INFLATED;
const PIECE: usize = 256 << 10;

/// Where the bytes come from.
pub(super) enum Source {
    /// A bundle's entry.
    Place(Box<Place>),
    /// The archive's member at hand.
    Member,
}

/// A bundle's entry, by its place.
pub(super) struct Place {
    reader: Reader,
    /// How far it was read.
    at: u64,
    sha256: Sha256,
    /// The digest that it should have.
    expected: Option<[u8; 32]>,
}

impl Place {
    /// At its beginning.
    pub(super) fn new(reader: Reader, expected: Option<[u8; 32]>) -> Self {
        Self { reader, at: 0, sha256: Sha256::new(), expected }
    }
}

/// One member's bytes on their way.
pub(super) struct Content {
    source: Source,
    gunzip: Option<Gunzip>,
    ahead: Vec<u8>,
    given: usize,
    /// Bytes at the source.
    pub(super) bytes: u64,
    taken: u64,
    /// Why they end too early.
    pub(super) cut: Option<String>,
    /// Whether the archive itself can't be read any further.
    pub(super) broken: Option<Broken>,
}

impl Content {
    /// Looks at the first bytes.
    pub(super) fn new(source: Source, archive: &mut Archive) -> Self {
        let mut content = Self {
            source,
            gunzip: None,
            ahead: Vec::new(),
            given: 0,
            bytes: 0,
            taken: 0,
            cut: None,
            broken: None,
        };
        let mut head = vec![0; PIECE];
        let n = content.raw(archive, &mut head);
        head.truncate(n);
        content.gunzip = head.starts_with(&GZIP).then(|| Gunzip::new(MOST));
        content.ahead = head;
        content
    }

    /// Whether it is compressed.
    pub(super) fn is_packed(&self) -> bool {
        self.gunzip.is_some()
    }

    /// The next bytes; none at the end.
    pub(super) fn next(&mut self, archive: &mut Archive, buffer: &mut Vec<u8>) {
        buffer.resize(PIECE, 0);
        let n = match self.gunzip.take() {
            None => self.pull(archive, buffer),
            Some(mut gunzip) => {
                let mut pull = |room: &mut [u8]| Ok::<_, std::convert::Infallible>(self.pull(archive, room));
                let n = gunzip.read(&mut pull, buffer).unwrap_or(0);
                if let Some(damage) = gunzip.damage().filter(|_| n == 0) {
                    self.cut.get_or_insert(damage.reason());
                }
                self.gunzip = Some(gunzip);
                n
            }
        };
        self.taken += n as u64;
        buffer.truncate(n);
        if self.taken > MOST {
            buffer.clear();
            self.cut.get_or_insert(format!("longer than {} GiB", MOST >> 30));
        }
        if buffer.is_empty() {
            self.judge();
        }
    }

    /// Whether a bundle's entry is what its manifest says.
    fn judge(&mut self) {
        if let Source::Place(place) = &self.source
            && self.cut.is_none()
            && place.expected != Some(place.sha256.clone().finalize().into())
        {
            self.cut = Some("its content does not fit its digest: it was damaged".to_owned());
        }
    }

    /// What was looked at ahead, then what follows.
    fn pull(&mut self, archive: &mut Archive, room: &mut [u8]) -> usize {
        let had = (self.ahead.len() - self.given).min(room.len());
        room[..had].copy_from_slice(&self.ahead[self.given..self.given + had]);
        self.given += had;
        if self.given == self.ahead.len() {
            (self.ahead, self.given) = (Vec::new(), 0);
        }
        had + self.raw(archive, &mut room[had..])
    }

    /// Fills a buffer; less than all of it only at the end, or where there is no way on.
    fn raw(&mut self, archive: &mut Archive, room: &mut [u8]) -> usize {
        let mut done = 0;
        while done < room.len() && self.cut.is_none() {
            let read = match &mut self.source {
                Source::Member => archive.read(&mut room[done..]),
                Source::Place(place) => place
                    .reader
                    .read_at(place.at, &mut room[done..])
                    .map_err(|error| Broken::Damaged(error.to_string())),
            };
            match read {
                Ok(0) => break,
                Ok(n) => {
                    if let Source::Place(place) = &mut self.source {
                        place.at += n as u64;
                        place.sha256.update(&room[done..done + n]);
                    }
                    done += n;
                }
                Err(broken) => {
                    self.cut = Some(format!("damaged in the old archive: {}", broken.reason()));
                    self.broken = matches!(self.source, Source::Member).then_some(broken);
                }
            }
        }
        self.bytes += done as u64;
        done
    }
}
