//! Secrets that a statement of SQL tells by their place: `IDENTIFIED BY`, columns of an INSERT, parameters of a prepared one.

use std::ops::Range;

use super::{
    commands::one,
    glue::Cursor,
    keyed::judged,
    names::{Kind, Name, STEMS},
    values::Stance,
};

/// `IDENTIFIED WITH x BY 'secret'`
pub(super) fn identified(text: &[u8], at: usize) -> Option<Range<usize>> {
    let window = text.get(at..)?;
    let window = &window[..window.len().min(60)];
    let by = [&b"BY '"[..], b"by '", b"BY \""].into_iter().find_map(|by| memchr::memmem::find(window, by))?;
    let before = &window[..by];
    let plugin = before.iter().all(|b| b.is_ascii_alphanumeric() || b"_' ".contains(b));
    plugin.then(|| one(text, at + by + 3, Stance::Quoted))?
}

/// Whether a word names a secret.
fn is_named(word: &[u8]) -> bool {
    let lower = word.to_ascii_lowercase();
    STEMS.iter().any(|stem| {
        memchr::memmem::find(&lower, stem.text.as_bytes())
            .is_some_and(|at| Name::around(word, at, stem).is_some())
    })
}

/// `DETAIL:  parameters: $1 = 'x'`, where the statement before has `password = $1` or `PASSWORD $1`.
pub(super) fn parameters(text: &[u8], at: usize) -> Option<Range<usize>> {
    const STATEMENT: usize = 2000;
    const LONGEST: usize = 1000;
    let at = at - b"$1".len();
    let before = &text[at.saturating_sub(STATEMENT)..at];
    let rest = text.get(at..)?;
    let line = rest[..rest.len().min(LONGEST)].split(|b| *b == b'\n').next()?;
    memchr::memchr_iter(b'$', line).take(16).find_map(|dollar| {
        let digits = line[dollar + 1..].iter().take(3).take_while(|b| b.is_ascii_digit()).count();
        let number = &line[dollar..dollar + 1 + digits];
        let quote =
            line[dollar + 1 + digits..].starts_with(b" = '").then_some(at + dollar + 1 + digits + 3)?;
        let asked = memchr::memmem::rfind(before, number)?;
        let exact = !before.get(asked + number.len()).is_some_and(u8::is_ascii_digit);
        let lead = before[..asked].trim_ascii_end();
        let lead = lead.strip_suffix(b"=").unwrap_or(lead).trim_ascii_end();
        let lead = lead.strip_suffix(b"\"").unwrap_or(lead);
        let name =
            lead.iter().rev().take(60).take_while(|b| b.is_ascii_alphanumeric() || **b == b'_').count();
        (exact && is_named(&lead[lead.len() - name..])).then(|| one(text, quote, Stance::Quoted))?
    })
}

/// The values of columns that are called like secrets.
pub(super) fn insert(text: &[u8], at: usize) -> Option<Range<usize>> {
    const LONGEST: usize = 600;
    let rest = text.get(at..)?;
    let rest = &rest[..rest.len().min(LONGEST)];
    let open = memchr::memchr(b'(', &rest[..rest.len().min(80)])? + 1;
    let close = open + memchr::memchr(b')', &rest[open..])?;
    let mut columns = rest[open..close].split(|b| *b == b',');
    let secret = columns.position(|column| is_named(column.trim_ascii()))?;
    let values = close + memchr::memchr(b'(', &rest[close..rest.len().min(close + 20)])? + 1;
    let mut cursor = Cursor::new(text, at + values);
    for index in 0..=secret {
        cursor.blanks(2);
        cursor.quote = None;
        cursor.quotes(false);
        if index == secret {
            cursor.quote?;
            return judged(&cursor, Kind::Password, Stance::Quoted);
        }
        let rest = cursor.rest();
        let window = &rest[..rest.len().min(200)];
        let value = cursor.quote.map_or(Some(0), |quote| memchr::memchr(quote, window).map(|at| at + 1))?;
        cursor.at += value + memchr::memchr(b',', &window[value..])? + 1;
    }
    None
}
