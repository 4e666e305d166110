//! Words that a value follows with nothing but blanks between: Redis, mail protocols, `.netrc`, NGINX.

use super::{
    Hunt,
    follow::{Kind, Subject},
    name::{self, Name},
    prose,
    quotes::{self, Around},
    scan::Hit,
    spelled::{Style, spelled},
};
use crate::redact::finder::Until;
use std::ops::Range;

/// Mechanisms behind `AUTH`.
const MECHANISMS: &[&str] = &["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "NTLM", "OAUTHBEARER", "DIGEST-MD5"];

/// How many words of a command are read.
const WORDS: usize = 4;

impl Hunt<'_> {
    /// `at`: behind the name and its quote.
    pub(super) fn keyword(&mut self, name: &Name, at: usize) -> Option<usize> {
        let word = self.bytes(name);
        let is = |known: &str| word.eq_ignore_ascii_case(known.as_bytes());
        let end = self.sql(name, at);
        if end.is_some() {
            return end;
        }
        if !matches!(self.text.get(at), Some(b' ' | b'\t')) {
            return None;
        }
        if is("requirepass") || is("masterauth") || is("masterpass") {
            return self.first_word(at, "password", 0);
        }
        if is("auth-pass") || is("auth_pass") || is("sentinel-pass") {
            return self.last_word(at, "password");
        }
        let closed = name.quote.is_some_and(|quote| self.text.get(name.end) == Some(&quote.byte));
        if word == b"AUTH" || closed && is("auth") {
            return self.auth(name, at);
        }
        if word == b"AUTHENTICATE" || word == b"auth" {
            let (words, _) = self.words(at);
            let mechanism = self.text.get(words.first()?.clone())?;
            return is_mechanism(mechanism).then(|| self.take_word(words.get(1)?, "password", 4))?;
        }
        if is("bearer") {
            return self.first_word(at, "token", 16);
        }
        if is("bindpw") || is("rootpw") || is("rootbindpw") {
            return self.first_word(at, "password", 0);
        }
        if word == b"PASS" {
            let fits = self.begins_a_command(name)
                || self.text[..name.start].ends_with(b"AUTHINFO ")
                || memchr::memmem::find(&self.text[name.start.saturating_sub(80)..name.start], b"USER ")
                    .is_some();
            return fits.then(|| self.first_word(at, "password", 0))?;
        }
        let found =
            if is("password") || is("passwd") { self.netrc(name, at) } else { self.directive(name, at) };
        found.or_else(|| self.said(name, at))
    }

    /// The words behind `at`, without their quotes, to the line's or the string's end.
    fn words(&mut self, at: usize) -> (Vec<Range<usize>>, bool) {
        let string = self.strings.holds(self.text, at);
        let mut words = Vec::new();
        let mut at = at;
        loop {
            at = name::skip_blanks(self.text, at);
            let Some(first) = spelled(self.text, at) else { return (words, true) };
            if matches!(first.byte, b'\n' | b'\r') {
                return (words, true);
            }
            if words.len() == WORDS {
                return (words, false);
            }
            if first.is_quote() {
                if words.is_empty() && !matches!(self.text.get(at.wrapping_sub(1)), Some(b' ' | b'\t')) {
                    return (words, true);
                }
                let before = matches!(self.text.get(at.wrapping_sub(1)), Some(b' ' | b'\t'));
                let ends = string && first.style == Style::Plain && first.byte == b'"';
                if !before || ends {
                    return (words, true);
                }
                let around = Around { string: string && first.style == Style::Plain, lines: false };
                let closed = quotes::close(self.text, at + first.len, first, around);
                words.push(at + first.len..closed.end);
                at = closed.after;
                continue;
            }
            let mut end = at;
            while let Some(here) = spelled(self.text, end) {
                let ends =
                    here.byte.is_ascii_whitespace() || here.is_quote() || matches!(here.byte, 0 | 0x1b);
                // `aQ8%60b` is one word: nothing here is written for a URL.
                if ends && !matches!(here.style, Style::Percent(_)) {
                    break;
                }
                end += here.len;
            }
            if end == at {
                return (words, true);
            }
            words.push(at..end);
            at = end;
        }
    }

    fn take_word(&mut self, word: &Range<usize>, rule: &'static str, least: usize) -> Option<usize> {
        let value = self.text.get(word.clone())?;
        let value = value.strip_suffix(b";").unwrap_or(value);
        let end = word.start + value.len();
        let real = value.len() >= least && (least == 0 || prose::looks_random(value));
        let quoted = word.start > 0 && matches!(self.text[word.start - 1], b'"' | b'\'');
        let assigned = value.first() == Some(&b'=') && !quoted;
        if !real || prose::is_no_value(value) || prose::is_talk(value) || assigned {
            return None;
        }
        self.take(word.start..end, rule, false, Some(Until::WordEnd));
        Some(word.end)
    }

    fn first_word(&mut self, at: usize, rule: &'static str, least: usize) -> Option<usize> {
        let (words, _) = self.words(at);
        self.take_word(words.first()?, rule, least)
    }

    fn last_word(&mut self, at: usize, rule: &'static str) -> Option<usize> {
        let (words, whole) = self.words(at);
        if !whole || words.len() > 2 {
            return None;
        }
        self.take_word(words.last()?, rule, 0)
    }

    /// `AUTH x`, `AUTH user x`, `AUTH PLAIN x`, `"AUTH" "user" "x"`.
    fn auth(&mut self, name: &Name, at: usize) -> Option<usize> {
        let begins = self.begins_a_command(name);
        let quoted = name.quote.is_some() && self.text.get(name.end) != Some(&b' ');
        let next = self.text.get(name::skip_blanks(self.text, at)..)?;
        let mail = next.first().is_some_and(|b| b"PLXCNODplxcnod".contains(b));
        if !begins && !quoted && !mail {
            return None;
        }
        let (words, whole) = self.words(at);
        let first = self.text.get(words.first()?.clone())?;
        if is_mechanism(first) {
            return self.take_word(words.get(1)?, "password", 4);
        }
        if self.is_of_a_greeting(name) {
            return self.take_word(words.get(1)?, "password", 0);
        }
        let fits = whole && words.len() <= 2 && (quoted || begins);
        fits.then(|| self.take_word(words.last()?, "password", 0))?
    }

    /// `HELLO 3 AUTH user x SETNAME y`: more may follow.
    fn is_of_a_greeting(&self, name: &Name) -> bool {
        let before = &self.text[..name.start];
        let near = &before[before.len() - before.len().min(24)..];
        let line = near.rsplit(|byte| *byte == b'\n').next().unwrap_or_default();
        [b"HELLO".as_slice(), b"hello"].iter().any(|word| memchr::memmem::find(line, word).is_some())
    }

    /// Whether nothing but a prompt, a quote or a time stands before a command.
    fn begins_a_command(&self, name: &Name) -> bool {
        let before = &self.text[..name.start];
        let line = before.iter().rev().take(120).position(|b| matches!(b, b'\n' | b'\r'));
        let start =
            line.map_or(if before.len() < 120 { 0 } else { before.len() - 120 }, |back| before.len() - back);
        let lead = before.get(start..).unwrap_or_default().trim_ascii_end();
        lead.is_empty()
            || lead.ends_with(b"\"")
            || lead.ends_with(b"'")
            || lead.ends_with(b">")
            || lead.ends_with(b"C:")
            || lead.ends_with(b"]")
            || lead.ends_with(b"command:")
            || lead
                .iter()
                .rposition(|b| *b == 0x1b)
                .is_some_and(|at| name::colour(lead, at) == Some(lead.len()))
            || memchr::memmem::find(lead, b"redis-cli").is_some()
            || lead.iter().all(|b| !b.is_ascii_alphabetic())
    }

    /// `login x password y`, and a line that is only `password y`.
    fn netrc(&mut self, name: &Name, at: usize) -> Option<usize> {
        const NEAR: usize = 200;
        let before = &self.text[name.start.saturating_sub(NEAR)..name.start];
        let line = &before[memchr::memrchr(b'\n', before).map_or(0, |at| at + 1)..];
        let alone =
            line.iter().all(u8::is_ascii_whitespace) && (line.len() < NEAR || name.start == line.len());
        let has = |word: &[u8]| memchr::memmem::find(line, word).is_some();
        if !alone && !has(b"login ") && !has(b"machine ") {
            return None;
        }
        let (words, whole) = self.words(at);
        if alone && (!whole || words.len() != 1) {
            return None;
        }
        self.take_word(words.first()?, "password", 0)
    }

    /// `proxy_set_header PRIVATE-TOKEN "x";`, `ENV DB_PASSWORD x`, `SetEnv`.
    fn directive(&mut self, name: &Name, at: usize) -> Option<usize> {
        let before = &self.text[..name.start - name.quote.map_or(0, |quote| quote.len)];
        let known: &[&[u8]] = &[
            b"_header ",
            b"Header set ",
            b"ENV ",
            b"SetEnv ",
            b"setenv ",
            b"setx ",
            b"HSET ",
            b"SET ",
            b"_param ",
            b"set $",
            b"configure set ",
        ];
        if !known.iter().any(|word| before.ends_with(word)) {
            return None;
        }
        let subject = Subject { kind: Kind::Blank, ..self.pair_of(name, false)? };
        let value = name::skip_blanks(self.text, at);
        let word = self.text.get(value..)?.split(u8::is_ascii_whitespace).next()?;
        if prose::is_talk(word) {
            return None;
        }
        self.header(&subject, value).or_else(|| self.value(&subject, value))
    }

    /// `a1 LOGIN user pass`.
    pub(super) fn login(&mut self, hit: Hit) -> Option<usize> {
        let before = self.text[..hit.start].last().copied().unwrap_or(b'\n');
        if self.text.get(hit.start..hit.end)? != b"LOGIN " || !matches!(before, b' ' | b'"' | b'\'' | b'\n') {
            return None;
        }
        let (words, whole) = self.words(hit.end - 1);
        // `CREATE ROLE x LOGIN PASSWORD 'y'`
        let first = self.text.get(words.first()?.clone())?;
        if first.eq_ignore_ascii_case(b"password") || first.eq_ignore_ascii_case(b"encrypted") {
            return None;
        }
        // `LOGIN user "x" failed`
        let second = words.get(1)?;
        if matches!(self.text.get(second.start.checked_sub(1)?), Some(b'"' | b'\'')) && !prose::is_talk(first)
        {
            return self.take_word(second, "password", 0);
        }
        let mail = words.len() == 2 && whole && !words.iter().any(|w| prose::is_talk(&self.text[w.clone()]));
        mail.then(|| self.take_word(words.last()?, "password", 0))?
    }

    /// `ACL SETUSER x on >password ~*`, `user default on >password`.
    pub(super) fn acl(&mut self, hit: Hit) -> Option<usize> {
        const REACH: usize = 1 << 10;
        let line = self.line_end_before(hit.end, hit.end + REACH, false);
        let mut at = hit.end;
        if !self.text.get(hit.start..hit.end)?.eq_ignore_ascii_case(b"setuser") {
            // `user default on >x`: a name, and a rule
            let rest = self.text.get(at..line)?;
            let word = rest.iter().take(80).take_while(|b| b.is_ascii_graphic()).count();
            let rules: &[&[u8]] =
                &[b" on ", b" off ", b" >", b" #", b" nopass", b" sanitize", b" reset", b" +", b" ~"];
            at += word;
            if word == 0 || !rules.iter().any(|rule| rest[word..].starts_with(rule)) {
                return None;
            }
        }
        while at < line {
            let byte = self.text.get(at).copied()?;
            let begins = matches!(self.text.get(at.checked_sub(1)?), Some(b' ' | b'"'));
            if begins && matches!(byte, b'>' | b'<' | b'#') {
                let rest = self.text.get(at + 1..line)?;
                let len = rest.iter().position(|b| b" \"\t\\\x1b".contains(b)).unwrap_or(rest.len());
                if len > 0 && !prose::is_no_value(&rest[..len]) {
                    self.take(at + 1..at + 1 + len, "password", false, None);
                }
                at += len;
            }
            at += 1;
        }
        Some(line)
    }
}

fn is_mechanism(word: &[u8]) -> bool {
    MECHANISMS.iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
}
