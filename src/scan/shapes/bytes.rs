//! Classes of bytes, and runs of them.

pub(super) fn alnum(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
}

pub(crate) fn word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-'
}

/// Letters of one case and digits.
pub(super) fn upper(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

pub(super) fn lower(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

pub(super) fn hex(byte: u8) -> bool {
    byte.is_ascii_hexdigit()
}

pub(crate) fn base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte)
}

/// What crypt(3) writes.
pub(super) fn crypt64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'.' || byte == b'/'
}

/// Tokens of several parts.
pub(super) fn dotted(byte: u8) -> bool {
    word(byte) || byte == b'.'
}

/// Bytes of a class at the beginning, counted no further than `most`.
pub(super) fn run(text: &[u8], class: fn(u8) -> bool, most: usize) -> usize {
    text.iter().take(most).take_while(|b| class(**b)).count()
}

/// The same, at the end.
pub(super) fn run_back(text: &[u8], class: fn(u8) -> bool, most: usize) -> usize {
    text.iter().rev().take(most).take_while(|b| class(**b)).count()
}

/// A run of at least `least` bytes that is neither a word of small letters nor one letter again and again.
pub(super) fn varied(text: &[u8], class: fn(u8) -> bool, least: usize) -> Option<usize> {
    let body = &text[..run(text, class, least)];
    let mixed = body.iter().any(|b| b.is_ascii_digit() || b.is_ascii_uppercase());
    let first = *body.first()?;
    let masked = body.iter().filter(|b| **b == first).count() * 2 > body.len();
    (body.len() >= least && mixed && !masked).then_some(body.len())
}

/// Whether a word can begin behind `before`: nothing of a word there, or one that belongs to an escape.
pub(super) fn is_apart(before: &[u8]) -> bool {
    match before {
        [.., b'%', a, b] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => true,
        [.., b'\\', b'n' | b't' | b'r'] => true,
        [.., b'\\', b'u', b'0', b'0', _, _] => true,
        [.., b] => !b.is_ascii_alphanumeric() && *b != b'-' && *b != b'_' || *b == b'm' && is_colour(before),
        [] => true,
    }
}

/// Whether a terminal's colour ends here.
fn is_colour(before: &[u8]) -> bool {
    let numbers =
        before.iter().rev().skip(1).take(8).take_while(|b| b.is_ascii_digit() || **b == b';').count();
    before.len().checked_sub(numbers + 2).is_some_and(|at| before[at] == b'[')
}
