//! The run's pseudonyms and what they stand for: made on first sight, the same from then on, and no two
//! values with one. Shared by all threads; bounded, for whoever writes a log may write endless names.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::{BuildHasher, Hasher},
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::{RwLock, RwLockReadGuard},
};

use super::{
    Kind,
    addresses::{self, V4},
    code::{self, Prefix},
    key::Key,
};

/// So many are remembered. Beyond, a value still gets the pseudonym that its key gives it, but nobody
/// looks whether another has it, and it can't be revealed.
const MOST: usize = 400_000;

/// A pseudonym and what it stands for.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The kind, as it is typed.
    pub kind: &'static str,
    /// What stands in the bundle.
    pub pseudonym: String,
    /// What stood there.
    pub original: String,
}

#[derive(Default)]
struct State {
    v4: HashMap<Ipv4Addr, Ipv4Addr, Quick>,
    networks: HashMap<u32, u32>,
    slots: HashSet<u32>,
    v6: HashMap<Ipv6Addr, Ipv6Addr>,
    words: BTreeMap<Prefix, HashMap<Box<[u8]>, Box<str>>>,
    taken: HashSet<Box<str>>,
    count: usize,
    /// Seen when there was no more room; some perhaps more than once.
    left_out: u64,
}

/// Hashes an address by one multiplication with a number that is drawn for each table, so that nobody can
/// choose addresses that fall together.
#[derive(Clone)]
struct Quick(u64);

impl Default for Quick {
    fn default() -> Self {
        Self(std::hash::RandomState::new().hash_one(0) | 1)
    }
}

impl BuildHasher for Quick {
    type Hasher = QuickHasher;

    fn build_hasher(&self) -> QuickHasher {
        QuickHasher { factor: self.0, hash: 0 }
    }
}

struct QuickHasher {
    factor: u64,
    hash: u64,
}

impl Hasher for QuickHasher {
    fn write(&mut self, bytes: &[u8]) {
        bytes.chunks(8).for_each(|part| {
            let mut word = [0; 8];
            word[..part.len()].copy_from_slice(part);
            let product = u128::from(self.hash ^ u64::from_le_bytes(word)) * u128::from(self.factor);
            self.hash = product as u64 ^ (product >> 64) as u64;
        });
    }

    fn finish(&self) -> u64 {
        self.hash
    }
}

/// All pseudonyms of a run.
pub(super) struct Table {
    key: Key,
    state: RwLock<State>,
}

impl Table {
    pub(super) fn new(key: Key) -> Self {
        Self { key, state: RwLock::default() }
    }

    /// The pseudonym of an address, if it is one that is hidden.
    pub(super) fn address(&self, address: IpAddr) -> Option<IpAddr> {
        match address {
            IpAddr::V4(address) => self.v4(address).map(IpAddr::V4),
            IpAddr::V6(address) => match addresses::embedded(address) {
                Some((prefix, inner)) => {
                    let inner = u128::from(self.v4(inner)?.to_bits());
                    Some(IpAddr::V6(Ipv6Addr::from_bits(prefix | inner)))
                }
                None => self.v6(address).map(IpAddr::V6),
            },
        }
    }

    fn v4(&self, address: Ipv4Addr) -> Option<Ipv4Addr> {
        if let Some(known) = self.read().v4.get(&address) {
            return Some(*known);
        }
        let made = addresses::v4(&self.key, address);
        let mut state = self.write();
        let pseudonym = match made {
            V4::Readable => return None,
            V4::Private(pseudonym) => pseudonym,
            V4::Public(last) => {
                let slot = state.slot(&self.key, address.to_bits() >> 8)?;
                Ipv4Addr::from_bits(slot << 8 | u32::from(last))
            }
        };
        if state.has_room() && state.v4.insert(address, pseudonym).is_none() {
            state.count += 1;
        }
        Some(pseudonym)
    }

    fn v6(&self, address: Ipv6Addr) -> Option<Ipv6Addr> {
        if let Some(known) = self.read().v6.get(&address) {
            return Some(*known);
        }
        let pseudonym = addresses::v6(&self.key, address)?;
        let mut state = self.write();
        if state.has_room() && state.v6.insert(address, pseudonym).is_none() {
            state.count += 1;
        }
        Some(pseudonym)
    }

    /// Appends the pseudonym of a word, whose case does not matter.
    pub(super) fn word(&self, prefix: Prefix, word: &[u8], out: &mut Vec<u8>) {
        let mut short = [0; 64];
        let lower = short.get_mut(..word.len()).map(|lower| {
            lower.copy_from_slice(word);
            lower.make_ascii_lowercase();
            &*lower
        });
        if let Some(lower) = lower
            && let Some(known) = self.read().words.get(&prefix).and_then(|words| words.get(lower))
        {
            out.extend_from_slice(known.as_bytes());
            return;
        }
        let word = word.to_ascii_lowercase();
        let mut state = self.write();
        if let Some(known) = state.words.get(&prefix).and_then(|words| words.get(word.as_slice())) {
            out.extend_from_slice(known.as_bytes());
            return;
        }
        let mut made = code::make(&self.key, prefix, &word, 0);
        if state.has_room() {
            let mut nth = 0;
            while state.taken.contains(made.as_str()) {
                nth += 1;
                made = code::make(&self.key, prefix, &word, nth);
            }
            state.taken.insert(made.as_str().into());
            state.words.entry(prefix).or_default().insert(word.into(), made.as_str().into());
            state.count += 1;
        }
        out.extend_from_slice(made.as_bytes());
    }

    /// How many different values have a pseudonym, by kind.
    pub(super) fn counts(&self) -> Vec<(Kind, u64)> {
        let state = self.read();
        let words = |prefix| state.words.get(&prefix).map_or(0, HashMap::len) as u64;
        vec![
            (Kind::Ip, (state.v4.len() + state.v6.len()) as u64),
            (Kind::Host, words(Prefix::Host)),
            (Kind::User, words(Prefix::User)),
            (Kind::Email, words(Prefix::Mail)),
            (Kind::Project, words(Prefix::Project)),
        ]
    }

    /// How many values were met that had no place in it.
    pub(super) fn left_out(&self) -> u64 {
        self.read().left_out
    }

    /// All of them, sorted.
    pub(super) fn pairs(&self) -> Vec<Pair> {
        let state = self.read();
        let pair =
            |kind: Kind, pseudonym: String, original: String| Pair { kind: kind.name(), pseudonym, original };
        let v4 = state.v4.iter().map(|(was, is)| pair(Kind::Ip, is.to_string(), was.to_string()));
        let v6 = state.v6.iter().map(|(was, is)| pair(Kind::Ip, is.to_string(), was.to_string()));
        let words = state.words.iter().flat_map(|(prefix, words)| {
            let kind = match prefix {
                Prefix::Host => Kind::Host,
                Prefix::User => Kind::User,
                Prefix::Mail => Kind::Email,
                Prefix::Project => Kind::Project,
            };
            words
                .iter()
                .map(move |(was, is)| pair(kind, is.to_string(), String::from_utf8_lossy(was).into_owned()))
        });
        let mut pairs: Vec<Pair> = v4.chain(v6).chain(words).collect();
        pairs.sort();
        pairs
    }

    fn read(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn write(&self) -> std::sync::RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl State {
    fn has_room(&mut self) -> bool {
        let room = self.count < MOST;
        self.left_out += u64::from(!room);
        room
    }

    /// The /24 that a /24 has. With all taken there are more networks than class E holds: one is shared.
    fn slot(&mut self, key: &Key, network: u32) -> Option<u32> {
        if let Some(known) = self.networks.get(&network) {
            return Some(*known);
        }
        let mut last = None;
        for nth in 0..64 {
            let Some(slot) = addresses::slot(key, network, nth) else { continue };
            last = Some(slot);
            if self.count >= MOST {
                return last;
            }
            if self.slots.insert(slot) {
                self.networks.insert(network, slot);
                return last;
            }
        }
        last
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> Table {
        Table::new(Key::of_hex(&"5a".repeat(32)).unwrap())
    }

    fn word(table: &Table, prefix: Prefix, word: &str) -> String {
        let mut out = Vec::new();
        table.word(prefix, word.as_bytes(), &mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_same_value_has_the_same_pseudonym_in_any_case_and_any_run_with_the_key() {
        let (a, b) = (table(), table());
        word(&b, Prefix::Host, "other");
        assert_eq!(word(&a, Prefix::Host, "Acme"), word(&b, Prefix::Host, "aCME"));
        assert_ne!(word(&a, Prefix::Host, "acme"), word(&a, Prefix::User, "acme"));
        let address = |text: &str| a.address(text.parse().unwrap()).unwrap();
        assert_eq!(address("8.8.8.8"), b.address("8.8.8.8".parse().unwrap()).unwrap());
        assert_eq!(address("2a01:4f8::a"), address("2A01:04F8:0:0:0:0:0:A"));
        assert_eq!(a.pairs().len(), 4);
    }

    /// Class E has fewer networks than the internet: with 30,000 of them, hundreds want one slot.
    #[test]
    fn two_networks_never_share_one() {
        let table = table();
        let mut seen = HashSet::new();
        for n in 0..30_000_u32 {
            let address = Ipv4Addr::from_bits(0x2e00_0007 + (n << 8));
            assert!(seen.insert(table.address(address.into()).unwrap()), "{address}");
        }
    }

    #[test]
    fn public_networks_stay_together() {
        let table = table();
        let net = |text: &str| match table.address(text.parse().unwrap()).unwrap() {
            IpAddr::V4(address) => address.to_bits() >> 8,
            IpAddr::V6(_) => unreachable!(),
        };
        assert_eq!(net("8.8.8.1"), net("8.8.8.200"));
        assert_ne!(net("8.8.8.1"), net("8.8.4.1"));
    }

    #[test]
    fn an_address_inside_another_has_the_same_pseudonym() {
        let table = table();
        let inner = table.address("10.1.2.3".parse().unwrap()).unwrap();
        for outer in ["::ffff:10.1.2.3", "::ffff:0a01:0203"] {
            assert_eq!(table.address(outer.parse().unwrap()).unwrap().to_string(), format!("::ffff:{inner}"));
        }
        assert!(table.address("::ffff:127.0.0.1".parse().unwrap()).is_none());
    }
}
