//! `sample-cpu`: how busy the CPUs are, as mpstat and vmstat tell it.

use std::{collections::BTreeMap, fmt::Write};

use super::{
    Interval, Sampler,
    strip::{Column, Figure, Series, Strip, put},
};
use crate::{
    host::{Error, Flow, Host, Trouble},
    probe::{
        page::Sink,
        proc::{
            stat::{Cpu, STATES, Stat},
            text,
        },
    },
};

const COLUMNS: &[Column] = &[
    ("%us", 5, 1),
    ("%ni", 5, 1),
    ("%sy", 5, 1),
    ("%id", 5, 1),
    ("%wa", 5, 1),
    ("%hi", 5, 1),
    ("%si", 5, 1),
    ("%st", 5, 1),
    ("%busy", 5, 1),
    ("run", 5, 0),
    ("blk", 5, 0),
    ("ctxt/s", 9, 0),
    ("intr/s", 9, 0),
    ("forks/s", 8, 0),
];

/// Samples /proc/stat.
pub(crate) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    sample(host, sink)
}

fn sample(host: &dyn Host, sink: Sink<'_>) -> Result<(), Error> {
    super::run(host, sink, Cpus { strip: Strip::new(8, COLUMNS), each: BTreeMap::new(), seconds: 0 })
}

struct Cpus {
    strip: Strip,
    each: BTreeMap<u32, OneCpu>,
    seconds: usize,
}

/// One CPU over the window.
#[derive(Default)]
struct OneCpu {
    states: [Series; 8],
    busy: Series,
    /// Busy share by interval.
    course: BTreeMap<usize, f64>,
}

impl OneCpu {
    fn add(&mut self, number: usize, now: &Cpu, before: &Cpu) {
        let shares = now.since(before);
        for (series, share) in self.states.iter_mut().zip(shares.states) {
            series.add(Figure::new(share, shares.ticks));
        }
        self.busy.add(Figure::new(shares.busy(), shares.ticks));
        if let Some(busy) = shares.busy() {
            self.course.insert(number, busy);
        }
    }
}

impl Sampler for Cpus {
    type Sample = Stat;

    fn take(&mut self, host: &dyn Host) -> Result<Stat, Error> {
        Stat::parse(&text(host, "/proc/stat")?).ok_or_else(|| {
            Error::new(Trouble::Io, "reading", "/proc/stat").detail("it has no line of all CPUs")
        })
    }

    fn head(&mut self, first: &Stat) -> String {
        format!(
            "# All {} CPUs: shares of time in percent (busy: neither idle nor waiting for I/O), tasks now running or\n\
             # blocked by I/O, and a second: context switches, interrupts, new processes and threads\n{}",
            first.cpus.len(),
            self.strip.heads("time")
        )
    }

    fn rows(&mut self, interval: &Interval<'_, Stat>) -> String {
        let Interval { before, now, number, .. } = *interval;
        let shares = now.all.since(&before.all);
        let mut figures: Vec<Figure> =
            shares.states.iter().map(|share| Figure::new(*share, shares.ticks)).collect();
        figures.push(Figure::new(shares.busy(), shares.ticks));
        figures.push(interval.gauge(now.running, 1.0));
        figures.push(interval.gauge(now.blocked, 1.0));
        figures.push(interval.rate(|stat| stat.switches));
        figures.push(interval.rate(|stat| stat.interrupts));
        figures.push(interval.rate(|stat| stat.forks));
        for (cpu, now) in &now.cpus {
            if let Some(before) = interval.past(before.cpus.get(cpu)) {
                self.each.entry(*cpu).or_default().add(number, now, &before);
            }
        }
        self.seconds = self.seconds.max(number + 1);
        self.strip.row(&interval.label, &figures)
    }

    fn close(&mut self) -> String {
        let mut text = self.strip.summary("");
        text.push_str(
            "\n# Each CPU: shares over the window in percent, then how busy it was in each interval\ncpu ",
        );
        for state in STATES.iter().filter(|state| **state != "id") {
            let _ = write!(text, " {:>5}", format!("%{state}"));
        }
        text.push_str("  %busy");
        for second in 1..=self.seconds {
            let _ = write!(text, " {second:>4}");
        }
        text.push('\n');
        for (cpu, one) in &self.each {
            let _ = write!(text, "{cpu:<4}");
            for (series, _) in one.states.iter().zip(STATES).filter(|(_, state)| *state != "id") {
                put(&mut text, series.average(), 5, 1);
            }
            put(&mut text, one.busy.average(), 6, 1);
            for second in 0..self.seconds {
                put(&mut text, one.course.get(&second).copied(), 4, 0);
            }
            text.push('\n');
        }
        text
    }
}
