//! Memory: killed processes, too little of it, swapping, and pressure.

use super::{
    Analyzer, Look, Severity,
    found::{Found, entry, examples, percent, shown, times, when},
};
use crate::index::Facts;

const REQUIREMENTS: &str = "https://docs.gitlab.com/install/requirements/";

pub(super) const ANALYZERS: &[Analyzer] = &[
    Analyzer {
        name: "oom",
        about: "The kernel ended a process for want of memory.",
        advice: "Give the host or the container more memory, or run fewer Puma workers and Sidekiq processes.",
        link: REQUIREMENTS,
        look: Look::Node(oom),
    },
    Analyzer {
        name: "memory-low",
        about: "Less than 10 % of memory is available; critical below 4 %.",
        advice: "See who has it under processes; Puma and Sidekiq have limits of their own.",
        link: "https://docs.gitlab.com/omnibus/settings/memory_constrained_envs/",
        look: Look::Node(low),
    },
    Analyzer {
        name: "swap-full",
        about: "At least 80 % of swap is used.",
        advice: "What stands in swap is slow to come back: give the host more memory.",
        link: REQUIREMENTS,
        look: Look::Node(swap),
    },
    Analyzer {
        name: "swapping",
        about: "On average at least 1 MiB/s came back from swap while the host was sampled.",
        advice: "The host works on its swap: it has less memory than its programs use at the same time.",
        link: REQUIREMENTS,
        look: Look::Node(swapping),
    },
    Analyzer {
        name: "pressure",
        about: "Within five minutes all tasks waited at least 5 % of the time for memory or 20 % for disks, or some waited 60 % for processors; critical from 20 % for memory and 50 % for disks.",
        advice: "The host lacks the resource that is named; the samples and the list of processes tell who uses it.",
        link: "https://docs.gitlab.com/administration/reference_architectures/",
        look: Look::Node(pressure),
    },
];

fn oom(facts: &Facts, found: &mut Found) {
    if let Some(signal) = facts.logs.signal("oom") {
        // The same kill stands in dmesg, the journal and syslog.
        let title = format!(
            "The kernel ended processes for want of memory ({} told{})",
            times(signal.count),
            when(signal.times)
        );
        found.add(Severity::Critical, title, examples(signal));
    } else if let Some((kills, place)) =
        facts.host.system.group_kills.as_ref().filter(|(kills, _)| *kills > 0)
    {
        let title = format!("The control group's limit of memory ended processes {}", times(*kills));
        found.about("control group", Severity::Critical, title, [shown(place)]);
    }
}

fn low(facts: &Facts, found: &mut Found) {
    let memory = &facts.host.memory;
    let (Some(total), Some(available)) = (memory.total, memory.available) else { return };
    let share = 100.0 * available as f64 / total.max(1) as f64;
    if share < 10.0 {
        let severity = if share < 4.0 { Severity::Critical } else { Severity::Warning };
        let title = format!("Only {} of memory is available", percent(share));
        found.add(severity, title, memory.place.iter().map(shown));
    }
}

fn swap(facts: &Facts, found: &mut Found) {
    let memory = &facts.host.memory;
    let (Some(swap @ 1..), Some(free)) = (memory.swap, memory.swap_free) else { return };
    let share = 100.0 * swap.saturating_sub(free) as f64 / swap as f64;
    if share >= 80.0 {
        let title = format!("{} of swap is used", percent(share));
        found.add(Severity::Warning, title, memory.swap_place.iter().map(shown));
    }
}

fn swapping(facts: &Facts, found: &mut Found) {
    let samples = &facts.host.samples;
    let told = [(&samples.memory, "samples/sample-memory"), (&samples.vmstat, "vmstat")];
    // KiB a second in both.
    let mean = told.iter().find_map(|(sample, name)| Some((sample.as_ref()?.mean("", "si")?, *name)));
    if let Some((rate, name)) = mean.filter(|(rate, _)| *rate >= 1024.0) {
        let title = format!("The host swaps in {:.1} MiB/s", rate / 1024.0);
        found.add(Severity::Warning, title, [entry(name, "the column si, on average")]);
    }
}

fn pressure(facts: &Facts, found: &mut Found) {
    for (resource, full, warning, critical) in
        [("memory", true, 5.0, 20.0), ("io", true, 20.0, 50.0), ("cpu", false, 60.0, f64::INFINITY)]
    {
        let told = facts.host.pressure.iter().find(|told| told.resource == resource && told.full == full);
        let Some(told) = told.filter(|told| told.shares[2] >= warning) else { continue };
        let severity = if told.shares[2] >= critical { Severity::Critical } else { Severity::Warning };
        let what = match resource {
            "io" => "disks",
            "cpu" => "processors",
            other => other,
        };
        let who = if full { "All tasks" } else { "Some tasks" };
        let title = format!("{who} waited {} of the last five minutes for {what}", percent(told.shares[2]));
        found.about(resource, severity, title, [shown(&told.place)]);
    }
}
