//! Any tar archive, plain or gzip's, from begin to end: its members and their bytes, as a stranger made
//! them. Believes no name, size or checksum, holds one block, writes nothing. Which names are safe to
//! use is for its callers to say.

use std::{fs::File, os::unix::fs::FileExt};

use super::tar::{BLOCK, Header, pax};
use crate::logs::{Damage, GZIP, Gunzip};

/// Nobody reads an archive that inflates to more.
const MOST: u64 = 64 << 30;
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
pub(super) fn packed_by(head: &[u8]) -> Option<&'static str> {
    let other = OTHERS.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, program)| *program);
    let tar = || head.get(257..262).is_some_and(|at| at == b"ustar").then_some("a tar archive");
    let gzip = || head.starts_with(&GZIP).then_some("gzip, twice");
    other.or_else(tar).or_else(gzip)
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
        let mut raw = Bytes { file, at: 0, gunzip: None };
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
        let packed = bytes.gunzip.is_some();
        Ok(Self { bytes: bytes.again(packed), left: 0, padding: 0, ended: false })
    }

    /// The next member; what was not read of the one at hand is passed over.
    ///
    /// # Errors
    /// When there is no way on.
    pub fn next(&mut self) -> Result<Option<Member>, Broken> {
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
        match &self.bytes.gunzip {
            Some(gunzip) if gunzip.damage().is_some() => Err(self.bytes.why_it_ended()),
            Some(gunzip) if gunzip.trailing() => Err(Broken::Damaged("something follows its end".to_owned())),
            _ if !self.ended => Err(Broken::Cut),
            _ => Ok(()),
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

/// The file's bytes, inflated where that is needed.
struct Bytes {
    file: File,
    at: u64,
    gunzip: Option<Gunzip>,
}

impl Bytes {
    /// From the beginning.
    fn again(self, packed: bool) -> Self {
        Self { file: self.file, at: 0, gunzip: packed.then(|| Gunzip::new(MOST)) }
    }

    /// Fills a buffer; less than all of it only at the end.
    fn fill(&mut self, buf: &mut [u8]) -> Result<usize, Broken> {
        let Self { file, at, gunzip } = self;
        let mut raw = |room: &mut [u8]| -> Result<usize, Broken> {
            let mut done = 0;
            while done < room.len() {
                match file.read_at(&mut room[done..], *at) {
                    Ok(0) => break,
                    Ok(n) => {
                        done += n;
                        *at += n as u64;
                    }
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(Broken::Damaged(error.to_string())),
                }
            }
            Ok(done)
        };
        let Some(gunzip) = gunzip else { return raw(buf) };
        let mut done = 0;
        while done < buf.len() {
            match gunzip.read(&mut raw, &mut buf[done..])? {
                0 => break,
                n => done += n,
            }
        }
        Ok(done)
    }

    fn damaged(&self) -> bool {
        self.gunzip.as_ref().is_some_and(|gunzip| gunzip.damage().is_some())
    }

    fn why_it_ended(&self) -> Broken {
        match self.gunzip.as_ref().and_then(Gunzip::damage) {
            None | Some(Damage::Cut) => Broken::Cut,
            Some(damage) => Broken::Damaged(damage.reason()),
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)] // archives of the tests' own
mod tests {
    use super::*;

    fn archive(bytes: &[u8]) -> Result<Archive, String> {
        use std::sync::atomic::{AtomicU32, Ordering};
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("glsos-archive-{}-{number}", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        let file = File::open(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        Archive::new(file)
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        use std::io::Write;
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        gzip.write_all(bytes).unwrap();
        gzip.finish().unwrap()
    }

    /// A short name, a long one of each format, and a folder.
    fn tar() -> Vec<u8> {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(5);
        tar.append_data(&mut header, "short", &b"one\n2"[..]).unwrap();
        tar.append_data(&mut header, "long/".repeat(60) + "x", &b"three"[..]).unwrap();
        let path = format!("{}y", "pax/".repeat(60));
        tar.append_pax_extensions([("path", path.as_bytes()), ("comment", b"no")]).unwrap();
        let mut plain = tar::Header::new_ustar();
        plain.set_size(600);
        plain.set_path("cut").unwrap();
        plain.set_cksum();
        tar.append(&plain, &[b'p'; 600][..]).unwrap();
        let mut folder = tar::Header::new_gnu();
        folder.set_entry_type(tar::EntryType::Directory);
        folder.set_size(0);
        tar.append_data(&mut folder, "folder", &b""[..]).unwrap();
        tar.into_inner().unwrap()
    }

    type All = Vec<(String, usize, Kind)>;

    fn all(archive: &mut Archive) -> (All, Result<(), Broken>) {
        let mut members = Vec::new();
        loop {
            match archive.next() {
                Ok(None) => return (members, archive.finish()),
                Err(broken) => return (members, Err(broken)),
                Ok(Some(member)) => {
                    let (mut length, mut buf) = (0, [0; 100]);
                    let end = loop {
                        match archive.read(&mut buf) {
                            Ok(0) => break Ok(()),
                            Ok(n) => length += n,
                            Err(broken) => break Err(broken),
                        }
                    };
                    members.push((String::from_utf8(member.name).unwrap(), length, member.kind));
                    if end.is_err() {
                        return (members, end);
                    }
                }
            }
        }
    }

    #[test]
    fn members_of_every_format_are_told_plain_and_packed() {
        for bytes in [tar(), gzip(&tar())] {
            let (members, end) = all(&mut archive(&bytes).unwrap());
            assert_eq!(end, Ok(()));
            let lengths: Vec<_> = members.iter().map(|(_, length, _)| *length).collect();
            assert_eq!(lengths, [5, 5, 600, 0]);
            assert!(members[1].0.len() == 301 && members[2].0.ends_with("pax/y"), "{members:?}");
            assert_eq!(members[3].2, Kind::Folder);
        }
    }

    #[test]
    fn one_that_was_cut_anywhere_gives_what_is_there_and_says_so() {
        for whole in [tar(), gzip(&tar())] {
            for length in (600.min(whole.len() / 2)..whole.len() - 1024.min(whole.len() / 2)).step_by(7) {
                let Ok(mut archive) = archive(&whole[..length]) else { continue };
                let (members, end) = all(&mut archive);
                assert_eq!(end, Err(Broken::Cut), "{length}");
                assert!(members.len() <= 4);
            }
        }
    }

    #[test]
    fn what_is_no_archive_is_told() {
        for (bytes, why) in [
            (&b""[..], "no tar archive"),
            (&[b'x'; 2000], "no tar archive"),
            (&gzip(&[b'x'; 2000]), "no tar archive"),
            (b"BZh91AY&SY", "compressed with bzip2"),
            (&gzip(&tar())[..40], "ends too early"),
        ] {
            assert!(archive(bytes).err().unwrap().contains(why), "{why}");
        }
    }

    #[test]
    fn a_size_beyond_all_bounds_and_a_name_without_end_cost_no_memory() {
        let mut header = tar::Header::new_gnu();
        header.set_size(1 << 61);
        header.set_path("x").unwrap();
        header.set_cksum();
        let (members, end) = all(&mut archive(&[header.as_bytes(), &[b'a'; 700][..]].concat()).unwrap());
        assert_eq!((members[0].1, end), (700, Err(Broken::Cut)));
        header.set_entry_type(tar::EntryType::GNULongName);
        header.set_cksum();
        let (members, end) = all(&mut archive(&[header.as_bytes(), &[b'a'; 700][..]].concat()).unwrap());
        assert_eq!((members.len(), end), (0, Err(Broken::Cut)));
    }
}
