//! Migrations of the database, and the last reconfigure.

use super::{
    Analyzer, Look, Severity,
    found::{Found, examples, shown, times, when},
};
use crate::index::{Facts, host::rows};

pub(super) const ANALYZERS: &[Analyzer] = &[
    Analyzer {
        name: "migrations-down",
        about: "Migrations of the database have not run.",
        advice: "Run `gitlab-rake db:migrate`; errors 500 after an upgrade often come from here.",
        link: "https://docs.gitlab.com/administration/raketasks/maintenance/",
        look: Look::Node(down),
    },
    Analyzer {
        name: "background-migrations-failed",
        about: "A batched background migration has failed; the next upgrade will refuse to go on.",
        advice: "Retry it under Admin > Monitoring > Background migrations; its jobs' errors are in the bundle.",
        link: "https://docs.gitlab.com/update/background_migrations/",
        look: Look::Node(background),
    },
    Analyzer {
        name: "reconfigure-failed",
        about: "A `gitlab-ctl reconfigure` failed within the logs' window.",
        advice: "Its log names the recipe and the error; until it succeeds the configuration is half applied.",
        link: "https://docs.gitlab.com/omnibus/troubleshooting/",
        look: Look::Node(reconfigure),
    },
];

fn down(facts: &Facts, found: &mut Found) {
    let Some(doc) = facts.docs.get("gitlab_migrations") else { return };
    let missing: Vec<_> = doc.lines().filter(|(_, line)| is_down(line)).collect();
    if !missing.is_empty() {
        let number = missing.len();
        let title = if number == 1 {
            "1 migration has not run".to_owned()
        } else {
            format!("{number} migrations have not run")
        };
        found.add(
            Severity::Critical,
            title,
            missing.iter().map(|(line, text)| shown(&doc.place(*line, text.trim()))),
        );
    }
}

/// `  down    20240301120000  Add something`.
fn is_down(line: &str) -> bool {
    let mut words = line.split_ascii_whitespace();
    words.next() == Some("down")
        && words.next().is_some_and(|id| id.len() >= 10 && id.bytes().all(|b| b.is_ascii_digit()))
}

fn background(facts: &Facts, found: &mut Found) {
    let (mut failed, mut names) = (Vec::new(), Vec::new());
    rows(&facts.docs, "postgresql/background-migrations", "job_class_name", |row| {
        if row.text("state") == Some("failed") {
            failed.push(shown(&row.place()));
            names.push(row.text("job_class_name").unwrap_or_default().to_owned());
        }
    });
    if !failed.is_empty() {
        let title = format!("Background migrations have failed: {}", failed.len());
        found.about(names.join(" "), Severity::Warning, title, failed);
    }
}

fn reconfigure(facts: &Facts, found: &mut Found) {
    if let Some(signal) = facts.logs.signal("reconfigure") {
        let title =
            format!("gitlab-ctl reconfigure failed ({} told{})", times(signal.count), when(signal.times));
        found.add(Severity::Critical, title, examples(signal));
    }
}
