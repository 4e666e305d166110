//! Names that are values themselves: `{"key":"password","value":"x"}` in either order, `<key>…</key><string>`, form parts,
//! environment lists.

use std::ops::Range;

use super::{
    glue::Cursor,
    keyed::{items, judged},
    names::{Kind, Name},
    values::Stance,
};

/// How far a value may stand from its name.
const NEAR: usize = 60;
/// How far back a value may begin.
const BACK: usize = 300;

pub(super) fn found(text: &[u8], name: &Name) -> Option<Range<usize>> {
    let introduced = introduction(text, name)?;
    match behind(text, name) {
        Behind::Value(value) => value,
        Behind::Nothing => {
            part(text, name).or_else(|| tagged(text, name)).or_else(|| before(text, introduced, name.kind))
        }
    }
}

/// Where the word stands that introduces the name: `key`, `name`, `value`.
fn introduction(text: &[u8], name: &Name) -> Option<usize> {
    let window = &text[name.at.start.saturating_sub(40)..name.at.start];
    let glue = |b: &u8| matches!(b, b'"' | b'\'' | b'\\' | b':' | b'=' | b'>' | b' ' | b'[');
    let length = window.iter().rev().take_while(|b| glue(b)).count();
    let window = window.strip_suffix(b"&quot;").unwrap_or(&window[..window.len() - length]);
    let last = &window[window.len().saturating_sub(5)..];
    let word = [&b"value"[..], b"key", b"name", b"tring"].into_iter().find(|word| {
        last.len() >= word.len() && last[last.len() - word.len()..].eq_ignore_ascii_case(word)
    })?;
    (length > 0).then_some(name.at.start - length - word.len())
}

/// What stands behind a name.
enum Behind {
    /// A value: a secret or none.
    Value(Option<Range<usize>>),
    Nothing,
}

/// The value behind the name.
fn behind(text: &[u8], name: &Name) -> Behind {
    let rest = text.get(name.at.end..).unwrap_or_default();
    let window = &rest[..rest.len().min(NEAR)];
    for (at, _) in window.windows(5).enumerate().filter(|(_, word)| word.eq_ignore_ascii_case(b"value")) {
        // Of the same object, or of the pair that GitLab writes for a CI variable.
        let letters = || window[..at].iter().copied().filter(u8::is_ascii_alphabetic);
        if !letters().eq(*b"") && !letters().eq(*b"keyvalue") && !letters().eq(*b"secret") {
            continue;
        }
        let mut cursor = Cursor::new(text, name.at.end + at + 5);
        cursor.quotes(true);
        cursor.blanks(2);
        if cursor.sign().is_none() {
            continue;
        }
        cursor.blanks(2);
        cursor.quote = None;
        if matches!(cursor.peek(), Some(b'{' | b'[')) {
            return Behind::Value(items(text, cursor.at));
        }
        cursor.quotes(false);
        let stance = if cursor.quote.is_some() { Stance::Quoted } else { Stance::Loose };
        return Behind::Value(judged(&cursor, name.kind, stance));
    }
    Behind::Nothing
}

/// A part of a form: the value behind an empty line.
fn part(text: &[u8], name: &Name) -> Option<Range<usize>> {
    const EMPTY: &[&[u8]] = &[b"\r\n\r\n", b"\n\n", b"\\r\\n\\r\\n", b"\\n\\n"];
    let mut cursor = Cursor::new(text, name.at.end);
    cursor.quotes(true);
    let rest = cursor.rest();
    let window = &rest[..rest.len().min(80)];
    if !matches!(window, [b'\r' | b'\n' | b'\\', ..]) || cursor.quote.is_none() {
        return None;
    }
    let (at, length) = EMPTY
        .iter()
        .filter_map(|empty| memchr::memmem::find(window, empty).map(|at| (at, empty.len())))
        .min()?;
    let mut cursor = Cursor::new(text, cursor.at + at + length);
    cursor.quote = None;
    judged(&cursor, name.kind, Stance::Tight)
}

/// `<key>password</key><string>x</string>`, `<entry key="password">x</entry>`
fn tagged(text: &[u8], name: &Name) -> Option<Range<usize>> {
    let rest = text.get(name.at.end..)?;
    let window = &rest[..rest.len().min(NEAR)];
    let string =
        memchr::memmem::find(window, b"<string>").filter(|_| window.starts_with(b"</")).map(|at| at + 8);
    let length = string.or(window.starts_with(b"\">").then_some(2))?;
    judged(&Cursor::new(text, name.at.end + length), name.kind, Stance::Quoted)
}

/// The value before the name.
fn before(text: &[u8], introduced: usize, kind: Kind) -> Option<Range<usize>> {
    let from = introduced.saturating_sub(BACK);
    let window = &text[from..introduced];
    let mut end = window.len();
    for _ in 0..3 {
        let at = memchr::memmem::rfind(&window[..end], b"value")?;
        end = at;
        let mut cursor = Cursor::new(&text[..introduced], from + at + 5);
        cursor.quotes(true);
        cursor.blanks(2);
        if cursor.sign().is_none() {
            continue;
        }
        cursor.blanks(2);
        cursor.quote = None;
        cursor.quotes(false);
        cursor.quote?;
        let value = judged(&cursor, kind, Stance::Quoted)?;
        return is_of_one(&text[value.end..introduced]).then_some(value);
    }
    None
}

/// Whether a value and a name with this between them belong together: `"v","key":"password"` and
/// `"v"},{"key":"key","value":"PASSWORD"`, but not `"v"},{"key":"token"`.
fn is_of_one(between: &[u8]) -> bool {
    if between.len() > 60 {
        return false;
    }
    let letters = || between.iter().copied().filter(u8::is_ascii_alphabetic);
    match between.contains(&b'}') {
        true => letters().eq(*b"keykey"),
        false => letters().eq(*b""),
    }
}
