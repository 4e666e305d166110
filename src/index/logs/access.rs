//! The status in an access log's line: behind the quoted request, whose own quotes NGINX writes as `\x22`.

use memchr::{memchr, memmem};

/// The status of `ADDRESS - USER [TIME] "REQUEST" STATUS …`.
pub(super) fn status(line: &[u8]) -> Option<u16> {
    let request = &line[memchr(b'"', line)? + 1..];
    let rest = &request[memmem::find(request, b"\" ")? + 2..];
    let digits = rest.get(..3).filter(|digits| digits.iter().all(u8::is_ascii_digit))?;
    std::str::from_utf8(digits).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_status_stands_behind_the_request() {
        let line = br#"10.0.0.1 - - [26/Jun/2026:06:33:46 +0000] "GET /a\x22 HTTP/1.1" 502 157 "" "curl" -"#;
        assert_eq!(status(line), Some(502));
        for line in [&b""[..], b"\"", b"\"GET / HTTP/1.1\" ", b"\"GET / HTTP/1.1\" 5x2"] {
            assert_eq!(status(line), None);
        }
    }
}
