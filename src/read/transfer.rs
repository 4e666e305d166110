//! What mail and FTP do to an archive that they take for text. Each leaves a mark that compressed data
//! can't have by chance.

use std::{fs::File, io, os::unix::fs::FileExt};

/// So much of a file is looked at.
const HEAD: usize = 1 << 20;

/// A file's first bytes.
pub(super) fn head(file: &File) -> io::Result<Vec<u8>> {
    let length = file.metadata()?.len();
    let mut head = vec![0; usize::try_from(length).unwrap_or(usize::MAX).min(HEAD)];
    let n = file.read_at(&mut head, 0)?;
    head.truncate(n);
    Ok(head)
}

/// How a file was damaged on its way, if its first bytes show that; `broken` says that it is damaged.
pub(super) fn damage(head: &[u8], broken: bool) -> Option<&'static str> {
    let text = head.trim_ascii_start();
    if text.starts_with(b"H4sI") {
        return Some("it is still in the base64 that mail sends it in: decode it with `base64 -d`");
    }
    if text.starts_with(b"begin ") && text.iter().take(200).any(|b| *b == b'\n') {
        return Some("it is still in the uuencode that mail sends it in");
    }
    let lower: Vec<u8> = text.iter().take(15).map(u8::to_ascii_lowercase).collect();
    if lower.starts_with(b"<!doctype html") || lower.starts_with(b"<html") {
        return Some("it is a web page, not an archive: a log-in page was saved in its place");
    }
    if head.starts_with(b"\x1f\xef\xbf\xbd\x08") || head.starts_with(b"\x1f\xc2\x8b\x08") {
        return Some("it was taken for text and stored as UTF-8: send it again as binary");
    }
    if !head.starts_with(b"\x1f\x8b") {
        return None;
    }
    line_ends(head, broken)
}

fn line_ends(head: &[u8], broken: bool) -> Option<&'static str> {
    let count = |byte: u8| memchr::memchr_iter(byte, head).count();
    let (feeds, returns) = (count(b'\n'), count(b'\r'));
    let pairs = memchr::memmem::find_iter(head, b"\r\n").count();
    // By chance one feed in 256 stands behind a return.
    if feeds >= 4 && pairs == feeds {
        return Some("a transfer in text mode made CR LF of every LF: send it again as binary");
    }
    let expected = head.len() / 256;
    if !broken || expected < 32 {
        return None;
    }
    if feeds == 0 {
        return Some("a transfer in text mode took every LF away: send it again as binary");
    }
    if returns == 0 {
        return Some("a transfer in text mode took every CR away: send it again as binary");
    }
    (pairs == 0 && expected / 256 >= 8)
        .then_some("a transfer in text mode made LF of every CR LF: send it again as binary")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As compressed data looks.
    fn noise(length: usize) -> Vec<u8> {
        let mut state = 9_u64;
        let mut bytes = b"\x1f\x8b\x08\x04".to_vec();
        bytes.extend((0..length).map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 40) as u8
        }));
        bytes
    }

    fn replaced(bytes: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        let mut at = 0;
        for found in memchr::memmem::find_iter(bytes, from) {
            out.extend_from_slice(&bytes[at..found]);
            out.extend_from_slice(to);
            at = found + from.len();
        }
        out.extend_from_slice(&bytes[at..]);
        out
    }

    #[test]
    fn every_conversion_is_named() {
        let whole = noise(HEAD);
        for (from, to, told) in [
            (&b"\n"[..], &b"\r\n"[..], "CR LF of every LF"),
            (b"\r\n", b"\n", "LF of every CR LF"),
            (b"\n", b"", "every LF away"),
            (b"\r", b"", "every CR away"),
        ] {
            assert!(damage(&replaced(&whole, from, to), true).unwrap().contains(told), "{told}");
        }
        let utf8 = String::from_utf8_lossy(&whole).into_owned();
        assert!(damage(utf8.as_bytes(), true).unwrap().contains("UTF-8"));
        let latin: String = whole.iter().map(|b| char::from(*b)).collect();
        assert!(damage(latin.as_bytes(), true).unwrap().contains("UTF-8"));
        let mail = data_encoding::BASE64.encode(&whole);
        assert!(damage(mail.as_bytes(), true).unwrap().contains("base64"));
        assert!(damage(b"\n<!DOCTYPE html><html>", true).unwrap().contains("web page"));
    }

    #[test]
    fn what_is_whole_is_not_suspected() {
        for length in [0, 10, 100, 1_000, 5_000, HEAD] {
            assert_eq!(damage(&noise(length), true), None, "{length}");
        }
        assert_eq!(damage(b"", true), None);
    }
}
