//! `sample-memory`: what is free, and what goes to and comes from disks, as vmstat tells it.

use super::{
    Interval, Sampler,
    strip::{Column, Strip},
};
use crate::{
    host::{Error, Flow, Host},
    probe::proc::{PAGE, fields::Fields, text},
};

const MIB: f64 = 1_048_576.0;

const COLUMNS: &[Column] = &[
    ("free", 9, 0),
    ("avail", 9, 0),
    ("cache", 9, 0),
    ("dirty", 7, 1),
    ("swapped", 8, 0),
    ("si", 8, 0),
    ("so", 8, 0),
    ("in", 9, 0),
    ("out", 9, 0),
    ("majflt/s", 8, 0),
    ("stalls/s", 8, 0),
    ("kills", 5, 0),
];

/// Samples /proc/meminfo and /proc/vmstat.
pub(crate) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    super::run(host, sink, Memory { strip: Strip::new(8, COLUMNS) })
}

struct Memory {
    strip: Strip,
}

/// Both files; the second is missing in some containers.
#[derive(Default)]
struct Sample {
    info: Fields,
    counters: Fields,
}

impl Sampler for Memory {
    type Sample = Sample;

    fn take(&mut self, host: &dyn Host) -> Result<Sample, Error> {
        let info = Fields::parse(&text(host, "/proc/meminfo")?);
        let counters = text(host, "/proc/vmstat").map(|text| Fields::parse(&text)).unwrap_or_default();
        Ok(Sample { info, counters })
    }

    fn head(&mut self, _: &Sample) -> String {
        format!(
            "# MiB: free, available, page cache and buffers, dirty, swapped out. KiB a second: from swap, to swap, in\n\
             # from disks, out to disks. Then major faults and stalls of allocations a second, and OOM kills.\n{}",
            self.strip.heads("time")
        )
    }

    fn rows(&mut self, interval: &Interval<'_, Sample>) -> String {
        let info = &interval.now.info;
        let cache =
            info.bytes("Cached").map(|cached| cached.saturating_add(info.bytes("Buffers").unwrap_or(0)));
        let swapped = info
            .bytes("SwapTotal")
            .zip(info.bytes("SwapFree"))
            .map(|(total, free)| total.saturating_sub(free));
        let number = |name: &'static str| move |sample: &Sample| sample.counters.number(name);
        let pages = |name: &'static str| {
            move |sample: &Sample| Some(sample.counters.number(name)?.saturating_mul(PAGE / 1024))
        };
        let kills = interval.gain(number("oom_kill"));
        let figures = [
            interval.gauge(info.bytes("MemFree"), MIB),
            interval.gauge(info.bytes("MemAvailable"), MIB),
            interval.gauge(cache, MIB),
            interval.gauge(info.bytes("Dirty"), MIB),
            interval.gauge(swapped, MIB),
            interval.rate(pages("pswpin")),
            interval.rate(pages("pswpout")),
            interval.rate(number("pgpgin")),
            interval.rate(number("pgpgout")),
            interval.rate(number("pgmajfault")),
            interval.rate(|sample| sample.counters.sum("allocstall")),
            super::Figure::new(kills, interval.seconds),
        ];
        self.strip.row(&interval.label, &figures)
    }

    fn close(&mut self) -> String {
        self.strip.summary("")
    }
}
