//! Redis: evictions, failed saves, memory, replication.

use super::{
    Analyzer, Look, Severity,
    finding::Evidence,
    found::{Found, examples, percent, shown, times, when},
};
use crate::index::{Facts, host::Redis};

const LINK: &str = "https://docs.gitlab.com/administration/redis/troubleshooting/";

pub(super) const ANALYZERS: &[Analyzer] = &[
    Analyzer {
        name: "redis-save",
        about: "Redis could not save to disk: then it refuses writes, and GitLab stops.",
        advice: "Look at free disk space and memory (fork needs some), and at vm.overcommit_memory.",
        link: LINK,
        look: Look::Node(save),
    },
    Analyzer {
        name: "redis-evictions",
        about: "Redis threw keys away for want of memory: jobs and sessions may be among them.",
        advice: "Raise maxmemory, or keep the cache in an instance of its own; queues must never be evicted.",
        link: LINK,
        look: Look::Node(evictions),
    },
    Analyzer {
        name: "redis-full",
        about: "Redis refused commands or connections, or uses 90 % of maxmemory without evicting.",
        advice: "Raise maxmemory or maxclients; see which keys are large with `redis-cli --bigkeys`.",
        link: LINK,
        look: Look::Node(full),
    },
    Analyzer {
        name: "redis-replication",
        about: "A replica of Redis has lost its primary.",
        advice: "Look at the network, at the primary, and at Sentinel's view of both.",
        link: "https://docs.gitlab.com/administration/redis/replication_and_failover/",
        look: Look::Node(replication),
    },
];

fn field(redis: &Redis, name: &str) -> Option<Evidence> {
    redis.place(name).as_ref().map(shown)
}

fn save(facts: &Facts, found: &mut Found) {
    found.told(Severity::Critical, "Redis could not save,", facts.logs.signal("redis-save"));
    let Some(redis) = &facts.host.redis else { return };
    for (name, what) in [
        ("rdb_last_bgsave_status", "save"),
        ("aof_last_write_status", "write its append-only file"),
        ("aof_last_bgrewrite_status", "rewrite its append-only file"),
    ] {
        if redis.text(name) == Some("err") {
            let title = format!("Redis could not {what} last time");
            found.about(name, Severity::Critical, title, field(redis, name));
        }
    }
}

fn evictions(facts: &Facts, found: &mut Found) {
    let Some(redis) = &facts.host.redis else { return };
    if let Some(evicted) = redis.number("evicted_keys").filter(|evicted| *evicted > 0.0) {
        let title = format!("Redis threw {evicted:.0} keys away for want of memory");
        found.add(Severity::Warning, title, field(redis, "evicted_keys"));
    }
}

fn full(facts: &Facts, found: &mut Found) {
    if let Some(signal) = facts.logs.signal("redis-full") {
        let title = format!(
            "Redis refused commands for want of memory, {}{}",
            times(signal.count),
            when(signal.times)
        );
        found.add(Severity::Critical, title, examples(signal));
    }
    let Some(redis) = &facts.host.redis else { return };
    if let Some(rejected) = redis.number("rejected_connections").filter(|rejected| *rejected > 0.0) {
        let title = format!("Redis refused {rejected:.0} connections: maxclients is reached");
        found.about("connections", Severity::Critical, title, field(redis, "rejected_connections"));
    }
    let (Some(used), Some(most)) = (redis.number("used_memory"), redis.number("maxmemory")) else { return };
    if most > 0.0 && used >= 0.9 * most && redis.text("maxmemory_policy") == Some("noeviction") {
        let title = format!("Redis uses {} of its memory", percent(100.0 * used / most));
        found.add(Severity::Warning, title, field(redis, "used_memory"));
    }
}

fn replication(facts: &Facts, found: &mut Found) {
    let Some(redis) = &facts.host.redis else { return };
    if redis.text("master_link_status") == Some("down") {
        let title = "A replica of Redis has no connection to its primary";
        found.add(Severity::Critical, title, field(redis, "master_link_status"));
    }
}
