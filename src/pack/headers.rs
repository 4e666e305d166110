//! The bytes of gzip and tar headers and of stored deflate blocks. No I/O, no state.
//!
//! tar in GNU's format: long names in `@LongLink` blocks, sizes always in base 256, so that a
//! header never changes its length when its entry's size becomes known.

/// A tar block.
pub(super) const BLOCK: usize = 512;
/// Most bytes of one stored deflate block (RFC 1951, 3.2.4).
const STORED: usize = 65_535;
/// Bytes of the extra field; the gzip header has two more for this number.
const EXTRA: usize = 34;
/// Bytes of the gzip header.
pub(super) const GZIP_HEADER: usize = 12 + EXTRA;
/// The extra field up to the place: subfield `Zs`, its length, the length of the stored block and its complement.
///
/// Python's tarfile, when it reads a stream, takes the extra field for deflated data and drops as
/// many bytes as it is long (`_init_read_gz` calls `self.read` for `self.__read`; 3.11 and others).
/// So this one *is* deflated data, of just its own length: two literals, a stored block of 18 bytes with
/// the place, a match of 14 bytes, and an empty block that ends at a byte's border.
const BEFORE_PLACE: [u8; 8] = [b'Z', b's', EXTRA as u8 - 4, 0, 18, 0, !18, !0];
/// The extra field behind the place.
const BEHIND_PLACE: [u8; 8] = [0x42, 0x05, 0, 0, 0, 0, 0xff, 0xff];
/// The empty last deflate block.
pub(super) const LAST_BLOCK: [u8; 2] = [3, 0];

/// Where the manifest stands: offset in the file, compressed and inflated bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Place {
    /// Offset of its first deflate segment in the file.
    pub offset: u64,
    /// Compressed bytes of all its segments.
    pub compressed: u64,
    /// Its size.
    pub bytes: u64,
}

/// The gzip header; `Place::default()` until the manifest is written.
pub(super) fn gzip(place: Place) -> [u8; GZIP_HEADER] {
    let mut header = [0; GZIP_HEADER];
    // Deflate, an extra field, no time, no extra flags, Unix.
    header[..10].copy_from_slice(&[0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 3]);
    header[10..12].copy_from_slice(&(EXTRA as u16).to_le_bytes());
    header[12..20].copy_from_slice(&BEFORE_PLACE);
    for (at, number) in [(20, place.offset), (26, place.compressed), (32, place.bytes)] {
        // Six bytes each, 256 TiB: what fits into the block above.
        header[at..at + 6].copy_from_slice(&number.to_le_bytes()[..6]);
    }
    header[38..].copy_from_slice(&BEHIND_PLACE);
    header
}

/// The manifest's place out of a gzip header; nothing if this is no bundle of glsos, or was cut off.
pub fn manifest_place(header: &[u8]) -> Option<Place> {
    let expected = gzip(Place::default());
    if header.len() < GZIP_HEADER || header[..4] != expected[..4] || header[10..20] != expected[10..20] {
        return None;
    }
    let number = |at: usize| header[at..at + 6].iter().rev().fold(0_u64, |n, &b| n << 8 | u64::from(b));
    let place = Place { offset: number(20), compressed: number(26), bytes: number(32) };
    (place != Place::default()).then_some(place)
}

/// What a gzip header is to glsos.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// A finished bundle's, to the byte.
    Whole(Place),
    /// One of a bundle that was never finished.
    Unfinished,
    /// A bundle's, but not to the byte: damaged.
    Damaged,
    /// Anything else.
    Foreign,
}

/// Whether `header` begins a bundle of glsos.
pub fn origin(header: &[u8]) -> Origin {
    let Some(header) = header.get(..GZIP_HEADER) else { return Origin::Foreign };
    let expected = gzip(Place::default());
    let fixed = |at: &usize| !(20..38).contains(at);
    let wrong = (0..GZIP_HEADER).filter(fixed).filter(|at| header[*at] != expected[*at]).count();
    match manifest_place(header) {
        Some(place) if wrong == 0 => Origin::Whole(place),
        _ if header == expected => Origin::Unfinished,
        _ if wrong <= 4 => Origin::Damaged,
        _ => Origin::Foreign,
    }
}

/// Bytes as stored deflate blocks; the length depends only on the number of bytes.
pub(super) fn stored(bytes: &[u8]) -> Vec<u8> {
    let mut blocks = Vec::with_capacity(bytes.len() + 5 * (bytes.len() / STORED + 1));
    for chunk in bytes.chunks(STORED) {
        let length = chunk.len() as u16;
        blocks.push(0);
        blocks.extend_from_slice(&length.to_le_bytes());
        blocks.extend_from_slice(&(!length).to_le_bytes());
        blocks.extend_from_slice(chunk);
    }
    blocks
}

/// A tar header for a file, with what a long name needs before it.
pub(super) fn file(path: &str, size: u64, mtime: i64) -> Vec<u8> {
    named(path, b'0', size, 0o600, mtime)
}

/// A tar header for a folder; `path` without its last slash.
pub(super) fn folder(path: &str, mtime: i64) -> Vec<u8> {
    named(&format!("{path}/"), b'5', 0, 0o700, mtime)
}

/// Zeros that fill up the last block of an entry.
pub(super) fn padding(size: u64) -> usize {
    (BLOCK - (size % BLOCK as u64) as usize) % BLOCK
}

fn named(path: &str, kind: u8, size: u64, mode: u32, mtime: i64) -> Vec<u8> {
    let mut blocks = Vec::with_capacity(BLOCK);
    let name = path.as_bytes();
    if name.len() >= 100 {
        blocks.extend_from_slice(&block(b"././@LongLink", b'L', name.len() as u64 + 1, 0o644, 0));
        blocks.extend_from_slice(name);
        blocks.resize(blocks.len() + 1 + padding(name.len() as u64 + 1), 0);
    }
    blocks.extend_from_slice(&block(&name[..name.len().min(99)], kind, size, mode, mtime));
    blocks
}

fn block(name: &[u8], kind: u8, size: u64, mode: u32, mtime: i64) -> [u8; BLOCK] {
    let mut block = [0; BLOCK];
    block[..name.len()].copy_from_slice(name);
    octal(&mut block[100..108], u64::from(mode));
    octal(&mut block[108..116], 0);
    octal(&mut block[116..124], 0);
    block[124] = 0x80;
    block[128..136].copy_from_slice(&size.to_be_bytes());
    octal(&mut block[136..148], mtime.clamp(0, 0o777_7777_7777) as u64);
    block[148..156].fill(b' ');
    block[156] = kind;
    block[257..265].copy_from_slice(b"ustar  \0");
    block[265..269].copy_from_slice(b"root");
    block[297..301].copy_from_slice(b"root");
    let sum: u64 = block.iter().map(|&b| u64::from(b)).sum();
    octal(&mut block[148..155], sum);
    block[155] = b' ';
    block
}

/// Octal digits, zeros in front, a NUL behind.
fn octal(field: &mut [u8], mut value: u64) {
    let digits = field.len() - 1;
    field[digits] = 0;
    for digit in field[..digits].iter_mut().rev() {
        *digit = b'0' + (value & 7) as u8;
        value >>= 3;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manifests_place_is_found_in_the_gzip_header() {
        let place = Place { offset: 1 << 33, compressed: 300, bytes: 9_000 };
        assert_eq!(manifest_place(&gzip(place)), Some(place));
        assert_eq!(manifest_place(&gzip(Place::default())), None);
        assert_eq!(manifest_place(b"\x1f\x8b\x08\0\0\0\0\0\0\x03"), None);
    }

    #[test]
    fn any_byte_of_the_header_that_is_wrong_is_seen() {
        let header = gzip(Place { offset: 1 << 33, compressed: 300, bytes: 9_000 });
        assert!(matches!(origin(&header), Origin::Whole(_)));
        for at in (0..GZIP_HEADER).filter(|at| !(20..38).contains(at)) {
            let mut damaged = header;
            damaged[at] ^= 0x41;
            assert_eq!(origin(&damaged), Origin::Damaged, "{at}");
        }
        assert_eq!(origin(&gzip(Place::default())), Origin::Unfinished);
        assert_eq!(origin(b"\x1f\x8b\x08\0\0\0\0\0\0\x03"), Origin::Foreign);
        assert_eq!(origin(&[0; 64]), Origin::Foreign);
    }

    #[test]
    fn the_extra_field_inflates_to_its_own_length() {
        let place = Place { offset: 0x0102_0304_0506, compressed: 7, bytes: u64::from(u32::MAX) };
        let mut deflated = gzip(place)[12..].to_vec();
        deflated.extend_from_slice(&LAST_BLOCK);
        let mut inflated = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::DeflateDecoder::new(&deflated[..]), &mut inflated)
            .unwrap();
        assert_eq!(inflated.len(), EXTRA);
    }

    #[test]
    fn a_header_keeps_its_length_whatever_the_size() {
        for path in ["a", &"d/".repeat(200)] {
            assert_eq!(file(path, 0, 0).len(), file(path, u64::MAX, i64::MAX).len());
        }
    }

    #[test]
    fn the_tar_crate_reads_the_headers() {
        let header = tar::Header::from_byte_slice(&file("x/y", 1 << 40, 1_700_000_000)).clone();
        assert_eq!(header.size().unwrap(), 1 << 40);
        assert_eq!(header.mtime().unwrap(), 1_700_000_000);
        assert_eq!(header.mode().unwrap(), 0o600);
        assert_eq!(header.username().unwrap(), Some("root"));
        assert!(header.as_gnu().is_some());
    }
}
