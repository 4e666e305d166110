//! Open files of GitLab's processes against their limits, of the native probe.

use super::{
    super::{docs::Docs, place::Place},
    columns::percent,
};

/// One process.
#[derive(Debug, Clone, PartialEq)]
pub struct Limit {
    /// Its id.
    pub pid: u64,
    /// Open files.
    pub files: Option<u64>,
    /// How many it may have.
    pub soft: Option<u64>,
    /// Share of these.
    pub used: Option<f64>,
    /// What it runs.
    pub command: String,
    /// Where it stands.
    pub place: Place,
}

/// `PID  USER  FILES  SOFT  HARD  USE%  THR  MAX PROC  STACK MiB  LOCKED  CORE  COMMAND`.
pub(super) fn read(docs: &Docs) -> Vec<Limit> {
    let Some(doc) = docs.get("processes/process-limits") else { return Vec::new() };
    let table = doc.lines().skip_while(|(_, line)| !line.trim_start().starts_with("PID  USER")).skip(1);
    let rows = table.take_while(|(_, line)| !line.is_empty()).filter_map(|(number, line)| {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        Some(Limit {
            pid: words.first()?.parse().ok()?,
            files: words.get(2)?.parse().ok(),
            soft: words.get(3)?.parse().ok(),
            used: percent(words.get(5)?),
            command: words.get(11..)?.join(" "),
            place: doc.place(number, line),
        })
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::{super::docs, *};

    #[test]
    fn rows_of_the_probe() {
        let text = "\
# GitLab's processes: open files and their limits, threads, and limits of processes, stack, memory, core
 PID  USER         FILES   SOFT   HARD  USE%  THR  MAX PROC  STACK MiB  LOCKED  CORE  COMMAND
 900  root             -  65536  65536     -    4     63921          -     8.0   0.0  runsvdir -P /opt/gitlab/service
1201  997            950   1024  65536  92.8    4     63921          -     8.0   0.0  redis-server

# Threads by user (what \"max user processes\" counts), all users
";
        let all = read(&docs(&[("processes/process-limits", text)]));
        assert_eq!(all.len(), 2);
        assert_eq!((all[0].used, all[0].command.as_str()), (None, "runsvdir -P /opt/gitlab/service"));
        assert_eq!((all[1].used, all[1].soft), (Some(92.8), Some(1024)));
    }
}
