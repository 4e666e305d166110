//! What a process gives up that it has no use for: new privileges, capabilities, writing, the network.
//!
//! The process that redacts reads what strangers wrote; whoever took it over through that should find
//! nothing to use. Commands are started by the broker, which gives up nothing: what is given up here is
//! inherited. Best effort: what a kernel or a container does not allow is told, never a reason to stop.

mod capabilities;
#[cfg(test)]
#[allow(clippy::disallowed_methods)] // writes, connects and runs, to see that it can't
mod tests;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use landlock::{
    ABI, Access, AccessFs, AccessNet, LandlockStatus, PathBeneath, PathFd, RestrictionStatus, Ruleset,
    RulesetAttr, RulesetCreatedAttr, RulesetError, RulesetStatus, Scope,
};
use nix::sys::{prctl, stat::stat};

pub use capabilities::Capability;

/// The newest Landlock whose rights are known here. Older kernels know a part of them.
const NEWEST: ABI = ABI::V6;

/// Since this one a kernel can keep a process from TCP (Linux 6.7).
const WITH_TCP: ABI = ABI::V4;

/// What was given up, and what not and why, by subject; texts of the program's own, for the manifest.
pub type GivenUp = BTreeMap<String, String>;

/// What a process still needs.
#[derive(Debug, Clone, Copy)]
pub struct Needs<'a> {
    /// Where it writes: below these folders.
    pub writes: Writes<'a>,
    /// Whether it connects to services over TCP. Nobody here listens.
    pub connects: bool,
    /// Of what root may do, beyond what a user may.
    pub capabilities: &'a [Capability],
}

/// Where a process writes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writes<'a> {
    /// Nowhere else than below these.
    Below(&'a [PathBuf]),
    /// Nowhere, but Landlock can't hold it to that: it would also keep it from looking at other processes.
    Unconfined,
}

/// Gives up all but what is needed. For a process that has one thread: the others keep what they have.
pub fn give_up(needs: &Needs<'_>) -> GivenUp {
    let mut told = GivenUp::new();
    told.insert(
        "new privileges".to_owned(),
        match prctl::set_no_new_privs() {
            Ok(()) => "given up".to_owned(),
            Err(errno) => format!("not given up: {}", errno.desc()),
        },
    );
    match needs.writes {
        Writes::Below(folders) => {
            let (writing, tcp) = confined(folders, needs.connects);
            told.insert("writing".to_owned(), writing);
            told.insert("network".to_owned(), tcp);
        }
        Writes::Unconfined => {
            let why = "not limited: who is confined may not look at other processes";
            told.insert("writing".to_owned(), why.to_owned());
        }
    }
    told.insert("capabilities".to_owned(), capabilities::keep_only(needs.capabilities));
    told
}

/// Puts this thread under Landlock; what that forbids from here on, of files and of the network.
fn confined(folders: &[PathBuf], connects: bool) -> (String, String) {
    match landlocked(folders, connects) {
        Ok(status) => told(folders.is_empty(), connects, &status.ruleset, &status.landlock),
        Err(error) => {
            let why = format!("not limited: {error}");
            (why.clone(), why)
        }
    }
}

fn landlocked(folders: &[PathBuf], connects: bool) -> Result<RestrictionStatus, RulesetError> {
    let files = AccessFs::from_write(NEWEST) | AccessFs::Execute;
    let tcp = if connects { AccessNet::BindTcp.into() } else { AccessNet::BindTcp | AccessNet::ConnectTcp };
    let mut rules = Ruleset::default()
        .handle_access(files)?
        .handle_access(tcp)?
        .scope(Scope::from_all(NEWEST))?
        .create()?;
    let own = AccessFs::WriteFile | AccessFs::MakeReg | AccessFs::RemoveFile | AccessFs::Truncate;
    for folder in folders {
        // One that is not there, or not to be reached, is for who wants to write there to tell.
        if let Ok(folder) = PathFd::new(folder) {
            rules = rules.add_rule(PathBeneath::new(folder, own))?;
        }
    }
    rules.restrict_self()
}

fn told(nowhere: bool, connects: bool, rules: &RulesetStatus, landlock: &LandlockStatus) -> (String, String) {
    let abi = match (rules, landlock) {
        (
            RulesetStatus::FullyEnforced | RulesetStatus::PartiallyEnforced,
            LandlockStatus::Available { effective_abi, .. },
        ) => *effective_abi,
        (_, LandlockStatus::NotEnabled) => return not_limited("Landlock is switched off"),
        _ => return not_limited("this kernel has no Landlock"),
    };
    let writing = if nowhere { "given up" } else { "only where the bundle and the mapping go" };
    // Before, whoever could write to a folder could cut short any file (Linux 6.2).
    let writing = if abi < ABI::V3 {
        format!("{writing}; cutting files short is not limited")
    } else {
        writing.to_owned()
    };
    let tcp = match (abi >= WITH_TCP, connects) {
        (false, _) => "not limited: this kernel's Landlock does not know TCP",
        (true, true) => "TCP: connects, to services of this host; does not listen",
        (true, false) => "TCP: given up",
    };
    (writing, tcp.to_owned())
}

fn not_limited(why: &str) -> (String, String) {
    let why = format!("not limited: {why}");
    (why.clone(), why)
}

/// What root needs beyond a user's rights to make files in these folders: nothing where they are root's, or
/// everybody's, all the way up.
pub fn to_write_in(folders: &[PathBuf]) -> Vec<Capability> {
    let plain = folders.iter().all(|folder| {
        let absolute = std::path::absolute(folder).unwrap_or_else(|_| folder.clone());
        root_may(&absolute, 0o3) && absolute.ancestors().skip(1).all(|above| root_may(above, 0o1))
    });
    if plain { Vec::new() } else { vec![Capability::DacOverride] }
}

/// Whether a root without capabilities has these rights, as the owner or as anybody. One that can't be looked
/// at counts as no.
fn root_may(folder: &Path, rights: u32) -> bool {
    stat(folder).is_ok_and(|stat| {
        // Root may be in the group, which counts then, and not what anybody may.
        let group_or_others = stat.st_mode >> 3 & stat.st_mode;
        let mode = if stat.st_uid == 0 { stat.st_mode >> 6 } else { group_or_others };
        mode & rights == rights
    })
}
