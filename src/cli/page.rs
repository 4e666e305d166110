//! docs/cli.md, made from the declaration in `args`; a test fails on drift.

use std::fmt::Write;

use clap::{Command, CommandFactory};

use super::args::Cli;

/// Columns of the help texts on the page.
const WIDTH: usize = 100;

/// The page.
pub fn page() -> String {
    let mut out = String::from(
        "# The command line\n\nMade from the program's own declaration; `GLSOS_BLESS=1 cargo test` writes it anew.\n",
    );
    section(&mut out, Cli::command().term_width(WIDTH), "");
    out
}

fn section(out: &mut String, command: Command, before: &str) {
    let name = format!("{before}{}", command.get_name());
    let help = command.clone().bin_name(&name).term_width(WIDTH).render_long_help().to_string();
    let lines: Vec<&str> = help.lines().map(str::trim_end).collect();
    // Writing to a String does not fail.
    let _ = write!(out, "\n## `{name}`\n\n```text\n{}\n```\n", lines.join("\n").trim_end());
    for inner in command.get_subcommands() {
        section(out, inner.clone(), &format!("{name} "));
    }
}
