//! `sample-processes`: which processes use CPU and disks, as pidstat and iotop tell it.
//!
//! Every process is looked at in every interval, so that those which come and go are seen; on a host
//! with very many the intervals are longer, to stay gentle.

use std::{collections::BTreeMap, fmt::Write};

use super::{Figure, Interval, Sampler, strip::Series, uptime};
use crate::{
    host::{Error, Flow, Host, Trouble},
    probe::{
        proc::{
            TICKS,
            fields::Fields,
            gained,
            process::{Process, command, pids, uid},
            short,
            stat::Stat,
            text,
            users::Users,
        },
        table::{Side, Table, cell, plain},
    },
};

/// With more processes than this an interval is five seconds long.
const MANY: usize = 1_500;
/// More than this are not looked at.
const MOST: usize = 32_768;
/// Rows of each table.
const TOP: usize = 20;

/// Samples /proc/PID/stat and /proc/PID/io.
pub(crate) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    let sampler = Processes {
        host,
        users: Users::of(host).unwrap_or_default(),
        all: BTreeMap::new(),
        step: 1,
        seconds: 0.0,
        busy: 0.0,
        accounted: 0.0,
    };
    super::run(host, sink, sampler)
}

/// A pid is used again; with its start it is not.
type Key = (u32, u64);

/// A process at one moment.
#[derive(Debug, Clone)]
struct Counted {
    process: Process,
    /// Bytes read from and written to disks; only root may see those of others.
    io: Option<[u64; 2]>,
}

/// What a process did over the window.
#[derive(Debug)]
struct Seen {
    process: Process,
    uid: Option<u32>,
    command: String,
    cpu: Series,
    user: f64,
    system: f64,
    faults: f64,
    io: Option<[f64; 2]>,
    seconds: f64,
}

#[derive(Default)]
struct Sample {
    stat: Stat,
    processes: BTreeMap<Key, Counted>,
    /// Ticks since boot: what started later has its whole past in the next interval.
    ticks: u64,
    /// Processes beyond `MOST`.
    others: usize,
}

struct Processes<'a> {
    host: &'a dyn Host,
    users: Users,
    all: BTreeMap<Key, Seen>,
    step: usize,
    seconds: f64,
    /// Ticks that all CPUs were busy, and those of them that the processes account for.
    busy: f64,
    accounted: f64,
}

impl Sampler for Processes<'_> {
    type Sample = Sample;

    fn step(&self) -> usize {
        self.step
    }

    fn take(&mut self, host: &dyn Host) -> Result<Sample, Error> {
        let pids = pids(host)?;
        if pids.is_empty() {
            return Err(Error::new(Trouble::Missing, "listing processes in", "/proc"));
        }
        if pids.len() > MANY {
            self.step = 5;
        }
        let stat = text(host, "/proc/stat").ok().and_then(|text| Stat::parse(&text)).unwrap_or_default();
        let ticks = (uptime(host).unwrap_or(0.0) * TICKS) as u64;
        let mut processes = BTreeMap::new();
        for pid in pids.iter().take(MOST) {
            match Process::read(host, *pid) {
                Ok(Some(process)) => {
                    let io = if process.kernel { None } else { io(host, *pid) };
                    processes.insert((*pid, process.start), Counted { process, io });
                }
                Err(error) if error.trouble == Trouble::Stopped => return Err(error),
                _ => {}
            }
        }
        Ok(Sample { stat, processes, ticks, others: pids.len().saturating_sub(MOST) })
    }

    fn head(&mut self, first: &Sample) -> String {
        let mut text = format!("# {} processes and kernel threads", first.processes.len());
        if first.others > 0 {
            let _ = write!(text, "; {} others are not looked at", first.others);
        }
        text.push_str(
            "\n# %CPU is of one CPU\n\
             time     processes   new  gone  run  blk   %CPU  busiest\n",
        );
        text
    }

    fn rows(&mut self, interval: &Interval<'_, Sample>) -> String {
        let Interval { before, now, seconds, .. } = *interval;
        self.seconds += seconds;
        self.busy += now.stat.all.since(&before.stat.all).busy_ticks();
        let mut busiest: Option<(f64, &Process)> = None;
        for (key, counted) in &now.processes {
            let Some(used) = self.count(key, counted, interval) else { continue };
            if used > busiest.map_or(0.0, |(most, _)| most) {
                busiest = Some((used, &counted.process));
            }
        }
        let new = now.processes.keys().filter(|key| !before.processes.contains_key(key)).count();
        let gone = before.processes.keys().filter(|key| !now.processes.contains_key(key)).count();
        let state = |state: char| now.processes.values().filter(|one| one.process.state == state).count();
        let (share, name) = match busiest {
            Some((used, process)) => (
                format!("{:.1}", used / TICKS * 100.0 / seconds),
                format!("{} {}", process.pid, process.name),
            ),
            None => ("-".to_owned(), "-".to_owned()),
        };
        format!(
            "{:<8} {:>9} {:>5} {:>5} {:>4} {:>4} {share:>6}  {}\n",
            interval.label,
            now.processes.len(),
            new,
            gone,
            state('R'),
            state('D'),
            plain(&name)
        )
    }

    fn close(&mut self) -> String {
        let mut text = String::new();
        if self.seconds <= 0.0 {
            return text;
        }
        if self.busy > 0.0 {
            let _ = writeln!(
                text,
                "\n# CPUs were busy for {:.2} s; the processes seen account for {:.0} % of it (the rest: processes \
                 that\n# came and went within an interval, and interrupts)",
                self.busy / TICKS,
                (self.accounted * 100.0 / self.busy).min(100.0)
            );
        }
        let mut order: Vec<&Seen> = self.all.values().collect();
        order.sort_by(|a, b| {
            (b.user + b.system).total_cmp(&(a.user + a.system)).then(a.process.pid.cmp(&b.process.pid))
        });
        text.push_str("\n# Most CPU over the window (max: in one interval)\n");
        text.push_str(&self.table(order.iter().filter(|seen| seen.user + seen.system > 0.0).take(TOP)));
        order.retain(|seen| seen.amount() > 0.0);
        order.sort_by(|a, b| b.amount().total_cmp(&a.amount()).then(a.process.pid.cmp(&b.process.pid)));
        text.push_str("\n# Most disk I/O over the window\n");
        text.push_str(&self.table(order.iter().take(TOP)));
        if !self.all.values().any(|seen| seen.io.is_some()) {
            text.push_str("(none that this user may see)\n");
        }
        text
    }
}

impl Processes<'_> {
    /// Adds an interval to a process; the ticks it used, if they are known.
    fn count(&mut self, key: &Key, now: &Counted, interval: &Interval<'_, Sample>) -> Option<f64> {
        let before = interval.before.processes.get(key);
        // /proc/uptime and the start are rounded on their own.
        let is_new = interval.boot || now.process.start.saturating_add(2) >= interval.before.ticks;
        let gain = |counter: fn(&Process) -> u64| match before {
            Some(before) => gained(counter(&before.process), counter(&now.process)),
            None => is_new.then(|| counter(&now.process) as f64),
        };
        let (user, system) = (gain(|p| p.user)?, gain(|p| p.system)?);
        let faults = gain(|p| p.faults)?;
        let past = before.map_or(is_new.then_some([0, 0]), |before| before.io);
        let io = past.zip(now.io).and_then(|(past, now)| {
            let [past_read, past_write] = past;
            let [read, write] = now;
            Some([gained(past_read, read)?, gained(past_write, write)?])
        });
        let used = user + system;
        self.accounted += used;
        let idle = used == 0.0 && io.is_none_or(|io| io == [0.0, 0.0]);
        if idle && !self.all.contains_key(key) {
            return Some(used);
        }
        let host = self.host;
        let seen = self.all.entry(*key).or_insert_with(|| Seen::first(host, &now.process));
        seen.cpu.add(Figure::rate(Some(used / TICKS * 100.0), interval.seconds));
        seen.process = now.process.clone();
        seen.user += user;
        seen.system += system;
        seen.faults += faults;
        seen.seconds += interval.seconds;
        if let Some([read, write]) = io {
            let [sum_read, sum_write] = seen.io.unwrap_or_default();
            seen.io = Some([sum_read + read, sum_write + write]);
        }
        Some(used)
    }

    fn table<'s>(&self, rows: impl Iterator<Item = &'s &'s Seen>) -> String {
        const HEADS: &[(Side, &str)] = &[
            (Side::Right, "PID"),
            (Side::Left, "USER"),
            (Side::Right, "%CPU"),
            (Side::Right, "MAX"),
            (Side::Right, "%us"),
            (Side::Right, "%sy"),
            (Side::Right, "rkB/s"),
            (Side::Right, "wkB/s"),
            (Side::Right, "majflt/s"),
            (Side::Left, "COMMAND"),
        ];
        let mut table = Table::new(HEADS);
        let share = |ticks: f64| format!("{:.1}", ticks / TICKS * 100.0 / self.seconds);
        for seen in rows {
            let kib = |i: usize| {
                let bytes = seen.io.as_ref().and_then(|io| io.get(i));
                cell(bytes.map(|bytes| format!("{:.1}", bytes / 1024.0 / self.seconds)))
            };
            table.row([
                seen.process.pid.to_string(),
                cell(seen.uid.map(|uid| self.users.name(uid))),
                share(seen.user + seen.system),
                cell(seen.cpu.high().map(|high| format!("{high:.1}"))),
                share(seen.user),
                share(seen.system),
                kib(0),
                kib(1),
                format!("{:.1}", seen.faults / self.seconds),
                seen.latest(self.host),
            ]);
        }
        table.render()
    }
}

impl Seen {
    fn first(host: &dyn Host, process: &Process) -> Self {
        Self {
            process: process.clone(),
            uid: uid(host, process.pid),
            command: command(host, process),
            cpu: Series::default(),
            user: 0.0,
            system: 0.0,
            faults: 0.0,
            io: None,
            seconds: 0.0,
        }
    }

    /// Bytes read and written.
    fn amount(&self) -> f64 {
        self.io.map_or(0.0, |[read, write]| read + write)
    }

    /// The command line at the end, or at first sight if the process is gone: the first may be that
    /// of the parent that made it.
    fn latest(&self, host: &dyn Host) -> String {
        let same = Process::read(host, self.process.pid)
            .is_ok_and(|now| now.is_some_and(|now| now.start == self.process.start));
        let now = if same { command(host, &self.process) } else { String::new() };
        if now.is_empty() || now.starts_with('[') { self.command.clone() } else { now }
    }
}

fn io(host: &dyn Host, pid: u32) -> Option<[u64; 2]> {
    let fields = Fields::parse(&short(host, format!("/proc/{pid}/io")).ok()?);
    Some([fields.number("read_bytes")?, fields.number("write_bytes")?])
}
