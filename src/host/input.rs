//! What was typed as a file to read, or stdin. Opened as a shell would open it: whoever runs the program
//! named it, so the rules for what collectors name don't apply. Reads only, from begin to end.

use std::{
    fs::File,
    io::{self, IsTerminal, Read},
    os::fd::AsFd,
    path::{Path, PathBuf},
};

use nix::{
    fcntl::{OFlag, open},
    sys::stat::{FileStat, Mode, SFlag, fstat},
};

use crate::error::{Error, Result};

/// An open file, pipe or terminal.
#[derive(Debug)]
pub struct Input {
    file: File,
    /// As messages call it.
    name: PathBuf,
    stat: FileStat,
    /// What was looked at ahead of its time.
    head: Vec<u8>,
    /// How much of the head was read.
    given: usize,
}

impl Input {
    /// This process's stdin.
    ///
    /// # Errors
    /// When it is a folder, or can't be asked.
    pub fn stdin() -> Result<Self> {
        let name = PathBuf::from("stdin");
        let file = io::stdin().as_fd().try_clone_to_owned().map_err(|error| trouble(&name, &error))?;
        Self::of(File::from(file), name)
    }

    /// The file of that name; a named pipe waits for its writer.
    ///
    /// # Errors
    /// When it is a folder, or can't be opened.
    pub fn open(path: &Path) -> Result<Self> {
        let flags = OFlag::O_RDONLY | OFlag::O_CLOEXEC;
        let file = open(path, flags, Mode::empty()).map_err(|errno| trouble(path, &errno.into()))?;
        Self::of(File::from(file), path.to_owned())
    }

    fn of(file: File, name: PathBuf) -> Result<Self> {
        let stat = fstat(&file).map_err(|errno| trouble(&name, &errno.into()))?;
        if kind(&stat) == SFlag::S_IFDIR {
            return Err(Error::usage(format!("{} is a folder", name.display())).hint("name a file"));
        }
        Ok(Self { file, name, stat, head: Vec::new(), given: 0 })
    }

    /// As messages call it.
    pub fn name(&self) -> &Path {
        &self.name
    }

    /// Whether it is a regular file that `out` writes to: reading would never come to an end.
    pub fn is(&self, out: impl AsFd) -> bool {
        let same = |out: FileStat| (out.st_dev, out.st_ino) == (self.stat.st_dev, self.stat.st_ino);
        kind(&self.stat) == SFlag::S_IFREG && fstat(out).is_ok_and(same)
    }

    /// Whether somebody types it.
    pub fn is_terminal(&self) -> bool {
        self.file.is_terminal()
    }

    /// Its first bytes, up to so many, without reading on.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn peek(&mut self, most: usize) -> Result<&[u8]> {
        let had = self.head.len();
        if had < most {
            self.head.resize(most, 0);
            let read = fill(&mut self.file, &mut self.head[had..]);
            self.head.truncate(had + *read.as_ref().unwrap_or(&0));
            read.map_err(|error| trouble(&self.name, &error))?;
        }
        Ok(&self.head[..most.min(self.head.len())])
    }

    /// The open file, to be read at any place; nothing if it is a pipe or a terminal.
    pub fn into_file(self) -> Option<File> {
        (kind(&self.stat) == SFlag::S_IFREG).then_some(self.file)
    }

    /// Fills a buffer; less than all of it only at the end.
    ///
    /// # Errors
    /// When it can't be read.
    pub fn read(&mut self, buf: &mut [u8]) -> Result<usize> {
        let ahead = &self.head[self.given..];
        let n = ahead.len().min(buf.len());
        buf[..n].copy_from_slice(&ahead[..n]);
        self.given += n;
        if n == buf.len() {
            return Ok(n);
        }
        fill(&mut self.file, &mut buf[n..]).map(|more| n + more).map_err(|error| trouble(&self.name, &error))
    }
}

fn kind(stat: &FileStat) -> SFlag {
    SFlag::from_bits_truncate(stat.st_mode) & SFlag::S_IFMT
}

/// A pipe gives what there is; only nothing at all is its end.
fn fill(file: &mut File, buf: &mut [u8]) -> io::Result<usize> {
    let mut done = 0;
    while done < buf.len() {
        match file.read(&mut buf[done..]) {
            Ok(0) => break,
            Ok(n) => done += n,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}

fn trouble(name: &Path, error: &io::Error) -> Error {
    Error::host(format!("reading {}: {error}", name.display()))
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)] // a file of its own to read from
mod tests {
    use super::*;

    #[test]
    fn what_was_looked_at_is_read_all_the_same() {
        let path = std::env::temp_dir().join(format!("glsos-input-{}", std::process::id()));
        std::fs::write(&path, "0123456789").unwrap();
        let mut input = Input::open(&path).unwrap();
        std::fs::remove_file(&path).unwrap();
        assert_eq!(input.peek(2).unwrap(), b"01");
        assert_eq!(input.peek(4).unwrap(), b"0123");
        assert_eq!(input.peek(2).unwrap(), b"01");
        let mut buf = [0; 3];
        let mut all = Vec::new();
        while let n @ 1.. = input.read(&mut buf).unwrap() {
            all.extend_from_slice(&buf[..n]);
        }
        assert_eq!(all, b"0123456789");
        assert_eq!(input.peek(99).unwrap().len(), 4);
    }

    #[test]
    fn a_folder_and_what_is_not_there_are_errors() {
        assert!(Input::open(Path::new("/")).unwrap_err().message.contains("/ is a folder"));
        assert!(Input::open(Path::new("/no/such")).unwrap_err().message.contains("reading /no/such"));
    }
}
