//! Where a GitLab host keeps secrets: one row a place, with the format that its files have.
//!
//! The list for `learn`, and for whoever documents it. A `*` stands for any part of one name.

use std::path::Path;

/// How a file is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// JSON in which every string is a secret, whatever it is called.
    Secrets,
    /// JSON.
    Json,
    /// Ruby.
    Ruby,
    /// YAML.
    Yaml,
    /// TOML.
    Toml,
    /// One setting a line: INI, redis.conf, units, environment files, cron.
    Lines,
    /// The whole file is one value, called as the file; secret if that name is (env directories).
    Named,
    /// The whole file is one secret, whatever it is called.
    Value,
    /// A private key, if there is one in it.
    Key,
    /// `host:port:database:user:password` lines.
    PgPass,
    /// `machine x login y password z`.
    Netrc,
    /// `user:hash` lines, or `"user" "hash"`.
    Hashes,
    /// As the file's name and content tell.
    Guess,
}

/// A place: a path with `*`, its format, what its secrets are called if their keys don't say.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Absolute; `*` stands for any part of one name.
    pub pattern: &'static str,
    /// How its files are read.
    pub format: Format,
    /// The first part of a marker's name, such as `db`, or nothing.
    pub label: &'static str,
    /// Whether it is GitLab's own. One that can't be read then says that not all secrets are known.
    pub gitlabs: bool,
}

const fn own(pattern: &'static str, format: Format, label: &'static str) -> Place {
    Place { pattern, format, label, gitlabs: true }
}

const fn beside(pattern: &'static str, format: Format, label: &'static str) -> Place {
    Place { pattern, format, label, gitlabs: false }
}

/// Every place, in the order in which they are read: the first that knows a value names it.
#[rustfmt::skip] // a table
pub const PLACES: &[Place] = &[
    own("/etc/gitlab/gitlab.rb", Format::Ruby, ""),
    own("/etc/gitlab/gitlab-secrets.json", Format::Secrets, ""),
    own("/etc/gitlab/*.rb", Format::Ruby, ""),
    own("/etc/gitlab/*/*.rb", Format::Ruby, ""),
    own("/etc/gitlab/gitlab.rb.*", Format::Ruby, ""),
    own("/etc/gitlab/gitlab-secrets.json.*", Format::Secrets, ""),
    own("/etc/gitlab/initial_root_password", Format::Lines, "root"),
    own("/etc/gitlab/ssl/*", Format::Key, ""),
    own("/etc/gitlab/ssh_host_*_key", Format::Key, ""),
    own("/etc/gitlab/ssh_keys/*", Format::Key, ""),
    own("/etc/gitlab/skip-*", Format::Key, ""),

    // Rendered, Linux package
    own("/var/opt/gitlab/gitlab-rails/etc/database.yml", Format::Yaml, "db"),
    own("/var/opt/gitlab/gitlab-rails/etc/redis*.yml", Format::Yaml, "redis"),
    own("/var/opt/gitlab/gitlab-rails/etc/resque.yml", Format::Yaml, "redis"),
    own("/var/opt/gitlab/gitlab-rails/etc/cable.yml", Format::Yaml, "redis"),
    own("/var/opt/gitlab/gitlab-rails/etc/click_house.yml", Format::Yaml, "clickhouse"),
    own("/var/opt/gitlab/gitlab-rails/etc/smtp_settings.rb", Format::Ruby, "smtp"),
    own("/var/opt/gitlab/gitlab-rails/etc/*", Format::Guess, ""),
    own("/var/opt/gitlab/gitlab-rails/*", Format::Guess, ""),
    own("/var/opt/gitlab/gitaly/*", Format::Guess, "gitaly"),
    own("/var/opt/gitlab/praefect/*", Format::Guess, "praefect"),
    own("/var/opt/gitlab/gitlab-workhorse/*", Format::Guess, "workhorse"),
    own("/var/opt/gitlab/gitlab-shell/*", Format::Guess, "shell"),
    own("/var/opt/gitlab/gitlab-sshd/*", Format::Guess, "sshd"),
    own("/var/opt/gitlab/gitlab-pages/*", Format::Guess, "pages"),
    own("/var/opt/gitlab/gitlab-kas/*", Format::Guess, "kas"),
    own("/var/opt/gitlab/registry/*", Format::Guess, "registry"),
    own("/var/opt/gitlab/postgresql/data/postgresql*.conf", Format::Lines, "db"),
    own("/var/opt/gitlab/postgresql/data/runtime.conf", Format::Lines, "db"),
    own("/var/opt/gitlab/postgresql/data/recovery.conf", Format::Lines, "db"),
    own("/var/opt/gitlab/postgresql/data/server.key", Format::Key, ""),
    own("/var/opt/gitlab/geo-postgresql/data/postgresql*.conf", Format::Lines, "geo_db"),
    own("/var/opt/gitlab/postgresql/.pgpass*", Format::PgPass, "db"),
    own("/var/opt/gitlab/*/.pgpass", Format::PgPass, "db"),
    own("/var/opt/gitlab/patroni/*", Format::Guess, "patroni"),
    own("/var/opt/gitlab/pgbouncer/pg_auth", Format::Hashes, "db"),
    own("/var/opt/gitlab/pgbouncer/userlist*", Format::Hashes, "db"),
    own("/var/opt/gitlab/pgbouncer/*.ini", Format::Lines, "pgbouncer"),
    own("/var/opt/gitlab/redis/redis.conf", Format::Lines, "redis"),
    own("/var/opt/gitlab/redis/*.conf", Format::Lines, "redis"),
    own("/var/opt/gitlab/redis/*.acl", Format::Lines, "redis"),
    own("/var/opt/gitlab/sentinel/sentinel.conf", Format::Lines, "sentinel"),
    own("/var/opt/gitlab/consul/*.json", Format::Json, "consul"),
    own("/var/opt/gitlab/consul/config.d/*.json", Format::Json, "consul"),
    own("/var/opt/gitlab/consul/data/serf/local.keyring", Format::Secrets, "consul"),
    own("/var/opt/gitlab/mattermost/*.json", Format::Json, "mattermost"),
    own("/var/opt/gitlab/grafana/*.ini", Format::Lines, "grafana"),
    own("/var/opt/gitlab/grafana/conf/*", Format::Guess, "grafana"),
    own("/var/opt/gitlab/prometheus/*.yml", Format::Yaml, "prometheus"),
    own("/var/opt/gitlab/alertmanager/*.yml", Format::Yaml, "alertmanager"),
    own("/var/opt/gitlab/gitlab-exporter/*.yml", Format::Yaml, "exporter"),
    own("/var/opt/gitlab/*-exporter/*.y*ml", Format::Yaml, "exporter"),
    own("/var/opt/gitlab/mailroom/*", Format::Guess, "mail"),
    own("/var/opt/gitlab/spamcheck/*", Format::Guess, "spamcheck"),
    own("/var/opt/gitlab/nginx/conf/*", Format::Guess, "nginx"),
    own("/var/opt/gitlab/nginx/conf/*/*", Format::Guess, "nginx"),
    own("/var/opt/gitlab/nginx/*htpasswd*", Format::Hashes, "nginx"),
    own("/var/opt/gitlab/*/*_secret", Format::Value, ""),
    own("/var/opt/gitlab/*/.gitlab_*_secret", Format::Value, ""),
    own("/opt/gitlab/etc/*/env/*", Format::Named, ""),
    own("/opt/gitlab/sv/*/env/*", Format::Named, ""),
    own("/opt/gitlab/sv/*/run", Format::Lines, ""),
    own("/opt/gitlab/embedded/nodes/*.json", Format::Json, ""),
    // Most often links to files that were read already.
    beside("/opt/gitlab/embedded/service/*/.gitlab_*_secret", Format::Value, ""),


    // Source installation
    own("/home/git/gitlab/config/database.yml", Format::Yaml, "db"),
    own("/home/git/gitlab/config/redis*.yml", Format::Yaml, "redis"),
    own("/home/git/gitlab/config/resque.yml", Format::Yaml, "redis"),
    own("/home/git/gitlab/config/cable.yml", Format::Yaml, "redis"),
    own("/home/git/gitlab/config/*.yml", Format::Yaml, ""),
    own("/home/git/gitlab/config/initializers/smtp_settings.rb", Format::Ruby, "smtp"),
    own("/home/git/gitlab/.gitlab_*_secret", Format::Value, ""),
    own("/home/git/gitlab/.secret", Format::Value, "secret_key_base"),
    own("/home/git/gitlab/.env*", Format::Lines, ""),
    own("/home/git/gitlab/workhorse/config.toml", Format::Toml, "workhorse"),
    own("/home/git/gitlab-workhorse/config.toml", Format::Toml, "workhorse"),
    own("/home/git/gitlab-shell/config.yml", Format::Yaml, "shell"),
    own("/home/git/gitlab-shell/.gitlab_*_secret", Format::Value, ""),
    own("/home/git/gitaly/*.toml", Format::Toml, "gitaly"),
    own("/home/git/gitlab-pages/*", Format::Guess, "pages"),
    own("/home/git/gitlab-kas/*", Format::Guess, "kas"),
    own("/etc/default/gitlab*", Format::Lines, ""),
    own("/etc/sysconfig/gitlab*", Format::Lines, ""),
    own("/etc/systemd/system/gitlab*", Format::Lines, ""),
    own("/etc/systemd/system/gitlab*/*.conf", Format::Lines, ""),
    own("/lib/systemd/system/gitlab*", Format::Lines, ""),
    own("/usr/lib/systemd/system/gitlab*", Format::Lines, ""),
    own("/etc/cron.d/*gitlab*", Format::Lines, ""),

    // Beside GitLab
    own("/etc/gitlab-runner/config.toml", Format::Toml, "runner"),
    beside("/home/gitlab-runner/.gitlab-runner/config.toml", Format::Toml, "runner"),
    beside("/root/.gitlab-runner/config.toml", Format::Toml, "runner"),
    beside("/srv/gitlab-runner/config/config.toml", Format::Toml, "runner"),
    beside("/etc/redis/*.conf", Format::Lines, "redis"),
    beside("/etc/grafana/*.ini", Format::Lines, "grafana"),
    beside("/etc/pgbouncer/*.ini", Format::Lines, "pgbouncer"),
    beside("/etc/pgbouncer/userlist.txt", Format::Hashes, "db"),
    beside("/etc/patroni/*.yml", Format::Yaml, "patroni"),
    beside("/etc/consul.d/*.json", Format::Json, "consul"),
    beside("/etc/nginx/*htpasswd*", Format::Hashes, "nginx"),
    beside("/etc/nginx/conf.d/*gitlab*", Format::Lines, "nginx"),
    beside("/etc/nginx/sites-enabled/*gitlab*", Format::Lines, "nginx"),
    beside("/etc/ssh/ssh_host_*_key", Format::Key, ""),
    beside("/etc/ssl/private/*gitlab*", Format::Key, ""),
    beside("/etc/pki/tls/private/*gitlab*", Format::Key, ""),
    beside("/etc/letsencrypt/live/*/privkey.pem", Format::Key, ""),
    beside("/etc/systemd/system/*.service", Format::Lines, ""),
    beside("/etc/systemd/system/*/*.conf", Format::Lines, ""),
    beside("/etc/cron.d/*", Format::Lines, ""),
    beside("/etc/crontab", Format::Lines, ""),
    beside("/etc/environment", Format::Lines, ""),
    beside("/var/spool/cron/crontabs/git", Format::Lines, ""),
    beside("/var/spool/cron/crontabs/root", Format::Lines, ""),
    beside("/var/spool/cron/root", Format::Lines, ""),
    beside("/var/lib/postgresql/.pgpass", Format::PgPass, "db"),
];

/// Files in the homes of `HOMES`.
#[rustfmt::skip] // a table
pub const IN_HOMES: &[Place] = &[
    beside(".pgpass", Format::PgPass, "db"),
    beside(".my.cnf", Format::Lines, "mysql"),
    beside(".mylogin.cnf", Format::Key, "mysql"),
    beside(".netrc", Format::Netrc, "netrc"),
    beside(".aws/credentials", Format::Lines, "aws"),
    beside(".aws/config", Format::Lines, "aws"),
    beside(".docker/config.json", Format::Json, "registry"),
    beside(".git-credentials", Format::Lines, "git"),
    beside(".s3cfg", Format::Lines, "s3"),
    beside(".config/rclone/rclone.conf", Format::Lines, "rclone"),
    beside(".ssh/id_*", Format::Key, ""),
];

/// Whose homes: root's, those of GitLab's users, and people's.
pub const HOMES: &[&str] =
    &["/root", "/var/opt/gitlab", "/home/git", "/home/*", "/var/opt/gitlab/postgresql"];

/// What a moved service's folder holds.
pub const IN_MOVED_FOLDERS: &[&str] = &["*", "etc/*", "conf/*"];

/// The format that a file's name tells, for places whose files differ.
pub fn guess(path: &Path) -> Option<Format> {
    let name = path.file_name()?.to_str()?;
    let ends = |ends: &[&str]| ends.iter().any(|end| name.ends_with(end));
    if ends(&["secrets.json"]) {
        Some(Format::Secrets)
    } else if ends(&[".json"]) {
        Some(Format::Json)
    } else if ends(&[".yml", ".yaml"]) {
        Some(Format::Yaml)
    } else if ends(&[".toml"]) {
        Some(Format::Toml)
    } else if ends(&[".rb"]) {
        Some(Format::Ruby)
    } else if ends(&[".key", ".pem"]) || (name.starts_with("ssh_host") && !name.ends_with(".pub")) {
        Some(Format::Key)
    } else if ends(&[".conf", ".ini", ".env", "-config", "config"]) {
        Some(Format::Lines)
    } else if name.contains("htpasswd") {
        Some(Format::Hashes)
    } else if ends(&[
        "_secret",
        ".secret",
        "_secret_key",
        "-secret",
        "_key",
        "_password",
        "_token",
        "authentication_secret_file",
    ]) {
        Some(Format::Value)
    } else {
        None
    }
}
