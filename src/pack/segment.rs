//! One segment: looked at by the second scan, counted, checksummed and deflated on its own.
//! The work that runs side by side; knows nothing of entries, files or order.

use std::panic::{AssertUnwindSafe, catch_unwind};

use flate2::{Compress, Compression, Crc, FlushCompress};

/// Most bytes of a segment.
pub(super) const SEGMENT: usize = 1 << 20;
/// What the second scan sees of the segment before.
pub(super) const BEFORE: usize = 4 << 10;
/// Compression is what limits a run. Measured on 500 MB of GitLab logs beside `tar czf` (`benches/logs.py`): with level 6
/// a run takes 0.82 of tar's time on one processor and is as small; with 5 it takes 0.74 and is 1.6 % larger.
const LEVEL: u32 = 5;

/// The second, independent look at redacted bytes. Shared by all workers.
pub trait Check: Send + Sync {
    /// The name of the rule that hit `chunk`, which follows `before` (at most 4 KiB) in its entry.
    /// An engine that fails says so with a name of its own: the entry is withheld all the same.
    fn check(&self, before: &[u8], chunk: &[u8]) -> Option<&'static str>;
}

impl<F: Fn(&[u8], &[u8]) -> Option<&'static str> + Send + Sync> Check for F {
    fn check(&self, before: &[u8], chunk: &[u8]) -> Option<&'static str> {
        self(before, chunk)
    }
}

/// Runs a check; one that panics has hit.
pub(super) fn checked(check: &dyn Check, before: &[u8], chunk: &[u8]) -> Option<&'static str> {
    catch_unwind(AssertUnwindSafe(|| check.check(before, chunk))).unwrap_or(Some("second-scan-failed"))
}

/// A segment that is ready for the archive.
#[derive(Debug)]
pub(super) struct Deflated {
    /// Raw deflate, ended by a sync flush.
    pub(super) bytes: Vec<u8>,
    /// Inflated bytes.
    pub(super) len: u64,
    /// Line ends in it.
    pub(super) line_ends: u64,
    /// Whether its last line has no line end.
    pub(super) open_line: bool,
    /// Of the inflated bytes.
    pub(super) crc: Crc,
}

/// A deflate engine, to be used again and again: its tables are larger than most entries.
#[derive(Debug)]
pub(super) struct Deflater(Compress);

impl Deflater {
    pub(super) fn new() -> Self {
        Self(Compress::new(Compression::new(LEVEL), false))
    }

    /// Deflates `bytes` on their own; the same bytes always give the same segment.
    pub(super) fn segment(&mut self, bytes: &[u8]) -> Deflated {
        let mut crc = Crc::new();
        crc.update(bytes);
        Deflated {
            bytes: self.deflate(bytes),
            len: bytes.len() as u64,
            line_ends: memchr::memchr_iter(b'\n', bytes).count() as u64,
            open_line: bytes.last().is_some_and(|&b| b != b'\n'),
            crc,
        }
    }

    fn deflate(&mut self, bytes: &[u8]) -> Vec<u8> {
        let engine = &mut self.0;
        engine.reset();
        let mut out = Vec::with_capacity(bytes.len() / 4 + 128);
        loop {
            let done = engine.total_in() as usize;
            // The only error of the call is a stream in a wrong state, which `reset` rules out; an
            // engine that fails all the same stores the bytes, which is as valid.
            if engine.compress_vec(&bytes[done..], &mut out, FlushCompress::Sync).is_err() {
                return super::headers::stored(bytes);
            }
            if engine.total_in() as usize == bytes.len() && out.len() < out.capacity() {
                return out;
            }
            out.reserve(bytes.len() / 4 + 4096);
        }
    }
}

/// Tells beforehand how small bytes become.
#[derive(Debug)]
pub struct Gauge(Deflater);

impl Default for Gauge {
    fn default() -> Self {
        Self(Deflater::new())
    }
}

impl Gauge {
    /// Compressed bytes for each of `bytes`, if there are any.
    pub fn ratio(&mut self, bytes: &[u8]) -> Option<f64> {
        (!bytes.is_empty()).then(|| self.0.deflate(bytes).len() as f64 / bytes.len() as f64)
    }
}

/// Lines of an entry: its line ends, and a last line without one.
pub(super) fn lines(line_ends: u64, open_line: bool) -> u64 {
    line_ends + u64::from(open_line)
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    fn inflate(bytes: &[u8]) -> Vec<u8> {
        let mut whole = bytes.to_vec();
        whole.extend_from_slice(&super::super::headers::LAST_BLOCK);
        let mut out = Vec::new();
        flate2::read::DeflateDecoder::new(&whole[..]).read_to_end(&mut out).unwrap();
        out
    }

    #[test]
    fn segments_can_be_joined_and_read_as_one_stream() {
        let mut deflater = Deflater::new();
        let noise: Vec<u8> =
            (0..SEGMENT as u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        let parts: [&[u8]; 4] = [b"first\nsecond", &noise, b"", b"x"];
        let joined: Vec<u8> = parts.iter().flat_map(|part| deflater.segment(part).bytes).collect();
        assert_eq!(inflate(&joined), parts.concat());
    }

    #[test]
    fn a_segment_does_not_depend_on_those_before_it() {
        let mut used = Deflater::new();
        used.segment(b"something else, something else");
        assert_eq!(used.segment(b"abc abc abc").bytes, Deflater::new().segment(b"abc abc abc").bytes);
    }

    #[test]
    fn a_check_that_panics_has_hit() {
        let broken = |_: &[u8], _: &[u8]| -> Option<&'static str> { panic!("engine") };
        assert_eq!(checked(&broken, b"", b"x"), Some("second-scan-failed"));
    }
}
