//! What only the manifest of glsos knows.

use serde_json::{Value, json};

use super::{Case, facts, lines};
use crate::{
    analyze::Severity::{Critical, Notice, Warning},
    index::Facts,
};

fn run(run: Value, entries: Value) -> Vec<Facts> {
    let mut whole = json!({
        "glsos": "0.1.0", "target": "x", "host": "gitlab", "kind": "live", "profile": "default",
        "started": "2026-03-01T09:00:00Z", "seconds": 12.0,
    });
    for (name, value) in run.as_object().unwrap() {
        whole[name] = value.clone();
    }
    let manifest = json!({"format": "glsos-bundle/1", "root": "x", "run": whole, "entries": entries});
    let line = r#"{"status":200,"time":"{time}Z"}"#;
    let mut facts = facts(&[("var/log/gitlab/gitlab-rails/production_json.log", lines(2, line))]);
    facts.manifest = Some(serde_json::from_value(manifest).unwrap());
    vec![facts]
}

fn entry(outcome: &str, more: Value) -> Value {
    let mut entry = json!({
        "name": "workhorse/readiness", "collector": "workhorse", "source": "readiness", "kind": "http",
        "asked": "nothing", "outcome": outcome, "reason": "a reason", "present": false,
    });
    for (name, value) in more.as_object().unwrap() {
        entry[name] = value.clone();
    }
    json!([entry])
}

fn outcome(name: &'static str, severity: crate::analyze::Severity, outcome: &str) -> Case {
    let trips = run(json!({}), entry(outcome, json!({})));
    Case { name, severity, trips, spares: run(json!({}), entry("skipped", json!({}))) }
}

fn damaged(trouble: bool) -> Vec<Facts> {
    let mut all = run(json!({}), json!([]));
    all[0].troubled = u64::from(trouble);
    all[0].troubles.extend(trouble.then(|| (None, "it ends too early".to_owned())));
    all
}

pub(super) fn cases() -> Vec<Case> {
    let run_only = |value: Value| run(value, json!([]));
    let entry_only = |outcome: &str, more: Value| run(json!({}), entry(outcome, more));
    let learnt =
        |trouble: Value| json!({"known_secrets": [{"from": "/etc/x", "values": 1, "trouble": trouble}]});
    let cut = |bytes: u64| json!({"window": {"bytes_before": bytes}});
    vec![
        Case { name: "bundle-damaged", severity: Warning, trips: damaged(true), spares: damaged(false) },
        Case {
            name: "collection-stopped",
            severity: Warning,
            trips: run_only(json!({"stopped_by": "timeout"})),
            spares: run_only(json!({})),
        },
        outcome("collection-withheld", Warning, "withheld"),
        Case {
            name: "collection-withheld",
            severity: Warning,
            trips: run_only(learnt(json!("permission denied"))),
            spares: run_only(learnt(Value::Null)),
        },
        outcome("collection-denied", Warning, "denied"),
        outcome("collection-failed", Warning, "timed-out"),
        Case {
            name: "collection-failed",
            severity: Notice,
            trips: entry_only("failed", json!({})),
            spares: entry_only("failed", json!({"collector": "time"})),
        },
        Case {
            name: "logs-truncated",
            severity: Notice,
            trips: entry_only("truncated", cut(1)),
            spares: entry_only("truncated", cut(0)),
        },
        Case {
            name: "health-silent",
            severity: Critical,
            trips: entry_only("complete", json!({"status": 502})),
            spares: entry_only("complete", json!({"status": 200})),
        },
        Case {
            name: "clock-jumped",
            severity: Warning,
            trips: run_only(json!({"started": "2026-03-01T08:00:00Z"})),
            spares: run_only(json!({"started": "2026-03-01T08:00:02Z"})),
        },
    ]
}
