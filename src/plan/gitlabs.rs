//! Which sources may hold GitLab's secrets: these stay on the host while not all secrets are known.
//!
//! What is GitLab's own, of course; but GitLab's programs are also seen in the process table (a rake
//! task's connection string), in the journal and in the system's logs. What a site's own collectors
//! take is not known at all.

use crate::{
    catalog::{Collector, Origin, SourceKind},
    host::log_folders,
    probe,
};

/// Folders of GitLab's own, of what stands beside it, and of what other programs write for all to read.
const FOLDERS: &[&str] = &[
    "/etc/cron",
    "/etc/gitlab",
    "/etc/nginx",
    "/etc/systemd/system",
    "/home/git",
    "/opt/gitlab",
    "/run/log",
    "/srv/gitlab",
    "/var/log",
    "/var/opt/gitlab",
    "/var/spool/cron",
];

/// Programs that show what other programs say, or how they were started.
#[rustfmt::skip] // rows, not a column
const TELLING: &[&str] = &[
    "atop", "ausearch", "coredumpctl", "crictl", "crontab", "dmesg", "dnf", "docker", "env", "htop", "iotop",
    "journalctl", "kubectl", "loginctl", "lsof", "pidstat", "podman", "ps", "redis-cli", "systemctl", "top", "w", "yum",
];

/// Whether a source may hold GitLab's secrets.
pub(super) fn may_hold_secrets(collector: &Collector, kind: &SourceKind) -> bool {
    let below =
        |path: &str| path.starts_with(log_folders::NAME) || FOLDERS.iter().any(|own| path.starts_with(own));
    let own = collector.name == "gitlab" || collector.name.starts_with("gitlab-");
    let foreign = collector.origin != Origin::BuiltIn;
    own || foreign
        || match kind {
            SourceKind::Command { run, .. } => {
                let program = run.first().and_then(|program| program.rsplit('/').next()).unwrap_or_default();
                TELLING.contains(&program)
                    || run.iter().any(|argument| argument.starts_with("gitlab-") || below(argument))
            }
            SourceKind::File { path, .. } | SourceKind::Log { path, .. } => below(path),
            SourceKind::Http { .. } | SourceKind::Part { .. } => true,
            SourceKind::Probe { run } => probe::find(run).is_none_or(|probe| probe.shows_commands),
        }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{self, Words};

    fn sources() -> Vec<(String, bool)> {
        let catalog = catalog::built_in(&Words { probes: &probe::NAMES }).unwrap();
        let named = |collector: &Collector| {
            collector
                .sources
                .iter()
                .map(|source| {
                    let name = format!("{}/{}", collector.name, source.name);
                    (name, may_hold_secrets(collector, &source.kind))
                })
                .collect::<Vec<_>>()
        };
        catalog.collectors.iter().flat_map(named).collect()
    }

    /// Found: with unreadable secrets the journal, the process table and the system's logs went out.
    #[test]
    fn what_shows_other_programs_words_stays_while_secrets_are_unknown() {
        let sources = sources();
        let telling = [
            "journal/system",
            "journal/warnings",
            "processes/processes",
            "processes/ps",
            "kernel/dmesg",
            "system-logs/syslog",
        ];
        for name in telling {
            let found = sources.iter().find(|(source, _)| source == name);
            assert_eq!(found.map(|(_, stays)| *stays), Some(true), "{name}");
        }
    }

    /// Found: crontabs, dnf's command lines and Sentinel's answers went out while secrets were unknown.
    #[test]
    fn what_others_wrote_for_or_said_to_gitlab_stays_while_secrets_are_unknown() {
        let sources = sources();
        let own = [
            "backups",
            "consul",
            "cron",
            "metrics",
            "patroni",
            "pgbouncer",
            "prometheus",
            "rails",
            "redis",
            "runner",
            "sentinel",
            "sidekiq",
        ];
        for (name, stays) in sources.iter().filter(|(name, _)| own.contains(&name.split('/').next().unwrap()))
        {
            assert!(stays, "{name}");
        }
        assert_eq!(
            sources.iter().find(|(name, _)| name == "packages/history-dnf-gitlab").map(|(_, stays)| *stays),
            Some(true)
        );
    }

    #[test]
    fn what_only_the_kernel_tells_does_not() {
        let sources = sources();
        for name in ["memory/meminfo", "disks/df", "system/uname", "disks/disks", "samples/sample-cpu"] {
            let found = sources.iter().find(|(source, _)| source == name);
            assert_eq!(found.map(|(_, stays)| *stays), Some(false), "{name}");
        }
    }
}
