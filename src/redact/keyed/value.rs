//! A value behind its separator: quoted, nested, or bare.

use super::{
    Hunt, credible,
    follow::{Kind, Subject},
    name, none,
    place::{self, Lead},
    prose,
    spelled::{Spelled, Style, spelled},
};
use crate::redact::finder::Until;

impl Hunt<'_> {
    /// The value that begins at `at`. Answers from where to look on.
    pub(super) fn value(&mut self, subject: &Subject, at: usize) -> Option<usize> {
        let start = name::skip_blanks(self.text, at);
        let first = spelled(self.text, start)?;
        if let Some(quote) = self.chained(subject, start) {
            return self.value(subject, quote);
        }
        match first.byte {
            b's' | b'(' | b'\n' | b'\r' if let Some(quote) = self.dumped(self.skip_space(start)) => {
                self.value(subject, quote)
            }
            b'\\' if matches!(self.text.get(start + 1), Some(b'\n' | b'\r')) => {
                self.value(subject, self.skip_space(start + 1)) // the line goes on
            }
            // As Spring says of a field.
            b'r' if self.text.get(start..)?.starts_with(b"rejected value [") => {
                self.rejected(subject, start + b"rejected value [".len())
            }
            b'$' if self.text.get(start + 1).is_some_and(u8::is_ascii_digit) => {
                self.parameter(subject, start).or_else(|| self.bare(subject, start))
            }
            b'(' if subject.kind == Kind::Equals && subject.rule == "credential" => {
                self.second_of_two(start + 1).or_else(|| self.bare(subject, start))
            }
            b'\n' | b'\r' => self.below(subject, start),
            b'\'' if self.is_doubled(subject, start) => self.doubled(subject, start),
            b'\'' if subject.name.quote.is_some_and(|q| q.byte == b'`') && !subject.quoted => None, // `x=' of Ruby
            b'S' if self.text.get(start..start + 5) == Some(b"Some(")
                && spelled(self.text, start + 5).is_some_and(Spelled::is_quote) =>
            {
                self.value(subject, start + 5)
            }
            b'`' if subject.kind == Kind::Equals && !subject.spaced => None, // the shell runs it
            b'$' if self.expression_end(start).is_some() => self.expression_end(start),
            b'$' if self.text.get(start + 1) == Some(&b'(') => self.substitution(start),
            b'"' if self.ends_the_string(subject, start, first) => None,
            b'$' if self.text.get(start + 1) == Some(&b'\'') && subject.kind == Kind::Equals => {
                self.value(subject, start + 1)
            }
            _ if first.is_quote() => Some(self.quoted(subject, start, first)),
            b'{' | b'[' => self.nested(subject, start),
            b'|' | b'>' if subject.kind == Kind::Colon && first.style == Style::Plain => {
                self.block(subject, start)
            }
            b'!' | b'&' if subject.kind == Kind::Colon && first.style == Style::Plain => {
                self.tagged(subject, start)
            }
            b'<' if self.template_end(start).is_some() => self.template_end(start),
            b'%' | b'<' if first.style == Style::Plain => {
                self.ruby(subject, start).or_else(|| self.bare(subject, start))
            }
            b'b' | b'r' | b'u' | b'f' | b'E' | b'N' | b'@' => {
                self.prefixed(subject, start).or_else(|| self.bare(subject, start))
            }
            _ => self.bare(subject, start),
        }
    }

    /// `password: String = "x"` of Rust, `a.password = b.password = 'x'`: the place of the quote behind a type
    /// or one more name.
    fn chained(&self, subject: &Subject, start: usize) -> Option<usize> {
        const LONGEST: usize = 64;
        let rest = self.text.get(start..).filter(|_| !subject.quoted)?;
        rest.first().filter(|b| b.is_ascii_alphabetic() || b"@&$".contains(b))?;
        let name = |b: &&u8| b.is_ascii_alphanumeric() || b"_.@&$<>".contains(b);
        let word = rest.iter().take(LONGEST).take_while(name).count();
        let equals = rest.get(word..word + 3)? == b" = ";
        let quote = spelled(self.text, start + word + 3).is_some_and(Spelled::is_quote);
        (equals && quote).then_some(start + word + 3)
    }

    /// `"message":"password:","id":1`: the quote behind the separator ends the string that the name stands in.
    fn ends_the_string(&mut self, subject: &Subject, start: usize, quote: Spelled) -> bool {
        let behind = start + quote.len;
        let next = self.text.get(behind).copied().unwrap_or(b'\n');
        let more = name::skip_blanks(self.text, behind);
        let inside = quote.style != Style::Plain || self.strings.is_surely_in(self.text, subject.name.start);
        let empty = spelled(self.text, behind)
            .is_some_and(|second| second.byte == b'"' && second.style == quote.style);
        !subject.quoted
            && inside
            && !empty
            && (matches!(next, b'}' | b']' | b'\n' | b'\r')
                || next == b','
                    && matches!(self.text.get(behind + 1), Some(b' ' | b'"' | b'\\' | b'{' | b'['))
                || quote.style == Style::Plain
                    && next == b' '
                    && self.text.get(more).is_some_and(|b| name::is_inside(*b)))
    }

    /// The line from here on, as far as an expression goes.
    fn expression(&self, start: usize) -> Option<&[u8]> {
        const LONGEST: usize = 512;
        self.text.get(start..self.line_end_before(start, start + LONGEST, false))
    }

    /// `<%= ENV['X'] %>` and nothing right behind it.
    fn template_end(&self, start: usize) -> Option<usize> {
        self.text.get(start..).filter(|rest| rest.starts_with(b"<%"))?;
        let line = self.expression(start)?;
        let end = start + memchr::memmem::find(line, b"%>")? + 2;
        let next = self.text.get(end).copied().unwrap_or(b'\n');
        (next.is_ascii_whitespace() || b"\"'\\,;\x1b".contains(&next)).then_some(end)
    }

    /// Up to the bracket, or to what follows it.
    fn rejected(&mut self, subject: &Subject, start: usize) -> Option<usize> {
        let line = self.expression(start)?;
        let end = start + memchr::memmem::find(line, b"];").or_else(|| memchr::memchr(b']', line))?;
        if subject.is_secret(self.text.get(start..end)?) {
            self.take(start..end, subject.rule, false, None);
        }
        Some(end)
    }

    /// `${{ secrets.X }}`
    fn expression_end(&self, start: usize) -> Option<usize> {
        self.text.get(start..).filter(|rest| rest.starts_with(b"${{"))?;
        let line = self.expression(start)?;
        let end = memchr::memmem::find(line, b"}}")?;
        none::is_expression(line.get(3..end)?).then_some(start + end + 2)
    }

    /// `$(cat /run/x)`
    fn substitution(&self, start: usize) -> Option<usize> {
        let line = self.expression(start)?;
        Some(start + memchr::memchr(b')', line)? + 1)
    }

    /// A value without quotes.
    pub(super) fn bare(&mut self, subject: &Subject, start: usize) -> Option<usize> {
        let string = self.inside(subject);
        let lead = self.lead(subject);
        let word = self.word_end(start, subject, string);
        let first = self.text.get(start..word)?;
        let line = lead.and_then(|lead| self.line_value(subject, lead, start, word, string));
        let end = line.unwrap_or(word);
        let value = self.text.get(start..end)?;
        let spaced = start > subject.behind;
        let talk = subject.kind == Kind::Colon && subject.style == Style::Plain && spaced;
        // `LoadCredential= and`, `PASS: the test`, `access token: acts as its user`: a sentence, not a pair.
        let empty = subject.kind == Kind::Equals && !subject.spaced && spaced;
        let sentence = empty && (lead.is_none() || first.contains(&b'=')) && !credible::is_no_word(first)
            || subject.kind == Kind::Colon && self.bytes(&subject.name) == b"PASS"
            || line.is_some() && prose::is_sentence_beside(value, subject.rule)
            || talk && subject.rule == "key" && prose::is_measure(value) // `RSA key: 4096 bit`
            || talk && self.goes_on_as_a_sentence(subject, start, string);
        if value.is_empty()
            || talk && self.is_next_field(subject, first)
            || sentence
            || none::is_no_value(first)
            || (talk && prose::is_talk(first))
            || !subject.is_secret(value)
        {
            return Some(start);
        }
        if self.is_a_name(subject, first, spaced) {
            return Some(start); // a name whose own value may follow
        }
        let number = prose::is_number(value) && !string && (subject.quoted || subject.spaced || spaced);
        let style_fits = matches!(subject.style, Style::Plain)
            && subject.name.quote.is_none_or(|q| q.style == Style::Plain);
        let until = if line.is_some() { Until::LineEnd } else { Until::WordEnd };
        self.take(start..end, subject.rule, number && style_fits, Some(until));
        match line {
            Some(_) => Some(self.continued(subject, end)),
            None => Some(end),
        }
    }

    /// More values on lines that are indented deeper, as INI has a list: each one word that is no word of a sentence.
    fn continued(&mut self, subject: &Subject, end: usize) -> usize {
        const MOST: usize = 16;
        const LONGEST: usize = 256;
        let Some(lead) = self.lead(subject).filter(|lead| !lead.stamped) else { return end };
        let mut at = end;
        for _ in 0..MOST {
            let line = self.line_end_before(at, at + LONGEST, false);
            let next = self.line_end_before(line + 1, line + 1 + LONGEST, false);
            let Some(text) = self.text.get(line + 1..next) else { break };
            let blanks = text.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
            let value = text[blanks..].trim_ascii_end();
            if blanks <= lead.indent || !credible::is_no_word(value) {
                break;
            }
            let from = line + 1 + blanks;
            self.take(from..from + value.len(), subject.rule, false, None);
            at = from + value.len();
        }
        at
    }

    /// Whether the name's place is inside a string of its line.
    pub(super) fn inside(&mut self, subject: &Subject) -> bool {
        let quote = subject.name.quote.filter(|_| subject.quoted);
        let at = subject.name.start - subject.name.dashes - quote.map_or(0, |quote| quote.len);
        let escaped = quote.is_some_and(|q| q.style != Style::Plain) || subject.style != Style::Plain;
        // Behind a line end that is written out, as in `b'GET / HTTP/1.1\r\nPRIVATE-TOKEN: x\r\n'` of Python.
        let line = self.text[..at].ends_with(b"\\n");
        self.strings.holds(self.text, at) || escaped || line
    }

    pub(super) fn lead(&self, subject: &Subject) -> Option<Lead> {
        if subject.bracket {
            return None;
        }
        let quote = if subject.quoted { subject.name.quote.map_or(0, |quote| quote.len) } else { 0 };
        place::lead(self.text, subject.name.start - quote, self.whole)
    }
}
