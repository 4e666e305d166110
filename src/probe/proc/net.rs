//! /proc/net: interfaces, protocol counters, and the tables of sockets.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
};

/// Counters of one interface.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interface {
    /// Bytes, packets, errors and drops received.
    pub(crate) rx: [u64; 4],
    /// Bytes, packets, errors and drops sent.
    pub(crate) tx: [u64; 4],
}

/// /proc/net/dev, by name.
pub(crate) fn interfaces(text: &str) -> BTreeMap<String, Interface> {
    text.lines()
        .filter_map(|line| {
            let (name, figures) = line.rsplit_once(':')?;
            let figures: Vec<u64> = figures.split_whitespace().map_while(|word| word.parse().ok()).collect();
            let at = |i: usize| figures.get(i).copied();
            let rx = [at(0)?, at(1)?, at(2)?, at(3)?];
            let tx = [at(8)?, at(9)?, at(10)?, at(11)?];
            Some((name.trim().to_owned(), Interface { rx, tx }))
        })
        .collect()
}

/// /proc/net/snmp and /proc/net/netstat: a line of names, then a line of values, each with the
/// protocol before it. The key is `Tcp.RetransSegs`.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Counters(BTreeMap<String, u64>);

impl Counters {
    /// Adds one file's counters. Negative values (`MaxConn -1`) are left out.
    pub(crate) fn add(&mut self, text: &str) {
        let mut names: Option<(&str, &str)> = None;
        for line in text.lines() {
            let Some((protocol, rest)) = line.split_once(':') else { continue };
            match names.take() {
                Some((named, list)) if named == protocol => {
                    for (name, value) in list.split_whitespace().zip(rest.split_whitespace()) {
                        if let Ok(value) = value.parse() {
                            self.0.insert(format!("{protocol}.{name}"), value);
                        }
                    }
                }
                _ => names = Some((protocol, rest)),
            }
        }
    }

    /// /proc/net/snmp6 and sockstat-like files hold single counters.
    pub(crate) fn get(&self, name: &str) -> Option<u64> {
        self.0.get(name).copied()
    }

    /// Whether nothing was understood.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// One line of /proc/net/{tcp,tcp6,udp,udp6}.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Socket {
    /// This side.
    pub(crate) local: SocketAddr,
    /// The other side.
    pub(crate) remote: SocketAddr,
    /// The kernel's number of its state.
    pub(crate) state: u8,
    /// Bytes not yet sent or acknowledged.
    pub(crate) send: u64,
    /// Bytes not yet read; of a listener, connections not yet accepted.
    pub(crate) receive: u64,
    /// Owner.
    pub(crate) uid: u32,
    /// What /proc/PID/fd names it by; 0 for a socket without an owner.
    pub(crate) inode: u64,
    /// Datagrams dropped (UDP).
    pub(crate) drops: Option<u64>,
}

/// The state of a listening TCP socket.
pub(crate) const LISTEN: u8 = 0x0a;
/// The state of an established connection.
pub(crate) const ESTABLISHED: u8 = 0x01;

/// A TCP state by the kernel's number.
pub(crate) fn state_name(state: u8) -> &'static str {
    const NAMES: [&str; 13] = [
        "UNKNOWN",
        "ESTABLISHED",
        "SYN-SENT",
        "SYN-RECV",
        "FIN-WAIT-1",
        "FIN-WAIT-2",
        "TIME-WAIT",
        "CLOSE",
        "CLOSE-WAIT",
        "LAST-ACK",
        "LISTEN",
        "CLOSING",
        "NEW-SYN-RECV",
    ];
    NAMES.get(usize::from(state)).copied().unwrap_or("UNKNOWN")
}

impl Socket {
    /// `None` for the heading and what is malformed.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (send, receive) = words.get(4)?.split_once(':')?;
        Some(Self {
            local: address(words.get(1)?)?,
            remote: address(words.get(2)?)?,
            state: u8::from_str_radix(words.get(3)?, 16).ok()?,
            send: u64::from_str_radix(send, 16).ok()?,
            receive: u64::from_str_radix(receive, 16).ok()?,
            uid: words.get(7)?.parse().ok()?,
            inode: words.get(9)?.parse().ok()?,
            drops: words.get(12).and_then(|word| word.parse().ok()),
        })
    }
}

/// `0100007F:1F90`: each 32-bit word of the address in the byte order of the machine.
fn address(text: &str) -> Option<SocketAddr> {
    let (ip, port) = text.split_once(':')?;
    let port = u16::from_str_radix(port, 16).ok()?;
    let word = |i: usize| u32::from_str_radix(ip.get(i * 8..i * 8 + 8)?, 16).ok().map(u32::to_ne_bytes);
    let ip = match ip.len() {
        8 => IpAddr::V4(Ipv4Addr::from(word(0)?)),
        32 => {
            let mut bytes = [0; 16];
            for (i, part) in bytes.chunks_exact_mut(4).enumerate() {
                part.copy_from_slice(&word(i)?);
            }
            IpAddr::V6(Ipv6Addr::from(bytes))
        }
        _ => return None,
    };
    Some(SocketAddr::new(ip, port))
}

/// One line of /proc/net/unix.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UnixSocket {
    /// Whether it takes connections.
    pub(crate) listening: bool,
    /// 1 stream, 2 datagram, 5 seqpacket.
    pub(crate) kind: u8,
    /// 3 is connected.
    pub(crate) state: u8,
    /// What /proc/PID/fd names it by.
    pub(crate) inode: u64,
    /// Its path, or a name after `@`.
    pub(crate) path: Option<String>,
}

impl UnixSocket {
    /// `None` for the heading and what is malformed.
    pub(crate) fn parse(line: &str) -> Option<Self> {
        /// `__SO_ACCEPTON` in the kernel's `include/uapi/linux/net.h`.
        const ACCEPTS: u32 = 1 << 16;
        let mut rest = line;
        let mut word = || {
            rest = rest.trim_start();
            let (word, after) = rest.split_once(' ').unwrap_or((rest, ""));
            rest = after;
            (!word.is_empty()).then_some(word)
        };
        let flags = (word()?, word()?, word()?, word()?).3;
        let kind = u8::from_str_radix(word()?, 16).ok()?;
        let state = u8::from_str_radix(word()?, 16).ok()?;
        let inode = word()?.parse().ok()?;
        let listening = u32::from_str_radix(flags, 16).ok()? & ACCEPTS != 0;
        let path = rest.trim_start();
        Some(Self { listening, kind, state, inode, path: (!path.is_empty()).then(|| path.to_owned()) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interfaces_with_and_without_a_blank_after_the_colon() {
        let all = interfaces(
            "Inter-|   Receive\n face |bytes\n    lo: 1 2 3 4 0 0 0 0 5 6 7 8 0 0 0 0\neth0.5:99 2 0 0 0 0 0 0 1 1 0 0 0 0 0 0\nbad: 1 2\n",
        );
        assert_eq!(all.len(), 2);
        assert_eq!(all["lo"], Interface { rx: [1, 2, 3, 4], tx: [5, 6, 7, 8] });
        assert_eq!(all["eth0.5"].rx[0], 99);
    }

    #[test]
    fn counters_by_protocol_and_name() {
        let mut counters = Counters::default();
        counters.add("Tcp: A MaxConn B\nTcp: 1 -1 3\nUdp: X\nTcpExt: ListenDrops\nTcpExt: 9\n");
        assert_eq!(counters.get("Tcp.A"), Some(1));
        assert_eq!(counters.get("Tcp.MaxConn"), None);
        assert_eq!(counters.get("Tcp.B"), Some(3));
        assert_eq!(counters.get("TcpExt.ListenDrops"), Some(9));
        assert_eq!(counters.get("Udp.X"), None);
    }

    #[test]
    fn sockets_of_both_families() {
        let line = "   0: 0100007F:1F90 0200000A:0050 01 0000000A:00000003 00:00000000 00000000   998        0 12345 1 0000 20";
        let socket = Socket::parse(line).unwrap();
        assert_eq!(socket.local.to_string(), "127.0.0.1:8080");
        assert_eq!(socket.remote.to_string(), "10.0.0.2:80");
        assert_eq!((socket.send, socket.receive, socket.uid, socket.inode), (10, 3, 998, 12_345));
        let six = "1: 00000000000000000000000001000000:0016 00000000000000000000000000000000:0000 0A 0:0 0:0 0 0 0 7";
        assert_eq!(Socket::parse(six).unwrap().local.to_string(), "[::1]:22");
        assert_eq!(Socket::parse("sl local_address rem_address st"), None);
        assert_eq!(Socket::parse("0: ü100007F:1F90 0200000A:0050 01 0:0 0 0 0 0 1"), None);
    }

    #[test]
    fn unix_sockets_with_and_without_a_path() {
        let socket =
            UnixSocket::parse("00000000: 00000002 00000000 00010000 0001 01 24577 /run/a b.sock").unwrap();
        assert!(socket.listening);
        assert_eq!((socket.kind, socket.state, socket.inode), (1, 1, 24_577));
        assert_eq!(socket.path.as_deref(), Some("/run/a b.sock"));
        assert_eq!(UnixSocket::parse("0: 3 0 00000000 0001 03 1").unwrap().path, None);
        assert_eq!(UnixSocket::parse("Num       RefCount Protocol Flags    Type St Inode Path"), None);
    }
}
