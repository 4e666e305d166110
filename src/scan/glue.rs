//! What stands between a name, its sign and its value: quotes, brackets, colours, as they are or escaped for JSON,
//! HTML, URLs and shells. Reads no further than it must.

/// Moves over signs of closing and opening.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'t> {
    pub(super) text: &'t [u8],
    pub(super) at: usize,
    /// The last quote that was passed, however it was written: `"`, `'`, a backquote.
    pub(super) quote: Option<u8>,
    /// How it was written.
    pub(super) spelling: &'static [u8],
    /// Backslashes right before it.
    pub(super) slashes: usize,
}

/// Ways to write a quote or a bracket.
#[rustfmt::skip] // a table
const SPELLINGS: &[(&[u8], u8)] = &[
    (b"\"", b'"'), (b"'", b'\''), (b"`", b'`'), (b"]", b']'),
    (b"%22", b'"'), (b"%27", b'\''), (b"%5D", b']'), (b"%5d", b']'), (b"%5C", b'\\'), (b"%2522", b'"'), (b"%255D", b']'), (b"%25255D", b']'),
    (b"&quot;", b'"'), (b"&#34;", b'"'), (b"&#39;", b'\''), (b"&apos;", b'\''), (b"&#x27;", b'\''), (b"&amp;quot;", b'"'),
    (b"u0022", b'"'), (b"u0027", b'\''),
];

impl<'t> Cursor<'t> {
    pub(super) fn new(text: &'t [u8], at: usize) -> Self {
        Self { text, at, quote: None, spelling: b"", slashes: 0 }
    }

    pub(super) fn rest(&self) -> &'t [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Steps over `literal`, if it stands here.
    pub(super) fn take(&mut self, literal: &[u8]) -> bool {
        let found = self.rest().starts_with(literal);
        if found {
            self.at += literal.len();
        }
        found
    }

    /// Steps over blanks; tells how many.
    pub(super) fn blanks(&mut self, most: usize) -> usize {
        let rest = self.rest();
        let mut length = 0;
        while length < most {
            match rest.get(length) {
                Some(b' ' | b'\t') => length += 1,
                Some(b'+') if length == 0 && rest.get(1).is_some_and(|b| matches!(b, b'%')) => length += 1,
                _ if rest[length..].starts_with(b"%20") => length += 3,
                _ => break,
            }
        }
        self.at += length;
        length
    }

    /// Steps over quotes, backslashes, closing brackets and colours. `brackets`: over `]` too.
    pub(super) fn quotes(&mut self, brackets: bool) {
        self.slashes = 0;
        for _ in 0..8 {
            let rest = self.rest();
            let Some(&first) = rest.first() else { return };
            if first == b'\\' && matches!(rest.get(1), Some(b'"' | b'\'' | b'\\' | b'u' | b'`' | b'/')) {
                if rest.get(1) == Some(&b'u') && !rest[1..].starts_with(b"u002") && is_colour(rest).is_none()
                {
                    return;
                }
                if let Some(length) = is_colour(rest) {
                    self.at += length;
                    continue;
                }
                self.at += 1;
                self.slashes += 1;
                continue;
            }
            if let Some(length) = is_colour(rest) {
                self.at += length;
                continue;
            }
            if !matches!(first, b'"' | b'\'' | b'`' | b']' | b'%' | b'&' | b'u') {
                return;
            }
            let Some((spelling, byte)) = SPELLINGS.iter().find(|(spelling, _)| rest.starts_with(spelling))
            else {
                return;
            };
            if matches!(byte, b']' | b'`') && !brackets || first == b'u' && self.slashes == 0 {
                return;
            }
            self.at += spelling.len();
            if *byte != b']' && *byte != b'\\' {
                self.quote = Some(*byte);
                self.spelling = spelling;
                if !brackets {
                    return;
                }
                self.slashes = 0;
            }
        }
    }

    /// Steps over one of the signs between a name and a value.
    pub(super) fn sign(&mut self) -> Option<Sign> {
        const ARROWS: &[&[u8]] = &[b"=>", b"=\\u003e", b"=\\\\u003e", b"=&gt;", b"%3D%3E", b"->"];
        if ARROWS.iter().any(|arrow| self.take(arrow)) {
            return Some(Sign::Arrow);
        }
        const COLONS: &[&[u8]] = &[b"%3A", b"%3a", b"%253A", b"&#58;"];
        if self.take(b":=") {
            return Some(Sign::Equals);
        }
        // LDIF: what follows is base64.
        if self.take(b":: ") {
            return Some(Sign::Colon);
        }
        if self.rest().starts_with(b"::") {
            return None;
        }
        if self.take(b":") || COLONS.iter().any(|colon| self.take(colon)) {
            return Some(Sign::Colon);
        }
        const EQUALS: &[&[u8]] =
            &[b"||=", b"=", b"%3D", b"%3d", b"%253D", b"%25253D", b"\\u003d", b"&#61;", b"\\x3d"];
        if self.rest().starts_with(b"==") || self.rest().starts_with(b"=~") {
            return None;
        }
        EQUALS.iter().any(|sign| self.take(sign)).then_some(Sign::Equals)
    }
}

/// What stands between a name and its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Arrow,
    Colon,
    Equals,
}

/// A terminal's colour, as it is or escaped: its length.
fn is_colour(rest: &[u8]) -> Option<usize> {
    // The last: a filter took the escape itself.
    const BEGINS: &[&[u8]] =
        &[b"\x1b[", b"\\u001b[", b"\\\\u001b[", b"\\u001B[", b"\\e[", b"\\033[", b"\\x1b[", b"^[[", b"["];
    let begin = BEGINS.iter().find(|begin| rest.starts_with(begin))?.len();
    let numbers = rest[begin..].iter().take(16).take_while(|b| b.is_ascii_digit() || **b == b';').count();
    if begin == 1 && numbers == 0 {
        return None;
    }
    (rest.get(begin + numbers) == Some(&b'm')).then_some(begin + numbers + 1)
}
