//! Any bytes as an archive that is unpacked into a folder: regular files and folders below it and nothing elsewhere,
//! within the limits, and what can't be is told.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use glsos::read::unpack::{Limits, unpack};

use super::{read_bundle::bundle, report::header};

const LIMITS: Limits = Limits { members: 50, bytes: 1 << 20, ratio: 100 };

/// A line `==> NAME` begins a member; `=L> NAME` a link to its first line, `=D> NAME` a folder, `=B> NAME` one whose
/// size is a lie.
const HEADS: [&[u8]; 4] = [b"==> ", b"=L> ", b"=D> ", b"=B> "];

/// The first byte chooses: the bytes as they are, a manifest with segments, or members of a tar archive.
pub(crate) fn check(bytes: &[u8]) {
    let Some((mode, rest)) = bytes.split_first() else { return };
    let archive = match mode % 3 {
        0 => rest.to_vec(),
        1 => bundle(rest),
        _ => archive(rest),
    };
    let place = Place::new();
    let path = place.0.join("b.tar.gz");
    fs::write(&path, &archive).unwrap();
    let into = place.0.join("into");
    fs::create_dir(&into).unwrap();
    let told = unpack(&path, &into, LIMITS);
    let (mut members, mut bytes) = (0, 0);
    below(&into, &mut members, &mut bytes);
    // TICKET/HOST/TIME are folders of our own.
    assert!(members <= LIMITS.members + 3, "{members} members");
    assert!(bytes <= LIMITS.bytes, "{bytes} bytes");
    if let Ok(told) = told {
        assert!(told.folder.starts_with(&into), "{}", told.folder.display());
        assert!(told.files <= members && told.bytes == bytes, "{told:?}: {bytes}");
    }
    let beside: Vec<_> = fs::read_dir(&place.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(beside.len(), 2, "{beside:?}");
}

fn below(folder: &Path, members: &mut u64, bytes: &mut u64) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        let name = entry.file_name().into_string().unwrap();
        assert!(!name.chars().any(char::is_control), "{name:?}");
        let stat = fs::symlink_metadata(entry.path()).unwrap();
        assert!(stat.is_dir() || stat.is_file(), "{name:?}");
        *members += 1;
        if stat.is_dir() {
            below(&entry.path(), members, bytes);
        } else {
            *bytes += stat.len();
        }
    }
}

fn archive(bytes: &[u8]) -> Vec<u8> {
    let mut members: Vec<(usize, Vec<u8>, Vec<u8>)> = Vec::new();
    for line in bytes.split_inclusive(|byte| *byte == b'\n') {
        let head = HEADS.iter().enumerate().find_map(|(kind, head)| Some((kind, line.strip_prefix(*head)?)));
        match (head, members.last_mut()) {
            (Some((kind, name)), _) => members.push((kind, name.trim_ascii_end().to_vec(), Vec::new())),
            (None, Some((_, _, content))) => content.extend_from_slice(line),
            (None, None) => {}
        }
    }
    let mut archive = Vec::new();
    for (kind, name, content) in &members {
        let size = if *kind == 3 { content.len() * 7 + 1 } else { content.len() };
        let mut block = header(name, if matches!(kind, 1 | 2) { 0 } else { size });
        if matches!(kind, 1 | 2) {
            block[156] = if *kind == 1 { b'2' } else { b'5' };
            let target = content.split(|byte| *byte == b'\n').next().unwrap_or_default();
            let target = &target[..target.len().min(100)];
            block[157..157 + target.len()].copy_from_slice(target);
            super::report::sum(&mut block);
        }
        archive.extend(block);
        if !matches!(kind, 1 | 2) {
            archive.extend_from_slice(content);
            archive.resize(archive.len().next_multiple_of(512), 0);
        }
    }
    archive.resize(archive.len() + 1024, 0);
    archive
}

/// A folder that goes with the check, in memory where there is such a place.
struct Place(PathBuf);

impl Place {
    fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let path = folder.join(format!("glsos-unpack-{}-{number}", std::process::id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
