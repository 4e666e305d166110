//! Where an address stands in a text, and where what looks like one is a version. Makes no pseudonym.

use std::{
    collections::HashSet,
    net::{Ipv4Addr, Ipv6Addr},
    ops::Range,
};

use super::{addresses, code};

/// Longest text of an IPv6 address, and a few bytes for what is wrong with a longer one.
const LONGEST_V6: usize = 48;

/// How far back a word that explains a number is looked for.
const NEAR: usize = 48;

/// Words that say that a version follows, as the end of a longer word too.
const OF_VERSIONS: &[&str] =
    &["version", "versions", "release", "ver", "revision", "upgrade", "upgraded", "v"];

/// Words that say that an address follows, or are a part of a key that does.
const OF_ADDRESSES: &[&str] = &[
    "ip",
    "addr",
    "address",
    "host",
    "client",
    "peer",
    "remote",
    "forwarded",
    "from",
    "for",
    "by",
    "via",
    "at",
    "server",
    "node",
    "bind",
    "listen",
    "gateway",
];

/// The address that this is, in its usual form: no leading zeros, nothing around it.
pub(super) fn quad(text: &[u8]) -> Option<Ipv4Addr> {
    if !(7..=15).contains(&text.len()) {
        return None;
    }
    let mut octets = [0; 4];
    let mut parts = text.split(|byte| *byte == b'.');
    for octet in &mut octets {
        let part = parts.next()?;
        let fits = (1..=3).contains(&part.len()) && (part.len() == 1 || part[0] != b'0');
        if !fits || !part.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let value = part.iter().fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0'));
        *octet = u8::try_from(value).ok()?;
    }
    parts.next().is_none().then(|| Ipv4Addr::from(octets))
}

/// The address in `ip-10-20-4-3`.
pub(super) fn dashed(text: &[u8]) -> Option<Ipv4Addr> {
    let (front, rest) = text.split_at_checked(3)?;
    if !front.eq_ignore_ascii_case(b"ip-") || rest.contains(&b'.') {
        return None;
    }
    quad(&rest.iter().map(|byte| if *byte == b'-' { b'.' } else { *byte }).collect::<Vec<u8>>())
}

const REVERSED: &[u8] = b".in-addr.arpa";

/// The address in `3.4.20.10.in-addr.arpa`.
pub(super) fn reversed(text: &[u8]) -> Option<Ipv4Addr> {
    let at = text.len().checked_sub(REVERSED.len())?;
    let octets = quad(&text[..at])?.octets();
    let [a, b, c, d] = octets;
    text[at..].eq_ignore_ascii_case(REVERSED).then(|| Ipv4Addr::new(d, c, b, a))
}

/// The IPv4 addresses in a run of letters, digits, dots, dashes and underscores, and whether one is a pseudonym.
pub(super) fn in_run(
    text: &[u8],
    run: Range<usize>,
    own: &HashSet<Ipv4Addr>,
    mut found: impl FnMut(Range<usize>, bool),
) {
    let word = &text[run.clone()];
    if let Some(at) = word.len().checked_sub(REVERSED.len())
        && word[at..].eq_ignore_ascii_case(REVERSED)
    {
        let start =
            word[..at].iter().rev().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
        let place = run.start + at - start..run.end;
        if let Some(address) = reversed(&text[place.clone()])
            && (addresses::hides(address) || addresses::is_pseudonym(address))
        {
            found(place, !addresses::hides(address));
        }
        return;
    }
    let mut at = run.start;
    while at < run.end {
        let numeric = |byte: &u8| byte.is_ascii_digit() || *byte == b'.';
        let length = text[at..run.end].iter().take_while(|byte| numeric(byte)).count();
        let (start, end) = (at, at + length);
        at = end + 1;
        // No address and its dots is longer, and few are shorter.
        if !(7..=18).contains(&length) {
            continue;
        }
        let before = text[start..end].iter().take_while(|byte| **byte == b'.').count();
        let behind = text[start..end].iter().rev().take_while(|byte| **byte == b'.').count();
        let place = start + before..(end - behind).max(start + before);
        let Some(address) = quad(&text[place.clone()]) else { continue };
        if !addresses::hides(address) {
            if addresses::is_pseudonym(address) {
                found(place, true);
            }
            continue;
        }
        let left = text[run.start..start].last().copied();
        let right = text[end..run.end].first().copied();
        let plain = own.contains(&address) || addresses::is_private(address);
        let hidden = match (left, right) {
            (None, None) => own.contains(&address) || !is_version(text, place.clone(), address),
            (Some(byte), _) if byte.is_ascii_alphanumeric() && before == 0 => false,
            (_, Some(byte)) if byte.is_ascii_alphanumeric() && behind == 0 => false,
            (left, right) => plain || is_one_of_two(text, &run, start, end, left, right),
        };
        if hidden {
            found(place, false);
        }
    }
}

/// `11.2.3.4-11.2.3.9`: a range.
fn is_one_of_two(
    text: &[u8],
    run: &Range<usize>,
    start: usize,
    end: usize,
    left: Option<u8>,
    right: Option<u8>,
) -> bool {
    let part = |bytes: &mut dyn Iterator<Item = &u8>| {
        bytes.take_while(|b| b.is_ascii_digit() || **b == b'.').count()
    };
    let other = match (left, right) {
        (None, Some(b'-' | b'_')) => {
            let from = end + 1;
            from..from + part(&mut text[from..run.end].iter())
        }
        (Some(b'-' | b'_'), None) => {
            let to = start - 1;
            to - part(&mut text[run.start..to].iter().rev())..to
        }
        _ => return false,
    };
    quad(&text[other]).is_some()
}

/// Whether what looks like an address on the internet counts versions: by the word before it, or because
/// it ends with 0, has small numbers only, and nothing says that it is an address.
fn is_version(text: &[u8], place: Range<usize>, address: Ipv4Addr) -> bool {
    let behind = text.get(place.end..).unwrap_or_default();
    let goes_on = matches!(behind, [b':' | b'/', digit, ..] if digit.is_ascii_digit());
    if addresses::is_private(address) || goes_on {
        return false;
    }
    let before = &text[place.start.saturating_sub(NEAR)..place.start];
    if let Some(before) = before.strip_suffix(b"/") {
        let name = last_word(before);
        // The end of an IPv6 address, which its pseudonym may write otherwise, names no program.
        let of_v6 = name.len() <= 4
            && name.iter().all(u8::is_ascii_hexdigit)
            && before[..before.len() - name.len()].ends_with(b":");
        return !of_v6 && name.iter().any(u8::is_ascii_alphabetic) && !is_of(name, OF_ADDRESSES);
    }
    let gap = before.iter().rev().take(5).take_while(|byte| b" :=\"'[(>\\".contains(byte)).count();
    let name = last_word(&before[..before.len() - gap]);
    if ends_with_one_of(name, OF_VERSIONS) {
        return true;
    }
    let [a, b, c, d] = address.octets();
    let small = d == 0 && a < 100 && b < 100 && c < 100;
    small && !is_of(name, OF_ADDRESSES) && !behind.starts_with(b" - ")
}

fn last_word(text: &[u8]) -> &[u8] {
    let length = text
        .iter()
        .rev()
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
        .count();
    &text[text.len() - length..]
}

/// Whether one of the words that a name is made of is in the list.
fn is_of(name: &[u8], words: &[&str]) -> bool {
    // `host-` and its digits stand for a name that says nothing.
    !code::is_in(name)
        && name
            .split(|byte| !byte.is_ascii_alphanumeric())
            .any(|part| words.iter().any(|word| part.eq_ignore_ascii_case(word.as_bytes())))
}

fn ends_with_one_of(name: &[u8], words: &[&str]) -> bool {
    let last = name.rsplit(|byte| !byte.is_ascii_alphanumeric()).next().unwrap_or_default();
    words.iter().any(|word| last.eq_ignore_ascii_case(word.as_bytes()))
}

/// The IPv6 address whose first colon stands at `colon`, behind the run that was met last.
pub(super) fn v6_at(text: &[u8], last: Range<usize>, colon: usize) -> Option<(Range<usize>, Ipv6Addr)> {
    let next = *text.get(colon + 1)?;
    let start = if last.end == colon && !last.is_empty() {
        let digits = &text[last.clone()];
        let begins = last.start == 0 || text[last.start - 1] != b':';
        let fits = begins && digits.len() <= 4 && digits.iter().all(u8::is_ascii_hexdigit);
        (fits && (next == b':' || next.is_ascii_hexdigit())).then_some(last.start)?
    } else {
        (next == b':' && !text[..colon].ends_with(b":")).then_some(colon)?
    };
    let part = |byte: &&u8| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.');
    let length = text[start..].iter().take(LONGEST_V6).take_while(part).count();
    let mut word = &text[start..start + length];
    if text.get(start + length).is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_') {
        return None;
    }
    while let Some(shorter) =
        word.strip_suffix(b".").or_else(|| word.strip_suffix(b":").filter(|w| !w.ends_with(b":")))
    {
        word = shorter;
    }
    let colons = memchr::memchr_iter(b':', word).count();
    if colons < 2 || (colons < 6 && memchr::memmem::find(word, b"::").is_none()) {
        return None;
    }
    let address: Ipv6Addr = std::str::from_utf8(word).ok()?.parse().ok()?;
    Some((start..start + word.len(), address))
}

/// Whether an IPv6 address is hidden, or the IPv4 address in it.
pub(super) fn hides_v6(address: Ipv6Addr) -> bool {
    match addresses::embedded(address) {
        Some((_, inner)) => addresses::hides(inner),
        None => addresses::hides_v6(address),
    }
}

/// Whether an IPv6 address is a pseudonym, or the IPv4 address in it.
pub(super) fn is_pseudonym_v6(address: Ipv6Addr) -> bool {
    match addresses::embedded(address) {
        Some((_, inner)) => addresses::is_pseudonym(inner),
        None => addresses::is_pseudonym_v6(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut all = Vec::new();
        let bytes = text.as_bytes();
        let mut at = 0;
        let run = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
        while at < bytes.len() {
            let length = bytes[at..].iter().take_while(|byte| run(byte)).count();
            let own = HashSet::from([Ipv4Addr::new(15, 3, 2, 0)]);
            in_run(bytes, at..at + length, &own, |place, done| {
                if !done {
                    all.push(&text[place]);
                }
            });
            at += length + 1;
        }
        all
    }

    #[test]
    fn addresses_are_found_wherever_they_stand() {
        for (text, address) in [
            ("from 10.20.4.3 port 22", "10.20.4.3"),
            ("10.20.4.3.", "10.20.4.3"),
            ("10.20.4.3:8080", "10.20.4.3"),
            ("http://11.20.4.3/x", "11.20.4.3"),
            ("\"remote_ip\":\"15.2.1.0\"", "15.2.1.0"),
            ("15.2.1.0 - - [01/Mar", "15.2.1.0"),
            ("route 15.2.1.0/24", "15.2.1.0"),
            ("\"meta.client_id\":\"ip/11.2.3.4\"", "11.2.3.4"),
            ("redis 8.2.3.4 x", "8.2.3.4"),
            ("dump-10.0.0.5.tar.gz", "10.0.0.5"),
            ("own 15.3.2.0 x", "15.3.2.0"),
            ("3.4.20.10.in-addr.arpa", "3.4.20.10.in-addr.arpa"),
            ("gl1/10.20.4.3", "10.20.4.3"),
        ] {
            assert_eq!(found(text), [address], "{text}");
        }
        assert_eq!(found("11.2.3.4-11.2.3.9"), ["11.2.3.4", "11.2.3.9"]);
    }

    #[test]
    fn versions_and_special_addresses_stay() {
        for text in [
            "15.2.1.0",
            "\"version\":\"15.2.1.7\"",
            "version 15.2.1.7",
            "Chrome/126.0.0.0 Safari/537.36",
            "gitlab-ee-15.2.1.7.el8",
            "v15.2.1.7",
            "15.2.1.7-ee",
            "OID 1.3.6.1.4.1.311",
            "256.1.1.1 1.2.3 01.2.3.4",
            "127.0.0.1 0.0.0.0 255.255.255.0 203.0.113.9 169.254.1.1 224.0.0.1 241.7.8.9",
        ] {
            assert_eq!(found(text), Vec::<&str>::new(), "{text}");
        }
    }

    #[test]
    fn ipv6_is_found_in_any_spelling_and_other_colons_are_not() {
        let at = |text: &str| {
            let colon = text.find(':').unwrap();
            v6_at(
                text.as_bytes(),
                text[..colon].rfind(|c: char| !c.is_ascii_alphanumeric()).map_or(0, |at| at + 1)..colon,
                colon,
            )
            .filter(|found| hides_v6(found.1))
            .map(|(place, _)| text[place].to_owned())
        };
        for text in ["2a01:4f8::1", "2A01:04F8:0:0:0:0:0:1", "fd00::7", "::ffff:10.1.2.3", "64:ff9b::8.8.8.8"]
        {
            assert_eq!(at(text).as_deref(), Some(text));
            assert_eq!(at(&format!("[{text}]")).as_deref(), Some(text));
            assert_eq!(at(&format!("{text}.")).as_deref(), Some(text));
        }
        for text in [
            "10:00:28",
            "Ci::Build",
            "fade::cab",
            "::1",
            "fe80::1",
            "2001:db8::1",
            "2026:10:00:28",
            "a:b",
            "x2a01::1",
            "c001::1",
            "2a01::1g",
        ] {
            assert_eq!(at(text), None, "{text}");
        }
    }

    #[test]
    fn other_forms_of_an_address() {
        assert_eq!(dashed(b"IP-10-20-4-3"), Some(Ipv4Addr::new(10, 20, 4, 3)));
        assert_eq!(dashed(b"ip-10-20-4"), None);
        assert_eq!(reversed(b"3.4.20.10.IN-addr.arpa"), Some(Ipv4Addr::new(10, 20, 4, 3)));
    }
}
