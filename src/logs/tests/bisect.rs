//! The search against a slow reference, over random logs in every format.

use jiff::{civil::DateTime, tz::Offset};

use super::*;
use crate::outcome::Outcome;

const PATH: &str = "/l/x.log";
const START: i64 = 1_772_323_200; // 2026-03-01T00:00:00Z

/// xorshift64*: the same numbers everywhere.
pub(super) struct Random(pub(super) u64);

impl Random {
    pub(super) fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) % n
    }
}

fn civil(second: i64, zone: &TimeZone) -> DateTime {
    zone.to_datetime(Timestamp::from_second(second).unwrap())
}

/// Writes a line of that second; a `~` stands for more text.
pub(super) type Format = fn(i64, &TimeZone) -> String;

pub(super) const FORMATS: [(&str, Format); 12] = [
    ("json", |t, _| format!(r#"{{"a":"b","time":"{}.000Z","c":"~"}}"#, civil(t, &TimeZone::UTC))),
    ("svlogd", |t, _| format!("{}.12345 text~", civil(t, &TimeZone::UTC).to_string().replace('T', "_"))),
    ("rails", |t, _| {
        let zone = TimeZone::fixed(Offset::constant(2));
        format!("Started GET \"/x~\" for 10.0.0.1 at {} +0200", civil(t, &zone).to_string().replace('T', " "))
    }),
    ("access", |t, _| {
        let c = civil(t, &TimeZone::UTC);
        format!("1.2.3.4 - - [{}] \"GET /~\"", c.strftime("%d/%b/%Y:%H:%M:%S +0000"))
    }),
    ("error", |t, zone| format!("{} [error] x~", civil(t, zone).strftime("%Y/%m/%d %H:%M:%S"))),
    ("postgresql", |t, _| {
        format!("{} UTC [1] LOG:  x~", civil(t, &TimeZone::UTC).strftime("%Y-%m-%d %H:%M:%S.000"))
    }),
    ("syslog", |t, zone| format!("{} host x: y~", civil(t, zone).strftime("%b %e %H:%M:%S"))),
    ("iso", |t, _| format!("{}+00:00 host x: y~", civil(t, &TimeZone::UTC))),
    ("logfmt", |t, _| format!("level=info ts={}Z msg=x~", civil(t, &TimeZone::UTC))),
    ("ruby", |t, zone| format!("I, [{}.000001 #1]  INFO -- : x~", civil(t, zone))),
    ("redis", |t, zone| format!("1:M {}.000 * x~", civil(t, zone).strftime("%d %b %Y %H:%M:%S"))),
    ("klog", |t, zone| format!("I{}.000000 1 x.go:1] x~", civil(t, zone).strftime("%m%d %H:%M:%S"))),
];

pub(super) struct Log {
    pub(super) text: String,
    /// Each line's own second, or the one before's.
    pub(super) lines: Vec<(i64, usize)>,
}

/// Lines out of order by at most `disorder` seconds, some with continuation lines, some long.
pub(super) fn log(
    random: &mut Random,
    format: Format,
    zone: &TimeZone,
    start: i64,
    count: usize,
    disorder: u64,
) -> Log {
    let mut log = Log { text: String::new(), lines: Vec::new() };
    let mut clock = start;
    for i in 0..count {
        clock += i64::try_from(random.below(60)).unwrap();
        let time = clock - i64::try_from(random.below(disorder + 1)).unwrap();
        let more = usize::try_from(random.below(if i % 50 == 0 { 3000 } else { 80 })).unwrap();
        let mut line = format(time, zone).replace('~', &"-".repeat(more));
        line.push('\n');
        log.lines.push((time, line.len()));
        log.text.push_str(&line);
        for _ in 0..random.below(4) {
            let more = format!("  more {}\n", random.below(1000));
            log.lines.push((time, more.len()));
            log.text.push_str(&more);
        }
    }
    log
}

/// The slow reference: every line's time is known from its making.
pub(super) fn expected(log: &Log, inside: impl Fn(i64) -> bool) -> String {
    let (mut at, mut out) = (0, String::new());
    for (time, length) in &log.lines {
        if inside(*time) {
            out.push_str(&log.text[at..at + length]);
        }
        at += length;
    }
    out
}

pub(super) fn seconds(since: i64, until: i64) -> Window {
    Window { since: Timestamp::from_second(since).unwrap(), until: Timestamp::from_second(until).unwrap() }
}

#[test]
fn every_format_gives_exactly_the_lines_of_the_window() {
    let zone = berlin();
    for (index, (name, format)) in FORMATS.iter().enumerate() {
        let mut random = Random(index as u64 + 1);
        for round in 0..12 {
            // svlogd's lines have a fraction; a window that ends on a second leaves it out.
            let disorder = [0, 20, 299][round % 3];
            let log = log(&mut random, *format, &zone, START, 1500, disorder);
            let host = Memory::new();
            host.put(PATH, &log.text, "2026-03-02T12:00:00Z");
            let since = START + i64::try_from(random.below(45_000)).unwrap();
            let until = since + i64::try_from(random.below(9_000)).unwrap();
            let (bytes, taken) = take_close(&host, PATH, &seconds(since, until), &zone, None);
            let fraction = matches!(*name, "svlogd" | "ruby");
            let want = expected(&log, |t| since <= t && if fraction { t < until } else { t <= until });
            assert!(String::from_utf8(bytes).unwrap() == want, "{name}, round {round}: {since}..{until}");
            assert_eq!(taken.lines as usize, want.lines().count());
            assert_eq!(taken.bytes_before + taken.bytes + taken.bytes_after, log.text.len() as u64);
            assert_eq!(taken.note, None, "{name}");
        }
    }
}

#[test]
fn gzip_gives_the_same() {
    let mut random = Random(99);
    let log = log(&mut random, FORMATS[0].1, &TimeZone::UTC, START, 3000, 200);
    let host = Memory::new();
    host.put(PATH, gzip(log.text.as_bytes()), "2026-03-02T12:00:00Z");
    let (since, until) = (START + 20_000, START + 30_000);
    let (bytes, _) = take_close(&host, PATH, &seconds(since, until), &TimeZone::UTC, None);
    assert!(String::from_utf8(bytes).unwrap() == expected(&log, |t| since <= t && t <= until));
}

#[test]
fn across_a_repeated_hour_both_are_taken_and_nothing_is_lost() {
    let zone = berlin();
    // 2026-10-25T01:00:00Z is the second 02:00 in Berlin.
    let turn = 1_792_890_000;
    for (index, (name, format)) in FORMATS.iter().enumerate() {
        for round in 0..8 {
            let mut random = Random(1000 + index as u64 * 8 + round);
            let log = log(&mut random, *format, &zone, turn - 40_000, 2500, 200);
            let host = Memory::new();
            host.put(PATH, &log.text, "2026-10-26T00:00:00Z");
            let since = turn - 5_000 + i64::try_from(random.below(9_000)).unwrap();
            let until = since + i64::try_from(random.below(4_000)).unwrap();
            let (bytes, taken) = take_close(&host, PATH, &seconds(since, until), &zone, None);
            let local = matches!(*name, "error" | "syslog" | "ruby" | "redis" | "klog");
            let fraction = matches!(*name, "svlogd" | "ruby");
            let want = expected(&log, |t| {
                let (early, late) = match t - turn {
                    -3600..0 if local => (t, t + 3600),
                    0..3600 if local => (t - 3600, t),
                    _ => (t, t),
                };
                since <= late && if fraction { early < until } else { early <= until }
            });
            assert!(String::from_utf8(bytes).unwrap() == want, "{name}, round {round}: {since}..{until}");
            assert_eq!(taken.ending.outcome == Outcome::Complete, !want.is_empty());
        }
    }
}

#[test]
fn across_a_years_end_without_years() {
    let new_year = 1_767_225_600;
    let mut random = Random(5);
    for name in ["syslog", "klog"] {
        let format = FORMATS.iter().find(|(known, _)| *known == name).unwrap().1;
        let log = log(&mut random, format, &TimeZone::UTC, new_year - 40_000, 2500, 100);
        let host = Memory::new();
        host.put(PATH, &log.text, "2026-01-02T00:00:00Z");
        let (since, until) = (new_year - 3000, new_year + 3000);
        let (bytes, taken) = take_close(&host, PATH, &seconds(since, until), &TimeZone::UTC, None);
        assert!(String::from_utf8(bytes).unwrap() == expected(&log, |t| since <= t && t <= until), "{name}");
        assert_eq!(taken.note, None);
    }
}

#[test]
fn a_limit_takes_the_newest_lines_of_the_window() {
    let mut random = Random(7);
    for round in 0..20 {
        let log = log(&mut random, FORMATS[1].1, &TimeZone::UTC, START, 1500, 0);
        let (since, until) = (START + 10_000, START + 30_000);
        let want = expected(&log, |t| since <= t && t < until);
        let cap = 1 + random.below(want.len() as u64);
        for bytes in [log.text.as_bytes().to_vec(), gzip(log.text.as_bytes())] {
            let host = Memory::new();
            host.put(PATH, bytes, "2026-03-02T12:00:00Z");
            let (bytes, taken) = take_close(&host, PATH, &seconds(since, until), &TimeZone::UTC, Some(cap));
            let text = String::from_utf8(bytes).unwrap();
            assert!(text.len() as u64 <= cap && want.ends_with(&text), "round {round}, limit {cap}");
            // Cut at a line with a time; not much more than that is missing.
            assert!(text.is_empty() || text.starts_with("2026-"), "round {round}, limit {cap}");
            assert!(text.len() as u64 + cap / 8 + 7_000 >= cap, "round {round}: {} of {cap}", text.len());
            // The end of a compressed file is not read.
            assert!(taken.bytes_before + taken.bytes + taken.bytes_after <= log.text.len() as u64);
        }
    }
}

#[test]
fn a_window_in_a_large_file_costs_little_reading() {
    let line = |i: i64| format!("{} {}\n", Timestamp::from_second(START + i).unwrap(), "x".repeat(1000));
    let text: String = (0..100_000).map(line).collect();
    let host = Memory::new();
    host.put(PATH, &text, "2026-03-02T12:00:00Z");
    let file = only(&host, PATH);
    let (bytes, taken) = drain(
        Reader::open(&host, &file, &seconds(START + 50_000, START + 50_060), &TimeZone::UTC, None).unwrap(),
    );
    assert!(bytes == (50_000..=50_060).map(line).collect::<String>().into_bytes());
    assert_eq!(taken.bytes_before + taken.bytes + taken.bytes_after, text.len() as u64);
    assert!(host.read_bytes() < 16 << 20, "{} bytes of {}", host.read_bytes(), text.len());
}

#[test]
fn a_limit_on_the_end_of_a_large_file_costs_little_reading() {
    let line = |i: i64| format!("{} {}\n", Timestamp::from_second(START + i).unwrap(), "x".repeat(1000));
    let text: String = (0..100_000).map(line).collect();
    let host = Memory::new();
    host.put(PATH, &text, "2026-03-02T12:00:00Z");
    let file = only(&host, PATH);
    let (bytes, _) = drain(
        Reader::open(&host, &file, &seconds(0, START + 900_000), &TimeZone::UTC, Some(limit(1 << 20)))
            .unwrap(),
    );
    assert!(text.as_bytes().ends_with(&bytes) && bytes.len() > (1 << 20) - 2000);
    assert!(host.read_bytes() < 8 << 20, "{} bytes of {}", host.read_bytes(), text.len());
}

#[test]
fn a_large_file_whose_times_do_not_rise_is_searched_whole() {
    let line = |t: i64| format!("{} {}\n", Timestamp::from_second(t).unwrap(), "x".repeat(100));
    let mut text: String = (0..1000).map(|i| line(START + i * 10)).collect();
    // The clock was a year ahead for a while.
    text.extend((0..1000).map(|i| line(START + 31_536_000 + i * 10)));
    text.extend((0..1000).map(|i| line(START + 10_000 + i * 10)));
    let host = Memory::new();
    host.put(PATH, &text, "2026-03-02T12:00:00Z");
    let (since, until) = (START + 9_000, START + 12_000);
    let (bytes, taken) = take_close(&host, PATH, &seconds(since, until), &TimeZone::UTC, None);
    let want: String = (900..=1200).map(|i| line(START + i * 10)).collect();
    assert!(String::from_utf8(bytes).unwrap() == want);
    assert!(taken.note.unwrap().contains("do not rise"));
}

#[test]
fn a_few_stray_times_mislead_nobody() {
    let mut random = Random(31);
    let mut told = false;
    for round in 0..20 {
        let mut log = log(&mut random, FORMATS[7].1, &TimeZone::UTC, START, 2500, 60);
        let (since, until) = (START + 30_000, START + 32_000);
        let want = expected(&log, |t| since <= t && t <= until);
        // Lines of other years, all over the file.
        let (mut text, mut at) = (String::new(), 0);
        for (i, (_, length)) in log.lines.iter().enumerate() {
            text.push_str(&log.text[at..at + length]);
            at += length;
            if random.below(60) == 0
                && log.lines.get(i + 1).is_some_and(|next| log.text[at..at + next.1].starts_with('2'))
            {
                text.push_str(
                    ["1999-01-01T00:00:00+00:00 past\n", "2033-01-01T00:00:00+00:00 future\n"][i % 2],
                );
            }
        }
        log.text = text;
        let host = Memory::new();
        host.put(PATH, &log.text, "2026-03-02T12:00:00Z");
        let (bytes, taken) = take_close(&host, PATH, &seconds(since, until), &TimeZone::UTC, None);
        assert!(String::from_utf8(bytes).unwrap() == want, "round {round}");
        told |= taken.note.is_some_and(|note| note.contains("step back"));
    }
    assert!(told);
}

#[test]
fn lines_that_are_displaced_by_few_bytes_are_all_found_however_far_their_times_are() {
    let mut random = Random(77);
    for round in 0..30 {
        // Half an hour from line to line, shuffled within pieces of less than the 4096 bytes that tests allow.
        let mut lines: Vec<(i64, String)> = (0..4000)
            .map(|i| START + i * 1800)
            .map(|t| (t, format!("{} {}\n", Timestamp::from_second(t).unwrap(), "-".repeat(30))))
            .collect();
        for piece in lines.chunks_mut(60) {
            for i in (1..piece.len()).rev() {
                piece.swap(i, usize::try_from(random.below(i as u64 + 1)).unwrap());
            }
        }
        let text: String = lines.iter().map(|(_, line)| line.as_str()).collect();
        let host = Memory::new();
        host.put(PATH, &text, "2027-03-01T00:00:00Z");
        let since = START + i64::try_from(random.below(4000 * 1800)).unwrap();
        let until = since + i64::try_from(random.below(400_000)).unwrap();
        let (bytes, _) = take_close(&host, PATH, &seconds(since, until), &TimeZone::UTC, None);
        let inside = lines.iter().filter(|(t, _)| (since..=until).contains(t));
        let want: String = inside.map(|(_, line)| line.as_str()).collect();
        assert!(String::from_utf8(bytes).unwrap() == want, "round {round}: {since}..{until}");
    }
}

#[test]
fn whatever_a_file_holds_every_byte_is_accounted_for() {
    let pieces: [&[u8]; 12] = [
        b"2026-03-01T00:10:00Z a\n",
        b"2026-03-01T00:50:00Z b\n",
        b"2025-03-01T00:10:00Z c\n",
        b"{\"time\":\"2026-03-01T00:20:00Z\"}\n",
        b"Mar  1 00:30:00 x\n",
        b"\n",
        b"\r\n",
        b"\0\0\0\0",
        b"  continuation\n",
        b"\xff\xfe\x01",
        b"half a line",
        b"--------------------------------------------------------------------------------\n",
    ];
    let mut random = Random(4711);
    for round in 0..300 {
        let mut bytes = Vec::new();
        for _ in 0..random.below(1200) {
            bytes.extend_from_slice(pieces[usize::try_from(random.below(12)).unwrap()]);
        }
        let cap = [None, Some(random.below(20_000))][round % 2];
        let host = Memory::new();
        host.put(PATH, &bytes, "2026-03-02T00:00:00Z");
        let (text, taken) = take_close(&host, PATH, &seconds(START + 900, START + 2400), &TimeZone::UTC, cap);
        assert_eq!(taken.bytes, text.len() as u64);
        assert!(cap.is_none_or(|cap| taken.bytes <= cap));
        if !matches!(taken.ending.reason.as_str(), "empty" | "not text") {
            assert_eq!(
                taken.bytes_before + taken.bytes + taken.bytes_after,
                bytes.len() as u64,
                "round {round}"
            );
        }
    }
}
