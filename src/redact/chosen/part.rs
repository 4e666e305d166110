//! The parts of a path, between slashes in any form. Knows none of GitLab's words.

use std::ops::Range;

/// Longest name of a group or project.
pub(super) const LONGEST: usize = 255;
/// Groups nest 20 deep; a few more for what stands around them in a route.
const MOST: usize = 28;

/// A part of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) place: Range<usize>,
    /// Bytes of the slash before it.
    pub(super) slash: usize,
    /// Whether what follows it ends it: `user=` goes on.
    pub(super) whole: bool,
}

impl Part {
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }

    /// Whether GitLab allows such a name.
    pub(super) fn is_plain(&self, text: &[u8]) -> bool {
        text[self.place.clone()].iter().all(|byte| is_name_byte(*byte))
    }
}

/// Bytes of a slash in any form: `/`, `\/`, `%2F`, `%252F`.
pub(super) fn slash(text: &[u8], at: usize) -> usize {
    match text.get(at..) {
        Some([b'/', ..]) => 1,
        Some([b'\\', rest @ ..]) => {
            let more = rest.iter().take(7).take_while(|byte| **byte == b'\\').count();
            if rest.get(more) == Some(&b'/') { more + 2 } else { 0 }
        }
        Some([b'%', b'2', b'F' | b'f', ..]) => 3,
        Some([b'%', b'2', b'5', b'2', b'F' | b'f', ..]) => 5,
        _ => 0,
    }
}

/// What GitLab allows in a name.
pub(super) fn is_name_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-')
}

/// Whether a path begins with the slash at the end of this.
pub(super) fn begins_a_path(before: &[u8]) -> bool {
    let Some(before) = before.strip_suffix(b"/") else { return false };
    before.last().is_none_or(|byte| !is_name_byte(*byte) && !b"/~%\\".contains(byte))
}

/// What may stand in what people see of a project, with slashes between and JSON's escapes.
pub(super) fn is_title_byte(byte: u8) -> bool {
    is_name_byte(byte) || byte >= 0x80 || b" +()&',/\\".contains(&byte)
}

fn end_of(text: &[u8], mut at: usize) -> usize {
    let from = at;
    while let Some(byte) = text.get(at)
        && at - from <= LONGEST
        && (is_name_byte(*byte)
            || b"+~@".contains(byte)
            || *byte >= 0x80
            || (*byte == b'%' && slash(text, at) == 0 && !text[at + 1..].starts_with(b"3")))
    {
        at += 1;
    }
    at
}

/// The parts of the path that begins at `start`, with a slash or without; where it ends.
pub(super) fn parts(text: &[u8], start: usize, parts: &mut Vec<Part>) -> usize {
    parts.clear();
    let mut at = start;
    while parts.len() < MOST {
        let slash = slash(text, at);
        if slash == 0 && !parts.is_empty() {
            break;
        }
        let place = at + slash..end_of(text, at + slash);
        if place.is_empty() || place.len() > LONGEST {
            break;
        }
        at = place.end;
        parts.push(Part { slash, whole: ends_part(text, at), place });
    }
    at
}

fn ends_part(text: &[u8], at: usize) -> bool {
    match text.get(at..) {
        None | Some([]) => true,
        Some([b':', rest @ ..]) => {
            rest.first().is_none_or(|b| b.is_ascii_whitespace() || b"\"'\\".contains(b))
        }
        Some([byte, ..]) => {
            byte.is_ascii_whitespace() || b"\"'?#,)]};<>&|`\\".contains(byte) || slash(text, at) > 0
        }
    }
}
