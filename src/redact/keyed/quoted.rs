//! A value in quotes of whatever kind, and strings that stand right behind it.

use super::{
    Hunt, credible,
    follow::{self, Kind, Subject},
    quotes::{self, Around, Closed, How},
    spelled::{Spelled, Style, spelled},
};
use crate::redact::finder::Until;

impl Hunt<'_> {
    /// `password=''x''`, in a string that stands in `'` itself.
    pub(super) fn is_doubled(&self, subject: &Subject, start: usize) -> bool {
        let next = self.text.get(start + 2).copied().unwrap_or(b' ');
        subject.kind == Kind::Equals
            && self.text.get(start..start + 2) == Some(b"''")
            && next.is_ascii_graphic()
            && !b"',;)]}\"".contains(&next)
    }

    pub(super) fn doubled(&mut self, subject: &Subject, start: usize) -> Option<usize> {
        let from = start + 2;
        let line = self.line_end(from, false);
        let end = from + memchr::memmem::find(self.text.get(from..line)?, b"''")?;
        if subject.is_secret(self.text.get(from..end)?) {
            self.take(from..end, subject.rule, false, None);
        }
        Some(end + 2)
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
            // `token: 'x' => 'y'`
            if self
                .text
                .get(closed.after..)
                .is_some_and(|rest| rest.starts_with(b" => ") || rest.starts_with(b" to "))
                && let Some(end) = self.take_other(closed.end, subject.rule)
            {
                return end;
            }
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

    /// `b'x'`, `E'x'`, `@"x"`.
    pub(super) fn prefixed(&mut self, subject: &Subject, start: usize) -> Option<usize> {
        let at =
            start + self.text.get(start..start + 2)?.iter().take_while(|b| b"brufEN@".contains(b)).count();
        let open = spelled(self.text, at).filter(|s| s.is_quote())?;
        Some(self.quoted(subject, at, open))
    }
}

/// What a value without an end in the window goes on to.
fn until(open: Spelled, closed: Closed) -> Option<Until> {
    (closed.how == How::Window).then_some(match open.style {
        Style::Plain => Until::Quote(open.byte),
        Style::Percent(_) => Until::WordEnd,
        _ => Until::Quote(b'"'),
    })
}
