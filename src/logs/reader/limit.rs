//! A limit on one file: the newest lines win, and it is cut where a line begins, if it can be one with a time.

use super::{Body, Reader};
use crate::{
    host,
    logs::{
        filter::Place,
        lines::{LONG, Line},
    },
    units,
};

/// The most that is taken of a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap {
    /// So many bytes, of the newest lines.
    pub bytes: u64,
    /// What sets it.
    pub by: Giver,
}

/// What sets a limit on a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Giver {
    /// `--max-log`.
    MaxLog,
    /// The log's share of `--max-bundle`.
    MaxBundle,
}

impl Cap {
    /// The same limit, when `taken` bytes of the log's newer files are there already.
    #[must_use]
    pub fn after(self, taken: u64) -> Self {
        Self { bytes: self.bytes.saturating_sub(taken), ..self }
    }

    /// Whose limit this is, for people.
    pub fn told(self) -> &'static str {
        match self.by {
            Giver::MaxLog => "--max-log",
            Giver::MaxBundle => "its share of --max-bundle",
        }
    }
}

/// What a limit leaves out.
#[derive(Debug, Default)]
pub(super) struct Cut {
    limit: Option<Cap>,
    /// The first line to take has not come yet.
    pending: bool,
    /// Lines that begin before this byte give way.
    start: u64,
    /// Bytes of lines inside the window that give way.
    skip: u64,
    /// Then up to so many bytes while waiting for a line with a time, so that no block of lines is cut.
    wait: u64,
    /// A line inside the window gave way.
    left_out: bool,
    /// Lines may have given way that were never looked at.
    unseen: bool,
}

impl Cut {
    pub(super) fn new(limit: Option<Cap>) -> Self {
        Self { limit, ..Self::default() }
    }

    /// Whether anything gives way.
    pub(super) fn applies(&self) -> bool {
        self.left_out || self.unseen
    }

    pub(super) fn reason(&self) -> String {
        let Some(cap) = self.limit else { return String::new() };
        match cap.bytes {
            0 => format!("{} is full of this log's newer lines", cap.told()),
            bytes => format!("{} is {}: older lines left out", cap.told(), units::show_size(bytes)),
        }
    }

    /// Begins to leave out; `timed` tells whether lines have times.
    fn begin(&mut self, start: u64, skip: u64, timed: bool, unseen: bool) {
        let most = self.limit.map_or(u64::MAX, |cap| cap.bytes) / 8;
        let wait = if timed { most.min(LONG as u64) } else { 0 };
        *self = Self { limit: self.limit, pending: true, start, skip, wait, left_out: false, unseen };
    }

    /// A line before the window was met: what was not looked at is before it too.
    pub(super) fn is_older(&mut self) {
        self.unseen = false;
    }

    /// Whether a line inside the window, which begins at byte `at`, gives way.
    pub(super) fn leaves_out(&mut self, line: &Line, timed: bool, at: u64) -> bool {
        let length = line.range.len() as u64;
        if self.pending && (self.skip > 0 || at < self.start) {
            self.skip = self.skip.saturating_sub(length);
        } else if self.pending && (!line.fresh || (self.left_out && !timed && self.wait > 0)) {
            self.wait = self.wait.saturating_sub(length);
        } else {
            self.pending = false;
        }
        self.left_out |= self.pending;
        self.pending
    }
}

impl Reader<'_> {
    /// Makes the newest lines win if more than the limit are inside; `from` is where reading begins, and `head` where the
    /// first lines of the file stand; `timed` tells whether there are times at all.
    pub(super) fn apply_limit(&mut self, from: u64, head: Place, timed: bool) -> Result<(), host::Error> {
        let Some(limit) = self.cut.limit.map(|cap| cap.bytes) else {
            return Ok(());
        };
        match &self.body {
            Body::Plain(plain) if plain.len.min(self.to).saturating_sub(from) > limit => {
                let end = if timed { self.end_of_window(from, head)? } else { plain.len };
                let start = end.saturating_sub(limit).max(from);
                // The lines right before show whether any line inside gives way.
                let before = if timed { start.saturating_sub(LONG as u64).max(from) } else { start };
                self.begin(before, head);
                if !timed {
                    self.filter.restart(Place::In);
                }
                self.cut.begin(start, 0, timed, before > from);
            }
            Body::Gzip(inflate) if !inflate.fits(limit) => {
                let inside = self.count()?;
                self.begin(from, head);
                if inside > limit {
                    self.cut.begin(0, inside - limit, timed, false);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// How many bytes of lines are inside, from here on.
    fn count(&mut self) -> Result<u64, host::Error> {
        let mut inside = 0;
        while let Some((place, line)) = self.pass()? {
            if place == Place::In {
                inside += line.range.len() as u64;
            }
            if self.filter.is_over(self.at) {
                break;
            }
        }
        Ok(inside)
    }

    /// The byte behind the last line inside, looked for from the end backwards; `from` if there is none.
    fn end_of_window(&mut self, from: u64, head: Place) -> Result<u64, host::Error> {
        let Body::Plain(plain) = &self.body else {
            return Ok(from);
        };
        let to = plain.len.min(self.to);
        let mut length = LONG as u64;
        loop {
            let start = to.saturating_sub(length).max(from);
            self.begin(start, head);
            let mut end = None;
            while let Some((place, line)) = self.pass()? {
                if place == Place::In {
                    end = Some(self.at);
                }
                if line.ended && self.at >= to {
                    break;
                }
            }
            if end.is_some() || start <= from {
                return Ok(end.unwrap_or(from));
            }
            length = length.saturating_mul(4);
        }
    }

    /// The next line, which is not taken, and where it stands.
    pub(super) fn pass(&mut self) -> Result<Option<(Place, Line)>, host::Error> {
        let Some(line) = self.lines.next(&mut self.body)? else {
            return Ok(None);
        };
        let bytes = self.lines.bytes(&line);
        let (place, _) = self.filter.place(&mut self.times, &line, bytes, self.at);
        self.at += line.range.len() as u64;
        Ok(Some((place, line)))
    }
}
