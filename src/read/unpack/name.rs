//! Which names of members may become files: relative, printable, of a size that every file system takes.
//! Every defect is an error of its own. What leads out is refused, never bent into shape.

use std::fmt;

use crate::escape::is_odd;

/// Longest part of a name: file systems take no more.
const PART: usize = 255;
/// Longest name as a whole: some more than any bundle's, and short of PATH_MAX.
const WHOLE: usize = 3_000;
/// Most folders one in the other.
const DEEP: usize = 100;

/// What is wrong with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BadName {
    /// It begins with `/`.
    Absolute,
    /// It has `..` in it.
    Above,
    /// A control character (NUL, ESC, a line end), or a mark that reverses what is read.
    Control,
    /// Bytes that are no UTF-8.
    NotUtf8,
    /// A part is longer than file systems take.
    LongPart,
    /// It is too long.
    Long,
    /// Too many folders.
    Deep,
    /// Nothing is left of it.
    Empty,
}

impl fmt::Display for BadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Absolute => "its name is absolute",
            Self::Above => "its name leads above the folder (..)",
            Self::Control => "its name has a control character, or a mark that turns text round",
            Self::NotUtf8 => "its name is no UTF-8",
            Self::LongPart => "a part of its name is longer than file systems take",
            Self::Long => "its name is too long",
            Self::Deep => "it lies too deep",
            Self::Empty => "it has no name",
        })
    }
}

/// The parts of a name; empty ones and `.` are left out.
///
/// # Errors
/// The first defect.
pub fn parts(name: &[u8]) -> Result<Vec<&str>, BadName> {
    if name.starts_with(b"/") {
        return Err(BadName::Absolute);
    }
    if name.len() > WHOLE {
        return Err(BadName::Long);
    }
    let text = std::str::from_utf8(name).map_err(|_| BadName::NotUtf8)?;
    if text.chars().any(is_odd) {
        return Err(BadName::Control);
    }
    let parts: Vec<&str> = text.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    if parts.contains(&"..") {
        return Err(BadName::Above);
    }
    if parts.iter().any(|part| part.len() > PART) {
        return Err(BadName::LongPart);
    }
    match parts.len() {
        0 => Err(BadName::Empty),
        n if n > DEEP => Err(BadName::Deep),
        _ => Ok(parts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_are_taken_apart() {
        assert_eq!(parts(b"var/log/x.log").unwrap(), ["var", "log", "x.log"]);
        assert_eq!(parts(b"./a//b/./c/").unwrap(), ["a", "b", "c"]);
        assert_eq!(parts("naïve/日本/…/a..b/..c".as_bytes()).unwrap().len(), 5);
    }

    #[test]
    fn every_defect_has_its_error() {
        let deep = "d/".repeat(DEEP + 1);
        for (name, bad) in [
            (b"/etc/passwd".as_slice(), BadName::Absolute),
            (b"//x", BadName::Absolute),
            (b"../x", BadName::Above),
            (b"a/../../x", BadName::Above),
            (b"a/..", BadName::Above),
            (b"a\0/../b", BadName::Control),
            (b"a\nb", BadName::Control),
            (b"\x1b[2J", BadName::Control),
            ("a\u{202e}gpj.exe".as_bytes(), BadName::Control),
            (b"a\xff", BadName::NotUtf8),
            (&[b'x'; PART + 1], BadName::LongPart),
            (&[b'/'; 1], BadName::Absolute),
            ("x/".repeat(WHOLE).as_bytes(), BadName::Long),
            (deep.as_bytes(), BadName::Deep),
            (b"./.", BadName::Empty),
            (b"", BadName::Empty),
        ] {
            assert_eq!(parts(name), Err(bad), "{}", String::from_utf8_lossy(name));
        }
    }
}
