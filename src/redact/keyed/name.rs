//! From a stem to the whole name around it. Whether a name is sensitive is `names`' knowledge.

use super::spelled::{Spelled, run_of_slashes, spelled};

/// A longer run of letters on one side of a stem is no name.
const REACH: usize = 96;

/// A name in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Name {
    /// Behind any dashes of an option.
    pub(super) start: usize,
    pub(super) end: usize,
    /// Dashes right before it.
    pub(super) dashes: usize,
    /// What it stands in, if in quotes.
    pub(super) quote: Option<Spelled>,
}

const fn classes() -> [bool; 256] {
    let mut inside = [false; 256];
    let mut byte = 0;
    while byte < 256 {
        let b = byte as u8;
        inside[byte] = b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        byte += 1;
    }
    inside
}

static INSIDE: [bool; 256] = classes();

/// Whether a byte is a part of a word of a name.
pub(super) fn is_inside(byte: u8) -> bool {
    INSIDE[usize::from(byte)]
}

/// Where the name that goes on at `from` ends; nothing for a run too long to be a name.
pub(super) fn end(text: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    loop {
        let byte = text.get(at).copied().unwrap_or(b' ');
        let dot = byte == b'.' && text.get(at + 1).is_some_and(u8::is_ascii_alphabetic);
        if !is_inside(byte) && !dot {
            return Some(at);
        }
        at += 1;
        if at - from > REACH {
            return None;
        }
    }
}

/// Where to look on in a run that is too long to be a name: near its end, where a stem may be a name's again.
pub(super) fn behind_run(text: &[u8], from: usize) -> usize {
    const STEM: usize = 16;
    let run = text.get(from..).unwrap_or_default().iter().take_while(|b| is_inside(**b)).count();
    from + run.saturating_sub(REACH + STEM)
}

/// The whole name around a stem; nothing inside a marker or behind a path or a module's `::`.
pub(super) fn around(text: &[u8], stem: usize, end: usize) -> Option<Name> {
    let low = stem.saturating_sub(REACH);
    let mut start = stem;
    while start > low && (is_inside(text[start - 1]) || dotted(text, start)) {
        start -= 1;
    }
    start = behind_escape(text, start, stem);
    // Perhaps the last of several markers without anything between.
    if memchr::memmem::rfind(&text[start..stem], b"__REDACTED.").is_some() {
        return None;
    }
    let dashes = text[start..stem].iter().take_while(|b| **b == b'-').count();
    start += dashes;
    Some(Name { start, end, dashes, quote: quote_before(text, start - dashes) })
}

fn dotted(text: &[u8], at: usize) -> bool {
    text[at - 1] == b'.' && at >= 2 && is_inside(text[at - 2])
}

/// Letters that belong to what stands before a name: `\npassword`, `\u0026token`, `%26token`, `ESC[0mtoken`.
fn behind_escape(text: &[u8], start: usize, stem: usize) -> usize {
    let run = &text[start..stem];
    let before = start.checked_sub(1).map_or(b' ', |i| text[i]);
    let hex = |n: usize| run.len() >= n && run[..n].iter().all(u8::is_ascii_hexdigit);
    let skip = match (before, run.first()) {
        (b'\\', Some(b'n' | b'r' | b't' | b'b' | b'f')) => 1,
        (b'\\', Some(b'x')) if run.len() >= 3 => 3,
        (b'\\', Some(b'u')) if run.len() >= 5 => 5,
        (b'\\', Some(b'0')) => run.iter().take(3).take_while(|b| b.is_ascii_digit()).count(),
        (b'%', Some(b'2')) if run.starts_with(b"25") && run.len() >= 4 => 4,
        (b'%', _) if hex(2) => 2,
        (b'[' | b';', _) => match run.iter().position(|b| !b.is_ascii_digit()) {
            // `;master_key` has no colour before it.
            Some(digits) if run[digits] == b'm' && (digits > 0 || text[..start].ends_with(b"\x1b[")) => {
                digits + 1
            }
            _ => 0,
        },
        _ => 0,
    };
    start + skip
}

/// The quote that ends at `at`, however it is written.
pub(super) fn quote_before(text: &[u8], at: usize) -> Option<Spelled> {
    let last = *text.get(at.checked_sub(1)?)?;
    let from = match last {
        b'"' | b'\'' | b'`' => {
            let mut from = at - 1;
            while from > 0 && text[from - 1] == b'\\' && at - from < 32 {
                from -= 1;
            }
            from
        }
        b'2' | b'7' => {
            let sign = text[..at].iter().rev().take(12).position(|b| matches!(b, b'%' | b'\\'))?;
            let mut from = at - 1 - sign;
            while from > 0 && text[from] == b'\\' && text[from - 1] == b'\\' && at - from < 40 {
                from -= 1;
            }
            from
        }
        b';' => at - 1 - text[..at].iter().rev().take(7).position(|b| *b == b'&')?,
        _ => return None,
    };
    spelled(text, from).filter(|s| s.is_quote() && from + s.len == at)
}

/// Whether the name is one word of a path, a constant or an address, where `:` is no separator.
pub(super) fn is_part_of_a_path(text: &[u8], name: &Name) -> bool {
    let before = &text[..name.start - name.dashes];
    before.ends_with(b"/") && !before.ends_with(b"\\/") || before.ends_with(b"::")
}

/// Where the colour codes and blanks at `at` end; at most 4 KiB.
pub(super) fn skip_blanks(text: &[u8], at: usize) -> usize {
    let stop = (at + 4096).min(text.len());
    let mut at = at;
    while at < stop {
        at = match text[at] {
            b' ' | b'\t' | 0x07 | 0x08 => at + 1, // a bell and a step back are of a terminal, as colours are
            0x1b | b'\\' | b'#' | b'^' | b'[' => match colour(text, at) {
                Some(end) => end,
                None if is_written_tab(text, at) => at + run_of_slashes(text, at) + 1,
                None => return at,
            },
            _ => return at,
        };
    }
    at
}

/// `\t`, as a string in JSON has it.
fn is_written_tab(text: &[u8], at: usize) -> bool {
    let slashes = run_of_slashes(text, at);
    slashes % 2 == 1 && text.get(at + slashes) == Some(&b't')
}

/// The end of the colour code at `at`: `ESC[0;31m`, also as loggers escape it.
pub(super) fn colour(text: &[u8], at: usize) -> Option<usize> {
    let rest = text.get(at..)?;
    let slashes = run_of_slashes(text, at);
    let escape = match *rest.first()? {
        0x1b => 1,
        b'#' if rest.starts_with(b"#033") => 4,
        b'^' if rest.starts_with(b"^[") => 2,
        // Its first byte was lost to a filter of control characters.
        b'[' if matches!(rest, [_, b'0'..=b'9', ..]) => 0,
        b'\\' => {
            let code = &rest[slashes..];
            let known: &[&[u8]] = &[b"u001b", b"u001B", b"x1b", b"x1B", b"e", b"033"];
            slashes + known.iter().find(|known| code.starts_with(known))?.len()
        }
        _ => return None,
    };
    let code = rest.get(escape..)?.strip_prefix(b"[")?;
    let digits = code.iter().take(16).take_while(|b| b.is_ascii_digit() || **b == b';').count();
    matches!(code.get(digits), Some(b'm' | b'K')).then_some(at + escape + 1 + digits + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_without_what_stands_before_it() {
        for (text, name) in [
            ("db_password=", "db_password"),
            ("spring.datasource.password=", "spring.datasource.password"),
            ("--password=", "password"),
            ("x\\npassword:", "password"),
            ("x\\u0026my_password=", "my_password"),
            ("a%26password%3D", "password"),
            ("a%2526password%253D", "password"),
            ("\x1b[0;31mpassword:", "password"),
            ("\x1b[mpassword:", "password"),
            (";my_password=", "my_password"),
            ("[my_password]=", "my_password"),
            ("\u{feff}password:", "password"),
        ] {
            let stem = text.find("pass").unwrap();
            let end = end(text.as_bytes(), stem).unwrap();
            let found = around(text.as_bytes(), stem, end).unwrap();
            assert_eq!(&text[found.start..found.end], name, "{text}");
        }
        let marker = b"__REDACTED.password.12345678__=x";
        assert!(around(marker, 11, end(marker, 11).unwrap()).is_none());
    }

    #[test]
    fn the_quote_before_a_name() {
        for quote in ["\"", "'", "\\\"", "\\\\\\\"", "\\u0022", "\\x22", "%22", "%2522", "&quot;", "&#39;"] {
            let text = format!("x{quote}name");
            let found = quote_before(text.as_bytes(), 1 + quote.len()).unwrap();
            assert_eq!(found.len, quote.len(), "{quote}");
        }
        assert!(quote_before(b"7", 1).is_none() && quote_before(b"a;", 2).is_none());
    }
}
