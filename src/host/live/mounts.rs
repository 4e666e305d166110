//! What a worker that does not answer tells: which mount it hangs on, or that it only waits its turn.
//!
//! One file that does not answer speaks for its whole mount. Reads only what the kernel tells by itself
//! (/proc/self/mountinfo, /proc/PID/stat), which never waits for a mount.

use std::{
    ffi::OsString,
    io::Read,
    os::unix::ffi::OsStringExt,
    path::{Path, PathBuf},
};

/// More mounts than this are not looked at.
const LONGEST: u64 = 8 << 20;

/// What to leave alone once `path` did not answer: its mount, or if that mount holds `root` too only
/// its folder, or itself if it lies in the root.
pub(super) fn dead(path: &Path, root: &Path) -> PathBuf {
    match mount_of(path, &mount_points()) {
        Some(mount) if !root.starts_with(&mount) => mount,
        _ => path.parent().filter(|folder| !root.starts_with(folder)).unwrap_or(path).to_path_buf(),
    }
}

/// Whether a process only waits for a processor: it is not stuck, the host is busy.
pub(super) fn is_runnable(pid: u64) -> bool {
    #[allow(clippy::disallowed_methods)] // the kernel's own, which never waits
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The state stands behind the name, which may hold anything (proc_pid_stat(5)).
    stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('R'))
}

fn mount_of(path: &Path, mounts: &[PathBuf]) -> Option<PathBuf> {
    mounts
        .iter()
        .filter(|mount| path.starts_with(mount))
        .max_by_key(|mount| mount.components().count())
        .cloned()
}

fn mount_points() -> Vec<PathBuf> {
    let mut text = Vec::new();
    #[allow(clippy::disallowed_methods)] // the kernel's list, by a fixed path; a worker just got stuck
    if let Ok(file) = std::fs::File::open("/proc/self/mountinfo") {
        // What can't be read leaves the folder alone to be named.
        let _ = file.take(LONGEST).read_to_end(&mut text);
    }
    parse(&text)
}

/// The fifth field of each line, its octal escapes resolved (proc_pid_mountinfo(5)).
fn parse(text: &[u8]) -> Vec<PathBuf> {
    text.split(|b| *b == b'\n')
        .filter_map(|line| line.split(|b| *b == b' ').nth(4))
        .map(|field| PathBuf::from(OsString::from_vec(unescape(field))))
        .collect()
}

fn unescape(field: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(field.len());
    let mut rest = field;
    while let Some((byte, after)) = rest.split_first() {
        rest = after;
        if *byte == b'\\'
            && let Some((digits, after)) = after.split_first_chunk::<3>()
            && digits.iter().all(|d| (b'0'..=b'7').contains(d))
        {
            out.push(digits.iter().fold(0_u8, |value, d| value.wrapping_mul(8).wrapping_add(d - b'0')));
            rest = after;
        } else {
            out.push(*byte);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_mount_above_a_path() {
        let mounts = parse(
            b"21 1 0:1 / / rw - ext4 /dev/a rw\n22 21 0:2 / /mnt rw - nfs a:/b rw\n23 22 0:3 / /mnt/a\\040b rw shared:1 - fuse x rw\n",
        );
        let of = |path: &str| mount_of(Path::new(path), &mounts).unwrap();
        assert_eq!(of("/mnt/a b/c"), Path::new("/mnt/a b"));
        assert_eq!(of("/mnt/a"), Path::new("/mnt"));
        assert_eq!(of("/mntx"), Path::new("/"));
    }

    #[test]
    fn the_root_is_never_left_alone_as_a_whole() {
        assert_eq!(dead(Path::new("/no/such/file"), Path::new("/")), Path::new("/no/such"));
        assert_eq!(dead(Path::new("/nothing"), Path::new("/")), Path::new("/nothing"));
        assert_eq!(dead(Path::new("/proc/1/stat"), Path::new("/")), Path::new("/proc"));
    }

    #[test]
    fn this_very_thread_is_runnable() {
        assert!(is_runnable(nix::unistd::gettid().as_raw().unsigned_abs().into()));
        assert!(!is_runnable(u64::MAX));
    }
}
