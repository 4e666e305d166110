//! The kernel: taint, hung tasks, crashes, SELinux.

use super::{
    Analyzer, Look, Severity,
    found::{Found, examples, shown, times},
};
use crate::index::Facts;

const CHEAT_SHEET: &str = "https://docs.gitlab.com/administration/troubleshooting/linux_cheat_sheet/";

/// Bits that tell of damage (Documentation/admin-guide/tainted-kernels.rst of Linux 6.12).
const DAMAGE: &[(u64, &str)] = &[
    (1 << 4, "a processor reported an error of the machine"),
    (1 << 5, "a page of memory was bad"),
    (1 << 7, "the kernel died before (oops)"),
    (1 << 9, "the kernel warned"),
    (1 << 14, "a processor was stuck"),
];
/// Bits that tell of modules that are not the kernel's own.
const FOREIGN: &[(u64, &str)] = &[
    (1, "a proprietary module"),
    (1 << 1, "a module was loaded by force"),
    (1 << 3, "a module was unloaded by force"),
    (1 << 12, "a module from outside of the kernel"),
    (1 << 13, "a module without a signature"),
];

pub(super) const ANALYZERS: &[Analyzer] = &[
    Analyzer {
        name: "kernel-taint",
        about: "The kernel is tainted: by damage it is a warning, by foreign modules a notice.",
        advice: "Damage: look at dmesg for its cause. Modules: security agents and drivers may slow down or break what GitLab does.",
        link: CHEAT_SHEET,
        look: Look::Node(taint),
    },
    Analyzer {
        name: "hung-task",
        about: "The kernel reports tasks that were blocked for two minutes.",
        advice: "They wait for a disk or a mount that does not answer; the line names the task.",
        link: CHEAT_SHEET,
        look: Look::Node(hung),
    },
    Analyzer {
        name: "segfault",
        about: "Programs crashed.",
        advice: "The line names the program and the library; look for damaged packages and memory.",
        link: CHEAT_SHEET,
        look: Look::Node(segfault),
    },
    Analyzer {
        name: "selinux",
        about: "SELinux denied something to GitLab.",
        advice: "The line tells what was denied to whom; GitLab's package brings its own policy modules.",
        link: "https://docs.gitlab.com/omnibus/troubleshooting/",
        look: Look::Node(selinux),
    },
];

fn taint(facts: &Facts, found: &mut Found) {
    let Some((bits, place)) = &facts.host.system.taint else { return };
    let words = |table: &[(u64, &'static str)]| {
        let set = table.iter().filter(|(bit, _)| bits & bit != 0).map(|(_, word)| *word);
        set.collect::<Vec<_>>().join(", ")
    };
    for (severity, words) in [(Severity::Warning, words(DAMAGE)), (Severity::Notice, words(FOREIGN))] {
        if !words.is_empty() {
            let title = format!("The kernel is tainted: {words}");
            found.about(words, severity, title, [shown(place)]);
        }
    }
}

fn hung(facts: &Facts, found: &mut Found) {
    found.told(Severity::Warning, "Tasks hung in the kernel,", facts.logs.signal("hung-task"));
}

fn segfault(facts: &Facts, found: &mut Found) {
    found.told(Severity::Warning, "Programs crashed,", facts.logs.signal("segfault"));
}

fn selinux(facts: &Facts, found: &mut Found) {
    let denials = &facts.host.system.denials;
    if denials.count > 0 {
        let effect = if facts.host.system.enforcing == Some(true) { "denied" } else { "would deny" };
        let title = format!("SELinux {effect} something to GitLab, {}", times(denials.count));
        let severity = if effect == "denied" { Severity::Warning } else { Severity::Notice };
        found.add(severity, title, examples(denials));
    }
}
