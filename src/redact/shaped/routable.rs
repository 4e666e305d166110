//! GitLab's routable tokens behind a prefix that nobody told us: `acme_PAYLOAD.01.LLCCCCCCC`. The
//! checksum confirms what the form alone could not.

use super::{class::Class, form::Match, rule::Found, text::Text};

/// Longest payload with its prefix.
const LONGEST: usize = 320;

/// Least that a prefix and a payload are together.
const SHORTEST: usize = 20;

/// Letters of an escape (`\n`, `%22`, a colour) that may stand before the prefix.
const ESCAPE: usize = 6;

/// Behind `.01.` and nine of base 36: two for the payload's length, seven for the checksum.
pub(super) fn find(text: &mut Text<'_>, tail: Match, found: &mut Found<'_, '_>) {
    let start = text.run_start(Class::WORD, tail.from, LONGEST);
    let checksum = tail.to - 7;
    let Some(expected) = base36(text.slice(checksum..tail.to)) else { return };
    let last = tail.from.saturating_sub(SHORTEST).min(start + ESCAPE);
    if let Some(start) = (start..=last).find(|start| crc(text.slice(*start..checksum)) == expected) {
        found.push(text, start..tail.to);
    }
}

fn base36(digits: &[u8]) -> Option<u32> {
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 36).ok()
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

#[cfg(test)]
pub(super) fn checksum_of(bytes: &[u8]) -> String {
    let mut rest = crc(bytes);
    let mut digits = Vec::new();
    for _ in 0..7 {
        digits.push(char::from_digit(rest % 36, 36).unwrap());
        rest /= 36;
    }
    digits.iter().rev().collect()
}
