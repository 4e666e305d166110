//! `sample-disk`: what block devices do and how long they take, as `iostat -x` tells it.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Figure, Interval, Sampler,
    strip::{Column, Strip, summaries},
};
use crate::{
    host::{Error, Flow, Host},
    probe::{
        proc::{
            diskstats::{self, Disk},
            gained, gained32, text,
        },
        table::plain,
    },
};

const COLUMNS: &[Column] = &[
    ("r/s", 8, 1),
    ("w/s", 8, 1),
    ("rkB/s", 10, 1),
    ("wkB/s", 10, 1),
    ("r_await", 8, 2),
    ("w_await", 8, 2),
    ("aqu-sz", 7, 2),
    ("%util", 6, 1),
];
const LABEL: usize = 24;

/// Samples /proc/diskstats.
pub(crate) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    let whole = host.list("/sys/block".as_ref()).ok().map(|listed| {
        listed.into_iter().map(|listed| listed.name.to_string_lossy().replace('!', "/")).collect()
    });
    super::run(host, sink, Disks { whole, strips: BTreeMap::new() })
}

struct Disks {
    /// Devices that are no partitions; all are shown where that is not known.
    whole: Option<BTreeSet<String>>,
    strips: BTreeMap<String, (Strip, bool)>,
}

impl Sampler for Disks {
    type Sample = BTreeMap<String, Disk>;

    fn take(&mut self, host: &dyn Host) -> Result<Self::Sample, Error> {
        let mut disks = diskstats::parse(&text(host, "/proc/diskstats")?);
        if let Some(whole) = self.whole.as_ref().filter(|whole| !whole.is_empty()) {
            disks.retain(|name, _| whole.contains(name));
        }
        Ok(disks)
    }

    fn head(&mut self, first: &Self::Sample) -> String {
        format!(
            "# {} block devices; those idle in an interval are left out. kB are 1024 bytes; await: ms per request;\n\
             # aqu-sz: requests under way on average; %util: share of time with any\n{}",
            first.len(),
            Strip::new(LABEL, COLUMNS).heads("time     device")
        )
    }

    fn rows(&mut self, interval: &Interval<'_, Self::Sample>) -> String {
        let mut text = String::new();
        for (name, now) in interval.now {
            let Some(before) = interval.past(interval.before.get(name)) else { continue };
            let (strip, active) =
                self.strips.entry(name.clone()).or_insert_with(|| (Strip::new(LABEL, COLUMNS), false));
            let row = strip.row(
                &format!("{:<8} {}", interval.label, plain(name)),
                &figures(&before, now, interval.seconds),
            );
            if *now != before {
                *active = true;
                text.push_str(&row);
            }
        }
        text
    }

    fn close(&mut self) -> String {
        summaries(self.strips.iter().map(|(name, (strip, active))| (name, strip, *active)))
    }
}

fn figures(before: &Disk, now: &Disk, seconds: f64) -> [Figure; 8] {
    let reads = gained(before.reads, now.reads);
    let writes = gained(before.writes, now.writes);
    let kib = |before, now| Figure::rate(gained(before, now).map(|sectors| sectors / 2.0), seconds);
    let share =
        |before, now, unit: f64| Figure::rate(gained32(before, now).map(|ms| ms * unit / 1000.0), seconds);
    let mut util = share(before.busy_ms, now.busy_ms, 100.0);
    // The kernel counts in jiffies of up to 10 ms: a full interval may come out a little over.
    util.value = util.value.map(|util| util.min(100.0));
    [
        Figure::rate(reads, seconds),
        Figure::rate(writes, seconds),
        kib(before.read_sectors, now.read_sectors),
        kib(before.write_sectors, now.write_sectors),
        Figure::per(gained32(before.read_ms, now.read_ms), reads),
        Figure::per(gained32(before.write_ms, now.write_ms), writes),
        share(before.queue_ms, now.queue_ms, 1.0),
        util,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_those_of_iostat() {
        let before = Disk { reads: 10, read_sectors: 100, read_ms: 4_294_967_290, ..Disk::default() };
        let now = Disk {
            reads: 30,
            read_sectors: 300,
            read_ms: 34,
            writes: 2,
            write_sectors: 16,
            write_ms: 3,
            busy_ms: 500,
            queue_ms: 4_000,
            ..before
        };
        let values: Vec<Option<f64>> =
            figures(&before, &now, 2.0).iter().map(|figure| figure.value).collect();
        assert_eq!(
            values,
            [Some(10.0), Some(1.0), Some(50.0), Some(4.0), Some(2.0), Some(1.5), Some(2.0), Some(25.0)]
        );
    }

    #[test]
    fn a_device_that_was_replaced_is_dashes() {
        let before = Disk { reads: 10, writes: 10, read_ms: 10, busy_ms: 10, ..Disk::default() };
        let values: Vec<Option<f64>> =
            figures(&before, &Disk::default(), 1.0).iter().map(|figure| figure.value).collect();
        assert_eq!(values, [None, None, Some(0.0), Some(0.0), None, None, Some(0.0), None]);
    }
}
