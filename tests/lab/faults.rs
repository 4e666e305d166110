//! A node in trouble: the bundle is made all the same, comes to its end by itself, and shows the trouble.

use super::node::{Node, node};
use crate::cli::bundle::Bundle;

/// Far more than a run takes, and what no run may need.
const QUICK: &str = "--profile quick --timeout 120s";

fn says(bundle: &Bundle, name: &str, wanted: &str) {
    let text = bundle.text(name);
    assert!(
        text.lines().any(|line| line.split_whitespace().collect::<Vec<_>>().join(" ").contains(wanted)),
        "{name} lacks `{wanted}`:\n{text}"
    );
}

/// Every entry of a collector's commands failed, and says so with these words.
fn all_failed(bundle: &Bundle, collector: &str, words: &str) {
    let commands: Vec<_> = bundle
        .entries()
        .iter()
        .filter(|entry| entry["collector"] == collector && entry["kind"] == "command")
        .collect();
    assert!(!commands.is_empty());
    for entry in commands {
        assert_eq!(entry["outcome"], "failed", "{entry}");
        assert!(entry["stderr"].as_str().unwrap_or_default().contains(words), "{entry}");
    }
}

#[test]
fn each_service_that_is_stopped_is_shown_as_such() {
    let Some(mut node) = node() else { return };
    for service in ["nginx", "pgbouncer", "postgresql", "redis", "sidekiq"] {
        node.tell(&format!("stop {service}"));
        let bundle = node.collect(QUICK);
        says(&bundle, "gitlab_status", &format!("down: {service}: "));
        says(&bundle, "services/services", &format!("{service} down"));
        let others = bundle.text("gitlab_status").lines().filter(|line| line.starts_with("run: ")).count();
        assert_eq!(others, 4, "{service}: {}", bundle.text("gitlab_status"));
        match service {
            "postgresql" => {
                all_failed(&bundle, "postgresql", "No such file or directory");
                assert_eq!(bundle.outcome("gitlab_migrations"), "failed");
                assert!(
                    bundle.reason("gitlab_migrations").contains("connection to server"),
                    "{}",
                    bundle.entry("gitlab_migrations")
                );
                says(&bundle, "var/log/gitlab/postgresql/current", "database system is shut down");
            }
            "pgbouncer" => all_failed(&bundle, "pgbouncer", "No such file or directory"),
            "redis" => says(&bundle, "var/log/gitlab/redis/current", "Redis is now ready to exit"),
            _ => {}
        }
        node.tell(&format!("start {service}"));
    }
}

#[test]
fn a_frozen_postgresql_holds_nobody_up() {
    let Some(mut node) = node() else { return };
    node.tell("freeze postgresql");
    let bundle = node.collect(QUICK);
    node.tell("thaw postgresql");
    all_failed(&bundle, "postgresql", "timeout expired");
    assert!(
        bundle.reason("gitlab_migrations").contains("timeout expired"),
        "{}",
        bundle.entry("gitlab_migrations")
    );
    says(&bundle, "gitlab_status", "run: postgresql: ");
    let servers = ["postgres -D ", " postgres: "];
    let ps = bundle.text("ps").lines().filter(|line| servers.iter().any(|server| line.contains(server)));
    let states: Vec<_> = ps.map(|line| line.split_whitespace().nth(6).unwrap()).collect();
    assert!(states.len() > 3 && states.iter().all(|state| state.starts_with('T')), "{}", bundle.text("ps"));
    assert!(bundle.files.contains_key("var/log/gitlab/postgresql/current"));
}

#[test]
fn who_waits_for_whom_is_told_without_values() {
    let Some(mut node) = node() else { return };
    node.tell("gitlab-psql -c \"BEGIN; LOCK TABLE users; SELECT pg_sleep(600)\" & holder=$!");
    let asks = "SELECT count(*) FROM users WHERE email = 'who.is.it@example.com'";
    node.tell(&format!(
        "until_ok holds_users && {{ gitlab-psql -c \"{asks}\" & waiter=$!; }} && until_ok waits"
    ));
    let bundle = node.collect("--profile full --only postgresql");
    node.tell("hang_up; wait $holder $waiter; true");
    let cells = |line: &str| line.split('|').map(|cell| cell.trim().to_owned()).collect::<Vec<_>>();
    let rows: Vec<_> = bundle.text("postgresql/activity").lines().map(cells).collect();
    let holder = rows.iter().find(|row| row.iter().any(|cell| cell == "PgSleep")).unwrap();
    let waiter = rows.iter().find(|row| row.last().unwrap().contains("FROM users WHERE")).unwrap();
    assert_eq!(waiter[1], format!("{{{}}}", holder[0]));
    assert_eq!(waiter.last().unwrap(), "SELECT count(*) FROM users WHERE email = ?");
    says(&bundle, "postgresql/locks", "| f | {");
    says(&bundle, "postgresql/locks", "| t | | relation | AccessExclusiveLock | public | users |");
    // What looks at tables does not wait for that one.
    assert_eq!(
        bundle.outcome("postgresql/table-sizes"),
        "complete",
        "{}",
        bundle.entry("postgresql/table-sizes")
    );
    assert_eq!(bundle.outcome("postgresql/bloat"), "complete");
}

#[test]
fn a_full_redis_is_seen() {
    let Some(mut node) = node() else { return };
    node.tell("fill");
    let bundle = node.collect(QUICK);
    node.tell("empty");
    says(&bundle, "gitlab_status", "run: redis: ");
    said_by_redis(&bundle);
}

/// What Redis tells of itself.
fn said_by_redis(bundle: &Bundle) {
    says(bundle, "redis/info", "maxmemory:3145728");
    says(bundle, "redis/info", "errorstat_OOM:count=");
}

#[test]
fn a_node_whose_web_server_was_taken_away_is_told_whole() {
    let Some(mut node) = node() else { return };
    node.tell("take_away");
    let bundle = node.collect(QUICK);
    node.tell("bring_back");
    assert_eq!(bundle.run()["installation"]["services"], "pgbouncer postgresql redis sidekiq");
    assert!(!bundle.text("gitlab_status").contains("nginx"));
    // What it left tells that there was one, and how it was set up.
    assert_eq!(bundle.outcome("var/opt/gitlab/nginx/conf/nginx.conf"), "complete");
    assert_eq!(bundle.outcome("postgresql/activity"), "complete");
}

#[test]
fn a_default_run_comes_to_its_end_beside_traffic() {
    let Some(mut node) = node() else { return };
    node.tell("traffic on");
    node.tell("turn_over sidekiq");
    let bundle = node.collect("--timeout 60s");
    still_busy(&mut node);
    node.tell("traffic off");
    let late: Vec<_> = bundle.entries().iter().filter(|entry| entry["outcome"] == "timed-out").collect();
    assert!(late.is_empty(), "{late:#?}");
    says(&bundle, "postgresql/statements", "UPDATE users SET state");
    says(&bundle, "postgresql/connections", "gitlabhq_production | gitlab-psql | pgbench |");
    says(&bundle, "var/log/gitlab/sidekiq/current", "ProjectCacheWorker");
    says(&bundle, "var/log/gitlab/nginx/gitlab_access.log", "GET /lab/");
    let turned = bundle.names().iter().filter(|name| name.starts_with("var/log/gitlab/sidekiq/@")).count();
    assert!(turned > 0, "{:?}", bundle.names());
    assert!(!bundle.holds("Lab8Qw3rT5yU1oPaSdFg"));
}

/// Found here: svlogd compresses what it turns over, and the log that was found before was lost.
#[test]
fn a_log_that_is_turned_over_while_the_run_waits_for_its_samplers_is_not_lost() {
    let Some(mut node) = node() else { return };
    node.tell(
        "traffic on; turn_over sidekiq && until_ok test -s /var/log/gitlab/sidekiq/current; traffic off",
    );
    let lines = "zcat /var/log/gitlab/sidekiq/@*.s | cat - /var/log/gitlab/sidekiq/current | wc -l";
    let before: u64 = node.tell(lines).trim().parse().unwrap();
    node.tell("/glsos collect -o /out/turned --only samples,gitlab-logs & run=$!");
    // The sampler's command runs when all logs have been found.
    node.tell("until_ok pidof vmstat && turn_over sidekiq");
    let (status, packed) = node.try_to("wait $run && cat /out/turned && rm /out/turned");
    assert_eq!(status, 0);
    let bundle = Bundle::of(packed);
    let log = bundle.entry("var/log/gitlab/sidekiq/current");
    assert!(
        log["window"]["note"].as_str().unwrap_or_default().starts_with("rotated before it was read"),
        "{log}"
    );
    let logs = bundle.entries().iter().filter(|entry| {
        entry["name"].as_str().is_some_and(|name| name.starts_with("var/log/gitlab/sidekiq/"))
    });
    let taken: u64 = logs.map(|entry| entry["lines"].as_u64().unwrap()).sum();
    assert!(taken >= before, "{taken} lines of {before}");
}

/// The first screen of a report: titles, the worst first.
fn first_screen(node: &mut Node) -> Vec<String> {
    // The node's logs have the traffic of other tests.
    node.tell(&format!("/glsos collect -o /out/desk.tar.gz -q --since 1s {QUICK}"));
    let said = node.tell("/glsos report /out/desk.tar.gz; rm /out/desk.tar.gz");
    let titles = said.lines().take(24).skip_while(|line| !line.is_empty()).skip(1);
    titles.take_while(|line| !line.is_empty()).map(str::to_owned).collect()
}

#[test]
fn the_first_screen_of_a_report_names_what_ails_the_node_and_nothing_else() {
    let Some(mut node) = node() else { return };
    // What the node is laid out with, of an old version and with a certificate for a month.
    let known = ["migration has not run", "gets no more fixes", "migrations have failed", "Invalid indexes"];
    // What the machine of the test may be short of.
    let machine = [
        "tasks waited",
        "kernel",
        "control group",
        "clock",
        "memory is",
        "swap",
        "% full",
        "inodes",
        "Programs crashed",
    ];
    let has = |title: &str, parts: &[&str]| parts.iter().any(|part| title.contains(part));
    let known = |title: &String| has(title, &known) || title.contains("The certificate of");
    let healthy = first_screen(&mut node);
    assert_eq!(healthy.iter().filter(|title| known(title)).count(), 5, "{healthy:#?}");
    let others: Vec<_> = healthy.iter().filter(|title| !known(title) && !has(title, &machine)).collect();
    assert!(others.is_empty(), "{others:#?}");

    node.tell("stop nginx");
    node.tell("fill");
    node.tell(
        "gitlab-psql -c 'BEGIN; LOCK TABLE users; SELECT pg_sleep(600)' & holder=$!; until_ok holds_users",
    );
    node.tell("for i in 1 2 3; do gitlab-psql -c 'SELECT count(*) FROM users' & done; until_ok waits 3");
    let ailing = first_screen(&mut node);
    node.tell("hang_up; empty; wait $holder; true");
    for title in ["CRITICAL  nginx is down", "sessions of PostgreSQL wait for a lock", "Redis uses "] {
        assert!(ailing.iter().any(|line| line.contains(title)), "{title}: {ailing:#?}");
    }
}

/// Whether those who ask are served as before: no one was stopped by us, or refused.
fn still_busy(node: &mut Node) {
    let count =
        "gitlab-psql -XAtc \"SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pgbench'\"";
    assert_eq!(node.tell(count).trim(), "2");
}
