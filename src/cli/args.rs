//! The command line, declared once. Help, man page, completions and docs/cli.md derive from it.

use clap::{Parser, Subcommand};

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
pub enum Command {}
