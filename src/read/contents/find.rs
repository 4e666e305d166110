//! Which entry is meant by what was typed: its name with or without the top folder, its path on the host, its
//! source, a pattern, a folder, or the end of its name.

use std::{collections::BTreeSet, path::Path};

use super::{Contents, Listed};
use crate::{catalog::distance, host::glob::Pattern};

/// Names that are told where none fits.
const NEAR: usize = 5;

/// Entries by their number in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// This one, or all that a pattern or a source stands for.
    These(BTreeSet<usize>),
    /// All below a folder.
    Folder(BTreeSet<usize>),
    /// Several names end so.
    Several(Vec<String>),
    /// None; these names are near.
    None(Vec<String>),
}

/// Looks for what was typed.
pub fn find(contents: &Contents, typed: &str) -> Found {
    let top = contents.top.name();
    // A list for a terminal cuts a long name's beginning, as `…/sidekiq/current`.
    let (cut, typed) = match typed.strip_prefix('…') {
        Some(rest) => (true, rest.trim_start_matches('/')),
        None => (false, typed),
    };
    let below =
        typed.strip_prefix(top.as_str()).and_then(|rest| rest.strip_prefix('/')).filter(|_| !top.is_empty());
    let name = below.unwrap_or(typed).trim_start_matches("./").trim_start_matches('/');
    let listed = &contents.listed;
    let those = |fits: &dyn Fn(&Listed) -> bool| -> BTreeSet<usize> {
        (0..listed.len()).filter(|number| !listed[*number].repeated && fits(&listed[*number])).collect()
    };
    let exact = those(&|entry| entry.name == name && !cut);
    if !exact.is_empty() {
        return Found::These(exact);
    }
    let recorded = those(&|entry| {
        entry.recorded.as_ref().is_some_and(|told| told.source == name || told.path.as_deref() == Some(typed))
    });
    if !recorded.is_empty() && !cut {
        return Found::These(recorded);
    }
    if name.contains(['*', '{']) {
        let pattern = Pattern::new(&format!("/{name}"));
        let anywhere = Pattern::new(&format!("/**/{name}"));
        let fits = |entry: &Listed| {
            let path = Path::new("/").join(&entry.name);
            pattern.matches(&path) || !name.contains('/') && anywhere.matches(&path)
        };
        let fits = those(&fits);
        if !fits.is_empty() {
            return Found::These(fits);
        }
    }
    let folder = name.trim_end_matches('/');
    let inside = those(&|entry| entry.name.strip_prefix(folder).is_some_and(|rest| rest.starts_with('/')));
    if !inside.is_empty() && !cut && !folder.is_empty() {
        return Found::Folder(inside);
    }
    by_end(listed, name, &those)
}

type Those<'t> = &'t dyn Fn(&dyn Fn(&Listed) -> bool) -> BTreeSet<usize>;

fn by_end(listed: &[Listed], name: &str, those: Those<'_>) -> Found {
    let name_of = |number: usize| listed[number].name.clone();
    let part = format!("/{name}");
    for fits in [those(&|entry| entry.name.ends_with(&part)), those(&|entry| entry.name.ends_with(name))] {
        match fits.len() {
            _ if name.is_empty() => {}
            0 => {}
            1 => return Found::These(fits),
            _ => return Found::Several(fits.into_iter().map(name_of).collect()),
        }
    }
    Found::None(near(listed, name))
}

fn near(listed: &[Listed], name: &str) -> Vec<String> {
    let last = |name: &str| name.rsplit('/').next().unwrap_or_default().to_lowercase();
    let wanted = last(name);
    if wanted.is_empty() || wanted.len() > 100 {
        return Vec::new();
    }
    let most = (wanted.chars().count() / 3).clamp(1, 4);
    let how_far = |entry: &Listed| {
        let there = last(&entry.name);
        match there.contains(&wanted) {
            true => Some(0),
            false if there.len() > 100 => None,
            false => Some(distance(&wanted, &there)).filter(|distance| *distance <= most),
        }
    };
    let mut near: Vec<(usize, &str)> =
        listed.iter().filter_map(|entry| Some((how_far(entry)?, entry.name.as_str()))).collect();
    near.sort_unstable();
    near.into_iter().take(NEAR).map(|(_, name)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests;
