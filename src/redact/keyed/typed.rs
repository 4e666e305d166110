//! Command lines of programs that `programs` lists: their words are read one by one, and what stands where
//! a row says is taken. Knows no program itself.

use std::ops::Range;

use super::{
    Hunt,
    commands::Argument,
    credible, name, none,
    programs::{self, Part, Place, Row, Written, is_program},
    prose,
    scan::Hit,
    spelled::spelled,
};
use crate::redact::finder::Until;

/// How far behind a program its words are read.
const REACH: usize = 2 << 10;

/// Most rows that one program has.
const MOST: usize = 20;

/// So many command lines inside others that were read already are read on their own. A text of names of
/// programs alone would else be read hundreds of times.
const NESTED: u32 = 8;

/// And so many where a window has cost more than is due to it: its length, and this for a short one.
const NESTED_AT_LEAST: u32 = 1;
const DUE: usize = 64 << 10;

/// What of a row was seen so far.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    /// Words of `behind` that were met.
    said: u8,
    /// Words that are no options since then.
    words: u8,
    /// Whether the next word is an option's number.
    number: bool,
}

/// The rows of the program that was met last: lines of a log are of few programs.
#[derive(Debug, Default)]
pub(super) struct RowsOf {
    program: Range<usize>,
    rows: Vec<&'static Row>,
}

/// `curl/8.5.0`, `gitlab-runner 17.1.0 (…)`: who asks, not what is run.
fn is_agent(text: &[u8], name: usize) -> bool {
    match text.get(name..).unwrap_or_default() {
        [b'/', ..] => true,
        [b' ', digit, ..] => digit.is_ascii_digit() && text.starts_with(b"gitlab-runner"),
        _ => false,
    }
}

impl Hunt<'_> {
    /// The words of a known program's command line.
    pub(super) fn program(&mut self, hit: Hit) -> Option<usize> {
        let at = name::end(self.text, hit.start)?;
        if is_agent(self.text.get(hit.start..)?, at - hit.start) {
            return Some(at);
        }
        let Some(name) = name::around(self.text, hit.start, at) else { return Some(at) };
        let start = name.start;
        // Of `az login` and `zip -` the stem goes on behind the name.
        let program = self.text.get(start..at)?;
        if self.rows_of.program.is_empty() || self.text.get(self.rows_of.program.clone()) != Some(program) {
            self.rows_of.program = start..at;
            self.rows_of.rows.clear();
            self.rows_of.rows.extend(programs::rows(program).take(MOST));
        }
        if self.rows_of.rows.is_empty() {
            return Some(hit.start + 1);
        }
        // `command('wpa_passphrase', 'x')` of a program's source
        if name.quote.is_some() && self.text[..start].ends_with(b"('") || self.text[..start].ends_with(b"(\"")
        {
            return Some(hit.start + 1);
        }
        let (read, nested) = self.typed;
        let inside = hit.start < read;
        let most = if self.read_again < self.text.len() + DUE { NESTED } else { NESTED_AT_LEAST };
        if inside && nested >= most {
            return Some(hit.start + 1);
        }
        self.typed.1 = if inside { nested + 1 } else { 0 };
        let rows = std::mem::take(&mut self.rows_of.rows);
        let end = self.command_line(start..at, &rows);
        self.rows_of.rows = rows;
        self.typed.0 = read.max(end);
        self.read_again += if inside { end - hit.start } else { 0 };
        Some(hit.start + 1)
    }

    /// The words behind a program's name. Answers how far they were read.
    fn command_line(&mut self, name: Range<usize>, rows: &[&'static Row]) -> usize {
        let program = &self.text[name.clone()];
        let mut at = name.end;
        at += spelled(self.text, at).filter(|s| s.is_quote()).map_or(0, |quote| quote.len);
        let string = self.strings.holds(self.text, name.start);
        let stop = (at + REACH).min(self.text.len());
        if self.text.get(at) == Some(&b'!') && program.starts_with(b"check_") {
            return self.plugin(at, rows);
        }
        let mut all = [Seen::default(); MOST];
        let mut input = false;
        let mut named = true;
        while at < stop {
            let share = self.share(at).filter(|_| program.eq_ignore_ascii_case(b"net"));
            let Some(argument) = share.or_else(|| self.argument(at, string)) else { break };
            let Some(word) = self.text.get(argument.start..argument.end) else { break };
            // Another known program's options are looked at when its own name comes.
            let ends = matches!(word, b"|" | b"&&" | b"||" | b";" | b"&" | b"--");
            let empty = word.is_empty() && argument.after == argument.end;
            if ends || empty || matches!(word, [b'>' | b'<', ..]) || is_program(word) {
                break;
            }
            at = argument.after.max(at + 1);
            let plain = !word.starts_with(b"-");
            named &= plain || word.starts_with(b"--") || !word.contains(&b'n');
            for (row, seen) in rows.iter().zip(&mut all) {
                let number = std::mem::replace(
                    &mut seen.number,
                    match row.place {
                        Place::Third => !plain && matches!(word, [.., b'C' | b'r']),
                        Place::Past(_, takes) => takes.iter().any(|option| word == option.as_bytes()),
                        _ => false,
                    },
                );
                if let Some(asked) = row.behind.get(usize::from(seen.said)) {
                    seen.said += u8::from(programs::says(word, asked));
                    let whole = usize::from(seen.said) == row.behind.len();
                    input |= whole && row.place == Place::Input;
                    if whole && row.place == Place::Output {
                        self.printed_by(at);
                    }
                    continue;
                }
                match row.place {
                    Place::Option(option, written) => {
                        let Some(from) = programs::argument_of(program, word, option) else { continue };
                        let value = argument.start + from..argument.end;
                        let long = option.starts_with("--") || option.len() > 3 && !option.starts_with('/');
                        if !value.is_empty() && written != Written::Apart && (!long || word[from] == b'=') {
                            let equals = usize::from(word[from] == b'=');
                            self.take_part(value.start + equals, value.end, row.part);
                            at = self.more_of_an_argument(at, "password");
                        } else if value.is_empty() && written != Written::Joined {
                            let Some(value) = self.argument(at, string) else { break };
                            if !is_program(&self.text[value.start..value.end]) {
                                at = value.after.max(at + 1);
                                self.take_part(value.start, value.end, row.part);
                                at = self.more_of_an_argument(at, "password");
                            }
                        } else {
                            continue;
                        }
                        break;
                    }
                    Place::Word(nth) if plain => {
                        seen.words = seen.words.saturating_add(1);
                        // `vault login -method=userpass username=x`
                        let pair = word.iter().rev().skip_while(|b| **b == b'=').any(|b| *b == b'=');
                        if usize::from(seen.words) == nth && (nth > 1 || !pair) {
                            self.take_part(argument.start, argument.end, row.part);
                            at = self.more_of_an_argument(at, "password");
                        }
                    }
                    Place::Third if plain && !number => {
                        seen.words = seen.words.saturating_add(1);
                        if seen.words == if named { 3 } else { 2 } {
                            self.take_part(argument.start, argument.end, row.part);
                        }
                    }
                    Place::Past(nth, _) if plain && !number => {
                        seen.words = seen.words.saturating_add(1);
                        if usize::from(seen.words) == nth {
                            self.take_part(argument.start, argument.end, row.part);
                            at = self.more_of_an_argument(at, "password");
                        }
                    }
                    Place::BehindShare if plain => {
                        let share = word.starts_with(b"\\\\");
                        if seen.words == 1 && !share && !matches!(word, [b'/' | b'*', ..]) {
                            self.take_part(argument.start, argument.end, row.part);
                            seen.words = 2;
                        }
                        seen.words = seen.words.max(u8::from(share));
                    }
                    _ => {}
                }
            }
            if plain && programs::is_runner(program) {
                break;
            }
            if matches!(self.text.get(argument.after), Some(b';')) {
                break;
            }
        }
        if input {
            self.piped(name.start);
        }
        at
    }

    /// `\\\\redis\\nas`, the name of a share, whose letters behind `\\` end no line.
    fn share(&self, at: usize) -> Option<Argument> {
        const LONGEST: usize = 256;
        let start = at + self.text.get(at..)?.iter().take(8).take_while(|b| **b == b' ').count();
        let rest = self.text.get(start..).filter(|rest| start > at && rest.starts_with(b"\\\\"))?;
        let word = |b: &&u8| !b.is_ascii_whitespace() && **b != b'"';
        let end = start + rest.iter().take(LONGEST).take_while(word).count();
        Some(Argument { start, end, after: end })
    }

    /// `check_mysql!-u bob!-p x`: how Nagios gives a plugin its arguments. Answers how far they were read.
    fn plugin(&mut self, at: usize, rows: &[&'static Row]) -> usize {
        const NEAR: usize = 256;
        let mut from = at;
        let string = self.strings.holds(self.text, at);
        let stop = self.line_end_before(at, at + NEAR, string);
        while from < stop {
            let start = name::skip_blanks(self.text, from + 1).min(stop);
            let end = start + memchr::memchr(b'!', &self.text[start..stop]).unwrap_or(stop - start);
            for row in rows {
                let Place::Option(option, _) = row.place else { continue };
                let Some(rest) = self.text[start..end].strip_prefix(option.as_bytes()) else { continue };
                let value = name::skip_blanks(self.text, start + option.len()).min(end);
                let length = self.text[value..end].iter().take_while(|b| !b.is_ascii_whitespace()).count();
                if rest.first() == Some(&b' ') {
                    self.take_part(value, value + length, row.part);
                }
            }
            from = end;
        }
        stop
    }

    /// The line behind a command, where it is one word that is no word of a language. `at`: in the command.
    fn printed_by(&mut self, at: usize) -> Option<()> {
        const LONGEST: usize = 256;
        let stop = (at + LONGEST).min(self.text.len());
        let start = at + memchr::memchr(b'\n', self.text.get(at..stop)?)? + 1;
        let end = start + memchr::memchr(b'\n', &self.text[start..stop]).unwrap_or(stop - start);
        let value = self.text[start..end].trim_ascii_end();
        let base64 = |b: &u8| b.is_ascii_alphanumeric() || b"+/=-_".contains(b);
        let plain: Vec<u8> = value.iter().copied().filter(|b| !b"/=".contains(b)).collect();
        if !value.starts_with(b"/") && value.iter().all(base64) && credible::is_no_word(&plain) {
            self.take_part(start, start + value.len(), Part::Whole);
        }
        Some(())
    }

    pub(super) fn take_part(&mut self, start: usize, end: usize, part: Part) {
        let Some(value) = self.text.get(start..end) else { return };
        let open = spelled(self.text, start).filter(|s| s.is_quote());
        let (start, end) = match open {
            Some(open)
                if value.len() > 2 * open.len && value.ends_with(&self.text[start..start + open.len]) =>
            {
                (start + open.len, end - open.len)
            }
            _ => (start, end),
        };
        let value = self.text.get(start..end).unwrap_or_default();
        let (from, end) = match part {
            Part::Whole => (start, end),
            // Not the scheme of an address.
            Part::Behind(byte) => {
                match memchr::memchr(byte, value).filter(|at| !value[at + 1..].starts_with(b"//")) {
                    Some(at) => (start + at + 1, end),
                    None => return,
                }
            }
            Part::BehindLast(byte) => match memchr::memrchr(byte, value) {
                Some(at) => (start + at + 1, end),
                None => return,
            },
            Part::Marked(mark) => match value.strip_prefix(mark.as_bytes()) {
                Some(_) => (start + mark.len(), end),
                None => return,
            },
            Part::Login => {
                let Some(slash) = memchr::memchr(b'/', value) else { return };
                (
                    start + slash + 1,
                    start + memchr::memrchr(b'@', value).unwrap_or(value.len()).max(slash + 1),
                )
            }
        };
        let value = self.text.get(from..end).unwrap_or_default();
        let flag = value.first() == Some(&b'-') && !credible::is_no_word(&value[1..]);
        // `-p $(openssl passwd x)`: what another command prints. Its words are looked at when its name comes.
        let command = match value {
            [b'$', b'(', b, ..] => b.is_ascii_alphabetic(),
            // `(Get-Content f)`, `$env:PW`
            [b'(', ..] => memchr::memchr(b')', value).is_none(),
            _ => value.starts_with(b"$env:") || start > 0 && self.text[start - 1] == b'`',
        };
        let talk = open.is_none() && part == Part::Whole && prose::is_talk(value);
        if !none::is_no_value(value) && !flag && !talk && !command {
            self.take(from..end, "password", false, Some(Until::WordEnd));
        }
    }
}
