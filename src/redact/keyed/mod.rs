//! Secrets recognisable by the name beside them: `password`, `PRIVATE-TOKEN`, `secretAccessKey`, in every
//! syntax that a GitLab host writes.
//!
//! The sieve finds where a stem of a name (`scan`) may stand; cheap looks at the bytes behind it
//! decide that most are none; only then is the name judged (`names`) and its value found. Each look
//! around is bounded, and what was taken is not looked at again. Never decides by a value's form alone.

mod announced;
mod bare;
mod calls;
mod commands;
mod credible;
mod directives;
mod follow;
mod headers;
mod keywords;
mod name;
mod nested;
mod none;
mod oauth;
mod pairs;
mod piped;
mod place;
mod programs;
mod prose;
mod protocols;
mod quoted;
mod quotes;
mod ruby;
mod rules;
mod said;
mod scan;
mod sentence;
mod spelled;
mod sql;
mod tables;
mod typed;
mod value;
mod xml;
mod yaml;

#[cfg(test)]
mod tests;

use std::ops::Range;

pub(in crate::redact) use rules::names as rule_names;

use super::{
    finder::{REACH, Rank, Span, Until, Window},
    names::{self, Strength},
    sieve::{Positions, Sieve},
};
use name::Name;
use quotes::Strings;
use scan::{Hit, Stem};

/// What the sieve is to look for; a needle's number in it is the stem's.
pub(in crate::redact) fn positions() -> impl Iterator<Item = Positions> {
    scan::positions()
}

/// The search for names in one window.
pub(in crate::redact) struct Search<'w, 't> {
    window: &'w Window<'t>,
    range: Range<usize>,
    hits: Vec<Hit>,
}

impl<'w, 't> Search<'w, 't> {
    pub(in crate::redact) fn new(window: &'w Window<'t>) -> Self {
        Self { window, range: looked_at(window), hits: Vec::new() }
    }

    /// Where the sieve has to look.
    pub(in crate::redact) fn range(&self, sieve: &Sieve) -> Range<usize> {
        self.range.start..self.range.end.saturating_add(sieve.reach)
    }

    /// Remembers a place where a stem may begin.
    pub(in crate::redact) fn note(&mut self, stem: usize, at: usize) {
        if self.range.contains(&at) {
            self.hits.extend(scan::hit(self.window.text, stem, at));
        }
    }

    /// Looks at what was noted, from left to right, and appends what is found.
    pub(in crate::redact) fn settle(mut self, spans: &mut Vec<Span<'_>>) {
        self.hits.sort_unstable_by_key(|hit| hit.start);
        let mut hunt = Hunt::new(self.window, self.range.start);
        let mut from = 0;
        for hit in self.hits {
            if hit.start >= from {
                from = hunt.look(hit).max(hit.start + 1);
            }
        }
        spans.extend(hunt.spans.into_iter().filter(|span| self.window.own.contains(&span.range.start)));
    }
}

/// The part of a window in which names are looked for: the block, and as much around it as a value
/// inside the block may depend on.
fn looked_at(window: &Window<'_>) -> Range<usize> {
    let Range { start, end } = window.own;
    let before = window.text.get(..start).unwrap_or_default();
    let block = window.text.get(start..end).unwrap_or_default();
    let from = if owes_to(before, block) { start.saturating_sub(REACH) } else { start };
    let last = block.trim_ascii_end();
    let line = last.get(memchr::memrchr(b'\n', last).map_or(0, |at| at + 1)..).unwrap_or_default();
    let goes_on = line.last().is_some_and(|b| b",:{[".contains(b))
        || memchr::memmem::find(line, b"value:").is_some_and(|at| at < 40);
    let reach = match block.last() {
        Some(b'\n') if goes_on => NEAR,
        Some(b'\n') | None => 0,
        Some(_) => REACH,
    };
    from..(end + reach).min(window.text.len())
}

/// Whether a block may begin with what hangs on a name before it. A log line owes nothing to the one
/// before; what is indented, or stands behind `:` or `{`, may.
fn owes_to(before: &[u8], block: &[u8]) -> bool {
    let last = before.trim_ascii_end();
    !before.ends_with(b"\n")
        || block.first().is_some_and(|b| b" \t\r\n-\"'(:".contains(b))
        || block.get(..6).is_some_and(|word| word.eq_ignore_ascii_case(b"values"))
        || block.starts_with(announced::AGAIN)
        || block.get(..5).is_some_and(|item| item.contains(&b')'))
        || last.last().is_some_and(|b| b":=,{[|>\\-+(".contains(b))
        || behind(last, 3).iter().any(|b| matches!(b, b'|' | b'>'))
        || memchr::memmem::find(behind(last, 80), b"<<").is_some()
        || begins_an_answer(last, block)
        || last.ends_with(b"sasl_passwd")
        || tables::may_go_on(before)
}

/// Whether a block begins inside a dialogue: what a challenge (`334`) or a size (`$12`) asks for, or the
/// values of a statement (`parameters: $1 = 'x'`).
fn begins_an_answer(last: &[u8], block: &[u8]) -> bool {
    let line = behind(last, 80).rsplit(|b| *b == b'\n').next().unwrap_or_default();
    line.starts_with(b"$")
        || block.first() == Some(&b'$')
        || memchr::memmem::find(behind(last, 80), b"334").is_some()
        || memchr::memmem::find(behind(last, 80), b"AUTHENTICATE").is_some()
        || memchr::memmem::find(block.get(..200).unwrap_or(block), b"334").is_some()
        || memchr::memmem::find(block.get(..200).unwrap_or(block), b"parameters: $").is_some()
}

/// The last bytes of a text.
fn behind(text: &[u8], most: usize) -> &[u8] {
    text.get(text.len().saturating_sub(most)..).unwrap_or_default()
}

/// How far apart a pair's two halves may stand when each has a line of its own.
const NEAR: usize = 4 << 10;

/// Names that are remembered.
const JUDGED: usize = 64;

/// One window's search.
#[derive(Debug)]
struct Hunt<'t> {
    text: &'t [u8],
    /// Whether the text begins at a line's start.
    whole: bool,
    /// Whether the text ends with the entry.
    last: bool,
    spans: Vec<Span<'static>>,
    /// Searches for a heredoc's end that found none.
    unclosed: u32,
    /// The end of the last nested value whose leaves were taken.
    walked: usize,
    /// How far command lines were read, and how many began inside one that was read before.
    typed: (usize, u32),
    /// Bytes of command lines that were read more than once.
    read_again: usize,
    rows_of: typed::RowsOf,
    /// The end of the last line that was looked at as the head of a table.
    headed: usize,
    strings: Strings,
    /// Names judged lately, by their bytes.
    judged: [(Range<usize>, Option<Strength>); JUDGED],
}

impl<'t> Hunt<'t> {
    fn new(window: &Window<'t>, from: usize) -> Self {
        let at_start = if from == 0 { window.first } else { window.text.get(from - 1) == Some(&b'\n') };
        Self {
            text: window.text,
            whole: window.first,
            last: window.last,
            spans: Vec::new(),
            unclosed: 0,
            walked: 0,
            typed: (0, 0),
            read_again: 0,
            rows_of: typed::RowsOf::default(),
            headed: 0,
            strings: Strings::new(from, at_start),
            judged: [const { (0..0, None) }; JUDGED],
        }
    }

    /// Looks at one stem; answers from where to look on.
    fn look(&mut self, hit: Hit) -> usize {
        let answer = match hit.stem {
            Stem::Bearer if self.text.get(hit.end) == Some(&b'.') => self.subprotocol(hit.end + 1),
            Stem::Name | Stem::Key | Stem::Auth | Stem::Bearer => return self.look_at_name(hit),
            Stem::Code => return self.code(hit),
            // `SSHPASS=x`
            Stem::Program => self.program(hit),
            Stem::Identified => self.identified(hit),
            Stem::Login => self.login(hit),
            Stem::Insert => self.insert(hit),
            Stem::Acl => self.acl(hit),
            Stem::Piped => self.piped(hit.start),
            Stem::Sent => self.sent(hit),
            Stem::Rootpw if self.text.get(hit.end..hit.end + 3) == Some(b" --") => {
                self.program(hit).map(|_| hit.end)
            }
            Stem::Rootpw => return self.look_at_name(hit),
            Stem::Server => self.server(hit),
            Stem::Connect => self.connect(hit),
            Stem::Foreign => self.foreign(hit),
        };
        // What is none after all may have begun with another stem: `"code_verifier"`.
        answer.unwrap_or(hit.start + 1)
    }

    pub(super) fn look_at_name(&mut self, hit: Hit) -> usize {
        if !may_be_a_name(self.text, hit) {
            return hit.end;
        }
        let Some(end) = name::end(self.text, hit.end) else { return name::behind_run(self.text, hit.end) };
        // The cheapest test of all: most names in prose are followed by a letter, a full stop, a slash.
        if !follow::may_follow(self.text.get(end).copied().unwrap_or(b'\n')) {
            return end;
        }
        let Some(mut name) = name::around(self.text, hit.start, end) else { return end };
        name.end = self.widened_end(end);
        if is_a_run_of_base64(self.bytes(&name)) {
            return end;
        }
        if hit.stem == Stem::Key && name.start == hit.start && !self.widen(&mut name) {
            // Of `keystore_password` the rest may yet say more.
            return self.written_as(end, "key").unwrap_or(hit.end);
        }
        self.named(&name).unwrap_or(end).max(end)
    }

    /// `API key: x`: takes the word before into the name.
    fn widen(&self, name: &mut Name) -> bool {
        let before = &self.text[..name.start];
        let Some(before) = before.strip_suffix(b" ") else { return false };
        let word = before.iter().rev().take(16).take_while(|b| b.is_ascii_alphabetic()).count();
        name.start = before.len() - word;
        // The `m` of a colour code before the word is no part of it.
        let lead = &self.text[name.start.saturating_sub(8)..name.start];
        if let Some(escape) = memchr::memrchr(0x1b, lead)
            && name::colour(lead, escape).is_none()
            && name::colour(self.text, name.start - lead.len() + escape) == Some(name.start + 1)
        {
            name.start += 1;
        }
        name.quote = name::quote_before(self.text, name.start);
        word > 1
    }

    /// `Secret ID: x`, `Unseal Key 1: x`: what of the words behind belongs to the name.
    fn widened_end(&self, end: usize) -> usize {
        let rest = self.text.get(end..).unwrap_or_default();
        let more = match rest {
            [b' ', b'I', b'D', ..] => 3,
            [b' ', b'0'..=b'9', b':', ..] => 2,
            _ => return end,
        };
        let sign = self.text.get(name::skip_blanks(self.text, end + more));
        if sign.is_some_and(|sign| matches!(sign, b':' | b'=')) { end + more } else { end }
    }

    /// How sensitive a name is. Logs say the same few names again and again.
    fn strength(&mut self, name: &Name) -> Option<Strength> {
        let bytes = self.bytes(name);
        if oauth::is_code(bytes) {
            return Some(Strength::Weak);
        }
        if said::is_of_another_tongue(bytes) || self.is_of_a_phrase(name) {
            return Some(Strength::Sure);
        }
        let end = |i: usize| bytes.get(bytes.len().wrapping_sub(i)).map_or(0, |b| usize::from(*b));
        let place = &mut self.judged[(bytes.len() ^ end(1) << 1 ^ end(3) << 3 ^ end(bytes.len())) % JUDGED];
        if self.text.get(place.0.clone()) != Some(bytes) || bytes.is_empty() {
            *place = (name.start..name.end, names::strength(bytes));
        }
        place.1
    }

    fn bytes(&self, name: &Name) -> &'t [u8] {
        self.text.get(name.start..name.end).unwrap_or_default()
    }

    /// Takes a value. `open`: it has no end in the window.
    fn take(&mut self, range: Range<usize>, rule: &'static str, quoted: bool, open: Option<Until>) {
        let open = open.filter(|_| range.end == self.text.len() && !self.last);
        if !range.is_empty() {
            self.spans.push(Span { range, rule, rank: Rank::Keyed, quoted, open });
        }
    }
}

/// Letters and digits of both cases without any sign between, longer than names are: `JWT` may stand in it.
fn is_a_run_of_base64(name: &[u8]) -> bool {
    const LONGEST: usize = 40;
    name.len() > LONGEST
        && name.iter().all(u8::is_ascii_alphanumeric)
        && name.iter().any(u8::is_ascii_digit)
        && name.iter().any(u8::is_ascii_uppercase)
}

/// What a stem needs beside it, checked before the name is even read.
fn may_be_a_name(text: &[u8], hit: Hit) -> bool {
    let before = hit.start.checked_sub(1).and_then(|i| text.get(i)).copied().unwrap_or(b'\n');
    let behind = text.get(hit.end).copied().unwrap_or(b'\n');
    match hit.stem {
        Stem::Key => {
            name::is_inside(before) && before != b'-'
                || before == b' '
                || before == b'.' && hit.start > 1 && name::is_inside(text[hit.start - 2])
                || before == b'-' && hit.start > 1 && name::is_inside(text[hit.start - 2])
        }
        Stem::Auth => {
            !name::is_inside(behind)
                || matches!(behind, b'o' | b'O' | b'E' | b'k' | b'K' | b'2')
                || text.get(hit.end..hit.end + 3).is_some_and(|rest| rest.eq_ignore_ascii_case(b"tok"))
        }
        _ => true,
    }
}
