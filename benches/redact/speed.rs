//! Megabytes a second, for each file and each kind of rule.

use std::time::Duration;

use glsos::{
    host::{Live, stop::Stop},
    redact::{
        Redacted, Redactor,
        chosen::{Hidden, Key, Kind, Own},
    },
    scan::Scanner,
};
use nix::time::ClockId;
use sha2::{Digest, Sha256};

use crate::corpus::{Corpus, known};

/// As `collect` reads logs.
const PIECE: usize = 256 << 10;

/// As `pack` shows them to the second scan.
const SEGMENT: usize = 1 << 20;

/// With all rules, and with the second scan behind them.
const GOAL: f64 = 300.0;

/// With all rules and every kind of pseudonym, without the second scan.
const HIDING: f64 = 120.0;

pub(crate) fn redact(redactor: &Redactor, bytes: &[u8]) -> Vec<u8> {
    let mut stream = redactor.stream();
    let mut all = Vec::with_capacity(bytes.len() + bytes.len() / 16);
    for piece in bytes.chunks(PIECE) {
        let mut out = Redacted::empty();
        stream.push(piece, &mut out).unwrap();
        all.extend_from_slice(out.as_bytes());
    }
    let mut out = Redacted::empty();
    stream.finish(&mut out).unwrap();
    all.extend_from_slice(out.as_bytes());
    all
}

/// The processor's time, so that busy neighbours matter less.
fn time(work: impl FnOnce()) -> Duration {
    let now = || Duration::from(ClockId::CLOCK_THREAD_CPUTIME_ID.now().unwrap());
    let began = now();
    work();
    now() - began
}

pub(crate) fn redacting(redactor: &Redactor, bytes: &[u8]) -> Duration {
    time(|| {
        let mut stream = redactor.stream();
        for piece in bytes.chunks(PIECE) {
            let mut out = Redacted::empty();
            stream.push(piece, &mut out).unwrap();
            std::hint::black_box(out);
        }
        std::hint::black_box(stream.finish(&mut Redacted::empty()).unwrap());
    })
}

/// Of what is clean: on a hit the scan ends.
pub(crate) fn scanning(scanner: &Scanner, bytes: &[u8]) -> Duration {
    time(|| {
        for segment in bytes.chunks(SEGMENT) {
            std::hint::black_box(scanner.hit(b"", segment));
        }
    })
}

/// The peer: known to everybody, and as busy with every byte.
fn hashing(bytes: &[u8]) -> Duration {
    time(|| {
        std::hint::black_box(Sha256::digest(bytes));
    })
}

pub(crate) fn best(of: impl Fn() -> Duration) -> f64 {
    (0..3).map(|_| of().as_secs_f64()).fold(f64::INFINITY, f64::min)
}

/// As `--hide all` has it on a host of the tests.
fn hiding() -> Redactor {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/hosts/omnibus");
    let host = Live::start(Some(root.into()), Stop::new().unwrap()).unwrap();
    let own = Own::learn(&host, "gl-prod-1");
    Redactor::new(known()).unwrap().hiding(Hidden::new(Kind::all(), Key::draw().unwrap(), own))
}

/// Prints the table; whether the goal is reached, and the MB/s of all rules for each file.
pub(crate) fn run(corpus: &Corpus) -> (bool, Vec<f64>) {
    let mut speeds = Vec::new();
    let only = |kind: &str| Redactor::with_only(kind, known()).unwrap();
    let redactors = [
        Redactor::new(known()).unwrap(),
        only("known"),
        only("shaped"),
        only("keyed"),
        only("none"),
        hiding(),
    ];
    let scanner = Scanner::new();
    println!("speed in MB/s of one core, all rules with 100 known secrets:");
    let names = ["all", "known", "shaped", "keyed", "no rule", "all+hide", "scan", "all+scan", "(sha256)"];
    println!("{:36}{}", "", names.map(|name| format!("{name:>9}")).concat());
    let mut sums = [0.0; 9];
    let mut size = 0.0;
    for file in &corpus.files {
        let redacted = redact(&redactors[0], &file.bytes);
        let mut row = [0.0; 9];
        for (column, redactor) in redactors.iter().enumerate() {
            row[column] = best(|| redacting(redactor, &file.bytes));
        }
        row[6] = best(|| scanning(&scanner, &redacted));
        row[7] = row[0] + row[6];
        row[8] = best(|| hashing(&file.bytes));
        let megabytes = file.bytes.len() as f64 / 1e6;
        print(&file.name, megabytes, &row);
        speeds.push(megabytes / row[0]);
        sums.iter_mut().zip(row).for_each(|(sum, seconds)| *sum += seconds);
        size += megabytes;
    }
    print("the whole corpus", size, &sums);
    let reached = size / sums[7] >= GOAL;
    if !reached {
        println!("  MISSED redaction and second scan together: less than {GOAL} MB/s");
    }
    let hides = size / sums[5] >= HIDING;
    if !hides {
        println!("  MISSED redaction with every kind of pseudonym: less than {HIDING} MB/s");
    }
    (reached && hides, speeds)
}

fn print(name: &str, megabytes: f64, seconds: &[f64; 9]) {
    let cells = seconds.map(|seconds| format!("{:9.0}", megabytes / seconds));
    println!("{:36}{}", format!("{name} ({megabytes:.1} MB)"), cells.concat());
}
