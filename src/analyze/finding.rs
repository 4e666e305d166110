//! One statement about a bundle, with what shows it.

use serde::{Deserialize, Serialize};

/// How bad it is; the worst is the greatest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Severity {
    /// Worth knowing; nothing may be wrong.
    Notice,
    /// Something is wrong, or soon will be.
    Warning,
    /// GitLab does not work, or data is in danger.
    Critical,
}

impl Severity {
    /// The word for it.
    pub fn word(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Critical => "critical",
        }
    }
}

/// A line that shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The entry's name in the bundle.
    pub entry: String,
    /// The line in it, from 1; none for the entry as a whole.
    pub line: Option<u64>,
    /// The line, shortened; as it stands in the bundle, so not escaped.
    pub text: String,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The analyzer's name.
    pub analyzer: &'static str,
    /// What it is about, where an analyzer may find it of several: a mount, a service, an index. Two bundles
    /// have the same finding if analyzer, subject and severity are the same, whatever its figures.
    pub subject: String,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in one line; may hold words of the host's, so not escaped.
    pub title: String,
    /// What shows it; the most telling first, at most a few.
    pub evidence: Vec<Evidence>,
    /// What to do.
    pub advice: &'static str,
    /// A page of GitLab's documentation.
    pub link: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_is_the_greatest() {
        assert!(Severity::Critical > Severity::Warning && Severity::Warning > Severity::Notice);
    }
}
