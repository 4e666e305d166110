//! Opening: is it still the file that was found, can any line be inside, and where is the window in it?

use std::{os::unix::ffi::OsStrExt, path::Path};

use jiff::{SignedDuration, tz::TimeZone};

use super::{Body, Cap, Cut, Reader};
use crate::{
    host::{self, File, Host},
    logs::{
        LogFile, Packing, SLACK_BYTES, SLACK_TIME, Taken, Window,
        bisect::Search,
        filter::{Filter, Place, Slack},
        gzip::{self, Inflate},
        lines::{LONG, Lines, Source},
        plain::Plain,
        rotation::{self, Rotated},
        taken::Notes,
        times::{Times, micros},
    },
    outcome::{Ending, Outcome},
};

/// No more of a file is searched for its window, unless a larger limit or none was asked for.
const SEARCHED: u64 = 4 << 30;

/// Names that are looked through for one that was moved.
const MOST_MOVED: usize = 1_000;

/// The first bytes, by which text is told from other things.
const SAMPLE: usize = 16 << 10;

impl<'h> Reader<'h> {
    /// Opens a file and finds the window in it. `zone` is the host's own (`host::zone::of`); if more than `cap`
    /// bytes are inside the window, the newest lines are given. A file without lines in the window, or which
    /// can't be read as a log, gives none; `taken` tells why.
    pub fn open(
        host: &'h dyn Host,
        file: &LogFile,
        window: &Window,
        zone: &TimeZone,
        cap: Option<Cap>,
    ) -> Result<Self, host::Error> {
        Self::with_slack(host, file, window, zone, cap, Slack { time: SLACK_TIME, bytes: SLACK_BYTES })
    }

    pub(in crate::logs) fn with_slack(
        host: &'h dyn Host,
        file: &LogFile,
        window: &Window,
        zone: &TimeZone,
        cap: Option<Cap>,
        slack: Slack,
    ) -> Result<Self, host::Error> {
        let searched = cap.map_or(u64::MAX, |cap| SEARCHED.max(cap.bytes.saturating_mul(8)));
        Self::with_limits(host, file, window, zone, (cap, searched), slack)
    }

    /// As `open`; of the file at most `searched` bytes are read.
    pub(in crate::logs) fn with_limits(
        host: &'h dyn Host,
        file: &LogFile,
        window: &Window,
        zone: &TimeZone,
        (cap, searched): (Option<Cap>, u64),
        slack: Slack,
    ) -> Result<Self, host::Error> {
        let times = Times::new(zone, file.stat.mtime);
        let repeat = times.repeat(micros(window.since)).max(times.repeat(micros(window.until)));
        let mut reader = Self {
            host,
            body: Body::Nothing,
            lines: Lines::new(),
            times,
            filter: Filter::new(window, Slack { time: slack.time + repeat, ..slack }),
            at: 0,
            to: u64::MAX,
            cut: Cut::new(cap),
            holes: 0,
            notes: Notes::default(),
            ending: None,
            failed: None,
            taken: Taken::nothing(file.stat.len),
        };
        if let Packing::Unsupported(program) = file.packing {
            reader.end(Outcome::Withheld, format!("compressed with {program}, which glsos does not read"));
            return Ok(reader);
        }
        let handle = reader.open_same(file)?;
        if !reader.is_outside(&*handle, file, window) {
            reader.prepare(handle, &file.path, searched)?;
        }
        Ok(reader)
    }

    /// The file that was found: if its name has gone to another since, it is looked for under its new one.
    fn open_same(&mut self, file: &LogFile) -> Result<Box<dyn File>, host::Error> {
        let opened = self.host.open(&file.path);
        if let Ok(handle) = &opened
            && handle.stat().id == file.stat.id
        {
            let emptied = handle.stat().len < file.stat.len && file.path == file.log;
            let Some((copy, name)) = emptied.then(|| self.find_copied(file)).flatten() else { return opened };
            self.notes.add(format!("truncated before it was read: read as {name}"));
            return Ok(copy);
        }
        if let Some((handle, name)) = self.find_moved(file).or_else(|| self.find_processed(file)) {
            self.notes.add(format!("rotated before it was read: read as {name}"));
            return Ok(handle);
        }
        if opened.is_ok() {
            self.notes.add("replaced before it was read: older lines may be in a file that was not found");
        }
        opened
    }

    fn find_moved(&self, file: &LogFile) -> Option<(Box<dyn File>, String)> {
        let folder = file.path.parent()?;
        let live = file.log.file_name()?.as_bytes();
        let listed = self.host.list(folder).ok()?;
        let siblings = listed.into_iter().filter(|entry| rotation::parse(entry.name.as_bytes()).live == live);
        siblings.take(MOST_MOVED).find_map(|entry| {
            let path = folder.join(&entry.name);
            let moved = path != file.path && self.host.stat(&path).is_ok_and(|stat| stat.id == file.stat.id);
            let handle = moved.then(|| self.host.open(&path).ok())??;
            (handle.stat().id == file.stat.id).then(|| (handle, entry.name.to_string_lossy().into_owned()))
        })
    }

    /// What svlogd has turned over and compressed since, as another file: the first that it turned over after
    /// the last line of the found one.
    fn find_processed(&self, file: &LogFile) -> Option<(Box<dyn File>, String)> {
        if file.path.file_name()? != "current" || file.stat.len == 0 {
            return None;
        }
        let folder = file.path.parent()?;
        let turned = |name: &[u8]| match rotation::parse(name).rotated {
            Some(Rotated::Tai(at)) if at >= file.stat.mtime => Some(at),
            _ => None,
        };
        let listed = self.host.list(folder).ok()?.into_iter();
        let later = listed.filter_map(|entry| Some((turned(entry.name.as_bytes())?, entry.name)));
        let (_, name) = later.min()?;
        Some((self.host.open(&folder.join(&name)).ok()?, name.to_string_lossy().into_owned()))
    }

    /// What logrotate's `copytruncate` has copied it to since: of its rotated files the first that was written
    /// after the last line of the found one.
    fn find_copied(&self, file: &LogFile) -> Option<(Box<dyn File>, String)> {
        let folder = file.path.parent()?;
        let live = file.log.file_name()?.as_bytes();
        let rotated = |name: &[u8]| {
            let name = rotation::parse(name);
            name.live == live && name.rotated.is_some()
        };
        let siblings = self.host.list(folder).ok()?.into_iter();
        let copies = siblings.filter(|entry| rotated(entry.name.as_bytes())).take(MOST_MOVED);
        let written = copies.filter_map(|entry| {
            let stat = self.host.stat(&folder.join(&entry.name)).ok()?;
            (stat.mtime >= file.stat.mtime && stat.id != file.stat.id).then_some((stat.mtime, entry.name))
        });
        let (_, name) = written.min()?;
        Some((self.host.open(&folder.join(&name)).ok()?, name.to_string_lossy().into_owned()))
    }

    /// Whether its size, age or name shows that no line is inside.
    fn is_outside(&mut self, handle: &dyn File, file: &LogFile, window: &Window) -> bool {
        let stat = handle.stat();
        self.taken.source_bytes = stat.len;
        if stat.len == 0 {
            self.end(Outcome::Skipped, "empty");
            return true;
        }
        let named = file.rotated.and_then(Rotated::newest);
        let written = named.map_or(stat.mtime, |named| named.min(stat.mtime));
        self.times.written_until(written);
        let slack = SignedDuration::from_micros(self.filter.slack().time);
        let begins = file.log.file_name().and_then(|name| rotation::begins(name.as_bytes()));
        if written.checked_add(slack).is_ok_and(|written| written < window.since) {
            self.taken.bytes_before = stat.len;
        } else if begins.is_some_and(|begins| begins > window.until) {
            self.taken.bytes_after = stat.len;
        } else {
            return false;
        }
        self.end(Outcome::Skipped, "no lines in the window");
        true
    }

    /// Looks at the beginning, finds the window's part, and applies the limit.
    fn prepare(&mut self, mut handle: Box<dyn File>, path: &Path, searched: u64) -> Result<(), host::Error> {
        let mut magic = [0; 2];
        let gzip = handle.read_at(0, &mut magic)? == 2 && magic == gzip::MAGIC;
        self.body = if gzip {
            Body::Gzip(Box::new(Inflate::new(handle)))
        } else {
            Body::Plain(Plain::new(handle, path.to_owned(), searched)?)
        };
        let Some((head, mut timed)) = self.look()? else {
            self.body = Body::Nothing;
            self.end(Outcome::Skipped, "not text");
            return Ok(());
        };
        let mut from = 0;
        if let Body::Plain(plain) = &mut self.body {
            let mut search = Search { plain, lines: &mut self.lines, times: &mut self.times };
            let part = search.part(&self.filter)?;
            (from, self.to) = (part.from, part.to);
            timed |= part.timed;
            if !part.rises {
                self.notes.add("its times do not rise: all of it was searched");
                self.filter.search_all();
            }
        }
        self.begin(from, head);
        self.apply_limit(from, head, timed)
    }

    /// Goes to byte `from`. The line that goes on there, if it is not the file's beginning, is before the window;
    /// `head` is where the first lines of the file stand.
    pub(super) fn begin(&mut self, from: u64, head: Place) {
        // The byte before shows whether a line begins at `from`.
        self.at = from.saturating_sub(1);
        self.lines.restart(LONG / 4, from > 0);
        self.filter.restart(if from > 0 { Place::Before } else { head });
        match &mut self.body {
            Body::Nothing => {}
            Body::Plain(plain) => plain.seek(self.at, self.lines.terminator()),
            Body::Gzip(inflate) => inflate.rewind(),
        }
        self.taken = Taken { bytes_before: self.at, ..Taken::nothing(self.taken.source_bytes) };
    }

    /// Looks at the first lines: how they end, whether they are text, and where those before the
    /// first time stand (and whether there is one). Nothing if it is no text.
    fn look(&mut self) -> Result<Option<(Place, bool)>, host::Error> {
        self.begin(0, Place::Before);
        let mut sample = vec![0; SAMPLE];
        let mut filled = 0;
        while let Some(room) = sample.get_mut(filled..).filter(|room| !room.is_empty()) {
            match self.body.read(room)? {
                0 => break,
                n => filled += n,
            }
        }
        sample.truncate(filled);
        let ends = |end: u8| memchr::memchr(end, &sample).is_some();
        self.lines.set_terminator(if !ends(b'\n') && ends(b'\r') { b'\r' } else { b'\n' });
        self.begin(0, Place::Before);
        let far = self.filter.slack().bytes.saturating_mul(2);
        let mut at = 0;
        while let Some(line) = self.lines.next(&mut self.body)? {
            at += line.range.len() as u64;
            if let Some(moment) = line.fresh.then(|| self.times.of(self.lines.bytes(&line))).flatten() {
                return Ok(Some((self.filter.stands(moment), true)));
            }
            if at > far {
                break;
            }
        }
        // Without times, that it was written to since the window began decides.
        Ok((!is_binary(&sample)).then_some((Place::In, false)))
    }
}

/// Whether a tenth of it is bytes that no text has; NULs at its beginning are a hole.
fn is_binary(sample: &[u8]) -> bool {
    let text = sample.iter().position(|b| *b != 0).unwrap_or(sample.len());
    let sample = sample.get(text..).unwrap_or_default();
    let odd = sample.iter().filter(|b| matches!(b, 0..=8 | 14..=26 | 28..=31 | 127)).count();
    odd * 10 > sample.len()
}

impl Taken {
    /// Nothing yet, of a file of that size.
    fn nothing(source_bytes: u64) -> Self {
        Self {
            first: None,
            last: None,
            lines: 0,
            bytes: 0,
            bytes_before: 0,
            bytes_after: 0,
            note: None,
            ending: Ending::complete(),
            source_bytes,
        }
    }
}
