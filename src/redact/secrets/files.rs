//! One file's bytes in its format: which parser reads it, and what is left where none can.

use std::path::Path;

use super::{
    harvest::Harvest,
    json, lines, pem,
    places::{Format, guess},
    ruby, toml, values, yaml,
};

/// How much of a file was understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Understood {
    /// All of it.
    Whole,
    /// Its parser gave up: what looks like a setting, or every literal, was taken instead.
    Partly,
    /// Nothing of it.
    Not(&'static str),
}

/// Reads `text` as `format`; the values go to `harvest`.
pub(super) fn understand(path: &Path, text: &[u8], format: Format, harvest: &mut Harvest) -> Understood {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let whole = |whole| if whole { Understood::Whole } else { Understood::Partly };
    match format {
        Format::Secrets | Format::Json if text.trim_ascii().is_empty() => Understood::Whole,
        Format::Secrets | Format::Json => {
            if json::leaves(text, Vec::new(), harvest) {
                return Understood::Whole;
            }
            lines::leaves(text, &[], harvest);
            Understood::Not("not valid JSON")
        }
        Format::Ruby => whole(ruby::leaves(text, harvest)),
        Format::Yaml => whole(yaml::leaves(text, Vec::new(), harvest)),
        Format::Toml => whole(toml::leaves(text, harvest)),
        Format::Lines => lines_of(text, harvest),
        Format::Named => {
            harvest.leaf(&[name.as_str()], text.trim_ascii());
            Understood::Whole
        }
        Format::Value => one_value(&name, text, harvest),
        Format::Key => {
            pem::private(text).into_iter().for_each(|pem| harvest.secret(pem, Some("private_key")));
            Understood::Whole
        }
        Format::PgPass => fields(text, harvest),
        Format::Netrc => netrc(text, harvest),
        Format::Hashes => hashes(text, harvest),
        Format::Guess => match guess(path) {
            Some(format) => understand(path, text, format, harvest),
            None => Understood::Whole,
        },
    }
}

fn lines_of(text: &[u8], harvest: &mut Harvest) -> Understood {
    lines::leaves(text, &[], harvest);
    for line in text.split(|b| *b == b'\n') {
        harvest.leaf(&[""], line);
    }
    Understood::Whole
}

/// A file that is one secret: the value with and without what may surround it.
fn one_value(name: &str, text: &[u8], harvest: &mut Harvest) -> Understood {
    let text = text.trim_ascii();
    if text.len() > 64 << 10 {
        return Understood::Not("too long for one value");
    }
    if pem::is_public(text) {
        return Understood::Whole;
    }
    if values::is_document(text) && json::leaves(text, Vec::new(), harvest) {
        return Understood::Whole;
    }
    let name = name.trim_start_matches('.');
    harvest.leaf(&[name], text);
    harvest.secret(text, Some(name));
    values::other_forms(text).iter().for_each(|form| harvest.secret(form, Some(name)));
    Understood::Whole
}

/// `.pgpass`: the fifth field, `\:` and `\\` resolved.
fn fields(text: &[u8], harvest: &mut Harvest) -> Understood {
    for line in text.split(|b| matches!(b, b'\n' | b'\r')).filter(|line| !line.starts_with(b"#")) {
        let mut field = 0;
        let mut value = Vec::new();
        let mut bytes = line.iter();
        while let Some(&byte) = bytes.next() {
            match byte {
                b'\\' => value.extend(bytes.next()),
                b':' if field < 4 => {
                    field += 1;
                    value.clear();
                }
                byte => value.push(byte),
            }
        }
        if field == 4 {
            harvest.secret(&value, Some("db_password"));
        }
    }
    Understood::Whole
}

/// The word behind `password`, its quotes and backslashes undone as curl does.
fn netrc(text: &[u8], harvest: &mut Harvest) -> Understood {
    let mut rest = text;
    let mut is_password = false;
    while let Some(word) = netrc_word(&mut rest) {
        if is_password {
            harvest.secret(&word, Some("netrc_password"));
        }
        is_password = !is_password && word == b"password";
    }
    Understood::Whole
}

fn netrc_word(rest: &mut &[u8]) -> Option<Vec<u8>> {
    *rest = rest.trim_ascii_start();
    let quoted = rest.first()? == &b'"';
    let mut word = Vec::new();
    let mut at = usize::from(quoted);
    while let Some(&byte) = rest.get(at) {
        at += 1;
        match byte {
            b'"' if quoted => break,
            byte if !quoted && byte.is_ascii_whitespace() => break,
            b'\\' if quoted && at < rest.len() => {
                word.push(rest[at]);
                at += 1;
            }
            byte => word.push(byte),
        }
    }
    *rest = &rest[at..];
    Some(word)
}

/// `user:hash` and `"user" "hash"`; a hash of a password is one too, as good for guessing.
fn hashes(text: &[u8], harvest: &mut Harvest) -> Understood {
    for line in text.split(|b| matches!(b, b'\n' | b'\r')).filter(|line| !line.starts_with(b"#")) {
        let value = if line.starts_with(b"\"") {
            line.split(|b| *b == b'"').nth(3)
        } else {
            line.split(|b| *b == b':').nth(1)
        };
        harvest.secret(value.unwrap_or_default(), Some("password_hash"));
    }
    Understood::Whole
}

#[cfg(test)]
mod tests {
    use super::{super::harvest::tests::found, *};

    #[test]
    fn passwords_of_netrc() {
        let mut harvest = Harvest::new("");
        netrc(
            b"machine a login b password \"x y\\\"z\"\nmachine c\n login d\n password e\\f\n",
            &mut harvest,
        );
        let values: Vec<String> = found(harvest).into_iter().map(|(value, _)| value).collect();
        assert_eq!(values, ["e\\f", "x y\"z"]);
    }
}
