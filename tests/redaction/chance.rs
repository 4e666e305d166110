//! Seeded chance: the same seed makes the same corpus, so a failure can be made again.

pub(super) const DIGITS: &str = "0123456789";
pub(super) const HEX: &str = "0123456789abcdef";
pub(super) const UPPER_HEX: &str = "0123456789ABCDEF";
pub(super) const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
pub(super) const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
pub(super) const BASE36: &str = "abcdefghijklmnopqrstuvwxyz0123456789";
pub(super) const UPPER36: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
pub(super) const BASE62: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
pub(super) const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
pub(super) const URL64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
pub(super) const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
pub(super) const CROCKFORD: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const SYMBOLS: &str = "!#$%&()*+,-./:;<=>?@[]^_{|}~";

const FIRST: &[&str] = &[
    "ana", "ben", "carla", "dmitri", "elena", "farid", "grace", "hiro", "ines", "jonas", "maya", "noor",
    "otto",
];
const LAST: &[&str] =
    &["schmidt", "okafor", "tanaka", "rossi", "larsen", "novak", "garcia", "patel", "haddad"];
const WORDS: &[&str] = &[
    "api",
    "core",
    "web",
    "mobile",
    "infra",
    "deploy",
    "billing",
    "auth",
    "data",
    "pipeline",
    "search",
    "docs",
    "gateway",
    "ledger",
    "payments",
    "tools",
    "frontend",
    "backend",
    "proto",
    "charts",
    "images",
    "terraform",
];
const PHRASE: &[&str] = &[
    "correct", "horse", "battery", "staple", "purple", "winter", "ladder", "orbit", "velvet", "hammer",
    "quiet", "river", "copper", "falcon", "mango", "tundra", "pixel", "garlic", "window", "saddle", "cactus",
    "engine",
];

/// Knuth's MMIX numbers, mixed as SplitMix64 does.
pub(super) struct Chance(u64);

impl Chance {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// From 0 up to `most`, which is left out.
    pub(super) fn below(&mut self, most: usize) -> usize {
        (self.next() % most.max(1) as u64) as usize
    }

    pub(super) fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most + 1 - least)
    }

    pub(super) fn pick<'t, T>(&mut self, from: &'t [T]) -> &'t T {
        &from[self.below(from.len())]
    }

    pub(super) fn text(&mut self, length: usize, alphabet: &str) -> String {
        let alphabet: Vec<char> = alphabet.chars().collect();
        (0..length).map(|_| *self.pick(&alphabet)).collect()
    }

    pub(super) fn words(&mut self, count: usize, between: &str) -> String {
        let words: Vec<&str> = (0..count).map(|_| *self.pick::<&str>(PHRASE)).collect();
        words.join(between)
    }

    pub(super) fn user(&mut self) -> String {
        format!("{}.{}", self.pick(FIRST), self.pick(LAST))
    }

    pub(super) fn word(&mut self) -> &'static str {
        self.pick::<&str>(WORDS)
    }

    pub(super) fn project(&mut self) -> String {
        format!("{}-{}/{}", self.word(), self.word(), self.word())
    }

    pub(super) fn ulid(&mut self) -> String {
        format!("01{}{}", self.pick(&["HZ", "J0", "KJ", "JX"]), self.text(22, CROCKFORD))
    }

    pub(super) fn uuid(&mut self) -> String {
        let part = |chance: &mut Self, length| chance.text(length, HEX);
        let variant = *self.pick::<&str>(&["8", "9", "a", "b"]);
        format!(
            "{}-{}-4{}-{variant}{}-{}",
            part(self, 8),
            part(self, 4),
            part(self, 3),
            part(self, 3),
            part(self, 12)
        )
    }

    pub(super) fn ip(&mut self) -> String {
        format!("10.{}.{}.{}", self.below(40), self.below(256), self.between(1, 254))
    }

    /// Letters of both cases and a digit at least.
    pub(super) fn mixed(&mut self, length: usize) -> String {
        loop {
            let text = self.text(length, BASE62);
            let has = |class: fn(&char) -> bool| text.chars().any(|c| class(&c));
            if has(char::is_ascii_digit) && has(char::is_ascii_lowercase) && has(char::is_ascii_uppercase) {
                return text;
            }
        }
    }

    /// As `mixed`, and symbols among them; begins and ends with a letter or digit.
    pub(super) fn symbols(&mut self, length: usize, symbols: Option<&str>) -> String {
        let mut text: Vec<char> = self.mixed(length).chars().collect();
        let symbols: Vec<char> = symbols.unwrap_or(SYMBOLS).chars().collect();
        for _ in 0..(length / 5).max(1) {
            let at = self.between(1, length - 2);
            text[at] = *self.pick(&symbols);
        }
        text.into_iter().collect()
    }
}
