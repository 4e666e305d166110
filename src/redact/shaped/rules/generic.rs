//! Token formats that several services share.

use crate::redact::shaped::rule::Rule;

/// The table.
pub(super) static RULES: &[Rule] = &[Rule::token(
    "github-token",
    "GitHub token: acts as its user or app",
    &["gh[pousr]_{a30}", "github_pat_{w40}"],
)
.such_as(&["ghp_{a36}", "gho_{a36}", "ghu_{a36}", "ghs_{a36}", "ghr_{a36}", "github_pat_{a22}_{a59}"])];
