//! HTTP headers whose value has parts: the scheme of `Authorization` stays, a cookie's name and path too.

use super::{
    Hunt,
    follow::Subject,
    name, none, prose,
    quotes::{self, Around, How},
    spelled::{Spelled, spelled},
};
use crate::redact::{finder::Until, names};
use memchr::memmem;
use std::ops::Range;

/// Schemes before one word.
const SCHEMES: &[&str] =
    &["basic", "bearer", "token", "jwt", "negotiate", "ntlm", "apikey", "splunk", "geniekey", "pat", "key"];

/// Schemes before a list of parameters.
const LONG_SCHEMES: &[&str] =
    &["digest", "aws4-hmac-sha256", "oauth", "signature", "hawk", "sharedkey", "aws", "sso-key"];

/// Parameters of a scheme that are none of its secrets; all others go.
#[rustfmt::skip] // rows, not a column
const HARMLESS: &[&str] = &[
    "username", "realm", "nonce", "uri", "algorithm", "qop", "nc", "cnonce", "opaque", "keyid", "headers", "created",
    "expires", "version", "id", "ts", "ext", "app", "dlg", "signedheaders", "oauth_consumer_key",
    "oauth_nonce", "oauth_timestamp", "oauth_version", "oauth_signature_method", "oauth_callback", "userhash",
    "charset", "error", "error_description", "scope",
];

/// Most parameters of one header.
const PARAMETERS: usize = 24;

/// What a cookie says about itself.
const ATTRIBUTES: &[&str] =
    &["path", "domain", "expires", "max-age", "samesite", "version", "comment", "priority"];

/// What a header's value stands in.
struct Inner {
    start: usize,
    open: Option<Spelled>,
}

impl Hunt<'_> {
    /// The value of a header with parts. Nothing if it is none, or has no parts.
    pub(super) fn header(&mut self, subject: &Subject, at: usize) -> Option<usize> {
        match subject.rule {
            "authorization" => self.authorization(subject, at),
            "cookie" if is_a_cookies(self.bytes(&subject.name)) => self.cookies(subject, at),
            _ => None,
        }
    }

    /// Behind the blanks, the bracket and the quote before a header's value.
    fn inner(&self, at: usize) -> Option<Inner> {
        let mut start = name::skip_blanks(self.text, at);
        if self.text.get(start) == Some(&b'[') {
            start = name::skip_blanks(self.text, start + 1);
        }
        let open = spelled(self.text, start).filter(|s| s.is_quote());
        Some(Inner { start: start + open.map_or(0, |open| open.len), open })
    }

    fn authorization(&mut self, subject: &Subject, at: usize) -> Option<usize> {
        let Inner { start, open } = self.inner(at)?;
        let word = self.text.get(start..)?.iter().take(24).take_while(|b| name::is_inside(**b)).count();
        let scheme = self.text.get(start..start + word)?;
        let is_one_of =
            |list: &[&str]| list.iter().any(|known| scheme.eq_ignore_ascii_case(known.as_bytes()));
        let (short, long) = (is_one_of(SCHEMES), is_one_of(LONG_SCHEMES));
        let behind = start + word;
        let blank = spelled(self.text, behind).filter(|s| matches!(s.byte, b' ' | b'\t' | b'+' | b':'))?;
        if !short && !long {
            return None;
        }
        let from = name::skip_blanks(self.text, behind + blank.len);
        // `eA==` of `Basic` is none.
        if (long || scheme.eq_ignore_ascii_case(b"token"))
            && let Some(end) = self.parameters(subject, from)
        {
            return Some(end);
        }
        let string = self.inside(subject);
        let (end, until) = match open {
            Some(open) => {
                let closed = quotes::close(
                    self.text,
                    from,
                    open,
                    Around { string: string && open.byte != b'"', lines: false },
                );
                (closed.end, (closed.how == How::Window).then_some(Until::Quote(open.byte)))
            }
            None if short || self.names_an_account(from) => {
                (self.word_end(from, subject, string), Some(Until::WordEnd))
            }
            None => (self.line_end(from, string), Some(Until::LineEnd)),
        };
        let value = self.text.get(from..end)?;
        // `SharedKey account:x`
        let account = (long && self.names_an_account(from)).then(|| memchr::memchr(b':', value)).flatten();
        let from = account.map_or(from, |at| from + at + 1);
        let talk = open.is_none() && prose::is_talk(value);
        if !none::is_no_value(value) && !talk {
            self.take(from..end, subject.rule, false, until);
        }
        Some(end)
    }

    /// `account:x`
    fn names_an_account(&self, from: usize) -> bool {
        let rest = self.text.get(from..).unwrap_or_default();
        let word = rest.iter().take(64).take_while(|b| name::is_inside(**b) || **b == b'.').count();
        word > 0 && rest.get(word) == Some(&b':') && rest.get(word + 1).is_some_and(u8::is_ascii_graphic)
    }

    /// `username="bob", response="x"`, `Credential=a/b, Signature=x`: read one by one, so that what is no
    /// secret stays. Nothing if there is none.
    fn parameters(&mut self, subject: &Subject, from: usize) -> Option<usize> {
        let (mut at, mut end) = (from, None);
        for _ in 0..PARAMETERS {
            let word = self.text.get(at..)?.iter().take(40).take_while(|b| name::is_inside(**b)).count();
            let Some(equals) = spelled(self.text, at + word).filter(|s| s.byte == b'=' && word > 0) else {
                break;
            };
            let start = at + word + equals.len;
            let (value, after) = match spelled(self.text, start).filter(|s| s.is_quote()) {
                Some(open) => {
                    let closed = quotes::close(self.text, start + open.len, open, Around::default());
                    (start + open.len..closed.end, closed.after)
                }
                None => {
                    let rest = self.text.get(start..)?;
                    let stop = |b: &u8| b.is_ascii_whitespace() || b",\"'\\\0\x1b".contains(b);
                    let length = rest.iter().position(stop).unwrap_or(rest.len());
                    (start..start + length, start + length)
                }
            };
            // The padding of a blob: `SharedKey eA==`.
            if value.is_empty() || self.text.get(value.clone())?.iter().all(|b| *b == b'=') {
                break;
            }
            let name = self.text.get(at..at + word)?;
            let harmless = HARMLESS.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
            if !harmless && !none::is_no_value(self.text.get(value.clone())?) {
                self.take(value, subject.rule, false, Some(Until::WordEnd));
            }
            end = Some(after);
            let comma = name::skip_blanks(self.text, after);
            if self.text.get(comma) != Some(&b',') {
                break;
            }
            at = name::skip_blanks(self.text, comma + 1);
        }
        end
    }

    /// `a=b; c=d; path=/`: read pair by pair, so that what follows the list stays.
    fn cookies(&mut self, subject: &Subject, at: usize) -> Option<usize> {
        let Inner { start, .. } = self.inner(at)?;
        let mut at = start;
        let mut found = false;
        loop {
            at = name::skip_blanks(self.text, at);
            let rest = self.text.get(at..).unwrap_or_default();
            let word = rest.iter().take(128).take_while(|b| !b"=;, \t\"'\\\r\n".contains(b)).count();
            if word == 0 {
                break;
            }
            if rest.get(word) == Some(&b'=') {
                found = true;
                at = self.cookie(subject, at..at + word);
            } else if found {
                at += word; // HttpOnly
            } else {
                break;
            }
            if self.text.get(at) != Some(&b';') {
                break;
            }
            at += 1;
        }
        found.then_some(at)
    }

    /// One `name=value`; answers where it ends.
    fn cookie(&mut self, subject: &Subject, name: Range<usize>) -> usize {
        const DATE: usize = 64;
        let from = name.end + 1;
        let rest = self.text.get(from..).unwrap_or_default();
        let name = self.text.get(name).unwrap_or_default();
        if ATTRIBUTES.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes())) {
            return from + rest.iter().take(DATE).take_while(|b| !b";\"'\\\r\n".contains(b)).count();
        }
        let to = from + rest.iter().position(|b| b"; \t'\"\\\r\n\0\x1b".contains(b)).unwrap_or(rest.len());
        let value = self.text.get(from..to).unwrap_or_default();
        let lower = name.to_ascii_lowercase();
        // `grafana_session_expiry=1780333216`, `MMUSERID=x`
        let about =
            names::talks_about(name) && prose::is_number(value) || is_an_id_of_mattermost(&lower, value);
        let known = names::strength(name).is_some()
            || ["sess", "sid", "auth", "csrf", "remember"]
                .iter()
                .any(|part| memmem::find(&lower, part.as_bytes()).is_some());
        if !about && (known || value.len() >= 16 || prose::looks_random(value)) && !none::is_no_value(value) {
            self.take(from..to, subject.rule, false, Some(Until::WordEnd));
        }
        to
    }
}

/// `Cookie`, `set-cookie`, `cookies`; the value of `cookie_secret` is none.
fn is_a_cookies(name: &[u8]) -> bool {
    let ends =
        |end: &[u8]| name.len() >= end.len() && name[name.len() - end.len()..].eq_ignore_ascii_case(end);
    ends(b"cookie") || ends(b"cookies")
}

/// `MMUSERID=x`: who is logged in to Mattermost, which its session's own cookie tells.
fn is_an_id_of_mattermost(name: &[u8], value: &[u8]) -> bool {
    const LENGTH: usize = 26;
    let id = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    name == b"mmuserid" && value.len() == LENGTH && value.iter().all(id)
}
