//! A clock that is set while a run goes on: it changes when something is told to have been taken, and nothing else.

use std::{path::PathBuf, time::Duration};

use super::{super::*, breaks::bundle};
use crate::{
    host::{self, memory::Memory},
    outcome::Outcome,
    plan::Take,
};

const LOG: &str = "2026-03-01T09:59:59Z before\n2026-03-01T10:00:00Z within\n2026-03-01T10:00:01Z behind\n";

fn item(entry: &str, take: Take) -> Item {
    let (collector, source) = ("test".to_owned(), entry.to_owned());
    let entry = PathBuf::from(entry);
    Item { collector, source, why: String::new(), entry, gitlabs: false, until: None, take }
}

/// The outcomes and contents of a run by such a clock, and when each entry is said to have been taken.
fn taken(clock: &[i64]) -> (Vec<(String, Outcome, u64)>, Vec<i64>) {
    let host = Memory::default().file("/a", LOG).command(&["date"], LOG, 0).clock(clock);
    let command =
        || host::Command { argv: vec!["date".to_owned()], timeout: Duration::from_secs(9), limit: 1 << 20 };
    let file = |name| item(name, Take::File { path: "/a".into(), stat: None, limit: 1 << 20 });
    let run = |name| item(name, Take::Command { command: command(), sampler: false });
    let items = vec![file("a"), file("b"), run("c"), run("d")];
    let redactor = Redactor::new(Vec::new()).unwrap();
    // What is nicer from here on is this thread alone.
    let (_, manifest) =
        std::thread::scope(|scope| scope.spawn(|| bundle(&host, &redactor, items)).join().unwrap());
    let entries = manifest.entries.iter().filter(|entry| entry.collector.as_str() == "test");
    entries
        .map(|entry| {
            let told = (entry.name.as_str().to_owned(), entry.outcome, entry.bytes);
            (told, entry.started.map_or(0, |started| started.as_second()))
        })
        .unzip()
}

#[test]
fn a_clock_that_jumps_back_and_forth_changes_no_entry() {
    let (steady, _) = taken(&[1_772_359_200]);
    assert_eq!(steady.len(), 4);
    assert!(
        steady.iter().all(|(_, outcome, bytes)| *outcome == Outcome::Complete && *bytes > 50),
        "{steady:?}"
    );
    // An hour back, a year on, before 1970.
    let (jumping, when) = taken(&[1_772_359_200, 1_772_355_600, 1_803_895_200, -86_400]);
    assert_eq!(jumping, steady);
    assert!(when.contains(&1_772_355_600) && when.contains(&-86_400), "{when:?}");
}
