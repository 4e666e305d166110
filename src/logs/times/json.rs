//! Times in JSON lines: found by their key, without parsing the rest of the line.

use memchr::{memchr, memmem::Finder};

use super::{Moment, local::Local, number, text};

/// The keys of a line's time, the usual first. What stands deeper than the line's own object is data.
const KEYS: [&str; 6] =
    ["\"time\":", "\"timestamp\":", "\"@timestamp\":", "\"ts\":", "\"t\":", "\"asctime\":"];

/// Searchers for the keys, made once a file.
#[derive(Debug)]
pub(super) struct Keys([Finder<'static>; 6]);

impl Keys {
    pub(super) fn new() -> Self {
        Self(KEYS.map(Finder::new))
    }

    /// The time in a line that begins with `{`.
    pub(super) fn time(&self, line: &[u8], local: &mut Local) -> Option<Moment> {
        self.0.iter().find_map(|key| at_key(key, line, local))
    }
}

fn at_key(key: &Finder<'_>, line: &[u8], local: &mut Local) -> Option<Moment> {
    let mut from = 0;
    // An object deep in a line could repeat the key; its author may be anybody who calls the API.
    for _ in 0..8 {
        let at = from + key.find(line.get(from..)?)?;
        let value = at + key.needle().len();
        if outermost(line.get(..at)?) {
            let value = line.get(value..)?;
            let value = value.strip_prefix(b" ").unwrap_or(value);
            return match value.strip_prefix(b"\"") {
                Some(text) => text::dated(text, local).or_else(|| number::epoch(text).map(Moment::exact)),
                None => number::epoch(value).map(Moment::exact),
            };
        }
        from = value;
    }
    None
}

/// Whether what follows `before` stands in the line's own object, directly.
fn outermost(before: &[u8]) -> bool {
    let Some(inside) = before.get(1..) else {
        return false;
    };
    // The common case costs two searches: nothing opens another object or list.
    if memchr(b'{', inside).is_none() && memchr(b'[', inside).is_none() {
        return true;
    }
    let (mut depth, mut quoted, mut escaped) = (0_i64, false, false);
    for &b in inside {
        match b {
            _ if escaped => escaped = false,
            b'\\' => escaped = quoted,
            b'"' => quoted = !quoted,
            b'{' | b'[' if !quoted => depth += 1,
            b'}' | b']' if !quoted => depth -= 1,
            _ => {}
        }
    }
    depth == 0 && !quoted
}
