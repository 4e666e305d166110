//! Where the input is cut, and what a second redaction does.

use super::*;
use crate::redact::{
    finder::BLOCK,
    tests::tools::{Chance, in_pieces, lines, whole},
};

const FRAGMENTS: &[&str] = &[
    "10.20.4.3",
    "8.8.4.4",
    "2a01:4f8::a",
    "::ffff:10.1.2.3",
    "gl-prod-1",
    "gl-prod-1.acme.lan",
    "db7.acme.com",
    "ana",
    "ana.schmidt",
    "ana@acme.com",
    "ana%40acme.com",
    "\"username\":\"",
    "\"host\":\"",
    "username=",
    "https://",
    "://",
    "%3A%2F%2F",
    "@",
    ":",
    "=",
    ".",
    "-",
    "_",
    "/",
    "\"",
    "\\\"",
    "\\n",
    "\\",
    "%",
    " ",
    "\n",
    "\r\n",
    "\t",
    ",",
    "{",
    "}",
    "[",
    "]",
    "x",
    "7",
    "\u{e9}",
    "\0",
    "password=",
    "hunter2-Xy9Kq",
    "glpat-AbcdefghijklmnopqrsT",
    "__REDACTED.x.12345678__",
    "host-3f9c21d0a1b2c4",
    "user-",
    "/users/",
    "for user ",
    "/home/",
    "\"key\":\"username\",\"value\":\"",
    "1.2.3.4.5",
    "in-addr.arpa",
    "ip-10-20-4-3",
    "Tr0ub4dor-Tr0ub4dor-3",
    "/-/",
    ".git",
    "/acme/web-shop",
    "/users",
    "\"path\":\"",
    "\"meta.project\":\"",
    "\"key\":\"namespace_id\",\"value\":\"",
    "\"key\":\"id\",\"value\":\"",
    "project_id=",
    "%2F",
    "%252F",
    "\\/",
    "%40",
    "%3A",
    "+",
    "~",
    "git@",
    "GET ",
    "/api/v4/projects/",
    "/groups/",
    "@hashed/",
    "proj-",
    "socket:/",
    "acme",
    "www.acme.com",
];

fn text(chance: &mut Chance, length: usize) -> Vec<u8> {
    let mut text = b"a log ".to_vec();
    while text.len() < length {
        match chance.below(60) {
            0 => {
                let length = chance.below(900);
                text.extend(chance.text(length, b"abc019.-_:@=%\\\" /"));
            }
            1 if length > BLOCK => text.extend(vec![b'x'; chance.below(BLOCK)]),
            _ => text.extend_from_slice(FRAGMENTS[chance.below(FRAGMENTS.len())].as_bytes()),
        }
    }
    text
}

#[test]
fn where_the_input_is_cut_does_not_matter_for_pseudonyms() {
    let redactor = redactor_of(&of_host());
    let mut chance = Chance(21);
    for _ in 0..2 {
        let text = text(&mut chance, 2 * BLOCK);
        let expected = in_pieces(&redactor, &text, || usize::MAX).unwrap();
        for most in [50, 5_000, 300_000] {
            assert!(
                in_pieces(&redactor, &text, || chance.below(most)).unwrap() == expected,
                "pieces of up to {most} bytes"
            );
        }
    }
}

#[test]
fn a_name_across_any_border_goes_whole() {
    let redactor = redactor_of(&of_host());
    for (value, filler) in [
        ("gl-prod-1.acme.lan", b' '),
        ("10.20.4.3", b'"'),
        ("ana.schmidt@acme.com", b'\n'),
        ("\"username\":\"ana.s\"", b' '),
        ("/shop/acme-web/-/x", b' '),
        ("shop/deep/acme-web.git", b'"'),
        ("https://git.host7.org/shop/acme-web", b' '),
        ("/api/v4/projects/shop%2Facme-web/x", b'"'),
    ] {
        for before in 0..value.len() + 2 {
            let mut text = vec![filler; BLOCK - before];
            text.extend_from_slice(value.as_bytes());
            text.resize(2 * BLOCK, filler);
            let out = whole(&redactor, &text);
            for part in ["gl-prod", "acme", "20.4.3", "ana.s", "shop", "deep"] {
                assert!(memchr::memmem::find(&out, part.as_bytes()).is_none(), "{value} {before}");
            }
        }
    }
}

#[test]
fn a_second_redaction_changes_nothing_with_whatever_key() {
    // Alone: what is left of a mixture like this may well look like a secret.
    let alone = |hidden: Hidden| Redactor::with_finders(vec![Box::new(hidden)]).unwrap();
    let first = alone(of_host());
    let other = alone(Hidden::new(Kind::all(), Key::draw().unwrap(), Own::default()));
    let mut chance = Chance(22);
    for _ in 0..300 {
        let text = text(&mut chance, 800);
        let once = whole(&first, &text);
        assert_eq!(lines(&once), lines(&text));
        for again in [&first, &other] {
            let twice = whole(again, &once);
            let differs = once.iter().zip(&twice).position(|(a, b)| a != b).unwrap_or(0);
            let near = |text: &[u8]| {
                String::from_utf8_lossy(
                    &text[differs.saturating_sub(60).min(text.len())..text.len().min(differs + 60)],
                )
                .into_owned()
            };
            assert!(twice == once, "{}\n{}\nof {}", near(&once), near(&twice), near(&text));
        }
    }
}

/// What one kind leaves to another stays so, whichever are chosen.
#[test]
fn a_second_redaction_changes_nothing_with_any_kinds() {
    let kinds: Vec<Kind> = Kind::all().collect();
    let mut chance = Chance(23);
    for chosen in 1..1_u32 << kinds.len() {
        let kinds = || kinds.iter().enumerate().filter(|(n, _)| chosen >> n & 1 == 1).map(|(_, kind)| *kind);
        let alone = |hidden: Hidden| Redactor::with_finders(vec![Box::new(hidden)]).unwrap();
        let first = alone(Hidden::new(kinds(), key(), own_of_host()));
        let other = alone(Hidden::new(kinds(), Key::draw().unwrap(), Own::default()));
        for _ in 0..40 {
            let text = text(&mut chance, 700);
            let once = whole(&first, &text);
            assert_eq!(lines(&once), lines(&text));
            for again in [&first, &other] {
                let twice = whole(again, &once);
                let show = |text: &[u8]| String::from_utf8_lossy(text).into_owned();
                let kinds: Vec<_> = kinds().collect();
                assert!(
                    twice == once,
                    "{kinds:?}\n{}\n\n{}\n\nof {}",
                    show(&once),
                    show(&twice),
                    show(&text)
                );
            }
        }
    }
}

#[test]
fn json_stays_json_of_the_same_shape() {
    let line = r#"{"project":"a/b","full_path":"a \"x\" \/ \u00e9","path":"/a/b/-/c","username":"ana \"x\" y","meta.user":"ana","host":"db7","ip":"10.1.2.3","m":"to ana@acme.com\n10.1.2.3","n":7,"u":"https://db7.acme.com/x"}"#;
    let before: serde_json::Value = serde_json::from_str(line).unwrap();
    let after: serde_json::Value = serde_json::from_str(&text_of(&redactor_of(&of_host()), line)).unwrap();
    let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&before), keys(&after));
    assert_eq!(after["n"], 7);
    assert!(after["ip"].as_str().unwrap().parse::<std::net::Ipv4Addr>().is_ok());
}
