//! The files of an archive in its order, as all that reads one at the desk has them: below the top folder,
//! each name once, and so many of them and no more. Only the first file of a name is read: `unpack` keeps
//! that one too, so that what is shown, reported on and unpacked is the same.

use std::collections::HashSet;

use super::{Archive, Kind, top::Top};

/// Files beyond this are not looked at: a bundle has a tenth of that.
const MOST: usize = 100_000;
/// Bytes of all names; those of a hundred thousand files take a third.
const NAMES: usize = 32 << 20;

/// Which folder is the top one, by the first member's name.
type TopOf<'t> = Box<dyn Fn(&[u8]) -> Top + Send + 't>;

/// An archive on its way through.
pub(crate) struct Members<'t> {
    archive: Archive,
    top_of: TopOf<'t>,
    top: Option<Top>,
    seen: HashSet<Vec<u8>>,
    bytes: usize,
    number: usize,
}

/// A file in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Inside {
    /// Its number, from 0.
    pub(crate) number: usize,
    /// Its name below the top folder; a stranger's.
    pub(crate) name: String,
    /// What its header says of its size.
    pub(crate) size: u64,
    /// Seconds since 1970.
    pub(crate) mtime: i64,
    /// Whether one of this name came before.
    pub(crate) repeated: bool,
}

impl<'t> Members<'t> {
    pub(crate) fn new(archive: Archive, top_of: impl Fn(&[u8]) -> Top + Send + 't) -> Self {
        Self { archive, top_of: Box::new(top_of), top: None, seen: HashSet::new(), bytes: 0, number: 0 }
    }

    /// The next file; at the end all that follows it is checked.
    ///
    /// # Errors
    /// Why there may be more than can be had.
    pub(crate) fn next_file(&mut self) -> Result<Option<Inside>, String> {
        let in_words = |broken: super::Broken| broken.reason().to_owned();
        let member = loop {
            let Some(member) = self.archive.next_member().map_err(in_words)? else {
                self.archive.finish().map_err(in_words)?;
                return Ok(None);
            };
            if self.top.is_none() {
                self.top = Some((self.top_of)(&member.name));
            }
            if member.kind == Kind::File {
                break member;
            }
        };
        if self.number == MOST {
            return Err(format!("what follows {MOST} files was not read"));
        }
        let key = plain(&member.name);
        self.bytes += key.len();
        if self.bytes > NAMES {
            return Err(format!("its names are too long: what follows {} files was not read", self.number));
        }
        let below = self.top.as_ref().map_or(member.name.as_slice(), |top| top.below(&member.name));
        let name = String::from_utf8_lossy(below).into_owned();
        let number = self.number;
        self.number += 1;
        let repeated = !self.seen.insert(key);
        Ok(Some(Inside { number, name, size: member.size, mtime: member.mtime, repeated }))
    }

    /// The next bytes of the file at hand; 0 at its end.
    ///
    /// # Errors
    /// Why there are no more.
    pub(crate) fn read(&mut self, room: &mut [u8]) -> Result<usize, String> {
        self.archive.read(room).map_err(|broken| broken.reason().to_owned())
    }

    /// Whether only reading tells how long a file is: the run that wrote them was killed.
    pub(crate) fn is_unfinished(&self) -> bool {
        self.archive.is_unfinished()
    }

    /// The top folder.
    pub(crate) fn top(&self) -> Top {
        self.top.clone().unwrap_or_default()
    }
}

/// `./a//b` is the same file as `a/b`.
fn plain(name: &[u8]) -> Vec<u8> {
    let parts: Vec<&[u8]> = name.split(|b| *b == b'/').filter(|part| !matches!(*part, b"" | b".")).collect();
    parts.join(&b'/')
}

#[cfg(test)]
mod tests {
    use std::{fs::File, io::Write as _, os::fd::OwnedFd};

    use nix::sys::memfd::{MFdFlags, memfd_create};

    use super::*;

    fn members(names: &[String]) -> Members<'static> {
        let mut tar = tar::Builder::new(Vec::new());
        for name in names {
            let mut header = tar::Header::new_gnu();
            header.set_size(1);
            header.set_entry_type(tar::EntryType::Regular);
            if name.len() > 100 {
                tar.append_data(&mut header, name, &b"x"[..]).unwrap();
                continue;
            }
            // The crate would make it plain.
            header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
            header.set_cksum();
            tar.append(&header, &b"x"[..]).unwrap();
        }
        let file: OwnedFd = memfd_create("archive", MFdFlags::empty()).unwrap();
        let mut file = File::from(file);
        file.write_all(&tar.into_inner().unwrap()).unwrap();
        Members::new(Archive::new(file).unwrap(), |_| Top::ours("b"))
    }

    #[test]
    fn a_name_twice_is_told_whatever_stands_between_its_parts() {
        let mut members = members(&["b/x/y", "b/x", "b//x/./y", "x/y"].map(str::to_owned));
        let mut all = Vec::new();
        while let Some(file) = members.next_file().unwrap() {
            all.push((file.name, file.repeated));
        }
        let expected =
            [("x/y", false), ("x", false), ("/x/./y", true), ("x/y", false)].map(|(n, r)| (n.to_owned(), r));
        assert_eq!(all, expected);
    }

    #[test]
    fn names_that_are_long_and_many_end_the_reading_before_the_memory() {
        let long = |n: usize| format!("{}{n}", "long-part/".repeat(400));
        let names: Vec<String> = (0..NAMES / 4_000 + 1).map(long).collect();
        assert!(names.iter().map(String::len).sum::<usize>() > NAMES);
        let mut members = members(&names);
        let mut bytes = 0;
        let why = loop {
            match members.next_file() {
                Ok(Some(file)) => bytes += file.name.len(),
                Ok(None) => panic!("{bytes} bytes of names were read"),
                Err(why) => break why,
            }
        };
        assert!(bytes <= NAMES && why.contains("names are too long"), "{bytes}: {why}");
    }
}
