//! Every analyzer against a bundle that trips it and one that just does not, and a host that is well.
#![allow(clippy::disallowed_methods)] // tests make files of their own

mod host;
mod logs;
mod runs;
mod services;

use std::collections::BTreeSet;

use super::*;
pub(super) use crate::index::fixture::facts;

/// Files of a bundle by name.
pub(super) type Files = Vec<(&'static str, String)>;

/// What trips an analyzer, how bad that is, and what just does not.
pub(super) struct Case {
    name: &'static str,
    severity: Severity,
    trips: Vec<Facts>,
    spares: Vec<Facts>,
}

pub(super) fn case(name: &'static str, severity: Severity, trips: Files, spares: Files) -> Case {
    Case { name, severity, trips: vec![facts(&trips)], spares: vec![facts(&spares)] }
}

/// As many lines as asked for, a second apart from 09:00, with `{time}` and `{n}` filled in.
pub(super) fn lines(count: usize, line: &str) -> String {
    spaced(count, 1, line)
}

/// The same with another distance in seconds.
pub(super) fn spaced(count: usize, seconds: usize, line: &str) -> String {
    let times = (0..count).map(|n| {
        let second = n * seconds;
        let time = format!(
            "2026-03-{:02}T{:02}:{:02}:{:02}",
            1 + (9 * 3600 + second) / 86_400,
            (9 + second / 3600) % 24,
            second / 60 % 60,
            second % 60
        );
        line.replace("{time}", &time).replace("{n}", &n.to_string()) + "\n"
    });
    times.collect()
}

fn told(facts: &[Facts]) -> Vec<Finding> {
    let nodes = facts.iter().flat_map(node);
    nodes.chain(site(facts)).collect()
}

#[test]
fn every_analyzer_has_what_trips_it_and_what_just_does_not() {
    let cases: Vec<Case> =
        [host::cases(), services::cases(), logs::cases(), runs::cases()].into_iter().flatten().collect();
    let tested: BTreeSet<&str> = cases.iter().map(|case| case.name).collect();
    let listed: BTreeSet<&str> = all().map(|analyzer| analyzer.name).collect();
    assert_eq!(tested, listed);
    let wrong: Vec<String> = cases.iter().filter_map(wrong).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What is wrong with an analyzer, if anything.
fn wrong(case: &Case) -> Option<String> {
    let name = case.name;
    let found = told(&case.trips);
    let Some(own) = found.iter().find(|finding| finding.analyzer == name) else {
        return Some(format!("{name} was not tripped: {found:?}"));
    };
    if own.severity != case.severity || own.evidence.is_empty() || own.title.chars().count() > 130 {
        return Some(format!("{name} is told wrongly: {own:?}"));
    }
    let spared = told(&case.spares);
    let own = spared.iter().find(|finding| finding.analyzer == name)?;
    Some(format!("{name} was tripped by what should not: {own:?}"))
}

#[test]
fn evidence_stands_in_the_bundle_and_not_in_a_component() {
    let cases = [host::cases(), services::cases(), logs::cases(), runs::cases()].into_iter().flatten();
    for facts in cases.flat_map(|case| case.trips) {
        let manifest = facts.manifest.as_ref();
        let stands = |name: &str| {
            let entry = manifest.is_some_and(|manifest| {
                manifest.entries.iter().any(|entry| entry.name.as_str() == name)
                    || manifest.run.known_secrets.iter().any(|place| place.from.as_str() == name)
            });
            entry || facts.entries.contains_key(name) || matches!(name, "the archive" | "glsos/manifest.json")
        };
        for finding in node(&facts) {
            let wrong = finding.evidence.iter().find(|evidence| !stands(&evidence.entry));
            assert!(wrong.is_none(), "{}: {wrong:?}", finding.analyzer);
        }
    }
}

#[test]
fn slow_routes_of_the_api_are_not_those_of_rails() {
    let line = |route: &str| {
        let line =
            format!(r#"{{"status":200,"time":"{{time}}Z","duration_s":9,"meta.caller_id":"{route}"}}"#);
        lines(1000, &line)
    };
    let (rails, api) =
        ("var/log/gitlab/gitlab-rails/production_json.log", "var/log/gitlab/gitlab-rails/api_json.log");
    let found = node(&facts(&[(rails, line("A#b")), (api, line("GET /api/:version/x"))]));
    let mut slow = found.iter().filter(|finding| finding.analyzer == "requests-slow");
    for (entry, route) in [(rails, "A#b: "), (api, "GET /api/:version/x: ")] {
        let [evidence] = &slow.next().unwrap().evidence[..] else { panic!("{found:?}") };
        assert!(evidence.entry == entry && evidence.text.starts_with(route), "{evidence:?}");
    }
}

#[test]
fn a_silence_between_two_files_of_a_log_names_the_log() {
    let line = r#"{"status":200,"time":"{time}Z","duration_s":0.1}"#;
    let all = spaced(720, 10, line);
    let (early, late) = all.split_at(all.len() / 2);
    let late = late.split_inclusive('\n').skip(90).collect();
    let name = "var/log/gitlab/gitlab-rails/production_json.log";
    let found = node(&facts(&[
        ("var/log/gitlab/gitlab-rails/production_json.log.1", early.to_owned()),
        (name, late),
    ]));
    let gap = found.iter().find(|finding| finding.analyzer == "log-gap").unwrap();
    assert!(gap.evidence[0].entry.starts_with(name), "{gap:?}");
}

#[test]
fn the_worst_comes_first() {
    let files = [services::down("nginx"), host::taint("4096")].concat();
    let found = node(&facts(&files));
    let severities: Vec<Severity> = found.iter().map(|finding| finding.severity).collect();
    assert_eq!(severities, [Severity::Critical, Severity::Notice]);
}

#[test]
fn a_host_that_is_well_has_no_findings() {
    let found = node(&facts(&[host::well(), services::well(), logs::well()].concat()));
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn names_are_unique_and_links_are_gitlabs() {
    let mut names = BTreeSet::new();
    for analyzer in all() {
        assert!(names.insert(analyzer.name), "{} twice", analyzer.name);
        assert!(analyzer.link.starts_with("https://docs.gitlab.com/") && analyzer.link.ends_with('/'));
        for text in [analyzer.about, analyzer.advice] {
            assert!(text.ends_with('.') && !text.contains('|'), "{}", analyzer.name);
        }
    }
}
