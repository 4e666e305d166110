//! The built-in collectors on nodes with one role: what is asked there, and above all what is not.

use super::*;

/// A node of the Linux package on which these services are enabled.
fn node(services: &[&str]) -> Memory {
    let host = Memory::default().file("/opt/gitlab/version-manifest.txt", "gitlab-ee 18.9.1\n");
    services.iter().fold(host, |host, service| {
        host.link(&format!("/opt/gitlab/service/{service}"), &format!("/opt/gitlab/sv/{service}"))
    })
}

/// What is run, asked and looked up there in a profile: `SOURCE PROGRAM`.
fn asked(host: &Memory, profile: Profile) -> Vec<String> {
    let catalog = crate::catalog::built_in(&Words { probes: &probe::NAMES }).unwrap();
    let plan = make(host, &catalog, &installation::detect(host), &Wishes { profile, ..wishes() }).unwrap();
    let what = |item: &Item| match &item.take {
        Take::Command { command, .. } => Some(command.argv[0].clone()),
        Take::Http { .. } => Some("http".to_owned()),
        _ => None,
    };
    plan.items
        .iter()
        .filter_map(|item| Some(format!("{}/{} {}", item.collector, item.source, what(item)?)))
        .collect()
}

fn of(asked: &[String], collectors: &[&str]) -> Vec<String> {
    let collector = |line: &&String| collectors.contains(&line.split('/').next().unwrap_or_default());
    asked.iter().filter(collector).cloned().collect()
}

#[test]
fn on_a_gitaly_node_nothing_of_rails_is_tried() {
    let asked = asked(&node(&["gitaly", "logrotate", "node-exporter"]), Profile::Full);
    let foreign = ["gitlab-rake", "gitlab-rails", "gitlab-psql", "gitlab-redis-cli", "redis-cli", "praefect"];
    let tried: Vec<_> =
        asked.iter().filter(|line| foreign.iter().any(|name| line.ends_with(&format!(" {name}")))).collect();
    assert!(tried.is_empty(), "{tried:?}");
    assert!(of(&asked, &["redis", "sentinel", "sidekiq", "praefect", "gitlab-health"]).is_empty());
}

#[test]
fn a_redis_node_tells_of_redis_and_of_the_queues_in_it() {
    let asked = asked(&node(&["redis", "sentinel"]), Profile::Default);
    for source in ["redis/info", "redis/slowlog", "sentinel/primary", "sidekiq/queues", "sidekiq/running"] {
        assert!(asked.iter().any(|line| line.starts_with(&format!("{source} "))), "{source}");
    }
}

#[test]
fn praefects_check_that_tries_to_write_is_no_part_of_a_default_run() {
    let node = node(&["praefect"]);
    let checks = |profile| {
        of(&asked(&node, profile), &["praefect"]).iter().any(|line| line.starts_with("praefect/check "))
    };
    assert!(checks(Profile::Full) && !checks(Profile::Default));
}
