//! What the feeder hands to pack, piece by piece: the beginning, the bytes and the end of an entry.
//! Nothing in it can be made from bytes that were not redacted.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{
    manifest::{Asked, Kind, Text, Window},
    name::EntryName,
    parcel::Parcel,
};
use crate::{host::Flow, outcome::Outcome, redact::Redacted};

/// Where the pieces come from; called by one worker at a time.
pub trait Feed: Send {
    /// The next piece, or nothing when the run is over. `Flow::Stop` says that the entry that is
    /// open takes no more (it is withheld, or the disk is full): its `End` should come next.
    fn next(&mut self, flow: Flow) -> Option<Piece>;
}

impl<F: FnMut(Flow) -> Option<Piece> + Send> Feed for F {
    fn next(&mut self, flow: Flow) -> Option<Piece> {
        self(flow)
    }
}

/// One step of the feed. Entries come one after another; pieces of data may have any size.
#[derive(Debug)]
pub enum Piece {
    /// An entry begins.
    Start(Box<Head>),
    /// More of its bytes.
    Data(Redacted),
    /// It ends. `Withheld` takes back what was written of it.
    End(Box<Tail>),
    /// An entry without bytes: skipped, denied, failed.
    Absent(Box<Head>, Box<Tail>),
    /// An entry that was redacted and compressed earlier.
    Parcel(Box<Parcel>),
}

/// What is known of an entry when it begins.
#[derive(Debug, Clone)]
pub struct Head {
    /// Its name in the bundle.
    pub name: EntryName,
    /// The collector.
    pub collector: Text,
    /// The source's name in it.
    pub source: Text,
    /// What kind of source.
    pub kind: Kind,
    /// What was asked of the host.
    pub asked: Asked,
    /// The source's size, where it has one.
    pub source_size: Option<u64>,
    /// The source's modification time; for what has none, the time of the run.
    pub mtime: Timestamp,
    /// When it began.
    pub started: Option<Timestamp>,
    /// How far the bundle may have grown at its end, in compressed bytes; nothing for no limit. What would reach
    /// beyond is left out.
    pub until: Option<u64>,
}

/// What is known of an entry when it ends.
#[derive(Debug, Clone)]
pub struct Tail {
    /// How it ended.
    pub outcome: Outcome,
    /// Why; empty only for `complete`.
    pub reason: Text,
    /// How long it took.
    pub seconds: Option<f64>,
    /// A command's exit status.
    pub exit: Option<i32>,
    /// The signal that ended a command.
    pub signal: Option<i32>,
    /// An answer's HTTP status.
    pub status: Option<u16>,
    /// A command's first words on stderr.
    pub stderr: Option<Text>,
    /// Bytes read at the source.
    pub source_bytes: Option<u64>,
    /// Replacements by rule.
    pub redactions: BTreeMap<Text, u64>,
    /// What the window took of a log.
    pub window: Option<Window>,
}

impl Tail {
    /// An ending with its reason and nothing else to tell.
    pub fn new(outcome: Outcome, reason: Text) -> Self {
        Self {
            outcome,
            reason,
            seconds: None,
            exit: None,
            signal: None,
            status: None,
            stderr: None,
            source_bytes: None,
            redactions: BTreeMap::new(),
            window: None,
        }
    }

    /// All that was asked for.
    pub fn complete() -> Self {
        Self::new(Outcome::Complete, Text::default())
    }
}
