//! `sample-pressure`: the share of time in which tasks waited for CPU, memory or I/O (PSI).

use super::{
    Figure, Interval, Sampler,
    strip::{Column, Strip},
};
use crate::{
    host::{Error, Flow, Host},
    probe::proc::{
        pressure::{Pressure, Stall},
        text,
    },
};

const COLUMNS: &[Column] = &[
    ("cpu.some", 9, 2),
    ("cpu.full", 9, 2),
    ("mem.some", 9, 2),
    ("mem.full", 9, 2),
    ("io.some", 9, 2),
    ("io.full", 9, 2),
];

/// Samples /proc/pressure.
pub(crate) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    super::run(host, sink, Stalls { strip: Strip::new(8, COLUMNS) })
}

struct Stalls {
    strip: Strip,
}

impl Sampler for Stalls {
    type Sample = [Pressure; 3];

    fn take(&mut self, host: &dyn Host) -> Result<[Pressure; 3], Error> {
        let mut all = [Pressure::default(); 3];
        let mut trouble = None;
        for (pressure, name) in all.iter_mut().zip(["cpu", "memory", "io"]) {
            match text(host, format!("/proc/pressure/{name}")) {
                Ok(text) => *pressure = Pressure::parse(&text),
                Err(error) => trouble = Some(error),
            }
        }
        match trouble {
            Some(error) if all == [Pressure::default(); 3] => Err(error),
            _ => Ok(all),
        }
    }

    fn head(&mut self, _: &[Pressure; 3]) -> String {
        format!(
            "# Share of each interval in percent in which at least one task (some) or all tasks (full) waited\n{}",
            self.strip.heads("time")
        )
    }

    fn rows(&mut self, interval: &Interval<'_, [Pressure; 3]>) -> String {
        let share = |stall: &dyn Fn(&[Pressure; 3]) -> Option<Stall>| {
            let gain = interval.gain(|sample| Some(stall(sample)?.total));
            // Microseconds of a second, in percent.
            let mut figure = Figure::rate(gain.map(|us| us / 10_000.0), interval.seconds);
            figure.value = figure.value.map(|share| share.min(100.0));
            figure
        };
        let figures = [
            share(&|sample| sample[0].some),
            share(&|sample| sample[0].full),
            share(&|sample| sample[1].some),
            share(&|sample| sample[1].full),
            share(&|sample| sample[2].some),
            share(&|sample| sample[2].full),
        ];
        self.strip.row(&interval.label, &figures)
    }

    fn close(&mut self) -> String {
        self.strip.summary("")
    }
}
