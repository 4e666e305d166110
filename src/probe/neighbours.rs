//! Whether others on this host wait for what this run uses: the control groups beside ours, and beside
//! those that ours is in, by their own pressure. What only we wait for does not count.

use std::{
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use super::proc::{cgroup, pressure::Pressure, text};
use crate::host::{FileType, Host, Kind};

/// How long an answer holds.
const HOLDS: Duration = Duration::from_secs(1);

/// Groups that are looked at on each level.
const MOST: usize = 64;

/// Shares of the last ten seconds, in percent, in which something of a group waited: more is pressure.
const LIMITS: [(&str, f64); 3] = [("cpu.pressure", 20.0), ("io.pressure", 20.0), ("memory.pressure", 5.0)];

/// Asks now and then how the neighbours are.
pub struct Neighbours<'h> {
    host: &'h dyn Host,
    /// The groups from ours to the root; none where control groups tell nothing.
    own: Vec<PathBuf>,
    told: Mutex<Option<(Instant, bool)>>,
}

impl<'h> Neighbours<'h> {
    /// Those of this process on the live host.
    pub fn of(host: &'h dyn Host) -> Self {
        let own = if host.kind() == Kind::Live { cgroup::own(host) } else { Vec::new() };
        Self { host, own, told: Mutex::new(None) }
    }

    /// Whether any of them waits, as known for at most a second.
    pub fn wait(&self) -> bool {
        if self.own.len() < 2 {
            return false;
        }
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((at, waits)) = *told
            && at.elapsed() < HOLDS
        {
            return waits;
        }
        let waits = self.ask();
        *told = Some((Instant::now(), waits));
        waits
    }

    fn ask(&self) -> bool {
        self.own.windows(2).any(|pair| match pair {
            [ours, parent] => self.beside(ours, parent).iter().any(|group| self.waits(group)),
            _ => false,
        })
    }

    /// The other groups of a level.
    fn beside(&self, ours: &Path, parent: &Path) -> Vec<PathBuf> {
        let listed = self.host.list(parent).unwrap_or_default();
        let groups = listed.into_iter().filter(|entry| entry.file_type == FileType::Folder);
        groups.map(|entry| parent.join(entry.name)).filter(|group| group != ours).take(MOST).collect()
    }

    fn waits(&self, group: &Path) -> bool {
        LIMITS.iter().any(|(name, limit)| {
            let pressure = text(self.host, group.join(name)).map(|text| Pressure::parse(&text));
            pressure.ok().and_then(|pressure| pressure.some).is_some_and(|some| some.averages[0] > *limit)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::memory::Memory;

    fn host(groups: &[(&str, &str)]) -> Memory {
        let base = Memory::default()
            .file("/sys/fs/cgroup/cgroup.controllers", "cpu io memory\n")
            .file("/proc/self/cgroup", "0::/user.slice/session-1.scope\n");
        groups.iter().fold(base, |host, (path, average)| {
            let text = format!("some avg10={average} avg60=0.00 avg300=0.00 total=1\n");
            host.file(&format!("/sys/fs/cgroup/{path}"), text)
        })
    }

    fn wait(groups: &[(&str, &str)]) -> bool {
        Neighbours::of(&host(groups)).wait()
    }

    #[test]
    fn what_others_wait_for_counts() {
        let ours = ("user.slice/session-1.scope/cpu.pressure", "99.00");
        let above = ("user.slice/cpu.pressure", "99.00");
        assert!(!wait(&[ours, above, ("system.slice/cpu.pressure", "3.10")]));
        assert!(wait(&[ours, above, ("system.slice/cpu.pressure", "45.00")]));
        assert!(wait(&[ours, ("user.slice/session-2.scope/memory.pressure", "6.00")]));
        assert!(!wait(&[ours, ("system.slice/gitlab.service/io.pressure", "80.00")]), "its slice tells that");
    }

    #[test]
    fn where_groups_tell_nothing_nobody_waits() {
        assert!(!Neighbours::of(&Memory::default()).wait());
        assert!(!wait(&[("system.slice/cpu.pressure", "much")]));
    }
}
