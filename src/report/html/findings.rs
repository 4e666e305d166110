//! What is wrong, the worst first: the first thing that is seen.

use super::put;
use crate::{
    analyze::{Evidence, Finding, Severity},
    escape::html,
    report::Told,
};

/// Lines that are seen at once; more can be opened.
const SEEN: usize = 2;
const SEVERITIES: [Severity; 3] = [Severity::Critical, Severity::Warning, Severity::Notice];

/// How many of what severity.
pub(super) fn verdict(out: &mut String, findings: &[Told]) {
    put!(out, "<div class=\"verdict\">");
    for severity in SEVERITIES {
        let count = findings.iter().filter(|told| told.finding.severity == severity).count();
        if count > 0 {
            let word = severity.word();
            let plural = if severity == Severity::Critical || count == 1 { "" } else { "s" };
            put!(out, "<span class=\"pill {word}\">{count} {word}{plural}</span>");
        }
    }
    if findings.is_empty() {
        put!(out, "<span class=\"pill good\">nothing found</span>");
    }
    put!(out, "</div>\n");
}

/// All of them.
pub(super) fn list(out: &mut String, findings: &[Told], names: &[&str]) {
    if findings.is_empty() {
        put!(
            out,
            "<p class=\"card clean\">Nothing of what glsos looks for is wrong here. What it could not look at is \
             told below.</p>\n"
        );
        return;
    }
    put!(out, "<ol class=\"findings card\">\n");
    for told in findings {
        let name = told.node.and_then(|node| names.get(node)).filter(|_| names.len() > 1);
        finding(out, &told.finding, name.copied());
    }
    put!(out, "</ol>\n");
}

fn finding(out: &mut String, finding: &Finding, name: Option<&str>) {
    let word = finding.severity.word();
    put!(
        out,
        "<li class=\"{word}\"><div class=\"head\"><span class=\"title\">{}</span>",
        html(&finding.title)
    );
    put!(out, "<span class=\"pill {word}\">{word}</span>");
    if let Some(name) = name {
        put!(out, "<span class=\"node\">{}</span>", html(name));
    }
    put!(out, "</div>\n<p class=\"advice\">");
    // What stands between backticks is to be typed.
    for (number, part) in finding.advice.split('`').enumerate() {
        if number % 2 == 1 { put!(out, "<code>{}</code>", html(part)) } else { put!(out, "{}", html(part)) }
    }
    if finding.link.starts_with("https://") {
        put!(out, " <a href=\"{}\" rel=\"noreferrer\">GitLab’s documentation</a>", html(finding.link));
    }
    put!(out, "</p>\n");
    let (seen, more) = finding.evidence.split_at(finding.evidence.len().min(SEEN));
    evidence(out, seen);
    if !more.is_empty() {
        put!(out, "<details><summary>{} more</summary>\n", more.len());
        evidence(out, more);
        put!(out, "</details>\n");
    }
    put!(out, "</li>\n");
}

fn evidence(out: &mut String, lines: &[Evidence]) {
    if lines.is_empty() {
        return;
    }
    put!(out, "<ul class=\"evidence\">");
    for Evidence { entry, line, text } in lines {
        put!(out, "<li><span class=\"where\">{}", html(entry));
        if let Some(line) = line {
            put!(out, ":{line}");
        }
        put!(out, "</span><code>{}</code></li>", html(text));
    }
    put!(out, "</ul>\n");
}
