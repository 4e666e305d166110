//! Where on its line a name stands: whether it begins it, behind indentation, list and diff marks, time stamps.

/// How far back a line's begin is looked for.
const REACH: usize = 160;

/// What stands before a name that begins its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lead {
    /// The line's first byte.
    pub(super) line: usize,
    /// The name's column, `- ` included.
    pub(super) indent: usize,
    /// A time stamp or another prefix of a log.
    pub(super) stamped: bool,
    /// A word of the shell, as in `export X=y`.
    pub(super) exported: bool,
}

/// Words before a name that don't keep it from beginning a line.
const BEFORE: &[&str] =
    &["export", "set", "setx", "declare", "local", "readonly", "ENV", "env", "SetEnv", "setenv"];

/// The lead of the name at `at`, if the name begins its line. `whole`: the text begins at a line's start.
pub(super) fn lead(text: &[u8], at: usize, whole: bool) -> Option<Lead> {
    let low = at.saturating_sub(REACH);
    let mut start = at;
    let mut exported = false;
    loop {
        if start == 0 {
            if !whole {
                return None;
            }
            break;
        }
        if start <= low {
            return None;
        }
        let byte = text[start - 1];
        if matches!(byte, b'\n' | b'\r') || escaped_line(text, start) {
            break;
        }
        if !is_lead(byte) {
            let word = BEFORE.iter().find(|word| text[..start].ends_with(word.as_bytes()))?;
            if exported || text[start] != b' ' {
                return None;
            }
            exported = true;
            start -= word.len();
            continue;
        }
        start -= 1;
    }
    let before = &text[start..at];
    let stamped = before.iter().any(u8::is_ascii_digit) && !only_colours(before);
    Some(Lead { line: start, indent: at - start, stamped, exported })
}

fn is_lead(byte: u8) -> bool {
    byte.is_ascii_digit() || b" \t#;-+*>:._[]|,TZm\x1b\xef\xbb\xbf/".contains(&byte)
}

/// `\n` written out, inside a string.
fn escaped_line(text: &[u8], at: usize) -> bool {
    text[..at].ends_with(b"\\n") || text[..at].ends_with(b"\\r")
}

fn only_colours(before: &[u8]) -> bool {
    let Some(escape) = before.iter().position(|b| *b == 0x1b) else { return false };
    !before[..escape].iter().any(u8::is_ascii_digit)
}
