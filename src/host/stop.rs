//! The one way in which a run is told to end: a signal, or `--timeout`.
//!
//! Everything that waits looks at it: it wakes a poll through its file descriptor and a sleeper
//! through its clock. Set once, never taken back.

use std::{
    os::fd::{AsFd, BorrowedFd},
    sync::{
        Arc, OnceLock,
        atomic::{AtomicU8, Ordering},
    },
    time::{Duration, Instant},
};

use nix::{
    poll::{PollFd, PollFlags, PollTimeout, poll},
    sys::eventfd::{EfdFlags, EventFd},
};

use super::Flow;

/// Why a run ends before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// `--timeout` is over.
    Timeout,
    /// SIGINT.
    Interrupted,
    /// SIGTERM or SIGHUP.
    Terminated,
}

impl Reason {
    /// The manifest's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::Interrupted => "SIGINT",
            Self::Terminated => "SIGTERM",
        }
    }
}

/// Shared by all that waits; clones are the same.
#[derive(Debug, Clone)]
pub struct Stop(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// 0 until it is set.
    reason: AtomicU8,
    deadline: OnceLock<Instant>,
    event: EventFd,
}

impl Stop {
    /// Not set, without a deadline.
    pub fn new() -> std::io::Result<Self> {
        let event = EventFd::from_flags(EfdFlags::EFD_CLOEXEC | EfdFlags::EFD_NONBLOCK)?;
        Ok(Self(Arc::new(Inner { reason: AtomicU8::new(0), deadline: OnceLock::new(), event })))
    }

    /// From `after` on it counts as set. Only the first call has an effect.
    pub fn expire(&self, after: Duration) {
        if let Some(deadline) = Instant::now().checked_add(after) {
            let _ = self.0.deadline.set(deadline);
        }
    }

    /// Ends the run; the first reason stays.
    pub fn set(&self, reason: Reason) {
        let _ = self.0.reason.compare_exchange(0, reason as u8 + 1, Ordering::AcqRel, Ordering::Acquire);
        // The counter would have to be written 2^64 times before this could fail.
        let _ = self.0.event.write(1);
    }

    /// Why the run ends, if it does.
    pub fn reason(&self) -> Option<Reason> {
        match self.0.reason.load(Ordering::Acquire) {
            0 => {}
            1 => return Some(Reason::Timeout),
            2 => return Some(Reason::Interrupted),
            _ => return Some(Reason::Terminated),
        }
        if self.0.deadline.get().is_some_and(|deadline| Instant::now() >= *deadline) {
            self.set(Reason::Timeout);
            return Some(Reason::Timeout);
        }
        None
    }

    /// Whether to go on.
    pub fn flow(&self) -> Flow {
        if self.reason().is_some() { Flow::Stop } else { Flow::Go }
    }

    /// `wanted`, or what is left until the deadline if that is less: for polls.
    pub fn at_most(&self, wanted: Duration) -> Duration {
        match self.0.deadline.get() {
            Some(deadline) => wanted.min(deadline.saturating_duration_since(Instant::now())),
            None => wanted,
        }
    }

    /// Sleeps; ends early when the run is stopped.
    pub fn wait(&self, duration: Duration) -> Flow {
        let until = Instant::now() + duration;
        loop {
            if self.reason().is_some() {
                return Flow::Stop;
            }
            let left = self.at_most(until.saturating_duration_since(Instant::now()));
            if left.is_zero() {
                return self.flow();
            }
            let millis = u16::try_from(left.as_millis() + 1).unwrap_or(u16::MAX);
            let mut fds = [PollFd::new(self.as_fd(), PollFlags::POLLIN)];
            // An interrupted poll is tried again by the loop.
            let _ = poll(&mut fds, PollTimeout::from(millis));
        }
    }

    /// For a question behind a run, which may have been stopped already: only what is wanted from now on ends
    /// it. To be called before it is asked, so that no answer by a signal is lost.
    pub fn begin_anew(&self) {
        let _ = self.0.event.read();
    }

    /// Waits until there is something to read, or until somebody wants an end. A deadline does not count; the
    /// run is over.
    pub fn wait_for(&self, input: BorrowedFd<'_>) -> Flow {
        loop {
            let mut fds =
                [PollFd::new(input, PollFlags::POLLIN), PollFd::new(self.as_fd(), PollFlags::POLLIN)];
            match poll(&mut fds, PollTimeout::NONE) {
                Err(nix::errno::Errno::EINTR) => {}
                Err(_) => return Flow::Stop,
                Ok(_) if fds[1].any() == Some(true) => return Flow::Stop,
                Ok(_) => return Flow::Go,
            }
        }
    }
}

impl AsFd for Stop {
    /// Readable once the run was stopped by a signal (not by its deadline: see `at_most`).
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.0.event.as_fd()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_answered_or_ended_by_a_signal_that_comes_while_it_waits() {
        let stop = Stop::new().unwrap();
        stop.set(Reason::Interrupted);
        let (reader, mut writer) = std::io::pipe().unwrap();
        std::io::Write::write_all(&mut writer, b"y").unwrap();
        stop.begin_anew();
        assert_eq!(stop.wait_for(reader.as_fd()), Flow::Go);
        let (reader, _writer) = std::io::pipe().unwrap();
        std::thread::scope(|scope| {
            let question = scope.spawn(|| stop.wait_for(reader.as_fd()));
            while !question.is_finished() {
                stop.set(Reason::Interrupted);
                std::thread::yield_now();
            }
            assert_eq!(question.join().unwrap(), Flow::Stop);
        });
    }

    /// Found: a signal right behind the question was taken for one before it, and the question waited for ever.
    #[test]
    fn a_signal_between_the_question_and_the_wait_is_an_answer() {
        let stop = Stop::new().unwrap();
        let (reader, _writer) = std::io::pipe().unwrap();
        stop.begin_anew();
        stop.set(Reason::Interrupted);
        assert_eq!(stop.wait_for(reader.as_fd()), Flow::Stop);
    }

    #[test]
    fn the_first_reason_stays() {
        let stop = Stop::new().unwrap();
        assert_eq!(stop.reason(), None);
        stop.set(Reason::Interrupted);
        stop.set(Reason::Terminated);
        assert_eq!(stop.reason(), Some(Reason::Interrupted));
        assert_eq!(stop.wait(Duration::from_secs(3600)), Flow::Stop);
    }

    #[test]
    fn a_deadline_that_is_over_ends_every_wait() {
        let stop = Stop::new().unwrap();
        stop.expire(Duration::ZERO);
        assert_eq!(stop.wait(Duration::from_secs(3600)), Flow::Stop);
        assert_eq!(stop.reason(), Some(Reason::Timeout));
    }

    #[test]
    fn a_clone_is_told_from_another_thread() {
        let stop = Stop::new().unwrap();
        let other = stop.clone();
        let waiter = std::thread::spawn(move || other.wait(Duration::from_secs(3600)));
        stop.set(Reason::Terminated);
        assert_eq!(waiter.join().unwrap(), Flow::Stop);
    }
}
