//! Texts of one setting a line: INI, redis.conf, sentinel.conf, grafana.ini, unit files; and what is
//! left of a YAML, TOML or Ruby file that its parser gave up on.

use super::harvest::Harvest;

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
        b"requirepass"
        | b"masterauth"
        | b"sentinel-pass"
        | b"tls-key-file-pass"
        | b"tls-client-key-file-pass" => {
            values(rest, &mut |value| harvest.secret(value, Some("redis_password")));
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
                if let Some(secret) = word.strip_prefix(b">").or_else(|| word.strip_prefix(b"<")) {
                    harvest.secret(secret, Some("redis_user_password"));
                } else if let Some(hash) = word.strip_prefix(b"#").filter(|hash| hash.len() == 64) {
                    harvest.secret(hash, Some("redis_user_password"));
                }
            }
        }
        // nginx: `proxy_set_header Authorization "Basic x";`
        b"proxy_set_header" | b"add_header" | b"fastcgi_param" | b"set" => {
            let Some(name) = words.next() else { return };
            let rest = rest[name.len()..].trim_ascii();
            let rest = rest.strip_suffix(b";").unwrap_or(rest);
            values(rest, &mut |value| harvest.leaf(&named(&String::from_utf8_lossy(name)), value));
        }
        _ => {}
    }
}

/// The value as it is written, without its quotes, and without what may be a comment behind it.
fn values(rest: &[u8], take: &mut dyn FnMut(&[u8])) {
    let rest = rest.strip_suffix(b",").unwrap_or(rest);
    let Some(&first) = rest.first() else { return };
    // grafana.ini's quotes for values with `#` and `;`
    if let Some(inner) = rest.strip_prefix(b"\"\"\"").and_then(|rest| rest.strip_suffix(b"\"\"\"")) {
        return take(inner);
    }
    if let Some(inner) =
        rest.strip_prefix(b"\"").filter(|inner| memchr::memmem::find(inner, b"\\x").is_some())
    {
        take(&redis_string(inner));
    }
    if matches!(first, b'"' | b'\'') {
        let mut value = Vec::new();
        let mut bytes = rest[1..].iter();
        while let Some(&byte) = bytes.next() {
            match byte {
                b'\\' => value.extend(bytes.next()),
                byte if byte == first => return take(&value),
                byte => value.push(byte),
            }
        }
    }
    take(rest);
    for mark in [b" #", b"\t#", b" ;"] {
        if let Some(at) = memchr::memmem::find(rest, mark) {
            take(rest[..at].trim_ascii_end());
        }
    }
}

/// `\x26` in double quotes of a redis.conf.
fn redis_string(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut at = 0;
    let hex = |at: usize| text.get(at).and_then(|b| char::from(*b).to_digit(16));
    while let Some(&byte) = text.get(at).filter(|b| **b != b'"') {
        let code = (byte == b'\\' && text.get(at + 1) == Some(&b'x'))
            .then(|| Some(hex(at + 2)? * 16 + hex(at + 3)?))
            .flatten();
        let (byte, length) = match (code, byte) {
            (Some(code), _) => (u8::try_from(code).unwrap_or(b'?'), 4),
            (None, b'\\') => (text.get(at + 1).copied().unwrap_or(byte), 2),
            (None, byte) => (byte, 1),
        };
        out.push(byte);
        at += length;
    }
    out
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
                    sentinel auth-pass gitlab-redis s3ntinel\nport 6379\n# requirepass foobared-old\n";
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
    fn nginx_headers() {
        assert!(
            learnt("  proxy_set_header Authorization \"Basic dTpwYXNzd29yZA==\";")
                .contains(&"password".into())
        );
    }
}
