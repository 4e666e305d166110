//! Puts finished work into the archive, in order: headers, segments, checksums, and the way back
//! to an entry's start when it is withheld or the disk is full. One thread at a time.

use std::collections::HashSet;

use data_encoding::HEXLOWER;
use flate2::Crc;
use sha2::{Digest, Sha256};

use super::{
    headers,
    manifest::{Entry, Text},
    name::{EntryName, Names},
    output::{Output, Trouble},
    parcel::Parcel,
    piece::{Head, Tail},
    record::{DISK_FULL, cut_short, disk_full, no_room, record, room, stays, withheld},
    rewind::Mark,
    segment::{Deflated, Deflater, lines},
};
use crate::outcome::Outcome;

pub(super) const WITHHELD: &str = "the second scan found what looks like a secret: ";

/// Finished work, as it reaches the writer.
#[derive(Debug)]
pub(super) enum Done {
    Whole(Parcel),
    Begin(Box<Head>),
    Segment { raw: Vec<u8>, deflated: Deflated },
    Hit(&'static str),
    End(Box<Tail>),
}

/// What the writer learnt from a piece of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrote {
    /// It stands in the archive, or in the manifest only.
    Fine,
    /// The open entry has no room for more.
    Over,
    /// The disk is full; nothing but the end of the bundle can be written any more.
    Full,
}

/// The archive so far.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) out: Output,
    pub(super) root: String,
    pub(super) entries: Vec<Entry>,
    /// Of all that stands before the open entry.
    pub(super) crc: Crc,
    /// Inflated bytes before the open entry.
    pub(super) len: u64,
    pub(super) full: bool,
    names: Names,
    pub(super) folders: HashSet<String>,
    /// Those of `folders` that came with the entry at hand.
    pub(super) added: Vec<String>,
    open: Option<Open>,
    deflater: Deflater,
    /// Bytes to keep free for the manifest.
    manifest_room: u64,
    /// Bytes to keep free for the other files of glsos's own.
    notes_room: u64,
}

/// An entry that is being written.
#[derive(Debug)]
struct Open {
    head: Box<Head>,
    name: EntryName,
    mark: Mark,
    header_at: u64,
    crc: Crc,
    len: u64,
    line_ends: u64,
    open_line: bool,
    sha256: Sha256,
    segments: Vec<[u64; 3]>,
    /// It has no room for more; what there is stays.
    over: bool,
    /// Why nothing more is taken.
    dead: Option<(Outcome, Text)>,
}

impl Writer {
    /// Begins the archive: the gzip header and the top folder.
    pub(super) fn new(mut out: Output, root: &str) -> Result<Self, Trouble> {
        out.write(&headers::gzip(headers::Place::default()))?;
        let mut writer = Self {
            out,
            root: root.to_owned(),
            entries: Vec::new(),
            crc: Crc::new(),
            len: 0,
            full: false,
            names: Names::default(),
            folders: HashSet::new(),
            added: Vec::new(),
            open: None,
            deflater: Deflater::new(),
            manifest_room: 128 << 10,
            notes_room: 128 << 10,
        };
        writer.keep()?;
        writer.emit(&headers::folder(root, 0))?;
        Ok(writer)
    }

    /// Reserves the names of glsos's own files.
    pub(super) fn own_name(&mut self, name: &'static str) {
        self.names.take(&EntryName::own(name));
    }

    pub(super) fn place(&mut self, done: Done) -> Result<Wrote, Trouble> {
        match done {
            Done::Whole(parcel) => {
                let name = self.names.take(&parcel.head.name);
                self.whole(name, parcel)?;
            }
            Done::Begin(head) => self.begin(head)?,
            Done::Segment { raw, deflated } => {
                if self.segment(&raw, &deflated)? == Wrote::Over {
                    return Ok(Wrote::Over);
                }
            }
            Done::Hit(rule) => self.hit(rule)?,
            Done::End(tail) => self.end(*tail)?,
        }
        Ok(if self.full { Wrote::Full } else { Wrote::Fine })
    }

    /// One of glsos's own files, whose name is reserved; also on a full disk.
    pub(super) fn own(&mut self, parcel: Parcel) -> Result<(), Trouble> {
        self.notes_room = 0;
        self.full = false;
        let name = parcel.head.name.clone();
        self.whole(name, parcel)
    }

    /// From now on the room that was kept may be used.
    pub(super) fn release(&mut self) {
        self.out.release();
        self.full = false;
    }

    fn whole(&mut self, name: EntryName, mut parcel: Parcel) -> Result<(), Trouble> {
        let mut entry = record(&parcel.head, &parcel.tail, &name);
        if let Some(rule) = parcel.hit {
            parcel.tail.outcome = Outcome::Withheld;
            withheld(&mut entry, Text::made(format!("{WITHHELD}{rule}")));
        } else if entry.outcome == Outcome::Withheld {
            let reason = std::mem::take(&mut entry.reason);
            withheld(&mut entry, reason);
        }
        let size: usize = parcel.segments.iter().map(|segment| segment.bytes.len()).sum();
        if stays(entry.outcome, parcel.len()) && !fits(&parcel.head, self.out.position(), size) {
            no_room(&mut entry);
        } else if stays(entry.outcome, parcel.len()) {
            let mark = self.mark();
            let written =
                if self.full { Err(Trouble::Full) } else { self.write_whole(&name, &parcel, &mut entry) };
            match written {
                Err(Trouble::Full) => {
                    self.full = true;
                    self.rewind(mark, false)?;
                    disk_full(&mut entry);
                }
                other => other?,
            }
        }
        self.push(entry);
        Ok(())
    }

    fn write_whole(&mut self, name: &EntryName, parcel: &Parcel, entry: &mut Entry) -> Result<(), Trouble> {
        self.keep()?;
        let mut header = self.new_folders(name, parcel.head.mtime.as_second());
        header.extend(headers::file(&self.path(name), parcel.len(), parcel.head.mtime.as_second()));
        self.emit(&header)?;
        for segment in &parcel.segments {
            entry.segments.push([self.out.position(), segment.bytes.len() as u64, segment.len]);
            self.append(segment)?;
        }
        self.emit(&[0; headers::BLOCK][..headers::padding(parcel.len())])?;
        entry.present = true;
        entry.bytes = parcel.len();
        entry.lines = lines(
            parcel.segments.iter().map(|segment| segment.line_ends).sum(),
            parcel.segments.last().is_some_and(|segment| segment.open_line),
        );
        entry.sha256 = Some(HEXLOWER.encode(&parcel.sha256));
        Ok(())
    }

    fn begin(&mut self, head: Box<Head>) -> Result<(), Trouble> {
        let name = self.names.take(&head.name);
        let mark = self.mark();
        let written = if self.full { Err(Trouble::Full) } else { self.write_head(&name, &head) };
        let header_at = self.out.position();
        let mut open = Open {
            header_at,
            crc: Crc::new(),
            len: 0,
            line_ends: 0,
            open_line: false,
            sha256: Sha256::new(),
            segments: Vec::new(),
            over: false,
            dead: None,
            head,
            name,
            mark,
        };
        match written {
            Ok(at) => open.header_at = at,
            Err(Trouble::Full) => {
                self.full = true;
                open.dead = Some((Outcome::Failed, DISK_FULL));
            }
            Err(other) => return Err(other),
        }
        self.open = Some(open);
        Ok(())
    }

    /// Folders, and the header with the source's size as a stored block; returns where it stands.
    fn write_head(&mut self, name: &EntryName, head: &Head) -> Result<u64, Trouble> {
        self.keep()?;
        let mtime = head.mtime.as_second();
        let folders = self.new_folders(name, mtime);
        self.emit(&folders)?;
        let at = self.out.position();
        let header = headers::file(&self.path(name), head.source_size.unwrap_or(0), mtime);
        self.out.write(&headers::stored(&header))?;
        Ok(at)
    }

    fn segment(&mut self, raw: &[u8], deflated: &Deflated) -> Result<Wrote, Trouble> {
        let Some(open) = self.open.as_mut().filter(|open| open.dead.is_none()) else {
            return Ok(Wrote::Fine);
        };
        let at = self.out.position();
        open.over |= !fits(&open.head, at, deflated.bytes.len());
        if open.over {
            return Ok(Wrote::Over);
        }
        match self.out.write(&deflated.bytes) {
            Ok(()) => {
                open.segments.push([at, deflated.bytes.len() as u64, deflated.len]);
                open.crc.combine(&deflated.crc);
                open.len += deflated.len;
                open.line_ends += deflated.line_ends;
                open.open_line = deflated.open_line;
                open.sha256.update(raw);
                Ok(Wrote::Fine)
            }
            Err(Trouble::Full) => {
                self.full = true;
                self.kill(Outcome::Failed, DISK_FULL)?;
                Ok(Wrote::Fine)
            }
            Err(other) => Err(other),
        }
    }

    fn hit(&mut self, rule: &'static str) -> Result<(), Trouble> {
        let reason = Text::made(format!("{WITHHELD}{rule}"));
        match self.open.as_ref().is_some_and(|open| open.dead.is_none()) {
            true => self.kill(Outcome::Withheld, reason),
            false => Ok(()),
        }
    }

    /// Takes the open entry back; what still comes of it is ignored.
    fn kill(&mut self, outcome: Outcome, reason: Text) -> Result<(), Trouble> {
        let Some(open) = &mut self.open else { return Ok(()) };
        open.dead = Some((outcome, reason));
        let empty = Mark { position: 0, crc: Crc::new(), len: 0 };
        let mark = std::mem::replace(&mut open.mark, empty);
        self.rewind(mark, outcome == Outcome::Withheld)
    }

    fn end(&mut self, tail: Tail) -> Result<(), Trouble> {
        if self.open.as_ref().is_some_and(|open| open.dead.is_none()) {
            if tail.outcome == Outcome::Withheld {
                self.kill(Outcome::Withheld, tail.reason.clone())?;
            } else if tail.outcome == Outcome::Skipped {
                self.kill(Outcome::Skipped, tail.reason.clone())?;
            }
        }
        let Some(mut open) = self.open.take() else { return Ok(()) };
        let mut entry = record(&open.head, &tail, &open.name);
        match open.dead.take() {
            Some((Outcome::Withheld, reason)) => {
                // How far it was read before the scan hit depends on the workers' race.
                entry.source_bytes = open.head.source_size;
                withheld(&mut entry, reason);
            }
            Some((Outcome::Skipped, _)) => {}
            Some(_) => disk_full(&mut entry),
            None if open.over && open.len == 0 => {
                self.rewind(open.mark, false)?;
                no_room(&mut entry);
            }
            None => match self.close(&open, &mut entry) {
                Err(Trouble::Full) => {
                    self.full = true;
                    self.rewind(open.mark, false)?;
                    disk_full(&mut entry);
                }
                other => other?,
            },
        }
        if open.over {
            // How far it was read meanwhile depends on the workers' race.
            entry.source_bytes = open.head.source_size;
            cut_short(&mut entry);
        }
        self.push(entry);
        Ok(())
    }

    fn close(&mut self, open: &Open, entry: &mut Entry) -> Result<(), Trouble> {
        let header = headers::file(&self.path(&open.name), open.len, open.head.mtime.as_second());
        self.out.patch(&headers::stored(&header), open.header_at)?;
        self.crc.update(&header);
        self.crc.combine(&open.crc);
        self.len += header.len() as u64 + open.len;
        self.emit(&[0; headers::BLOCK][..headers::padding(open.len)])?;
        entry.present = true;
        entry.bytes = open.len;
        entry.lines = lines(open.line_ends, open.open_line);
        entry.sha256 = Some(HEXLOWER.encode(&open.sha256.clone().finalize()));
        entry.segments = open.segments.clone();
        Ok(())
    }

    /// Headers of the folders that lead to an entry and are not in the archive yet.
    fn new_folders(&mut self, name: &EntryName, mtime: i64) -> Vec<u8> {
        let mut blocks = Vec::new();
        for (at, _) in name.as_str().match_indices('/') {
            let folder = &name.as_str()[..at];
            if self.folders.insert(folder.to_owned()) {
                self.added.push(folder.to_owned());
                blocks.extend(headers::folder(&format!("{}/{folder}", self.root), mtime));
            }
        }
        blocks
    }

    fn path(&self, name: &EntryName) -> String {
        format!("{}/{}", self.root, name.as_str())
    }

    /// Keeps room for the end of the bundle, as far as it is known now.
    fn keep(&mut self) -> Result<(), Trouble> {
        self.out.keep(self.manifest_room + self.notes_room)
    }

    fn push(&mut self, entry: Entry) {
        self.manifest_room += room(&entry);
        self.entries.push(entry);
    }

    /// Bytes that are final, deflated on the spot.
    pub(super) fn emit(&mut self, raw: &[u8]) -> Result<(), Trouble> {
        if raw.is_empty() {
            return Ok(());
        }
        let deflated = self.deflater.segment(raw);
        self.append(&deflated)
    }

    pub(super) fn append(&mut self, deflated: &Deflated) -> Result<(), Trouble> {
        self.out.write(&deflated.bytes)?;
        self.crc.combine(&deflated.crc);
        self.len += deflated.len;
        Ok(())
    }
}

/// Whether an entry may still have so many compressed bytes, header included.
fn fits(head: &Head, at: u64, bytes: usize) -> bool {
    head.until.is_none_or(|until| at.saturating_add((bytes + headers::BLOCK) as u64) <= until)
}
