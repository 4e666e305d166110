//! Random secrets of a host, and a text in which they stand encoded: none of it may be left.
//!
//! Bytes are read as a program: the secrets first, then words of text and secrets in some encoding.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};
use glsos::redact::{KnownSecret, Redactor, Strength, strength};

use super::{
    chance::Chance,
    redaction::{self, Twice},
};

/// Sets of secrets: a redactor takes longer to build than to use.
const SETS: u8 = 64;

/// What people and programs make secrets of, and worse.
const ALPHABETS: &[&[u8]] = &[
    b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789",
    b"abcdefghijklmnopqrstuvwxyz0123456789!#$%&()*+,-./:;<=>?@[]^_{|}~",
    b"0123456789abcdef",
    b"aB3 \"'\\",
    b"xY7\xc3\xa9",
    b"%u0026\\nQ=+/",
    b"A/+=b9",
    &[0, 1, 9, 0x7f, 0x80, 0xff, b'k', b'7', b'Z'],
];

/// The strong ones of a set's three secrets, and a redactor that knows them.
struct Set {
    secrets: Vec<Vec<u8>>,
    redactor: Redactor,
}

fn set(number: u8) -> Arc<Set> {
    static KNOWN: Mutex<Option<HashMap<u8, Arc<Set>>>> = Mutex::new(None);
    let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    let made = || {
        let mut chance = Chance(u64::from(number));
        let mut secret = || {
            let length = 8 + chance.below(40);
            let value = chance.text(length, ALPHABETS[usize::from(number) % ALPHABETS.len()]);
            KnownSecret::new(value.trim_ascii(), Some("db_password"), "/etc/gitlab/gitlab.rb")
        };
        let mut secrets = vec![secret(), secret(), secret()];
        secrets.retain(|known| strength(known) == Strength::Strong);
        let values = secrets.iter().map(|known| known.value.expose().to_vec()).collect();
        Arc::new(Set { secrets: values, redactor: Redactor::new(secrets).unwrap() })
    };
    Arc::clone(known.get_or_insert_default().entry(number).or_insert_with(made))
}

pub(crate) fn check(bytes: &[u8]) {
    let mut bytes = Bytes(bytes);
    let set = set(bytes.next() % SETS);
    if set.secrets.is_empty() {
        return;
    }
    let (mut text, mut planted) = (Vec::new(), Vec::new());
    while !bytes.0.is_empty() {
        let how = bytes.next();
        if how < 128 {
            text.extend_from_slice(bytes.take(usize::from(how) % 32));
        } else {
            let secret = &set.secrets[usize::from(bytes.next()) % set.secrets.len()];
            let form = encoded(secret, how % 16, &mut bytes);
            text.extend_from_slice(&form.text);
            planted.push(form.must_go);
        }
    }
    // In what says that it is UTF-16, bytes are no secret; longer 8-bit text there is withheld.
    if redaction::is_wide(&text) {
        planted.clear();
    }
    let mut chance = Chance::of(&text);
    match redaction::holds(&set.redactor, &text, Twice::Shrinks, &mut chance) {
        Ok(Some(out)) => {
            for form in planted {
                let left = memchr::memmem::find(&out, &form);
                assert!(
                    left.is_none(),
                    "{} is left of\n  {}\nin\n  {}",
                    form.escape_ascii(),
                    text.escape_ascii(),
                    out.escape_ascii()
                );
            }
        }
        Ok(None) => {}
        Err(why) => panic!("{why}\n{}", text.escape_ascii()),
    }
}

/// The rest of a program.
struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn next(&mut self) -> u8 {
        self.take(1).first().copied().unwrap_or_default()
    }

    fn take(&mut self, most: usize) -> &'b [u8] {
        let (now, later) = self.0.split_at(most.min(self.0.len()));
        self.0 = later;
        now
    }
}

struct Form {
    text: Vec<u8>,
    /// What of the text tells the secret.
    must_go: Vec<u8>,
}

/// A value as an encoder writes it; in base64 with something before and behind it.
fn encoded(value: &[u8], how: u8, bytes: &mut Bytes<'_>) -> Form {
    let json = |text: &[u8]| {
        let text = serde_json::to_string(&String::from_utf8_lossy(text)).unwrap();
        text.as_bytes()[1..text.len() - 1].to_vec()
    };
    let percent = |kept: &[u8], upper: bool| -> Vec<u8> {
        let code = |byte: &u8| match byte {
            byte if byte.is_ascii_alphanumeric() || kept.contains(byte) => vec![*byte],
            byte if upper => format!("%{byte:02X}").into_bytes(),
            byte => format!("%{byte:02x}").into_bytes(),
        };
        value.iter().flat_map(code).collect()
    };
    let utf8 = std::str::from_utf8(value).is_ok();
    let text = match how {
        1 if utf8 => json(value),
        2 if utf8 => json(&json(value)),
        3 => percent(b"-._~", true),
        4 => percent(b"-._*", false),
        5 => percent(b"", true),
        6 => HEXLOWER.encode(value).into_bytes(),
        7 => HEXUPPER.encode(value).into_bytes(),
        8 => value.iter().map(u8::to_string).collect::<Vec<_>>().join(",").into_bytes(),
        9..=12 => return in_base64(value, how, bytes),
        _ => value.to_vec(),
    };
    Form { must_go: text.clone(), text }
}

fn in_base64(value: &[u8], how: u8, bytes: &mut Bytes<'_>) -> Form {
    let length = usize::from(bytes.next()) % 9;
    let before = bytes.take(length);
    let behind = bytes.take(length / 2);
    let all = [before, value, behind].concat();
    let text = if how.is_multiple_of(2) { BASE64.encode(&all) } else { BASE64URL_NOPAD.encode(&all) };
    let from = (before.len() * 8).div_ceil(6);
    let to = (before.len() + value.len()) * 8 / 6;
    Form { must_go: text.as_bytes()[from..to].to_vec(), text: text.into_bytes() }
}
