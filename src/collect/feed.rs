//! The plan as pack's feed, piece by piece: files and logs are read here, while the bundle is
//! written; what was made meanwhile is taken from its slot.

use std::{collections::BTreeMap, path::Path, time::Instant};

use super::{Event, Run, is_streamed, labels, makers::round, slots::Slots, stream::Output};
use crate::{
    host::{File, Flow},
    logs::{Reader, Taken},
    outcome::{Ending, Outcome},
    pack::{
        Feed, Piece, Tail,
        manifest::{Text, Window},
    },
    plan::{Item, Plan, Take},
    redact::Redacted,
};

/// Bytes of a file that are read at once.
const PIECE: usize = 256 << 10;

/// The feed.
pub(super) struct Feeder<'a> {
    run: &'a Run<'a>,
    plan: &'a Plan,
    slots: &'a Slots,
    next: usize,
    open: Option<Open<'a>>,
    buffer: Vec<u8>,
    /// Of each log with a limit, by its live file: bytes taken of its newer files.
    taken: BTreeMap<&'a Path, u64>,
}

/// An entry that is being read.
struct Open<'a> {
    name: Text,
    output: Output<'a>,
    source: Source<'a>,
    /// The live file of the log that it is a part of.
    log: Option<&'a Path>,
    began: Instant,
    /// The end, when it is known: the last bytes are handed over before it.
    tail: Option<Tail>,
}

enum Source<'a> {
    File { file: Box<dyn File>, at: u64, limit: u64 },
    Log(Box<Reader<'a>>),
}

impl<'a> Feeder<'a> {
    pub(super) fn new(run: &'a Run<'a>, plan: &'a Plan, slots: &'a Slots) -> Self {
        Self { run, plan, slots, next: 0, open: None, buffer: Vec::new(), taken: BTreeMap::new() }
    }

    fn begin(&mut self, item: &'a Item) -> Piece {
        let head = Box::new(labels::head(self.run, item, self.run.host.now()));
        let name = head.name.text();
        match self.source(item) {
            Ok(source) => {
                self.run.events.tell(&Event::Reading { entry: &name });
                let output = Output::new(self.run.redactor);
                let log = match &item.take {
                    Take::Log { file, .. } => Some(file.log.as_path()),
                    _ => None,
                };
                self.open = Some(Open { name, output, source, log, began: Instant::now(), tail: None });
                Piece::Start(head)
            }
            Err(tail) => {
                self.packed(&name, &tail);
                Piece::Absent(head, tail)
            }
        }
    }

    fn packed(&self, name: &Text, tail: &Tail) {
        self.run.events.tell(&Event::Packed { entry: name, outcome: tail.outcome, reason: &tail.reason });
    }

    fn source(&self, item: &'a Item) -> Result<Source<'a>, Box<Tail>> {
        let redactor = self.run.redactor;
        if let Take::Leave { ending, .. } = &item.take {
            return Err(Box::new(labels::tail(redactor, ending)));
        }
        if let Some(why) = self.run.withhold.as_ref().filter(|_| item.gitlabs) {
            let ending = Ending::new(Outcome::Withheld, why.clone());
            return Err(Box::new(labels::tail(redactor, &ending)));
        }
        if self.run.stop.flow() == Flow::Stop {
            return Err(Box::new(labels::stopped()));
        }
        match &item.take {
            Take::File { path, limit, .. } => self.file(path, *limit),
            Take::Log { file, cap, .. } => {
                let taken = self.taken.get(file.log.as_path()).copied().unwrap_or(0);
                let cap = cap.map(|cap| cap.after(taken));
                let reader = Reader::open(self.run.host, file, &self.plan.window, self.run.zone, cap);
                reader
                    .map(|reader| Source::Log(Box::new(reader)))
                    .map_err(|error| Box::new(labels::tail_of(redactor, &error)))
            }
            _ => Err(Box::new(Tail::new(Outcome::Failed, Text::word("an internal error")))),
        }
    }

    fn file(&self, path: &Path, limit: u64) -> Result<Source<'a>, Box<Tail>> {
        let file =
            self.run.host.open(path).map_err(|error| Box::new(labels::tail_of(self.run.redactor, &error)))?;
        Ok(Source::File { file, at: 0, limit })
    }

    /// The next piece of the open entry.
    fn go_on(&mut self, flow: Flow) -> Option<Piece> {
        let open = self.open.as_mut()?;
        if open.tail.is_none() {
            if flow == Flow::Stop {
                // Pack takes no more of it and knows why.
                open.tail = Some(Tail::complete());
            } else if self.run.stop.flow() == Flow::Stop {
                open.tail = Some(Tail::new(Outcome::TimedOut, Text::word("the run was stopped")));
            } else {
                let redacted = open.read(self.run, &mut self.buffer);
                return Some(Piece::Data(redacted));
            }
        }
        let mut open = self.open.take()?;
        let (rest, tail) = open.end();
        if rest.is_empty() {
            if let (Source::Log(reader), Some(log)) = (&open.source, open.log) {
                *self.taken.entry(log).or_insert(0) += reader.taken().bytes;
            }
            self.packed(&open.name, &tail);
            return Some(Piece::End(Box::new(tail)));
        }
        open.tail = Some(tail);
        self.open = Some(open);
        Some(Piece::Data(rest))
    }
}

impl Feed for Feeder<'_> {
    fn next(&mut self, flow: Flow) -> Option<Piece> {
        if self.open.is_some() {
            return self.go_on(flow);
        }
        let item = self.plan.items.get(self.next)?;
        let index = self.next;
        self.next += 1;
        if is_streamed(item) {
            return Some(self.begin(item));
        }
        let made = self.slots.take(index);
        match &made.piece {
            Piece::Absent(head, tail) => self.packed(&head.name.text(), tail),
            Piece::Parcel(parcel) => {
                let (name, reason) = (parcel.name(), parcel.reason());
                let outcome = parcel.outcome();
                self.run.events.tell(&Event::Packed { entry: &name, outcome, reason: &reason });
            }
            _ => {}
        }
        Some(made.piece)
    }
}

impl Open<'_> {
    /// Reads on; at the end of the source the tail is set.
    fn read(&mut self, run: &Run<'_>, buffer: &mut Vec<u8>) -> Redacted {
        let ended = match &mut self.source {
            Source::File { file, at, limit } => read_file(file.as_mut(), at, *limit, buffer),
            Source::Log(reader) => {
                buffer.clear();
                // An error is in what `taken` tells.
                let more = reader.next(buffer).unwrap_or(false);
                Ok((!more).then(Ending::complete))
            }
        };
        let redacted = self.output.push(buffer);
        run.events.tell(&Event::Read { bytes: buffer.len() as u64 });
        let ending = match ended {
            Ok(None) if !self.output.is_broken() => return redacted,
            Ok(ending) => ending.unwrap_or_else(Ending::complete),
            Err(error) => error.ending(),
        };
        let mut tail = labels::tail(run.redactor, &ending);
        match &self.source {
            Source::File { at, .. } => tail.source_bytes = Some(*at),
            Source::Log(reader) => describe(run, reader.taken(), &mut tail),
        }
        self.tail = Some(tail);
        redacted
    }

    /// What redaction still held back, and the tail with all that is known now.
    fn end(&mut self) -> (Redacted, Tail) {
        let mut tail = self.tail.take().unwrap_or_else(Tail::complete);
        // A reader of logs gives whole lines, but for one that the run's end cut.
        let whole = match (&self.source, tail.outcome) {
            (_, Outcome::Complete) => true,
            (Source::Log(_), outcome) => outcome != Outcome::TimedOut,
            (Source::File { .. }, _) => false,
        };
        let (rest, end) = self.output.finish(whole);
        tail.seconds.get_or_insert(round(self.began.elapsed().as_secs_f64()));
        if !end.redactions.is_empty() {
            tail.redactions = end.redactions;
        }
        if let Some(reason) = end.withheld {
            tail.outcome = Outcome::Withheld;
            tail.reason = reason;
        }
        (rest, tail)
    }
}

/// The next piece of a file, into `buffer`; the ending when it has no more.
fn read_file(
    file: &mut dyn File,
    at: &mut u64,
    limit: u64,
    buffer: &mut Vec<u8>,
) -> Result<Option<Ending>, crate::host::Error> {
    let wanted = usize::try_from(limit - *at).unwrap_or(PIECE).min(PIECE);
    buffer.resize(wanted.max(1), 0);
    let read = file.read_at(*at, buffer);
    let n = *read.as_ref().unwrap_or(&0);
    if wanted == 0 {
        // One byte more tells whether the limit cut anything.
        buffer.clear();
        let cut = Ending::new(Outcome::Truncated, format!("longer than its limit of {limit} bytes"));
        return read.map(|n| Some(if n > 0 { cut } else { Ending::complete() }));
    }
    buffer.truncate(n);
    *at += n as u64;
    read.map(|n| (n == 0).then(Ending::complete))
}

/// What the window took of a log, for the manifest.
fn describe(run: &Run<'_>, taken: Taken, tail: &mut Tail) {
    if tail.outcome == Outcome::Complete {
        tail.outcome = taken.ending.outcome;
        tail.reason = labels::text(run.redactor, &taken.ending.reason);
    }
    tail.source_bytes = Some(taken.source_bytes);
    tail.window = Some(Window {
        first: taken.first,
        last: taken.last,
        lines: taken.lines,
        bytes_before: taken.bytes_before,
        bytes_after: taken.bytes_after,
        note: taken.note.map(|note| labels::text(run.redactor, &note)),
    });
}
