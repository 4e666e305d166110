//! What the customer chose to hide: addresses, names of hosts, users and projects, mail addresses. Each value gets a
//! pseudonym of its kind, the same wherever it stands, and known by its form, so that it is never hidden again.
//!
//! A finder like the others; a secret wins over a pseudonym. `own` learns what the host is called; what a
//! pseudonym stands for is kept in memory (`Pair`) and written by nobody here.

mod addresses;
mod code;
mod host;
mod ip;
mod key;
mod keys;
mod kind;
mod made;
mod mail;
mod mapping;
mod own;
mod part;
mod project;
mod reveal;
mod route;
mod sweep;
mod table;
#[cfg(test)]
mod tests;
mod words;

use std::{fmt, io::Write as _, net::IpAddr, sync::Arc};

pub use key::Key;
pub use kind::Kind;
pub(in crate::redact) use kind::{About, KINDS};
pub use mapping::{Mapping, key_file, pairs_file};
pub use own::Own;
pub use reveal::Originals;
pub use table::Pair;

use super::finder::{Finder, Span, Window};
use code::Prefix;
use keys::Keys;
use sweep::Sweep;
use table::Table;

/// What a run hides, and the pseudonyms that it gave. Clones share them.
#[derive(Clone)]
pub struct Hidden(Arc<Chosen>);

impl Hidden {
    /// Hides these kinds; `own` is what the host is called.
    pub fn new(kinds: impl IntoIterator<Item = Kind>, key: Key, own: Own) -> Self {
        let kinds = kinds.into_iter().collect();
        Self(Arc::new(Chosen { kinds, own, keys: Keys::new(), table: Table::new(key) }))
    }

    /// Kinds that are hidden, and how many different values of each got a pseudonym.
    pub fn counts(&self) -> Vec<(Kind, u64)> {
        self.0.table.counts().into_iter().filter(|(kind, _)| self.0.hides(*kind)).collect()
    }

    /// Every pseudonym with what it stands for.
    pub fn pairs(&self) -> Vec<Pair> {
        self.0.table.pairs()
    }

    /// How often a value was hidden that is not among the pairs, for there were too many.
    pub fn left_out(&self) -> u64 {
        self.0.table.left_out()
    }
}

impl fmt::Debug for Hidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hidden(…)")
    }
}

/// Finds what is hidden.
pub(in crate::redact) struct Chosen {
    kinds: Vec<Kind>,
    own: Own,
    keys: Keys,
    table: Table,
}

impl Chosen {
    fn hides(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }

    fn address(&self, value: &[u8]) -> Option<Vec<u8>> {
        if let Some(address) = ip::quad(value) {
            let pseudonym = self.table.address(IpAddr::V4(address))?;
            let mut out = Vec::with_capacity(16);
            // Writing to a vector does not fail.
            let _ = write!(out, "{pseudonym}");
            return Some(out);
        }
        let made = |address| match self.table.address(IpAddr::V4(address)) {
            Some(IpAddr::V4(pseudonym)) => Some(pseudonym),
            _ => None,
        };
        if let Some(address) = ip::reversed(value) {
            let [a, b, c, d] = made(address)?.octets();
            return Some(format!("{d}.{c}.{b}.{a}.in-addr.arpa").into_bytes());
        }
        if let Some(address) = ip::dashed(value) {
            return Some(format!("ip-{}", made(address)?).replace('.', "-").into_bytes());
        }
        let address: IpAddr = std::str::from_utf8(value).ok()?.parse().ok()?;
        Some(self.table.address(address)?.to_string().into_bytes())
    }

    fn word(&self, prefix: Prefix, word: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(code::LENGTH);
        self.table.word(prefix, word, &mut out);
        out
    }

    /// A name part by part, so that it keeps its depth, and names below one domain stay below one.
    fn host(&self, name: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(name.len() + code::LENGTH);
        for (n, label) in name.split(|byte| *byte == b'.').enumerate() {
            if n > 0 {
                out.push(b'.');
            }
            if label.is_empty() || self.own.keeps(label) || host::is_done(label) {
                out.extend_from_slice(label);
            } else if let Some(address) = Some(label).filter(|_| self.hides(Kind::Ip)).and_then(ip::dashed)
                && addresses::hides(address)
                && let Some(pseudonym) = self.address(label)
            {
                out.extend_from_slice(&pseudonym);
            } else {
                self.table.word(Prefix::Host, label, &mut out);
            }
        }
        out
    }

    fn mail(&self, address: &[u8]) -> Option<Vec<u8>> {
        let (local, sign, domain) = mail::parts(address)?;
        let mut out = if words::is_product(local) || words::is_common(local) {
            local.to_vec()
        } else {
            self.word(Prefix::Mail, local)
        };
        out.extend_from_slice(sign);
        if words::is_public(domain) {
            out.extend_from_slice(domain);
        } else {
            out.append(&mut self.host(domain));
        }
        Some(out)
    }
}

impl Finder for Hidden {
    fn find<'r>(&'r self, window: &Window<'_>, spans: &mut Vec<Span<'r>>) {
        let mut found = Vec::new();
        Sweep::new(&self.0, window, &mut found).go();
        spans.extend(found);
    }

    fn pseudonym(&self, rule: &str, value: &[u8]) -> Option<Vec<u8>> {
        match Kind::of_rule(rule)? {
            Kind::Ip => self.0.address(value),
            Kind::Host => Some(self.0.host(value)),
            Kind::User => Some(self.0.word(Prefix::User, value)),
            Kind::Email => self.0.mail(value),
            Kind::Project => Some(self.0.word(Prefix::Project, value)),
        }
    }
}
