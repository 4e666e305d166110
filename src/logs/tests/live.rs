//! Logs that change between being found and being read, and while they are read.

use super::*;
use crate::outcome::{Ending, Outcome};

const NOW: &str = "2026-03-02T00:00:00Z";
const PATH: &str = "/l/x/current";

fn day() -> Window {
    window("2026-03-01T00:00:00Z", NOW)
}

fn log(lines: std::ops::Range<u32>) -> String {
    lines
        .map(|i| {
            format!("2026-03-01_10:{:02}:{:02}.00000 line {i} {}\n", i / 60 % 60, i % 60, "x".repeat(1000))
        })
        .collect()
}

fn read(host: &Memory, file: &LogFile) -> (String, Taken) {
    let (bytes, taken) = drain(Reader::open(host, file, &day(), &TimeZone::UTC, None).unwrap());
    (String::from_utf8(bytes).unwrap(), taken)
}

fn host() -> Memory {
    let host = Memory::new();
    host.put(PATH, log(0..2000), NOW);
    host
}

#[test]
fn what_is_appended_after_opening_is_not_taken() {
    let host = host();
    host.after(3, |host| host.change(PATH, |bytes| bytes.extend(log(2000..2001).bytes())));
    let (text, taken) = read(&host, &only(&host, PATH));
    assert_eq!((text == log(0..2000), taken.note, taken.ending), (true, None, Ending::complete()));
}

#[test]
fn a_line_that_was_being_written_at_opening_is_taken_whole() {
    let host = host();
    host.change(PATH, |bytes| bytes.extend(b"2026-03-01_10:59:59.00000 password=hun"));
    host.after(4, |host| host.change(PATH, |bytes| bytes.extend(b"ter2\nnext line\n")));
    let (text, taken) = read(&host, &only(&host, PATH));
    assert!(text.ends_with("password=hunter2\n"), "{}", &text[text.len() - 80..]);
    assert_eq!((taken.lines, taken.note), (2001, None));
}

#[test]
fn copytruncate_under_us_is_noticed_and_gives_no_torn_line() {
    for grown in [0, 100] {
        let host = host();
        host.after(5, move |host| host.change(PATH, |bytes| *bytes = log(5000..5000 + grown).into_bytes()));
        let (text, taken) = read(&host, &only(&host, PATH));
        assert!(log(0..2000).starts_with(&text) && text.ends_with('\n') && !text.is_empty());
        assert_eq!(taken.ending, Ending::new(Outcome::Truncated, "it was truncated while it was read"));
    }
}

#[test]
fn a_truncated_file_that_grew_again_is_told_by_its_beginning() {
    let host = host();
    host.after(5, |host| host.change(PATH, |bytes| *bytes = log(5000..9000).into_bytes()));
    let (_, taken) = read(&host, &only(&host, PATH));
    assert!(taken.note.unwrap().contains("truncated while it was read"));
}

#[test]
fn rotation_and_deletion_while_reading_are_told() {
    let moved = host();
    moved.after(5, |host| {
        host.rename(PATH, "/l/x/@4000000069a40e2a0754d4c0.u");
        host.put(PATH, "", NOW);
    });
    let (text, taken) = read(&moved, &only(&moved, PATH));
    assert_eq!((text == log(0..2000), taken.note.as_deref()), (true, Some("rotated while it was read")));
    let deleted = host();
    deleted.after(5, |host| host.remove(PATH));
    let (text, taken) = read(&deleted, &only(&deleted, PATH));
    assert_eq!((text == log(0..2000), taken.note.as_deref()), (true, Some("deleted while it was read")));
}

#[test]
fn a_log_that_rotated_since_it_was_found_is_read_under_its_new_name() {
    let host = host();
    let file = only(&host, PATH);
    host.rename(PATH, "/l/x/@4000000069a40e2a0754d4c0.u");
    host.put(PATH, log(2000..2001), NOW);
    let (text, taken) = read(&host, &file);
    assert_eq!(text, log(0..2000));
    assert!(taken.note.unwrap().starts_with("rotated before it was read: read as @4000"));
}

/// Found in the lab: svlogd compresses what it has turned over into another file, and all of it was lost.
#[test]
fn a_log_that_was_turned_over_and_compressed_since_it_was_found_is_read_from_there() {
    let host = Memory::new();
    // Turned over at 09:00:00, at 23:59:59.5 and two seconds later.
    host.put("/l/x/@4000000069a4001a0754d4c0.s", gzip(b"2026-03-01_09:00:00.00000 before\n"), NOW);
    host.put(PATH, log(0..2000), "2026-03-01T23:59:59Z");
    let file = only(&host, PATH);
    host.remove(PATH);
    host.put("/l/x/@4000000069a4d3091dcd6500.s", gzip(log(0..2000).as_bytes()), NOW);
    host.put("/l/x/@4000000069a4d30b1dcd6500.s", gzip(b"2026-03-02_00:00:00.00000 later\n"), NOW);
    host.put(PATH, log(2000..2001), NOW);
    let (text, taken) = read(&host, &file);
    assert!(text == log(0..2000), "{}", &text[..text.len().min(200)]);
    let note = taken.note.unwrap();
    assert!(note.starts_with("rotated before it was read: read as @4000000069a4d3091dcd6500.s"), "{note}");
}

#[test]
fn a_log_that_was_copied_and_truncated_since_it_was_found_is_read_from_the_copy() {
    for (name, packed) in [("app.log.1", false), ("app.log.1.gz", true), ("app.log-20260302", false)] {
        let host = Memory::new();
        host.put("/l/x/app.log.1", "2026-03-01 08:00:00 before\n", "2026-03-01T08:00:00Z");
        host.put("/l/x/app.log", log(0..2000), "2026-03-01T23:59:59Z");
        let file = only(&host, "/l/x/app.log");
        host.rename("/l/x/app.log.1", "/l/x/app.log.2");
        let copy = if packed { gzip(log(0..2000).as_bytes()) } else { log(0..2000).into_bytes() };
        host.put(&format!("/l/x/{name}"), copy, "2026-03-02T00:00:00Z");
        host.change("/l/x/app.log", |bytes| *bytes = log(2000..2001).into_bytes());
        let (text, taken) = read(&host, &file);
        assert!(text == log(0..2000), "{name}: {}", &text[..text.len().min(200)]);
        let note = taken.note.unwrap();
        assert!(note.starts_with(&format!("truncated before it was read: read as {name}")), "{note}");
    }
}

#[test]
fn a_log_that_was_replaced_since_it_was_found_says_so() {
    let host = host();
    let file = only(&host, PATH);
    host.put(PATH, log(2000..2001), NOW);
    let (text, taken) = read(&host, &file);
    assert_eq!(text, log(2000..2001));
    assert!(taken.note.unwrap().starts_with("replaced before it was read"));
}

#[test]
fn a_file_that_vanished_is_an_error_to_open() {
    let host = host();
    let file = only(&host, PATH);
    host.remove(PATH);
    let error = Reader::open(&host, &file, &day(), &TimeZone::UTC, None).err().unwrap();
    assert_eq!(error.trouble, Trouble::Missing);
}

#[test]
fn a_disk_that_fails_on_the_way_gives_what_came_before_and_then_the_error() {
    for (trouble, outcome) in [
        (Trouble::Io, Outcome::Truncated),
        (Trouble::TimedOut, Outcome::TimedOut),
        (Trouble::Stopped, Outcome::TimedOut),
    ] {
        let host = host();
        host.after(6, move |host| host.fail(trouble));
        let file = only(&host, PATH);
        let mut reader = Reader::open(&host, &file, &day(), &TimeZone::UTC, None).unwrap();
        let (mut text, mut buf) = (Vec::new(), Vec::new());
        let end = loop {
            match reader.next(&mut buf) {
                Ok(true) => text.extend_from_slice(&buf),
                end => break end,
            }
        };
        assert_eq!(end, Err(trouble));
        assert!(!text.is_empty() && log(0..2000).as_bytes().starts_with(&text) && text.ends_with(b"\n"));
        assert_eq!(reader.taken().ending.outcome, outcome);
        assert_eq!(reader.next(&mut buf), Err(trouble));
    }
}

#[test]
fn every_piece_ends_with_a_line() {
    let host = host();
    let file = only(&host, PATH);
    let mut reader = Reader::open(&host, &file, &day(), &TimeZone::UTC, None).unwrap();
    let mut buf = Vec::new();
    let mut pieces = 0;
    while reader.next(&mut buf).unwrap() {
        assert!(buf.ends_with(b"\n"));
        pieces += 1;
    }
    assert!(pieces > 4);
}

/// Found: a sparse file of a terabyte, made in a second, kept a run busy for an hour.
#[test]
fn a_hole_without_an_end_is_given_up() {
    let host = Memory::new();
    host.put(PLANTED, vec![0; 64 << 20], "2026-03-01T10:00:00Z");
    let file = only(&host, PLANTED);
    let window = window("2026-03-01T09:00:00Z", "2026-03-01T11:00:00Z");
    let slack = Slack { time: SLACK_TIME, bytes: 4096 };
    let limits = (Some(limit(1 << 20)), 16 << 20);
    let read = Reader::with_limits(&host, &file, &window, &TimeZone::UTC, limits, slack).map(drain);
    assert_eq!(read.unwrap_err().trouble, Trouble::TooLarge);
    assert!(host.read_bytes() <= 18 << 20, "{}", host.read_bytes());
}

#[test]
fn what_stands_behind_a_long_hole_is_found() {
    let host = Memory::new();
    let lines = "2026-03-01T08:00:00Z old\n2026-03-01T08:30:00Z old\n2026-03-01T10:00:01Z new\n";
    host.put(PLANTED, [vec![0; 200 << 20], lines.as_bytes().to_vec()].concat(), "2026-03-01T10:00:02Z");
    let window = window("2026-03-01T09:00:00Z", "2026-03-01T11:00:00Z");
    let (text, taken) = take(&host, PLANTED, &window, Some(1 << 20));
    assert_eq!((text.as_str(), taken.lines), ("2026-03-01T10:00:01Z new\n", 1));
}

const PLANTED: &str = "/l/planted.log";
