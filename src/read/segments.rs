//! Raw deflate segments of a bundle, inflated one at a time. Never trusts a length: what inflates to
//! more than it says is damaged.

use std::{fs::File, io, os::unix::fs::FileExt};

use flate2::{Decompress, FlushDecompress};

/// Most bytes of a segment that are believed, compressed or inflated. A bundle's own are 1 MiB.
const LARGEST: u64 = 8 << 20;

/// An entry's bytes at any offset, with the segment that was used last in memory.
#[derive(Debug)]
pub struct Reader {
    file: File,
    /// Offset in the entry, and the segment's place.
    segments: Vec<(u64, [u64; 3])>,
    held: Option<(usize, Vec<u8>)>,
}

impl Reader {
    pub(super) fn new(file: File, segments: &[[u64; 3]]) -> Self {
        let mut at = 0_u64;
        let placed = segments.iter().map(|segment| {
            let here = at;
            at = at.saturating_add(segment[2]);
            (here, *segment)
        });
        Self { file, segments: placed.collect(), held: None }
    }

    /// Up to `buffer.len()` bytes from `offset`; 0 at the end.
    pub fn read_at(&mut self, offset: u64, buffer: &mut [u8]) -> io::Result<usize> {
        let mut done = 0;
        while done < buffer.len() {
            let at = offset.saturating_add(done as u64);
            let index = self.segments.partition_point(|(start, _)| *start <= at);
            let Some(index) = index.checked_sub(1) else { break };
            let (start, place) = self.segments[index];
            let bytes = self.segment(index, place)?;
            let from = usize::try_from(at - start).unwrap_or(usize::MAX);
            let Some(rest) = bytes.get(from..).filter(|rest| !rest.is_empty()) else { break };
            let n = rest.len().min(buffer.len() - done);
            buffer[done..done + n].copy_from_slice(&rest[..n]);
            done += n;
        }
        Ok(done)
    }

    fn segment(&mut self, index: usize, [offset, compressed, inflated]: [u64; 3]) -> io::Result<&[u8]> {
        if self.held.as_ref().is_none_or(|(held, _)| *held != index) {
            if inflated > LARGEST {
                return Err(io::Error::other("a segment says that it is larger than any of glsos's"));
            }
            let bytes = inflate(&self.file, offset, compressed, inflated).map_err(io::Error::other)?;
            self.held = Some((index, bytes));
        }
        Ok(self.held.as_ref().map_or(&[], |(_, bytes)| bytes))
    }
}

/// Inflates raw deflate data that must become exactly `inflated` bytes.
pub(super) fn inflate(
    file: &File,
    offset: u64,
    compressed: u64,
    inflated: u64,
) -> Result<Vec<u8>, &'static str> {
    const PIECE: usize = 64 << 10;
    let mut engine = Decompress::new(false);
    let mut out = Vec::new();
    let mut piece = vec![0; PIECE];
    let mut at = 0;
    while at < compressed {
        let wanted = usize::try_from(compressed - at).unwrap_or(PIECE).min(PIECE);
        let n = file.read_at(&mut piece[..wanted], offset + at).map_err(|_| "it can't be read")?;
        if n == 0 {
            return Err("it ends too early");
        }
        at += n as u64;
        let mut input = &piece[..n];
        loop {
            out.reserve(PIECE);
            let (before_in, before_out) = (engine.total_in(), out.len());
            engine
                .decompress_vec(input, &mut out, FlushDecompress::None)
                .map_err(|_| "it is no deflate data")?;
            let used = usize::try_from(engine.total_in() - before_in).unwrap_or(usize::MAX);
            input = input.get(used..).unwrap_or_default();
            if out.len() as u64 > inflated {
                return Err("it is longer than it says");
            }
            // Neither read nor wrote: all of this piece is used up.
            if used == 0 && out.len() == before_out || input.is_empty() && out.len() < out.capacity() {
                break;
            }
        }
    }
    if out.len() as u64 == inflated { Ok(out) } else { Err("it is shorter than it says") }
}
