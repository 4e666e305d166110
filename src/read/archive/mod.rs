//! Any tar archive, plain or gzip's, from begin to end: its members and their bytes, as a stranger made
//! them. Believes no name, size or checksum, holds one block, writes nothing. Which names are safe to
//! use is for its callers to say.

mod bytes;

use std::{convert::Infallible, fs::File};

use crate::{
    logs::{GZIP, Gunzip},
    read::tar::{BLOCK, Header, pax},
};
use bytes::Bytes;

/// Longest long name; a longer one is left out, and the short one stands.
const LONGEST_NAME: u64 = 64 << 10;
const PIECE: usize = 64 << 10;

/// What compresses archives, and is not read here.
const OTHERS: &[(&[u8], &str)] = &[
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
];

/// What makes a file's text unreadable, if that is what its first bytes say.
pub fn packed_by(head: &[u8]) -> Option<&'static str> {
    let other = OTHERS.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, program)| *program);
    let tar = || head.get(257..262).is_some_and(|at| at == b"ustar").then_some("a tar archive");
    let gzip = || head.starts_with(&GZIP).then_some("gzip, twice");
    other.or_else(tar).or_else(gzip)
}

/// Whether a file that begins so is a tar archive, plain or gzip's.
pub fn is_archive(head: &[u8]) -> bool {
    let mut block = [0; BLOCK];
    let mut rest = head;
    let mut pull = |room: &mut [u8]| {
        let n = rest.len().min(room.len());
        room[..n].copy_from_slice(&rest[..n]);
        rest = &rest[n..];
        Ok::<_, Infallible>(n)
    };
    if head.starts_with(&GZIP) {
        let mut gunzip = Gunzip::new(u64::MAX);
        let mut done = 0;
        while let Ok(n @ 1..) = gunzip.read(&mut pull, &mut block[done..]) {
            done += n;
        }
    } else {
        let _ = pull(&mut block);
    }
    Header::parse(&block).is_some()
}

/// An archive on its way through.
pub struct Archive {
    bytes: Bytes,
    /// Bytes of the member at hand that were not read yet, and its padding.
    left: u64,
    padding: u64,
    ended: bool,
}

/// One member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    /// As it stands there: any bytes.
    pub name: Vec<u8>,
    /// What it is.
    pub kind: Kind,
    /// What it says of its size.
    pub size: u64,
    /// Seconds since 1970.
    pub mtime: i64,
}

/// What a member is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// Anything that a bundle has no place for, in words.
    Other(&'static str),
}

/// Why an archive can't be read any further.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Broken {
    /// It ends before its end.
    Cut,
    /// Anything else.
    Damaged(String),
}

impl Broken {
    /// In words.
    pub fn reason(&self) -> &str {
        match self {
            Self::Cut => "it ends too early",
            Self::Damaged(why) => why,
        }
    }
}

impl Archive {
    /// Looks at the beginning of a file.
    ///
    /// # Errors
    /// Why it is no archive that can be read.
    pub fn new(file: File) -> Result<Self, String> {
        let mut head = [0; BLOCK];
        let mut raw = Bytes::new(file);
        let in_words = |broken: Broken| broken.reason().to_owned();
        let n = raw.fill(&mut head).map_err(in_words)?;
        if let Some((_, program)) = OTHERS.iter().find(|(magic, _)| head[..n].starts_with(magic)) {
            return Err(format!("it is compressed with {program}, which glsos does not read"));
        }
        let mut bytes = raw.again(head.starts_with(&GZIP));
        let n = bytes.fill(&mut head).map_err(in_words)?;
        if n < BLOCK && bytes.damaged() {
            return Err(bytes.why_it_ended().reason().to_owned());
        }
        if n < BLOCK || (Header::parse(&head).is_none() && head != [0; BLOCK]) {
            return Err("it is no tar archive".to_owned());
        }
        let packed = bytes.is_packed();
        Ok(Self { bytes: bytes.again(packed), left: 0, padding: 0, ended: false })
    }

    /// The next member; what was not read of the one at hand is passed over.
    ///
    /// # Errors
    /// When there is no way on.
    pub fn next_member(&mut self) -> Result<Option<Member>, Broken> {
        let (mut long_name, mut records) = (None, Vec::new());
        loop {
            self.pass_over(self.left + self.padding)?;
            (self.left, self.padding) = (0, 0);
            let Some(header) = self.header()? else { return Ok(None) };
            self.left = header.size;
            self.padding = (BLOCK as u64 - header.size % BLOCK as u64) % BLOCK as u64;
            match header.kind {
                b'L' => long_name = self.long()?,
                b'x' => records = self.long()?.unwrap_or_default(),
                // A long target of a link, and what holds for all that follows: of no use here.
                b'K' | b'g' => {}
                _ => {
                    if let Some(size) = number(&records, "size") {
                        self.left = size;
                        self.padding = (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64;
                    }
                    let name = pax(&records, "path").or(long_name).unwrap_or(header.name);
                    let kind = kind(header.kind);
                    if header.map_goes_on {
                        self.rest_of_map()?;
                    }
                    return Ok(Some(Member { name, kind, size: self.left, mtime: header.mtime }));
                }
            }
        }
    }

    /// The next bytes of the member at hand; 0 at its end.
    ///
    /// # Errors
    /// When the archive ends inside it, or is damaged there.
    pub fn read(&mut self, buf: &mut [u8]) -> Result<usize, Broken> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(buf.len());
        if most == 0 {
            return Ok(0);
        }
        let n = self.bytes.fill(&mut buf[..most])?;
        self.left -= n as u64;
        if n == 0 { Err(self.bytes.why_it_ended()) } else { Ok(n) }
    }

    /// Reads what follows the last member, whose checksum covers all.
    ///
    /// # Errors
    /// A wrong checksum, an end that is missing, and anything behind the end.
    pub fn finish(&mut self) -> Result<(), Broken> {
        let mut piece = vec![0; PIECE];
        loop {
            let n = self.bytes.fill(&mut piece)?;
            if piece[..n].iter().any(|b| *b != 0) {
                return Err(Broken::Damaged("something follows its end".to_owned()));
            }
            if n == 0 {
                break;
            }
        }
        if self.bytes.damaged() {
            Err(self.bytes.why_it_ended())
        } else if self.bytes.trailing() {
            Err(Broken::Damaged("something follows its end".to_owned()))
        } else if self.ended {
            Ok(())
        } else {
            Err(Broken::Cut)
        }
    }

    /// The next header, or nothing at the end.
    fn header(&mut self) -> Result<Option<Header>, Broken> {
        let mut block = [0; BLOCK];
        let mut zeros = 0;
        loop {
            match self.bytes.fill(&mut block)? {
                // Some writers leave the end out.
                0 if !self.bytes.damaged() => return Ok(None),
                BLOCK => {}
                _ => return Err(self.bytes.why_it_ended()),
            }
            if block != [0; BLOCK] {
                break;
            }
            zeros += 1;
            if zeros == 2 {
                self.ended = true;
                return Ok(None);
            }
        }
        let damaged = || Broken::Damaged("where a header should stand is none".to_owned());
        Header::parse(&block).ok_or_else(damaged).map(Some)
    }

    /// A long name, or records; nothing if it is longer than any of use.
    fn long(&mut self) -> Result<Option<Vec<u8>>, Broken> {
        if self.left > LONGEST_NAME {
            return Ok(None);
        }
        let mut bytes = vec![0; usize::try_from(self.left).unwrap_or(0)];
        let mut done = 0;
        while done < bytes.len() {
            done += self.read(&mut bytes[done..])?;
        }
        if bytes.last() == Some(&0) {
            bytes.pop();
        }
        Ok(Some(bytes))
    }

    fn rest_of_map(&mut self) -> Result<(), Broken> {
        let mut block = [0; BLOCK];
        loop {
            if self.bytes.fill(&mut block)? < BLOCK {
                return Err(self.bytes.why_it_ended());
            }
            if block[504] == 0 {
                return Ok(());
            }
        }
    }

    fn pass_over(&mut self, mut bytes: u64) -> Result<(), Broken> {
        let mut piece = vec![0; if bytes == 0 { 0 } else { PIECE }];
        while bytes > 0 {
            let most = usize::try_from(bytes).unwrap_or(PIECE).min(PIECE);
            match self.bytes.fill(&mut piece[..most])? {
                0 => return Err(self.bytes.why_it_ended()),
                n => bytes -= n as u64,
            }
        }
        Ok(())
    }
}

fn kind(flag: u8) -> Kind {
    match flag {
        0 | b'0' | b'7' => Kind::File,
        b'5' => Kind::Folder,
        b'1' => Kind::Other("a hard link"),
        b'2' => Kind::Other("a symbolic link"),
        b'3' | b'4' => Kind::Other("a device"),
        b'6' => Kind::Other("a named pipe"),
        b'S' => Kind::Other("a sparse file"),
        _ => Kind::Other("of an unknown kind"),
    }
}

fn number(records: &[u8], key: &str) -> Option<u64> {
    let number = std::str::from_utf8(&pax(records, key)?).ok()?.parse().ok()?;
    (number < 1 << 62).then_some(number)
}

#[cfg(test)]
mod tests;
