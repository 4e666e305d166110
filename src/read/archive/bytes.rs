//! An archive's bytes in order, inflated where that is needed.

use std::{collections::VecDeque, fs::File, os::unix::fs::FileExt};

use super::Broken;
use crate::logs::{Damage, Gunzip};

/// Nobody reads an archive that inflates to more.
const MOST: u64 = 64 << 30;

/// The file's bytes, inflated where that is needed.
pub(super) struct Bytes {
    file: File,
    at: u64,
    gunzip: Option<Gunzip>,
    /// What was read too much, and comes again.
    ahead: VecDeque<u8>,
}

impl Bytes {
    /// As they are.
    pub(super) fn new(file: File) -> Self {
        Self { file, at: 0, gunzip: None, ahead: VecDeque::new() }
    }

    pub(super) fn is_packed(&self) -> bool {
        self.gunzip.is_some()
    }

    /// Whether something follows the compressed content.
    pub(super) fn trailing(&self) -> bool {
        self.gunzip.as_ref().is_some_and(Gunzip::trailing)
    }

    /// From the beginning.
    pub(super) fn again(self, packed: bool) -> Self {
        Self { gunzip: packed.then(|| Gunzip::new(MOST)), ..Self::new(self.file) }
    }

    /// Fills a buffer; less than all of it only at the end.
    pub(super) fn fill(&mut self, buf: &mut [u8]) -> Result<usize, Broken> {
        let again = self.ahead.len().min(buf.len());
        for (room, byte) in buf.iter_mut().zip(self.ahead.drain(..again)) {
            *room = byte;
        }
        Ok(again + self.pull(&mut buf[again..])?)
    }

    /// These bytes are read once more.
    pub(super) fn give_back(&mut self, bytes: Vec<u8>) {
        bytes.into_iter().rev().for_each(|byte| self.ahead.push_front(byte));
    }

    fn pull(&mut self, buf: &mut [u8]) -> Result<usize, Broken> {
        let Self { file, at, gunzip, .. } = self;
        let mut raw = |room: &mut [u8]| -> Result<usize, Broken> {
            let mut done = 0;
            while done < room.len() {
                match file.read_at(&mut room[done..], *at) {
                    Ok(0) => break,
                    Ok(n) => {
                        done += n;
                        *at += n as u64;
                    }
                    Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(Broken::Damaged(error.to_string())),
                }
            }
            Ok(done)
        };
        let Some(gunzip) = gunzip else { return raw(buf) };
        let mut done = 0;
        while done < buf.len() {
            match gunzip.read(&mut raw, &mut buf[done..])? {
                0 => break,
                n => done += n,
            }
        }
        Ok(done)
    }

    pub(super) fn damaged(&self) -> bool {
        self.gunzip.as_ref().is_some_and(|gunzip| gunzip.damage().is_some())
    }

    pub(super) fn why_it_ended(&self) -> Broken {
        match self.gunzip.as_ref().and_then(Gunzip::damage) {
            None | Some(Damage::Cut) => Broken::Cut,
            Some(damage) => Broken::Damaged(damage.reason()),
        }
    }
}
