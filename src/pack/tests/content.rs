//! What is in a bundle: bytes, order, names, outcomes, and what is taken back.

use super::*;
use crate::outcome::Outcome;

#[test]
fn entries_come_back_as_they_went_in() {
    let long = log(2_500_000);
    let mut pieces = entry("var/log/a.log", &long, 70_000);
    pieces.extend(entry("empty", b"", 1));
    pieces.extend(entry("small", b"one\ntwo", 3));
    let (bundle, manifest) = bytes(2, &CLEAN, pieces);
    let members = members(&bundle);
    assert_eq!(content(&members, "var/log/a.log"), Some(&long[..]));
    assert_eq!(content(&members, "empty"), Some(&b""[..]));
    assert_eq!(content(&members, "small"), Some(&b"one\ntwo"[..]));
    assert_eq!(members[0].0, "glsos.test/");
    assert!(
        members
            .iter()
            .all(|(_, kind, mode, _)| (*kind == b'5' && *mode == 0o700) || (*kind == b'0' && *mode == 0o600))
    );
    let small = &manifest.entries[2];
    assert_eq!((small.bytes, small.lines), (7, 2));
    assert_eq!(manifest.entries[0].segments.len(), 3);
}

#[test]
fn the_manifest_in_the_bundle_is_found_by_its_place() {
    let (bundle, manifest) = bytes(1, &CLEAN, entry("a", b"x\n", 1));
    let place = manifest_place(&bundle).unwrap();
    let mut raw = bundle[place.offset as usize..(place.offset + place.compressed) as usize].to_vec();
    raw.extend_from_slice(&[3, 0]);
    let mut json = Vec::new();
    flate2::read::DeflateDecoder::new(&raw[..]).read_to_end(&mut json).unwrap();
    assert_eq!(json.len() as u64, place.bytes);
    assert_eq!(content(&members(&bundle), "glsos/manifest.json"), Some(&json[..]));
    assert_eq!(serde_json::from_slice::<manifest::Manifest>(&json).unwrap(), manifest);
}

#[test]
fn one_thread_and_two_make_the_same_bundle_from_pieces_of_any_size() {
    let (a, b) = (log(3_300_000), vec![b'x'; 3_000_000]);
    let with = |threads, size| {
        let mut pieces = entry("a", &a, size);
        pieces.extend(entry("one-long-line", &b, size));
        pieces.extend(entry("c", &a[..1 << 20], size));
        bytes(threads, &CLEAN, pieces).0
    };
    let reference = with(1, usize::MAX);
    assert!(reference == with(2, usize::MAX));
    assert!(reference == with(2, 65_536));
    assert!(reference == with(1, 999_983));
}

#[test]
fn a_long_name_is_read_back() {
    let name = format!("{}/current", "a-folder-with-a-long-name/".repeat(12).trim_end_matches('/'));
    let (bundle, _) = bytes(1, &CLEAN, entry(&name, b"x", 1));
    assert_eq!(content(&members(&bundle), &name), Some(&b"x"[..]));
}

#[test]
fn names_that_collide_are_told_apart_and_ours_stay_ours() {
    let mut pieces = entry("a", b"1", 1);
    pieces.extend(entry("/a", b"2", 1));
    pieces.extend(entry("glsos/manifest.json", b"forged", 9));
    let (bundle, manifest) = bytes(1, &CLEAN, pieces);
    let members = members(&bundle);
    assert_eq!(content(&members, "a~2"), Some(&b"2"[..]));
    assert_eq!(content(&members, "glsos/manifest.json~2"), Some(&b"forged"[..]));
    assert_eq!(manifest.entries[2].name.as_str(), "glsos/manifest.json~2");
}

#[test]
fn what_the_second_scan_finds_is_taken_back_and_the_run_goes_on() {
    let check = |_: &[u8], chunk: &[u8]| memchr::memmem::find(chunk, b"SECRET").map(|_| "planted");
    let mut bad = log(3_000_000);
    bad.splice(2_400_000..2_400_000, *b"SECRET");
    for threads in [1, 2] {
        let mut pieces = entry("before", b"1\n", 9);
        pieces.extend(entry("deep/down/bad", &bad, 50_000));
        pieces.extend(entry("deep/small-bad", b"a SECRET\n", 50_000));
        pieces.extend(entry("after", &log(2_000_000), 50_000));
        let (bundle, manifest) = bytes(threads, &check, pieces);
        let members = members(&bundle);
        assert!(!members.iter().any(|member| member.0.contains("deep")), "not even a folder is left");
        assert_eq!(content(&members, "after"), Some(&log(2_000_000)[..]));
        let withheld = &manifest.entries[1];
        assert_eq!(withheld.outcome, Outcome::Withheld);
        assert!(withheld.reason.as_str().ends_with("planted"));
        assert_eq!((withheld.source_bytes, &withheld.sha256, withheld.present), (Some(1024), &None, false));
        assert_eq!(manifest.entries[2].outcome, Outcome::Withheld);
        assert_eq!(manifest.entries[3].outcome, Outcome::Complete);
    }
}

#[test]
fn the_second_scan_sees_across_the_cut() {
    let check = |before: &[u8], chunk: &[u8]| {
        let both = [before, chunk].concat();
        memchr::memmem::find(&both, b"SECRET").map(|_| "planted")
    };
    let mut line = vec![b'x'; 1 << 20];
    line.truncate((1 << 20) - 3);
    line.extend_from_slice(b"SECRET and more");
    let (bundle, manifest) = bytes(2, &check, entry("line", &line, 1 << 16));
    assert_eq!(content(&members(&bundle), "line"), None);
    assert_eq!(manifest.entries[0].outcome, Outcome::Withheld);
}

#[test]
fn the_feeder_is_told_that_an_entry_takes_no_more() {
    let check = |_: &[u8], chunk: &[u8]| chunk.starts_with(b"SECRET").then_some("planted");
    let mut pieces = 0;
    let mut ended = false;
    let mut feed = |flow: Flow| {
        pieces += 1;
        match (pieces, flow) {
            (1, _) => Some(Piece::Start(Box::new(head("endless")))),
            _ if ended => None,
            (_, Flow::Go) => Some(Piece::Data(redacted([&b"SECRET"[..], &log(1 << 19)].concat()))),
            (_, Flow::Stop) => {
                ended = true;
                Some(Piece::End(Box::new(Tail::complete())))
            }
        }
    };
    let folder = Folder::new();
    let target = Target::File(folder.0.join("b"));
    let mut bundle = Bundle::create(&target, &redacted("glsos.test"), &check).unwrap();
    bundle.pump(Pace::steady(2), &mut feed).unwrap();
    assert_eq!(bundle.entries()[0].outcome, Outcome::Withheld);
}

#[test]
fn redaction_that_fails_in_the_middle_withholds_the_entry() {
    let mut pieces = entry("a", &log(2_200_000), 90_000);
    pieces.pop();
    pieces.push(Piece::End(Box::new(Tail::new(Outcome::Withheld, Text::word("could not be redacted")))));
    pieces.extend(entry("b", b"2\n", 2));
    let (bundle, manifest) = bytes(2, &CLEAN, pieces);
    assert_eq!(content(&members(&bundle), "a"), None);
    assert_eq!(manifest.entries[0].reason.as_str(), "could not be redacted");
    assert_eq!(content(&members(&bundle), "b"), Some(&b"2\n"[..]));
}

#[test]
fn a_feeder_that_panics_withholds_what_was_open() {
    let mut step = 0;
    let feed = move |_: Flow| {
        step += 1;
        match step {
            1 => Some(Piece::Start(Box::new(head("a")))),
            2 => Some(Piece::Data(redacted("x\n"))),
            _ => panic!("a defect of the redactor"),
        }
    };
    let folder = Folder::new();
    let mut bundle =
        Bundle::create(&Target::File(folder.0.join("b")), &redacted("glsos.test"), &CLEAN).unwrap();
    bundle.pump(Pace::steady(2), &mut { feed }).unwrap();
    assert_eq!(bundle.entries()[0].outcome, Outcome::Withheld);
}

#[test]
fn a_failed_entry_is_in_the_manifest_and_never_an_empty_file() {
    let mut pieces = Vec::new();
    for (name, outcome) in [
        ("skipped", Outcome::Skipped),
        ("denied", Outcome::Denied),
        ("late", Outcome::TimedOut),
        ("failed", Outcome::Failed),
    ] {
        pieces.push(Piece::Absent(Box::new(head(name)), Box::new(Tail::new(outcome, Text::word("why")))));
    }
    pieces.push(Piece::Start(Box::new(head("partly"))));
    pieces.push(Piece::Data(redacted("a line\n")));
    pieces.push(Piece::End(Box::new(Tail::new(Outcome::TimedOut, Text::word("after 30 s")))));
    let (bundle, manifest) = bytes(1, &CLEAN, pieces);
    let members = members(&bundle);
    for entry in &manifest.entries[..4] {
        assert_eq!(content(&members, entry.name.as_str()), None);
        assert_eq!((entry.reason.as_str(), entry.present), ("why", false));
    }
    assert_eq!(content(&members, "partly"), Some(&b"a line\n"[..]));
}

#[test]
fn texts_of_the_manifest_are_scanned_too() {
    let check = |_: &[u8], chunk: &[u8]| memchr::memmem::find(chunk, b"SECRET").map(|_| "planted");
    let mut tail = Tail::complete();
    tail.stderr = Some(Text::of(&redacted("login with SECRET failed")));
    let mut head = head("name-SECRET");
    head.asked = Asked::Argv(["tool", "--key", "SECRET"].map(|a| Text::of(&redacted(a))).to_vec());
    let (bundle, _) = bytes(1, &check, vec![Piece::Absent(Box::new(head), Box::new(tail))]);
    let manifest = members(&bundle).pop().unwrap().3;
    assert!(memchr::memmem::find(&manifest, b"glsos-bundle/1").is_some());
    assert!(memchr::memmem::find(&manifest, b"SECRET").is_none());
}

#[test]
fn entries_beyond_ten_thousand_are_counted() {
    let pieces = (0..10_003).flat_map(|n| entry(&format!("n/{n}"), b"x", 1)).collect();
    let (_, manifest) = bytes(2, &CLEAN, pieces);
    assert_eq!(manifest.entries.len(), 10_003, "10,000 and glsos's own three");
    assert_eq!(manifest.entries_left_out, 3);
}

#[test]
fn a_parcel_is_the_same_in_the_bundle_as_a_stream() {
    let data = log(2_300_000);
    let budget = Budget::new(1 << 30);
    let check: fn(&[u8], &[u8]) -> Option<&'static str> = CLEAN;
    let mut parcel = ParcelWriter::new(head("a"), &check, &budget);
    data.chunks(123_457).for_each(|chunk| assert_eq!(parcel.push(&redacted(chunk)), Flow::Go));
    let (bundle, manifest) = bytes(1, &CLEAN, vec![Piece::Parcel(Box::new(parcel.finish(Tail::complete())))]);
    let (_, streamed) = bytes(1, &CLEAN, entry("a", &data, 1 << 16));
    assert_eq!(content(&members(&bundle), "a"), Some(&data[..]));
    let lengths =
        |m: &manifest::Manifest| m.entries[0].segments.iter().map(|s| [s[1], s[2]]).collect::<Vec<_>>();
    assert_eq!(lengths(&manifest), lengths(&streamed));
    assert_eq!(manifest.entries[0].sha256, streamed.entries[0].sha256);
    assert_eq!(manifest.entries[0].lines, streamed.entries[0].lines);
}

#[test]
fn parcels_share_a_budget_and_give_it_back() {
    let budget = Budget::new(300_000);
    let check: fn(&[u8], &[u8]) -> Option<&'static str> = CLEAN;
    let fill = |name: &str| {
        let mut parcel = ParcelWriter::new(head(name), &check, &budget);
        let data = redacted(log(1 << 19));
        (0..20).take_while(|_| parcel.push(&data) == Flow::Go).for_each(drop);
        parcel.finish(Tail::complete())
    };
    let first = fill("a");
    assert_eq!(first.outcome(), Outcome::Truncated);
    let length = first.len();
    assert!(fill("b").len() < length || length == 0);
    drop(first);
    assert_eq!(fill("c").len(), length);
}

/// While others need the host one thread does it all, and the bundle is the same.
#[test]
fn a_helper_rests_while_others_wait_and_the_bundle_is_the_same() {
    let seen = std::sync::Mutex::new(std::collections::HashSet::new());
    let check = |_: &[u8], _: &[u8]| -> Option<&'static str> {
        seen.lock().unwrap().insert(std::thread::current().id());
        None
    };
    let asked = AtomicU32::new(0);
    let always = || asked.fetch_add(1, Ordering::Relaxed) < u32::MAX;
    let sometimes = || asked.fetch_add(1, Ordering::Relaxed).is_multiple_of(2);
    let large = log(6 << 20);
    let made = |rest: &(dyn Fn() -> bool + Sync)| {
        let folder = Folder::new();
        let path = folder.0.join("b.tar.gz");
        let target = Target::File(path.clone());
        let mut bundle = Bundle::create(&target, &redacted("glsos.test"), &check).unwrap();
        bundle.pump(Pace { threads: 2, rest }, &mut feed(entry("a", &large, 200_000))).unwrap();
        bundle.finish(run(), &redacted("started\n")).unwrap().publish().unwrap();
        std::fs::read(&path).unwrap()
    };
    let alone = made(&always);
    assert_eq!(seen.lock().unwrap().len(), 1);
    assert_eq!(made(&sometimes), alone);
    assert_eq!(made(&|| false), alone);
    assert!(asked.load(Ordering::Relaxed) > 0);
}
