//! Private keys that are base64 to their end: an armoured one in base64 once more, or one that lost its
//! armour. On one line, or wrapped over lines of one width.

use super::{class::Class, form::Match, rule::Found, text::Text};
use crate::redact::finder::Until;

/// How far before the words that tell a key its text may begin.
const BEFORE: usize = 2 << 10;

/// Fewest characters of a line that another continues.
const WRAPPED: usize = 48;

/// Longest text that is followed over lines.
const LONGEST: usize = 64 << 10;

/// The base64 text around what tells that it is a key.
pub(super) fn find(text: &mut Text<'_>, told: Match, found: &mut Found<'_, '_>) {
    let start = start(text, told.from);
    let mut end = text.run_end(Class::BASE64, told.to, usize::MAX);
    found.push_open(text, start..end, text.is_cut_at(end).then_some(Until::WordEnd));
    if text.was_followed(start) {
        return;
    }
    let width = end - start;
    while width >= WRAPPED && end < start + LONGEST {
        let Some(next) = behind_break(text, end) else { return };
        end = text.run_end(Class::BASE64, next, LONGEST);
        let ends = text.at(end).is_none_or(|byte| b"\n\r\"'\\,;)]}<".contains(&byte));
        if end == next || end - next > width || !ends {
            return;
        }
        found.push(text, next..end);
        text.follow(end);
        if end - next < width {
            return;
        }
    }
}

/// Where the text of a key begins: at its first bytes in DER, at its armour's head, or as far as it goes.
fn start(text: &Text<'_>, told: usize) -> usize {
    if text.at(told) == Some(b'M') {
        return told;
    }
    let mut start = text.run_start(Class::BASE64, told, BEFORE);
    if text.before(start, 1) == b"\\" && matches!(text.at(start), Some(b'n' | b'r' | b't')) {
        start += 1;
    }
    memchr::memmem::find(text.slice(start..told), b"LS0tLS1CRUdJTi").map_or(start, |head| start + head)
}

/// Where the next line's characters begin, behind a line end as it is or escaped.
fn behind_break(text: &Text<'_>, at: usize) -> Option<usize> {
    let breaks: [&[u8]; 5] = [b"\r\n", b"\n", b"\r", b"\\r\\n", b"\\n"];
    let length = breaks.iter().find(|end| text.has(at, end))?.len();
    let rest = text.slice(at + length..text.bytes.len().min(at + length + 80));
    Some(at + length + rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count())
}
