//! tar headers as the formats in use have them: v7, ustar, GNU and pax. Parses one block; reads nothing.

/// A tar block.
pub(super) const BLOCK: usize = 512;

/// What a header says, before long names are put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) name: Vec<u8>,
    /// `0` for files, `5` for folders, `L` for a long name, and so on.
    pub(super) kind: u8,
    pub(super) size: u64,
    pub(super) mtime: i64,
    /// Whether more blocks of GNU's sparse map follow.
    pub(super) map_goes_on: bool,
}

/// Why a block is no header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoHeader {
    /// Its checksum does not fit: anything, or damaged.
    Damaged,
    /// Its size is negative, or beyond all bounds.
    Size,
}

impl Header {
    /// Parses a block.
    pub(super) fn parse(block: &[u8; BLOCK]) -> Result<Self, NoHeader> {
        if number(&block[148..156]) != Some(checksum(block)) {
            return Err(NoHeader::Damaged);
        }
        let mut name = text(&block[..100]).to_vec();
        // GNU writes other things where ustar has the name's first part.
        if &block[257..263] == b"ustar\0" && block[345] != 0 {
            name = [text(&block[345..500]), b"/", &name].concat();
        }
        let old = block[156] == 0;
        let kind = if old && name.ends_with(b"/") { b'5' } else { block[156] };
        Ok(Self {
            name,
            kind,
            size: number(&block[124..136]).ok_or(NoHeader::Size)?,
            mtime: number(&block[136..148]).and_then(|time| i64::try_from(time).ok()).unwrap_or(0),
            map_goes_on: kind == b'S' && block[482] != 0,
        })
    }
}

/// The sum of all bytes, the sum's own place taken as spaces.
fn checksum(block: &[u8; BLOCK]) -> u64 {
    let all: u64 = block.iter().map(|b| u64::from(*b)).sum();
    let own: u64 = block[148..156].iter().map(|b| u64::from(*b)).sum();
    all - own + 8 * u64::from(b' ')
}

/// Octal digits, or base 256 behind a set first bit; none that is negative or beyond 2^62.
fn number(field: &[u8]) -> Option<u64> {
    let (first, rest) = field.split_first()?;
    if *first == 0x80 {
        let value = rest.iter().try_fold(0_u64, |n, b| n.checked_mul(256)?.checked_add(u64::from(*b)))?;
        return (value < 1 << 62).then_some(value);
    }
    let digits = field.trim_ascii().split(|b| *b == 0 || *b == b' ').next()?;
    digits.iter().try_fold(0_u64, |n, b| {
        (b'0'..=b'7').contains(b).then(|| n.checked_mul(8)?.checked_add(u64::from(b - b'0')))?
    })
}

fn text(field: &[u8]) -> &[u8] {
    field.split(|b| *b == 0).next().unwrap_or_default()
}

/// Decimal digits, as pax has them; none beyond 2^62.
pub(super) fn number_of(text: &[u8]) -> Option<u64> {
    let number = std::str::from_utf8(text).ok()?.parse().ok()?;
    (number < 1 << 62).then_some(number)
}

/// A value of a pax header: `LENGTH KEY=VALUE\n`, the last one wins.
pub(super) fn pax(records: &[u8], key: &str) -> Option<Vec<u8>> {
    let (mut rest, mut found) = (records, None);
    while !rest.is_empty() {
        let space = memchr::memchr(b' ', rest)?;
        let length: usize = std::str::from_utf8(&rest[..space]).ok()?.parse().ok()?;
        let record = rest.get(space + 1..length)?.strip_suffix(b"\n")?;
        let value = record.strip_prefix(key.as_bytes()).and_then(|value| value.strip_prefix(b"="));
        found = value.map(<[u8]>::to_vec).or(found);
        rest = &rest[length..];
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_of_the_tar_crate_are_understood() {
        for mut header in [tar::Header::new_gnu(), tar::Header::new_ustar(), tar::Header::new_old()] {
            header.set_path("a/b").unwrap();
            header.set_size(1234);
            header.set_mtime(1_700_000_000);
            header.set_cksum();
            let mut parsed = Header::parse(header.as_bytes()).unwrap();
            assert_eq!(
                (parsed.name.as_slice(), parsed.size, parsed.mtime),
                (&b"a/b"[..], 1234, 1_700_000_000)
            );
            header.set_size(1 << 40);
            header.set_cksum();
            parsed = Header::parse(header.as_bytes()).unwrap();
            assert_eq!(parsed.size, 1 << 40);
            let mut damaged = *header.as_bytes();
            damaged[3] ^= 1;
            assert_eq!(Header::parse(&damaged), Err(NoHeader::Damaged));
        }
        assert_eq!(Header::parse(&[0; BLOCK]), Err(NoHeader::Damaged));
    }

    #[test]
    fn numbers_out_of_range_are_none() {
        assert_eq!(number(b"0000755\0"), Some(0o755));
        assert_eq!(number(b"        "), Some(0));
        assert_eq!(number(b"12x"), None);
        assert_eq!(number(&[0xff; 12]), None);
        assert_eq!(number(&[&[0x80][..], &[0xff; 11]].concat()), None);
    }

    #[test]
    fn pax_records_that_lie_about_their_length_are_none() {
        assert_eq!(pax(b"11 path=ab\n11 path=cd\n", "path").unwrap(), b"cd");
        for wrong in [&b"99 path=ab\n"[..], b"0 path=ab\n", b"x", b"11 path=abc"] {
            assert_eq!(pax(wrong, "path"), None);
        }
    }
}
