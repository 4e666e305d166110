//! The independent second look at redacted bytes: does anything in them still look like a secret?
//!
//! Shares no code with the redactor, so that one mistake does not pass both. It errs towards silence
//! where a form is ambiguous: a false hit withholds a whole entry. Changes nothing, keeps nothing.

mod keyed;
mod lanes;
mod shapes;

use lanes::Lanes;
use shapes::SHAPES;

/// Most bytes on either side of a chunk's border that are looked at together.
const SEAM: usize = 4 << 10;

/// Most hits that are told of one text.
const MOST_HITS: usize = 10_000;

/// What looks like a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hit {
    /// The rule.
    pub rule: &'static str,
    /// Where it begins: a name, or the fixed part of a form.
    pub start: usize,
    /// Where that ends. What follows is the secret's own.
    pub named: usize,
}

/// The scanner; shared by all threads.
#[derive(Debug)]
pub struct Scanner {
    /// All needles at once, shapes first; most text is passed over by it alone.
    needles: Lanes,
}

impl Scanner {
    /// Builds the search.
    pub fn new() -> Self {
        let needles = SHAPES.iter().map(|shape| shape.needle).chain(keyed::NAMES.iter().copied());
        Self { needles: Lanes::new(needles) }
    }

    /// The name of a rule that hits in `chunk`, or across the border to what stands `before` it.
    pub fn hit(&self, before: &[u8], chunk: &[u8]) -> Option<&'static str> {
        self.look(chunk, 0).or_else(|| {
            if before.is_empty() || before.ends_with(b"\n") {
                return None;
            }
            let left = &before[before.len().saturating_sub(SEAM)..];
            let seam = [left, &chunk[..chunk.len().min(SEAM)]].concat();
            self.look(&seam, left.len())
        })
    }

    /// Everything in `text` that looks like a secret and ends behind `border`, in the order of the text. For
    /// whoever has to say where, so that it can be mended.
    pub fn each(&self, text: &[u8], border: usize) -> Vec<Hit> {
        let mut hits = Vec::new();
        let none: Option<()> = self.needles.find(text, |needle, start| {
            let (reach, rule, length) = self.judge(text, needle, start)?;
            if reach > border && hits.len() < MOST_HITS {
                hits.push(Hit { rule, start, named: start + length });
            }
            None
        });
        debug_assert!(none.is_none());
        hits.sort_unstable_by_key(|hit| hit.start);
        hits.dedup_by_key(|hit| hit.start);
        hits
    }

    /// Hits that end behind `border`.
    fn look(&self, text: &[u8], border: usize) -> Option<&'static str> {
        self.needles.find(text, |needle, start| {
            let (reach, rule, _) = self.judge(text, needle, start)?;
            (reach > border).then_some(rule)
        })
    }

    /// Whether the needle at `start` is a secret's: where it ends, its rule, and the needle's length.
    fn judge(&self, text: &[u8], needle: usize, start: usize) -> Option<(usize, &'static str, usize)> {
        match SHAPES.get(needle) {
            Some(shape) => Some((shape.reach(text, start)?, shape.name, shape.needle.len())),
            None => {
                let name = keyed::NAMES.get(needle - SHAPES.len())?;
                Some((keyed::reach(text, start, name)?, "named-value", name.len()))
            }
        }
    }
}

impl Default for Scanner {
    fn default() -> Self {
        Self::new()
    }
}

/// The redactor's marker, `__REDACTED.NAME.TAG__`, by this module's own reading of it: the length
/// if one stands at the beginning of `text`.
fn marker(text: &[u8]) -> Option<usize> {
    let rest = text.strip_prefix(b"__REDACTED.")?;
    let name =
        rest.iter().position(|b| !(b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-".contains(b)))?;
    let tag = rest[name..].strip_prefix(b".")?;
    let hex = tag.get(..8)?.iter().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(b));
    let whole = name > 0 && hex && tag[8..].starts_with(b"__");
    whole.then_some(b"__REDACTED.".len() + name + 1 + 8 + 2)
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
    fn each_hit_is_told_with_its_place() {
        let x = "aB3dE6gH9".repeat(3);
        let text = format!("glpat-{x}\nok\ndb_password: \"{x}\" glpat-{x}");
        let hits = Scanner::new().each(text.as_bytes(), 0);
        let told: Vec<_> = hits.iter().map(|hit| (hit.rule, &text[hit.start..hit.named])).collect();
        assert_eq!(
            told,
            [("gitlab-token", "glpat-"), ("named-value", "password"), ("gitlab-token", "glpat-")]
        );
        assert_eq!(Scanner::new().each(text.as_bytes(), text.len() - 1).len(), 0);
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
