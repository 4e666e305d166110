//! Reads the lines of one log file that are inside the window, piece by piece.

mod limit;
mod open;
mod survey;

use super::{
    Taken,
    filter::{Filter, Place},
    gzip::Inflate,
    lines::{LONG, Line, Lines, Source},
    plain::{Fate, Plain},
    taken::Notes,
    times::Times,
};
use crate::{
    host::{self, Host, Trouble},
    outcome::{Ending, Outcome},
    units,
};
use limit::Cut;
pub use limit::{Cap, Giver};
pub use survey::Survey;

/// A piece that `next` gives ends behind the line that reaches this.
const PIECE: usize = 256 << 10;

/// The lines of one file that are inside the window. Pull them with `next`, then ask `taken`.
pub struct Reader<'h> {
    host: &'h dyn Host,
    body: Body,
    lines: Lines,
    times: Times,
    filter: Filter,
    /// Where in the file (inflated, if it is compressed) the next line begins.
    at: u64,
    /// Of the lines that begin behind this byte none is inside.
    to: u64,
    cut: Cut,
    /// Bytes of NUL that were left out.
    holes: u64,
    notes: Notes,
    /// Set when there is nothing more.
    ending: Option<Ending>,
    failed: Option<Trouble>,
    taken: Taken,
}

enum Body {
    Nothing,
    Plain(Plain),
    Gzip(Box<Inflate>),
}

impl Source for Body {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, host::Error> {
        match self {
            Self::Nothing => Ok(0),
            Self::Plain(plain) => plain.read(buf),
            Self::Gzip(inflate) => inflate.read(buf),
        }
    }
}

impl Body {
    /// Why what came last may lack its end.
    fn broken(&self) -> Option<String> {
        match self {
            Self::Nothing => None,
            Self::Plain(plain) => plain.shrunk.then(|| "it was truncated while it was read".to_owned()),
            Self::Gzip(inflate) => inflate.damage().map(|damage| damage.reason()),
        }
    }
}

impl Reader<'_> {
    /// Fills `buf` with the next lines, ended by a line end unless a line is longer than 1 MiB or the last one
    /// has none; false at the end. An error is the end too: what came until then is good.
    pub fn next(&mut self, buf: &mut Vec<u8>) -> Result<bool, Trouble> {
        buf.clear();
        while self.ending.is_none() && buf.len() < PIECE {
            match self.lines.next(&mut self.body) {
                Ok(Some(line)) => self.take(&line, buf),
                Ok(None) => self.finish(),
                Err(error) => self.fail(&error),
            }
        }
        match self.failed {
            Some(trouble) if buf.is_empty() => Err(trouble),
            _ => Ok(!buf.is_empty()),
        }
    }

    /// What was taken so far; all that can be told once `next` has returned false.
    pub fn taken(&self) -> Taken {
        let (first, last) = self.filter.span();
        let ending = self.ending.clone().unwrap_or_else(Ending::complete);
        Taken { first, last, note: self.notes.text(), ending, ..self.taken.clone() }
    }

    fn take(&mut self, line: &Line, buf: &mut Vec<u8>) {
        let mut bytes = self.lines.bytes(line);
        let length = bytes.len() as u64;
        let (place, timed) = self.filter.place(&mut self.times, line, bytes, self.at);
        let begins = self.at;
        self.at += length;
        let torn = !line.ended && bytes.len() < LONG && self.body.broken().is_some();
        match place {
            Place::Before => {
                if timed {
                    self.cut.is_older();
                }
                self.taken.bytes_before += length;
            }
            Place::After => self.taken.bytes_after += length,
            Place::In if torn => {
                // Half a line could be half a secret.
                self.notes.add("its last line is torn, and left out");
                self.taken.bytes_after += length;
            }
            Place::In if self.cut.leaves_out(line, timed, begins) => {
                self.taken.bytes_before += length;
                self.filter.forget_span();
            }
            Place::In => {
                if line.fresh && bytes.first() == Some(&0) {
                    let text = bytes.iter().position(|b| *b != 0).unwrap_or(bytes.len());
                    bytes = bytes.get(text..).unwrap_or_default();
                    self.holes += text as u64;
                    self.taken.bytes_before += text as u64;
                }
                self.taken.lines += u64::from(line.fresh && !bytes.is_empty());
                self.taken.bytes += bytes.len() as u64;
                buf.extend_from_slice(bytes);
            }
        }
        if line.ended && (self.at >= self.to || self.filter.is_over(self.at)) {
            self.finish();
        }
    }

    fn finish(&mut self) {
        self.tell();
        if let Body::Plain(plain) = &mut self.body {
            self.taken.bytes_after += plain.len.saturating_sub(self.at);
            match plain.fate(self.host) {
                Ok(Fate::Same) | Err(_) => {}
                Ok(Fate::Truncated) => self.notes.add("truncated while it was read"),
                Ok(Fate::Rotated) => self.notes.add("rotated while it was read"),
                Ok(Fate::Deleted) => self.notes.add("deleted while it was read"),
            }
        }
        let some = self.taken.bytes > 0;
        let (outcome, reason) = match self.body.broken() {
            Some(reason) => (if some { Outcome::Truncated } else { Outcome::Failed }, reason),
            None if self.cut.applies() => (Outcome::Truncated, self.cut.reason()),
            None if some => (Outcome::Complete, String::new()),
            None => (Outcome::Skipped, "no lines in the window".to_owned()),
        };
        self.end(outcome, reason);
    }

    fn fail(&mut self, error: &host::Error) {
        self.tell();
        let outcome = match error.ending().outcome {
            Outcome::TimedOut => Outcome::TimedOut,
            _ if self.taken.bytes > 0 => Outcome::Truncated,
            outcome => outcome,
        };
        self.failed = Some(error.trouble);
        self.end(outcome, error.reason());
    }

    /// What was odd about the lines.
    fn tell(&mut self) {
        self.filter.tell(&mut self.notes);
        if self.filter.timed == 0 && self.taken.bytes > 0 {
            self.notes.add("no times in its lines: taken by its modification time");
        }
        if self.holes > 0 {
            self.notes.add(format!("{} of NUL bytes left out", units::show_size(self.holes)));
        }
        if matches!(&self.body, Body::Gzip(inflate) if inflate.trailing()) {
            self.notes.add("something that is not compressed follows its compressed content");
        }
    }

    fn end(&mut self, outcome: Outcome, reason: impl Into<String>) {
        self.ending.get_or_insert(Ending::new(outcome, reason));
    }
}
