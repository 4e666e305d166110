//! The only module that prints. stdout is for data, stderr for talk; control characters of
//! untrusted text are escaped before they reach a terminal. A stderr that nobody reads, or that is a
//! file on a full disk, is no reason to lose a bundle: what can't be said is not said.
#![allow(clippy::disallowed_macros)] // this is the module that the ban points to

use std::io::{self, IsTerminal, Write};

use crate::{
    error::{Error, Result},
    host::{Flow, input::Input},
};

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

/// Control characters (but newline and tab) and bidirectional marks as `\u{…}`, so that a name or a
/// log line from a stranger's host can't drive the terminal or reverse what is read.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_odd(c) && c != '\n' && c != '\t' { safe.extend(c.escape_unicode()) } else { safe.push(c) }
    }
    safe
}

/// The same for one name or reason in a line of many: what ends a line could forge the next one.
pub fn escape_line(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        if is_odd(c) { safe.extend(c.escape_default()) } else { safe.push(c) }
    }
    safe
}

/// JSON as ASCII would write what a terminal might act on; that stands in strings only.
pub fn escape_json(json: &str) -> String {
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        // All of these are below U+10000, so one unit of UTF-16 tells them.
        if is_odd(c) { safe.push_str(&format!("\\u{:04x}", u32::from(c))) } else { safe.push(c) }
    }
    safe
}

fn is_odd(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_cannot_drive_the_terminal() {
        assert_eq!(escape("a\u{1b}[2Jb\u{202e}c\n\td"), "a\\u{1b}[2Jb\\u{202e}c\n\td");
    }

    #[test]
    fn a_name_with_a_line_end_cannot_forge_a_line() {
        assert_eq!(escape_line("a\nerror: b\u{9b}2J"), "a\\nerror: b\\u{9b}2J");
    }

    #[test]
    fn json_for_a_terminal_still_says_the_same() {
        let value = serde_json::json!({"entry": "a\u{9b}2J\u{7f}\u{202e}é\n\u{1b}"});
        let text = escape_json(&value.to_string());
        assert!(text.chars().all(|c| !is_odd(c)), "{text}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
