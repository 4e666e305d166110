//! SQL: `PASSWORD 'x'`, `IDENTIFIED BY 'x'`, `token IN ('x')`, and values of columns that an INSERT names.

use super::{
    Hunt,
    follow::{Kind, Subject},
    name::{self, Name},
    quotes::{self, Around},
    rules,
    scan::Hit,
    spelled::{Style, spelled},
};
use crate::redact::names::{self, Strength};
use std::ops::Range;

/// Columns of one INSERT, and rows of values, that are read.
const MOST: usize = 256;

/// How far an INSERT is read.
const REACH: usize = 32 << 10;

impl Hunt<'_> {
    /// `PASSWORD 'x'`, `password('x')`, `token IN ('x', 'y')`, `token LIKE 'x'`. `at`: behind the name.
    pub(super) fn sql(&mut self, name: &Name, at: usize) -> Option<usize> {
        let mut start = name::skip_blanks(self.text, at);
        // `PASSWORD` and `'x'` each on a line.
        if matches!(self.text.get(start), Some(b'\n' | b'\r')) {
            let next = self.skip_space(start);
            let shouted = self.bytes(name).iter().all(|b| !b.is_ascii_lowercase());
            start = if shouted && self.text.get(next) == Some(&b'\'') { next } else { start };
        }
        let mut operator = false;
        for word in [b"IN ".as_slice(), b"LIKE ", b"in ", b"= ANY ", b"<> ", b"!= "] {
            if start > at && self.text.get(start..)?.starts_with(word) {
                operator = true;
                start = name::skip_blanks(self.text, start + word.len());
            }
        }
        let bracket = self.text.get(start) == Some(&b'(');
        start = if bracket { name::skip_blanks(self.text, start + 1) } else { start };
        if let Some(end) = self.for_a_user(name, start) {
            return Some(end);
        }
        let escape = usize::from(
            matches!(self.text.get(start), Some(b'E' | b'N')) && self.text.get(start + 1) == Some(&b'\''),
        );
        if self.text.get(start) == Some(&b'$')
            && self.text.get(start + 1).is_some_and(u8::is_ascii_digit)
            && start > at
        {
            let subject = Subject { kind: Kind::Blank, ..self.pair_of(name, false)? };
            return self.parameter(&subject, start);
        }
        let password = self.bytes(name).len() >= 8
            && self.bytes(name)[self.bytes(name).len() - 8..].eq_ignore_ascii_case(b"password");
        if !(operator || password) || (start == at && !bracket) {
            return None;
        }
        if let Some(end) = self.between_dollars(name, start) {
            return Some(end);
        }
        let open = spelled(self.text, start + escape).filter(|s| s.byte == b'\'')?;
        let subject = Subject { kind: Kind::Blank, ..self.pair_of(name, false)? };
        let mut end = match escape {
            1 if self.strings.holds(self.text, name.start) => self.escaped(&subject, start + 1),
            _ => self.quoted(&subject, start + escape, open),
        };
        for _ in 0..MOST {
            let comma = name::skip_blanks(self.text, end);
            if !bracket || self.text.get(comma) != Some(&b',') {
                break;
            }
            let at = name::skip_blanks(self.text, comma + 1);
            let Some(open) = spelled(self.text, at).filter(|s| s.byte == b'\'') else { break };
            end = self.quoted(&subject, at, open);
        }
        Some(end)
    }

    /// The `$1` at `start` of a prepared statement, whose value PostgreSQL tells on the next line:
    /// `DETAIL:  parameters: $1 = 'x'`.
    pub(super) fn parameter(&mut self, subject: &Subject, start: usize) -> Option<usize> {
        const LINES: usize = 16;
        const LONGEST: usize = 4 << 10;
        let digits = self.text.get(start + 1..)?.iter().take(4).take_while(|b| b.is_ascii_digit()).count();
        let number = self.text.get(start..start + 1 + digits).filter(|_| digits > 0)?;
        let needle = [number, b" = '"].concat();
        let mut at = self.line_end_before(start, start + LONGEST, false) + 1;
        for _ in 0..LINES {
            let end = self.line_end_before(at, at + LONGEST, false);
            let line = self.text.get(at..end)?;
            if memchr::memmem::find(line, b"parameters: $").is_some() {
                let quote = at + memchr::memmem::find(line, &needle)? + needle.len() - 1;
                let open = spelled(self.text, quote)?;
                self.quoted(subject, quote, open);
                return Some(start + 1 + digits);
            }
            if !line.first().is_some_and(u8::is_ascii_whitespace) {
                break;
            }
            at = end + 1;
        }
        None
    }

    /// `E'it\\'s'`, where JSON has doubled the backslashes. `at`: the quote.
    fn escaped(&mut self, subject: &Subject, at: usize) -> usize {
        const LONGEST: usize = 1 << 10;
        let (mut end, mut slashes) = (at + 1, 0_usize);
        while let Some(byte) = self.text.get(end).filter(|_| end < at + LONGEST) {
            let ends = match byte {
                b'\'' => slashes / 2 % 2 == 0,
                b'"' => slashes % 2 == 0,
                b'\n' | b'\r' => true,
                _ => false,
            };
            if ends {
                break;
            }
            slashes = if *byte == b'\\' { slashes + 1 } else { 0 };
            end += 1;
        }
        if self.text.get(at + 1..end).is_some_and(|value| subject.is_secret(value)) {
            self.take(at + 1..end, subject.rule, false, None);
        }
        end + 1
    }

    /// `$$x$$`, `$tag$x$tag$`, PostgreSQL's quotes.
    fn between_dollars(&mut self, name: &Name, start: usize) -> Option<usize> {
        const TAG: usize = 32;
        const LONGEST: usize = 1 << 10;
        let rest = self.text.get(start..)?.strip_prefix(b"$")?;
        let tag = rest.iter().take(TAG).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        rest.get(tag).filter(|b| **b == b'$')?;
        let (mark, from) = (self.text.get(start..start + tag + 2)?, start + tag + 2);
        let line = self.text.get(from..self.line_end_before(from, from + LONGEST, false))?;
        let end = from + memchr::memmem::find(line, mark)?;
        let subject = self.pair_of(name, false)?;
        if subject.is_secret(self.text.get(from..end)?) {
            self.take(from..end, subject.rule, false, None);
        }
        Some(end + mark.len())
    }

    /// `SET PASSWORD FOR 'u'@'%' = 'x'`.
    fn for_a_user(&mut self, name: &Name, start: usize) -> Option<usize> {
        const NEAR: usize = 200;
        let word = self.text.get(start..start + 4)?;
        let set = self.text[..name.start].trim_ascii_end();
        let set = set.get(set.len().checked_sub(3)?..)?.eq_ignore_ascii_case(b"set");
        if !set || !word.eq_ignore_ascii_case(b"for ") {
            return None;
        }
        let line = self.line_end_before(start, start + NEAR, false);
        let equals = start + memchr::memchr(b'=', self.text.get(start..line)?)?;
        let at = name::skip_blanks(self.text, equals + 1);
        let open = spelled(self.text, at).filter(|s| matches!(s.byte, b'\'' | b'"'))?;
        let subject = Subject { kind: Kind::Blank, ..self.pair_of(name, false)? };
        Some(self.quoted(&subject, at, open))
    }

    /// `IDENTIFIED BY 'x'`, `IDENTIFIED BY PASSWORD 'x'`, `IDENTIFIED WITH plugin BY 'x'`.
    pub(super) fn identified(&mut self, hit: Hit) -> Option<usize> {
        let mut at = name::skip_blanks(self.text, hit.end);
        if self.text.get(hit.start..hit.end)?.eq_ignore_ascii_case(b"identified with") {
            let word = self.text.get(at..)?.iter().take(40).take_while(|b| name::is_inside(**b)).count();
            at = name::skip_blanks(self.text, at + word);
            let by = self.text.get(at..at + 3)?;
            let fits = by.eq_ignore_ascii_case(b"by ") || by.eq_ignore_ascii_case(b"as ");
            at = name::skip_blanks(self.text, fits.then_some(at + 3)?);
        }
        if self.text.get(at..at + 8).is_some_and(|word| word.eq_ignore_ascii_case(b"password")) {
            at = name::skip_blanks(self.text, at + 8);
        }
        let shouted = self.text.get(hit.start) == Some(&b'I');
        let open = spelled(self.text, at).filter(|s| s.byte == b'\'' || s.byte == b'"' && shouted)?;
        let subject = self.column(hit.start..hit.start, "password", Strength::Sure);
        Some(self.quoted(&subject, at, open))
    }

    fn column(&self, name: Range<usize>, rule: &'static str, strength: Strength) -> Subject {
        let name = Name { start: name.start, end: name.end, dashes: 0, quote: None };
        Subject {
            name,
            rule,
            strength,
            kind: Kind::Blank,
            style: Style::Plain,
            quoted: false,
            bracket: true,
            spaced: true,
            behind: 0,
        }
    }

    /// `INSERT INTO t (a, password) VALUES ('x', 'y'), …`.
    pub(super) fn insert(&mut self, hit: Hit) -> Option<usize> {
        let stop = (hit.end + REACH).min(self.text.len());
        let head = self.text.get(hit.end..(hit.end + 200).min(stop))?;
        let open = hit.end + memchr::memchr3(b'(', b';', b'\n', head)?;
        let (columns, after) = self.columns(open)?;
        if columns.iter().all(Option::is_none) {
            return None;
        }
        let values = self.text.get(after..(after + 64).min(stop))?;
        let mut at = after + values.windows(6).position(|w| w.eq_ignore_ascii_case(b"values"))? + 6;
        for _ in 0..MOST {
            at = self.skip_space(at);
            if self.text.get(at) != Some(&b'(') || at >= stop {
                break;
            }
            let end = self.row(&columns, at + 1)?;
            at = self.skip_space(end);
            if self.text.get(at) != Some(&b',') {
                break;
            }
            at += 1;
        }
        // Names in the values themselves are looked for as anywhere.
        Some(hit.end)
    }

    /// For each column its subject if it is sensitive, and where the list ends.
    fn columns(&self, open: usize) -> Option<(Vec<Option<Subject>>, usize)> {
        const LONGEST: usize = 8 << 10;
        self.text.get(open).filter(|b| **b == b'(')?;
        let list = self.text.get(open + 1..(open + LONGEST).min(self.text.len()))?;
        let close = memchr::memchr3(b')', b'(', b'\'', list).filter(|at| list[*at] == b')')?;
        let mut at = open + 1;
        let mut columns = Vec::new();
        for column in list[..close].split(|b| *b == b',').take(MOST) {
            let strength = names::strength(column);
            columns.push(
                strength.map(|strength| self.column(at..at + column.len(), rules::of(column), strength)),
            );
            at += column.len() + 1;
        }
        Some((columns, open + 1 + close + 1))
    }

    /// One row of values; answers where it ends.
    fn row(&mut self, columns: &[Option<Subject>], at: usize) -> Option<usize> {
        let mut at = at;
        for column in columns {
            at = self.skip_space(at);
            at += usize::from(
                matches!(self.text.get(at), Some(b'E' | b'N')) && self.text.get(at + 1) == Some(&b'\''),
            );
            match (spelled(self.text, at)?, column) {
                (open, Some(subject)) if open.byte == b'\'' => at = self.quoted(subject, at, open),
                (open, None) if open.byte == b'\'' => loop {
                    at = quotes::close(self.text, at + 1, open, Around::default()).after;
                    if self.text.get(at) != Some(&b'\'') {
                        break;
                    }
                },
                _ => {}
            }
            let rest = self.text.get(at..)?;
            at += memchr::memchr3(b',', b')', b'\n', rest)? + 1;
            if self.text.get(at - 1) != Some(&b',') {
                break;
            }
        }
        Some(at)
    }
}
