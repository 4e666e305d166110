//! Hostile bytes as a bundle: an error, never a panic, and memory within bounds.

use std::{fs::File, io::Write, path::Path};

use glsos::{
    host::Host,
    read::{Bundle, Recorded},
};
use nix::sys::memfd::{MFdFlags, memfd_create};

/// Most that is read of an entry.
const MOST: u64 = 32 << 20;

/// An odd first byte: the rest as it is. An even one: the rest is a manifest, and what stands behind the
/// first NUL in it are deflate segments, with a header that says so.
pub(crate) fn check(bytes: &[u8]) {
    let Some((mode, rest)) = bytes.split_first() else { return };
    let file = if mode % 2 == 1 { rest.to_vec() } else { bundle(rest) };
    read(&file);
}

fn read(bytes: &[u8]) {
    let mut file = File::from(memfd_create("bundle", MFdFlags::MFD_CLOEXEC).unwrap());
    file.write_all(bytes).unwrap();
    let path = Path::new("/bundle.tar.gz");
    let Ok(bundle) = Bundle::from_file(file.try_clone().unwrap(), path) else { return };
    for entry in bundle.manifest().entries.iter().take(50) {
        let Ok(Some(mut reader)) = bundle.reader(entry) else { continue };
        let (mut piece, mut at) = (vec![0; 64 << 10], 0);
        while let Ok(n @ 1..) = reader.read_at(at, &mut piece) {
            at += n as u64;
            if at > MOST {
                break;
            }
        }
        let _ = reader.read_at(u64::MAX, &mut piece);
    }
    let names: Vec<String> =
        bundle.manifest().entries.iter().take(50).map(|entry| entry.name.as_str().to_owned()).collect();
    let host = Recorded::new(bundle);
    for name in names {
        let _ = host.recorded(&name);
        let path = Path::new("/").join(&name);
        let _ = host.stat(&path);
        let _ = host.list(&path);
        let _ = host.read(&path, 1 << 20);
    }
}

/// A bundle with this manifest, stored.
pub(super) fn bundle(rest: &[u8]) -> Vec<u8> {
    let (manifest, segments) = match memchr::memchr(0, rest) {
        Some(at) => (&rest[..at], &rest[at + 1..]),
        None => (rest, &b""[..]),
    };
    let manifest = &manifest[..manifest.len().min(65_535)];
    let mut file = vec![0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 3, 34, 0, b'Z', b's', 30, 0, 18, 0, !18, !0];
    let stored = manifest.len() + 5;
    for number in [46 + segments.len() as u64, stored as u64, manifest.len() as u64] {
        file.extend_from_slice(&number.to_le_bytes()[..6]);
    }
    file.extend_from_slice(&[0x42, 0x05, 0, 0, 0, 0, 0xff, 0xff]);
    file.extend_from_slice(segments);
    file.push(0);
    let length = manifest.len() as u16;
    file.extend_from_slice(&length.to_le_bytes());
    file.extend_from_slice(&(!length).to_le_bytes());
    file.extend_from_slice(manifest);
    file
}
