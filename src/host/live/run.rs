//! The parent's side of a command: its output, its time, its end.
//!
//! Gives orders to the command's nanny and never waits for a process itself. A command that does not
//! even die is left behind.

use std::{
    os::fd::{AsFd, OwnedFd},
    sync::atomic::Ordering,
    time::{Duration, Instant},
};

use nix::{errno::Errno, fcntl::OFlag, poll::PollFlags};

use super::{
    nanny,
    open::Refused,
    pool::Pool,
    wire::{self, Unpack, Woken},
};
use crate::host::{Command, Error, Flow, Ran, RanEnd, Trouble, stop::Stop};

/// Kept of stderr, and what goes of a last line that was cut and is as long as that.
const STDERR: usize = 8 << 10;
const LAST_LINE: usize = 4 << 10;

/// From SIGTERM to SIGKILL: a sampler may want to print its summary; output that nobody takes needs
/// no such time.
const TERM_GRACE: Duration = Duration::from_secs(1);
const CUT_GRACE: Duration = Duration::from_millis(300);

/// From SIGKILL until a process counts as stuck in the kernel.
const KILL_GRACE: Duration = Duration::from_secs(2);

/// How long the output of what a command left running is waited for.
const LEFTOVER_GRACE: Duration = Duration::from_millis(500);

/// A timeout beyond the clock.
const FOR_EVER: Duration = Duration::from_secs(365 * 24 * 3600);

/// Runs a command to its end.
pub(super) fn run(pool: &Pool, command: &Command, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<Ran, Error> {
    let program = command.argv.first().cloned().unwrap_or_default();
    let fail = |errno: Errno| {
        let refused = match errno {
            nanny::PLANTED => Refused::new(Trouble::Unsafe, "it, or a folder above it, is not root's alone"),
            Errno::EAGAIN | Errno::ENOMEM | Errno::EMFILE => {
                Refused::new(Trouble::Io, format!("this host gives no more processes ({})", errno.desc()))
            }
            other => Refused::from(other),
        };
        Error::new(refused.trouble, "running", program.clone()).detail(refused.detail)
    };
    if program.is_empty() || command.argv.iter().any(|arg| arg.contains('\0')) {
        return Err(fail(Errno::EINVAL));
    }
    if pool.stop.reason().is_some() {
        return Err(Error::new(Trouble::Stopped, "running", program));
    }
    let started = Instant::now();
    let mut running = start(pool, command, sink).map_err(fail)?;
    let deadline = started.checked_add(command.timeout).unwrap_or(started + FOR_EVER);
    let end = running.see_through(deadline, &pool.stop).map_err(fail)?;
    if let Some(errno) = running.failed {
        return Err(fail(errno));
    }
    if !running.gone {
        pool.abandoned.fetch_add(1, Ordering::Relaxed);
    }
    Ok(Ran { end, stderr: running.stderr(end), took: started.elapsed() })
}

fn start<'s>(
    pool: &Pool,
    command: &Command,
    sink: &'s mut dyn FnMut(&[u8]) -> Flow,
) -> nix::Result<Running<'s>> {
    let (orders, theirs) = wire::pair()?;
    let (stdout, stdout_end) = nix::unistd::pipe2(OFlag::O_CLOEXEC)?;
    let (stderr, stderr_end) = nix::unistd::pipe2(OFlag::O_CLOEXEC)?;
    pool.broker.command(&command.argv, &theirs, &stdout_end, &stderr_end)?;
    Ok(Running {
        orders,
        stdout: Some(stdout),
        stderr: Some(stderr),
        sink,
        left: command.limit,
        over: false,
        kept: Vec::new(),
        kept_all: true,
        failed: None,
        ended: None,
        gone: false,
        buf: vec![0; 64 << 10],
    })
}

struct Running<'s> {
    orders: OwnedFd,
    stdout: Option<OwnedFd>,
    stderr: Option<OwnedFd>,
    sink: &'s mut dyn FnMut(&[u8]) -> Flow,
    /// Of the limit.
    left: u64,
    /// Whether there was more than anybody wants.
    over: bool,
    /// Of stderr, and whether that was all of it.
    kept: Vec<u8>,
    kept_all: bool,
    /// Why the program did not start.
    failed: Option<Errno>,
    /// How the command itself ended, whatever it left running.
    ended: Option<RanEnd>,
    /// Whether all descendants are gone.
    gone: bool,
    buf: Vec<u8>,
}

impl Running<'_> {
    fn see_through(&mut self, deadline: Instant, stop: &Stop) -> nix::Result<RanEnd> {
        let woken = self.pump(deadline, Some(stop), |r| r.ended.is_some() || r.over || r.failed.is_some())?;
        if self.failed.is_some() {
            return Ok(RanEnd::Cut);
        }
        let why = match woken {
            Woken::Ready if !self.over => {
                let grace = Instant::now() + LEFTOVER_GRACE;
                self.pump(grace, Some(stop), |r| (r.stdout.is_none() && r.stderr.is_none()) || r.over)?;
                None
            }
            Woken::Ready => Some(RanEnd::Cut),
            Woken::Late => Some(RanEnd::TimedOut),
            Woken::Stopped => Some(RanEnd::Stopped),
        };
        if let Some(why) = why {
            let grace = if why == RanEnd::TimedOut { TERM_GRACE } else { CUT_GRACE };
            self.order(nanny::TERMINATE);
            self.pump(Instant::now() + grace, None, |r| r.ended.is_some())?;
        }
        self.order(nanny::KILL);
        // What was written before the end is in the pipes until they are empty.
        self.pump(Instant::now() + KILL_GRACE, None, |r| r.gone && r.stdout.is_none() && r.stderr.is_none())?;
        let by_itself = self.ended.filter(|_| why.is_none());
        Ok(match (by_itself, why) {
            (Some(_), _) if self.over => RanEnd::Cut,
            (Some(ended), _) => ended,
            _ if !self.gone => RanEnd::Abandoned,
            (None, why) => why.unwrap_or(RanEnd::Cut),
        })
    }

    /// Takes output and news until `done`.
    fn pump(
        &mut self,
        deadline: Instant,
        stop: Option<&Stop>,
        done: impl Fn(&Self) -> bool,
    ) -> nix::Result<Woken> {
        while !done(self) {
            let fds = [
                self.stdout.as_ref().map(|fd| (fd.as_fd(), PollFlags::POLLIN)),
                self.stderr.as_ref().map(|fd| (fd.as_fd(), PollFlags::POLLIN)),
                (!self.gone).then_some((self.orders.as_fd(), PollFlags::POLLIN)),
            ];
            let (woken, [stdout, stderr, news]) = wire::wait(fds, deadline, stop)?;
            if woken != Woken::Ready {
                return Ok(woken);
            }
            if !stdout.is_empty() {
                self.take_stdout();
            }
            if !stderr.is_empty() {
                self.take_stderr();
            }
            if !news.is_empty() {
                self.hear();
            }
            // Endless output keeps every poll short: the clock is looked at all the same.
            if !done(self) && Instant::now() >= deadline {
                return Ok(Woken::Late);
            }
        }
        Ok(Woken::Ready)
    }

    fn take_stdout(&mut self) {
        let Some(n) = read(&mut self.stdout, &mut self.buf) else { return };
        let wanted = usize::try_from(self.left).unwrap_or(usize::MAX).min(n);
        self.left -= wanted as u64;
        let flow = if wanted == 0 { Flow::Go } else { (self.sink)(&self.buf[..wanted]) };
        if wanted < n || flow == Flow::Stop {
            self.over = true;
            // Most programs end by themselves when nobody reads any more.
            self.stdout = None;
        }
    }

    fn take_stderr(&mut self) {
        if let Some(n) = read(&mut self.stderr, &mut self.buf) {
            let wanted = n.min(STDERR - self.kept.len());
            self.kept.extend_from_slice(&self.buf[..wanted]);
            self.kept_all &= wanted == n;
        }
    }

    /// What is kept of stderr: a line that was cut goes, since half a secret looks like none.
    fn stderr(mut self, end: RanEnd) -> Vec<u8> {
        if !self.kept_all || !matches!(end, RanEnd::Exited(_)) {
            let lines = memchr::memrchr(b'\n', &self.kept).map_or(0, |at| at + 1);
            self.kept.truncate(lines.max(self.kept.len().saturating_sub(LAST_LINE)));
        }
        self.kept
    }

    fn hear(&mut self) {
        let mut buf = [0; 32];
        let mut packet = match wire::receive(&self.orders, &mut buf) {
            Ok((packet, _)) => Unpack(packet),
            Err(_) => Unpack(&[]),
        };
        let what = packet.u8();
        let number = packet.i64().and_then(|number| i32::try_from(number).ok()).unwrap_or(0);
        match what {
            Some(nanny::FAILED) => self.failed = self.failed.or(Some(Errno::from_raw(number))),
            Some(nanny::EXITED) => self.ended = Some(RanEnd::Exited(number)),
            Some(nanny::SIGNALLED) => self.ended = Some(RanEnd::Signalled(number)),
            _ => {
                // All are gone, or the nanny itself was killed: its parent ends what it left.
                self.gone = true;
                self.ended = self.ended.or(Some(RanEnd::Signalled(libc::SIGKILL)));
            }
        }
    }

    fn order(&self, what: u8) {
        // A nanny that is gone has no children left.
        let _ = wire::send(&self.orders, &[what], &[]);
    }
}

/// What a pipe holds; at its end it is closed.
fn read(pipe: &mut Option<OwnedFd>, buf: &mut [u8]) -> Option<usize> {
    match nix::unistd::read(pipe.as_ref()?, buf) {
        Ok(n @ 1..) => Some(n),
        Err(Errno::EINTR) => None,
        Ok(0) | Err(_) => {
            *pipe = None;
            None
        }
    }
}
