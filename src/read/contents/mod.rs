//! What is in an archive, entry by entry, and each one's bytes without unpacking. A bundle of glsos is read
//! by its manifest's places; anything else, and what was cut off before its manifest, from its beginning.
//! What only a manifest tells is none there. Finds an entry by what a person types for it (`find`).

mod find;
mod picked;

use std::{collections::BTreeMap, path::Path};

use super::{Archive, Bundle, Members, Opened, REPEATED, inflated::Budget, open_file, opened, top::Top};
use crate::{
    error::{Error, Result},
    outcome::Outcome,
    pack::manifest::{Asked, Entry},
};
pub use find::{Found, find};
pub use picked::{Pull, Went};

const MANIFEST: &str = "glsos/manifest.json";

/// An open archive.
pub struct Contents {
    kind: Archived,
    /// What is in it, in its order.
    pub listed: Vec<Listed>,
    /// The top folder.
    pub top: Top,
    /// Why there may be more than is listed.
    pub trouble: Option<String>,
    /// What its compressed files may still inflate to.
    pub budget: Budget,
}

enum Archived {
    Ours(Box<Bundle>),
    Other(std::fs::File),
}

/// An entry as far as the archive tells.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Listed {
    /// Its name below the top folder; a stranger's.
    pub name: String,
    /// Whether its file is there.
    pub present: bool,
    /// Its bytes; of one that is not there none.
    pub bytes: u64,
    /// Its lines, as far as they were counted.
    pub lines: Option<u64>,
    /// Whether the archive breaks off in it, as far as it was read.
    pub torn: bool,
    /// Whether one of this name came before, so that this one is not read.
    pub repeated: bool,
    /// What the manifest says of it.
    pub recorded: Option<Recorded>,
}

/// What only a manifest tells.
#[derive(Debug, Clone, PartialEq)]
pub struct Recorded {
    /// How it ended.
    pub outcome: Outcome,
    /// Why.
    pub reason: String,
    /// COLLECTOR/SOURCE.
    pub source: String,
    /// Its path on the host, where it was a file.
    pub path: Option<String>,
    /// Replacements by rule.
    pub redactions: BTreeMap<String, u64>,
}

impl Contents {
    /// Opens an archive and lists what is in it. Lines are counted on the way only if `lines` asks for that.
    ///
    /// # Errors
    /// When it can't be read at all.
    pub fn open(path: &Path, lines: bool) -> Result<Self> {
        let file = open_file(path)?;
        let trouble = |error: std::io::Error| Error::host(format!("{}: {error}", path.display()));
        let budget = Budget::of(file.metadata().map_err(trouble)?.len());
        let other = match opened(file, path)? {
            Opened::Whole(bundle) => return Self::of(bundle, budget),
            Opened::Other(other) => other,
        };
        let ours = other.is_ours();
        let top = |first: &[u8]| if ours { Top::first_part_of(first) } else { Top::of(first, path) };
        let (listed, top, mut trouble) = in_order(other.archive, lines, top);
        if trouble.is_none() && ours {
            trouble = Some("its manifest can't be read".to_owned());
        }
        trouble = trouble.or_else(|| repeated(&listed));
        Ok(Self { kind: Archived::Other(other.file), listed, top, trouble, budget })
    }

    fn of(bundle: Box<Bundle>, budget: Budget) -> Result<Self> {
        let mut listed: Vec<Listed> = bundle.manifest().entries.iter().map(of_entry).collect();
        for (number, entry) in listed.iter_mut().enumerate() {
            entry.repeated = bundle.wrong(number) == Some(REPEATED);
        }
        let bytes = bundle.manifest_bytes()?;
        listed.push(Listed {
            name: MANIFEST.to_owned(),
            present: true,
            bytes: bytes.len() as u64,
            lines: Some(bytes.split_inclusive(|b| *b == b'\n').count() as u64),
            ..Listed::default()
        });
        let top = Top::ours(bundle.manifest().root.as_str());
        let left_out = bundle.manifest().entries_left_out;
        let trouble = (left_out > 0)
            .then(|| format!("{left_out} more entries had no room in the bundle when it was made"))
            .or_else(|| repeated(&listed));
        Ok(Self { kind: Archived::Ours(bundle), listed, top, trouble, budget })
    }

    /// The bundle, if it is a whole one of glsos.
    pub fn bundle(&self) -> Option<&Bundle> {
        match &self.kind {
            Archived::Ours(bundle) => Some(bundle),
            Archived::Other(_) => None,
        }
    }
}

fn of_entry(entry: &Entry) -> Listed {
    let path = match &entry.asked {
        Asked::Path(path) => Some(path.as_str().to_owned()),
        _ => None,
    };
    Listed {
        name: entry.name.as_str().to_owned(),
        present: entry.present,
        bytes: entry.bytes,
        lines: Some(entry.lines),
        torn: false,
        repeated: false,
        recorded: Some(Recorded {
            outcome: entry.outcome,
            reason: entry.reason.as_str().to_owned(),
            source: format!("{}/{}", entry.collector.as_str(), entry.source.as_str()),
            path,
            redactions: entry.redactions.iter().map(|(rule, n)| (rule.as_str().to_owned(), *n)).collect(),
        }),
    }
}

/// What is told of names that are there twice.
fn repeated(listed: &[Listed]) -> Option<String> {
    let number = listed.iter().filter(|entry| entry.repeated).count();
    (number > 0).then(|| format!("{number} of its files are not read: one of their name came before each"))
}

type InOrder = (Vec<Listed>, Top, Option<String>);

fn in_order(archive: Archive, lines: bool, top: impl Fn(&[u8]) -> Top + Send) -> InOrder {
    let (mut members, mut listed) = (Members::new(archive, top), Vec::new());
    let mut piece = vec![0; 64 << 10];
    let trouble = loop {
        let file = match members.next_file() {
            Ok(Some(file)) => file,
            Ok(None) => break None,
            Err(why) => break Some(why),
        };
        let repeated = file.repeated;
        let mut entry =
            Listed { name: file.name, present: true, bytes: file.size, repeated, ..Listed::default() };
        // Of an unfinished bundle only reading tells how long the last one is.
        let ended = if lines || members.is_unfinished() {
            let mut counted = Counted::default();
            let ended = counted.all(&mut members, &mut piece);
            (entry.bytes, entry.lines) = (counted.bytes, Some(counted.lines));
            ended
        } else {
            Ok(())
        };
        entry.torn = ended.is_err();
        listed.push(entry);
        if let Err(why) = ended {
            break Some(why);
        }
    };
    (listed, members.top(), trouble)
}

#[derive(Default)]
struct Counted {
    bytes: u64,
    lines: u64,
}

impl Counted {
    /// A last line without a line end counts, as in a manifest.
    fn all(&mut self, members: &mut Members<'_>, piece: &mut [u8]) -> Result<(), String> {
        let mut open = false;
        let ended = loop {
            match members.read(piece) {
                Ok(0) => break Ok(()),
                Ok(n) => {
                    self.bytes += n as u64;
                    self.lines += memchr::memchr_iter(b'\n', &piece[..n]).count() as u64;
                    open = piece[n - 1] != b'\n';
                }
                Err(why) => break Err(why),
            }
        };
        self.lines += u64::from(open);
        ended
    }
}
