//! What bytes a run is made of: its letters, digits, dots and dashes. Decides nothing.

pub(super) const RUN: u8 = 1;
const DIGIT: u8 = 2;
const LETTER: u8 = 4;
const DOT: u8 = 8;
const DASH: u8 = 16;
pub(super) const SIGN: u8 = 32;

pub(super) static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'0'..=b'9' => RUN | DIGIT,
            b'a'..=b'z' | b'A'..=b'Z' => RUN | LETTER,
            b'.' => RUN | DOT,
            b'-' | b'_' => RUN | DASH,
            b':' | b'=' | b'@' | b'%' | b'\\' => SIGN,
            _ => 0,
        };
        byte += 1;
    }
    table
}

/// A run, and what it is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Made(pub(super) u8);

impl Made {
    pub(super) fn has_dot(self) -> bool {
        self.0 & DOT != 0
    }

    pub(super) fn has_letter(self) -> bool {
        self.0 & LETTER != 0
    }

    pub(super) fn has_digit(self) -> bool {
        self.0 & DIGIT != 0
    }

    /// Whether there is more than one word in it.
    pub(super) fn has_joint(self) -> bool {
        self.0 & (DOT | DASH) != 0
    }
}
