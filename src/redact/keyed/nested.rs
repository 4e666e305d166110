//! Objects, hashes and lists below a sensitive name: every scalar leaf goes, but for those whose own key
//! says that they are about the secret (`id`, `scopes`). JSON, Ruby's and Python's inspect output, Go's maps.

use super::{
    Hunt, credible,
    follow::{Kind, Subject},
    name, none, prose,
    quotes::{self, Around},
    spelled::{Style, spelled},
};
use crate::redact::{finder::Until, names};
use std::ops::Range;

/// A mask or a reference in brackets is shorter.
const LONGEST_MASK: usize = 200;

/// How far a nested value is walked.
const REACH: usize = 32 << 10;

impl Hunt<'_> {
    /// The nested value that opens at `start`. The search goes on inside: other names may stand there.
    pub(super) fn nested(&mut self, subject: &Subject, start: usize) -> Option<usize> {
        let string = self.inside(subject);
        let word = self.word_end_before(start, (start + LONGEST_MASK).min(self.text.len()), subject, string);
        let rest = self.text.get(start..)?;
        if none::is_no_value(self.text.get(start..word)?) {
            return Some(word);
        }
        if rest.starts_with(b"{{") && !subject.quoted {
            let line = self.line_end_before(start, start + LONGEST_MASK, string);
            let end = start + memchr::memmem::find(self.text.get(start..line)?, b"}}")? + 2;
            return Some(end);
        }
        if !self.opens_a_structure(subject, start) {
            return self.bare(subject, start);
        }
        if start < self.walked {
            return Some(start);
        }
        self.walked = self.walk(subject, start, string);
        Some(start)
    }

    /// The quote of `string(9) "x"`, as PHP dumps a value, and of `(string) (len=9) "x"`, as Go's spew does.
    pub(super) fn dumped(&self, start: usize) -> Option<usize> {
        if self.text.get(start..)?.starts_with(b"(string) ") {
            let rest = self.text.get(start + 9..)?;
            let length = rest
                .strip_prefix(b"(len=")
                .and_then(|rest| memchr::memmem::find(&rest[..rest.len().min(12)], b") "));
            let quote = start + 9 + length.map_or(0, |length| b"(len=".len() + length + 2);
            return self.text.get(quote).filter(|b| matches!(b, b'"' | b'\\')).map(|_| quote);
        }
        let rest = self.text.get(start..)?.strip_prefix(b"string(")?;
        let digits = rest.iter().take(9).take_while(|b| b.is_ascii_digit()).count();
        let behind = rest.get(digits..)?.strip_prefix(b") ").filter(|_| digits > 0)?;
        let quote = start + b"string() ".len() + digits;
        behind.first().filter(|b| matches!(b, b'"' | b'\\')).map(|_| quote)
    }

    /// `["x"`, `{a: 1`, `{"a"=>1`, `[[`; not `[FILTERED]x` and `{x`.
    fn opens_a_structure(&self, subject: &Subject, start: usize) -> bool {
        if subject.quoted || subject.kind == Kind::Rocket {
            return true;
        }
        let first = self.skip_space(start + 1);
        let Some(next) = spelled(self.text, first) else { return false };
        if next.is_quote() || matches!(next.byte, b'{' | b'[' | b':') {
            return true;
        }
        let end = name::end(self.text, first).unwrap_or(first);
        // Go prints a map as `map[Private-Token:[x]]`.
        let tight = subject.kind == Kind::Colon && subject.behind == start && self.text[start] == b'[';
        if tight
            && self.text.get(end) == Some(&b']')
            && self.text.get(end + 1).is_some_and(|b| b" ]}".contains(b))
        {
            return true;
        }
        let behind = self.text.get(end).copied().unwrap_or(0);
        end > first
            && (behind == b':' && self.text[start] == b'{'
                || behind == b' ' && self.text[start] == b'['
                || self.text.get(end..end + 2) == Some(b"=>"))
            || end > first && self.text[start] == b'[' && matches!(behind, b',')
            || first > start + 1 && end > first
    }

    /// White space, line ends too, as they are or written out; at most 1 KiB.
    pub(super) fn skip_space(&self, at: usize) -> usize {
        let stop = at + 1024;
        let mut at = at;
        while at < stop {
            match spelled(self.text, at) {
                Some(here) if here.byte.is_ascii_whitespace() && here.style != Style::Entity => {
                    at += here.len
                }
                _ => break,
            }
        }
        at.min(self.text.len())
    }

    /// Answers where it ended.
    fn walk(&mut self, subject: &Subject, start: usize, string: bool) -> usize {
        let stop = (start + REACH).min(self.text.len());
        let (mut at, mut depth, mut key) = (start, 0_usize, 0..0);
        while at < stop {
            let Some(here) = spelled(self.text, at) else { break };
            match here.byte {
                b'(' if !subject.quoted && here.style == Style::Plain => return at,
                b'{' | b'[' | b'(' => depth += 1,
                b'}' | b']' | b')' => {
                    depth = depth.saturating_sub(1);
                    key = 0..0;
                    if depth == 0 {
                        return at + here.len;
                    }
                }
                b'"' if string && here.style == Style::Plain => return at,
                b',' | b':' | b'=' | b'>' | b'\n' | b'\r' | b' ' | b'\t' => {}
                _ => {
                    at = self.leaf_or_key(subject, at, string, &mut key);
                    continue;
                }
            }
            at += here.len;
        }
        at
    }

    fn leaf_or_key(&mut self, subject: &Subject, at: usize, string: bool, key: &mut Range<usize>) -> usize {
        let Some(here) = spelled(self.text, at) else { return at + 1 };
        let (range, after, until) = if here.is_quote() {
            let closed = quotes::close(self.text, at + here.len, here, Around { string, lines: false });
            (at + here.len..closed.end, closed.after, Until::Quote(b'"'))
        } else {
            let end = self.bare_leaf(at);
            (at..end, end, Until::WordEnd)
        };
        let after = after.max(at + 1);
        let next = spelled(self.text, self.skip_space(after)).map(|s| s.byte);
        let value = self.text.get(range.clone()).unwrap_or_default();
        if matches!(next, Some(b':' | b'=')) && self.text.get(after..after + 2) != Some(b"::") {
            *key = range;
        } else {
            let name = self.text.get(key.clone()).unwrap_or_default();
            let kept =
                names::talks_about(name) && !names::is_of_a_feature(name) && names::strength(name).is_none();
            let sure = here.is_quote() || self.holds_values(subject) || prose::is_number(value);
            let said = credible::is_complaint(value);
            let listed = name.is_empty() && self.is_listed(subject, value);
            if !kept && !said && !listed && (sure || prose::looks_random(value)) && subject.is_secret(value) {
                let plain = subject.name.quote.is_none_or(|q| q.style == Style::Plain);
                let number = !here.is_quote() && plain && !string;
                self.take(range, subject.rule, number, Some(until));
            }
        }
        after
    }

    /// `secrets: [db_password]`, as Compose says which of its secrets a service gets.
    pub(super) fn is_listed(&self, subject: &Subject, value: &[u8]) -> bool {
        self.bytes(&subject.name).eq_ignore_ascii_case(b"secrets") && prose::is_called_as_a_secret(value)
    }

    /// Whether what is bare below a name can only be a value: in JSON, YAML, Go's maps. Elsewhere it may as
    /// well be code.
    fn holds_values(&self, subject: &Subject) -> bool {
        let go = self.text.get(subject.behind) == Some(&b'[');
        subject.quoted || subject.kind == Kind::Colon && (go || self.lead(subject).is_some())
    }

    fn bare_leaf(&self, at: usize) -> usize {
        let mut end = at;
        while let Some(here) = spelled(self.text, end) {
            let sign = here.byte.is_ascii_whitespace() || b",:}])\"".contains(&here.byte);
            if sign || here.byte == b'=' && self.text.get(end + 1) == Some(&b'>') {
                break;
            }
            end += here.len;
        }
        end
    }
}
