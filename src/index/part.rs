//! One entry read to its end: a log's figures, or a short text. Reads what it is given piece by piece; what
//! is compressed inside is inflated on the way.

use jiff::{Timestamp, tz::TimeZone};

use super::{
    docs,
    lines::Lines,
    logs::{Logs, Reader},
    names::{Subject, subject},
};
use crate::read::{
    contents::Pull,
    inflated::{Budget, Inflated},
};

/// Bytes that are read at once.
const PIECE: usize = 128 << 10;

/// What is to be read.
#[derive(Debug, Clone)]
pub(super) struct Job {
    /// The name below the top folder.
    pub(super) name: String,
    /// When it was last written, or when the bundle was made.
    pub(super) newest: Timestamp,
    /// What the host's clock shows.
    pub(super) zone: TimeZone,
}

/// What one entry told.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) bytes: u64,
    pub(super) logs: Option<Logs>,
    pub(super) doc: Option<Vec<u8>>,
    /// Why it could not be read to its end.
    pub(super) trouble: Option<String>,
}

enum Sink {
    Log(Box<Reader>, Lines),
    Doc(Vec<u8>),
}

impl Sink {
    fn take(&mut self, piece: &[u8]) {
        match self {
            Self::Log(reader, lines) => {
                lines.feed(piece, &mut |number, line| reader.line(number, line));
            }
            Self::Doc(text) => {
                let room = docs::LONGEST.saturating_sub(text.len());
                text.extend_from_slice(&piece[..piece.len().min(room)]);
            }
        }
    }
}

/// Reads an entry.
pub(super) fn read(job: &Job, pull: Pull<'_>, budget: &Budget) -> Part {
    let mut part = Part { name: job.name.clone(), ..Part::default() };
    let mut sink = match subject(&job.name) {
        Subject::Log(format, component) => {
            let reader = Reader::new(format, component, &job.name, &job.zone, job.newest);
            Sink::Log(Box::new(reader), Lines::default())
        }
        Subject::Doc => Sink::Doc(Vec::new()),
    };
    if let Err(why) = pour(pull, budget, &mut part.bytes, &mut sink) {
        part.trouble = Some(why);
        // Nothing of it could be had: that is no empty text.
        if part.bytes == 0 {
            return part;
        }
    }
    match sink {
        Sink::Log(mut reader, mut lines) => {
            lines.finish(&mut |number, line| reader.line(number, line));
            part.logs = Some(reader.finish(lines.cut));
        }
        Sink::Doc(text) => part.doc = Some(text),
    }
    part
}

fn pour(pull: Pull<'_>, budget: &Budget, bytes: &mut u64, sink: &mut Sink) -> Result<(), String> {
    let mut piece = vec![0; PIECE];
    let mut inflated = Inflated::new(pull, budget);
    loop {
        match inflated.read(&mut piece)? {
            0 => break,
            n => {
                *bytes += n as u64;
                sink.take(&piece[..n]);
            }
        }
    }
    // A digest is of all bytes, also of those behind compressed content.
    while pull(&mut piece)? > 0 {}
    Ok(())
}

impl Part {
    /// Roughly the bytes that it holds in memory.
    pub(super) fn weight(&self) -> usize {
        let doc = self.doc.as_ref().map_or(0, Vec::len);
        doc + self.name.len() + self.logs.as_ref().map_or(0, Logs::weight) + 1024
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn read_all(name: &str, bytes: &[u8]) -> Part {
        let newest = Timestamp::UNIX_EPOCH;
        let job = Job { name: name.to_owned(), newest, zone: TimeZone::UTC };
        let mut rest = bytes;
        let mut pull = |room: &mut [u8]| {
            let n = rest.len().min(room.len()).min(1000);
            room[..n].copy_from_slice(&rest[..n]);
            rest = &rest[n..];
            Ok(n)
        };
        read(&job, &mut pull, &Budget::of(0))
    }

    #[test]
    fn a_compressed_log_is_read_as_a_plain_one() {
        let text = "2026-03-01_09:00:40.78741 ERROR:  x\n".repeat(1000);
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text.as_bytes()).unwrap();
        let packed = encoder.finish().unwrap();
        let name = "var/log/gitlab/postgresql/current";
        let (plain, inflated) = (read_all(name, text.as_bytes()), read_all(name, &packed));
        assert_eq!((plain.bytes, inflated.bytes), (text.len() as u64, text.len() as u64));
        assert_eq!(plain.logs, inflated.logs);
        assert_eq!(plain.logs.unwrap().traffic["postgresql"].errors, 1000);
        let cut = read_all(name, &packed[..packed.len() / 2]);
        assert!(cut.trouble.is_some() && cut.logs.is_some());
    }

    #[test]
    fn a_text_is_kept_up_to_its_cap() {
        let part = read_all("df_hT", &vec![b'x'; docs::LONGEST + 10]);
        assert_eq!(part.doc.unwrap().len(), docs::LONGEST);
        assert_eq!(part.bytes, docs::LONGEST as u64 + 10);
    }
}
