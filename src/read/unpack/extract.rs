//! Members become files, one after the other, and what can't is told.

use std::{
    fs::File,
    io::{self, Write},
};

use super::{
    Limits, Unpacked,
    folder::{Folder, Trouble, set_time},
    name::parts,
};
use crate::{
    error::{Error, Result},
    pack::manifest::Entry,
    read::{Archive, Bundle, Kind, Member, Verified, top::Top},
    units::show_size,
};

const PIECE: usize = 256 << 10;
const MANIFEST: &str = "glsos/manifest.json";

/// One bundle on its way to the disk.
pub(super) struct Extract {
    folder: Folder,
    limits: Limits,
    /// Bytes of the archive.
    packed: u64,
    members: u64,
    told: Unpacked,
    piece: Vec<u8>,
}

/// How a member's content ended.
enum Ended {
    Whole,
    /// The archive can't be read there, or not any further.
    Torn(String),
    /// A limit.
    Over(String),
}

impl Extract {
    pub(super) fn new(folder: Folder, limits: Limits, packed: u64) -> Self {
        let path = folder.path().to_owned();
        let told = Unpacked { folder: path, files: 0, bytes: 0, faults: Vec::new(), more: 0 };
        Self { folder, limits, packed, members: 0, told, piece: vec![0; PIECE] }
    }

    /// Each entry of the manifest from where it stands: one that is damaged costs no other one.
    pub(super) fn by_place(mut self, bundle: &Bundle) -> Result<Unpacked> {
        let mut end = 0;
        for entry in bundle.manifest().entries.iter().filter(|entry| entry.present) {
            let name = entry.name.as_str();
            if let Err(why) = bundle.places_follow(entry, &mut end) {
                self.told.tell(Some(name), format!("it is damaged: {why}"));
                continue;
            }
            if let Some(why) = self.one_more() {
                self.told.tell(None, why);
                return Ok(self.told);
            }
            let Some(file) = self.create(name.as_bytes(), name)? else { continue };
            match self.entry(bundle, entry, file)? {
                Ended::Whole => {}
                Ended::Torn(why) => self.told.tell(Some(name), why),
                Ended::Over(why) => {
                    self.told.tell(Some(name), why);
                    return Ok(self.told);
                }
            }
        }
        let manifest = bundle.manifest_bytes()?;
        if let Some(mut file) = self.create(MANIFEST.as_bytes(), MANIFEST)? {
            file.write_all(&manifest).map_err(|error| self.disk(&error))?;
            set_time(&file, bundle.manifest().run.started.as_second());
            self.told.files += 1;
            self.told.bytes += manifest.len() as u64;
        }
        Ok(self.told)
    }

    fn entry(&mut self, bundle: &Bundle, entry: &Entry, mut file: File) -> Result<Ended> {
        let Ok(mut verified) = Verified::new(bundle, entry) else {
            return Ok(Ended::Torn("it can't be read".into()));
        };
        let ended = self.content(&mut |room| verified.read(room), &mut file)?;
        set_time(&file, entry.mtime.map_or(0, |time| time.as_second()));
        Ok(match ended {
            Ended::Torn(why) if verified.done() < entry.bytes => {
                let (there, of) = (show_size(verified.done()), show_size(entry.bytes));
                Ended::Torn(format!("{why}; {there} of {of} are there"))
            }
            other => other,
        })
    }

    /// Each member as tar reads it, up to the end or to where there is no way on.
    pub(super) fn in_order(mut self, mut archive: Archive, top: &Top) -> Result<Unpacked> {
        let mut last: Option<String> = None;
        loop {
            let member = match archive.next_member() {
                Ok(Some(member)) => member,
                Ok(None) => break,
                Err(broken) => {
                    self.lost(broken.reason(), last.as_deref(), archive.is_unfinished());
                    return Ok(self.told);
                }
            };
            if let Some(why) = self.one_more() {
                self.told.tell(None, why);
                return Ok(self.told);
            }
            let below = top.below(&member.name);
            let name = String::from_utf8_lossy(below).into_owned();
            if self.member(&member, below, &name, &mut archive)? {
                return Ok(self.told);
            }
            if member.kind == Kind::File {
                last = Some(name);
            }
        }
        if let Err(broken) = archive.finish() {
            self.told.tell(None, format!("{}: its last bytes are missing or damaged", broken.reason()));
        }
        Ok(self.told)
    }

    /// Whether it was the last one that can be had.
    fn member(&mut self, member: &Member, below: &[u8], name: &str, archive: &mut Archive) -> Result<bool> {
        match member.kind {
            Kind::Other(what) => {
                self.told.tell(Some(name), format!("refused: it is {what}"));
                return Ok(false);
            }
            // The top folder itself.
            Kind::Folder if below.is_empty() || below == b"." => return Ok(false),
            Kind::Folder => {
                let why = match parts(below) {
                    Err(bad) => Some(format!("refused: {bad}")),
                    Ok(parts) => {
                        self.folder.folder(&parts).err().map(|trouble| self.in_words(trouble)).transpose()?
                    }
                };
                why.into_iter().for_each(|why| self.told.tell(Some(name), why));
                return Ok(false);
            }
            Kind::File => {}
        }
        let Some(mut file) = self.create(below, name)? else { return Ok(false) };
        let before = self.told.bytes;
        let mut read = |room: &mut [u8]| archive.read(room).map_err(|broken| broken.reason().to_owned());
        let ended = self.content(&mut read, &mut file)?;
        set_time(&file, member.mtime);
        match ended {
            Ended::Whole => return Ok(false),
            Ended::Over(why) => self.told.tell(Some(name), why),
            Ended::Torn(why) => {
                let there = show_size(self.told.bytes - before);
                let of = if archive.is_unfinished() {
                    String::new()
                } else {
                    format!(" of {}", show_size(member.size))
                };
                self.told.tell(
                    Some(name),
                    format!("the archive breaks off in it ({why}): the first {there}{of} are there"),
                );
            }
        }
        Ok(true)
    }

    fn lost(&mut self, why: &str, last: Option<&str>, unfinished: bool) {
        match last {
            Some(last) if unfinished => {
                self.told.tell(Some(last), "it is the last one that was written: it may be only a part");
            }
            Some(last) => self.told.tell(None, format!("the archive breaks off behind {last}: {why}")),
            None => self.told.tell(None, format!("the archive breaks off at its beginning: {why}")),
        }
    }

    /// The file for a member; none if its name is refused.
    fn create(&mut self, below: &[u8], name: &str) -> Result<Option<File>> {
        let made = match parts(below) {
            Err(bad) => Err(format!("refused: {bad}")),
            Ok(parts) => match self.folder.file(&parts) {
                Ok(file) => Ok(file),
                Err(trouble) => Err(self.in_words(trouble)?),
            },
        };
        Ok(made.map_err(|why| self.told.tell(Some(name), why)).ok())
    }

    fn in_words(&self, trouble: Trouble) -> Result<String> {
        match trouble {
            Trouble::Taken => Ok("refused: there is one of this name already".to_owned()),
            Trouble::TooMany => {
                let most = self.limits.members;
                Ok(format!("refused: with its folders there would be more than {most} files (--max-files)"))
            }
            Trouble::BelowAFile => Ok("refused: a file has the name of its folder".to_owned()),
            Trouble::Io(error) => Err(self.disk(&error)),
        }
    }

    fn disk(&self, error: &io::Error) -> Error {
        Error::host(format!("unpacking into {}: {error}", self.told.folder.display()))
            .hint(format!("{} files were written and are there", self.told.files))
    }

    /// Why there may be no more members.
    fn one_more(&mut self) -> Option<String> {
        self.members += 1;
        let most = self.limits.members;
        let all = self.members.saturating_add(self.folder.made());
        self.folder.allow(most.saturating_sub(all));
        (all > most).then(|| format!("more than {most} files: the rest was left out (--max-files)"))
    }

    fn content(
        &mut self,
        read: &mut dyn FnMut(&mut [u8]) -> Result<usize, String>,
        file: &mut File,
    ) -> Result<Ended> {
        self.told.files += 1;
        loop {
            let n = match read(&mut self.piece) {
                Ok(0) => return Ok(Ended::Whole),
                Ok(n) => n,
                Err(why) => return Ok(Ended::Torn(why)),
            };
            let bytes = self.told.bytes + n as u64;
            if let Some(why) = self.limits.broken_by(bytes, self.packed) {
                return Ok(Ended::Over(why));
            }
            file.write_all(&self.piece[..n]).map_err(|error| self.disk(&error))?;
            self.told.bytes = bytes;
        }
    }
}
