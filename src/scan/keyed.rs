//! Secrets by the name before them, where the value looks like one too.

/// Words that end the name of a secret.
pub(super) const NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "api_key",
    "apikey",
    "api-key",
    "private_key",
    "access_key",
    "secret_key",
    "key_base",
    "encryption_key",
    "requirepass",
    "masterauth",
    "credential",
    "credentials",
    "authorization",
];

/// Longest value that is looked at.
const LONGEST: usize = 200;

/// How a name and its value stand to each other.
struct Pair<'t> {
    name: &'static str,
    /// Whether `=`, `:` or `=>` stands between.
    sign: bool,
    quoted: bool,
    /// Whether the value is the next pair, as in `DB_PASSWORD= PORT=5432`.
    next: bool,
    value: &'t [u8],
}

/// Where the value ends that stands behind the name at `at`, if it is a secret.
pub(super) fn reach(text: &[u8], at: usize, name: &'static str) -> Option<usize> {
    let pair = pair(text, at, name)?;
    let end = pair.value.as_ptr() as usize - text.as_ptr() as usize + pair.value.len();
    let is_option = || {
        let before = &text[at.saturating_sub(40)..at];
        before.rsplit(u8::is_ascii_whitespace).next().unwrap_or_default().starts_with(b"--")
    };
    let directive = name == "requirepass" || name == "masterauth";
    // A quoted word behind `password` is one, whatever it looks like.
    let plain = pair.quoted && pair.sign && pair.name.starts_with("pass");
    let said = (pair.sign || directive || is_option()) && !pair.next;
    (said && is_secret(pair.value) && (plain || !is_name(pair.value))).then_some(end)
}

fn pair<'t>(text: &'t [u8], at: usize, name: &'static str) -> Option<Pair<'t>> {
    let mut rest = text.get(at + name.len()..)?;
    if rest.first().is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_') {
        return None; // `token_type`, `tokens`
    }
    let skip = |rest: &mut &'t [u8], set: &[u8], most: usize| {
        let n = rest.iter().take(most).take_while(|b| set.contains(b)).count();
        *rest = &rest[n..];
        n
    };
    let closing = skip(&mut rest, b"\"'\\]", 6);
    let mut spaces = skip(&mut rest, b" \t", 4);
    let before = rest;
    for sign in [&b"=>"[..], b":", b"=", b"%3D", b"%3d"] {
        if let Some(behind) = rest.strip_prefix(sign) {
            rest = behind;
            break;
        }
    }
    let sign = rest.len() < before.len();
    spaces += skip(&mut rest, b" \t", 4);
    if !sign && (spaces == 0 || closing > 0) {
        return None;
    }
    let quoted = skip(&mut rest, b"\"'\\", 4) > 0;
    if name == "authorization" {
        for scheme in ["bearer ", "basic ", "token ", "aws4-hmac-sha256 "] {
            if rest.len() > scheme.len() && rest[..scheme.len()].eq_ignore_ascii_case(scheme.as_bytes()) {
                rest = &rest[scheme.len()..];
            }
        }
    }
    let stop = |b: &u8| {
        b.is_ascii_whitespace()
            || matches!(
                b,
                b'"' | b'\''
                    | b'\\'
                    | b','
                    | b';'
                    | b'&'
                    | b'<'
                    | b'>'
                    | b'('
                    | b')'
                    | b'{'
                    | b'}'
                    | b'['
                    | b']'
                    | b'|'
                    | b'`'
            )
    };
    let length = rest.iter().take(LONGEST).position(stop).unwrap_or(rest.len().min(LONGEST));
    let value = &rest[..length];
    let word = value.iter().take_while(|b| b.is_ascii_alphabetic() || **b == b'_').count();
    let next = spaces > 0 && !quoted && word > 0 && value.get(word) == Some(&b'=') && word + 2 < length;
    Some(Pair { name, sign, quoted, next, value })
}

/// Letters and digits mixed, long enough, and none of the things that stand beside such names without being secrets.
fn is_secret(value: &[u8]) -> bool {
    let value = value.strip_suffix(b".").unwrap_or(value);
    if value.len() < 8 {
        return false;
    }
    if !value.iter().any(u8::is_ascii_digit) || !value.iter().any(u8::is_ascii_alphabetic) {
        return false;
    }
    let starts: &[&[u8]] = &[b"$", b"/", b"%{", b"ENV", b"File.", b"http"];
    let reference =
        starts.iter().any(|start| value.starts_with(start)) || memchr::memmem::find(value, b"://").is_some();
    let masked = value.iter().filter(|b| b"*.xX-".contains(b)).count() * 2 > value.len();
    let time = value.len() >= 10 && value[..4].iter().all(u8::is_ascii_digit) && value[4] == b'-';
    !reference && !masked && !time && memchr::memmem::find(value, b"__REDACTED.").is_none()
}

/// `sha256:…`, `v1.2.3`, `token_2`, `Ci::Build`, a path: what code and messages have behind a colon.
fn is_name(value: &[u8]) -> bool {
    let digits = value.iter().filter(|b| b.is_ascii_digit()).count();
    let word = value.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-.:/".contains(b));
    (word && digits <= 2)
        || value.starts_with(b"0x")
        || memchr::memmem::find(value, b"::").is_some()
        || value.starts_with(b"sha256:")
}
