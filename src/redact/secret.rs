//! A secret in memory: bytes that no message can show and that are zeroed when dropped.
//!
//! Holds no rule of what is secret (`names`, `secrets`) and none of how it is found again in a text.

use std::{
    fmt,
    path::{Path, PathBuf},
};

use zeroize::Zeroize;

/// Bytes that must not leave the host. There is no Display; Debug tells the length at most.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Secret(Vec<u8>);

impl Secret {
    /// Takes the bytes over.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes themselves, for the one who searches for them.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// Bytes in it.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

/// One of the host's own secrets, as it was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownSecret {
    /// The value itself, not any encoded form of it.
    pub value: Secret,
    /// What the marker calls it, such as `db_password`: `[a-z0-9_-]`, at most 40 characters.
    pub name: Option<String>,
    /// The file that it was learnt from.
    pub source: PathBuf,
}

impl KnownSecret {
    /// A value with the name of its key; the key becomes a marker's name where it can.
    pub fn new(value: impl Into<Vec<u8>>, key: Option<&str>, source: impl AsRef<Path>) -> Self {
        Self {
            value: Secret::new(value),
            name: key.and_then(marker_name),
            source: source.as_ref().to_path_buf(),
        }
    }
}

/// The name of what the customer chose to remove.
pub const CHOSEN: &str = "chosen";

/// A key as a marker's name: lower-case, only `[a-z0-9_-]`, or nothing where that leaves no name.
pub fn marker_name(key: &str) -> Option<String> {
    let mut name = String::new();
    for c in key.chars() {
        let c = c.to_ascii_lowercase();
        let c = if c.is_ascii_alphanumeric() || c == '-' { c } else { '_' };
        if c != '_' || !name.ends_with('_') {
            name.push(c);
        }
    }
    let name = name.trim_matches(['_', '-']);
    let fits = (1..=40).contains(&name.len()) && name.starts_with(|c: char| c.is_ascii_lowercase());
    fits.then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_byte() {
        let known = KnownSecret::new("hunter2", Some("DB.Password"), "/etc/gitlab/gitlab.rb");
        let text = format!("{known:?}");
        assert!(!text.contains("hunter2") && text.contains("db_password"), "{text}");
    }

    #[test]
    fn names_fit_a_marker() {
        assert_eq!(marker_name("smtp_password").as_deref(), Some("smtp_password"));
        assert_eq!(marker_name("X-Api Key").as_deref(), Some("x-api_key"));
        assert_eq!(marker_name("__"), None);
        assert_eq!(marker_name("9"), None);
        assert_eq!(marker_name(&"a".repeat(41)), None);
    }
}
