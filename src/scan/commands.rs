//! Secrets that a protocol tells by their place: `AUTH x`, `LOGIN user x`, `?code=x`. Those of SQL are in `statements`.

use std::ops::Range;

use super::{
    found::Found,
    glue::Cursor,
    keyed::{closed, judged},
    marker,
    names::Kind,
    piped,
    shapes::{self, base64},
    statements,
    values::{Stance, is_secret},
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
    command("identified ", statements::identified), command("basic_auth", second), command("basicauth(", second),
    command("auth2 ", second), command("authenticate plain ", |text, at| one(text, at, Stance::Loose)), command("response=", digest), command("ugfzc3dvcmq6", answer), command("insert into ", statements::insert),
    command("password-stdin", |text, at| piped::found(text, at, false)), command("passwd --stdin", |text, at| piped::found(text, at, false)), command("chpasswd", |text, at| piped::found(text, at, true)),
    command("auth\r\n$", bulk), command("auth\\r\\n$", bulk), command("?code=", code), command("&code=", code), command("parameters: $1", statements::parameters),
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

pub(super) fn one(text: &[u8], at: usize, stance: Stance) -> Option<Range<usize>> {
    let mut cursor = Cursor::new(text, at);
    cursor.blanks(2);
    cursor.quotes(false);
    judged(&cursor, Kind::Password, stance)
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
    // Before what was taken out already stands a user.
    let user = |value: &Range<usize>| {
        let behind = &text[value.end..];
        let glue = behind.iter().take(6).take_while(|b| b"\\\"' ".contains(b)).count();
        marker(&behind[glue..]).is_some()
    };
    one(text, at, Stance::Loose)
        .filter(|value| fits(value) && !user(value))
        .or_else(|| second(text, at).filter(fits))
}

/// `key=value`; base64 has such signs at its end alone.
fn is_setting(value: &[u8]) -> bool {
    memchr::memchr(b'=', value).is_some_and(|at| value[at..].iter().any(|b| *b != b'='))
}

/// The word behind the next one: `user x`, `('user', 'x')`.
fn second(text: &[u8], at: usize) -> Option<Range<usize>> {
    const LONGEST: usize = 120;
    let rest = text.get(at..)?;
    let line = rest[..rest.len().min(LONGEST)].split(|b| *b == b'\n').next()?;
    let lead = line.iter().take_while(|b| matches!(b, b' ' | b'(')).count();
    let mut cursor = Cursor::new(&text[..at + line.len()], at + lead);
    cursor.quotes(false);
    let first = match cursor.quote {
        Some(_) => {
            let length = closed(cursor.rest(), cursor.spelling, cursor.slashes)?;
            cursor.at += length;
            cursor.quotes(false);
            cursor.at
        }
        None => cursor.at + cursor.rest().iter().position(|b| matches!(b, b' ' | b','))?,
    };
    // `(user: "bob", password: "x")`
    if text[..first].ends_with(b":") {
        return None;
    }
    let mut cursor = Cursor::new(text, first);
    cursor.take(b",");
    if cursor.blanks(2) == 0 {
        return None;
    }
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
    const PROMPT: &[u8] = b"UGFzc3dvcmQ6";
    let rest = text.get(at..)?;
    let window = &rest[..rest.len().min(80)];
    // `334` asks; Postfix names the same word in each failed login.
    let before = &text[..at - PROMPT.len()];
    let asks = &before[before.len().saturating_sub(8)..];
    memchr::memmem::find(asks, b"334")?;
    // It stands on a line of its own.
    let line = window.iter().take_while(|b| b"\"' ".contains(b)).count();
    if !matches!(window.get(line..), Some([b'\n' | b'\r', ..] | [b'\\', b'n' | b'r', ..])) {
        return None;
    }
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

/// `*2 $4 AUTH $12 x` of Redis' protocol, each on a line; behind a third size a user stands first.
fn bulk(text: &[u8], at: usize) -> Option<Range<usize>> {
    let mut value = None;
    let mut at = at;
    // The needle's own `$` is behind us.
    for _ in 0..2 {
        let rest = text.get(at..)?;
        let digits = rest.iter().take(5).take_while(|b| b.is_ascii_digit()).count();
        let size: usize = std::str::from_utf8(&rest[..digits]).ok()?.parse().ok()?;
        let Some(line) = line_end(&rest[digits..]) else { break };
        let start = at + digits + line;
        let end = start.checked_add(size).filter(|end| *end <= text.len())?;
        value = Some(start..end);
        let more = line_end(&text[end..]).filter(|line| text.get(end + line) == Some(&b'$'));
        let Some(line) = more.filter(|line| text.get(end + line + 1).is_some_and(u8::is_ascii_digit)) else {
            break;
        };
        at = end + line + 1;
    }
    let value = value?;
    is_secret(&text[value.clone()], Kind::Password, Stance::Tight).then_some(value)
}

/// The code with which a login comes back: beside a state, or on the way to a callback.
fn code(text: &[u8], at: usize) -> Option<Range<usize>> {
    const NEAR: usize = 300;
    const BESIDE: &[&[u8]] = &[b"state=", b"redirect_uri", b"callback", b"authorization_code"];
    let word = |b: &u8| !b.is_ascii_whitespace() && !b"\"'<>".contains(b);
    let before = &text[at.saturating_sub(NEAR)..at];
    let before = &before[before.iter().rposition(|b| !word(b)).map_or(0, |at| at + 1)..];
    let rest = text.get(at..)?;
    let behind = &rest[..rest.iter().take(NEAR).take_while(|b| word(b)).count()];
    let told = |text: &[u8]| BESIDE.iter().any(|word| memchr::memmem::find(text, word).is_some());
    let length = behind.iter().take_while(|b| shapes::word(**b) || b"./%~".contains(b)).count();
    let value = &behind[..length];
    let mixed =
        value.iter().filter(|b| b.is_ascii_digit()).count() >= 2 && value.iter().any(u8::is_ascii_alphabetic);
    (length >= 10 && mixed && (told(before) || told(behind))).then_some(at..at + length)
}

/// The length of a line's end, as it is or written out.
fn line_end(text: &[u8]) -> Option<usize> {
    [&b"\r\n"[..], b"\\r\\n", b"\n", b"\\n"].into_iter().find(|end| text.starts_with(end)).map(<[u8]>::len)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> bool {
        let lower = text.to_ascii_lowercase();
        COMMANDS.iter().any(|command| {
            memchr::memmem::find_iter(lower.as_bytes(), command.needle)
                .any(|at| command.found(text.as_bytes(), at).is_some())
        })
    }

    #[test]
    fn secrets_are_told_by_their_place() {
        let secret = format!("aB3{}Tz7", "kQ9");
        for text in [
            "http.basic_auth 'bot', 'X'",
            "SetBasicAuth(\"bot42x\", \"X\")",
            r#"17.1 [0 10.0.0.1:1] "auth" "gitlab42x" "X""#,
            "echo X | docker login -u bot --password-stdin",
            "+ printf '%s' 'X' | passwd --stdin bob",
            "echo \"bot:X\" | chpasswd",
            "chpasswd <<< bot:X",
            "*2\r\n$4\r\nAUTH\r\n$9\r\nX\r\n",
            r#""*3\r\n$4\r\nAUTH\r\n$3\r\nbot\r\n$9\r\nX\r\n""#,
            "UPDATE u SET \"encrypted_password\" = $2, a = $1\nDETAIL:  parameters: $1 = 'bob', $2 = 'X'",
            "ALTER USER x PASSWORD $1\nDETAIL:  parameters: $1 = 'X'",
            "GET /users/auth/x/callback?code=X7d HTTP/1.1",
            "redirect_uri=https://x/cb&code=X7d&a=b",
        ] {
            assert!(found(&text.replace('X', &secret)), "{text}");
        }
    }

    #[test]
    fn the_place_of_something_else() {
        for text in [
            "http.basic_auth 'gitlab42x', '__REDACTED.password.9f3c21d0__' # 17",
            r#"17.1 [0 10.0.0.1:1] "AUTH" "gitlab42xY" "__REDACTED.password.9f3c21d0__""#,
            "echo __REDACTED.password.9f3c21d0__ | passwd --stdin alice42xY",
            "cat aB3dE6gH9 | docker login --password-stdin",
            "*2\r\n$4\r\nAUTH\r\n$30\r\n__REDACTED.password.9f3c21d0__\r\n",
            "UPDATE u SET state = $1\nDETAIL:  parameters: $1 = 'aB3dE6gH9'",
            "GET /search?code=aB3dE6gH9kL2 HTTP/1.1",
            "x.basic_auth(user: \"bot42xY\", password: \"__REDACTED.password.9f3c21d0__\")",
            "535 5.7.8 Error: authentication failed: UGFzc3dvcmQ6 (ldap3.int.umbrella.net)",
            "GET /cb?code=404&state=opened HTTP/1.1",
        ] {
            assert!(!found(text), "{text}");
        }
    }
}
