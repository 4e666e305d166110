//! Disks: space, inodes, errors.

use super::{
    Analyzer, Look, Severity,
    found::{Found, percent, shown},
};
use crate::{index::Facts, units::show_size};

/// Shares in percent.
const CRITICAL: f64 = 97.0;
const WARNING: f64 = 90.0;
/// A large disk that is 90 % full may have room for months.
const ROOM: u64 = 100 << 30;

pub(super) const ANALYZERS: &[Analyzer] = &[
    Analyzer {
        name: "disk-full",
        about: "A file system is 90 % full with less than 100 GiB left; critical from 97 %, or with 1 GiB left.",
        advice: "Make room or enlarge it before PostgreSQL and Redis stop writing: old backups, artifacts, logs, packages.",
        link: "https://docs.gitlab.com/install/requirements/",
        look: Look::Node(full),
    },
    Analyzer {
        name: "inodes-full",
        about: "90 % of a file system's inodes are used; critical from 97 %.",
        advice: "Find the folder with the most files; there may be free space and still no file can be made.",
        link: "https://docs.gitlab.com/install/requirements/",
        look: Look::Node(inodes),
    },
    Analyzer {
        name: "no-space",
        about: "A program was refused space on a disk, within the logs' window.",
        advice: "See which file system it was, and whether it still is; PostgreSQL and Redis may need a restart.",
        link: "https://docs.gitlab.com/administration/troubleshooting/linux_cheat_sheet/",
        look: Look::Node(no_space),
    },
    Analyzer {
        name: "read-only",
        about: "A program met a file system that is read-only.",
        advice: "The kernel makes a file system read-only when its disk fails: look at dmesg.",
        link: "https://docs.gitlab.com/administration/troubleshooting/linux_cheat_sheet/",
        look: Look::Node(read_only),
    },
    Analyzer {
        name: "disk-error",
        about: "The kernel reports errors of a disk or of a file system.",
        advice: "Save the data first; then have the disk or its storage backend checked.",
        link: "https://docs.gitlab.com/administration/operations/filesystem_benchmarking/",
        look: Look::Node(errors),
    },
    Analyzer {
        name: "nfs-silent",
        about: "An NFS server did not answer.",
        advice: "Processes that touch such a mount hang in the kernel; look at the network and the server.",
        link: "https://docs.gitlab.com/administration/nfs/",
        look: Look::Node(nfs),
    },
];

fn full(facts: &Facts, found: &mut Found) {
    for system in &facts.host.file_systems {
        let (Some(used), Some(place)) = (system.used, &system.place) else { continue };
        let left = system.available;
        // A tiny one is no disk of data.
        if system.size.is_some_and(|size| size < 64 << 20) {
            continue;
        }
        let nothing_left = left.is_some_and(|left| left < 1 << 30) && used >= WARNING;
        let severity = if used >= CRITICAL && left.is_none_or(|left| left < ROOM) || nothing_left {
            Severity::Critical
        } else if used >= WARNING && left.is_none_or(|left| left < ROOM) {
            Severity::Warning
        } else {
            continue;
        };
        let left = left.map_or_else(String::new, |left| format!(", {} left", show_size(left)));
        let title = format!("{} is {} full{left}", system.mount, percent(used));
        found.about(system.mount.clone(), severity, title, [shown(place)]);
    }
}

fn inodes(facts: &Facts, found: &mut Found) {
    for system in &facts.host.file_systems {
        let (Some(used), Some(place)) = (system.inodes, &system.inodes_place) else { continue };
        if used >= WARNING {
            let severity = if used >= CRITICAL { Severity::Critical } else { Severity::Warning };
            let title = format!("{} has used {} of its inodes", system.mount, percent(used));
            found.about(system.mount.clone(), severity, title, [shown(place)]);
        }
    }
}

fn no_space(facts: &Facts, found: &mut Found) {
    found.told(Severity::Critical, "No space left on a disk,", facts.logs.signal("no-space"));
}

fn read_only(facts: &Facts, found: &mut Found) {
    found.told(Severity::Critical, "A file system is read-only, met", facts.logs.signal("read-only"));
}

fn errors(facts: &Facts, found: &mut Found) {
    found.told(Severity::Critical, "Errors of a disk,", facts.logs.signal("disk-error"));
}

fn nfs(facts: &Facts, found: &mut Found) {
    found.told(Severity::Warning, "An NFS server did not answer,", facts.logs.signal("nfs"));
}
