//! A plain file as a source: up to its size at opening, and watched while it is read.
//!
//! A writer may append to it, truncate it (copytruncate) or move it away at any moment.

use std::path::{Path, PathBuf};

use super::lines::{LONG, Source};
use crate::{
    host::{self, File, Host, Trouble},
    units,
};

/// So much of a file's beginning tells whether it is still the same file.
const PRINT: usize = 256;

/// An open plain file.
pub(super) struct Plain {
    file: Box<dyn File>,
    path: PathBuf,
    /// Its size when it was opened.
    pub(super) len: u64,
    at: u64,
    to: u64,
    terminator: u8,
    last: Option<u8>,
    print: Vec<u8>,
    /// Bytes read so far, and how many may be.
    spent: Spent,
    /// It was truncated while it was read: what follows is not what was there.
    pub(super) shrunk: bool,
}

/// What searching one file may cost. A sparse file of a terabyte takes a second to make, and reading it
/// would take an hour.
#[derive(Debug, Clone, Copy)]
struct Spent {
    bytes: u64,
    most: u64,
}

impl Spent {
    fn add(&mut self, n: usize, path: &Path) -> Result<(), host::Error> {
        self.bytes = self.bytes.saturating_add(n as u64);
        if self.bytes <= self.most {
            return Ok(());
        }
        let detail = format!("more than {} would have to be searched", units::show_size(self.most));
        Err(host::Error::new(Trouble::TooLarge, "reading", path).detail(detail))
    }
}

/// What became of the file while it was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// It is where it was.
    Same,
    /// Its lines were cut off from its beginning (copytruncate).
    Truncated,
    /// Another file has its name now.
    Rotated,
    /// Nothing has its name now.
    Deleted,
}

impl Plain {
    /// Of which at most so many bytes are read.
    pub(super) fn new(mut file: Box<dyn File>, path: PathBuf, most: u64) -> Result<Self, host::Error> {
        let len = file.stat().len;
        let mut print = vec![0; PRINT];
        let n = file.read_at(0, &mut print)?;
        print.truncate(n);
        let spent = Spent { bytes: 0, most };
        Ok(Self {
            file,
            path,
            len,
            at: 0,
            to: len,
            terminator: b'\n',
            last: None,
            print,
            spent,
            shrunk: false,
        })
    }

    /// The next reads give the bytes from `from` to the size at opening.
    pub(super) fn seek(&mut self, from: u64, terminator: u8) {
        (self.at, self.to, self.last, self.terminator) = (from, self.len, None, terminator);
    }

    /// A part of it, for searching.
    pub(super) fn span(&mut self, from: u64, to: u64) -> Span<'_> {
        let to = to.min(self.len);
        Span { file: &mut *self.file, path: &self.path, spent: &mut self.spent, at: from, to }
    }

    /// What became of it.
    pub(super) fn fate(&mut self, host: &dyn Host) -> Result<Fate, host::Error> {
        let mut print = vec![0; self.print.len()];
        let n = self.file.read_at(0, &mut print)?;
        let now = self.file.restat()?;
        if self.shrunk || now.len < self.len || print.get(..n) != Some(&self.print) {
            return Ok(Fate::Truncated);
        }
        match host.stat(&self.path) {
            Ok(stat) if stat.id == now.id => Ok(Fate::Same),
            Ok(_) => Ok(Fate::Rotated),
            Err(error) if error.trouble == host::Trouble::Missing => Ok(Fate::Deleted),
            Err(error) => Err(error),
        }
    }

    /// At the size at opening a writer may have been in the midst of a line: the rest of it, if it is there by now.
    fn rest_of_line(&mut self, buf: &mut [u8]) -> Result<usize, host::Error> {
        if self.last.is_none_or(|last| last == self.terminator) || self.to > self.len {
            return Ok(0);
        }
        let room = buf.len().min(LONG);
        let room = buf.get_mut(..room).unwrap_or_default();
        let n = self.file.read_at(self.at, room)?;
        let end = room.get(..n).and_then(|new| memchr::memchr(self.terminator, new));
        // A line that is not whole yet could be one that is cut inside a secret.
        let n = end.map_or(0, |end| end + 1);
        self.to = self.len + 1;
        self.at += n as u64;
        Ok(n)
    }
}

impl Source for Plain {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, host::Error> {
        if self.shrunk {
            return Ok(0);
        }
        let want = usize::try_from(self.to.min(self.len).saturating_sub(self.at))
            .unwrap_or(usize::MAX)
            .min(buf.len());
        if want == 0 {
            return self.rest_of_line(buf);
        }
        let n = self.file.read_at(self.at, buf.get_mut(..want).unwrap_or_default())?;
        self.spent.add(n, &self.path)?;
        // Less than there was: truncated, unless the next byte can't be read, which the next read is told.
        let ends = n < want && self.file.read_at(self.at + n as u64, &mut [0]).is_ok();
        // What was read before the truncation was seen may be new bytes at an old place.
        if ends || self.file.restat()?.len < self.len {
            self.shrunk = true;
            return Ok(0);
        }
        self.at += n as u64;
        self.last = n.checked_sub(1).and_then(|i| buf.get(i)).copied();
        Ok(n)
    }
}

/// A part of a plain file.
pub(super) struct Span<'f> {
    file: &'f mut dyn File,
    path: &'f Path,
    spent: &'f mut Spent,
    at: u64,
    to: u64,
}

impl Source for Span<'_> {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, host::Error> {
        let want = usize::try_from(self.to.saturating_sub(self.at)).unwrap_or(usize::MAX).min(buf.len());
        let n = self.file.read_at(self.at, buf.get_mut(..want).unwrap_or_default())?;
        self.spent.add(n, self.path)?;
        self.at += n as u64;
        Ok(n)
    }
}
