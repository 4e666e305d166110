//! Where a quoted value ends, and whether a place stands inside a string of its line.

use super::spelled::{Spelled, Style, run_of_slashes, spelled};

/// How far a quoted value may go on over line ends.
const LINES: usize = 16 << 10;

/// What ended a quoted value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// Its quote, or that of the string around it.
    Quote,
    /// The line's end.
    Line,
    /// Nothing in sight.
    Window,
}

/// A quoted value's end.
#[derive(Debug, Clone, Copy)]
pub(super) struct Closed {
    pub(super) end: usize,
    /// Behind the quote.
    pub(super) after: usize,
    pub(super) how: How,
}

/// Where it is and what may end it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Around {
    /// It stands inside a `"` string, which ends it at the latest.
    pub(super) string: bool,
    /// Line ends may stand in it.
    pub(super) lines: bool,
}

/// The end of the value that begins at `from`, behind `open`.
pub(super) fn close(text: &[u8], from: usize, open: Spelled, around: Around) -> Closed {
    match open.style {
        Style::Plain => slashed(text, from, open.byte, 0, around),
        Style::Slashes(run) => slashed(text, from, open.byte, run, around),
        _ => coded(text, from, open),
    }
}

/// A quote behind `run` backslashes. In a string in so many strings, `run + 1` backslashes stand for one
/// and a quote has `run` of its own; a quote with fewer is that of a string around it.
fn slashed(text: &[u8], from: usize, quote: u8, run: usize, around: Around) -> Closed {
    let (mut slashes, mut escaped, mut line) = (0, None, None);
    for (i, &byte) in text.iter().enumerate().skip(from) {
        if byte == b'\\' {
            slashes += 1;
            continue;
        }
        let before = std::mem::take(&mut slashes);
        if byte == quote || byte == b'"' {
            match meaning(byte == quote, before, run, around.string) {
                Meaning::Ends if line.is_some() && !ends_a_statement(text, i + 1) => break,
                Meaning::Ends => return Closed { end: i - run, after: i + 1, how: How::Quote },
                Meaning::EndsOuter => return Closed { end: i - before, after: i - before, how: How::Quote },
                Meaning::Escaped if line.is_none() && run == 0 => escaped = escaped.or(Some(i)),
                Meaning::Escaped | Meaning::Inside => {}
            }
        }
        if matches!(byte, b'\n' | b'\r') {
            line = line.or(Some(i));
            let ended = escaped.is_some_and(|quote| quote + 1 == i);
            if ended || !around.lines || i - from > LINES {
                break;
            }
        }
    }
    // `'C:\'` and a string cut off behind `\"`: better the quote that looked escaped than none.
    match (escaped, line) {
        (Some(end), _) => Closed { end, after: end + 1, how: How::Quote },
        (None, Some(_)) => at_line(line, from),
        (None, None) => Closed { end: text.len(), after: text.len(), how: How::Window },
    }
}

/// What a quote behind `before` backslashes is for a value whose own quote has `run` of them.
enum Meaning {
    Ends,
    EndsOuter,
    Escaped,
    Inside,
}

fn meaning(own: bool, before: usize, run: usize, in_string: bool) -> Meaning {
    let outer = if own { before < run } else { before == 0 && (run > 0 || in_string) };
    if outer {
        Meaning::EndsOuter
    } else if !own {
        Meaning::Inside
    } else if ((before + 1) / (run + 1) - 1).is_multiple_of(2) {
        Meaning::Ends
    } else {
        Meaning::Escaped
    }
}

fn at_line(line: Option<usize>, from: usize) -> Closed {
    let end = line.unwrap_or(from);
    Closed { end, after: end, how: How::Line }
}

fn ends_a_statement(text: &[u8], at: usize) -> bool {
    text.get(at)
        .is_none_or(|b| matches!(b, b'\n' | b'\r' | b',' | b';' | b')' | b']' | b'}' | b' ' | b'\t' | b'.'))
}

/// `%22`, `\u0022`, `&quot;`: ended by the same spelling, or by what can't stand in such a text.
fn coded(text: &[u8], from: usize, open: Spelled) -> Closed {
    let mut at = from;
    while let Some(here) = spelled(text, at) {
        if here.style == open.style {
            if here.byte == open.byte {
                return Closed { end: at, after: at + here.len, how: How::Quote };
            }
            if here.byte == b'\\' {
                at += here.len + spelled(text, at + here.len).map_or(0, |next| next.len);
                continue;
            }
        }
        let ends = match here.style {
            Style::Plain => {
                matches!(here.byte, b'\n' | b'\r' | b'"')
                    || matches!(open.style, Style::Percent(_)) && matches!(here.byte, b' ' | b'\t' | b'&')
                    || open.style == Style::Entity && matches!(here.byte, b'<' | b'>')
            }
            Style::Slashes(_) => here.byte == b'"',
            _ => false,
        };
        if ends {
            return Closed { end: at, after: at, how: How::Line };
        }
        at += here.len;
    }
    Closed { end: text.len(), after: text.len(), how: How::Window }
}

/// Whether places of a text stand inside a `"` string of their line. Asked from left to right, it looks
/// at each byte once.
#[derive(Debug)]
pub(super) struct Strings {
    seen: usize,
    inside: bool,
    /// In a line that began before the text it can't be told: taken as inside, the safer answer.
    unknown: bool,
}

impl Strings {
    pub(super) fn new(from: usize, at_line_start: bool) -> Self {
        Self { seen: from, inside: false, unknown: !at_line_start }
    }

    /// As `holds`, where the line's begin is in sight.
    pub(super) fn is_surely_in(&mut self, text: &[u8], at: usize) -> bool {
        self.holds(text, at) && !self.unknown
    }

    pub(super) fn holds(&mut self, text: &[u8], at: usize) -> bool {
        if at > self.seen {
            let part = text.get(self.seen..at).unwrap_or_default();
            let from = match memchr::memrchr2(b'\n', b'\r', part) {
                Some(line) => {
                    (self.inside, self.unknown) = (false, false);
                    self.seen + line + 1
                }
                None => self.seen,
            };
            self.seen = self.seen.max(self.count(text, from, at));
        }
        self.inside || self.unknown
    }

    /// Answers how far it looked: an escaped byte may stand behind `to`.
    fn count(&mut self, text: &[u8], from: usize, to: usize) -> usize {
        let mut at = from;
        while at < to {
            let Some(found) = memchr::memchr2(b'"', b'\\', text.get(at..to).unwrap_or_default()) else {
                return to;
            };
            at += found;
            if text.get(at) == Some(&b'"') {
                self.inside = !self.inside;
                at += 1;
            } else {
                let run = run_of_slashes(text, at);
                at += run + usize::from(run % 2 == 1);
            }
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, around: Around) -> &str {
        let open = spelled(text.as_bytes(), 0).unwrap();
        let closed = close(text.as_bytes(), open.len, open, around);
        &text[open.len..closed.end]
    }

    #[test]
    fn the_end_of_a_quoted_value() {
        let string = Around { string: true, lines: false };
        for (text, around, expected) in [
            (r#""a b" c""#, Around::default(), "a b"),
            (r#""a\"b" c"#, Around::default(), r#"a\"b"#),
            (r#""a\\" c""#, Around::default(), r"a\\"),
            (r#""a\" c"#, Around::default(), r"a\"),
            (r"'C:\' c", Around::default(), r"C:\"),
            (r#"\"a\" c""#, string, "a"),
            (r#"\"a\\\"b\" c""#, string, r#"a\\\"b"#),
            (r#"\"a\\\\\" c\""#, string, r"a\\\\"),
            (r#"\"a", c""#, string, "a"),
            (r#"\\\"a\\\" c\""#, string, "a"),
            (r#"\\\"a\" c\""#, string, "a"),
            (r#"'a", c'"#, string, "a"),
            (r#"'a"b' c"#, Around::default(), r#"a"b"#),
            ("\"a\nb\" c", Around::default(), "a"),
            ("\"a\nb\"\n", Around { string: false, lines: true }, "a\nb"),
            ("\"a\nb\"c\n", Around { string: false, lines: true }, "a"),
            ("%22a%20b%22,", Around::default(), "a%20b"),
            ("%22a%5C%22b%22,", Around::default(), "a%5C%22b"),
            (r#"\u0022a\u0022 c"#, Around::default(), "a"),
            ("&quot;a b&quot;&quot;", Around::default(), "a b"),
        ] {
            assert_eq!(value(text, around), expected, "{text}");
        }
    }

    #[test]
    fn inside_a_string_of_the_line() {
        let text = br#"{"a":"b\"c d","e":1}
"x" y"#;
        let mut strings = Strings::new(0, true);
        let expected =
            [(1, false), (2, true), (4, false), (10, true), (15, true), (17, false), (22, true), (25, false)];
        for (at, inside) in expected {
            assert_eq!(strings.holds(text, at), inside, "{at} {}", text[at] as char);
        }
        assert!(Strings::new(0, false).holds(b"abc", 1));
    }
}
