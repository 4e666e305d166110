//! Command lines: an option's argument, with blanks, NULs or `", "` between, and the short options of
//! programs that are known to mean a password.

use super::{
    Hunt, credible,
    follow::{Kind, Subject},
    name::{self, Name},
    programs::{self, Part, SHORT, bundled, is_program},
    prose,
    quotes::{self, Around, How},
    scan::Hit,
    spelled::{Spelled, Style, spelled},
};
use crate::redact::{finder::Until, names};

/// How far behind a program its options are looked for.
const REACH: usize = 2 << 10;

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
        if self.bytes(name).ends_with(b"-stdin") {
            self.piped(name.start - name.dashes);
            return Some(name.end);
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
        let pass = ["passin", "passout"].iter().any(|known| word.eq_ignore_ascii_case(known.as_bytes()));
        let mut subject = match self.pair_of(name, false) {
            Some(subject) => subject,
            None if pass => Subject { strength: names::Strength::Sure, ..self.pair_of_any(name) },
            None => return None,
        };
        subject.kind = Kind::Blank;
        let mut start = argument.start;
        if pass {
            start += value.strip_prefix(b"pass:").map(|_| 5)?;
        }
        let shouted =
            value.iter().all(|b| b.is_ascii_uppercase() || *b == b'_') && names::is_sensitive(value);
        if shouted {
            return None;
        }
        let value = self.text.get(start..argument.end)?;
        if !subject.is_secret(value) {
            return Some(argument.after);
        }
        self.take(start..argument.end, subject.rule, false, Some(Until::WordEnd));
        Some(self.more_of_an_argument(argument.after, subject.rule))
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
        while let Some(here) = spelled(text, end) {
            let ends = here.byte.is_ascii_whitespace() || matches!(here.byte, 0 | b'"' | b'`' | 0x1b);
            let closes = matches!(here.byte, b'\'' | b')' | b']' | b',' | b';')
                && text.get(end + here.len).is_none_or(|b| {
                    b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b',' | b')' | b']' | b';' | 0x1b)
                });
            let inner = matches!(here.byte, b'\'' | b'"') && end > start && here.len == 1;
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

    /// Behind the quote that closes a part of a word, as in `-p'a b'`.
    fn joined_quote(&self, at: usize, open: Spelled) -> Option<usize> {
        let next = *self.text.get(at + 1)?;
        if next.is_ascii_whitespace() || b",:]})\"'\\".contains(&next) {
            return None;
        }
        let closed = quotes::close(self.text, at + 1, open, Around::default());
        let ends = self.text.get(closed.after).is_none_or(u8::is_ascii_whitespace);
        (closed.how == How::Quote && (ends || !self.text[at..closed.end].contains(&b'=')))
            .then_some(closed.after)
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

    /// The options of a known program.
    pub(super) fn program(&mut self, hit: Hit) -> Option<usize> {
        let program = self.text.get(hit.start..(hit.end + 8).min(self.text.len()))?;
        let gzip = program.starts_with(b"zip") && self.text[..hit.start].ends_with(b"g");
        // `curl/8.5.0`, `gitlab-runner 17.1.0 (…)`: who asks, not what is run
        let next = self.text.get(name::end(self.text, hit.start)?..).unwrap_or_default();
        let agent = next.first() == Some(&b'/')
            || program.starts_with(b"gitlab-runner") && next.get(1).is_some_and(u8::is_ascii_digit);
        if program.starts_with(b"mongodb") || gzip || agent {
            return None;
        }
        let string = self.strings.holds(self.text, hit.start);
        let shorts = || SHORT.iter().filter(|short| short.is_of(program));
        let mut at = name::end(self.text, hit.start)?;
        at += spelled(self.text, at).filter(|s| s.is_quote()).map_or(0, |quote| quote.len);
        let stop = (at + REACH).min(self.text.len());
        let mut words: Vec<&[u8]> = Vec::new();
        let mut waits: Option<usize> = None;
        while at < stop {
            let Some(argument) = self.argument(at, string) else { break };
            let word = self.text.get(argument.start..argument.end)?;
            // Another known program's options are looked at when its own name comes.
            if matches!(word, b"|" | b"&&" | b"||" | b";") || word.is_empty() || is_program(word) {
                break;
            }
            at = argument.after.max(at + 1);
            if let Some(nth) = waits.filter(|_| !word.starts_with(b"-")) {
                waits = Some(nth - 1).filter(|left| *left > 0);
                if nth == 1 && !prose::is_talk(word) {
                    self.take_part(argument.start, argument.end, Part::Whole);
                }
            } else if let Some(nth) = programs::position(program, word) {
                waits = Some(nth);
            }
            // `curl -su a:b`
            let bundle = bundled(program, word);
            for short in shorts().filter(|s| s.behind.is_none_or(|b| words.contains(&b.as_bytes()))) {
                let rest = if bundle == Some(short.option) {
                    Some(&b""[..])
                } else {
                    word.strip_prefix(short.option.as_bytes())
                };
                let Some(rest) = rest else { continue };
                let value = if rest.is_empty() && short.apart {
                    let value = self.argument(at, string);
                    let Some(value) = value.filter(|v| !is_program(&self.text[v.start..v.end])) else {
                        break;
                    };
                    at = value.after.max(at + 1);
                    value.start..value.end
                } else if !rest.is_empty()
                    && short.joined
                    && (!short.option.starts_with("--") || rest[0] == b'=')
                {
                    let equals = usize::from(rest[0] == b'=');
                    argument.start + short.option.len() + equals..argument.end
                } else {
                    continue;
                };
                self.take_part(value.start, value.end, short.part);
                break;
            }
            if words.len() < 16 {
                words.push(word);
            }
        }
        Some(hit.end)
    }

    pub(super) fn take_part(&mut self, start: usize, end: usize, part: Part) {
        let Some(value) = self.text.get(start..end) else { return };
        let from = match part {
            Part::Whole => start,
            Part::Behind(byte) => match memchr::memchr(byte, value) {
                Some(at) => start + at + 1,
                None => return,
            },
        };
        let value = self.text.get(from..end).unwrap_or_default();
        let quoted = value.len() > 1 && matches!(value[0], b'\'' | b'"') && value.last() == value.first();
        let (from, end) = if quoted { (from + 1, end - 1) } else { (from, end) };
        let value = self.text.get(from..end).unwrap_or_default();
        if !prose::is_no_value(value) && !value.starts_with(b"-") {
            self.take(from..end, "password", false, Some(Until::WordEnd));
        }
    }
}
