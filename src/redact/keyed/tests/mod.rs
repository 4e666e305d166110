//! Tables of texts, the values in them written between `‹` and `›`: those must go, all else must stay.

mod announced;
mod borders;
mod commands;
mod config;
mod corners;
mod directives;
mod formats;
mod hostile;
mod json;
mod logins;
mod programs;
mod protocols;
mod said;
mod survive;
mod typed;
mod web;

use crate::redact::{
    finder::{Finder, Span, Window},
    ruled::Ruled,
};

/// The spans in a text that is one window.
fn spans<'r>(keyed: &'r Ruled, text: &[u8]) -> Vec<Span<'r>> {
    let mut spans = Vec::new();
    keyed.find(&Window { text, own: 0..text.len(), first: true, last: true }, &mut spans);
    spans
}

/// The text with `█` for each byte run that goes, and quotes around it where the span asks for them.
fn redacted(keyed: &Ruled, text: &[u8]) -> String {
    render(text, spans(keyed, text), "█")
}

fn render(text: &[u8], mut spans: Vec<Span<'_>>, marker: &str) -> String {
    spans.sort_by_key(|span| (span.range.start, span.range.end));
    let (mut out, mut at) = (Vec::new(), 0);
    let mut spans = spans.into_iter().peekable();
    while let Some(span) = spans.next() {
        let mut end = span.range.end;
        while let Some(next) = spans.next_if(|next| next.range.start < end) {
            end = end.max(next.range.end);
        }
        out.extend_from_slice(&text[at..span.range.start]);
        let quote = if span.quoted { "\"" } else { "" };
        out.extend_from_slice(format!("{quote}{marker}{quote}").as_bytes());
        at = end;
    }
    out.extend_from_slice(&text[at..]);
    String::from_utf8_lossy(&out).into_owned()
}

/// Checks a table of marked texts; a text without marks must survive whole.
fn check(table: &[&str]) {
    let keyed = Ruled::new(&[]).only_keyed();
    let mut wrong = Vec::new();
    for marked in table {
        let text: String = marked.replace(['‹', '›'], "");
        let mut expected = String::new();
        let mut rest = *marked;
        while let Some((before, behind)) = rest.split_once('‹') {
            let (_, after) = behind.split_once('›').expect("each ‹ has its ›");
            expected.push_str(before);
            expected.push('█');
            rest = after;
        }
        expected.push_str(rest);
        let found = redacted(&keyed, text.as_bytes()).replace("\"█\"", "█");
        if found != expected.replace("\"█\"", "█") {
            wrong.push(format!("  text {text:?}\n  want {expected:?}\n  got  {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} wrong:\n{}", wrong.len(), table.len(), wrong.join("\n\n"));
}
