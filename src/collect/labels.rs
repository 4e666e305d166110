//! How an item looks in the manifest before anything of it was taken. All texts go through redaction.

use jiff::Timestamp;

use super::Run;
use crate::{
    catalog::{At, SourceKind},
    host::{Address, Error},
    outcome::{Ending, Outcome},
    pack::{
        EntryName, Head, Tail,
        manifest::{Asked, Kind, Text},
    },
    plan::{Item, Take},
    redact::Redactor,
};

/// The head of an item's entry.
pub(super) fn head(run: &Run<'_>, item: &Item, now: Timestamp) -> Head {
    let (kind, asked) = asked(run.redactor, &item.take);
    let (source_size, mtime) = match &item.take {
        Take::File { stat: Some(stat), .. } => (Some(stat.len), stat.mtime),
        Take::Log { file, .. } => (Some(file.stat.len), file.stat.mtime),
        _ => (None, now),
    };
    Head {
        name: EntryName::of(&run.redactor.text(item.entry.as_os_str().as_encoded_bytes())),
        collector: text(run.redactor, &item.collector),
        source: text(run.redactor, &item.source),
        kind,
        asked,
        source_size,
        mtime,
        started: Some(now),
        until: item.until,
    }
}

/// The tail of an entry that ended so.
pub(super) fn tail(redactor: &Redactor, ending: &Ending) -> Tail {
    Tail::new(ending.outcome, text(redactor, &ending.reason))
}

/// The tail of an entry that met this error.
pub(super) fn tail_of(redactor: &Redactor, error: &Error) -> Tail {
    tail(redactor, &error.ending())
}

/// The tail of what was not tried because the run was stopped.
pub(super) fn stopped() -> Tail {
    Tail::new(Outcome::TimedOut, Text::word("the run was stopped before its turn"))
}

pub(super) fn text(redactor: &Redactor, text: &str) -> Text {
    Text::of(&redactor.text(text.as_bytes()))
}

fn asked(redactor: &Redactor, take: &Take) -> (Kind, Asked) {
    match take {
        Take::Command { command, .. } => (Kind::Command, argv(redactor, &command.argv)),
        Take::Part { argv: of, .. } => (Kind::Command, argv(redactor, of)),
        Take::File { path, .. } => (Kind::File, path_of(redactor, path.as_os_str().as_encoded_bytes())),
        Take::Log { file, .. } => (Kind::Log, path_of(redactor, file.path.as_os_str().as_encoded_bytes())),
        Take::Http { get } => {
            let at = match &get.at {
                Address::Loopback(address) => address.to_string(),
                Address::Unix(path) => format!("unix:{}", path.display()),
            };
            (Kind::Http, Asked::Get { at: text(redactor, &at), path: text(redactor, &get.path) })
        }
        Take::Probe(probe) => (Kind::Probe, Asked::Probe(Text::word(probe.name))),
        Take::Leave { kind, .. } => left(redactor, kind),
    }
}

fn left(redactor: &Redactor, kind: &SourceKind) -> (Kind, Asked) {
    match kind {
        SourceKind::Command { run, .. } => (Kind::Command, argv(redactor, run)),
        // A plan tells the command in the place of its part.
        SourceKind::Part { .. } => (Kind::Command, argv(redactor, &[])),
        SourceKind::File { path, .. } => (Kind::File, path_of(redactor, path.as_bytes())),
        SourceKind::Log { path, .. } => (Kind::Log, path_of(redactor, path.as_bytes())),
        SourceKind::Http { at, get, .. } => {
            let at = match at {
                At::Service(name) => (*name).to_owned(),
                At::Unix(path) => format!("unix:{}", path.display()),
                At::Loopback(address) => address.to_string(),
            };
            (Kind::Http, Asked::Get { at: text(redactor, &at), path: text(redactor, get) })
        }
        SourceKind::Probe { run } => (Kind::Probe, Asked::Probe(text(redactor, run))),
    }
}

fn argv(redactor: &Redactor, argv: &[String]) -> Asked {
    Asked::Argv(redactor.argv(argv).iter().map(Text::of).collect())
}

fn path_of(redactor: &Redactor, path: &[u8]) -> Asked {
    Asked::Path(Text::of(&redactor.text(path)))
}
