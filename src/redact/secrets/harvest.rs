//! What the parsers hand over, leaf by leaf, and the decision which of it is a secret.
//!
//! A parser knows a format and nothing of secrets; this knows names and values and no format. Values
//! stay in memory, masked; nothing here opens a file.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use super::{json, lines, pem, values, yaml};
use crate::redact::{KnownSecret, Secret, marker_name, names};

/// Documents inside strings inside documents: LDAP YAML in gitlab.rb, JSON in an env variable.
const DEEPEST: usize = 6;

/// At most so many values are kept of one file; a file with more is no configuration.
const MOST: usize = 50_000;

/// Files and folders that one file can send the search to.
const MOST_MENTIONED: usize = 200;

/// The secrets of one file.
#[derive(Debug, Default)]
pub(super) struct Harvest {
    found: BTreeMap<Secret, Option<String>>,
    /// What the file is about (`db`, `redis`), for keys that are just called `password`.
    label: &'static str,
    /// Files that this one names as holding a secret, each with its key.
    mentioned: BTreeMap<PathBuf, Option<String>>,
    /// Folders that a service was moved to.
    folders: BTreeSet<PathBuf>,
    every_leaf: bool,
    depth: usize,
    overflow: bool,
}

impl Harvest {
    pub(super) fn new(label: &'static str) -> Self {
        Self { label, ..Self::default() }
    }

    /// gitlab-secrets.json: every leaf is one, whatever it is called.
    pub(super) fn of_every_leaf() -> Self {
        Self { every_leaf: true, ..Self::default() }
    }

    /// Whether there was more than anybody can search for.
    pub(super) fn overflowed(&self) -> bool {
        self.overflow
    }

    pub(super) fn len(&self) -> usize {
        self.found.len()
    }

    /// Of all values.
    pub(super) fn bytes(&self) -> usize {
        self.found.keys().map(Secret::len).sum()
    }

    /// What was found, in the order of the values.
    pub(super) fn into_known(self, source: &Path) -> Vec<KnownSecret> {
        let known = |(value, name)| KnownSecret { value, name, source: source.to_path_buf() };
        self.found.into_iter().map(known).collect()
    }

    /// A value at a path of keys (outermost first; a list's items stand at the list's path).
    pub(super) fn leaf<K: AsRef<str>>(&mut self, keys: &[K], value: &[u8]) {
        let value = value.trim_ascii_end();
        if values::is_no_value(value) || self.depth > DEEPEST {
            return;
        }
        let key = keys.last().map_or("", AsRef::as_ref);
        let parent = keys.len().checked_sub(2).map_or("", |i| keys[i].as_ref());
        if values::is_path(value) {
            self.path(key, value);
        }
        let named = names::might_be_sensitive(key)
            || in_a_list_of_secrets(parent, key)
            || is_key_by_its_value(key, value);
        let before = self.found.len();
        self.inside(keys, value);
        let taken = self.found.len() > before;
        let whole = if self.every_leaf {
            !is_no_secret_leaf(key) && !pem::is_public(value)
        } else {
            named && !values::is_path(value) && !pem::is_public(value)
        };
        // Of a document or an address the secrets inside are known; the rest of it is none.
        let made_of_parts =
            values::is_document(value) || names::is_connection(key) || values::auth_scheme(value).is_some();
        let only_inside = values::is_url(value) || (taken && made_of_parts);
        if whole && !(only_inside && (taken || values::is_url(value))) {
            let name = self.name(key, parent);
            self.secret_and_its_other_forms(value, name.as_deref());
        }
    }

    /// A path beside a key such as `password_file`, or of a moved secrets file or folder.
    fn path(&mut self, key: &str, value: &[u8]) {
        let Ok(path) = std::str::from_utf8(value) else { return };
        if path.ends_with("secrets.json") || names::names_a_file_of_secrets(key) {
            self.mention(path, &[key]);
        } else if self.folders.len() < MOST_MENTIONED
            && matches!(key, "dir" | "data_dir" | "home" | "directory")
        {
            self.folders.insert(PathBuf::from(path));
        }
    }

    /// A file that is read for a value: `File.read('/etc/gitlab/db_password')`.
    pub(super) fn mention<K: AsRef<str>>(&mut self, path: &str, keys: &[K]) {
        if self.mentioned.len() < MOST_MENTIONED && path.starts_with('/') && !path.contains(['\0', '\n']) {
            let name = keys.last().and_then(|key| marker_name(key.as_ref()));
            self.mentioned.entry(PathBuf::from(path)).or_insert(name);
        }
    }

    /// What to read next: files that hold a value, and folders of moved services.
    pub(super) fn take_mentioned(&mut self) -> (BTreeMap<PathBuf, Option<String>>, BTreeSet<PathBuf>) {
        (std::mem::take(&mut self.mentioned), std::mem::take(&mut self.folders))
    }

    /// A value that is a secret by where it stands.
    pub(super) fn secret(&mut self, value: &[u8], name: Option<&str>) {
        if values::is_no_value(value) {
            return;
        }
        if self.found.len() >= MOST {
            self.overflow = true;
            return;
        }
        let name = name.and_then(marker_name);
        self.found
            .entry(Secret::new(value))
            .and_modify(|known| *known = known.take().or(name.clone()))
            .or_insert(name);
    }

    /// A text that may hold secrets in a form of its own: a URL, a DSN, a document, a PEM.
    fn inside<K: AsRef<str>>(&mut self, keys: &[K], value: &[u8]) {
        let key = keys.last().map_or("", AsRef::as_ref);
        let parent = keys.len().checked_sub(2).map_or("", |i| keys[i].as_ref());
        for pem in pem::private(value) {
            self.secret(pem, Some("private_key"));
        }
        let name = self.name(key, parent);
        for part in values::credentials_inside(key, value) {
            let own = part.name.as_deref().or(name.as_deref()).or(Some("url_password"));
            self.secret(&part.value, own);
        }
        if let Some((name, rest)) = values::assignment(value)
            && values::is_document(rest)
        {
            self.inside(&[name], rest);
        }
        self.depth += 1;
        let keys = || -> Vec<String> { keys.iter().map(|k| k.as_ref().to_owned()).collect() };
        if self.depth <= DEEPEST && values::is_nginx(value) {
            lines::directives(value, &keys(), self);
        } else if self.depth <= DEEPEST && values::is_document(value) {
            let keys = keys();
            let every_leaf = std::mem::take(&mut self.every_leaf);
            if !json::leaves(value, keys.clone(), self) {
                yaml::leaves(value, keys, self);
            }
            self.every_leaf = every_leaf;
        }
        self.depth -= 1;
    }

    fn secret_and_its_other_forms(&mut self, value: &[u8], name: Option<&str>) {
        if pem::has_private(value) {
            return; // the blocks were taken by themselves
        }
        self.secret(value, name);
        for form in values::other_forms(value) {
            self.secret(&form, name);
        }
    }

    /// `password` below `redis` is `redis_password`; `db_password` has its name already.
    fn name(&self, key: &str, parent: &str) -> Option<String> {
        let own = marker_name(key)?;
        if !is_generic(&own) {
            return Some(own);
        }
        let above = marker_name(parent).filter(|p| !is_generic(p) && !IS_NO_CONTEXT.contains(&p.as_str()));
        let context = if self.label.is_empty() { above } else { Some(self.label.to_owned()) };
        let full = context.and_then(|context| marker_name(&format!("{context}_{own}")));
        full.or(Some(own))
    }
}

const IS_NO_CONTEXT: &[&str] = &[
    "production",
    "main",
    "ci",
    "geo",
    "development",
    "test",
    "default",
    "defaults",
    "connection",
    "args",
    "options",
];

fn is_generic(name: &str) -> bool {
    let generic = [
        "password",
        "passwd",
        "pass",
        "token",
        "secret",
        "secrets",
        "tokens",
        "auth",
        "key",
        "value",
        "auth_token",
        "private_key",
        "secret_key",
        "access_token",
        "dsn",
        "url",
    ];
    generic.contains(&name)
}

/// Consul's `encrypt`, elsewhere a mode; PagerDuty's `routing_key`, elsewhere the name of a queue.
fn is_key_by_its_value(key: &str, value: &[u8]) -> bool {
    let gossip = || {
        let key = data_encoding::BASE64.decode(value);
        key.is_ok_and(|key| matches!(key.len(), 16 | 24 | 32)) || values::looks_random(value)
    };
    let integration =
        || value.len() == 32 && value.iter().all(u8::is_ascii_alphanumeric) && values::looks_random(value);
    (key.eq_ignore_ascii_case("encrypt") && gossip())
        || (key.eq_ignore_ascii_case("routing_key") && integration())
}

/// `acl.tokens.default`: below a list of secrets each name is one, but those that talk about it.
fn in_a_list_of_secrets(parent: &str, key: &str) -> bool {
    let lists = ["tokens", "passwords", "secrets", "auth_tokens", "api_tokens", "requirepass"];
    let fields = [
        "user",
        "username",
        "name",
        "id",
        "path",
        "file",
        "url",
        "host",
        "description",
        "type",
        "enabled",
        "mode",
    ];
    let last = key.rsplit(['_', '.', '-']).next().unwrap_or(key);
    lists.iter().any(|list| parent.eq_ignore_ascii_case(list))
        && !fields.iter().any(|field| last.eq_ignore_ascii_case(field))
}

/// The few leaves of gitlab-secrets.json that are none.
fn is_no_secret_leaf(key: &str) -> bool {
    let last = key.rsplit('_').next().unwrap_or(key);
    key == "gitlab_id"
        || key == "app_id"
        || key == "uid"
        || last == "certificate"
        || last == "crt"
        || last == "enabled"
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Values and names as text, for the tests of all parsers.
    pub(in super::super) fn found(harvest: Harvest) -> Vec<(String, String)> {
        let text = |secret: &Secret| String::from_utf8_lossy(secret.expose()).into_owned();
        harvest.found.iter().map(|(value, name)| (text(value), name.clone().unwrap_or_default())).collect()
    }

    fn learnt(key: &str, value: &str) -> Vec<String> {
        let mut harvest = Harvest::new("");
        harvest.leaf(&[key], value.as_bytes());
        found(harvest).into_iter().map(|(value, _)| value).collect()
    }

    #[test]
    fn secrets_inside_values() {
        assert_eq!(learnt("url", "redis://:p%40ss@10.0.0.5:6379/0"), ["p%40ss", "p@ss"]);
        assert_eq!(learnt("dsn", "host=/tmp user=gitlab password='a b' sslmode=prefer"), ["a b"]);
        assert_eq!(learnt("DataSource", "mmuser:mmpw@tcp(db:3306)/mattermost"), ["mmpw"]);
        assert_eq!(learnt("environment", "DB_PASSWORD=hunter2"), ["hunter2"]);
        assert_eq!(learnt("http_proxy", "http://proxyuser:proxypw@proxy:3128"), ["proxypw"]);
        assert_eq!(learnt("ExecStart", "/usr/bin/x --password hunter3 --verbose"), ["hunter3"]);
        assert_eq!(learnt("header", "PRIVATE-TOKEN: abc123"), ["abc123"]);
        assert_eq!(learnt("Authorization", "Basic dTpwdw=="), ["dTpwdw==", "pw"]);
        assert_eq!(
            learnt("DOCKER_AUTH_CONFIG", r#"{"auths":{"r.example.com":{"auth":"dTpwdw=="}}}"#),
            ["dTpwdw==", "pw"]
        );
    }

    #[test]
    fn documents_and_snippets_in_values() {
        assert_eq!(learnt("ldap_servers", "main: {host: h, password: 'x9', port: 1}"), ["x9"]);
        let snippet = "proxy_set_header X-Auth-Token BKw84klNgw;\nlocation /x { deny all; }";
        assert_eq!(learnt("custom_gitlab_server_config", snippet), ["BKw84klNgw"]);
        let conninfo = "user=g password=''x9'' host=h";
        assert!(learnt("primary_conninfo", conninfo).contains(&"x9".to_owned()));
        assert_eq!(learnt("routing_key", "8ac872f5b52efba2674ba556661d6eda").len(), 1);
        assert!(learnt("routing_key", "events").is_empty());
    }

    #[test]
    fn consuls_encrypt_is_a_key_and_others_are_a_mode() {
        let key = data_encoding::BASE64.encode(b"0123456789abcdef0123456789abcdef");
        assert!(learnt("encrypt", &key).contains(&key));
        assert!(learnt("encrypt", "starttls").is_empty());
        let key = "8ac872f5b52efba2674ba556661d6eda";
        assert_eq!(learnt("routing_key", key), [key]);
        assert!(learnt("routing_key", "gitlab-events-of-the-production-1").is_empty());
    }

    #[test]
    fn documents_and_directives_in_one_line() {
        assert_eq!(learnt("ldap_servers", "main: {host: h, password: 'a b', port: 389}"), ["a b"]);
        assert_eq!(
            learnt("custom_nginx_config", "proxy_set_header Authorization \"Basic dTpwdw==\";"),
            ["dTpwdw==", "pw"]
        );
    }

    #[test]
    fn no_secrets() {
        for (key, value) in [
            ("url", "https://gitlab.example.com"),
            ("password", "nil"),
            ("password", "$DB_PASSWORD"),
            ("password", "ENV['DB_PASSWORD']"),
            ("private_key", "/etc/gitlab/ssl/gitlab.key"),
            ("host", "db.example.com"),
            ("url", "http://localhost:9090/x@y"),
            ("token", "https://gitlab.example.com/oauth"),
            ("password", "********"),
            ("secret", "[FILTERED]"),
        ] {
            assert_eq!(learnt(key, value), Vec::<String>::new(), "{key}={value}");
        }
    }

    #[test]
    fn names_come_from_keys_and_what_stands_above_them() {
        let mut harvest = Harvest::new("");
        harvest.leaf(&["redis", "password"], b"one");
        harvest.leaf(&["gitlab_rails", "db_password"], b"two");
        harvest.leaf(&["production", "password"], b"three");
        let names: Vec<String> = found(harvest).into_iter().map(|(_, name)| name).collect();
        assert_eq!(names, ["redis_password", "password", "db_password"]);
    }
}
