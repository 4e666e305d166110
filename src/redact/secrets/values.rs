//! What a value is by its own form: a reference, a path, an address with a password in it.
//!
//! Pure functions on bytes. They decide nothing by a value's name, but where a name stands inside the
//! value itself (`password=x` in a connection string).

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD};

use crate::redact::names;

/// A secret found inside a longer value.
#[derive(PartialEq)]
pub(super) struct Inside {
    pub(super) value: Vec<u8>,
    pub(super) name: Option<String>,
}

impl Inside {
    fn new(value: &[u8], name: Option<&str>) -> Self {
        Self { value: value.to_vec(), name: name.map(str::to_owned) }
    }
}

/// Nothing, a literal of the format, a reference to a value elsewhere, or a mask.
pub(super) fn is_no_value(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    let words: &[&[u8]] = &[
        b"true",
        b"false",
        b"nil",
        b"null",
        b"none",
        b"yes",
        b"no",
        b"~",
        b"undefined",
        b"[FILTERED]",
        b"[REDACTED]",
    ];
    let starts: &[&[u8]] =
        &[b"ENV[", b"ENV.fetch(", b"File.read", b"IO.read", b"<%=", b"__REDACTED.", b"-----BEGIN CERT"];
    value.is_empty()
        || words.iter().any(|word| value.eq_ignore_ascii_case(word))
        || starts.iter().any(|start| value.starts_with(start) && !contains(value, b"PRIVATE KEY"))
        || value.iter().all(|b| matches!(b, b'*' | b'x' | b'.' | b'-' | b'_' | b'#'))
        || is_variable(value)
        || is_template(value)
}

/// `$VAR`, `${VAR}`, `$(command)`, `%{x}` as a whole.
fn is_variable(value: &[u8]) -> bool {
    let name = |b: &u8| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_';
    match value {
        [b'$', b'{', inner @ .., b'}'] | [b'%', b'{', inner @ .., b'}'] => !inner.contains(&b'}'),
        [b'$', b'(', .., b')'] => true,
        [b'$', first, rest @ ..] => first.is_ascii_uppercase() && rest.iter().all(name),
        _ => false,
    }
}

/// What a template's author leaves for others to fill in.
fn is_template(value: &[u8]) -> bool {
    let known: &[&[u8]] = &[
        b"smtp password",
        b"smtp_password",
        b"_the_password_of_the_bind_user",
        b"[DB PASSWORD]",
        b"YOUR_APP_SECRET",
        b"AWS_SECRET_ACCESS_KEY",
        b"AWS_ACCESS_KEY_ID",
        b"<AWS_SECRET_ACCESS_KEY>",
        b"YOUR-TOKEN",
        b"database_password",
        b"secure password",
        b"CHANGE_ME",
    ];
    known.contains(&value) || (value.starts_with(b"<") && value.ends_with(b">") && value.contains(&b' '))
}

/// An absolute path of a folder that hosts have. A base64 text may begin with `/` too.
pub(super) fn is_path(value: &[u8]) -> bool {
    let tops: &[&[u8]] = &[
        b"etc", b"var", b"opt", b"home", b"root", b"run", b"srv", b"mnt", b"usr", b"tmp", b"data", b"dev",
        b"proc", b"sys", b"media", b"nfs", b"assets", b"secrets", b"gitlab", b"app", b"bin", b"lib",
        b"backup", b"backups",
    ];
    let Some(rest) = value.strip_prefix(b"/") else { return false };
    let mut parts = rest.split(|b| *b == b'/');
    parts.next().is_some_and(|top| tops.contains(&top)) && parts.next().is_some() && !value.contains(&b'\n')
}

/// Whether the whole value is one address.
pub(super) fn is_url(value: &[u8]) -> bool {
    let Some(at) = find(value, b"://") else { return false };
    let scheme = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    at > 0 && at < 20 && value[..at].iter().all(scheme) && !value.iter().any(u8::is_ascii_whitespace)
}

/// Whether a value looks like JSON or like lines of YAML.
pub(super) fn is_document(value: &[u8]) -> bool {
    let trimmed = value.trim_ascii();
    let json =
        matches!((trimmed.first(), trimmed.last()), (Some(b'{'), Some(b'}')) | (Some(b'['), Some(b']')));
    json || is_flow(trimmed)
        || (trimmed.contains(&b'\n') && contains(trimmed, b": ") && !contains(trimmed, b"-----BEGIN "))
        || (trimmed.contains(&b'\n') && contains(trimmed, b":\n"))
}

/// Whether directives of nginx stand in it that set a header or a variable.
pub(super) fn is_nginx(value: &[u8]) -> bool {
    let sets: &[&[u8]] = &[b"proxy_set_header ", b"add_header ", b"fastcgi_param ", b"grpc_set_header "];
    sets.iter().any(|set| contains(value, set))
}

/// `main: {host: x, password: y}`: YAML in one line.
fn is_flow(value: &[u8]) -> bool {
    let Some(open) = find(value, b": {").or_else(|| find(value, b": [")) else { return false };
    matches!(value.last(), Some(b'}' | b']'))
        && contains(&value[open + 3..], b": ")
        && value[..open].iter().all(|b| is_name_byte(*b) || matches!(b, b' ' | b'"' | b'\''))
}

/// Passwords in addresses, connection strings, headers, `NAME=value` and command lines.
pub(super) fn credentials_inside(key: &str, value: &[u8]) -> Vec<Inside> {
    let mut found = Vec::new();
    url_passwords(key, value, &mut found);
    mysql_password(value, &mut found);
    for line in value.split(|b| *b == b'\n').take(10_000) {
        pairs(line, &mut found);
        flags(line, &mut found);
    }
    if let Some((name, rest)) = header(value) {
        credential_of_header(&name, rest, &mut found);
    } else if names::is_sensitive(key) || key == "auth" {
        credential_of_header(key, value, &mut found);
    }
    found
}

/// `scheme://user:password@host`, as it is written and percent-decoded.
fn url_passwords(key: &str, value: &[u8], found: &mut Vec<Inside>) {
    let mut from = 0;
    while let Some(at) = find(&value[from..], b"://") {
        let start = from + at + 3;
        let rest = &value[start..];
        let stop = |b: &u8| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b'<' | b'>' | b'`' | b'|');
        let rest = &rest[..rest.iter().position(stop).unwrap_or(rest.len())];
        from = start;
        let authority =
            &rest[..rest.iter().position(|b| matches!(b, b'/' | b'?' | b'#')).unwrap_or(rest.len())];
        let (userinfo, lenient) = match memchr::memrchr(b'@', authority) {
            Some(at) => (&authority[..at], false),
            None => match memchr::memrchr(b'@', rest) {
                Some(at) => (&rest[..at], true),
                None => continue,
            },
        };
        let (user, password) = match memchr::memchr(b':', userinfo) {
            Some(colon) => (&userinfo[..colon], &userinfo[colon + 1..]),
            None => (userinfo, &b""[..]),
        };
        let digits = password.iter().take_while(|b| b.is_ascii_digit()).count();
        if lenient && (password.is_empty() || password.get(digits).is_none_or(|b| *b == b'/')) {
            continue; // `http://host:8080/@scope` has a port, not a password
        }
        push_encoded(password, found);
        // A token as the user (Sentry, clone URLs), not a name.
        if looks_random(user) && (password.is_empty() || key.contains("dsn")) {
            push_encoded(user, found);
        }
    }
}

fn push_encoded(value: &[u8], found: &mut Vec<Inside>) {
    if is_no_value(value) {
        return;
    }
    found.push(Inside::new(value, None));
    if let Some(decoded) = percent_decoded(value) {
        found.push(Inside::new(&decoded, None));
    }
}

/// `user:password@tcp(host:3306)/db`.
fn mysql_password(value: &[u8], found: &mut Vec<Inside>) {
    let at = ["@tcp(", "@unix(", "@("].iter().find_map(|mark| find(value, mark.as_bytes()));
    if let Some(at) = at
        && let Some(colon) = memchr::memchr(b':', &value[..at])
        && !contains(&value[..at], b"://")
    {
        found.push(Inside::new(&value[colon + 1..at], None));
    }
}

/// `NAME=value`, `password='a b'`, `AccountKey=…;`: in environments, DSNs, query strings.
fn pairs(line: &[u8], found: &mut Vec<Inside>) {
    let mut sections = 0;
    for at in memchr::memchr_iter(b'=', line) {
        let name_from = line[..at].iter().rposition(|b| !is_name_byte(*b)).map_or(0, |i| i + 1);
        let name = &line[name_from..at];
        if name.is_empty() || name.len() > 100 || !names::is_sensitive(name) {
            continue;
        }
        sections += 1;
        if sections > 64 {
            return;
        }
        let name = String::from_utf8_lossy(name).into_owned();
        let rest = &line[at + 1..];
        let value = match rest.first() {
            // Doubled where the whole stands in such quotes.
            Some(b'\'')
                if rest.starts_with(b"''") && rest.get(2).is_some_and(|b| !b.is_ascii_whitespace()) =>
            {
                rest[2..find(&rest[2..], b"''").map_or(rest.len(), |end| end + 2)].to_vec()
            }
            Some(quote @ (b'\'' | b'"')) => quoted(&rest[1..], *quote),
            _ => {
                let stop = |b: &u8| b.is_ascii_whitespace() || matches!(b, b';' | b'&' | b'"' | b'\'' | b',');
                let short = &rest[..rest.iter().position(stop).unwrap_or(rest.len())];
                // The whole rest is the value of `NAME=value`; where more follows, only up to there.
                if name_from == 0 && !rest.contains(&b'=') && short.len() < rest.len() {
                    found.push(Inside::new(rest.trim_ascii(), Some(&name)));
                }
                short.to_vec()
            }
        };
        if !is_no_value(&value) && !is_path(&value) && !is_url(&value) {
            found.push(Inside { name: Some(name.clone()), value: value.clone() });
            if let Some(decoded) = percent_decoded(&value) {
                found.push(Inside::new(&decoded, Some(&name)));
            }
        }
    }
}

/// `NAME=value` as a whole.
pub(super) fn assignment(value: &[u8]) -> Option<(&str, &[u8])> {
    let at = memchr::memchr(b'=', value)?;
    let name =
        value[..at].iter().all(|b| is_name_byte(*b)).then(|| std::str::from_utf8(&value[..at]).ok())??;
    (!name.is_empty()).then_some((name, &value[at + 1..]))
}

/// `--password x`, `--requirepass=x` (the second is a pair already).
fn flags(line: &[u8], found: &mut Vec<Inside>) {
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()).peekable();
    while let Some(word) = words.next() {
        let Some(name) = word.strip_prefix(b"--") else { continue };
        if names::is_sensitive(name)
            && !name.contains(&b'=')
            && let Some(value) = words.peek().filter(|next| !next.starts_with(b"-"))
        {
            let value = value.trim_ascii();
            let value = value.strip_prefix(b"'").and_then(|v| v.strip_suffix(b"'")).unwrap_or(value);
            let value = value.strip_prefix(b"\"").and_then(|v| v.strip_suffix(b"\"")).unwrap_or(value);
            if !is_no_value(value) && !is_path(value) {
                found.push(Inside::new(value, Some(&String::from_utf8_lossy(name))));
            }
        }
    }
}

/// `Authorization: Basic x` and `PRIVATE-TOKEN: x`, when the whole value is a header.
fn header(value: &[u8]) -> Option<(String, &[u8])> {
    let colon = memchr::memchr(b':', value)?;
    let name = &value[..colon];
    let fits = colon < 60 && !name.is_empty() && name.iter().all(|b| is_name_byte(*b));
    let rest = value[colon + 1..].strip_prefix(b" ")?;
    (fits && !value.contains(&b'\n') && names::is_sensitive(name))
        .then(|| (String::from_utf8_lossy(name).into_owned(), rest))
}

/// The length of `Basic `, `Bearer ` before a credential.
pub(super) fn auth_scheme(value: &[u8]) -> Option<usize> {
    let schemes: &[&[u8]] = &[b"basic ", b"bearer ", b"token ", b"apikey ", b"digest "];
    let begins = |s: &&&[u8]| value.len() > s.len() && value[..s.len()].eq_ignore_ascii_case(s);
    schemes.iter().find(begins).map(|scheme| scheme.len())
}

/// What follows the scheme of a credential; of Basic the password too.
fn credential_of_header(name: &str, value: &[u8], found: &mut Vec<Inside>) {
    let scheme = auth_scheme(value);
    let rest = scheme.map_or(value, |length| value[length..].trim_ascii());
    if scheme.is_some() || header(value).is_some() || name.eq_ignore_ascii_case("authorization") {
        if is_no_value(rest) {
            return;
        }
        found.push(Inside::new(rest, Some(name)));
        basic_password(rest, name, found);
    } else if name.eq_ignore_ascii_case("auth") {
        basic_password(rest, "registry_auth", found);
    } else if value.len() < 200 && !value.contains(&b' ') && name.contains('-') {
        found.push(Inside::new(rest, Some(name)));
    }
}

/// `dXNlcjpwYXNz` is `user:pass`.
pub(super) fn basic_password(blob: &[u8], name: &str, found: &mut Vec<Inside>) {
    if let Some(decoded) = base64_decoded(blob)
        && let Some(colon) = memchr::memchr(b':', &decoded)
        && decoded.iter().all(|b| (0x20..0x7f).contains(b) || *b >= 0x80)
    {
        found.push(Inside::new(blob, Some(name)));
        found.push(Inside::new(&decoded[colon + 1..], Some(name)));
    }
}

/// The text that a base64 value was made from, where it is text: KAS keeps its keys so.
pub(super) fn other_forms(value: &[u8]) -> Vec<Vec<u8>> {
    let readable =
        |text: &Vec<u8>| text.len() >= 12 && text.iter().all(|b| (0x20..0x7f).contains(b) || *b == b'\n');
    let mut forms: Vec<Vec<u8>> =
        base64_decoded(value).filter(readable).map(|text| text.trim_ascii().to_vec()).into_iter().collect();
    forms.extend(percent_decoded(value));
    forms
}

pub(super) fn base64_decoded(value: &[u8]) -> Option<Vec<u8>> {
    if value.len() < 4 || value.len() > 1 << 20 {
        return None;
    }
    [BASE64, BASE64_NOPAD, BASE64URL, BASE64URL_NOPAD].iter().find_map(|codec| codec.decode(value).ok())
}

/// Percent-decoded, where that makes a difference.
pub(super) fn percent_decoded(value: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(value.len());
    let mut at = 0;
    let hex = |b: u8| char::from(b).to_digit(16).map(|d| d as u8);
    while let Some(&byte) = value.get(at) {
        let pair = (value.get(at + 1).copied().and_then(hex), value.get(at + 2).copied().and_then(hex));
        if let (b'%', (Some(high), Some(low))) = (byte, pair) {
            out.push(high << 4 | low);
            at += 3;
        } else {
            out.push(byte);
            at += 1;
        }
    }
    (out != value).then_some(out)
}

/// Long, with letters and digits: a token, not a person's or a service's name.
pub(super) fn looks_random(value: &[u8]) -> bool {
    value.len() >= 16 && value.iter().any(u8::is_ascii_digit) && value.iter().any(u8::is_ascii_alphabetic)
}

fn quoted(text: &[u8], quote: u8) -> Vec<u8> {
    let mut out = Vec::new();
    let mut bytes = text.iter();
    while let Some(&byte) = bytes.next() {
        match byte {
            b'\\' => out.extend(bytes.next()),
            byte if byte == quote => break,
            byte => out.push(byte),
        }
    }
    out
}

fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

pub(super) fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    memchr::memmem::find(text, needle)
}

pub(super) fn contains(text: &[u8], needle: &[u8]) -> bool {
    find(text, needle).is_some()
}
