//! `memory`: what the memory is used for, by the kernel, by control groups and by processes.

use std::path::Path;

use super::{
    page::{Page, Sink},
    proc::{
        cgroup,
        fields::Fields,
        process::{Process, command, pids, uid},
        short, text,
        users::Users,
        word,
    },
    table::{Side, Table, cell, mib, percent, size},
};
use crate::host::{Error, Flow, Host, Trouble};

/// Processes of which the kernel is asked for the exact share: the largest ones. Each question makes
/// it walk all their pages.
const ASKED: usize = 30;
/// Rows of the table.
const TOP: usize = 15;
/// More processes than this are not looked at.
const MOST: usize = 32_768;

/// Tells what the memory is used for.
pub(super) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    told(host, sink)
}

fn told(host: &dyn Host, sink: Sink<'_>) -> Result<(), Error> {
    let mut page = Page::new(sink);
    match text(host, "/proc/meminfo") {
        Ok(text) => meminfo(&Fields::parse(&text), &mut page),
        Err(error) => page.closed("/proc/meminfo", error),
    }
    since_boot(host, &mut page);
    settings(host, &mut page);
    for folder in cgroup::of_interest(host) {
        group(host, &folder, &mut page);
    }
    if !page.stopped() {
        processes(host, &mut page);
    }
    page.end("memory")
}

/// Fields of /proc/meminfo by subject, with the whole that their share is of.
const GROUPS: &[(&str, &str, &[&str])] = &[
    ("Memory", "MemTotal", &["MemTotal", "MemFree", "MemAvailable"]),
    (
        "Used by programs and files",
        "MemTotal",
        &["AnonPages", "Mapped", "Shmem", "Cached", "Buffers", "Active(file)", "Inactive(file)", "Mlocked"],
    ),
    (
        "Used by the kernel",
        "MemTotal",
        &["Slab", "SReclaimable", "SUnreclaim", "KernelStack", "PageTables", "Percpu", "VmallocUsed"],
    ),
    ("Waiting to be written", "MemTotal", &["Dirty", "Writeback"]),
    ("Swap", "SwapTotal", &["SwapTotal", "SwapFree", "SwapCached", "Zswap", "Zswapped"]),
    ("Promised", "CommitLimit", &["CommitLimit", "Committed_AS"]),
    ("Huge pages", "MemTotal", &["AnonHugePages", "ShmemHugePages", "Hugetlb", "Hugepagesize"]),
];

fn meminfo(info: &Fields, page: &mut Page<'_>) {
    for (heading, whole, names) in GROUPS {
        page.section(*heading);
        let whole_bytes = info.bytes(whole).unwrap_or(0);
        for name in *names {
            let Some(bytes) = info.bytes(name) else { continue };
            let share = percent(bytes, whole_bytes).filter(|_| name != whole && *name != "Hugepagesize");
            let share = share.map_or_else(String::new, |share| format!("  {share:>5} % of {whole}"));
            page.fact(name, format!("{:>12}{share}", size(bytes)));
        }
    }
    for name in ["HugePages_Total", "HugePages_Free", "HugePages_Rsvd"] {
        if let Some(pages) = info.number(name) {
            page.fact(name, format!("{pages:>10} pages"));
        }
    }
}

fn since_boot(host: &dyn Host, page: &mut Page<'_>) {
    page.section("Since boot");
    let counters = match text(host, "/proc/vmstat") {
        Ok(text) => Fields::parse(&text),
        Err(error) => return page.closed("/proc/vmstat", error),
    };
    for (label, name) in [
        ("OOM kills", "oom_kill"),
        ("major page faults", "pgmajfault"),
        ("pages from swap", "pswpin"),
        ("pages to swap", "pswpout"),
        ("pages scanned directly", "pgscan_direct"),
        ("pages stolen directly", "pgsteal_direct"),
        ("compaction stalls", "compact_stall"),
        ("refaults of file pages", "workingset_refault_file"),
        ("refaults of own pages", "workingset_refault_anon"),
    ] {
        page.maybe(label, counters.number(name));
    }
    page.maybe("allocation stalls", counters.sum("allocstall"));
}

fn settings(host: &dyn Host, page: &mut Page<'_>) {
    page.section("Settings");
    for name in [
        "overcommit_memory",
        "overcommit_ratio",
        "overcommit_kbytes",
        "swappiness",
        "min_free_kbytes",
        "vfs_cache_pressure",
        "dirty_ratio",
        "dirty_background_ratio",
        "max_map_count",
        "panic_on_oom",
        "oom_kill_allocating_task",
        "nr_hugepages",
    ] {
        page.read(&format!("vm.{name}"), word(host, format!("/proc/sys/vm/{name}")));
    }
    for name in ["enabled", "defrag"] {
        let value = word(host, format!("/sys/kernel/mm/transparent_hugepage/{name}"));
        page.read(&format!("transparent_hugepage {name}"), value);
    }
    if let Ok(swaps) = text(host, "/proc/swaps") {
        for line in swaps.lines().skip(1) {
            page.fact("swap area", line.split_whitespace().collect::<Vec<_>>().join(" "));
        }
    }
}

fn group(host: &dyn Host, folder: &Path, page: &mut Page<'_>) {
    page.section(format!("Control group {}", cgroup::name(folder)));
    for name in [
        "memory.current",
        "memory.peak",
        "memory.high",
        "memory.max",
        "memory.swap.current",
        "memory.swap.max",
    ] {
        let Ok(value) = word(host, folder.join(name)) else { continue };
        let bytes: Option<u64> = value.parse().ok();
        page.fact(name, bytes.map_or(value, |bytes| format!("{:>12}", size(bytes))));
    }
    if let Some(stat) = cgroup::fields(host, folder, "memory.stat") {
        for name in ["anon", "file", "kernel", "shmem", "sock", "slab", "file_dirty"] {
            if let Some(bytes) = stat.number(name) {
                page.fact(&format!("memory.stat {name}"), format!("{:>12}", size(bytes)));
            }
        }
    }
    if let Some(events) = cgroup::fields(host, folder, "memory.events") {
        for name in ["low", "high", "max", "oom", "oom_kill", "oom_group_kill"] {
            if let Some(count) = events.number(name) {
                page.fact(&format!("memory.events {name}"), count);
            }
        }
    }
}

/// A process and what it holds, in bytes.
struct Holder {
    process: Process,
    /// Proportional: shared pages are divided among those that share them.
    pss: Option<u64>,
    private: Option<u64>,
    swap: Option<u64>,
}

fn processes(host: &dyn Host, page: &mut Page<'_>) {
    const HEADS: &[(Side, &str)] = &[
        (Side::Right, "PID"),
        (Side::Left, "USER"),
        (Side::Right, "PSS"),
        (Side::Right, "RSS"),
        (Side::Right, "PRIVATE"),
        (Side::Right, "SWAP"),
        (Side::Left, "COMMAND"),
    ];
    let pids = match pids(host) {
        Ok(pids) => pids,
        Err(error) => return page.closed("processes", error),
    };
    let mut all: Vec<Process> = Vec::new();
    for pid in pids.iter().take(MOST) {
        match Process::read(host, *pid) {
            Ok(Some(process)) if process.resident > 0 => all.push(process),
            Err(error) if error.trouble == Trouble::Stopped => break,
            _ => {}
        }
    }
    let sum: u64 = all.iter().map(|process| process.resident).fold(0, u64::saturating_add);
    let number = all.len();
    all.sort_by(|a, b| b.resident.cmp(&a.resident).then(a.pid.cmp(&b.pid)));
    all.truncate(ASKED);
    let mut holders: Vec<Holder> = all.into_iter().map(|process| asked(host, process)).collect();
    holders.sort_by(|a, b| b.held().cmp(&a.held()).then(a.process.pid.cmp(&b.process.pid)));
    let users = Users::of(host).unwrap_or_default();
    let mut table = Table::new(HEADS);
    for holder in holders.iter().take(TOP) {
        let pid = holder.process.pid;
        table.row([
            pid.to_string(),
            cell(uid(host, pid).map(|uid| users.name(uid))),
            cell(holder.pss.map(mib)),
            mib(holder.process.resident),
            cell(holder.private.map(mib)),
            cell(holder.swap.map(mib)),
            command(host, &holder.process),
        ]);
    }
    page.section(format!("Processes that hold most, in MiB (PSS: shared pages divided among those that share them; all {number}: RSS {})", mib(sum)));
    page.table(&table);
}

impl Holder {
    fn held(&self) -> u64 {
        self.pss.unwrap_or(self.process.resident)
    }
}

fn asked(host: &dyn Host, process: Process) -> Holder {
    let rollup = short(host, format!("/proc/{}/smaps_rollup", process.pid));
    let fields = rollup.map(|text| Fields::parse(&text)).unwrap_or_default();
    let private = fields.bytes("Private_Clean").zip(fields.bytes("Private_Dirty"));
    Holder {
        pss: fields.bytes("Pss"),
        private: private.map(|(clean, dirty)| clean.saturating_add(dirty)),
        swap: fields.bytes("Swap"),
        process,
    }
}
