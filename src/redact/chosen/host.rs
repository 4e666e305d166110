//! Where names of hosts stand: those that this host knows, those in a URL or beside a key, those that their
//! end tells. Makes no pseudonym.

use std::ops::Range;

use super::{Own, addresses, code, ip, words};

/// Parts of a name that are looked at; more has no name.
const PARTS: usize = 40;

/// The name in a run of letters, digits, dots, dashes and underscores, if there is one.
pub(super) fn in_run(text: &[u8], run: Range<usize>, own: &Own) -> Option<Range<usize>> {
    let mut from = run.start;
    // A name has no underscore: what stands around it is something else.
    for piece in text[run.clone()].split(|byte| *byte == b'_') {
        let place = trimmed(text, from..from + piece.len());
        from += piece.len() + 1;
        if memchr::memchr(b'.', &text[place.clone()]).is_some()
            && let Some(name) = in_piece(text, place, own)
        {
            return Some(name);
        }
    }
    None
}

/// Without the dots and dashes around it.
pub(super) fn trimmed(text: &[u8], mut place: Range<usize>) -> Range<usize> {
    let is_joint = |byte: u8| matches!(byte, b'.' | b'-');
    while place.start < place.end && is_joint(text[place.end - 1]) {
        place.end -= 1;
    }
    while place.start < place.end && is_joint(text[place.start]) {
        place.start += 1;
    }
    place
}

fn in_piece(text: &[u8], place: Range<usize>, own: &Own) -> Option<Range<usize>> {
    let word = &text[place.clone()];
    let last = word.rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    let parts = words::parts_under(last);
    let known = own.domain_in(word);
    if (parts.is_none() && known.is_none()) || code::is_in(word) {
        return None;
    }
    if let Some(end) = known {
        let name = place.start..place.start + end;
        return changes(&text[name.clone()], own).then_some(name);
    }
    let labels = memchr::memchr_iter(b'.', word).count() + 1;
    let called = text.get(place.end) == Some(&b'(');
    let fits = parts.is_some_and(|parts| labels >= parts) && labels <= PARTS && !called;
    (fits && is_name(word) && changes(word, own)).then_some(place)
}

/// Whether a word can be a host's name: parts of letters, digits and dashes, and a letter in the last.
pub(super) fn is_name(word: &[u8]) -> bool {
    let label = |label: &[u8]| {
        (1..=63).contains(&label.len())
            && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'-')
            && !label.starts_with(b"-")
            && !label.ends_with(b"-")
    };
    word.len() <= 253
        && word.split(|byte| *byte == b'.').all(label)
        && word
            .rsplit(|byte| *byte == b'.')
            .next()
            .is_some_and(|last| last.iter().any(u8::is_ascii_alphabetic))
        && ip::quad(word).is_none()
}

/// Whether a pseudonym would differ: some part is neither everybody's word nor a pseudonym.
pub(super) fn changes(name: &[u8], own: &Own) -> bool {
    !words::is_public(name)
        && !code::is_in(name)
        && name.split(|byte| *byte == b'.').any(|label| !own.keeps(label) && !is_done(label))
}

/// The host in the authority of a URL that begins here, and the user before it.
pub(super) fn in_url(text: &[u8], start: usize) -> (Option<Range<usize>>, Option<Range<usize>>) {
    let near = &text[start..text.len().min(start + 400)];
    let length = near.iter().position(ends_authority).unwrap_or(near.len());
    let (from, user) = match memchr::memrchr(b'@', &near[..length]) {
        Some(at) => {
            let name = memchr::memchr2(b':', b'@', near).unwrap_or(at);
            (at + 1, Some(start..start + name))
        }
        None => (0, None),
    };
    let host = near[from..length].iter().take_while(|byte| is_host_byte(**byte)).count();
    let place = trimmed(text, start + from..start + from + host);
    (Some(place).filter(|place| is_name(&text[place.clone()])), user)
}

/// Whether a URL's authority ends before this.
pub(super) fn ends_authority(byte: &u8) -> bool {
    byte.is_ascii_whitespace() || b"/?#\"'<>\\`|,;{}()".contains(byte)
}

pub(super) fn is_host_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-')
}

/// Whether a part of a name is a pseudonym already.
pub(super) fn is_done(label: &[u8]) -> bool {
    code::starts(label) || ip::dashed(label).is_some_and(addresses::is_pseudonym)
}
