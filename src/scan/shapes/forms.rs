//! Secrets of several parts: JSON web tokens, private keys, logins in headers, tokens told by what stands in their middle.

use super::{
    Around, Body, Shape,
    bytes::{alnum, base64, hex, is_apart, lower, run, run_back, upper, varied, word},
};

const fn behind(name: &'static str, needle: &'static str, body: fn(&[u8]) -> Option<usize>) -> Shape {
    Shape { name, needle, body: Body::Behind(body) }
}

const fn around(name: &'static str, needle: &'static str, body: Around) -> Shape {
    Shape { name, needle, body: Body::Around(body) }
}

#[rustfmt::skip] // a table
pub(super) const FORMS: &[Shape] = &[
    around("jwt", ".eyJ", jwt), around("jwt", ".eyA", jwt), around("mapbox-token", "sk.eyJ", |before, rest| apart(before, || Some(run(rest, word, 40)).filter(|n| *n >= 40))),
    around("encrypted-jwt", "eyJ", encrypted), behind("rails-message", "eyJfcmFpbHMi", |rest| varied(rest, base64, 40)),
    behind("private-key", "-----BEGIN ", private_key), behind("private-key", "-----BEGIN+", private_key), behind("private-key", "-----BEGIN%20", private_key),
    behind("private-key", "Private-Lines: ", |rest| { let at = run(rest, |b| b.is_ascii_digit() || b.is_ascii_whitespace(), 8); varied(&rest[at..], base64, 40).map(|n| at + n) }),
    behind("sendgrid-key", "SG.", sendgrid), around("infisical-token", "st.", |before, rest| apart(before, || two(rest, alnum, 20, word, 30))),
    around("telegram-token", ":AA", telegram), around("azure-secret", "8Q~", azure_secret), around("azure-secret", "7Q~", azure_secret),
    behind("azure-key", "AccountKey=", |rest| varied(rest, base64, 40)), behind("azure-key", "SharedAccessKey=", |rest| varied(rest, base64, 40)),
    around("azure-key", "+ASt", |before, rest| tail(before, rest, 70, 8)), around("azure-key", "ACDb", |before, rest| tail(before, rest, 70, 8)),
    around("azure-key", "AzFu", |before, rest| tail(before, rest, 40, 6)), around("azure-key", "AzSe", |before, rest| tail(before, rest, 40, 6)),
    around("azure-key", "JQQJ99", |before, rest| tail(before, rest, 50, 20)), around("azure-devops-token", "AZDO", |before, rest| tail(before, rest, 70, 4)),
    around("azure-key", "+ACR", |before, rest| tail(before, rest, 40, 6)), around("azure-key", "APIM", |before, rest| tail(before, rest, 70, 6)),
    around("mailchimp-key", "-us", mailchimp), around("newrelic-key", "NRAL", |before, _| (run_back(before, alnum, 36) >= 30).then_some((32, 0))),
    around("maxmind-key", "_mmk", |before, _| (run_back(before, word, 40) >= 30).then_some((30, 0))),
    around("airtable-token", "pat", |before, rest| apart(before, || two(rest, alnum, 14, hex, 40))),
    around("salesforce-token", "00D", |before, rest| apart(before, || salesforce(rest))), around("asana-token", "2/", |before, rest| apart(before, || asana(rest))),
    around("clickup-token", "pk_", |before, rest| apart(before, || clickup(rest))), around("discord-token", ".G", discord), around("discord-token", "MT", discord_id), behind("private-key", "LS0tLS1CRUdJTi", encoded_key),
    around("deepl-key", ":fx", |before, _| (run_back(before, word, 36) >= 36).then_some((36, 0))),
    behind("gitlab-mail", "incoming+", mail_key),
    around("bearer-token", "bearer ", |_, rest| Some((0, varied(rest, |b| base64(b) || b == b'.' || b == b'~', 16)?))),
    around("bearer-token", "Bearer ", |_, rest| Some((0, varied(rest, |b| base64(b) || b == b'.' || b == b'~', 16)?))),
    around("bearer-token", "Bearer%20", |_, rest| Some((0, varied(rest, |b| base64(b) || b == b'.', 16)?))),
    behind("bearer-token", "bearer.", |rest| varied(rest, word, 16).filter(|n| rest[..*n].iter().filter(|b| b.is_ascii_digit()).count() > 1)),
    behind("basic-auth", "Basic ", login), behind("basic-auth", "basic ", login), behind("basic-auth", "Basic%20", login),
    behind("session-cookie", "_gitlab_session", |rest| session(rest, 24)), behind("session-cookie", "PHPSESSID", |rest| session(rest, 20)), behind("session-cookie", "JSESSIONID", |rest| session(rest, 20)),
    around("login", "b2F1dGgyO", |before, rest| apart(before, || varied(rest, base64, 12))), around("login", "Z2l0bGFiLWNpLXRva2VuO", |before, rest| apart(before, || varied(rest, base64, 12))),
    around("login", "eC1vYXV0aC1iYXNpYz", |before, rest| apart(before, || varied(rest, base64, 8))),
    around("rancher-token", "token-", |before, rest| apart(before, || rancher(rest))), around("k3s-token", "K10", |before, rest| apart(before, || varied(rest, hex, 64))),
];

/// Behind no letter or digit.
fn apart(before: &[u8], body: impl FnOnce() -> Option<usize>) -> Option<(usize, usize)> {
    is_apart(before).then(body).flatten().map(|length| (0, length))
}

/// Header and payload are JSON objects: both begin with `{"`, which is `eyJ`. The needle is the second one, since
/// between two of those no byte is looked at twice.
fn jwt(before: &[u8], rest: &[u8]) -> Option<(usize, usize)> {
    let length = run_back(before, word, 4096);
    let header = &before[before.len() - length..];
    let begins = memchr::memmem::find(header, b"eyJ").or_else(|| memchr::memmem::find(header, b"eyA"))?;
    let payload = run(rest, word, 16 << 10);
    // Without a signature it is one whose secret part a limit cut off.
    let secret = header.len() - begins >= 11 && payload >= 20;
    let signature = rest.get(payload..).and_then(|rest| rest.strip_prefix(b"."));
    let signed = signature.map_or(0, |signature| 1 + run(signature, word, 16));
    secret.then_some((header.len() - begins, payload + signed))
}

/// One whose parts are encrypted: four dots.
fn encrypted(before: &[u8], rest: &[u8]) -> Option<(usize, usize)> {
    if !is_apart(before) {
        return None;
    }
    let mut at = 0;
    for part in 0..5 {
        let length = run(&rest[at..], word, 1024);
        let short = match part {
            0 => length < 20,
            2 => length < 12,
            3 | 4 => length < 8,
            _ => false,
        };
        if short {
            return None;
        }
        at += length;
        if part < 4 {
            rest.get(at).filter(|b| **b == b'.')?;
            at += 1;
        }
    }
    Some((0, at))
}

/// A header of a private key with a body behind it, wherever its line ends went and whatever stands before each line.
fn private_key(rest: &[u8]) -> Option<usize> {
    let line = &rest[..rest.len().min(64)];
    let end = memchr::memmem::find(line, b"-----")?;
    let label = &line[..end];
    memchr::memmem::find(label, b"PRIVATE")?;
    let behind = &rest[end + 5..rest.len().min(end + 5 + 400)];
    let mut at = end + 5;
    let parts = behind.split(|b| !base64(*b));
    for part in parts {
        let body = part.len() >= 24
            && part.iter().any(u8::is_ascii_uppercase)
            && part.iter().any(u8::is_ascii_lowercase);
        if body {
            return Some(at + part.len());
        }
        at += part.len() + 1;
    }
    None
}

fn sendgrid(rest: &[u8]) -> Option<usize> {
    two(rest, word, 16, word, 30)
}

/// A run, a dot, and another one.
fn two(rest: &[u8], one: fn(u8) -> bool, least: usize, other: fn(u8) -> bool, more: usize) -> Option<usize> {
    let first = run(rest, one, 40);
    let second = rest.get(first..)?.strip_prefix(b".")?;
    (first >= least && run(second, other, more) >= more).then_some(first + 1 + more)
}

fn telegram(before: &[u8], rest: &[u8]) -> Option<(usize, usize)> {
    let digits = run_back(before, |b| b.is_ascii_digit(), 11);
    ((8..=10).contains(&digits) && run(rest, word, 30) >= 30).then_some((digits, 30))
}

fn azure_secret(before: &[u8], rest: &[u8]) -> Option<(usize, usize)> {
    let class = |b: u8| word(b) || b == b'.' || b == b'~';
    (run_back(before, class, 3) == 3 && run(rest, class, 31) >= 31).then_some((3, 31))
}

/// A literal near the end of a long run.
fn tail(before: &[u8], rest: &[u8], least: usize, more: usize) -> Option<(usize, usize)> {
    let class = |b: u8| alnum(b) || b == b'+' || b == b'/';
    let length = run_back(before, class, least + 12);
    let behind = run(rest, base64, more);
    // In a longer run the literal is chance.
    (length >= least && length < least + 12 && behind >= more).then_some((length, behind))
}

fn mailchimp(before: &[u8], rest: &[u8]) -> Option<(usize, usize)> {
    let digits = run(rest, |b| b.is_ascii_digit(), 2);
    (digits > 0 && run_back(before, hex, 33) == 32).then_some((32, digits))
}

fn salesforce(rest: &[u8]) -> Option<usize> {
    let id = run(rest, alnum, 16);
    let token = rest.get(id..)?.strip_prefix(b"!")?;
    (id >= 12 && run(token, |b| word(b) || b == b'.', 60) >= 60).then_some(id + 61)
}

fn asana(rest: &[u8]) -> Option<usize> {
    let digits = |text: &[u8]| run(text, |b| b.is_ascii_digit(), 20);
    let first = digits(rest);
    let second = digits(rest.get(first..)?.strip_prefix(b"/")?);
    let secret = rest.get(first + 1 + second..)?.strip_prefix(b":")?;
    (first >= 14 && second >= 14 && run(secret, hex, 32) >= 32).then_some(first + second + 34)
}

fn clickup(rest: &[u8]) -> Option<usize> {
    let digits = run(rest, |b| b.is_ascii_digit(), 12);
    let secret = rest.get(digits..)?.strip_prefix(b"_")?;
    (digits >= 6 && run(secret, upper, 32) >= 32).then_some(digits + 33)
}

fn discord(before: &[u8], rest: &[u8]) -> Option<(usize, usize)> {
    rest.get(5).filter(|b| **b == b'.')?;
    let id = run_back(before, word, 30);
    let begins = before.len() - id;
    let middle = rest.get(5) == Some(&b'.') && run(rest, word, 6) == 5;
    let user = (23..=28).contains(&id) && matches!(before[begins], b'M' | b'N' | b'O');
    (user && middle && run(&rest[6..], word, 27) >= 27).then_some((id, 33))
}

/// The same from its beginning: base64 of a number.
fn discord_id(before: &[u8], rest: &[u8]) -> Option<(usize, usize)> {
    let id = run(rest, alnum, 28);
    let rest = rest.get(id..)?.strip_prefix(b".")?;
    let middle = run(rest, word, 7);
    let secret = rest.get(middle..)?.strip_prefix(b".")?;
    let found = is_apart(before) && (20..=26).contains(&id) && middle == 6 && run(secret, word, 27) >= 27;
    found.then_some((0, id + 1 + middle + 28))
}

/// A private key in base64: its header says so.
fn encoded_key(rest: &[u8]) -> Option<usize> {
    let whole = b"LS0tLS1CRUdJTi";
    let body: Vec<u8> =
        whole.iter().chain(rest).copied().take(80).take_while(|b| alnum(*b) || b"+/".contains(b)).collect();
    let plain = data_encoding::BASE64_NOPAD.decode(&body[..body.len() / 4 * 4]).ok()?;
    memchr::memmem::find(&plain, b"PRIVATE KEY").map(|_| body.len() - whole.len())
}

/// `incoming+group-project-17-KEY-issue@`: 25 letters and digits between dashes.
fn mail_key(rest: &[u8]) -> Option<usize> {
    let address = &rest[..run(rest, word, 200)];
    let mut at = 0;
    for part in address.split(|b| *b == b'-') {
        if part.len() == 25 && part.iter().all(|b| lower(*b)) && part.iter().any(u8::is_ascii_digit) {
            return Some(at + 25);
        }
        at += part.len() + 1;
    }
    None
}

/// base64 of a user, a colon and something.
pub(crate) fn login(rest: &[u8]) -> Option<usize> {
    let length = run(rest, base64, 400);
    let body: Vec<u8> = rest[..length].iter().copied().filter(|b| *b != b'=').collect();
    let whole = body.len() / 4 * 4;
    let plain = data_encoding::BASE64_NOPAD.decode(&body[..whole]).ok()?;
    let colon = memchr::memchr(b':', &plain);
    let text = plain.iter().take_while(|b| !b.is_ascii_control()).count() * 4 >= plain.len() * 3;
    (length >= 12 && colon.is_some() && text).then_some(length)
}

fn session(rest: &[u8], least: usize) -> Option<usize> {
    let name = run(rest, word, 70);
    let sign = [&b"="[..], b"%3D", b"\\u003d", b"\":\"", b"\"=>\""]
        .into_iter()
        .find(|s| rest[name..].starts_with(s))?;
    let begin = name + sign.len();
    Some(begin + varied(&rest[begin..], word, least)?)
}

fn rancher(rest: &[u8]) -> Option<usize> {
    let id = run(rest, lower, 12);
    let secret = rest.get(id..)?.strip_prefix(b":")?;
    ((4..=10).contains(&id) && run(secret, lower, 50) >= 50).then_some(id + 51)
}
