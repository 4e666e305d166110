//! What the short texts of a bundle tell about the host and its GitLab, typed. Each fact that may be judged
//! carries the place where it stands. What is not there, or not understood, is simply not known.

mod certificates;
mod columns;
mod disks;
mod health;
mod identity;
mod limits;
mod memory;
mod processes;
mod redis;
mod samples;
mod services;
mod sql;
mod system;
mod upgrades;
mod versions;

use super::docs::Docs;

pub use certificates::Certificate;
#[cfg(test)]
pub(crate) use certificates::EXAMPLE as CERTIFICATE;
pub use disks::FileSystem;
pub use health::Health;
pub(crate) use health::is_answer;
pub use identity::Identity;
pub use limits::Limit;
pub use memory::{Memory, Pressure};
pub use processes::Process;
pub use redis::Redis;
pub use samples::{Sample, Samples};
pub use services::{Service, Unit};
pub use sql::{Row, rows};
pub use system::System;
pub use upgrades::{Upgrade, next_stop};
pub use versions::{Supported, Version, Versions, bare, supported};

/// All of it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Host {
    /// Who it is.
    pub identity: Identity,
    /// Mounted file systems that hold data, each once.
    pub file_systems: Vec<FileSystem>,
    /// Memory and swap.
    pub memory: Memory,
    /// Pressure stall information.
    pub pressure: Vec<Pressure>,
    /// Kernel, clock and security modules.
    pub system: System,
    /// GitLab's services.
    pub services: Vec<Service>,
    /// Units of systemd that failed.
    pub failed_units: Vec<Unit>,
    /// Open files of GitLab's processes.
    pub limits: Vec<Limit>,
    /// Processes.
    pub processes: Vec<Process>,
    /// GitLab's certificates.
    pub certificates: Vec<Certificate>,
    /// What is installed.
    pub versions: Versions,
    /// Upgrades of GitLab, the oldest first.
    pub upgrades: Vec<Upgrade>,
    /// GitLab's own account of its health.
    pub health: Vec<Health>,
    /// Redis's figures.
    pub redis: Option<Redis>,
    /// Ten seconds of the host at work.
    pub samples: Samples,
}

impl Host {
    /// What these texts tell.
    pub(super) fn of(docs: &Docs) -> Self {
        Self {
            identity: identity::read(docs),
            file_systems: disks::read(docs),
            memory: memory::read(docs),
            pressure: memory::pressure(docs),
            system: system::read(docs),
            services: services::read(docs),
            failed_units: services::failed(docs),
            limits: limits::read(docs),
            processes: processes::read(docs),
            certificates: certificates::read(docs),
            versions: versions::read(docs),
            upgrades: upgrades::read(docs),
            health: health::read(docs),
            redis: redis::read(docs),
            samples: samples::read(docs),
        }
    }
}

#[cfg(test)]
pub(super) fn docs(texts: &[(&str, &str)]) -> Docs {
    let mut docs = Docs::default();
    texts.iter().for_each(|(name, text)| docs.add(name, text.as_bytes()));
    docs
}
