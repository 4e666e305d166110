//! Reading without a trace: what was not in the page cache before a read is not there after it.
//!
//! A support tool that reads gigabytes of logs must not push a host's own data out of memory, nor
//! drop what the host had there. mincore(2) tells page by page, without touching any; a read that
//! may not wait (RWF_NOWAIT) can't, since on current kernels it starts to read ahead. Where it may
//! not tell (another user's file, /proc) the cache is left alone. Runs in file workers.

use std::{
    num::NonZeroUsize,
    ops::Range,
    os::fd::{AsFd, BorrowedFd},
};

use nix::{
    errno::Errno,
    fcntl::{PosixFadviseAdvice, posix_fadvise},
    sys::{
        mman::{MapFlags, ProtFlags, mmap, munmap},
        uio::pread,
    },
};

use crate::host::gentle;

const PAGE: u64 = 4096;

/// Fills `buf` from `offset`; less only at the end of the file, or before a place that can't be read.
pub(super) fn read(fd: impl AsFd, buf: &mut [u8], offset: u64) -> nix::Result<usize> {
    let fd = fd.as_fd();
    let absent = absent(fd, offset, buf.len() as u64);
    if absent.is_empty() {
        return fill(fd, buf, offset);
    }
    // Without this advice the kernel would read ahead, and what it brings would look like the host's.
    let _ = posix_fadvise(fd, 0, 0, PosixFadviseAdvice::POSIX_FADV_RANDOM);
    gentle::io(gentle::Io::Idle);
    let read = fill(fd, buf, offset);
    gentle::io(gentle::Io::Low);
    for range in absent {
        if let (Ok(start), Ok(len)) = (i64::try_from(range.start), i64::try_from(range.end - range.start)) {
            let _ = posix_fadvise(fd, start, len, PosixFadviseAdvice::POSIX_FADV_DONTNEED);
        }
    }
    read
}

/// What of these bytes is not in memory, in whole pages.
fn absent(fd: BorrowedFd<'_>, offset: u64, len: u64) -> Vec<Range<u64>> {
    let start = offset - offset % PAGE;
    let Some(end) = offset.checked_add(len).and_then(|end| end.checked_next_multiple_of(PAGE)) else {
        return Vec::new();
    };
    let pages = resident(fd, start, end - start).unwrap_or_default();
    let mut ranges: Vec<Range<u64>> = Vec::new();
    for (at, _) in (start..).step_by(PAGE as usize).zip(&pages).filter(|(_, page)| **page & 1 == 0) {
        match ranges.last_mut() {
            Some(last) if last.end == at => last.end = at + PAGE,
            _ => ranges.push(at..at + PAGE),
        }
    }
    ranges
}

/// One byte a page, its lowest bit set where the page is in memory.
fn resident(fd: BorrowedFd<'_>, start: u64, len: u64) -> nix::Result<Vec<u8>> {
    let len = usize::try_from(len).ok().and_then(NonZeroUsize::new).ok_or(Errno::EINVAL)?;
    let start = i64::try_from(start).map_err(|_| Errno::EOVERFLOW)?;
    let mut pages = vec![1; len.get().div_ceil(PAGE as usize)];
    // SAFETY: a new mapping, of which no byte is ever touched, and the same one taken away again;
    // `pages` has a byte for each of its pages.
    #[allow(unsafe_code)]
    let told = unsafe {
        let at = mmap(None, len, ProtFlags::PROT_READ, MapFlags::MAP_SHARED, fd, start)?;
        let told = libc::mincore(at.as_ptr(), len.get(), pages.as_mut_ptr());
        munmap(at, len.get())?;
        told
    };
    Errno::result(told)?;
    Ok(pages)
}

fn fill(fd: BorrowedFd<'_>, buf: &mut [u8], offset: u64) -> nix::Result<usize> {
    let mut done = 0;
    while done < buf.len() {
        let at = offset.checked_add(done as u64).and_then(|at| i64::try_from(at).ok());
        match pread(fd, &mut buf[done..], at.ok_or(Errno::EOVERFLOW)?) {
            Ok(0) => break,
            Ok(n) => done += n,
            Err(Errno::EINTR) => {}
            // Files that wait for events answer so when there are no more.
            Err(_) if done > 0 => break,
            Err(error) => return Err(error),
        }
    }
    Ok(done)
}
