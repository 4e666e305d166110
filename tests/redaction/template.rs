//! Templates: `«w:20»` is chance, `⟦…⟧` is what is planted. So no secret, not even a made-up one, stands in this
//! repository, and a row reads as the line that it makes.

use super::chance::{self, Chance};

/// A text, and where in it each planted value stands.
#[derive(Debug, Clone, Default)]
pub(super) struct Made {
    pub(super) text: String,
    pub(super) planted: Vec<String>,
}

/// Fills a template; `own` answers for names that are not chance.
pub(super) fn fill(
    template: &str,
    chance: &mut Chance,
    own: &mut dyn FnMut(&str, &mut Chance) -> Option<String>,
) -> Made {
    let mut made = Made::default();
    let mut starts = Vec::new();
    let mut rest = template;
    while let Some(at) = rest.find(['«', '⟦', '⟧']) {
        made.text.push_str(&rest[..at]);
        let mark = rest[at..].chars().next().unwrap();
        rest = &rest[at + mark.len_utf8()..];
        match mark {
            '⟦' => starts.push(made.text.len()),
            '⟧' => {
                let start = starts.pop().unwrap_or_else(|| panic!("a ⟧ too many in {template}"));
                made.planted.push(made.text[start..].to_owned());
            }
            _ => {
                let (name, behind) = rest.split_once('»').unwrap_or_else(|| panic!("no » in {template}"));
                rest = behind;
                let value = own(name, chance).unwrap_or_else(|| random(name, chance));
                made.text.push_str(&value);
            }
        }
    }
    assert!(starts.is_empty(), "no ⟧ in {template}");
    made.text.push_str(rest);
    made
}

/// A template of chance alone; without `⟦⟧` the whole is the value.
pub(super) fn token(template: &str, chance: &mut Chance) -> Made {
    let mut made = fill(template, chance, &mut |_, _| None);
    if made.planted.is_empty() {
        made.planted.push(made.text.clone());
    }
    made
}

fn random(name: &str, chance: &mut Chance) -> String {
    if let Some((class, length)) = name.split_once(':') {
        let length = match length.split_once('-') {
            Some((least, most)) => chance.between(number(least), number(most)),
            None => number(length),
        };
        let alphabet = match class {
            "d" => chance::DIGITS,
            "h" => chance::HEX,
            "H" => chance::UPPER_HEX,
            "l" => chance::LOWER,
            "L" => chance::UPPER,
            "a" => chance::BASE36,
            "A" => chance::UPPER36,
            "w" => {
                return if length > 5 { chance.mixed(length) } else { chance.text(length, chance::BASE62) };
            }
            "b" => chance::BASE64,
            "u" => chance::URL64,
            "32" => chance::BASE32,
            "c" => chance::CROCKFORD,
            class => panic!("no class of characters: {class}"),
        };
        // A dash at the end of a token can't be told from the punctuation behind it.
        let text = chance.text(length.saturating_sub(1), alphabet);
        return text + &chance.text(1.min(length), alphabet.trim_end_matches(['-', '_', '+', '/']));
    }
    match name {
        "ulid" => chance.ulid(),
        "uuid" => chance.uuid(),
        "UUID" => chance.uuid().to_uppercase(),
        "sha" => chance.text(40, chance::HEX),
        "sha256" => chance.text(64, chance::HEX),
        "time" => format!(
            "2026-0{}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
            chance.between(1, 9),
            chance.between(1, 28),
            chance.below(24),
            chance.below(60),
            chance.below(60),
            chance.below(1000)
        ),
        "runit" => format!(
            "2026-06-{:02}_0{}:{:02}:41.{}",
            chance.between(10, 28),
            chance.below(9),
            chance.below(60),
            chance.text(5, chance::DIGITS)
        ),
        "seconds" => format!("{}.{}", chance.below(9), chance.text(5, chance::DIGITS)),
        "n" => chance.between(2, 90_000).to_string(),
        "pid" => chance.between(300, 99_999).to_string(),
        "user" => chance.user(),
        "word" => chance.word().to_owned(),
        "project" => chance.project(),
        "ip" => chance.ip(),
        "status" => {
            (*chance.pick(&["200", "201", "302", "401", "403", "404", "422", "500", "502"])).to_owned()
        }
        "version" => format!("{}.{}.{}", chance.between(15, 18), chance.below(12), chance.below(9)),
        "b64" => {
            let length = chance.between(24, 60);
            data_encoding::BASE64.encode(chance.text(length, chance::BASE62).as_bytes())
        }
        "login" => data_encoding::BASE64.encode(format!("{}:{}", chance.word(), chance.mixed(18)).as_bytes()),
        // As Discord's tokens begin.
        "id" => data_encoding::BASE64.encode(format!("1{}", chance.text(17, chance::DIGITS)).as_bytes()),
        "password" => {
            let length = chance.between(12, 20);
            chance.mixed(length)
        }
        name => panic!("nothing is called {name}"),
    }
}

fn number(text: &str) -> usize {
    text.parse().unwrap_or_else(|_| panic!("{text} is no length"))
}
