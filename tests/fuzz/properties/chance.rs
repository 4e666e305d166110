//! Seeded chance: the same bytes are always checked in the same way.

/// SplitMix64.
pub(crate) struct Chance(pub(crate) u64);

impl Chance {
    /// Of the bytes that are checked.
    pub(crate) fn of(bytes: &[u8]) -> Self {
        Self(bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
        }))
    }

    /// From 0 up to `most`, which is left out.
    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((z ^ (z >> 31)) % most.max(1) as u64) as usize
    }

    pub(crate) fn text(&mut self, length: usize, alphabet: &[u8]) -> Vec<u8> {
        (0..length).map(|_| alphabet[self.below(alphabet.len())]).collect()
    }

    /// The bytes with parts of them overwritten, doubled and left out.
    pub(crate) fn damaged(&mut self, bytes: &[u8]) -> Vec<u8> {
        let mut damaged = bytes.to_vec();
        for _ in 0..=self.below(8) {
            let at = self.below(damaged.len());
            let end = (at + self.below(40)).min(damaged.len());
            match self.below(3) {
                0 => drop(damaged.drain(at..end)),
                1 => {
                    let part = damaged[at..end].to_vec();
                    damaged.splice(at..at, part);
                }
                _ => {
                    let part = self.text(end - at, b"0123456789999-:. {}[]\",|\n\t%\xff\x1bZ");
                    damaged[at..end].copy_from_slice(&part);
                }
            }
        }
        damaged
    }
}
