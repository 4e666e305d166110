//! The broker: a process split off before there are threads, that makes all the others.
//!
//! File workers and commands are forked here, from a small process without threads or open files,
//! and reaped here. It ends when its parent does, in whatever way that ends.

use std::{
    collections::HashMap,
    ffi::CString,
    os::fd::{AsFd, AsRawFd, OwnedFd},
    time::{Duration, Instant},
};

use nix::{
    poll::PollFlags,
    sys::{
        prctl,
        signal::{Signal, kill},
        signalfd::{SfdFlags, SignalFd},
        socket::{Shutdown, shutdown},
        wait::{WaitPidFlag, WaitStatus, waitpid},
    },
    unistd::Pid,
};

use super::{
    field::Field,
    nanny::{self, Start},
    process,
    wire::{self, Packet, Unpack},
    worker::{self, Root},
};
use crate::host::gentle;

/// What the broker is asked; nothing has an answer, since a lost child is seen at its own socket.
const WORKER: u8 = 1;
const COMMAND: u8 = 2;
const KILL: u8 = 3;

/// The parent's end.
#[derive(Debug)]
pub(super) struct Broker {
    socket: OwnedFd,
    pid: Pid,
}

impl Broker {
    /// Splits it off.
    pub(super) fn start(root: Root) -> nix::Result<Self> {
        let (socket, theirs) = wire::pair()?;
        let pid = process::fork(move || serve(theirs, &root))?;
        Ok(Self { socket, pid })
    }

    /// A file worker at the other end of `socket` and of the shared memory; `token` names it later.
    pub(super) fn worker(
        &self,
        token: u64,
        field: Field,
        socket: &OwnedFd,
        slot: &OwnedFd,
    ) -> nix::Result<()> {
        let packet = Packet::new(WORKER).u64(token).u8(u8::from(field == Field::Processes));
        wire::send(&self.socket, packet.as_bytes(), &[socket.as_raw_fd(), slot.as_raw_fd()])
    }

    /// Kills a worker that does not answer. Whether it dies is the kernel's affair.
    pub(super) fn kill(&self, token: u64) {
        let _ = wire::send(&self.socket, Packet::new(KILL).u64(token).as_bytes(), &[]);
    }

    /// A command, its nanny at the other end of `orders`.
    pub(super) fn command(
        &self,
        argv: &[String],
        orders: &OwnedFd,
        stdout: &OwnedFd,
        stderr: &OwnedFd,
    ) -> nix::Result<()> {
        let mut packet = Packet::new(COMMAND).u64(argv.len() as u64);
        for arg in argv {
            packet = packet.bytes(arg.as_bytes());
        }
        let fds = [orders.as_raw_fd(), stdout.as_raw_fd(), stderr.as_raw_fd()];
        wire::send(&self.socket, packet.as_bytes(), &fds)
    }
}

impl Drop for Broker {
    /// Ends it, and waits a moment so that no zombie is left; never longer.
    fn drop(&mut self) {
        let _ = shutdown(self.socket.as_raw_fd(), Shutdown::Write);
        let deadline = Instant::now() + Duration::from_millis(500);
        let _ = wire::wait([Some((self.socket.as_fd(), PollFlags::POLLIN))], deadline, None);
        for _ in 0..50 {
            match waitpid(self.pid, Some(WaitPidFlag::WNOHANG)) {
                Ok(WaitStatus::StillAlive) => {
                    let _ = nix::poll::poll(&mut [], 2_u8);
                }
                _ => return,
            }
        }
    }
}

fn serve(socket: OwnedFd, root: &Root) -> i32 {
    let Ok(socket) = process::keep_only(socket) else { return 1 };
    let _ = nix::unistd::setsid();
    let _ = nix::unistd::chdir("/");
    let _ = prctl::set_name(c"glsos-broker");
    let _ = prctl::set_child_subreaper(true);
    gentle::keep_secrets();
    let Ok(children) = process::helper_signals() else { return 1 };
    let Ok(signals) = SignalFd::with_flags(&children, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK) else {
        return 1;
    };
    let mut family = Family { workers: HashMap::new(), nannies: Vec::new() };
    let mut buf = vec![0; wire::LONGEST];
    loop {
        let far = Instant::now() + Duration::from_secs(3600);
        let fds = [Some((socket.as_fd(), PollFlags::POLLIN)), Some((signals.as_fd(), PollFlags::POLLIN))];
        let Ok((_, [order, child])) = wire::wait(fds, far, None) else { break };
        if !child.is_empty() {
            while matches!(signals.read_signal(), Ok(Some(_))) {}
            family.reap();
        }
        if !order.is_empty() {
            match wire::receive(&socket, &mut buf) {
                Ok((packet, fds)) if !packet.is_empty() => family.order(packet, fds, &socket, root),
                _ => break,
            }
        }
    }
    // Nannies see the end of the parent themselves, and end their commands.
    for worker in family.workers.values() {
        let _ = kill(*worker, Signal::SIGKILL);
    }
    // A moment to reap them; what is stuck in the kernel is init's.
    for _ in 0..100 {
        match waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            Ok(WaitStatus::StillAlive) => {
                let _ = nix::poll::poll(&mut [], 2_u8);
            }
            Ok(_) => {}
            Err(_) => break,
        }
    }
    0
}

struct Family {
    workers: HashMap<u64, Pid>,
    nannies: Vec<Pid>,
}

impl Family {
    fn order(&mut self, packet: &[u8], fds: Vec<OwnedFd>, broker: &OwnedFd, root: &Root) {
        let mut packet = Unpack(packet);
        match (packet.u8(), packet.u64()) {
            (Some(WORKER), Some(token)) => {
                let field = if packet.u8() == Some(1) { Field::Processes } else { Field::Files };
                if let Ok([socket, slot]) = <[OwnedFd; 2]>::try_from(fds)
                    && let Ok(pid) = process::fork(|| {
                        become_helper(broker, field.name());
                        let _ = prctl::set_pdeathsig(Signal::SIGKILL);
                        // A weight of its own: the nannies are to be on time.
                        let _ = nix::unistd::setsid();
                        worker::serve(&socket, &slot, root, field)
                    })
                {
                    self.workers.insert(token, pid);
                }
            }
            (Some(COMMAND), Some(count)) => {
                let argv = (0..count).map_while(|_| CString::new(packet.bytes()?).ok()).collect();
                if let Ok([orders, stdout, stderr]) = <[OwnedFd; 3]>::try_from(fds) {
                    let start = Start { argv, stdout, stderr };
                    let nanny = || {
                        become_helper(broker, c"glsos-nanny");
                        nanny::watch(&orders, start)
                    };
                    match process::fork(nanny) {
                        Ok(pid) => self.nannies.push(pid),
                        // Its end would look like that of a command which somebody killed.
                        Err(errno) => nanny::tell(&orders, nanny::FAILED, errno as i32),
                    }
                }
            }
            (Some(KILL), Some(token)) => {
                // Not reaped yet, so the number can't belong to anybody else.
                if let Some(pid) = self.workers.get(&token) {
                    let _ = kill(*pid, Signal::SIGKILL);
                }
            }
            _ => {}
        }
    }

    fn reap(&mut self) {
        let mut orphans = false;
        while let Ok(status) = waitpid(None, Some(WaitPidFlag::WNOHANG)) {
            let Some(pid) = status.pid() else { break };
            self.workers.retain(|_, worker| *worker != pid);
            if let Some(at) = self.nannies.iter().position(|nanny| *nanny == pid) {
                self.nannies.swap_remove(at);
                orphans |= matches!(status, WaitStatus::Signaled(..));
            }
        }
        if orphans {
            // Somebody killed a nanny: its command's processes are ours now.
            let known: Vec<Pid> = self.workers.values().chain(&self.nannies).copied().collect();
            nanny::each_child(|child| {
                if !known.contains(&child) {
                    let _ = kill(child, Signal::SIGKILL);
                }
            });
        }
    }
}

/// What a child of the broker lets go: the broker's own socket stays open in nobody else.
fn become_helper(broker: &OwnedFd, name: &std::ffi::CStr) {
    let _ = nix::unistd::close(broker.as_raw_fd());
    let _ = prctl::set_name(name);
}
