//! One line in this host's own log of the system, through `/dev/log`, without libc's syslog.
//!
//! Whoever is at the other end may be stuck: nothing here waits. What is not the program's own goes
//! through `quoted`, so that nobody forges a line or a field.

use std::{fmt::Write as _, io, os::unix::net::UnixDatagram, path::Path};

use jiff::ZonedDateTime;

/// Where syslogd or journald listens.
const SOCKET: &str = "/dev/log";

/// authpriv.notice (RFC 3164, section 4.1.1), as sudo's: who did what as root.
const PRIORITY: u8 = 10 * 8 + 5;

/// RFC 3164, section 4.1: a line has at most 1024 bytes; what every syslogd takes.
const LONGEST: usize = 1024;

/// The log of the system, connected.
#[derive(Debug)]
pub struct Syslog(UnixDatagram);

impl Syslog {
    /// # Errors
    /// Where nobody listens.
    pub fn connect() -> io::Result<Self> {
        Self::connect_to(Path::new(SOCKET))
    }

    fn connect_to(path: &Path) -> io::Result<Self> {
        let socket = UnixDatagram::unbound()?;
        socket.set_nonblocking(true)?;
        socket.connect(path)?;
        Ok(Self(socket))
    }

    /// One line at this time, in the host's zone.
    ///
    /// # Errors
    /// Where nobody takes it.
    pub fn line(&self, now: &ZonedDateTime, text: &str) -> io::Result<()> {
        let mut line =
            format!("<{PRIORITY}>{} glsos[{}]: {text}", now.strftime("%b %e %H:%M:%S"), std::process::id());
        // ASCII only, see `quoted`.
        line.truncate(LONGEST);
        self.0.send(line.as_bytes()).map(drop)
    }
}

/// A value in quotes: what is not printable ASCII, a quote or a backslash is `\xNN`.
pub fn quoted(value: &[u8]) -> String {
    let mut out = String::from('"');
    for byte in value {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(*byte)]),
            b' '..=b'~' => out.push(char::from(*byte)),
            // Writing to a String does not fail.
            _ => drop(write!(out, "\\x{byte:02x}")),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)] // makes a socket of its own
mod tests {
    use super::*;

    #[test]
    fn a_line_comes_with_its_head_and_is_cut_where_all_cut_it() {
        let path = std::env::temp_dir().join(format!("glsos-syslog.{}", std::process::id()));
        assert_eq!(Syslog::connect_to(&path).unwrap_err().kind(), io::ErrorKind::NotFound);
        let listener = UnixDatagram::bind(&path).unwrap();
        let syslog = Syslog::connect_to(&path).unwrap();
        let now: ZonedDateTime = "2026-03-01T09:05:07+01:00[+01:00]".parse().unwrap();
        syslog.line(&now, "collect by uid 0").unwrap();
        syslog.line(&now, &"x".repeat(5000)).unwrap();
        let mut room = [0; 9000];
        let n = listener.recv(&mut room).unwrap();
        let expected = format!("<85>Mar  1 09:05:07 glsos[{}]: collect by uid 0", std::process::id());
        assert_eq!(std::str::from_utf8(&room[..n]).unwrap(), expected);
        assert_eq!(listener.recv(&mut room).unwrap(), LONGEST);
        // Nobody reads: it is an error in the end, and never a wait.
        let stuck = (0..100_000).find_map(|_| syslog.line(&now, "x").err()).unwrap();
        assert_eq!(stuck.kind(), io::ErrorKind::WouldBlock);
        std::fs::remove_file(&path).unwrap();
    }

    #[test]
    fn no_value_leaves_its_quotes_or_its_line() {
        assert_eq!(quoted(b"/srv/a b.tar.gz"), "\"/srv/a b.tar.gz\"");
        assert_eq!(quoted(b"x\" sha256=\"0\n<85>Jan"), "\"x\\\" sha256=\\\"0\\x0a<85>Jan\"");
        assert_eq!(quoted("\\é\0\u{1b}".as_bytes()), "\"\\\\\\xc3\\xa9\\x00\\x1b\"");
    }
}
