//! The command line, declared once. Help and docs derive from it; nothing here acts.

use std::{ffi::OsString, path::PathBuf, time::Duration};

use clap::{Args, Parser, Subcommand, ValueEnum};

mod desk;

use super::moment::Moment;
use crate::{analyze::Severity, catalog::Profile, plan::Pick, redact, units};
pub use desk::{Show, Unpack};

/// One redacted support bundle from a GitLab host.
#[derive(Debug, Parser)]
#[command(name = "glsos", version, about, max_term_width = 100, disable_help_subcommand = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The commands; each has a file of its own beside this one.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Make a bundle of this host, redacted, for a support ticket
    Collect(Box<Collect>),
    /// Take the secrets out of any text, as a filter, or out of a whole bundle
    Redact(Redact),
    /// Check bundles: digests, damage, and a second scan for secrets
    Verify(Verify),
    /// Unpack bundles safely, each into DIR/TICKET/HOST/TIME; also what is there of damaged ones
    Unpack(Unpack),
    /// List what is in a bundle, print an entry, or look for a pattern, without unpacking
    Show(Show),
    /// Tell what is wrong with the hosts that bundles were made of
    Report(Report),
    /// Compare two bundles: before and after, or node against node
    Diff(Diff),
    /// List the collectors: what a bundle can hold
    List(Catalogs),
    /// Tell what a collector takes, from where, and why
    Explain(Explain),
    /// Turn pseudonyms back into what they stand for, on your side only
    Reveal(Reveal),
    /// Write and check collectors of your own
    #[command(subcommand)]
    Collectors(Collectors),
}

/// More collectors than the built-in ones.
#[derive(Debug, Clone, Args, Default)]
pub struct Catalogs {
    /// More collectors, besides those of /etc/glsos/collectors.d
    #[arg(long, value_name = "DIR")]
    pub collectors: Vec<PathBuf>,
}

/// `glsos explain`.
#[derive(Debug, Args)]
pub struct Explain {
    /// COLLECTOR or COLLECTOR/SOURCE; 'never-taken' for what no collector takes
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Where collectors are found.
    #[command(flatten)]
    pub catalogs: Catalogs,
}

/// `glsos reveal`.
#[derive(Debug, Args)]
pub struct Reveal {
    /// The file that 'collect --mapping' made, or the pairs of one run beside it
    #[arg(long, value_name = "FILE")]
    pub mapping: PathBuf,
    /// A text, a file's name, or '-' for stdin [default: -]
    #[arg(value_name = "TEXT")]
    pub text: Option<OsString>,
}

/// `glsos collectors`.
#[derive(Debug, Subcommand)]
pub enum Collectors {
    /// Print a collector to begin with
    New {
        /// Its name, which becomes its file's: NAME.toml
        #[arg(value_name = "NAME")]
        name: String,
    },
    /// Check collector files: every mistake with its line
    Check {
        /// Files
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
}

/// `glsos collect`.
#[derive(Debug, Clone, Args)]
pub struct Collect {
    /// The ticket's number: goes into the bundle's name and manifest
    #[arg(long, value_name = "ID", value_parser = ticket)]
    pub ticket: Option<String>,

    /// Where the bundle goes: a new file, a folder, or '-' for stdout
    /// [default: ./glsos.[TICKET.]HOST.YYYYmmddHHMMSS.tar.gz]
    #[arg(short, long, value_name = "FILE|DIR|-")]
    pub output: Option<PathBuf>,

    /// Lines of logs from this time on: a duration back from now (90m, 2d, 100y) or an RFC 3339 time
    #[arg(long, value_name = "WHEN", default_value = "24h")]
    pub since: Moment,

    /// Lines of logs up to this time
    #[arg(long, value_name = "WHEN")]
    pub until: Option<Moment>,

    /// Take only these collectors, or sources as COLLECTOR/SOURCE
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub only: Vec<Pick>,

    /// Leave these collectors or sources
    #[arg(long, value_name = "NAME,…", value_delimiter = ',')]
    pub skip: Vec<Pick>,

    /// How much to take
    #[arg(long, value_name = "NAME", value_enum, default_value_t = ProfileName::Default)]
    pub profile: ProfileName,

    /// Where more collectors are found.
    #[command(flatten)]
    pub catalogs: Catalogs,

    /// Read the files below DIR (a mounted disk, a container's root); runs no command
    #[arg(long, value_name = "DIR")]
    pub sysroot: Option<PathBuf>,

    /// At most this much of each log with its rotated files, the newest lines; 'none' for all
    #[arg(long, value_name = "SIZE", default_value = "50MiB", value_parser = cap)]
    pub max_log: Cap,

    /// At most that large a bundle: the largest logs give way first; 'none' for no limit
    #[arg(long, value_name = "SIZE", default_value = "45MB", value_parser = bundle_cap)]
    pub max_bundle: Cap,

    /// Close the bundle after this time with what there is
    #[arg(long, value_name = "DURATION", value_parser = units::parse_duration)]
    pub timeout: Option<Duration>,

    /// What is removed.
    #[command(flatten)]
    pub redaction: Redaction,

    /// Print what would be taken, with sizes, and take nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Show what is in the bundle and what was taken out, and ask; 'no' deletes it
    #[arg(long, conflicts_with_all = ["quiet", "json", "dry_run"])]
    pub review: bool,

    /// Exit with 3 if any entry is not complete
    #[arg(long)]
    pub strict: bool,

    /// Tell what happens as JSON, a line an event, on stdout
    #[arg(long)]
    pub json: bool,

    /// Say nothing but errors
    #[arg(short, long, conflicts_with = "verbose")]
    pub quiet: bool,

    /// Say how every entry ended
    #[arg(short, long)]
    pub verbose: bool,
}

/// What is removed besides what the rules find, and what happens where that can't be known.
#[derive(Debug, Clone, Args, Default)]
pub struct Redaction {
    /// Go on although a place of this host's secrets can't be read or understood
    #[arg(long)]
    pub without_known_secrets: bool,

    /// A file with more values to remove, one a line
    #[arg(long, value_name = "FILE")]
    pub redact_value: Vec<PathBuf>,

    /// More to remove, by a regular expression, within a line; of one with groups only what they match
    #[arg(long, value_name = "REGEX", allow_hyphen_values = true)]
    pub redact_pattern: Vec<String>,

    /// A file with values to keep though a rule takes them, one a line; never a secret of this host
    #[arg(long, value_name = "FILE")]
    pub keep_value: Vec<PathBuf>,

    /// Also hide behind pseudonyms: ip, host, user, email, project, or all
    #[arg(long, value_name = "KIND,…", value_delimiter = ',', value_parser = hide)]
    pub hide: Vec<Hide>,

    /// Keep the key of the pseudonyms in FILE (made if it is not there), and this run's pairs beside it, for
    /// 'reveal'. Share FILE, and all nodes give the same pseudonyms
    #[arg(long, value_name = "FILE", requires = "hide")]
    pub mapping: Option<PathBuf>,
}

/// One word of `--hide`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hide(pub Vec<redact::chosen::Kind>);

pub(super) fn hide(word: &str) -> Result<Hide, String> {
    if word == "all" {
        return Ok(Hide(redact::chosen::Kind::all().collect()));
    }
    redact::chosen::Kind::of(word).map(|kind| Hide(vec![kind])).ok_or_else(|| {
        let names: Vec<_> = redact::chosen::Kind::all().map(redact::chosen::Kind::name).collect();
        format!("a kind is one of {}, or all", names.join(", "))
    })
}

/// `glsos redact`.
#[derive(Debug, Clone, Args)]
pub struct Redact {
    /// A text, gzip's too, which goes to stdout packed as it was; or a bundle, or any other tar archive, of
    /// which a new bundle is made. Without one, or as '-', stdin
    #[arg(value_name = "FILE|BUNDLE")]
    pub input: Option<PathBuf>,

    /// Where the new bundle goes: a new file, a folder, or '-' for stdout
    /// [default: ./NAME.redacted.tar.gz]
    #[arg(short, long, value_name = "FILE|DIR|-")]
    pub output: Option<PathBuf>,

    /// What is removed.
    #[command(flatten)]
    pub redaction: Redaction,

    /// Say nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
}

/// `glsos verify`.
#[derive(Debug, Args)]
pub struct Verify {
    /// Bundles of glsos, or other tar archives, plain or gzip's
    #[arg(value_name = "BUNDLE", required = true)]
    pub bundles: Vec<PathBuf>,

    /// Tell it as JSON, a line a bundle
    #[arg(long)]
    pub json: bool,

    /// Say nothing but errors: the exit code tells
    #[arg(short, long, conflicts_with = "json")]
    pub quiet: bool,
}

/// `glsos report`.
#[derive(Debug, Args)]
pub struct Report {
    /// Bundles of glsos, archives of gitlabsos, or other tar archives; several are the nodes of one site
    #[arg(value_name = "BUNDLE", required = true)]
    pub bundles: Vec<PathBuf>,

    /// Tell all of it as one JSON value
    #[arg(long, conflicts_with = "html")]
    pub json: bool,

    /// Write it as one HTML page into a new file, or to stdout as '-': without scripts, nothing to load
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,

    /// Exit with 4 if there is a finding of this severity or a worse one
    #[arg(long, value_name = "SEVERITY", value_enum)]
    pub fail_on: Option<SeverityName>,
}

/// The severities' names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SeverityName {
    /// Worth knowing; nothing may be wrong
    Notice,
    /// Something is wrong, or soon will be
    Warning,
    /// GitLab does not work, or data is in danger
    Critical,
}

impl From<SeverityName> for Severity {
    fn from(name: SeverityName) -> Self {
        match name {
            SeverityName::Notice => Self::Notice,
            SeverityName::Warning => Self::Warning,
            SeverityName::Critical => Self::Critical,
        }
    }
}

/// `glsos diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// The bundle before, or of the node that is well
    #[arg(value_name = "A")]
    pub before: PathBuf,

    /// The bundle after, or of the other node
    #[arg(value_name = "B")]
    pub after: PathBuf,

    /// Tell it as one JSON value
    #[arg(long)]
    pub json: bool,
}

/// The profiles' names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProfileName {
    /// No samplers, nothing slow
    Quick,
    /// What a ticket needs
    Default,
    /// Also what is slow: package verification, long samples
    Full,
}

impl From<ProfileName> for Profile {
    fn from(name: ProfileName) -> Self {
        match name {
            ProfileName::Quick => Self::Quick,
            ProfileName::Default => Self::Default,
            ProfileName::Full => Self::Full,
        }
    }
}

/// A size, or none at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cap(pub Option<u64>);

pub(super) fn cap(text: &str) -> Result<Cap, units::ParseError> {
    if text == "none" { Ok(Cap(None)) } else { units::parse_size(text).map(|bytes| Cap(Some(bytes))) }
}

/// Below this, not even what tells about the host fits.
const SMALLEST_BUNDLE: u64 = 1_000_000;

pub(super) fn bundle_cap(text: &str) -> Result<Cap, String> {
    match cap(text).map_err(|error| error.to_string())? {
        Cap(Some(bytes)) if bytes < SMALLEST_BUNDLE => {
            Err(format!("a bundle needs at least {}", units::show_size(SMALLEST_BUNDLE)))
        }
        cap => Ok(cap),
    }
}

/// It becomes part of a file's name.
fn ticket(text: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '#');
    if (1..=64).contains(&text.len()) && text.chars().all(fits) {
        Ok(text.to_owned())
    } else {
        Err("a ticket is up to 64 letters, digits, '-', '_' or '#'".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_declaration_is_sound() {
        Cli::command().debug_assert();
    }

    #[test]
    fn help_fits_a_terminal_of_80_columns() {
        let mut command = Cli::command().term_width(80);
        let collect = command.find_subcommand_mut("collect").unwrap();
        let help = collect.clone().term_width(80).render_long_help().to_string();
        let wide: Vec<_> = help.lines().filter(|line| line.chars().count() > 80).collect();
        assert!(wide.is_empty(), "{wide:?}");
    }

    #[test]
    fn a_ticket_can_not_leave_its_folder() {
        for wrong in ["", "../x", "a/b", "a b", "é"] {
            assert!(ticket(wrong).is_err(), "{wrong}");
        }
        assert!(ticket("ZD-12345").is_ok());
    }
}
