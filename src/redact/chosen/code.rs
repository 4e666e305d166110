//! The form of a pseudonym that is no address: `host-`, `user-`, `mail-` or `proj-`, and 14 hexadecimal digits, the
//! last two of which are computed from the others. So it is known by its form, in a second redaction and
//! on the way back, and hardly anything that people call their hosts looks like one.

use super::key::Key;

/// What stands in front.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Prefix {
    Host,
    User,
    Mail,
    Project,
}

const PREFIXES: &[(Prefix, &str)] =
    &[(Prefix::Host, "host-"), (Prefix::User, "user-"), (Prefix::Mail, "mail-"), (Prefix::Project, "proj-")];

/// Bytes of a prefix.
const FRONT: usize = 5;
/// Digits that tell a value, and all of them.
const TELLING: usize = 12;
const DIGITS: usize = 14;

/// Bytes of a pseudonym.
pub(super) const LENGTH: usize = FRONT + DIGITS;

/// The nth pseudonym of a value: the first, unless that is another value's.
pub(super) fn make(key: &Key, prefix: Prefix, value: &[u8], nth: u32) -> String {
    let front = PREFIXES.iter().find(|(known, _)| *known == prefix).map_or("host-", |(_, front)| front);
    let hash = key.hash(front.as_bytes(), &[&nth.to_be_bytes(), value].concat());
    let telling = data_encoding::HEXLOWER.encode(&hash[..TELLING / 2]);
    let check = check(front.as_bytes(), telling.as_bytes());
    format!("{front}{telling}{}", data_encoding::HEXLOWER.encode(&[check]))
}

/// Whether `text` begins with a pseudonym, in any case, that ends there or before another one.
pub(super) fn starts(text: &[u8]) -> bool {
    let ends = |rest: &[u8]| !rest.first().is_some_and(u8::is_ascii_alphanumeric) || is_one(rest);
    is_one(text) && ends(&text[LENGTH..])
}

fn is_one(text: &[u8]) -> bool {
    let Some(word) = text.get(..LENGTH) else { return false };
    let (front, digits) = word.split_at(FRONT);
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return false;
    }
    let (front, digits) = (front.to_ascii_lowercase(), digits.to_ascii_lowercase());
    let last = data_encoding::HEXLOWER.decode(&digits[TELLING..]);
    PREFIXES.iter().any(|(_, known)| known.as_bytes() == front)
        && last.is_ok_and(|last| last == [check(&front, &digits[..TELLING])])
}

/// Whether there is a pseudonym in a word of letters, digits, dots and dashes.
pub(super) fn is_in(word: &[u8]) -> bool {
    word.len() >= LENGTH
        && memchr::memchr_iter(b'-', word).any(|dash| {
            dash.checked_sub(FRONT - 1).is_some_and(|start| {
                let alone = start == 0 || !word[start - 1].is_ascii_alphanumeric();
                alone && starts(&word[start..])
            })
        })
}

/// FNV-1a, folded.
fn check(front: &[u8], digits: &[u8]) -> u8 {
    let fold = |hash: u32, byte: &u8| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    let hash = front.iter().chain(digits).fold(0x811c_9dc5, fold);
    (hash >> 24 ^ hash >> 16 ^ hash >> 8 ^ hash) as u8
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_is_known_by_its_form() {
        let key = Key::draw().unwrap();
        for (prefix, front) in PREFIXES {
            assert_eq!(front.len(), FRONT);
            let made = make(&key, *prefix, b"acme", 0);
            assert!(made.starts_with(front) && made.len() == LENGTH);
            assert_eq!(made, make(&key, *prefix, b"acme", 0));
            assert_ne!(made, make(&key, *prefix, b"acme", 1));
            assert!(starts(made.as_bytes()) && starts(made.to_uppercase().as_bytes()));
            assert!(is_in(format!("gitlab.{made}.com").as_bytes()) && is_in(format!("x_{made}").as_bytes()));
            assert!(starts(format!("{made}{made}x").as_bytes()));
            assert!(!starts(format!("{made}0").as_bytes()) && !is_in(format!("x{made}").as_bytes()));
            let last = if made.ends_with('0') { '1' } else { '0' };
            assert!(!starts(format!("{}{last}", &made[..LENGTH - 1]).as_bytes()), "{made}");
        }
        for no in ["host-3c4a92f0b1c2", "user-authentication", "host-", "mail-00000000000000x"] {
            assert!(!starts(no.as_bytes()), "{no}");
        }
    }
}
