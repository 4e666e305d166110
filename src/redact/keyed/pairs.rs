//! A name that is itself a value, with the secret beside it: `{"key":"password","value":"x"}` in either
//! order, `["password", "x"]`, `<add key="Password" value="x"/>`, `- name: DB_PASSWORD` and `value: x`.

use super::{
    Hunt,
    follow::{Kind, Subject},
    name::{self, Name, quote_before},
    quotes::{self, Around},
    rules,
    spelled::{Style, spelled},
};
use crate::redact::names::{self, Strength};

/// What the key of a name is called.
#[rustfmt::skip] // rows, not a column
const KEYS: &[&str] = &["key", "name", "variable", "variable_name", "field", "param", "parameter", "k", "header", "id", "attribute", "property", "setting"];

/// What the key of a value is called.
#[rustfmt::skip] // rows, not a column
const VALUES: &[&str] = &["value", "val", "v", "content", "secret_value", "default", "default_value", "data", "text", "new", "old", "to", "from"];

/// Calls whose second argument is taken where the first one names nothing.
const FETCHES: &[&[u8]] = &[
    b"fetch(",
    b"getenv(",
    b".get(",
    b"Getenv(",
    b"dig(",
    b"put(",
    b"setProperty(",
    b"define(",
    b"store(",
    b"set(",
    b"setItem(",
];

/// How far back a value is looked for that stands before its name.
const BACK: usize = 64 << 10;

/// How far around a variable's name its value is looked for.
const REACH: usize = 8 << 10;

/// Members of an object between a name and its value.
const BETWEEN: usize = 6;

impl Hunt<'_> {
    pub(super) fn pair_of(&mut self, name: &Name, quoted: bool) -> Option<Subject> {
        let strength = self.strength(name)?;
        let rule = rules::of(self.bytes(name));
        let style = Style::Plain;
        Some(Subject {
            name: *name,
            rule,
            strength,
            kind: Kind::Colon,
            style,
            quoted,
            bracket: false,
            spaced: false,
            behind: 0,
        })
    }

    /// `at`: behind the quote that closes the name.
    pub(super) fn sibling(&mut self, name: &Name, at: usize, bracket: bool) -> Option<usize> {
        let open = name.start - name.dashes - name.quote?.len;
        if bracket || name.dashes > 0 {
            return None;
        }
        if self.text[..open].ends_with(b"name=")
            && let Some(end) = self.part_of_a_form(name, at)
        {
            return Some(end);
        }
        let next = self.skip_space(at);
        let byte = spelled(self.text, next)?.byte;
        match byte {
            b',' if self.opens_a_pair(open) => self.listed_pair(name, next),
            b',' if FETCHES.iter().any(|fetch| self.text[..open].trim_ascii_end().ends_with(fetch)) => {
                self.fallback(name, next)
            }
            b')' if self.text[..open].ends_with(b"fetch(") => self.block_of_a_fetch(name, next + 1),
            b',' | b'}' => {
                let Some(key) = self.key_before(open) else { return self.variable(name, open) };
                let subject = self.pair_of(name, true)?;
                self.value_before(&subject, key).or_else(|| self.value_behind(&subject, next))
            }
            b'>' | b'/' | b'a'..=b'z' | b'A'..=b'Z' if self.text[..open].ends_with(b"=") => {
                self.attribute(name, at)
            }
            _ if self.text.get(at).is_none_or(|b| matches!(b, b'\n' | b'\r')) => {
                self.numbered(name, at).or_else(|| self.listed(name))
            }
            _ => None,
        }
    }

    /// `{"key":"key","value":"DEPLOY_PASSWORD"},{"key":"value","value":"x"}`: the parameters of a CI variable.
    fn variable(&mut self, name: &Name, open: usize) -> Option<usize> {
        let quote = self.text.get(open..name.start)?;
        let of = |key: &str| {
            let part = |word: &str| [quote, word.as_bytes(), quote].concat();
            [part("key"), b":".to_vec(), part(key), b",".to_vec(), part("value"), b":".to_vec()].concat()
        };
        if !self.text[..open].ends_with(&of("key")) {
            return None;
        }
        let needle = of("value");
        let before = open.saturating_sub(REACH)..open;
        let behind = name.end..self.text.len().min(name.end + REACH);
        // In the same list, so on the same line.
        let behind = behind.start..self.line_end(behind.start, false).min(behind.end);
        let line = self.text[before.clone()].iter().rposition(|b| *b == b'\n').map_or(0, |at| at + 1);
        let before = before.start + line..before.end;
        let near = memchr::memmem::find(&self.text[behind.clone()], &needle).map(|at| behind.start + at);
        let far = || memchr::memmem::rfind(&self.text[before.clone()], &needle).map(|at| before.start + at);
        let at = near.or_else(far)? + needle.len();
        let subject = self.pair_of(name, true)?;
        self.value(&subject, at)?;
        Some(name.end)
    }

    /// `form-data; name="user[password]"`.
    pub(super) fn bracketed_part(&mut self, name: &Name) -> Option<usize> {
        const NEAR: usize = 64;
        let before = &self.text[name.start.saturating_sub(NEAR)..name.start];
        let quote = spelled(self.text, name.end + 1).filter(|s| s.is_quote())?;
        memchr::memmem::rfind(before, b"name=")?;
        self.part_of_a_form(name, name.end + 1 + quote.len)
    }

    /// `form-data; name="password"`, perhaps more headers, and its value behind an empty line; as it is or
    /// with its line ends written out.
    fn part_of_a_form(&mut self, name: &Name, at: usize) -> Option<usize> {
        const HEADERS: usize = 4;
        let line_end = |at: usize| -> Option<usize> {
            let first = spelled(self.text, at)?;
            let at = at + first.len;
            match first.byte {
                b'\r' => Some(at + spelled(self.text, at).filter(|s| s.byte == b'\n')?.len),
                b'\n' => Some(at),
                _ => None,
            }
        };
        let string = spelled(self.text, at)?.style != Style::Plain;
        let mut at = line_end(at)?;
        for _ in 0..HEADERS {
            let Some(end) = line_end(at) else {
                let end = self.line_end_before(at, at + 200, string);
                at = line_end(end).filter(|_| memchr::memchr(b':', &self.text[at..end]).is_some())?;
                continue;
            };
            let subject = self.pair_of(name, true)?;
            let (start, end) = (end, self.line_end(end, string));
            if subject.is_secret(self.text.get(start..end)?) {
                self.take(start..end, subject.rule, false, None);
            }
            return Some(end);
        }
        None
    }

    /// `["password", "x"]`, `[('password', 'x'), …]`; behind a name the bracket is that of a call.
    fn opens_a_pair(&self, open: usize) -> bool {
        let before = self.text[..open].trim_ascii_end();
        let tuple = before
            .strip_suffix(b"(")
            .is_some_and(|before| !before.last().is_some_and(|b| name::is_inside(*b)));
        tuple || before.ends_with(b"[")
    }

    /// `["password", "x"]`, and no list of more.
    fn listed_pair(&mut self, name: &Name, comma: usize) -> Option<usize> {
        let mut subject = self.pair_of(name, true)?;
        let open = name.start - name.quote.map_or(0, |quote| quote.len);
        let tuple = self.text[..open].trim_ascii_end().ends_with(b"(");
        if self.bytes(name) == b"AUTH" && !tuple {
            subject.strength = Strength::Sure; // a command of Redis
        }
        let at = self.skip_space(comma + 1);
        let open = spelled(self.text, at).filter(|s| s.is_quote())?;
        let closed = quotes::close(self.text, at + open.len, open, Around::default());
        let end = spelled(self.text, self.skip_space(closed.after))?;
        let value = self.text.get(at + open.len..closed.end)?;
        let list = value.contains(&b'-') && value.iter().all(|b| b.is_ascii_lowercase() || *b == b'-');
        if !matches!(end.byte, b']' | b')')
            || names::is_sensitive(value) && !value.iter().any(u8::is_ascii_digit)
            || list
        {
            return None;
        }
        self.header(&subject, at).or_else(|| Some(self.quoted(&subject, at, open)))
    }

    /// `ENV.fetch("DB_PASSWORD", "x")`.
    fn fallback(&mut self, name: &Name, comma: usize) -> Option<usize> {
        let subject = self.pair_of(name, true)?;
        let at = self.skip_space(comma + 1);
        let open = spelled(self.text, at).filter(|s| s.is_quote())?;
        Some(self.quoted(&subject, at, open))
    }

    /// `ENV.fetch("DB_PASSWORD") { "x" }`. `at`: behind the bracket.
    fn block_of_a_fetch(&mut self, name: &Name, at: usize) -> Option<usize> {
        let brace = name::skip_blanks(self.text, at);
        self.text.get(brace).filter(|b| **b == b'{')?;
        let subject = self.pair_of(name, true)?;
        let at = name::skip_blanks(self.text, brace + 1);
        let open = spelled(self.text, at).filter(|s| s.is_quote())?;
        Some(self.quoted(&subject, at, open))
    }

    /// The place of the key's own quote in `"key":"password"`, if the name's quote opens at `open`.
    fn key_before(&self, open: usize) -> Option<usize> {
        let at = self.back_over_space(open);
        let before = &self.text[..at];
        let at =
            [b"=>".as_slice(), b":", b"=\\u003e", b"%3A"].iter().find_map(|s| before.strip_suffix(*s))?.len();
        let at = self.back_over_space(at);
        let close = quote_before(self.text, at)?;
        let end = at - close.len;
        let word = self.word_before(end);
        let is_key = KEYS.iter().any(|key| word.eq_ignore_ascii_case(key.as_bytes()));
        let open = end - word.len();
        (is_key && quote_before(self.text, open).is_some()).then(|| open - close.len)
    }

    fn word_before(&self, end: usize) -> &[u8] {
        let word = self.text[..end].iter().rev().take(40).take_while(|b| name::is_inside(**b)).count();
        &self.text[end - word..end]
    }

    fn back_over_space(&self, at: usize) -> usize {
        let blanks = self.text[..at].iter().rev().take(256).take_while(|b| b.is_ascii_whitespace()).count();
        let at = at - blanks;
        if self.text[..at].ends_with(b"\\n") { at - 2 } else { at }
    }

    /// `,"type":"x","value":"y"`: from the comma behind the name on.
    fn value_behind(&mut self, subject: &Subject, comma: usize) -> Option<usize> {
        let mut at = comma;
        for _ in 0..BETWEEN {
            spelled(self.text, at).filter(|s| s.byte == b',')?;
            let open_at = self.skip_space(at + 1);
            let open = spelled(self.text, open_at).filter(|s| s.is_quote())?;
            let key = quotes::close(self.text, open_at + open.len, open, Around::default());
            let word = self.text.get(open_at + open.len..key.end)?;
            let colon = self.skip_space(key.after);
            let value = self.skip_space(self.behind_colon(colon)?);
            if VALUES.iter().any(|name| word.eq_ignore_ascii_case(name.as_bytes())) {
                return self.header(subject, value).or_else(|| self.value(subject, value));
            }
            at = self.skip_space(self.behind_scalar(value)?);
        }
        None
    }

    fn behind_colon(&self, at: usize) -> Option<usize> {
        let colon = spelled(self.text, at)?;
        match colon.byte {
            b':' => Some(at + colon.len),
            b'=' => spelled(self.text, at + 1).filter(|s| s.byte == b'>').map(|s| at + 1 + s.len),
            _ => None,
        }
    }

    fn behind_scalar(&self, at: usize) -> Option<usize> {
        let first = spelled(self.text, at)?;
        if first.is_quote() {
            return Some(quotes::close(self.text, at + first.len, first, Around::default()).after);
        }
        let word =
            self.text.get(at..)?.iter().take(64).take_while(|b| name::is_inside(**b) || **b == b'.').count();
        (word > 0).then_some(at + word)
    }

    /// `"value":"x","key":"password"`: `key` is where the key of the name opens.
    fn value_before(&mut self, subject: &Subject, key: usize) -> Option<usize> {
        let at = self.back_over_space(key);
        let at = self.back_over_space(self.text[..at].strip_suffix(b",")?.len());
        let low = at.saturating_sub(BACK);
        let close = quote_before(self.text, at);
        let start = match close {
            Some(close) => self.open_before(at - close.len, close.byte, close.style, low)?,
            None if matches!(self.text.get(at.checked_sub(1)?), Some(b'}' | b']')) => {
                self.bracket_before(at)?
            }
            None => {
                at - self.text[..at]
                    .iter()
                    .rev()
                    .take(64)
                    .take_while(|b| name::is_inside(**b) || **b == b'.')
                    .count()
            }
        };
        let colon = self.back_over_space(start);
        let before = &self.text[..colon];
        let end = [b"=>".as_slice(), b":", b"=\\u003e"].iter().find_map(|s| before.strip_suffix(*s))?.len();
        let end = self.back_over_space(end);
        let word = self.word_before(end - quote_before(self.text, end)?.len);
        if !VALUES.iter().any(|name| word.eq_ignore_ascii_case(name.as_bytes())) {
            return None;
        }
        self.value(subject, start)?;
        Some(subject.name.end)
    }

    /// The quote that opens the string whose closing quote stands at `end`.
    fn open_before(&self, end: usize, quote: u8, style: Style, low: usize) -> Option<usize> {
        let mut at = end;
        while at > low {
            at = low
                + memchr::memrchr(
                    *[quote, b'2', b';']
                        .iter()
                        .find(|b| !matches!(style, Style::Plain | Style::Slashes(_)) != (**b == quote))?,
                    self.text.get(low..at)?,
                )?;
            if let Some(found) = quote_before(self.text, at + 1)
                && found.style == style
                && found.byte == quote
            {
                return Some(at + 1 - found.len);
            }
        }
        None
    }

    /// The bracket that opens what closes at `end`, near by.
    fn bracket_before(&self, end: usize) -> Option<usize> {
        const NEAR: usize = 2 << 10;
        let mut depth = 0_usize;
        for (back, byte) in self.text[..end].iter().rev().take(NEAR).enumerate() {
            match byte {
                b'}' | b']' => depth += 1,
                b'{' | b'[' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return Some(end - 1 - back);
            }
        }
        None
    }

    /// `- name: DB_PASSWORD` and, on a line beside it, `value: x`.
    pub(super) fn listed(&mut self, name: &Name) -> Option<usize> {
        let open = name.start - name.quote.map_or(0, |quote| quote.len);
        let before = self.text[..open].strip_suffix(b" ")?.trim_ascii_end().strip_suffix(b":")?;
        let word = self.word_before(before.len());
        if !KEYS.iter().any(|key| word.eq_ignore_ascii_case(key.as_bytes())) {
            return None;
        }
        let mut subject = self.pair_of(name, false)?;
        subject.spaced = true;
        let next = self.line_end(name.end, false) + 1;
        let line = before.len()
            - self.text[..before.len()].iter().rev().take(200).take_while(|b| **b != b'\n').count();
        let previous =
            self.text[..line.saturating_sub(1)].iter().rev().take(4096).take_while(|b| **b != b'\n').count();
        let previous = line.saturating_sub(1) - previous;
        for start in [next, previous] {
            let end = self.line_end(start, false);
            let Some(text) = self.text.get(start..end) else { continue };
            let blank = text.iter().take_while(|b| b" \t-".contains(b)).count();
            let Some(colon) = memchr::memchr(b':', &text[blank..]) else { continue };
            let key = &text[blank..blank + colon];
            if blank > 0 && start != line && VALUES.iter().any(|name| key == name.as_bytes()) {
                let at = name::skip_blanks(self.text, start + blank + colon + 1);
                subject.name.start = start + blank;
                subject.name.quote = None;
                subject.name.end = start + blank + colon;
                self.value(&subject, at)?;
                return Some(name.end);
            }
        }
        None
    }
}
