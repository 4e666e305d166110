//! Random values in each syntax: every value goes whole, every byte around it stays.

use super::*;

/// How a syntax writes a value. In the texts, `§` is the name and `¤` the value.
enum Write {
    /// Letters, digits and `-_.`: where quotes are not to be had.
    Word,
    /// Anything printable, JSON-escaped so many times.
    Json(usize),
    /// Anything but a single quote and a backslash.
    Single,
    /// With blanks and signs, but no quote, comment or separator: a whole line.
    Line,
    /// Percent-encoded so many times.
    Percent(usize),
    /// Text of XML.
    Xml,
}

#[rustfmt::skip] // rows, not a column
const SYNTAXES: &[(&str, Write)] = &[
    ("{\"a\":1,\"§\":\"¤\",\"b\":[2]}\n", Write::Json(1)),
    ("{\"a\":\"{\\\"§\\\":\\\"¤\\\",\\\"b\\\":1}\"}\n", Write::Json(2)),
    ("{\"a\":\"{\\\"b\\\":\\\"{\\\\\\\"§\\\\\\\":\\\\\\\"¤\\\\\\\"}\\\"}\"}\n", Write::Json(3)),
    ("{\"params\":[{\"key\":\"§\",\"value\":\"¤\"},{\"key\":\"id\",\"value\":\"1\"}]}\n", Write::Json(1)),
    ("{\"params\":[{\"value\":\"¤\",\"key\":\"§\"},{\"key\":\"id\",\"value\":\"1\"}]}\n", Write::Json(1)),
    ("  Parameters: {\"id\"=>\"5\", \"§\"=>\"¤\", \"x\"=>\"y\"}\n", Write::Json(1)),
    ("{id: 5, §: \"¤\", x: \"y\"}\n", Write::Json(1)),
    ("gitlab_rails['§'] = '¤'\n", Write::Single),
    ("gitlab_rails['§'] = \"¤\" # x\n", Write::Json(1)),
    ("  \"§\" => '¤',\n", Write::Single),
    ("a:\n  §: ¤\n  x: y\n", Write::Line),
    ("a:\n  §: '¤'\n  x: y\n", Write::Single),
    ("a:\n  §: |\n    ¤\n    ¤\n  x: y\n", Write::Line),
    ("§ = '¤'\nx = 'y'\n", Write::Single),
    ("§ = \"¤\"\nx = 'y'\n", Write::Json(1)),
    ("[s]\n§ = ¤\nx = y\n", Write::Line),
    ("export §='¤'\nX=y\n", Write::Single),
    ("2024-06-07T12:00:00Z level=info §=¤ x=y\n", Write::Word),
    ("level=info §=\"¤\" x=y\n", Write::Json(1)),
    ("{\"message\":\"failed: §=¤, retrying\",\"x\":1}\n", Write::Word),
    ("1.2.3.4 - - \"GET /a?§=¤&page=2 HTTP/1.1\" 200 \"-\"\n", Write::Percent(1)),
    ("GET /a?next=%2Fb%3F§%3D¤%26page%3D2 HTTP/1.1\n", Write::Percent(2)),
    ("<a><§>¤</§><x>y</x></a>\n", Write::Xml),
    ("<add key=\"§\" value=\"¤\"/>\n", Write::Xml),
    ("app --§ ¤ --x y\n", Write::Word),
    ("app --§='¤' --x y\n", Write::Single),
    ("app\0--§\0¤\0--x\0y\0", Write::Line),
    ("§: ¤\r\nAccept: x\r\n", Write::Line),
    ("UPDATE t SET \"§\" = '¤', x = 1 WHERE id = 5\n", Write::Single),
    ("INSERT INTO t (id, §, x) VALUES (5, '¤', 'y')\n", Write::Single),
    ("host=/x user=u §='¤' dbname=d\n", Write::Single),
    ("\x1b[31m-  §: ¤\x1b[0m\n\x1b[32m+  §: ¤\x1b[0m\n", Write::Line),
];

const NAMES: &[&str] = &[
    "password",
    "db_password",
    "PRIVATE-TOKEN",
    "api_key",
    "clientSecret",
    "secret_key_base",
    "smtp_passwd",
];

struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 20) as usize % n
    }

    fn text(&mut self, alphabet: &str) -> String {
        let letters: Vec<char> = alphabet.chars().collect();
        (0..8 + self.below(24)).map(|_| letters[self.below(letters.len())]).collect()
    }
}

const WORD: &str = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

fn written(dice: &mut Dice, how: &Write) -> String {
    let first = dice.text("abcXYZ789");
    match how {
        Write::Word => first + &dice.text(WORD),
        Write::Json(times) => {
            let mut text = first + &dice.text(&format!("{WORD} ,;&=:{{}}[]()<>'\"\\/#$%!@ü\n")) + "z";
            for _ in 0..*times {
                let quoted = serde_json::to_string(&text).unwrap();
                text = quoted[1..quoted.len() - 1].to_owned();
            }
            text
        }
        Write::Single => first + &dice.text(&format!("{WORD} ,;&=:{{}}[]()<>\"/#$%!@ü")) + "z",
        Write::Line => first + &dice.text(&format!("{WORD}/+$%!@^*~")) + " " + &dice.text(WORD),
        Write::Percent(times) => {
            let mut text = first + &dice.text(&format!("{WORD} ,;&=:/?#[]\"'%ü"));
            for _ in 0..*times {
                text = text
                    .bytes()
                    .map(|b| {
                        if WORD.as_bytes().contains(&b) {
                            char::from(b).to_string()
                        } else {
                            format!("%{b:02X}")
                        }
                    })
                    .collect();
            }
            text
        }
        Write::Xml => {
            let text = first + &dice.text(&format!("{WORD} ,;&=:'\"<>/#$%!@ü")) + "z";
            text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
        }
    }
}

#[test]
fn random_values_in_every_syntax() {
    let keyed = Ruled::new(&[]).only_keyed();
    let mut dice = Dice(20_240_607);
    let mut wrong = Vec::new();
    for (template, how) in SYNTAXES {
        for round in 0..60 {
            let name = NAMES[round % NAMES.len()];
            let value = written(&mut dice, how);
            let (text, expected) = (
                template.replace('§', name).replace('¤', &value),
                template.replace('§', name).replace("    ¤\n    ¤\n", "    █\n").replace('¤', "█"),
            );
            let found = redacted(&keyed, text.as_bytes());
            if found != expected {
                wrong.push(format!("  text {text:?}\n  got  {found:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong[..wrong.len().min(12)].join("\n"));
}
