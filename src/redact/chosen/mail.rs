//! Where mail addresses stand. Makes no pseudonym.

use std::ops::Range;

use super::{host, words};

/// Longest part before the at sign.
const LONGEST: usize = 64;

/// The address around the at sign (`@` or `%40`, so many bytes), no part of it before `from`.
pub(super) fn around(text: &[u8], at: usize, sign: usize, from: usize) -> Option<Range<usize>> {
    let near = &text[at.saturating_sub(LONGEST + 1).max(from)..at];
    let length = near.iter().rev().take_while(|byte| is_local(**byte)).count();
    let mut start = at - length;
    // The letter of `\n` and the digits of `%22` are no part of a name.
    if start > 0 && text[start - 1] == b'\\' && matches!(text[start], b'n' | b'r' | b't') {
        start += 1;
    }
    while start < at && matches!(text[start], b'.' | b'-') {
        start += 1;
    }
    if let Some(percent) = memchr::memrchr(b'%', &text[start..at])
        && text[start + percent..at].len() >= 3
    {
        start += percent + 3;
    }
    let local = &text[start..at];
    if local.is_empty() || length > LONGEST || memchr::memmem::find(local, b"__REDACTED.").is_some() {
        return None;
    }
    let behind = text.get(at + sign..)?;
    let domain = behind.iter().take(254).take_while(|byte| host::is_host_byte(**byte)).count();
    let domain = without_suffix(text, host::trimmed(text, at + sign..at + sign + domain));
    let name = &text[domain.clone()];
    let last = name.rsplit(|byte| *byte == b'.').next()?;
    let fits = domain.start == at + sign
        && name.contains(&b'.')
        && host::is_name(name)
        && last.len() >= 2
        && last.iter().all(u8::is_ascii_alphabetic)
        && !words::is_no_domain(last);
    (fits && !is_in_url(text, start) && !is_repository(text, local, domain.end)).then_some(start..domain.end)
}

/// `acme.com.log` is a domain and the end of a file's name.
fn without_suffix(text: &[u8], domain: Range<usize>) -> Range<usize> {
    let last = |place: Range<usize>| text[place].rsplit(|byte| *byte == b'.').next().unwrap_or_default();
    let end = domain.end - last(domain.clone()).len();
    if words::is_no_domain(&text[end..domain.end]) && end > domain.start {
        let shorter = domain.start..end - 1;
        if words::parts_under(last(shorter.clone())).is_some() {
            return shorter;
        }
    }
    domain
}

/// The parts of an address: what is before the sign, the sign, and the domain.
pub(super) fn parts(address: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let (at, sign) = match memchr::memchr(b'@', address) {
        Some(at) => (at, 1),
        None => (memchr::memmem::find(address, b"%40")?, 3),
    };
    Some((&address[..at], &address[at..at + sign], &address[at + sign..]))
}

fn is_local(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b".+_~-%".contains(&byte) || byte >= 0x80
}

/// `https://ana:secret@host`, also percent-encoded: what stands there is no mail address.
fn is_in_url(text: &[u8], start: usize) -> bool {
    let near = &text[start.saturating_sub(200)..start];
    let length = near.iter().rev().take_while(|byte| !host::ends_authority(byte)).count();
    let (before, inside) = near.split_at(near.len() - length);
    let encoded = inside.len().checked_sub(6).is_some_and(|last| {
        (0..=last).rev().find(|at| inside[*at..at + 6].eq_ignore_ascii_case(b"%2F%2F")).is_some_and(|at| {
            let rest = inside[at + 6..].split(|byte| *byte == b'%').skip(1);
            rest.into_iter().all(|part| part.get(..2).is_some_and(|sign| sign.eq_ignore_ascii_case(b"3A")))
        })
    });
    before.ends_with(b"//") || encoded
}

/// `git@host:group/project.git`.
fn is_repository(text: &[u8], local: &[u8], end: usize) -> bool {
    local.eq_ignore_ascii_case(b"git")
        || (text.get(end) == Some(&b':') && text.get(end + 1).is_some_and(u8::is_ascii_alphabetic))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<&str> {
        let (at, sign) = match text.find('@') {
            Some(at) => (at, 1),
            None => (text.find("%40").unwrap(), 3),
        };
        around(text.as_bytes(), at, sign, 0).map(|place| &text[place])
    }

    #[test]
    fn addresses_are_found_whole() {
        for text in ["ana.schmidt+x@acme.de", "ANA@mail.acme.co.uk", "ana%40acme.com", "a_b-c@x-y.org"] {
            for around in [
                text.to_owned(),
                format!("to=<{text}>,"),
                format!("\"{text}\""),
                format!("{text}."),
                format!("q?a={text}&b"),
                format!("\\n{text}\\n"),
            ] {
                assert_eq!(found(&around), Some(text), "{around}");
            }
        }
    }

    #[test]
    fn other_at_signs_are_no_mail() {
        for text in [
            "https://ana:pw@git.acme.com/x",
            "git@git.acme.com:a/b.git",
            "deploy@git.acme.com:srv/x",
            "user@1000.service",
            "logo@2x.png",
            "\"peer.address\":\"@\"",
            "root@db1",
            "@hashed/ab/cd",
            "pkg@1.2.3",
            "__REDACTED.x.12345678__@acme.com",
        ] {
            assert_eq!(found(text), None, "{text}");
        }
    }
}
