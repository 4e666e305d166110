//! The command line at the support desk: what reads bundles.

use std::path::PathBuf;

use clap::Args;

use crate::{read::inflated::GAIN, units};

/// `glsos unpack`.
#[derive(Debug, Args)]
pub struct Unpack {
    /// Bundles of glsos, whole or not, or other tar archives, plain or gzip's
    #[arg(value_name = "BUNDLE", required = true)]
    pub bundles: Vec<PathBuf>,

    /// The folder below which each gets its own, TICKET/HOST/TIME: 'no-ticket' and its like for what it does
    /// not tell
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub into: PathBuf,

    /// At most this many files and folders of each
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    pub max_files: u64,

    /// At most this much of each in all
    #[arg(long, value_name = "SIZE", default_value = "20GiB", value_parser = units::parse_size)]
    pub max_size: u64,

    /// At most this many times the archive's own size, from 64 MiB on
    #[arg(long, value_name = "N", default_value_t = GAIN)]
    pub max_ratio: u64,

    /// Say nothing but errors
    #[arg(short, long)]
    pub quiet: bool,
}

/// `glsos show`.
#[derive(Debug, Args)]
pub struct Show {
    /// A bundle of glsos, whole or not, or another tar archive, plain or gzip's
    #[arg(value_name = "BUNDLE")]
    pub bundle: PathBuf,

    /// The entry to print: its name with or without the top folder, its path on the host, COLLECTOR/SOURCE, the
    /// end of its name if no other one ends so, or a pattern with * and **; a folder is listed
    #[arg(value_name = "PATH")]
    pub path: Option<String>,

    /// Print the lines that match, as ENTRY:LINE:TEXT, of PATH or of all entries; compressed ones are inflated
    #[arg(long, value_name = "REGEX", allow_hyphen_values = true)]
    pub grep: Option<String>,

    /// Tell entries, or matches, as JSON, a line each
    #[arg(long)]
    pub json: bool,
}
