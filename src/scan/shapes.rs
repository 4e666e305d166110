//! Secrets by their form alone: a literal beginning and enough of a body behind it.

/// What must follow a needle.
#[derive(Debug, Clone, Copy)]
enum Body {
    /// At least so many bytes of a class.
    Run(fn(u8) -> bool, usize),
    /// Whatever this says of the text behind the needle: how many bytes of it are the secret's.
    That(fn(&[u8]) -> Option<usize>),
    /// The same, of the text before and behind it.
    Around(fn(&[u8], &[u8]) -> Option<usize>),
}

/// One form.
#[derive(Debug)]
pub(super) struct Shape {
    /// Told when it hits.
    pub(super) name: &'static str,
    /// What it begins with, in this case only.
    pub(super) needle: &'static str,
    body: Body,
}

const fn run(name: &'static str, needle: &'static str, class: fn(u8) -> bool, least: usize) -> Shape {
    Shape { name, needle, body: Body::Run(class, least) }
}

const fn that(name: &'static str, needle: &'static str, body: fn(&[u8]) -> Option<usize>) -> Shape {
    Shape { name, needle, body: Body::That(body) }
}

/// All forms. Each asks for a body that no placeholder has.
#[rustfmt::skip] // a table
pub(super) const SHAPES: &[Shape] = &[
    run("gitlab-token", "glpat-", word, 18),
    run("gitlab-token", "gldt-", word, 18),
    run("gitlab-token", "glrt-", word, 18),
    run("gitlab-token", "glrtr-", word, 18),
    run("gitlab-token", "glptt-", word, 18),
    run("gitlab-token", "glft-", word, 18),
    run("gitlab-token", "glimt-", word, 18),
    run("gitlab-token", "glagent-", word, 18),
    run("gitlab-token", "glsoat-", word, 18),
    run("gitlab-token", "gloas-", word, 18),
    run("gitlab-token", "glffct-", word, 18),
    run("gitlab-token", "glwt-", word, 18),
    run("gitlab-token", "glcbt-", word, 18),
    run("gitlab-registration-token", "GR1348941", word, 18),
    run("github-token", "ghp_", alnum, 34),
    run("github-token", "gho_", alnum, 34),
    run("github-token", "ghu_", alnum, 34),
    run("github-token", "ghs_", alnum, 34),
    run("github-token", "ghr_", alnum, 34),
    run("github-token", "github_pat_", word, 40),
    run("aws-key-id", "AKIA", base32, 16),
    run("aws-key-id", "ASIA", base32, 16),
    run("google-api-key", "AIza", word, 35),
    run("google-oauth", "GOCSPX-", word, 24),
    run("google-oauth", "ya29.", word, 40),
    run("slack-token", "xoxb-", word, 24),
    run("slack-token", "xoxp-", word, 24),
    run("slack-token", "xoxa-", word, 24),
    run("slack-token", "xoxr-", word, 24),
    run("slack-token", "xoxs-", word, 24),
    that("slack-webhook", "hooks.slack.com/", slack_webhook),
    run("npm-token", "npm_", alnum, 34),
    run("pypi-token", "pypi-AgEI", word, 40),
    run("stripe-key", "sk_live_", alnum, 20),
    run("stripe-key", "rk_live_", alnum, 20),
    run("stripe-key", "sk_test_", alnum, 20),
    that("sendgrid-key", "SG.", sendgrid),
    run("openai-key", "sk-proj-", word, 20),
    run("openai-key", "sk-svcacct-", word, 20),
    run("anthropic-key", "sk-ant-", word, 20),
    run("docker-token", "dckr_pat_", word, 24),
    run("docker-token", "dckr_oat_", word, 24),
    run("digitalocean-token", "_v1_", hex, 60),
    run("vault-token", "hvs.", word, 24),
    run("vault-token", "hvb.", word, 24),
    run("grafana-token", "glsa_", alnum, 32),
    run("grafana-token", "glc_", base64, 32),
    run("huggingface-token", "hf_", alnum, 34),
    run("shopify-token", "shpat_", hex, 32),
    run("shopify-token", "shpss_", hex, 32),
    run("age-key", "AGE-SECRET-KEY-1", base32_upper, 50),
    Shape { name: "jwt", needle: ".eyJ", body: Body::Around(jwt) },
    that("private-key", "-----BEGIN ", private_key),
    that("url-password", "://", url_password),
    that("crypt-hash", "$2", bcrypt),
    that("crypt-hash", "$6$", crypt),
    that("crypt-hash", "$5$", crypt),
    that("scram-hash", "SCRAM-SHA-", scram),
];

impl Shape {
    /// Where the form ends whose needle stands at `at`, if it is one.
    pub(super) fn reach(&self, text: &[u8], at: usize) -> Option<usize> {
        let (before, rest) = text.split_at_checked(at)?;
        let rest = rest.strip_prefix(self.needle.as_bytes())?;
        let body = match self.body {
            Body::Run(class, least) => {
                let length = run_of(rest, class, least);
                (length >= least).then_some(length)?
            }
            Body::That(length) => length(rest)?,
            Body::Around(length) => length(before, rest)?,
        };
        Some(at + self.needle.len() + body)
    }
}

/// Bytes of a class at the beginning, counted no further than `most`.
fn run_of(text: &[u8], class: fn(u8) -> bool, most: usize) -> usize {
    text.iter().take(most).take_while(|b| class(**b)).count()
}

fn alnum(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

fn base32(byte: u8) -> bool {
    byte.is_ascii_uppercase() || (b'2'..=b'7').contains(&byte)
}

fn base32_upper(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

fn hex(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
}

fn base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte)
}

fn slack_webhook(rest: &[u8]) -> Option<usize> {
    let path = &rest[..rest.iter().take(160).take_while(|b| word(**b) || **b == b'/').count()];
    let mut parts = path.split(|b| *b == b'/');
    let secret = matches!(parts.next(), Some(b"services" | b"workflows" | b"triggers"))
        && parts.filter(|part| part.len() >= 8).count() >= 2;
    secret.then_some(path.len())
}

fn sendgrid(rest: &[u8]) -> Option<usize> {
    let id = run_of(rest, word, 40);
    let secret =
        (16..=32).contains(&id) && rest.get(id) == Some(&b'.') && run_of(rest.get(id + 1..)?, word, 30) >= 30;
    secret.then_some(id + 1 + 30)
}

/// Header and payload are JSON objects: both begin with `{"`, which is `eyJ`. The needle is the second one, since
/// between two of those no byte is looked at twice.
fn jwt(before: &[u8], rest: &[u8]) -> Option<usize> {
    let header = &before[before.len().saturating_sub(4096)..];
    let header = &header[header.len() - header.iter().rev().take_while(|b| word(**b)).count()..];
    let begins = memchr::memmem::find(header, b"eyJ")?;
    let length = run_of(rest, word, 16 << 10);
    let signature = rest.get(length..)?.strip_prefix(b".")?;
    let secret = header.len() - begins >= 11 && length >= 8 && run_of(signature, word, 16) >= 16;
    secret.then_some(length + 1 + 16)
}

/// A header of a private key with a body behind it, wherever its line end went.
fn private_key(rest: &[u8]) -> Option<usize> {
    let line = &rest[..rest.len().min(64)];
    let end = memchr::memmem::find(line, b"-----")?;
    let label = &line[..end];
    let private = label.ends_with(b"PRIVATE KEY") || label.ends_with(b"PRIVATE KEY BLOCK");
    let behind = &rest[end + 5..rest.len().min(end + 5 + 400)];
    let mut at = end + 5;
    let body = behind.split(|b| !base64(*b)).find_map(|part| {
        let from = at;
        at += part.len() + 1;
        (part.len() >= 16).then_some(from + 16)
    });
    body.filter(|_| private)
}

/// `://user:password@host`; a user alone is no secret here.
fn url_password(rest: &[u8]) -> Option<usize> {
    let stop = |b: &u8| {
        b.is_ascii_whitespace()
            || matches!(
                b,
                b'\'' | b'"' | b'<' | b'>' | b'\\' | b'{' | b'}' | b'[' | b']' | b'?' | b'#' | b'/' | b','
            )
    };
    let authority = &rest[..rest.iter().take(300).position(stop).unwrap_or(rest.len().min(300))];
    let at = memchr::memrchr(b'@', authority)?;
    let colon = memchr::memchr(b':', &authority[..at])?;
    let password = &authority[colon + 1..at];
    let masked = password.iter().all(|b| b"*x.X%-".contains(b));
    let marked = super::marker(password) == Some(password.len());
    let reference = password.starts_with(b"$") || password.starts_with(b"%");
    let port = password.iter().all(u8::is_ascii_digit) && password.len() < 6;
    let host = authority.get(at + 1).is_some_and(u8::is_ascii_alphanumeric);
    let secret = password.len() >= 4 && host && !masked && !marked && !reference && !port;
    secret.then_some(at + 2)
}

fn bcrypt(rest: &[u8]) -> Option<usize> {
    let body = |rest: &[u8]| run_of(rest, |b| alnum(b) || b == b'.' || b == b'/', 50) >= 50;
    let secret = matches!(rest, [b'a' | b'b' | b'x' | b'y', b'$', c, d, b'$', rest @ ..]
        if c.is_ascii_digit() && d.is_ascii_digit() && body(rest));
    secret.then_some(5 + 50)
}

fn crypt(rest: &[u8]) -> Option<usize> {
    let body = match rest.strip_prefix(b"rounds=") {
        Some(rest) => rest.get(run_of(rest, |b| b.is_ascii_digit(), 9) + 1..).unwrap_or_default(),
        None => rest,
    };
    let class = |b: u8| alnum(b) || b == b'.' || b == b'/';
    let salt = run_of(body, class, 17);
    let secret = (1..=16).contains(&salt)
        && body.get(salt) == Some(&b'$')
        && run_of(body.get(salt + 1..)?, class, 40) >= 40;
    secret.then_some(rest.len() - body.len() + salt + 1 + 40)
}

/// `SCRAM-SHA-256$4096:salt$stored:server`.
fn scram(rest: &[u8]) -> Option<usize> {
    let line = &rest[..rest.len().min(80)];
    let dollar = memchr::memchr(b'$', line)?;
    let salt = dollar + memchr::memchr(b':', &line[dollar..])? + 1;
    (run_of(rest.get(salt..)?, base64, 12) >= 12).then_some(salt + 12)
}
