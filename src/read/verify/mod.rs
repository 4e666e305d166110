//! Is a bundle what it was when it was made, and does anything in it still look like a secret? Checked from
//! outside: every entry twice, by its place and as tar reads it, and all of it by the second scan. Says
//! what is wrong and where; changes nothing. Whether somebody forged a bundle with all its digests it can't tell.

mod content;
mod report;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs::File,
    io,
    path::Path,
};

use data_encoding::HEXLOWER;

use super::{Archive, Broken, Bundle, Kind, Member, transfer};
use crate::{
    error::{Error, Result},
    pack::{
        Origin,
        manifest::{Entry, Manifest},
        manifest_place, origin,
    },
    scan::Scanner,
};
pub use report::{Fault, Report, Wrong};

const MANIFEST: &str = "glsos/manifest.json";
/// Members beyond this are not looked at: a bundle has a tenth of that.
const MOST_MEMBERS: u64 = 100_000;
/// A manifest in the stream is compared up to this length.
const LONGEST_MANIFEST: usize = 64 << 20;

/// Checks an open file; `path` is for messages.
///
/// # Errors
/// When it can't be read at all.
pub fn verify(file: File, path: &Path, scanner: &Scanner) -> Result<Report> {
    let trouble = |error: io::Error| Error::host(format!("reading {}: {error}", path.display()));
    let bytes = file.metadata().map_err(trouble)?.len();
    let head = transfer::head(&file).map_err(trouble)?;
    let mut report = Report { bytes, ..Report::default() };
    if head.is_empty() {
        report.tell(Wrong::Damaged, None, "it is empty");
        return Ok(report);
    }
    if let Some(why) = transfer::damage(&head, false) {
        report.tell(Wrong::Transfer, None, why);
        return Ok(report);
    }
    let bundle = own(&file, path, &head, &mut report);
    let manifest = bundle.as_ref().map(Bundle::manifest);
    let mut verifier = Verifier {
        scanner,
        report,
        manifest,
        index: HashMap::new(),
        good: HashSet::new(),
        met: HashSet::new(),
        members: 0,
    };
    if let Some(bundle) = &bundle {
        verifier.by_place(bundle);
    }
    verifier.walk(file);
    if let Some(bundle) = &bundle {
        verifier.not_met(bundle);
    }
    let mut report = verifier.report;
    if report.is_damaged()
        && let Some(why) = transfer::damage(&head, true)
    {
        report.tell(Wrong::Transfer, None, why);
    }
    report.mask(|text| scanner.masked(text));
    Ok(report)
}

/// The bundle, if it is one of glsos's whose manifest can be read.
fn own(file: &File, path: &Path, head: &[u8], report: &mut Report) -> Option<Bundle> {
    match origin(head) {
        Origin::Foreign => return None,
        Origin::Unfinished => {
            report.tell(Wrong::Cut, None, "it was never finished: the run that made it was killed");
            report.ours = true;
            return None;
        }
        Origin::Damaged => report.tell(Wrong::Damaged, None, "its gzip header is damaged"),
        Origin::Whole(_) => {}
    }
    report.ours = true;
    let place = manifest_place(head)?;
    let end = place.offset.saturating_add(place.compressed);
    if end > report.bytes {
        let why = format!(
            "it has {} bytes, and its manifest alone should end at {end}: it was cut off, or its gzip header is damaged",
            report.bytes
        );
        report.tell(Wrong::Cut, None, why);
        return None;
    }
    let opened = file.try_clone().map_err(|error| Error::host(error.to_string()));
    match opened.and_then(|file| Bundle::from_file(file, path)) {
        Ok(bundle) => {
            report.describe(bundle.manifest());
            Some(bundle)
        }
        Err(error) => {
            let before = format!("{}: ", path.display());
            let why = error.message.strip_prefix(&before).unwrap_or(&error.message).to_owned();
            report.tell(Wrong::Damaged, Some(MANIFEST), why);
            None
        }
    }
}

struct Verifier<'a> {
    scanner: &'a Scanner,
    report: Report,
    manifest: Option<&'a Manifest>,
    /// Entries that are in the archive, by name.
    index: HashMap<&'a str, &'a Entry>,
    /// Entries whose content is right where the manifest says that it stands.
    good: HashSet<&'a str>,
    /// Those of them, and the manifest, that tar came to. Others' names are as many and as long as who forged them likes.
    met: HashSet<&'a str>,
    members: u64,
}

impl<'a> Verifier<'a> {
    /// Every entry where the manifest says that it stands: what is damaged costs no other one.
    fn by_place(&mut self, bundle: &'a Bundle) {
        let mut end = 0;
        for entry in bundle.manifest().entries.iter().filter(|entry| entry.present) {
            let name = entry.name.as_str();
            if self.index.insert(name, entry).is_some() {
                self.report.tell(Wrong::Damaged, Some(name), "the manifest names it twice");
                continue;
            }
            if let Err(why) = bundle.places_follow(entry, &mut end) {
                self.report.tell(Wrong::Damaged, Some(name), why);
                continue;
            }
            match content::digest(bundle, entry) {
                Ok(sha256) if entry.sha256.as_ref() == Some(&HEXLOWER.encode(&sha256)) => {
                    self.good.insert(name);
                }
                Ok(_) => self.report.tell(Wrong::Damaged, Some(name), "its content does not fit its digest"),
                Err(why) => {
                    let why = format!("its content can't be read: {why}");
                    self.report.tell(Wrong::Damaged, Some(name), why);
                }
            }
        }
        self.report.digests = Some(self.index.len() as u64);
        self.report.fit = self.good.len() as u64;
    }

    /// The archive as tar reads it.
    fn walk(&mut self, file: File) {
        let mut archive = match Archive::new(file) {
            Ok(archive) => archive,
            Err(why) => return self.report.tell(Wrong::Damaged, None, why),
        };
        let mut last = None;
        let ended = loop {
            match archive.next_member() {
                Ok(None) => break archive.finish(),
                Ok(Some(_)) if self.members >= MOST_MEMBERS => {
                    let why = format!("what follows {MOST_MEMBERS} members was not looked at");
                    return self.report.tell(Wrong::Unread, None, why);
                }
                Ok(Some(member)) => {
                    self.members += 1;
                    let name = self.name_of(&member);
                    let went = self.member(&member, &name, &mut archive);
                    last = Some(name);
                    if went.is_err() {
                        break went;
                    }
                }
                Err(broken) => break Err(broken),
            }
        };
        if let Err(broken) = ended {
            self.broken(&broken, last.as_deref());
        }
    }

    fn broken(&mut self, broken: &Broken, last: Option<&str>) {
        let sound = self.manifest.is_some()
            && self.good.len() == self.index.len()
            && self.index.keys().all(|name| self.met.contains(*name));
        let place = last.map_or_else(|| "at its beginning".to_owned(), |last| format!("in or behind {last}"));
        let (wrong, why) = match broken {
            Broken::Cut if sound => (Wrong::Cut, "it ends too early: its last bytes are missing".to_owned()),
            Broken::Cut => (Wrong::Cut, format!("it ends too early, {place}")),
            // All entries were read and are right: what is left are headers, padding and the sum itself.
            Broken::Damaged(_) if sound => (
                Wrong::Damaged,
                "its checksum does not fit, though every entry fits its digest: the manifest, a header or the \
                 checksum itself is damaged"
                    .to_owned(),
            ),
            Broken::Damaged(why) => (Wrong::Damaged, format!("tar can't read it {place}: {why}")),
        };
        self.report.tell(wrong, None, why);
    }

    /// The name below the top folder, fit to be shown.
    fn name_of(&self, member: &Member) -> String {
        let name = String::from_utf8_lossy(&member.name).into_owned();
        match self.manifest {
            Some(manifest) => {
                let below = name.strip_prefix(manifest.root.as_str()).and_then(|name| name.strip_prefix('/'));
                below.unwrap_or(&name).to_owned()
            }
            None => name,
        }
    }

    fn member(&mut self, member: &Member, name: &str, archive: &mut Archive) -> Result<(), Broken> {
        self.judge_name(member, name);
        match member.kind {
            Kind::File => {}
            Kind::Folder => return Ok(()),
            Kind::Other(what) => {
                if self.report.ours {
                    self.report.tell(Wrong::Extra, Some(name), format!("it is {what}"));
                }
                return Ok(());
            }
        }
        let is_manifest = self.manifest.is_some() && name == MANIFEST;
        let mut copy = Vec::new();
        let mut read = |room: &mut [u8]| {
            let n = archive.read(room)?;
            if is_manifest && copy.len() < LONGEST_MANIFEST {
                copy.extend_from_slice(&room[..n]);
            }
            Ok(n)
        };
        let content = content::look(self.scanner, &mut read, name, &mut self.report)?;
        self.report.files += 1;
        self.report.content += content.bytes;
        let Some(manifest) = self.manifest else { return Ok(()) };
        let expected =
            if is_manifest { Some(MANIFEST) } else { self.index.get_key_value(name).map(|(name, _)| *name) };
        if expected.is_some_and(|name| !self.met.insert(name)) {
            self.report.tell(Wrong::Extra, Some(name), "it is there twice");
        } else if is_manifest {
            if !serde_json::from_slice::<Manifest>(&copy).is_ok_and(|there| there == *manifest) {
                self.report.tell(Wrong::Damaged, Some(name), "tar reads another manifest than glsos does");
            }
        } else if let Some(entry) = self.index.get(name) {
            let fits = entry.sha256.as_ref() == Some(&HEXLOWER.encode(&content.sha256));
            // What is wrong at its place was told.
            if !fits && self.good.contains(name) {
                self.report.tell(Wrong::Damaged, Some(name), "tar reads another content than glsos does");
            }
        } else {
            self.report.tell(Wrong::Extra, Some(name), "the manifest does not name it");
        }
        Ok(())
    }

    fn judge_name(&mut self, member: &Member, name: &str) {
        let leads_out =
            member.name.starts_with(b"/") || member.name.split(|b| *b == b'/').any(|part| part == b"..");
        if leads_out {
            self.report.tell(
                Wrong::Name,
                Some(name),
                "its name leads out of the folder that it is unpacked in",
            );
        }
        if let Some(rule) = self.scanner.hit(b"", &member.name) {
            self.report.secret_in_a_name(rule, self.report.files + 1);
        }
    }

    /// Entries of the manifest that tar did not come to.
    fn not_met(&mut self, bundle: &'a Bundle) {
        let broken = self.report.is_damaged();
        let mut behind = 0;
        for entry in bundle.manifest().entries.iter().filter(|entry| entry.present) {
            let name = entry.name.as_str();
            if self.met.contains(name) {
                continue;
            }
            if !self.good.contains(name) {
                // Told where it was read.
            } else if broken {
                behind += 1;
                content::look_by_place(self.scanner, bundle, entry, &mut self.report);
            } else {
                self.report.tell(
                    Wrong::Missing,
                    Some(name),
                    "the manifest names it, and tar does not find it",
                );
            }
        }
        if behind > 0 {
            let why = format!("tar does not reach {behind} entries that are whole; `glsos show` reads them");
            self.report.tell(Wrong::Damaged, None, why);
        }
    }
}

/// How many entries ended how.
fn outcomes(manifest: &Manifest) -> BTreeMap<&'static str, u64> {
    let mut counts = BTreeMap::new();
    manifest.entries.iter().for_each(|entry| *counts.entry(entry.outcome.word()).or_insert(0) += 1);
    counts
}
