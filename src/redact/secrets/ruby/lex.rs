//! gitlab.rb as tokens: Ruby's strings in every form, heredocs, symbols, labels, comments.
//!
//! A lexer with a parser's care for where a literal may begin, and none of its knowledge of what the
//! code does. Never fails: what has no end runs to the text's end, and `whole` says so.

use super::text::{Quote, percent_literal};

/// One token. Texts are bytes: a configuration need not be UTF-8.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Token {
    /// An identifier, constant, keyword or variable (`@x`, `$x` with their sigil).
    Name(String),
    /// `:name`, `:"name"`.
    Symbol(String),
    /// `name:` or `"name":` in a hash or an argument list.
    Label(String),
    /// A string in any form.
    Text(Vec<Part>),
    /// `%w[a b]`, `%i[a b]`.
    Words(Vec<Vec<u8>>),
    /// A number; never a secret by itself.
    Number,
    /// An operator or a bracket.
    Punct(&'static str),
    /// The end of a line.
    Newline,
    /// A comment that has its line for itself, or (`false`) stands behind code.
    Comment(Vec<u8>, bool),
}

/// A piece of a string.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// What stands there, escapes resolved.
    Literal(Vec<u8>),
    /// What stands in `#{}`.
    Code(Vec<Token>),
}

/// A text in tokens.
#[derive(Debug)]
pub(super) struct Lexed {
    pub(super) tokens: Vec<Token>,
    /// Whether every literal had its end.
    pub(super) whole: bool,
}

/// Longest first.
const PUNCT: &[&str] = &[
    "||=", "&&=", "===", "<=>", "...", "**=", "<<=", ">>=", "=>", "==", "=~", "!=", "!~", "->", "&.", "::",
    "||", "&&", "+=", "-=", "*=", "/=", "|=", "<<", ">>", "<=", ">=", "..", "**", "(", ")", "[", "]", "{",
    "}", ",", ";", ".", "=", "+", "-", "*", "/", "%", "?", ":", "|", "&", "!", "<", ">", "^", "~", "\\", "`",
];

const KEYWORDS: &[&str] = &[
    "if", "unless", "while", "until", "and", "or", "not", "return", "when", "in", "do", "then", "else",
    "elsif", "case", "begin", "ensure", "rescue", "puts", "yield",
];

/// Brackets and interpolations deeper than this are left to the fallback.
const DEEPEST: usize = 48;

pub(super) const MOST_MISSES: usize = 200;

pub(super) fn lex(text: &[u8]) -> Lexed {
    lex_at(text, 0, false)
}

/// Comments are prose with code in it: there a quote that has no end in its line is an apostrophe.
pub(super) fn lex_comment(text: &[u8]) -> Lexed {
    lex_at(text, 0, true)
}

fn lex_at(text: &[u8], depth: usize, prose: bool) -> Lexed {
    let mut lexer =
        Lexer { text, at: 0, heredocs_end: None, depth, prose, ternaries: 0, misses: 0, whole: true };
    let tokens = lexer.tokens(false);
    Lexed { tokens, whole: lexer.whole }
}

pub(super) struct Lexer<'a> {
    pub(super) text: &'a [u8],
    pub(super) at: usize,
    /// Where the line goes on that follows the heredocs which began in this line.
    pub(super) heredocs_end: Option<usize>,
    pub(super) depth: usize,
    pub(super) prose: bool,
    pub(super) ternaries: usize,
    /// Searches to the text's end that found nothing; they end, or a text of heads would take forever.
    pub(super) misses: usize,
    pub(super) whole: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        &self.text[self.at.min(self.text.len())..]
    }

    /// Tokens up to the end, or up to the brace that closes an interpolation.
    fn tokens(&mut self, in_braces: bool) -> Vec<Token> {
        let mut tokens = Vec::new();
        let mut braces = 0usize;
        while self.at < self.text.len() {
            let spaced = self.spaces();
            let Some(&byte) = self.text.get(self.at) else { break };
            match byte {
                b'{' => braces += 1,
                b'}' if braces == 0 && in_braces => {
                    self.at += 1;
                    return tokens;
                }
                b'}' => braces = braces.saturating_sub(1),
                _ => {}
            }
            if byte == b'\n' {
                self.newline(&mut tokens);
            } else if byte == b'#' {
                let alone = matches!(tokens.last(), None | Some(Token::Newline | Token::Comment(_, true)));
                let line = self.line_rest();
                tokens.push(Token::Comment(line, alone));
            } else if self.rest().starts_with(b"__END__")
                && matches!(tokens.last(), None | Some(Token::Newline))
            {
                tokens.push(Token::Comment(self.rest().to_vec(), true));
                self.at = self.text.len();
            } else {
                self.one(byte, spaced, &mut tokens);
            }
        }
        self.whole &= !in_braces;
        tokens
    }

    fn spaces(&mut self) -> bool {
        let from = self.at;
        loop {
            match (self.peek(0), self.peek(1), self.peek(2)) {
                (b' ' | b'\t' | b'\r' | 0x0b | 0x0c, ..) => self.at += 1,
                (b'\\', b'\n', _) => self.at += 2,
                (b'\\', b'\r', b'\n') => self.at += 3,
                (0xef, 0xbb, 0xbf) if self.at == 0 => self.at += 3,
                _ => return self.at > from,
            }
        }
    }

    fn newline(&mut self, tokens: &mut Vec<Token>) {
        self.at = self.heredocs_end.take().unwrap_or(self.at + 1);
        self.ternaries = 0;
        tokens.push(Token::Newline);
        if self.rest().starts_with(b"=begin") {
            let end =
                memchr::memmem::find(self.rest(), b"\n=end").map_or(self.text.len(), |i| self.at + i + 1);
            self.whole &= end < self.text.len();
            for line in self.text[self.at..end].split(|b| *b == b'\n').skip(1) {
                tokens.push(Token::Comment(line.to_vec(), true));
                tokens.push(Token::Newline);
            }
            self.at = end;
            self.line_rest();
        }
    }

    fn line_rest(&mut self) -> Vec<u8> {
        let line = self.rest().split(|b| *b == b'\n').next().unwrap_or_default().to_vec();
        self.at += line.len();
        line
    }

    fn one(&mut self, byte: u8, spaced: bool, tokens: &mut Vec<Token>) {
        let prefix = self.may_begin(tokens.last(), spaced);
        match byte {
            b'\'' | b'"' | b'`' => self.quoted(byte, tokens),
            b'<' if self.heredoc(tokens, prefix) => {}
            b'%' if prefix && self.percent(tokens) => {}
            b'/' if prefix && self.regex() => tokens.push(Token::Number),
            b'?' if prefix && is_name(self.peek(1)) && !is_name(self.peek(2)) => {
                self.at += 2;
                tokens.push(Token::Number);
            }
            b':' if matches!(self.peek(1), b'"' | b'\'') && prefix => {
                let quote = self.peek(1);
                self.at += 2;
                let parts = self.string(Quote::of(quote));
                tokens.push(Token::Symbol(plain(&parts)));
            }
            b':' if is_name(self.peek(1)) && prefix => {
                self.at += 1;
                let name = self.name();
                tokens.push(Token::Symbol(name));
            }
            b'0'..=b'9' => {
                while is_name(self.peek(0)) || (self.peek(0) == b'.' && self.peek(1).is_ascii_digit()) {
                    self.at += 1;
                }
                tokens.push(Token::Number);
            }
            b'@' | b'$' => {
                let from = self.at;
                while matches!(self.peek(0), b'@' | b'$') {
                    self.at += 1;
                }
                self.name();
                let name = String::from_utf8_lossy(&self.text[from..self.at]).into_owned();
                tokens.push(Token::Name(name));
            }
            byte if is_name(byte) => {
                let name = self.name();
                if self.peek(0) == b':' && self.peek(1) != b':' && self.ternaries == 0 {
                    self.at += 1;
                    tokens.push(Token::Label(name));
                } else {
                    tokens.push(Token::Name(name));
                }
            }
            _ => self.punct(tokens),
        }
    }

    /// Whether a literal (not an operator) may begin here.
    fn may_begin(&self, last: Option<&Token>, spaced: bool) -> bool {
        let glued_to_the_right = !matches!(self.peek(1), b' ' | b'\t' | b'\n' | b'=');
        match last {
            Some(Token::Name(name)) if !KEYWORDS.contains(&name.as_str()) => spaced && glued_to_the_right,
            Some(Token::Punct(")" | "]" | "}")) => false,
            Some(Token::Text(_) | Token::Words(_) | Token::Number | Token::Symbol(_)) => false,
            _ => true,
        }
    }

    fn quoted(&mut self, quote: u8, tokens: &mut Vec<Token>) {
        let (start, whole) = (self.at, self.whole);
        let next = || memchr::memchr2(quote, b'\n', &self.rest()[1..]).map(|i| self.peek(1 + i));
        if self.prose && (self.misses > MOST_MISSES || next() != Some(quote)) {
            self.at += 1;
            return;
        }
        self.at += 1;
        let parts = self.string(Quote::of(quote));
        let crosses = self.prose && self.text[start..self.at].contains(&b'\n');
        if crosses || (self.prose && whole && !self.whole) {
            (self.at, self.whole) = (start + 1, whole);
            self.misses += 1;
            return;
        }
        let label = self.peek(0) == b':' && self.peek(1) != b':' && self.ternaries == 0;
        if label {
            self.at += 1;
            tokens.push(Token::Label(plain(&parts)));
        } else if quote == b'`' {
            tokens.push(Token::Number);
        } else {
            tokens.push(Token::Text(parts));
        }
    }

    /// A string's parts, from behind its opening quote to behind its closing one.
    pub(super) fn string(&mut self, quote: Quote) -> Vec<Part> {
        let mut parts = Vec::new();
        let mut literal = Vec::new();
        let mut nested = 0usize;
        loop {
            let Some(&byte) = self.text.get(self.at) else {
                self.whole &= quote.is_text_end();
                break;
            };
            if byte == b'\\' {
                self.escape(quote, &mut literal);
            } else if quote.closes(byte) && nested == 0 {
                self.at += 1;
                break;
            } else if byte == b'#' && self.peek(1) == b'{' && quote.interpolates() && self.depth < DEEPEST {
                self.at += 2;
                self.depth += 1;
                parts.push(Part::Literal(std::mem::take(&mut literal)));
                parts.push(Part::Code(self.tokens(true)));
                self.depth -= 1;
            } else {
                nested += usize::from(quote.opens(byte));
                nested -= usize::from(quote.closes(byte));
                literal.push(byte);
                self.at += 1;
            }
        }
        parts.push(Part::Literal(literal));
        parts
    }

    fn percent(&mut self, tokens: &mut Vec<Token>) -> bool {
        let Some((kind, quote, length)) = percent_literal(self.rest()) else { return false };
        self.at += length;
        let parts = self.string(quote);
        tokens.push(match kind {
            b'w' | b'W' | b'i' | b'I' => Token::Words(
                plain_bytes(&parts)
                    .split(u8::is_ascii_whitespace)
                    .filter(|word| !word.is_empty())
                    .map(<[u8]>::to_vec)
                    .collect(),
            ),
            b'r' | b'x' => Token::Number,
            b's' => Token::Symbol(plain(&parts)),
            _ => Token::Text(parts),
        });
        true
    }

    fn regex(&mut self) -> bool {
        if self.misses > MOST_MISSES {
            return false;
        }
        let mut escaped = false;
        for (i, &byte) in self.rest().iter().enumerate().skip(1) {
            match byte {
                b'\n' => break,
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'/' => {
                    self.at += i + 1;
                    return true;
                }
                _ => {}
            }
        }
        self.misses += 1;
        false
    }

    fn name(&mut self) -> String {
        let from = self.at;
        while is_name(self.peek(0)) {
            self.at += 1;
        }
        if matches!(self.peek(0), b'?' | b'!')
            && self.peek(1) != b'='
            && self.at > from
            && !is_name(self.peek(1))
        {
            self.at += 1;
        }
        String::from_utf8_lossy(&self.text[from..self.at]).into_owned()
    }

    fn punct(&mut self, tokens: &mut Vec<Token>) {
        let rest = self.rest();
        let Some(punct) = PUNCT.iter().find(|p| rest.starts_with(p.as_bytes())) else {
            self.at += 1;
            return;
        };
        match *punct {
            "?" => self.ternaries += 1,
            ":" => self.ternaries = self.ternaries.saturating_sub(1),
            _ => {}
        }
        self.at += punct.len();
        tokens.push(Token::Punct(punct));
    }
}

/// The literal bytes of a string, what is interpolated left out.
pub(super) fn plain_bytes(parts: &[Part]) -> Vec<u8> {
    parts
        .iter()
        .filter_map(|part| if let Part::Literal(bytes) = part { Some(bytes.as_slice()) } else { None })
        .collect::<Vec<_>>()
        .concat()
}

pub(super) fn plain(parts: &[Part]) -> String {
    String::from_utf8_lossy(&plain_bytes(parts)).into_owned()
}

pub(super) fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 0x80
}
