//! Memory that a file worker and its parent share: a page that tells where the worker is, and room
//! for what it reads. Its pages exist only once they are used.

use std::{
    num::NonZeroUsize,
    os::{
        fd::{AsFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    path::{Path, PathBuf},
    ptr::NonNull,
    sync::atomic::{AtomicU64, Ordering},
};

use nix::sys::{
    memfd::{MFdFlags, memfd_create},
    mman::{MapFlags, ProtFlags, mmap, munmap},
};

/// The room for data.
pub(super) const ROOM: usize = 1 << 20;

/// The page before it: a request's number, a path's length, the worker's process id, the path.
const HEAD: usize = 4096;
const PATH_AT: usize = 24;

/// One mapping of the shared memory.
#[derive(Debug)]
pub(super) struct Slot(NonNull<u8>);

// SAFETY: the mapping belongs to this value alone and is reached through `&self` only byte by byte.
#[allow(unsafe_code)]
unsafe impl Send for Slot {}

impl Slot {
    /// New memory, and its descriptor for the other process.
    pub(super) fn new() -> nix::Result<(Self, OwnedFd)> {
        let fd = memfd_create(c"glsos", MFdFlags::MFD_CLOEXEC)?;
        nix::unistd::ftruncate(&fd, i64::try_from(HEAD + ROOM).unwrap_or(i64::MAX))?;
        Ok((Self::of(&fd)?, fd))
    }

    /// The memory behind a descriptor.
    pub(super) fn of(fd: impl AsFd) -> nix::Result<Self> {
        let len = NonZeroUsize::new(HEAD + ROOM).ok_or(nix::errno::Errno::EINVAL)?;
        let both = ProtFlags::PROT_READ | ProtFlags::PROT_WRITE;
        // SAFETY: a new mapping at an address of the kernel's choice.
        #[allow(unsafe_code)]
        let start = unsafe { mmap(None, len, both, MapFlags::MAP_SHARED, fd, 0)? };
        Ok(Self(start.cast()))
    }

    /// Parent: up to `into.len()` bytes of what the worker has put there.
    pub(super) fn copy_to(&self, from: usize, into: &mut [u8]) {
        let len = into.len().min(ROOM.saturating_sub(from));
        // SAFETY: within the mapping. The worker answered, so it writes nothing until it is asked
        // again; one that did so all the same could only change bytes that are its to choose.
        #[allow(unsafe_code)]
        unsafe {
            std::ptr::copy_nonoverlapping(self.0.as_ptr().add(HEAD + from), into.as_mut_ptr(), len);
        }
    }

    /// Worker: the room, to read into.
    pub(super) fn room(&mut self) -> &mut [u8] {
        // SAFETY: within the mapping; the parent looks at it only after it was told to.
        #[allow(unsafe_code)]
        unsafe {
            std::slice::from_raw_parts_mut(self.0.as_ptr().add(HEAD), ROOM)
        }
    }

    fn number(&self, at: usize) -> &AtomicU64 {
        // SAFETY: aligned (a page's start plus 0, 8 or 16), within the mapping, only used as an atomic.
        #[allow(unsafe_code)]
        unsafe {
            &*self.0.as_ptr().add(at).cast::<AtomicU64>()
        }
    }

    /// Worker: the request it works on, and the path that it is about to touch.
    pub(super) fn touch(&self, request: u64, path: &Path) {
        let bytes = path.as_os_str().as_bytes();
        let len = bytes.len().min(HEAD - PATH_AT);
        // SAFETY: within the head page, behind the numbers.
        #[allow(unsafe_code)]
        unsafe {
            std::ptr::copy_nonoverlapping(bytes.as_ptr(), self.0.as_ptr().add(PATH_AT), len);
        }
        self.number(8).store(len as u64, Ordering::Release);
        self.number(0).store(request, Ordering::Release);
    }

    /// Worker: that it has begun.
    pub(super) fn begin(&self) {
        self.number(16).store(u64::from(std::process::id()), Ordering::Release);
    }

    /// Parent: the worker's process, once it has begun.
    pub(super) fn process(&self) -> Option<u64> {
        Some(self.number(16).load(Ordering::Acquire)).filter(|pid| *pid != 0)
    }

    /// Parent: where a worker that does not answer is.
    pub(super) fn touched(&self) -> (u64, PathBuf) {
        let request = self.number(0).load(Ordering::Acquire);
        let len = usize::try_from(self.number(8).load(Ordering::Acquire)).unwrap_or(0).min(HEAD - PATH_AT);
        let mut path = vec![0; len];
        // SAFETY: within the head page. A worker that wakes just now may change it: then the path
        // is a mixture of two, and only names a mount that is left alone.
        #[allow(unsafe_code)]
        unsafe {
            std::ptr::copy_nonoverlapping(self.0.as_ptr().add(PATH_AT), path.as_mut_ptr(), len);
        }
        (request, PathBuf::from(std::ffi::OsStr::from_bytes(&path)))
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        // SAFETY: the mapping made in `of`; no reference to it outlives the value.
        #[allow(unsafe_code)]
        let _ = unsafe { munmap(self.0.cast(), HEAD + ROOM) };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_mappings_see_the_same() {
        let (parent, fd) = Slot::new().unwrap();
        let mut worker = Slot::of(&fd).unwrap();
        worker.touch(9, Path::new("/mnt/dead"));
        worker.room()[..3].copy_from_slice(b"abc");
        let mut read = [0; 2];
        parent.copy_to(1, &mut read);
        assert_eq!(&read, b"bc");
        assert_eq!(parent.touched(), (9, PathBuf::from("/mnt/dead")));
    }
}
