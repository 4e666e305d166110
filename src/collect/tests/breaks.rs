//! A whole run whose redaction fails in the midst of entries: nothing of them goes out, and the rest does.
#![allow(clippy::disallowed_methods)] // tests read what they had written

use std::{
    io::Read as _,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use super::super::*;
use crate::{
    catalog::Profile,
    host::{self, memory::Memory},
    logs::Window,
    outcome::Outcome,
    pack::{Target, manifest},
    plan::{Estimate, Take},
    redact::{
        KnownSecret, Redacted,
        tests::breaking::{BREAKS, Breaks, breaking},
    },
};

struct Silent;

impl Events for Silent {
    fn tell(&self, _: &Event<'_>) {}
}

fn item(entry: &str, take: Take) -> Item {
    let (collector, source, why) = ("test".to_owned(), "source".to_owned(), "To see".to_owned());
    Item { collector, source, why, entry: PathBuf::from(entry), gitlabs: false, until: None, take }
}

fn file(path: &str) -> Item {
    item(path.trim_start_matches('/'), Take::File { path: path.into(), stat: None, limit: 16 << 20 })
}

fn command(entry: &str) -> Item {
    let command =
        host::Command { argv: vec![entry.to_owned()], timeout: Duration::from_secs(9), limit: 16 << 20 };
    item(entry, Take::Command { command, sampler: false })
}

const SECRET: &str = "Tr0ub4dor-Tr0ub4dor-3";

/// Several blocks of lines, then what breaks the rule, then a secret that nobody takes out any more.
fn breaks() -> String {
    let lines: String = (0..60_000).map(|n| format!("line {n} of a log\n")).collect();
    format!("{lines}{BREAKS}\nbehind it is {SECRET}\n{lines}")
}

/// The archive, inflated, and the manifest.
fn made(how: Breaks) -> (Vec<u8>, manifest::Manifest) {
    let good = format!("a line\nthe password is {SECRET}\n");
    let host = Memory::default()
        .file("/a", breaks())
        .file("/b", &good)
        .file(&format!("/{BREAKS}"), &good)
        .command(&["c"], breaks(), 0)
        .command(&["d"], &good, 0);
    let items = vec![file("/a"), file("/b"), file(&format!("/{BREAKS}")), command("c"), command("d")];
    let redactor = breaking(how, vec![KnownSecret::new(SECRET, Some("db_password"), "/x")]);
    bundle(&host, &redactor, items)
}

/// A bundle of these items: the archive, inflated, and the manifest.
pub(super) fn bundle(host: &Memory, redactor: &Redactor, items: Vec<Item>) -> (Vec<u8>, manifest::Manifest) {
    let window = Window { since: jiff::Timestamp::MIN, until: jiff::Timestamp::MAX };
    let sampling = Duration::ZERO;
    let estimate = Estimate { bytes: 0, shortened: 0 };
    let plan = Plan { items, selection: Vec::new(), window, profile: Profile::Default, sampling, estimate };
    let check = |_: &[u8], _: &[u8]| None;
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("glsos-collect-{}-{number}", std::process::id()));
    let stop = Stop::new().unwrap();
    let mut bundle =
        Bundle::create(&Target::File(path.clone()), &Redacted::literal("glsos.test"), &check).unwrap();
    let run = Run {
        host,
        redactor,
        check: &check,
        stop: &stop,
        events: &Silent,
        zone: &jiff::tz::TimeZone::UTC,
        rest: &|| false,
        withhold: None,
    };
    super::super::run(&run, &plan, &mut bundle).unwrap();
    let run = manifest::Run { started: jiff::Timestamp::UNIX_EPOCH, ..manifest::Run::default() };
    bundle.finish(run, &Redacted::empty()).unwrap().publish().unwrap();
    let packed = std::fs::read(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    let mut archive = Vec::new();
    flate2::read::GzDecoder::new(packed.as_slice()).read_to_end(&mut archive).unwrap();
    let mut members = tar::Archive::new(archive.as_slice());
    let mut text = Vec::new();
    for member in members.entries().unwrap() {
        let mut member = member.unwrap();
        if member.path_bytes().ends_with(b"glsos/manifest.json") {
            member.read_to_end(&mut text).unwrap();
        }
    }
    (archive, serde_json::from_slice(&text).unwrap())
}

#[test]
fn a_run_goes_on_when_redaction_fails_and_nothing_of_the_entry_goes_out() {
    // What is nicer from here on is this thread alone.
    let thread = std::thread::spawn(|| {
        for how in [Breaks::Panic, Breaks::Error] {
            let (archive, manifest) = made(how);
            let holds = |what: &str| memchr::memmem::find(&archive, what.as_bytes()).is_some();
            assert!(!holds(SECRET), "{how:?}");
            assert!(!holds("line 1 of a log"), "{how:?}: what came out before the failure is taken back");
            assert!(!holds(BREAKS), "{how:?}: not even a name");
            let told = |name: &str| {
                let entry = manifest.entries.iter().find(|entry| entry.name.as_str() == name);
                let entry = entry.unwrap_or_else(|| panic!("{how:?}: no entry {name}"));
                (entry.outcome, entry.reason.as_str(), entry.present)
            };
            for name in ["a", "c"] {
                assert_eq!(told(name), (Outcome::Withheld, "its redaction failed", false), "{how:?} {name}");
            }
            for name in ["b", "d", "withheld"] {
                assert_eq!(told(name), (Outcome::Complete, "", true), "{how:?} {name}");
            }
        }
    });
    thread.join().unwrap();
}
