//! Sidekiq: jobs that wait, fail, or take its memory.

use super::{
    Analyzer, Look, Severity,
    found::{Found, examples, percent, shown, when, within},
};
use crate::index::Facts;

const LINK: &str = "https://docs.gitlab.com/administration/sidekiq/sidekiq_troubleshooting/";
/// Jobs below which no rate is told.
const FEW: u64 = 100;

pub(super) const ANALYZERS: &[Analyzer] = &[
    Analyzer {
        name: "sidekiq-waiting",
        about: "One in twenty of at least 100 jobs waited a minute before it began (critical: ten), or the oldest job of a queue waits for 5 minutes.",
        advice: "See which workers take the time; more Sidekiq processes help only where processors, database and Gitaly have room.",
        link: "https://docs.gitlab.com/administration/sidekiq/extra_sidekiq_processes/",
        look: Look::Node(waiting),
    },
    Analyzer {
        name: "sidekiq-failing",
        about: "At least 5 % of 100 jobs or more fail; critical from 25 %. A worker of which half of 20 jobs or more fail is a notice.",
        advice: "The errors by kind tell why; jobs are tried again, so that one cause fails many times.",
        link: LINK,
        look: Look::Node(failing),
    },
    Analyzer {
        name: "sidekiq-killed",
        about: "Sidekiq was ended at least 3 times because it used too much memory.",
        advice: "Look at running_jobs in these lines: often one kind of job; raise the limit only if memory is left.",
        link: "https://docs.gitlab.com/administration/sidekiq/sidekiq_memory_killer/",
        look: Look::Node(killed),
    },
];

fn waiting(facts: &Facts, found: &mut Found) {
    if let Some(sidekiq) = facts.logs.traffic.get("sidekiq")
        && sidekiq.waited.count() >= FEW
        && let Some(wait) = sidekiq.waited.percentile(0.95).filter(|wait| *wait >= 60.0)
    {
        let severity = if wait >= 600.0 { Severity::Critical } else { Severity::Warning };
        let title =
            format!("One in twenty of Sidekiq's jobs waited {wait:.0} s or more{}", when(sidekiq.times));
        let slow = facts.logs.workers.sorted();
        let evidence = slow.iter().filter_map(|(worker, tally)| {
            let text = format!("{worker}: {} jobs took {:.0} s together", tally.count, tally.took.total());
            within(sidekiq, text)
        });
        found.add(severity, title, evidence);
    }
    let Some(doc) = facts.docs.get("sidekiq/queues") else { return };
    for (number, line) in doc.lines() {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let ["queue", name, "length", length, "oldest_waits_s", age, ..] = words[..] else { continue };
        if age.parse::<f64>().is_ok_and(|age| age >= 300.0) {
            let title = format!("{length} jobs wait in queue {name}, the oldest for {age} s");
            found.about(format!("queue {name}"), Severity::Warning, title, [shown(&doc.place(number, line))]);
        }
    }
}

fn failing(facts: &Facts, found: &mut Found) {
    let Some(sidekiq) = facts.logs.traffic.get("sidekiq") else { return };
    let share = sidekiq.failed_percent().unwrap_or(0.0);
    if sidekiq.requests >= FEW && share >= 5.0 {
        let severity = if share >= 25.0 { Severity::Critical } else { Severity::Warning };
        let failed = sidekiq.failed.count;
        let title = format!("{} of Sidekiq's jobs fail: {failed} of {}", percent(share), sidekiq.requests);
        found.add(severity, title, examples(&sidekiq.failed));
    }
    for (worker, tally) in facts.logs.workers.sorted() {
        if tally.count >= 20 && tally.failed * 2 >= tally.count {
            let title = format!("{worker} fails: {} of {} jobs", tally.failed, tally.count);
            let line = sidekiq.failed.examples.iter().find(|place| place.text.contains(worker));
            found.about(worker, Severity::Notice, title, line.map(shown));
        }
    }
}

fn killed(facts: &Facts, found: &mut Found) {
    found.told(
        Severity::Warning,
        "Sidekiq was ended for its memory",
        facts.logs.signal("sidekiq-killed").filter(|signal| signal.count >= 3),
    );
}
