//! gzip content as a source of inflated bytes: any number of members, in bounded memory, capped.
//!
//! Damaged or cut content gives what could be inflated. Raw inflate only: headers and checksums are read here.

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::lines::Source;
use crate::host::{self, File};

/// The first bytes of gzip content.
pub const MAGIC: [u8; 2] = [0x1f, 0x8b];
/// Nothing is inflated further than this: a log that long is a bomb, or nobody reads it.
pub const MOST: u64 = 4 << 30;
/// What logs usually inflate to, where their end does not tell.
const USUAL_GAIN: u64 = 10;
const INPUT: usize = 64 << 10;

/// Why inflating ended before the file's end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// The file ends inside a member.
    Cut,
    /// What follows is no deflate data, or its checksum is wrong.
    Corrupt,
    /// More than this many bytes.
    Bomb(u64),
}

impl Damage {
    /// What happened, of "it".
    pub fn reason(self) -> String {
        match self {
            Self::Cut => "the compressed file ends too early".to_owned(),
            Self::Corrupt => "the compressed file is damaged".to_owned(),
            Self::Bomb(most) => format!("it inflates to more than {} GiB", most >> 30),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Header,
    Body,
    Trailer,
    End,
}

/// Inflates what it pulls, wherever that comes from.
#[derive(Debug)]
pub struct Gunzip {
    input: Vec<u8>,
    begin: usize,
    state: State,
    begun: bool,
    inflate: Decompress,
    crc: Crc,
    total: u64,
    most: u64,
    damage: Option<Damage>,
    trailing: bool,
}

/// Fills a buffer as far as there are bytes; less than all of it only at the end.
type Pull<'p, E> = &'p mut dyn FnMut(&mut [u8]) -> Result<usize, E>;

impl Gunzip {
    /// At the beginning; more than `most` inflated bytes are damage.
    pub fn new(most: u64) -> Self {
        Self {
            input: Vec::new(),
            begin: 0,
            state: State::Header,
            begun: false,
            inflate: Decompress::new(false),
            crc: Crc::new(),
            total: 0,
            most,
            damage: None,
            trailing: false,
        }
    }

    /// Why it ended early.
    pub fn damage(&self) -> Option<Damage> {
        self.damage
    }

    /// Whether something that is no gzip member follows the last one.
    pub fn trailing(&self) -> bool {
        self.trailing
    }

    /// Inflates into `buf`; 0 at the end, and where it is damaged.
    ///
    /// # Errors
    /// Those of `pull`.
    pub fn read<E>(&mut self, pull: Pull<'_, E>, buf: &mut [u8]) -> Result<usize, E> {
        loop {
            match self.state {
                State::Header => self.state = self.header(pull)?,
                State::Body if self.total >= self.most => self.end(Damage::Bomb(self.most)),
                State::Body => match self.body(pull, buf)? {
                    0 => {}
                    n => return Ok(n),
                },
                State::Trailer => self.trailer(pull)?,
                State::End => return Ok(0),
            }
        }
    }

    fn waiting(&self) -> &[u8] {
        self.input.get(self.begin..).unwrap_or_default()
    }

    /// At least `n` unread bytes of input, or as many as there are.
    fn need<E>(&mut self, pull: Pull<'_, E>, n: usize) -> Result<bool, E> {
        if self.input.len() - self.begin >= n {
            return Ok(true);
        }
        self.input.drain(..self.begin);
        self.begin = 0;
        let had = self.input.len();
        self.input.resize(had + INPUT.max(n) - had.min(INPUT), 0);
        let got = pull(self.input.get_mut(had..).unwrap_or_default())?;
        self.input.truncate(had + got);
        Ok(self.input.len() >= n)
    }

    /// A member's header (RFC 1952): the state after it.
    fn header<E>(&mut self, pull: Pull<'_, E>) -> Result<State, E> {
        let first = !std::mem::replace(&mut self.begun, true);
        if !self.need(pull, 1)? {
            return Ok(State::End);
        }
        // Names and comments in a header are short; padding with zeros behind the last member is common (tapes, `split`).
        let whole = self.need(pull, INPUT)?;
        match header_length(self.waiting()) {
            Some(length) => {
                self.begin += length;
                self.inflate.reset(false);
                self.crc.reset();
                return Ok(State::Body);
            }
            None if first => self.damage = Some(if whole { Damage::Corrupt } else { Damage::Cut }),
            None => self.trailing = self.waiting().iter().any(|b| *b != 0),
        }
        Ok(State::End)
    }

    /// Inflates into `buf`; 0 when the member's body is over or can't go on.
    fn body<E>(&mut self, pull: Pull<'_, E>, buf: &mut [u8]) -> Result<usize, E> {
        loop {
            let more = self.need(pull, 1)?;
            let (before_in, before_out) = (self.inflate.total_in(), self.inflate.total_out());
            let input = self.input.get(self.begin..).unwrap_or_default();
            let status = self.inflate.decompress(input, buf, FlushDecompress::None);
            let took = usize::try_from(self.inflate.total_in() - before_in).unwrap_or(0);
            let made = usize::try_from(self.inflate.total_out() - before_out).unwrap_or(0);
            self.begin += took;
            match status {
                Ok(Status::StreamEnd) => self.state = State::Trailer,
                Ok(Status::Ok | Status::BufError) if !more && made == 0 => self.end(Damage::Cut),
                Ok(Status::Ok | Status::BufError) if took == 0 && made == 0 => self.end(Damage::Corrupt),
                Ok(Status::Ok | Status::BufError) => {}
                Err(_) => self.end(Damage::Corrupt),
            }
            self.crc.update(buf.get(..made).unwrap_or_default());
            self.total += made as u64;
            if made > 0 || self.state != State::Body {
                return Ok(made);
            }
        }
    }

    fn trailer<E>(&mut self, pull: Pull<'_, E>) -> Result<(), E> {
        if !self.need(pull, 8)? {
            self.end(Damage::Cut);
            return Ok(());
        }
        let word = |at: usize| {
            let bytes = self.waiting().get(at..at + 4).and_then(|bytes| bytes.try_into().ok());
            u32::from_le_bytes(bytes.unwrap_or_default())
        };
        let good = word(0) == self.crc.sum() && word(4) == self.crc.amount();
        self.begin += 8;
        self.state = State::Header;
        if !good {
            self.end(Damage::Corrupt);
        }
        Ok(())
    }

    fn end(&mut self, damage: Damage) {
        self.damage = Some(damage);
        self.state = State::End;
    }
}

/// An open gzip file.
pub(super) struct Inflate {
    file: Box<dyn File>,
    /// Its compressed size when it was opened.
    pub(super) len: u64,
    at: u64,
    gunzip: Gunzip,
}

impl Inflate {
    pub(super) fn new(file: Box<dyn File>) -> Self {
        Self { len: file.stat().len, file, at: 0, gunzip: Gunzip::new(MOST) }
    }

    #[cfg(test)]
    pub(super) fn with_most(mut self, most: u64) -> Self {
        self.gunzip.most = most;
        self
    }

    /// From the beginning again.
    pub(super) fn rewind(&mut self) {
        (self.at, self.gunzip) = (0, Gunzip::new(self.gunzip.most));
    }

    /// How long it is inflated, as far as its end tells: the last member's length is there, modulo 4 GiB.
    pub(super) fn inflated_len(&mut self) -> Result<u64, host::Error> {
        let mut trailer = [0; 4];
        let at = self.len.saturating_sub(4);
        let n = self.file.read_at(at, &mut trailer)?;
        let told = u64::from(u32::from_le_bytes(trailer));
        let likely = n == 4 && told >= self.len && told <= self.len.saturating_mul(1032);
        Ok(if likely { told } else { self.len.saturating_mul(USUAL_GAIN).min(self.gunzip.most) })
    }

    /// Whether all of it inflates to at most `bytes` for certain: deflate gains no more than 1032 to 1.
    pub(super) fn fits(&self, bytes: u64) -> bool {
        self.len.saturating_mul(1032) <= bytes
    }

    /// Why it ended early.
    pub(super) fn damage(&self) -> Option<Damage> {
        self.gunzip.damage
    }

    /// Something that is no gzip member follows the last one.
    pub(super) fn trailing(&self) -> bool {
        self.gunzip.trailing
    }
}

impl Source for Inflate {
    fn read(&mut self, buf: &mut [u8]) -> Result<usize, host::Error> {
        let Self { file, len, at, gunzip } = self;
        let pull = &mut |room: &mut [u8]| {
            let left = usize::try_from(len.saturating_sub(*at)).unwrap_or(usize::MAX);
            let most = room.len().min(left);
            let got = file.read_at(*at, room.get_mut(..most).unwrap_or_default())?;
            *at += got as u64;
            Ok(got)
        };
        gunzip.read(pull, buf)
    }
}

/// The length of a gzip header at the beginning of `bytes`, if there is a whole one.
fn header_length(bytes: &[u8]) -> Option<usize> {
    let &[a, b, method, flags, ..] = bytes else {
        return None;
    };
    if [a, b] != MAGIC || method != 8 || flags & 0xe0 != 0 {
        return None;
    }
    let mut at = 10;
    if flags & 4 != 0 {
        let extra = bytes.get(at..at + 2)?;
        at += 2 + usize::from(u16::from_le_bytes(extra.try_into().ok()?));
    }
    // A name, then a comment, each ended by a NUL.
    for _ in 0..(flags >> 3 & 1) + (flags >> 4 & 1) {
        at += memchr::memchr(0, bytes.get(at..)?)? + 1;
    }
    if flags & 2 != 0 {
        at += 2;
    }
    (at <= bytes.len()).then_some(at)
}
