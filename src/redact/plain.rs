//! Whether an entry can be read as text. What can't is withheld: a secret inside a compressed or
//! binary file would be invisible to every rule.
//!
//! Decided by the entry's bytes alone: by the magic numbers of compressed, archive, executable,
//! database and image formats at its very start, and by the share of control bytes in its first
//! block. One control byte, colours, NULs between words, holes of NULs (a truncated log), invalid
//! UTF-8, a BOM and lines of many megabytes are normal text.

/// Formats that hold text in no readable form. UTF-32 is here too: no rule reads it.
#[rustfmt::skip] // rows, not a column
const MAGIC: &[&[u8]] = &[
    b"\x1f\x8b", b"\x1f\x9d", b"\x1f\xa0", b"\xfd7zXZ\0", b"LZIP\x01", b"\x28\xb5\x2f\xfd", b"\x04\x22\x4d\x18", b"\x5d\0\0", b"\xff\x06\0\0sNaPpY",
    b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"!<arch>\n",
    b"070701", b"070702", b"070707", b"MSCF\0\0\0\0", b"\xed\xab\xee\xdb",
    b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\0asm",
    b"\x89PNG\r\n\x1a\n", b"GIF87a", b"GIF89a", b"\xff\xd8\xff", b"%PDF-", b"II*\0", b"MM\0*", b"\xd0\xcf\x11\xe0",
    b"OggS\0", b"wOFF\0", b"wOF2\0", b"SQLite format 3\0", b"PGDMP", b"REDIS00", b"LPKSHHRH", b"PACK\0\0\0",
    b"DIRC\0\0\0", b"\xfftOc\0\0\0", b"KDUMP   ", b"LUKS\xba\xbe", b"\x99\x01", b"\xff\xfe\0\0", b"\0\0\xfe\xff",
];

/// Where a tar archive says so.
const USTAR: (usize, &[u8]) = (257, b"ustar");

/// Whether the first block of an entry, or the whole of a shorter one, is text.
pub(super) fn is_text(head: &[u8]) -> bool {
    let magic = MAGIC.iter().any(|magic| head.starts_with(magic))
        || (head.starts_with(b"BZh") && head.get(4..).is_some_and(|rest| rest.starts_with(b"1AY&SY")))
        || head.get(USTAR.0..).is_some_and(|rest| rest.starts_with(USTAR.1));
    !magic && !is_wide(head) && !Shares::of(head).are_binary()
}

/// UTF-16 without a BOM: every other byte is NUL. Rules for bytes are blind to it.
fn is_wide(head: &[u8]) -> bool {
    let pairs = head.len() / 2;
    let nuls = |odd: usize| head.iter().skip(odd).step_by(2).filter(|byte| **byte == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    pairs >= 16 && even.max(odd) > pairs / 5 * 4 && even.min(odd) < pairs / 10
}

/// Counts that tell text from other data.
struct Shares {
    bytes: usize,
    nuls: usize,
    controls: usize,
    invalid: usize,
}

impl Shares {
    fn of(head: &[u8]) -> Self {
        let mut shares = Self { bytes: 0, nuls: 0, controls: 0, invalid: 0 };
        let mut before = b' ';
        for &byte in head {
            // A hole of NULs is one.
            if byte != 0 || before != 0 {
                shares.bytes += 1;
                shares.nuls += usize::from(byte == 0);
                shares.controls += usize::from(is_control(byte));
            }
            before = byte;
        }
        shares.invalid = head.utf8_chunks().map(|chunk| chunk.invalid().len()).sum();
        shares
    }

    /// Random or compressed bytes: a tenth of control bytes and half invalid UTF-8. Text in an old
    /// 8-bit charset has the second, but not the first.
    fn are_binary(&self) -> bool {
        let more_than = |part: usize, percent: usize| part * 100 > self.bytes * percent;
        self.bytes >= 16
            && ((more_than(self.controls, 5) && more_than(self.controls + self.invalid, 30))
                || more_than(self.controls + self.nuls, 40))
    }
}

/// Not NUL, nor those of text and terminals: tab, line ends, form feed, backspace, escape.
fn is_control(byte: u8) -> bool {
    byte < 0x20 && byte != 0 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x08 | 0x1b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_with_oddities_is_text() {
        let texts: &[&[u8]] = &[
            b"",
            b"a",
            b"\x00",
            b"redis-server\0--requirepass\0hunter2\0",
            b"ps\0-e\0-f\0-o\0pid\0-w\0",
            b"one\x01control byte in a short line",
            b"\xef\xbb\xbfwith a BOM\r\n",
            b"caf\xe9 cr\xe8me br\xfbl\xe9e \xe0 la carte",
            b"\xd0\xd2\xc9\xd7\xc5\xd4 \xcd\xc9\xd2, \xdc\xd4\xcf koi8-r",
            b"\x1b[31m-red\x1b[0m\n\x1b[32m+green\x1b[0m\n",
            b"only\rcarriage\rreturns\r",
            b"MZ is how this text begins",
        ];
        for text in texts {
            assert!(is_text(text), "{:?}", String::from_utf8_lossy(text));
        }
        assert!(is_text(
            &[vec![0; 100_000], b"a log that was truncated while it was written\n".to_vec()].concat()
        ));
        assert!(is_text(&"password=x\n".repeat(20_000).into_bytes()));
    }

    #[test]
    fn what_can_not_be_read_is_not_text() {
        let mut state = 1_u64;
        let random: Vec<u8> = std::iter::repeat_with(|| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        })
        .take(4096)
        .collect();
        assert!(!is_text(&random) && !is_text(&random[..64]));
        let wide: Vec<u8> = "password: hunter2, and more of it".bytes().flat_map(|byte| [byte, 0]).collect();
        assert!(!is_text(&wide));
        let tar = [vec![b'a'; 257], b"ustar\0".to_vec()].concat();
        for magic in [b"\x1f\x8b\x08\0".as_slice(), b"PK\x03\x04more", b"\x7fELF\x02", &tar] {
            assert!(!is_text(magic));
        }
    }
}
