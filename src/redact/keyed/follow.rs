//! What stands behind a name: a separator and a value, an option's argument, a sibling, or nothing.

use super::{
    Hunt,
    name::{self, Name},
    none, oauth, prose, protocols, rules,
    spelled::{Spelled, Style, spelled},
};
use crate::redact::names::Strength;

/// What is between a name and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// `:`
    Colon,
    /// `=`
    Equals,
    /// `=>`
    Rocket,
    /// White space, after an option or a keyword.
    Blank,
}

/// A sensitive name, and how its value hangs on it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Subject {
    pub(super) name: Name,
    pub(super) rule: &'static str,
    pub(super) strength: Strength,
    pub(super) kind: Kind,
    /// How the separator is written.
    pub(super) style: Style,
    /// The name is quoted, so the value is the other half of a pair.
    pub(super) quoted: bool,
    /// The name ends with a bracket: `user[password]=x`.
    pub(super) bracket: bool,
    /// Blanks before the separator.
    pub(super) spaced: bool,
    /// Where the separator ends; 0 if there is none of its own.
    pub(super) behind: usize,
}

/// A name's separator.
#[derive(Debug, Clone, Copy)]
struct Separator {
    kind: Kind,
    style: Style,
    end: usize,
}

/// What a parser says before `token: x`.
const PARSERS: &[&[u8]] = &[b"unexpected ", b"Unexpected ", b"illegal ", b"unrecognized "];

/// Whether a byte right behind a name can lead to a value.
pub(super) fn may_follow(byte: u8) -> bool {
    matches!(
        byte,
        b'"' | b'\''
            | b'`'
            | b'\\'
            | b':'
            | b'='
            | b']'
            | b' '
            | b'\t'
            | 0
            | b'>'
            | b'|'
            | b'%'
            | b'&'
            | b'+'
            | b'('
            | b')'
            | b'?'
            | b'.'
            | 0x1b
            | b'\n'
            | b'\r'
            | b','
            | b'<'
            | b'['
            | b'#'
            | b'^'
            | b'*'
            | b'}'
    )
}

impl Hunt<'_> {
    /// What follows a name, and then its value. Answers from where to look on, if anything was found.
    pub(super) fn named(&mut self, name: &Name) -> Option<usize> {
        let mut at = name.end;
        let mut quoted = false;
        if let Some(open) = name.quote
            && let Some(close) = spelled(self.text, at)
            && same(open, close)
        {
            quoted = true;
            at += close.len;
        }
        let behind_quote = at;
        // `**Password**: x`
        if !quoted && self.text[at..].starts_with(b"**") && self.text[..name.start].ends_with(b"**") {
            at += 2;
        }
        let mut bracket = false;
        // `tokens[]=x`, `passwords[0]: x`
        if let Some(open) = spelled(self.text, at).filter(|s| s.byte == b'[' && !quoted) {
            let digits = self.text[at + open.len..].iter().take(3).take_while(|b| b.is_ascii_digit()).count();
            let close = spelled(self.text, at + open.len + digits).filter(|s| s.byte == b']');
            if let Some(close) = close {
                bracket = true;
                at += open.len + digits + close.len;
            }
        }
        for _ in 0..2 {
            if let Some(close) = spelled(self.text, at).filter(|s| s.byte == b']') {
                bracket = true;
                at += close.len;
            }
        }
        // `Password..........: x`
        let dots =
            self.text.get(at..).unwrap_or_default().iter().take(64).take_while(|b| **b == b'.').count();
        at += if dots > 1 { dots } else { 0 };
        let blanks = name::skip_blanks(self.text, at);
        let Some(separator) = self.separator(blanks) else {
            return self.without_separator(name, quoted, behind_quote, bracket);
        };
        if let Some(end) = self.echoed(name) {
            return Some(end);
        }
        // `tool /password:x`, as Windows has options
        let option = || {
            self.text[..name.start].ends_with(b" /")
                && self.text.get(separator.end).is_some_and(u8::is_ascii_graphic)
        };
        if separator.kind == Kind::Colon
            && !quoted
            && name::is_part_of_a_path(self.text, name)
            && !self.is_a_key_of_hiera(name, separator.end)
            && !option()
        {
            return None;
        }
        // `${X:?must be set}`
        let demanded =
            self.text[..name.start].ends_with(b"${") && self.text.get(separator.end) == Some(&b'?');
        if demanded {
            return None;
        }
        if separator.kind == Kind::Colon && PARSERS.iter().any(|word| self.text[..name.start].ends_with(word))
        {
            return None;
        }
        // `UID=x;PWD=y` is a database's, `PWD=/root` a shell's.
        if separator.kind == Kind::Colon
            && rules::of(self.bytes(name)) == "credential"
            && let Some(end) = self.login_said(separator.end)
        {
            return Some(end);
        }
        let pwd = self.bytes(name).eq_ignore_ascii_case(b"pwd") && self.text[..name.start].ends_with(b";");
        let strength = if pwd { Strength::Sure } else { self.strength(name)? };
        let subject = Subject {
            name: *name,
            rule: rules::of(self.bytes(name)),
            strength,
            kind: separator.kind,
            style: separator.style,
            quoted,
            bracket,
            spaced: blanks > at,
            behind: separator.end,
        };
        // `**Password:** x`
        let bold = self.text[..name.start].ends_with(b"**") && self.text[separator.end..].starts_with(b"**");
        let at = separator.end + if bold { 2 } else { 0 };
        self.header(&subject, at).or_else(|| self.value(&subject, at))
    }

    /// `profile::gitlab::db_password: x`, as Puppet's data has it; constants have capitals.
    fn is_a_key_of_hiera(&self, name: &Name, behind: usize) -> bool {
        const LONGEST: usize = 120;
        let near = &self.text[name.start.saturating_sub(LONGEST)..name.end];
        let key =
            near.rsplit(|b| b.is_ascii_whitespace() || matches!(b, b'"' | b'\'')).next().unwrap_or_default();
        let plain =
            |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'_' | b':' | b'"' | b'\'');
        key.len() < LONGEST && key.iter().all(plain) && self.text.get(behind) == Some(&b' ')
    }

    fn separator(&self, at: usize) -> Option<Separator> {
        let first = spelled(self.text, at)?;
        let end = at + first.len;
        let next = spelled(self.text, end);
        let is = |byte: u8| next.filter(|s| s.byte == byte);
        let plain = Separator { kind: Kind::Colon, style: first.style, end };
        match first.byte {
            b':' => match next.map(|s| s.byte) {
                // `userPassword:: eA==` of LDIF, not `A::B`
                Some(b':') if self.text.get(end + 1) == Some(&b' ') => {
                    Some(Separator { end: end + 1, ..plain })
                }
                Some(b':') => None,
                Some(b'=') => Some(Separator { kind: Kind::Equals, end: end + 1, ..plain }),
                _ => Some(plain),
            },
            b'=' => match next.map(|s| s.byte) {
                Some(b'=') if first.style == Style::Plain => None,
                Some(b'~')
                    if first.style == Style::Plain
                        && self.text.get(end + 1).is_none_or(|b| matches!(b, b' ' | b'/' | b'%')) =>
                {
                    None
                }
                Some(b'>') => Some(Separator { kind: Kind::Rocket, end: end + is(b'>')?.len, ..plain }),
                _ => Some(Separator { kind: Kind::Equals, ..plain }),
            },
            b'|' if self.text.get(at..at + 3) == Some(b"||=") || self.is_alternative(at) => {
                Some(Separator { kind: Kind::Equals, end: at + 3, ..plain })
            }
            b'+' if is(b'=').is_some() => Some(Separator { kind: Kind::Equals, end: end + 1, ..plain }),
            b'|' if self.text.get(end) == Some(&b' ') && self.begins_a_row(at) => Some(plain),
            _ => None,
        }
    }

    /// `ENV['X'] || 'x'`
    fn is_alternative(&self, at: usize) -> bool {
        matches!(self.text.get(at..at + 4), Some(b"|| '" | b"|| \""))
    }

    /// `password | x`, as psql writes a record with one column a line.
    fn begins_a_row(&self, at: usize) -> bool {
        let before = self.text[..at].iter().rev().take(80).take_while(|b| !matches!(b, b'\n' | b'\r'));
        before.clone().count() < 80 && before.clone().all(|b| name::is_inside(*b) || *b == b' ')
    }

    /// Forms in which the value hangs on something else than a separator.
    fn without_separator(&mut self, name: &Name, quoted: bool, at: usize, bracket: bool) -> Option<usize> {
        let next = self.text.get(at).copied().unwrap_or(b'\n');
        let two = self.text.get(at + 1).is_some_and(|b| matches!(b, b' ' | b'|'));
        if (matches!(next, b',' | b'\n' | b'\r' | b'\t') || next == b' ' && two)
            && let Some(end) = self.below_the_head(name)
        {
            return Some(end);
        }
        if quoted {
            return self
                .sibling(name, at, bracket)
                .or_else(|| self.explicit(name))
                .or_else(|| self.option(name, at))
                .or_else(|| self.keyword(name, at));
        }
        let byte = self.text.get(name.end).copied().unwrap_or(b'\n');
        let end = self.basic_call(name);
        if end.is_some() {
            return end;
        }
        match byte {
            b'>' | b'&' => self.element(name),
            b'\\' => self
                .element(name)
                .or_else(|| self.bulk(name))
                .or_else(|| self.asked_of_dovecot(name))
                .or_else(|| self.said(name, name.end)),
            b',' if name.dashes == 0 => {
                self.symbol(name).or_else(|| self.tuple(name)).or_else(|| self.set_call(name))
            }
            b'}' => self.member(name),
            b'#' => self.asked_of_dovecot(name),
            b'?' => self.call(name),
            b')' => self.violated(name).or_else(|| self.cast(name)).or_else(|| self.unset(name)),
            b']' => self.bracketed_part(name),
            b'(' => self.call(name).or_else(|| self.keyword(name, at)),
            b'\n' | b'\r' => self
                .listed(name)
                .or_else(|| self.refused_below(name))
                .or_else(|| self.answer_of_postmap(name))
                .or_else(|| self.option(name, at))
                .or_else(|| self.bulk(name))
                .or_else(|| self.explicit(name))
                .or_else(|| self.sql(name, at)),
            _ if name.dashes > 0 => self.option(name, at),
            b'.' => None,
            _ => self.element(name).or_else(|| self.cell(name)).or_else(|| self.keyword(name, at)),
        }
    }
}

/// Whether two quotes are written alike.
pub(super) fn same(a: Spelled, b: Spelled) -> bool {
    a.byte == b.byte && a.style == b.style
}

impl Subject {
    /// Whether the value is a secret, for all that can be told from it alone.
    pub(super) fn is_secret(&self, value: &[u8]) -> bool {
        // `dsn=4.4.1` is what a mail server says of a delivery (RFC 3463).
        let status = || value.iter().all(|b| b.is_ascii_digit() || *b == b'.');
        let by_parts = self.rule == "connection" && (prose::names_its_parts(value) || status());
        let answer = self.rule != "code" || oauth::is_credible(value);
        let mechanism = self.rule == "credential" && protocols::is_mechanism(value);
        !by_parts
            && answer
            && !mechanism
            && !none::is_no_value(value)
            && !prose::is_harmless_beside(value, self.strength)
    }
}
