//! What was typed → what is meant → the library → what is said.
//!
//! `args` declares the command line once; help, man page, completions and docs derive from it.
//! `console` is the only module that prints.

pub mod args;
pub mod console;

use std::{ffi::OsString, process::ExitCode};

use clap::Parser;

use crate::{error::Kind, exit_codes};
use console::Console;

/// Runs the program as `argv` says; returns its exit code.
pub fn main(argv: impl IntoIterator<Item = OsString>) -> ExitCode {
    let typed = match args::Cli::try_parse_from(argv) {
        Ok(typed) => typed,
        Err(error) => {
            let code = if error.use_stderr() { exit_codes::USAGE } else { exit_codes::OK };
            Console::default().clap(&error);
            return code.into();
        }
    };
    let console = Console::default();
    match dispatch(typed, &console) {
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

fn dispatch(typed: args::Cli, _console: &Console) -> crate::error::Result<u8> {
    match typed.command {}
}
