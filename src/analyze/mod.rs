//! Facts → findings: one list of analyzers, each with what trips it, its advice and a page of GitLab's
//! documentation.
//!
//! An analyzer looks at facts only; it reads no bundle. `docs/findings.md` derives from the list.

mod finding;

pub use finding::{Evidence, Finding, Severity};
