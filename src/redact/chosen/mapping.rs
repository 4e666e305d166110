//! What is written of pseudonyms on the customer's side: the key, which many hosts may share, and the pairs of
//! a run. JSON, so that people can look things up by hand. Reads and writes no file.

use std::fmt;

use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use super::{Key, Pair};

const KEY_FORMAT: &str = "glsos-mapping/1";
const PAIRS_FORMAT: &str = "glsos-pairs/1";

#[derive(Serialize, Deserialize)]
struct KeyFile {
    format: String,
    key: String,
}

impl Drop for KeyFile {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

#[derive(Serialize, Deserialize)]
struct PairsFile {
    format: String,
    /// Of the key, so that nobody takes the pairs of another one for its own.
    key_id: String,
    /// The bundle's top folder.
    bundle: String,
    /// Kind, pseudonym, original.
    pairs: Vec<(String, String, String)>,
}

/// A file of either sort, read.
pub enum Mapping {
    /// The key.
    Key(Key),
    /// A run's pairs.
    Pairs {
        /// Which key they were made with.
        key_id: String,
        /// Pseudonym and original.
        pairs: Vec<(String, String)>,
    },
}

impl fmt::Debug for Mapping {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key(_) => "Key(…)",
            Self::Pairs { .. } => "Pairs(…)",
        })
    }
}

impl Mapping {
    /// The content of a file; why it is none, without a word of it.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, &'static str> {
        let value: serde_json::Value = serde_json::from_slice(bytes).map_err(|_| "not valid JSON")?;
        match value["format"].as_str() {
            Some(KEY_FORMAT) => {
                let file: KeyFile = serde_json::from_value(value).map_err(|_| "there is no key in it")?;
                Key::of_hex(&file.key).map(Self::Key).ok_or("its key is not 64 hexadecimal digits")
            }
            Some(PAIRS_FORMAT) => {
                let file: PairsFile = serde_json::from_value(value).map_err(|_| "its pairs are damaged")?;
                let pairs = file.pairs.into_iter().map(|(_, pseudonym, original)| (pseudonym, original));
                Ok(Self::Pairs { key_id: file.key_id, pairs: pairs.collect() })
            }
            _ => Err("not a file that --mapping made"),
        }
    }
}

/// The file of a key.
pub fn key_file(key: &Key) -> Zeroizing<Vec<u8>> {
    text(&KeyFile { format: KEY_FORMAT.to_owned(), key: key.hex().to_string() })
}

/// The file of a run's pairs.
pub fn pairs_file(key: &Key, bundle: &str, pairs: Vec<Pair>) -> Zeroizing<Vec<u8>> {
    let pairs = pairs.into_iter().map(|pair| (pair.kind.to_owned(), pair.pseudonym, pair.original)).collect();
    let (format, key_id, bundle) = (PAIRS_FORMAT.to_owned(), key.id(), bundle.to_owned());
    text(&PairsFile { format, key_id, bundle, pairs })
}

fn text(value: &impl Serialize) -> Zeroizing<Vec<u8>> {
    // A struct of strings is always JSON.
    let mut bytes = Zeroizing::new(serde_json::to_vec_pretty(value).unwrap_or_default());
    bytes.push(b'\n');
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let key = Key::draw().unwrap();
        let Ok(Mapping::Key(read)) = Mapping::parse(&key_file(&key)) else { panic!() };
        assert_eq!(read.hex(), key.hex());
        let pair = Pair { kind: "host", pseudonym: "host-1".into(), original: "a\"\\\n\u{e9}".into() };
        let Ok(Mapping::Pairs { key_id, pairs }) = Mapping::parse(&pairs_file(&key, "b", vec![pair])) else {
            panic!()
        };
        assert_eq!((key_id, pairs), (key.id(), vec![("host-1".to_owned(), "a\"\\\n\u{e9}".to_owned())]));
    }

    #[test]
    fn what_is_no_mapping_is_told_without_its_content() {
        for (text, why) in [
            ("", "not valid JSON"),
            ("{}", "not a file that --mapping made"),
            (r#"{"format":"glsos-mapping/2","key":"00"}"#, "not a file that --mapping made"),
            (r#"{"format":"glsos-mapping/1"}"#, "there is no key in it"),
            (r#"{"format":"glsos-mapping/1","key":"00"}"#, "its key is not 64 hexadecimal digits"),
            (r#"{"format":"glsos-pairs/1","pairs":7}"#, "its pairs are damaged"),
        ] {
            assert_eq!(Mapping::parse(text.as_bytes()).unwrap_err(), why, "{text}");
        }
    }
}
