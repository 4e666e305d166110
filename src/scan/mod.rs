//! The independent second look at redacted bytes: does anything in them still look like a secret?
//!
//! Shares no code with the redactor, so that one mistake does not pass both. It errs towards silence
//! where a form is ambiguous: a false hit withholds a whole entry. Changes nothing, keeps nothing.
//!
//! ```text
//! lanes     all needles at once; most text is passed over by it alone
//! shapes    secrets by their form
//! keyed     secrets by the name beside them: names, glue, opening, values, called, described, prose
//! commands  secrets by their place in a protocol; statements: in SQL; programs: on a command line (words), piped: before it
//! wide      UTF-16 as the other parts read it
//! reading   a whole entry, in pieces: every hit with its line
//! ```

mod called;
mod commands;
mod described;
mod found;
mod glue;
mod keyed;
mod lanes;
mod names;
mod opening;
mod piped;
mod programs;
mod prose;
mod reading;
mod shapes;
mod statements;
mod values;
mod wide;
mod words;

pub use found::Hit;
pub use reading::Reading;

use commands::COMMANDS;
use found::{COMMAND_LINE, Found};
use lanes::Lanes;
use names::STEMS;
use programs::PROGRAMS;
use shapes::Shape;

/// Most bytes on either side of a chunk's border that are looked at together.
const SEAM: usize = 4 << 10;

/// How far behind a secret stands what makes it one: a closing quote or tag.
const NEAR: usize = 64;

/// The scanner; shared by all threads.
#[derive(Debug)]
pub struct Scanner {
    /// All needles at once: shapes, stems of names, commands, programs.
    needles: Lanes,
    shapes: Vec<Shape>,
}

impl Scanner {
    /// Builds the search.
    pub fn new() -> Self {
        let shapes: Vec<Shape> = shapes::all().collect();
        let needles = shapes.iter().map(|shape| shape.needle);
        let needles = needles.chain(STEMS.iter().map(|stem| stem.text));
        let needles = needles.chain(COMMANDS.iter().map(|command| command.needle));
        let needles = needles.chain(PROGRAMS.iter().map(|program| program.needle));
        Self { needles: Lanes::new(needles), shapes }
    }

    /// The name of a rule that hits in `chunk`, or across the border to what stands `before` it.
    pub fn hit(&self, before: &[u8], chunk: &[u8]) -> Option<&'static str> {
        self.first(chunk, 0).or_else(|| {
            let left = &before[before.len().saturating_sub(SEAM)..];
            let seam = (!left.is_empty()).then(|| [left, &chunk[..chunk.len().min(SEAM)]].concat())?;
            self.first(&seam, left.len())
        })
    }

    /// A name or another short text up to what looks like a secret in it, if anything does.
    pub fn masked(&self, text: &str) -> Option<String> {
        let bytes = text.as_bytes();
        let mut shown = bytes.len();
        self.look(bytes, |found| {
            shown = shown.min(found.shown());
            None::<()>
        });
        (shown < bytes.len()).then(|| format!("{}***", &text[..text.floor_char_boundary(shown)]))
    }

    /// Looks at a whole entry, piece by piece, and tells every hit.
    pub fn reading(&self) -> Reading<'_> {
        Reading::new(self)
    }

    /// Some hit that ends behind `border`, or so near before it that what tells it stands behind.
    fn first(&self, text: &[u8], border: usize) -> Option<&'static str> {
        let over = |border: usize| move |found: Found| (found.span.end + NEAR > border).then_some(found.rule);
        self.look(text, over(border)).or_else(|| self.look(&wide::narrow(text)?, over(border / 2)))
    }

    /// Tells what is found until there is an answer.
    fn look<T>(&self, text: &[u8], mut told: impl FnMut(Found) -> Option<T>) -> Option<T> {
        self.needles.find(text, |needle, at| {
            let found = self.found(text, needle, at);
            told(found.filter(|found| !found.is_marked(text) && !is_in_a_marker(text, found.label.start))?)
        })
    }

    /// What the needle of this number at `at` tells.
    fn found(&self, text: &[u8], needle: usize, at: usize) -> Option<Found> {
        if let Some(shape) = self.shapes.get(needle) {
            return shape.found(text, at);
        }
        let needle = needle - self.shapes.len();
        if let Some(stem) = STEMS.get(needle) {
            return keyed::found(text, at, stem);
        }
        let needle = needle - STEMS.len();
        if let Some(command) = COMMANDS.get(needle) {
            return command.found(text, at);
        }
        let program = PROGRAMS.get(needle - COMMANDS.len())?;
        let end = at + program.needle.len();
        Some(Found { rule: COMMAND_LINE, label: at..end, span: program.found(text, end)? })
    }
}
impl Default for Scanner {
    fn default() -> Self {
        Self::new()
    }
}

impl Found {
    /// Whether a marker stands for it. One that the text's end cuts off counts: the look across the border sees
    /// it whole.
    fn is_marked(&self, text: &[u8]) -> bool {
        let (text, length) = (&text[self.span.start..], self.span.len());
        // What was cut short of a value is a part of it.
        if self.is_named() {
            return marker(text).is_some() || begins_marker(text);
        }
        let window = &text[..text.len().min(length + BEGIN.len())];
        let whole =
            memchr::memmem::find_iter(window, BEGIN).any(|at| at < length && marker(&text[at..]).is_some());
        // Fewer bytes of it say nothing, and no value is as short.
        let near_end = text.len().saturating_sub(LONGEST_MARKER)..text.len().saturating_sub(3).min(length);
        whole || near_end.into_iter().any(|at| begins_marker(&text[at..]))
    }
}

/// Whether a marker that begins before `at` goes over it: `mysql` in `__REDACTED.mysql-password.9f3c21d0__`.
fn is_in_a_marker(text: &[u8], at: usize) -> bool {
    let from = at.saturating_sub(LONGEST_MARKER);
    let begin = memchr::memmem::rfind(&text[from..at], BEGIN).map(|begin| from + begin);
    begin.is_some_and(|begin| marker(&text[begin..]).is_some_and(|length| begin + length > at))
}

/// What a marker begins with.
const BEGIN: &[u8] = b"__REDACTED.";

/// Of those that the redactor writes; names are short.
const LONGEST_MARKER: usize = 80;

/// The redactor's marker, `__REDACTED.NAME.TAG__`, by this module's own reading of it: the length
/// if one stands at the beginning of `text`.
fn marker(text: &[u8]) -> Option<usize> {
    let rest = text.strip_prefix(BEGIN)?;
    let name = rest.iter().position(|b| !is_name(*b))?;
    let tag = rest[name..].strip_prefix(b".")?;
    let whole = name > 0 && tag.get(..8)?.iter().all(is_tag) && tag[8..].starts_with(b"__");
    whole.then_some(BEGIN.len() + name + 1 + 8 + 2)
}

/// Whether all of `text` is the beginning of a marker.
fn begins_marker(text: &[u8]) -> bool {
    let Some(rest) = text.strip_prefix(BEGIN) else { return BEGIN.starts_with(text) };
    let name = rest.iter().take_while(|b| is_name(**b)).count();
    let rest = &rest[name..];
    let Some(tag) = rest.strip_prefix(b".") else { return rest.is_empty() };
    let digits = tag.iter().take(8).take_while(|b| is_tag(b)).count();
    name > 0 && b"__".starts_with(&tag[digits..]) && (digits == 8 || digits == tag.len())
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte)
}

fn is_tag(byte: &u8) -> bool {
    byte.is_ascii_digit() || (b'a'..=b'f').contains(byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hit(text: &str) -> Option<&'static str> {
        Scanner::new().hit(b"", text.as_bytes())
    }

    #[test]
    fn tokens_keys_and_passwords_are_seen() {
        let x = |n: usize| "aB3dE6gH9".repeat(12)[..n].to_owned();
        for secret in [
            format!("clone with glpat-{} failed", x(20)),
            format!("acme-glpat-{}", x(27)),
            format!("GR1348941{}", x(20)),
            format!("token=ghp_{}", x(36)),
            format!("AKIA{}", "ABCDEFGH23456723"),
            format!("xoxb-{}-{}", "123456789012", x(24)),
            format!("eyJhbGciOiJIUzI1NiJ9.eyJ{}.{}", x(40), x(43)),
            "https://deploy:s3cr3tPass@registry.example.com/v2/".to_owned(),
            format!("-----BEGIN RSA PRIVATE KEY-----\n{}\n", x(64)),
            "  password: \"hunter2hunter\"".to_owned(),
            "\"private_token\"=>\"tZ8Yqk3nB0aC\"".to_owned(),
            "requirepass Tr0ub4dor&3xyz".to_owned(),
            "{\"db_password\":\"Ab12Cd34Ef\"}".to_owned(),
            "PGPASSWORD=Ab12Cd34Ef psql".to_owned(),
            "--password Ab12Cd34Ef --verbose".to_owned(),
            "Authorization: Bearer Ab12Cd34Ef56".to_owned(),
        ] {
            assert!(hit(&secret).is_some(), "{secret}");
        }
    }

    #[test]
    fn what_redaction_leaves_is_no_secret() {
        for text in [
            "password: __REDACTED.password.9f3c21d0__",
            "https://deploy:__REDACTED.url-password.9f3c21d0__@registry.example.com/v2/",
            "\"token\":\"[FILTERED]\",\"key\":\"id\",\"value\":\"4711\"",
            "password=******** token=xxxxxxxxxx",
            "gitlab_rails['db_password'] = ENV['DB_PASSWORD_2026']",
            "password_file: /run/secrets/db_password1",
            "\"token_type\":\"Bearer\",\"expires_in\":7200",
            "SELECT \"users\".\"encrypted_password\" FROM users WHERE id = $1",
            "Auth::TokenCleanupWorker JID-0123456789abcdef01234567: done: 0.12 sec",
            "correlation_id=01HZX3M8N5Q2R7S9T1V4W6Y8Z0 sha=0123456789abcdef0123456789abcdef01234567",
            "-----BEGIN CERTIFICATE-----\nMIIDdzCCAl+gAwIBAgIEAgAAuTANBgkqhkiG9w0BAQUFADBa\n",
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ8k1d2e3f4g5h6i7j8k9l0m1n2o3p4q5r6s7t8u9 root@x",
            "http://localhost:9090/x@y https://gitlab.example.com:8443/a",
            "personal_access_token_prefix = 'glpat-'",
            "token_expires_at=2026-03-01T10:00:00Z",
            "password authentication failed for user \"gitlab\"",
            "2 tokens: 17, secrets: 0",
            "gitlab-rake \"gitlab:password:reset[ines63]\"",
            "postfix/smtpd[1]: warning: unknown[10.0.0.1]: SASL LOGIN authentication failed: UGFzc3dvcmQ6\nMar  1 10:00:00 gitlab01 postfix",
            "LoadCredential=db_password:/etc/credstore/db_password9 ImportCredential=network.wireguard.a1*",
            "checksum/secret: 0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
            "arn:aws:secretsmanager:eu-west-1:123456789012:secret:gitlab/db-password-a1B2c3",
            "IDENTIFIED BY PASSWORD '__REDACTED.mysql-password-hash.0385e1a4__'",
        ] {
            assert_eq!(hit(text), None, "{text}");
        }
    }

    #[test]
    fn a_secret_across_a_border_is_seen_once_it_is_whole() {
        let scanner = Scanner::new();
        let x = |n: usize| "aB3dE6gH9".repeat(12)[..n].to_owned();
        for secret in [
            format!("glpat-{}", x(20)),
            format!("eyJhbGciOiJIUzI1NiJ9.eyJ{}.{}", x(40), x(43)),
            "ftp://deploy:s3cr3tPass@registry.example.com".to_owned(),
            format!("-----BEGIN RSA PRIVATE KEY-----\n{}", x(64)),
            format!("$2b$10${}", x(53)),
            format!("$6$rounds=5000$salt${}", x(80)),
            format!("SCRAM-SHA-256$4096:{}$a:b", x(24)),
            format!("SG.{}.{}", x(22), x(43)),
            format!("hooks.slack.com/services/{}/{}/{}", x(9), x(9), x(24)),
            "<password>Ab12Cd34Ef</password>".to_owned(),
            "\"db_password\":\"correct horse battery staple\"".to_owned(),
            "{\"key\":\"password\",\"value\":\"Ab12Cd34Ef\"}".to_owned(),
        ] {
            let text = format!("x {secret} y");
            assert!(scanner.hit(b"", text.as_bytes()).is_some(), "{secret}");
            for at in 3..text.len() - 3 {
                let (left, right) = text.as_bytes().split_at(at);
                let seen = scanner.hit(b"", left).or_else(|| scanner.hit(left, right));
                assert!(seen.is_some() || left.ends_with(b"\n"), "{secret} cut at {at}");
            }
        }
    }

    #[test]
    fn a_marker_that_a_border_cuts_is_no_secret() {
        let scanner = Scanner::new();
        let text = "{\"client_secret\":\"__REDACTED.client_secret.9f3c21d0__\",\"n\":1}\n".repeat(3);
        for at in 0..text.len() {
            let (left, right) = text.as_bytes().split_at(at);
            assert_eq!(scanner.hit(b"", left).or_else(|| scanner.hit(left, right)), None, "cut at {at}");
        }
        assert!(hit("password=__REDACTED.x.9f3c21d0_ and more").is_some());
        assert!(hit("password=__REDACTED.x.9fzc21d0").is_some());
        assert!(hit("password=Ab12Cd34Ef__").is_some());
    }

    #[test]
    fn a_value_of_which_only_a_part_was_hidden_is_seen() {
        for text in [
            "password: Ab12Cd34__REDACTED.token.9f3c21d0__",
            "db_password=Ab12Cd34Ef__REDACTED.token.9f3c21d0__Ef56",
            "{\"client_secret\":\"Ab12Cd34Ef __REDACTED.token.9f3c21d0__\"}",
            "mysql -pAb12Cd34Ef__REDACTED.token.9f3c21d0__",
        ] {
            assert!(hit(text).is_some(), "{text}");
        }
    }

    #[test]
    fn only_an_exact_marker_is_one() {
        let exact = b"__REDACTED.gitlab-token.9f3c21d0__";
        assert_eq!(marker(exact), Some(exact.len()));
        for wrong in ["__REDACTED.x__real", "__REDACTED.x.9f3c21d__", "__REDACTED..9f3c21d0__", "[FILTERED]"]
        {
            assert_eq!(marker(wrong.as_bytes()), None);
        }
    }
}
