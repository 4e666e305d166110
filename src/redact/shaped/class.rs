//! Classes of bytes: what a token's body is made of.

/// A named set of bytes. The letter is how a form writes it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Class(u8);

/// Letter and members, ranges written as two bytes.
const NAMED: [(u8, &[u8]); 17] = [
    (b'w', b"azAZ09__--"),
    (b'a', b"azAZ09"),
    (b'h', b"09af"),
    (b'H', b"09afAF"),
    (b'd', b"09"),
    (b'l', b"az09"),
    (b'u', b"AZ09"),
    (b'L', b"az"),
    (b'U', b"AZ"),
    // base64
    (b'b', b"azAZ09++//=="),
    // the base64 of crypt(3)
    (b'c', b"azAZ09..//"),
    // a token68 (RFC 9110, 11.2), also percent-encoded
    (b'v', b"azAZ09--..__~~++//==%%"),
    // a word with dots
    (b's', b"azAZ09__--.."),
    // the unreserved characters of a URL
    (b't', b"azAZ09__--..~~"),
    // a part of a path, percent-encoded or not
    (b'p', b"azAZ09--..__~~++%%@@"),
    // what may stand in a query's value, percent-encoded or not
    (b'q', b"azAZ09--..__~~++//==%%!!**::@@$$"),
    // anything but white space, controls and double quotes
    (b'x', b"!!#~\x80\xff"),
];

/// Number of named classes, for tables by class.
pub(super) const CLASSES: usize = NAMED.len();

const TABLES: [[bool; 256]; CLASSES] = {
    let mut tables = [[false; 256]; CLASSES];
    let mut class = 0;
    while class < CLASSES {
        let pairs = NAMED[class].1;
        let mut at = 0;
        while at < pairs.len() {
            let mut byte = pairs[at];
            loop {
                tables[class][byte as usize] = true;
                if byte == pairs[at + 1] {
                    break;
                }
                byte += 1;
            }
            at += 2;
        }
        class += 1;
    }
    tables
};

impl Class {
    /// Base64url and the like: letters, digits, `_` and `-`.
    pub(super) const WORD: Self = Self::of(b'w');
    /// Standard base64.
    pub(super) const BASE64: Self = Self::of(b'b');
    /// What a token in a header is made of.
    pub(super) const TOKEN: Self = Self::of(b'v');

    const fn of(letter: u8) -> Self {
        let mut class = 0;
        while class < CLASSES {
            if NAMED[class].0 == letter {
                return Self(class as u8);
            }
            class += 1;
        }
        panic!("no class has this letter")
    }

    /// The class that a form writes so.
    pub(super) fn named(letter: u8) -> Option<Self> {
        NAMED.iter().position(|(name, _)| *name == letter).map(|class| Self(class as u8))
    }

    /// Its place in tables by class.
    pub(super) fn index(self) -> usize {
        usize::from(self.0)
    }

    /// Whether `byte` is a member.
    #[inline]
    pub(super) fn has(self, byte: u8) -> bool {
        TABLES[usize::from(self.0)][usize::from(byte)]
    }

    /// All members, in order.
    pub(super) fn members(self) -> impl Iterator<Item = u8> {
        (0..=255).filter(move |byte| self.has(*byte))
    }
}
