//! Reading without a trace: what was not in the page cache before a read is not there after it.
//!
//! A support tool that reads gigabytes of logs must not push a host's own data out of memory, nor
//! drop what the host had there. A read that may not wait tells which it is. Runs in file workers.

use std::os::fd::{AsFd, AsRawFd};

use nix::{
    errno::Errno,
    fcntl::{PosixFadviseAdvice, posix_fadvise},
    sys::uio::pread,
};

use crate::host::gentle;

const PAGE: u64 = 4096;

/// Fills `buf` from `offset`; less only at the end of the file.
pub(super) fn read(fd: impl AsFd, buf: &mut [u8], offset: u64) -> nix::Result<usize> {
    let fd = fd.as_fd();
    let mut done = 0;
    let cached = loop {
        match without_waiting(fd, &mut buf[done..], offset + done as u64) {
            Ok(0) => return Ok(done),
            Ok(n) => done += n,
            Err(Errno::EINTR) => {}
            Err(Errno::EAGAIN) => break true,
            // This file system (/proc, FUSE) or kernel (before 4.14) can't tell.
            Err(_) => break false,
        }
        if done == buf.len() {
            return Ok(done);
        }
    };
    if !cached {
        return plain(fd, buf, offset, done);
    }
    // Without this advice the kernel would read ahead, and what it brings would look like ours.
    let _ = posix_fadvise(fd, 0, 0, PosixFadviseAdvice::POSIX_FADV_RANDOM);
    let cold = (offset + done as u64).next_multiple_of(PAGE);
    gentle::io(gentle::Io::Idle);
    let read = plain(fd, buf, offset, done);
    gentle::io(gentle::Io::Low);
    let end = (offset + *read.as_ref().unwrap_or(&0) as u64).next_multiple_of(PAGE);
    if let (Ok(start), Ok(len @ 1..)) = (i64::try_from(cold), i64::try_from(end.saturating_sub(cold))) {
        let _ = posix_fadvise(fd, start, len, PosixFadviseAdvice::POSIX_FADV_DONTNEED);
    }
    read
}

fn plain(fd: impl AsFd, buf: &mut [u8], offset: u64, mut done: usize) -> nix::Result<usize> {
    while done < buf.len() {
        let at = i64::try_from(offset + done as u64).map_err(|_| Errno::EOVERFLOW)?;
        match pread(fd.as_fd(), &mut buf[done..], at) {
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

fn without_waiting(fd: impl AsFd, buf: &mut [u8], offset: u64) -> nix::Result<usize> {
    let at = libc::off_t::try_from(offset).map_err(|_| Errno::EOVERFLOW)?;
    let piece = libc::iovec { iov_base: buf.as_mut_ptr().cast(), iov_len: buf.len() };
    // SAFETY: one piece, which is `buf`.
    #[allow(unsafe_code)]
    let read = unsafe { libc::preadv2(fd.as_fd().as_raw_fd(), &raw const piece, 1, at, libc::RWF_NOWAIT) };
    Errno::result(read).map(isize::cast_unsigned)
}
