//! What is told of the queries and jobs that a node works on, without what is in them.

use super::node::{Node, node};
use crate::cli::bundle::Bundle;

/// A word of bash that stands for this text, whatever is in it.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The rows of an entry, with single blanks.
fn rows(bundle: &Bundle, name: &str) -> String {
    let rows = bundle.text(name).lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    rows.collect::<Vec<_>>().join("\n")
}

/// Sessions that sleep in these queries.
fn busy_with(node: &mut Node, queries: &[&str]) {
    for query in queries {
        node.tell(&format!("gitlab-psql -Xc {} &", quoted(query)));
    }
    let count = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
    let all = format!("[ \"$(gitlab-psql -XAtc {})\" = {} ]", quoted(count), queries.len());
    node.tell(&format!("until_ok eval {}", quoted(&all)));
}

/// Found: an apostrophe in a comment or in a quoted identifier turned the sense of all quotes behind it around, and
/// dollar quotes and escaped quotes were no literals at all.
#[test]
fn no_string_of_a_query_is_told_in_whatever_way_it_is_written() {
    let Some(mut node) = node() else { return };
    let queries = [
        r"/* don't */ SELECT pg_sleep(600) WHERE 'Abc93kkQz secretword' <> 'a'",
        r"SELECT 2, pg_sleep(600) WHERE $$Abc93kkQz$$ <> version() AND 5 = 5",
        r"SELECT 3, pg_sleep(600) WHERE E'it\'s Abc93kkQz' <> 'a' AND 'Zz93 other' <> version()",
        r#"SELECT 4, pg_sleep(600) FROM (SELECT now() AS "o'clock") AS t WHERE "o'clock"::text <> 'Abc93kkQz'"#,
        r"/*application:web,correlation_id:01HX*/ SELECT 5, pg_sleep(600) -- it's Abc93kkQz",
        r"/* a /* nested ' */ ' */ SELECT 6, pg_sleep(600) WHERE 'Abc93kkQz' <> 'a'",
        r"SELECT 7, pg_sleep(600) WHERE $tag$ ' Abc93kkQz $$ $tag$ <> 'Zz93'",
        r"SELECT 8, pg_sleep(600) WHERE 'C:\' <> ' Abc93kkQz '",
    ];
    busy_with(&mut node, &queries);
    let bundle = node.collect("--profile full --only postgresql/activity,postgresql/statements");
    let told = rows(&bundle, "postgresql/activity");
    for query in [
        "| ? SELECT pg_sleep(600) WHERE ? <> ?",
        "| SELECT 2, pg_sleep(600) WHERE ? <> version() AND 5 = 5",
        "| SELECT 3, pg_sleep(600) WHERE ? <> ? AND ? <> version()",
        r#"| SELECT 4, pg_sleep(600) FROM (SELECT now() AS "o'clock") AS t WHERE "o'clock"::text <> ?"#,
        "| /*application:web,correlation_id:01HX*/ SELECT 5, pg_sleep(600) ?",
        "| ?\n",
        "| SELECT 7, pg_sleep(600) WHERE ?\n",
        "| SELECT 8, pg_sleep(600) WHERE ?\n",
    ] {
        assert!(told.contains(query), "no `{query}`:\n{told}");
    }
    assert_eq!(bundle.outcome("postgresql/statements"), "complete");
    for word in ["Abc93kkQz", "Zz93", "secretword"] {
        assert!(!bundle.holds(word), "{word}:\n{told}");
    }
}

/// Found: hundreds of large jobs of each list were decoded within Redis, which served nobody else for a minute.
#[test]
fn large_jobs_are_read_one_by_one_and_no_more_than_a_budget_of_them() {
    let Some(mut node) = node() else { return };
    let fill = r#"local pad = string.rep("{\"a\":[1,2,\"Abc93kkQz\"]},", 2700)
        for queue = 1, 20 do
          redis.call("SADD", "queues", "q" .. queue)
          for i = 1, 40 do
            redis.call("LPUSH", "queue:q" .. queue, "{\"class\":\"Large\",\"enqueued_at\":1700000000,\"args\":[" .. pad .. "1]}")
          end
        end
        redis.call("LPUSH", "queue:q1", string.rep("x", 70000))
        for i = 1, 40 do redis.call("ZADD", "retry", 1900000000 + i, "{\"class\":\"Small\",\"error_class\":\"E\",\"args\":[" .. i .. "]}") end
        redis.call("HSET", "host:1:work", "t1", "{\"queue\":\"q1\",\"run_at\":1700000000,\"payload\":\"{\\\"class\\\":\\\"Runs\\\",\\\"jid\\\":\\\"j1\\\"}\"}", "t2", string.rep("x", 70000))
        redis.call("SADD", "processes", "host:1")
        redis.call("HSET", "host:1", "info", "{\"concurrency\":20}", "busy", "2")"#;
    node.tell(&format!("gitlab-redis-cli EVAL {} 0", quoted(&fill.replace('\n', " "))));
    let bundle = node.collect("--only sidekiq");
    let (queues, running) = (rows(&bundle, "sidekiq/queues"), rows(&bundle, "sidekiq/running"));
    // The oldest of each queue comes first, and is told of all.
    assert_eq!(
        queues.matches("oldest_waits_s 1").count() + queues.matches("oldest_waits_s 9").count(),
        20,
        "{queues}"
    );
    let large: u32 = queues.lines().filter_map(|line| line.strip_suffix(" Large")?.parse::<u32>().ok()).sum();
    assert!((20..40).contains(&large), "{large} of 60 kB were decoded:\n{queues}");
    assert!(queues.contains("not all jobs were read"), "{queues}");
    assert!(queues.contains("set retry size 40 next_due_s"), "{queues}");
    assert!(queues.contains("of 30 of them:\n30 Small E"), "{queues}");
    assert!(running.contains("process host:1 busy 2 of 20"), "{running}");
    assert!(running.contains(" Runs q1 j1 - host:1") && running.contains("- - - - - host:1"), "{running}");
    assert!(!bundle.holds("Abc93kkQz"));
}

/// Found: each argument stood on a line of its own, and no name was beside its value.
#[test]
fn values_in_slow_commands_go_by_the_name_before_them() {
    let Some(mut node) = node() else { return };
    node.tell("gitlab-redis-cli CONFIG SET slowlog-log-slower-than 0");
    node.tell("gitlab-redis-cli HSET user:1 password Abc93kkQzW name bob");
    node.tell("gitlab-redis-cli SET cache:lab kept93");
    node.tell("gitlab-redis-cli CONFIG SET slowlog-log-slower-than 10000");
    let bundle = node.collect("--only redis/slowlog");
    let told = rows(&bundle, "redis/slowlog");
    assert!(!bundle.holds("Abc93kkQzW"), "{told}");
    for kept in ["2) \"user:1\"", "3) \"password\"", "6) \"bob\"", "3) \"kept93\""] {
        assert!(told.contains(kept), "no `{kept}`:\n{told}");
    }
    node.tell("gitlab-redis-cli SLOWLOG RESET");
}
