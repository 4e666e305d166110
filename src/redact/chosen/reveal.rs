//! Pseudonyms back to what they stand for, on the customer's side. Touches nothing else of a text.

use std::{
    collections::HashMap,
    net::{Ipv4Addr, Ipv6Addr},
    ops::Range,
};

use super::{addresses, code, ip};

/// What pseudonyms stand for.
#[derive(Default)]
pub struct Originals {
    words: HashMap<String, Known>,
    v4: HashMap<Ipv4Addr, Known>,
    v6: HashMap<Ipv6Addr, Known>,
}

/// An original, or the fact that there are two.
enum Known {
    One(String),
    Several,
}

impl Known {
    fn add(&mut self, original: String) {
        if matches!(self, Self::One(known) if *known != original) {
            *self = Self::Several;
        }
    }
}

impl Originals {
    /// Takes the pairs of one more run.
    pub fn add(&mut self, pairs: impl IntoIterator<Item = (String, String)>) {
        for (pseudonym, original) in pairs {
            let one = Known::One(original.clone());
            if let Ok(address) = pseudonym.parse::<Ipv4Addr>() {
                self.v4.entry(address).or_insert(one).add(original);
            } else if let Ok(address) = pseudonym.parse::<Ipv6Addr>() {
                self.v6.entry(address).or_insert(one).add(original);
            } else {
                self.words.entry(pseudonym.to_ascii_lowercase()).or_insert(one).add(original);
            }
        }
    }

    /// Appends `text` with what its pseudonyms stand for; how many are not known, or stand for two values
    /// of two hosts, and were left. A pseudonym across the border of two texts is none: give whole lines.
    pub fn reveal(&self, text: &[u8], out: &mut Vec<u8>) -> u64 {
        let mut pass = Pass { originals: self, text, written: 0, out, unknown: 0 };
        pass.go();
        pass.unknown
    }
}

struct Pass<'a> {
    originals: &'a Originals,
    text: &'a [u8],
    written: usize,
    out: &'a mut Vec<u8>,
    unknown: u64,
}

impl Pass<'_> {
    fn go(&mut self) {
        let (mut at, mut last) = (0, 0..0);
        while at < self.text.len() {
            let is_run = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
            let length = self.text[at..].iter().take_while(is_run).count();
            if length > 0 {
                last = at..at + length;
                self.run(last.clone());
                at += length;
                continue;
            }
            match self.text[at..] {
                [b':', ..] => self.colon(last.clone(), at),
                [b'\\', b'n' | b'r' | b't', ..] => at += 1,
                // `%252F`.
                [b'%', b'2', b'5', b'2', _, ..] => at += 4,
                [b'%', a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => at += 2,
                _ => {}
            }
            at = self.written.max(at + 1);
        }
        self.out.extend_from_slice(&self.text[self.written..]);
    }

    fn run(&mut self, run: Range<usize>) {
        // It begins with the end of its address.
        if let Some(address) = ip::reversed(&self.text[run.clone()]) {
            return self.reversed(run, address);
        }
        let mut at = run.start;
        while at < run.end {
            let rest = &self.text[at..run.end];
            let begins = at == run.start || at == self.written || !self.text[at - 1].is_ascii_alphanumeric();
            let length = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count().max(1);
            if begins && code::starts(rest) {
                let word = String::from_utf8_lossy(&rest[..code::LENGTH]).to_ascii_lowercase();
                self.replace(at..at + code::LENGTH, self.originals.words.get(&word), str::to_owned);
                at += code::LENGTH;
            } else if begins && let Some((taken, address, dashed)) = address_in(rest) {
                let known = self.originals.v4.get(&address);
                let form =
                    |original: &str| if dashed { original.replace('.', "-") } else { original.to_owned() };
                self.replace(at + if dashed { 3 } else { 0 }..at + taken, known, form);
                at += taken;
            } else {
                at += length;
            }
        }
    }

    /// `3.4.20.241.in-addr.arpa`.
    fn reversed(&mut self, run: Range<usize>, address: Ipv4Addr) {
        if addresses::is_pseudonym(address) {
            let form = |original: &str| original.split('.').rev().collect::<Vec<_>>().join(".");
            let digits = run.end - ".in-addr.arpa".len();
            self.replace(run.start..digits, self.originals.v4.get(&address), form);
        }
    }

    fn colon(&mut self, last: Range<usize>, colon: usize) {
        let Some((place, address)) = ip::v6_at(self.text, last, colon) else { return };
        if place.start < self.written {
            return;
        }
        if let Some((_, inner)) = addresses::embedded(address) {
            if addresses::is_pseudonym(inner) {
                let outer = |original: &str| {
                    let inner: Ipv4Addr = original.parse().unwrap_or(Ipv4Addr::UNSPECIFIED);
                    let bits = address.to_bits() >> 32 << 32 | u128::from(inner.to_bits());
                    Ipv6Addr::from_bits(bits).to_string()
                };
                self.replace(place, self.originals.v4.get(&inner), outer);
            }
        } else if addresses::is_pseudonym_v6(address) {
            self.replace(place, self.originals.v6.get(&address), str::to_owned);
        }
    }

    fn replace(&mut self, place: Range<usize>, known: Option<&Known>, form: impl Fn(&str) -> String) {
        let Some(Known::One(original)) = known else {
            self.unknown += 1;
            return;
        };
        self.out.extend_from_slice(&self.text[self.written..place.start]);
        self.out.extend_from_slice(form(original).as_bytes());
        self.written = place.end;
    }
}

/// The pseudonymous address that a run begins with, as many bytes as it has, and whether it has dashes.
fn address_in(text: &[u8]) -> Option<(usize, Ipv4Addr, bool)> {
    let is_part = |byte: &&u8| byte.is_ascii_digit() || **byte == b'.';
    let dashed = text.get(..3).is_some_and(|front| front.eq_ignore_ascii_case(b"ip-"));
    let length = if dashed {
        3 + text[3..].iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'-').count()
    } else {
        text.iter().take_while(is_part).count()
    };
    let word = &text[..length];
    let word = &word[..word.len() - word.iter().rev().take_while(|byte| matches!(byte, b'.' | b'-')).count()];
    let address = if dashed { ip::dashed(word) } else { ip::quad(word) }?;
    addresses::is_pseudonym(address).then_some((word.len(), address, dashed))
}

#[cfg(test)]
mod tests {
    use super::{super::tests::*, *};

    #[test]
    fn what_was_hidden_comes_back() {
        let hidden = of_host();
        let redactor = redactor_of(&hidden);
        let text = "gl-prod-1.acme.lan 10.20.4.3:22, 8.8.4.4. [2a01:4f8::a]:443 ::ffff:10.20.4.3 ip-10-20-4-3 \
                    3.4.20.10.in-addr.arpa a_gl-prod-1_b to=<jonas.weber@acme.com> \"username\":\"ana\" \\ngl-prod-1 %2Fgl-prod-1";
        let out = text_of(&redactor, text);
        assert!(!out.contains("acme") && !out.contains("10.20"), "{out}");
        let mut originals = Originals::default();
        originals.add(hidden.pairs().into_iter().map(|pair| (pair.pseudonym, pair.original)));
        let mut back = Vec::new();
        assert_eq!(originals.reveal(out.as_bytes(), &mut back), 0);
        assert_eq!(String::from_utf8(back).unwrap(), text);
        let mut again = Vec::new();
        assert_eq!(originals.reveal(out.to_uppercase().as_bytes(), &mut again), 0);
    }

    #[test]
    fn what_is_not_known_or_stands_for_two_is_left_and_counted() {
        let hidden = of_host();
        let out = text_of(&redactor_of(&hidden), "x gl-prod-1 and 10.9.9.9, [fd00::7] 254.0.0.0 241.x");
        let mut back = Vec::new();
        assert_eq!(Originals::default().reveal(out.as_bytes(), &mut back), 3);
        assert_eq!(back, out.as_bytes());
        let mut originals = Originals::default();
        originals.add([
            ("243.1.2.3".to_owned(), "8.8.8.8".to_owned()),
            ("243.1.2.3".to_owned(), "9.9.9.9".to_owned()),
        ]);
        assert_eq!(originals.reveal(b"243.1.2.3", &mut Vec::new()), 1);
    }
}
