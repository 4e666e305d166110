//! Addresses → pseudonymous addresses, in blocks that no host has: class E (240.0.0.0/4) and the unused
//! `c000::/3` and `e000::/7`. So a pseudonym is known by its form, and is never hidden again.
//!
//! Private and IPv6 addresses are mapped one to one, bit by bit: two that share a prefix share one of
//! the same length afterwards. For the other IPv4 addresses class E is too small: a /24 gets one of
//! 786,420 slots by the key, and the next one if it is taken. Finds nothing in a text.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::key::Key;

/// Private blocks: first address, prefix length, and where they go.
const PRIVATE: &[(Ipv4Addr, u32, Ipv4Addr)] = &[
    (Ipv4Addr::new(10, 0, 0, 0), 8, Ipv4Addr::new(241, 0, 0, 0)),
    (Ipv4Addr::new(172, 16, 0, 0), 12, Ipv4Addr::new(242, 0, 0, 0)),
    (Ipv4Addr::new(192, 168, 0, 0), 16, Ipv4Addr::new(242, 32, 0, 0)),
    (Ipv4Addr::new(100, 64, 0, 0), 10, Ipv4Addr::new(242, 64, 0, 0)),
];

/// What stays readable, besides private addresses; the last holds netmasks and pseudonyms.
const READABLE: &[(Ipv4Addr, u32)] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

/// The first /24 for what is not private, and how many there are.
const FIRST: u32 = 243 << 16;
const SLOTS: u32 = 12 << 16;

/// What becomes of an IPv4 address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum V4 {
    /// It stays.
    Readable,
    /// The pseudonym.
    Private(Ipv4Addr),
    /// It goes into a slot of its network; the last byte there.
    Public(u8),
}

fn is_in(address: Ipv4Addr, block: Ipv4Addr, length: u32) -> bool {
    (address.to_bits() ^ block.to_bits()) >> (32 - length) == 0
}

pub(super) fn is_private(address: Ipv4Addr) -> bool {
    PRIVATE.iter().any(|(block, length, _)| is_in(address, *block, *length))
}

/// Whether an address is hidden at all.
pub(super) fn hides(address: Ipv4Addr) -> bool {
    !READABLE.iter().any(|(block, length)| is_in(address, *block, *length))
}

/// Whether an address may be a pseudonym. One that looks like a netmask is none.
pub(super) fn is_pseudonym(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    (241..=254).contains(&a) && (a < 243 || (b, c) != (0, 0))
}

pub(super) fn v4(key: &Key, address: Ipv4Addr) -> V4 {
    if !hides(address) {
        return V4::Readable;
    }
    let bits = u128::from(address.to_bits());
    if let Some((_, length, to)) = PRIVATE.iter().find(|(block, length, _)| is_in(address, *block, *length)) {
        let kept = permuted(key, b"ip4", bits, 32, *length) as u32 & (u32::MAX >> length);
        return V4::Private(Ipv4Addr::from_bits(to.to_bits() | kept));
    }
    V4::Public(permuted(key, b"ip4", bits, 32, 24) as u8)
}

/// The slot that a network wants at its nth try. Those that look like a netmask are nobody's.
pub(super) fn slot(key: &Key, network: u32, nth: u32) -> Option<u32> {
    let hash = key.hash(b"ip4-network", &[network.to_be_bytes(), nth.to_be_bytes()].concat());
    let drawn = u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]) % SLOTS;
    (drawn & 0xffff != 0).then_some(FIRST + drawn)
}

/// Where an IPv6 address goes, and how many of its first bits that decides.
fn block_v6(address: Ipv6Addr) -> Option<(u32, u16)> {
    match address.segments() {
        [0x2001, 0xdb8, ..] | [0x3fff, 0..0x1000, ..] => None,
        [0x2000..=0x3fff, ..] => Some((3, 0xc000)),
        [0xfc00..=0xfdff, ..] => Some((7, 0xe000)),
        _ => None,
    }
}

/// Whether an IPv6 address that holds no IPv4 address is hidden.
pub(super) fn hides_v6(address: Ipv6Addr) -> bool {
    block_v6(address).is_some()
}

/// The pseudonym of an IPv6 address that is neither special nor one that holds an IPv4 address.
pub(super) fn v6(key: &Key, address: Ipv6Addr) -> Option<Ipv6Addr> {
    let (length, to) = block_v6(address)?;
    let kept = permuted(key, b"ip6", address.to_bits(), 128, length) & (u128::MAX >> length);
    Some(Ipv6Addr::from_bits(u128::from(to) << 112 | kept))
}

/// Whether an address may be a pseudonym.
pub(super) fn is_pseudonym_v6(address: Ipv6Addr) -> bool {
    (0xc000..=0xe1ff).contains(&address.segments()[0])
}

/// The IPv4 address that an IPv6 address carries, and the bits around it.
pub(super) fn embedded(address: Ipv6Addr) -> Option<(u128, Ipv4Addr)> {
    let bits = address.to_bits();
    let prefix = bits >> 32 << 32;
    let carries = prefix == 0xffff << 32 || prefix == 0x0064_ff9b_u128 << 96;
    carries.then(|| (prefix, Ipv4Addr::from_bits(bits as u32)))
}

/// Flips bits behind the first `fixed` ones. Whether a bit is flipped depends on those before it alone, so
/// two values share as long a prefix afterwards as before, and no two become one.
fn permuted(key: &Key, used_for: &[u8], value: u128, width: u32, fixed: u32) -> u128 {
    let mut out = value;
    for group in fixed / 8..width / 8 {
        let shift = width - 8 * (group + 1);
        let before = value.checked_shr(shift + 8).unwrap_or(0);
        let mut known = before.to_be_bytes().to_vec();
        known.push(group as u8);
        // A bit for every node of the tree that the eight bits of this group walk down.
        let flips = key.hash(used_for, &known);
        let byte = (value >> shift) as u8;
        let mut node = 1_usize;
        for bit in 0..8 {
            let set = byte >> (7 - bit) & 1;
            if group * 8 + bit >= fixed {
                let flip = flips[node / 8] >> (node % 8) & 1;
                out ^= u128::from(flip) << (shift + 7 - bit);
            }
            node = node * 2 + usize::from(set);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    fn key() -> Key {
        Key::of_hex(&"07".repeat(32)).unwrap()
    }

    fn private(text: &str) -> Ipv4Addr {
        match v4(&key(), text.parse().unwrap()) {
            V4::Private(pseudonym) => pseudonym,
            other => panic!("{text}: {other:?}"),
        }
    }

    fn shared(a: u32, b: u32) -> u32 {
        (a ^ b).leading_zeros()
    }

    #[test]
    fn private_addresses_keep_their_subnets_of_any_length() {
        let all = ["10.20.4.3", "10.20.4.2", "10.20.5.3", "10.21.4.3", "10.148.0.1", "10.20.4.131"];
        for a in all {
            for b in all.iter().filter(|b| **b != a) {
                let (x, y): (Ipv4Addr, Ipv4Addr) = (a.parse().unwrap(), b.parse().unwrap());
                let before = shared(x.to_bits(), y.to_bits());
                assert_eq!(before, shared(private(a).to_bits(), private(b).to_bits()), "{a} {b}");
            }
        }
        for (text, first) in
            [("10.0.0.1", 241), ("172.31.2.3", 242), ("192.168.1.1", 242), ("100.64.9.9", 242)]
        {
            assert!(is_pseudonym(private(text)) && private(text).octets()[0] == first);
        }
    }

    #[test]
    fn no_two_addresses_of_a_block_become_one() {
        let made: HashSet<_> =
            (0..1 << 16).map(|n: u32| private(&format!("192.168.{}.{}", n >> 8, n & 255))).collect();
        assert_eq!(made.len(), 1 << 16);
        let last: HashSet<_> =
            (0..=255).map(|n| v4(&key(), Ipv4Addr::new(8, 8, 4, n))).map(|v| format!("{v:?}")).collect();
        assert_eq!(last.len(), 256);
    }

    #[test]
    fn special_addresses_and_pseudonyms_stay() {
        for text in [
            "0.0.0.0",
            "127.0.0.1",
            "169.254.1.1",
            "192.0.2.7",
            "198.51.100.9",
            "203.0.113.24",
            "224.0.0.251",
            "239.255.255.250",
            "255.255.255.0",
            "255.255.255.255",
            "240.0.0.0",
            "241.3.4.5",
            "254.1.2.3",
        ] {
            assert_eq!(v4(&key(), text.parse().unwrap()), V4::Readable, "{text}");
        }
        for text in ["::1", "::", "fe80::1", "ff02::1", "2001:db8::7", "3fff::1", "c123::1", "e012::1"] {
            assert_eq!(v6(&key(), text.parse().unwrap()), None, "{text}");
        }
    }

    #[test]
    fn networks_get_slots_that_look_like_no_mask() {
        for network in 0..2_000 {
            let Some(slot) = slot(&key(), network, 0) else { continue };
            let pseudonym = Ipv4Addr::from_bits(slot << 8);
            assert!(is_pseudonym(pseudonym) && pseudonym.octets()[0] > 242 && slot & 0xffff != 0);
            assert_eq!(super::slot(&key(), network, 0), Some(slot));
        }
    }

    #[test]
    fn ipv6_keeps_its_subnets_too() {
        let made = |text: &str| v6(&key(), text.parse().unwrap()).unwrap();
        let (a, b, c) = (made("2a01:4f8:1:2::10"), made("2a01:4f8:1:2::11"), made("2a01:4f8:1:3::10"));
        assert_eq!((a.to_bits() ^ b.to_bits()).leading_zeros(), 127);
        assert_eq!((a.to_bits() ^ c.to_bits()).leading_zeros(), 63);
        assert!(is_pseudonym_v6(a) && is_pseudonym_v6(made("fd12:3456::1")));
        assert_eq!(embedded("::ffff:10.1.2.3".parse().unwrap()).unwrap().1, Ipv4Addr::new(10, 1, 2, 3));
        assert!(embedded("::1".parse().unwrap()).is_none());
    }
}
