//! Messages between the processes of a run: one packet each, descriptors beside it.
//!
//! Both ends are this very binary, so there is no version and no schema: numbers in the machine's
//! order, texts with their length before them. Reading never trusts a length beyond the packet.

use std::{
    ffi::OsStr,
    io::{IoSlice, IoSliceMut},
    os::{
        fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd, RawFd},
        unix::ffi::OsStrExt,
    },
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use nix::{
    errno::Errno,
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::socket::{
        AddressFamily, ControlMessage, ControlMessageOwned, MsgFlags, SockFlag, SockType, recvmsg, sendmsg,
        socketpair,
    },
};

use super::process;
use crate::host::{FileType, Trouble, stop::Stop};

/// No packet is longer: an argv, or a path and a detail.
pub(super) const LONGEST: usize = 128 << 10;

/// Two connected ends.
pub(super) fn pair() -> nix::Result<(OwnedFd, OwnedFd)> {
    socketpair(AddressFamily::Unix, SockType::SeqPacket, None, SockFlag::SOCK_CLOEXEC)
}

/// How long a peer may leave its packets unread.
const UNREAD: Duration = Duration::from_secs(10);

/// Sends one packet. A peer that is gone is `EPIPE`, one that reads nothing `ETIMEDOUT`.
pub(super) fn send(to: impl AsFd, packet: &[u8], fds: &[RawFd]) -> nix::Result<()> {
    let deadline = Instant::now() + UNREAD;
    loop {
        match try_send(&to, packet, fds) {
            Err(Errno::EAGAIN) => match wait([Some((to.as_fd(), PollFlags::POLLOUT))], deadline, None)? {
                (Woken::Ready, _) => {}
                _ => return Err(Errno::ETIMEDOUT),
            },
            sent => return sent,
        }
    }
}

/// Sends one packet if that is possible at once, or fails with `EAGAIN`.
pub(super) fn try_send(to: impl AsFd, packet: &[u8], fds: &[RawFd]) -> nix::Result<()> {
    let rights = [ControlMessage::ScmRights(fds)];
    let with = if fds.is_empty() { &rights[..0] } else { &rights[..] };
    let flags = MsgFlags::MSG_NOSIGNAL | MsgFlags::MSG_DONTWAIT;
    loop {
        match sendmsg::<()>(to.as_fd().as_raw_fd(), &[IoSlice::new(packet)], with, flags, None) {
            Err(Errno::EINTR) => {}
            sent => return sent.map(drop),
        }
    }
}

/// Receives one packet into `buf`; an empty one is the end of the peer.
pub(super) fn receive(from: impl AsFd, buf: &mut [u8]) -> nix::Result<(&[u8], Vec<OwnedFd>)> {
    let mut space = nix::cmsg_space!([RawFd; 4]);
    let mut fds = Vec::new();
    let len = loop {
        let mut into = [IoSliceMut::new(buf)];
        let flags = MsgFlags::MSG_CMSG_CLOEXEC;
        match recvmsg::<()>(from.as_fd().as_raw_fd(), &mut into, Some(&mut space), flags) {
            Err(Errno::EINTR) => {}
            Err(Errno::ECONNRESET) => break 0,
            Err(error) => return Err(error),
            Ok(message) => {
                for control in message.cmsgs()? {
                    if let ControlMessageOwned::ScmRights(more) = control {
                        fds.extend(more.into_iter().map(process::own));
                    }
                }
                break message.bytes;
            }
        }
    };
    Ok((buf.get(..len).unwrap_or_default(), fds))
}

/// Why a wait ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Woken {
    /// One of the descriptors has something, or its peer is gone.
    Ready,
    /// The deadline is over.
    Late,
    /// The run was stopped.
    Stopped,
}

/// Waits until one of `fds` (as far as they are there) is ready, at the longest until `deadline` and
/// never beyond the run's end. Tells what each is ready for.
pub(super) fn wait<const N: usize>(
    fds: [Option<(BorrowedFd<'_>, PollFlags)>; N],
    deadline: Instant,
    stop: Option<&Stop>,
) -> nix::Result<(Woken, [PollFlags; N])> {
    let mut polled: Vec<PollFd<'_>> =
        fds.iter().flatten().map(|(fd, events)| PollFd::new(*fd, *events)).collect();
    let own = polled.len();
    polled.extend(stop.map(|stop| PollFd::new(stop.as_fd(), PollFlags::POLLIN)));
    loop {
        let left = deadline.saturating_duration_since(Instant::now());
        let left = stop.map_or(left, |stop| stop.at_most(left));
        match poll(&mut polled, timeout(left)) {
            Err(Errno::EINTR) => continue,
            Err(error) => return Err(error),
            Ok(_) => {}
        }
        if stop.is_some_and(|stop| stop.reason().is_some()) {
            return Ok((Woken::Stopped, [PollFlags::empty(); N]));
        }
        if polled.iter().take(own).any(|fd| fd.any() != Some(false)) {
            let mut each = polled.iter();
            let ready = fds.map(|fd| {
                fd.and_then(|_| each.next()).and_then(PollFd::revents).unwrap_or(PollFlags::empty())
            });
            return Ok((Woken::Ready, ready));
        }
        if Instant::now() >= deadline {
            return Ok((Woken::Late, [PollFlags::empty(); N]));
        }
    }
}

/// A poll's timeout, rounded up so that a wait is not cut into busy turns.
pub(super) fn timeout(left: Duration) -> PollTimeout {
    PollTimeout::from(u16::try_from(left.as_micros().div_ceil(1000)).unwrap_or(u16::MAX))
}

/// A packet being written.
#[derive(Debug, Default)]
pub(super) struct Packet(Vec<u8>);

impl Packet {
    /// One without a kind: fields to append.
    pub(super) fn fields() -> Self {
        Self::default()
    }

    /// One that begins with what it is.
    pub(super) fn new(kind: u8) -> Self {
        Self(vec![kind])
    }

    #[must_use]
    pub(super) fn u8(mut self, value: u8) -> Self {
        self.0.push(value);
        self
    }

    #[must_use]
    pub(super) fn u64(mut self, value: u64) -> Self {
        self.0.extend_from_slice(&value.to_ne_bytes());
        self
    }

    #[must_use]
    pub(super) fn i64(self, value: i64) -> Self {
        self.u64(value.cast_unsigned())
    }

    #[must_use]
    pub(super) fn bytes(mut self, value: &[u8]) -> Self {
        self = self.u64(value.len() as u64);
        self.0.extend_from_slice(value);
        self
    }

    #[must_use]
    pub(super) fn path(self, path: &Path) -> Self {
        self.bytes(path.as_os_str().as_bytes())
    }

    /// Adds another packet's fields.
    pub(super) fn append(&mut self, other: &Self) {
        self.0.extend_from_slice(&other.0);
    }

    pub(super) fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// A packet being read; `None` where it ends too early.
#[derive(Debug, Clone)]
pub(super) struct Unpack<'p>(pub(super) &'p [u8]);

impl<'p> Unpack<'p> {
    pub(super) fn u8(&mut self) -> Option<u8> {
        let (value, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*value)
    }

    pub(super) fn u64(&mut self) -> Option<u64> {
        let (value, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u64::from_ne_bytes(*value))
    }

    pub(super) fn i64(&mut self) -> Option<i64> {
        self.u64().map(u64::cast_signed)
    }

    pub(super) fn bytes(&mut self) -> Option<&'p [u8]> {
        let len = usize::try_from(self.u64()?).ok()?;
        let (value, rest) = self.0.split_at_checked(len)?;
        self.0 = rest;
        Some(value)
    }

    pub(super) fn path(&mut self) -> Option<PathBuf> {
        Some(PathBuf::from(OsStr::from_bytes(self.bytes()?)))
    }

    pub(super) fn text(&mut self) -> Option<String> {
        Some(String::from_utf8_lossy(self.bytes()?).into_owned())
    }
}

const TROUBLES: &[Trouble] = &[
    Trouble::Missing,
    Trouble::Denied,
    Trouble::NeverTaken,
    Trouble::Unsafe,
    Trouble::WrongType,
    Trouble::TimedOut,
    Trouble::TooLarge,
    Trouble::Stopped,
    Trouble::Unsupported,
];

/// A trouble's number; what has none is `Io`.
pub(super) fn trouble_code(trouble: Trouble) -> u8 {
    TROUBLES
        .iter()
        .position(|known| *known == trouble)
        .and_then(|at| u8::try_from(at).ok())
        .unwrap_or(u8::MAX)
}

pub(super) fn trouble_of(code: u8) -> Trouble {
    TROUBLES.get(usize::from(code)).copied().unwrap_or(Trouble::Io)
}

const TYPES: &[FileType] = &[FileType::File, FileType::Folder, FileType::Link];

/// A file type's number; what has none is `Other`.
pub(super) fn type_code(file_type: FileType) -> u8 {
    TYPES.iter().position(|known| *known == file_type).and_then(|at| u8::try_from(at).ok()).unwrap_or(u8::MAX)
}

pub(super) fn type_of(code: u8) -> FileType {
    TYPES.get(usize::from(code)).copied().unwrap_or(FileType::Other)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_packet_reads_back_and_a_short_one_ends() {
        let packet = Packet::new(7).u64(u64::MAX).i64(-3).bytes(b"abc").path(Path::new("/x"));
        let mut read = Unpack(packet.as_bytes());
        assert_eq!((read.u8(), read.u64(), read.i64()), (Some(7), Some(u64::MAX), Some(-3)));
        assert_eq!((read.bytes(), read.path()), (Some(&b"abc"[..]), Some(PathBuf::from("/x"))));
        assert_eq!((read.u8(), read.u64(), read.text()), (None, None, None));
        let lies = Packet::new(1).u64(u64::MAX);
        assert_eq!(Unpack(&lies.as_bytes()[1..]).bytes(), None);
    }

    #[test]
    fn descriptors_travel_and_the_end_is_an_empty_packet() {
        let (one, other) = pair().unwrap();
        let (end, _keep) = nix::unistd::pipe().unwrap();
        send(&one, b"take", &[end.as_raw_fd()]).unwrap();
        let mut buf = [0; 64];
        let (packet, fds) = receive(&other, &mut buf).unwrap();
        assert_eq!((packet, fds.len()), (&b"take"[..], 1));
        drop(one);
        assert_eq!(receive(&other, &mut buf).unwrap().0, b"");
    }

    #[test]
    fn a_wait_ends_with_the_run() {
        let (one, _other) = pair().unwrap();
        let stop = Stop::new().unwrap();
        let far = Instant::now() + Duration::from_secs(3600);
        stop.expire(Duration::ZERO);
        let (woken, _) = wait([Some((one.as_fd(), PollFlags::POLLIN))], far, Some(&stop)).unwrap();
        assert_eq!(woken, Woken::Stopped);
    }
}
