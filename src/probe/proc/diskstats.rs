//! /proc/diskstats: what block devices did since boot.

use std::collections::BTreeMap;

/// One device's counters. Times are in milliseconds and wrap at 2^32 (Documentation/admin-guide/iostats.rst).
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Disk {
    /// Reads completed.
    pub(crate) reads: u64,
    /// Sectors of 512 bytes read.
    pub(crate) read_sectors: u64,
    /// Time of all reads.
    pub(crate) read_ms: u64,
    /// Writes completed.
    pub(crate) writes: u64,
    /// Sectors of 512 bytes written.
    pub(crate) write_sectors: u64,
    /// Time of all writes.
    pub(crate) write_ms: u64,
    /// Requests in flight now.
    pub(crate) in_flight: u64,
    /// Time with at least one request.
    pub(crate) busy_ms: u64,
    /// Time weighted by requests: what the average queue comes from.
    pub(crate) queue_ms: u64,
}

/// By device name. Lines with fewer than eleven counters are left out.
pub(crate) fn parse(text: &str) -> BTreeMap<String, Disk> {
    text.lines().filter_map(line).collect()
}

fn line(line: &str) -> Option<(String, Disk)> {
    let mut words = line.split_whitespace().skip(2);
    let name = words.next()?.to_owned();
    let mut figures = [0u64; 11];
    for figure in &mut figures {
        *figure = words.next()?.parse().ok()?;
    }
    let [reads, _, read_sectors, read_ms, writes, _, write_sectors, write_ms, in_flight, busy_ms, queue_ms] =
        figures;
    let disk =
        Disk { reads, read_sectors, read_ms, writes, write_sectors, write_ms, in_flight, busy_ms, queue_ms };
    Some((name, disk))
}

/// Whether a device tells nothing to anybody: memory disks and loops that were never used.
pub(crate) fn is_idle_pseudo(name: &str, disk: &Disk) -> bool {
    (name.starts_with("ram") || name.starts_with("loop")) && disk.reads == 0 && disk.writes == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_any_kernel_is_understood_and_a_short_one_left_out() {
        let disks = parse(
            "   8       0 sda 10 1 20 30 40 2 50 60 3 70 80 0 0 0 0 5 6\n   8 1 sda1 1 2 3\n 7 0 loop0 0 0 0 0 0 0 0 0 0 0 0\nx",
        );
        assert_eq!(disks.len(), 2);
        let sda = disks["sda"];
        assert_eq!((sda.reads, sda.write_ms, sda.in_flight, sda.queue_ms), (10, 60, 3, 80));
        assert!(is_idle_pseudo("loop0", &disks["loop0"]));
    }
}
