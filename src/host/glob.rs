//! Files by pattern, through a host's own listing.

use std::{collections::BTreeSet, path::PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::{Error, FileType, Host, Trouble};

/// What a pattern matched.
#[derive(Debug, Default)]
pub struct Matches {
    /// Regular files, sorted.
    pub files: Vec<PathBuf>,
    /// Folders that can't be listed.
    pub closed: Vec<Error>,
    /// Whether there are more than were asked for.
    pub cut: bool,
}

/// Regular files (links that may be followed included) that match `*`, `**`, `{a,b}`; at most `most`.
pub fn files(host: &dyn Host, pattern: &str, most: usize) -> Matches {
    let mut matches = Matches::default();
    let Ok(glob) = GlobBuilder::new(pattern).literal_separator(true).build() else {
        return matches;
    };
    let fixed: PathBuf = PathBuf::from(pattern)
        .components()
        .take_while(|c| !c.as_os_str().to_string_lossy().contains(['*', '{', '?', '[']))
        .collect();
    let mut found = BTreeSet::new();
    if host.stat(&fixed).is_ok_and(|stat| stat.file_type == FileType::File) {
        found.insert(fixed);
    } else {
        walk(host, fixed, &glob.compile_matcher(), &mut found, &mut matches, 0);
    }
    matches.cut = found.len() > most;
    matches.files = found.into_iter().take(most).collect();
    matches
}

fn walk(
    host: &dyn Host,
    folder: PathBuf,
    glob: &GlobMatcher,
    found: &mut BTreeSet<PathBuf>,
    matches: &mut Matches,
    depth: usize,
) {
    let listed = match host.list(&folder) {
        Ok(listed) => listed,
        Err(error) if error.trouble == Trouble::Missing => return,
        Err(error) => return matches.closed.push(error),
    };
    for entry in listed {
        let path = folder.join(&entry.name);
        match entry.file_type {
            FileType::Folder if depth < 16 => walk(host, path, glob, found, matches, depth + 1),
            FileType::File | FileType::Link
                if glob.is_match(&path)
                    && host.stat(&path).is_ok_and(|stat| stat.file_type == FileType::File) =>
            {
                found.insert(path);
            }
            _ => {}
        }
    }
}
