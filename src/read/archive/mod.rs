//! Any tar archive, plain or gzip's, from begin to end: its members and their bytes, as a stranger made
//! them. Believes no name, size or checksum, holds one block, writes nothing. Which names are safe to
//! use is for its callers to say.

mod behind;
mod bytes;
mod opening;

use std::fs::File;

use crate::{
    logs::GZIP,
    pack::{Origin, origin},
    read::tar::{BLOCK, Header, NoHeader, number_of, pax},
};
use behind::follows;
use bytes::Bytes;
use opening::OTHERS;
pub use opening::{is_archive, packed_by};

/// Longest long name, PATH_MAX; a longer one is left out, and the short one stands.
const LONGEST_NAME: u64 = 4 << 10;
/// Longest records of pax: beside a name they hold labels and access lists, and the size.
const LONGEST_RECORDS: u64 = 64 << 10;
const PIECE: usize = 64 << 10;

/// An archive on its way through.
pub struct Archive {
    bytes: Bytes,
    /// Bytes of the member at hand that were not read yet, and its padding.
    left: u64,
    padding: u64,
    ended: bool,
    /// A bundle whose run was killed: its last entry does not know its size yet.
    unfinished: bool,
    /// Whether what stands behind the member at hand was looked at.
    looked: bool,
    /// The first member's name.
    first: Vec<u8>,
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
        let unfinished = origin(&head[..n]) == Origin::Unfinished;
        let mut bytes = raw.again(head.starts_with(&GZIP));
        let n = bytes.fill(&mut head).map_err(in_words)?;
        if n < BLOCK && bytes.damaged() {
            return Err(bytes.why_it_ended().reason().to_owned());
        }
        if n < BLOCK || (Header::parse(&head) == Err(NoHeader::Damaged) && head != [0; BLOCK]) {
            return Err("it is no tar archive".to_owned());
        }
        let packed = bytes.is_packed();
        let bytes = bytes.again(packed);
        Ok(Self { bytes, left: 0, padding: 0, ended: false, unfinished, looked: true, first: Vec::new() })
    }

    /// Whether it is a bundle whose run was killed: the last entry's size is unknown, and all that is there is its.
    pub fn is_unfinished(&self) -> bool {
        self.unfinished
    }

    /// The next member; what was not read of the one at hand is passed over.
    ///
    /// # Errors
    /// When there is no way on.
    pub fn next_member(&mut self) -> Result<Option<Member>, Broken> {
        let (mut long_name, mut records) = (None, Vec::new());
        loop {
            self.pass_over()?;
            let Some(header) = self.header()? else { return Ok(None) };
            self.left = header.size;
            self.padding = (BLOCK as u64 - header.size % BLOCK as u64) % BLOCK as u64;
            match header.kind {
                b'L' => long_name = self.long(LONGEST_NAME)?,
                b'x' => records = self.long(LONGEST_RECORDS)?.unwrap_or_default(),
                // A long target of a link, and what holds for all that follows: of no use here.
                b'K' | b'g' => {}
                _ => {
                    if let Some(text) = pax(&records, "size") {
                        let size = number_of(&text).ok_or_else(absurd)?;
                        self.left = size;
                        self.padding = (BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64;
                    }
                    let told = pax(&records, "path").filter(|name| name.len() as u64 <= LONGEST_NAME);
                    let name = told.or(long_name).unwrap_or(header.name);
                    // Since pax a sparse file looks like any other, and its content begins with a map.
                    let sparse =
                        ["GNU.sparse.major", "GNU.sparse.size", "GNU.sparse.map", "GNU.sparse.numblocks"];
                    let sparse = sparse.iter().any(|key| pax(&records, key).is_some());
                    let kind = kind(if sparse { b'S' } else { header.kind });
                    if header.map_goes_on {
                        self.rest_of_map()?;
                    }
                    self.looked = !self.unfinished || kind != Kind::File;
                    if self.first.is_empty() {
                        self.first.clone_from(&name);
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
        if self.left == 0 && !self.looked {
            self.look_behind()?;
        }
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
        Header::parse(&block).map(Some).map_err(|no_header| match no_header {
            NoHeader::Damaged => Broken::Damaged("where a header should stand is none".to_owned()),
            NoHeader::Size => absurd(),
        })
    }

    /// In an unfinished bundle: whether the next member follows, or all that is left is of the one at hand.
    fn look_behind(&mut self) -> Result<(), Broken> {
        self.looked = true;
        let padding = usize::try_from(self.padding).unwrap_or(0);
        let mut behind = vec![0; padding + BLOCK];
        let n = self.bytes.fill(&mut behind)?;
        behind.truncate(n);
        if !follows(&behind, padding, &self.first) {
            (self.left, self.padding) = (u64::MAX >> 1, 0);
        }
        self.bytes.give_back(behind);
        Ok(())
    }

    /// A long name, or records; nothing if it is longer than any of use.
    fn long(&mut self, most: u64) -> Result<Option<Vec<u8>>, Broken> {
        if self.left > most {
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

    /// What is left of the member at hand.
    fn pass_over(&mut self) -> Result<(), Broken> {
        let mut piece = vec![0; if self.left == 0 && self.looked { 0 } else { PIECE }];
        while !piece.is_empty() && self.read(&mut piece)? > 0 {}
        let mut padding = [0; BLOCK];
        let wanted = usize::try_from(std::mem::take(&mut self.padding)).unwrap_or(0);
        if self.bytes.fill(&mut padding[..wanted])? < wanted {
            return Err(self.bytes.why_it_ended());
        }
        Ok(())
    }
}

fn absurd() -> Broken {
    Broken::Damaged("a header tells a size that is negative or beyond all bounds".to_owned())
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

#[cfg(test)]
mod tests;
