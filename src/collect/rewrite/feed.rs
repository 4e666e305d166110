//! An old archive as pack's feed: the entries that its manifest describes, each by its place, then whatever
//! else tar finds in it.

use std::collections::HashSet;

use super::{
    Old, Rewrite,
    content::{Content, Place, Source},
    heads,
};
use crate::{
    collect::{labels, stream::Output},
    host::Flow,
    outcome::Outcome,
    pack::{
        Feed, Piece, Tail,
        manifest::{self, Entry, Text},
    },
    read::{Archive, Bundle, Kind, Member},
    redact::Redacted,
};

/// glsos's own files are made anew.
const OWN: &str = "glsos/manifest.json";

/// Bytes that are passed over at once.
const PIECE: usize = 256 << 10;

/// The feed.
pub(super) struct Feeder<'a> {
    run: &'a Rewrite<'a>,
    bundle: Option<Bundle>,
    archive: Archive,
    root: Vec<u8>,
    next: usize,
    /// Where the last entry's bytes end.
    behind: u64,
    /// Names of entries that come by their place.
    placed: HashSet<String>,
    open: Option<Open<'a>>,
    buffer: Vec<u8>,
    /// Why the archive could not be read to its end.
    pub(super) trouble: Option<String>,
    ended: bool,
}

struct Open<'a> {
    content: Content,
    output: Output<'a>,
    tail: Tail,
    /// The last bytes were read.
    read: bool,
    /// They were handed over.
    over: bool,
}

impl<'a> Feeder<'a> {
    pub(super) fn new(run: &'a Rewrite<'a>, old: Old) -> Self {
        let Old { bundle, archive, root, .. } = old;
        let placed = bundle.as_ref().map_or_else(HashSet::new, |bundle| {
            let entries = bundle.manifest().entries.iter().filter(|entry| entry.present);
            let names = entries.map(|entry| entry.name.as_str().to_owned());
            names.chain([OWN.to_owned()]).collect()
        });
        Self {
            run,
            bundle,
            archive,
            root,
            next: 0,
            behind: 0,
            placed,
            open: None,
            buffer: Vec::new(),
            trouble: None,
            ended: false,
        }
    }

    /// The next entry of the old manifest.
    fn by_place(&mut self) -> Option<Piece> {
        let bundle = self.bundle.as_ref()?;
        let entry = loop {
            let entry = bundle.manifest().entries.get(self.next)?;
            self.next += 1;
            if entry.kind != manifest::Kind::Glsos {
                break entry.clone();
            }
        };
        let (head, mut tail) = heads::entry(self.run.redactor, &entry, bundle.manifest().run.started);
        if self.run.stop.flow() == Flow::Stop {
            return Some(Piece::Absent(Box::new(head), Box::new(labels::stopped())));
        }
        let placed = bundle.places_follow(&entry, &mut self.behind).map_err(str::to_owned);
        match placed.and_then(|()| source(bundle, &entry)) {
            Ok(Some(source)) => {
                self.begin(source, tail);
                Some(Piece::Start(Box::new(head)))
            }
            Ok(None) if tail.outcome != Outcome::Complete => {
                Some(Piece::Absent(Box::new(head), Box::new(tail)))
            }
            Ok(None) => {
                tail = Tail::new(Outcome::Failed, Text::word("it was not in the old bundle"));
                Some(Piece::Absent(Box::new(head), Box::new(tail)))
            }
            Err(why) => {
                tail = self.tail(Outcome::Failed, &why);
                Some(Piece::Absent(Box::new(head), Box::new(tail)))
            }
        }
    }

    fn begin(&mut self, source: Source, tail: Tail) {
        let content = Content::new(source, &mut self.archive);
        let output = Output::new(self.run.redactor);
        self.open = Some(Open { content, output, tail, read: false, over: false });
    }

    fn tail(&self, outcome: Outcome, why: &str) -> Tail {
        Tail::new(outcome, labels::text(self.run.redactor, why))
    }

    /// The next member that no entry described.
    fn by_tar(&mut self) -> Option<Piece> {
        loop {
            if self.ended {
                return None;
            }
            // What was not taken of the last one may be long.
            self.buffer.resize(PIECE, 0);
            loop {
                if self.run.stop.flow() == Flow::Stop {
                    return self.end(Some("the run was stopped".to_owned()));
                }
                match self.archive.read(&mut self.buffer) {
                    Ok(0) => break,
                    Ok(_) => {}
                    Err(broken) => return self.end(Some(broken.reason().to_owned())),
                }
            }
            let member = match self.archive.next_member() {
                Ok(Some(member)) => member,
                Ok(None) => {
                    let why = self.archive.finish().err().map(|broken| broken.reason().to_owned());
                    return self.end(why);
                }
                Err(broken) => return self.end(Some(broken.reason().to_owned())),
            };
            let name = self.below_top(&member);
            if member.kind == Kind::Folder || self.came(&name) {
                continue;
            }
            if let Kind::Other(what) = member.kind {
                let head = heads::member(self.run.redactor, &member, &name, false);
                let tail = self.tail(Outcome::Skipped, &format!("it is {what}, and no file"));
                return Some(Piece::Absent(Box::new(head), Box::new(tail)));
            }
            self.begin(Source::Member, Tail::complete());
            let packed = self.open.as_ref().is_some_and(|open| open.content.is_packed());
            return Some(Piece::Start(Box::new(heads::member(self.run.redactor, &member, &name, packed))));
        }
    }

    /// Whether it came by its place; another of the same name did not.
    fn came(&mut self, name: &[u8]) -> bool {
        std::str::from_utf8(name).is_ok_and(|name| self.placed.remove(name))
    }

    fn below_top(&self, member: &Member) -> Vec<u8> {
        let name = member.name.strip_prefix(b"./").unwrap_or(&member.name);
        let below = name.strip_prefix(self.root.as_slice()).and_then(|rest| rest.strip_prefix(b"/"));
        below.filter(|_| !self.root.is_empty()).unwrap_or(name).to_vec()
    }

    fn end(&mut self, why: Option<String>) -> Option<Piece> {
        self.ended = true;
        if let Some(why) = why {
            (self.run.tell)(&format!("the old archive could not be read to its end: {why}"));
            self.trouble = Some(why);
        }
        None
    }

    /// The next piece of the open entry.
    fn go_on(&mut self, flow: Flow) -> Option<Piece> {
        let open = self.open.as_mut()?;
        if !open.read {
            if flow == Flow::Stop {
                open.read = true;
            } else if self.run.stop.flow() == Flow::Stop {
                open.tail = Tail::new(Outcome::TimedOut, Text::word("the run was stopped"));
                open.content.cut = Some(String::new());
                open.read = true;
            } else {
                open.content.next(&mut self.archive, &mut self.buffer);
                open.read = self.buffer.is_empty() || open.output.is_broken();
                return Some(Piece::Data(open.output.push(&self.buffer)));
            }
        }
        if !open.over {
            open.over = true;
            let rest = open.finish(self.run);
            return Some(Piece::Data(rest));
        }
        let open = self.open.take()?;
        if let Some(broken) = &open.content.broken {
            let why = Some(broken.reason().to_owned());
            self.end(why);
        }
        Some(Piece::End(Box::new(open.tail)))
    }
}

impl Open<'_> {
    /// What redaction still held back; the tail is complete then.
    fn finish(&mut self, run: &Rewrite<'_>) -> Redacted {
        let cut = self.content.cut.take();
        let (rest, end) = self.output.finish(cut.is_none());
        heads::sum(&mut self.tail.redactions, end.redactions);
        self.tail.source_bytes.get_or_insert(self.content.bytes);
        if let Some(why) = cut.filter(|why| !why.is_empty()) {
            self.tail.outcome = Outcome::Truncated;
            self.tail.reason = labels::text(run.redactor, &why);
        }
        if let Some(reason) = end.withheld {
            self.tail.outcome = Outcome::Withheld;
            self.tail.reason = reason;
        }
        rest
    }
}

impl Feed for Feeder<'_> {
    fn next(&mut self, flow: Flow) -> Option<Piece> {
        if self.open.is_some() {
            return self.go_on(flow);
        }
        self.by_place().or_else(|| self.by_tar())
    }
}

fn source(bundle: &Bundle, entry: &Entry) -> Result<Option<Source>, String> {
    let reader = bundle.reader(entry).map_err(|error| error.to_string())?;
    let digest = entry.sha256.as_deref().and_then(|hex| data_encoding::HEXLOWER.decode(hex.as_bytes()).ok());
    let expected = digest.and_then(|bytes| bytes.try_into().ok());
    Ok(reader.map(|reader| Source::Place(Box::new(Place::new(reader, expected)))))
}
