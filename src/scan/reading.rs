//! An entry read in pieces of any size: every hit with its line, each told once. Keeps no more than two pieces.

use super::{Found, Hit, Scanner, wide};

/// Bytes that are looked at together, and how many of them once more with what follows.
const WINDOW: usize = 1 << 20;
const OVERLAP: usize = 16 << 10;

/// An entry on its way.
#[derive(Debug)]
pub struct Reading<'s> {
    scanner: &'s Scanner,
    text: Vec<u8>,
    /// The line in which `text` begins.
    line: u64,
    /// What of `text` was told already.
    told: usize,
}

impl<'s> Reading<'s> {
    pub(super) fn new(scanner: &'s Scanner) -> Self {
        Self { scanner, text: Vec::new(), line: 1, told: 0 }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, mut bytes: &[u8], hits: &mut dyn FnMut(Hit)) {
        while !bytes.is_empty() {
            let (now, later) = bytes.split_at(bytes.len().min(WINDOW - self.text.len()));
            self.text.extend_from_slice(now);
            bytes = later;
            if self.text.len() == WINDOW {
                self.look(WINDOW - OVERLAP / 2, hits);
                let keep = WINDOW - OVERLAP;
                self.line += memchr::memchr_iter(b'\n', &self.text[..keep]).count() as u64;
                self.told = self.told.saturating_sub(keep);
                self.text.drain(..keep);
            }
        }
    }

    /// Ends the entry.
    pub fn finish(mut self, hits: &mut dyn FnMut(Hit)) {
        self.look(usize::MAX, hits);
    }

    /// Tells what begins before `until` and behind what was told.
    fn look(&mut self, until: usize, hits: &mut dyn FnMut(Hit)) {
        let narrow = wide::narrow(&self.text);
        let scale = if narrow.is_some() { 2 } else { 1 };
        let text = narrow.as_deref().unwrap_or(&self.text);
        let mut all: Vec<Found> = Vec::new();
        let _: Option<()> = self.scanner.look(text, |found| {
            all.push(found);
            None
        });
        all.sort_by_key(|found| (found.span.start, found.span.end));
        let mut end = self.told / scale;
        for found in all.iter().filter(|found| found.span.start < until / scale) {
            if found.span.start >= end {
                hits(found.told(text, self.line));
            }
            end = end.max(found.span.end);
        }
        self.told = end * scale;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rules and lines of the hits, however the text is cut.
    fn read(text: &[u8], piece: usize) -> Vec<(&'static str, u64)> {
        let scanner = Scanner::new();
        let mut hits = Vec::new();
        let mut reading = scanner.reading();
        text.chunks(piece).for_each(|chunk| reading.push(chunk, &mut |hit| hits.push((hit.rule, hit.line))));
        reading.finish(&mut |hit| hits.push((hit.rule, hit.line)));
        hits
    }

    fn token() -> String {
        format!("glpat-{}", "aB3dE6gH9jK2mN5pQ8sT")
    }

    #[test]
    fn every_hit_is_told_once_with_its_line() {
        let text = format!("one\n{} and {}\nthree\ndb_password: {}\n", token(), token(), "Ab12Cd34Ef");
        for piece in [1, 7, 1000] {
            let expected = vec![("gitlab-token", 2), ("gitlab-token", 2), ("named-value", 4)];
            assert_eq!(read(text.as_bytes(), piece), expected, "{piece}");
        }
    }

    #[test]
    fn a_hit_is_told_once_wherever_a_window_ends() {
        for shift in 0..60 {
            let line = "x".repeat(WINDOW - OVERLAP / 2 - 30 + shift) + "\n";
            let text = format!("{line}{} {}\n", token(), "y".repeat(OVERLAP * 2));
            assert_eq!(read(text.as_bytes(), 1 << 20), vec![("gitlab-token", 2)], "{shift}");
        }
    }

    #[test]
    fn a_hit_in_a_line_of_megabytes_is_told() {
        let text = format!("{}{}{}\nnext {}", "a ".repeat(2_000_000), token(), " b".repeat(900_000), token());
        assert_eq!(read(text.as_bytes(), 300_000), vec![("gitlab-token", 1), ("gitlab-token", 2)]);
    }

    #[test]
    fn utf_16_is_read_too() {
        let text = format!("one\r\ntwo\r\npassword: \"{}\"\r\n", "Ab12Cd34Ef");
        for units in [u16::to_le_bytes, u16::to_be_bytes] {
            let wide: Vec<u8> = text.encode_utf16().flat_map(units).collect();
            assert_eq!(read(&wide, 5), vec![("named-value", 3)]);
            assert!(Scanner::new().hit(b"", &wide).is_some());
        }
    }

    #[test]
    fn no_byte_of_a_value_is_told() {
        let scanner = Scanner::new();
        for secret in ["Ab12Cd34Ef", "correct horse battery staple"] {
            for text in [format!("\"db_password\":\"{secret}\""), format!("<password>{secret}</password>")] {
                let mut told = String::new();
                let mut reading = scanner.reading();
                reading.push(text.as_bytes(), &mut |hit| told.push_str(&hit.context));
                reading.finish(&mut |hit| told.push_str(&hit.context));
                assert!(told.contains("password ***") && !told.contains(&secret[..4]), "{told}");
            }
        }
        let mut told = String::new();
        let mut reading = scanner.reading();
        reading.push(token().as_bytes(), &mut |_| {});
        reading.finish(&mut |hit| told.push_str(&hit.context));
        assert_eq!(told, "glpat-***");
    }
}
