//! Every format of a GitLab host's logs, and what it must not be mistaken for.

use jiff::tz::TimeZone;

use super::{at, berlin};
use crate::logs::times::{Times, micros};

fn read(line: &str, zone: &TimeZone) -> Option<(i64, i64)> {
    let mut times = Times::new(zone, at("2026-06-30T12:00:00Z"));
    times.of(line.as_bytes()).map(|moment| (moment.early, moment.late))
}

/// A line that means one moment, in Berlin.
#[track_caller]
fn is(line: &str, time: &str) {
    let time = micros(at(time));
    assert_eq!(read(line, &berlin()), Some((time, time)), "{line}");
}

#[track_caller]
fn none(line: &str) {
    assert_eq!(read(line, &berlin()), None, "{line}");
}

#[test]
fn json_lines() {
    is(r#"{"method":"GET","time":"2026-03-01T10:00:00.123Z","x":1}"#, "2026-03-01T10:00:00.123Z");
    is(r#"{"time":"2026-03-01T10:00:00.123456789+01:00"}"#, "2026-03-01T09:00:00.123456Z");
    is(r#"{"level":"info", "time": "2026-03-01T10:00:00Z"}"#, "2026-03-01T10:00:00Z");
    is(r#"{"timestamp":"2026-03-01 10:00:00.123 Z","msg":"mattermost"}"#, "2026-03-01T10:00:00.123Z");
    is(r#"{"timestamp":"2026-03-01 10:00:00.123 UTC","pid":1}"#, "2026-03-01T10:00:00.123Z");
    is(r#"{"@level":"info","@timestamp":"2026-03-01T10:00:00.5Z"}"#, "2026-03-01T10:00:00.5Z");
    is(r#"{"level":"info","ts":1772359200.25,"msg":"zap"}"#, "2026-03-01T10:00:00.25Z");
    is(r#"{"ts":"1772359200"}"#, "2026-03-01T10:00:00Z");
    is(r#"{"time":1772359200123}"#, "2026-03-01T10:00:00.123Z");
    none(r#"{"message":"no time"}"#);
    none(r#"{"time":"later"}"#);
}

#[test]
fn a_time_in_the_data_of_a_json_line_is_not_its_time() {
    is(
        r#"{"params":[{"key":"q","value":{"time":"1999-01-01T00:00:00Z"}}],"time":"2026-03-01T10:00:00Z"}"#,
        "2026-03-01T10:00:00Z",
    );
    is(
        r#"{"message":"{\"time\":\"1999-01-01T00:00:00Z\" ]]","a":["{"],"time":"2026-03-01T10:00:00Z"}"#,
        "2026-03-01T10:00:00Z",
    );
    none(r#"{"params":{"time":"1999-01-01T00:00:00Z"}}"#);
}

#[test]
fn svlogd_prefixes() {
    is("2026-03-01_10:00:00.12345 LOG:  checkpoint", "2026-03-01T10:00:00.12345Z");
    is(r#"2026-03-01_10:00:00.12345 {"time":"2026-03-01T09:59:59Z"}"#, "2026-03-01T10:00:00.12345Z");
    is("@4000000069a40e2a0754d4c0 text", "2026-03-01T10:00:00.123Z");
}

#[test]
fn rails_text() {
    is(r#"Started GET "/x" for 10.0.0.1 at 2026-03-01 19:34:53 +0200"#, "2026-03-01T17:34:53Z");
    is(
        "Started GET \"/ at 1999-01-01 00:00:00 +0000\" for ::1 at 2026-03-01 19:34:53 +0000\r\n",
        "2026-03-01T19:34:53Z",
    );
    is("I, [2026-03-01T10:00:00.123456 #123]  INFO -- : x", "2026-03-01T09:00:00.123456Z");
    is("# Logfile created on 2026-03-01 10:00:00 +0000 by logger.rb/v1.6.0", "2026-03-01T10:00:00Z");
    none("Processing by Projects::MergeRequestsController#show as HTML");
    none("  Parameters: {\"at\"=>\"2026-03-01 10:00:00 +0000\"}");
    none("Completed 200 OK in 31ms");
    let (early, late) = read("March 01, 2026 10:00 -> ERROR -> x", &berlin()).unwrap();
    assert_eq!(
        (early, late),
        (micros(at("2026-03-01T09:00:00Z")), micros(at("2026-03-01T09:00:59.999999Z")))
    );
}

#[test]
fn nginx() {
    is(r#"10.0.0.1 - - [26/Jun/2026:06:33:46 +0000] "GET / HTTP/1.1" 200 1"#, "2026-06-26T06:33:46Z");
    is(r#"2001:db8::1 - root [26/Jun/2026:06:33:46 +0200] "GET / HTTP/1.1" 200 1"#, "2026-06-26T04:33:46Z");
    is(r#"::1 - - [26/Jun/2026:06:33:46 +0000] "GET /" 200 1"#, "2026-06-26T06:33:46Z");
    is(r#"unix: - - [26/Jun/2026:06:33:46 +0000] "GET /" 200 1"#, "2026-06-26T06:33:46Z");
    is(
        r#"1.2.3.4 - [26/Jun/1999:06:33:46 +0000] [26/Jun/2026:06:33:46 +0000] "GET /" 200 1"#,
        "2026-06-26T06:33:46Z",
    );
    is("2026/06/26 06:33:46 [error] 123#0: *1 connect() failed", "2026-06-26T04:33:46Z");
}

#[test]
fn postgresql_and_its_friends() {
    is("2026-03-01 10:00:00.123 UTC [99] LOG:  x", "2026-03-01T10:00:00.123Z");
    is("2026-03-01 10:00:00.123 GMT,\"gitlab\",\"gitlabhq\",99", "2026-03-01T10:00:00.123Z");
    is("2026-03-01 10:00:00.123 CET [99] LOG:  x", "2026-03-01T09:00:00.123Z");
    is("2026-03-01 10:00:00,123 INFO: no action. I am the leader", "2026-03-01T09:00:00.123Z");
    is("2026-03-01T10:00:00.123Z [INFO]  agent: Synced", "2026-03-01T10:00:00.123Z");
}

#[test]
fn redis_and_klog() {
    is("123:M 01 Mar 2026 10:00:00.123 * Background saving", "2026-03-01T09:00:00.123Z");
    is("99999:X 11 Mar 2026 10:00:00.000 # +sdown", "2026-03-11T09:00:00Z");
    is("I0301 10:00:00.123456       1 main.go:12] x", "2026-03-01T09:00:00.123456Z");
    none("I like 10:00:00.1");
}

#[test]
fn syslog() {
    is("Mar  1 10:00:00 host sshd[1]: x", "2026-03-01T09:00:00Z");
    is("Mar 11 10:00:00 host sshd[1]: x", "2026-03-11T09:00:00Z");
    is("Mar 01 10:00:00 Installed: x", "2026-03-01T09:00:00Z");
    is("2026-03-01T10:00:00.123456+01:00 host sshd[1]: x", "2026-03-01T09:00:00.123456Z");
    // Not younger than the file (of June 2026): last year.
    is("Dec 31 23:59:59 host x", "2025-12-31T22:59:59Z");
    // The last one was in 2024.
    is("Feb 29 10:00:00 host x", "2024-02-29T09:00:00Z");
    none("Mar 32 10:00:00 host x");
    none("March is long");
}

#[test]
fn logfmt() {
    is(r#"time="2026-03-01T10:00:00Z" level=info msg="x""#, "2026-03-01T10:00:00Z");
    is("ts=2026-03-01T10:00:00.123Z caller=main.go:1 level=info", "2026-03-01T10:00:00.123Z");
    is("level=info ts=2026-03-01T10:00:00.123Z caller=x", "2026-03-01T10:00:00.123Z");
    is("level=info msg=\"ts=1999-01-01T00:00:00Z \\\" t=1\" ts=1772359200.5", "2026-03-01T10:00:00.5Z");
    is("t=2026-03-01T10:00:00+0000 lvl=info", "2026-03-01T10:00:00Z");
    none("level=info msg=x");
    none("a ts=2026-03-01T10:00:00Z");
}

#[test]
fn packages_chef_and_audit() {
    is("[2026-03-01T10:00:00+00:00] INFO: Processing", "2026-03-01T10:00:00Z");
    is("\u{1b}[0m[2026-03-01T10:00:00+00:00] INFO: Processing", "2026-03-01T10:00:00Z");
    is("2026-03-01 10:00:00 status installed gitlab-ee:amd64 18.9.1", "2026-03-01T09:00:00Z");
    is("Start-Date: 2026-03-01  10:00:00", "2026-03-01T09:00:00Z");
    is("update-alternatives 2026-03-01 10:00:00: run with", "2026-03-01T09:00:00Z");
    is("type=AVC msg=audit(1772359200.123:45): avc:  denied", "2026-03-01T10:00:00.123Z");
    is(r#"[123] {"timestamp":"2026-03-01T10:00:00.123Z","message":"puma"}"#, "2026-03-01T10:00:00.123Z");
    is("[123] 2026-03-01 10:00:00 +0100 puma", "2026-03-01T09:00:00Z");
}

#[test]
fn a_repeated_hour_means_both() {
    let (early, late) = read("2026/10/25 02:30:00 [error] x", &berlin()).unwrap();
    assert_eq!((early, late), (micros(at("2026-10-25T00:30:00Z")), micros(at("2026-10-25T01:30:00Z"))));
    is("2026-10-25 02:30:00.000 CEST [1] LOG:  x", "2026-10-25T00:30:00Z");
    is("2026-10-25 02:30:00.000 CET [1] LOG:  x", "2026-10-25T01:30:00Z");
    is("2026-10-25 03:00:00 x", "2026-10-25T02:00:00Z");
    is("2026-10-25 01:59:59 x", "2026-10-24T23:59:59Z");
}

#[test]
fn nothing_that_is_cut_or_wrong_is_a_time() {
    let lines = [
        r#"{"method":"GET","time":"2026-03-01T10:00:00.123Z"}"#,
        r#"10.0.0.1 - - [26/Jun/2026:06:33:46 +0000] "GET / HTTP/1.1" 200 1"#,
        r#"Started GET "/x" for 10.0.0.1 at 2026-03-01 19:34:53 +0200"#,
        "123:M 01 Mar 2026 10:00:00.123 * Background saving",
        "level=info ts=2026-03-01T10:00:00.123Z caller=x",
        "type=AVC msg=audit(1772359200.123:45): avc:  denied",
        "March 01, 2026 10:00 -> ERROR -> x",
        "\u{1b}[0m[2026-03-01T10:00:00+00:00] INFO: Processing",
    ];
    // No cut may panic, whatever it is read as.
    for line in lines {
        for end in 0..line.len() {
            let mut times = Times::new(&berlin(), at("2026-06-30T12:00:00Z"));
            times.of(&line.as_bytes()[..end]);
        }
    }
    for wrong in
        ["2026-13-01T10:00:00Z x", "2026-02-29T10:00:00Z", "2026-03-01T24:00:00Z", "2026-03-01", "", "\0\0"]
    {
        none(wrong);
    }
}
