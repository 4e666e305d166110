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
/// More files than services are given, and more names than a listener has.
const MOST_FOUND: usize = 1000;
const MOST_NAMES: usize = 100;
/// RFC 1035 has 255 bytes with their lengths.
const LONGEST_NAME: usize = 253;

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
    /// Whether it is named by root, in configuration that nobody else may write.
    pub(super) by_root: bool,
}

/// All certificates that configuration names.
pub(super) fn find(host: &dyn Host) -> BTreeMap<PathBuf, Use> {
    let mut found = Found::default();
    for pattern in CONFIGURATION {
        for path in glob::files(host, pattern, MOST).files {
            let Ok((bytes, by_root)) = super::read(host, &path, LIMIT) else { continue };
            found.read(&path, by_root, &String::from_utf8_lossy(&bytes));
        }
    }
    found.files
}

#[derive(Default)]
struct Found {
    files: BTreeMap<PathBuf, Use>,
}

/// One of NGINX's `server {` blocks, or what stands outside of them.
#[derive(Default)]
struct Block {
    /// Braces that are open within it.
    depth: usize,
    names: BTreeSet<String>,
    served: BTreeSet<PathBuf>,
}

impl Found {
    fn read(&mut self, by: &Path, by_root: bool, text: &str) {
        let mut last: Option<PathBuf> = None;
        let mut server: Option<Block> = None;
        let mut is_named = false;
        for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
            let line = line.split(" #").next().unwrap_or_default();
            for piece in line.split_inclusive(['{', '}', ';']) {
                let (piece, end) = match piece.char_indices().next_back() {
                    Some((at, end @ ('{' | '}' | ';'))) => (piece[..at].trim(), end),
                    _ => (piece.trim(), ' '),
                };
                if let Some(block) = &mut server
                    && let Some(listed) = piece.strip_prefix("server_name ")
                {
                    block.name(listed);
                }
                for (word, path) in paths(piece) {
                    if word == "ssl_certificate"
                        && let Some(block) = &mut server
                    {
                        block.served.insert(path.clone());
                    }
                    self.word(by, by_root, &word, path, &mut last);
                }
                // The brace may stand on a line of its own.
                is_named = if piece.is_empty() { is_named } else { piece == "server" };
                match (end, &mut server) {
                    ('{', Some(block)) => block.depth += 1,
                    ('{', None) if is_named => server = Some(Block { depth: 1, ..Block::default() }),
                    ('}', Some(block)) => block.depth -= 1,
                    _ => {}
                }
                if let Some(block) = server.take_if(|block| block.depth == 0) {
                    self.serve(block);
                }
            }
        }
        server.into_iter().for_each(|block| self.serve(block));
    }

    /// A path behind a word; a key belongs to the certificate before it.
    fn word(&mut self, by: &Path, by_root: bool, word: &str, path: PathBuf, last: &mut Option<PathBuf>) {
        if word.contains("key") {
            // Who may not read a key must not have it compared, nor learn that it is there.
            let used = last.take().filter(|_| by_root).and_then(|last| self.files.get_mut(&last));
            if let Some(used) = used {
                used.key.get_or_insert(path);
            }
        } else if !path.starts_with(OWN) && (self.files.len() < MOST_FOUND || self.files.contains_key(&path))
        {
            let used = self.files.entry(path.clone()).or_default();
            used.by.insert(by.to_owned());
            used.by_root |= by_root;
            *last = has_key(word).then_some(path);
        }
    }

    fn serve(&mut self, block: Block) {
        for path in block.served {
            if let Some(used) = self.files.get_mut(&path) {
                let room = MOST_NAMES.saturating_sub(used.names.len());
                used.names.extend(block.names.iter().take(room).cloned());
            }
        }
    }
}

impl Block {
    fn name(&mut self, listed: &str) {
        let is_one = |name: &&str| !name.contains(['*', '~', '_', '$']) && name.len() <= LONGEST_NAME;
        let room = MOST_NAMES.saturating_sub(self.names.len());
        self.names.extend(listed.split_whitespace().filter(is_one).take(room).map(str::to_owned));
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
