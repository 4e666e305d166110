//! The only module that prints. stdout is for data, stderr for talk; control characters of
//! untrusted text are escaped before they reach a terminal. A stderr that nobody reads, or that is a
//! file on a full disk, is no reason to lose a bundle: what can't be said is not said.
#![allow(clippy::disallowed_macros)] // this is the module that the ban points to

use std::{
    io::{self, BufRead as _, IsTerminal, Read as _, Write},
    os::fd::AsFd as _,
};

use nix::sys::termios::{FlushArg, tcflush};

pub use crate::escape::{escape, escape_json, escape_line};
use crate::{
    error::{Error, Result},
    host::{Flow, input::Input, stop::Stop},
};

/// Bytes of an answer.
const LONGEST_ANSWER: u64 = 1024;

/// stdout and stderr.
#[derive(Debug, Clone, Copy, Default)]
pub struct Console {
    /// `-q`: only errors.
    pub quiet: bool,
}

impl Console {
    /// Data, as it is. A closed pipe ends the program's output silently, as with any filter.
    pub fn data(&self, bytes: &[u8]) -> io::Result<()> {
        let mut out = io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }

    /// A part of a text on its way to stdout. A closed pipe ends it: nobody reads any more.
    ///
    /// # Errors
    /// When it can't be written.
    pub fn part(&self, bytes: &[u8]) -> Result<Flow> {
        let mut out = io::stdout().lock();
        match out.write_all(bytes).and_then(|()| out.flush()) {
            Ok(()) => Ok(Flow::Go),
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(Flow::Stop),
            Err(error) => Err(Error::host(format!("writing to stdout: {error}"))),
        }
    }

    /// All that a reader still has, to stdout. Unlike `data`, a closed pipe is an error: half a bundle is none.
    pub fn stream(&self, from: &mut impl io::Read) -> Result<()> {
        let mut out = io::stdout().lock();
        io::copy(from, &mut out)
            .and_then(|_| out.flush())
            .map_err(|error| Error::host(format!("writing the bundle to stdout: {error}")))
    }

    /// One JSON value as a line on stdout.
    pub fn event(&self, value: &serde_json::Value) -> io::Result<()> {
        self.data(format!("{}\n", escape_json(&value.to_string())).as_bytes())
    }

    /// Whether stdout is the very file that is read.
    pub fn data_goes_to(&self, input: &Input) -> bool {
        input.is(io::stdout())
    }

    /// Whether stdout is a terminal.
    pub fn data_goes_to_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// One line of talk.
    pub fn say(&self, line: &str) {
        if !self.quiet {
            talk(&escape(line));
        }
    }

    /// An error with its hints.
    pub fn error(&self, error: &Error) {
        talk(&format!("error: {}", escape(&error.message)));
        error.hints.iter().for_each(|hint| talk(&format!("hint: {}", escape(hint))));
    }

    /// Help, version and usage errors, as clap renders them.
    pub fn clap(&self, error: &clap::Error) {
        let _ = error.print();
    }

    /// Whether there is a terminal to ask and to be answered on.
    pub fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// A question that only `y` or `yes` agrees to; a signal or the input's end is a no. What was typed before
    /// it was asked is no answer.
    ///
    /// # Errors
    /// When the answer can't be read.
    pub fn ask(&self, question: &str, stop: &Stop) -> Result<bool> {
        let trouble = |error: io::Error| Error::host(format!("reading the answer: {error}"));
        let input = io::stdin();
        let _ = tcflush(&input, FlushArg::TCIFLUSH);
        stop.begin_anew();
        loop {
            let _ = io::stderr().lock().write_all(escape(question).as_bytes());
            if stop.wait_for(input.as_fd()) == Flow::Stop {
                talk("");
                return Ok(false);
            }
            let mut answer = Vec::new();
            // A terminal gives a line at a time.
            let end = input.lock().take(LONGEST_ANSWER).read_until(b'\n', &mut answer).map_err(trouble)? == 0;
            match answer.trim_ascii().to_ascii_lowercase().as_slice() {
                b"y" | b"yes" => return Ok(true),
                b"" | b"n" | b"no" => return Ok(false),
                _ if end => return Ok(false),
                _ => {}
            }
        }
    }

    /// Whether stderr is a terminal.
    pub fn talks_to_terminal(&self) -> bool {
        io::stderr().is_terminal()
    }
}

/// A defect shows where it is and nothing more: the message of a panic may hold a piece of the text
/// that was at hand, and that is not redacted.
pub fn keep_panics_short() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic.location().map_or_else(String::new, |at| format!(" ({}:{})", at.file(), at.line()));
        talk(&format!("a defect of glsos{place}: what was at hand is left out; please report it"));
    }));
}

fn talk(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{line}");
}
