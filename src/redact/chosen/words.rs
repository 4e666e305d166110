//! Words that are nobody's name: the product's, its system users', everybody's, and top-level domains.
//! Lists only, lower case, and how they are asked.

use std::{collections::HashSet, sync::LazyLock};

/// The product, what it is made of, and who runs it: never a name, even if a host or a user is called so.
#[rustfmt::skip] // rows, not a column
const PRODUCT: &[&str] = &[
    "gitlab", "git", "gitaly", "praefect", "sidekiq", "puma", "unicorn", "workhorse", "gitlab-workhorse", "registry",
    "pages", "gitlab-pages", "kas", "gitlab-kas", "mattermost", "grafana", "prometheus", "alertmanager", "consul", "patroni",
    "pgbouncer", "postgres", "postgresql", "pg", "geo", "redis", "sentinel", "nginx", "runner", "gitlab-runner", "zoekt",
    "elasticsearch", "opensearch", "minio", "vault", "gitlab-shell", "gitlab-sshd", "gitlab-rails", "gitlab-redis",
    "gitlab-psql", "gitlab-www", "gitlab-prometheus", "gitlab-consul", "gitlab-exporter", "gitlab-ctl", "gitlab-ee",
    "gitlab-ce", "gitlab_pgbouncer", "gitlab-pgbouncer", "gitlab_replicator", "gitlab-backup", "gitlab-ci-token", "oauth2", "omnibus", "rails", "ruby", "bundle", "rake",
    "chef", "logrotate", "mailroom", "spamcheck", "exporter", "node-exporter", "redis-exporter", "postgres-exporter",
    "gitlab-monitor", "support-bot", "alert-bot", "ghost", "migration-bot", "security-bot", "system", "unix", "default",
];

/// System users, and what people call their accounts and hosts everywhere.
#[rustfmt::skip]
const COMMON: &[&str] = &[
    "root", "admin", "administrator", "daemon", "bin", "sys", "sync", "games", "man", "lp", "mail", "news", "uucp", "proxy",
    "www-data", "backup", "list", "irc", "gnats", "nobody", "nogroup", "sshd", "systemd", "messagebus", "syslog", "ntp",
    "chrony", "dbus", "polkitd", "postfix", "apache", "http", "https", "ftp", "mysql", "operator", "shutdown", "halt", "adm",
    "user", "users", "username", "guest", "anonymous", "none", "null", "nil", "true", "false", "undefined", "unknown",
    "self", "me", "all", "any", "public", "private", "localhost", "localhost4", "localhost6", "ip6-localhost",
    "ip6-loopback", "ip6-allnodes", "ip6-allrouters", "ip6-localnet", "ip6-mcastprefix", "broadcasthost", "gateway", "ubuntu", "debian", "centos", "ec2-user",
    "azureuser", "vagrant", "www", "web", "api", "app", "apps", "db", "db0", "database", "primary", "secondary", "replica", "leader",
    "master", "slave", "node", "server", "client", "host", "cluster", "service", "services", "prod", "production", "staging", "stage",
    "test", "tests", "dev", "development", "qa", "demo", "monitor", "monitoring", "logs", "log", "metrics", "docs",
    "about", "packages", "mx", "smtp", "imap", "pop", "pop3", "relay", "ldap", "ldaps", "ns", "ns1", "ns2", "dns", "lb", "cdn",
    "haproxy", "envoy", "caddy", "cache", "queue", "storage", "s3", "files", "data", "ssh", "sso", "auth", "login", "id",
    "ci", "cd", "build", "deploy", "jobs", "worker", "workers", "tcp", "udp", "ssl", "tls", "home", "local", "internal", "svc", "default-server",
    "email", "name", "key", "value", "password", "the", "for", "and", "from", "not", "with", "group", "project", "bot", "co", "ac", "compute",
    "groups", "projects", "namespaces", "hashed", "snippets", "pools", "failed-geo-sync", ".git",
];

/// Top-level domains under which a name is one with two parts already.
const PLAIN: &[&str] =
    &["com", "net", "org", "edu", "gov", "mil", "biz", "lan", "corp", "intern", "localdomain"];

/// Those under which it takes three parts: files, methods and settings end so too.
#[rustfmt::skip]
const WITH_THREE: &[&str] = &[
    "local", "internal", "home", "test", "example", "invalid", "consul", "info", "io", "dev", "app", "cloud", "tech", "online", "site", "ai",
    "int", "eu", "de", "at", "ch", "fr", "be", "nl", "lu", "uk", "ie", "es", "pt", "it", "gr", "dk", "se", "fi", "no", "is", "ee", "lv", "lt",
    "pl", "cz", "sk", "hu", "ro", "bg", "hr", "rs", "ua", "ru", "tr", "il", "ae", "sa", "za", "eg", "ng", "ke", "us", "ca", "mx", "br", "ar",
    "cl", "co", "pe", "au", "nz", "jp", "cn", "kr", "tw", "hk", "sg", "th", "vn", "ph",
];

/// Sites of everybody's; what stands below them stays too.
#[rustfmt::skip]
const PUBLIC: &[&str] = &[
    "gitlab.com", "gitlab.net", "gitlab.io", "gitlab-static.net", "github.com", "githubusercontent.com", "rubygems.org", "ruby-lang.org",
    "golang.org", "npmjs.org", "npmjs.com", "docker.com", "docker.io", "debian.org", "ubuntu.com", "canonical.com", "centos.org", "redhat.com", "fedoraproject.org",
    "kernel.org", "gnu.org", "w3.org", "ietf.org", "iana.org", "json-schema.org", "nginx.org", "nginx.com", "redis.io", "postgresql.org",
    "prometheus.io", "letsencrypt.org", "opensource.org", "apache.org", "mozilla.org", "google.com", "googleapis.com", "gravatar.com", "schema.org",
    "openssl.org", "openssh.com", "libssh.org", "freedesktop.org", "ntp.org", "gmail.com", "sentry.io", "x.org",
];

/// Ends of file names and units that follow an at sign or a dot.
#[rustfmt::skip]
const NO_DOMAIN: &[&str] = &[
    "service", "socket", "slice", "timer", "target", "mount", "scope", "device", "path", "swap", "automount", "png", "jpg", "jpeg",
    "svg", "gif", "webp", "ico", "js", "css", "rb", "gem", "gz", "log", "s", "json", "yml", "yaml", "toml", "conf", "git", "sock", "key", "crt", "pem",
];

/// Words, and by their length which letters they begin with: most words are in no list, which that tells.
struct Set {
    words: HashSet<&'static [u8]>,
    firsts: [u32; LONGEST + 1],
}

fn set(lists: &[&[&'static str]]) -> Set {
    let mut set = Set { words: HashSet::new(), firsts: [0; LONGEST + 1] };
    for word in lists.iter().flat_map(|list| list.iter().map(|word| word.as_bytes())) {
        set.words.insert(word);
        set.firsts[word.len()] |= letter(word);
    }
    set
}

/// Upper and lower case are one bit.
fn letter(word: &[u8]) -> u32 {
    word.first().map_or(0, |byte| 1 << (byte & 31))
}

static OF_PRODUCT: LazyLock<Set> = LazyLock::new(|| set(&[PRODUCT]));
static KEPT: LazyLock<Set> = LazyLock::new(|| set(&[PRODUCT, COMMON, PLAIN, WITH_THREE]));
static TWO: LazyLock<Set> = LazyLock::new(|| set(&[PLAIN]));
static THREE: LazyLock<Set> = LazyLock::new(|| set(&[WITH_THREE]));
static SITES: LazyLock<Set> = LazyLock::new(|| set(&[PUBLIC]));
static ENDS: LazyLock<Set> = LazyLock::new(|| set(&[NO_DOMAIN]));

/// Longer than any word of the lists.
const LONGEST: usize = 32;

fn is_in(set: &Set, word: &[u8]) -> bool {
    if set.firsts.get(word.len()).is_none_or(|firsts| firsts & letter(word) == 0) {
        return false;
    }
    let mut lower = [0; LONGEST];
    let Some(lower) = lower.get_mut(..word.len()) else { return false };
    lower.copy_from_slice(word);
    lower.make_ascii_lowercase();
    set.words.contains(&*lower)
}

/// Whether a word is the product's, and so never a name.
pub(super) fn is_product(word: &[u8]) -> bool {
    is_in(&OF_PRODUCT, word)
}

/// Whether a word is nobody's in particular.
pub(super) fn is_common(word: &[u8]) -> bool {
    is_in(&KEPT, word)
}

/// How many parts a name needs that ends so; none if it is no name by its end.
pub(super) fn parts_under(top: &[u8]) -> Option<usize> {
    if !(2..=11).contains(&top.len()) {
        return None;
    }
    is_in(&TWO, top).then_some(2).or_else(|| is_in(&THREE, top).then_some(3))
}

/// Whether what follows an at sign ends as a file or a unit does.
pub(super) fn is_no_domain(last: &[u8]) -> bool {
    is_in(&ENDS, last)
}

/// Whether a name is a public site's, or below one.
pub(super) fn is_public(name: &[u8]) -> bool {
    let mut dots = memchr::memrchr_iter(b'.', name);
    dots.next();
    let from = dots.next().map_or(0, |dot| dot + 1);
    is_in(&SITES, &name[from..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_lower_case_and_short() {
        for word in [PRODUCT, COMMON, PLAIN, WITH_THREE, PUBLIC, NO_DOMAIN].concat() {
            assert!(word.len() <= LONGEST && word.to_ascii_lowercase() == word, "{word}");
        }
    }

    #[test]
    fn words_are_asked_in_any_case() {
        assert!(is_product(b"GitLab") && !is_product(b"root") && is_common(b"Root") && !is_common(b"acme"));
        assert_eq!((parts_under(b"COM"), parts_under(b"de"), parts_under(b"log")), (Some(2), Some(3), None));
        assert!(is_public(b"docs.gitlab.com") && is_public(b"GitHub.com") && !is_public(b"gitlab.acme.com"));
    }
}
