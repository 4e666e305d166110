//! The files of a place: a pattern's names, listed through the host, one folder after the other.
//!
//! Follows nothing by itself; what may be followed is the host's decision. Bounded, since other users
//! own some of these folders.

use std::path::{Path, PathBuf};

use crate::host::{Error, FileType, Host, Trouble};

/// At most so many names of a folder are looked at, and so many files of a pattern taken.
const MOST: usize = 2_000;

/// What a pattern stands for on this host.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) files: Vec<PathBuf>,
    /// Folders that are there and can't be listed.
    pub(super) closed: Vec<Error>,
}

/// All files at `pattern`, in order.
pub(super) fn files(host: &dyn Host, pattern: &str) -> Found {
    let mut found = Found::default();
    let parts: Vec<&str> = pattern.split('/').filter(|part| !part.is_empty()).collect();
    descend(host, PathBuf::from("/"), &parts, &mut found);
    found
}

fn descend(host: &dyn Host, at: PathBuf, parts: &[&str], found: &mut Found) {
    let Some((part, rest)) = parts.split_first() else {
        if found.files.len() < MOST {
            found.files.push(at);
        }
        return;
    };
    if !part.contains('*') {
        return descend(host, at.join(part), rest, found);
    }
    let names = match host.list(&at) {
        Ok(names) => names,
        Err(error) => {
            if !matches!(error.trouble, Trouble::Missing | Trouble::WrongType) {
                found.closed.push(error);
            }
            return;
        }
    };
    for listed in names.into_iter().take(MOST) {
        let last = rest.is_empty();
        let fits =
            if last { listed.file_type != FileType::Folder } else { listed.file_type != FileType::File };
        let Some(name) = listed.name.to_str() else { continue };
        let dotted = name.starts_with('.') && !part.starts_with('.') && *part != "*";
        if fits && listed.file_type != FileType::Other && !dotted && matches(part.as_bytes(), name.as_bytes())
        {
            descend(host, at.join(name), rest, found);
        }
    }
}

/// Whether a name is what a pattern with `*` stands for.
fn matches(pattern: &[u8], name: &[u8]) -> bool {
    let (mut p, mut n) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while n < name.len() {
        if pattern.get(p) == Some(&b'*') {
            star = Some((p, n));
            p += 1;
        } else if pattern.get(p) == Some(&name[n]) {
            p += 1;
            n += 1;
        } else if let Some((at, from)) = star {
            p = at + 1;
            n = from + 1;
            star = Some((at, from + 1));
        } else {
            return false;
        }
    }
    pattern[p..].iter().all(|b| *b == b'*')
}

/// Whether an error means that there is nothing, rather than something that can't be read.
pub(super) fn is_absent(error: &Error, path: &Path, host: &dyn Host) -> bool {
    match error.trouble {
        Trouble::Missing => true,
        // A folder or socket among files is no place of secrets.
        Trouble::WrongType => !host.stat(path).is_ok_and(|stat| stat.file_type == FileType::File),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::matches;

    #[test]
    fn stars() {
        assert!(matches(b"*", b"x") && matches(b"a*c", b"abbc") && matches(b"*.y*ml", b"q.yaml"));
        assert!(
            !matches(b"a*c", b"ab") && !matches(b"", b"x") && matches(b"ssh_host_*_key", b"ssh_host_rsa_key")
        );
    }
}
