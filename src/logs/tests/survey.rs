//! What a look at a log tells before it is taken, against what the reader then takes.

use super::*;

const PATH: &str = "/l/x.log";

/// A line each second from 2026-03-01T00:00:00Z on.
fn seconds_of(hours: u32) -> String {
    let line = |second: u32| {
        let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
        format!(
            "2026-03-01T{hour:02}:{minute:02}:{second:02}Z a request that took {} ms\n",
            second * 7919 % 1009
        )
    };
    (0..hours * 3600).map(line).collect()
}

fn look(bytes: &[u8], mtime: &str, window: &Window) -> (Survey, u64) {
    let host = Memory::new();
    host.put(PATH, bytes, mtime);
    let file = only(&host, PATH);
    let survey = Survey::of(&host, &file, window, &TimeZone::UTC);
    let read = drain(Reader::open(&host, &file, window, &TimeZone::UTC, None).unwrap()).1.bytes;
    (survey, read)
}

fn near(told: u64, is: u64, by: u64) -> bool {
    told.abs_diff(is) <= by
}

#[test]
fn of_a_small_log_it_counts_and_of_a_large_one_it_knows_about() {
    let window = window("2026-03-01T06:00:00Z", "2026-03-01T08:30:00Z");
    let small = seconds_of(2);
    let hour = self::window("2026-03-01T00:30:00Z", "2026-03-01T01:00:00Z");
    let (survey, read) = look(small.as_bytes(), "2026-03-01T02:00:00Z", &hour);
    assert_eq!(survey.inside, read);
    let large = seconds_of(24);
    assert!(large.len() > 4_000_000);
    let (survey, read) = look(large.as_bytes(), "2026-03-02T00:00:00Z", &window);
    assert!(near(survey.inside, read, 200_000) && read > 400_000, "{} of {read}", survey.inside);
    let sample = survey.samples.concat();
    let inside = memchr::memmem::find(&sample, b"2026-03-01T07:").is_some();
    assert!(inside && sample.len() <= 4 * (64 << 10), "samples are from the window");
}

#[test]
fn a_compressed_log_tells_its_length_and_its_hours() {
    let text = seconds_of(4);
    let packed = gzip(text.as_bytes());
    let window = window("2026-03-01T03:00:00Z", "2026-03-01T12:00:00Z");
    let (survey, read) = look(&packed, "2026-03-01T04:00:00Z", &window);
    assert!(near(survey.inside, read, read / 10), "{} of {read}", survey.inside);
    let ratio = packed.len() as f64 / text.len() as f64;
    assert!(survey.packed.is_some_and(|told| (told - ratio).abs() < 0.001), "{survey:?}");
}

#[test]
fn nothing_is_inside_what_is_too_old_or_can_not_be_read() {
    let window = window("2026-03-05T00:00:00Z", "2026-03-06T00:00:00Z");
    let (survey, _) = look(seconds_of(1).as_bytes(), "2026-03-01T04:00:00Z", &window);
    assert_eq!(survey, Survey::default());
    let (survey, _) = look(&[7; 4096], "2026-03-05T04:00:00Z", &window);
    assert_eq!(survey.inside, 0);
}
