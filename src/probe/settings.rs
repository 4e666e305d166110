//! `settings`: what GitLab's services were told by gitlab.rb and by the package's defaults, from the attributes that
//! reconfigure keeps. They hold every secret, so that a value comes out only if it is on a list: flags, numbers, and
//! texts of settings whose name says that they are no secret and that look like what the name says.

use std::path::{Path, PathBuf};

use serde_json::Value;

use super::page::{Page, Sink};
use crate::host::{Error, Flow, Host, Kind, Trouble, installation};

/// Longest file of attributes.
const LONGEST: usize = 16 << 20;
/// More settings than GitLab has.
const MOST: usize = 20_000;
const DEEPEST: usize = 24;

/// The last word of settings whose text is shown.
#[rustfmt::skip] // rows, not a column
const SHOWN: &[&str] = &[
    "adapter", "addr", "address", "addresses", "algorithm", "bind", "bucket", "backend", "cron", "dir", "directory",
    "directories", "disk", "driver", "elector", "email", "encoding", "encryption", "endpoint", "family", "filter", "format",
    "formatter", "fqdn", "group", "host", "hosts", "interval", "ip", "label", "level", "limit", "listen", "locale", "max",
    "memory", "method", "min", "mode", "name", "names", "network", "path", "period", "permissions", "policy", "port",
    "protocol", "protocols", "provider", "region", "retention", "role", "scheme", "shell", "size", "socket", "ssl", "state",
    "strategy", "theme", "timeout", "ttl", "type", "uid", "umask", "uri", "url", "user", "username", "version", "zone",
];

/// Words in a name that stands for a secret, or for what a site put there at will.
const HIDDEN: &[&str] = &[
    "auth",
    "certificate",
    "command",
    "connection",
    "cookie",
    "credential",
    "dsn",
    "env",
    "environment",
    "header",
    "headers",
    "key",
    "keys",
    "pass",
    "passphrase",
    "password",
    "pin",
    "private",
    "salt",
    "secret",
    "secrets",
    "sentry",
    "token",
    "tokens",
    "webhook",
];

/// Tells all settings: first those that differ from the package's own.
pub(super) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    told(host, sink)
}

fn told(host: &dyn Host, sink: Sink<'_>) -> Result<(), Error> {
    let attributes = attributes(host)?;
    let nothing = Value::Null;
    let defaults = attributes.get("default").unwrap_or(&nothing);
    let set = attributes.get("normal").unwrap_or(&nothing);
    let mut page = Page::new(sink);
    page.section("Settings that differ from the package's own");
    let mut leaves = Vec::new();
    flatten(set, &mut Vec::new(), &mut leaves);
    for (path, value) in &leaves {
        let default = at(defaults, path);
        if default != Some(*value) {
            let before = default.map_or_else(|| "none".to_owned(), |value| shown(path, value));
            page.tell(format!("{} = {}  (default: {before})", path.join("."), shown(path, value)));
        }
    }
    page.section("All others");
    let mut others = Vec::new();
    flatten(defaults, &mut Vec::new(), &mut others);
    for (path, value) in &others {
        let changed = at(set, path).is_some_and(|set| set != *value);
        let text = shown(path, value);
        if !changed && text != NOT_SHOWN {
            page.tell(format!("{} = {text}", path.join(".")));
        }
    }
    if leaves.len().max(others.len()) >= MOST {
        page.note(format!("more than {MOST} settings; the others are left out"));
    }
    page.end("settings")
}

/// The newest attributes, if nobody but root can have written them.
fn attributes(host: &dyn Host) -> Result<Value, Error> {
    let missing = || Error::new(Trouble::Missing, "reading", "/opt/gitlab/embedded/nodes");
    let path: PathBuf = installation::detect(host).node_attributes.ok_or_else(missing)?;
    let stat = host.stat(&path)?;
    if host.kind() == Kind::Live && (stat.uid != 0 || stat.mode & 0o022 != 0) {
        return Err(Error::new(Trouble::Unsafe, "reading", path));
    }
    let bytes = zeroize::Zeroizing::new(host.read_secret(Path::new(&path), LONGEST)?);
    serde_json::from_slice(&bytes).map_err(|_| Error::new(Trouble::Io, "reading", path).detail("no JSON"))
}

/// All that is no table, by its path; an empty table or list is a value too.
fn flatten<'v>(value: &'v Value, path: &mut Vec<&'v str>, found: &mut Vec<(Vec<&'v str>, &'v Value)>) {
    if found.len() >= MOST || path.len() > DEEPEST {
        return;
    }
    match value {
        Value::Object(members) if !members.is_empty() => {
            let mut names: Vec<&String> = members.keys().collect();
            names.sort();
            for name in names {
                path.push(name);
                flatten(&members[name], path, found);
                path.pop();
            }
        }
        _ if path.is_empty() => {}
        value => found.push((path.clone(), value)),
    }
}

fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, name| value.get(name))
}

/// What stands for a value that is set and not shown, as in Rails' own logs: redaction leaves it as it is.
const NOT_SHOWN: &str = "[FILTERED]";

/// A value as it may be seen.
fn shown(path: &[&str], value: &Value) -> String {
    match value {
        Value::Null => "nil".to_owned(),
        Value::Bool(flag) => flag.to_string(),
        Value::String(text) if text.is_empty() => "\"\"".to_owned(),
        Value::Array(items) if items.is_empty() => "[]".to_owned(),
        Value::Object(_) => object(path, value),
        _ if is_hidden(path) => NOT_SHOWN.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::String(text) if is_shown(path) && is_plain(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().take(50).map(|item| shown(path, item)).collect();
            format!("[{}]", items.join(", "))
        }
        Value::String(_) => NOT_SHOWN.to_owned(),
    }
}

/// A table within a list, such as a provider of single sign-on.
fn object(path: &[&str], value: &Value) -> String {
    let mut leaves = Vec::new();
    flatten(value, &mut Vec::new(), &mut leaves);
    let one = |(below, value): &(Vec<&str>, &Value)| {
        let whole: Vec<&str> = path.iter().chain(below).copied().collect();
        format!(
            "{}: {}",
            below.join("."),
            if whole.len() > DEEPEST { NOT_SHOWN.to_owned() } else { shown(&whole, value) }
        )
    };
    format!("{{{}}}", leaves.iter().take(100).map(one).collect::<Vec<_>>().join(", "))
}

fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty())
}

fn is_hidden(path: &[&str]) -> bool {
    let hides =
        |name: &str| words(name).any(|word| HIDDEN.iter().any(|hidden| word.eq_ignore_ascii_case(hidden)));
    path.iter().copied().any(hides)
}

fn is_shown(path: &[&str]) -> bool {
    let last = path.last().and_then(|name| words(name).last()).unwrap_or_default();
    SHOWN.iter().any(|shown| last.eq_ignore_ascii_case(shown))
}

/// A text that a path, an address, a size, a word or a schedule can be; a URL without a name and password in it.
fn is_plain(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_alphanumeric() || "/._-:*,+ []".contains(c);
    let long = |word: &str| word.len() > 40 && !word.contains(['/', '.']);
    text.len() <= 200 && text.chars().all(fits) && !text.split(' ').any(long)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::memory::Memory;

    const ATTRIBUTES: &str = r#"{
        "default": {"gitlab": {
            "puma": {"worker_processes": 2, "port": 8080, "ha": false, "log_directory": "/var/log/gitlab/puma"},
            "gitlab_rails": {"db_password": null, "smtp_address": null, "usage_ping_enabled": true, "env": {"A": "b"}}
        }},
        "normal": {"gitlab": {
            "puma": {"worker_processes": 4, "port": 8080},
            "gitlab_rails": {
                "db_password": "hunter2", "smtp_address": "mail.example.com", "smtp_password": 12345,
                "env": {"TOKEN_OF_MINE": "x", "http_proxy": "http://u:p@x"}, "password_authentication_enabled": false,
                "motd": "some text", "repository_url": "https://u:p@host/x", "backup_cron": "0 1 * * *",
                "omniauth_providers": [{"name": "saml", "args": {"idp_sso_target_url": "https://idp.example.com/x", "client_secret": "s3", "uid": "u"}}],
                "object_store_name": "abcdefghijklmnopqrstuvwxyzabcdefghijklmnop0123456789"
            }
        }},
        "automatic": {"fqdn": "x"}
    }"#;

    fn text(attributes: &str) -> Result<String, Error> {
        let host = Memory::default()
            .file("/opt/gitlab/version-manifest.txt", "gitlab-ee 18.9.1\n")
            .file("/opt/gitlab/embedded/nodes/n.json", attributes);
        let mut text = Vec::new();
        let mut sink = |bytes: &[u8]| {
            text.extend_from_slice(bytes);
            Flow::Go
        };
        run(&host, &mut sink)?;
        Ok(String::from_utf8(text).unwrap())
    }

    #[test]
    fn what_differs_comes_first_and_no_secret_comes_at_all() {
        assert_eq!(
            text(ATTRIBUTES).unwrap(),
            "\
# Settings that differ from the package's own
gitlab.gitlab_rails.backup_cron = 0 1 * * *  (default: none)
gitlab.gitlab_rails.db_password = [FILTERED]  (default: nil)
gitlab.gitlab_rails.env.TOKEN_OF_MINE = [FILTERED]  (default: none)
gitlab.gitlab_rails.env.http_proxy = [FILTERED]  (default: none)
gitlab.gitlab_rails.motd = [FILTERED]  (default: none)
gitlab.gitlab_rails.object_store_name = [FILTERED]  (default: none)
gitlab.gitlab_rails.omniauth_providers = [{args.client_secret: [FILTERED], args.idp_sso_target_url: https://idp.example.com/x, args.uid: u, name: saml}]  (default: none)
gitlab.gitlab_rails.password_authentication_enabled = false  (default: none)
gitlab.gitlab_rails.repository_url = [FILTERED]  (default: none)
gitlab.gitlab_rails.smtp_address = mail.example.com  (default: nil)
gitlab.gitlab_rails.smtp_password = [FILTERED]  (default: none)
gitlab.puma.worker_processes = 4  (default: 2)

# All others
gitlab.gitlab_rails.usage_ping_enabled = true
gitlab.puma.ha = false
gitlab.puma.log_directory = /var/log/gitlab/puma
gitlab.puma.port = 8080
"
        );
    }

    #[test]
    fn odd_attributes_are_an_error_or_nothing() {
        assert_eq!(text("{broken").unwrap_err().trouble, Trouble::Io);
        assert_eq!(text("[]").unwrap_err().trouble, Trouble::Missing);
        assert_eq!(text(r#"{"normal": {}, "default": 7}"#).unwrap_err().trouble, Trouble::Missing);
        let deep = format!("{}1{}", r#"{"normal":"#.repeat(100), "}".repeat(100));
        assert_eq!(text(&deep).unwrap_err().trouble, Trouble::Missing);
    }

    #[test]
    fn the_lists_are_words() {
        for word in SHOWN.iter().chain(HIDDEN) {
            assert!(words(word).eq([*word]), "{word}");
            assert!(!(SHOWN.contains(word) && HIDDEN.contains(word)), "{word}");
        }
    }
}
