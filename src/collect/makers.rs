//! Commands, probes and requests: each becomes a parcel, redacted and compressed as it comes.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError},
    time::Instant,
};

use super::{Event, Run, is_streamed, labels, slots::Made, stream::Output};
use crate::{
    host::{Command, Error, Flow, Get, RanEnd},
    outcome::{Ending, Outcome},
    pack::{Budget, ParcelWriter, Piece, Tail, manifest::Text},
    plan::{Item, Plan, Take},
    probe::Probe,
};

/// The items that a limited number of threads share, in their order.
pub(super) fn queue(items: &[Item]) -> VecDeque<usize> {
    let shared = |item: &Item| !item.is_sampler() && !is_streamed(item);
    items.iter().enumerate().filter(|(_, item)| shared(item)).map(|(index, _)| index).collect()
}

/// The next item of the queue.
pub(super) fn pull(queue: &Mutex<VecDeque<usize>>) -> Option<usize> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
}

/// Makes an item's entry. Whatever goes wrong is in the entry; it always comes back.
pub(super) fn make(run: &Run<'_>, _plan: &Plan, item: &Item, budget: &Budget) -> Made {
    let made = catch_unwind(AssertUnwindSafe(|| try_make(run, item, budget)));
    made.unwrap_or_else(|_| absent(run, item, Tail::new(Outcome::Failed, Text::word("an internal error"))))
}

fn absent(run: &Run<'_>, item: &Item, tail: Tail) -> Made {
    let outcome = tail.outcome;
    let head = labels::head(run, item, run.host.now());
    Made { piece: Piece::Absent(Box::new(head), Box::new(tail)), outcome }
}

fn try_make(run: &Run<'_>, item: &Item, budget: &Budget) -> Made {
    if let Some(why) = run.withhold.as_ref().filter(|_| item.gitlabs) {
        let ending = Ending::new(Outcome::Withheld, why.clone());
        return absent(run, item, labels::tail(run.redactor, &ending));
    }
    if run.stop.flow() == Flow::Stop {
        return absent(run, item, labels::stopped());
    }
    let began = Instant::now();
    let head = labels::head(run, item, run.host.now());
    let mut maker = Maker {
        run,
        output: Output::new(run.redactor),
        parcel: ParcelWriter::new(head, run.check, budget),
        bytes: 0,
    };
    let mut tail = match &item.take {
        Take::Command { command, .. } => maker.command(command),
        Take::Probe(probe) => maker.probe(probe),
        Take::Http { get } => maker.http(get),
        // The plan gives no other kind to a maker.
        _ => Tail::new(Outcome::Failed, Text::word("an internal error")),
    };
    tail.seconds = Some(round(began.elapsed().as_secs_f64()));
    maker.finish(tail)
}

/// Milliseconds are fine enough, and read better.
pub(super) fn round(seconds: f64) -> f64 {
    (seconds * 1000.0).round() / 1000.0
}

struct Maker<'a> {
    run: &'a Run<'a>,
    output: Output<'a>,
    parcel: ParcelWriter<'a>,
    bytes: u64,
}

impl Maker<'_> {
    /// Redacts what came, and packs it.
    fn push(&mut self, bytes: &[u8]) -> Flow {
        self.bytes += bytes.len() as u64;
        self.run.events.tell(&Event::Read { bytes: bytes.len() as u64 });
        let redacted = self.output.push(bytes);
        if self.output.is_broken() { Flow::Stop } else { self.parcel.push(&redacted) }
    }

    fn command(&mut self, command: &Command) -> Tail {
        let host = self.run.host;
        let ran = match host.run(command, &mut |bytes| self.push(bytes)) {
            Ok(ran) => ran,
            Err(error) => return self.error(&error, "missing tool"),
        };
        let mut tail = labels::tail(self.run.redactor, &ran_ending(command, ran.end, self.bytes));
        match ran.end {
            RanEnd::Exited(status) => tail.exit = Some(status),
            RanEnd::Signalled(signal) => tail.signal = Some(signal),
            _ => {}
        }
        if !ran.stderr.trim_ascii().is_empty() {
            tail.stderr = Some(Text::of(&self.run.redactor.text(ran.stderr.trim_ascii_end())));
        }
        tail
    }

    fn probe(&mut self, probe: &Probe) -> Tail {
        let host = self.run.host;
        match (probe.run)(host, &mut |bytes| self.push(bytes)) {
            Ok(()) if self.run.stop.flow() == Flow::Stop => {
                Tail::new(Outcome::TimedOut, Text::word("the run was stopped"))
            }
            Ok(()) => Tail::complete(),
            Err(error) => self.error(&error, ""),
        }
    }

    fn http(&mut self, get: &Get) -> Tail {
        let host = self.run.host;
        match host.get(get, &mut |bytes| self.push(bytes)) {
            Ok(got) => {
                let ending = if got.whole {
                    Ending::complete()
                } else {
                    Ending::new(Outcome::Truncated, "the answer reached its limit or its time")
                };
                let mut tail = labels::tail(self.run.redactor, &ending);
                tail.status = Some(got.status);
                tail
            }
            Err(error) => self.error(&error, "no listener"),
        }
    }

    /// `missing` says better what was not there.
    fn error(&self, error: &Error, missing: &str) -> Tail {
        if error.trouble == crate::host::Trouble::Missing && !missing.is_empty() {
            let what = error.path.display();
            let ending = Ending::new(Outcome::Skipped, format!("{missing}: {what}"));
            return labels::tail(self.run.redactor, &ending);
        }
        labels::tail_of(self.run.redactor, error)
    }

    fn finish(mut self, mut tail: Tail) -> Made {
        let (rest, end) = self.output.finish(tail.outcome == Outcome::Complete);
        self.parcel.push(&rest);
        tail.redactions = end.redactions;
        tail.source_bytes = Some(self.bytes);
        if let Some(reason) = end.withheld {
            tail.outcome = Outcome::Withheld;
            tail.reason = reason;
        }
        let parcel = self.parcel.finish(tail);
        Made { outcome: parcel.outcome(), piece: Piece::Parcel(Box::new(parcel)) }
    }
}

/// A command that printed something and complained is complete: its exit status stands beside it.
fn ran_ending(command: &Command, end: RanEnd, bytes: u64) -> Ending {
    let seconds = command.timeout.as_secs_f64();
    match end {
        RanEnd::Exited(0) => Ending::complete(),
        RanEnd::Exited(_) if bytes > 0 => Ending::complete(),
        RanEnd::Exited(status) => Ending::new(Outcome::Failed, format!("exit status {status}, no output")),
        RanEnd::Signalled(signal) => Ending::new(Outcome::Failed, format!("ended by signal {signal}")),
        RanEnd::TimedOut => Ending::new(Outcome::TimedOut, format!("ended after {seconds} s")),
        RanEnd::Abandoned => {
            Ending::new(Outcome::TimedOut, format!("stuck after {seconds} s, left behind: it can't be ended"))
        }
        RanEnd::Cut => Ending::new(
            Outcome::Truncated,
            format!("its output reached the limit of {} bytes", command.limit),
        ),
        RanEnd::Stopped => Ending::new(Outcome::TimedOut, "the run was stopped"),
    }
}
