//! How one entry ended. Every entry has one, with a reason; a failure is data, never a reason to stop.

use serde::{Deserialize, Serialize};

/// The seven ways in which an entry can end, as the manifest names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All that the plan asked for is there.
    Complete,
    /// A limit cut it; the newest lines of a log, the beginning of anything else, are there.
    Truncated,
    /// Not tried, or not there: a missing tool, file or role.
    Skipped,
    /// The system refused.
    Denied,
    /// It did not end, or did not answer, in time; what came until then is there.
    TimedOut,
    /// It was tried and went wrong.
    Failed,
    /// It was read, and is not in the bundle, because it could not be redacted for certain.
    Withheld,
}

impl Outcome {
    /// The manifest's word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Complete => "complete",
            Self::Truncated => "truncated",
            Self::Skipped => "skipped",
            Self::Denied => "denied",
            Self::TimedOut => "timed-out",
            Self::Failed => "failed",
            Self::Withheld => "withheld",
        }
    }
}

/// An outcome and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ending {
    /// How it ended.
    pub outcome: Outcome,
    /// Why; empty only for `complete`.
    pub reason: String,
}

impl Ending {
    /// All that was asked for.
    pub fn complete() -> Self {
        Self { outcome: Outcome::Complete, reason: String::new() }
    }

    /// Any other ending, which needs its reason.
    pub fn new(outcome: Outcome, reason: impl Into<String>) -> Self {
        Self { outcome, reason: reason.into() }
    }
}
