//! Damages bundles and forges them, so that what they say of themselves still fits but for one thing.

use std::io::Read as _;

use flate2::{Compress, Compression, Crc, FlushCompress, read::DeflateDecoder};

/// Bytes of the gzip header.
const HEADER: usize = 46;

/// Text that hardly shrinks.
pub(super) fn noise(length: usize) -> Vec<u8> {
    let mut state = 11_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        match (state >> 33) % 77 {
            0 => b'\n',
            n => b"abcdefghijklmnopqrstuvwxyz +-.,;()<>"[n as usize % 36],
        }
    };
    (0..length).map(|_| next()).collect()
}

pub(super) fn converted(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let (mut out, mut at) = (Vec::new(), 0);
    for found in memchr::memmem::find_iter(bytes, from) {
        out.extend_from_slice(&bytes[at..found]);
        out.extend_from_slice(to);
        at = found + from.len();
    }
    out.extend_from_slice(&bytes[at..]);
    out
}

/// A bundle's bytes.
pub(super) struct Packed<'a>(pub(super) &'a [u8]);

impl Packed<'_> {
    /// Offset and compressed bytes of the manifest.
    pub(super) fn manifest_place(&self) -> (usize, usize) {
        let number = |at: usize| self.0[at..at + 6].iter().rev().fold(0, |n, b| n << 8 | usize::from(*b));
        (number(20), number(26))
    }

    /// One more file behind the manifest, with a checksum that fits.
    pub(super) fn with_a_member(&self, name: &str, content: &[u8]) -> Vec<u8> {
        let (offset, compressed) = self.manifest_place();
        let bytes =
            usize::try_from((0..6).rev().fold(0_u64, |n, at| n << 8 | u64::from(self.0[32 + at]))).unwrap();
        // The manifest's own padding becomes the new file's.
        let padding = (512 - bytes % 512) % 512;
        let mut content = content.to_vec();
        content.resize(512 - padding, b'\n');
        let root = super::bundle::Bundle::of(self.0.to_vec()).root;
        let mut header = tar::Header::new_gnu();
        header.set_path(format!("{root}/{name}")).unwrap();
        header.set_size(content.len() as u64);
        header.set_cksum();
        let member = [&vec![0; padding], header.as_bytes().as_slice(), &content].concat();
        let at = offset + compressed;
        summed([&self.0[..at], &segment(&member), &self.0[at..]].concat())
    }

    /// With another manifest, which stands behind everything; tar still reads the old one.
    pub(super) fn with_manifest(&self, manifest: &serde_json::Value) -> Vec<u8> {
        let bytes = manifest.to_string().into_bytes();
        let packed = segment(&bytes);
        let mut out = self.0.to_vec();
        for (at, number) in [(20, self.0.len()), (26, packed.len()), (32, bytes.len())] {
            out[at..at + 6].copy_from_slice(&(number as u64).to_le_bytes()[..6]);
        }
        out.extend_from_slice(&packed);
        out
    }

    /// As a run leaves it that is killed when `upto` bytes are written, the last of them of the entry `name`,
    /// whose source has `size` bytes.
    pub(super) fn unfinished(&self, name: &str, size: u64, upto: usize) -> Vec<u8> {
        let mut bytes = self.0[..upto].to_vec();
        bytes[20..38].fill(0);
        let at = memchr::memmem::find(&bytes, name.as_bytes()).unwrap();
        let mut header = tar::Header::from_byte_slice(&bytes[at..at + 512]).clone();
        header.as_mut_bytes()[128..136].copy_from_slice(&size.to_be_bytes());
        header.set_cksum();
        bytes[at..at + 512].copy_from_slice(header.as_bytes());
        bytes
    }

    /// The same with another name of the same length in a tar header that is not compressed.
    pub(super) fn with_another_name(&self, name: &str, other: &str) -> Vec<u8> {
        assert!(name.len() == other.len() && name.len() < 100);
        let mut bytes = self.0.to_vec();
        let at = memchr::memmem::find(&bytes, name.as_bytes()).unwrap();
        bytes[at..at + name.len()].copy_from_slice(other.as_bytes());
        let mut header = tar::Header::from_byte_slice(&bytes[at..at + 512]).clone();
        header.set_cksum();
        bytes[at..at + 512].copy_from_slice(header.as_bytes());
        summed(bytes)
    }
}

/// Raw deflate data that any other can follow.
pub(super) fn segment(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(bytes.len() + 1000);
    Compress::new(Compression::default(), false).compress_vec(bytes, &mut out, FlushCompress::Sync).unwrap();
    out
}

/// With a trailer that fits.
fn summed(mut bytes: Vec<u8>) -> Vec<u8> {
    let mut tar = Vec::new();
    DeflateDecoder::new(&bytes[HEADER..]).read_to_end(&mut tar).unwrap();
    let mut crc = Crc::new();
    crc.update(&tar);
    let end = bytes.len() - 8;
    bytes[end..end + 4].copy_from_slice(&crc.sum().to_le_bytes());
    bytes[end + 4..].copy_from_slice(&(tar.len() as u32).to_le_bytes());
    bytes
}
