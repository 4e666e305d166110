//! A nanny: one process for each command, that starts it and ends all of its descendants.
//!
//! It is a subreaper, so that whatever leaves the command's group and session becomes its child. It
//! outlives the command only until its children are gone, and its parent's end is an order to kill.

use std::{
    ffi::{CStr, CString, OsStr},
    os::{
        fd::{AsFd, OwnedFd},
        unix::ffi::OsStrExt,
    },
    path::Path,
    time::{Duration, Instant},
};

use nix::{
    errno::Errno,
    poll::PollFlags,
    sys::{
        prctl,
        signal::{Signal, kill, killpg},
        signalfd::{SfdFlags, SignalFd},
        stat::{Mode, stat, umask},
        wait::{Id, WaitPidFlag, WaitStatus, waitid, waitpid},
    },
    unistd::{Pid, execve},
};

use super::{
    process,
    wire::{self, Packet, Woken},
};
use crate::host::gentle;

/// Where programs are looked for, in this order.
pub const PATH: &str =
    "/opt/gitlab/bin:/opt/gitlab/embedded/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// What a nanny is told. Its parent's end counts as `KILL`.
pub(super) const TERMINATE: u8 = b'T';
pub(super) const KILL: u8 = b'K';

/// What a nanny tells: the program could not be started (errno), it exited (status), a signal ended
/// it (number), all descendants are gone.
pub(super) const FAILED: u8 = b'F';
pub(super) const EXITED: u8 = b'E';
pub(super) const SIGNALLED: u8 = b'S';
pub(super) const GONE: u8 = b'G';

/// A nanny without a parent does not wait for the stuck any longer than this.
const PATIENCE: Duration = Duration::from_secs(10);

/// How a command is to be started.
pub(super) struct Start {
    pub(super) argv: Vec<CString>,
    pub(super) stdout: OwnedFd,
    pub(super) stderr: OwnedFd,
}

/// Starts a command and watches over it until all of it is gone.
pub(super) fn watch(orders: &OwnedFd, start: Start) -> i32 {
    let _ = prctl::set_child_subreaper(true);
    let Ok(children) = process::helper_signals() else { return 1 };
    let Ok(signals) = SignalFd::with_flags(&children, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK) else {
        return 1;
    };
    let command = match process::fork(|| command(orders, &start)) {
        Ok(command) => command,
        Err(errno) => {
            tell(orders, FAILED, errno as i32);
            return 1;
        }
    };
    drop(start);
    let mut nanny =
        Nanny { orders, command, parent: true, reaped: false, killing: None, group_is_dying: false };
    loop {
        let deadline =
            Instant::now() + nanny.killing.map_or(Duration::from_secs(3600), |_| Duration::from_secs(1));
        let woken = wire::wait(
            [
                Some((signals.as_fd(), PollFlags::POLLIN)),
                nanny.parent.then_some((orders.as_fd(), PollFlags::POLLIN)),
            ],
            deadline,
            None,
        );
        let Ok((woken, [child, order])) = woken else { return 1 };
        if woken == Woken::Ready && !child.is_empty() {
            while matches!(signals.read_signal(), Ok(Some(_))) {}
        }
        if !order.is_empty() {
            nanny.obey();
        }
        if nanny.reap() {
            return 0;
        }
    }
}

struct Nanny<'o> {
    orders: &'o OwnedFd,
    command: Pid,
    parent: bool,
    reaped: bool,
    /// Since when everything is to die.
    killing: Option<Instant>,
    /// Whether its group was killed just now, and only has to be waited for.
    group_is_dying: bool,
}

impl Nanny<'_> {
    fn obey(&mut self) {
        let mut buf = [0; 8];
        match wire::receive(self.orders, &mut buf).map(|(packet, _)| packet.first().copied()) {
            Ok(Some(TERMINATE)) => {
                let group = self.signal_group(Signal::SIGTERM);
                each_child(|child| {
                    // Twice would mean something else to some programs.
                    if !group || child != self.command {
                        let _ = kill(child, Signal::SIGTERM);
                    }
                });
            }
            Ok(Some(_)) => self.kill_group(),
            Ok(None) | Err(_) => {
                self.parent = false;
                self.kill_group();
            }
        }
    }

    fn kill_group(&mut self) {
        self.killing = self.killing.or(Some(Instant::now()));
        self.group_is_dying = self.signal_group(Signal::SIGKILL);
    }

    /// Only while the command is not reaped: afterwards its number may be another's group.
    fn signal_group(&self, signal: Signal) -> bool {
        !self.reaped && killpg(self.command, signal).is_ok()
    }

    /// Takes note of what has ended, kills what is to die; whether there is nothing left to do.
    fn reap(&mut self) -> bool {
        loop {
            loop {
                match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
                    Ok(WaitStatus::Exited(pid, code)) if pid == self.command => {
                        self.reaped = true;
                        tell(self.orders, EXITED, code);
                    }
                    Ok(WaitStatus::Signaled(pid, signal, _)) if pid == self.command => {
                        self.reaped = true;
                        tell(self.orders, SIGNALLED, signal as i32);
                    }
                    Ok(WaitStatus::StillAlive) => break,
                    Ok(_) | Err(Errno::EINTR) => {}
                    // Nobody is left; there may be new ones only while the command itself lives.
                    Err(_) => {
                        if self.killing.is_some() {
                            tell(self.orders, GONE, 0);
                            return true;
                        }
                        return false;
                    }
                }
            }
            let Some(since) = self.killing else { return false };
            if std::mem::take(&mut self.group_is_dying) && wait_for_a_child() {
                continue;
            }
            // What a killed process leaves behind becomes our child, so this goes down the whole tree.
            let mut killed = 0;
            each_child(|child| {
                if kill(child, Signal::SIGKILL).is_ok() {
                    killed += 1;
                }
            });
            if killed == 0 || !wait_for_a_child() {
                return !self.parent && since.elapsed() > PATIENCE;
            }
        }
    }
}

/// Gives those just killed a moment to die; whether one did.
fn wait_for_a_child() -> bool {
    for _ in 0..50 {
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        match waitid(Id::All, flags) {
            Ok(WaitStatus::StillAlive) => {
                let _ = nix::poll::poll(&mut [], 2_u8);
            }
            _ => return true,
        }
    }
    false
}

/// Children of this process, its own and those that became it: some at least, as long as there are any.
pub(super) fn each_child(mut visit: impl FnMut(Pid)) {
    let is_child = |pid: &Pid| {
        let flags = WaitPidFlag::WEXITED | WaitPidFlag::WNOHANG | WaitPidFlag::WNOWAIT;
        waitid(Id::Pid(*pid), flags).is_ok()
    };
    let listed: Vec<Pid> = all_processes().into_iter().filter(is_child).collect();
    if !listed.is_empty() {
        return listed.into_iter().for_each(&mut visit);
    }
    // No /proc, or one of another namespace: the kernel knows its children all the same. Numbers are
    // given out in order, so most children stand soon behind their parent.
    let own = nix::unistd::getpid().as_raw();
    for first in (own..MOST_PROCESSES).step_by(STRETCH).chain((2..own).step_by(STRETCH)) {
        let last = first.saturating_add(i32::try_from(STRETCH).unwrap_or(i32::MAX));
        let found: Vec<Pid> = (first..last).map(Pid::from_raw).filter(is_child).collect();
        if !found.is_empty() {
            return found.into_iter().for_each(&mut visit);
        }
    }
}

/// No 64-bit kernel has a higher process id, whatever is set.
const MOST_PROCESSES: i32 = 1 << 22;

/// So many of them are looked at before those found are dealt with.
const STRETCH: usize = 1 << 12;

/// As /proc lists them, where it is there.
fn all_processes() -> Vec<Pid> {
    use nix::{dir::Dir, fcntl::OFlag};
    let flags = OFlag::O_RDONLY | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
    let Ok(proc) = Dir::open("/proc", flags, Mode::empty()) else { return Vec::new() };
    proc.into_iter()
        .filter_map(|entry| entry.ok()?.file_name().to_str().ok()?.parse().ok().map(Pid::from_raw))
        .collect()
}

pub(super) fn tell(to: &OwnedFd, what: u8, number: i32) {
    // A parent that is gone needs no news.
    let _ = wire::send(to, Packet::new(what).i64(i64::from(number)).as_bytes(), &[]);
}

/// The command's own process, up to the exec.
fn command(orders: &OwnedFd, start: &Start) -> i32 {
    let _ = nix::unistd::setsid();
    gentle::command();
    process::no_core();
    let _ = prctl::set_pdeathsig(Signal::SIGKILL);
    let _ = nix::unistd::chdir("/");
    umask(Mode::from_bits_truncate(0o077));
    if process::become_output(&start.stdout, &start.stderr).is_err() {
        return 126;
    }
    process::default_signals();
    let errno = exec(&start.argv);
    tell(orders, FAILED, errno as i32);
    127
}

/// Tries each place; returns only if none worked.
fn exec(argv: &[CString]) -> Errno {
    let Some(program) = argv.first() else { return Errno::ENOENT };
    let home = if nix::unistd::geteuid().is_root() { c"HOME=/root" } else { c"HOME=/" };
    let path = CString::new(format!("PATH={PATH}")).unwrap_or_default();
    // top cuts command lines at 80 columns unless told (it takes 512 at most, ps all), and makes a folder for
    // its settings, but not in a file. A server of PostgreSQL that is stuck would hold each client for its
    // whole time.
    let env: [&CStr; 8] = [
        &path,
        c"LC_ALL=C",
        c"LANG=C",
        c"TERM=dumb",
        c"COLUMNS=16384",
        c"XDG_CONFIG_HOME=/dev/null",
        c"PGCONNECT_TIMEOUT=5",
        home,
    ];
    if program.as_bytes().contains(&b'/') {
        if !roots_own(program) {
            return PLANTED;
        }
        return execve(program, argv, &env).map_or_else(|errno| errno, |never| match never {});
    }
    let mut denied = None;
    for folder in PATH.split(':') {
        let mut file = folder.as_bytes().to_vec();
        file.push(b'/');
        file.extend_from_slice(program.as_bytes());
        let Ok(file) = CString::new(file) else { return Errno::ENOENT };
        if !roots_own(&file) {
            denied = denied.or(Some(PLANTED));
            continue;
        }
        match execve(&file, argv, &env) {
            Ok(never) => match never {},
            Err(Errno::EACCES) => denied = Some(Errno::EACCES),
            Err(Errno::ENOENT | Errno::ENOTDIR) => {}
            Err(errno) => return errno,
        }
    }
    denied.unwrap_or(Errno::ENOENT)
}

/// What stands for a program that another user could have put there. No exec ends so by itself.
pub(super) const PLANTED: Errno = Errno::EKEYREJECTED;

/// Whether root may run a program: nobody but root could have put it, or a folder above it, there. What
/// is not there at all is for the exec to tell. Other users run what they like.
fn roots_own(program: &CStr) -> bool {
    if !nix::unistd::geteuid().is_root() {
        return true;
    }
    let path = Path::new(OsStr::from_bytes(program.to_bytes()));
    path.ancestors().all(|part| match stat(part) {
        // The group `staff` of old Debians may write to /usr/local, and its members are as good as root.
        Ok(stat) if part.starts_with("/usr/local") && stat.st_gid == STAFF => {
            stat.st_uid == 0 && stat.st_mode & 0o002 == 0
        }
        Ok(stat) => {
            let sticky = stat.st_mode & (libc::S_IFMT | libc::S_ISVTX) == libc::S_IFDIR | libc::S_ISVTX;
            stat.st_uid == 0 && (stat.st_mode & 0o022 == 0 || sticky)
        }
        Err(_) => true,
    })
}

/// base-passwd(5) of Debian.
const STAFF: u32 = 50;
