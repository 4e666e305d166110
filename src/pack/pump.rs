//! The workers: each pulls a piece of work from the feeder, does it, and hands it to the writer in
//! order. Two threads are busy at most, the caller's own among them; memory is bounded by how far
//! one may run ahead of the other.

use std::{
    collections::BTreeMap,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{
    cutter::{Cutter, Fate, Job, Work},
    output::{Trouble, block_sigxfsz},
    parcel::{self, Parcel},
    piece::Feed,
    screen,
    segment::{Check, Deflater, checked},
    writer::{Done, Writer, Wrote},
};

/// Jobs that a worker may be ahead of the writer; each holds a segment.
const AHEAD: u64 = 6;

/// How long a thread that stays out of the way rests before it looks again.
const REST: Duration = Duration::from_millis(200);

/// How many threads work, and when only one does.
#[derive(Clone, Copy)]
pub struct Pace<'a> {
    /// Busy threads at most, the caller's among them.
    pub threads: usize,
    /// Whether all but one should rest now.
    pub rest: &'a (dyn Fn() -> bool + Sync),
}

impl Pace<'_> {
    /// So many threads all the time.
    pub fn steady(threads: usize) -> Self {
        Self { threads, rest: &|| false }
    }
}

/// Drives `feed` to its end.
pub(super) fn pump(
    pace: Pace<'_>,
    feed: &mut dyn Feed,
    check: &dyn Check,
    cutter: &mut Cutter,
    writer: Writer,
) -> Result<Writer, Trouble> {
    let pump = Pump {
        check,
        fate: Fate::default(),
        source: Mutex::new((cutter, feed)),
        line: Mutex::new(Line {
            next: None,
            waiting: BTreeMap::new(),
            writer: Some(writer),
            trouble: None,
            over: false,
        }),
        moved: Condvar::new(),
        pace,
    };
    std::thread::scope(|scope| {
        for _ in 1..pace.threads.max(1) {
            // Where the host gives no more threads, this one does it all.
            let _ = std::thread::Builder::new().spawn_scoped(scope, || pump.work(true));
        }
        pump.work(false);
    });
    let line = pump.line.into_inner().unwrap_or_else(PoisonError::into_inner);
    match (line.trouble, line.writer) {
        (None, Some(writer)) => Ok(writer),
        (Some(trouble), _) => Err(trouble),
        (None, None) => Err(Trouble::Io(std::io::Error::other("the writer is gone"))),
    }
}

struct Pump<'a> {
    check: &'a dyn Check,
    fate: Fate,
    source: Mutex<(&'a mut Cutter, &'a mut dyn Feed)>,
    line: Mutex<Line>,
    moved: Condvar,
    pace: Pace<'a>,
}

/// Finished work that waits for its turn.
struct Line {
    /// The number that the writer takes next; the first one that is pulled sets it.
    next: Option<u64>,
    waiting: BTreeMap<u64, (u64, Done)>,
    /// Away while a worker writes.
    writer: Option<Writer>,
    trouble: Option<Trouble>,
    /// There is nothing more to pull.
    over: bool,
}

/// Ends the others if a worker panics: they would wait for its work forever.
struct Bell<'p, 'a>(&'p Pump<'a>);

impl Drop for Bell<'_, '_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            lock(&self.0.line).trouble = Some(Trouble::Io(std::io::Error::other("a worker failed")));
            self.0.moved.notify_all();
        }
    }
}

impl Pump<'_> {
    /// One thread's part; a `helper` rests while others need the host.
    fn work(&self, helper: bool) {
        let _bell = Bell(self);
        block_sigxfsz();
        let mut deflater = Deflater::new();
        while let Some(job) = self.pull(helper) {
            let (number, entry) = (job.number, job.entry);
            let done = self.process(job, &mut deflater);
            if matches!(done, Done::Hit(_)) {
                self.fate.kill(entry);
            }
            if !self.deliver(number, entry, done) {
                return;
            }
        }
    }

    fn pull(&self, helper: bool) -> Option<Job> {
        while helper && (self.pace.rest)() {
            let line = lock(&self.line);
            if line.over || line.trouble.is_some() {
                return None;
            }
            drop(self.moved.wait_timeout(line, REST));
        }
        let mut source = lock(&self.source);
        let (cutter, feed) = &mut *source;
        let job = cutter.next(*feed, &self.fate);
        let mut line = lock(&self.line);
        match &job {
            Some(job) => drop(line.next.get_or_insert(job.number)),
            None => {
                line.over = true;
                self.moved.notify_all();
            }
        }
        job
    }

    fn process(&self, job: Job, deflater: &mut Deflater) -> Done {
        match job.work {
            Work::Whole { mut head, data, mut tail } => {
                screen::head(self.check, &mut head);
                screen::tail(self.check, &mut tail);
                let made = parcel::make(self.check, deflater, &data);
                Done::Whole(Parcel::whole(head, tail, made))
            }
            Work::Parcel(mut parcel) => {
                screen::head(self.check, &mut parcel.head);
                screen::tail(self.check, &mut parcel.tail);
                Done::Whole(*parcel)
            }
            Work::Begin(mut head) => {
                screen::head(self.check, &mut head);
                Done::Begin(head)
            }
            Work::Segment { before, data } => match checked(self.check, &before, &data) {
                Some(rule) => Done::Hit(rule),
                None => Done::Segment { deflated: deflater.segment(&data), raw: data },
            },
            Work::End(mut tail) => {
                screen::tail(self.check, &mut tail);
                Done::End(tail)
            }
        }
    }

    /// Hands over finished work, writes what is next in line, and waits while too far ahead of it.
    fn deliver(&self, number: u64, entry: u64, done: Done) -> bool {
        let mut line = lock(&self.line);
        line.waiting.insert(number, (entry, done));
        loop {
            if line.trouble.is_some() {
                return false;
            }
            let next = line.next.unwrap_or(0);
            if line.writer.is_some() && line.waiting.contains_key(&next) {
                line = self.write(line, next);
            } else if number >= next + AHEAD {
                line = self.moved.wait(line).unwrap_or_else(PoisonError::into_inner);
            } else {
                return true;
            }
        }
    }

    fn write<'l>(&'l self, mut line: MutexGuard<'l, Line>, next: u64) -> MutexGuard<'l, Line> {
        let Some((mut writer, (entry, done))) = line.writer.take().zip(line.waiting.remove(&next)) else {
            return line;
        };
        drop(line);
        let wrote = writer.place(done);
        if matches!(wrote, Ok(Wrote::Full)) {
            self.fate.end();
        }
        if matches!(wrote, Ok(Wrote::Over) | Err(_)) {
            self.fate.kill(entry);
        }
        let mut line = lock(&self.line);
        line.writer = Some(writer);
        line.next = Some(next + 1);
        line.trouble = line.trouble.take().or(wrote.err());
        self.moved.notify_all();
        line
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
