//! One byte of syntax, however it is written: `"`, `\"`, `\\\"`, `\u0022`, `\x22`, `%22`, `%2522`, `&quot;`.
//! Knows no grammar.

/// How a byte of syntax is written. What closes a quote is written as what opened it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// As itself.
    Plain,
    /// Behind so many backslashes: inside a string, or a string in a string.
    Slashes(usize),
    /// `\u0022` and `\x22` behind so many backslashes.
    Coded(usize),
    /// `%22`, with so many `25` in between.
    Percent(usize),
    /// `&quot;`.
    Entity,
}

/// A byte of syntax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Spelled {
    /// What it means.
    pub(super) byte: u8,
    /// Bytes that it takes.
    pub(super) len: usize,
    pub(super) style: Style,
}

impl Spelled {
    pub(super) fn is_quote(self) -> bool {
        matches!(self.byte, b'"' | b'\'' | b'`')
    }
}

/// Most backslashes in a row that still count as an escape: five strings in one another.
const MOST_SLASHES: usize = 31;

/// Nothing only behind the text's end.
#[inline]
pub(super) fn spelled(text: &[u8], at: usize) -> Option<Spelled> {
    let byte = *text.get(at)?;
    let plain = Spelled { byte, len: 1, style: Style::Plain };
    Some(if matches!(byte, b'\\' | b'%' | b'&') { escaped(text, at).unwrap_or(plain) } else { plain })
}

fn escaped(text: &[u8], at: usize) -> Option<Spelled> {
    match text.get(at)? {
        b'\\' => slashes(text, at),
        b'%' => percent(text, at),
        _ => entity(text, at),
    }
}

/// Backslashes from here on, at most one more than count as an escape.
pub(super) fn run_of_slashes(text: &[u8], at: usize) -> usize {
    text.get(at..).unwrap_or_default().iter().take(MOST_SLASHES + 1).take_while(|b| **b == b'\\').count()
}

fn slashes(text: &[u8], at: usize) -> Option<Spelled> {
    let run = run_of_slashes(text, at);
    let then = at + run;
    let (byte, len, style) = match *text.get(then)? {
        quote @ (b'"' | b'\'' | b'`' | b'/' | b'&' | b'=') => (quote, run + 1, Style::Slashes(run)),
        b'n' => (b'\n', run + 1, Style::Slashes(run)),
        b'r' => (b'\r', run + 1, Style::Slashes(run)),
        b't' => (b'\t', run + 1, Style::Slashes(run)),
        b'u' if text.get(then + 1..then + 3) == Some(b"00") => {
            (hex(text, then + 3)?, run + 5, Style::Coded(run))
        }
        b'x' => (hex(text, then + 1)?, run + 3, Style::Coded(run)),
        _ => return None,
    };
    (run <= MOST_SLASHES).then_some(Spelled { byte, len, style })
}

fn percent(text: &[u8], at: usize) -> Option<Spelled> {
    let mut again = 0;
    while again < 4 && text.get(at + 1 + 2 * again..at + 3 + 2 * again) == Some(b"25") {
        again += 1;
    }
    let byte = hex(text, at + 1 + 2 * again)?;
    let syntax = byte.is_ascii_punctuation() || byte.is_ascii_whitespace();
    syntax.then_some(Spelled { byte, len: 3 + 2 * again, style: Style::Percent(again) })
}

fn entity(text: &[u8], at: usize) -> Option<Spelled> {
    const ENTITIES: &[(&[u8], u8)] = &[
        (b"&quot;", b'"'),
        (b"&#34;", b'"'),
        (b"&#x22;", b'"'),
        (b"&apos;", b'\''),
        (b"&#39;", b'\''),
        (b"&#x27;", b'\''),
        (b"&lt;", b'<'),
        (b"&gt;", b'>'),
        (b"&amp;", b'&'),
        (b"&#61;", b'='),
    ];
    let rest = text.get(at..)?;
    ENTITIES.iter().find(|(entity, _)| rest.starts_with(entity)).map(|(entity, byte)| Spelled {
        byte: *byte,
        len: entity.len(),
        style: Style::Entity,
    })
}

fn hex(text: &[u8], at: usize) -> Option<u8> {
    let digit = |i| text.get(i).and_then(|b: &u8| char::from(*b).to_digit(16));
    u8::try_from(digit(at)? * 16 + digit(at + 1)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_quote_in_every_spelling() {
        for (text, style) in [
            ("\"", Style::Plain),
            ("\\\"", Style::Slashes(1)),
            ("\\\\\\\"", Style::Slashes(3)),
            ("\\u0022", Style::Coded(1)),
            ("\\x22", Style::Coded(1)),
            ("%22", Style::Percent(0)),
            ("%2522", Style::Percent(1)),
            ("&quot;", Style::Entity),
        ] {
            let expected = Spelled { byte: b'"', len: text.len(), style };
            assert_eq!(spelled(text.as_bytes(), 0), Some(expected), "{text}");
        }
    }

    #[test]
    fn a_byte_that_spells_nothing_is_itself() {
        for text in ["\\", "\\d", "%", "%zz", "%41", "&", "&nbsp", "\\u12", "a"] {
            let plain = Spelled { byte: text.as_bytes()[0], len: 1, style: Style::Plain };
            assert_eq!(spelled(text.as_bytes(), 0), Some(plain), "{text}");
        }
        assert_eq!(spelled(b"", 0), None);
    }
}
