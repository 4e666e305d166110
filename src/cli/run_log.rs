//! `glsos/run.log`: what happened when, in the order in which it happened. Redacted as a whole at the end.

use std::{
    fmt::Write,
    sync::{Mutex, PoisonError},
};

use jiff::Timestamp;

use super::console::escape_line;
use crate::redact::{Redacted, Redactor};

/// Longest log; what comes after is counted.
const LONGEST: usize = 4 << 20;

/// The log of a run.
#[derive(Debug, Default)]
pub(super) struct RunLog(Mutex<(String, u64)>);

impl RunLog {
    /// What an earlier run wrote, and then this one.
    pub(super) fn beginning_with(old: &str) -> Self {
        let mut old = old.to_owned();
        if !old.is_empty() && !old.ends_with('\n') {
            old.push('\n');
        }
        Self(Mutex::new((old, 0)))
    }

    /// One line, with the time before it. Whoever reads the log does so on a terminal.
    pub(super) fn line(&self, text: &str) {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if log.0.len() > LONGEST {
            log.1 += 1;
            return;
        }
        // Writing to a String does not fail.
        let _ = writeln!(log.0, "{:.3} {}", Timestamp::now(), escape_line(text));
    }

    /// All lines, redacted. What can't be redacted is replaced by that fact.
    pub(super) fn redacted(&self, redactor: &Redactor) -> Redacted {
        let log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = log.0.clone();
        if log.1 > 0 {
            let _ = writeln!(text, "{} more lines were left out", log.1);
        }
        let mut redacted = Redacted::empty();
        let mut stream = redactor.stream();
        let made = stream.push(text.as_bytes(), &mut redacted).and_then(|()| stream.finish(&mut redacted));
        match made {
            Ok(_) => redacted,
            Err(_) => Redacted::literal("the run log could not be redacted, and is withheld\n"),
        }
    }
}
