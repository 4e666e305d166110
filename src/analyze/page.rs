//! docs/findings.md, made from the list of analyzers; a test fails on drift.

use std::fmt::Write as _;

use super::{Look, all};

const INTRODUCTION: &str = "\
# Findings

What `glsos report` looks for. Each finding has a severity, the lines that show it, advice, and a page of GitLab's
documentation. What a bundle does not tell is never a finding, and a host that is well has none.

- **critical**: GitLab does not work, or data is in danger.
- **warning**: something is wrong, or soon will be.
- **notice**: worth knowing; nothing may be wrong.

`glsos report --fail-on warning` ends with exit code 4 if there is one of that severity or worse. This page is written
by the program's tests from the same list that the program uses.

| finding | when | what to do |
|---|---|---|
";

/// The page.
pub fn page() -> String {
    let mut out = String::from(INTRODUCTION);
    for analyzer in all() {
        let several = if matches!(analyzer.look, Look::Site(_)) { "Several bundles: " } else { "" };
        // Writing to a String does not fail.
        let _ = writeln!(
            out,
            "| `{}` | {several}{} | {} [GitLab's documentation]({}) |",
            analyzer.name, analyzer.about, analyzer.advice, analyzer.link
        );
    }
    out
}
