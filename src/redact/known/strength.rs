//! Whether a value can be looked for everywhere, or would wipe out the logs.
//!
//! Weak is what a log may well hold for another reason: a word, a name, an address, a number, a path,
//! and anything short. A weak value is still redacted where its key stands beside it, by `keyed`.
//! A strong one is found in every form. Where it is not clear, the value is strong: a word too many
//! gone costs less than a password left.

use super::search::SHORTEST;
use crate::redact::{CHOSEN, KnownSecret, marker};

/// How a known value is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// Wherever it stands, in every form.
    Strong,
    /// Only where its key stands beside it; the reason, in words for the report.
    Weak(&'static str),
}

/// Words that hosts, databases and accounts are called by, also with a number behind them.
#[rustfmt::skip] // rows, not a column
const NAMES: &[&str] = &[
    "gitlab", "gitlabhq", "postgres", "postgresql", "pgsql", "redis", "sidekiq", "puma", "gitaly", "praefect",
    "patroni", "consul", "pgbouncer", "registry", "workhorse", "nginx", "grafana", "prometheus", "mattermost",
    "minio", "production", "staging", "development", "database", "username", "administrator", "localhost",
    "localdomain", "system", "service", "server", "primary", "secondary", "replica", "cluster", "sentinel",
    "master", "worker", "runner", "backup", "storage", "monitoring", "default", "example", "changeme", "user",
    "node", "host", "test", "admin", "root", "web", "app", "db", "git", "gitlabusr", "elasticsearch", "opensearch",
];

/// Which letter may follow which in a word: the 238 of 676 pairs that make up 94 % of the pairs in
/// 6,000 English and technical words. Bit 0 of row 0 is `aa`.
#[rustfmt::skip] // rows, not a column
const PAIRS: [u32; 26] = [
    0x13ebd4e, 0x0164911, 0x01a4d95, 0x0164919, 0x0efb97d, 0x0164931, 0x0162991, 0x00a4111, 0x22ef87f,
    0x0000000, 0x0040110, 0x11c4919, 0x014d113, 0x03c657d, 0x07efd4f, 0x01ec991, 0x0100000, 0x11efd7d,
    0x11cc995, 0x11e4995, 0x00eb957, 0x0004111, 0x0004111, 0x0088010, 0x0048000, 0x0000010,
];

/// How this value is looked for.
pub fn strength(known: &KnownSecret) -> Strength {
    let value = known.value.expose();
    // A word that somebody chose to remove is to go wherever it stands.
    let chosen = known.name.as_deref() == Some(CHOSEN) && value.trim_ascii().len() >= SHORTEST;
    match weakness(value) {
        None => Strength::Strong,
        Some(_) if chosen => Strength::Strong,
        Some(why) => Strength::Weak(why),
    }
}

fn weakness(value: &[u8]) -> Option<&'static str> {
    let value = value.trim_ascii();
    let mut seen = [false; 256];
    value.iter().for_each(|byte| seen[usize::from(*byte)] = true);
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    // Six or seven random characters of three kinds are one in a hundred billion; a word of seven
    // letters with a digit is not.
    if value.len() < 6 || (value.len() < 8 && kinds(value) < 3) {
        Some("short")
    } else if seen.iter().filter(|seen| **seen).count() < 4 {
        Some("repeated characters")
    } else if digits < 16 && value.iter().all(|byte| byte.is_ascii_digit() || b" .,:;/_+-".contains(byte)) {
        Some("a number")
    } else if value.iter().filter(|byte| byte.is_ascii_alphanumeric() || **byte >= 0x80).count() < 4 {
        Some("punctuation")
    } else if marker::only(value) {
        Some("a marker")
    } else if is_path(value) {
        Some("a path")
    } else if is_name(value) {
        Some("a word or name")
    } else {
        None
    }
}

/// Of lower case, upper case, digits and the rest.
fn kinds(value: &[u8]) -> usize {
    let kinds: [fn(&u8) -> bool; 4] =
        [u8::is_ascii_lowercase, u8::is_ascii_uppercase, u8::is_ascii_digit, |byte| {
            !byte.is_ascii_alphanumeric()
        }];
    kinds.iter().filter(|kind| value.iter().any(kind)).count()
}

/// `/etc/gitlab/ssl`, not a base64 text that begins with `/`.
fn is_path(value: &[u8]) -> bool {
    let Some(rest) = value.strip_prefix(b"/") else { return false };
    let plain = |part: &[u8]| part.is_empty() || part.split(|byte| b"-_.".contains(byte)).all(reads_as_words);
    rest.split(|byte| *byte == b'/').all(plain)
}

/// A word, a host, an account, a mail address: made of words and short numbers, and mostly of words.
///
/// Beside a few letters between signs anything looks like a name (`da@:aB8/iS`), so such pieces only
/// pass where whole words outweigh them, and no word changes its case within. A long row of words is a
/// passphrase, unless its dots make it a host, and three words may be one where none is of a host's.
fn is_name(value: &[u8]) -> bool {
    let host = value.contains(&b'.') && !value.contains(&b' ');
    if value.len() >= 24 && !host {
        return false;
    }
    let parts: Vec<Part<'_>> =
        value.split(|byte| b"-_. :@/".contains(byte)).filter(|part| !part.is_empty()).map(Part::of).collect();
    if !parts.iter().all(|part| part.may_be_of_a_name(parts.len() > 1)) {
        return false;
    }
    let length = |part: &Part<'_>| part.letters.len() + part.number.len();
    let all: usize = parts.iter().map(length).sum();
    let words: usize = parts.iter().filter(|part| part.is_word()).map(|part| part.letters.len()).sum();
    if words < all - words {
        return false;
    }
    if parts.iter().any(Part::is_known) {
        return true;
    }
    let alike = |case: fn(&[u8]) -> bool| parts.iter().all(|part| case(part.letters));
    let capital = parts.iter().any(|part| part.letters.first().is_some_and(u8::is_ascii_uppercase));
    let small = value.iter().any(u8::is_ascii_lowercase);
    let numbered = value.iter().any(u8::is_ascii_digit);
    (alike(is_small) || alike(is_capitalised) || alike(is_shouted))
        && !(capital && small && numbered)
        && (host || parts.iter().filter(|part| part.is_word()).count() < 3)
}

/// What stands between two signs: letters, and a number behind them.
struct Part<'v> {
    letters: &'v [u8],
    number: &'v [u8],
}

impl<'v> Part<'v> {
    fn of(part: &'v [u8]) -> Self {
        let (letters, number) = part.split_at(part.iter().take_while(|b| b.is_ascii_alphabetic()).count());
        Self { letters, number }
    }

    fn is_known(&self) -> bool {
        NAMES.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(self.letters))
    }

    /// Long enough to say something.
    fn is_word(&self) -> bool {
        self.is_known() || self.letters.len() >= 4
    }

    /// `redis01`, `node3`, `eu`, `17`: a word, a number of up to four digits, or both.
    fn may_be_of_a_name(&self, among_others: bool) -> bool {
        let short = self.number.len() <= 4 && self.number.iter().all(u8::is_ascii_digit);
        let alone = self.letters.is_empty() || self.number.is_empty() || among_others;
        short && (self.is_known() || (alone && is_wordlike(self.letters)))
    }
}

fn is_small(letters: &[u8]) -> bool {
    letters.iter().all(u8::is_ascii_lowercase)
}

fn is_shouted(letters: &[u8]) -> bool {
    letters.iter().all(u8::is_ascii_uppercase)
}

fn is_capitalised(letters: &[u8]) -> bool {
    letters.split_first().is_none_or(|(first, rest)| first.is_ascii_uppercase() && is_small(rest))
}

/// As `reads_as_words`, of one case.
fn is_wordlike(part: &[u8]) -> bool {
    let known = || NAMES.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(part));
    reads_as_words(part) && (is_small(part) || is_shouted(part) || is_capitalised(part) || known())
}

/// Letters that follow each other as in words, or at most three; a short number; nothing.
fn reads_as_words(part: &[u8]) -> bool {
    if !part.iter().all(u8::is_ascii_alphabetic) {
        return part.len() <= 4 && part.iter().all(u8::is_ascii_digit);
    }
    let pair = |pair: &[u8]| match pair {
        [a, b] => PAIRS[letter(*a)] >> letter(*b) & 1 != 0,
        _ => false,
    };
    let pairs = part.len().saturating_sub(1);
    let usual = part.windows(2).filter(|two| pair(two)).count();
    part.len() <= 3
        || usual * 4 >= pairs * 3
        || NAMES.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(part))
}

/// Of an ASCII letter.
fn letter(byte: u8) -> usize {
    usize::from(byte.to_ascii_lowercase().wrapping_sub(b'a')).min(25)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_log_may_hold_for_another_reason_is_weak() {
        for weak in [
            "",
            "x",
            "hunter2",
            "secret",
            "gitlab",
            "password",
            "Password",
            "administrator",
            "postgresql",
            "gitlabhq_production",
            "gitlab.example.com",
            "redis-01.internal",
            "gitlab-primary-01",
            "10.0.0.17",
            "2024-06-07 00:00",
            "123456789012",
            "aaaaaaaaaaaaaaaa",
            "/etc/gitlab/ssl",
            "/var/opt/gitlab/redis-01",
            "ops@example.com",
            "redis:6379",
            "production1",
            "sidekiq",
            "replication",
            "pgbouncer",
            "Sunshine",
            "gitlab-consul.production.eu-west.example.com",
            "node_exporter",
            "__REDACTED.db_password.01234567__",
            "us-east-1",
            "GitLab-Primary-01",
            "Ana Rossi",
            "db-01",
        ] {
            assert!(weakness(weak.as_bytes()).is_some(), "{weak}");
        }
    }

    #[test]
    fn what_only_a_secret_looks_like_is_strong() {
        for strong in [
            "Xk9#mQ2",
            "S3cret!pass",
            "hunter2hunter2",
            "p@ssw0rd",
            "correct horse battery staple",
            "dragon123",
            "qzkxvwpj",
            "kJhGfDsAqWeR",
            "3f6b1c0d9e8a7f65",
            "glpat-abcdefghij0123456789",
            "4711081512345678",
            "/Zx9+qWe7/Rt5==",
            "9d1f0b5e-6a0c-4a52-9a11-2f6a3b9d1c77",
            "Tr0ub4dor&3",
            "gitlab!2024",
            "Welcome2GitLab",
            "Пароль-длинный",
            "quiet river mango pixel",
            "correct-horse-staple",
            "Winter-Basel42",
            "da@:aB8/iSpGrgU7",
            "br66_jTM",
            "CorrectHorse",
        ] {
            assert_eq!(weakness(strong.as_bytes()), None, "{strong}");
        }
    }
    /// Found: one random password in three hundred with signs such as `:`, `@` and `/` in it passed for a name.
    #[test]
    fn random_passwords_are_no_names() {
        const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
        let mut state = 1_u64;
        let mut below = |most: usize| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % most
        };
        for length in [12, 16, 18, 22] {
            let mut weak = 0;
            for _ in 0..20_000 {
                let mut value: Vec<u8> = (0..length).map(|_| LETTERS[below(LETTERS.len())]).collect();
                for _ in 0..length / 5 {
                    value[1 + below(length - 2)] = b":@/-_. "[below(7)];
                }
                weak += usize::from(weakness(&value).is_some());
            }
            assert!(weak <= 2, "{weak} of 20,000 of {length} characters");
        }
    }
}
