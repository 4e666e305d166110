//! Bundles made from pieces, and read back by glsos's own rules and by other people's tools.
#![allow(clippy::disallowed_methods)] // tests read what pack wrote, and call other people's tools

mod content;
mod disk;
mod room;
mod tools;

use std::{
    collections::VecDeque,
    io::Read,
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use jiff::Timestamp;

use super::{
    manifest::{Asked, Kind, Run},
    *,
};
use crate::{error::Result, host::Flow, redact::Redacted};

pub(super) const CLEAN: fn(&[u8], &[u8]) -> Option<&'static str> = |_, _| None;

/// A folder for one test, gone when it ends.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("glsos-pack-{}-{number}", std::process::id()));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub(super) fn files(&self) -> Vec<String> {
        let mut names: Vec<_> = std::fs::read_dir(&self.0)
            .unwrap()
            .map(|e| e.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(super) fn redacted(bytes: impl AsRef<[u8]>) -> Redacted {
    Redacted::for_test(bytes.as_ref())
}

pub(super) fn head(name: &str) -> Head {
    Head {
        name: EntryName::of(&redacted(name)),
        collector: Text::word("test"),
        source: Text::word("source"),
        kind: Kind::File,
        asked: Asked::Path(Text::of(&redacted(format!("/{name}")))),
        source_size: Some(7),
        mtime: Timestamp::from_second(1_700_000_000).unwrap(),
        started: None,
        until: None,
    }
}

/// The pieces of an entry that comes whole, in pieces of `size` bytes.
pub(super) fn entry(name: &str, data: &[u8], size: usize) -> Vec<Piece> {
    let mut pieces = vec![Piece::Start(Box::new(head(name)))];
    pieces.extend(data.chunks(size).map(|chunk| Piece::Data(redacted(chunk))));
    pieces.push(Piece::End(Box::new(Tail::complete())));
    pieces
}

pub(super) fn run() -> Run {
    Run { started: Timestamp::from_second(1_700_000_100).unwrap(), ..Run::default() }
}

pub(super) fn feed(pieces: Vec<Piece>) -> impl Feed {
    let mut pieces = VecDeque::from(pieces);
    move |_: Flow| pieces.pop_front()
}

pub(super) fn make(path: &Path, threads: usize, check: &dyn Check, pieces: Vec<Piece>) -> Result<Whole> {
    let mut bundle = Bundle::create(&Target::File(path.to_owned()), &redacted("glsos.test"), check)?;
    bundle.pump(Pace::steady(threads), &mut feed(pieces))?;
    bundle.finish(run(), &redacted("started\n"))
}

/// The bundle's bytes and its manifest.
pub(super) fn bytes(threads: usize, check: &dyn Check, pieces: Vec<Piece>) -> (Vec<u8>, manifest::Manifest) {
    let folder = Folder::new();
    let path = folder.0.join("b.tar.gz");
    let whole = make(&path, threads, check, pieces).unwrap();
    let manifest = whole.manifest().clone();
    whole.publish().unwrap();
    (std::fs::read(&path).unwrap(), manifest)
}

/// Path, type, mode and content of every member, by the tar crate.
pub(super) fn members(bundle: &[u8]) -> Vec<(String, u8, u32, Vec<u8>)> {
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bundle));
    let mut members = Vec::new();
    for member in archive.entries().unwrap() {
        let mut member = member.unwrap();
        let path = String::from_utf8(member.path_bytes().into_owned()).unwrap();
        let (kind, mode) = (member.header().entry_type().as_byte(), member.header().mode().unwrap());
        let mut content = Vec::new();
        member.read_to_end(&mut content).unwrap();
        members.push((path, kind, mode, content));
    }
    members
}

pub(super) fn content<'m>(members: &'m [(String, u8, u32, Vec<u8>)], name: &str) -> Option<&'m [u8]> {
    let path = format!("glsos.test/{name}");
    members.iter().find(|member| member.0 == path).map(|member| &member.3[..])
}

/// Lines of log, not all alike.
pub(super) fn log(bytes: usize) -> Vec<u8> {
    let mut log = Vec::with_capacity(bytes + 200);
    let mut state = 1_u64;
    while log.len() < bytes {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        log.extend_from_slice(
            format!(
                "{{\"time\":\"2026-11-24T14:00:00.{:03}Z\",\"id\":\"{state:016x}\",\"status\":200}}\n",
                state % 1000
            )
            .as_bytes(),
        );
    }
    log.truncate(bytes);
    log
}
