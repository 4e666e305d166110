//! The host's own secrets, met again in every encoded form in the lines of its logs.

use data_encoding::{BASE64, BASE64URL, BASE64URL_NOPAD};
use glsos::redact::{KnownSecret, Strength, strength};

use super::{
    carriers::{CARRIERS, Carrier},
    chance::{self, Chance},
    encode::{Esc, wrapped},
    host::Host,
    record::{Class, Record, Syntax},
};

/// Every value in every form, each in one line; none has the value's key beside it.
pub(super) fn records(host: &Host, learnt: &[KnownSecret], chance: &mut Chance) -> Vec<Record> {
    let mut records = Vec::new();
    for (place, value) in &host.values {
        let is_strong = learnt.iter().any(|known| {
            known.value.expose().trim_ascii() == value.trim().as_bytes()
                && strength(known) == Strength::Strong
        });
        // What was not learnt is told by a test of its own.
        if !is_strong {
            continue;
        }
        for value in parts(value) {
            for carrier in CARRIERS.iter().filter(|carrier| carrier.takes(&value)) {
                records.push(carrier.record(Class::Known, place, &value, &value, chance));
            }
            in_base64(place, &value, chance, &mut records);
            around(place, &value, chance, &mut records);
        }
    }
    records
}

/// A key's lines, else the value.
pub(super) fn parts(value: &str) -> Vec<String> {
    if !value.starts_with("-----BEGIN") {
        return vec![value.to_owned()];
    }
    vec![value.trim_end().to_owned(), value.lines().nth(3).unwrap().to_owned()]
}

/// In all alignments and alphabets, padded and not, wrapped and percent-encoded. The whole of it must go.
fn in_base64(place: &str, value: &str, chance: &mut Chance, records: &mut Vec<Record>) {
    let add = |form: &str, text: &str, chance: &mut Chance, records: &mut Vec<Record>| {
        let carrier = loop {
            let carrier = chance.pick(CARRIERS);
            let opaque = matches!(carrier.esc, Esc::Hex | Esc::HexUpper | Esc::Bytes | Esc::PercentAll);
            if !opaque && carrier.takes(text) {
                break carrier;
            }
        };
        records.push(carrier.record(Class::Known, &format!("{place} in {form}"), text, text, chance));
    };
    for user in ["", "u", "us", "oauth2:", "git:", "gitlab-ci-token:"] {
        let text = format!("{user}{value}");
        let plain = BASE64.encode(text.as_bytes());
        add("base64", &plain, chance, records);
        add(
            "base64 in the middle",
            &BASE64.encode(format!("{text}\nmore and more").as_bytes()),
            chance,
            records,
        );
        add("base64 for URLs", &BASE64URL.encode(text.as_bytes()), chance, records);
        add("base64 for URLs without padding", &BASE64URL_NOPAD.encode(text.as_bytes()), chance, records);
        let header = format!("Authorization: Basic {plain}");
        let line =
            format!("10:01:22.{} http.c:845  => Send header: {header}\n", chance.text(6, chance::DIGITS));
        records.push(Record::new(Syntax::Lines, line).with(
            Class::Known,
            format!("{place} in a git trace"),
            plain.as_bytes(),
        ));
    }
    let long = format!("{}{value}{}", chance.words(9, " "), chance.words(14, " "));
    let base64 = BASE64.encode(long.as_bytes());
    for width in [60, 64, 76] {
        for (between, syntax) in [
            ("\n", Syntax::File),
            ("\r\n", Syntax::File),
            ("\n    ", Syntax::Yaml),
            ("\\n", Syntax::JsonLine),
        ] {
            let text = wrapped(&base64, width, between);
            let first = BASE64.encode(&long.as_bytes()[..long.find(value).unwrap()]).len() / 4 * 4;
            let at = (first + 4) / width * width;
            let line = &base64[at.min(base64.len() - 1)..base64.len().min(at + width)];
            let (text, form) = match syntax {
                Syntax::File => (format!("Content-Transfer-Encoding: base64\n\n{text}\n\nend\n"), "a mail"),
                Syntax::Yaml => (format!("data: |\n    {text}\nkind: Opaque\n"), "YAML"),
                _ => (format!("{{\"body\":\"{text}\",\"pid\":1}}\n"), "JSON"),
            };
            records.push(Record::new(syntax, text).with(
                Class::Known,
                format!("{place} in base64 wrapped at {width} in {form}"),
                line.as_bytes(),
            ));
        }
    }
}

/// One layer around a text that holds the value: hex, percent, list of bytes, two forms of quotes.
fn around(place: &str, value: &str, chance: &mut Chance, records: &mut Vec<Record>) {
    for name in [
        "hex dump",
        "bytea",
        "journald bytes",
        "every byte percent",
        "nginx query",
        "nested URL",
        "JSON in JSON",
    ] {
        let carrier = Carrier::named(name);
        let text = format!("x={} {value} y={}", chance.word(), chance.word());
        records.push(carrier.record(Class::Known, &format!("{place} in a text"), &text, value, chance));
    }
    let number = chance.text(5, chance::DIGITS);
    if value.contains('\n') {
        let lines: String =
            value.lines().map(|line| format!("2026-06-07_00:00:01.{number} {line}\n")).collect();
        let secret = value.lines().nth(2).unwrap();
        records.push(Record::new(Syntax::File, lines).with(
            Class::Known,
            format!("{place} behind a prefix"),
            secret,
        ));
        let middle: String = value.lines().skip(2).take(3).map(|line| format!("    {line}\n")).collect();
        records.push(Record::new(Syntax::File, middle).with(
            Class::Known,
            format!("{place}: some lines"),
            secret,
        ));
    }
}
