//! Bytes → lines, in one buffer of fixed size: a line that is longer comes in pieces.

use std::ops::Range;

use memchr::memchr;

use crate::host;

/// A line up to this length is seen whole.
pub(super) const LONG: usize = 1 << 20;

/// Where bytes come from, in order.
pub(super) trait Source {
    /// Fills some of `buf`; 0 at the end.
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, host::Error>;
}

/// A line, or a piece of a long one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Where its bytes are in the buffer; the line end belongs to it.
    pub(super) range: Range<usize>,
    /// Whether it begins a line.
    pub(super) fresh: bool,
    /// Whether it ends one.
    pub(super) ended: bool,
}

/// Cuts a source into lines.
#[derive(Debug)]
pub(super) struct Lines {
    buf: Vec<u8>,
    begin: usize,
    scanned: usize,
    filled: usize,
    /// So much is read at first: little while searching, much while taking. The longer nobody has found what
    /// he looks for, the more: a hole costs a dozen reads, not thousands.
    read: usize,
    fresh: bool,
    end: bool,
    terminator: u8,
}

impl Lines {
    pub(super) fn new() -> Self {
        Self {
            buf: vec![0; LONG],
            begin: 0,
            scanned: 0,
            filled: 0,
            read: LONG,
            fresh: true,
            end: false,
            terminator: b'\n',
        }
    }

    /// Lines end with this byte: LF, but CR in a file that has no other.
    pub(super) fn terminator(&self) -> u8 {
        self.terminator
    }

    pub(super) fn set_terminator(&mut self, terminator: u8) {
        self.terminator = terminator;
    }

    /// Forgets what is buffered, for another source that begins with a line (or, `inside`, in the midst of one).
    pub(super) fn restart(&mut self, read: usize, inside: bool) {
        (self.begin, self.scanned, self.filled, self.end) = (0, 0, 0, false);
        self.fresh = !inside;
        self.read = read.clamp(1, LONG);
    }

    /// The bytes of a line that `next` gave last.
    pub(super) fn bytes(&self, line: &Line) -> &[u8] {
        self.buf.get(line.range.clone()).unwrap_or_default()
    }

    /// The next line or piece; nothing at the source's end.
    pub(super) fn next(&mut self, source: &mut dyn Source) -> Result<Option<Line>, host::Error> {
        loop {
            let unseen = self.buf.get(self.scanned..self.filled).unwrap_or_default();
            if let Some(at) = memchr(self.terminator, unseen) {
                return Ok(Some(self.cut(self.scanned + at + 1, true)));
            }
            self.scanned = self.filled;
            if self.end {
                let rest = self.begin < self.filled;
                return Ok(rest.then(|| self.cut(self.filled, false)));
            }
            if self.filled - self.begin == self.buf.len() {
                return Ok(Some(self.cut(self.filled, false)));
            }
            self.fill(source)?;
        }
    }

    fn cut(&mut self, to: usize, ended: bool) -> Line {
        let line = Line { range: self.begin..to, fresh: self.fresh, ended };
        // A hole of NULs, as copytruncate leaves one, is no part of the line behind it.
        self.fresh =
            ended || self.buf.get(line.range.clone()).is_some_and(|piece| piece.iter().all(|b| *b == 0));
        (self.begin, self.scanned) = (to, to);
        line
    }

    fn fill(&mut self, source: &mut dyn Source) -> Result<(), host::Error> {
        if self.begin > 0 && self.filled + self.read > self.buf.len() {
            self.buf.copy_within(self.begin..self.filled, 0);
            self.filled -= self.begin;
            (self.begin, self.scanned) = (0, self.filled);
        }
        let to = (self.filled + self.read).min(self.buf.len());
        let room = self.buf.get_mut(self.filled..to).unwrap_or_default();
        let n = source.read(room)?.min(room.len());
        self.read = (self.read + n / 2).min(LONG);
        self.end = n == 0;
        self.filled += n;
        Ok(())
    }
}
