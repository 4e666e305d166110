//! PostgreSQL, Redis and Sidekiq's queues, as their own commands tell of them.

use super::{
    super::{Section, Unit, Value},
    fact, section, table,
};
use crate::index::{
    Facts,
    host::{Row, rows},
};

/// Rows of tables.
const ROWS: usize = 30;

/// Connections, the longest transactions, the largest tables.
pub(super) fn postgresql(facts: &Facts) -> Option<Section> {
    section("postgresql", "PostgreSQL", |section| {
        rows(&facts.docs, "postgresql/server", "max_connections", |row| {
            let version = row.text("version").map(|text| text.split(" on ").next().unwrap_or(text));
            let count = |name: &str| Value::of(row.number(name), |number| Value::Count(number as u64));
            let role = row.text("in_recovery").map(|told| if told == "t" { "standby" } else { "primary" });
            section.facts.extend([
                fact("version", Value::of(version, Value::text)),
                fact("role", Value::of(role, Value::text)),
                fact("connections", count("connections")),
                fact("most connections", count("max_connections")),
            ]);
        });
        let mut open: Vec<(f64, Vec<Value>)> = Vec::new();
        rows(&facts.docs, "postgresql/activity", "transaction_for", |row| {
            if let Some(age) = row.interval("transaction_for") {
                let mut cells = texts(&row, &["pid", "application_name", "state"]);
                cells.push(Value::Seconds(age));
                cells.extend(texts(&row, &["blocked_by", "query"]));
                open.push((age, cells));
            }
        });
        open.sort_by(|a, b| b.0.total_cmp(&a.0));
        let columns = [
            ("pid", Unit::Text),
            ("program", Unit::Text),
            ("state", Unit::Text),
            ("open for", Unit::Seconds),
            ("blocked by", Unit::Text),
            ("query", Unit::Text),
        ];
        let open = open.into_iter().map(|(_, cells)| cells);
        section.tables.push(table("transactions", "Open transactions", &columns, open, ROWS));
        let mut largest = Vec::new();
        rows(&facts.docs, "postgresql/table-sizes", "total", |row| {
            largest.push(texts(&row, &["table", "rows", "total", "table_itself", "indexes"]));
        });
        let columns = [
            ("table", Unit::Text),
            ("rows", Unit::Text),
            ("total", Unit::Text),
            ("table itself", Unit::Text),
            ("indexes", Unit::Text),
        ];
        section.tables.push(table("tables", "Largest tables", &columns, largest, ROWS));
    })
}

fn texts(row: &Row<'_>, columns: &[&str]) -> Vec<Value> {
    columns.iter().map(|column| Value::of(row.text(column), Value::text)).collect()
}

/// Memory, clients, persistence.
pub(super) fn redis(facts: &Facts) -> Option<Section> {
    let redis = facts.host.redis.as_ref()?;
    section("redis", "Redis", |section| {
        let text = |name: &str| Value::of(redis.text(name), Value::text);
        let count = |name: &str| Value::of(redis.number(name), |number| Value::Count(number as u64));
        let bytes = |name: &str| Value::of(redis.number(name), |number| Value::Bytes(number as u64));
        section.facts.extend([
            fact("version", text("redis_version")),
            fact("role", text("role")),
            fact("memory", bytes("used_memory")),
            fact("most memory", bytes("maxmemory")),
            fact("when it is full", text("maxmemory_policy")),
            fact("clients", count("connected_clients")),
            fact("commands a second", count("instantaneous_ops_per_sec")),
            fact("keys evicted", count("evicted_keys")),
            fact("connections refused", count("rejected_connections")),
            fact("last save", text("rdb_last_bgsave_status")),
            fact("up for", Value::of(redis.number("uptime_in_seconds"), Value::Seconds)),
        ]);
    })
}

/// Queues with jobs in them, the longest wait first.
pub(super) fn queues(facts: &Facts) -> Option<super::super::Table> {
    let doc = facts.docs.get("sidekiq/queues")?;
    let mut queues: Vec<(f64, Vec<Value>)> = Vec::new();
    for (_, line) in doc.lines() {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let ["queue", name, "length", length, "oldest_waits_s", age, ..] = words[..] else { continue };
        let Ok(length) = length.parse() else { continue };
        let age: Option<f64> = age.parse().ok();
        let row = vec![Value::text(name), Value::Count(length), Value::of(age, Value::Seconds)];
        queues.push((age.unwrap_or(-1.0), row));
    }
    queues.sort_by(|a, b| b.0.total_cmp(&a.0));
    let columns = [("queue", Unit::Text), ("jobs", Unit::Count), ("oldest waits", Unit::Seconds)];
    Some(table("queues", "Queues", &columns, queues.into_iter().map(|(_, row)| row), ROWS))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::Docs;

    fn facts(texts: &[(&str, &str)]) -> Facts {
        let mut docs = Docs::default();
        texts.iter().for_each(|(name, text)| docs.add(name, text.as_bytes()));
        Facts { docs, ..Facts::default() }
    }

    #[test]
    fn the_longest_transaction_and_wait_come_first() {
        let activity = " pid | state | transaction_for | query\n-----+---+---+---\n  1 | active | 00:00:01 | SELECT 1\n  2 | idle in transaction | 01:00:00 | SELECT 2\n(2 rows)\n";
        let queues_of = "queue  default  length  7  oldest_waits_s  3\nqueue  mailers  length  1  oldest_waits_s  30\nset  retry\n";
        let facts = facts(&[("postgresql/activity", activity), ("sidekiq/queues", queues_of)]);
        let section = postgresql(&facts).unwrap();
        assert_eq!(section.tables[0].rows[0][0], Value::text("2"));
        assert_eq!(section.tables[0].rows[0][3], Value::Seconds(3600.0));
        let queues = queues(&facts).unwrap();
        assert_eq!(queues.rows[0], [Value::text("mailers"), Value::Count(1), Value::Seconds(30.0)]);
        assert!(redis(&facts).is_none());
    }
}
