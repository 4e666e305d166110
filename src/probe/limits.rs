//! `ulimit` and `process-limits`: what processes may use, and how near they are to it.
//!
//! `ulimit` is in the format of bash's `ulimit -a`, from the limits of a running process of the git
//! user: what is in force, not what a new login would get. No shell is run.

use std::{collections::BTreeSet, fmt::Write, path::Path};

use super::{
    page::{Page, Sink},
    proc::{
        fields::Fields,
        number,
        process::{Limits, Process, command, effective_uid, open_files, pids, show_limit, uid},
        short, text,
        users::{self, User, Users},
        word,
    },
    table::{Side, Table, cell, mib, percent, plain},
};
use crate::host::{Error, Flow, Host, Trouble};

/// More processes than this are not looked at.
const MOST: usize = 32_768;

/// A line of `ulimit -a`: its words, its unit and option, the kernel's name, and the divisor of its
/// unit (bash counts core and other files in blocks of 1024 bytes).
const LINES: &[(&str, &str, &str, u64)] = &[
    ("real-time non-blocking time", "(microseconds, -R)", "Max realtime timeout", 1),
    ("core file size", "(blocks, -c)", "Max core file size", 1024),
    ("data seg size", "(kbytes, -d)", "Max data size", 1024),
    ("scheduling priority", "(-e)", "Max nice priority", 1),
    ("file size", "(blocks, -f)", "Max file size", 1024),
    ("pending signals", "(-i)", "Max pending signals", 1),
    ("max locked memory", "(kbytes, -l)", "Max locked memory", 1024),
    ("max memory size", "(kbytes, -m)", "Max resident set", 1024),
    ("open files", "(-n)", "Max open files", 1),
    ("pipe size", "(512 bytes, -p)", "", 1),
    ("POSIX message queues", "(bytes, -q)", "Max msgqueue size", 1),
    ("real-time priority", "(-r)", "Max realtime priority", 1),
    ("stack size", "(kbytes, -s)", "Max stack size", 1024),
    ("cpu time", "(seconds, -t)", "Max cpu time", 1),
    ("max user processes", "(-u)", "Max processes", 1),
    ("virtual memory", "(kbytes, -v)", "Max address space", 1024),
    ("file locks", "(-x)", "Max file locks", 1),
];

/// The limits of the git user, as `ulimit -a` prints them.
pub(super) fn ulimit(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    let users = Users::of(host).unwrap_or_default();
    let git = users::git(host, &users);
    let (limits, whose) = in_force(host, git.as_ref())?;
    let mut page = Page::new(sink);
    page.block(&listing(&limits, false));
    page.section("Whose limits these are");
    page.tell(whose);
    page.section("Hard limits of the same process");
    page.block(&listing(&limits, true));
    if let Some(git) = &git {
        configured(host, git, &mut page);
    }
    kernel(host, &mut page);
    page.end("ulimit")
}

/// The limits of a process of the git user, else of the first process, and a line that says whose.
fn in_force(host: &dyn Host, git: Option<&User>) -> Result<(Limits, String), Error> {
    if let Some(git) = git {
        for pid in pids(host).unwrap_or_default().into_iter().take(MOST) {
            if uid(host, pid) == Some(git.uid)
                && let Ok(limits) = Limits::of(host, pid)
                && !limits.is_empty()
            {
                let name = word(host, format!("/proc/{pid}/comm")).unwrap_or_default();
                let whose = format!("process {pid} ({name}) of user {} (uid {})", git.name, git.uid);
                return Ok((limits, whose));
            }
        }
    }
    let why = match git {
        Some(git) => format!("no process of user {} (uid {}) could be looked at", git.name, git.uid),
        None => "this host has no git user".to_owned(),
    };
    let mut trouble = None;
    for pid in ["1", "self"] {
        match Limits::of(host, pid) {
            Ok(limits) if !limits.is_empty() => {
                return Ok((limits, format!("process {pid}, because {why}")));
            }
            Ok(_) => {}
            Err(error) => trouble = Some(error),
        }
    }
    Err(trouble.unwrap_or_else(|| {
        Error::new(Trouble::Io, "reading", "/proc/self/limits").detail("it is not understood")
    }))
}

/// As bash 5.2 prints it: words and unit in twenty columns each.
fn listing(limits: &Limits, hard: bool) -> String {
    let mut text = String::new();
    for (words, unit, name, divisor) in LINES {
        let value = if name.is_empty() {
            // Linux has no such limit; bash prints the size of a pipe's atomic write.
            Some("8".to_owned())
        } else {
            let limit = limits.get(name).map(|(soft, most)| if hard { most } else { soft });
            limit.map(|limit| show_limit(limit.map(|limit| limit / divisor)))
        };
        let _ = writeln!(text, "{words:<20}{unit:>20} {}", value.as_deref().unwrap_or("-"));
    }
    text
}

/// The lines of PAM's limits that are for this user: what the next login or `su` gets.
fn configured(host: &dyn Host, git: &User, page: &mut Page<'_>) {
    page.section(format!("Configured for the next login of user {}", git.name));
    let mut domains: BTreeSet<String> =
        [git.name.clone(), "*".to_owned(), git.uid.to_string(), format!("{}:", git.uid)].into();
    for (name, gid) in users::groups(host, git) {
        domains.extend([format!("@{name}"), format!("@{gid}"), format!("@{gid}:")]);
    }
    let folder = Path::new("/etc/security/limits.d");
    let mut files = vec![Path::new("/etc/security/limits.conf").to_owned()];
    let listed = host.list(folder).unwrap_or_default();
    files.extend(
        listed
            .iter()
            .map(|listed| folder.join(&listed.name))
            .filter(|path| path.extension() == Some("conf".as_ref())),
    );
    for file in files.iter().take(200) {
        match text(host, file) {
            Ok(text) => {
                for line in text.lines().map(str::trim).filter(|line| !line.starts_with('#')) {
                    let words: Vec<&str> = line.split_whitespace().collect();
                    if words.first().is_some_and(|domain| domains.contains(*domain)) {
                        page.fact(&words.join(" "), format!("({})", file.display()));
                    }
                }
            }
            Err(error) if error.trouble == Trouble::Missing => {}
            Err(error) => page.closed(&file.display().to_string(), error),
        }
    }
}

/// The kernel's own limits, with what is used of them.
fn kernel(host: &dyn Host, page: &mut Page<'_>) {
    page.section("Limits of the kernel, for all users together");
    if let Ok(line) = word(host, "/proc/sys/fs/file-nr") {
        let words: Vec<&str> = line.split_whitespace().collect();
        page.maybe("open files now", words.first());
    }
    for (name, path) in [
        ("fs.file-max", "fs/file-max"),
        ("fs.nr_open", "fs/nr_open"),
        ("fs.inotify user watches", "fs/inotify/max_user_watches"),
        ("fs.inotify user instances", "fs/inotify/max_user_instances"),
        ("kernel.pid_max", "kernel/pid_max"),
        ("kernel.threads-max", "kernel/threads-max"),
        ("vm.max_map_count", "vm/max_map_count"),
        ("net.core.somaxconn", "net/core/somaxconn"),
        ("kernel.shmmax", "kernel/shmmax"),
        ("kernel.shmall", "kernel/shmall"),
        ("kernel.sem", "kernel/sem"),
    ] {
        page.read(name, word(host, format!("/proc/sys/{path}")).map(|line| line.replace('\t', " ")));
    }
}

/// The processes of GitLab by words in their name or command line.
const MAIN: &[&str] = &[
    "alertmanager",
    "consul",
    "gitaly",
    "gitlab",
    "grafana",
    "haproxy",
    "mailroom",
    "nginx",
    "patroni",
    "pgbouncer",
    "postgres",
    "praefect",
    "prometheus",
    "puma",
    "redis",
    "registry",
    "runsv",
    "sentinel",
    "sidekiq",
    "workhorse",
];
/// Rows of the table.
const SHOWN: usize = 500;

/// What GitLab's processes use of what they may.
pub(super) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    told(host, sink)
}

fn told(host: &dyn Host, sink: Sink<'_>) -> Result<(), Error> {
    const HEADS: &[(Side, &str)] = &[
        (Side::Right, "PID"),
        (Side::Left, "USER"),
        (Side::Right, "FILES"),
        (Side::Right, "SOFT"),
        (Side::Right, "HARD"),
        (Side::Right, "USE%"),
        (Side::Right, "THR"),
        (Side::Right, "MAX PROC"),
        (Side::Right, "STACK MiB"),
        (Side::Right, "LOCKED"),
        (Side::Right, "CORE"),
        (Side::Left, "COMMAND"),
    ];
    let mut page = Page::new(sink);
    page.section("GitLab's processes: open files and their limits, threads, and limits of processes, stack, memory, core");
    let pids = match pids(host) {
        Ok(pids) => pids,
        Err(error) => {
            page.closed("/proc", error);
            return page.end("process-limits");
        }
    };
    let users = Users::of(host).unwrap_or_default();
    let mut table = Table::new(HEADS);
    let mut more = 0usize;
    for pid in pids.into_iter().take(MOST) {
        let Ok(Some(process)) = Process::read(host, pid) else { continue };
        if process.kernel {
            continue;
        }
        let command = command(host, &process);
        if !MAIN.iter().any(|word| process.name.contains(word) || first_word(&command).contains(word)) {
            continue;
        }
        if table.len() == SHOWN {
            more += 1;
            continue;
        }
        table.row(row(host, &users, &process, command));
    }
    if table.len() == 0 {
        page.tell("no process of GitLab was found");
    }
    page.table(&table);
    if more > 0 {
        page.note(format!("{more} more are not shown"));
    }
    per_user(host, &users, &mut page);
    page.end("process-limits")
}

fn first_word(command: &str) -> &str {
    let first = command.split(' ').next().unwrap_or_default();
    first.rsplit('/').next().unwrap_or_default()
}

fn row(host: &dyn Host, users: &Users, process: &Process, command: String) -> [String; 12] {
    let limits = Limits::of(host, process.pid).unwrap_or_default();
    let soft = |name: &str| limits.get(name).map(|(soft, _)| soft);
    let bytes = |name: &str| cell(soft(name).map(|limit| limit.map_or_else(|| show_limit(None), mib)));
    let files = open_files(host, process.pid);
    let most = limits.get("Max open files");
    let share = files.zip(most.and_then(|(soft, _)| soft)).and_then(|(files, most)| percent(files, most));
    [
        process.pid.to_string(),
        cell(uid(host, process.pid).map(|uid| users.name(uid))),
        cell(files),
        cell(most.map(|(soft, _)| show_limit(soft))),
        cell(most.map(|(_, hard)| show_limit(hard))),
        cell(share),
        process.threads.to_string(),
        cell(soft("Max processes").map(show_limit)),
        bytes("Max stack size"),
        bytes("Max locked memory"),
        bytes("Max core file size"),
        command,
    ]
}

/// Threads by user: what `Max processes` counts.
fn per_user(host: &dyn Host, users: &Users, page: &mut Page<'_>) {
    let mut threads: std::collections::BTreeMap<u32, u64> = std::collections::BTreeMap::new();
    for pid in pids(host).unwrap_or_default().into_iter().take(MOST) {
        let Ok(status) = short(host, format!("/proc/{pid}/status")) else { continue };
        let status = Fields::parse(&status);
        if let Some(uid) = effective_uid(&status) {
            let sum = threads.entry(uid).or_default();
            *sum = sum.saturating_add(status.number("Threads").unwrap_or(1));
        }
    }
    page.section("Threads by user (what \"max user processes\" counts), all users");
    for (uid, number) in &threads {
        page.fact(&plain(&users.name(*uid)), number);
    }
    let all = threads.values().copied().fold(0, u64::saturating_add);
    if let Some(most) = number::<u64>(host, "/proc/sys/kernel/pid_max") {
        page.fact("of kernel.pid_max", format!("{all} of {most}"));
    }
}
