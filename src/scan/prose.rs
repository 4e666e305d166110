//! Sentences that tell a secret: `the password for deploy is x`. Only what nobody would write for another reason is one here.

use std::ops::Range;

use super::{
    names::{Kind, Name},
    values::is_opaque,
};

/// Words between a name and its value.
#[rustfmt::skip] // rows
const LINKS: &[&[u8]] = &[
    b"is", b"was", b"set", b"to", b"for", b"user", b"changed", b"from", b"key", b"with", b"as", b"are", b"root", b"parameter", b"mismatch:", b"got", b"is:", b"=", b":", b"token", b"secret", b"been",
];

/// The value that follows a name in a sentence, with some words between.
pub(super) fn found(text: &[u8], name: &Name) -> Option<Range<usize>> {
    const LONGEST: usize = 120;
    let rest = text.get(name.at.end..)?;
    let blank = |b: &u8| matches!(b, b' ' | b'\t' | b'|' | b'.' | b':');
    let blanks = rest.iter().take(40).take_while(|b| blank(b)).count();
    let called = matches!(rest, [b'=', b'<' | b'(', ..]);
    if blanks == 0 && !called
        || rest.starts_with(b".") && !rest.starts_with(b"..")
        || matches!(rest, [b':', next, ..] if !next.is_ascii_whitespace())
        || name.kind == Kind::Login
        || name.kind == Kind::Session
    {
        return None;
    }
    let window = &rest[..rest.len().min(LONGEST)];
    let mut at = blanks.max(usize::from(called) * 2);
    let start = at;
    for _ in 0..6 {
        let word = &window[at..];
        let word = &word[..word
            .iter()
            .position(|b| b.is_ascii_whitespace() || matches!(b, 0x1b | b'\\' | b'|'))
            .unwrap_or(word.len())];
        let (begin, value) = bared(word);
        if is_opaque(value, name.kind) {
            return Some(name.at.end + at + begin..name.at.end + at + begin + value.len());
        }
        // Whose it is.
        let user = at > start && [&b"user "[..], b"for ", b"of "].iter().any(|of| window[..at].ends_with(of));
        if !user && !LINKS.iter().any(|link| word.eq_ignore_ascii_case(link)) {
            return None;
        }
        at += word.len() + 1;
        if at >= window.len() {
            return None;
        }
    }
    None
}

/// A word without quotes, brackets and the stop behind it.
fn bared(word: &[u8]) -> (usize, &[u8]) {
    let around = |b: &u8| b"\"'()[]<>\\".contains(b);
    let begin = word.iter().take_while(|b| around(b)).count();
    let close = |b: &u8| b"\"<>".contains(b);
    let word = &word[..word[begin..].iter().position(close).map_or(word.len(), |at| begin + at)];
    let behind = word.iter().rev().take_while(|b| around(b) || b".,;:".contains(b)).count();
    (begin, &word[begin..word.len().saturating_sub(behind).max(begin)])
}
