//! Two hosts that differ in one thing, or in none.

use super::*;
use crate::index::fixture::facts;

fn titles(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.title.as_str()).collect()
}

fn one(name: &str, text: impl Into<String>) -> Facts {
    facts(&[(name, text.into())])
}

fn disk(mount: &str, percent: u32) -> Facts {
    let head = "Filesystem Type Size Used Avail Use% Mounted on";
    one("df_hT", format!("{head}\n/dev/vda ext4 100G 92G {}G {percent}% {mount}\n", 100 - percent))
}

#[test]
fn small_differences_of_what_is_measured_are_none() {
    for (before, after, expected) in [
        (Value::Percent(27.0), Value::Percent(30.0), false),
        (Value::Percent(27.0), Value::Percent(33.0), true),
        (Value::Percent(0.4), Value::Percent(2.0), true),
        (Value::Seconds(0.2), Value::Seconds(0.25), false),
        (Value::Seconds(0.2), Value::Seconds(0.4), true),
        (Value::Seconds(0.001), Value::Seconds(0.004), false),
        (Value::Count(1024), Value::Count(1025), true),
        (Value::None, Value::Bytes(1), true),
        (Value::Bytes(1 << 30), Value::Bytes((1 << 30) + 1), false),
    ] {
        assert_eq!(differ(&before, &after), expected, "{before:?} {after:?}");
    }
}

#[test]
fn a_title_with_another_figure_is_the_same_trouble() {
    let oom = |times: usize| {
        let line = "Mar  1 09:01:00 gitlab kernel: Out of memory: Killed process 1302 (bundle)\n";
        one("var/log/kern.log", line.repeat(times))
    };
    for (before, after) in [(disk("/var", 92), disk("/var", 93)), (oom(2), oom(3))] {
        let (old, new) = (analyze::node(&before), analyze::node(&after));
        assert_ne!(titles(&old), titles(&new));
        let diff = diff(&before, &after);
        assert_eq!((diff.new_findings, diff.gone_findings), (vec![], vec![]));
    }
    let down = |service: &str| {
        one("gitlab_status", format!("down: {service}: 3s, normally up; run: log: (pid 11) 45700s\n"))
    };
    let diff = diff(&down("nginx"), &down("puma"));
    assert_eq!(titles(&diff.new_findings), ["puma is down"]);
    assert_eq!(titles(&diff.gone_findings), ["nginx is down"]);
}

#[test]
fn disks_and_queues_whose_names_differ_in_a_digit_are_not_one() {
    let queue = |name: &str| {
        one("sidekiq/queues", format!("processed  12\nqueue  {name}  length  7  oldest_waits_s  400\n"))
    };
    for (before, after) in [(disk("/data1", 92), disk("/data2", 92)), (queue("q.1"), queue("q.2"))] {
        let diff = diff(&before, &after);
        assert_eq!((diff.new_findings.len(), diff.gone_findings.len()), (1, 1));
    }
    let worse = diff(&disk("/var", 92), &disk("/var", 98));
    assert_eq!(worse.new_findings[0].severity, analyze::Severity::Critical);
}

#[test]
fn a_line_that_went_to_another_section_differs() {
    let name = "var/opt/gitlab/gitaly/config.toml";
    let diff = diff(&one(name, "[a]\nx = 1\n[b]\ny = 2\n"), &one(name, "[a]\n[b]\nx = 1\ny = 2\n"));
    let [lines] = &diff.configuration[..] else { panic!("{diff:?}") };
    assert_eq!(
        (&lines.removed[..], &lines.added[..]),
        (&["[a] x = 1".to_owned()][..], &["[b] x = 1".to_owned()][..])
    );
}

#[test]
fn a_line_that_is_there_more_often_differs() {
    let name = "etc/x.conf";
    let diff = diff(&one(name, "allow a\n"), &one(name, "allow a\nallow a\n"));
    assert_eq!(diff.configuration[0].added, ["allow a"]);
    assert!(diff.configuration[0].removed.is_empty());
}

#[test]
fn lines_beyond_those_told_are_counted() {
    let name = "etc/x.conf";
    let many: String = (0..100).map(|n| format!("line {n}\n")).collect();
    let diff = diff(&one(name, many), &one(name, ""));
    let [lines] = &diff.configuration[..] else { panic!("{diff:?}") };
    assert_eq!((lines.removed.len() as u64 + lines.more_removed, lines.more_added), (100, 0));
    assert!(lines.more_removed > 0);
}

fn with_outcome(name: &str, text: Option<&str>, outcome: &str) -> Facts {
    let files: Vec<(&str, String)> = text
        .map(|text| (name, text.to_owned()))
        .into_iter()
        .chain([("hostname", "h\n".to_owned())])
        .collect();
    let mut facts = facts(&files);
    let manifest = serde_json::json!({"format": "glsos-bundle/1", "root": "x", "run": {
        "glsos": "0.1.0", "target": "x", "host": "gitlab", "kind": "live", "profile": "default",
        "started": "2026-03-01T09:00:00Z", "seconds": 12.0,
    }, "entries": [{
        "name": name, "collector": "c", "source": "s", "kind": "file", "asked": "nothing", "outcome": outcome,
        "reason": "a reason", "present": text.is_some(),
    }]});
    facts.manifest = Some(serde_json::from_value(manifest).unwrap());
    facts
}

#[test]
fn what_is_not_whole_on_both_sides_is_named_and_not_compared() {
    let name = "etc/gitlab/gitlab.rb";
    let whole = with_outcome(name, Some("a = 1\nb = 2\n"), "complete");
    for other in [with_outcome(name, Some("a = 1\n"), "truncated"), with_outcome(name, None, "denied")] {
        for diff in [diff(&whole, &other), diff(&other, &whole)] {
            assert_eq!((diff.configuration, diff.not_compared), (vec![], vec![name.to_owned()]));
        }
    }
    let diff = diff(&whole, &with_outcome("etc/other", None, "denied"));
    assert_eq!((diff.configuration[0].removed.len(), diff.not_compared.len()), (2, 0));
}
