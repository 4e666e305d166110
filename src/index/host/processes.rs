//! Processes at the moment of collecting, of `ps` or of the native probe.

use super::{
    super::docs::{Doc, Docs},
    columns::cells,
};

/// Processes that are kept, those with most memory or processor time first.
const MOST: usize = 200;

/// One process.
#[derive(Debug, Clone, PartialEq)]
pub struct Process {
    /// Its id.
    pub pid: u64,
    /// Whose it is.
    pub user: String,
    /// Share of one processor since its start, in percent.
    pub cpu: f64,
    /// Memory, in bytes.
    pub rss: u64,
    /// What it runs.
    pub command: String,
}

/// All of them, as far as one of the two tells.
pub(super) fn read(docs: &Docs) -> Vec<Process> {
    let mut all: Vec<Process> = match (docs.get("ps"), docs.get("processes/processes")) {
        (Some(doc), _) => ps(doc),
        (None, Some(doc)) => probe(doc),
        (None, None) => return Vec::new(),
    };
    all.sort_by(|a, b| b.cpu.total_cmp(&a.cpu).then(b.rss.cmp(&a.rss)).then(a.pid.cmp(&b.pid)));
    all.truncate(MOST);
    all
}

/// `USER PID %CPU %MEM VSZ RSS STAT STARTED TIME WCHAN COMMAND`; older processes started on `Nov 29`.
fn ps(doc: &Doc) -> Vec<Process> {
    let rows = doc.lines().skip(1).filter_map(|(_, line)| {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let dated = words.get(7)?.starts_with(|c: char| c.is_ascii_alphabetic());
        let kib: u64 = words.get(5)?.parse().ok()?;
        Some(Process {
            pid: words.get(1)?.parse().ok()?,
            user: (*words.first()?).to_owned(),
            cpu: words.get(2)?.parse().ok().filter(|cpu: &f64| cpu.is_finite())?,
            rss: kib.checked_mul(1024)?,
            command: words.get(10 + usize::from(dated)..)?.join(" "),
        })
    });
    rows.collect()
}

/// `PID  PPID  USER  S  NI  THR  RSS MiB  SWAP  %CPU  TIME  STARTED (UTC)  COMMAND`.
fn probe(doc: &Doc) -> Vec<Process> {
    let table = doc.lines().skip_while(|(_, line)| !line.contains("PPID  USER")).skip(1);
    let rows = table.take_while(|(_, line)| !line.is_empty()).filter_map(|(_, line)| {
        let cells = cells(line);
        let mib: f64 = cells.get(6)?.parse().ok()?;
        Some(Process {
            pid: cells.first()?.parse().ok()?,
            user: (*cells.get(2)?).to_owned(),
            cpu: cells.get(8)?.parse().ok().filter(|cpu: &f64| cpu.is_finite())?,
            rss: (mib.max(0.0) * 1_048_576.0) as u64,
            command: cells.get(11..)?.join("  "),
        })
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::{super::docs, *};

    #[test]
    fn ps_and_the_probe_tell_the_same() {
        let ps = "\
USER         PID %CPU %MEM    VSZ   RSS STAT  STARTED     TIME WCHAN                    COMMAND
root           1  0.5  0.1   1000  2048 Ss   13:37:30 00:00:04 ep_poll                  /sbin/init splash
git         1300 12.5  9.1  10000 10240 Sl     Nov 29 00:10:04 -                        puma: cluster worker 0
";
        let native = "\
# Summary
processes 2

# Processes, those with most memory first (%CPU: of one CPU, since the start)
 PID   PPID  USER  S   NI  THR  RSS MiB  SWAP  %CPU     TIME  STARTED (UTC)        COMMAND
1300      1  git   S    0    7     10.0   0.0  12.5  0:00:18  2026-11-30 13:53:37  puma: cluster worker 0
   1      0  root  S    0    7      2.0   0.0   0.5  0:00:18  2026-11-30 13:53:37  /sbin/init splash
";
        let told = read(&docs(&[("ps", ps)]));
        assert_eq!(told, read(&docs(&[("processes/processes", native)])));
        let told: Vec<_> = told.iter().map(|p| (p.pid, p.command.as_str())).collect();
        assert_eq!(told, [(1300, "puma: cluster worker 0"), (1, "/sbin/init splash")]);
    }
}
