//! The only module that prints. stdout is for data, stderr for talk; control characters of
//! untrusted text are escaped before they reach a terminal.

use std::io::{self, IsTerminal, Write};

use crate::error::{Error, Result};

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

    /// All that a reader still has, to stdout. Unlike `data`, a closed pipe is an error: half a bundle is none.
    pub fn stream(&self, from: &mut impl io::Read) -> Result<()> {
        let mut out = io::stdout().lock();
        io::copy(from, &mut out)
            .and_then(|_| out.flush())
            .map_err(|error| Error::host(format!("writing the bundle to stdout: {error}")))
    }

    /// One JSON value as a line on stdout.
    pub fn event(&self, value: &serde_json::Value) -> io::Result<()> {
        self.data(format!("{value}\n").as_bytes())
    }

    /// Whether stdout is a terminal.
    pub fn data_goes_to_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// One line of talk.
    pub fn say(&self, line: &str) {
        if !self.quiet {
            talk(format!("{}\n", escape(line)));
        }
    }

    /// An error with its hints.
    pub fn error(&self, error: &Error) {
        let mut text = format!("error: {}\n", escape(&error.message));
        error.hints.iter().for_each(|hint| text.push_str(&format!("hint: {}\n", escape(hint))));
        talk(text);
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

/// To stderr, in one piece. Where nobody listens (a full disk, a closed terminal) the run goes on all the
/// same: `eprintln!` would panic.
fn talk(text: String) {
    let _ = io::stderr().lock().write_all(text.as_bytes());
}

/// Control characters (but newline and tab) and bidirectional marks as `\u{…}`, so that a name or a
/// log line from a stranger's host can't drive the terminal or reverse what is read.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        let bidi = matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}');
        if (c.is_control() && c != '\n' && c != '\t') || bidi {
            safe.extend(c.escape_unicode());
        } else {
            safe.push(c);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hostile_name_cannot_drive_the_terminal() {
        assert_eq!(escape("a\u{1b}[2Jb\u{202e}c\n\td"), "a\\u{1b}[2Jb\\u{202e}c\n\td");
    }
}
