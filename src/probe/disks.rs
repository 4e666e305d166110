//! `disks`: how full the file systems are, and the block devices below them.

use std::{collections::BTreeMap, path::Path};

use super::{
    page::{Page, Sink},
    proc::{
        diskstats,
        mounts::{self, Mount},
        number, text, word,
    },
    table::{Side, Table, cell, percent, size},
};
use crate::host::{Error, Flow, Host, Trouble};

/// More file systems than this are only counted (a host may mount one for each container).
const MOST: usize = 500;

/// Tells how full file systems are, and what lies below them.
pub(super) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    told(host, sink)
}

fn told(host: &dyn Host, sink: Sink<'_>) -> Result<(), Error> {
    let mut page = Page::new(sink);
    file_systems(host, &mut page);
    if !page.stopped() {
        devices(host, &mut page);
        raid(host, &mut page);
        since_boot(host, &mut page);
    }
    page.end("disks")
}

fn file_systems(host: &dyn Host, page: &mut Page<'_>) {
    const HEADS: &[(Side, &str)] = &[
        (Side::Left, "MOUNTED ON"),
        (Side::Left, "TYPE"),
        (Side::Right, "SIZE"),
        (Side::Right, "USED"),
        (Side::Right, "AVAILABLE"),
        (Side::Right, "USE%"),
        (Side::Right, "INODES"),
        (Side::Right, "IUSE%"),
        (Side::Left, "SOURCE"),
    ];
    page.section("File systems (each once, however often it is mounted)");
    let mounts = match text(host, "/proc/self/mountinfo") {
        Ok(text) => distinct(mounts::parse(&text)),
        Err(error) => return page.closed("/proc/self/mountinfo", error),
    };
    let mut table = Table::new(HEADS);
    let mut silent = Vec::new();
    for mount in mounts.iter().take(MOST) {
        match host.space(Path::new(&mount.point)) {
            Ok(space) if space.bytes == 0 => {}
            Ok(space) => table.row(row(mount, &space)),
            Err(error) if error.trouble == Trouble::Stopped => return page.closed("file systems", error),
            Err(error) => silent.push((mount, error)),
        }
    }
    page.table(&table);
    for (mount, error) in silent {
        page.tell(format!("{} ({} {}): {}", mount.point, mount.fs, mount.source, error.reason()));
    }
    if mounts.len() > MOST {
        page.note(format!("{} more are not shown", mounts.len() - MOST));
    }
}

fn row(mount: &Mount, space: &crate::host::Space) -> [String; 9] {
    let used = space.bytes.saturating_sub(space.bytes_free);
    let inodes = space.inodes.saturating_sub(space.inodes_free);
    [
        mount.point.clone(),
        mount.fs.clone(),
        size(space.bytes),
        size(used),
        size(space.bytes_available),
        // Of what ordinary users may have, as df tells it.
        cell(percent(used, used.saturating_add(space.bytes_available))),
        cell((space.inodes > 0).then_some(space.inodes)),
        cell(percent(inodes, space.inodes)),
        mount.source.clone(),
    ]
}

/// Of each device the mount of its whole tree with the shortest path, sorted by path. What is mounted
/// over another is seen last.
fn distinct(mounts: Vec<Mount>) -> Vec<Mount> {
    let mut by_point: BTreeMap<String, Mount> = BTreeMap::new();
    for mount in mounts {
        by_point.insert(mount.point.clone(), mount);
    }
    let mut by_device: BTreeMap<String, Mount> = BTreeMap::new();
    for mount in by_point.into_values().filter(|mount| !mount.is_pseudo()) {
        let rank = |mount: &Mount| (mount.root != "/", mount.point.len());
        match by_device.get_mut(&mount.device) {
            Some(known) if rank(known) <= rank(&mount) => {}
            Some(known) => *known = mount,
            None => {
                by_device.insert(mount.device.clone(), mount);
            }
        }
    }
    let mut distinct: Vec<Mount> = by_device.into_values().collect();
    distinct.sort_by(|a, b| a.point.cmp(&b.point));
    distinct
}

fn devices(host: &dyn Host, page: &mut Page<'_>) {
    const HEADS: &[(Side, &str)] = &[
        (Side::Left, "DEVICE"),
        (Side::Right, "SIZE"),
        (Side::Left, "KIND"),
        (Side::Left, "SCHEDULER"),
        (Side::Right, "QUEUE"),
        (Side::Right, "AHEAD kB"),
        (Side::Left, "CACHE"),
        (Side::Left, "PARTS"),
        (Side::Left, "MODEL"),
    ];
    page.section("Block devices");
    let listed = match host.list(Path::new("/sys/block")) {
        Ok(listed) => listed,
        Err(error) => return page.closed("/sys/block", error),
    };
    let mut table = Table::new(HEADS);
    for name in listed.iter().filter_map(|listed| listed.name.to_str()) {
        let folder = Path::new("/sys/block").join(name);
        let sectors: u64 = number(host, folder.join("size")).unwrap_or(0);
        if sectors == 0 {
            continue;
        }
        let queue = |file: &str| word(host, folder.join("queue").join(file)).ok();
        let kind = match queue("rotational").as_deref() {
            Some("0") => Some("solid"),
            Some("1") => Some("rotational"),
            _ => None,
        };
        table.row([
            name.replace('!', "/"),
            size(sectors.saturating_mul(512)),
            cell(kind),
            cell(queue("scheduler").map(|line| chosen(&line))),
            cell(queue("nr_requests")),
            cell(queue("read_ahead_kb")),
            cell(queue("write_cache")),
            parts(host, &folder, name).join(" "),
            model(host, &folder),
        ]);
    }
    page.table(&table);
}

/// `none [mq-deadline] kyber`: the one in brackets.
fn chosen(line: &str) -> String {
    let inner = line.split_once('[').and_then(|(_, rest)| rest.split_once(']'));
    inner.map_or(line, |(chosen, _)| chosen).to_owned()
}

/// Partitions with their sizes; of a device that is made of others, those.
fn parts(host: &dyn Host, folder: &Path, name: &str) -> Vec<String> {
    let mut parts = Vec::new();
    for part in host.list(folder).unwrap_or_default().iter().filter_map(|listed| listed.name.to_str()) {
        if part.starts_with(name)
            && let Some(sectors) = number::<u64>(host, folder.join(part).join("size"))
        {
            parts.push(format!("{part}:{}", size(sectors.saturating_mul(512)).replace(' ', "")));
        }
    }
    for part in host.list(&folder.join("slaves")).unwrap_or_default() {
        parts.push(format!("on {}", part.name.to_string_lossy()));
    }
    parts
}

fn model(host: &dyn Host, folder: &Path) -> String {
    ["device/vendor", "device/model", "dm/name", "loop/backing_file"]
        .iter()
        .filter_map(|file| word(host, folder.join(file)).ok())
        .collect::<Vec<_>>()
        .join(" ")
}

fn raid(host: &dyn Host, page: &mut Page<'_>) {
    page.section("RAID (/proc/mdstat)");
    if let Ok(text) = text(host, "/proc/mdstat") {
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            page.tell(line);
        }
    }
}

fn since_boot(host: &dyn Host, page: &mut Page<'_>) {
    const HEADS: &[(Side, &str)] = &[
        (Side::Left, "DEVICE"),
        (Side::Right, "READS"),
        (Side::Right, "READ"),
        (Side::Right, "ms EACH"),
        (Side::Right, "WRITES"),
        (Side::Right, "WRITTEN"),
        (Side::Right, "ms EACH"),
        (Side::Right, "NOW"),
    ];
    page.section("Since boot (times of busy devices wrap after 49 days of I/O); now: requests under way");
    let disks = match text(host, "/proc/diskstats") {
        Ok(text) => diskstats::parse(&text),
        Err(error) => return page.closed("/proc/diskstats", error),
    };
    let mut table = Table::new(HEADS);
    for (name, disk) in disks.iter().filter(|(name, disk)| !diskstats::is_idle_pseudo(name, disk)) {
        let each =
            |ms: u64, number: u64| cell((number > 0).then(|| format!("{:.2}", ms as f64 / number as f64)));
        table.row([
            name.clone(),
            disk.reads.to_string(),
            size(disk.read_sectors.saturating_mul(512)),
            each(disk.read_ms, disk.reads),
            disk.writes.to_string(),
            size(disk.write_sectors.saturating_mul(512)),
            each(disk.write_ms, disk.writes),
            disk.in_flight.to_string(),
        ]);
    }
    page.table(&table);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_bind_mounts_the_whole_tree_is_kept() {
        let text = "1 1 8:1 /home/x /a rw - ext4 /dev/sda1 rw\n\
                    2 1 8:1 / /mnt/long rw - ext4 /dev/sda1 rw\n\
                    3 1 0:5 / /proc rw - proc proc rw\n\
                    4 1 8:2 / /srv rw - ext4 /dev/sda2 rw\n\
                    5 1 8:3 / /srv rw - xfs /dev/sda3 rw\n";
        let kept = distinct(mounts::parse(text));
        let points: Vec<(&str, &str)> =
            kept.iter().map(|mount| (mount.point.as_str(), mount.device.as_str())).collect();
        assert_eq!(points, [("/mnt/long", "8:1"), ("/srv", "8:3")]);
    }

    #[test]
    fn the_scheduler_in_force() {
        assert_eq!(chosen("none [mq-deadline] kyber"), "mq-deadline");
        assert_eq!(chosen("none"), "none");
        assert_eq!(chosen("[broken"), "[broken");
    }
}
