//! `glsos/manifest.json`: what a bundle says about itself, as types for the writer and the reader.
//!
//! Every text in it is a `Text`, made from redacted bytes or from a word of the program. The format
//! is `glsos-bundle/1`; `docs/manifest.schema.json` describes it and a test holds the two together.

use std::{borrow::Cow, collections::BTreeMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{outcome::Outcome, redact::Redacted};

/// The format's name; a reader refuses what it does not know.
pub const FORMAT: &str = "glsos-bundle/1";

/// A text that may leave the host.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Text(Cow<'static, str>);

impl Text {
    /// What went through redaction; bytes that are no UTF-8 become U+FFFD.
    pub fn of(redacted: &Redacted) -> Self {
        Self(Cow::Owned(String::from_utf8_lossy(redacted.as_bytes()).into_owned()))
    }

    /// A word of the program's own, such as a rule's or a collector's name.
    pub const fn word(word: &'static str) -> Self {
        Self(Cow::Borrowed(word))
    }

    /// A number, which is no secret.
    pub fn number(number: i64) -> Self {
        Self(Cow::Owned(number.to_string()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Only for names that pack itself escapes or numbers.
    pub(super) fn made(text: String) -> Self {
        Self(Cow::Owned(text))
    }
}

/// The whole file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    /// `FORMAT`.
    pub format: Text,
    /// The bundle's top folder.
    pub root: Text,
    /// What ran, where, and how.
    pub run: Run,
    /// In the order of the archive; also those that are not in it, with their reason.
    pub entries: Vec<Entry>,
    /// Entries beyond the first 10,000, which are not in the bundle.
    #[serde(default)]
    pub entries_left_out: u64,
}

/// What ran, where, and how.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Run {
    /// The program's version.
    pub glsos: Text,
    /// The triple that it was built for.
    pub target: Text,
    /// The host's name, or its pseudonym.
    pub host: Text,
    /// `live`, `sysroot` or `recorded`; `archive` for what another tool made.
    pub kind: Text,
    /// `--ticket`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<Text>,
    /// The profile's name; `unknown` for what another tool made.
    pub profile: Text,
    /// Begin of the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// End of the window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// When the run began.
    pub started: Timestamp,
    /// How long it took.
    pub seconds: f64,
    /// `timeout`, `SIGINT`, `SIGTERM`, `disk full`; absent when it came to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped_by: Option<Text>,
    /// The options that were given, by name.
    #[serde(default)]
    pub options: BTreeMap<Text, Text>,
    /// What is installed: `kind`, `version`, `edition`, `roles`, `services` and their like.
    #[serde(default)]
    pub installation: BTreeMap<Text, Text>,
    /// How many known secrets were learnt from where.
    #[serde(default)]
    pub known_secrets: Vec<Learnt>,
    /// Kinds that were hidden behind pseudonyms, and how many different values of each.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub hidden: BTreeMap<Text, u64>,
    /// What the customer wanted to keep; absent when nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_values: Option<Kept>,
    /// The limits that applied, in bytes or seconds; absent means none.
    #[serde(default)]
    pub limits: BTreeMap<Text, u64>,
    /// The site's own policy; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
    /// What each process of the run had given up before it read anything (rights, writing, the network), or
    /// why it could not; absent when nothing was taken of a host.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub given_up: BTreeMap<Text, BTreeMap<Text, Text>>,
    /// The collectors that were selected.
    #[serde(default)]
    pub selection: Vec<Text>,
    /// What it was made of, where that was another archive and no host.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<From>,
}

/// A site's own policy: never what it says, which may show what is to be removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Policy {
    /// Of its file, in hexadecimal.
    pub sha256: String,
    /// The keys that it has.
    pub keys: Vec<Text>,
}

/// The archive that a bundle was redacted from. Never its digest: who knows all of it but one short secret
/// could guess that from it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct From {
    /// Its file's name.
    pub name: Text,
    /// `glsos-bundle/1`, or `tar` for any other.
    pub format: Text,
    /// Its size.
    pub bytes: u64,
    /// The version of glsos that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub glsos: Option<Text>,
    /// Why it could not be read to its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Text>,
}

/// A place of the host's secrets, and what was learnt there. Never a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Learnt {
    /// The place.
    pub from: Text,
    /// Values that are removed wherever they stand.
    pub values: u64,
    /// Values too weak for that: removed only beside their key.
    #[serde(default)]
    pub weak: u64,
    /// Why it could not be read or understood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Text>,
}

/// Values that were kept although a rule would take them. Never which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// How many values were to be kept.
    pub values: u64,
    /// How many more are secrets of the host or to be removed, and so were not kept.
    pub secrets: u64,
    /// How often one of them was kept, in entries, names and all other texts.
    pub times: u64,
}

/// The kinds of source, and glsos's own files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A command's stdout.
    Command,
    /// A whole file.
    File,
    /// A log, or the window's part of it.
    Log,
    /// An answer to a GET.
    Http,
    /// A built-in.
    Probe,
    /// A file of glsos's own, below `glsos/`.
    Glsos,
}

/// What was asked of the host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Asked {
    /// The path of a file or log on the host.
    Path(Text),
    /// Program and arguments.
    Argv(Vec<Text>),
    /// Address, path and query.
    Get {
        /// `127.0.0.1:8080` or `unix:/path`.
        at: Text,
        /// Path and query.
        path: Text,
    },
    /// A probe's name.
    Probe(Text),
    /// Nothing: a file of glsos's own.
    Nothing,
}

/// One entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Below the top folder.
    pub name: Text,
    /// The collector.
    pub collector: Text,
    /// The source's name in it.
    pub source: Text,
    /// What kind of source.
    pub kind: Kind,
    /// What was asked of the host.
    pub asked: Asked,
    /// How it ended.
    pub outcome: Outcome,
    /// Why; empty only for `complete`.
    #[serde(default, skip_serializing_if = "Text::is_empty")]
    pub reason: Text,
    /// When it began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started: Option<Timestamp>,
    /// How long it took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seconds: Option<f64>,
    /// A command's exit status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit: Option<i32>,
    /// The signal that ended a command.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal: Option<i32>,
    /// An answer's HTTP status.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// A command's first words on stderr.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stderr: Option<Text>,
    /// Bytes at the source; of a withheld entry a power of two that is no smaller.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source_bytes: Option<u64>,
    /// Whether its file is in the archive.
    pub present: bool,
    /// Bytes in the archive.
    #[serde(default)]
    pub bytes: u64,
    /// Lines in the archive; a last one without a line end counts.
    #[serde(default)]
    pub lines: u64,
    /// Of the bytes in the archive, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    /// The source's modification time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mtime: Option<Timestamp>,
    /// Replacements by rule.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub redactions: BTreeMap<Text, u64>,
    /// What the window took of a log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<Window>,
    /// Places in the archive: offset, compressed and inflated bytes of each raw deflate segment.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub segments: Vec<[u64; 3]>,
}

/// What the window took of a log.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Window {
    /// Time of the first line taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub first: Option<Timestamp>,
    /// Time of the last line taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Timestamp>,
    /// Lines taken at the source.
    #[serde(default)]
    pub lines: u64,
    /// Bytes left out before them.
    #[serde(default)]
    pub bytes_before: u64,
    /// Bytes left out behind them.
    #[serde(default)]
    pub bytes_after: u64,
    /// What was odd: out of order, no times, clock steps.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}
