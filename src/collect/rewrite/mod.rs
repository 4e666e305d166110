//! A bundle, or an archive of another tool, → a new bundle: every member goes through redaction as if it
//! came from a host. What is damaged, or has no place in a bundle, is an outcome and costs no other member.

mod content;
mod feed;
mod heads;

use std::{fs::File, path::Path};

use jiff::Timestamp;

use crate::{
    error::{Error, Result},
    host::{gentle, stop::Stop},
    pack::{
        Bundle, Pace,
        manifest::{From, Run, Text},
    },
    read::{self, Archive},
    redact::Redactor,
};
use feed::Feeder;

/// Threads that redact and pack; the caller's is one of them.
const THREADS: usize = 2;
/// Longest run log that is taken over.
const LONGEST_LOG: usize = 4 << 20;

/// What all parts of a rewriting share.
pub struct Rewrite<'a> {
    /// What takes secrets away.
    pub redactor: &'a Redactor,
    /// Says when to end early.
    pub stop: &'a Stop,
    /// Is told of what is not whole.
    pub tell: &'a (dyn Fn(&str) + Sync),
}

/// What a bundle is made of again.
pub struct Old {
    bundle: Option<read::Bundle>,
    archive: Archive,
    root: Vec<u8>,
    bytes: u64,
    written: Timestamp,
}

impl Old {
    /// Opens an archive; `path` is for messages.
    ///
    /// # Errors
    /// When it is none.
    pub fn open(file: File, path: &Path) -> Result<Self> {
        let trouble = |why: String| Error::host(format!("{}: {why}", path.display()));
        let clone = || file.try_clone().map_err(|error| trouble(error.to_string()));
        let stat = file.metadata().map_err(|error| trouble(error.to_string()))?;
        let written = stat.modified().ok().and_then(|time| Timestamp::try_from(time).ok());
        // One whose manifest can't be read is an archive as any other.
        let bundle = read::Bundle::from_file(clone()?, path).ok();
        let root = match &bundle {
            Some(bundle) => bundle.manifest().root.as_str().as_bytes().to_vec(),
            None => top(&mut Archive::new(clone()?).map_err(trouble)?),
        };
        let archive = Archive::new(clone()?).map_err(trouble)?;
        Ok(Self { bundle, archive, root, bytes: stat.len(), written: written.unwrap_or_default() })
    }

    /// Its top folder, not yet redacted; empty if it has none.
    pub fn root(&self) -> &[u8] {
        &self.root
    }

    /// Its run log, not yet redacted; empty if it has none.
    pub fn log(&self) -> Vec<u8> {
        let read = |bundle: &read::Bundle| {
            let mut reader = bundle.reader(bundle.entry("glsos/run.log")?).ok()??;
            let mut bytes = vec![0; LONGEST_LOG];
            let n = reader.read_at(0, &mut bytes).ok()?;
            bytes.truncate(n);
            Some(bytes)
        };
        self.bundle.as_ref().and_then(read).unwrap_or_default()
    }

    /// What the new manifest tells of the run that made it, and that it was redacted again. `name` is the
    /// old archive's.
    pub fn run(&self, redactor: &Redactor, name: &Path) -> Run {
        let old = self.bundle.as_ref().map(|bundle| &bundle.manifest().run);
        let mut run = old.and_then(|run| heads::again(redactor, run)).unwrap_or_else(|| Run {
            host: Text::word("unknown"),
            kind: Text::word("archive"),
            profile: Text::word("unknown"),
            started: self.written,
            ..Run::default()
        });
        let name = name.file_name().unwrap_or_default().as_encoded_bytes();
        run.from = Some(From {
            name: Text::of(&redactor.text(name)),
            format: Text::word(if old.is_some() { "glsos-bundle/1" } else { "tar" }),
            bytes: self.bytes,
            glsos: old.is_some().then(|| run.glsos.clone()),
            trouble: None,
        });
        run
    }
}

/// The folder that the first member stands in.
fn top(archive: &mut Archive) -> Vec<u8> {
    let Ok(Some(member)) = archive.next_member() else { return Vec::new() };
    let mut parts = member.name.split(|b| *b == b'/').filter(|part| !part.is_empty() && *part != b".");
    let first = parts.next().unwrap_or_default();
    let is_folder = member.kind == read::Kind::Folder || parts.next().is_some();
    if is_folder && first != b".." { first.to_vec() } else { Vec::new() }
}

/// Makes all entries anew. Tells why the archive could not be read to its end, if so.
///
/// # Errors
/// When the new bundle can't be written.
pub fn rewrite(run: &Rewrite<'_>, old: Old, bundle: &mut Bundle<'_>) -> Result<Option<String>> {
    gentle::yield_to_others();
    let mut feeder = Feeder::new(run, old);
    bundle.pump(Pace::steady(THREADS), &mut feeder)?;
    Ok(feeder.trouble)
}
