//! HTTP headers whose value has parts: the scheme of `Authorization` stays, a cookie's name and path too.

use super::{
    Hunt,
    follow::Subject,
    name, prose,
    quotes::{self, Around, How},
    spelled::{Spelled, spelled},
};
use crate::redact::{finder::Until, names};

/// Schemes before one word.
const SCHEMES: &[&str] =
    &["basic", "bearer", "token", "jwt", "negotiate", "ntlm", "apikey", "splunk", "geniekey", "pat", "key"];

/// Schemes before a list of parameters.
const LONG_SCHEMES: &[&str] =
    &["digest", "aws4-hmac-sha256", "oauth", "signature", "hawk", "sharedkey", "aws", "sso-key"];

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
            "cookie" => self.cookies(subject, at),
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
            None if short => (self.word_end(from, subject, string), Some(Until::WordEnd)),
            None => (self.line_end(from, string), Some(Until::LineEnd)),
        };
        let value = self.text.get(from..end)?;
        let talk = open.is_none() && prose::is_talk(value);
        if !prose::is_no_value(value) && !talk {
            self.take(from..end, subject.rule, false, until);
        }
        Some(end)
    }

    fn cookies(&mut self, subject: &Subject, at: usize) -> Option<usize> {
        let Inner { start, open } = self.inner(at)?;
        let string = self.inside(subject);
        let end = match open {
            Some(open) => quotes::close(self.text, start, open, Around { string, lines: false }).end,
            None => self.line_end(start, string),
        };
        self.text.get(start..end)?;
        let mut at = start;
        let mut found = false;
        while at < end {
            at = name::skip_blanks(self.text, at);
            let rest = self.text.get(at..end).unwrap_or_default();
            let word = rest.iter().take(128).take_while(|b| !b"=;, \t\"'".contains(b)).count();
            let part = memchr::memchr(b';', rest).unwrap_or(rest.len());
            if rest.get(word) == Some(&b'=') && word > 0 {
                found = true;
                self.cookie(subject, at, at + word + 1, at + part, end);
            } else if !found || word < part {
                break;
            }
            at += part + 1;
        }
        found.then_some(end)
    }

    /// One `name=value`, the name at `at`, its part up to `part`.
    fn cookie(&mut self, subject: &Subject, at: usize, from: usize, part: usize, end: usize) {
        let name = self.text.get(at..from - 1).unwrap_or_default();
        let rest = self.text.get(from..part).unwrap_or_default();
        // The last one of a log line may be followed by more of the line.
        let to = from + rest.iter().position(|b| b" \t'\"".contains(b)).unwrap_or(rest.len());
        let value = self.text.get(from..to).unwrap_or_default();
        let about = ATTRIBUTES.iter().any(|known| name.eq_ignore_ascii_case(known.as_bytes()));
        let known = names::strength(name).is_some()
            || [b"sess".as_slice(), b"sid", b"auth", b"csrf", b"remember"]
                .iter()
                .any(|w| memchr::memmem::find(&name.to_ascii_lowercase(), w).is_some());
        let secret = known || value.len() >= 16 || prose::looks_random(value);
        if !about && secret && !prose::is_no_value(value) {
            let open = (to == end).then_some(Until::WordEnd);
            self.take(from..to, subject.rule, false, open);
        }
    }
}
