//! A value on a line below the words that announce it: `use the following password:` and the value alone on its line, as
//! installers say it; items of a numbered list, as `redis-cli` prints an answer.

use super::{
    Hunt, credible,
    follow::Subject,
    name::{self, Name},
    prose,
    spelled::spelled,
};
use crate::redact::names::Strength;

/// What stands before a value that was made anew.
pub(super) const AGAIN: &[u8] = b"New value: ";

/// Longest line that announces one.
const LINE: usize = 240;

impl Hunt<'_> {
    /// A sentence about a password that ends with a colon, or is followed by `New value: x`.
    pub(super) fn announced(&mut self, name: &Name) -> Option<usize> {
        let subject = self.pair_of(name, false)?;
        if subject.strength != Strength::Sure
            || !matches!(subject.rule, "password" | "passphrase")
            || name.dashes > 0
        {
            return None;
        }
        let end = self.line_end_before(name.end, name.end + LINE, false);
        let line = self.text.get(name.end..end)?.trim_ascii_end();
        let next = self.text.get(self.next_line(end)?..)?;
        if !line.ends_with(b":") && !next.starts_with(AGAIN) {
            return None;
        }
        self.announced_below(&subject, end)
    }

    /// The one word on the line below the line end at `at`, with an empty line between or none.
    pub(super) fn announced_below(&mut self, subject: &Subject, at: usize) -> Option<usize> {
        let mut start = self.next_line(at)?;
        if matches!(self.text.get(start), Some(b'\n' | b'\r')) {
            start = self.next_line(start)?;
        }
        let end = self.line_end_before(start, start + LINE, false);
        let line = self.text.get(start..end)?;
        let again = line.strip_prefix(AGAIN).unwrap_or(line);
        let blanks = again.iter().take_while(|b| b.is_ascii_whitespace()).count();
        let value = again.trim_ascii();
        // `… is:` and one word, though it has no letter of another case.
        let said = || {
            let before = self.text[..at].trim_ascii_end();
            [b" is:".as_slice(), b"assword:"].iter().any(|end| before.ends_with(end))
        };
        let credible = credible::is_no_word(value) || credible::is_credible(value) && said();
        if !credible || !subject.is_secret(value) {
            return None;
        }
        let from = end - again.len() + blanks;
        self.take(from..from + value.len(), subject.rule, false, None);
        // Other names may stand in the sentence.
        Some(subject.name.end)
    }

    /// `HTTP_Passwd x`, as Fluent Bit has a setting: so no sentence writes a name.
    pub(super) fn titled(&mut self, name: &Name) -> Option<usize> {
        let word = self.bytes(name);
        let titled = word.first()?.is_ascii_uppercase()
            && word.contains(&b'_')
            && word.iter().any(u8::is_ascii_lowercase);
        let subject =
            self.pair_of(name, false).filter(|subject| titled && subject.strength == Strength::Sure)?;
        let (words, whole) = self.words(name.end);
        let value = words.first().filter(|_| whole && words.len() == 1)?.clone();
        let bytes = self.text.get(value.clone())?;
        if prose::is_talk(bytes) || !subject.is_secret(bytes) {
            return None;
        }
        self.take(value.clone(), subject.rule, false, None);
        Some(value.end)
    }

    /// `smtp_password` and, below it, `… input_value='x', input_type=str]`, as Pydantic refuses a setting.
    pub(super) fn refused_below(&mut self, name: &Name) -> Option<usize> {
        let below = self.next_line(name.end)?;
        self.text.get(below).filter(|b| **b == b' ')?;
        let end = self.line_end_before(below, below + LINE, false);
        let line = self.text.get(below..end)?;
        memchr::memmem::find(line, b"[type=")?;
        let at = below + memchr::memmem::find(line, b"input_value=")? + b"input_value=".len();
        let open = spelled(self.text, at).filter(|s| matches!(s.byte, b'"' | b'\''))?;
        let subject = self.pair_of(name, false)?;
        Some(self.quoted(&subject, at, open))
    }

    /// `shared_key x`, `MYSQLPassword   x`: a directive, which no sentence begins with, and one word.
    pub(super) fn directive_alone(&mut self, name: &Name) -> Option<usize> {
        let word = self.bytes(name);
        let has = |test: fn(&u8) -> bool| word.iter().any(test);
        let capital = word.iter().skip(1).any(u8::is_ascii_uppercase) && has(u8::is_ascii_lowercase);
        let subject = self.pair_of(name, false).filter(|subject| {
            (capital || word.contains(&b'_')) && subject.strength == Strength::Sure && name.dashes == 0
        })?;
        self.lead(&subject).filter(|lead| !lead.stamped)?;
        let (words, whole) = self.words(name.end);
        let value = words.first().filter(|_| whole && words.len() == 1)?.clone();
        let bytes = self.text.get(value.clone())?;
        let plain = !bytes.iter().any(|b| matches!(b, b'(' | b')' | b'{' | b'[' | b'<'));
        let credible = plain && (credible::is_credible(bytes) || credible::is_scrambled(bytes));
        if !credible || prose::is_talk(bytes) || !subject.is_secret(bytes) {
            return None;
        }
        self.take(value.clone(), subject.rule, false, None);
        Some(value.end)
    }

    /// `secret_id             x`: a row of a table of two columns.
    pub(super) fn two_columns(&mut self, name: &Name) -> Option<usize> {
        const FEWEST: usize = 2;
        let start = name::skip_blanks(self.text, name.end);
        let subject = self.pair_of(name, false).filter(|_| start >= name.end + FEWEST && name.dashes == 0)?;
        self.lead(&subject)?;
        let end = self.line_end_before(start, start + LINE, false);
        let value = self.text.get(start..end)?.trim_ascii_end();
        let uuid = value.len() == 36 && value.iter().filter(|b| **b == b'-').count() == 4;
        if !uuid && !credible::is_no_word(value) || !subject.is_secret(value) {
            return None;
        }
        self.take(start..start + value.len(), subject.rule, false, None);
        Some(end)
    }

    fn next_line(&self, end: usize) -> Option<usize> {
        let rest = self.text.get(end..)?;
        match rest {
            [b'\r', b'\n', ..] => Some(end + 2),
            [b'\n' | b'\r', ..] => Some(end + 1),
            _ => None,
        }
    }

    /// `1) "requirepass"` and, on the next line, `2) "x"`. `at`: behind the name's quote.
    pub(super) fn numbered(&mut self, name: &Name, at: usize) -> Option<usize> {
        let before = self.text[..name.start - name.quote?.len].strip_suffix(b") ")?;
        let digits = before.iter().rev().take(6).take_while(|b| b.is_ascii_digit()).count();
        let number: u32 = std::str::from_utf8(&before[before.len() - digits..]).ok()?.parse().ok()?;
        let item = name::skip_blanks(self.text, self.next_line(at)?);
        let mark = format!("{}) ", number + 1);
        self.text.get(item..)?.strip_prefix(mark.as_bytes())?;
        let open = spelled(self.text, item + mark.len()).filter(|s| s.is_quote())?;
        let subject = self.pair_of(name, true).filter(|subject| subject.strength == Strength::Sure)?;
        self.quoted(&subject, item + mark.len(), open);
        Some(at)
    }
}
