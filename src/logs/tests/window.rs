//! One file and one window: what is taken, what is left, and what is told.

use super::*;
use crate::outcome::{Ending, Outcome};

const JSON: &str = r#"{"severity":"INFO","time":"2026-03-01T09:59:59.999Z","message":"early"}
{"severity":"INFO","time":"2026-03-01T10:00:00.000Z","message":"first"}
  at a line of its backtrace
{"severity":"INFO","time":"2026-03-01T10:30:00.000Z","message":"middle"}
{"severity":"INFO","time":"2026-03-01T11:00:00.000Z","message":"last"}
  at a line of its backtrace
{"severity":"INFO","time":"2026-03-01T11:00:00.001Z","message":"late"}
  at a line of its backtrace
"#;
const HOUR: (&str, &str) = ("2026-03-01T10:00:00Z", "2026-03-01T11:00:00Z");
const PATH: &str = "/var/log/gitlab/x/x.log";
const LATER: &str = "2026-03-02T00:00:00Z";

fn hour() -> Window {
    window(HOUR.0, HOUR.1)
}

fn lines(text: &str, range: std::ops::Range<usize>) -> String {
    text.split_inclusive('\n').collect::<Vec<_>>()[range].concat()
}

fn put(bytes: impl AsRef<[u8]>) -> Memory {
    let host = Memory::new();
    host.put(PATH, bytes, LATER);
    host
}

#[test]
fn exactly_the_window_with_its_ends_and_its_continuation_lines() {
    let (text, taken) = take(&put(JSON), PATH, &hour(), None);
    assert_eq!(text, lines(JSON, 1..6));
    assert_eq!(taken.lines, 5);
    assert_eq!((taken.first, taken.last), (Some(at(HOUR.0)), Some(at(HOUR.1))));
    assert_eq!(taken.bytes_before, lines(JSON, 0..1).len() as u64);
    assert_eq!(taken.bytes_after, lines(JSON, 6..8).len() as u64);
    assert_eq!((taken.ending, taken.note), (Ending::complete(), None));
    assert_eq!(taken.source_bytes, JSON.len() as u64);
}

#[test]
fn the_same_from_gzip_under_any_name() {
    for path in ["/l/x.log.1.gz", "/l/@4000000065e1f2a30c7b1d54.s", "/l/x.log-20260302"] {
        let host = Memory::new();
        host.put(path, gzip(JSON.as_bytes()), LATER);
        // The TAI64N name is of 2024, before the window: its lines would have to be older.
        let early = path.contains('@');
        let (text, taken) = take(&host, path, &hour(), None);
        assert_eq!(text, if early { String::new() } else { lines(JSON, 1..6) }, "{path}");
        assert_eq!(taken.ending.outcome, if early { Outcome::Skipped } else { Outcome::Complete });
    }
}

#[test]
fn several_members_are_one_file() {
    let (a, b) = JSON.split_at(200);
    let (text, taken) = take(&put([gzip(a.as_bytes()), gzip(b.as_bytes())].concat()), PATH, &hour(), None);
    assert_eq!(text, lines(JSON, 1..6));
    assert_eq!(taken.ending, Ending::complete());
}

#[test]
fn lines_before_the_first_time_go_with_it() {
    let text = lines(JSON, 2..6);
    assert_eq!(take(&put(&text), PATH, &hour(), None).0, text);
    let late = lines(JSON, 5..8);
    assert_eq!(take(&put(&late), PATH, &hour(), None).1.ending.outcome, Outcome::Skipped);
}

#[test]
fn a_file_outside_the_window_is_skipped_and_says_on_which_side() {
    let (text, taken) = take(&put(JSON), PATH, &window("2026-03-01T12:00:00Z", LATER), None);
    assert_eq!((text.as_str(), taken.bytes_before, taken.bytes_after), ("", JSON.len() as u64, 0));
    assert_eq!(taken.ending, Ending::new(Outcome::Skipped, "no lines in the window"));
    let old = window("2020-01-01T00:00:00Z", "2020-01-02T00:00:00Z");
    let (_, taken) = take(&put(JSON), PATH, &old, None);
    assert_eq!((taken.bytes_before, taken.bytes_after), (0, JSON.len() as u64));
}

#[test]
fn a_file_last_written_before_the_window_is_not_even_read() {
    let host = put(JSON);
    let before = host.read_bytes();
    let (_, taken) = take(&host, PATH, &window("2026-03-03T00:00:00Z", "2026-03-04T00:00:00Z"), None);
    assert_eq!(host.read_bytes(), before);
    assert_eq!(taken.ending, Ending::new(Outcome::Skipped, "no lines in the window"));
}

#[test]
fn of_more_than_the_limit_the_newest_lines_win() {
    let cap = lines(JSON, 3..6).len() as u64 + 5;
    for bytes in [JSON.as_bytes().to_vec(), gzip(JSON.as_bytes())] {
        let (text, taken) = take(&put(bytes), PATH, &hour(), Some(cap));
        assert_eq!(text, lines(JSON, 3..6));
        assert_eq!(taken.first, Some(at("2026-03-01T10:30:00Z")));
        assert_eq!(taken.bytes_before, lines(JSON, 0..3).len() as u64);
        assert_eq!(taken.bytes_after, lines(JSON, 6..8).len() as u64);
        assert_eq!(taken.ending.outcome, Outcome::Truncated);
    }
}

#[test]
fn a_limit_that_all_fits_in_cuts_nothing() {
    for bytes in [JSON.as_bytes().to_vec(), gzip(JSON.as_bytes())] {
        let (text, taken) = take(&put(bytes), PATH, &hour(), Some(lines(JSON, 1..6).len() as u64));
        assert_eq!(text, lines(JSON, 1..6));
        assert_eq!(taken.ending, Ending::complete());
    }
}

#[test]
fn a_last_line_over_the_limit_is_not_cut_into() {
    for bytes in [JSON.as_bytes().to_vec(), gzip(JSON.as_bytes())] {
        let (text, taken) = take(&put(bytes), PATH, &hour(), Some(10));
        assert_eq!(text, "");
        assert_eq!(taken.ending.outcome, Outcome::Truncated);
        assert!(taken.ending.reason.contains("--max-log is 10 B"), "{}", taken.ending.reason);
    }
}

#[test]
fn a_cut_gzip_gives_what_could_be_inflated_but_no_torn_line() {
    let long: String =
        (0..2000).map(|i| format!("2026-03-01T10:{:02}:00Z line {}\n", i / 100, i * 7919 % 1009)).collect();
    let mut bytes = gzip(long.as_bytes());
    bytes.truncate(bytes.len() / 2);
    let (text, taken) = take(&put(bytes), PATH, &hour(), None);
    assert!(long.starts_with(&text) && text.ends_with('\n') && text.len() > long.len() / 4);
    assert_eq!(taken.ending, Ending::new(Outcome::Truncated, "the compressed file ends too early"));
}

#[test]
fn a_damaged_gzip_tells_so() {
    let long: String =
        (0..5000).map(|i| format!("2026-03-01T10:00:00Z line {}\n", i * 7919 % 1009)).collect();
    let mut bytes = gzip(long.as_bytes());
    let middle = bytes.len() / 2;
    bytes[middle..middle + 40].fill(0xff);
    let host = put(bytes);
    let (bytes, taken) =
        drain(Reader::open(&host, &only(&host, PATH), &hour(), &TimeZone::UTC, None).unwrap());
    assert_eq!(bytes[..20_000], long.as_bytes()[..20_000]);
    assert_eq!(taken.ending, Ending::new(Outcome::Truncated, "the compressed file is damaged"));
    let mut bytes = gzip(JSON.as_bytes());
    let crc = bytes.len() - 8;
    bytes[crc] ^= 1;
    let (text, taken) = take(&put(bytes), PATH, &hour(), None);
    assert_eq!(text, lines(JSON, 1..6));
    assert_eq!(taken.ending.outcome, Outcome::Truncated);
}

#[test]
fn padding_behind_gzip_is_ignored_and_more_is_told() {
    let (text, taken) = take(&put([gzip(JSON.as_bytes()), vec![0; 512]].concat()), PATH, &hour(), None);
    assert_eq!((text, taken.note), (lines(JSON, 1..6), None));
    let (_, taken) = take(&put([gzip(JSON.as_bytes()), b"oops".to_vec()].concat()), PATH, &hour(), None);
    assert!(taken.note.unwrap().contains("not compressed follows"));
}

#[test]
fn a_bomb_is_inflated_only_so_far() {
    use crate::logs::{
        gzip::{Damage, Inflate},
        lines::Source,
    };
    let host = put(gzip(&vec![b'\n'; 1 << 20]));
    let mut inflate = Inflate::new(host.open(Path::new(PATH)).unwrap()).with_most(100_000);
    let (mut total, mut buf) = (0, vec![0; 10_000]);
    loop {
        match inflate.read(&mut buf).unwrap() {
            0 => break,
            n => total += n,
        }
    }
    assert!((100_000..110_001).contains(&total), "{total}");
    assert_eq!(inflate.damage(), Some(Damage::Bomb(100_000)));
}

#[test]
fn a_line_longer_than_any_buffer_is_taken_whole_or_not_at_all() {
    let long = "x".repeat(3 << 20);
    let text = format!(
        "2026-03-01T09:00:00Z early {long}\n2026-03-01T10:00:00Z in {long}\n2026-03-01T10:00:01Z next\n2026-03-01T12:00:00Z late {long}\n"
    );
    let (taken_text, taken) = take(&put(&text), PATH, &hour(), None);
    assert!(taken_text == lines(&text, 1..3));
    assert_eq!(taken.lines, 2);
    assert_eq!(taken.bytes_before + taken.bytes + taken.bytes_after, text.len() as u64);
}

#[test]
fn line_ends_of_every_kind() {
    let crlf = JSON.replace('\n', "\r\n");
    assert_eq!(take(&put(&crlf), PATH, &hour(), None).0, lines(&crlf, 1..6));
    let cr = JSON.replace('\n', "\r");
    assert_eq!(take(&put(&cr), PATH, &hour(), None).0, lines(JSON, 1..6).replace('\n', "\r"));
    let open = JSON.trim_end();
    assert_eq!(take(&put(lines(open, 0..5).trim_end()), PATH, &hour(), None).0, lines(JSON, 1..5).trim_end());
}

#[test]
fn a_hole_of_nuls_is_left_out_and_told() {
    let bytes = [vec![0; 3_000_001], lines(JSON, 1..6).into_bytes()].concat();
    for bytes in [bytes.clone(), gzip(&bytes)] {
        let (text, taken) = take(&put(bytes), PATH, &hour(), None);
        assert_eq!(text, lines(JSON, 1..6));
        assert_eq!(taken.note.as_deref(), Some("3.0 MB of NUL bytes left out"));
        assert_eq!(taken.bytes_before, 3_000_001);
    }
}

#[test]
fn without_times_the_age_of_the_file_decides_and_the_tail_is_taken() {
    let text: String = (0..1000).map(|i| format!("  word {i}\n")).collect();
    let (taken_text, taken) = take(&put(&text), PATH, &window(HOUR.0, LATER), None);
    assert_eq!((taken_text, taken.lines), (text.clone(), 1000));
    assert_eq!(taken.note.as_deref(), Some("no times in its lines: taken by its modification time"));
    let (tail, taken) = take(&put(&text), PATH, &window(HOUR.0, LATER), Some(100));
    assert_eq!(tail, lines(&text, 991..1000));
    assert_eq!(taken.ending.outcome, Outcome::Truncated);
}

#[test]
fn binary_and_empty_files_are_skipped_with_their_reason() {
    let binary: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    assert_eq!(take(&put(binary), PATH, &hour(), None).1.ending, Ending::new(Outcome::Skipped, "not text"));
    assert_eq!(take(&put(""), PATH, &hour(), None).1.ending, Ending::new(Outcome::Skipped, "empty"));
    assert_eq!(take(&put(vec![0; 100]), PATH, &hour(), None).1.ending.outcome, Outcome::Skipped);
}

#[test]
fn a_clock_that_steps_back_is_told() {
    let text = "2026-03-01T10:50:00Z a\n2026-03-01T10:10:00Z b\n2026-03-01T10:11:00Z c\n";
    let (taken_text, taken) = take(&put(text), PATH, &hour(), None);
    assert_eq!(taken_text, text);
    assert_eq!(taken.note.as_deref(), Some("times step back by up to 40m 00s"));
    assert_eq!(
        (taken.first, taken.last),
        (Some(at("2026-03-01T10:10:00Z")), Some(at("2026-03-01T10:50:00Z")))
    );
}

#[test]
fn compression_that_is_not_read_is_withheld() {
    let host = Memory::new();
    host.put("/l/x.log.1.xz", "\u{fd}7zXZ", LATER);
    let (text, taken) = take(&host, "/l/x.log.1.xz", &hour(), None);
    assert_eq!((text.as_str(), taken.ending.outcome), ("", Outcome::Withheld));
    assert!(taken.ending.reason.contains("xz"));
}
