//! Which files and logs a bundle has room for, so that whoever owns one folder of logs can't fill it
//! until nothing else has a place: not the other logs, and not what commands and probes tell.

use std::{cmp::Reverse, collections::BTreeMap};

use super::{Item, Take};
use crate::{
    catalog::SourceKind,
    outcome::{Ending, Outcome},
};

/// Places that are kept for what is only told: skipped, denied, not followed.
const TOLD: usize = 500;

/// `items`, of which files and logs are left out where there are too many: every source has the same
/// share, and of its own the live logs and the newest files win.
pub(super) fn within(most: usize, items: Vec<Item>) -> Vec<Item> {
    let streamed = |item: &Item| matches!(item.take, Take::File { .. } | Take::Log { .. });
    let told = items.iter().filter(|item| matches!(item.take, Take::Leave { .. })).count();
    let made = items.iter().filter(|item| !streamed(item)).count() - told;
    let mut sources: BTreeMap<(String, String), Vec<usize>> = BTreeMap::new();
    for (index, item) in items.iter().enumerate().filter(|(_, item)| streamed(item)) {
        sources.entry((item.collector.clone(), item.source.clone())).or_default().push(index);
    }
    let room = most.saturating_sub(made + TOLD.min(told + sources.len()));
    let share = share(sources.values().map(Vec::len).collect(), room);
    let mut goes = vec![false; items.len()];
    let mut left = Vec::new();
    for mut indices in sources.into_values().filter(|indices| indices.len() > share) {
        indices.sort_by_key(|index| rank(&items[*index]));
        let over = indices.split_off(share);
        over.iter().for_each(|index| goes[*index] = true);
        left.extend(over.first().map(|index| leave(&items[*index], over.len(), most)));
    }
    let mut goes = goes.into_iter();
    let mut items = items;
    items.retain(|_| !goes.next().unwrap_or(false));
    items.extend(left);
    items
}

/// The most that each may have so that all fit.
fn share(mut sizes: Vec<usize>, mut room: usize) -> usize {
    sizes.sort_unstable();
    let mut others = sizes.len();
    for size in sizes {
        let share = room / others;
        if size > share {
            return share;
        }
        room -= size;
        others -= 1;
    }
    usize::MAX
}

fn rank(item: &Item) -> (bool, Reverse<Option<jiff::Timestamp>>) {
    match &item.take {
        Take::Log { file, .. } => (file.rotated.is_some(), Reverse(Some(file.stat.mtime))),
        Take::File { stat, .. } => (false, Reverse(stat.as_ref().map(|stat| stat.mtime))),
        _ => (false, Reverse(None)),
    }
}

fn leave(item: &Item, number: usize, most: usize) -> Item {
    let kind = match &item.take {
        Take::File { path, limit, .. } => {
            SourceKind::File { path: path.display().to_string(), limit: *limit }
        }
        Take::Log { file, importance, .. } => {
            SourceKind::Log { path: file.path.display().to_string(), importance: *importance }
        }
        Take::Leave { kind, .. } => kind.clone(),
        _ => SourceKind::Probe { run: String::new() },
    };
    let reason = format!("{number} more files: a bundle takes {most} entries, of each source its share");
    Item {
        collector: item.collector.clone(),
        source: item.source.clone(),
        why: item.why.clone(),
        entry: format!("{}/{}", item.collector, item.source).into(),
        gitlabs: item.gitlabs,
        until: None,
        take: Take::Leave { kind, ending: Ending::new(Outcome::Skipped, reason) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::probe;

    fn item(source: &str, take: Take) -> Item {
        let (collector, why) = ("x".to_owned(), String::new());
        Item {
            collector,
            source: source.to_owned(),
            why,
            entry: source.into(),
            gitlabs: true,
            until: None,
            take,
        }
    }

    fn file(source: &str, number: usize) -> Item {
        item(source, Take::File { path: format!("/{source}/{number}").into(), stat: None, limit: 1 })
    }

    fn count(items: &[Item], source: &str) -> usize {
        items.iter().filter(|item| item.source == source && matches!(item.take, Take::File { .. })).count()
    }

    /// Found: 10,000 files in one folder of logs, and no command or probe had a place in the bundle.
    #[test]
    fn a_flooded_folder_takes_no_place_from_others() {
        let mut items: Vec<Item> = (0..300).map(|number| file("flooded", number)).collect();
        items.extend((0..20).map(|number| file("other", number)));
        items.push(item("probe", Take::Probe(&probe::PROBES[0])));
        let items = within(100, items);
        assert_eq!((count(&items, "other"), count(&items, "flooded")), (20, 77));
        assert!(items.iter().any(|item| item.source == "probe"));
        assert_eq!(items.len(), 99, "and one that tells of the rest");
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let items: Vec<Item> = (0..50).map(|number| file("a", number)).collect();
        assert_eq!(within(100, items).len(), 50);
        assert_eq!(share(vec![5, 1, 9], 12), 6);
        assert_eq!(share(vec![], 0), usize::MAX);
    }
}
