//! Base64 texts: how far the one reaches in which a value was found, on its line and over the lines
//! that it is wrapped to. Knows no value.

use std::ops::Range;

/// Fewest characters of a line that another continues. Programs wrap at 60, 64 or 76.
const WRAPPED: usize = 16;

fn is_char(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'-' | b'_')
}

/// The length of `%2B`, `%2F` or `%3D` where it stands here: a character of base64 in a query string, or
/// in a URL within it (`%252B`).
fn percent(text: &[u8]) -> Option<usize> {
    let code = text.strip_prefix(b"%")?;
    let twice = code.starts_with(b"25");
    match code.get(if twice { 2..4 } else { 0..2 })? {
        [b'2', b'B' | b'b' | b'F' | b'f'] | [b'3', b'D' | b'd'] => Some(if twice { 5 } else { 3 }),
        _ => None,
    }
}

fn is_padding(text: &[u8]) -> bool {
    percent(text).is_some_and(|length| matches!(text.get(length - 1), Some(b'D' | b'd')))
}

/// The end of the base64 text that goes on at `at`, its padding included.
pub(super) fn end(text: &[u8], mut at: usize) -> usize {
    let mut padding = 0;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        at += match rest {
            [byte, ..] if is_char(*byte) && padding == 0 => 1,
            [b'\\', b'/', ..] if padding == 0 => 2,
            [b'=', ..] if padding < 2 => {
                padding += 1;
                1
            }
            [b'%', ..] if padding < 2 && is_padding(rest) => {
                padding += 1;
                percent(rest).unwrap_or(1)
            }
            [b'%', ..] if padding == 0 && percent(rest).is_some() => percent(rest).unwrap_or(1),
            _ => return at,
        };
    }
}

/// The start of the base64 text that reaches up to `at`, not before `least`.
pub(super) fn start(text: &[u8], at: usize, least: usize) -> usize {
    let mut start = at;
    while let Some(previous) = start.checked_sub(1).filter(|previous| *previous >= least) {
        if is_char(text[previous]) {
            // Part of an escape of the text around, perhaps of several characters.
            if text[previous] == b'/' && stops_at(text, previous, least, start == at) {
                break;
            }
            start = previous;
        } else if (text[previous] == b'%' && is_inside(&text[previous..]))
            || (text[previous] == b'\\' && text.get(start) == Some(&b'/') && start < at)
        {
            start = previous;
        } else {
            break;
        }
    }
    behind_escape(text, start, at)
}

/// Whether a `+` or `/` stands here in percent: padding ends a text, and so begins none.
fn is_inside(text: &[u8]) -> bool {
    percent(text).is_some() && !is_padding(text)
}

/// Whether a slash divides a path from the base64 text behind it: the word before it is all lower case.
/// The slash beside the value itself holds bits of it.
fn stops_at(text: &[u8], slash: usize, least: usize, beside: bool) -> bool {
    let before = &text[least.min(slash)..slash];
    let word = before.iter().rev().take(40).take_while(|byte| is_char(**byte) && **byte != b'/');
    !beside && word.clone().count() > 0 && word.clone().all(|byte| !byte.is_ascii_uppercase())
}

/// `\nTWFu`, `\u003dTWFu`, `%3ATWFu`: what belongs to an escape stays, or the text around would break.
fn behind_escape(text: &[u8], start: usize, most: usize) -> usize {
    let before = &text[..start];
    let backslashes = before.iter().rev().take_while(|byte| **byte == b'\\').count();
    let length = match text.get(start) {
        Some(b'/') if backslashes > 0 => 0,
        Some(b'u') if backslashes % 2 == 1 => 5,
        Some(_) if backslashes % 2 == 1 => 1,
        Some(_) if before.ends_with(b"%") => 2,
        _ => 0,
    };
    (start + length).min(most)
}

/// A base64 text over several lines.
#[derive(Debug, Default)]
pub(super) struct Wrapped {
    /// Its characters without what stands between the lines.
    pub(super) joined: Vec<u8>,
    /// Where each line's characters begin in `joined`, and where they stand in the text.
    lines: Vec<(usize, Range<usize>)>,
}

impl Wrapped {
    /// All of it.
    pub(super) fn range(&self) -> Range<usize> {
        let first = self.lines.first().map_or(0, |(_, line)| line.start);
        first..self.lines.last().map_or(first, |(_, line)| line.end)
    }

    /// Where a part of `joined` stands.
    pub(super) fn place(&self, part: Range<usize>) -> Option<Range<usize>> {
        let line = |at: usize| {
            let i = self.lines.partition_point(|(begins, _)| *begins <= at).checked_sub(1)?;
            let (begins, line) = self.lines.get(i)?;
            Some(line.start + (at - begins))
        };
        Some(line(part.start)?..line(part.end.checked_sub(1)?)? + 1)
    }

    fn push(&mut self, text: &[u8], line: Range<usize>) {
        self.lines.push((self.joined.len(), line.clone()));
        self.joined.extend_from_slice(&text[line]);
    }
}

impl Drop for Wrapped {
    fn drop(&mut self) {
        zeroize::Zeroize::zeroize(&mut self.joined);
    }
}

/// Calls `found` for every base64 text that is wrapped within `own`, as far as it reaches in `text`.
pub(super) fn each_wrapped(text: &[u8], own: Range<usize>, mut found: impl FnMut(&Wrapped)) {
    let mut at = own.start;
    let mut wrapped = Wrapped::default();
    while let Some(offset) = memchr::memchr3(b'\n', b'\r', b'\\', &text[at..own.end]) {
        let place = at + offset;
        at = place + 1;
        if place == 0 || !is_char(text[place - 1]) || line_break(text, place).is_none() {
            continue;
        }
        let line = plain_start(text, place, own.start)..place;
        if line.len() < WRAPPED && !reaches_back(text, line.start) {
            continue;
        }
        wrapped.joined.clear();
        wrapped.lines.clear();
        wrapped.push(text, line);
        let mut end = place;
        while let Some(next) = line_break(text, end).and_then(|start| continuing(text, start)) {
            end = next.end;
            wrapped.push(text, next);
        }
        if wrapped.lines.len() > 1 {
            found(&wrapped);
            at = at.max(end.min(own.end));
        }
    }
}

/// Where the characters before `at` begin.
fn plain_start(text: &[u8], at: usize, least: usize) -> usize {
    let before = &text[least..at];
    let start = at - before.iter().rev().take_while(|byte| is_char(**byte)).count();
    behind_escape(text, start, at)
}

/// Whether a line that a block's border cuts is long enough on the other side.
fn reaches_back(text: &[u8], start: usize) -> bool {
    let before = &text[..start];
    before.len() >= WRAPPED && before[before.len() - WRAPPED..].iter().all(|byte| is_char(*byte))
}

/// The characters of the line that continues a wrapped text: nothing but them, up to the line's end
/// or the end of the string that it stands in.
fn continuing(text: &[u8], start: usize) -> Option<Range<usize>> {
    let length = text[start..].iter().take_while(|byte| is_char(**byte)).count();
    let padding = text[start + length..].iter().take(2).take_while(|byte| **byte == b'=').count();
    let end = start + length + padding;
    let ends = match text.get(end) {
        None => true,
        Some(byte) => {
            matches!(byte, b'\n' | b'\r' | b'"' | b'\'' | b'\\' | b'<' | b',' | b';' | b')' | b']' | b'}')
        }
    };
    (length > 0 && ends).then_some(start..end)
}

/// Where the next line's characters begin, if a line ends at `at`: `\n`, `\r\n`, the same escaped once
/// or twice, and indentation.
fn line_break(text: &[u8], at: usize) -> Option<usize> {
    let mut rest = text.get(at..)?;
    let mut any = false;
    for letter in [(b'\r', b'r'), (b'\n', b'n')] {
        if let Some(behind) = rest.strip_prefix(&[letter.0]) {
            (rest, any) = (behind, true);
            continue;
        }
        let backslashes = rest.iter().take(4).take_while(|byte| **byte == b'\\').count();
        if backslashes > 0 && rest.get(backslashes) == Some(&letter.1) {
            (rest, any) = (&rest[backslashes + 1..], true);
        }
    }
    let indentation = rest.iter().take(80).take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    any.then(|| text.len() - rest.len() + indentation)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(text: &str, value: &str) -> String {
        let at = text.find(value).unwrap();
        let bytes = text.as_bytes();
        text[start(bytes, at, 0)..end(bytes, at + value.len())].to_owned()
    }

    #[test]
    fn a_run_reaches_as_far_as_its_characters() {
        assert_eq!(run("a: QUJDVALUExyz== b", "VALUE"), "QUJDVALUExyz==");
        assert_eq!(run("?t=QUJD%2BVALUE%2Fxyz%3D%3D&b", "VALUE"), "QUJD%2BVALUE%2Fxyz%3D%3D");
        assert_eq!(run(r#""QU\/JDVALUE\/xyz=""#, "VALUE"), r"QU\/JDVALUE\/xyz=");
        assert_eq!(run("/api/v4/QUJD/xVALUE", "VALUE"), "QUJD/xVALUE");
        assert_eq!(run("eyJ.QUJDVALUE.xyz", "VALUE"), "QUJDVALUE");
    }

    #[test]
    fn escapes_before_a_run_stay_whole() {
        assert_eq!(run(r#""a\nQUJDVALUE""#, "VALUE"), "QUJDVALUE");
        assert_eq!(run(r#""a\u003dQUJDVALUE""#, "VALUE"), "QUJDVALUE");
        assert_eq!(run("a%3AQUJDVALUE", "VALUE"), "QUJDVALUE");
        assert_eq!(run(r#""a\nVALUE""#, "VALUE"), "VALUE");
    }

    fn joined(text: &str) -> Vec<String> {
        let mut all = Vec::new();
        each_wrapped(text.as_bytes(), 0..text.len(), |wrapped| {
            let whole = wrapped.place(0..wrapped.joined.len());
            assert_eq!(whole, Some(wrapped.range()));
            all.push(String::from_utf8(wrapped.joined.clone()).unwrap());
        });
        all
    }

    #[test]
    fn wrapped_lines_are_joined_however_they_end() {
        for end in ["\n", "\r\n", "\r", "\n    ", "\\n", "\\r\\n", "\\\\n"] {
            let text = format!("\"key: ABCDEFGHIJKLMNOPQRSTUVWX{end}abcdefghijklmnopqrstuvwx{end}yz==\" b");
            assert_eq!(joined(&text), ["ABCDEFGHIJKLMNOPQRSTUVWXabcdefghijklmnopqrstuvwxyz=="], "{end:?}");
        }
    }

    #[test]
    fn other_lines_are_not() {
        assert!(joined("short\nshort\n").is_empty());
        assert!(joined("/a/b/ABCDEFGHIJKLMNOPQRSTUVWX\n2024-06-07T00:00:00 a line\n").is_empty());
        assert!(joined("{\"a\":\"ABCDEFGHIJKLMNOPQRSTUVWX\"}\n{\"a\":1}\n").is_empty());
    }
}
