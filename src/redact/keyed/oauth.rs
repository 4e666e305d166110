//! What a login comes back with: the authorization code in a callback's query or parameters, whoever has it first is
//! logged in (RFC 6749, 10.5); and a token in the name of a websocket's subprotocol, where browsers can set no header.

use super::{Hunt, credible, name, prose, scan::Hit};
use crate::redact::finder::Until;

/// How far around a code what tells that it is one may stand, on the same line.
const NEAR: usize = 400;

/// What stands beside such a code and beside no other; `state` is a parameter's name too.
const BESIDE: &[&[u8]] = &[b"redirect_uri", b"callback", b"authorization_code"];

/// The shortest code.
const SHORTEST: usize = 10;

/// Whether a name is a code's.
pub(super) fn is_code(name: &[u8]) -> bool {
    name.eq_ignore_ascii_case(b"code")
}

/// Whether a value beside `code` is one: long, with digits and letters, and no word, constant or id.
pub(super) fn is_credible(value: &[u8]) -> bool {
    let has = |test: fn(&u8) -> bool| value.iter().any(test);
    let constant = value.contains(&b'_') && !has(u8::is_ascii_lowercase);
    let word = value.iter().filter(|b| b.is_ascii_digit()).count() < 2 && !has(u8::is_ascii_uppercase);
    value.len() >= SHORTEST
        && has(u8::is_ascii_digit)
        && has(u8::is_ascii_alphabetic)
        && !constant
        && !word
        && !prose::is_measure(value)
        && value.iter().all(|b| b.is_ascii_alphanumeric() || b"-._~/%+=".contains(b))
}

impl Hunt<'_> {
    /// `?code=x&state=y`, `"code":"x"`, `{"key":"code","value":"x"}`.
    pub(super) fn code(&mut self, hit: Hit) -> usize {
        let start = hit.start + usize::from(self.text.get(hit.start) == Some(&b'"'));
        let end = start + b"code".len();
        let before = start.checked_sub(1).and_then(|at| self.text.get(at)).copied().unwrap_or(b'\n');
        // `exit_code=1`, `grpc.code=OK`; behind `%26` and `\u0026` stands a digit or a letter.
        let apart = !name::is_inside(before) && before != b'.' || matches!(before, b'6' | b'F' | b'f');
        if !apart || !self.is_of_a_login(start) {
            return hit.start + 1;
        }
        self.look_at_name(Hit { start, end, ..hit }).max(hit.start + 1)
    }

    /// Looks at the bytes behind first: most are too short, and a look around costs more.
    fn is_of_a_login(&self, at: usize) -> bool {
        const NEXT: usize = 48;
        let part = |b: &u8| b.is_ascii_alphanumeric() || b"-._~/%+".contains(b);
        let behind = &self.text[at..self.text.len().min(at + NEAR)];
        let behind = &behind[..memchr::memchr(b'\n', behind).unwrap_or(behind.len())];
        let next = &behind[..behind.len().min(NEXT)];
        if !next.split(|b| !part(b)).any(|word| word.len() >= SHORTEST && word.iter().any(u8::is_ascii_digit))
        {
            return false;
        }
        let before = &self.text[at.saturating_sub(NEAR)..at];
        let before = &before[memchr::memrchr(b'\n', before).map_or(0, |line| line + 1)..];
        [before, behind].into_iter().any(|text| {
            let state = |at: usize| text.get(at + b"state".len()).is_some_and(|b| b"=%\"\\".contains(b));
            BESIDE.iter().any(|word| memchr::memmem::find(text, word).is_some())
                || memchr::memmem::find_iter(text, b"state").any(state)
        })
    }

    /// `Sec-WebSocket-Protocol: bearer.x`, `base64url.bearer.authorization.k8s.io.x`. `at`: behind the dot.
    pub(super) fn subprotocol(&mut self, at: usize) -> Option<usize> {
        const KUBERNETES: &[u8] = b"authorization.k8s.io.";
        const LEAST: usize = 16;
        let rest = self.text.get(at..)?;
        let known = rest.starts_with(KUBERNETES);
        let start = at + if known { KUBERNETES.len() } else { 0 };
        let rest = self.text.get(start..)?;
        let length = rest.iter().take_while(|b| name::is_inside(**b)).count();
        let value = &rest[..length];
        if value.len() < LEAST || !known && !credible::is_no_word(value) {
            return None;
        }
        self.take(start..start + length, "token", false, Some(Until::WordEnd));
        Some(start + length)
    }
}
