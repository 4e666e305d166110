//! What was typed, and what is meant by it.

use super::*;
use crate::{
    outcome::Outcome,
    read::{
        contents::{Archived, Recorded},
        inflated::Budget,
        top::Top,
    },
};

const NAMES: &[&str] = &[
    "df_hT",
    "var/log/gitlab/sidekiq/current",
    "var/log/gitlab/puma/current",
    "var/log/gitlab/gitlab-rails/production_json.log",
    "var/log/gitlab/gitlab-rails/production.log",
    "etc/gitlab/gitlab.rb",
    "redis/info",
];

fn contents() -> Contents {
    let listed = NAMES.iter().map(|name| {
        let source = match *name {
            "df_hT" => "disks/df".to_owned(),
            "etc/gitlab/gitlab.rb" => "gitlab/rb".to_owned(),
            name if name.starts_with("var/log") => "gitlab/logs".to_owned(),
            name => name.to_owned(),
        };
        let recorded = Recorded {
            outcome: Outcome::Complete,
            reason: String::new(),
            source,
            path: name.starts_with("etc").then(|| "/etc/gitlab/gitlab.rb".to_owned()),
            redactions: Default::default(),
        };
        Listed { name: (*name).to_owned(), present: true, recorded: Some(recorded), ..Listed::default() }
    });
    let (pipe, _) = nix::unistd::pipe().unwrap();
    Contents {
        kind: Archived::Other(pipe.into()),
        listed: listed.collect(),
        top: Top::ours("glsos.h.2026"),
        trouble: None,
        budget: Budget::of(0),
    }
}

fn these(typed: &str) -> Vec<&'static str> {
    match find(&contents(), typed) {
        Found::These(these) => these.into_iter().map(|number| NAMES[number]).collect(),
        other => panic!("{typed}: {other:?}"),
    }
}

#[test]
fn an_entry_is_found_by_all_its_names() {
    for typed in [
        "etc/gitlab/gitlab.rb",
        "/etc/gitlab/gitlab.rb",
        "./etc/gitlab/gitlab.rb",
        "glsos.h.2026/etc/gitlab/gitlab.rb",
        "gitlab/gitlab.rb",
        "gitlab.rb",
        ".rb",
        "gitlab/rb",
        "…/gitlab.rb",
    ] {
        assert_eq!(these(typed), ["etc/gitlab/gitlab.rb"], "{typed}");
    }
    assert_eq!(these("df_hT"), ["df_hT"]);
    assert_eq!(these("disks/df"), ["df_hT"]);
    assert_eq!(these("sidekiq/current"), ["var/log/gitlab/sidekiq/current"]);
}

#[test]
fn a_pattern_or_a_source_may_stand_for_several() {
    assert_eq!(these("var/log/**/current").len(), 2);
    assert_eq!(these("current*").len(), 2);
    assert_eq!(these("{df_hT,info}"), ["df_hT", "redis/info"]);
    assert_eq!(these("gitlab/logs").len(), 4);
}

#[test]
fn a_folder_is_found_as_one() {
    for typed in
        ["var/log/gitlab/gitlab-rails", "var/log/gitlab/gitlab-rails/", "/var/log/gitlab/gitlab-rails"]
    {
        assert_eq!(find(&contents(), typed), Found::Folder(BTreeSet::from([3, 4])), "{typed}");
    }
}

#[test]
fn an_end_that_several_names_have_is_none() {
    assert_eq!(find(&contents(), "current"), Found::Several(vec![NAMES[1].to_owned(), NAMES[2].to_owned()]));
}

#[test]
fn near_names_are_told() {
    let near = |typed: &str| match find(&contents(), typed) {
        Found::None(near) => near,
        other => panic!("{typed}: {other:?}"),
    };
    assert_eq!(near("df_ht"), ["df_hT"]);
    assert_eq!(near("production"), [NAMES[4], NAMES[3]]);
    assert_eq!(near("gitlab.br"), ["etc/gitlab/gitlab.rb"]);
    assert_eq!(near("zzzzzz"), [""; 0]);
    assert_eq!(near("a/"), [""; 0]);
    assert_eq!(near(""), [""; 0]);
    assert_eq!(near(&"x".repeat(5000)), [""; 0]);
}
