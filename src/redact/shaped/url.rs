//! Passwords in URLs of any scheme: `scheme://user:PASS@host`, also percent-encoded, JSON-escaped,
//! without a user, or with a token as the user. The user, the host and the path stay. And in the data source
//! names of Go's MySQL driver, which are no URLs: `user:PASS@tcp(host:3306)/db`.

use super::{
    form::Match,
    placeholder::is_placeholder,
    rule::{Found, looks_random},
    text::Text,
};
use crate::redact::finder::Until;

/// How far an authority is looked at. A JWT may be a password.
const LONGEST: usize = 8 << 10;

/// How far a password is looked at that holds an unencoded slash.
const ODD: usize = 256;

/// Where the parts of an authority are.
#[derive(Default)]
struct Authority {
    /// Behind the first colon, and the colon's place.
    colon: Option<(usize, usize)>,
    /// Place of the last `@`, and what stands behind it.
    at: Option<(usize, usize)>,
    end: usize,
}

/// `://` and `:\/\/`.
pub(super) fn plain(text: &mut Text<'_>, needle: Match, found: &mut Found<'_, '_>) {
    let start = needle.start;
    let authority = authority(text, start, |rest| match rest {
        [b':', ..] => Token::Colon(1),
        [b'@', ..] => Token::At(1),
        // A backslash of the password, or `&`, as JSON writes them; any other escape ends the URL.
        [b'\\', b'\\', ..] => Token::Skip(2),
        [b'\\', b'u', b'0', b'0', b'2' | b'3', ..] => Token::Skip(6),
        [b'/' | b'?' | b'#' | b'\\', ..] => Token::End,
        [b'\'', b',' | b')' | b']' | b'}' | b';' | b'>' | b' ', ..] => Token::End,
        _ => Token::Other,
    });
    if authority.at.is_none() {
        odd(text, start, &authority, found);
    } else {
        credentials(text, start, &authority, found);
    }
}

/// `%3A%2F%2F`, or `%253A%252F%252F`: an encoded URL in a URL that was encoded again.
pub(super) fn encoded(text: &mut Text<'_>, needle: Match, found: &mut Found<'_, '_>) {
    if text.has(needle.from, b"%25") {
        encoded_twice(text, needle, found);
        return;
    }
    let authority = authority(text, needle.start, |rest| match rest {
        [b'%', b'3', b'A' | b'a', ..] => Token::Colon(3),
        [b'%', b'4', b'0', ..] => Token::At(3),
        [b'%', b'2', b'0' | b'2' | b'3' | b'6' | b'F' | b'f', ..] => Token::End,
        [b'%', b'3', b'F' | b'f' | b'C' | b'c' | b'E' | b'e', ..] | [b'%', b'0', ..] => Token::End,
        [b':', ..] => Token::Colon(1),
        [b'@', ..] => Token::At(1),
        [b'/' | b'?' | b'#' | b'&' | b'\\', ..] => Token::End,
        _ => Token::Other,
    });
    credentials(text, needle.start, &authority, found);
}

fn encoded_twice(text: &mut Text<'_>, needle: Match, found: &mut Found<'_, '_>) {
    let authority = authority(text, needle.start, |rest| match rest {
        [b'%', b'2', b'5', b'3', b'A' | b'a', ..] => Token::Colon(5),
        [b'%', b'2', b'5', b'4', b'0', ..] => Token::At(5),
        [b'%', b'2', b'5', b'2' | b'0', _, ..] | [b'%', b'2', b'5', b'3', b'F' | b'f', ..] => Token::End,
        [b'%', b'2', b'6' | b'0' | b'2', ..] | [b'/' | b'?' | b'#' | b'&' | b'\\', ..] => Token::End,
        _ => Token::Other,
    });
    credentials(text, needle.start, &authority, found);
}

/// `user:PASS@tcp(host:3306)/db`: from the needle back to where the word begins, whatever is in the password.
pub(super) fn driver(text: &mut Text<'_>, needle: Match, found: &mut Found<'_, '_>) {
    let before = text.before(needle.from, ODD);
    let word = before.iter().rposition(|byte| ends_url(*byte) || *byte == b'\'').map_or(0, |at| at + 1);
    let word = &before[word..];
    let scheme = memchr::memmem::find(word, b"://").map_or(0, |at| at + 3);
    let Some(colon) = memchr::memchr(b':', &word[scheme..]) else { return };
    let value = &word[scheme + colon + 1..];
    if !is_placeholder(value) {
        found.push(text, needle.from - value.len()..needle.from);
    }
}

enum Token {
    Colon(usize),
    At(usize),
    Skip(usize),
    End,
    Other,
}

/// White space, controls and quotes end a URL of any kind.
fn ends_url(byte: u8) -> bool {
    byte <= b' ' || matches!(byte, b'"' | b'`' | b'<' | b'>' | 0x7f)
}

fn authority(text: &Text<'_>, start: usize, token: impl Fn(&[u8]) -> Token) -> Authority {
    let mut found = Authority::default();
    let rest = text.slice(start..text.bytes.len().min(start.saturating_add(LONGEST)));
    let mut at = 0;
    while let Some(byte) = rest.get(at) {
        if ends_url(*byte) {
            break;
        }
        // Most bytes are none of those that a token begins with.
        let token = if byte.is_ascii_alphanumeric() { Token::Other } else { token(&rest[at..]) };
        let place = start + at;
        at += match token {
            Token::End => break,
            Token::Colon(width) => {
                found.colon.get_or_insert((place, place + width));
                width
            }
            Token::At(width) => {
                found.at = Some((place, place + width));
                width
            }
            Token::Skip(width) => width,
            Token::Other => 1,
        };
    }
    found.end = start + at.min(rest.len());
    found
}

fn credentials(text: &Text<'_>, start: usize, authority: &Authority, found: &mut Found<'_, '_>) {
    let Some((at, host)) = authority.at else {
        if text.is_cut_at(authority.end)
            && let Some((_, password)) = authority.colon
            && text.slice(password..authority.end).len() > ODD
        {
            found.push_open(text, password..authority.end, Some(Until::WordEnd));
        }
        return;
    };
    // `docker://alpine:3.18@sha256:…` names an image by its digest.
    if text.has(host, b"sha256") || text.has(host, b"sha512") {
        return;
    }
    match authority.colon {
        Some((colon, password)) if colon < at => {
            let value = text.slice(password..at);
            // GitHub's habit: the token is the user.
            let token = value.is_empty() && is_token(text.slice(start..colon));
            if value == b"x-oauth-basic" || token {
                found.push(text, start..colon);
            }
            if !is_placeholder(value) && !is_port_and_more(value) {
                found.push(text, password..at);
            }
        }
        _ => {
            let user = text.slice(start..at);
            if is_token(user) {
                found.push(text, start..at);
            }
        }
    }
}

/// A password with an unencoded `/`, `?` or `#`: what seems to be the authority has a colon, and
/// behind it something that is no port; an `@` follows in the same word.
fn odd(text: &Text<'_>, start: usize, authority: &Authority, found: &mut Found<'_, '_>) {
    let Some((_, password)) = authority.colon else { return };
    let port = text.slice(password..authority.end);
    let stop = text.at(authority.end);
    if !matches!(stop, Some(b'/' | b'?' | b'#'))
        || text.at(start) == Some(b'[')
        || port.is_empty()
        || port.iter().all(u8::is_ascii_digit)
        || port.starts_with(b"%d")
        || port.starts_with(b"$")
        || port.starts_with(b"{")
        || port.starts_with(b"#{")
    {
        return;
    }
    let rest = text.slice(authority.end..text.bytes.len().min(authority.end + ODD));
    let Some(end) = memchr::memchr(b'@', rest) else { return };
    let more = &rest[..end];
    if more.iter().any(|byte| ends_url(*byte) || *byte == b'\\')
        || memchr::memmem::find(more, b"://").is_some()
    {
        return;
    }
    let at = authority.end + end;
    if text.alnum_at(at + 1) || text.has(at + 1, b"[") {
        found.push(text, password..at);
    }
}

/// `8080,user` in a list of hosts: no password.
fn is_port_and_more(value: &[u8]) -> bool {
    let digits = value.iter().take_while(|byte| byte.is_ascii_digit()).count();
    (1..=5).contains(&digits) && matches!(value.get(digits), Some(b',' | b';' | b')' | b'\\' | b'\'' | b'|'))
}

/// A user that is a token, as in a Sentry DSN or `https://TOKEN@host`.
fn is_token(user: &[u8]) -> bool {
    let word = user.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'));
    word && looks_random(user, 20)
        && user.iter().any(u8::is_ascii_digit)
        && memchr::memmem::find(user, b"_bot").is_none()
}
