//! Which four bytes of a needle are looked for: for each way to lie on pairs those that logs hold least.

use super::{Positions, sample::SAMPLE};

/// What may stand at a position.
type Set<'n> = Option<&'n [u8]>;

/// Four positions of a needle. One that lies before its first or behind its last may be any byte.
#[derive(Debug, Clone, Copy)]
pub(super) struct Window<'n> {
    needle: u16,
    offset: i16,
    pub(super) sets: [Set<'n>; 4],
}

impl<'n> Window<'n> {
    pub(super) fn new(needle: u16, positions: &'n Positions, offset: i16) -> Self {
        let set =
            |place: i16| usize::try_from(offset + place).ok().and_then(|at| Some(&**positions.get(at)?));
        Self { needle, offset, sets: [0, 1, 2, 3].map(set) }
    }

    /// All pairs with which it may begin.
    pub(super) fn first_pairs(&self) -> impl Iterator<Item = u16> + use<'_, 'n> {
        pairs(self.sets[0], self.sets[1])
    }

    /// All pairs that may stand in its middle.
    pub(super) fn middles(&self) -> impl Iterator<Item = u16> + use<'_, 'n> {
        pairs(self.sets[1], self.sets[2])
    }

    /// All pairs with which it may end.
    pub(super) fn second_pairs(&self) -> impl Iterator<Item = u16> + use<'_, 'n> {
        pairs(self.sets[2], self.sets[3])
    }

    /// What is asked of four bytes whose pairs fit.
    pub(super) fn anchor(&self) -> Anchor {
        let mut anchor = Anchor { value: 0, fold: 0, mask: 0, offset: self.offset, needle: self.needle };
        for (place, set) in self.sets.iter().enumerate() {
            let (value, fold) = match set {
                Some([byte]) => (*byte, 0),
                Some([a, b]) if a.is_ascii_alphabetic() && a ^ b == 0x20 => (a | 0x20, 0x20),
                _ => continue,
            };
            anchor.value |= u32::from(value) << (8 * place);
            anchor.fold |= fold << (8 * place);
            anchor.mask |= 0xff << (8 * place);
        }
        anchor
    }
}

fn pairs<'n>(first: Set<'n>, second: Set<'n>) -> impl Iterator<Item = u16> + use<'n> {
    members(first).flat_map(move |a| members(second).map(move |b| u16::from_le_bytes([a, b])))
}

fn members(set: Set<'_>) -> impl Iterator<Item = u8> + use<'_> {
    let any = set.is_none().then_some(0..=255);
    set.unwrap_or_default().iter().copied().chain(any.into_iter().flatten())
}

/// An anchor as four bytes are compared with it.
#[derive(Debug)]
pub(super) struct Anchor {
    value: u32,
    /// Bits that tell upper from lower case.
    fold: u32,
    /// Bytes that are compared; the others are known by their pairs alone.
    mask: u32,
    offset: i16,
    pub(super) needle: u16,
}

impl Anchor {
    /// Whether these four bytes, the first one lowest, may be it.
    #[inline]
    pub(super) fn fits(&self, four: u32) -> bool {
        (four | self.fold) & self.mask == self.value
    }

    /// Where the needle begins if the anchor's second pair is at `second`.
    #[inline]
    pub(super) fn begin(&self, second: usize) -> Option<usize> {
        second.checked_add_signed(-2 - isize::from(self.offset))
    }

    /// How far behind the needle's begin it ends.
    pub(super) fn reach(&self) -> usize {
        usize::try_from(self.offset + 4).unwrap_or(0)
    }
}

/// Where the anchors of a needle begin: one at an even distance from the needle's begin, one at an odd one.
pub(super) fn choose(positions: &Positions) -> Option<[i16; 2]> {
    let length = i16::try_from(positions.len()).unwrap_or(i16::MAX);
    let rarest = |parity: i16| {
        // One byte of a pair may lie outside the needle.
        let offsets = (-1..length - 2).filter(|offset| offset & 1 == parity);
        let mut best: Option<(f64, i16)> = None;
        let mut last = None;
        for offset in offsets {
            let sets = Window::new(0, positions, offset).sets;
            // A run's windows are all alike.
            if last.replace(sets) != Some(sets) {
                let chance = SAMPLE.chance(&sets);
                best = best.filter(|best| best.0 <= chance).or(Some((chance, offset)));
            }
        }
        Some(best?.1)
    };
    Some([rarest(0)?, rarest(1)?])
}
