//! Values that take more than one expression: `case … end`, `begin … end`, several assigned at once, and
//! keys that are computed. Knows where the literals of each stand, and no more of what the code does.

use super::{
    calls::last_is_sensitive,
    lex::{Token, plain},
    walk::Walk,
};

/// Tokens of an index, such as `['db_' + 'password']`, at most.
const INDEX: usize = 12;

/// Left sides of one assignment, at most.
const SIDES: usize = 16;

impl Walk<'_> {
    /// Whether a block that begins here is the value of a secret's key, rather than the program's own.
    pub(super) fn is_value(&self, keys: &[String]) -> bool {
        let before = self.at.checked_sub(1).and_then(|at| self.tokens.get(at));
        let follows = match before {
            Some(Token::Punct(punct)) => !matches!(*punct, ")" | "]" | "}" | "." | "&."),
            before => matches!(before, Some(Token::Newline | Token::Label(_))),
        };
        let is_do = matches!(self.peek(), Some(Token::Name(name)) if name == "do");
        last_is_sensitive(keys) && (follows || is_do)
    }

    /// `case x … end`, `begin … end`, `if x … else … end`: whatever the branches give is a value of `keys`.
    pub(super) fn block(&mut self, keys: &[String]) {
        let mut open = 0usize;
        while let Some(token) = self.peek() {
            let before = self.at;
            match token {
                Token::Name(name) if name == "end" => {
                    self.at += 1;
                    open = open.saturating_sub(1);
                    if open == 0 {
                        return;
                    }
                }
                Token::Name(name) if begins_block(name) => {
                    if open == 0 || name == "case" || name == "begin" || name == "do" || self.begins_line() {
                        open += 1;
                    }
                    self.at += 1;
                    if name != "begin" {
                        self.condition();
                    }
                }
                Token::Name(name) if matches!(name.as_str(), "when" | "elsif" | "rescue" | "in") => {
                    self.at += 1;
                    self.condition();
                }
                Token::Name(name) if matches!(name.as_str(), "then" | "else" | "ensure") => self.at += 1,
                Token::Punct("}" | "]" | ")") => return,
                Token::Newline | Token::Comment(..) | Token::Punct(_) => self.at += 1,
                _ => self.expression(keys),
            }
            if self.at == before {
                self.at += 1;
            }
        }
    }

    /// Whether nothing but a word such as `then` stands before this on its line.
    fn begins_line(&self) -> bool {
        match self.at.checked_sub(1).and_then(|at| self.tokens.get(at)) {
            None | Some(Token::Newline | Token::Comment(..) | Token::Punct(_)) => true,
            Some(Token::Name(name)) => matches!(name.as_str(), "then" | "else" | "begin" | "ensure"),
            _ => false,
        }
    }

    /// What a branch asks for is no value.
    fn condition(&mut self) {
        while let Some(token) = self.peek() {
            match token {
                Token::Newline | Token::Punct(";") => return,
                Token::Name(name) if name == "then" => return,
                _ => self.at += 1,
            }
        }
    }

    /// `a['x'], b['y'] = 'one', 'two'`: each its own. Nothing is done unless it is that.
    pub(super) fn several(&mut self) -> bool {
        let Some(sides) = self.sides() else { return false };
        self.skip_blank();
        let listed = self.is("[");
        self.at += usize::from(listed);
        if let Some(Token::Words(words)) = self.peek() {
            self.at += 1;
            sides.iter().zip(words).for_each(|(keys, word)| self.leaf(keys, word));
            return true;
        }
        for keys in &sides {
            self.skip_blank();
            self.expression(keys);
            self.skip_blank_before(",");
            if !self.is(",") {
                break;
            }
            self.at += 1;
        }
        self.skip_blank_before("]");
        self.at += usize::from(listed && self.is("]"));
        true
    }

    fn skip_blank_before(&mut self, punct: &str) {
        let blank =
            self.tokens[self.at..].iter().take_while(|t| matches!(t, Token::Newline | Token::Comment(..)));
        let blank = blank.count();
        if self.is_at(blank, punct) {
            self.at += blank;
        }
    }

    /// The keys of each left side, and what stands behind the `=`.
    fn sides(&mut self) -> Option<Vec<Vec<String>>> {
        let start = self.at;
        let mut sides = Vec::new();
        while let Some(Token::Name(name)) = self.peek() {
            let mut keys = vec![name.clone()];
            self.at += 1;
            loop {
                if self.is("[")
                    && let Some((key, behind)) = self.index()
                {
                    keys.push(key);
                    self.at = behind;
                } else if self.is(".")
                    && let Some(Token::Name(name)) = self.tokens.get(self.at + 1)
                {
                    keys.push(name.clone());
                    self.at += 2;
                } else {
                    break;
                }
            }
            sides.push(keys);
            if self.is("=") && sides.len() > 1 {
                self.at += 1;
                sides.iter().filter(|keys| keys.len() == 1).for_each(|keys| self.assign(&keys[0]));
                return Some(sides);
            }
            if !self.is(",") || sides.len() > SIDES {
                break;
            }
            self.at += 1;
            self.skip_blank();
        }
        self.at = start;
        None
    }

    /// The key in an index that begins here, and where it ends: its literals put together. A list has commas.
    pub(super) fn index(&self) -> Option<(String, usize)> {
        let inside = self.tokens.get(self.at + 1..)?;
        let end = inside.iter().take(INDEX).position(|token| *token == Token::Punct("]"))?;
        let inside = &inside[..end];
        let mut key = String::new();
        for token in inside {
            match token {
                Token::Text(parts) => key.push_str(&plain(parts)),
                Token::Symbol(name) => key.push_str(name),
                Token::Punct("," | "[" | "{" | "=>") => return None,
                _ => {}
            }
        }
        (!key.is_empty()).then_some((key, self.at + end + 2))
    }
}

/// What has an `end` of its own.
pub(super) fn begins_block(name: &str) -> bool {
    matches!(name, "case" | "begin" | "if" | "unless" | "while" | "until" | "do")
}
