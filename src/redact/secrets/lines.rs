//! Texts of one setting a line: INI, redis.conf, sentinel.conf, grafana.ini, unit files; and what is
//! left of a YAML, TOML or Ruby file that its parser gave up on.

use super::harvest::Harvest;
use crate::redact::names;

/// Hands over the value of every line that looks like a setting, in comments too.
pub(super) fn leaves(text: &[u8], keys: &[String], harvest: &mut Harvest) {
    let mut section = keys.to_vec();
    for line in text.split(|b| matches!(b, b'\n' | b'\r')) {
        let line = line.trim_ascii();
        if let Some(name) = line.strip_prefix(b"[").and_then(|l| l.strip_suffix(b"]")) {
            section.truncate(keys.len());
            section.push(String::from_utf8_lossy(name).into_owned());
            continue;
        }
        setting(bare(line), &section, harvest);
        directive(bare(line), &section, harvest);
    }
}

/// Only what stands in comments: old values that nobody removed.
pub(super) fn comments(text: &[u8], keys: &[String], harvest: &mut Harvest) {
    for line in text.split(|b| matches!(b, b'\n' | b'\r')) {
        let line = line.trim_ascii_start();
        if line.starts_with(b"#") || line.starts_with(b";") || line.starts_with(b"//") {
            setting(bare(line), keys, harvest);
        }
    }
}

/// A line without its comment marks and list dash.
fn bare(line: &[u8]) -> &[u8] {
    let start = line.iter().position(|b| !matches!(b, b'#' | b';' | b' ' | b'\t' | b'/' | b'!' | b'-'));
    &line[start.unwrap_or(line.len())..]
}

/// `key = value`, `key: value`, `"key": "value",`, `key => value`, `export KEY=value`.
fn setting(line: &[u8], keys: &[String], harvest: &mut Harvest) {
    let line = line.strip_prefix(b"export ").unwrap_or(line);
    let Some(at) = line.iter().position(|b| matches!(b, b'=' | b':')) else { return };
    let key = line[..at].trim_ascii();
    let plain = |b: &u8| b.is_ascii_alphanumeric() || b"_-.'\"[]() ".contains(b);
    if key.is_empty() || key.len() > 120 || !key.iter().all(plain) {
        return;
    }
    let rest = line[at + 1..].strip_prefix(b">").unwrap_or(&line[at + 1..]).trim_ascii();
    if line[at] == b':' && line.get(at + 1).is_some_and(|b| !b.is_ascii_whitespace() && *b != b'"') {
        return; // a URL, a time, `a::b`
    }
    let mut keys = keys.to_vec();
    let mut words = key.split(|b| b"'\"[]() ".contains(b)).filter(|word| !word.is_empty());
    keys.push(String::from_utf8_lossy(words.next_back().unwrap_or(key)).into_owned());
    values(rest, &mut |value| harvest.leaf(&keys, value));
}

/// `requirepass "x"`, `masterauth x`, `sentinel auth-pass NAME x`, `user NAME on >x #hash`.
fn directive(line: &[u8], keys: &[String], harvest: &mut Harvest) {
    let mut words = line.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let Some(first) = words.next() else { return };
    let rest = line[first.len()..].trim_ascii();
    let named = |key: &str| [keys, &[key.to_owned()]].concat();
    match first {
        b"requirepass" | b"masterauth" | b"sentinel-pass" => {
            values(rest, &mut |value| harvest.secret(value, Some("redis_password")));
        }
        b"tls-key-file-pass" | b"tls-client-key-file-pass" => {
            values(rest, &mut |value| harvest.secret(value, Some("tls_key_password")));
        }
        b"sentinel" => match words.next() {
            Some(b"auth-pass") => {
                let value = words.nth(1).unwrap_or_default();
                values(value, &mut |value| harvest.secret(value, Some("redis_password")));
            }
            Some(b"sentinel-pass") => {
                let value = words.next().unwrap_or_default();
                values(value, &mut |value| harvest.secret(value, Some("sentinel_password")));
            }
            _ => {}
        },
        b"user" => {
            for word in words {
                // `<username>` of a comment is a placeholder.
                let taken = || word.strip_prefix(b"<").filter(|secret| !secret.ends_with(b">"));
                if let Some(secret) = word.strip_prefix(b">").or_else(taken) {
                    harvest.secret(secret, Some("redis_user_password"));
                } else if let Some(hash) = word.strip_prefix(b"#").filter(|hash| hash.len() == 64) {
                    harvest.secret(hash, Some("redis_user_password"));
                }
            }
        }
        // nginx: `proxy_set_header Authorization "Basic x";`
        b"proxy_set_header" | b"grpc_set_header" | b"add_header" | b"fastcgi_param" | b"set" => {
            let Some(name) = words.next() else { return };
            let rest = rest[name.len()..].trim_ascii();
            let rest = rest.strip_suffix(b";").unwrap_or(rest);
            values(rest, &mut |value| harvest.leaf(&named(&String::from_utf8_lossy(name)), value));
        }
        // `some-password x`, with nothing behind it: of a program that we don't know.
        name if !name.iter().any(|b| matches!(b, b'=' | b':')) && is_one_word(rest) => {
            let name = String::from_utf8_lossy(name);
            if names::is_sensitive(name.as_bytes()) {
                let rest = rest.strip_suffix(b";").unwrap_or(rest);
                values(rest, &mut |value| harvest.leaf(&named(&name), value));
            }
        }
        _ => {}
    }
}

fn is_one_word(rest: &[u8]) -> bool {
    let rest = rest.strip_suffix(b";").unwrap_or(rest);
    let quoted = matches!(rest, [b'"', .., b'"'] | [b'\'', .., b'\'']);
    quoted || !(rest.is_empty() || rest.iter().any(u8::is_ascii_whitespace))
}

/// nginx's directives in a string of gitlab.rb, one behind another.
pub(super) fn directives(text: &[u8], keys: &[String], harvest: &mut Harvest) {
    for line in text.split(|b| matches!(b, b'\n' | b'\r' | b'{' | b'}')) {
        let mut rest = line;
        while !rest.is_empty() {
            let end = statement(rest);
            directive(bare(&rest[..end]), keys, harvest);
            rest = &rest[(end + 1).min(rest.len())..];
        }
    }
}

/// Where the semicolon stands that is in no quotes.
fn statement(line: &[u8]) -> usize {
    let mut quote = None;
    for (at, byte) in line.iter().enumerate() {
        match quote {
            None if *byte == b';' => return at,
            None if matches!(byte, b'"' | b'\'') => quote = Some(*byte),
            Some(open) if *byte == open => quote = None,
            _ => {}
        }
    }
    line.len()
}

/// The value as it is written, without its quotes, and without what may be a comment behind it.
fn values(rest: &[u8], take: &mut dyn FnMut(&[u8])) {
    let rest = rest.strip_suffix(b",").unwrap_or(rest);
    let Some(&first) = rest.first() else { return };
    // Grafana's and Python's own, for values with a `#` or `;`.
    if let Some(rest) = rest.strip_prefix(b"\"\"\"")
        && let Some(end) = memchr::memmem::find(rest, b"\"\"\"")
    {
        return take(&rest[..end]);
    }
    if matches!(first, b'"' | b'\'')
        && let Some(value) = quoted(&rest[1..], first, |byte, out, _| out.push(byte))
    {
        let redis = if first == b'"' { quoted(&rest[1..], first, escaped) } else { None };
        redis.filter(|redis| *redis != value).iter().for_each(|redis| take(redis));
        return take(&value);
    }
    take(rest);
    for mark in [b" #", b"\t#", b" ;"] {
        if let Some(at) = memchr::memmem::find(rest, mark) {
            take(rest[..at].trim_ascii_end());
        }
    }
}

/// Up to the closing quote; in single quotes two of them are one.
fn quoted(
    rest: &[u8],
    quote: u8,
    escape: fn(u8, &mut Vec<u8>, &mut std::iter::Peekable<std::slice::Iter<'_, u8>>),
) -> Option<Vec<u8>> {
    let mut value = Vec::new();
    let mut bytes = rest.iter().peekable();
    while let Some(&byte) = bytes.next() {
        match byte {
            b'\\' => escape(*bytes.next()?, &mut value, &mut bytes),
            byte if byte == quote => {
                if quote != b'\'' || value.is_empty() || bytes.peek() != Some(&&quote) {
                    return Some(value);
                }
                bytes.next();
                value.push(quote);
            }
            byte => value.push(byte),
        }
    }
    None
}

/// An escape of Redis in double quotes: `\x26`, `\n`.
fn escaped(byte: u8, out: &mut Vec<u8>, bytes: &mut std::iter::Peekable<std::slice::Iter<'_, u8>>) {
    let rest = bytes.clone().take(2).copied().map(char::from);
    let digits: String = rest.take_while(char::is_ascii_hexdigit).collect();
    match (byte, u8::from_str_radix(&digits, 16)) {
        (b'x', Ok(code)) if digits.len() == 2 => {
            bytes.nth(1);
            out.push(code);
        }
        (b'n', _) => out.push(b'\n'),
        (b'r', _) => out.push(b'\r'),
        (b't', _) => out.push(b'\t'),
        (b'a', _) => out.push(7),
        (b'b', _) => out.push(8),
        (byte, _) => out.push(byte),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::harvest::tests::found, *};

    fn learnt(text: &str) -> Vec<String> {
        let mut harvest = Harvest::new("");
        leaves(text.as_bytes(), &[], &mut harvest);
        found(harvest).into_iter().map(|(value, _)| value).collect()
    }

    #[test]
    fn redis_and_sentinel() {
        let text = "requirepass \"re dis\"\nmasterauth m4ster\nuser app on >acl1 #zz ~* +@all\n\
                    sentinel auth-pass gitlab-redis s3ntinel\nport 6379\n# requirepass foobared-old\n#   user <username> ... acl rules ...\n";
        assert_eq!(learnt(text), ["acl1", "foobared-old", "m4ster", "re dis", "s3ntinel"]);
    }

    #[test]
    fn quotes_of_redis_and_grafana() {
        assert!(learnt(r#"requirepass "a\x26b\"c9""#).contains(&r#"a&b"c9"#.to_owned()));
        assert!(learnt("password = \"\"\"F#;9\"\"\"").contains(&"F#;9".to_owned()));
        assert_eq!(learnt("tls-key-file-pass x9"), ["x9"]);
    }

    #[test]
    fn ini_and_environment() {
        let text = "[security]\nadmin_password = `x`y\nadmin_user = admin\n;secret_key = SW2YcwTIb\n\
                    [auth]\nclient_secret = a b ; note\nexport DB_PASSWORD='qu ote'\nurl = http://localhost:3000\n";
        assert_eq!(learnt(text), ["SW2YcwTIb", "`x`y", "a b", "a b ; note", "qu ote"]);
    }

    #[test]
    fn values_in_every_kind_of_quotes() {
        for (line, value) in [
            ("password = \"\"\"Ffb8#;Oyu3n\"\"\"", "Ffb8#;Oyu3n"),
            ("requirepass \"trDt\\x26\\\"<F6\"", "trDt&\"<F6"),
            ("tls-key-file-pass 'walnut-!river'", "walnut-!river"),
            ("tls-client-key-file-pass walnut-river", "walnut-river"),
            ("smtp_sasl_password 'a b'", "a b"),
            ("primary_conninfo = 'user=x password=''0DMT52'' sslmode=prefer'", "0DMT52"),
            ("primary_conninfo = 'user=x password=0DMT52 sslmode=prefer'", "0DMT52"),
        ] {
            assert!(learnt(line).contains(&value.to_owned()), "{line}: {:?}", learnt(line));
        }
        assert!(learnt("password authentication failed\npassword ''").is_empty());
    }

    #[test]
    fn nginx_in_a_string() {
        let text = "location /x { proxy_set_header X-Auth-Token 'a;b'; deny all; } proxy_set_header Host h;";
        let mut harvest = Harvest::new("");
        directives(text.as_bytes(), &[], &mut harvest);
        assert_eq!(found(harvest).into_iter().map(|(value, _)| value).collect::<Vec<_>>(), ["a;b"]);
    }

    #[test]
    fn nginx_headers() {
        assert!(
            learnt("  proxy_set_header Authorization \"Basic dTpwYXNzd29yZA==\";")
                .contains(&"password".into())
        );
    }
}
