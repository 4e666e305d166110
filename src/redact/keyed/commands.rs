//! Command lines: a named option's argument, with blanks, NULs or `", "` between. Programs whose options
//! mean a password without a name are `typed`'s.

use super::{
    Hunt, credible,
    follow::{Kind, Subject},
    name::{self, Name},
    prose,
    quotes::{self, Around, How},
    spelled::{Spelled, Style, spelled},
};
use crate::redact::{finder::Until, names};

/// An argument, without its quotes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Argument {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Behind its quote.
    pub(super) after: usize,
}

impl Hunt<'_> {
    /// `--password x`. `at`: behind the option and its quote.
    pub(super) fn option(&mut self, name: &Name, at: usize) -> Option<usize> {
        if name.dashes == 0 {
            return None;
        }
        let input = [b"-stdin".as_slice(), b"-fd", b"with-token"];
        if input.iter().any(|known| self.bytes(name).ends_with(known)) {
            self.piped(name.start - name.dashes);
            return Some(name.end);
        }
        if let Some(end) = self.echoed(name) {
            return Some(end);
        }
        // `-pPassword1` of `mysql` is taken already.
        if self
            .spans
            .iter()
            .rev()
            .take(8)
            .any(|span| span.range.contains(&name.start) || span.range.contains(&(name.end - 1)))
        {
            return None;
        }
        let string = self.strings.holds(self.text, name.start);
        let argument = self.argument(at, string)?;
        let value = self.text.get(argument.start..argument.end)?;
        let quoted = self.text.get(argument.start.checked_sub(1)?).is_some_and(|b| matches!(b, b'\'' | b'"'));
        let flag = value.starts_with(b"-") && value.len() < 40 && !credible::is_no_word(&value[1..]);
        if flag && !quoted || prose::is_talk(value) {
            return None;
        }
        let word = self.bytes(name);
        let pass = ["passin", "passout"].iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()))
            || word == b"pass" && value.starts_with(b"pass:");
        let mut subject = match self.pair_of(name, false) {
            Some(subject) => subject,
            None if pass => Subject { strength: names::Strength::Sure, ..self.pair_of_any(name) },
            None => return None,
        };
        subject.kind = Kind::Blank;
        let mut start = argument.start;
        // `--auth user:x`, `--src-creds user:x`
        if matches!(subject.rule, "credential") && value.first().is_some_and(u8::is_ascii_alphanumeric) {
            let user = value.iter().take_while(|b| name::is_inside(**b) || b".@".contains(b)).count();
            start += if value.get(user) == Some(&b':') && user + 1 < value.len() { user + 1 } else { 0 };
        }
        // `--secret id=npmrc,src=x` of `docker build`
        // and `-pass file:x` of `openssl`
        let elsewhere = [b"id=".as_slice(), b"source=", b"src=", b"type=", b"file:", b"env:", b"fd:"];
        if elsewhere.iter().any(|begin| value.starts_with(begin)) {
            return None;
        }
        if pass {
            start += value.strip_prefix(b"pass:").map(|_| 5)?;
        }
        let shouted =
            value.iter().all(|b| b.is_ascii_uppercase() || *b == b'_') && names::is_sensitive(value);
        // `pulumi config set --secret dbPassword x`
        let named = word == b"secret"
            && value.iter().all(u8::is_ascii_alphabetic)
            && names::is_sensitive(value)
            && self.sets_a_configuration(name.start);
        if shouted || named {
            return None;
        }
        let value = self.text.get(start..argument.end)?;
        if !subject.is_secret(value) {
            return Some(argument.after);
        }
        self.take(start..argument.end, subject.rule, false, Some(Until::WordEnd));
        Some(self.more_of_an_argument(argument.after, subject.rule))
    }

    /// Whether `config set` stands before, on the same line.
    fn sets_a_configuration(&self, at: usize) -> bool {
        const NEAR: usize = 80;
        let before = &self.text[at.saturating_sub(NEAR)..at];
        let line = before.rsplit(|b| *b == b'\n').next().unwrap_or_default();
        memchr::memmem::find(line, b"config set ").is_some()
    }

    /// `'it'\''s'`: what the shell joins to a word in single quotes. Answers where it ends.
    pub(super) fn more_of_an_argument(&mut self, at: usize, rule: &'static str) -> usize {
        let mut at = at;
        while self.text.get(at - 1..).is_some_and(|rest| rest.starts_with(b"'\\''")) {
            let Some(open) = spelled(self.text, at + 2).filter(|s| s.style == Style::Plain) else { break };
            let closed = quotes::close(self.text, at + 3, open, Around::default());
            self.take(at + 3..closed.end, rule, false, None);
            at = closed.after.max(at + 3);
        }
        at
    }

    fn pair_of_any(&self, name: &Name) -> Subject {
        let style = Style::Plain;
        Subject {
            name: *name,
            rule: "password",
            strength: names::Strength::Sure,
            kind: Kind::Blank,
            style,
            quoted: false,
            bracket: false,
            spaced: false,
            behind: 0,
        }
    }

    /// The argument that follows `at`, if anything separates it. `string`: the command line stands in a
    /// `"` string, which ends it.
    pub(super) fn argument(&self, at: usize, string: bool) -> Option<Argument> {
        let text = self.text;
        let byte = *text.get(at)?;
        if byte == 0 {
            let start = at + 1;
            let end = start + memchr::memchr2(0, b'\n', text.get(start..)?).unwrap_or(text.len() - start);
            return Some(Argument { start, end, after: end });
        }
        let mut start = self.skip_separators(at);
        if byte == b'\n' {
            // `- --password` and `- x`: a list of arguments in YAML.
            start = name::skip_blanks(text, at + 1);
            start = name::skip_blanks(text, start + text.get(start..)?.strip_prefix(b"- ").map(|_| 2)?);
        } else if start == at {
            return None;
        }
        // `a1="--password" a2="x"`, as auditd writes a command.
        let number = text
            .get(start..)?
            .strip_prefix(b"a")
            .map_or(0, |rest| rest.iter().take(4).take_while(|b| b.is_ascii_digit()).count());
        let equals = start + 1 + number;
        if number > 0
            && text.get(equals) == Some(&b'=')
            && spelled(text, equals + 1).is_some_and(Spelled::is_quote)
        {
            start = equals + 1;
        }
        let first = spelled(text, start)?;
        if first.is_quote() {
            let from = start + first.len;
            let string = string && first.style == Style::Plain && first.byte != b'"';
            let closed = quotes::close(text, from, first, Around { string, lines: false });
            return Some(Argument { start: from, end: closed.end, after: closed.after });
        }
        let mut end = start;
        loop {
            end += text[end..].iter().take_while(|b| b.is_ascii_alphanumeric()).count();
            let Some(here) = spelled(text, end) else { break };
            let ends = here.byte.is_ascii_whitespace() || matches!(here.byte, 0 | b'"' | b'`' | 0x1b);
            let closes = matches!(here.byte, b'\'' | b')' | b']' | b',' | b';')
                && text.get(end + here.len).is_none_or(|b| {
                    b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b',' | b')' | b']' | b';' | 0x1b)
                });
            let inner = matches!(here.byte, b'\'' | b'"') && end > start;
            if let Some(after) = inner.then(|| self.joined_quote(end, here)).flatten() {
                end = after;
                continue;
            }
            if ends || closes {
                break;
            }
            end += here.len;
        }
        (end > start).then_some(Argument { start, end, after: end })
    }

    /// Behind the quote that closes a part of a word, as in `-p'a b'`, also where it is written `\"`.
    fn joined_quote(&self, at: usize, open: Spelled) -> Option<usize> {
        let from = at + open.len;
        let next = *self.text.get(from)?;
        if next.is_ascii_whitespace() || b",:]})\"'\\".contains(&next) {
            return None;
        }
        let string = open.byte != b'"' && open.style == Style::Plain;
        let closed = quotes::close(self.text, from, open, Around { string, lines: false });
        let more = self.text.get(closed.after).copied().unwrap_or(b'\n');
        let ends = more.is_ascii_whitespace() || b"\"\\,;)]|".contains(&more);
        let closes = closed.how == How::Quote && closed.after > closed.end;
        (closes && (ends || !self.text[at..closed.end].contains(&b'='))).then_some(closed.after)
    }

    /// Over blanks and over `, `; a quote stays.
    fn skip_separators(&self, at: usize) -> usize {
        let start = name::skip_blanks(self.text, at);
        match self.text.get(start) {
            Some(b',') => self.skip_space(start + 1),
            Some(b'\\') if self.text.get(start + 1) == Some(&b'\n') => {
                name::skip_blanks(self.text, start + 2)
            }
            _ => start,
        }
    }
}
