//! PostgreSQL: connections, transactions, vacuum, replication, indexes, and what its log tells.

use super::{
    Analyzer, Look, Severity,
    found::{Found, examples, percent, shown, times, when},
};
use crate::index::{
    Facts,
    host::{Row, rows},
};

const LINK: &str = "https://docs.gitlab.com/administration/troubleshooting/postgresql/";
const REPLICATION: &str =
    "https://docs.gitlab.com/administration/postgresql/replication_and_failover_troubleshooting/";

/// Seconds.
const LONG_TRANSACTION: f64 = 1800.0;
const LONG_IDLE: f64 = 600.0;
const LAG: f64 = 60.0;
/// Rows of a table that the planner should know.
const ROWS: f64 = 10_000.0;

pub(super) const ANALYZERS: &[Analyzer] = &[
    Analyzer {
        name: "postgresql-connections",
        about: "PostgreSQL refused connections, or 90 % of them are used; critical where it refused some.",
        advice: "Sum up the pools of all Puma and Sidekiq processes; raise max_connections, or put PgBouncer before it.",
        link: "https://docs.gitlab.com/administration/postgresql/tune/",
        look: Look::Node(connections),
    },
    Analyzer {
        name: "postgresql-long-transaction",
        about: "A transaction is open for 30 minutes, or idle in one for 10.",
        advice: "It keeps vacuum from cleaning up and locks from ending: find who runs it before you end it.",
        link: LINK,
        look: Look::Node(long),
    },
    Analyzer {
        name: "postgresql-blocked",
        about: "At least 3 sessions wait for another one's lock.",
        advice: "The column blocked_by names the session at the root.",
        link: LINK,
        look: Look::Node(blocked),
    },
    Analyzer {
        name: "postgresql-never-analyzed",
        about: "A table of 10,000 rows was never analyzed, so that its queries are planned blindly.",
        advice: "Run `ANALYZE VERBOSE;`, above all after an upgrade of PostgreSQL or a restore.",
        link: "https://docs.gitlab.com/omnibus/settings/database/",
        look: Look::Node(never_analyzed),
    },
    Analyzer {
        name: "postgresql-wraparound",
        about: "A database has used 40 % of its transaction ids since it was frozen; critical from 80 %, and where PostgreSQL says so in its log.",
        advice: "Find what holds vacuum back (long transactions, slots), and vacuum the oldest tables.",
        link: "https://docs.gitlab.com/administration/postgresql/vacuum/",
        look: Look::Node(wraparound),
    },
    Analyzer {
        name: "postgresql-replication",
        about: "A standby is a minute behind, or a replication slot lost its log, or is not used and keeps 10 GB of it.",
        advice: "Look at the standby's disk and network; an unused slot fills the primary's disk.",
        link: REPLICATION,
        look: Look::Node(replication),
    },
    Analyzer {
        name: "postgresql-invalid-index",
        about: "An index is not valid: it is not used, and still costs every write.",
        advice: "Build it again with `gitlab-rake gitlab:db:reindex` or `REINDEX INDEX CONCURRENTLY`.",
        link: "https://docs.gitlab.com/administration/raketasks/maintenance/",
        look: Look::Node(invalid),
    },
    Analyzer {
        name: "postgresql-crash",
        about: "A process of PostgreSQL was ended by a signal, or the database was not shut down properly.",
        advice: "Signal 9 is the kernel's OOM killer; others are crashes: look at dmesg of that time.",
        link: LINK,
        look: Look::Node(crash),
    },
    Analyzer {
        name: "postgresql-damaged",
        about: "PostgreSQL could not read its own pages.",
        advice: "Stop, copy the data folder as it is, and check the disk before anything else.",
        link: LINK,
        look: Look::Node(damaged),
    },
    Analyzer {
        name: "postgresql-statements",
        about: "At least 10 deadlocks, or 20 statements that were ended by their timeout.",
        advice: "The log names the statements and their endpoint in a comment.",
        link: LINK,
        look: Look::Node(statements),
    },
    Analyzer {
        name: "pgbouncer-waiting",
        about: "Clients wait for a connection of PgBouncer: for 5 seconds, or until they gave up.",
        advice: "Raise default_pool_size, or find the statements that hold the connections.",
        link: "https://docs.gitlab.com/administration/postgresql/pgbouncer/",
        look: Look::Node(waiting),
    },
];

fn each(facts: &Facts, name: &str, column: &str, look: impl FnMut(Row<'_>)) {
    rows(&facts.docs, name, column, look);
}

fn connections(facts: &Facts, found: &mut Found) {
    found.told(Severity::Critical, "PostgreSQL refused connections", facts.logs.signal("pg-slots"));
    each(facts, "postgresql/server", "max_connections", |row| {
        let (Some(used), Some(most)) = (row.number("connections"), row.number("max_connections")) else {
            return;
        };
        if most > 0.0 && used >= 0.9 * most {
            let title = format!("{used} of PostgreSQL's {most} connections are used");
            found.add(Severity::Warning, title, [shown(&row.place())]);
        }
    });
}

fn long(facts: &Facts, found: &mut Found) {
    let (mut evidence, mut longest) = (Vec::new(), 0.0_f64);
    each(facts, "postgresql/activity", "transaction_for", |row| {
        let Some(age) = row.interval("transaction_for") else { return };
        let idle = row.text("state").is_some_and(|state| state.starts_with("idle in transaction"));
        let own = row.text("backend_type").is_none_or(|kind| kind == "client backend");
        if own && (age >= LONG_TRANSACTION || idle && age >= LONG_IDLE) {
            longest = longest.max(age);
            evidence.push(shown(&row.place()));
        }
    });
    if !evidence.is_empty() {
        let minutes = longest / 60.0;
        let title =
            format!("{} long transactions in PostgreSQL, the longest {minutes:.0} minutes", evidence.len());
        found.add(Severity::Warning, title, evidence);
    }
}

fn blocked(facts: &Facts, found: &mut Found) {
    let mut evidence = Vec::new();
    each(facts, "postgresql/activity", "blocked_by", |row| {
        if row.text("blocked_by").is_some_and(|by| by != "{}") {
            evidence.push(shown(&row.place()));
        }
    });
    if evidence.len() >= 3 {
        let title = format!("{} sessions of PostgreSQL wait for a lock", evidence.len());
        found.add(Severity::Warning, title, evidence);
    }
}

fn never_analyzed(facts: &Facts, found: &mut Found) {
    let (mut evidence, mut names) = (Vec::new(), Vec::new());
    each(facts, "non_analyzed_tables", "n_live_tup", |row| {
        if row.number("n_live_tup").is_some_and(|rows| rows >= ROWS) {
            names.push(row.text("relname").unwrap_or_default().to_owned());
            evidence.push(shown(&row.place()));
        }
    });
    if !evidence.is_empty() {
        let title = format!("Large tables that were never analyzed: {}", evidence.len());
        found.about(names.join(" "), Severity::Warning, title, evidence);
    }
}

fn wraparound(facts: &Facts, found: &mut Found) {
    if let Some(signal) = facts.logs.signal("pg-wraparound") {
        let title = format!("PostgreSQL runs out of transaction ids{}", when(signal.times));
        found.add(Severity::Critical, title, examples(signal));
    }
    each(facts, "postgresql/wraparound", "percent", |row| {
        let Some(share) = row.number("percent").filter(|share| *share >= 40.0) else { return };
        let severity = if share >= 80.0 { Severity::Critical } else { Severity::Warning };
        let name = row.text("database").unwrap_or("a database");
        let title = format!("{name} has used {} of its transaction ids", percent(share));
        found.about(name, severity, title, [shown(&row.place())]);
    });
}

fn replication(facts: &Facts, found: &mut Found) {
    each(facts, "postgresql/replication", "replay_lag", |row| {
        if let Some(lag) = row.interval("replay_lag").filter(|lag| *lag >= LAG) {
            let name = row.text("application_name").unwrap_or("a standby");
            found.about(
                name,
                Severity::Warning,
                format!("{name} is {lag:.0} s behind the primary"),
                [shown(&row.place())],
            );
        }
    });
    each(facts, "postgresql/replication", "slot_name", |row| {
        let Some(name) = row.text("slot_name") else { return };
        if row.text("wal_status") == Some("lost") {
            let title = format!("The replication slot {name} has lost its log");
            found.about(format!("slot {name}"), Severity::Critical, title, [shown(&row.place())]);
        } else if row.text("active") == Some("f")
            && row.text("keeps").is_some_and(|size| pretty(size) >= 10e9)
        {
            let keeps = row.text("keeps").unwrap_or("");
            let title = format!("The unused replication slot {name} keeps {keeps} of log");
            found.about(format!("slot {name}"), Severity::Warning, title, [shown(&row.place())]);
        }
    });
}

/// Bytes of `pg_size_pretty`.
fn pretty(text: &str) -> f64 {
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    let factor = match unit {
        "kB" => 1024.0,
        "MB" => 1024.0 * 1024.0,
        "GB" => 1024.0 * 1024.0 * 1024.0,
        "TB" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => 1.0,
    };
    number.parse::<f64>().unwrap_or(0.0) * factor
}

fn invalid(facts: &Facts, found: &mut Found) {
    let (mut evidence, mut names) = (Vec::new(), Vec::new());
    each(facts, "postgresql/invalid-indexes", "valid", |row| {
        // One that is being built is not ready yet; its name tells that it is not a failed rebuild's rest.
        if row.text("valid") == Some("f") && !row.text("index").is_some_and(|name| name.contains("_ccnew")) {
            names.push(row.text("index").unwrap_or_default().to_owned());
            evidence.push(shown(&row.place()));
        }
    });
    if !evidence.is_empty() {
        let title = format!("Invalid indexes: {}", evidence.len());
        found.about(names.join(" "), Severity::Warning, title, evidence);
    }
}

fn crash(facts: &Facts, found: &mut Found) {
    found.told(Severity::Critical, "PostgreSQL crashed,", facts.logs.signal("pg-crash"));
}

fn damaged(facts: &Facts, found: &mut Found) {
    found.told(Severity::Critical, "PostgreSQL can't read its data,", facts.logs.signal("pg-corrupt"));
}

fn statements(facts: &Facts, found: &mut Found) {
    for (name, least, what) in
        [("pg-deadlock", 10, "deadlocks"), ("pg-timeout", 20, "statements that ran into their timeout")]
    {
        if let Some(signal) = facts.logs.signal(name).filter(|signal| signal.count >= least) {
            let title = format!("{} {what}{}", signal.count, when(signal.times));
            found.about(what, Severity::Warning, title, examples(signal));
        }
    }
}

fn waiting(facts: &Facts, found: &mut Found) {
    if let Some(signal) = facts.logs.signal("pgbouncer-wait").filter(|signal| signal.count >= 5) {
        let title =
            format!("Clients of PgBouncer gave up waiting {}{}", times(signal.count), when(signal.times));
        found.add(Severity::Critical, title, examples(signal));
    }
    each(facts, "pgbouncer/pools", "maxwait", |row| {
        if let Some(wait) = row.number("maxwait").filter(|wait| *wait >= 5.0) {
            let pool = row.text("database").unwrap_or("a pool");
            found.about(
                pool,
                Severity::Warning,
                format!("Clients of {pool} wait {wait:.0} s for PgBouncer"),
                [shown(&row.place())],
            );
        }
    });
}
