//! Words that a value follows with nothing but blanks between: directives of Redis, `.netrc`, NGINX. Logins of
//! protocols are `protocols`' matter.

use super::{
    Hunt, credible,
    follow::{Kind, Subject},
    name::{self, Name},
    none, prose,
    protocols::is_mechanism,
    quotes::{self, Around},
    spelled::{Style, spelled},
};
use crate::redact::finder::Until;
use std::ops::Range;

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
        if word == b"AUTH"
            && let Some(end) = self.asked_of_dovecot(name)
        {
            return Some(end);
        }
        if !matches!(self.text.get(at), Some(b' ' | b'\t')) {
            return None;
        }
        if is("cachemgr_passwd") {
            let (words, _) = self.words(at);
            let disabled = self.text.get(words.first()?.clone())? == b"disable";
            return (!disabled).then(|| self.take_word(&words[0], "password", 0))?;
        }
        if is("password") || is("secret") {
            let rule = if is("secret") { "secret" } else { "password" };
            if let Some(end) = self.written_as(at, rule) {
                return Some(end);
            }
        }
        if word == b"auth"
            && let Some(end) = self.login_of_statistics(name, at)
        {
            return Some(end);
        }
        if is("requirepass") || is("masterauth") || is("masterpass") || is("insecure-password") {
            return self.first_word(at, "password", 0);
        }
        // `grafana-cli admin reset-admin-password x`
        if is("reset-admin-password") {
            let (words, _) = self.words(at);
            let word = words.first().filter(|word| !self.text[(*word).clone()].starts_with(b"-"))?;
            return self.take_word(word, "password", 0);
        }
        if is("auth-pass") || is("auth_pass") || is("sentinel-pass") {
            return self.last_word(at, "password");
        }
        let closed = at > name.end;
        if word == b"AUTH" || word == b"AUTH2" || closed && is("auth") {
            return self.auth(name, at);
        }
        if word == b"AUTHENTICATE" || word == b"auth" {
            let (words, _) = self.words(at);
            let mechanism = self.text.get(words.first()?.clone())?;
            let known = is_mechanism(mechanism);
            // `crane auth login HOST` is no mail: no base64 has a full stop.
            if words.get(1).is_some_and(|word| self.text[word.clone()].contains(&b'.')) {
                return None;
            }
            return match words.get(1) {
                Some(word) => known.then(|| self.take_word(word, "password", 4))?,
                None => known.then(|| self.answer(words[0].end))?,
            };
        }
        if is("bearer") {
            return self.first_word(at, "token", 16);
        }
        if is("bindpw") || is("rootpw") || is("rootbindpw") {
            return self.first_word(at, "password", 0);
        }
        if word == b"PASS" {
            let before = &self.text[name.start.saturating_sub(80)..name.start];
            let line = before.rsplit(|b| *b == b'\n').next().unwrap_or_default().trim_ascii_end();
            let mut words = line.rsplit(|b| *b == b' ');
            // Perhaps the first word of a message in a string.
            let begins = |word: Option<&[u8]>, known: &[u8]| word.is_some_and(|word| word.ends_with(known));
            let said = begins(words.next(), b"AUTHINFO") || begins(words.next(), b"USER");
            // Behind a logger's words only what no test is called: `PASS spec/x_spec.rb`.
            let (words, whole) = self.words(at);
            let alone = whole && words.len() == 1 && credible::is_no_word(&self.text[words[0].clone()]);
            let fits = said || alone || self.begins_a_command(name);
            return fits.then(|| self.first_word(at, "password", 0))?;
        }
        let found =
            if is("password") || is("passwd") { self.netrc(name, at) } else { self.directive(name, at) };
        found
            .or_else(|| self.of_a_user(name))
            .or_else(|| self.said(name, at))
            .or_else(|| self.announced(name))
            .or_else(|| self.two_columns(name))
            .or_else(|| self.titled(name))
            .or_else(|| self.directive_alone(name))
            .or_else(|| self.below_the_head(name))
    }

    /// The words behind `at`, without their quotes, to the line's or the string's end.
    pub(super) fn words(&mut self, at: usize) -> (Vec<Range<usize>>, bool) {
        self.words_up_to(at, WORDS)
    }

    /// The same, so many at most.
    pub(super) fn words_up_to(&mut self, at: usize, most: usize) -> (Vec<Range<usize>>, bool) {
        let string = self.strings.holds(self.text, at);
        let mut words = Vec::new();
        let mut at = at;
        loop {
            at = name::skip_blanks(self.text, at);
            let Some(first) = spelled(self.text, at) else { return (words, true) };
            // ` -- (correlation_id: x)` is the logger's.
            if matches!(first.byte, b'\n' | b'\r') || self.text[at..].starts_with(b"-- (") {
                return (words, true);
            }
            if words.len() == most {
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

    pub(super) fn take_word(
        &mut self,
        word: &Range<usize>,
        rule: &'static str,
        least: usize,
    ) -> Option<usize> {
        let value = self.text.get(word.clone())?;
        let value = value.strip_suffix(b";").unwrap_or(value);
        let end = word.start + value.len();
        let real = value.len() >= least && (least == 0 || prose::looks_random(value));
        let quoted = word.start > 0 && matches!(self.text[word.start - 1], b'"' | b'\'');
        let assigned = value.first() == Some(&b'=') && !quoted;
        // `"requirepass" password. Check …`
        let bare = value.strip_suffix(b".").unwrap_or(value);
        let named = bare.iter().all(u8::is_ascii_lowercase) && value.len() > bare.len();
        if named || !real || none::is_no_value(value) || prose::is_talk(value) || assigned {
            return None;
        }
        self.take(word.start..end, rule, false, Some(Until::WordEnd));
        Some(word.end)
    }

    pub(super) fn first_word(&mut self, at: usize, rule: &'static str, least: usize) -> Option<usize> {
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

    /// Whether nothing but a prompt, a quote or a time stands before a command.
    pub(super) fn begins_a_command(&self, name: &Name) -> bool {
        let before = &self.text[..name.start];
        let near = &before[before.len().saturating_sub(120)..];
        let lead = &near[memchr::memrchr2(b'\n', b'\r', near).map_or(0, |at| at + 1)..];
        let lead = lead.trim_ascii_end();
        lead.is_empty()
            || lead.ends_with(b"\"")
            || lead.ends_with(b"'")
            || lead.ends_with(b">")
            || lead.ends_with(b"C:")
            || lead.ends_with(b"]")
            || lead.ends_with(b"command:")
            || lead.ends_with(b"<--")
            || lead.ends_with(b"<-")
            || memchr::memrchr(0x1b, lead)
                .and_then(|at| name::colour(lead, at))
                .is_some_and(|end| lead[end..].iter().all(|b| !b.is_ascii_alphabetic()))
            || lead.iter().all(|b| !b.is_ascii_alphabetic())
            || memchr::memchr(b'-', lead).is_some() && memchr::memmem::find(lead, b"redis-cli").is_some()
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
        // `npm config set //registry.example.com/:_authToken x`
        let address = before.ends_with(b"/:").then(|| before.iter().rposition(|b| *b == b' ')).flatten();
        let before = address.map_or(before, |blank| &before[..=blank]);
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
            b"config set ",
            b"config set --secret ",
            b"config --global ",
            b"git config ",
            b"--arg ",
        ];
        let near = &before[before.len().saturating_sub(160)..];
        let line = near.rsplit(|b| *b == b'\n').next().unwrap_or_default();
        let network = memchr::memmem::find(line, b"nmcli ").is_some();
        if !network && !known.iter().any(|word| before.ends_with(word)) {
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
}
