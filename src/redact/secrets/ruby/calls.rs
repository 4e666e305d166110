//! Calls, variables and interpolation: where an expression's literals come from elsewhere.
//!
//! `.store('db_password', 'x')` names its value in an argument; `ENV.fetch('X', 'default')` and
//! `File.read('/path')` hold names that are no values.

use super::{
    lex::{Part, Token, plain},
    walk::{DEEPEST, Kept, LONGEST, Walk},
};
use crate::redact::names;

impl Walk<'_> {
    /// `.store('db_password', 'x')`, `.merge(…)`, `.freeze`: behind a value or a name.
    pub(super) fn method_call(&mut self, keys: &[String], receiver: &[String]) {
        self.at += 1;
        let Some(Token::Name(method)) = self.peek() else { return };
        self.at += 1;
        let own = [receiver, std::slice::from_ref(method)].concat();
        if self.is("(") {
            self.at += 1;
            self.arguments(")", keys, &own);
        } else if matches!(
            self.peek(),
            Some(Token::Text(_) | Token::Symbol(_) | Token::Label(_) | Token::Words(_))
        ) {
            self.arguments("", keys, &own);
        }
    }

    /// Arguments up to `close` (or the line's end); a lone name before another value is its key.
    pub(super) fn arguments(&mut self, close: &'static str, keys: &[String], callee: &[String]) {
        if reads_elsewhere(callee) {
            let path = match self.peek() {
                Some(Token::Text(parts)) => plain(parts),
                _ => String::new(),
            };
            if let Some(harvest) = self.harvest.as_deref_mut() {
                harvest.mention(&path, keys);
            }
            let mut depth = 1;
            while depth > 0 && !close.is_empty() && self.peek().is_some() {
                match self.peek() {
                    Some(Token::Punct("(")) => depth += 1,
                    Some(Token::Punct(")")) => depth -= 1,
                    _ => {}
                }
                self.at += 1;
            }
            while close.is_empty()
                && matches!(self.peek(), Some(Token::Text(_) | Token::Words(_) | Token::Symbol(_)))
            {
                self.at += 1;
            }
            return;
        }
        if callee.last().is_some_and(|method| matches!(method.as_str(), "send" | "public_send" | "__send__"))
        {
            // Up to the comma the method's name, such as `:[]=`.
            let name = self.tokens[self.at..].iter().take(6).position(|token| *token == Token::Punct(","));
            self.at += name.map_or(0, |comma| comma + 1);
        }
        let name = match self.peek() {
            Some(Token::Text(parts)) => Some(plain(parts)),
            Some(Token::Symbol(name)) => Some(name.clone()),
            _ => None,
        };
        let mut target = keys.to_vec();
        let fetches = callee.last().is_some_and(|method| method == "fetch");
        if name.is_some() && last_is_sensitive(keys) && fetches {
            self.at += 1; // `ENV.fetch('X', 'default')` is still the setting's value
        } else if let Some(name) = name
            && self.is_at(1, ",")
            && !last_is_sensitive(keys)
        {
            self.at += 2;
            target.push(name.trim_end_matches('=').to_owned());
            self.skip_blank();
            self.expression(&target);
            target.pop();
        }
        if !close.is_empty() {
            self.items(close, &target);
            return;
        }
        loop {
            self.expression(&target);
            if !self.is(",") {
                return;
            }
            self.at += 1;
            self.skip_blank();
        }
    }

    /// A variable's literals become values of `keys`; its text, if it holds exactly one.
    pub(super) fn variable(&mut self, own: &[String], keys: &[String]) -> Option<Vec<u8>> {
        let held = self.variables.get(&own[0])?;
        let below = |kept: &&Kept| own.len() == 1 || kept.0.last() == own.last();
        let values: Vec<Kept> = held.iter().filter(below).take(64).cloned().collect();
        for (inner, value) in &values {
            let path =
                if inner.len() > 1 && own.len() == 1 { [keys, &inner[1..]].concat() } else { keys.to_vec() };
            self.leaf(&path, value);
        }
        if let [(_, value)] = values.as_slice() { Some(value.clone()) } else { None }
    }

    /// A string with the variables in it replaced by their texts, as far as they are known.
    pub(super) fn resolved(&self, parts: &[Part]) -> Vec<u8> {
        let mut text = Vec::new();
        for part in parts {
            match part {
                Part::Literal(bytes) => text.extend_from_slice(bytes),
                Part::Code(_) if text.len() > LONGEST => {}
                Part::Code(tokens) => {
                    if let Some(Token::Name(name)) = tokens.first()
                        && let Some(held) = self.variables.get(name)
                    {
                        let key = tokens.iter().rev().find_map(|token| match token {
                            Token::Text(parts) => Some(plain(parts)),
                            Token::Symbol(name) => Some(name.clone()),
                            _ => None,
                        });
                        let fits = |kept: &&Kept| key.is_none() || kept.0.last() == key.as_ref();
                        text.extend(held.iter().find(fits).map(|kept| kept.1.as_slice()).unwrap_or_default());
                    }
                }
            }
        }
        text
    }

    /// What is interpolated is code with literals of its own: `#{ENV.fetch('X', 'default')}`.
    pub(super) fn inner(&mut self, parts: &[Part], keys: &[String]) {
        for part in parts {
            let Part::Code(tokens) = part else { continue };
            if self.depth >= DEEPEST {
                self.even = false;
                return;
            }
            let mut inner = Walk::new(tokens, self.variables, self.harvest.as_deref_mut());
            inner.depth = self.depth + 1;
            inner.expression(keys);
        }
    }
}

pub(super) fn last_is_sensitive(keys: &[String]) -> bool {
    keys.last().is_some_and(names::might_be_sensitive)
}

pub(super) fn takes_arguments(method: &str) -> bool {
    matches!(
        method,
        "store"
            | "merge"
            | "merge!"
            | "update"
            | "fetch"
            | "load"
            | "parse"
            | "safe_load"
            | "concat"
            | "push"
            | "send"
            | "public_send"
            | "__send__"
    )
}

/// `File.read('x')`: the literal names where the value is, and is none.
fn reads_elsewhere(callee: &[String]) -> bool {
    let first = callee.first().map_or("", String::as_str);
    let last = callee.last().map_or("", String::as_str);
    matches!(first, "File" | "IO" | "Dir" | "Pathname" | "require" | "require_relative" | "from_file")
        || matches!(
            last,
            "load_file" | "read" | "readlines" | "exist?" | "include?" | "start_with?" | "end_with?"
        )
}
