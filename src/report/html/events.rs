//! What happened when: a lane for each kind, and the list below.

use jiff::Timestamp;

use super::{clock, put, scale::ticks};
use crate::{
    escape::html,
    report::{Event, Node},
};

/// Marks in a lane: more are one blot.
const MARKS: usize = 400;
/// Rows that are seen at once; more can be opened.
const SEEN: usize = 8;
/// Rows in all.
const ROWS: usize = 200;
/// Kinds that did harm.
const BAD: [&str; 3] = ["oom", "kill", "errors"];

/// All nodes' events on one stretch of time.
pub(super) fn timeline(out: &mut String, nodes: &[Node]) {
    let mut events: Vec<(&Event, &str)> =
        nodes.iter().flat_map(|node| node.events.iter().map(|event| (event, node.name.as_str()))).collect();
    events.sort();
    let (Some((first, _)), Some((last, _))) = (events.first(), events.last()) else { return };
    let windows = || nodes.iter().filter_map(|node| node.window);
    let from = windows().map(|(from, _)| from).min().map_or(first.time, |from| from.min(first.time));
    let to = windows().map(|(_, to)| to).max().map_or(last.time, |to| to.max(last.time));
    put!(out, "<section id=\"events\">\n<h2>What happened when</h2>\n");
    lanes(out, &events, from, to);
    let (seen, more) = events.split_at(events.len().min(SEEN));
    put!(out, "<div class=\"card\">");
    list(out, seen, nodes.len() > 1);
    if !more.is_empty() {
        put!(out, "<details class=\"more\"><summary>{} more</summary>", more.len());
        list(out, &more[..more.len().min(ROWS)], nodes.len() > 1);
        if more.len() > ROWS {
            put!(out, "<p class=\"more\">and {} more</p>", more.len() - ROWS);
        }
        put!(out, "</details>");
    }
    let left_out: u64 = nodes.iter().map(|node| node.events_left_out).sum();
    if left_out > 0 {
        put!(out, "<p class=\"more\">and {left_out} older ones that are not told</p>");
    }
    put!(out, "</div>\n</section>\n");
}

fn lanes(out: &mut String, events: &[(&Event, &str)], from: Timestamp, to: Timestamp) {
    let seconds = to.as_second().saturating_sub(from.as_second()).max(1);
    let mut kinds: Vec<&str> = events.iter().map(|(event, _)| event.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    put!(out, "<div class=\"lanes card\">");
    for kind in kinds {
        put!(out, "<div class=\"lane\"><span>{}</span><div>", html(kind));
        let bad = if BAD.contains(&kind) { " class=\"bad\"" } else { "" };
        for (event, name) in events.iter().filter(|(event, _)| event.kind == kind).take(MARKS) {
            let at = event.time.as_second().saturating_sub(from.as_second()) as f64 / seconds as f64 * 100.0;
            put!(out, "<i{bad} style=\"left:{at:.2}%\" title=\"{}", html(&clock(event.time)));
            put!(out, " {} {}: {}\"></i>", html(name), html(&event.component), html(&event.text));
        }
        put!(out, "</div></div>");
    }
    put!(out, "<div class=\"axis\">");
    for (at, text) in ticks(from, seconds) {
        put!(out, "<span style=\"left:{at:.1}%\">{}</span>", html(&text));
    }
    put!(out, "</div></div>\n");
}

fn list(out: &mut String, events: &[(&Event, &str)], several: bool) {
    put!(out, "<ol class=\"events\">");
    for (event, name) in events {
        put!(out, "<li><time>{}</time><span>{}</span><span>", html(&clock(event.time)), html(event.kind));
        if several {
            put!(out, "{} · ", html(name));
        }
        put!(out, "{}</span><span>{}</span>", html(&event.component), html(&event.text));
        put!(out, "<span class=\"where\">{}:{}</span></li>", html(&event.entry), event.line);
    }
    put!(out, "</ol>");
}
