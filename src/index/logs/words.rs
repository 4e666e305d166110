//! The words of a line that tell what it is about: its JSON, its level, its message, and the few fields that
//! are shown of it.

use super::super::{
    fields::{Fields, Key},
    place::shortened,
};

/// The JSON in a line: the whole, or behind svlogd's time.
pub(super) fn json_in(line: &[u8]) -> Option<&[u8]> {
    match line.first()? {
        b'{' => Some(line),
        b'0'..=b'9' if line.get(10) == Some(&b'_') => {
            let space = memchr::memchr(b' ', line.get(..32.min(line.len()))?)?;
            line.get(space + 1..).filter(|rest| rest.starts_with(b"{"))
        }
        _ => None,
    }
}

/// The line without the times and numbers that it begins with; of a line of keys and values the message.
pub(super) fn undated(line: &[u8]) -> &[u8] {
    if let Some(at) = memchr::memmem::find(line, b" msg=") {
        return &line[at + 1..];
    }
    let marks = |b: &u8| b.is_ascii_digit() || b" -/_:.,+TZ".contains(b);
    let end = line.iter().position(|b| !marks(b)).unwrap_or(0);
    &line[end..]
}

pub(super) fn is_error(level: &[u8]) -> bool {
    [&b"error"[..], b"fatal", b"critical", b"panic", b"crit"]
        .iter()
        .any(|word| level.eq_ignore_ascii_case(word))
}

/// What an error is told by, as it is written.
pub(super) fn message(fields: &Fields<'_>) -> Vec<u8> {
    let parts = if fields.get(Key::ExceptionClass).is_empty() {
        [fields.get(Key::Message), fields.get(Key::Error)]
    } else {
        [fields.get(Key::ExceptionClass), fields.get(Key::ExceptionMessage)]
    };
    match parts {
        [first, b""] => first.to_vec(),
        [b"", second] => second.to_vec(),
        [first, second] => [first, b": ", second].concat(),
    }
}

/// The fields of a line that an engineer looks at first: a line of Rails has two thousand bytes.
pub(super) fn brief(line: &[u8], fields: &Fields<'_>) -> String {
    let mut parts: Vec<&[u8]> = Vec::new();
    for key in [
        Key::Time,
        Key::Level,
        Key::Status,
        Key::Caller,
        Key::Class,
        Key::JobStatus,
        Key::GrpcMethod,
        Key::GrpcCode,
        Key::ExceptionClass,
        Key::ExceptionMessage,
        Key::Message,
        Key::Error,
    ] {
        let value = fields.get(key);
        if !value.is_empty() {
            parts.push(value);
        }
    }
    if parts.len() < 2 { shortened(line) } else { shortened(&parts.join(&b' ')) }
}
