//! A log of known line times, rotated in every way that is met on a GitLab host: exactly the lines of
//! the window come out, from whichever files they were rotated into.

use super::{
    bisect::{FORMATS, Log, Random, expected, log, seconds},
    *,
};

/// Names of the files of four days, the newest first; the last two may be compressed.
type Scheme = fn(day: usize, rotated: Timestamp) -> String;

/// Days before the last one's end.
const DAYS: usize = 4;
const DAY: i64 = 86_400;

const SCHEMES: [(&str, &str, Scheme); 6] = [
    ("numbers", "/l/x.log", |day, _| match day {
        0 => "/l/x.log".to_owned(),
        1 => "/l/x.log.1".to_owned(),
        n => format!("/l/x.log.{n}.gz"),
    }),
    ("dates", "/l/x.log", |day, rotated| match day {
        0 => "/l/x.log".to_owned(),
        1 => format!("/l/x.log-{}", rotated.strftime("%Y%m%d")),
        _ => format!("/l/x.log-{}.gz", rotated.strftime("%Y%m%d")),
    }),
    ("dates before the suffix", "/l/*.log", |day, rotated| match day {
        0 => "/l/x.log".to_owned(),
        _ => format!("/l/x-{}.log", rotated.strftime("%Y%m%d")),
    }),
    ("seconds", "/l/x.log", |day, rotated| match day {
        0 => "/l/x.log".to_owned(),
        _ => format!("/l/x.log-{}-{}.gz", rotated.strftime("%Y%m%d"), rotated.as_second()),
    }),
    ("svlogd", "/l/current", |day, rotated| match day {
        0 => "/l/current".to_owned(),
        // TAI64N: 2^62 and the ten seconds by which TAI was ahead in 1970, as svlogd writes it.
        _ => format!("/l/@{:016x}00000000.s", (1_i64 << 62) + 10 + rotated.as_second()),
    }),
    ("old", "/l/x.log", |day, _| match day {
        0 => "/l/x.log".to_owned(),
        1 => "/l/x.log.1".to_owned(),
        2 => "/l/x.log.2".to_owned(),
        _ => "/l/x.log.old".to_owned(),
    }),
];

/// Puts each day's lines into its file; of svlogd's the older are compressed although their names do not tell.
fn rotate(log: &Log, start: i64, scheme: Scheme) -> Memory {
    let host = Memory::new();
    let mut days = vec![String::new(); DAYS];
    let mut at = 0;
    for (time, length) in &log.lines {
        let day = usize::try_from((time - start).div_euclid(DAY)).unwrap().min(DAYS - 1);
        days[day].push_str(&log.text[at..at + length]);
        at += length;
    }
    for (number, text) in days.iter().rev().enumerate() {
        let end = start + i64::try_from(DAYS - number).unwrap() * DAY;
        let rotated = Timestamp::from_second(end).unwrap();
        let path = scheme(number, rotated);
        let packed = path.ends_with(".gz") || (path.ends_with(".s") && number > 1);
        let bytes = if packed { gzip(text.as_bytes()) } else { text.clone().into_bytes() };
        host.put(&path, bytes, &rotated.to_string());
    }
    host
}

/// All that is taken of a log, in the order of its lines.
fn taken(host: &Memory, pattern: &str, window: &Window, zone: &TimeZone) -> String {
    let files = find(host, pattern).files;
    assert_eq!(files.len(), DAYS, "{files:?}");
    let read = |file: &LogFile| drain(Reader::open(host, file, window, zone, None).unwrap()).0;
    String::from_utf8(files.iter().rev().flat_map(read).collect()).unwrap()
}

#[test]
fn every_scheme_gives_exactly_the_lines_of_the_window_in_every_format() {
    let zone = berlin();
    // Over the night in which Berlin's clocks go forward, and over a year's end.
    for (number, begin) in ["2026-03-27T23:00:00Z", "2026-12-29T23:00:00Z"].iter().enumerate() {
        let start = at(begin).as_second();
        for (index, (name, format)) in FORMATS.iter().enumerate() {
            let mut random = Random((number * FORMATS.len() + index) as u64 + 1);
            // A line takes half a minute on average.
            let count = usize::try_from(DAY).unwrap() * DAYS / 30;
            let log = log(&mut random, *format, &zone, start, count, 0);
            for (scheme, pattern, names) in SCHEMES {
                let host = rotate(&log, start, names);
                for _ in 0..3 {
                    let since = start + i64::try_from(random.below(4 * DAY as u64)).unwrap();
                    let until = since + i64::try_from(random.below(DAY as u64)).unwrap();
                    let fraction = matches!(*name, "svlogd" | "ruby");
                    let want =
                        expected(&log, |t| since <= t && if fraction { t < until } else { t <= until });
                    let got = taken(&host, pattern, &seconds(since, until), &zone);
                    assert!(got == want, "{name}, {scheme}: {since}..{until}");
                }
            }
        }
    }
}
