//! Catalog × host × wishes → the plan: what a run will take on this host, and what it leaves and why.
//!
//! Resolves conditions, profiles and globs, and asks the host for sizes; takes nothing itself.

mod budget;
mod gitlabs;
mod paths;
mod pick;
mod room;
#[cfg(test)]
mod tests;
mod when;

use std::{path::PathBuf, time::Duration};

pub use budget::Estimate;
pub use pick::Pick;

use crate::{
    catalog::{At, Catalog, Collector, Importance, Profile, Source, SourceKind},
    error::Result,
    host::{self, Host, installation::Installation},
    logs::{Cap, LogFile, Window},
    outcome::{Ending, Outcome},
    pack::MOST_ENTRIES,
    probe::{self, Probe},
};

/// What was asked for.
#[derive(Debug, Clone)]
pub struct Wishes {
    /// Nothing but these, if there are any.
    pub only: Vec<Pick>,
    /// Not these.
    pub skip: Vec<Pick>,
    /// How much.
    pub profile: Profile,
    /// Lines of logs between these times.
    pub window: Window,
    /// At most that much of each log, rotated files included: the newest lines.
    pub max_log: Option<u64>,
    /// At most that large a bundle.
    pub max_bundle: Option<u64>,
    /// Whether to look into logs for what the bundle will come to, even where all fit.
    pub estimate: bool,
}

/// What a run will take, in the order of the bundle.
#[derive(Debug)]
pub struct Plan {
    /// First what may be long (files, then logs), so that it waits for no command; then what is
    /// made while they are read.
    pub items: Vec<Item>,
    /// Collectors of which something was selected, sorted.
    pub selection: Vec<String>,
    /// The window that applies.
    pub window: Window,
    /// The profile that applies.
    pub profile: Profile,
    /// The longest that any sampler may watch the host.
    pub sampling: Duration,
    /// What the bundle will come to.
    pub estimate: Estimate,
}

/// One thing to take, or one that is left.
#[derive(Debug)]
pub struct Item {
    /// The collector's name.
    pub collector: String,
    /// The source's name in it.
    pub source: String,
    /// Why it is taken.
    pub why: String,
    /// Its name in the bundle, not yet redacted.
    pub entry: PathBuf,
    /// Whether it may hold the secrets that GitLab's configuration tells: what is GitLab's own, and what
    /// shows the words of other programs, such as their command lines.
    pub gitlabs: bool,
    /// How far the bundle may have grown at its end, in compressed bytes; nothing for no limit.
    pub until: Option<u64>,
    /// What to do.
    pub take: Take,
}

/// What to do for an item.
#[derive(Debug)]
pub enum Take {
    /// Run a command.
    Command {
        /// What to run.
        command: host::Command,
        /// Whether it watches the host for a while.
        sampler: bool,
    },
    /// Read a file.
    File {
        /// Its path on the host.
        path: PathBuf,
        /// As it is now; none where even that could not be told (reading it will tell why).
        stat: Option<host::Stat>,
        /// At most that much.
        limit: u64,
    },
    /// Read a log's part of the window.
    Log {
        /// The file.
        file: LogFile,
        /// At most that much of the log, of which this file is a part: the newest lines.
        cap: Option<Cap>,
        /// Bytes of its lines inside the window, about; its size where nobody looked.
        inside: u64,
        /// What gives way when room is short.
        importance: Importance,
    },
    /// Ask this host over HTTP.
    Http {
        /// What to ask; the reason where the address is not known.
        get: host::Get,
    },
    /// A part of what a command prints, which is run once for all of them.
    Part {
        /// The name of the command's source, in the same collector.
        of: String,
        /// What it runs.
        argv: Vec<String>,
    },
    /// Run a built-in.
    Probe(&'static Probe),
    /// Leave it: the manifest tells why.
    Leave {
        /// What would have been asked.
        kind: SourceKind,
        /// Why not.
        ending: Ending,
    },
}

impl Item {
    /// Bytes at the source, where they are known beforehand.
    pub fn size(&self) -> Option<u64> {
        match &self.take {
            Take::File { stat, limit, .. } => stat.as_ref().map(|stat| stat.len.min(*limit)),
            Take::Log { inside, cap, .. } => Some(cap.map_or(*inside, |cap| cap.bytes.min(*inside))),
            _ => None,
        }
    }

    /// Where it stands in the bundle: files, logs, then what is made meanwhile.
    fn place(&self) -> u8 {
        match &self.take {
            Take::File { .. } => 0,
            Take::Log { .. } => 1,
            Take::Probe(_) => 2,
            Take::Command { .. } | Take::Part { .. } | Take::Http { .. } => 3,
            Take::Leave { .. } => 4,
        }
    }

    /// Whether it watches the host for a while.
    pub fn is_sampler(&self) -> bool {
        match &self.take {
            Take::Command { sampler, .. } => *sampler,
            Take::Probe(probe) => probe.sampler,
            _ => false,
        }
    }
}

/// Makes the plan. The only error is a wish for a collector or source that does not exist.
pub fn make(
    host: &dyn Host,
    catalog: &Catalog,
    installation: &Installation,
    wishes: &Wishes,
) -> Result<Plan> {
    pick::check(catalog, wishes.only.iter().chain(&wishes.skip))?;
    let mut planner = Planner { host, installation, wishes, items: Vec::new(), paths: Vec::new() };
    let mut selection = Vec::new();
    for collector in &catalog.collectors {
        let before = planner.items.len() + planner.paths.len();
        planner.collector(collector);
        if planner.items.len() + planner.paths.len() > before {
            selection.push(collector.name.clone());
        }
    }
    let wanted = std::mem::take(&mut planner.paths);
    planner.items.extend(paths::resolve(host, installation, wishes, wanted));
    let mut items = room::within(usize::try_from(MOST_ENTRIES).unwrap_or(usize::MAX), planner.items);
    // Stable: collectors by name, sources as their files have them.
    items.sort_by_key(Item::place);
    let sampling = longest_sampler(host, &items);
    let estimate = budget::share(host, wishes, &mut items);
    Ok(Plan { estimate, items, selection, window: wishes.window, profile: wishes.profile, sampling })
}

struct Planner<'a> {
    host: &'a dyn Host,
    installation: &'a Installation,
    wishes: &'a Wishes,
    items: Vec<Item>,
    /// Files and logs, which several sources may name.
    paths: Vec<paths::Wanted>,
}

impl Planner<'_> {
    fn collector(&mut self, collector: &Collector) {
        let unmet = when::unmet(&collector.when, self.host, self.installation);
        for source in &collector.sources {
            if !pick::is_wanted(self.wishes, collector, source) {
                continue;
            }
            let of_all = unmet.clone().filter(|_| source.kind.is_asked());
            let unmet = of_all.or_else(|| when::unmet(&source.when, self.host, self.installation));
            match unmet {
                Some(reason) => self.leave(collector, source, Ending::new(Outcome::Skipped, reason)),
                None => self.source(collector, source),
            }
        }
    }

    fn source(&mut self, collector: &Collector, source: &Source) {
        let runs_nothing = self.host.kind() == host::Kind::Sysroot;
        match &source.kind {
            SourceKind::Command { .. } | SourceKind::Part { .. } | SourceKind::Http { .. }
                if runs_nothing =>
            {
                self.leave(collector, source, Ending::new(Outcome::Skipped, "nothing runs below a sysroot"));
            }
            SourceKind::Command { run, timeout, limit, sampler } => {
                let argv = run.iter().map(|argument| self.in_window(argument)).collect();
                let command = host::Command { argv, timeout: *timeout, limit: *limit };
                self.take(collector, source, Take::Command { command, sampler: *sampler });
            }
            SourceKind::Http { at, get, timeout, limit } => match self.address(at) {
                Ok(at) => {
                    let get = host::Get { at, path: get.clone(), timeout: *timeout, limit: *limit };
                    self.take(collector, source, Take::Http { get });
                }
                Err(why) => self.leave(collector, source, Ending::new(Outcome::Skipped, why)),
            },
            SourceKind::Part { of } => {
                let argv = match command_of(collector, of) {
                    Some(SourceKind::Command { run, .. }) => {
                        run.iter().map(|argument| self.in_window(argument)).collect()
                    }
                    _ => Vec::new(),
                };
                self.take(collector, source, Take::Part { of: of.clone(), argv });
            }
            SourceKind::Probe { run } => match probe::find(run) {
                Some(probe) => self.take(collector, source, Take::Probe(probe)),
                None => {
                    let ending = Ending::new(Outcome::Failed, format!("there is no probe `{run}`"));
                    self.leave(collector, source, ending);
                }
            },
            SourceKind::File { .. } | SourceKind::Log { .. } => {
                self.paths.push(paths::Wanted::new(collector, source));
            }
        }
    }

    fn take(&mut self, collector: &Collector, source: &Source, take: Take) {
        let gitlabs = gitlabs::may_hold_secrets(collector, &source.kind);
        self.items.push(item(collector, source, entry_name(collector, source), gitlabs, take));
    }

    fn leave(&mut self, collector: &Collector, source: &Source, ending: Ending) {
        // The manifest tells what would have been run: of a part, its command.
        let kind = match &source.kind {
            SourceKind::Part { of } => command_of(collector, of).unwrap_or(&source.kind),
            kind => kind,
        };
        self.take(collector, source, Take::Leave { kind: kind.clone(), ending });
    }

    fn address(&self, at: &At) -> Result<host::Address, String> {
        match at {
            At::Service(name) => host::listeners::resolve(self.host, name),
            At::Unix(path) => Ok(host::Address::Unix(path.clone())),
            At::Loopback(address) => Ok(host::Address::Loopback(*address)),
        }
    }

    /// `{since}` and `{until}` as times that journalctl and date understand.
    fn in_window(&self, argument: &str) -> String {
        let window = &self.wishes.window;
        // Commands need not understand the end of the calendar, for which an open window stands.
        let open = window.until == jiff::Timestamp::MAX;
        let until = if open { self.host.now() } else { window.until };
        argument
            .replace("{since}", &format!("@{}", window.since.as_second().max(0)))
            .replace("{until}", &format!("@{}", until.as_second().max(0)))
    }
}

/// The command that a part is of.
fn command_of<'c>(collector: &'c Collector, of: &str) -> Option<&'c SourceKind> {
    collector.sources.iter().find(|command| command.name == of).map(|command| &command.kind)
}

fn item(collector: &Collector, source: &Source, entry: PathBuf, gitlabs: bool, take: Take) -> Item {
    Item {
        collector: collector.name.clone(),
        source: source.name.clone(),
        why: source.why.clone(),
        entry,
        gitlabs,
        until: None,
        take,
    }
}

/// The alias, or COLLECTOR/SOURCE.
fn entry_name(collector: &Collector, source: &Source) -> PathBuf {
    match &source.alias {
        Some(alias) => PathBuf::from(alias),
        None => PathBuf::from(format!("{}/{}", collector.name, source.name)),
    }
}

/// The longest that any sampler watches; nothing where time stands still.
fn longest_sampler(host: &dyn Host, items: &[Item]) -> Duration {
    let length = |item: &Item| match &item.take {
        Take::Command { command, sampler: true } => command.timeout,
        Take::Probe(probe) if probe.sampler && host.kind() == host::Kind::Live => probe::SAMPLING,
        _ => Duration::ZERO,
    };
    items.iter().map(length).max().unwrap_or_default()
}
