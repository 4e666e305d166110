//! `glsos reveal`: pseudonyms back to what they stand for, in a text, a file or stdin. Line by line, so that
//! a log of any size needs no memory.

use std::{
    ffi::OsStr,
    io::{self, BufRead, BufReader},
    path::Path,
};

use super::{args, catalogs, console::Console, mapping};
use crate::{
    error::{Error, Result},
    exit_codes,
    host::{Host, Trouble},
    redact::chosen::Originals,
};

/// Bytes that are written at once.
const BATCH: usize = 64 << 10;
/// Longest line that is looked at as a whole; of a longer one a pseudonym may stay.
const LINE: u64 = 16 << 20;

pub(super) fn run(typed: &args::Reveal, console: &Console) -> Result<u8> {
    let originals = mapping::originals(&typed.mapping)?;
    let unknown = match typed.text.as_deref() {
        None => stream(&originals, &mut io::stdin().lock(), console)?,
        Some(text) if text == OsStr::new("-") => stream(&originals, &mut io::stdin().lock(), console)?,
        Some(text) => match file(Path::new(text))? {
            Some(mut file) => stream(&originals, &mut file, console)?,
            None => {
                let mut line = text.as_encoded_bytes().to_vec();
                line.push(b'\n');
                stream(&originals, &mut line.as_slice(), console)?
            }
        },
    };
    if unknown > 0 {
        let are = if unknown == 1 { "pseudonym is" } else { "pseudonyms are" };
        console
            .say(&format!("{unknown} {are} not in the mapping, or stand for two values: left as they are"));
    }
    Ok(exit_codes::OK)
}

/// The file of this name, if there is one.
fn file(path: &Path) -> Result<Option<impl BufRead>> {
    let host = catalogs::this_machine()?;
    match host.open(&catalogs::absolute(path)?) {
        Ok(file) => Ok(Some(BufReader::new(Reading { file, at: 0, _host: host }))),
        Err(error) if matches!(error.trouble, Trouble::Missing | Trouble::TooLarge) => Ok(None),
        // A text that is longer than a name may be is none.
        Err(error) if error.trouble == Trouble::Io && path.as_os_str().len() > 255 => Ok(None),
        Err(error) => Err(Error::usage(error.to_string())),
    }
}

struct Reading {
    file: Box<dyn crate::host::File>,
    at: u64,
    /// Its helpers read for it.
    _host: crate::host::Live,
}

impl io::Read for Reading {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.file.read_at(self.at, buffer).map_err(io::Error::other)?;
        self.at += n as u64;
        Ok(n)
    }
}

fn stream(originals: &Originals, from: &mut dyn BufRead, console: &Console) -> Result<u64> {
    let (mut line, mut out, mut unknown) = (Vec::new(), Vec::new(), 0);
    let wrong = |error: io::Error| Error::host(format!("revealing: {error}"));
    loop {
        line.clear();
        let read = io::Read::take(&mut *from, LINE).read_until(b'\n', &mut line).map_err(wrong)?;
        unknown += originals.reveal(&line, &mut out);
        if read == 0 || out.len() >= BATCH {
            console.data(&out).map_err(wrong)?;
            out.clear();
        }
        if read == 0 {
            return Ok(unknown);
        }
    }
}
