//! Being gentle to a host in trouble, and keeping what this process knows to itself.
//!
//! Priorities only ever go down, and every step is best effort: where a kernel or a container does
//! not allow one, the others still count.

use std::{os::fd::OwnedFd, sync::OnceLock};

use nix::{
    fcntl::{OFlag, open},
    sys::{
        prctl,
        resource::{Resource, setrlimit},
        stat::Mode,
    },
};

/// The nice value of reading, redacting and packing.
const OURS: i32 = 19;

/// The nice value of commands: lower, and their timeouts would fire in just the incident that they
/// are to show.
const COMMANDS: i32 = 10;

/// For the main process, once the helpers are split off: nice 19, SCHED_IDLE, idle disk access.
/// Threads started afterwards inherit it all.
pub fn yield_to_others() {
    nice(OURS);
    idle_class();
    io(Io::Idle);
    // Nice does not reach across sessions where the kernel groups them; a session's weight can be
    // lowered only where it holds nothing but us: a shell would keep it after we are gone.
    if nix::unistd::getsid(None) == Ok(nix::unistd::getpid()) {
        autogroup(OURS);
    }
}

/// For a file worker: as a command, since probes ask it in just the incident that they are to show.
/// Its session keeps its weight: a request is a few microseconds of work, and each would wait for the
/// time slices of a busy host (measured under load: 0.1 ms a request, 1.6 ms with nice 10 for both).
pub(super) fn worker() {
    hold_weight();
    nice(COMMANDS);
    io(Io::Low);
}

/// For a file worker that reads logs: from here on when nobody else wants the processor. There is no
/// way back for users other than root.
pub(super) fn bulk_worker() {
    nice(OURS);
    idle_class();
    autogroup(OURS);
}

/// For a command, which has a session of its own.
pub(super) fn command() {
    nice(COMMANDS);
    autogroup(COMMANDS);
}

/// No core dump, and nobody of the same user may look into this process's memory.
pub fn keep_secrets() {
    // As long as this process's files are its user's.
    hold_weight();
    let _ = prctl::set_dumpable(false);
    let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
}

fn nice(value: i32) {
    // SAFETY: no memory is involved. Where it is already nicer the call fails for a user, and root
    // is not to be made less nice either.
    #[allow(unsafe_code)]
    unsafe {
        if libc::getpriority(libc::PRIO_PROCESS, 0) < value {
            libc::setpriority(libc::PRIO_PROCESS, 0, value);
        }
    }
}

fn idle_class() {
    let none = libc::sched_param { sched_priority: 0 };
    // SAFETY: the structure outlives the call.
    #[allow(unsafe_code)]
    unsafe {
        libc::sched_setscheduler(0, libc::SCHED_IDLE, &raw const none);
    }
}

/// How a thread waits for disks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Io {
    /// Behind the others: small reads that a plan waits for.
    Low,
    /// When nobody else wants the disk: logs.
    Idle,
}

/// Sets it for this thread.
pub(super) fn io(how: Io) {
    const WHO_PROCESS: i32 = 1;
    const BEST_EFFORT_LOWEST: i32 = (2 << 13) | 7;
    const IDLE: i32 = 3 << 13;
    let value = if how == Io::Idle { IDLE } else { BEST_EFFORT_LOWEST };
    // SAFETY: three numbers.
    #[allow(unsafe_code)]
    unsafe {
        libc::syscall(libc::SYS_ioprio_set, WHO_PROCESS, 0, value);
    }
}

/// What tells the kernel the weight of this process's session.
static WEIGHT: OnceLock<Option<OwnedFd>> = OnceLock::new();

/// Opens what changes the weight later, when nothing may be opened for writing any more.
fn hold_weight() {
    let _ = weight();
}

fn weight() -> Option<&'static OwnedFd> {
    let flags = OFlag::O_WRONLY | OFlag::O_CLOEXEC;
    WEIGHT.get_or_init(|| open("/proc/self/autogroup", flags, Mode::empty()).ok()).as_ref()
}

/// The weight of this session among the others, on kernels that group by session.
fn autogroup(nice: i32) {
    if let Some(file) = weight() {
        let _ = nix::unistd::write(file, nice.to_string().as_bytes());
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods)] // looks at a process of its own
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_yields_runs_at_the_lowest_priority() {
        std::thread::spawn(|| {
            nice(OURS);
            idle_class();
            let tid = nix::unistd::gettid();
            let stat = std::fs::read_to_string(format!("/proc/self/task/{tid}/stat")).unwrap();
            let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
            // Fields 19 (nice) and 41 (policy) of proc(5), counted behind the name.
            assert_eq!((fields[16], fields[38]), ("19", "5"));
        })
        .join()
        .unwrap();
    }
}
