//! The error that reaches the user: what happened, to which path, and what to do.
//!
//! Modules below have small typed errors of their own and turn them into this one where a command
//! ends. Never holds a secret: texts are made from paths and causes, not from file contents.

use std::fmt;

/// Who can mend it; decides the exit code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The command line, or a file that the user wrote (collector, policy).
    Usage,
    /// The machine: a full disk, a missing permission.
    Host,
    /// A defect of glsos.
    Internal,
}

/// `error: …`, followed by any number of `hint: …` lines.
#[derive(Debug, Clone)]
pub struct Error {
    /// Who can mend it.
    pub kind: Kind,
    /// What was being done, to which path, and what went wrong. May span lines (a caret display).
    pub message: String,
    /// What to do next.
    pub hints: Vec<String>,
}

impl Error {
    /// The user can mend it by typing or writing something else.
    pub fn usage(message: impl Into<String>) -> Self {
        Self { kind: Kind::Usage, message: message.into(), hints: Vec::new() }
    }

    /// The machine is in the way.
    pub fn host(message: impl Into<String>) -> Self {
        Self { kind: Kind::Host, message: message.into(), hints: Vec::new() }
    }

    /// A defect of glsos.
    pub fn internal(message: impl Into<String>) -> Self {
        Self { kind: Kind::Internal, message: message.into(), hints: Vec::new() }
    }

    /// The same error with one more piece of advice.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hints.push(hint.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

/// What a command of glsos returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;
