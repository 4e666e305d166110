//! The kept corpus of the fuzz targets, without a fuzzer: what each target asserts holds for every file.
//! A file that once broke a property is here too, so that it is checked for good.

use std::{fs, panic::catch_unwind, path::Path};

use crate::properties::{
    chance::Chance, collector, known_values, learn_secrets, mapping, read_bundle, redact_stream, report,
    unpack,
};

/// Panics where a property does not hold.
type Check = fn(&[u8]);

/// One folder each; `.ci/run` fuzzes the same.
const TARGETS: &[(&str, Check)] = &[
    ("collector", collector::check),
    ("known_values", known_values::check),
    ("learn_secrets", learn_secrets::check),
    ("mapping", mapping::check),
    ("read_bundle", read_bundle::check),
    ("redact_stream", redact_stream::check),
    ("report", report::check),
    ("unpack", unpack::check),
];

/// All of it together: it is cloned with the source.
const LARGEST: u64 = 300 << 10;

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/corpus")
}

fn files(target: &str) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(folder().join(target)).unwrap();
    let mut files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn replay(target: &str) {
    let (_, check) = TARGETS.iter().find(|(name, _)| *name == target).unwrap();
    let files = files(target);
    assert!(!files.is_empty(), "no corpus for {target}");
    for path in files {
        let bytes = fs::read(&path).unwrap();
        assert!(catch_unwind(|| check(&bytes)).is_ok(), "{} breaks a property", path.display());
    }
}

#[test]
fn the_corpus_of_the_stream_holds() {
    replay("redact_stream");
}

#[test]
fn the_corpus_of_known_values_holds() {
    replay("known_values");
}

#[test]
fn the_corpus_of_bundles_holds() {
    replay("read_bundle");
}

#[test]
fn the_corpus_of_files_of_secrets_holds() {
    replay("learn_secrets");
}

#[test]
fn the_corpus_of_reports_holds() {
    replay("report");
}

#[test]
fn the_corpus_of_collectors_holds() {
    replay("collector");
}

#[test]
fn the_corpus_of_mappings_holds() {
    replay("mapping");
}

#[test]
fn the_corpus_of_archives_to_unpack_holds() {
    replay("unpack");
}

#[test]
fn a_report_on_damaged_texts_holds_too() {
    for path in files("report") {
        report::check_damaged(&fs::read(path).unwrap());
    }
}

#[test]
fn damaged_mappings_collectors_and_archives_hold_too() {
    for target in ["collector", "mapping", "unpack"] {
        let (_, check) = TARGETS.iter().find(|(name, _)| *name == target).unwrap();
        for path in files(target) {
            let bytes = fs::read(&path).unwrap();
            let mut chance = Chance::of(&bytes);
            for turn in 0..100 {
                let damaged = chance.damaged(&bytes);
                let held = catch_unwind(|| check(&damaged)).is_ok();
                assert!(held, "turn {turn} of {}: {}", path.display(), damaged.escape_ascii());
            }
        }
    }
}

#[test]
fn every_target_has_a_corpus_and_all_of_it_is_small() {
    let folders = fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name());
    let mut folders: Vec<_> = folders.map(|name| name.into_string().unwrap()).collect();
    folders.sort();
    assert_eq!(folders, TARGETS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
    let sizes =
        TARGETS.iter().flat_map(|(name, _)| files(name)).map(|path| fs::metadata(path).unwrap().len());
    let size: u64 = sizes.sum();
    assert!(size <= LARGEST, "{size} bytes");
}
