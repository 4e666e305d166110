//! Where an entry of an unfinished bundle ends. Until it does, its header tells the size of its source, which
//! redaction makes longer or shorter; of a command it tells 0.

use crate::read::tar::{BLOCK, Header};

/// Whether `behind`, up to one block and `padding` bytes before it, is what stands behind an entry that has
/// ended. `first` is the name of the archive's first member: the top folder's.
pub(super) fn follows(behind: &[u8], padding: usize, first: &[u8]) -> bool {
    let (zeros, block) = behind.split_at(padding.min(behind.len()));
    if zeros.iter().any(|b| *b != 0) {
        return false;
    }
    match <&[u8; BLOCK]>::try_from(block) {
        Ok(block) => Header::parse(block).is_ok(),
        // A header that was cut, or the last bytes of a text.
        Err(_) => block.is_empty() || is_begin(block, first) || is_begin(block, b"././@LongLink"),
    }
}

fn is_begin(block: &[u8], name: &[u8]) -> bool {
    let n = block.len().min(name.len());
    block[..n] == name[..n]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_goes_on_is_told_from_the_next_header() {
        let mut header = tar::Header::new_gnu();
        header.set_path("glsos.h.2026/x").unwrap();
        header.set_size(7);
        header.set_cksum();
        let block = header.as_bytes();
        let padded = |padding: usize, block: &[u8]| [&vec![0; padding], block].concat();
        assert!(follows(&padded(5, block), 5, b"glsos.h.2026/"));
        assert!(follows(&padded(0, block), 0, b"glsos.h.2026/"));
        assert!(follows(&padded(5, &block[..100]), 5, b"glsos.h.2026/"));
        assert!(follows(&[0, 0], 5, b"glsos.h.2026/"));
        assert!(!follows(&[b'x'; BLOCK], 0, b"glsos.h.2026/"));
        assert!(!follows(b"Linux h 6.1\n", 0, b"glsos.h.2026/"));
        assert!(!follows(&padded(4, block), 5, b"glsos.h.2026/"));
    }
}
