//! Every form of every kind of value, in texts of many kinds.

use std::fmt::Write as _;

use data_encoding::{BASE64, BASE64URL_NOPAD, HEXLOWER, HEXUPPER};

use super::*;
use crate::redact::{
    Redactor,
    finder::{BLOCK, REACH},
    tests::tools::{Chance, in_pieces, untagged, whole},
};

fn secret(value: &str, name: &str) -> KnownSecret {
    KnownSecret::new(value, Some(name), "/etc/gitlab/gitlab.rb")
}

fn redactor(values: &[(&str, &str)]) -> Redactor {
    Redactor::new(values.iter().map(|(value, name)| secret(value, name)).collect()).unwrap()
}

fn shown(redactor: &Redactor, text: &str) -> String {
    untagged(&whole(redactor, text.as_bytes()))
}

const ODD: &str = r#"p&"a'<s>/w=+%r\d é#{x} y$z"#;

fn json_ascii(value: &str, upper: bool) -> String {
    value.encode_utf16().fold(String::new(), |mut out, unit| {
        match u8::try_from(unit).ok().filter(u8::is_ascii) {
            Some(byte) if byte == b'"' || byte == b'\\' => write!(out, "\\{}", byte as char).unwrap(),
            Some(byte) => out.push(byte as char),
            None if upper => write!(out, "\\u{unit:04X}").unwrap(),
            None => write!(out, "\\u{unit:04x}").unwrap(),
        }
        out
    })
}

/// The value as other programs write it, by other code than that which makes the forms.
fn encoded(value: &str) -> Vec<String> {
    let json = |value: &str| serde_json::to_string(value).unwrap().trim_matches('"').to_owned();
    // `trim_matches` would take an escaped quote at the value's edge; none of these has one.
    let once = json(value);
    let percent = |keep: &str, upper: bool| {
        value.bytes().fold(String::new(), |mut out, byte| {
            match char::from(byte) {
                byte if byte.is_ascii_alphanumeric() || keep.contains(byte) => out.push(byte),
                _ if upper => write!(out, "%{byte:02X}").unwrap(),
                _ => write!(out, "%{byte:02x}").unwrap(),
            }
            out
        })
    };
    let html = once.replace('&', "\\u0026").replace('<', "\\u003c").replace('>', "\\u003e");
    let xml = value.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let wide = |bytes: fn(u16) -> [u8; 2]| value.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
    let mut all = vec![
        value.to_owned(),
        json(&once),
        once.replace('/', "\\/"),
        json(&html),
        html.replace("\\u003c", "\\u003C").replace("\\u003e", "\\u003E"),
        html,
        once,
        json_ascii(value, false),
        json_ascii(value, true),
        percent("-._~", true),
        percent("-._~", false),
        percent("", true),
        percent("-_.", false),
        percent("-._~", true).replace("%20", "+"),
        percent("-._~/", true),
        percent("-._~", true).replace('%', "%25"),
        value.bytes().fold(String::new(), |out, byte| format!("{out}%{byte:02X}")),
        value.bytes().fold(String::new(), |out, byte| format!("{out}%{byte:02x}")),
        xml.replace('"', "&quot;").replace('\'', "&#39;"),
        xml.replace('"', "&quot;").replace('\'', "&apos;"),
        xml,
        HEXLOWER.encode(value.as_bytes()),
        HEXUPPER.encode(value.as_bytes()),
        value.replace('\'', "''"),
        value.replace('\'', r"'\''"),
        value.replace('\\', r"\\").replace('\'', r"\'"),
        value.replace('\\', r"\\").replace('"', r#"\""#).replace("#{", r"\#{"),
        value.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(","),
    ];
    for before in ["", "x", "xy", "user:"] {
        for behind in ["", "!", "?>", "}}}"] {
            let text = format!("{before}{value}{behind}");
            all.push(BASE64.encode(text.as_bytes()));
            all.push(BASE64URL_NOPAD.encode(text.as_bytes()));
            all.push(
                BASE64.encode(text.as_bytes()).replace('+', "%2B").replace('/', "%2F").replace('=', "%3D"),
            );
        }
    }
    // As Latin-1 characters, so that bytes can stand in a text of this test.
    all.extend(
        [wide(u16::to_le_bytes), wide(u16::to_be_bytes)]
            .map(|bytes| String::from_utf8(bytes).unwrap_or_else(|_| value.to_owned())),
    );
    all
}

#[test]
fn every_form_goes_and_has_the_tag_of_the_plain_value() {
    for value in [ODD, "glxNfY2yQ7T0vK4m", "Xk9#mQ2w", "cGFzcy93b3JkKzEyMzQ1Njc4OTA/"] {
        let redactor = redactor(&[(value, "db_password")]);
        let plain = whole(&redactor, value.as_bytes());
        let plain = String::from_utf8(plain).unwrap();
        for form in encoded(value) {
            let text = format!("before ({form}) behind\n");
            let out = String::from_utf8(whole(&redactor, text.as_bytes())).unwrap();
            assert_eq!(out, format!("before ({plain}) behind\n"), "{form:?}");
        }
    }
}

#[test]
fn a_wrapped_base64_text_goes_whole_and_keeps_its_lines() {
    let value = "glxNfY2yQ7T0vK4m";
    let redactor = redactor(&[(value, "db_password")]);
    for before in 0..90 {
        let text = format!("{}{value}{}", "a?".repeat(before), "~b".repeat(70));
        let base64 = BASE64.encode(text.as_bytes());
        for (columns, end) in [(76, "\r\n"), (64, "\n"), (60, "\n    "), (64, "\\n"), (76, "\\\\n")] {
            let lines: Vec<&str> =
                base64.as_bytes().chunks(columns).map(|line| std::str::from_utf8(line).unwrap()).collect();
            let text = format!("\"{}\"\nbehind", lines.join(end));
            let shown = shown(&redactor, &text);
            let expected = if end.starts_with('\\') {
                "\"{db_password}\"\nbehind".to_owned()
            } else {
                format!("\"{}\"\nbehind", vec!["{db_password}"; lines.len()].join(end))
            };
            assert_eq!(shown, expected, "{before} {columns} {end:?}");
        }
    }
}

#[test]
fn each_line_of_a_key_goes_alone_and_the_whole_as_one() {
    let mut chance = Chance(3);
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let lines: Vec<String> = (0..25).map(|_| String::from_utf8(chance.text(64, alphabet)).unwrap()).collect();
    let pem = format!("-----BEGIN RSA PRIVATE KEY-----\n{}\n-----END RSA PRIVATE KEY-----", lines.join("\n"));
    let redactor = redactor(&[(&pem, "ci_signing_key")]);
    assert_eq!(shown(&redactor, &format!("<{}>", pem.replace('\n', "\\n"))), "<{ci_signing_key}>");
    assert_eq!(shown(&redactor, &pem), vec!["{ci_signing_key}"; 27].join("\n"));
    for line in &lines {
        assert_eq!(shown(&redactor, &format!("12:00 {line} b")), "12:00 {ci_signing_key} b");
    }
    let base64 = BASE64.encode(pem.as_bytes());
    assert_eq!(shown(&redactor, &format!("<{base64}>")), "<{ci_signing_key}>");
    assert_eq!(shown(&redactor, "-----BEGIN RSA PRIVATE KEY-----"), "-----BEGIN RSA PRIVATE KEY-----");
}

#[test]
fn the_longer_of_two_values_wins_and_no_word_border_is_needed() {
    let redactor = redactor(&[("glxNfY2yQ7", "short"), ("glxNfY2yQ7T0vK4m", "long"), ("K4mQ2w8Rt", "other")]);
    assert_eq!(shown(&redactor, "aglxNfY2yQ7T0vK4mb"), "a{long}b");
    assert_eq!(shown(&redactor, "aglxNfY2yQ7T0b"), "a{short}T0b");
    assert_eq!(shown(&redactor, "aglxNfY2yQ7T0vK4mQ2w8Rtb"), "a{long}b");
    assert_eq!(shown(&redactor, "GLXNFY2YQ7"), "GLXNFY2YQ7");
}

#[test]
fn weak_values_stay() {
    let text = "gitlab password hunter2 10.0.0.17 /var/opt/gitlab redis-01.internal";
    let values: Vec<(&str, &str)> = text.split(' ').map(|value| (value, "x")).collect();
    assert_eq!(shown(&redactor(&values), text), text);
}

#[test]
fn a_name_that_holds_a_value_names_nothing() {
    let redactor = redactor(&[("x9tq-7vw2kz", "key-x9tq-7vw2kz")]);
    assert_eq!(shown(&redactor, "a x9tq-7vw2kz"), "a {known-secret}");
}

#[test]
fn json_stays_json() {
    let redactor = redactor(&[(ODD, "a"), ("4711081512345678", "pin"), ("glxNfY2yQ7T0vK4m", "token")]);
    let bytes: Vec<u8> = "x glxNfY2yQ7T0vK4m y".bytes().collect();
    let nested = serde_json::json!({ "password": ODD, "n": 4_711_081_512_345_678_u64 }).to_string();
    let value = serde_json::json!({
        "text": ODD, "number": 4_711_081_512_345_678_u64, "longer": 14_711_081_512_345_678_u64,
        "list": [1, 4_711_081_512_345_678_u64, 2], "MESSAGE": bytes, "nested": nested,
        "base64": BASE64.encode(format!("\n\n{ODD}").as_bytes()),
    });
    for text in [value.to_string(), serde_json::to_string_pretty(&value).unwrap()] {
        let out = shown(&redactor, &text);
        let parsed: serde_json::Value =
            serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}: {out}"));
        assert_eq!(parsed["number"], "{pin}");
        assert_eq!(parsed["longer"], "{pin}");
        assert_eq!(parsed["list"], serde_json::json!([1, "{pin}", 2]));
        assert_eq!(parsed["text"], "{a}");
        assert_eq!(parsed["base64"], "{a}");
        let nested = parsed["nested"].as_str().unwrap();
        assert_eq!(nested, r#"{"password":"{a}","n":{pin}}"#);
    }
}

#[test]
fn no_form_survives_any_border_or_cut() {
    let values = [ODD, "glxNfY2yQ7T0vK4m", "4711081512345678"];
    let redactor = redactor(&[(values[0], "a"), (values[1], "b"), (values[2], "c")]);
    let forms: Vec<String> = values.iter().flat_map(|value| encoded(value)).collect();
    let mut chance = Chance(5);
    for filler in ["some words of a log\n", "some words in one line, ", "some words\r", "QUJD/0"] {
        let mut text = String::new();
        while text.len() < 3 * BLOCK {
            if chance.below(400) == 0 {
                let form = &forms[chance.below(forms.len())];
                write!(text, "({form})").unwrap();
            } else {
                text.push_str(filler);
            }
            let border = [BLOCK, BLOCK + REACH, 2 * BLOCK][chance.below(3)];
            if text.len() < border && border - text.len() < 50 {
                write!(text, "({})", &forms[chance.below(forms.len())]).unwrap();
            }
        }
        let expected = in_pieces(&redactor, text.as_bytes(), || usize::MAX).unwrap().0;
        for most in [30, 90_000, 500_000] {
            let pieces = in_pieces(&redactor, text.as_bytes(), || chance.below(most)).unwrap().0;
            assert!(pieces == expected, "{filler:?}, pieces of up to {most}");
        }
        assert!(whole(&redactor, &expected) == expected, "{filler:?}: twice changes more");
        for form in &forms {
            assert!(memchr::memmem::find(&expected, form.as_bytes()).is_none(), "{filler:?}: {form}");
        }
    }
}

#[test]
fn the_tables_stay_small() {
    let mut chance = Chance(2);
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/+";
    let mut known = |count| {
        let mut value = || String::from_utf8(chance.text(32, alphabet)).unwrap();
        Known::new((0..count).map(|_| secret(&value(), "x")).collect())
    };
    let (some, many) = (known(1_000).search.size(), known(MANY + 1_000).search.size());
    assert!(some < 8 << 20, "{some} bytes for a thousand values");
    assert!(many < 12 << 20, "{many} bytes for five thousand");
}

#[test]
fn no_mixture_of_escapes_and_pieces_breaks_it() {
    let value = "glxNfY2yQ7T0+/K4m";
    let redactor = redactor(&[(value, "token"), ("4711081512345678", "pin")]);
    let mut pieces = encoded(value);
    pieces.extend(encoded("4711081512345678"));
    let forms = pieces.len();
    let base64 = BASE64.encode(format!("some more {value} around it, long enough to wrap").as_bytes());
    pieces.extend(base64.as_bytes().chunks(20).map(|line| String::from_utf8(line.to_vec()).unwrap()));
    for piece in
        "\\ \\\\ \\n \\r \\u00 \" \": [ ] , % %2 %2B = / - _ + 1 12 ABCDEFGHIJKLMNOPQ __REDACTED. .01234567__"
            .split(' ')
    {
        pieces.push(piece.to_owned());
    }
    pieces.extend(["\n", "\r\n", "    ", "\t", "__REDACTED.x.01234567__", "é"].map(str::to_owned));
    let mut chance = Chance(6);
    for _ in 0..3_000 {
        let text: String =
            (0..chance.below(30)).map(|_| pieces[chance.below(pieces.len())].as_str()).collect();
        // Mostly UTF-16, it is withheld.
        let Ok((once, _)) = in_pieces(&redactor, text.as_bytes(), || usize::MAX) else { continue };
        for form in &pieces[..forms] {
            assert!(memchr::memmem::find(&once, form.as_bytes()).is_none(), "{form:?} of {text:?}");
        }
        assert_eq!(
            crate::redact::tests::tools::lines(&once),
            crate::redact::tests::tools::lines(text.as_bytes())
        );
        let twice = whole(&redactor, &once);
        assert!(
            twice == once,
            "{text:?}\n{:?}\n{:?}",
            String::from_utf8_lossy(&once),
            String::from_utf8_lossy(&twice)
        );
    }
}
