//! Plan → bundle: takes what the plan says, redacts it, and feeds it to pack. A text of any other origin
//! goes the same way.
//!
//! What answers in its own time (commands, probes, requests) runs side by side and waits, redacted
//! and compressed, for its turn. Files and logs are read in the bundle's order while it is written,
//! from when the samplers have ended. A part that fails is an entry's outcome, never an error.

mod events;
mod feed;
mod filter;
mod labels;
mod makers;
mod parts;
pub mod rewrite;
mod slots;
mod stream;
#[cfg(test)]
mod tests;

use std::{sync::Mutex, time::Instant};

pub use events::{Event, Events};
pub use filter::{Filtered, Source, filter};

use crate::{
    error::Result,
    host::{
        Host, gentle,
        stop::{Reason, Stop},
    },
    pack::{Budget, Bundle, Check, Pace},
    plan::{Item, Plan, Take},
    redact::Redactor,
};
use feed::Feeder;
use slots::Slots;

/// Compressed bytes of outputs that wait for the bundle.
const WAITING: u64 = 12 << 20;
/// Commands, probes and requests at the same time, samplers aside: those only watch.
const MAKERS: usize = 4;
/// Threads that redact and pack; the caller's is one of them.
const THREADS: usize = 2;

/// What all parts of a run share.
pub struct Run<'a> {
    /// Where things are taken.
    pub host: &'a dyn Host,
    /// What takes secrets away.
    pub redactor: &'a Redactor,
    /// The second look.
    pub check: &'a dyn Check,
    /// Says when to end early.
    pub stop: &'a Stop,
    /// Is told how it goes.
    pub events: &'a dyn Events,
    /// The host's time zone, for logs without one.
    pub zone: &'a jiff::tz::TimeZone,
    /// Whether others on this machine wait, so that one thread is enough.
    pub rest: &'a (dyn Fn() -> bool + Sync),
    /// Why GitLab's entries can't be shown to be clean, if they can't.
    pub withhold: Option<String>,
}

/// Takes everything in the plan. Ends early, with what there is, when the run is stopped.
pub fn run(run: &Run<'_>, plan: &Plan, bundle: &mut Bundle<'_>) -> Result<()> {
    let slots = Slots::new(&plan.items);
    let budget = Budget::new(WAITING);
    let next = Mutex::new(makers::queue(&plan.items));
    std::thread::scope(|scope| {
        let (slots, budget, next) = (&slots, &budget, &next);
        let make = move |index: usize, item: &Item| {
            run.events.tell(&Event::Started { item });
            let began = Instant::now();
            for (index, made) in makers::make(run, plan, index, budget) {
                let item = &plan.items[index];
                run.events.tell(&Event::Made { item, outcome: made.outcome(), took: began.elapsed() });
                slots.fill(index, made);
            }
        };
        let work = move || {
            while let Some(index) = makers::pull(next) {
                make(index, &plan.items[index]);
            }
        };
        // Where the host gives no more threads, this one does their work: later, and one after another.
        let thread = || std::thread::Builder::new();
        for (index, item) in plan.items.iter().enumerate().filter(|(_, item)| item.is_sampler()) {
            if thread().spawn_scoped(scope, move || make(index, item)).is_err() {
                make(index, item);
            }
        }
        let makers = (0..MAKERS).filter(|_| thread().spawn_scoped(scope, work).is_ok()).count();
        if makers == 0 {
            work();
        }
        slots.wait_for_samplers(run.stop);
        // From here on this thread, and those that pack starts from it, only use what nobody else wants.
        gentle::yield_to_others();
        let mut feeder = Feeder::new(run, plan, slots);
        let pumped = bundle.pump(Pace { threads: THREADS, rest: run.rest }, &mut feeder);
        if pumped.is_err() {
            // Nothing can be written any more: what still runs would only be waited for.
            run.stop.set(Reason::Terminated);
        }
        pumped
    })
}

/// Items that no maker thread takes: they are read while the bundle is written, or not taken at all.
fn is_streamed(item: &Item) -> bool {
    matches!(item.take, Take::File { .. } | Take::Log { .. } | Take::Leave { .. })
}
