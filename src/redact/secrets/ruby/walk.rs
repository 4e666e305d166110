//! From tokens to keys and values: assignments, hashes, calls, variables, concatenation.
//!
//! Tolerant: whatever it does not know it steps over, and every literal that stands in an expression is
//! one of the values of the key that the expression is assigned to. It runs nothing and asks nobody.

use std::collections::{HashMap, HashSet};

use super::{
    super::harvest::Harvest,
    blocks::begins_block,
    calls::{last_is_sensitive, takes_arguments},
    lex::{Token, lex_comment, plain},
};

/// Brackets deeper than this are no configuration.
pub(super) const DEEPEST: usize = 64;

/// Literals that variables may stand for, in all.
const MOST_KEPT: usize = 20_000;

/// What is longer is not joined with more.
pub(super) const LONGEST: usize = 64 << 10;

/// A literal and the keys above it, kept because a variable holds it.
pub(super) type Kept = (Vec<String>, Vec<u8>);

/// Hands every literal over with its keys; false if brackets did not come out even.
pub(super) fn walk(tokens: &[Token], harvest: &mut Harvest) -> bool {
    // What is a variable, and what it holds, is known only at the end: it may be used in a method
    // above its assignment, or hold another one.
    let mut variables = HashMap::new();
    for _ in 0..2 {
        let mut pass = Walk::new(tokens, &variables, None);
        pass.statements();
        let kept = pass.kept;
        variables = kept;
    }
    let mut last = Walk::new(tokens, &variables, Some(harvest));
    last.statements();
    last.even
}

pub(super) struct Walk<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) at: usize,
    pub(super) depth: usize,
    pub(super) even: bool,
    /// The method whose body this is.
    method: Option<String>,
    pub(super) variables: &'a HashMap<String, Vec<Kept>>,
    kept: HashMap<String, Vec<Kept>>,
    kept_count: usize,
    assigned: HashSet<String>,
    pub(super) harvest: Option<&'a mut Harvest>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(
        tokens: &'a [Token],
        variables: &'a HashMap<String, Vec<Kept>>,
        harvest: Option<&'a mut Harvest>,
    ) -> Self {
        Self {
            tokens,
            at: 0,
            depth: 0,
            even: true,
            method: None,
            variables,
            kept: HashMap::new(),
            kept_count: 0,
            assigned: HashSet::new(),
            harvest,
        }
    }

    pub(super) fn peek(&self) -> Option<&'a Token> {
        self.tokens.get(self.at)
    }

    pub(super) fn is(&self, punct: &str) -> bool {
        self.is_at(0, punct)
    }

    pub(super) fn is_at(&self, ahead: usize, punct: &str) -> bool {
        matches!(self.tokens.get(self.at + ahead), Some(Token::Punct(p)) if *p == punct)
    }

    fn statements(&mut self) {
        while let Some(token) = self.peek() {
            let before = self.at;
            match token {
                Token::Punct("}" | "]" | ")") => {
                    self.even = false;
                    self.at += 1;
                }
                Token::Name(name) if name == "def" => {
                    self.at += 1;
                    if let Some(Token::Name(name)) = self.peek() {
                        self.method = Some(name.clone());
                        self.assigned.insert(name.clone());
                        self.at += 1;
                    }
                }
                Token::Name(name) if name == "end" => {
                    self.method = None;
                    self.at += 1;
                }
                Token::Newline | Token::Comment(_, true) => self.at += 1,
                _ if self.several() => {}
                _ => {
                    let keys: Vec<String> = self.method.iter().cloned().collect();
                    self.expression(&keys);
                }
            }
            if self.at == before {
                self.at += 1;
            }
        }
    }

    /// One expression, up to a comma, a closing bracket or a line's end, as the value of `keys`.
    pub(super) fn expression(&mut self, keys: &[String]) {
        self.depth += 1;
        if self.depth > DEEPEST {
            self.even = false;
            self.at += 1;
            self.depth -= 1;
            return;
        }
        let mut sum: Option<Vec<u8>> = None;
        while let Some(token) = self.peek() {
            let joins = matches!(token, Token::Text(_) | Token::Newline | Token::Comment(_, true))
                || (sum.is_some() && matches!(token, Token::Punct("+" | "<<" | "\\")))
                || (sum.is_some() && matches!(token, Token::Name(_)) && self.after_plus());
            if !joins && let Some(text) = sum.take() {
                self.leaf(keys, &text);
            }
            match token {
                Token::Text(parts) => {
                    self.at += 1;
                    if self.is("=>") {
                        self.pair(keys, &plain(parts));
                    } else {
                        self.inner(parts, keys);
                        let text = self.resolved(parts);
                        sum.get_or_insert_with(Vec::new).extend(text);
                    }
                }
                Token::Words(words) => {
                    self.at += 1;
                    words.iter().for_each(|word| self.leaf(keys, word));
                    self.joined(self.at - 1, keys);
                }
                Token::Label(name) => {
                    self.at += 1;
                    self.pair_value(keys, name);
                }
                Token::Symbol(name) if self.is_at(1, "=>") => {
                    self.at += 1;
                    self.pair(keys, name);
                }
                Token::Name(name) if begins_block(name) && sum.is_none() && self.is_value(keys) => {
                    self.block(keys);
                }
                Token::Name(name) if ends_expression(name) => break,
                Token::Name(name) => {
                    let value = self.chain(name.clone(), keys);
                    match (&mut sum, value) {
                        (Some(sum), Some(value)) => sum.extend(value),
                        (None, Some(value)) if self.is("+") => sum = Some(value),
                        _ => {}
                    }
                }
                Token::Punct("{") => self.bracket("}", keys),
                Token::Punct("[") => self.list(keys),
                Token::Punct("(") => self.bracket(")", keys),
                Token::Punct("," | ";" | ")" | "]" | "}") => break,
                Token::Punct("." | "&.") => self.method_call(keys, keys),
                Token::Newline if !self.goes_on() => break,
                Token::Comment(text, false) => {
                    self.at += 1;
                    self.in_comment(text, keys);
                }
                _ => self.at += 1,
            }
        }
        if let Some(text) = sum {
            self.leaf(keys, &text);
        }
        self.depth -= 1;
    }

    /// `… = 'new' # was 'old'`: what a comment behind a setting quotes is one of its values.
    fn in_comment(&mut self, text: &[u8], keys: &[String]) {
        if !last_is_sensitive(keys) {
            return;
        }
        for token in lex_comment(&text[1.min(text.len())..]).tokens {
            if let Token::Text(parts) = token {
                self.leaf(keys, plain(&parts).as_bytes());
            }
        }
    }

    fn after_plus(&self) -> bool {
        self.at > 0 && matches!(self.tokens[self.at - 1], Token::Punct("+" | "<<"))
    }

    /// Whether the expression goes on behind this line's end.
    fn goes_on(&self) -> bool {
        let before = self.tokens[..self.at].iter().rev().find(|t| !matches!(t, Token::Comment(..)));
        let open = match before {
            Some(Token::Punct(p)) => !matches!(*p, ")" | "]" | "}" | ";" | "?" | "!"),
            Some(Token::Label(_)) => true,
            _ => false,
        };
        let next = self.tokens[self.at..].iter().find(|t| !matches!(t, Token::Newline | Token::Comment(..)));
        open || matches!(next, Some(Token::Punct("." | "&.")))
    }

    pub(super) fn skip_blank(&mut self) {
        while matches!(self.peek(), Some(Token::Newline | Token::Comment(..))) {
            self.at += 1;
        }
    }

    /// `=> value`, behind a key.
    fn pair(&mut self, keys: &[String], name: &str) {
        self.at += 1;
        self.pair_value(keys, name);
    }

    fn pair_value(&mut self, keys: &[String], name: &str) {
        self.skip_blank();
        let keys = [keys, &[name.to_owned()]].concat();
        self.expression(&keys);
    }

    /// Everything up to the closing bracket, as values of `keys`.
    fn bracket(&mut self, close: &'static str, keys: &[String]) {
        self.at += 1;
        self.items(close, keys);
    }

    pub(super) fn items(&mut self, close: &'static str, keys: &[String]) {
        loop {
            let before = self.at;
            match self.peek() {
                None => {
                    self.even = false;
                    return;
                }
                Some(Token::Punct(p)) if *p == close => {
                    self.at += 1;
                    return;
                }
                Some(Token::Punct(p)) if matches!(*p, ")" | "]" | "}") => {
                    self.even = false;
                    return;
                }
                Some(Token::Newline | Token::Comment(..) | Token::Punct("," | ";" | "|")) => self.at += 1,
                Some(_) => self.expression(keys),
            }
            if self.at == before {
                self.at += 1;
            }
        }
    }

    /// A list; `['ab', 'cd'].join` is one text too.
    fn list(&mut self, keys: &[String]) {
        let from = self.at;
        self.bracket("]", keys);
        self.joined(from, keys);
    }

    /// What `.join` makes of the literals since `from`.
    fn joined(&mut self, from: usize, keys: &[String]) {
        let joined =
            self.is(".") && matches!(self.tokens.get(self.at + 1), Some(Token::Name(n)) if n == "join");
        if !joined {
            return;
        }
        let separator = match self.tokens.get(self.at + 2..self.at + 4) {
            Some([Token::Punct("("), Token::Text(parts)]) => self.resolved(parts),
            _ => Vec::new(),
        };
        let items: Vec<Vec<u8>> = self.tokens[from..self.at]
            .iter()
            .flat_map(|token| match token {
                Token::Text(parts) => vec![self.resolved(parts)],
                Token::Words(words) => words.clone(),
                _ => Vec::new(),
            })
            .collect();
        self.leaf(keys, &items.join(&separator[..]));
    }

    /// A name with its indexes, attributes, arguments, and what is assigned to it. What it stands for
    /// if it is a variable that holds one text.
    fn chain(&mut self, name: String, keys: &[String]) -> Option<Vec<u8>> {
        self.at += 1;
        let mut own = vec![name];
        loop {
            match self.peek() {
                Some(Token::Punct("[")) => match self.index() {
                    Some((key, behind)) => {
                        own.push(key);
                        self.at = behind;
                    }
                    None => self.bracket("]", keys),
                },
                // `settings.[]=('key', 'value')`
                Some(Token::Punct("." | "&."))
                    if self.is_at(1, "[")
                        && self.is_at(2, "]")
                        && self.is_at(3, "=")
                        && self.is_at(4, "(") =>
                {
                    self.at += 5;
                    self.arguments(")", &own.clone(), &own);
                }
                Some(Token::Punct("." | "&." | "::")) => {
                    if let Some(Token::Name(attribute)) = self.tokens.get(self.at + 1)
                        && !self.is_at(2, "(")
                        && !takes_arguments(attribute)
                    {
                        own.push(attribute.clone());
                        self.at += 2;
                    } else {
                        let target = if keys.is_empty() { own.clone() } else { keys.to_vec() };
                        let receiver = own.clone();
                        self.method_call(&target, &receiver);
                    }
                }
                Some(Token::Punct("(")) => {
                    self.at += 1;
                    let target = if keys.is_empty() { own.clone() } else { keys.to_vec() };
                    self.arguments(")", &target, &own);
                }
                Some(Token::Punct("=" | "||=" | "&&=" | "+=" | "=>")) => {
                    self.at += 1;
                    if own.len() == 1 {
                        self.assigned.insert(own[0].clone());
                    }
                    let target = if keys.is_empty() { own } else { [keys, &own].concat() };
                    self.skip_blank();
                    self.expression(&target);
                    return None;
                }
                Some(Token::Text(_) | Token::Words(_) | Token::Label(_)) | Some(Token::Symbol(_)) => {
                    let target = if keys.is_empty() { own.clone() } else { keys.to_vec() };
                    self.arguments("", &target, &own);
                    return None;
                }
                _ => return self.variable(&own, keys),
            }
        }
    }

    /// Makes what is assigned to a name known under it.
    pub(super) fn assign(&mut self, name: &str) {
        self.assigned.insert(name.to_owned());
    }

    pub(super) fn leaf(&mut self, keys: &[String], value: &[u8]) {
        if let Some(first) = keys.first().filter(|first| self.assigned.contains(*first))
            && self.harvest.is_none()
            && self.kept_count < MOST_KEPT
            && value.len() <= LONGEST
        {
            self.kept_count += 1;
            self.kept.entry(first.clone()).or_default().push((keys.to_vec(), value.to_vec()));
        }
        if let Some(harvest) = self.harvest.as_deref_mut() {
            harvest.leaf(keys, value);
        }
    }
}

fn ends_expression(name: &str) -> bool {
    matches!(
        name,
        "if" | "unless"
            | "while"
            | "until"
            | "do"
            | "end"
            | "then"
            | "and"
            | "rescue"
            | "else"
            | "elsif"
            | "when"
            | "def"
    )
}
