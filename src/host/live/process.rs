//! Making processes: a plain fork, and the state that a child starts from.
//!
//! No exec of ourselves and no file is needed, so it works in an empty chroot, without /proc and
//! without /dev/null. The child never returns into its parent's code.

use std::os::fd::{AsFd, AsRawFd, FromRawFd, OwnedFd, RawFd};

use nix::{
    fcntl::OFlag,
    sys::{
        resource::{Resource, setrlimit},
        signal::{SaFlags, SigAction, SigHandler, SigSet, Signal, sigaction},
    },
    unistd::{ForkResult, Pid},
};

/// Forks; the child runs `body` and ends with what it returns.
pub(super) fn fork(body: impl FnOnce() -> i32) -> nix::Result<Pid> {
    // SAFETY: the first fork of a run happens while there is one thread (`Live::start` says so) and
    // all others in processes that never have more, so no lock is held by a thread that is lost.
    #[allow(unsafe_code)]
    match unsafe { nix::unistd::fork() }? {
        ForkResult::Parent { child } => Ok(child),
        ForkResult::Child => {
            let code = std::panic::catch_unwind(std::panic::AssertUnwindSafe(body)).unwrap_or(101);
            leave(code)
        }
    }
}

/// Ends this process at once: no destructor or exit handler of the parent's runs in a child.
pub(super) fn leave(code: i32) -> ! {
    // SAFETY: `_exit` touches no memory.
    #[allow(unsafe_code)]
    unsafe {
        libc::_exit(code)
    }
}

/// Closes every descriptor but `keep` and puts harmless pipes in the place of 0, 1 and 2: an
/// empty one to read from, and one that nobody reads from. Needs no /dev/null.
pub(super) fn keep_only(keep: OwnedFd) -> nix::Result<OwnedFd> {
    const PLACE: RawFd = 3;
    let keep = if keep.as_raw_fd() == PLACE {
        keep
    } else {
        // SAFETY: whatever descriptor 3 was, nothing in this process uses it from here on.
        #[allow(unsafe_code)]
        unsafe {
            nix::unistd::dup3_raw(keep, PLACE, OFlag::O_CLOEXEC)?
        }
    };
    close_from(PLACE + 1);
    let (empty, _) = nix::unistd::pipe2(OFlag::O_CLOEXEC)?;
    let (_, unread) = nix::unistd::pipe2(OFlag::O_CLOEXEC)?;
    nix::unistd::dup2_stdin(&empty)?;
    nix::unistd::dup2_stdout(&unread)?;
    nix::unistd::dup2_stderr(&unread)?;
    Ok(keep)
}

fn close_from(first: RawFd) {
    let first = first.unsigned_abs();
    // SAFETY: the caller is a fresh child that owns none of these descriptors in a live value.
    #[allow(unsafe_code)]
    unsafe {
        if libc::syscall(libc::SYS_close_range, first, u32::MAX, 0) == 0 {
            return;
        }
        // Linux before 5.9.
        let mut limit = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        let most = if libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) == 0 {
            limit.rlim_cur.min(1 << 20)
        } else {
            1024
        };
        for fd in u64::from(first)..most {
            libc::close(RawFd::try_from(fd).unwrap_or(RawFd::MAX));
        }
    }
}

/// Takes over a descriptor that a message brought.
pub(super) fn own(fd: RawFd) -> OwnedFd {
    // SAFETY: the kernel has just put it into this process for us; nobody else knows it.
    #[allow(unsafe_code)]
    unsafe {
        OwnedFd::from_raw_fd(fd)
    }
}

/// The signals that a terminal or an administrator sends to a whole group: helpers leave the
/// decision to their parent, whose end they see as an end of file.
const LEFT_TO_THE_PARENT: &[Signal] =
    &[Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP, Signal::SIGQUIT, Signal::SIGPIPE];

/// A helper's signals: those of the terminal are ignored, SIGCHLD waits for a signalfd.
pub(super) fn helper_signals() -> nix::Result<SigSet> {
    default_signals();
    let ignore = SigAction::new(SigHandler::SigIgn, SaFlags::empty(), SigSet::empty());
    for signal in LEFT_TO_THE_PARENT {
        // SAFETY: SIG_IGN runs no code.
        #[allow(unsafe_code)]
        unsafe {
            sigaction(*signal, &ignore)?;
        }
    }
    let mut children = SigSet::empty();
    children.add(Signal::SIGCHLD);
    children.thread_set_mask()?;
    Ok(children)
}

/// A command's signals: as a login shell would start it.
pub(super) fn default_signals() {
    // The kernel's structure of zeros is SIG_DFL; libc keeps some of the 64 from us, and an ignored
    // one would stay ignored over the exec.
    let default = [0_u64; 4];
    for signal in 1..=64 {
        // SAFETY: the structure outlives the call and is at least as long as the kernel's (32 bytes).
        #[allow(unsafe_code)]
        unsafe {
            libc::syscall(libc::SYS_rt_sigaction, signal, default.as_ptr(), std::ptr::null::<u64>(), 8);
        }
    }
    let _ = SigSet::empty().thread_set_mask();
}

/// No core file, whatever happens.
pub(super) fn no_core() {
    let _ = setrlimit(Resource::RLIMIT_CORE, 0, 0);
}

/// Makes descriptor `fd` this process's stdout or stderr, kept over an exec.
pub(super) fn become_output(stdout: impl AsFd, stderr: impl AsFd) -> nix::Result<()> {
    nix::unistd::dup2_stdout(stdout)?;
    nix::unistd::dup2_stderr(stderr)
}
