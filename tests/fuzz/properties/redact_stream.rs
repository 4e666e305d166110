//! Any text through all rules. The first byte tells how the rest becomes a text: as it is, as JSON, or
//! moved to a border of the engine's blocks.

use std::sync::OnceLock;

use glsos::redact::{KnownSecret, Redactor};
use serde_json::{Value, json};

use super::{
    chance::Chance,
    redaction::{self, Twice},
};

/// Where the engine cuts: most bytes of a block, and how far it sees beyond one.
const BORDERS: [usize; 3] = [256 << 10, (256 << 10) + (64 << 10), 64 << 10];

/// With a few secrets of a host, which are the same in every run.
pub(crate) fn redactor() -> &'static Redactor {
    static REDACTOR: OnceLock<Redactor> = OnceLock::new();
    REDACTOR.get_or_init(|| {
        let mut chance = Chance(1);
        let mut secret = |length, alphabet: &[u8]| {
            KnownSecret::new(chance.text(length, alphabet), Some("db_password"), "/etc/gitlab/gitlab.rb")
        };
        let secrets = vec![
            secret(20, b"abcdefghijkmnopqrstuvwxyz23456789"),
            secret(12, b"ABCdef123&<>'\"\\ /%"),
            secret(64, b"0123456789abcdef"),
        ];
        Redactor::new(secrets).unwrap()
    })
}

pub(crate) fn check(bytes: &[u8]) {
    let Some((mode, rest)) = bytes.split_first() else { return };
    let text = text(*mode, rest);
    let mut chance = Chance::of(bytes);
    if let Err(why) = redaction::holds(redactor(), &text, Twice::Shrinks, &mut chance) {
        panic!("{why}");
    }
}

fn text(mode: u8, rest: &[u8]) -> Vec<u8> {
    match mode % 8 {
        4 => json(rest).to_string().into_bytes(),
        5 => json!({ "message": json(rest).to_string(), "pid": 7 }).to_string().into_bytes(),
        6 => {
            let border = BORDERS[usize::from(mode) / 8 % BORDERS.len()];
            let filler: &[u8] = if mode & 0x40 == 0 { b"x" } else { b"a line\n" };
            let before = border.saturating_sub(rest.len() / 2);
            let mut text: Vec<u8> = filler.iter().copied().cycle().take(before).collect();
            text.extend_from_slice(rest);
            text.extend(filler.iter().cycle().take(border / 2));
            text
        }
        7 => {
            let wide = String::from_utf8_lossy(rest);
            [0xff, 0xfe].into_iter().chain(wide.encode_utf16().flat_map(u16::to_le_bytes)).collect()
        }
        _ => rest.to_vec(),
    }
}

/// Names and values of what stands between commas, one level deeper with each that is empty.
fn json(rest: &[u8]) -> Value {
    let text = String::from_utf8_lossy(rest);
    let mut words = text.split(',');
    let mut stack = vec![serde_json::Map::new()];
    while let Some(name) = words.next() {
        let value = words.next().unwrap_or_default();
        if name.is_empty() {
            stack.push(serde_json::Map::new());
            continue;
        }
        let value = match value.as_bytes() {
            [b'0', rest @ ..] => json!(rest.len()),
            [b'!', ..] => json!(true),
            [b'[', ..] => json!([&value[1..], 1, null]),
            _ => json!(value),
        };
        if let Some(map) = stack.last_mut() {
            map.insert(name.to_owned(), value);
        }
    }
    stack.into_iter().rev().fold(Value::Null, |inner, mut map| {
        map.insert("in".into(), inner);
        Value::Object(map)
    })
}
