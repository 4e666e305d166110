//! The typed collector, which the loader makes and everything else (plan, docs, `explain`) reads.
//! A value of these types is valid: whatever breaks a rule never leaves the loader.

use std::{path::PathBuf, time::Duration};

/// All collectors of a run, sorted by name.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    /// Sorted by name; names are unique.
    pub collectors: Vec<Collector>,
    /// What a drop-in switched off, in the order of its files: a run tells it, so that nobody wonders.
    pub disabled: Vec<Disabled>,
}

/// A built-in collector or source that is not taken on this host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Disabled {
    /// `redis`, or `system/uname`.
    pub target: String,
    /// The drop-in that says so.
    pub by: PathBuf,
}

/// One subject: its sources, and why each is taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collector {
    /// The file's stem: lower-case letters, digits and dashes.
    pub name: String,
    /// One line for `list`.
    pub about: String,
    /// Where it applies. Not yet joined with the sources' own conditions: both must hold.
    pub when: When,
    /// In which profiles its sources are taken, unless a source says otherwise.
    pub profiles: Vec<Profile>,
    /// In the file's order.
    pub sources: Vec<Source>,
    /// Where it was written, for messages.
    pub origin: Origin,
}

/// Where a collector was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// `collectors/NAME.toml` of this program.
    BuiltIn,
    /// A file on the host.
    DropIn(PathBuf),
}

/// A condition; all that is given must hold.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct When {
    /// One of these exists.
    pub any_path: Vec<PathBuf>,
    /// All of these exist.
    pub all_paths: Vec<PathBuf>,
    /// This GitLab service is enabled on the node (a folder below /opt/gitlab/service, or a systemd unit of a source install). Any of the list.
    pub service: Vec<String>,
    /// The node has this role (`rails`, `gitaly`, `postgresql`, …). Any of the list.
    pub role: Vec<String>,
}

/// How much a run takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Profile {
    /// No samplers, nothing slow.
    Quick,
    /// What a ticket needs.
    Default,
    /// Also rake tasks, schema, long samples.
    Full,
}

impl Profile {
    /// All, from the least to the most.
    pub const ALL: [Self; 3] = [Self::Quick, Self::Default, Self::Full];

    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Quick => "quick",
            Self::Default => "default",
            Self::Full => "full",
        }
    }
}

/// One thing to take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Unique in its collector: lower-case letters, digits, dashes, dots and underscores.
    pub name: String,
    /// One sentence for the customer's privacy review.
    pub why: String,
    /// Name at the top of the bundle, for tools that know gitlabsos archives.
    pub alias: Option<String>,
    /// Its own condition, besides the collector's.
    pub when: When,
    /// Its own profiles (already resolved: the collector's where the source names none).
    pub profiles: Vec<Profile>,
    /// What is taken.
    pub kind: SourceKind,
}

impl Source {
    /// What it is called in the bundle: its alias, or COLLECTOR/NAME. Files and logs without an alias
    /// keep their absolute path instead.
    pub fn entry(&self, collector: &str) -> String {
        self.alias.clone().unwrap_or_else(|| format!("{collector}/{}", self.name))
    }
}

impl When {
    /// Whether it holds everywhere.
    pub fn is_always(&self) -> bool {
        *self == Self::default()
    }
}

/// The six kinds of source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SourceKind {
    /// A command's stdout.
    Command {
        /// An argv. `{since}` and `{until}` inside an argument become the window as `@UNIXTIME`.
        run: Vec<String>,
        /// 30 s unless told.
        timeout: Duration,
        /// 4 MiB unless told.
        limit: u64,
        /// It watches the host for a while: all samplers of a run overlap, and bulk reading waits for them. Never in `quick`.
        sampler: bool,
    },
    /// Whole files, up to a limit each.
    File {
        /// Absolute; may be a glob (`*`, `**`, `{a,b}`).
        path: String,
        /// 16 MiB unless told.
        limit: u64,
    },
    /// Log files: window, caps and rotation apply.
    Log {
        /// Absolute; may be a glob. Rotated siblings are found by the logs module.
        path: String,
        /// Which gives way first when the bundle's budget is short.
        importance: Importance,
    },
    /// A GET to this host.
    Http {
        /// Where.
        at: At,
        /// Path and query.
        get: String,
        /// 10 s unless told.
        timeout: Duration,
        /// 4 MiB unless told.
        limit: u64,
    },
    /// What a command of the same collector prints behind a line `==> glsos: NAME <==`: an entry of its own. When and
    /// in which profiles it is taken is the command's.
    Part {
        /// The command's name.
        of: String,
    },
    /// A built-in of `probe`; checked against its list when loaded.
    Probe {
        /// Its name in `probe`.
        run: String,
    },
}

/// What gives way when the budget is short; `High` gives way last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Importance {
    /// Gives way first.
    Low,
    /// As most logs.
    #[default]
    Normal,
    /// Gives way last.
    High,
}

impl Importance {
    /// All, in the order in which they give way.
    pub const ALL: [Self; 3] = [Self::Low, Self::Normal, Self::High];

    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Normal => "normal",
            Self::High => "high",
        }
    }
}

impl SourceKind {
    /// As its table is called in a collector.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Command { .. } => "command",
            Self::File { .. } => "file",
            Self::Log { .. } => "log",
            Self::Http { .. } => "http",
            Self::Part { .. } => "part",
            Self::Probe { .. } => "probe",
        }
    }

    /// Whether something is run or asked for it; files and logs are there or are not.
    pub fn is_asked(&self) -> bool {
        !matches!(self, Self::File { .. } | Self::Log { .. })
    }
}

/// What stands before and behind the name in the line that begins a part of a command's output.
pub const PART_LINE: (&str, &str) = ("==> glsos: ", " <==");

/// Where an http source asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// An address that the host knows from its rendered configuration; one of `host::listeners::SERVICES`.
    Service(&'static str),
    /// A Unix socket.
    Unix(PathBuf),
    /// A loopback literal with its port.
    Loopback(std::net::SocketAddr),
}
