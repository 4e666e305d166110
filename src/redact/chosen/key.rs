//! The key of the pseudonyms, and the keyed hash under it. Without the key no pseudonym can be guessed
//! from a list of names or addresses. Never shown: not in Debug, not in an error.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::error::{Error, Result};

/// A key, drawn for one run or shared by many.
#[derive(Clone)]
pub struct Key {
    bytes: Zeroizing<[u8; 32]>,
    hmac: Hmac<Sha256>,
}

impl Key {
    /// A new one.
    ///
    /// # Errors
    /// When the kernel gives no random bytes.
    pub fn draw() -> Result<Self> {
        let mut bytes = Zeroizing::new([0; 32]);
        getrandom::fill(bytes.as_mut())
            .map_err(|error| Error::host(format!("can't draw a random key for pseudonyms: {error}")))?;
        Self::new(bytes)
    }

    /// The key that is written so.
    pub fn of_hex(text: &str) -> Option<Self> {
        let decoded = Zeroizing::new(data_encoding::HEXLOWER.decode(text.as_bytes()).ok()?);
        let mut bytes = Zeroizing::new([0; 32]);
        (decoded.len() == bytes.len()).then(|| bytes.copy_from_slice(&decoded))?;
        Self::new(bytes).ok()
    }

    /// As it is written: 64 hexadecimal digits.
    pub fn hex(&self) -> Zeroizing<String> {
        Zeroizing::new(data_encoding::HEXLOWER.encode(self.bytes.as_ref()))
    }

    /// Tells two keys apart, and nothing else about them.
    pub fn id(&self) -> String {
        data_encoding::HEXLOWER.encode(&self.hash(b"id", &[])[..8])
    }

    fn new(bytes: Zeroizing<[u8; 32]>) -> Result<Self> {
        let hmac = Hmac::new_from_slice(bytes.as_ref())
            .map_err(|_| Error::internal("HMAC refuses a key of 32 bytes"))?;
        Ok(Self { bytes, hmac })
    }

    /// The hash of a value; what it is used for keeps equal values of two uses apart.
    pub(super) fn hash(&self, used_for: &[u8], value: &[u8]) -> [u8; 32] {
        let mut hmac = self.hmac.clone();
        hmac.update(used_for);
        hmac.update(&[0]);
        hmac.update(value);
        hmac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_comes_back_from_its_text_and_shows_nothing() {
        let key = Key::draw().unwrap();
        let again = Key::of_hex(&key.hex()).unwrap();
        assert_eq!(key.hash(b"x", b"v"), again.hash(b"x", b"v"));
        assert_ne!(key.hash(b"x", b"v"), key.hash(b"y", b"v"));
        assert_ne!(key.id(), Key::draw().unwrap().id());
        assert!(!key.hex().contains(&key.id()));
        assert_eq!(format!("{key:?}"), "Key(…)");
        assert!(Key::of_hex("00").is_none() && Key::of_hex(&"x".repeat(64)).is_none());
    }
}
