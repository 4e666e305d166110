//! The second scan as a run has it, at every place at which a secret that the redactor did not know may stand in a bundle.
//! Tests alone: pack, which calls the scan, knows it only as a check.

use std::{collections::VecDeque, io::Read};

use flate2::read::GzDecoder;
use jiff::Timestamp;

use crate::{
    host::Flow,
    outcome::Outcome,
    pack::{
        Bundle, EntryName, Head, Pace, Piece, Tail, Target, Text,
        manifest::{Asked, Entry, Kind, Run},
    },
    redact::Redacted,
    scan::Scanner,
};

fn token() -> String {
    format!("glpat-{}", "aB3dE6gH9jK2mN5pQ8sT")
}

fn head(name: &str, asked: Asked) -> Box<Head> {
    Box::new(Head {
        name: EntryName::of(&Redacted::for_test(name.as_bytes())),
        collector: Text::word("test"),
        source: Text::word("source"),
        kind: Kind::File,
        asked,
        source_size: None,
        mtime: Timestamp::UNIX_EPOCH,
        started: None,
        until: None,
    })
}

fn entry(name: &str, pieces: &[&[u8]]) -> Vec<Piece> {
    let start = Piece::Start(head(name, Asked::Nothing));
    let data = pieces.iter().map(|piece| Piece::Data(Redacted::for_test(piece)));
    std::iter::once(start).chain(data).chain([Piece::End(Box::new(Tail::complete()))]).collect()
}

/// All bytes of a bundle of these pieces, inflated, and its entries.
fn bundle(pieces: Vec<Piece>, log: &[u8]) -> (Vec<u8>, Vec<Entry>) {
    let scanner = Scanner::new();
    let check = |before: &[u8], chunk: &[u8]| scanner.hit(before, chunk);
    let path = std::env::temp_dir().join(format!(
        "glsos-scanned-{}-{:?}",
        std::process::id(),
        std::thread::current().id()
    ));
    let mut bundle = Bundle::create(&Target::File(path), &Redacted::for_test(b"glsos.test"), &check).unwrap();
    let mut pieces = VecDeque::from(pieces);
    bundle.pump(Pace::steady(2), &mut move |_: Flow| pieces.pop_front()).unwrap();
    let run = Run { started: Timestamp::UNIX_EPOCH, ..Run::default() };
    let whole = bundle.finish(run, &Redacted::for_test(log)).unwrap();
    let mut bytes = Vec::new();
    GzDecoder::new(whole.reader().unwrap()).read_to_end(&mut bytes).unwrap();
    (bytes, whole.manifest().entries.clone())
}

fn is_in(bytes: &[u8], text: &str) -> bool {
    memchr::memmem::find(bytes, text.as_bytes()).is_some()
}

#[test]
fn an_entry_with_a_secret_is_withheld_wherever_in_it_that_stands() {
    let wide: Vec<u8> =
        format!("\u{feff}a {} b\r\n", token()).encode_utf16().flat_map(u16::to_le_bytes).collect();
    let long = format!("{}{} end", "x ".repeat(1_500_000), token());
    let whole = token();
    let (left, right) = whole.split_at(9);
    let border = [vec![b'x'; (1 << 20) - 9], token().into_bytes(), b" y\n".to_vec()].concat();
    let mut pieces = entry("clean", &[b"one\n"]);
    pieces.extend(entry("wide", &[&wide]));
    pieces.extend(entry("long", &[long.as_bytes()]));
    pieces.extend(entry("cut", &[left.as_bytes(), right.as_bytes()]));
    pieces.extend(entry("border", &[&border]));
    pieces.extend(entry("keyed", &[b"{\"db_password\":\"Ab12", b"Cd34Ef\"}\n"]));
    let (bytes, entries) = bundle(pieces, b"began\n");
    let outcome =
        |name: &str| entries.iter().find(|entry| entry.name.as_str() == name).map(|entry| entry.outcome);
    assert_eq!(outcome("clean"), Some(Outcome::Complete));
    for name in ["wide", "long", "cut", "border", "keyed"] {
        assert_eq!(outcome(name), Some(Outcome::Withheld), "{name}");
    }
    assert!(!is_in(&bytes, &token()) && !is_in(&bytes, "Ab12Cd34Ef") && !is_in(&bytes, "aB3dE6gH9"));
}

#[test]
fn a_secret_in_a_name_an_argument_a_reason_or_stderr_stays_out_of_the_manifest() {
    let text = |text: String| Text::of(&Redacted::for_test(text.as_bytes()));
    let argv = Asked::Argv(["tool", "--password", "Ab12Cd34Ef"].map(|word| text(word.into())).to_vec());
    let mut tail = Tail::new(Outcome::Failed, text(format!("could not log in as {}", token())));
    tail.stderr = Some(text(format!("header was PRIVATE-TOKEN: {}", token())));
    let pieces = vec![Piece::Absent(head(&format!("log-{}", token()), argv), Box::new(tail))];
    let (bytes, _) = bundle(pieces, b"began\n");
    assert!(is_in(&bytes, "withheld by the second scan"));
    assert!(!is_in(&bytes, &token()) && !is_in(&bytes, "Ab12Cd34Ef"));
}
