//! The shapes of Ruby's string literals: quotes, `%` literals, heredoc heads, escapes.
//!
//! Pure functions for the lexer; none of them looks beyond the literal it is given.

use super::lex::{Lexer, MOST_MISSES, Part, Token};

/// What ends a string, and what is resolved inside it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Quote {
    /// `'` or `%q` with its delimiters.
    Single(u8, u8),
    /// `"` or `%Q` with its delimiters.
    Double(u8, u8),
    /// A heredoc's body: its end is the text's.
    TextEnd,
}

impl Quote {
    pub(super) fn of(quote: u8) -> Self {
        if quote == b'\'' { Self::Single(quote, quote) } else { Self::Double(quote, quote) }
    }

    pub(super) fn interpolates(self) -> bool {
        !matches!(self, Self::Single(..))
    }

    pub(super) fn is_text_end(self) -> bool {
        self == Self::TextEnd
    }

    fn ends(self) -> Option<(u8, u8)> {
        match self {
            Self::Single(open, close) | Self::Double(open, close) => Some((open, close)),
            Self::TextEnd => None,
        }
    }

    pub(super) fn closes(self, byte: u8) -> bool {
        self.ends().is_some_and(|(_, close)| close == byte)
    }

    pub(super) fn opens(self, byte: u8) -> bool {
        self.ends().is_some_and(|(open, close)| open == byte && open != close)
    }
}

/// `%q(`, `%Q[`, `%w{`, `%(`: the kind (`q`, `Q`, `w`, …; `Q` for none), its quote, its length.
pub(super) fn percent_literal(text: &[u8]) -> Option<(u8, Quote, usize)> {
    let (kind, at) = match text.get(1)? {
        kind if b"qQwWiIrsx".contains(kind) => (*kind, 2),
        _ => (b'Q', 1),
    };
    let open = *text.get(at)?;
    if open.is_ascii_alphanumeric() || open.is_ascii_whitespace() || open >= 0x80 || (at == 1 && open == b'=')
    {
        return None;
    }
    let close = match open {
        b'(' => b')',
        b'[' => b']',
        b'{' => b'}',
        b'<' => b'>',
        other => other,
    };
    let single = matches!(kind, b'q' | b'w' | b'i' | b's');
    Some((kind, if single { Quote::Single(open, close) } else { Quote::Double(open, close) }, at + 1))
}

/// A heredoc's head: `<<EOS`, `<<-'EOS'`, `<<~"EOS"`.
#[derive(Debug)]
pub(super) struct HeredocStart<'a> {
    pub(super) word: &'a [u8],
    /// The end may be indented.
    pub(super) indented: bool,
    /// The body loses its common indentation.
    pub(super) squiggly: bool,
    /// Nothing is resolved in the body.
    pub(super) raw: bool,
    pub(super) quoted: bool,
    pub(super) length: usize,
}

pub(super) fn heredoc_start(text: &[u8]) -> Option<HeredocStart<'_>> {
    let rest = text.strip_prefix(b"<<")?;
    let mark = rest.first().copied().filter(|b| matches!(b, b'-' | b'~'));
    let rest = &rest[usize::from(mark.is_some())..];
    let quote = rest.first().copied().filter(|b| matches!(b, b'\'' | b'"' | b'`'));
    let rest = &rest[usize::from(quote.is_some())..];
    let length = match quote {
        Some(quote) => rest.iter().position(|b| *b == quote || *b == b'\n').filter(|i| rest[*i] == quote)?,
        None if rest.first().is_some_and(u8::is_ascii_digit) => return None,
        None => rest.iter().position(|b| !super::lex::is_name(*b)).unwrap_or(rest.len()),
    };
    if length == 0 {
        return None;
    }
    // `list << 'x'` has a space; `list <<'x'` with no such line later is found out by the caller.
    Some(HeredocStart {
        word: &rest[..length],
        indented: mark.is_some(),
        squiggly: mark == Some(b'~'),
        raw: quote == Some(b'\''),
        quoted: quote.is_some(),
        length: 2 + usize::from(mark.is_some()) + 2 * usize::from(quote.is_some()) + length,
    })
}

/// Removes the indentation that all lines share, as `<<~` does.
pub(super) fn dedent(body: &[u8]) -> Vec<u8> {
    let lines = || body.split_inclusive(|b| *b == b'\n');
    let indent = |line: &[u8]| line.iter().take_while(|b| matches!(b, b' ' | b'\t')).count();
    let shared = lines().filter(|l| !l.trim_ascii().is_empty()).map(indent).min().unwrap_or(0);
    lines().flat_map(|line| line[shared.min(indent(line))..].iter().copied()).collect()
}

impl Lexer<'_> {
    /// A heredoc that begins here: its body becomes a token, its head is stepped over.
    pub(super) fn heredoc(&mut self, tokens: &mut Vec<Token>, prefix: bool) -> bool {
        let Some(start) = heredoc_start(self.rest()) else { return false };
        let sure = start.indented || start.quoted;
        if (!prefix && !sure) || self.misses > MOST_MISSES {
            return false;
        }
        let line_end = || memchr::memchr(b'\n', self.rest()).map_or(self.text.len(), |i| self.at + i + 1);
        let from = self.heredocs_end.unwrap_or_else(line_end).min(self.text.len());
        let mut to = from;
        let mut end = None;
        for line in self.text[from..].split_inclusive(|b| *b == b'\n') {
            let bare = if start.indented { line.trim_ascii() } else { line.trim_ascii_end() };
            if bare == start.word {
                end = Some(to + line.len());
                break;
            }
            to += line.len();
        }
        let Some(end) = end else {
            self.misses += 1;
            if sure && !self.prose {
                self.whole = false; // the body has no end: the fallback takes every literal
            }
            return false;
        };
        let body = &self.text[from..to];
        let body = if start.squiggly { dedent(body) } else { body.to_vec() };
        let parts = if start.raw {
            vec![Part::Literal(body)]
        } else {
            let mut inner = Lexer { text: &body, at: 0, heredocs_end: None, depth: self.depth + 1, ..*self };
            inner.whole = true;
            let parts = inner.string(Quote::TextEnd);
            self.whole &= inner.whole;
            parts
        };
        self.at += start.length;
        self.heredocs_end = Some(end);
        tokens.push(Token::Text(parts));
        true
    }

    /// Resolves the escape at `at` and moves behind it.
    pub(super) fn escape(&mut self, quote: Quote, out: &mut Vec<u8>) {
        let next = self.peek(1);
        if self.at + 1 >= self.text.len() {
            out.push(b'\\');
            self.at += 1;
            return;
        }
        self.at += 2;
        if !quote.interpolates() {
            if next != b'\\' && !quote.closes(next) && !quote.opens(next) {
                out.push(b'\\');
            }
            out.push(next);
            return;
        }
        match next {
            b'n' => out.push(b'\n'),
            b't' => out.push(b'\t'),
            b'r' => out.push(b'\r'),
            b's' => out.push(b' '),
            b'e' => out.push(0x1b),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'v' => out.push(0x0b),
            b'f' => out.push(0x0c),
            b'\n' => {}
            b'x' => {
                let value = self.digits(16, 2);
                out.push(value as u8);
            }
            b'0'..=b'7' => {
                self.at -= 1;
                let value = self.digits(8, 3);
                out.push(value as u8);
            }
            b'u' => self.unicode(out),
            other => out.push(other),
        }
    }

    fn unicode(&mut self, out: &mut Vec<u8>) {
        let mut put = |value: u32| {
            let c = char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER);
            out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        };
        if self.peek(0) != b'{' {
            put(self.digits(16, 4));
            return;
        }
        self.at += 1;
        while self.peek(0).is_ascii_hexdigit() || self.peek(0) == b' ' {
            if self.peek(0) == b' ' {
                self.at += 1;
            } else {
                put(self.digits(16, 6));
            }
        }
        self.at += usize::from(self.peek(0) == b'}');
    }

    fn digits(&mut self, base: u32, most: usize) -> u32 {
        let mut value = 0u32;
        for _ in 0..most {
            let Some(digit) = char::from(self.peek(0)).to_digit(base) else { break };
            value = value * base + digit;
            self.at += 1;
        }
        value
    }
}
