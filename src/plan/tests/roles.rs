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
        Take::Part { argv, .. } => Some(argv[0].clone()),
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
    assert!(of(&asked, &["redis", "sentinel", "sidekiq", "praefect", "puma", "workhorse"]).is_empty());
}

#[test]
fn files_and_logs_are_taken_wherever_they_are() {
    let paths = ["/var/opt/gitlab/postgresql/data/postgresql.conf", "/var/log/gitlab/gitlab-rails/geo.log"];
    let host = paths.iter().fold(node(&["gitaly"]), |host, path| host.file(path, "x = 1\n"));
    let catalog = crate::catalog::built_in(&Words { probes: &probe::NAMES }).unwrap();
    let plan = make(&host, &catalog, &installation::detect(&host), &wishes()).unwrap();
    for (path, collector) in paths.iter().zip(["postgresql", "geo"]) {
        let of = |item: &&Item| match &item.take {
            Take::File { path: taken, .. } => *taken == Path::new(path),
            Take::Log { file, .. } => file.path == Path::new(path),
            _ => false,
        };
        let item = plan.items.iter().find(of).unwrap();
        assert_eq!(item.collector, collector);
    }
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

/// Each start of Rails costs about 1 GB.
#[test]
fn rails_is_started_once_and_only_in_the_full_profile() {
    let node = node(&["puma", "sidekiq", "postgresql"]).file("/opt/gitlab/bin/gitlab-rails", "");
    let of_rails = |profile| of(&asked(&node, profile), &["rails"]);
    assert!(of_rails(Profile::Default).is_empty());
    let full = of_rails(Profile::Full);
    assert!(full.contains(&"rails/license prlimit".to_owned()), "{full:?}");
    let catalog = crate::catalog::built_in(&Words { probes: &probe::NAMES }).unwrap();
    let plan = |only: &str, skip: &str| {
        let picks = |text: &str| text.split_whitespace().map(|pick| pick.parse().unwrap()).collect();
        let wishes = Wishes { only: picks(only), skip: picks(skip), ..wishes() };
        let plan = make(&node, &catalog, &installation::detect(&node), &wishes).unwrap();
        plan.items.iter().map(|item| item.source.clone()).collect::<Vec<_>>()
    };
    assert_eq!(plan("rails/license", ""), ["env", "license"], "a part brings its command");
    assert_eq!(plan("rails/license rails/check", "rails/check"), ["env", "license"]);
    assert!(plan("rails/license", "rails/env").is_empty());
}
