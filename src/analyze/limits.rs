//! Limits of processes.

use super::{
    Analyzer, Look, Severity,
    found::{Found, percent, shown},
};
use crate::index::Facts;

const LINK: &str = "https://docs.gitlab.com/administration/troubleshooting/linux_cheat_sheet/";

pub(super) const ANALYZERS: &[Analyzer] = &[
    Analyzer {
        name: "open-files",
        about: "A program was refused a file because it had too many open, or a process of GitLab uses 80 % of what it may open; critical where one was refused.",
        advice: "Raise the limit of the service (`LimitNOFILE`, fs.file-max), and look for what keeps files open.",
        link: LINK,
        look: Look::Node(open_files),
    },
    Analyzer {
        name: "processes",
        about: "A program was refused a process or a thread.",
        advice: "Raise `nproc` of the user, `pids.max` of the container or kernel.pid_max, and look for who has so many.",
        link: LINK,
        look: Look::Node(processes),
    },
];

fn open_files(facts: &Facts, found: &mut Found) {
    found.told(Severity::Critical, "Too many open files,", facts.logs.signal("open-files"));
    for limit in &facts.host.limits {
        if let Some(used) = limit.used.filter(|used| *used >= 80.0) {
            let command = limit.command.split(' ').next().unwrap_or("");
            let title = format!("{command} ({}) has {} of its files open", limit.pid, percent(used));
            found.about(command, Severity::Warning, title, [shown(&limit.place)]);
        }
    }
}

fn processes(facts: &Facts, found: &mut Found) {
    found.told(Severity::Critical, "No more processes or threads,", facts.logs.signal("processes"));
}
