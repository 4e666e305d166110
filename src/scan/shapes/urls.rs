//! Secrets in addresses: a password before the host, a path or a signature that is the secret.

use super::super::marker;
use super::{
    Body, Shape,
    bytes::{alnum, base64, lower, run, run_back, varied, word},
};

const fn behind(name: &'static str, needle: &'static str, body: fn(&[u8]) -> Option<usize>) -> Shape {
    Shape { name, needle, body: Body::Behind(body) }
}

#[rustfmt::skip] // a table
pub(super) const URLS: &[Shape] = &[
    behind("url-password", "://", userinfo), behind("url-password", ":\\/\\/", userinfo),
    behind("url-password", "%3A%2F%2F", userinfo), behind("url-password", "%253A%252F%252F", userinfo), behind("url-password", ":%2F%2F", userinfo), behind("url-password", ":\\\\/\\\\/", userinfo),
    behind("url-password", "%3a%2f%2f", userinfo), behind("url-password", "%253a%252f%252f", userinfo), behind("url-password", ":%2f%2f", userinfo),
    behind("slack-webhook", "hooks.slack.com", |rest| path(rest, 8, 2)),
    behind("discord-webhook", "/api/webhooks/", |rest| path(rest, 40, 1)),
    behind("teams-webhook", "webhook.office.com", |rest| path(rest, 30, 2)),
    behind("zapier-webhook", "hooks.zapier.com/hooks/catch", |rest| path(rest, 6, 2)),
    behind("ifttt-webhook", "maker.ifttt.com/trigger/", |rest| path(rest, 20, 1)),
    behind("webex-webhook", "/webhooks/incoming/", |rest| path(rest, 30, 1)),
    behind("lark-webhook", "/open-apis/bot/v2/hook", |rest| path(rest, 30, 1)),
    behind("pagerduty-integration", "events.pagerduty.com/integration", |rest| path(rest, 30, 1)),
    behind("victorops-integration", "/integrations/generic", |rest| path(rest, 30, 1)),
    behind("mattermost-webhook", "/hooks/", |rest| path(rest, 26, 1)), behind("teams-webhook", "outlook.office.com/webhook", |rest| path(rest, 30, 2)),
    behind("google-chat-webhook", "chat.googleapis.com/v1/spaces/", |rest| parameter(rest, b"token=", 30)),
    behind("dingtalk-webhook", "oapi.dingtalk.com/robot/send", |rest| parameter(rest, b"access_token=", 30)),
    behind("wecom-webhook", "/cgi-bin/webhook/send", |rest| parameter(rest, b"key=", 30)),
    behind("calendar-address", "/private-", |rest| varied(rest, lower, 32)),
    behind("otp-seed", "otpauth://", |rest| parameter(rest, b"secret=", 16)),
    behind("signed-url", "X-Amz-Signature", |rest| signature(rest, 40)), behind("signed-url", "X-Goog-Signature", |rest| signature(rest, 40)),
    behind("signed-url", "X-Amz-Security-Token", |rest| signature(rest, 40)), behind("signed-url", "x-oss-signature", |rest| signature(rest, 20)),
    behind("signed-url", "&Signature", |rest| signature(rest, 24)), behind("signed-url", "?Signature", |rest| signature(rest, 24)),
    behind("signed-url", "%26Signature", |rest| signature(rest, 24)), behind("signed-url", "u0026Signature", |rest| signature(rest, 24)),
    behind("signed-url", ", Signature", |rest| signature(rest, 24)), behind("signed-url", "sig=", |rest| varied(rest, |b| base64(b) || b == b'%', 40)),
    behind("signed-url", "sig%3D", |rest| varied(rest, |b| base64(b) || b == b'%', 40)),
    Shape { name: "pipedream-address", needle: ".m.pipedream.net", body: Body::Around(pipedream) },
];

/// What ends an address, and a colon and an at sign in it, as they are or percent-encoded.
fn userinfo(rest: &[u8]) -> Option<usize> {
    // Most addresses have none of these.
    let at = memchr::memchr3(b'@', b'%', b'\\', &rest[..rest.len().min(300)])?;
    if rest[..at].iter().any(|b| matches!(b, b' ' | b'"' | b'\n')) {
        return None;
    }
    let stop = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'\'' | b'"' | b'<' | b'>' | b'`' | 0..=8);
    let window = &rest[..rest.iter().take(300).position(stop).unwrap_or(rest.len().min(300))];
    let (at, behind) = last(window, &[b"@", b"%40", b"%2540", b"\\u0040"])?;
    let host = window.get(behind).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'[');
    let authority = &window[..at];
    let slash = memchr::memchr(b'/', authority).unwrap_or(at);
    let Some((colon, begin)) =
        first(authority, &[b":", b"%3A", b"%3a", b"%253A", b"%253a"]).filter(|(c, _)| *c < slash)
    else {
        // A token in the user's place.
        let user = authority.iter().all(|b| word(*b)) && authority.len() >= 20;
        return (host && user && varied(authority, word, authority.len()).is_some()).then_some(behind + 1);
    };
    // A slash in it: a path with a colon and an at sign, unless all before the slash can be no port.
    let password = &authority[begin..];
    let until_slash = &password[..memchr::memchr(b'/', password).unwrap_or(password.len())];
    let port = until_slash.len() <= 5 && until_slash.iter().all(u8::is_ascii_digit);
    let odd = colon > 120 || slash < at && (port || until_slash.len() < 4);
    let fixed = password == b"x-oauth-basic" || password.is_empty();
    if fixed && colon >= 20 && authority[..colon].iter().all(|b| word(*b)) {
        return Some(behind + 1);
    }
    (host && !odd && !fixed && !port && is_password(password)).then_some(behind + 1)
}

fn is_password(password: &[u8]) -> bool {
    let starts: &[&[u8]] = &[b"$", b"%24", b"<", b"{", b"[", b"(", b"%3C", b"%7B", b"%5B", b"*"];
    let reference = starts.iter().any(|start| password.starts_with(start));
    let masked = password.iter().all(|b| b"*x.X%-_".contains(b));
    let words: &[&[u8]] =
        &[b"password", b"pass", b"token", b"secret", b"redacted", b"filtered", b"masked", b"hidden"];
    let marked =
        memchr::memmem::find(password, b"__REDACTED.").is_some_and(|at| marker(&password[at..]).is_some());
    password.len() >= 4
        && !reference
        && !masked
        && !words.iter().any(|word| password.eq_ignore_ascii_case(word))
        && !marked
}

/// Where the first of several spellings stands, and what follows it.
fn first(text: &[u8], spellings: &[&[u8]]) -> Option<(usize, usize)> {
    let places = spellings.iter().filter_map(|s| memchr::memmem::find(text, s).map(|at| (at, at + s.len())));
    places.min()
}

fn last(text: &[u8], spellings: &[&[u8]]) -> Option<(usize, usize)> {
    let places = spellings.iter().filter_map(|s| memchr::memmem::rfind(text, s).map(|at| (at, at + s.len())));
    places.max()
}

/// A path with so many parts of such a length; slashes may be escaped.
fn path(rest: &[u8], long: usize, least: usize) -> Option<usize> {
    let class = |b: u8| word(b) || matches!(b, b'/' | b'\\' | b'@' | b'.' | b'%');
    let path = &rest[..run(rest, class, 260)];
    let mut end = 0;
    let mut count = 0;
    for part in path.split(|b| matches!(b, b'/' | b'\\')) {
        end += part.len();
        // Names of resources have no digits; what tells services apart has.
        count +=
            usize::from(part.len() >= long && part.iter().any(|b| upper_or_digit(*b)) && !is_marked(part));
        if count == least {
            return Some(end);
        }
        end += 1;
    }
    None
}

fn upper_or_digit(byte: u8) -> bool {
    byte.is_ascii_digit() || byte.is_ascii_uppercase()
}

fn is_marked(part: &[u8]) -> bool {
    memchr::memmem::find(part, b"__REDACTED.").is_some()
}

/// A parameter's value, somewhere in the query.
fn parameter(rest: &[u8], name: &[u8], least: usize) -> Option<usize> {
    let window = &rest[..rest.len().min(300)];
    let window =
        &window[..window.iter().position(|b| b.is_ascii_whitespace() || *b == b'"').unwrap_or(window.len())];
    let at = memchr::memmem::find(window, name)? + name.len();
    Some(at + varied(&window[at..], word, least)?)
}

fn signature(rest: &[u8], least: usize) -> Option<usize> {
    let sign = [&b"="[..], b"%3D", b"%253D", b"\\u003d", b"\":\"", b"\"=>\""]
        .into_iter()
        .find(|s| rest.starts_with(s))?;
    let value = &rest[sign.len()..];
    Some(sign.len() + varied(value, |b| base64(b) || b == b'%' || b == b'~', least)?)
}

fn pipedream(before: &[u8], _rest: &[u8]) -> Option<(usize, usize)> {
    let length = run_back(before, alnum, 20);
    (length >= 14).then_some((length, 0))
}
