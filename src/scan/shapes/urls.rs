//! Secrets in addresses: a password before the host, a path or a signature that is the secret.

use super::super::marker;
use super::{
    Body, Shape,
    bytes::{alnum, base64, lower, run, run_back, varied, word},
};

const fn behind(name: &'static str, needle: &'static str, body: fn(&[u8]) -> Option<usize>) -> Shape {
    Shape { name, needle, body: Body::Behind(body) }
}

/// How far a password may stand behind the scheme.
const LONGEST: usize = 200;

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
    Shape { name: "driver-password", needle: "@tcp(", body: Body::Around(driver) }, Shape { name: "driver-password", needle: "@unix(", body: Body::Around(driver) },
    Shape { name: "pipedream-address", needle: ".m.pipedream.net", body: Body::Around(pipedream) },
];

/// `user:password@host`, or a token in the user's place; a colon and an at sign as they are or percent-encoded.
fn userinfo(rest: &[u8]) -> Option<usize> {
    // Most addresses have none of these.
    memchr::memchr3(b'@', b'%', b'\\', &rest[..rest.len().min(LONGEST)])?;
    let marks = Marks::of(&rest[..rest.len().min(LONGEST)]);
    let (at, behind) = marks.at?;
    let host = rest.get(behind).is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'[');
    let slash = marks.slash.unwrap_or(at).min(at);
    let is_token = |user: &[u8]| {
        user.len() >= 20 && user.iter().all(|b| word(*b)) && varied(user, word, user.len()).is_some()
    };
    let Some((colon, begin)) = marks.colon.filter(|(colon, begin)| *colon < slash && *begin <= at) else {
        return (host && is_token(&rest[..at])).then_some(behind + 1);
    };
    let password = &rest[begin..at];
    if password == b"x-oauth-basic" || password.is_empty() {
        return is_token(&rest[..colon]).then_some(behind + 1);
    }
    // A slash in it: a path with a colon and an at sign, if a port may stand before the slash.
    let first = &password[..memchr::memchr(b'/', password).unwrap_or(password.len())];
    let port = first.len() <= 5 && first.iter().all(u8::is_ascii_digit);
    let odd = colon > 120 || port || slash < at && first.len() < 4;
    (host && !odd && is_password(password)).then_some(behind + 1)
}

/// `user:password@tcp(host:3306)/db`, as Go's MySQL driver has it.
fn driver(before: &[u8], _rest: &[u8]) -> Option<(usize, usize)> {
    let length = run_back(before, |b| b > b' ' && !b"\"'`<>".contains(&b), LONGEST);
    let word = &before[before.len() - length..];
    let scheme = memchr::memmem::find(word, b"://").map_or(0, |at| at + 3);
    let colon = scheme + memchr::memchr(b':', &word[scheme..])? + 1;
    is_password(&word[colon..]).then_some((length - colon, 0))
}

/// Where the parts of an address stand, each with what follows it.
#[derive(Debug, Default)]
struct Marks {
    colon: Option<(usize, usize)>,
    /// The last one: a password may have some too.
    at: Option<(usize, usize)>,
    slash: Option<usize>,
}

impl Marks {
    /// Up to what ends an address, or to the next one.
    fn of(window: &[u8]) -> Self {
        const COLONS: &[&[u8]] = &[b"%3A", b"%3a", b"%253A", b"%253a"];
        const ATS: &[&[u8]] = &[b"%40", b"%2540", b"\\u0040"];
        let mut marks = Self::default();
        for (place, byte) in window.iter().enumerate() {
            let long = |spellings: &[&[u8]]| {
                let found = spellings.iter().find(|spelling| window[place..].starts_with(spelling))?;
                Some((place, place + found.len()))
            };
            match byte {
                b':' if window[place..].starts_with(b"://") => break,
                b':' => marks.colon = marks.colon.or(Some((place, place + 1))),
                b'@' => marks.at = Some((place, place + 1)),
                b'/' => marks.slash = marks.slash.or(Some(place)),
                b'%' | b'\\' => {
                    marks.colon = marks.colon.or_else(|| long(COLONS));
                    marks.at = long(ATS).or(marks.at);
                }
                b'\'' | b'"' | b'<' | b'>' | b'`' | 0..=b' ' => break,
                _ => {}
            }
        }
        marks
    }
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

/// A path with so many parts of such a length; slashes may be escaped.
fn path(rest: &[u8], long: usize, least: usize) -> Option<usize> {
    let class = |b: u8| word(b) || matches!(b, b'/' | b'\\' | b'@' | b'.' | b'%');
    let path = &rest[..run(rest, class, 180)];
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
