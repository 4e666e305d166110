//! Values on the lines below their key: YAML blocks, lists and maps, and what is indented under a name.

use super::{
    Hunt,
    follow::{Kind, Subject},
    name::{self, Name},
    quotes::{self, Around},
    spelled::{Style, spelled},
};
use crate::redact::{finder::Until, names};

/// How far lines below a key belong to it.
const REACH: usize = 32 << 10;

/// A line below a key.
#[derive(Debug, Clone, Copy)]
struct Line {
    /// Its first byte behind indentation.
    start: usize,
    end: usize,
    indent: usize,
}

impl Hunt<'_> {
    /// `|`, `>-`, `|2+`, and the lines that are indented more than their key.
    pub(super) fn block(&mut self, subject: &Subject, start: usize) -> Option<usize> {
        let marks = self
            .text
            .get(start + 1..)?
            .iter()
            .take(2)
            .take_while(|b| b.is_ascii_digit() || b"+-".contains(b))
            .count();
        let end = self.line_end(start, false);
        let rest = self.text.get(start + 1 + marks..end)?;
        let lead = self.lead(subject);
        let (Some(lead), true) =
            (lead, rest.is_empty() || rest.trim_ascii().is_empty() || rest.starts_with(b" #"))
        else {
            return self.bare(subject, start);
        };
        let first = self.line_below(end)?;
        let mut last = None;
        let mut line = Some(first);
        while let Some(here) =
            line.filter(|l| (l.start == l.end || l.indent > lead.indent) && l.end - first.start < REACH)
        {
            if here.start < here.end {
                last = Some(here.end);
            }
            line = self.line_below(here.end);
        }
        let range = first.start..last?;
        let value = self.text.get(range.clone())?.trim_ascii_end();
        if subject.is_secret(value) {
            self.take(range.start..range.start + value.len(), subject.rule, false, Some(Until::LineEnd));
        }
        Some(range.end)
    }

    /// The line that begins behind the line end at `end`.
    fn line_below(&self, end: usize) -> Option<Line> {
        let mut start = end + 1;
        if self.text.get(end..end + 2) == Some(b"\r\n") {
            start += 1;
        }
        if start >= self.text.len() {
            return None;
        }
        let line = self.line_end(start, false);
        let text = self.text.get(start..line)?;
        // A diff's mark counts as indentation.
        let mark = usize::from(matches!(text, [b'+' | b'-', b' ' | b'\t', b' ' | b'\t', ..]));
        let blanks = text[mark..].iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
        Some(Line { start: start + mark + blanks, end: line, indent: mark + blanks })
    }

    /// `? password` and, on the next line, `: x`, as YAML has a key that says so.
    pub(super) fn explicit(&mut self, name: &Name) -> Option<usize> {
        const INDENT: usize = 80;
        let open = name.start - name.quote.map_or(0, |quote| quote.len);
        let mark = self.text[..open].trim_ascii_end();
        let line = mark.strip_suffix(b"?").filter(|mark| mark.len() + 1 < open)?;
        let indent = line.iter().rev().take(INDENT).take_while(|b| b" -".contains(b)).count();
        if !matches!(line[..line.len() - indent].last(), None | Some(b'\n' | b'\r')) {
            return None;
        }
        let end = self.line_end(name.end, false);
        let value = self.line_below(end).filter(|line| self.text.get(line.start) == Some(&b':'))?;
        let mut subject = self.pair_of(name, false)?;
        subject.name = Name { start: value.start, end: value.start, dashes: 0, quote: None };
        subject.behind = value.start + 1;
        self.value(&subject, value.start + 1)?;
        Some(name.end)
    }

    /// `!!str x`, `&anchor x`, `!vault |`.
    pub(super) fn tagged(&mut self, subject: &Subject, start: usize) -> Option<usize> {
        const MOST: usize = 3;
        let mut at = start;
        for _ in 0..MOST {
            if !matches!(self.text.get(at), Some(b'!' | b'&')) {
                return self.value(subject, at);
            }
            let word = self
                .text
                .get(at..)?
                .iter()
                .take(64)
                .take_while(|b| b.is_ascii_graphic() && **b != b'"')
                .count();
            let next = name::skip_blanks(self.text, at + word);
            if next == at + word || matches!(self.text.get(next), None | Some(b'\n' | b'\r' | b'#')) {
                break;
            }
            at = next;
        }
        self.bare(subject, start)
    }

    /// A value on a line below its key. `at`: the end of the key's line.
    pub(super) fn below(&mut self, subject: &Subject, at: usize) -> Option<usize> {
        let plain = spelled(self.text, at).is_some_and(|s| s.style == Style::Plain);
        let next = self.skip_space(at);
        let first = spelled(self.text, next)?;
        let structure = first.is_quote() || matches!(first.byte, b'{' | b'[');
        if subject.quoted && (structure || first.byte.is_ascii_digit())
            || structure && subject.kind != Kind::Colon && !subject.bracket
        {
            return self.value(subject, next);
        }
        let Some(lead) = self.lead(subject) else {
            return self.announced_below(subject, at).filter(|_| plain && subject.kind == Kind::Colon);
        };
        if !plain || subject.kind != Kind::Colon {
            return None;
        }
        let line = self.line_below(at)?;
        let item = self.text.get(line.start..line.end)?.starts_with(b"- ");
        if line.start == line.end || line.indent < lead.indent || line.indent == lead.indent && !item {
            return None;
        }
        self.children(subject, lead.indent, line)
    }

    /// The leaves of a map or list below a sensitive key.
    fn children(&mut self, subject: &Subject, indent: usize, first: Line) -> Option<usize> {
        let mut line = Some(first);
        while let Some(here) = line.filter(|l| l.end - first.start < REACH) {
            let text = self.text.get(here.start..here.end)?;
            let item = text.starts_with(b"- ");
            if !text.is_empty() && (here.indent < indent || here.indent == indent && !item) {
                break;
            }
            if !text.is_empty() && !text.starts_with(b"#") {
                self.child(subject, here.start, here.end);
            }
            line = self.line_below(here.end);
        }
        Some(first.start)
    }

    fn child(&mut self, subject: &Subject, start: usize, end: usize) -> Option<()> {
        let mut at = start;
        while self.text.get(at..end)?.starts_with(b"- ") {
            at = name::skip_blanks(self.text, at + 2);
        }
        let text = self.text.get(at..end)?;
        let colon = text
            .windows(2)
            .position(|w| w == b": ")
            .filter(|at| text[..*at].iter().all(|b| name::is_inside(*b) || b"./\"' ".contains(b)));
        if let Some(colon) = colon {
            let key = &text[..colon];
            if names::talks_about(key) || names::is_sensitive(key) {
                return None; // the latter is found by its own name
            }
            at = name::skip_blanks(self.text, at + colon + 1);
        } else if text.ends_with(b":") {
            return None;
        }
        let open = spelled(self.text, at).filter(|s| s.is_quote());
        let (from, to) = match open {
            Some(open) => {
                (at + open.len, quotes::close(self.text, at + open.len, open, Around::default()).end)
            }
            None => (at, at + self.text.get(at..end)?.trim_ascii_end().len()),
        };
        let value = self.text.get(from..to)?;
        let structure = open.is_none() && value.first().is_some_and(|b| b"{[|>&*!".contains(b));
        if !structure && !self.is_listed(subject, value) && subject.is_secret(value) {
            self.take(from..to, subject.rule, false, None);
        }
        Some(())
    }
}
