//! The parent's side of the file workers: who is free, who answers, and who is left behind.
//!
//! A worker serves one request at a time and a caller waits with a deadline. One that does not answer
//! is killed and never waited for; the mount that held it is left alone by all others.

use std::{
    os::fd::{AsFd, OwnedFd},
    path::{Path, PathBuf},
    sync::{
        Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use nix::poll::PollFlags;

use super::{
    broker::Broker,
    field::Field,
    mounts,
    request::Request,
    slot::Slot,
    wire::{self, Packet, Unpack, Woken},
    worker::{DONE, Root, ask},
};
use crate::host::{Error, Trouble, stop::Stop};

/// Workers of one field that answer at the same time.
const MOST: usize = 6;

/// A worker that has been busy for longer does not count among those.
const BRISK: Duration = Duration::from_millis(250);

/// On a busy host a worker may not even get to run: it gets so many times the patience.
const BUSY_TURNS: u32 = 6;

/// Requests that lose their worker through no fault of their own are tried so often.
const TRIES: usize = 3;

/// Longest path that the kernel takes.
const LONGEST_PATH: usize = 4095;

/// How long a caller waits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Patience {
    /// For names, metadata and small files.
    pub(super) look: Duration,
    /// For a part of a log: idle disk access waits behind all others, ten seconds at a time.
    pub(super) read: Duration,
}

pub(super) struct Pool {
    pub(super) broker: Broker,
    pub(super) stop: Stop,
    pub(super) root: Root,
    pub(super) patience: Patience,
    pub(super) abandoned: AtomicUsize,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Worker>,
    busy: Vec<Busy>,
    tokens: u64,
    dead: Vec<PathBuf>,
    /// What is never to be taken, besides the list.
    never: Vec<String>,
    /// Files that were let go while their worker was busy.
    closing: Vec<(u64, u64)>,
}

/// A worker that is out of the pool.
struct Busy {
    token: u64,
    field: Field,
    since: Instant,
}

/// A worker process, as its parent sees it.
struct Worker {
    token: u64,
    field: Field,
    socket: OwnedFd,
    slot: Slot,
    /// How many of the dead mounts it knows, and of what is never to be taken.
    told: usize,
    told_never: usize,
    /// Files that are open in it.
    files: usize,
    /// Whether it has read logs: it runs when nobody else wants to.
    bulk: bool,
    requests: u64,
}

/// An answer, and the worker that still holds its data.
pub(super) struct Answer<'p> {
    lease: Lease<'p>,
    bytes: Vec<u8>,
    /// A descriptor that came along.
    pub(super) fd: Option<OwnedFd>,
}

impl Answer<'_> {
    /// The answer's fields.
    pub(super) fn fields(&self) -> Unpack<'_> {
        Unpack(&self.bytes)
    }

    /// Copies what the worker has read.
    pub(super) fn data(&self, into: &mut [u8]) {
        if let Some(worker) = &self.lease.worker {
            worker.slot.copy_to(0, into);
        }
    }

    /// Asks the same worker on.
    pub(super) fn again(self, request: &Request<'_>) -> Result<Self, Error> {
        self.lease.ask(request, false)
    }

    /// The worker's name, and one more file open in it.
    pub(super) fn keep_file(&mut self) -> u64 {
        self.lease.worker.as_mut().map_or(0, |worker| {
            worker.files += 1;
            worker.token
        })
    }
}

/// A worker taken out of the pool; it goes back when it has answered.
struct Lease<'p> {
    pool: &'p Pool,
    worker: Option<Worker>,
    token: u64,
}

impl Pool {
    pub(super) fn new(broker: Broker, stop: Stop, root: Root, patience: Patience) -> Self {
        let state = Mutex::new(State::default());
        Self { broker, stop, root, patience, abandoned: AtomicUsize::new(0), state, freed: Condvar::new() }
    }

    /// Asks any worker.
    pub(super) fn ask(&self, request: &Request<'_>) -> Result<Answer<'_>, Error> {
        if request.path.as_os_str().len() > LONGEST_PATH {
            return Err(request.error(Trouble::Missing, "longer than any path"));
        }
        for _ in 1..TRIES {
            match self.lease(None, request)?.map(|lease| lease.ask(request, true)) {
                Some(Err(error)) if error == request.innocent() => {}
                Some(answer) => return answer,
                None => {}
            }
        }
        let lease = self.lease(None, request)?;
        lease.ok_or_else(|| request.innocent())?.ask(request, false)
    }

    /// Asks the worker that holds a file; `None` if it is gone.
    pub(super) fn ask_holder(&self, token: u64, request: &Request<'_>) -> Result<Option<Answer<'_>>, Error> {
        match self.lease(Some(token), request)?.map(|lease| lease.ask(request, true)) {
            Some(Err(error)) if error == request.innocent() => Ok(None),
            answer => answer.transpose(),
        }
    }

    /// From here on what matches these is never taken either.
    pub(super) fn never_take(&self, patterns: &[String]) {
        self.state().never.extend_from_slice(patterns);
    }

    /// Lets go of a file; never waits.
    pub(super) fn let_go(&self, token: u64, handle: u64) {
        let mut state = self.state();
        if let Some(worker) = state.idle.iter_mut().find(|worker| worker.token == token) {
            worker.close(handle);
        } else if state.is_busy(token) {
            state.closing.push((token, handle));
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere leaves the lists whole: each change is one push or remove.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A free worker (or a certain one) out of the pool, waiting for one if need be.
    fn lease(&self, wanted: Option<u64>, request: &Request<'_>) -> Result<Option<Lease<'_>>, Error> {
        let mut state = self.state();
        loop {
            if self.stop.reason().is_some() {
                return Err(request.error(Trouble::Stopped, ""));
            }
            let field = Field::of(request.path);
            let worker = |at: &usize| &state.idle[*at];
            let any = || 0..state.idle.len();
            let idle = || any().filter(|at| worker(at).field == field);
            let free = match wanted {
                Some(token) => any().find(|at| worker(at).token == token),
                // Two readers of logs get a worker each, and keep to those that are gentle already.
                None if request.bulk => idle().min_by_key(|at| (worker(at).files, !worker(at).bulk)),
                None => idle().find(|at| !worker(at).bulk),
            };
            if let Some(at) = free {
                let worker = state.idle.swap_remove(at);
                state.busy.push(Busy { token: worker.token, field: worker.field, since: Instant::now() });
                return Ok(Some(Lease { pool: self, token: worker.token, worker: Some(worker) }));
            }
            match wanted {
                Some(token) if !state.is_busy(token) => return Ok(None),
                None if state.working(field) < MOST => {
                    return self.hire(&mut state, field, request).map(Some);
                }
                _ => {}
            }
            let (again, _) = self
                .freed
                .wait_timeout(state, Duration::from_millis(50))
                .unwrap_or_else(PoisonError::into_inner);
            state = again;
        }
    }

    fn hire(&self, state: &mut State, field: Field, request: &Request<'_>) -> Result<Lease<'_>, Error> {
        state.tokens += 1;
        let token = state.tokens;
        let started = Slot::new().and_then(|(slot, memory)| {
            let (socket, theirs) = wire::pair()?;
            self.broker.worker(token, field, &theirs, &memory)?;
            Ok(Worker {
                token,
                field,
                socket,
                slot,
                told: 0,
                told_never: 0,
                files: 0,
                bulk: false,
                requests: 0,
            })
        });
        let worker = started
            .map_err(|errno| request.error(Trouble::Io, format!("no helper process: {}", errno.desc())))?;
        state.busy.push(Busy { token, field, since: Instant::now() });
        Ok(Lease { pool: self, worker: Some(worker), token })
    }
}

impl State {
    /// Workers that can be counted on: those that have been busy for long may be stuck.
    fn working(&self, field: Field) -> usize {
        let idle = self.idle.iter().filter(|worker| worker.field == field).count();
        let brisk = |busy: &&Busy| busy.field == field && busy.since.elapsed() < BRISK;
        idle + self.busy.iter().filter(brisk).count()
    }

    fn is_busy(&self, token: u64) -> bool {
        self.busy.iter().any(|busy| busy.token == token)
    }
}

impl Worker {
    /// Waits for an answer; for longer as long as the worker itself waits for a processor.
    fn wait(&self, patience: Duration, stop: &Stop) -> nix::Result<Woken> {
        let begun = Instant::now();
        for turn in 1..=BUSY_TURNS {
            let fds = [Some((self.socket.as_fd(), PollFlags::POLLIN))];
            let (woken, _) = wire::wait(fds, begun + patience * turn, Some(stop))?;
            let starved = self.slot.process().is_none_or(mounts::is_runnable);
            if woken != Woken::Late || !starved {
                return Ok(woken);
            }
        }
        Ok(Woken::Late)
    }

    fn close(&mut self, handle: u64) {
        self.files = self.files.saturating_sub(1);
        // A worker that is gone has closed it already.
        let _ = wire::try_send(&self.socket, Packet::new(ask::CLOSE).u64(0).u64(handle).as_bytes(), &[]);
    }
}

impl<'p> Lease<'p> {
    /// One question, one answer. With `retry`, a worker lost through no fault of this request is told
    /// by `innocent`.
    fn ask(mut self, request: &Request<'_>, retry: bool) -> Result<Answer<'p>, Error> {
        let mut buf = vec![0; 8 << 10];
        let Some(worker) = &mut self.worker else { return Err(request.innocent()) };
        worker.requests += 1;
        worker.bulk |= request.bulk && request.kind == ask::READ;
        let number = worker.requests;
        let state = self.pool.state();
        let never = state.never.get(worker.told_never..).unwrap_or_default().to_vec();
        let dead = state.dead.get(worker.told..).unwrap_or_default().to_vec();
        drop(state);
        worker.told += dead.len();
        worker.told_never += never.len();
        let more_never = never.iter().try_for_each(|pattern| {
            let packet = Packet::new(ask::NEVER).u64(0).bytes(pattern.as_bytes());
            wire::send(&worker.socket, packet.as_bytes(), &[])
        });
        let sent = dead
            .iter()
            .try_for_each(|path| {
                wire::send(&worker.socket, Packet::new(ask::AVOID).u64(0).path(path).as_bytes(), &[])
            })
            .and(more_never)
            .and_then(|()| {
                let mut packet = Packet::new(request.kind).u64(number);
                packet.append(&request.body);
                wire::send(&worker.socket, packet.as_bytes(), &[])
            });
        let woken = sent.and_then(|()| worker.wait(request.patience, &self.pool.stop));
        match woken {
            Ok(Woken::Ready) => {}
            Ok(Woken::Stopped) => {
                self.lose();
                return Err(request.error(Trouble::Stopped, ""));
            }
            Ok(Woken::Late) => return Err(self.late(number, request, retry)),
            Err(_) => {
                self.lose();
                return Err(request.innocent());
            }
        }
        let (packet, mut fds) = match wire::receive(&worker.socket, &mut buf) {
            Ok((packet, fds)) if !packet.is_empty() => (packet, fds),
            _ => {
                self.lose();
                return Err(request.innocent());
            }
        };
        let mut fields = Unpack(packet);
        if fields.u8() == Some(DONE) {
            return Ok(Answer { bytes: fields.0.to_vec(), fd: fds.pop(), lease: self });
        }
        let trouble = wire::trouble_of(fields.u8().unwrap_or(u8::MAX));
        Err(request.error(trouble, fields.text().unwrap_or_default()))
    }

    /// No answer in time: the worker is left behind, and its mount with it.
    fn late(&mut self, number: u64, request: &Request<'_>, retry: bool) -> Error {
        let touched = self.worker.as_ref().map(|worker| worker.slot.touched());
        self.lose();
        self.pool.abandoned.fetch_add(1, Ordering::Relaxed);
        let (current, path) = touched.unwrap_or_default();
        if path.as_os_str().is_empty() || (current != 0 && current != number) {
            // It had not come to this request: nothing speaks against its path.
            return request.error(Trouble::TimedOut, "no helper process gets to run");
        }
        let root = &self.pool.root.path;
        let here = root.join(path.strip_prefix("/").unwrap_or(&path));
        let dead = mounts::dead(&here, root);
        let dead = dead.strip_prefix(root).map_or_else(|_| path.clone(), |inner| Path::new("/").join(inner));
        let mut state = self.pool.state();
        if !state.dead.contains(&dead) {
            state.dead.push(dead.clone());
        }
        drop(state);
        if retry && current != number {
            return request.innocent();
        }
        request.error(
            Trouble::TimedOut,
            format!("{} did not answer within {} ms", dead.display(), request.patience.as_millis()),
        )
    }

    fn lose(&mut self) {
        self.worker = None;
        self.pool.broker.kill(self.token);
    }
}

impl Drop for Lease<'_> {
    fn drop(&mut self) {
        let mut state = self.pool.state();
        state.busy.retain(|busy| busy.token != self.token);
        let (ours, others) = std::mem::take(&mut state.closing)
            .into_iter()
            .partition::<Vec<_>, _>(|(token, _)| *token == self.token);
        state.closing = others;
        if let Some(mut worker) = self.worker.take() {
            ours.into_iter().for_each(|(_, handle)| worker.close(handle));
            state.idle.push(worker);
        }
        drop(state);
        self.pool.freed.notify_all();
    }
}
