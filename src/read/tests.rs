//! Bundles made by pack, read back: by place, as a host, and when they are damaged.
#![allow(clippy::disallowed_methods)] // tests write and damage files of their own

use std::time::Duration;

use jiff::Timestamp;

use super::*;
use crate::{
    host::{Address, Command, Flow, Get, Host, RanEnd, Trouble},
    outcome::Outcome,
    pack::{
        Bundle as Packed, EntryName, Head, Pace, Piece, Tail, Target,
        manifest::{Asked, Kind, Run, Text},
    },
    redact::Redacted,
};

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("glsos-read-{}-{name}", std::process::id()));
        std::fs::create_dir(&path).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

fn text(text: &str) -> Text {
    Text::of(&Redacted::for_test(text.as_bytes()))
}

fn head(name: &str, kind: Kind, asked: Asked) -> Head {
    Head {
        name: EntryName::of(&Redacted::for_test(name.as_bytes())),
        collector: Text::word("c"),
        source: Text::word("s"),
        kind,
        asked,
        source_size: None,
        mtime: Timestamp::from_second(1_700_000_000).unwrap(),
        started: None,
        until: None,
    }
}

fn long_log() -> Vec<u8> {
    (0..200_000).flat_map(|n| format!("line {n} of a log\n").into_bytes()).collect()
}

/// A bundle with a log of several segments, a command, an answer and what failed.
fn bundle(folder: &Folder) -> PathBuf {
    let path = folder.0.join("b.tar.gz");
    let clean = |_: &[u8], _: &[u8]| None;
    let mut packed = Packed::create(&Target::File(path.clone()), &Redacted::for_test(b"b"), &clean).unwrap();
    let log = head("var/log/x.log", Kind::Log, Asked::Path(text("/var/log/x.log")));
    let argv = Asked::Argv(vec![text("uname"), text("-a")]);
    let get = Asked::Get { at: text("unix:/run/w.socket"), path: text("/-/health") };
    let mut ran = Tail::complete();
    ran.exit = Some(3);
    ran.stderr = Some(text("a warning"));
    let mut answered = Tail::complete();
    answered.status = Some(200);
    let whole = |head: Head, data: &[u8], tail: Tail| {
        vec![Piece::Start(Box::new(head)), Piece::Data(Redacted::for_test(data)), Piece::End(Box::new(tail))]
    };
    let mut pieces = whole(log, &long_log(), Tail::complete());
    let part = Head { source: Text::word("p"), ..head("part", Kind::Command, argv.clone()) };
    pieces.extend(whole(head("uname", Kind::Command, argv), b"Linux\n", ran));
    pieces.extend(whole(part, b"of the part", Tail::complete()));
    pieces.extend(whole(head("health", Kind::Http, get), b"ok", answered));
    let denied = head("etc/x", Kind::File, Asked::Path(text("/etc/x")));
    let tail = Tail::new(Outcome::Denied, Text::word("permission denied"));
    pieces.push(Piece::Absent(Box::new(denied), Box::new(tail)));
    let mut pieces = pieces.into_iter();
    packed.pump(Pace::steady(2), &mut |_: Flow| pieces.next()).unwrap();
    let started = Timestamp::from_second(1_700_000_100).unwrap();
    packed.finish(Run { started, ..Run::default() }, &Redacted::empty()).unwrap().publish().unwrap();
    path
}

#[test]
fn one_entry_is_read_without_the_rest() {
    let folder = Folder::new("one");
    let bundle = Bundle::open(&bundle(&folder)).unwrap();
    let entry = bundle.entry("var/log/x.log").unwrap();
    assert!(entry.segments.len() > 1);
    let mut reader = bundle.reader(entry).unwrap().unwrap();
    let log = long_log();
    let mut piece = vec![0; 1000];
    for at in [0, 1_048_000, 1_100_000, log.len() as u64 - 10] {
        let n = reader.read_at(at, &mut piece).unwrap();
        let at = at as usize;
        assert_eq!(&piece[..n], &log[at..(at + 1000).min(log.len())]);
    }
    assert_eq!(reader.read_at(log.len() as u64, &mut piece).unwrap(), 0);
}

#[test]
fn a_bundle_is_a_recorded_host() {
    let folder = Folder::new("host");
    let host = Recorded::new(Bundle::open(&bundle(&folder)).unwrap());
    assert_eq!(host.read(Path::new("/var/log/x.log"), 16 << 20).unwrap(), long_log());
    let names = host.list(Path::new("/var/log")).unwrap();
    assert_eq!(names.len(), 1);
    assert_eq!(host.now().as_second(), 1_700_000_100);
    let denied = host.open(Path::new("/etc/x")).err().unwrap();
    assert_eq!(denied.trouble, Trouble::Denied);
    assert_eq!(host.open(Path::new("/etc/y")).err().unwrap().trouble, Trouble::Missing);

    let mut out = Vec::new();
    let mut sink = |bytes: &[u8]| {
        out.extend_from_slice(bytes);
        Flow::Go
    };
    let command = |argv: &[&str]| Command {
        argv: argv.iter().map(|a| (*a).to_owned()).collect(),
        timeout: Duration::from_secs(1),
        limit: 1 << 20,
    };
    let ran = host.run(&command(&["uname", "-a"]), &mut sink).unwrap();
    assert_eq!((ran.end, ran.stderr.as_slice()), (RanEnd::Exited(3), &b"a warning"[..]));
    assert_eq!(host.run(&command(&["uname"]), &mut sink).unwrap_err().trouble, Trouble::Missing);
    let get = Get {
        at: Address::Unix("/run/w.socket".into()),
        path: "/-/health".into(),
        timeout: Duration::from_secs(1),
        limit: 100,
    };
    assert_eq!(host.get(&get, &mut sink).unwrap().status, 200);
    assert_eq!(String::from_utf8(out).unwrap(), "Linux\n==> glsos: p <==\nof the partok");
}

#[test]
fn what_is_no_bundle_says_so() {
    let folder = Folder::new("garbage");
    let path = folder.0.join("x");
    for garbage in [&b""[..], b"hello", &[0x1f, 0x8b, 8, 4], &[0; 4096]] {
        std::fs::write(&path, garbage).unwrap();
        assert!(Bundle::open(&path).unwrap_err().to_string().contains("no bundle of glsos"));
    }
}

#[test]
fn a_damaged_bundle_is_an_error_and_never_a_panic() {
    let folder = Folder::new("damaged");
    let path = bundle(&folder);
    let whole = std::fs::read(&path).unwrap();
    let copy = folder.0.join("copy");
    let mut state = 7_u64;
    for round in 0..200_usize {
        let mut bytes = whole.clone();
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        // The header and the manifest are what is parsed.
        let near_end = whole.len() - 1 - (state >> 33) as usize % 3_000.min(whole.len());
        let at = if round % 2 == 0 { 12 + round % 34 } else { near_end };
        bytes[at] ^= (state >> 20) as u8 | 1;
        if round % 5 == 0 {
            bytes.truncate(near_end);
        }
        std::fs::write(&copy, &bytes).unwrap();
        let Ok(bundle) = Bundle::open(&copy) else { continue };
        for entry in &bundle.manifest().entries {
            if let Ok(Some(mut reader)) = bundle.reader(entry) {
                let _ = reader.read_at(0, &mut [0; 4096]);
            }
        }
    }
}

#[test]
fn places_that_overlap_are_not_read() {
    let folder = Folder::new("overlap");
    let path = bundle(&folder);
    let bundle = Bundle::open(&path).unwrap();
    let mut entry = bundle.entry("var/log/x.log").unwrap().clone();
    assert_eq!(bundle.places_follow(&entry, &mut 0), Ok(()));
    let first = entry.segments[0];
    for segments in
        [vec![first; 2], vec![[first[0], 1, 4096]], vec![[u64::MAX, u64::MAX, 1], [u64::MAX, 1, 1]]]
    {
        entry.bytes = segments.iter().map(|segment| segment[2]).sum();
        entry.segments = segments;
        assert!(bundle.places_follow(&entry, &mut 0).is_err(), "{:?}", entry.segments);
    }
    entry.segments = vec![first];
    entry.bytes = first[2] + 1;
    assert!(bundle.places_follow(&entry, &mut 0).is_err());
}

/// One that a version without a rule for it let through, where only the places still lead.
#[test]
fn a_secret_behind_the_damage_is_found_all_the_same() {
    let folder = Folder::new("behind");
    let path = folder.0.join("b.tar.gz");
    let clean = |_: &[u8], _: &[u8]| None;
    let mut packed = Packed::create(&Target::File(path.clone()), &Redacted::for_test(b"b"), &clean).unwrap();
    let secret = format!("ok\ntoken glpat-{}\n", "aB3dE6gH9jK2mN5pQ8rS");
    let contents = [long_log(), secret.into_bytes()];
    let mut pieces = Vec::new();
    for (name, content) in ["first", "second"].iter().zip(&contents) {
        pieces.push(Piece::Start(Box::new(head(name, Kind::File, Asked::Path(text(name))))));
        pieces.push(Piece::Data(Redacted::for_test(content)));
        pieces.push(Piece::End(Box::new(Tail::complete())));
    }
    let mut pieces = pieces.into_iter();
    packed.pump(Pace::steady(1), &mut |_: Flow| pieces.next()).unwrap();
    packed.finish(Run::default(), &Redacted::empty()).unwrap().publish().unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    let segment = Bundle::open(&path).unwrap().entry("first").unwrap().segments[1];
    bytes[(segment[0] + segment[1] / 2) as usize] ^= 0x41;
    for (damaged, whole) in [(false, std::fs::read(&path).unwrap()), (true, bytes)] {
        std::fs::write(&path, whole).unwrap();
        let report = verify::verify(open_file(&path).unwrap(), &path, &crate::scan::Scanner::new()).unwrap();
        let told: Vec<_> =
            report.faults.iter().filter(|fault| fault.wrong == verify::Wrong::Secret).collect();
        assert_eq!(told.len(), 1, "{:?}", report.faults);
        assert_eq!((told[0].entry.as_deref(), told[0].line), (Some("second"), Some(2)));
        assert_eq!(told[0].text, "glpat-***");
        assert_eq!(report.faults.len() > 1, damaged, "{:?}", report.faults);
    }
}
