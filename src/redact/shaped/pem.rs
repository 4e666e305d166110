//! Private keys in PEM and PGP armour: over lines, each behind a log prefix, escaped on one line, or
//! cut off before their footer. Each line of one goes for itself, so that lines and what stands
//! before them stay. Certificates and public keys are not looked at: they are no secret.

use std::ops::Range;

use super::{form::Match, rule::Found, text::Text};
use crate::redact::finder::Until;

/// How far a footer is looked for.
const LONGEST: usize = 64 << 10;

/// Longest prefix of a log line that is looked back for.
const PREFIX: usize = 512;

/// How far before a footer the lines of a key without its header are looked for.
pub(super) const HEADLESS: usize = 16 << 10;

/// Least base64 that makes a line of a key out of what stands behind a header.
const BODY: usize = 16;

/// Least base64 in a line of something else, with the key's line in the middle of it.
const INSIDE: usize = 32;

/// Behind a header's `PRIVATE KEY-----`.
pub(super) fn find(text: &mut Text<'_>, header: Match, found: &mut Found<'_, '_>) {
    let Some(begin) = place_of(text, header.from, b"BEGIN") else {
        if let Some(end) = place_of(text, header.from, b"END") {
            headless(text, end..header.to, found);
        }
        return;
    };
    let line_end = text.line_end(header.to);
    let until = text.bytes.len().min(header.to.saturating_add(LONGEST));
    let footer = footer(text, header.to, until);
    if let Some(footer) = footer.clone().filter(|footer| footer.start < line_end) {
        let body = text.slice(header.to..footer.start);
        if longest_run(body).len() >= BODY {
            found.push(text, begin..footer.end);
        }
        return;
    }
    let inline = inline_end(text, header.to, line_end.min(until));
    if inline > header.to {
        let open = text.is_cut_at(inline).then_some(Until::WordEnd);
        found.push_open(text, begin..inline, open);
        return;
    }
    lines(text, begin..header.to, line_end, footer, found);
}

/// Where `-----BEGIN RSA ` begins, or `-----END RSA `, before the words `PRIVATE KEY` at `at`.
fn place_of(text: &Text<'_>, at: usize, word: &[u8]) -> Option<usize> {
    let before = text.before(at, 64);
    let place = memchr::memmem::rfind(before, word)?;
    let kind = &before[place + word.len()..];
    // `+` and `%20` where spaces are encoded.
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'+' | b'%');
    let dashes = before[..place].trim_ascii_end();
    let width = dashes.iter().rev().take_while(|byte| **byte == b'-').count();
    (width >= 3 && kind.iter().all(plain)).then(|| at - before.len() + dashes.len() - width)
}

/// A key whose header was cut off: the lines before its footer, upwards, as long as they are its own.
fn headless(text: &Text<'_>, footer: Range<usize>, found: &mut Found<'_, '_>) {
    let mut start = text.line_start(footer.start, PREFIX);
    let prefix = text.slice(start..footer.start);
    let mut body = Vec::new();
    let first = footer.start.saturating_sub(HEADLESS);
    while start > first {
        let end = start - if text.before(start, 2) == b"\r\n" { 2 } else { 1 };
        start = text.line_start(end, PREFIX);
        match body_of(text, start..end, prefix, false) {
            // All lines but the last are full.
            Line::Body(range) if body.is_empty() || range.len() >= INSIDE => body.push(range),
            Line::Nothing if body.is_empty() => {}
            _ => break,
        }
    }
    if body.iter().any(|line| line.len() >= INSIDE) {
        body.into_iter().rev().for_each(|line| found.push(text, line));
        found.push(text, footer);
    }
}

/// The next `-----END …-----`, if no other key begins before it.
fn footer(text: &Text<'_>, from: usize, until: usize) -> Option<Range<usize>> {
    let area = text.slice(from..until);
    for dashes in memchr::memmem::find_iter(area, b"---") {
        let behind = &area[dashes + 3..area.len().min(dashes + 8)];
        let behind = behind.trim_ascii_start();
        let behind = behind.strip_prefix(b"--").unwrap_or(behind).trim_ascii_start();
        if behind.starts_with(b"BEG") {
            return None;
        }
        if behind.starts_with(b"EN") {
            let start = from + dashes;
            let label = &area[dashes + 3..area.len().min(dashes + 96)];
            let label = label.strip_prefix(b"--").unwrap_or(label);
            let closing = memchr::memmem::find(label, b"---").unwrap_or(0);
            let rest = &label[closing..];
            let width = rest.iter().take_while(|byte| **byte == b'-').count();
            let behind = start + 3 + (area[dashes + 3..].len().min(93) - label.len()) + closing + width;
            return Some(start..behind);
        }
    }
    None
}

/// The end of a key that goes on behind its header on the same line, escaped, its footer cut off;
/// or `at`, where none does.
fn inline_end(text: &Text<'_>, at: usize, until: usize) -> usize {
    let area = text.slice(at..until);
    let first = area.iter().position(|byte| !matches!(byte, b'\\' | b'n' | b'r' | b' ' | b'+')).unwrap_or(0);
    // Behind `%0A` or nothing at all.
    let body = area[first..].strip_prefix(b"%0A").unwrap_or(&area[first..]);
    if body.iter().take_while(|byte| is_base64(**byte)).count() < BODY {
        return at;
    }
    let mut end = 0;
    while end < area.len() {
        match area[end] {
            byte if is_base64(byte) || matches!(byte, b'\\' | b'%') => end += 1,
            b' ' if area[end + 1..].iter().take(BODY).filter(|byte| is_base64(**byte)).count() == BODY => {
                end += 1
            }
            _ => break,
        }
    }
    let mut body = &area[..end];
    while let Some(before) = [&b"\\n"[..], b"\\r", b"\\", b"%"].iter().find_map(|end| body.strip_suffix(*end))
    {
        body = before;
    }
    at + body.len()
}

/// A key whose body stands on the lines behind its header.
fn lines(
    text: &Text<'_>,
    header: Range<usize>,
    mut end: usize,
    footer: Option<Range<usize>>,
    found: &mut Found<'_, '_>,
) {
    let start = text.line_start(header.start, PREFIX);
    let prefix = text.slice(start..header.start);
    let until = footer.as_ref().map_or(text.bytes.len().min(header.end.saturating_add(LONGEST)), |f| f.start);
    let mut body = Vec::new();
    while end < until {
        let from = text.behind_line_end(end);
        end = text.line_end(from).min(until);
        let line = from..end;
        // What stands before the footer on its line is seldom a part of the key.
        let closed = footer.as_ref().is_some_and(|footer| footer.start != end);
        match body_of(text, line, prefix, closed) {
            Line::Body(range) => body.push(range),
            Line::Nothing => {}
            Line::Other if footer.is_some() => {}
            Line::Other => {
                until_here(text, header, body, None, found);
                return;
            }
        }
    }
    let cut = footer.is_none() && text.is_cut_at(end);
    let whole = body.iter().any(|line: &Range<usize>| line.len() >= BODY);
    body.extend(footer.filter(|_| whole));
    until_here(text, header, body, cut.then_some(Until::PemEnd), found);
}

fn until_here(
    text: &Text<'_>,
    header: Range<usize>,
    body: Vec<Range<usize>>,
    open: Option<Until>,
    found: &mut Found<'_, '_>,
) {
    let Some(last) = body.last().cloned().filter(|_| body.iter().any(|line| line.len() >= BODY)) else {
        return;
    };
    found.push(text, header);
    // A block answers only for the lines that begin in it; the last of those goes on to the end.
    let own = found.own().end;
    let last_own = body.iter().rposition(|line| line.start < own);
    for (at, line) in body.into_iter().enumerate() {
        match open {
            Some(_) if Some(at) == last_own => found.push_open(text, line.start..last.end, open),
            _ => found.push(text, line),
        }
    }
}

/// What a line between header and footer is.
enum Line {
    /// A part of the key.
    Body(Range<usize>),
    /// Empty, or a header field of the armour.
    Nothing,
    /// Something else.
    Other,
}

fn body_of(text: &Text<'_>, line: Range<usize>, prefix: &[u8], closed: bool) -> Line {
    let whole = text.slice(line.clone());
    let skipped = if whole.starts_with(prefix) { prefix.len() } else { 0 };
    let content = &whole[skipped..];
    let leading = content.len() - content.trim_ascii_start().len();
    let content = trim_end(&content[leading..]);
    let start = line.start + skipped + leading;
    if content.is_empty() {
        return Line::Nothing;
    }
    if content.iter().all(|byte| is_base64(*byte)) {
        return Line::Body(start..start + content.len());
    }
    let tail = content.iter().rev().take_while(|byte| is_base64(**byte)).count();
    let least = if closed { BODY } else { INSIDE + 8 };
    if tail >= least || (tail > 0 && content.ends_with(b"=")) {
        let end = start + content.len();
        return Line::Body(end - tail..end);
    }
    let inside = longest_run(content);
    if inside.len() >= INSIDE && closed {
        return Line::Body(start + inside.start..start + inside.end);
    }
    // A short last line of the key, quoted or behind a prefix of another length.
    if closed && tail > 0 && whole.len() + line.start == line.end && is_before_footer(text, line.end) {
        let end = start + content.len();
        return Line::Body(end - tail..end);
    }
    if is_field(content) { Line::Nothing } else { Line::Other }
}

fn is_before_footer(text: &Text<'_>, line_end: usize) -> bool {
    let next = text.behind_line_end(line_end);
    let next = text.slice(next..text.line_end(next).min(next + PREFIX));
    memchr::memmem::find(next, b"---END").or_else(|| memchr::memmem::find(next, b"--- END")).is_some()
}

/// `Proc-Type: 4,ENCRYPTED`, `Comment: …`: fields of the armour.
fn is_field(content: &[u8]) -> bool {
    let names: [&[u8]; 7] =
        [b"Proc-Type:", b"DEK-Info:", b"Version:", b"Comment:", b"Hash:", b"Charset:", b"Subject:"];
    names.iter().any(|name| content.starts_with(name))
}

/// Without what may follow a line of a key: colours, quotes, escaped line ends, commas.
fn trim_end(mut content: &[u8]) -> &[u8] {
    loop {
        let before = content.len();
        content = content.trim_ascii_end();
        for end in [&b"\""[..], b"'", b",", b"+ ", b"\\n", b"\\r", b"\\", b"\x1b[0m", b"\x1b[m"] {
            content = content.strip_suffix(end).unwrap_or(content);
        }
        if content.len() == before {
            return content;
        }
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=')
}

/// The longest base64 run.
fn longest_run(content: &[u8]) -> Range<usize> {
    let mut longest = 0..0;
    let mut at = 0;
    for run in content.split(|byte| !is_base64(*byte)) {
        if run.len() > longest.len() {
            longest = at..at + run.len();
        }
        at += run.len() + 1;
    }
    longest
}

/// PuTTY's `Private-Lines: N`, and N lines of base64.
pub(super) fn putty(text: &mut Text<'_>, header: Match, found: &mut Found<'_, '_>) {
    let digits = text.slice(header.start..header.end);
    let count: usize = std::str::from_utf8(digits).ok().and_then(|d| d.parse().ok()).unwrap_or(0);
    let mut end = text.line_end(header.end);
    for _ in 0..count.min(1000) {
        if end >= text.bytes.len() {
            return;
        }
        let from = text.behind_line_end(end);
        end = text.line_end(from);
        match body_of(text, from..end, b"", false) {
            Line::Body(range) => found.push(text, range),
            Line::Nothing | Line::Other => return,
        }
    }
}
