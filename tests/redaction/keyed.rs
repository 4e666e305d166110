//! Values that only the name beside them tells, in every syntax in which a GitLab host writes a name and a value.
//! The rows are in `syntaxes`.

use super::{
    chance::{self, Chance},
    record::{Class, Record, Syntax},
    syntaxes::{ROWS, Row, Takes},
    template,
};

/// Names, as words; their first words are what a real name has in front.
const NAMES: &[&str] = &[
    "password",
    "db password",
    "smtp password",
    "new password",
    "password confirmation",
    "user password",
    "admin password",
    "bind password",
    "current password",
    "redis password",
    "encrypted password",
    "passphrase",
    "secret",
    "client secret",
    "app secret",
    "shared secret",
    "webhook secret",
    "jwt secret",
    "secret key",
    "secret access key",
    "aws secret access key",
    "secret key base",
    "otp secret",
    "token",
    "private token",
    "access token",
    "refresh token",
    "auth token",
    "api token",
    "bot token",
    "deploy token",
    "registration token",
    "reset password token",
    "authenticity token",
    "confirmation token",
    "job token",
    "runner token",
    "rss token",
    "feed token",
    "static object token",
    "incoming email token",
    "api key",
    "openai api key",
    "private key",
    "encryption key",
    "signing key",
    "access key",
    "storage access key",
    "account key",
    "master key",
    "db key base",
    "otp key base",
    "credentials",
    "root password",
    "ldap bind password",
    "akismet api key",
    "recaptcha private key",
    "slack app signing secret",
    "sonarqube token",
    "id token",
    "http secret",
    "vault token",
    "ssh private key passphrase",
    "tls key password",
    "keystore password",
    "client key passphrase",
    "hmac secret",
    "unlock token",
    "trigger token",
    "kas token",
    "jira password",
    "datadog api key",
    "github access token",
    "remote mirror password",
    "password salt",
    "proxy password",
];

/// A name's case style.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Snake,
    Camel,
    Pascal,
    Kebab,
    Screaming,
    Header,
    Dotted,
}

impl Style {
    pub(super) fn apply(self, words: &str) -> String {
        let words: Vec<&str> = words.split(' ').collect();
        let capital = |word: &&str| word[..1].to_uppercase() + &word[1..];
        let capitals = || words.iter().map(capital).collect::<Vec<_>>();
        match self {
            Self::Snake => words.join("_"),
            Self::Pascal => capitals().concat(),
            Self::Camel => words[0].to_owned() + &capitals()[1..].concat(),
            Self::Kebab => words.join("-"),
            Self::Screaming => words.join("_").to_uppercase(),
            Self::Header => format!("X-{}", capitals().join("-")),
            Self::Dotted => format!("gitlab.{}", words.join(".")),
        }
    }
}

/// What people and programs choose.
fn value(takes: Takes, chance: &mut Chance) -> String {
    let length = chance.between(10, 22);
    let kinds = match takes {
        Takes::Anything => 16,
        Takes::NoLine => 15,
        Takes::Words => 12,
        Takes::Plain => 8,
        Takes::Hard => 5,
    };
    match chance.below(kinds) {
        0 => chance.mixed(length),
        1 => chance.mixed(8),
        2 => chance.text(32, chance::HEX),
        3 => chance.text(64, chance::HEX),
        4 => chance.mixed(40),
        5 => format!("{}{}", chance.words(1, ""), chance.between(1000, 9999)),
        6 => format!("{}-{}", chance.words(3, "-"), chance.below(100)),
        7 => format!("{}_{}", chance.mixed(6), chance.text(5, chance::LOWER)),
        8 => format!("{}!", chance.symbols(12, Some("!@%^*.~"))),
        9 => data_encoding::BASE64.encode(chance.mixed(25).as_bytes()),
        10 => format!("{}@{}", chance.symbols(7, Some("!*.")), chance.mixed(4)),
        11 => format!("P@ss{}!", chance.between(10, 9999)),
        12 => chance.words(4, " "),
        13 => format!("{} {}é{}", chance.mixed(5), chance.mixed(4), chance.mixed(3)),
        14 => format!("{}'{}\"{}", chance.mixed(5), chance.mixed(4), chance.mixed(5)),
        _ => format!("{}\\{}&<{}", chance.mixed(4), chance.mixed(4), chance.mixed(6)),
    }
}

/// Each syntax with several names and values.
pub(super) fn records(rounds: usize, chance: &mut Chance) -> Vec<Record> {
    let mut records = Vec::new();
    for row in ROWS {
        for _ in 0..rounds {
            records.push(record(row, chance));
        }
    }
    records
}

fn record(row: &Row, chance: &mut Chance) -> Record {
    let mut values = Vec::new();
    let made = template::fill(row.template, chance, &mut |name, chance| match name.split_once(':') {
        Some(("k", style)) => Some(key(style, chance)),
        Some(("basic", user)) => {
            let password = value(Takes::Plain, chance);
            Some(data_encoding::BASE64.encode(format!("{user}{password}").as_bytes()))
        }
        None if name == "k" => Some(key("any", chance)),
        None if name == "v" => {
            let value = value(row.takes, chance);
            values.push(value.clone());
            Some(row.esc.apply(&value))
        }
        _ => None,
    });
    let line = matches!(row.syntax, Syntax::JsonLine | Syntax::Lines);
    let text = made.text.replace('†', "");
    let text = if line { text + "\n" } else { text };
    let record = Record::new(row.syntax, text);
    made.planted.into_iter().fold(record, |record, written| match written.strip_prefix('†') {
        // Must survive beside the secret.
        Some(kept) => record.with(Class::Kept, format!("beside {}", row.name), kept),
        None => record.with(Class::Keyed, row.name, written),
    })
}

fn key(style: &str, chance: &mut Chance) -> String {
    let name = *chance.pick(NAMES);
    let style = match style {
        "snake" => Style::Snake,
        "env" => Style::Screaming,
        "header" => Style::Header,
        "kebab" => Style::Kebab,
        "dotted" => Style::Dotted,
        "ini" => *chance.pick(&[Style::Snake, Style::Kebab, Style::Dotted]),
        _ => *chance.pick(&[
            Style::Snake,
            Style::Snake,
            Style::Snake,
            Style::Camel,
            Style::Pascal,
            Style::Kebab,
            Style::Screaming,
            Style::Dotted,
        ]),
    };
    style.apply(name)
}
