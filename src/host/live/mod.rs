//! The live host, and one below `--sysroot`.
//!
//! ```text
//! parent   pool ── asks, with a deadline ──┐        run ── orders, with a deadline ──┐
//! broker   └ forks, reaps, kills ──┐       │        └───────────┐                    │
//! helpers                          worker (open, never, cached)  nanny ── command ── whatever it starts
//! ```
//!
//! Nothing here redacts, and nothing writes to the host.

mod broker;
mod cached;
mod field;
mod file;
mod http;
mod mounts;
mod nanny;
mod open;
mod pool;
mod process;
mod request;
mod run;
mod silent;
mod slot;
mod stat;
mod wire;
mod worker;

#[cfg(test)]
mod tests;

use std::{
    ffi::OsString,
    os::unix::ffi::OsStringExt,
    path::{Path, PathBuf},
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

pub use nanny::PATH;
use nix::errno::Errno;

use self::{
    broker::Broker,
    file::{LiveFile, stat_of},
    pool::{Patience, Pool},
    request::Request,
    silent::Silent,
    wire::Packet,
    worker::{Root, ask},
};
use super::{
    Address, Command, Error, File, Flow, Get, Got, Host, Kind, Listed, Ran, RanEnd, Space, Stat, Trouble,
    power::GivenUp, stop::Stop,
};
use crate::error;

const PATIENCE: Patience = Patience { look: Duration::from_secs(10), read: Duration::from_secs(30) };

/// The rest of a file that is read whole comes in pieces that do not count as a log's.
const PIECE: usize = worker::BULK / 2;

/// More names in one folder are an error: sorted they would have to be held all at once.
const MOST_NAMES: usize = 200_000;

/// The running system, or the files below a folder.
pub struct Live {
    kind: Kind,
    pool: Arc<Pool>,
    /// Services that did not answer a request.
    silent: Silent<Address>,
    /// Programs that waited for a service in vain.
    waited: Silent<&'static str>,
}

impl Live {
    /// Splits off the helper processes. To be called while the process has one thread: it forks.
    /// Whatever they read or run ends when this value does, in whatever way that ends.
    pub fn start(root: Option<PathBuf>, stop: Stop) -> Result<Self, error::Error> {
        Self::with_patience(root, stop, PATIENCE)
    }

    fn with_patience(root: Option<PathBuf>, stop: Stop, patience: Patience) -> Result<Self, error::Error> {
        let kind = if root.is_some() { Kind::Sysroot } else { Kind::Live };
        let typed = root.unwrap_or_else(|| PathBuf::from("/"));
        let path = std::path::absolute(&typed)
            .map_err(|error| error::Error::host(format!("finding {}: {error}", typed.display())))?;
        let root = Root { path, sysroot: kind == Kind::Sysroot };
        let broker = Broker::start(root.clone())
            .map_err(|errno| error::Error::host(format!("starting a helper process: {}", errno.desc())))?;
        let pool = Arc::new(Pool::new(broker, stop, root, patience));
        let live = Self { kind, pool, silent: Silent::new(), waited: Silent::new() };
        if kind == Kind::Sysroot {
            live.stat(Path::new("/")).map_err(|error| {
                error::Error::usage(format!("--sysroot {}: {}", typed.display(), error.reason()))
                    .hint("name a folder that holds a host's files, such as a mounted disk")
            })?;
        }
        Ok(live)
    }

    /// Ends the helper processes; never waits for one that is stuck in the kernel.
    pub fn close(self) {}

    /// How many helpers and commands were left behind because they did not even die.
    pub fn processes_abandoned(&self) -> usize {
        self.pool.abandoned.load(Ordering::Relaxed)
    }

    /// From here on no file whose path matches one of these is opened, but for learning secrets, whatever
    /// the list of what is never taken says.
    pub fn never_take(&self, patterns: &[String]) {
        self.pool.never_take(patterns);
    }

    /// What the workers have given up: those that read files, and those that look at processes. Nothing of
    /// one that does not tell.
    pub fn given_up(&self) -> [(&'static str, GivenUp); 2] {
        [("files", "/"), ("processes", "/proc")].map(|(name, path)| {
            let request = self.look(ask::GIVEN_UP, Packet::fields(), "asking about", Path::new(path));
            let told = self.pool.ask(&request).map(|answer| {
                let mut fields = answer.fields();
                std::iter::from_fn(|| Some((fields.text()?, fields.text()?))).collect()
            });
            (name, told.unwrap_or_default())
        })
    }

    fn look<'r>(&self, kind: u8, body: Packet, doing: &'static str, path: &'r Path) -> Request<'r> {
        Request { kind, body, doing, path, patience: self.pool.patience.look, bulk: false }
    }

    /// One request, whatever happened before.
    fn ask(&self, request: &Get, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Got, Error> {
        let connect = |path: &Path, patience: Duration| {
            let body =
                Packet::fields().path(path).u64(u64::try_from(patience.as_millis()).unwrap_or(u64::MAX));
            let ask = Request { patience, ..self.look(ask::CONNECT, body, "connecting to", path) };
            self.pool.ask(&ask)?.fd.take().ok_or_else(|| garbled(&ask))
        };
        let socket = match &request.at {
            Address::Loopback(address) => http::connect(*address, request.timeout, &self.pool.stop)?,
            Address::Unix(path) => connect(path, request.timeout.min(self.pool.patience.look))?,
        };
        http::get(socket, request, &self.pool.stop, sink)
    }

    fn read_whole(&self, path: &Path, limit: usize, secret: bool) -> Result<Vec<u8>, Error> {
        let body = Packet::fields().path(path).u8(u8::from(secret)).u64(limit as u64);
        let request = self.look(ask::WHOLE, body, "reading", path);
        let mut answer = self.pool.ask(&request)?;
        let mut fields = answer.fields();
        let (Some(len), Some(handle)) = (fields.u64(), fields.u64()) else { return Err(garbled(&request)) };
        let mut bytes = vec![0; usize::try_from(len).unwrap_or(0).min(slot::ROOM)];
        answer.data(&mut bytes);
        if bytes.len() > limit {
            return Err(request.error(Trouble::TooLarge, ""));
        }
        if handle == 0 {
            return Ok(bytes);
        }
        let holder = answer.keep_file();
        drop(answer);
        // Larger than one answer: the rest comes piece by piece, from the same open file.
        let read = self.read_rest(&mut bytes, limit, holder, handle, path);
        self.pool.let_go(holder, handle);
        read.map(|()| bytes)
    }

    fn read_rest(
        &self,
        bytes: &mut Vec<u8>,
        limit: usize,
        holder: u64,
        handle: u64,
        path: &Path,
    ) -> Result<(), Error> {
        loop {
            let body = Packet::fields().u64(handle).u64(bytes.len() as u64).u64(PIECE as u64);
            let request =
                Request { patience: self.pool.patience.read, ..self.look(ask::READ, body, "reading", path) };
            let answer = self.pool.ask_holder(holder, &request)?;
            let answer = answer.ok_or_else(|| request.error(Trouble::Io, "the helper process ended"))?;
            let len = answer.fields().u64().ok_or_else(|| garbled(&request))?;
            let (from, len) = (bytes.len(), usize::try_from(len).unwrap_or(0).min(slot::ROOM));
            bytes.resize(from + len, 0);
            answer.data(&mut bytes[from..]);
            if bytes.len() > limit {
                return Err(request.error(Trouble::TooLarge, ""));
            }
            if len < PIECE {
                return Ok(());
            }
        }
    }
}

impl Host for Live {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn open(&self, path: &Path) -> Result<Box<dyn File>, Error> {
        Ok(Box::new(LiveFile::open(Arc::clone(&self.pool), path)?))
    }

    fn list(&self, path: &Path) -> Result<Vec<Listed>, Error> {
        let mut names = Vec::new();
        let mut more = false;
        self.each_name(path, &mut |listed| {
            more = names.len() >= MOST_NAMES;
            if more {
                return Flow::Stop;
            }
            names.push(listed);
            Flow::Go
        })?;
        if more {
            let detail = format!("more than {MOST_NAMES} names");
            return Err(Error::new(Trouble::TooLarge, "listing", path).detail(detail));
        }
        names.sort_unstable_by(|a, b| a.name.cmp(&b.name));
        Ok(names)
    }

    fn each_name(&self, path: &Path, visit: &mut dyn FnMut(Listed) -> Flow) -> Result<(), Error> {
        let more = self.look(ask::MORE, Packet::fields(), "listing", path);
        let request = self.look(ask::LIST, Packet::fields().path(path), "listing", path);
        let mut answer = self.pool.ask(&request)?;
        let mut room = Vec::new();
        loop {
            let mut fields = answer.fields();
            let (Some(count), Some(used), Some(on)) = (fields.u64(), fields.u64(), fields.u8()) else {
                return Err(garbled(&request));
            };
            room.resize(usize::try_from(used).unwrap_or(0).min(slot::ROOM), 0);
            answer.data(&mut room);
            // The worker waits with its next names for us; what `visit` asks goes to another one.
            let mut rest = room.as_slice();
            for _ in 0..count {
                let Some((listed, after)) = next_name(rest) else { return Err(garbled(&request)) };
                rest = after;
                if visit(listed) == Flow::Stop {
                    return Ok(());
                }
            }
            if on == 0 {
                return Ok(());
            }
            answer = answer.again(&more)?;
        }
    }

    fn stat(&self, path: &Path) -> Result<Stat, Error> {
        let request = self.look(ask::STAT, Packet::fields().path(path), "looking at", path);
        stat_of(&mut self.pool.ask(&request)?.fields()).ok_or_else(|| garbled(&request))
    }

    fn read_link(&self, path: &Path) -> Result<PathBuf, Error> {
        let request = self.look(ask::LINK, Packet::fields().path(path), "reading the link", path);
        self.pool.ask(&request)?.fields().path().ok_or_else(|| garbled(&request))
    }

    fn space(&self, path: &Path) -> Result<Space, Error> {
        let request = self.look(ask::SPACE, Packet::fields().path(path), "asking for the space of", path);
        let answer = self.pool.ask(&request)?;
        let mut fields = answer.fields();
        let mut next = || fields.u64().ok_or_else(|| garbled(&request));
        Ok(Space {
            bytes: next()?,
            bytes_free: next()?,
            bytes_available: next()?,
            inodes: next()?,
            inodes_free: next()?,
        })
    }

    fn run(&self, command: &Command, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Ran, Error> {
        if self.kind != Kind::Live {
            let program = command.argv.first().cloned().unwrap_or_default();
            return Err(Error::new(Trouble::Unsupported, "running", program));
        }
        let client = silent::client(&command.argv);
        if let Some(why) = client.and_then(|client| self.waited.refuses(&client)) {
            return Err(Error::new(Trouble::TimedOut, "running", command.argv[0].clone()).detail(why));
        }
        let ran = run::run(&self.pool, command, sink)?;
        if let (Some(client), RanEnd::TimedOut | RanEnd::Abandoned) = (client, ran.end) {
            self.waited.note(&client);
        }
        Ok(ran)
    }

    fn get(&self, request: &Get, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Got, Error> {
        if self.kind != Kind::Live {
            return Err(Error::new(Trouble::Unsupported, "asking", request.path.clone()));
        }
        if let Some(why) = self.silent.refuses(&request.at) {
            return Err(Error::new(Trouble::TimedOut, "asking", request.path.clone()).detail(why));
        }
        let got = self.ask(request, sink);
        if matches!(&got, Err(error) if error.trouble == Trouble::TimedOut) {
            self.silent.note(&request.at);
        }
        got
    }

    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }

    fn wait(&self, duration: Duration) -> Flow {
        if self.kind == Kind::Live { self.pool.stop.wait(duration) } else { Flow::Stop }
    }

    fn privileged(&self) -> bool {
        nix::unistd::geteuid().is_root()
    }

    fn read(&self, path: &Path, limit: usize) -> Result<Vec<u8>, Error> {
        self.read_whole(path, limit, false)
    }

    fn read_secret(&self, path: &Path, limit: usize) -> Result<Vec<u8>, Error> {
        self.read_whole(path, limit, true)
    }
}

/// The first of the names that a worker has listed.
fn next_name(bytes: &[u8]) -> Option<(Listed, &[u8])> {
    let (file_type, rest) = bytes.split_first()?;
    let (len, rest) = rest.split_first_chunk()?;
    let (name, rest) = rest.split_at_checked(usize::from(u16::from_ne_bytes(*len)))?;
    let name = OsString::from_vec(name.to_vec());
    Some((Listed { name, file_type: wire::type_of(*file_type) }, rest))
}

/// A helper is this very binary: what it says can always be read.
fn garbled(request: &Request<'_>) -> Error {
    request.error(Trouble::Io, Errno::EBADMSG.desc())
}
