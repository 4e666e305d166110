//! `--only` and `--skip`: collectors, or single sources of them, by name.

use std::fmt;

use crate::{
    catalog::{Catalog, Collector, Profile, Source, SourceKind, show},
    error::Result,
    probe,
};

use super::Wishes;

/// A collector, or one source of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pick {
    /// The collector's name.
    pub collector: String,
    /// The source's name, or all of them.
    pub source: Option<String>,
}

impl std::str::FromStr for Pick {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (collector, source) = match text.split_once('/') {
            Some((collector, source)) => (collector, Some(source.to_owned())),
            None => (text, None),
        };
        if collector.is_empty() || source.as_ref().is_some_and(String::is_empty) {
            return Err(format!("`{text}` is neither COLLECTOR nor COLLECTOR/SOURCE"));
        }
        Ok(Self { collector: collector.to_owned(), source })
    }
}

impl fmt::Display for Pick {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(source) => write!(f, "{}/{source}", self.collector),
            None => f.write_str(&self.collector),
        }
    }
}

impl Pick {
    fn names(&self, collector: &Collector, source: &Source) -> bool {
        self.collector == collector.name && self.source.as_ref().is_none_or(|name| *name == source.name)
    }
}

/// Whether a source is to be taken. One that `--only` names itself is taken in any profile. A part needs
/// its command, and brings it.
pub(super) fn is_wanted(wishes: &Wishes, collector: &Collector, source: &Source) -> bool {
    if let SourceKind::Part { of } = &source.kind {
        let picks = |picks: &[Pick]| picks.iter().any(|pick| pick.names(collector, source));
        let command = collector.sources.iter().find(|command| command.name == *of);
        let only = wishes.only.is_empty() || picks(&wishes.only);
        return only
            && !picks(&wishes.skip)
            && command.is_some_and(|command| is_wanted(wishes, collector, command));
    }
    let is_part = |part: &&Source| matches!(&part.kind, SourceKind::Part { of } if *of == source.name);
    let parts: Vec<&Source> = collector.sources.iter().filter(is_part).collect();
    let picked = |picks: &[Pick]| picks.iter().any(|pick| pick.names(collector, source));
    let names =
        |pick: &Pick| pick.names(collector, source) || parts.iter().any(|part| pick.names(collector, part));
    let named = wishes.only.iter().any(|pick| pick.source.is_some() && names(pick));
    (wishes.only.is_empty() || named || picked(&wishes.only))
        && !picked(&wishes.skip)
        && (named || (source.profiles.contains(&wishes.profile) && !watches_in_quick(wishes, source)))
}

/// Whether a probe watches the host for a while: never in `quick`. (Of commands the catalog knows it.)
fn watches_in_quick(wishes: &Wishes, source: &Source) -> bool {
    wishes.profile == Profile::Quick
        && matches!(&source.kind, SourceKind::Probe { run } if probe::find(run).is_some_and(|p| p.sampler))
}

/// Every name must exist: a typing slip would otherwise take nothing, or too much.
pub(super) fn check<'a>(catalog: &Catalog, picks: impl Iterator<Item = &'a Pick>) -> Result<()> {
    for pick in picks {
        show::find(catalog, &pick.to_string())?;
    }
    Ok(())
}
