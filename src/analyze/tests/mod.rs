//! Every analyzer against a bundle that trips it and one that just does not, and a host that is well.
#![allow(clippy::disallowed_methods)] // tests make files of their own

mod host;
mod logs;
mod runs;
mod services;

use std::{collections::BTreeSet, fs::File, io::Write as _, os::fd::OwnedFd, path::Path};

use nix::sys::memfd::{MFdFlags, memfd_create};

use super::*;
use crate::index::index_file;

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

/// The facts of an archive of these files.
pub(super) fn facts(files: &[(&'static str, String)]) -> Facts {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, text) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(text.len() as u64);
        header.set_mode(0o600);
        header.set_mtime(1_772_366_400);
        builder.append_data(&mut header, format!("gitlabsos.x/{name}"), text.as_bytes()).unwrap();
    }
    let file: OwnedFd = memfd_create("bundle", MFdFlags::empty()).unwrap();
    let mut file = File::from(file);
    file.write_all(&builder.into_inner().unwrap()).unwrap();
    index_file(file, Path::new("x.tar")).unwrap()
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
