//! Which entry is what, by its name: the names of glsos's bundles, which are gitlabsos's where that has one,
//! and the files of a GitLab host at their paths.

/// What an entry is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    /// A log of lines.
    Log(Format, &'static str),
    /// A short text that is kept as it is.
    Doc,
}

/// How a log's lines are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// Rails' requests.
    Requests,
    /// Other servers' requests: a status and milliseconds.
    Served,
    /// Sidekiq's jobs.
    Jobs,
    /// Gitaly's and Praefect's calls.
    Calls,
    /// NGINX's access logs.
    Access,
    /// Anything else, JSON or text.
    Any,
    /// What other logs tell better: lines are counted, and that is all.
    Quiet,
}

/// Folders of GitLab's logs and what they are called in reports.
const FOLDERS: &[(&str, Format, &str)] = &[
    ("sidekiq", Format::Jobs, "sidekiq"),
    ("gitaly", Format::Calls, "gitaly"),
    ("praefect", Format::Calls, "praefect"),
    ("gitlab-workhorse", Format::Served, "workhorse"),
    ("gitlab-pages", Format::Served, "pages"),
    ("gitlab-shell", Format::Any, "shell"),
    ("gitlab-sshd", Format::Any, "shell"),
    ("gitlab-kas", Format::Any, "kas"),
    ("registry", Format::Served, "registry"),
    ("puma", Format::Any, "puma"),
    ("postgresql", Format::Any, "postgresql"),
    ("geo-postgresql", Format::Any, "geo-postgresql"),
    ("patroni", Format::Any, "patroni"),
    ("pgbouncer", Format::Any, "pgbouncer"),
    ("redis", Format::Any, "redis"),
    ("sentinel", Format::Any, "sentinel"),
    ("consul", Format::Any, "consul"),
    ("mailroom", Format::Any, "mailroom"),
    ("geo-logcursor", Format::Any, "geo-logcursor"),
    ("reconfigure", Format::Any, "reconfigure"),
    ("prometheus", Format::Any, "monitoring"),
    ("alertmanager", Format::Any, "monitoring"),
    ("grafana", Format::Any, "monitoring"),
    ("gitlab-exporter", Format::Any, "monitoring"),
    ("node-exporter", Format::Any, "monitoring"),
    ("redis-exporter", Format::Any, "monitoring"),
    ("postgres-exporter", Format::Any, "monitoring"),
    ("pgbouncer-exporter", Format::Any, "monitoring"),
];

/// Files of Rails, by the beginning of their names.
const RAILS: &[(&str, Format, &str)] = &[
    ("production_json", Format::Requests, "rails"),
    ("api_json", Format::Requests, "api"),
    ("exceptions_json", Format::Any, "exceptions"),
    ("application_json", Format::Any, "application"),
    ("sidekiq_client", Format::Any, "sidekiq-client"),
    ("production.", Format::Quiet, "rails-text"),
    ("graphql_json", Format::Any, "graphql"),
    ("gitlab-rails-db-migrate", Format::Any, "migrations"),
    ("sidekiq", Format::Jobs, "sidekiq"),
];

/// Logs of the system, by the end of their names.
const SYSTEM: &[&str] = &[
    "dmesg",
    "journal/kernel",
    "journal/system",
    "journal/warnings",
    "journal/gitlab",
    "journal/ssh",
    "journal/auth",
    "var/log/messages",
    "var/log/syslog",
    "var/log/kern.log",
    "var/log/cron",
    "var/log/cron.log",
    "var/log/secure",
    "var/log/auth.log",
];

/// Logs of package managers: short, and told of as a whole.
const PACKAGES: &[&str] = &["var/log/dpkg.log", "var/log/dnf.rpm.log", "var/log/yum.log"];

/// What the entry of this name, below the top folder, is.
pub(super) fn subject(name: &str) -> Subject {
    if SYSTEM.contains(&name) || SYSTEM.iter().any(|known| rotated(name, known)) {
        return Subject::Log(Format::Any, "system");
    }
    if PACKAGES.iter().any(|known| name == *known || rotated(name, known)) {
        return Subject::Doc;
    }
    let is_log = name.contains("var/log/") || name.contains("/log/") || name.contains("/logs/");
    if !is_log || name.ends_with("/config") || name.ends_with("/state") || name.ends_with("/lock") {
        return Subject::Doc;
    }
    let mut parts = name.rsplit('/');
    let (file, folder) = (parts.next().unwrap_or(""), parts.next().unwrap_or(""));
    if file.contains("access") && (folder == "nginx" || file.contains("gitlab")) {
        return Subject::Log(Format::Access, "nginx");
    }
    if folder == "nginx" {
        return Subject::Log(Format::Any, "nginx");
    }
    if file.contains("exporter") {
        return Subject::Log(Format::Quiet, "monitoring");
    }
    if let Some((_, format, component)) = FOLDERS.iter().find(|(known, ..)| *known == folder) {
        return Subject::Log(*format, component);
    }
    if folder == "gitlab-rails" || name.contains("gitlab/log/") {
        if let Some((_, format, component)) = RAILS.iter().find(|(known, ..)| file.starts_with(known)) {
            return Subject::Log(*format, component);
        }
        return Subject::Log(Format::Any, "rails-other");
    }
    Subject::Log(Format::Any, if name.starts_with("var/log/gitlab/") { "other" } else { "system" })
}

/// Whether it is an older file of this log.
fn rotated(name: &str, log: &str) -> bool {
    name.strip_prefix(log).is_some_and(|rest| {
        let rest = rest.trim_end_matches(".gz");
        rest.len() > 1 && rest.starts_with(['.', '-']) && rest[1..].bytes().all(|b| b.is_ascii_digit())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_are_known_by_their_folder_and_file() {
        for (name, expected) in [
            ("var/log/gitlab/gitlab-rails/production_json.log.1", Subject::Log(Format::Requests, "rails")),
            ("var/log/gitlab/gitlab-rails/production.log", Subject::Log(Format::Quiet, "rails-text")),
            ("var/log/gitlab/sidekiq/@4000000069a3818a00000000", Subject::Log(Format::Jobs, "sidekiq")),
            ("srv/logs/gitaly/current", Subject::Log(Format::Calls, "gitaly")),
            ("home/git/gitlab/log/sidekiq.log", Subject::Log(Format::Jobs, "sidekiq")),
            ("var/log/gitlab/nginx/gitlab_access.log", Subject::Log(Format::Access, "nginx")),
            ("var/log/gitlab/nginx/gitlab_error.log", Subject::Log(Format::Any, "nginx")),
            ("var/log/messages-20260301.gz", Subject::Log(Format::Any, "system")),
            ("dmesg", Subject::Log(Format::Any, "system")),
            ("var/log/gitlab/redis/config", Subject::Doc),
            ("df_hT", Subject::Doc),
            ("var/log/dpkg.log.1", Subject::Doc),
            ("postgresql/activity", Subject::Doc),
            ("etc/gitlab/gitlab.rb", Subject::Doc),
        ] {
            assert_eq!(subject(name), expected, "{name}");
        }
    }
}
