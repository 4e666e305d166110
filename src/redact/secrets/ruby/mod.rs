//! gitlab.rb and other Ruby configuration: read as Ruby, never run.
//!
//! Lexed with care (`lex`), walked for what is assigned to which key (`walk`). Old settings in comments
//! count. Of a file that does not come out even (a string without an end, a bracket too few) every
//! literal is a candidate, and the caller is told.

mod blocks;
mod calls;
mod lex;
mod text;
mod walk;

use lex::{Lexed, Part, Token};

use super::{harvest::Harvest, lines, values};

/// Hands over every literal with its keys; false where the file could not be parsed, so that every
/// literal of it was taken.
pub(super) fn leaves(text: &[u8], harvest: &mut Harvest) -> bool {
    let lexed = lex::lex(text);
    let even = walk::walk(&lexed.tokens, harvest) && lexed.whole;
    for block in comment_blocks(&lexed) {
        walk::walk(&lex::lex_comment(&block).tokens, harvest);
        lines::leaves(&block, &[], harvest);
    }
    if !even {
        every_literal(&lexed.tokens, harvest);
        every_quoted_run(text, harvest);
    }
    even
}

/// Comments that stand on lines of their own, one below the other, as one text without their marks.
fn comment_blocks(lexed: &Lexed) -> Vec<Vec<u8>> {
    let mut blocks = Vec::new();
    let mut block: Vec<u8> = Vec::new();
    let mut newlines = 0;
    for token in &lexed.tokens {
        match token {
            Token::Comment(text, alone) => {
                if !alone || newlines > 1 {
                    blocks.push(std::mem::take(&mut block));
                }
                let marks = text.iter().take_while(|b| matches!(b, b'#' | b'!' | b'+')).count();
                let text = text[marks..].strip_prefix(b" ").unwrap_or(&text[marks..]);
                block.extend_from_slice(text);
                block.push(b'\n');
                newlines = 0;
            }
            Token::Newline => newlines += 1,
            _ => newlines = 2,
        }
    }
    blocks.push(block);
    blocks.retain(|block| !block.is_empty());
    blocks
}

fn every_literal(tokens: &[Token], harvest: &mut Harvest) {
    for (i, token) in tokens.iter().enumerate() {
        match token {
            Token::Text(parts) => {
                let is_key = matches!(tokens.get(i + 1), Some(Token::Punct("=>")))
                    || (matches!(tokens.get(i + 1), Some(Token::Punct("]")))
                        && i > 1
                        && matches!(tokens[i - 1], Token::Punct("["))
                        && matches!(tokens[i - 2], Token::Name(_)));
                if !is_key {
                    parts.iter().for_each(|part| match part {
                        Part::Literal(bytes) => candidate(bytes, harvest),
                        Part::Code(inner) => every_literal(inner, harvest),
                    });
                }
            }
            Token::Words(words) => words.iter().for_each(|word| candidate(word, harvest)),
            _ => {}
        }
    }
}

/// Whatever stands between two equal quotes of a line, either kind, wherever a parser would see none.
fn every_quoted_run(text: &[u8], harvest: &mut Harvest) {
    for line in text.split(|b| *b == b'\n') {
        for quote in [b'\'', b'"'] {
            for run in line.split(|b| *b == quote).skip(1).take(200) {
                candidate(run, harvest);
            }
        }
    }
    lines::leaves(text, &[], harvest);
}

/// Long enough to be searched for anywhere, and neither a path nor an address nor code.
fn candidate(value: &[u8], harvest: &mut Harvest) {
    let value = value.trim_ascii();
    let code = value.iter().any(|b| b"[]{}()".contains(b)) && value.contains(&b' ');
    let word = value.iter().all(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'-' | b'.' | b' ' | b','));
    let operator = !value.iter().any(u8::is_ascii_alphanumeric);
    if value.len() < 6 || code || word || operator || values::is_path(value) {
        harvest.leaf(&[""], value);
        return;
    }
    if values::is_url(value) {
        harvest.leaf(&["url"], value);
    } else {
        harvest.secret(value, None);
    }
}

#[cfg(test)]
mod tests;
