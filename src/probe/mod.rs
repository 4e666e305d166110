//! Built-in sources: what /proc and /sys tell, rendered as text.
//!
//! A host or container without sysstat, iotop, net-tools or procps tells as much as one with them. The
//! same code runs live, below a sysroot and on a recorded host: everything is read through `Host`.
//! The text is raw, the caller redacts it. A figure that can't be had is a dash or a line with the
//! reason; a probe fails only where it can tell nothing at all.

mod page;
mod proc;
mod sample;
mod table;

mod certificates;
mod clock;
mod cpu;
mod disks;
mod identity;
mod interfaces;
mod limits;
mod memory;
mod migrations;
mod mounts;
mod neighbours;
mod pressure;
mod processes;
mod security;
mod services;
mod settings;
mod sockets;
mod summary;

pub use neighbours::Neighbours;

use std::time::Duration;

use crate::host::{Error, Flow, Host};

/// What looks at a host and sends text to a sink.
pub type Run = fn(&dyn Host, &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error>;

/// A built-in source.
#[derive(Debug)]
pub struct Probe {
    /// What a collector calls it by.
    pub name: &'static str,
    /// One line for documentation.
    pub about: &'static str,
    /// Whether it looks for some seconds: all samplers of a run overlap.
    pub sampler: bool,
    /// Whether it shows how other programs were started.
    pub shows_commands: bool,
    /// Sends its text to the sink, in pieces, until it says stop. An error only where nothing at all
    /// could be told; then nothing was sent.
    pub run: Run,
}

/// All probes, sorted by name.
pub const PROBES: &[Probe] = &[
    once(
        "certificates",
        "Certificates of GitLab's listeners, and those it trusts: for whom, until when, whether the key fits",
        certificates::run,
    ),
    once("clock", "The clocks of the host, and what keeps them right", clock::run),
    once("cpu", "CPUs, their time since boot, interrupts, throttling", cpu::run),
    once("disks", "File systems, block devices, RAID, and what disks did since boot", disks::run),
    once("git-user", "The git user and the users of GitLab's services", identity::run),
    once("host-summary", "What this host is: system, CPUs, memory, load, limits in force", summary::run),
    once("interfaces", "Interfaces, addresses, routes, name servers, and what TCP lost", interfaces::run),
    once("memory", "Memory by use, by control group and by process; swap and settings", memory::run)
        .showing_commands(),
    once("migrations", "GitLab's migrations against its database, as rake prints them", migrations::run),
    once("mounts", "Mounts with their options, and how NFS servers answer", mounts::run),
    once("pressure", "Shares of time in which tasks waited for CPU, memory or I/O", pressure::run),
    once("process-limits", "What GitLab's processes use of what they may: files, threads", limits::run)
        .showing_commands(),
    once(
        "processes",
        "The process table: states, memory, CPU time, open files, command lines",
        processes::run,
    )
    .showing_commands(),
    sampler(
        "sample-cpu",
        "CPU shares, run queue, context switches and interrupts by the second",
        sample::cpu::run,
    ),
    sampler(
        "sample-disk",
        "Requests, throughput, latency and utilisation of disks by the second",
        sample::disk::run,
    ),
    sampler(
        "sample-memory",
        "Free memory, swapping, paging and major faults by the second",
        sample::memory::run,
    ),
    sampler(
        "sample-network",
        "Traffic per interface, and TCP's retransmissions and drops by the second",
        sample::network::run,
    ),
    sampler(
        "sample-pressure",
        "Shares of time in which tasks waited for CPU, memory or I/O by the second",
        sample::pressure::run,
    ),
    sampler(
        "sample-processes",
        "The processes that use most CPU and I/O over ten seconds",
        sample::processes::run,
    )
    .showing_commands(),
    once("security", "SELinux, AppArmor, seccomp, lockdown, FIPS", security::run),
    once("services", "The services of the Linux package, from runit's own files", services::run),
    once(
        "settings",
        "Settings of GitLab's services: what differs from the package's own, and all others; no secret",
        settings::run,
    ),
    once("sockets", "Listeners with their processes, connections by state and service, queues", sockets::run),
    once("ulimit", "Limits in force for the git user, as ulimit -a prints them", limits::ulimit),
];

const fn once(name: &'static str, about: &'static str, run: Run) -> Probe {
    Probe { name, about, sampler: false, shows_commands: false, run }
}

const fn sampler(name: &'static str, about: &'static str, run: Run) -> Probe {
    Probe { name, about, sampler: true, shows_commands: false, run }
}

impl Probe {
    const fn showing_commands(mut self) -> Self {
        self.shows_commands = true;
        self
    }
}

/// How long every sampler watches the host.
pub const SAMPLING: Duration = Duration::from_secs(10);

/// All their names, in the same order.
pub const NAMES: [&str; PROBES.len()] = {
    let mut names = [""; PROBES.len()];
    let mut at = 0;
    while at < names.len() {
        names[at] = PROBES[at].name;
        at += 1;
    }
    names
};

/// The probe of that name.
pub fn find(name: &str) -> Option<&'static Probe> {
    PROBES.iter().find(|probe| probe.name == name)
}

#[cfg(test)]
mod tests;
