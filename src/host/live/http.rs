//! One GET to this very host: HTTP/1.1 over a loopback address or a connected Unix socket.
//!
//! No name is looked up, no redirect followed, no proxy asked; every wait has a deadline, and what
//! the other side sends is bounded and never trusted.

use std::{
    net::{IpAddr, SocketAddr},
    os::fd::{AsFd, AsRawFd, OwnedFd},
    time::{Duration, Instant},
};

use nix::{
    errno::Errno,
    poll::PollFlags,
    sys::socket::{
        AddressFamily, MsgFlags, SockFlag, SockType, SockaddrStorage, connect as connect_to, getsockopt,
        recv, send, socket, sockopt,
    },
};

use super::{
    open::Refused,
    wire::{self, Woken},
};
use crate::host::{Address, Error, Flow, Get, Got, Trouble, stop::Stop};

/// A longer head is no answer of anything that we ask.
const LONGEST_HEAD: usize = 32 << 10;
const MOST_HEADERS: usize = 96;

/// A chunk's size line, extensions included.
const LONGEST_LINE: usize = 4 << 10;

/// Connects to a loopback address.
pub(super) fn connect(address: SocketAddr, patience: Duration, stop: &Stop) -> Result<OwnedFd, Error> {
    let fail = |refused: Refused| {
        Error::new(refused.trouble, "connecting to", address.to_string()).detail(refused.detail)
    };
    if !is_loopback(address.ip()) {
        return Err(fail(Refused::new(Trouble::Unsafe, "not an address of this host")));
    }
    let family = if address.is_ipv4() { AddressFamily::Inet } else { AddressFamily::Inet6 };
    let flags = SockFlag::SOCK_CLOEXEC | SockFlag::SOCK_NONBLOCK;
    let attempt = || -> Result<OwnedFd, Refused> {
        let socket = socket(family, SockType::Stream, flags, None)?;
        match connect_to(socket.as_raw_fd(), &SockaddrStorage::from(address)) {
            Ok(()) => return Ok(socket),
            Err(Errno::EINPROGRESS) => {}
            Err(errno) => return Err(errno.into()),
        }
        let deadline = deadline_of(patience);
        match wire::wait([Some((socket.as_fd(), PollFlags::POLLOUT))], deadline, Some(stop))?.0 {
            Woken::Ready => match getsockopt(&socket, sockopt::SocketError)? {
                0 => Ok(socket),
                errno => Err(Errno::from_raw(errno).into()),
            },
            Woken::Late => Err(Refused::new(Trouble::TimedOut, "")),
            Woken::Stopped => Err(Refused::new(Trouble::Stopped, "")),
        }
    };
    attempt().map_err(fail)
}

fn is_loopback(ip: IpAddr) -> bool {
    ip.to_canonical().is_loopback()
}

fn deadline_of(patience: Duration) -> Instant {
    let now = Instant::now();
    now.checked_add(patience).unwrap_or(now + Duration::from_secs(24 * 3600))
}

/// Asks over a connected socket; the body goes to `sink`.
pub(super) fn get(
    socket: OwnedFd,
    request: &Get,
    stop: &Stop,
    sink: &mut dyn FnMut(&[u8]) -> Flow,
) -> Result<Got, Error> {
    let started = Instant::now();
    let at = match &request.at {
        Address::Loopback(address) => format!("http://{address}{}", request.path),
        Address::Unix(path) => format!("{}{}", path.display(), request.path),
    };
    let deadline = deadline_of(request.timeout);
    let mut wire = Wire { socket, deadline, stop, bytes: Vec::new(), ended: false };
    let mut answer = || -> Result<(u16, bool), Refused> {
        wire.write(&head(request)?)?;
        let (status, length) = wire.head()?;
        let mut body = Body { wire: &mut wire, left: request.limit, sink };
        let whole = match length {
            Length::None => true,
            Length::Known(length) => body.known(length)?,
            Length::Chunked => body.chunked()?,
            Length::ToTheEnd => body.up_to_the_end()?,
        };
        Ok((status, whole))
    };
    match answer() {
        Ok((status, whole)) => Ok(Got { status, whole, took: started.elapsed() }),
        Err(refused) => Err(Error::new(refused.trouble, "asking", at).detail(refused.detail)),
    }
}

/// The request. A path that could be more than one line is none.
fn head(request: &Get) -> Result<Vec<u8>, Refused> {
    let path = request.path.as_str();
    if !path.starts_with('/') || !path.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Refused::new(Trouble::Io, "not a path of a URL"));
    }
    Ok(format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nUser-Agent: glsos/{}\r\nAccept: */*\r\n\
         Accept-Encoding: identity\r\nConnection: close\r\n\r\n",
        env!("CARGO_PKG_VERSION")
    )
    .into_bytes())
}

/// How long the body is (RFC 9112, section 6.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Length {
    None,
    Known(u64),
    Chunked,
    ToTheEnd,
}

/// Status and length of an answer; `None` while its head is not whole.
fn parse(bytes: &[u8]) -> Result<Option<(usize, u16, Length)>, Refused> {
    let garbage = |what: &str| Refused::new(Trouble::Io, format!("not an HTTP answer: {what}"));
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut response = httparse::Response::new(&mut headers);
    let used = match response.parse(bytes) {
        Ok(httparse::Status::Complete(used)) => used,
        Ok(httparse::Status::Partial) if bytes.len() < LONGEST_HEAD => return Ok(None),
        Ok(httparse::Status::Partial) => return Err(garbage("its head does not end")),
        Err(error) => return Err(garbage(&error.to_string())),
    };
    let status = response.code.unwrap_or(0);
    let mut length = Length::ToTheEnd;
    for header in response.headers.iter() {
        if header.name.eq_ignore_ascii_case("transfer-encoding") {
            if !header.value.trim_ascii().eq_ignore_ascii_case(b"chunked") {
                return Err(garbage("an unknown transfer coding"));
            }
            length = Length::Chunked;
        } else if header.name.eq_ignore_ascii_case("content-length") && length != Length::Chunked {
            let text = std::str::from_utf8(header.value.trim_ascii()).unwrap_or_default();
            let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
            let value = digits.then(|| text.parse().ok()).flatten();
            length = Length::Known(value.ok_or_else(|| garbage("a broken length"))?);
        }
    }
    if matches!(status, 100..=199 | 204 | 304) {
        length = Length::None;
    }
    Ok(Some((used, status, length)))
}

/// The connection, and what came but was not used yet.
struct Wire<'s> {
    socket: OwnedFd,
    deadline: Instant,
    stop: &'s Stop,
    bytes: Vec<u8>,
    ended: bool,
}

impl Wire<'_> {
    fn wait(&self, events: PollFlags) -> Result<(), Refused> {
        match wire::wait([Some((self.socket.as_fd(), events))], self.deadline, Some(self.stop))?.0 {
            // An endless body keeps every wait short.
            Woken::Ready if Instant::now() < self.deadline => Ok(()),
            Woken::Ready | Woken::Late => Err(Refused::new(Trouble::TimedOut, "")),
            Woken::Stopped => Err(Refused::new(Trouble::Stopped, "")),
        }
    }

    fn write(&self, mut bytes: &[u8]) -> Result<(), Refused> {
        while !bytes.is_empty() {
            self.wait(PollFlags::POLLOUT)?;
            match send(self.socket.as_raw_fd(), bytes, MsgFlags::MSG_NOSIGNAL | MsgFlags::MSG_DONTWAIT) {
                Ok(n) => bytes = bytes.get(n..).unwrap_or_default(),
                Err(Errno::EINTR | Errno::EAGAIN) => {}
                // It may have answered all the same.
                Err(Errno::EPIPE | Errno::ECONNRESET) => return Ok(()),
                Err(errno) => return Err(errno.into()),
            }
        }
        Ok(())
    }

    /// More bytes; whether there were any before the end.
    fn more(&mut self) -> Result<bool, Refused> {
        let mut buf = [0; 16 << 10];
        while !self.ended {
            self.wait(PollFlags::POLLIN)?;
            match recv(self.socket.as_raw_fd(), &mut buf, MsgFlags::MSG_DONTWAIT) {
                Ok(0) | Err(Errno::ECONNRESET) => self.ended = true,
                Ok(n) => {
                    self.bytes.extend_from_slice(&buf[..n]);
                    return Ok(true);
                }
                Err(Errno::EINTR | Errno::EAGAIN) => {}
                Err(errno) => return Err(errno.into()),
            }
        }
        Ok(false)
    }

    /// The final head; interim ones (100 to 199) are passed over.
    fn head(&mut self) -> Result<(u16, Length), Refused> {
        for _ in 0..8 {
            let (used, status, length) = loop {
                if let Some(head) = parse(&self.bytes)? {
                    break head;
                }
                if !self.more()? {
                    return Err(Refused::new(Trouble::Io, "it ended before its answer's head"));
                }
            };
            self.bytes.drain(..used);
            if !(100..=199).contains(&status) {
                return Ok((status, length));
            }
        }
        Err(Refused::new(Trouble::Io, "it sends nothing but interim answers"))
    }

    /// A line of a chunked body, without its end.
    fn line(&mut self) -> Result<Option<Vec<u8>>, Refused> {
        loop {
            if let Some(at) = self.bytes.iter().position(|b| *b == b'\n') {
                let mut line: Vec<u8> = self.bytes.drain(..=at).collect();
                line.pop();
                line.pop_if(|b| *b == b'\r');
                return Ok(Some(line));
            }
            if self.bytes.len() > LONGEST_LINE {
                return Err(Refused::new(Trouble::Io, "a chunk's size without an end"));
            }
            if !self.more()? {
                return Ok(None);
            }
        }
    }
}

struct Body<'b, 's> {
    wire: &'b mut Wire<'s>,
    /// Of the limit.
    left: u64,
    sink: &'b mut dyn FnMut(&[u8]) -> Flow,
}

impl Body<'_, '_> {
    /// Gives `length` bytes of the body on; whether all of them were wanted and came.
    fn known(&mut self, mut length: u64) -> Result<bool, Refused> {
        while length > 0 {
            if self.wire.bytes.is_empty() && !self.wire.more()? {
                return Ok(false);
            }
            let here = usize::try_from(length).unwrap_or(usize::MAX).min(self.wire.bytes.len());
            let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(here);
            let flow = if wanted == 0 { Flow::Go } else { (self.sink)(&self.wire.bytes[..wanted]) };
            self.wire.bytes.drain(..here);
            self.left -= wanted as u64;
            length -= here as u64;
            if wanted < here || (flow == Flow::Stop && length > 0) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn up_to_the_end(&mut self) -> Result<bool, Refused> {
        Ok(self.known(u64::MAX)? || (self.wire.ended && self.wire.bytes.is_empty()))
    }

    fn chunked(&mut self) -> Result<bool, Refused> {
        loop {
            let Some(mut line) = self.wire.line()? else { return Ok(false) };
            line.extend_from_slice(b"\r\n");
            let size = match httparse::parse_chunk_size(&line) {
                Ok(httparse::Status::Complete((_, size))) => size,
                _ => return Err(Refused::new(Trouble::Io, "a broken chunk size")),
            };
            if size == 0 {
                return Ok(true);
            }
            if !self.known(size)? {
                return Ok(false);
            }
            match self.wire.line()? {
                Some(end) if end.is_empty() => {}
                Some(_) => return Err(Refused::new(Trouble::Io, "a chunk longer than it says")),
                None => return Ok(false),
            }
        }
    }
}
