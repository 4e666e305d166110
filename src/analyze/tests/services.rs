//! GitLab's services, versions, database and Redis, as commands and probes tell them.

use super::{Case, Files, case, facts, lines};
use crate::{
    analyze::Severity::{Critical, Notice, Warning},
    index::{Facts, host::CERTIFICATE},
};

fn status(rows: &[&str]) -> Files {
    vec![("gitlab_status", rows.iter().map(|row| format!("{row}; run: log: (pid 9) 99999s\n")).collect())]
}

pub(super) fn down(name: &str) -> Files {
    status(&[&format!("down: {name}: 3s, normally up")])
}

fn young(seconds: u64) -> Files {
    status(&["run: gitaly: (pid 1) 99999s", &format!("run: puma: (pid 2) {seconds}s")])
}

fn units(state: &str) -> Files {
    vec![("services/failed", format!("  UNIT LOAD ACTIVE SUB\n● cron.service loaded {state} {state} Cron\n"))]
}

fn readiness(check: &str) -> Files {
    let answer = format!(r#"{{"status":"{check}","db_check":[{{"status":"{check}"}}]}}"#);
    vec![("workhorse/readiness", answer)]
}

fn version(manifest: &str, rails: &str, day: &str) -> Files {
    vec![
        ("opt/gitlab/version-manifest.txt", format!("gitlab-ee {manifest}\n\n")),
        ("opt/gitlab/embedded/service/gitlab-rails/VERSION", format!("{rails}\n")),
        ("var/log/gitlab/gitaly/current", format!(r#"{{"level":"info","time":"{day}T09:00:00Z"}}"#)),
    ]
}

fn upgraded(from: &str, to: &str, day: &str) -> Files {
    vec![
        ("var/log/dpkg.log", format!("{day} 10:11:12 upgrade gitlab-ee:amd64 {from}-ee.0 {to}-ee.0\n")),
        ("var/log/gitlab/gitaly/current", r#"{"level":"info","time":"2026-03-01T09:00:00Z"}"#.to_owned()),
    ]
}

fn site(other: &str) -> Vec<Facts> {
    ["18.9.1-ee", other].iter().map(|text| facts(&version(text, text, "2026-03-01"))).collect()
}

fn certificate(name: &'static str, day: &str) -> Files {
    vec![
        (name, CERTIFICATE.to_owned()),
        ("var/log/gitlab/gitaly/current", format!(r#"{{"level":"info","time":"{day}T09:00:00Z"}}"#)),
    ]
}

fn table(name: &'static str, head: &str, row: &str) -> Files {
    let rule = head.split('|').map(|_| "---").collect::<Vec<_>>().join("+");
    vec![(name, format!(" {head}\n{rule}\n {row}\n(1 row)\n\n"))]
}

fn activity(row: &str) -> Files {
    table("postgresql/activity", "pid | blocked_by | backend_type | state | transaction_for", row)
}

fn blocked(sessions: usize) -> Files {
    let row = "1 | {2} | client backend | active | 00:00:01\n ";
    activity(row.repeat(sessions).trim_end())
}

fn postgresql(count: usize, line: &str) -> Files {
    vec![("var/log/gitlab/postgresql/current", lines(count, line).replace("2026-03-01T", "2026-03-01_"))]
}

fn redis(field: &str) -> Files {
    vec![("redis/info", format!("# Server\r\nredis_version:7.2.4\r\n{field}\r\n"))]
}

fn pools(wait: &str) -> Files {
    table(
        "pgbouncer/pools",
        "database | user | maxwait",
        &format!("gitlabhq_production | pgbouncer | {wait}"),
    )
}

fn migrations(state: &str) -> Files {
    vec![(
        "gitlab_migrations",
        format!(" Status   Migration ID    Name\n   {state}     20260301120000  Add a down thing\n"),
    )]
}

/// All that these analyzers look at, as it should be.
pub(super) fn well() -> Files {
    let mut files = young(99_999);
    files.extend(units("active"));
    files.extend(readiness("ok"));
    files.extend(version("18.9.1-ee", "18.9.1-ee", "2026-03-01").into_iter().take(2));
    files.push(("etc/gitlab/ssl/x.crt", CERTIFICATE.to_owned()));
    files.extend(activity("1 | {} | client backend | active | 00:00:01"));
    files.extend(redis("evicted_keys:0\r\nrdb_last_bgsave_status:ok\r\nrejected_connections:0"));
    files.extend(pools("0"));
    files.extend(migrations("up"));
    files
}

pub(super) fn cases() -> Vec<Case> {
    let mut cases = database();
    cases.extend([
        case("service-down", Critical, down("nginx"), status(&["down: nginx: 3s, normally down"])),
        case("service-down", Warning, down("node-exporter"), status(&["run: node-exporter: (pid 3) 3s"])),
        case("service-restarting", Notice, young(59), young(60)),
        case("unit-failed", Warning, units("failed"), units("active")),
        case("health-failing", Critical, readiness("failed"), readiness("ok")),
        case(
            "version-unsupported",
            Notice,
            version("18.9.1-ee", "18.9.1-ee", "2026-05-25"),
            version("18.9.1-ee", "18.9.1-ee", "2026-05-15"),
        ),
        case(
            "version-unsupported",
            Warning,
            version("17.0.0-ee", "17.0.0-ee", "2026-05-25"),
            version("18.9.1-ee", "18.9.1-ee", "2026-03-25"),
        ),
        case(
            "upgrade-skipped-stop",
            Warning,
            upgraded("16.3.7", "16.11.1", "2026-02-27"),
            upgraded("16.3.7", "16.7.9", "2026-02-27"),
        ),
        case(
            "upgrade-skipped-stop",
            Notice,
            upgraded("16.3.7", "16.11.1", "2025-11-20"),
            upgraded("16.7.9", "16.11.1", "2025-11-20"),
        ),
        case(
            "upgrade-recent",
            Notice,
            upgraded("18.9.0", "18.9.1", "2026-02-22"),
            upgraded("18.9.0", "18.9.1", "2026-02-21"),
        ),
        case(
            "version-mixed",
            Warning,
            version("18.9.1-ee", "18.9.0-ee", "2026-03-01"),
            version("18.9.1-ee", "18.9.1", "2026-03-01"),
        ),
        Case {
            name: "versions-differ",
            severity: Warning,
            trips: site("18.9.0-ee"),
            spares: site("18.9.1-ee.0"),
        },
        case("migrations-down", Critical, migrations("down"), migrations("up")),
        case(
            "certificate-expired",
            Critical,
            certificate("etc/gitlab/ssl/x.crt", "2026-12-31"),
            certificate("etc/gitlab/ssl/x.crt", "2026-11-30"),
        ),
        case(
            "certificate-expired",
            Notice,
            certificate("etc/gitlab/ssl/x.crt", "2026-12-02"),
            certificate("etc/gitlab/trusted-certs/x.crt", "2026-12-02"),
        ),
    ]);
    cases
}

fn database() -> Vec<Case> {
    const SLOTS: &str = "{time}.12345 FATAL:  remaining connection slots are reserved for roles";
    let server =
        |used: u32| table("postgresql/server", "max_connections | connections", &format!("400 | {used}"));
    let never = |rows: u32| table("non_analyzed_tables", "relname | n_live_tup", &format!("x | {rows}"));
    let frozen = |share: &str| table("postgresql/wraparound", "database | percent", &format!("x | {share}"));
    let lag = |lag: &str| {
        table("postgresql/replication", "application_name | replay_lag", &format!("pg-2 | {lag}"))
    };
    let slot = |keeps: &str| {
        table(
            "postgresql/replication",
            "slot_name | active | wal_status | keeps",
            &format!("s | f | extended | {keeps}"),
        )
    };
    let index = |name: &str| table("postgresql/invalid-indexes", "index | valid", &format!("{name} | f"));
    let background = |state: &str| {
        table(
            "postgresql/background-migrations",
            "id | state | job_class_name",
            &format!("1 | {state} | Fill"),
        )
    };
    vec![
        case("postgresql-connections", Critical, postgresql(1, SLOTS), postgresql(1, "{time}.12345 LOG:  x")),
        case("postgresql-connections", Warning, server(360), server(359)),
        case(
            "postgresql-long-transaction",
            Warning,
            activity("1 | {} | client backend | active | 00:30:00"),
            activity("1 | {} | autovacuum worker | active | 05:00:00"),
        ),
        case(
            "postgresql-long-transaction",
            Warning,
            activity("1 | {} | client backend | idle in transaction | 00:10:00"),
            activity("1 | {} | client backend | active | 00:29:00"),
        ),
        case("postgresql-blocked", Warning, blocked(3), blocked(2)),
        case("postgresql-never-analyzed", Warning, never(10_000), never(9999)),
        case("postgresql-wraparound", Warning, frozen("40.0"), frozen("39.9")),
        case("postgresql-wraparound", Critical, frozen("80.0"), frozen("9.9")),
        case("postgresql-replication", Warning, lag("00:01:00"), lag("00:00:59")),
        case("postgresql-replication", Warning, slot("12 GB"), slot("9 GB")),
        case("postgresql-invalid-index", Warning, index("index_x"), index("index_x_ccnew")),
        case(
            "postgresql-crash",
            Critical,
            postgresql(1, "{time}.12345 LOG:  server process (PID 12) was terminated by signal 9: Killed"),
            postgresql(1, "{time}.12345 LOG:  database system was shut down"),
        ),
        case(
            "postgresql-damaged",
            Critical,
            postgresql(1, "{time}.12345 ERROR:  invalid page in block 12 of relation base/1"),
            postgresql(1, "{time}.12345 ERROR:  invalid input syntax"),
        ),
        case(
            "postgresql-statements",
            Warning,
            postgresql(10, "{time}.12345 ERROR:  deadlock detected"),
            postgresql(9, "{time}.12345 ERROR:  deadlock detected"),
        ),
        case("pgbouncer-waiting", Warning, pools("5"), pools("4")),
        case("background-migrations-failed", Warning, background("failed"), background("active")),
        case("redis-save", Critical, redis("rdb_last_bgsave_status:err"), redis("rdb_last_bgsave_status:ok")),
        case("redis-evictions", Warning, redis("evicted_keys:1"), redis("evicted_keys:0")),
        case("redis-full", Critical, redis("rejected_connections:1"), redis("rejected_connections:0")),
        case(
            "redis-full",
            Warning,
            redis("used_memory:90\r\nmaxmemory:100\r\nmaxmemory_policy:noeviction"),
            redis("used_memory:90\r\nmaxmemory:100\r\nmaxmemory_policy:allkeys-lru"),
        ),
        case("redis-replication", Critical, redis("master_link_status:down"), redis("master_link_status:up")),
    ]
}
