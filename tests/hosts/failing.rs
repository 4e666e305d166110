//! A dying disk: a FUSE file system of a few files, of which reads fail with EIO from a certain byte on, as
//! those of a disk do whose sectors have gone bad. Its folder `gone` can't even be listed.

use std::{
    fs::File,
    io::{Read as _, Write as _},
    os::fd::{AsRawFd, OwnedFd},
    path::{Path, PathBuf},
};

use nix::{
    errno::Errno,
    fcntl::OFlag,
    mount::{MntFlags, MsFlags, mount, umount2},
    sys::stat::Mode,
};

/// A file: its name, what it claims to hold, and where reading it fails.
pub(crate) type Bad = (&'static str, Vec<u8>, usize);

/// Mounted, and served until it is dropped.
pub(crate) struct Failing {
    at: PathBuf,
    server: Option<std::thread::JoinHandle<()>>,
}

const ROOT: u64 = 1;
const GONE: u64 = 2;
const FIRST_FILE: u64 = 3;

impl Failing {
    /// `None` where nobody may mount.
    pub(crate) fn mount(at: PathBuf, files: Vec<Bad>) -> Option<Self> {
        let flags = OFlag::O_RDWR | OFlag::O_CLOEXEC;
        let device = nix::fcntl::open("/dev/fuse", flags, Mode::empty()).ok()?;
        std::fs::create_dir_all(&at).unwrap();
        let options = format!("fd={},rootmode=40000,user_id=0,group_id=0,allow_other", device.as_raw_fd());
        let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
        mount(Some("failing"), &at, Some("fuse"), flags, Some(options.as_str())).ok()?;
        let server = std::thread::spawn(move || serve(device, &files));
        Some(Self { at, server: Some(server) })
    }

    /// Where it is mounted.
    pub(crate) fn at(&self) -> &Path {
        &self.at
    }
}

impl Drop for Failing {
    fn drop(&mut self) {
        umount2(&self.at, MntFlags::MNT_FORCE | MntFlags::MNT_DETACH).unwrap();
        self.server.take().unwrap().join().unwrap();
    }
}

/// Numbers and layouts of linux/fuse.h, protocol 7.22.
fn serve(device: OwnedFd, files: &[Bad]) {
    let mut device = File::from(device);
    let mut request = vec![0_u8; 256 << 10];
    while let Ok(n) = device.read(&mut request) {
        let packet = &request[..n];
        let (code, unique) = (number(packet, 4, 4), &packet[8..16]);
        let node = number(packet, 16, 8);
        let answer = match code {
            // FORGET and BATCH_FORGET expect none; INTERRUPT neither.
            2 | 36 | 42 => continue,
            1 => lookup(files, node, &packet[40..]),
            3 => attributes(files, node).map(|it| [&[0; 16][..], &it].concat()),
            // OPEN: direct, so that each read comes here.
            14 => Ok([&[0; 8][..], &1_u64.to_ne_bytes()].concat()),
            15 => read(files, node, number(packet, 48, 8) as usize, number(packet, 56, 4) as usize),
            17 => Ok(vec![0; 80]),
            18 | 25 | 29 => Ok(Vec::new()),
            26 => Ok([7_u32, 22, 0, 0, 0, 4096].iter().flat_map(|n| n.to_ne_bytes()).collect()),
            27 if node == GONE => Err(Errno::EIO),
            27 => Ok(vec![0; 16]),
            28 => Ok(if number(packet, 48, 8) == 0 { names(files) } else { Vec::new() }),
            _ => Err(Errno::ENOSYS),
        };
        let (error, body) = match answer {
            Ok(body) => (0, body),
            Err(errno) => (-(errno as i32), Vec::new()),
        };
        let length = (16 + body.len()) as u32;
        let head = [&length.to_ne_bytes()[..], &error.to_ne_bytes(), unique].concat();
        // Whoever asked may be gone.
        let _ = device.write(&[head, body].concat());
    }
}

fn number(packet: &[u8], at: usize, bytes: usize) -> u64 {
    packet[at..at + bytes].iter().rev().fold(0, |n, byte| n << 8 | u64::from(*byte))
}

fn lookup(files: &[Bad], folder: u64, name: &[u8]) -> Result<Vec<u8>, Errno> {
    let name = name.strip_suffix(b"\0").unwrap_or(name);
    let node = match files.iter().position(|(file, ..)| file.as_bytes() == name) {
        _ if folder != ROOT => return Err(Errno::ENOENT),
        _ if name == b"gone" => GONE,
        Some(at) => FIRST_FILE + at as u64,
        None => return Err(Errno::ENOENT),
    };
    Ok([&node.to_ne_bytes()[..], &[0; 32], &attributes(files, node)?].concat())
}

fn attributes(files: &[Bad], node: u64) -> Result<Vec<u8>, Errno> {
    let (size, mode) = match node {
        ROOT | GONE => (0, 0o040_755_u32),
        file => (files.get((file - FIRST_FILE) as usize).ok_or(Errno::ENOENT)?.1.len() as u64, 0o100_644),
    };
    // 2026-03-01T10:00:00Z.
    let times = [1_772_359_200_u64; 3];
    let wide = [node, size, size.div_ceil(512)].into_iter().chain(times).flat_map(u64::to_ne_bytes);
    let narrow = [0, 0, 0, mode, 1, 0, 0, 0, 4096, 0].into_iter().flat_map(u32::to_ne_bytes);
    Ok(wide.chain(narrow).collect())
}

fn read(files: &[Bad], node: u64, from: usize, size: usize) -> Result<Vec<u8>, Errno> {
    let (_, content, bad) = files.get((node - FIRST_FILE) as usize).ok_or(Errno::EIO)?;
    if from >= *bad && from < content.len() {
        return Err(Errno::EIO);
    }
    let end = content.len().min(from + size).min((*bad).max(from));
    Ok(content.get(from..end).unwrap_or_default().to_vec())
}

fn names(files: &[Bad]) -> Vec<u8> {
    let files = files.iter().map(|(name, ..)| (*name, 8_u32));
    let mut listed = Vec::new();
    for (at, (name, kind)) in files.chain([("gone", 4)]).enumerate() {
        listed.extend_from_slice(&(at as u64 + 2).to_ne_bytes());
        listed.extend_from_slice(&(at as u64 + 1).to_ne_bytes());
        listed.extend_from_slice(&(name.len() as u32).to_ne_bytes());
        listed.extend_from_slice(&kind.to_ne_bytes());
        listed.extend_from_slice(name.as_bytes());
        listed.resize(listed.len().next_multiple_of(8), 0);
    }
    listed
}
