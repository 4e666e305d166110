//! Words in log lines that mean something by themselves: errors, known troubles, starts and kills. All of
//! them are looked for at once.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// What such words mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Means {
    /// The line tells an error.
    Error,
    /// A trouble that has a name.
    Signal(&'static str),
    /// It began to run.
    Restart,
    /// A worker or process was ended, and why.
    Kill(&'static str),
}

/// The words, what they mean, and the components in whose logs they mean it (all, if none is named).
struct Needle(&'static str, Means, &'static [&'static str]);

const SYSTEM: &[&str] = &["system"];
const POSTGRESQL: &[&str] = &["postgresql", "geo-postgresql", "patroni"];
const REDIS: &[&str] = &["redis", "sentinel"];
const PUMA: &[&str] = &["puma"];

/// Sources: the programs' own messages, as PostgreSQL 16, Redis 7, Linux 6, NGINX 1.26 and Puma 6 write them, and
/// GitLab's pages about Puma and Sidekiq memory.
#[rustfmt::skip]
const NEEDLES: &[Needle] = &[
    Needle("ERROR:", Means::Error, &[]),
    Needle("FATAL:", Means::Error, &[]),
    Needle("PANIC:", Means::Error, &[]),
    Needle("[error]", Means::Error, &[]),
    Needle("[crit]", Means::Error, &[]),
    Needle("[alert]", Means::Error, &[]),
    Needle("[emerg]", Means::Error, &[]),
    Needle("level=error", Means::Error, &[]),
    Needle("level=ERROR", Means::Error, &[]),
    Needle("level=fatal", Means::Error, &[]),
    Needle("Out of memory: Kill", Means::Signal("oom"), SYSTEM),
    Needle("Memory cgroup out of memory: Kill", Means::Signal("oom"), SYSTEM),
    Needle("blocked for more than", Means::Signal("hung-task"), SYSTEM),
    Needle("I/O error, dev", Means::Signal("disk-error"), SYSTEM),
    Needle("Buffer I/O error", Means::Signal("disk-error"), SYSTEM),
    Needle("EXT4-fs error", Means::Signal("disk-error"), SYSTEM),
    Needle("metadata I/O error", Means::Signal("disk-error"), SYSTEM),
    Needle("Remounting filesystem read-only", Means::Signal("disk-error"), SYSTEM),
    Needle("not responding, still trying", Means::Signal("nfs"), SYSTEM),
    Needle("segfault at", Means::Signal("segfault"), SYSTEM),
    Needle("No space left on device", Means::Signal("no-space"), &[]),
    Needle("Read-only file system", Means::Signal("read-only"), &[]),
    Needle("Too many open files", Means::Signal("open-files"), &[]),
    Needle("too many open files", Means::Signal("open-files"), &[]),
    Needle("Resource temporarily unavailable - fork", Means::Signal("processes"), &[]),
    Needle("can't create Thread: Resource temporarily unavailable", Means::Signal("processes"), &[]),
    Needle("remaining connection slots are reserved", Means::Signal("pg-slots"), &[]),
    Needle("sorry, too many clients already", Means::Signal("pg-slots"), &[]),
    Needle("query_wait_timeout", Means::Signal("pgbouncer-wait"), &[]),
    Needle("deadlock detected", Means::Signal("pg-deadlock"), POSTGRESQL),
    Needle("canceling statement due to statement timeout", Means::Signal("pg-timeout"), POSTGRESQL),
    Needle("was terminated by signal", Means::Signal("pg-crash"), POSTGRESQL),
    Needle("was not properly shut down", Means::Signal("pg-crash"), POSTGRESQL),
    Needle("must be vacuumed within", Means::Signal("pg-wraparound"), POSTGRESQL),
    Needle("not accepting commands", Means::Signal("pg-wraparound"), POSTGRESQL),
    Needle("invalid page in block", Means::Signal("pg-corrupt"), POSTGRESQL),
    Needle("could not read block", Means::Signal("pg-corrupt"), POSTGRESQL),
    Needle("MISCONF", Means::Signal("redis-save"), &[]),
    Needle("Can't save in background", Means::Signal("redis-save"), REDIS),
    Needle("Background saving error", Means::Signal("redis-save"), REDIS),
    Needle("Error opening the temp RDB", Means::Signal("redis-save"), REDIS),
    Needle("Failed opening the temp RDB", Means::Signal("redis-save"), REDIS),
    Needle("OOM command not allowed", Means::Signal("redis-full"), &[]),
    Needle("Rack::Timeout::Request", Means::Signal("puma-timeout"), &[]),
    Needle("Terminating timed out worker", Means::Kill("a Puma worker did not check in"), PUMA),
    Needle("PumaWorkerKiller: Out of memory", Means::Kill("Puma's workers used too much memory"), PUMA),
    Needle("rss memory limit exceeded", Means::Kill("a worker used too much memory"), &[]),
    Needle("certificate has expired", Means::Signal("certificate"), &[]),
    Needle("certificate verify failed", Means::Signal("certificate"), &[]),
    Needle("There was an error running gitlab-ctl reconfigure", Means::Signal("reconfigure"), &["reconfigure"]),
    Needle("Chef Infra Client failed", Means::Signal("reconfigure"), &["reconfigure"]),
    Needle("Cinc Client failed", Means::Signal("reconfigure"), &["reconfigure"]),
    Needle("Infra Phase failed", Means::Signal("reconfigure"), &["reconfigure"]),
    Needle("Puma starting in", Means::Restart, PUMA),
    Needle("Booting Sidekiq", Means::Restart, &["sidekiq"]),
    Needle("Starting Gitaly", Means::Restart, &["gitaly"]),
    Needle("Redis is starting", Means::Restart, &["redis"]),
    Needle("database system is ready to accept connections", Means::Restart, POSTGRESQL),
];

static SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let words = NEEDLES.iter().map(|needle| needle.0);
    AhoCorasick::builder().match_kind(MatchKind::Standard).build(words).ok()
});

/// What the words in a text mean in the log of a component, each meaning once.
pub(super) fn meanings(text: &[u8], component: &str, mut each: impl FnMut(Means)) {
    let Some(search) = SEARCH.as_ref() else { return };
    let mut seen: [Option<Means>; 4] = [None; 4];
    for found in search.find_overlapping_iter(text) {
        let Needle(_, means, only) = &NEEDLES[found.pattern().as_usize()];
        let applies = only.is_empty() || only.contains(&component);
        if !applies || seen.contains(&Some(*means)) {
            continue;
        }
        let Some(free) = seen.iter_mut().find(|slot| slot.is_none()) else { return };
        *free = Some(*means);
        each(*means);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, component: &str) -> Vec<Means> {
        let mut all = Vec::new();
        meanings(text.as_bytes(), component, |means| all.push(means));
        all
    }

    #[test]
    fn words_mean_what_they_mean_in_their_own_logs() {
        let slots = "FATAL:  remaining connection slots are reserved for roles";
        assert_eq!(all(slots, "postgresql"), [Means::Error, Means::Signal("pg-slots")]);
        assert_eq!(all("Out of memory: Killed process 12 (ruby)", "system"), [Means::Signal("oom")]);
        assert_eq!(all("Out of memory: Killed process 12 (ruby)", "rails"), []);
        assert_eq!(all("ERROR: ERROR: ERROR:", "kas"), [Means::Error]);
        assert!(SEARCH.is_some());
    }
}
