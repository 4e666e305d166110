//! Bundle → typed facts, in one pass over its entries.
//!
//! Reads bundles of glsos and archives of gitlabsos or any other tar alike; what only glsos's manifest knows
//! is not known of the others. Everything in a bundle is a stranger's: sizes are capped, lines that make no
//! sense are counted, and nothing here fails because of them. Judges nothing: that is for `analyze`.

mod docs;
mod fields;
#[cfg(test)]
pub(crate) mod fixture;
mod histogram;
pub mod host;
mod lines;
pub mod logs;
mod merger;
mod minutes;
mod names;
mod part;
mod place;
mod shapes;
mod source;

use std::{collections::BTreeMap, fs::File, path::Path, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};

pub use docs::{Doc, Docs};
pub use histogram::Histogram;
pub use host::Host;
pub use logs::Logs;
pub use minutes::{MINUTE, Minutes, Step};
pub use place::{Place, Signal};
pub use shapes::{Group, Shapes};

use crate::{
    error::{Error, Result},
    pack::manifest::Manifest,
    read::{self, Bundle, Opened, Verified, inflated::Budget, opened},
};
use part::Part;

/// Names of entries that are kept, and bytes of them.
const MOST_NAMES: usize = 20_000;
const BYTES_OF_NAMES: usize = 8 << 20;
/// Troubles that are kept.
const MOST_TROUBLES: usize = 100;

/// What a bundle tells.
#[derive(Debug, Default)]
pub struct Facts {
    /// The file, as it was named.
    pub file: String,
    /// Its size.
    pub bytes: u64,
    /// What glsos's own bundle says about itself, without the places of its entries.
    pub manifest: Option<Manifest>,
    /// The names and sizes of its files, up to a cap.
    pub entries: BTreeMap<Arc<str>, u64>,
    /// How many files there are.
    pub files: u64,
    /// Bytes in them.
    pub content: u64,
    /// What could not be read: the entry, or none for the archive as a whole, and why.
    pub troubles: Vec<(Option<String>, String)>,
    /// How many there are.
    pub troubled: u64,
    /// Its short texts.
    pub docs: Docs,
    /// Its logs.
    pub logs: Logs,
    /// What its short texts tell.
    pub host: Host,
    /// Bytes of the names that are kept.
    pub(crate) names: usize,
}

/// Reads a bundle or archive.
///
/// # Errors
/// When it can't be opened, or is no archive at all. Damage inside is among the facts.
pub fn index(path: &Path) -> Result<Facts> {
    index_file(read::open_file(path)?, path)
}

/// The same of an open file; `path` is for messages.
///
/// # Errors
/// See `index`.
pub fn index_file(file: File, path: &Path) -> Result<Facts> {
    let trouble = |why: String| Error::host(format!("reading {}: {why}", path.display()));
    let bytes = file.metadata().map_err(|error| trouble(error.to_string()))?.len();
    let mut facts = Facts { file: path.display().to_string(), bytes, ..Facts::default() };
    let budget = Budget::of(bytes);
    let opened = opened(file, path)
        .map_err(|error| error.hint("`glsos verify` tells what is wrong with a damaged bundle"))?;
    match opened {
        Opened::Whole(bundle) => {
            source::own(&bundle, &zone(&bundle), &budget, &mut |part| facts.take(part));
            let mut manifest = bundle.manifest().clone();
            manifest.entries.iter_mut().for_each(|entry| entry.segments = Vec::new());
            facts.manifest = Some(manifest);
        }
        Opened::Other(other) => {
            if other.is_ours() {
                facts.trouble(None, other.why.clone());
            }
            let ended = source::any(other, path, &TimeZone::UTC, &budget, &mut |part| facts.take(part));
            ended.into_iter().for_each(|why| facts.trouble(None, why));
        }
    }
    facts.host = Host::of(&facts.docs);
    Ok(facts)
}

/// What the host's clock showed: the output of `date` against the time at which it was asked.
fn zone(bundle: &Bundle) -> TimeZone {
    let told = || {
        let entry = bundle.entry("date")?;
        let mut text = [0; 64];
        let n = Verified::new(bundle, entry).ok()?.read(&mut text).ok()?;
        offset(std::str::from_utf8(&text[..n]).ok()?, entry.started?)
    };
    told().unwrap_or(TimeZone::UTC)
}

/// The zone in which a clock shows this, in quarters of an hour east.
fn offset(date: &str, asked: Timestamp) -> Option<TimeZone> {
    // `Mon Nov 30 13:54:02 UTC 2026`, as LC_ALL=C gives it.
    let mut words = date.split_ascii_whitespace();
    words.next()?;
    let (month, day, clock) = (words.next()?, words.next()?, words.next()?);
    let year = words.next_back()?;
    let text = format!("{year} {month} {day} {clock}");
    let shown = jiff::civil::DateTime::strptime("%Y %b %d %H:%M:%S", text).ok()?;
    let as_utc = jiff::tz::Offset::UTC.to_timestamp(shown).ok()?.as_second();
    let quarters = (as_utc - asked.as_second() + 450).div_euclid(900);
    let offset = jiff::tz::Offset::from_seconds(i32::try_from(quarters * 900).ok()?).ok()?;
    (-56..=56).contains(&quarters).then(|| TimeZone::fixed(offset))
}

impl Facts {
    fn take(&mut self, part: Part) {
        self.files += 1;
        self.content += part.bytes;
        let room = self.entries.len() < MOST_NAMES && self.names + part.name.len() <= BYTES_OF_NAMES;
        if let Some(bytes) = self.entries.get_mut(part.name.as_str()) {
            *bytes = part.bytes.max(*bytes);
        } else if room {
            self.names += part.name.len();
            self.entries.insert(part.name.as_str().into(), part.bytes);
        }
        if let Some(why) = part.trouble {
            self.trouble(Some(&part.name), why);
        }
        if let Some(doc) = part.doc {
            self.docs.add(&part.name, &doc);
        }
        if let Some(logs) = part.logs {
            self.logs.merge(logs);
        }
    }

    fn trouble(&mut self, entry: Option<&str>, why: String) {
        self.troubled += 1;
        if self.troubles.len() < MOST_TROUBLES {
            self.troubles.push((entry.map(str::to_owned), why));
        }
    }

    /// When it was taken: as the manifest says, or the newest time in it.
    pub fn taken(&self) -> Option<Timestamp> {
        let started = self.manifest.as_ref().map(|manifest| manifest.run.started);
        started.or_else(|| Timestamp::from_microsecond(self.logs.times()?.1).ok())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hosts_zone_is_what_its_clock_shows() {
        let asked: Timestamp = "2026-11-30T13:54:01.9Z".parse().unwrap();
        for (date, seconds) in [
            ("Mon Nov 30 13:54:02 UTC 2026\n", 0),
            ("Mon Nov 30 14:54:03 CET 2026", 3600),
            ("Mon Nov 30 19:24:02 IST 2026", 19_800),
            ("Mon Nov 30 05:54:02 PST 2026", -28_800),
            ("Tue Dec  1 03:54:02 +14 2026", 50_400),
        ] {
            let zone = offset(date, asked).unwrap();
            assert_eq!(zone.to_offset(asked).seconds(), seconds, "{date}");
        }
        for wrong in ["", "Mon Nov 30", "Mon Nov 30 13:54:02 UTC 1926", "x y z"] {
            assert!(offset(wrong, asked).is_none(), "{wrong}");
        }
    }

    #[test]
    fn names_of_entries_have_a_cap_in_bytes_and_troubles_are_all_counted() {
        let mut facts = Facts::default();
        for number in 0..10_000 {
            let name = format!("{number}{}", "x".repeat(4_000));
            facts.take(Part { name, trouble: Some("torn".to_owned()), ..Part::default() });
        }
        let names: usize = facts.entries.keys().map(|name| name.len()).sum();
        assert!(names <= BYTES_OF_NAMES && names > BYTES_OF_NAMES / 2, "{names}");
        assert_eq!((facts.files, facts.troubled, facts.troubles.len()), (10_000, 10_000, MOST_TROUBLES));
    }
}
