//! What a file's kind, owner and identity are, and how they travel from a worker to its parent.
//! Asks the kernel nothing.

use nix::{dir::Type, sys::stat::FileStat};

use super::wire::{Packet, type_code};
use crate::host::FileType;

/// Device and inode: which file it is, whatever its names.
pub(super) fn id(stat: &FileStat) -> (u64, u64) {
    (stat.st_dev, stat.st_ino)
}

pub(super) fn of_type(known: Type) -> FileType {
    match known {
        Type::File => FileType::File,
        Type::Directory => FileType::Folder,
        Type::Symlink => FileType::Link,
        _ => FileType::Other,
    }
}

pub(super) fn of_mode(mode: u32) -> FileType {
    match mode & libc::S_IFMT {
        libc::S_IFREG => FileType::File,
        libc::S_IFDIR => FileType::Folder,
        libc::S_IFLNK => FileType::Link,
        _ => FileType::Other,
    }
}

pub(super) fn pack_stat(packet: Packet, stat: &FileStat) -> Packet {
    packet
        .u8(type_code(of_mode(stat.st_mode)))
        .u64(u64::try_from(stat.st_size).unwrap_or(0))
        .i64(stat.st_mtime)
        .i64(stat.st_mtime_nsec)
        .u64(u64::from(stat.st_uid))
        .u64(u64::from(stat.st_gid))
        .u64(u64::from(stat.st_mode & 0o7777))
        .u64(stat.st_nlink)
        .u64(stat.st_dev)
        .u64(stat.st_ino)
}
