//! A value behind its separator: quoted, nested, or bare.

use super::{
    Hunt, credible,
    follow::{self, Kind, Subject},
    name,
    place::{self, Lead},
    prose,
    quotes::{self, Around, Closed, How},
    spelled::{Spelled, Style, spelled},
};
use crate::redact::{
    finder::Until,
    names::{self, Strength},
};

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

    /// `password=''x''`, in a string that stands in `'` itself.
    fn is_doubled(&self, subject: &Subject, start: usize) -> bool {
        let next = self.text.get(start + 2).copied().unwrap_or(b' ');
        subject.kind == Kind::Equals
            && self.text.get(start..start + 2) == Some(b"''")
            && next.is_ascii_graphic()
            && !b"',;)]}\"".contains(&next)
    }

    fn doubled(&mut self, subject: &Subject, start: usize) -> Option<usize> {
        let from = start + 2;
        let line = self.line_end(from, false);
        let end = from + memchr::memmem::find(self.text.get(from..line)?, b"''")?;
        if subject.is_secret(self.text.get(from..end)?) {
            self.take(from..end, subject.rule, false, None);
        }
        Some(end + 2)
    }

    /// `<%= ENV['X'] %>` and nothing right behind it.
    fn template_end(&self, start: usize) -> Option<usize> {
        self.text.get(start..).filter(|rest| rest.starts_with(b"<%"))?;
        let line = self.text.get(start..self.line_end(start, false))?;
        let end = start + memchr::memmem::find(line, b"%>")? + 2;
        let next = self.text.get(end).copied().unwrap_or(b'\n');
        (next.is_ascii_whitespace() || b"\"'\\,;\x1b".contains(&next)).then_some(end)
    }

    /// Up to the bracket, or to what follows it.
    fn rejected(&mut self, subject: &Subject, start: usize) -> Option<usize> {
        let line = self.text.get(start..self.line_end(start, false))?;
        let end = start + memchr::memmem::find(line, b"];").or_else(|| memchr::memchr(b']', line))?;
        if subject.is_secret(self.text.get(start..end)?) {
            self.take(start..end, subject.rule, false, None);
        }
        Some(end)
    }

    /// `${{ secrets.X }}`
    fn expression_end(&self, start: usize) -> Option<usize> {
        self.text.get(start..).filter(|rest| rest.starts_with(b"${{"))?;
        let line = self.text.get(start..self.line_end(start, false))?;
        Some(start + memchr::memmem::find(line, b"}}")? + 2)
    }

    /// `$(cat /run/x)`
    fn substitution(&self, start: usize) -> Option<usize> {
        let line = self.text.get(start..self.line_end(start, false))?;
        Some(start + memchr::memchr(b')', line)? + 1)
    }

    /// `"x"`, `\"x\"`, `%22x%22`, and strings that stand right behind it, as the shell and SQL join them.
    pub(super) fn quoted(&mut self, subject: &Subject, start: usize, open: Spelled) -> usize {
        let from = start + open.len;
        if matches!(open.style, Style::Plain | Style::Slashes(_)) && self.is_triple(start, open) {
            return self.triple(subject, start, open);
        }
        let string = open.style == Style::Plain && open.byte != b'"' && self.inside(subject);
        let mut closed = quotes::close(self.text, from, open, Around { string, lines: false });
        if closed.how == How::Line && open.style == Style::Plain && !string && self.lead(subject).is_some() {
            closed = quotes::close(self.text, from, open, Around { string, lines: true });
        }
        if self.is_identifier(open, closed) {
            return closed.after;
        }
        let value = self.text.get(from..closed.end).unwrap_or_default();
        if subject.is_secret(value) && !credible::is_complaint(value) {
            self.take(from..closed.end, subject.rule, false, until(open, closed));
        } else {
            // Not a secret as a whole; a name may stand in it.
            return from;
        }
        // `'it'\''s'`, `'it''s'`, `"a"'b'`
        let joins = open.style == Style::Plain
            && (open.byte == b'\'' || subject.kind == Kind::Equals && !subject.quoted);
        for _ in 0..64 {
            let at = closed.after;
            let Some(next) =
                spelled(self.text, at).filter(|s| joins && s.is_quote() && closed.how == How::Quote)
            else {
                break;
            };
            let escaped = next.style == Style::Slashes(1) && next.byte == b'\'' && !string;
            let at = if escaped { at + next.len } else { at };
            let Some(next) = spelled(self.text, at).filter(|s| s.is_quote() && s.style == Style::Plain)
            else {
                break;
            };
            if next.byte == b'"' && string {
                break;
            }
            let from = at + 1;
            closed = quotes::close(self.text, from, next, Around { string, lines: false });
            self.take(from..closed.end, subject.rule, false, until(next, closed));
        }
        closed.after
    }

    fn is_triple(&self, start: usize, open: Spelled) -> bool {
        open.byte != b'`'
            && (1..3).all(|nth| {
                spelled(self.text, start + nth * open.len).is_some_and(|quote| follow::same(open, quote))
            })
    }

    /// `"""x"""`, over lines, as Python and TOML have it.
    fn triple(&mut self, subject: &Subject, start: usize, open: Spelled) -> usize {
        const LONGEST: usize = 16 << 10;
        let mark = self.text.get(start..start + 3 * open.len).unwrap_or_default();
        let from = start + mark.len();
        let rest = self.text.get(from..(from + LONGEST).min(self.text.len())).unwrap_or_default();
        let Some(len) = memchr::memmem::find(rest, mark) else { return from };
        let blank = rest[..len].iter().take_while(|b| b.is_ascii_whitespace()).count();
        let value = rest[..len].trim_ascii();
        if subject.is_secret(value) {
            self.take(from + blank..from + blank + value.len(), subject.rule, false, None);
        }
        from + len + mark.len()
    }

    /// `"users"."token"`, `"abc"[0]`: a name in SQL, not a value.
    fn is_identifier(&self, open: Spelled, closed: Closed) -> bool {
        open.byte == b'"' && closed.how == How::Quote && {
            let rest = self.text.get(closed.after..).unwrap_or_default();
            rest.starts_with(b".\"") || rest.starts_with(b".\\\"") || rest.starts_with(b"::text)")
        }
    }

    /// `%q(x)`, `<<~EOS`.
    fn ruby(&mut self, subject: &Subject, start: usize) -> Option<usize> {
        let rest = self.text.get(start..)?;
        let letters = match rest {
            [b'%', b'q' | b'Q' | b'w' | b'W', ..] => 2,
            [b'%', b'(' | b'{' | b'[', ..] if subject.kind != Kind::Colon => 1,
            [b'<', b'<', ..] => return self.heredoc(subject, start),
            _ => return None,
        };
        let close = match rest.get(letters)? {
            b'(' => b')',
            b'[' => b']',
            b'{' => b'}',
            b'<' => b'>',
            sign @ (b'|' | b'!' | b'/' | b'^') => *sign,
            _ => return None,
        };
        let from = start + letters + 1;
        let string = self.strings.holds(self.text, start);
        let line = self.line_end(from, string);
        let open = self.text[from - 1];
        let rest = self.text.get(from..line)?;
        let end = from + closing(rest, open, close).or_else(|| memchr::memrchr(close, rest))?;
        if subject.is_secret(self.text.get(from..end)?) {
            self.take(from..end, subject.rule, false, None);
        }
        Some(end + 1)
    }

    /// The lines up to the one that holds only the word behind `<<~`.
    fn heredoc(&mut self, subject: &Subject, start: usize) -> Option<usize> {
        const LINES: usize = 128;
        const MOST_UNCLOSED: u32 = 64;
        if self.unclosed > MOST_UNCLOSED {
            return None;
        }
        let head = start + 2;
        let word_at =
            head + self.text.get(head..)?.iter().take(2).take_while(|b| b"~-'\"".contains(b)).count();
        let word: Vec<u8> =
            self.text.get(word_at..)?.iter().take(40).take_while(|b| name::is_inside(**b)).copied().collect();
        let first = self.line_end(word_at, false) + 1;
        let mut at = first;
        for _ in 0..LINES {
            let end = self.line_end(at, false);
            let line = self.text.get(at..end)?.trim_ascii();
            if line == word && !word.is_empty() {
                let value = self.text.get(first..at)?;
                let blank = value.iter().take_while(|b| b.is_ascii_whitespace()).count();
                let trimmed = value.trim_ascii();
                if subject.is_secret(trimmed) {
                    self.take(first + blank..first + blank + trimmed.len(), subject.rule, false, None);
                }
                return Some(end);
            }
            at = end + 1;
        }
        self.unclosed += 1;
        None
    }

    /// `b'x'`, `E'x'`, `@"x"`.
    fn prefixed(&mut self, subject: &Subject, start: usize) -> Option<usize> {
        let at =
            start + self.text.get(start..start + 2)?.iter().take_while(|b| b"brufEN@".contains(b)).count();
        let open = spelled(self.text, at).filter(|s| s.is_quote())?;
        Some(self.quoted(subject, at, open))
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
            || prose::is_no_value(first)
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

    /// `&{Username: Password: DB:0}`: nothing, and the next field of a struct.
    fn is_next_field(&self, subject: &Subject, first: &[u8]) -> bool {
        let named = |text: &[u8]| {
            let word = text.iter().take_while(|b| b.is_ascii_alphanumeric()).count();
            word > 1 && text[0].is_ascii_uppercase() && text.get(word) == Some(&b':')
        };
        let near = &self.text[subject.name.start.saturating_sub(400)..subject.name.start];
        let line = near.rsplit(|b| *b == b'\n').next().unwrap_or_default();
        named(first) && line.ends_with(b" ") && line.contains(&b'{')
    }

    /// Words up to the line's end, or a name and more words: `passwd: password expiry information changed`.
    fn goes_on_as_a_sentence(&self, subject: &Subject, start: usize, string: bool) -> bool {
        const NEAR: usize = 120;
        let near = self.text.get(start..self.text.len().min(start + NEAR)).unwrap_or_default();
        let end = match string {
            true => memchr::memchr3(b'\n', b'\\', b'"', near),
            false => memchr::memchr2(b'\n', b'\r', near),
        };
        let rest = &near[..end.unwrap_or(near.len())];
        let (first, more) = rest.split_at(memchr::memchr(b' ', rest).unwrap_or(rest.len()));
        let word = first.strip_suffix(b":").unwrap_or(first);
        let key = word.len() < first.len();
        let plain = |b: &u8| b.is_ascii_alphabetic() || key && *b == b'_';
        if more.is_empty() || !word.iter().all(plain) {
            return false;
        }
        // `secrets: User failures: 0`, `TOKEN: aud: x`
        if subject.strength == Strength::Many || word.len() < first.len() {
            return true;
        }
        let plain = |word: &[u8]| word.iter().all(|b| b.is_ascii_lowercase() || *b == b'.');
        let talks = || {
            let mut words = more.split(|b| *b == b' ').filter(|word| !word.is_empty());
            words.clone().count() >= 2 && words.all(plain)
        };
        prose::is_sentence_beside(rest, subject.rule) || plain(first) && talks() && names::is_sensitive(first)
    }

    /// `gitlab:password:reset`, `a.token = b.token`: a name of something else.
    fn is_a_name(&self, subject: &Subject, value: &[u8], spaced: bool) -> bool {
        if !spaced && subject.kind == Kind::Colon && !subject.quoted {
            return !self.fits_tight(subject, value);
        }
        let last = |name: &[u8]| name.iter().rposition(|b| *b == b'.').map_or(0, |dot| dot + 1);
        let own = self.bytes(&subject.name);
        last(value) > 0 && value[last(value)..].eq_ignore_ascii_case(&own[last(own)..])
    }

    /// Whether `token:x` without a blank is a pair: in a struct's or a map's output, or if `x` looks like a secret.
    fn fits_tight(&self, subject: &Subject, value: &[u8]) -> bool {
        let before = subject.name.start.checked_sub(1).and_then(|i| self.text.get(i));
        let before = before.copied().unwrap_or(b'\n');
        let called = self.text[..subject.name.start].iter().rev().nth(1).is_some_and(|b| name::is_inside(*b));
        match before {
            // `pam_unix(passwd:chauthtok)`
            b'(' if called => prose::looks_random(value),
            b'/' if self.text[..subject.name.start].ends_with(b" /") => prose::looks_random(value),
            b':' | b'/' | b'.' => false,
            b'{' | b'[' | b'(' => true,
            // `cmdstat_auth:calls=61,usec=9`
            _ => prose::looks_random(value) && !value.contains(&b':') && !credible::is_count(value),
        }
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

/// The bracket that closes `%q(x)`, if the statement ends behind it.
fn closing(rest: &[u8], open: u8, close: u8) -> Option<usize> {
    let mut depth = 0_usize;
    let at = rest.iter().position(|byte| {
        let closes = *byte == close && depth == 0;
        depth += usize::from(*byte == open && open != close);
        depth = depth.saturating_sub(usize::from(*byte == close));
        closes
    })?;
    let next = rest.get(at + 1).copied().unwrap_or(b'\n');
    (next.is_ascii_whitespace() || b",;)}].#\"\\\x1b".contains(&next)).then_some(at)
}

/// What a value without an end in the window goes on to.
fn until(open: Spelled, closed: Closed) -> Option<Until> {
    (closed.how == How::Window).then_some(match open.style {
        Style::Plain => Until::Quote(open.byte),
        Style::Percent(_) => Until::WordEnd,
        _ => Until::Quote(b'"'),
    })
}
