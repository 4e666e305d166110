//! Which certificates GitLab's services were given, by their rendered configuration. It is read by words, not by its
//! syntax: a word that speaks of a certificate, and the path behind it, look alike in NGINX's directives, TOML, YAML, JSON and Ruby.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Component, Path, PathBuf},
};

use crate::host::{Host, glob};

const CONFIGURATION: &[&str] = &[
    "/var/opt/gitlab/nginx/conf/**/*.conf",
    "/var/opt/gitlab/gitlab-rails/etc/{gitlab.yml,database.yml,resque.yml,cable.yml,puma.rb,smtp_settings.rb}",
    "/var/opt/gitlab/gitlab-workhorse/config.toml",
    "/var/opt/gitlab/{gitaly,praefect}/config.toml",
    "/var/opt/gitlab/registry/config.yml",
    "/var/opt/gitlab/gitlab-kas/gitlab-kas-config.yml",
    "/var/opt/gitlab/gitlab-pages/gitlab-pages-config",
    "/var/opt/gitlab/gitlab-exporter/gitlab-exporter.yml",
    "/var/opt/gitlab/redis/redis.conf",
    "/var/opt/gitlab/sentinel/sentinel.conf",
    "/var/opt/gitlab/{postgresql,geo-postgresql}/data/postgresql.conf",
    "/var/opt/gitlab/patroni/patroni.yaml",
    "/var/opt/gitlab/pgbouncer/pgbouncer.ini",
    "/etc/nginx/{sites-enabled,conf.d}/*gitlab*",
    "/home/git/gitlab/config/{gitlab.yml,database.yml,puma.rb}",
    "/home/git/gitaly/config.toml",
];
const MOST: usize = 200;
const LIMIT: usize = 1 << 20;

/// The package's own list of authorities, which all of its programs are given.
const OWN: &str = "/opt/gitlab/embedded/ssl/";

/// What configuration says of a certificate's file.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Use {
    /// The files that name it.
    pub(super) by: BTreeSet<PathBuf>,
    /// Names by which NGINX is asked for what it serves with it.
    pub(super) names: BTreeSet<String>,
    /// The private key that is named behind it.
    pub(super) key: Option<PathBuf>,
}

/// All certificates that configuration names.
pub(super) fn find(host: &dyn Host) -> BTreeMap<PathBuf, Use> {
    let mut found = BTreeMap::new();
    for pattern in CONFIGURATION {
        for path in glob::files(host, pattern, MOST).files {
            let Ok(bytes) = host.read(&path, LIMIT) else { continue };
            named(&path, &String::from_utf8_lossy(&bytes), &mut found);
        }
    }
    found
}

fn named(by: &Path, text: &str, found: &mut BTreeMap<PathBuf, Use>) {
    let mut last: Option<PathBuf> = None;
    let mut names = BTreeSet::new();
    let mut served = BTreeSet::new();
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
        if let Some(listed) = line.strip_prefix("server_name ") {
            let listed = listed.trim_end_matches(';').split_whitespace();
            names.extend(listed.filter(|name| !name.contains(['*', '~', '_', '$'])).map(str::to_owned));
        }
        for (word, path) in paths(line) {
            let about_key = word.contains("key");
            if about_key && let Some(used) = last.take().and_then(|last| found.get_mut(&last)) {
                used.key.get_or_insert(path);
            } else if !about_key && !path.starts_with(OWN) {
                found.entry(path.clone()).or_default().by.insert(by.to_owned());
                if word == "ssl_certificate" {
                    served.insert(path.clone());
                }
                last = has_key(&word).then_some(path);
            }
        }
    }
    for path in served {
        if let Some(used) = found.get_mut(&path) {
            used.names.extend(names.iter().cloned());
        }
    }
}

/// Whether a key belongs to what this word names: authorities have none on this host.
fn has_key(word: &str) -> bool {
    !["ca_", "ca-", "cafile", "client", "trusted", "root", "bundle"].iter().any(|other| word.contains(other))
}

/// The paths of a line behind a word about certificates or their keys, with that word.
fn paths(line: &str) -> Vec<(String, PathBuf)> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || "_-./".contains(c);
    let mut word = String::new();
    let mut found = Vec::new();
    for token in line.split(|c| !is_part(c)).filter(|token| !token.is_empty()) {
        if !token.starts_with('/') {
            word = token.to_ascii_lowercase();
        } else if [
            "cert", "ca_file", "cafile", "ca-file", "key_path", "key_file", "key-file", "keyfile", "key",
        ]
        .iter()
        .any(|about| word.contains(about))
            && clean(token)
        {
            found.push((word.clone(), PathBuf::from(token)));
        }
    }
    found
}

fn clean(path: &str) -> bool {
    Path::new(path).components().skip(1).all(|part| matches!(part, Component::Normal(_)))
}
