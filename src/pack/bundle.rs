//! A bundle from its first byte to its name: create, pump, finish, publish. The rest of the run
//! talks to this type only.

use std::{
    collections::BTreeMap,
    fs::File,
    io,
    os::unix::fs::FileExt as _,
    path::{Path, PathBuf},
};

use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::{
    cutter::Cutter,
    headers::{self, Place},
    manifest::{self, Asked, Entry, Kind, Manifest, Run, Text},
    name::EntryName,
    output::{Output, Target, Trouble},
    parcel::{Parcel, make},
    piece::{Feed, Head, Tail},
    pump::{self, Pace},
    screen,
    segment::{Check, Deflater, SEGMENT},
    writer::Writer,
};
use crate::{
    error::{Error, Result},
    redact::Redacted,
};

/// Folder of glsos's own files.
const MANIFEST: &str = "glsos/manifest.json";
const REDACTIONS: &str = "glsos/redactions.json";
const RUN_LOG: &str = "glsos/run.log";
const README: &str = "glsos/README.txt";

/// A bundle that grows. Dropped before it is published, it leaves nothing behind.
pub struct Bundle<'a> {
    check: &'a dyn Check,
    cutter: Cutter,
    /// Away only while the pump has it, or after it failed.
    writer: Option<Writer>,
    path: PathBuf,
}

impl<'a> Bundle<'a> {
    /// Creates the file and begins the archive. `root` is the top folder's name.
    pub fn create(target: &Target, root: &Redacted, check: &'a dyn Check) -> Result<Self> {
        let output = Output::create(target)?;
        let path = output.path().to_owned();
        let root = EntryName::of(root).as_str().replace('/', "_");
        let mut writer = Writer::new(output, &root).map_err(|trouble| explain(&path, trouble))?;
        [MANIFEST, REDACTIONS, RUN_LOG, README].into_iter().for_each(|name| writer.own_name(name));
        Ok(Self { check, cutter: Cutter::default(), writer: Some(writer), path })
    }

    /// Takes entries from `feed` until it ends.
    /// The result is the same, to the byte, with any number of threads and pieces of any size.
    pub fn pump(&mut self, pace: Pace<'_>, feed: &mut dyn Feed) -> Result<()> {
        self.cutter.resume();
        let writer = self.writer()?;
        let writer = pump::pump(pace, feed, self.check, &mut self.cutter, writer)
            .map_err(|trouble| explain(&self.path, trouble))?;
        self.writer = Some(writer);
        Ok(())
    }

    /// What the manifest will tell of the entries so far.
    pub fn entries(&self) -> &[Entry] {
        self.writer.as_ref().map_or(&[], |writer| &writer.entries)
    }

    /// Whether the disk was full before the last entry was written.
    pub fn disk_full(&self) -> bool {
        self.writer.as_ref().is_some_and(|writer| writer.full)
    }

    /// Writes glsos's own files and the trailer. The bundle is whole then, and has no name yet.
    pub fn finish(mut self, mut run: Run, log: &Redacted) -> Result<Whole> {
        let mut writer = self.writer()?;
        if writer.full && run.stopped_by.is_none() {
            run.stopped_by = Some(Text::word("disk full"));
        }
        let made = End {
            check: self.check,
            deflater: Deflater::new(),
            started: run.started,
            left_out: self.cutter.left_out,
        }
        .write(&mut writer, &run, log);
        let manifest = made.map_err(|trouble| explain(&self.path, trouble))?;
        Ok(Whole { size: writer.out.position(), manifest, output: writer.out })
    }

    fn writer(&mut self) -> Result<Writer> {
        self.writer.take().ok_or_else(|| Error::internal("the bundle was used after writing it had failed"))
    }
}

/// What writing the end needs.
struct End<'a> {
    check: &'a dyn Check,
    deflater: Deflater,
    started: jiff::Timestamp,
    left_out: u64,
}

impl End<'_> {
    fn write(&mut self, writer: &mut Writer, run: &Run, log: &Redacted) -> Result<Manifest, Trouble> {
        let redactions = json(&Redactions::of(&writer.entries))?;
        for (name, bytes) in
            [(REDACTIONS, &redactions[..]), (RUN_LOG, log.as_bytes()), (README, include_bytes!("README.txt"))]
        {
            let parcel = self.parcel(name, bytes);
            writer.own(parcel)?;
        }
        let manifest = Manifest {
            format: Text::word(manifest::FORMAT),
            root: Text::made(writer.root.clone()),
            run: self.screened(run)?,
            entries: std::mem::take(&mut writer.entries),
            entries_left_out: self.left_out,
        };
        writer.release();
        let place = self.manifest(writer, &json(&manifest)?)?;
        // Two zero blocks end a tar archive.
        writer.emit(&[0; 2 * headers::BLOCK])?;
        let mut trailer = headers::LAST_BLOCK.to_vec();
        trailer.extend_from_slice(&writer.crc.sum().to_le_bytes());
        trailer.extend_from_slice(&(writer.len as u32).to_le_bytes());
        writer.out.write(&trailer)?;
        writer.out.patch(&headers::gzip(place), 0)?;
        writer.out.settle()?;
        Ok(manifest)
    }

    fn manifest(&mut self, writer: &mut Writer, bytes: &[u8]) -> Result<Place, Trouble> {
        let path = format!("{}/{MANIFEST}", writer.root);
        writer.emit(&headers::file(&path, bytes.len() as u64, self.started.as_second()))?;
        let offset = writer.out.position();
        for chunk in bytes.chunks(SEGMENT) {
            writer.append(&self.deflater.segment(chunk))?;
        }
        let compressed = writer.out.position() - offset;
        writer.emit(&[0; headers::BLOCK][..headers::padding(bytes.len() as u64)])?;
        Ok(Place { offset, compressed, bytes: bytes.len() as u64 })
    }

    fn parcel(&mut self, name: &'static str, bytes: &[u8]) -> Parcel {
        let head = Head {
            name: EntryName::own(name),
            collector: Text::word("glsos"),
            source: Text::word(name),
            kind: Kind::Glsos,
            asked: Asked::Nothing,
            source_size: None,
            mtime: self.started,
            started: None,
            until: None,
        };
        let made = make(self.check, &mut self.deflater, bytes);
        Parcel::whole(Box::new(head), Box::new(Tail::complete()), made)
    }

    fn screened(&self, run: &Run) -> Result<Run, Trouble> {
        let mut value = serde_json::to_value(run).map_err(io::Error::other)?;
        screen::json(self.check, &mut value);
        Ok(serde_json::from_value(value).map_err(io::Error::other)?)
    }
}

/// `glsos/redactions.json`: counts, never a value.
#[derive(Debug, Serialize)]
struct Redactions<'a> {
    format: &'static str,
    total: u64,
    rules: BTreeMap<&'a Text, u64>,
    entries: BTreeMap<&'a Text, &'a BTreeMap<Text, u64>>,
}

impl<'a> Redactions<'a> {
    fn of(entries: &'a [Entry]) -> Self {
        let mut rules = BTreeMap::new();
        for (rule, count) in entries.iter().flat_map(|entry| &entry.redactions) {
            *rules.entry(rule).or_insert(0) += count;
        }
        let touched = entries.iter().filter(|entry| !entry.redactions.is_empty());
        Self {
            format: "glsos-redactions/1",
            total: rules.values().sum(),
            rules,
            entries: touched.map(|entry| (&entry.name, &entry.redactions)).collect(),
        }
    }
}

/// A bundle that is whole and on the disk, but has no name yet. Dropped, it is gone.
#[derive(Debug)]
pub struct Whole {
    output: Output,
    size: u64,
    manifest: Manifest,
}

impl Whole {
    /// Its size in bytes.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// What is in it.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// Its bytes, for a review before it gets its name, or for stdout.
    pub fn reader(&self) -> Result<File> {
        self.output
            .reader()
            .map_err(|error| Error::host(format!("reading {}: {error}", self.output.path().display())))
    }

    /// Of all of its bytes (SHA-256), in hexadecimal: what a ticket can name to be sure of the file.
    pub fn digest(&self) -> Result<String> {
        let file = self.reader()?;
        let trouble =
            |error: io::Error| Error::host(format!("reading {}: {error}", self.output.path().display()));
        let (mut digest, mut at, mut room) = (Sha256::new(), 0, vec![0; SEGMENT]);
        // Not by its position, which all its handles share.
        loop {
            match file.read_at(&mut room, at).map_err(trouble)? {
                0 => return Ok(HEXLOWER.encode(&digest.finalize())),
                read => {
                    digest.update(&room[..read]);
                    at += read as u64;
                }
            }
        }
    }

    /// Gives it its name, never another file's; a spooled one has none.
    pub fn publish(mut self) -> Result<Option<PathBuf>> {
        self.output.publish()
    }
}

/// Pretty for people; one line per field is what `less` and a review want.
fn json(value: &impl Serialize) -> Result<Vec<u8>, Trouble> {
    let mut bytes = serde_json::to_vec_pretty(value).map_err(io::Error::other)?;
    bytes.push(b'\n');
    Ok(bytes)
}

fn explain(path: &Path, trouble: Trouble) -> Error {
    match trouble {
        Trouble::Full => Error::host(format!("writing the bundle {}: the disk is full", path.display()))
            .hint("not even a bundle without entries fits: free some space, or name another place with -o"),
        Trouble::Io(error) => Error::host(format!("writing the bundle {}: {error}", path.display()))
            .hint("nothing was left there; name another place with -o"),
    }
}
