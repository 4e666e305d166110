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

    /// Hits that end behind `border`.
    fn look(&self, text: &[u8], border: usize) -> Option<&'static str> {
        self.needles.find(text, |needle, start| {
            let (reach, name) = match SHAPES.get(needle) {
                Some(shape) => (start + shape.reach(&text[start..])?, shape.name),
                None => {
                    let name = keyed::NAMES.get(needle - SHAPES.len())?;
                    (keyed::reach(text, start, name)?, "named-value")
                }
            };
            (reach > border).then_some(name)
        })
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
        let token = format!("x glpat-{} y", "aB3dE6gH9aB3dE6gH9aB");
        for at in 3..token.len() - 3 {
            let (left, right) = token.as_bytes().split_at(at);
            let seen = scanner.hit(b"", left).or_else(|| scanner.hit(left, right));
            assert!(seen.is_some(), "cut at {at}");
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
