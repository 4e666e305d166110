//! Any bytes as the file of a mapping, and as a text to be revealed with it: no panic, what is no pseudonym stays
//! to the byte, and what goes in has its pairs' originals at most.

use glsos::redact::chosen::{Key, Mapping, Originals, key_file};

/// The first line, up to its NUL, is a mapping; what stands behind it is the text. Without a NUL all of it is both.
pub(crate) fn check(bytes: &[u8]) {
    let (file, text) = match memchr::memchr(0, bytes) {
        Some(at) => (&bytes[..at], &bytes[at + 1..]),
        None => (bytes, bytes),
    };
    let mut originals = Originals::default();
    let mut longest = 0;
    match Mapping::parse(file) {
        Ok(Mapping::Key(key)) => {
            let again = Mapping::parse(&key_file(&key));
            assert!(matches!(again, Ok(Mapping::Key(again)) if again.hex() == key.hex()));
        }
        Ok(Mapping::Pairs { pairs, .. }) => {
            longest = pairs.iter().map(|(_, original)| original.len()).max().unwrap_or(0);
            originals.add(pairs);
        }
        // Why it is none is told without a word of it.
        Err(why) => assert!(why.len() < 80),
    }
    let mut out = Vec::new();
    originals.reveal(text, &mut out);
    assert!(out.len() <= text.len() * (longest + 1) * 3, "{} bytes of {}", out.len(), text.len());
    // With nothing to reveal nothing changes.
    let mut same = Vec::new();
    Originals::default().reveal(text, &mut same);
    assert_eq!(same, text);
    assert!(Key::of_hex(&String::from_utf8_lossy(text)).is_none_or(|key| key.hex().len() == text.len()));
}
