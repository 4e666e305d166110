//! What was typed → what is meant → the library → what is said.
//!
//! `args` declares the command line once; help and docs derive from it.
//! `console` is the only module that prints.

pub mod args;
mod catalogs;
mod collect;
pub mod console;
mod diff;
mod dry_run;
mod facts;
mod mapping;
mod memory;
mod moment;
mod options;
pub mod page;
mod places;
pub mod policy;
mod progress;
mod redact;
mod redaction;
mod report;
mod reveal;
mod review;
mod rewrite;
mod run_log;
mod show;
mod signals;
mod summary;
mod target;
mod trail;
mod unpack;
mod verify;

use std::{
    ffi::OsString,
    panic::{self, AssertUnwindSafe},
    process::ExitCode,
};

use clap::Parser;

use crate::{
    error::{Kind, Result},
    exit_codes,
};
use console::Console;
pub use memory::Memory;

/// Runs the program as `argv` says; returns its exit code.
pub fn main(argv: impl IntoIterator<Item = OsString>) -> ExitCode {
    console::keep_panics_short();
    signals::survive_size_limits();
    let typed = match args::Cli::try_parse_from(argv) {
        Ok(typed) => typed,
        Err(error) => {
            let code = if error.use_stderr() { exit_codes::USAGE } else { exit_codes::OK };
            Console::default().clap(&error);
            return code.into();
        }
    };
    let quiet = match &typed.command {
        args::Command::Collect(collect) => collect.quiet,
        args::Command::Redact(redact) => redact.quiet,
        args::Command::Verify(verify) => verify.quiet,
        args::Command::Unpack(unpack) => unpack.quiet,
        _ => false,
    };
    let console = Console { quiet };
    // What was begun is undone on the way: no partial bundle stays. The hook has said where it was.
    let Ok(ended) = panic::catch_unwind(AssertUnwindSafe(|| dispatch(typed, &console))) else {
        return exit_codes::FAILED.into();
    };
    match ended {
        Ok(code) => code.into(),
        Err(error) => {
            console.error(&error);
            match error.kind {
                Kind::Usage => exit_codes::USAGE.into(),
                Kind::Host | Kind::Internal => exit_codes::FAILED.into(),
            }
        }
    }
}

fn dispatch(typed: args::Cli, console: &Console) -> Result<u8> {
    match typed.command {
        args::Command::Collect(collect) => collect::run(&collect, console),
        args::Command::Redact(redact) => redact::run(&redact, console),
        args::Command::Verify(verify) => verify::run(&verify, console),
        args::Command::Unpack(unpack) => unpack::run(&unpack, console),
        args::Command::Show(show) => show::run(&show, console),
        args::Command::Report(typed) => report::run(&typed, console),
        args::Command::Diff(typed) => diff::run(&typed, console),
        args::Command::Reveal(typed) => reveal::run(&typed, console),
        args::Command::List(catalogs) => catalogs::list(&catalogs, console),
        args::Command::Explain(explain) => catalogs::explain(&explain, console),
        args::Command::Collectors(args::Collectors::New { name }) => catalogs::new(&name, console),
        args::Command::Collectors(args::Collectors::Check { files }) => catalogs::check(&files, console),
    }
}
