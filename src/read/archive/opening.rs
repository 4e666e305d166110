//! What a file's first bytes say of its format.

use std::convert::Infallible;

use crate::{
    logs::{GZIP, Gunzip},
    read::tar::{BLOCK, Header},
};

/// What compresses archives, and is not read here.
pub(super) const OTHERS: &[(&[u8], &str)] = &[
    (b"BZh", "bzip2"),
    (b"\xfd7zXZ\0", "xz"),
    (b"\x28\xb5\x2f\xfd", "zstd"),
    (b"PK\x03\x04", "zip"),
    (b"7z\xbc\xaf\x27\x1c", "7z"),
];

/// What makes a file's text unreadable, if that is what its first bytes say.
pub fn packed_by(head: &[u8]) -> Option<&'static str> {
    let other = OTHERS.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, program)| *program);
    let tar = || head.get(257..262).is_some_and(|at| at == b"ustar").then_some("a tar archive");
    let gzip = || head.starts_with(&GZIP).then_some("gzip, twice");
    other.or_else(tar).or_else(gzip)
}

/// Whether a file that begins so is a tar archive, plain or gzip's.
pub fn is_archive(head: &[u8]) -> bool {
    let mut block = [0; BLOCK];
    let mut rest = head;
    let mut pull = |room: &mut [u8]| {
        let n = rest.len().min(room.len());
        room[..n].copy_from_slice(&rest[..n]);
        rest = &rest[n..];
        Ok::<_, Infallible>(n)
    };
    if head.starts_with(&GZIP) {
        let mut gunzip = Gunzip::new(u64::MAX);
        let mut done = 0;
        while let Ok(n @ 1..) = gunzip.read(&mut pull, &mut block[done..]) {
            done += n;
        }
    } else {
        let _ = pull(&mut block);
    }
    Header::parse(&block).is_ok()
}
