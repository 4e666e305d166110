//! /proc/PID: what a process is, does and may use.

use std::collections::BTreeMap;

use super::{PAGE, TICKS, fields::Fields, short};
use crate::host::{Error, FileType, Host};

/// A command line is read up to here.
const READ: usize = 16 << 10;
/// And shown up to here, in whole arguments: half an argument could be half a secret.
const SHOWN: usize = 4 << 10;
/// `PF_KTHREAD` in the kernel's `include/linux/sched.h`.
const KERNEL_THREAD: u64 = 0x0020_0000;

/// /proc/PID/stat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Process {
    /// Process id.
    pub(crate) pid: u32,
    /// Parent.
    pub(crate) ppid: u32,
    /// Its own short name, at most 15 bytes.
    pub(crate) name: String,
    /// R, S, D, Z, T, I, …
    pub(crate) state: char,
    /// Whether it has no program of its own.
    pub(crate) kernel: bool,
    /// Ticks in its own code.
    pub(crate) user: u64,
    /// Ticks in the kernel.
    pub(crate) system: u64,
    /// Major page faults.
    pub(crate) faults: u64,
    /// Nice value.
    pub(crate) nice: i64,
    /// Threads.
    pub(crate) threads: u64,
    /// Start, in ticks after boot; with the pid it names a process for good.
    pub(crate) start: u64,
    /// Bytes of address space.
    pub(crate) virtual_bytes: u64,
    /// Bytes in memory.
    pub(crate) resident: u64,
}

impl Process {
    /// `None` for what is malformed. The name may hold anything, also `)` and line ends.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (front, back) = text.rsplit_once(')')?;
        let (pid, name) = front.split_once('(')?;
        let words: Vec<&str> = back.split_whitespace().collect();
        let number = |i: usize| words.get(i)?.parse::<u64>().ok();
        Some(Self {
            pid: pid.trim().parse().ok()?,
            name: name.to_owned(),
            state: words.first()?.chars().next()?,
            ppid: words.get(1)?.parse().ok()?,
            kernel: number(6)? & KERNEL_THREAD != 0,
            faults: number(9)?,
            user: number(11)?,
            system: number(12)?,
            nice: words.get(16)?.parse().ok()?,
            threads: number(17)?,
            start: number(19)?,
            virtual_bytes: number(20)?,
            resident: number(21)?.saturating_mul(PAGE),
        })
    }

    /// As it is now.
    pub(crate) fn read(host: &dyn Host, pid: u32) -> Result<Option<Self>, Error> {
        short(host, format!("/proc/{pid}/stat")).map(|text| Self::parse(&text))
    }

    /// Seconds of CPU time used.
    pub(crate) fn cpu_seconds(&self) -> f64 {
        self.user.saturating_add(self.system) as f64 / TICKS
    }
}

/// The processes that there are, by number.
pub(crate) fn pids(host: &dyn Host) -> Result<Vec<u32>, Error> {
    let mut pids: Vec<u32> = host
        .list("/proc".as_ref())?
        .iter()
        .filter(|listed| listed.file_type == FileType::Folder)
        .filter_map(|listed| listed.name.to_str()?.parse().ok())
        .collect();
    pids.sort_unstable();
    Ok(pids)
}

/// The user a process runs as (effective).
pub(crate) fn uid(host: &dyn Host, pid: u32) -> Option<u32> {
    effective_uid(&Fields::parse(&short(host, format!("/proc/{pid}/status")).ok()?))
}

/// From /proc/PID/status: real, effective, saved and file system id.
pub(crate) fn effective_uid(status: &Fields) -> Option<u32> {
    status.get("Uid")?.split_whitespace().nth(1)?.parse().ok()
}

/// A command line in whole arguments, or the short name in brackets where there is none. The kernel
/// may have to wait for the process's own memory, so a host may say that it did not answer.
pub(crate) fn command(host: &dyn Host, process: &Process) -> String {
    let named = format!("[{}]", process.name);
    if process.kernel || process.state == 'Z' {
        return named;
    }
    let mut bytes = vec![0; READ];
    let read = host
        .open(format!("/proc/{}/cmdline", process.pid).as_ref())
        .and_then(|mut file| file.read_at(0, &mut bytes));
    match read {
        Ok(n) => {
            bytes.truncate(n);
            arguments(&bytes, n == READ).unwrap_or(named)
        }
        Err(_) => named,
    }
}

/// Arguments that fit, joined by blanks. `cut` says that the last one may not be whole.
fn arguments(bytes: &[u8], cut: bool) -> Option<String> {
    let end = bytes.iter().rposition(|&byte| byte != 0)?;
    let mut shown = String::new();
    let mut parts = bytes.get(..=end)?.split(|&byte| byte == 0).peekable();
    while let Some(part) = parts.next() {
        let part = String::from_utf8_lossy(part);
        let partial = cut && parts.peek().is_none();
        if partial || shown.len() + part.len() > SHOWN {
            shown.push_str(if shown.is_empty() { "[a longer argument]" } else { " [more]" });
            break;
        }
        if !shown.is_empty() {
            shown.push(' ');
        }
        shown.push_str(&part);
    }
    Some(shown)
}

/// Soft and hard limits of a process by the kernel's names (`Max open files`); `None` is unlimited.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Limits(BTreeMap<String, SoftHard>);

/// A soft and a hard limit.
pub(crate) type SoftHard = (Option<u64>, Option<u64>);

impl Limits {
    /// /proc/PID/limits: columns of fixed width.
    pub(crate) fn parse(text: &str) -> Self {
        Self(text.lines().skip(1).filter_map(limit).collect())
    }

    /// Of a process.
    pub(crate) fn of(host: &dyn Host, pid: impl std::fmt::Display) -> Result<Self, Error> {
        short(host, format!("/proc/{pid}/limits")).map(|text| Self::parse(&text))
    }

    /// Soft and hard.
    pub(crate) fn get(&self, name: &str) -> Option<SoftHard> {
        self.0.get(name).copied()
    }

    /// Whether nothing was understood.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

fn limit(line: &str) -> Option<(String, SoftHard)> {
    let name = line.get(..26)?.trim().to_owned();
    let mut words = line.get(26..)?.split_whitespace();
    let soft = value(words.next()?)?;
    let hard = value(words.next()?)?;
    Some((name, (soft, hard)))
}

fn value(word: &str) -> Option<Option<u64>> {
    if word == "unlimited" { Some(None) } else { word.parse().ok().map(Some) }
}

/// A limit in words.
pub(crate) fn show_limit(limit: Option<u64>) -> String {
    limit.map_or_else(|| "unlimited".to_owned(), |limit| limit.to_string())
}

/// How many files a process has open. Since Linux 6.2 the folder's size is the number.
pub(crate) fn open_files(host: &dyn Host, pid: u32) -> Option<u64> {
    let folder = format!("/proc/{pid}/fd");
    if let Ok(stat) = host.stat(folder.as_ref())
        && stat.len > 0
    {
        return Some(stat.len);
    }
    host.list(folder.as_ref()).ok().map(|listed| listed.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "42 (a) (b\n) R 1 42 42 0 -1 4194560 5 0 7 0 250 50 0 0 20 -5 3 0 900 1048576 256 18446744073709551615 1 1";

    #[test]
    fn a_name_may_hold_brackets_and_line_ends() {
        let process = Process::parse(STAT).unwrap();
        assert_eq!((process.pid, process.ppid, process.state), (42, 1, 'R'));
        assert_eq!(process.name, "a) (b\n");
        assert_eq!((process.nice, process.threads, process.start), (-5, 3, 900));
        assert_eq!(process.cpu_seconds(), 3.0);
        assert_eq!(process.resident, 1 << 20);
        assert!(!process.kernel);
    }

    #[test]
    fn every_cut_of_a_line_is_refused_or_understood_without_panic() {
        for end in 0..STAT.len() {
            let _ = Process::parse(STAT.get(..end).unwrap_or_default());
        }
        assert_eq!(Process::parse(") ("), None);
        assert_eq!(Process::parse(""), None);
    }

    #[test]
    fn an_argument_is_never_cut() {
        assert_eq!(arguments(b"ruby\0-e\0x y\0\0\0", false).as_deref(), Some("ruby -e x y"));
        assert_eq!(arguments(b"a\0secret-half", true).as_deref(), Some("a [more]"));
        assert_eq!(arguments(b"secret-half", true).as_deref(), Some("[a longer argument]"));
        assert_eq!(arguments(b"\0\0", false), None);
        let mut long = b"a\0".to_vec();
        long.extend(vec![b'x'; SHOWN]);
        assert_eq!(arguments(&long, false).as_deref(), Some("a [more]"));
    }

    #[test]
    fn limits_by_name() {
        let text = "Limit                     Soft Limit           Hard Limit           Units     \n\
                    Max open files            1024                 524288               files     \n\
                    Max cpu time              unlimited            unlimited            seconds   \n\
                    Max nice\n";
        let limits = Limits::parse(text);
        assert_eq!(limits.get("Max open files"), Some((Some(1024), Some(524_288))));
        assert_eq!(limits.get("Max cpu time"), Some((None, None)));
        assert_eq!(limits.get("Max nice"), None);
    }
}
