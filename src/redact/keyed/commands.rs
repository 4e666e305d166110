//! Command lines: an option's argument, with blanks, NULs or `", "` between, and the short options of
//! programs that are known to mean a password.

use super::{
    Hunt,
    follow::{Kind, Subject},
    name::{self, Name},
    prose,
    quotes::{self, Around, How},
    scan::Hit,
    spelled::{Spelled, Style, spelled},
};
use crate::redact::{finder::Until, names};

/// Which part of an argument is the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Whole,
    /// Behind the first of this byte.
    Behind(u8),
}

/// What a short option means.
struct Short {
    program: &'static [&'static str],
    option: &'static str,
    /// `-p x`
    apart: bool,
    /// `-px`
    joined: bool,
    part: Part,
    /// Only behind this word: `docker login -p x`, but not `docker run -p 80:80`.
    behind: Option<&'static str>,
}

const fn short(
    program: &'static [&'static str],
    option: &'static str,
    apart: bool,
    joined: bool,
    part: Part,
) -> Short {
    Short { program, option, apart, joined, part, behind: None }
}

const LDAP: &[&str] =
    &["ldapsearch", "ldapwhoami", "ldapmodify", "ldapadd", "ldapdelete", "ldapcompare", "ldappasswd"];

const SHORT: &[Short] = &[
    short(&["mysql", "mariadb"], "-p", false, true, Part::Whole),
    short(&["redis-cli"], "-a", true, false, Part::Whole),
    short(&["sshpass"], "-p", true, true, Part::Whole),
    short(LDAP, "-w", true, true, Part::Whole),
    short(&["curl"], "-u", true, true, Part::Behind(b':')),
    short(&["curl"], "-U", true, true, Part::Behind(b':')),
    short(&["curl"], "--user", true, true, Part::Behind(b':')),
    short(&["curl"], "--proxy-user", true, true, Part::Behind(b':')),
    short(&["sqlcmd"], "-P", true, true, Part::Whole),
    short(&["ipmitool"], "-P", true, false, Part::Whole),
    short(&["mongo"], "-p", true, true, Part::Whole),
    short(&["smbclient"], "-U", true, false, Part::Behind(b'%')),
    Short { behind: Some("login"), ..short(&["docker"], "-p", true, true, Part::Whole) },
];

impl Short {
    fn is_of(&self, program: &[u8]) -> bool {
        let first = program.first().map(u8::to_ascii_lowercase);
        self.program
            .iter()
            .filter(|p| p.as_bytes().first().copied() == first)
            .any(|p| program.get(..p.len()).is_some_and(|name| name.eq_ignore_ascii_case(p.as_bytes())))
    }
}

/// Whether a word is a program, with a path or without, that has such options.
fn is_program(word: &[u8]) -> bool {
    let name = word.rsplit(|b| *b == b'/').next().unwrap_or(word);
    SHORT.iter().any(|short| short.is_of(name))
}

/// How far behind a program its options are looked for.
const REACH: usize = 2 << 10;

/// An argument, without its quotes.
#[derive(Debug, Clone, Copy)]
struct Argument {
    start: usize,
    end: usize,
    /// Behind its quote.
    after: usize,
}

impl Hunt<'_> {
    /// `--password x`. `at`: behind the option and its quote.
    pub(super) fn option(&mut self, name: &Name, at: usize) -> Option<usize> {
        if name.dashes == 0 {
            return None;
        }
        let string = self.strings.holds(self.text, name.start);
        let argument = self.argument(at, string)?;
        let value = self.text.get(argument.start..argument.end)?;
        let quoted = self.text.get(argument.start.checked_sub(1)?).is_some_and(|b| matches!(b, b'\'' | b'"'));
        if value.starts_with(b"-") && value.len() < 40 && !quoted || prose::is_talk(value) {
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
    fn more_of_an_argument(&mut self, at: usize, rule: &'static str) -> usize {
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
    fn argument(&self, at: usize, string: bool) -> Option<Argument> {
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
        if number > 0 && text.get(start + number + 1..)?.starts_with(b"=\"") {
            start += number + 2;
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
                    b.is_ascii_whitespace() || matches!(b, b'"' | b'\'' | b',' | b')' | b']' | b';')
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
        (closed.how == How::Quote && !self.text[at..closed.end].contains(&b'=')).then_some(closed.after)
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
        if !is_program(program) {
            return None;
        }
        let string = self.strings.holds(self.text, hit.start);
        let shorts = || SHORT.iter().filter(|short| short.is_of(program));
        let mut at = name::end(self.text, hit.end)?;
        let quote = self.text.get(at).copied().filter(|b| matches!(b, b'"' | b'\''));
        at += usize::from(quote.is_some());
        let stop = (at + REACH).min(self.text.len());
        let mut words: Vec<&[u8]> = Vec::new();
        while at < stop {
            let Some(argument) = self.argument(at, string) else { break };
            let word = self.text.get(argument.start..argument.end)?;
            // Another known program's options are looked at when its own name comes.
            if matches!(word, b"|" | b"&&" | b"||" | b";") || word.is_empty() || is_program(word) {
                break;
            }
            at = argument.after.max(at + 1);
            for short in shorts().filter(|s| s.behind.is_none_or(|b| words.contains(&b.as_bytes()))) {
                let Some(rest) = word.strip_prefix(short.option.as_bytes()) else { continue };
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

    fn take_part(&mut self, start: usize, end: usize, part: Part) {
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
