//! `processes`: the process table, with what each process holds and may hold.
//!
//! At most `MOST` processes are looked at and `SHOWN` told in full, those with most memory first; the
//! rest is counted. Command lines are never cut within an argument.

use std::collections::BTreeMap;

use super::{
    page::{Page, Sink},
    proc::{
        TICKS,
        fields::Fields,
        mounts,
        process::{Limits, Process, command, effective_uid, open_files, pids, show_limit},
        short,
        stat::Stat,
        text,
        users::Users,
        word,
    },
    sample::uptime,
    table::{Side, Table, cell, mib, percent, size},
};
use crate::host::{Error, Flow, Host, Trouble};

/// More processes than this are only counted.
const MOST: usize = 32_768;
/// More than this are only summed up.
const SHOWN: usize = 2_000;
/// Rows of the table of kernel threads.
const KERNEL: usize = 10;

/// Tells the process table.
pub(super) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    told(host, sink)
}

/// What is the same for all rows.
struct Frame<'a> {
    host: &'a dyn Host,
    users: Users,
    uptime: Option<f64>,
    boot: Option<i64>,
}

fn told(host: &dyn Host, sink: Sink<'_>) -> Result<(), Error> {
    let mut page = Page::new(sink);
    let stat = text(host, "/proc/stat").ok().and_then(|text| Stat::parse(&text));
    let frame = Frame {
        host,
        users: Users::of(host).unwrap_or_default(),
        uptime: uptime(host),
        boot: stat.and_then(|stat| stat.boot),
    };
    match all(host) {
        Ok((processes, others)) => {
            let (kernel, mut own): (Vec<_>, Vec<_>) =
                processes.into_iter().partition(|process| process.kernel);
            summary(&own, &kernel, others, &mut page);
            if let Some(option) = hidden(host) {
                page.fact(
                    "others' processes",
                    format!("not shown to this user: /proc is mounted with {option}"),
                );
            }
            stuck(&frame, own.iter().chain(&kernel), &mut page);
            own.sort_by(|a, b| b.resident.cmp(&a.resident).then(a.pid.cmp(&b.pid)));
            let rest = own.split_off(own.len().min(SHOWN));
            table(&frame, &own, &mut page);
            if !page.stopped() {
                held(&frame, &own, &mut page);
            }
            sums(&rest, &mut page);
            threads(&kernel, &mut page);
        }
        Err(error) => page.closed("/proc", error),
    }
    page.end("processes")
}

/// The processes, and how many more there are.
fn all(host: &dyn Host) -> Result<(Vec<Process>, usize), Error> {
    let pids = pids(host)?;
    let mut all = Vec::new();
    for pid in pids.iter().take(MOST) {
        match Process::read(host, *pid) {
            Ok(Some(process)) => all.push(process),
            Err(error) if error.trouble == Trouble::Stopped => break,
            // It is gone, or malformed.
            _ => {}
        }
    }
    // A process that is not dumpable, as glsos's own are, is hidden even from its user: then there may be none.
    if all.is_empty() && hidden(host).is_none() {
        return Err(Error::new(Trouble::Missing, "listing processes in", "/proc"));
    }
    Ok((all, pids.len().saturating_sub(MOST)))
}

/// The option of /proc that keeps other users' processes from this one, if there is one: see proc(5).
fn hidden(host: &dyn Host) -> Option<String> {
    if host.privileged() {
        return None;
    }
    let mounts = mounts::parse(&text(host, "/proc/self/mountinfo").ok()?);
    // What is mounted last on a place is what is seen there.
    let proc = mounts.iter().rev().find(|mount| mount.point == "/proc")?;
    let option = proc.super_options.split(',').find(|option| option.starts_with("hidepid="))?;
    (!matches!(option, "hidepid=0" | "hidepid=off")).then(|| option.to_owned())
}

fn summary(own: &[Process], kernel: &[Process], others: usize, page: &mut Page<'_>) {
    page.section("Summary");
    page.fact("processes", own.len());
    page.fact("kernel threads", kernel.len());
    if others > 0 {
        page.fact("not looked at", others);
    }
    let threads = own.iter().map(|process| process.threads).fold(0, u64::saturating_add);
    page.fact("threads of processes", threads);
    let mut states: BTreeMap<char, usize> = BTreeMap::new();
    for process in own.iter().chain(kernel) {
        *states.entry(process.state).or_default() += 1;
    }
    for (state, number) in states {
        page.fact(&format!("state {state}"), format!("{number:>6}  {}", meaning(state)));
    }
}

fn meaning(state: char) -> &'static str {
    match state {
        'R' => "running or runnable",
        'S' => "sleeping",
        'D' => "waiting, mostly for disks; can't be interrupted",
        'Z' => "zombie: ended, and its parent has not asked",
        'T' => "stopped",
        't' => "stopped by a tracer",
        'I' => "idle kernel thread",
        'X' => "dead",
        _ => "",
    }
}

/// Processes in state D or Z, first of all.
fn stuck<'p>(frame: &Frame<'_>, processes: impl Iterator<Item = &'p Process>, page: &mut Page<'_>) {
    const HEADS: &[(Side, &str)] = &[
        (Side::Right, "PID"),
        (Side::Right, "PPID"),
        (Side::Left, "S"),
        (Side::Left, "STARTED (UTC)"),
        (Side::Left, "WAITS IN"),
        (Side::Left, "COMMAND"),
    ];
    page.section("Stuck in the kernel (D) or not collected by their parent (Z)");
    let mut table = Table::new(HEADS);
    for process in processes.filter(|process| matches!(process.state, 'D' | 'Z')).take(SHOWN) {
        table.row([
            process.pid.to_string(),
            process.ppid.to_string(),
            process.state.to_string(),
            cell(frame.started(process)),
            cell(frame.channel(process)),
            command(frame.host, process),
        ]);
    }
    page.table(&table);
}

impl Frame<'_> {
    fn started(&self, process: &Process) -> Option<String> {
        let at = self.boot?.checked_add(i64::try_from(process.start / TICKS as u64).ok()?)?;
        let at = jiff::Timestamp::from_second(at).ok()?;
        Some(at.strftime("%Y-%m-%d %H:%M:%S").to_string())
    }

    /// The function of the kernel in which it sleeps.
    fn channel(&self, process: &Process) -> Option<String> {
        word(self.host, format!("/proc/{}/wchan", process.pid)).ok().filter(|channel| channel != "0")
    }

    /// CPU time since its start, as a share of one CPU.
    fn share(&self, process: &Process) -> Option<String> {
        let age = self.uptime? - process.start as f64 / TICKS;
        (age > 0.0).then(|| format!("{:.1}", process.cpu_seconds() * 100.0 / age))
    }
}

/// CPU time as hours, minutes and seconds.
fn hours(seconds: f64) -> String {
    let seconds = seconds as u64;
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn table(frame: &Frame<'_>, processes: &[Process], page: &mut Page<'_>) {
    const HEADS: &[(Side, &str)] = &[
        (Side::Right, "PID"),
        (Side::Right, "PPID"),
        (Side::Left, "USER"),
        (Side::Left, "S"),
        (Side::Right, "NI"),
        (Side::Right, "THR"),
        (Side::Right, "RSS MiB"),
        (Side::Right, "SWAP"),
        (Side::Right, "%CPU"),
        (Side::Right, "TIME"),
        (Side::Left, "STARTED (UTC)"),
        (Side::Left, "COMMAND"),
    ];
    page.section("Processes, those with most memory first (%CPU: of one CPU, since the start)");
    let mut table = Table::new(HEADS);
    for process in processes {
        let status = short(frame.host, format!("/proc/{}/status", process.pid));
        let status = status.map(|text| Fields::parse(&text)).unwrap_or_default();
        table.row([
            process.pid.to_string(),
            process.ppid.to_string(),
            cell(effective_uid(&status).map(|uid| frame.users.name(uid))),
            process.state.to_string(),
            process.nice.to_string(),
            process.threads.to_string(),
            mib(status.bytes("VmRSS").unwrap_or(process.resident)),
            cell(status.bytes("VmSwap").map(mib)),
            cell(frame.share(process)),
            hours(process.cpu_seconds()),
            cell(frame.started(process)),
            command(frame.host, process),
        ]);
    }
    page.table(&table);
}

fn held(frame: &Frame<'_>, processes: &[Process], page: &mut Page<'_>) {
    const HEADS: &[(Side, &str)] = &[
        (Side::Right, "PID"),
        (Side::Left, "NAME"),
        (Side::Right, "FILES"),
        (Side::Right, "MAX"),
        (Side::Right, "USE%"),
        (Side::Right, "VSZ MiB"),
        (Side::Right, "OOM ADJ"),
        (Side::Right, "SCORE"),
        (Side::Left, "WAITS IN"),
        (Side::Left, "CONTROL GROUP"),
    ];
    page.section(
        "The same processes: open files, address space, OOM adjustment and score, and where they are",
    );
    let mut table = Table::new(HEADS);
    for process in processes {
        let pid = process.pid;
        let own = |file: &str| word(frame.host, format!("/proc/{pid}/{file}")).ok();
        let files = open_files(frame.host, pid);
        let most = Limits::of(frame.host, pid).ok().and_then(|limits| limits.get("Max open files"));
        let most = most.map(|(soft, _)| soft);
        let share = files.zip(most.flatten()).and_then(|(files, most)| percent(files, most));
        table.row([
            pid.to_string(),
            process.name.clone(),
            cell(files),
            cell(most.map(show_limit)),
            cell(share),
            mib(process.virtual_bytes),
            cell(own("oom_score_adj")),
            cell(own("oom_score")),
            cell(frame.channel(process)),
            cell(group(frame.host, pid)),
        ]);
    }
    page.table(&table);
}

/// The last part of a process's control group.
fn group(host: &dyn Host, pid: u32) -> Option<String> {
    let text = short(host, format!("/proc/{pid}/cgroup")).ok()?;
    let line = text.lines().find(|line| line.starts_with("0::")).or_else(|| text.lines().next())?;
    let path = line.splitn(3, ':').nth(2)?;
    Some(path.rsplit('/').find(|part| !part.is_empty()).unwrap_or("/").to_owned())
}

/// What is not shown row by row, by name.
fn sums(rest: &[Process], page: &mut Page<'_>) {
    if rest.is_empty() {
        return;
    }
    page.section(format!("{} more processes, by name", rest.len()));
    let mut names: BTreeMap<&str, (usize, u64)> = BTreeMap::new();
    for process in rest {
        let sum = names.entry(&process.name).or_default();
        sum.0 += 1;
        sum.1 = sum.1.saturating_add(process.resident);
    }
    let mut names: Vec<_> = names.into_iter().collect();
    names.sort_by(|a, b| b.1.0.cmp(&a.1.0).then(a.0.cmp(b.0)));
    for (name, (number, bytes)) in names.iter().take(50) {
        page.fact(name, format!("{number:>6}, RSS {}", size(*bytes)));
    }
}

fn threads(kernel: &[Process], page: &mut Page<'_>) {
    const HEADS: &[(Side, &str)] =
        &[(Side::Right, "PID"), (Side::Left, "S"), (Side::Right, "TIME"), (Side::Left, "NAME")];
    page.section("Kernel threads with most CPU time");
    let mut order: Vec<&Process> = kernel.iter().filter(|process| process.cpu_seconds() >= 1.0).collect();
    order.sort_by(|a, b| b.cpu_seconds().total_cmp(&a.cpu_seconds()).then(a.pid.cmp(&b.pid)));
    let mut table = Table::new(HEADS);
    for process in order.iter().take(KERNEL) {
        table.row([
            process.pid.to_string(),
            process.state.to_string(),
            hours(process.cpu_seconds()),
            process.name.clone(),
        ]);
    }
    page.table(&table);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cpu_time_in_hours() {
        assert_eq!(hours(3_725.9), "1:02:05");
        assert_eq!(hours(f64::INFINITY), format!("{}:{:02}:15", u64::MAX / 3600, u64::MAX / 60 % 60));
    }
}
