//! How a run looks while it goes on: one line that changes on a terminal, plain lines elsewhere, JSON
//! for scripts. Also writes the run log. Every text from outside was redacted or is the plan's own.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde_json::json;

use super::{
    console::{Console, escape, escape_line},
    run_log::RunLog,
};
use crate::{
    collect::{Event, Events},
    outcome::Outcome,
    plan::{Item, Take},
    units::{show_duration, show_size},
};

/// Shows and logs a run.
pub(super) struct Progress<'a> {
    console: &'a Console,
    log: &'a RunLog,
    json: bool,
    verbose: bool,
    bar: Option<ProgressBar>,
    read: AtomicU64,
    running: Mutex<Running>,
}

#[derive(Default)]
struct Running {
    /// What runs, and since when.
    items: BTreeMap<String, Instant>,
    reading: Option<String>,
    done: usize,
    all: usize,
}

impl<'a> Progress<'a> {
    pub(super) fn start(console: &'a Console, json: bool, verbose: bool, log: &'a RunLog) -> Self {
        let on_terminal = console.talks_to_terminal() && !console.quiet && !json;
        let bar = on_terminal.then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(8));
            if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed:>4} {wide_msg}") {
                bar.set_style(style);
            }
            bar.enable_steady_tick(Duration::from_millis(200));
            bar
        });
        let (read, running) = (AtomicU64::new(0), Mutex::new(Running::default()));
        Self { console, log, json, verbose, bar, read, running }
    }

    /// One line for people and for the log.
    pub(super) fn line(&self, text: &str) {
        self.log.line(text);
        if !self.json {
            self.say(text);
        }
    }

    pub(super) fn closing(&self) {
        if let Some(bar) = &self.bar {
            bar.set_message("closing the bundle");
        }
    }

    pub(super) fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.suspend(|| self.console.say(text)),
            None => self.console.say(text),
        }
    }

    fn event(&self, value: &serde_json::Value) {
        if self.json {
            // Nobody reads any more: the bundle is made all the same.
            let _ = self.console.event(value);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Running> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn show(&self, running: &Running) {
        let Some(bar) = &self.bar else { return };
        let mut oldest: Vec<_> = running.items.iter().collect();
        oldest.sort_by_key(|(_, since)| **since);
        let doing = match (&running.reading, oldest.first()) {
            (Some(entry), _) => entry.clone(),
            (None, Some((name, since))) => {
                let others = match oldest.len() - 1 {
                    0 => String::new(),
                    others => format!(" and {others} more"),
                };
                format!("{name} ({}){others}", show_duration(since.elapsed()))
            }
            (None, None) => String::new(),
        };
        let read = show_size(self.read.load(Ordering::Relaxed));
        bar.set_message(escape(&format!("{}/{}  {read}  {doing}", running.done, running.all)));
    }

    fn ended(&self, entry: &str, outcome: Outcome, reason: &str) {
        self.log.line(&format!("{}: {entry}{}", outcome.word(), behind(reason)));
        self.event(&json!({"event": "entry", "entry": entry, "outcome": outcome.word(), "reason": reason}));
        // What is not whole is told at the end, by reason.
        if self.verbose && !self.json {
            self.say(&format!("{:<9}  {entry}{}", outcome.word(), escape_line(&behind(reason))));
        }
    }
}

fn behind(reason: &str) -> String {
    if reason.is_empty() { String::new() } else { format!(": {reason}") }
}

fn name(item: &Item) -> String {
    format!("{}/{}", item.collector, item.source)
}

impl Events for Progress<'_> {
    fn tell(&self, event: &Event<'_>) {
        let mut running = self.lock();
        match event {
            Event::Planned { plan } => {
                running.all = plan.items.iter().filter(|i| !matches!(i.take, Take::Leave { .. })).count();
                let sampling = plan.sampling;
                self.event(&json!({"event": "planned", "entries": running.all}));
                let wait = if sampling.is_zero() {
                    String::new()
                } else {
                    format!("; samplers watch the host for up to {}", show_duration(sampling))
                };
                self.line(&format!("taking {} entries{wait}", running.all));
            }
            Event::Started { item } => {
                self.log.line(&format!("started {}", name(item)));
                self.event(&json!({"event": "started", "source": name(item)}));
                running.items.insert(name(item), Instant::now());
            }
            Event::Made { item, outcome, took } => {
                running.items.remove(&name(item));
                running.done += 1;
                let took = took.as_secs_f64();
                self.log.line(&format!("{} {} after {took:.1} s", outcome.word(), name(item)));
                self.event(&json!({"event": "made", "source": name(item), "outcome": outcome.word(), "seconds": took}));
            }
            Event::Reading { entry } => {
                running.done += 1;
                running.reading = Some(entry.as_str().to_owned());
            }
            Event::Read { bytes } => {
                self.read.fetch_add(*bytes, Ordering::Relaxed);
            }
            Event::Packed { entry, outcome, reason } => {
                running.reading = None;
                self.ended(entry.as_str(), *outcome, reason.as_str());
            }
        }
        self.show(&running);
    }
}
