//! Pieces → jobs: cuts the stream of an entry into segments whose borders depend only on its bytes.
//! Runs under the feeder's lock, so that one entry is redacted by one worker at a time.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::atomic::{AtomicBool, AtomicU64, Ordering},
};

use super::{
    manifest::Text,
    parcel::Parcel,
    piece::{Feed, Head, Piece, Tail},
    segment::{BEFORE, SEGMENT},
};
use crate::{host::Flow, outcome::Outcome};

/// Room beyond a segment, for the piece that fills it; what a piece usually is.
const ROOM: usize = 320 << 10;

/// Most entries of a bundle.
pub const MOST_ENTRIES: u64 = 10_000;

/// What the writer and the workers tell the feeder.
#[derive(Debug, Default)]
pub(super) struct Fate {
    /// The last entry that takes no more, counted from 1.
    dead: AtomicU64,
    /// Nothing takes more: the disk is full, or writing failed.
    over: AtomicBool,
}

impl Fate {
    pub(super) fn kill(&self, entry: u64) {
        self.dead.fetch_max(entry, Ordering::Relaxed);
    }

    pub(super) fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    fn flow(&self, entry: u64) -> Flow {
        let stop = self.over.load(Ordering::Relaxed) || self.dead.load(Ordering::Relaxed) >= entry;
        if stop { Flow::Stop } else { Flow::Go }
    }
}

/// A unit of work; the writer takes them in the order of `number`.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) number: u64,
    /// Which entry, counted from 1.
    pub(super) entry: u64,
    pub(super) work: Work,
}

#[derive(Debug)]
pub(super) enum Work {
    /// An entry that is no longer than a segment, or has no bytes at all.
    Whole { head: Box<Head>, data: Vec<u8>, tail: Box<Tail> },
    /// An entry that was compressed earlier.
    Parcel(Box<Parcel>),
    /// An entry whose length is not known yet.
    Begin(Box<Head>),
    /// A segment of it.
    Segment { before: Vec<u8>, data: Vec<u8> },
    /// Its end.
    End(Box<Tail>),
}

/// The state between pieces.
#[derive(Debug, Default)]
pub(super) struct Cutter {
    open: Option<Open>,
    ready: VecDeque<(u64, Work)>,
    jobs: u64,
    entries: u64,
    /// Entries beyond the most that a bundle takes.
    pub(super) left_out: u64,
    ended: bool,
}

#[derive(Debug)]
struct Open {
    entry: u64,
    /// Until the entry is known to be longer than a segment.
    head: Option<Box<Head>>,
    data: Vec<u8>,
    before: Vec<u8>,
    dropped: bool,
}

impl Cutter {
    /// Another feed follows.
    pub(super) fn resume(&mut self) {
        self.ended = false;
    }

    /// The next job, or nothing at the end of the feed.
    pub(super) fn next(&mut self, feed: &mut dyn Feed, fate: &Fate) -> Option<Job> {
        loop {
            if let Some((entry, work)) = self.ready.pop_front() {
                let number = self.jobs;
                self.jobs += 1;
                return Some(Job { number, entry, work });
            }
            if self.ended {
                return None;
            }
            let flow = match &self.open {
                Some(open) if open.dropped => Flow::Stop,
                Some(open) => fate.flow(open.entry),
                None => fate.flow(self.entries + 1),
            };
            match catch_unwind(AssertUnwindSafe(|| feed.next(flow))) {
                Ok(Some(piece)) => self.take(piece, flow),
                Ok(None) => self.finish("the entry was not ended", Outcome::Failed),
                Err(_) => self.finish("an internal error while it was read or redacted", Outcome::Withheld),
            }
        }
    }

    fn take(&mut self, piece: Piece, flow: Flow) {
        match piece {
            Piece::Start(head) => {
                self.close("the entry was not ended", Outcome::Failed);
                let dropped = !self.admit();
                let (entry, data, before) = (self.entries, Vec::new(), Vec::new());
                self.open = Some(Open { entry, head: Some(head), data, before, dropped });
            }
            Piece::Data(redacted) => {
                if let Some(open) = self.open.as_mut().filter(|_| flow == Flow::Go) {
                    for bytes in redacted.as_bytes().chunks(ROOM) {
                        open.data.extend_from_slice(bytes);
                        open.cut(&mut self.ready);
                    }
                }
            }
            Piece::End(tail) => self.end(tail),
            Piece::Absent(head, tail) => {
                self.close("the entry was not ended", Outcome::Failed);
                if self.admit() {
                    self.ready.push_back((self.entries, Work::Whole { head, data: Vec::new(), tail }));
                }
            }
            Piece::Parcel(parcel) => {
                self.close("the entry was not ended", Outcome::Failed);
                if self.admit() {
                    self.ready.push_back((self.entries, Work::Parcel(parcel)));
                }
            }
        }
    }

    fn admit(&mut self) -> bool {
        let room = self.entries < MOST_ENTRIES;
        if room {
            self.entries += 1;
        } else {
            self.left_out += 1;
        }
        room
    }

    fn end(&mut self, tail: Box<Tail>) {
        let Some(mut open) = self.open.take().filter(|open| !open.dropped) else { return };
        let data = std::mem::take(&mut open.data);
        match open.head.take() {
            Some(head) => self.ready.push_back((open.entry, Work::Whole { head, data, tail })),
            None => {
                if !data.is_empty() {
                    self.ready.push_back((open.entry, Work::Segment { before: open.before, data }));
                }
                self.ready.push_back((open.entry, Work::End(tail)));
            }
        }
    }

    fn close(&mut self, reason: &'static str, outcome: Outcome) {
        if self.open.is_some() {
            self.end(Box::new(Tail::new(outcome, Text::word(reason))));
        }
    }

    fn finish(&mut self, reason: &'static str, outcome: Outcome) {
        self.close(reason, outcome);
        self.ended = true;
    }
}

impl Open {
    /// Cuts whole segments off: at the last line end in reach, or anywhere in a longer line.
    fn cut(&mut self, ready: &mut VecDeque<(u64, Work)>) {
        // A segment is cut only when more follows, so that an entry of just its size stays whole.
        while self.data.len() > SEGMENT {
            let length = memchr::memrchr(b'\n', &self.data[..SEGMENT]).map_or(SEGMENT, |at| at + 1);
            // What is over is less than the segment, so that is what is copied.
            let mut rest = Vec::with_capacity(SEGMENT + ROOM);
            rest.extend_from_slice(&self.data[length..]);
            let mut segment = std::mem::replace(&mut self.data, rest);
            segment.truncate(length);
            if let Some(head) = self.head.take() {
                ready.push_back((self.entry, Work::Begin(head)));
            }
            let before =
                std::mem::replace(&mut self.before, segment[length.saturating_sub(BEFORE)..].to_vec());
            ready.push_back((self.entry, Work::Segment { before, data: segment }));
        }
    }
}
