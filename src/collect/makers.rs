//! Commands, probes and requests: each becomes a parcel, redacted and compressed as it comes.

use std::{
    collections::VecDeque,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{Mutex, PoisonError},
    time::Instant,
};

use super::{Event, Run, is_streamed, labels, parts, slots::Made, stream::Output};
use crate::{
    host::{Command, Error, Flow, Get, Ran, RanEnd},
    outcome::{Ending, Outcome},
    pack::{Budget, ParcelWriter, Piece, Tail, manifest::Text},
    plan::{Item, Plan, Take},
    probe::Probe,
};

/// The items that a limited number of threads share, in their order; parts are made with their commands.
pub(super) fn queue(items: &[Item]) -> VecDeque<usize> {
    let is_part = |item: &Item| matches!(item.take, Take::Part { .. });
    let shared = |item: &Item| !item.is_sampler() && !is_streamed(item) && !is_part(item);
    items.iter().enumerate().filter(|(_, item)| shared(item)).map(|(index, _)| index).collect()
}

/// The next item of the queue.
pub(super) fn pull(queue: &Mutex<VecDeque<usize>>) -> Option<usize> {
    queue.lock().unwrap_or_else(PoisonError::into_inner).pop_front()
}

/// Makes an item's entry, and those of its parts. Whatever goes wrong is in the entries; they always come back.
pub(super) fn make(run: &Run<'_>, plan: &Plan, index: usize, budget: &Budget) -> Vec<(usize, Made)> {
    let item = &plan.items[index];
    let parts = parts::of(plan, item);
    let made = catch_unwind(AssertUnwindSafe(|| match &item.take {
        Take::Command { command, .. } if !parts.is_empty() => {
            parts::make(run, plan, (index, command), &parts, budget)
        }
        _ => vec![(index, try_make(run, item, budget))],
    }));
    made.unwrap_or_else(|_| {
        let failed = || Tail::new(Outcome::Failed, Text::word("an internal error"));
        let all = std::iter::once(index).chain(parts);
        all.map(|index| (index, absent(run, &plan.items[index], failed()))).collect()
    })
}

/// Why nothing is to be tried for an item, if so.
pub(super) fn refused(run: &Run<'_>, item: &Item) -> Option<Tail> {
    if let Some(why) = run.withhold.as_ref().filter(|_| item.gitlabs) {
        return Some(labels::tail(run.redactor, &Ending::new(Outcome::Withheld, why.clone())));
    }
    (run.stop.flow() == Flow::Stop).then(labels::stopped)
}

pub(super) fn absent(run: &Run<'_>, item: &Item, tail: Tail) -> Made {
    let outcome = tail.outcome;
    let head = labels::head(run, item, run.host.now());
    Made { piece: Piece::Absent(Box::new(head), Box::new(tail)), outcome }
}

fn try_make(run: &Run<'_>, item: &Item, budget: &Budget) -> Made {
    if let Some(tail) = refused(run, item) {
        return absent(run, item, tail);
    }
    let began = Instant::now();
    let mut maker = Maker::new(run, item, budget);
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

pub(super) struct Maker<'a> {
    run: &'a Run<'a>,
    output: Output<'a>,
    parcel: ParcelWriter<'a>,
    bytes: u64,
}

impl<'a> Maker<'a> {
    pub(super) fn new(run: &'a Run<'a>, item: &Item, budget: &Budget) -> Self {
        let head = labels::head(run, item, run.host.now());
        let parcel = ParcelWriter::new(head, run.check, budget);
        Self { run, output: Output::new(run.redactor), parcel, bytes: 0 }
    }

    /// Redacts what came, and packs it.
    pub(super) fn push(&mut self, bytes: &[u8]) -> Flow {
        self.bytes += bytes.len() as u64;
        self.run.events.tell(&Event::Read { bytes: bytes.len() as u64 });
        let redacted = self.output.push(bytes);
        if self.output.is_broken() { Flow::Stop } else { self.parcel.push(&redacted) }
    }

    fn command(&mut self, command: &Command) -> Tail {
        let ran = self.run.host.run(command, &mut |bytes| self.push(bytes));
        ran_tail(self.run, command, ran, self.bytes)
    }

    fn probe(&mut self, probe: &Probe) -> Tail {
        let host = self.run.host;
        match (probe.run)(host, &mut |bytes| self.push(bytes)) {
            Ok(()) if self.run.stop.flow() == Flow::Stop => {
                Tail::new(Outcome::TimedOut, Text::word("the run was stopped"))
            }
            Ok(()) => Tail::complete(),
            Err(error) => error_tail(self.run, &error, ""),
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
            Err(error) => error_tail(self.run, &error, "no listener"),
        }
    }

    pub(super) fn finish(mut self, mut tail: Tail) -> Made {
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

/// How a command's entry ends.
pub(super) fn ran_tail(run: &Run<'_>, command: &Command, ran: Result<Ran, Error>, bytes: u64) -> Tail {
    let ran = match ran {
        Ok(ran) => ran,
        Err(error) => return error_tail(run, &error, "missing tool"),
    };
    let mut tail = labels::tail(run.redactor, &ran_ending(command, ran.end, bytes));
    match ran.end {
        RanEnd::Exited(status) => tail.exit = Some(status),
        RanEnd::Signalled(signal) => tail.signal = Some(signal),
        _ => {}
    }
    if !ran.stderr.trim_ascii().is_empty() {
        tail.stderr = Some(Text::of(&run.redactor.text(ran.stderr.trim_ascii_end())));
    }
    tail
}

/// `missing` says better what was not there.
fn error_tail(run: &Run<'_>, error: &Error, missing: &str) -> Tail {
    if error.trouble == crate::host::Trouble::Missing && !missing.is_empty() {
        let what = error.path.display();
        let ending = Ending::new(Outcome::Skipped, format!("{missing}: {what}"));
        return labels::tail(run.redactor, &ending);
    }
    labels::tail_of(run.redactor, error)
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
