//! The clock.

use super::{
    Analyzer, Look, Severity,
    finding::Evidence,
    found::{Found, shown},
};
use crate::index::Facts;

const LINK: &str = "https://docs.gitlab.com/administration/gitaly/troubleshooting/";
/// Seconds.
const OFF: f64 = 1.0;
const FAR_OFF: f64 = 60.0;
/// Microseconds by which a line may be younger than the run's begin: collecting takes minutes.
const AHEAD: i64 = 3_600_000_000;

pub(super) const ANALYZERS: &[Analyzer] = &[
    Analyzer {
        name: "clock-unsynchronized",
        about: "Nothing keeps the clock right.",
        advice: "Run chrony or systemd-timesyncd: tokens between Gitaly and its clients are refused when clocks differ, and so are one-time passwords.",
        link: LINK,
        look: Look::Node(unsynchronized),
    },
    Analyzer {
        name: "clock-off",
        about: "The clock is off by a second; critical from a minute.",
        advice: "Let chrony correct it; Gitaly refuses clients whose clock differs by a minute.",
        link: LINK,
        look: Look::Node(off),
    },
    Analyzer {
        name: "clock-jumped",
        about: "Lines of a log are from the future: an hour after the bundle was begun.",
        advice: "The clock was set back, or the host's zone is not what the log's lines are in.",
        link: LINK,
        look: Look::Node(jumped),
    },
];

fn unsynchronized(facts: &Facts, found: &mut Found) {
    if let Some((false, place)) = &facts.host.system.synchronized {
        found.add(Severity::Warning, "The clock is not synchronized", [shown(place)]);
    }
}

fn off(facts: &Facts, found: &mut Found) {
    let Some((off, place)) = &facts.host.system.clock_off else { return };
    if off.abs() >= OFF {
        let severity = if off.abs() >= FAR_OFF { Severity::Critical } else { Severity::Warning };
        let way = if *off < 0.0 { "slow" } else { "fast" };
        found.add(severity, format!("The clock is {:.1} s {way}", off.abs()), [shown(place)]);
    }
}

fn jumped(facts: &Facts, found: &mut Found) {
    let Some(manifest) = facts.manifest.as_ref().filter(|manifest| manifest.run.kind.as_str() == "live")
    else {
        return;
    };
    let started = manifest.run.started.as_microsecond();
    for (component, traffic) in &facts.logs.traffic {
        let ahead = traffic.times.map_or(0, |(_, last)| last.saturating_sub(started));
        if ahead >= AHEAD {
            let title = format!("Lines of {component} are {} minutes from the future", ahead / 60_000_000);
            let newest = traffic.newest.as_ref().map(|(name, line)| Evidence {
                entry: name.to_string(),
                line: Some(*line),
                text: "its newest line".to_owned(),
            });
            found.about(*component, Severity::Warning, title, newest);
        }
    }
}
