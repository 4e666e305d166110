//! An open file of the live host: a handle in a worker, and how to get it back if that worker is lost
//! to another file's dead mount.

use std::{path::PathBuf, sync::Arc};

use super::{
    garbled,
    pool::{Answer, Pool},
    request::Request,
    slot::ROOM,
    wire::{self, Packet, Unpack},
    worker::{BULK, ask},
};
use crate::host::{Error, File, Stat, Trouble};

/// A regular file, open in a worker process.
pub(super) struct LiveFile {
    pool: Arc<Pool>,
    path: PathBuf,
    stat: Stat,
    holder: u64,
    handle: u64,
}

impl LiveFile {
    pub(super) fn open(pool: Arc<Pool>, path: &std::path::Path) -> Result<Self, Error> {
        let (stat, holder, handle) = open(&pool, path)?;
        Ok(Self { pool, path: path.to_path_buf(), stat, holder, handle })
    }

    /// Asks the worker that holds the file; opens it again, if it is still the same, where that one
    /// is lost.
    fn ask<T>(
        &mut self,
        kind: u8,
        body: impl Fn(u64) -> Packet,
        doing: &'static str,
        bulk: bool,
        take: &mut dyn FnMut(&Answer<'_>) -> Option<T>,
    ) -> Result<T, Error> {
        let patience = if kind == ask::READ { self.pool.patience.read } else { self.pool.patience.look };
        for again in [true, false] {
            let body = body(self.handle);
            let request = Request { kind, body, doing, path: &self.path, patience, bulk };
            if let Some(answer) = self.pool.ask_holder(self.holder, &request)? {
                return take(&answer).ok_or_else(|| garbled(&request));
            }
            if again {
                let (stat, holder, handle) = open(&self.pool, &self.path)?;
                if stat.id != self.stat.id {
                    self.pool.let_go(holder, handle);
                    break;
                }
                (self.holder, self.handle) = (holder, handle);
            }
        }
        let detail = "its helper process was lost, and the file was replaced meanwhile";
        Err(Error::new(Trouble::Io, doing, &self.path).detail(detail))
    }
}

fn open(pool: &Pool, path: &std::path::Path) -> Result<(Stat, u64, u64), Error> {
    let body = Packet::fields().path(path).u8(0);
    let patience = pool.patience.look;
    let request = Request { kind: ask::OPEN, body, doing: "opening", path, patience, bulk: true };
    let mut answer = pool.ask(&request)?;
    let mut fields = answer.fields();
    let (Some(handle), Some(stat)) = (fields.u64(), stat_of(&mut fields)) else {
        return Err(garbled(&request));
    };
    Ok((stat, answer.keep_file(), handle))
}

impl File for LiveFile {
    fn stat(&self) -> &Stat {
        &self.stat
    }

    fn read_at(&mut self, offset: u64, buf: &mut [u8]) -> Result<usize, Error> {
        self.read_and_len(offset, buf).map(|(n, _)| n)
    }

    fn read_and_len(&mut self, offset: u64, buf: &mut [u8]) -> Result<(usize, u64), Error> {
        let (mut done, mut after) = (0, self.stat.len);
        for piece in buf.chunks_mut(ROOM) {
            let (at, len) = (offset.saturating_add(done as u64), piece.len());
            let body = |handle| Packet::fields().u64(handle).u64(at).u64(len as u64);
            let n = self.ask(ask::READ, body, "reading", len >= BULK, &mut |answer| {
                let mut fields = answer.fields();
                let n = usize::try_from(fields.u64()?).ok()?;
                after = fields.u64()?;
                answer.data(piece.get_mut(..n)?);
                Some(n)
            })?;
            done += n;
            if n < len {
                break;
            }
        }
        Ok((done, after))
    }

    fn restat(&mut self) -> Result<Stat, Error> {
        let body = |handle| Packet::fields().u64(handle);
        self.ask(ask::RESTAT, body, "looking at", false, &mut |answer| stat_of(&mut answer.fields()))
    }
}

impl Drop for LiveFile {
    fn drop(&mut self) {
        self.pool.let_go(self.holder, self.handle);
    }
}

/// A stat as `worker` packs it.
pub(super) fn stat_of(fields: &mut Unpack<'_>) -> Option<Stat> {
    let file_type = wire::type_of(fields.u8()?);
    let len = fields.u64()?;
    let (seconds, nanos) = (fields.i64()?, fields.i64()?);
    // A date beyond the calendar is a broken clock's, not a reason to leave the file out.
    let mtime = jiff::Timestamp::new(seconds, i32::try_from(nanos).unwrap_or(0))
        .unwrap_or(jiff::Timestamp::UNIX_EPOCH);
    let mut small = || fields.u64().and_then(|value| u32::try_from(value).ok());
    let (uid, gid, mode) = (small()?, small()?, small()?);
    let (links, device, inode) = (fields.u64()?, fields.u64()?, fields.u64()?);
    Some(Stat { file_type, len, mtime, uid, gid, mode, links, id: (device, inode) })
}
