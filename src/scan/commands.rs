//! Secrets that a protocol or a statement tells by their place: `AUTH x`, `LOGIN user x`, `INSERT INTO`.

use std::ops::Range;

use super::{
    found::Found,
    glue::Cursor,
    keyed::judged,
    names::{Kind, Name, STEMS},
    shapes::base64,
    values::Stance,
};

/// A command.
#[derive(Debug, Clone, Copy)]
pub(super) struct Command {
    /// In small letters: all are found in any case.
    pub(super) needle: &'static str,
    secret: fn(&[u8], usize) -> Option<Range<usize>>,
}

const fn command(needle: &'static str, secret: fn(&[u8], usize) -> Option<Range<usize>>) -> Command {
    Command { needle, secret }
}

#[rustfmt::skip] // a table
pub(super) const COMMANDS: &[Command] = &[
    command(" pass:", openssl), command("\"pass:", openssl),
    command("auth ", auth), command("auth\" ", auth), command("auth\\\" ", auth), command("auth\", \"", |text, at| one(text, at - 1, Stance::Loose)), command(":auth, ", |text, at| one(text, at, Stance::Loose)), command("auth plain ", |text, at| one(text, at, Stance::Loose)), command("pass ", pass), command("login ", login), command("auth-pass ", second),
    command("setuser", |text, at| option(text, at, b">", Stance::Loose)), command(" on >", |text, at| one(text, at, Stance::Loose)),
    command("identified ", identified), command("basic_auth", second), command("basicauth(", second),
    command("auth2 ", second), command("authenticate plain ", |text, at| one(text, at, Stance::Loose)), command("response=", digest), command("ugfzc3dvcmq6", answer), command("insert into ", insert),
];

impl Command {
    /// The secret behind the needle at `at`.
    pub(super) fn found(&self, text: &[u8], at: usize) -> Option<Found> {
        let end = at + self.needle.len();
        let span = (self.secret)(text, end)?;
        Some(Found { rule: "command-secret", label: at..end, span })
    }
}

/// Whether the needle that ends at `at` stands in capitals, or in quotes.
fn is_shouted(text: &[u8], at: usize, length: usize) -> bool {
    let Some(word) = at.checked_sub(length).map(|from| &text[from..at]) else { return false };
    let before = at.checked_sub(length + 1).map(|i| text[i]);
    let capitals = word.iter().all(|b| !b.is_ascii_lowercase())
        && before.is_none_or(|b| !b.is_ascii_alphanumeric() && b != b'_' && b != b'-');
    capitals || before == Some(b'"') && word.contains(&b'"')
}

fn one(text: &[u8], at: usize, stance: Stance) -> Option<Range<usize>> {
    let mut cursor = Cursor::new(text, at);
    cursor.blanks(2);
    cursor.quotes(false);
    judged(&cursor, Kind::Password, stance)
}

/// `IDENTIFIED WITH x BY 'secret'`
fn identified(text: &[u8], at: usize) -> Option<Range<usize>> {
    let window = text.get(at..)?;
    let window = &window[..window.len().min(60)];
    let by = [&b"BY '"[..], b"by '", b"BY \""].into_iter().find_map(|by| memchr::memmem::find(window, by))?;
    let before = &window[..by];
    let plugin = before.iter().all(|b| b.is_ascii_alphanumeric() || b"_' ".contains(b));
    plugin.then(|| one(text, at + by + 3, Stance::Quoted))?
}

/// `-passin pass:x`
fn openssl(text: &[u8], at: usize) -> Option<Range<usize>> {
    let cursor = Cursor::new(text, at);
    judged(&cursor, Kind::Token, Stance::Loose)
}

/// Behind an option, on the same line.
fn option(text: &[u8], at: usize, sign: &[u8], stance: Stance) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let line = &rest[..rest.len().min(160)];
    let line = &line[..memchr::memchr(b'\n', line).unwrap_or(line.len())];
    let found = memchr::memmem::find(line, sign)? + sign.len();
    one(text, at + found, stance)
}

/// Redis' and the mail protocols': one word or two.
fn auth(text: &[u8], at: usize) -> Option<Range<usize>> {
    if !is_shouted(text, at, 5) && !is_shouted(text, at, 6) && !is_shouted(text, at, 7) {
        return None;
    }
    let fits = |value: &Range<usize>| {
        let value = &text[value.clone()];
        !is_setting(value) && value.iter().any(u8::is_ascii_lowercase)
    };
    one(text, at, Stance::Loose).filter(fits).or_else(|| second(text, at).filter(fits))
}

/// `key=value`; base64 has such signs at its end alone.
fn is_setting(value: &[u8]) -> bool {
    memchr::memchr(b'=', value).is_some_and(|at| value[at..].iter().any(|b| *b != b'='))
}

/// The word behind the next one.
fn second(text: &[u8], at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let line = rest[..rest.len().min(120)].split(|b| *b == b'\n').next()?;
    let first = line.iter().position(|b| *b == b' ')?;
    let mut cursor = Cursor::new(text, at + first);
    cursor.blanks(2);
    cursor.quotes(false);
    let stance = if cursor.quote.is_some() { Stance::Quoted } else { Stance::Loose };
    judged(&cursor, Kind::Password, stance)
}

fn pass(text: &[u8], at: usize) -> Option<Range<usize>> {
    let value = is_shouted(text, at, 5).then(|| one(text, at, Stance::Loose))??;
    (!text[value.clone()].contains(&b'/')).then_some(value)
}

fn login(text: &[u8], at: usize) -> Option<Range<usize>> {
    is_shouted(text, at, 6).then(|| second(text, at))?
}

fn digest(text: &[u8], at: usize) -> Option<Range<usize>> {
    let before = &text[at.saturating_sub(400)..at];
    memchr::memmem::find(before, b"Digest")?;
    one(text, at, Stance::Loose)
}

/// What follows the question for a password in `AUTH LOGIN`.
fn answer(text: &[u8], at: usize) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let window = &rest[..rest.len().min(80)];
    if memchr::memmem::find(window, b"__REDACTED.").is_some() {
        return None;
    }
    let mut from = 0;
    for word in window.split(|b| !base64(*b)) {
        if word.len() >= 8 {
            return Some(at + from..at + from + word.len());
        }
        from += word.len() + 1;
    }
    None
}

/// The values of columns that are called like secrets.
fn insert(text: &[u8], at: usize) -> Option<Range<usize>> {
    const LONGEST: usize = 600;
    let rest = text.get(at..)?;
    let rest = &rest[..rest.len().min(LONGEST)];
    let open = memchr::memchr(b'(', &rest[..rest.len().min(80)])? + 1;
    let close = open + memchr::memchr(b')', &rest[open..])?;
    let columns = rest[open..close].split(|b| *b == b',');
    let secret = columns.enumerate().find_map(|(index, column)| {
        let name = column.trim_ascii();
        let lower = name.to_ascii_lowercase();
        let named = STEMS.iter().any(|stem| {
            memchr::memmem::find(&lower, stem.text.as_bytes())
                .is_some_and(|at| Name::around(name, at, stem).is_some())
        });
        named.then_some(index)
    })?;
    let values = close + memchr::memchr(b'(', &rest[close..rest.len().min(close + 20)])? + 1;
    let mut cursor = Cursor::new(text, at + values);
    for index in 0..=secret {
        cursor.blanks(2);
        cursor.quote = None;
        cursor.quotes(false);
        if index == secret {
            cursor.quote?;
            return judged(&cursor, Kind::Password, Stance::Quoted);
        }
        let rest = cursor.rest();
        let window = &rest[..rest.len().min(200)];
        let value = cursor.quote.map_or(Some(0), |quote| memchr::memchr(quote, window).map(|at| at + 1))?;
        cursor.at += value + memchr::memchr(b',', &window[value..])? + 1;
    }
    None
}
