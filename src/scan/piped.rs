//! A password that is written into a program: `echo x | docker login --password-stdin`, `passwd --stdin <<< x`.

use std::ops::Range;

use super::{
    names::Kind,
    values::{Stance, is_secret},
    words::Words,
};

/// How far before a program what is written into it may begin, and how far behind it.
const NEAR: usize = 200;

/// What stands before or behind the program or option that ends at `at`. `login`: of `user:x` what stands behind the colon.
pub(super) fn found(text: &[u8], at: usize, login: bool) -> Option<Range<usize>> {
    before(text, at, login).or_else(|| behind(text, at, login))
}

/// `echo x |`
fn before(text: &[u8], at: usize, login: bool) -> Option<Range<usize>> {
    const PRINTERS: &[&[u8]] = &[b"echo ", b"printf "];
    let from = at.saturating_sub(NEAR);
    let line = text[from..at].rsplit(|b| *b == b'\n').next()?;
    let pipe = memchr::memrchr(b'|', line)?;
    let written = &line[..pipe];
    let printer = PRINTERS
        .iter()
        .filter_map(|word| memchr::memmem::rfind(written, word).map(|at| at + word.len()))
        .max()?;
    let begin = at - line.len();
    let format = |word: &[u8]| word.starts_with(b"-") || word.starts_with(b"%");
    let mut words = Words::between(text, begin + printer..begin + pipe);
    // `printf '%s:%s' user x`
    let mut pair = false;
    let mut word = words.find(|word| {
        pair |= text[word.clone()].starts_with(b"%s:%s");
        !format(&text[word.clone()])
    })?;
    if pair {
        word = words.next()?;
        return judged(text, word, false);
    }
    judged(text, word, login)
}

/// `<<< x`
fn behind(text: &[u8], at: usize, login: bool) -> Option<Range<usize>> {
    let rest = text.get(at..)?;
    let near = &rest[..rest.len().min(60)];
    let line = near.split(|b| *b == b'\n').next()?;
    let sign = memchr::memmem::find(line, b"<<<")? + 3;
    let word = Words::between(text, at + sign..at + rest.len().min(NEAR)).next()?;
    judged(text, word, login)
}

fn judged(text: &[u8], word: Range<usize>, login: bool) -> Option<Range<usize>> {
    let colon = login.then(|| memchr::memchr(b':', &text[word.clone()])).flatten();
    let word = colon.map_or(word.start, |at| word.start + at + 1)..word.end;
    is_secret(&text[word.clone()], Kind::Password, Stance::Tight).then_some(word)
}
