//! Lines as a GitLab host writes them.

use super::{
    super::{minutes::MINUTE, names::Format},
    *,
};
use jiff::tz::TimeZone;

fn read(format: Format, component: &'static str, text: &str) -> Logs {
    let newest = "2026-03-01T12:00:00Z".parse().unwrap();
    let mut reader = Reader::new(format, component, "a/b", &TimeZone::UTC, newest);
    for (number, line) in (1..).zip(text.lines()) {
        reader.line(number, line.as_bytes());
    }
    reader.finish(0)
}

#[test]
fn requests_are_counted_by_minute_and_route() {
    let logs = read(
        Format::Requests,
        "rails",
        r#"{"status":200,"time":"2026-03-01T09:00:00.009Z","duration_s":0.5,"meta.caller_id":"A#b"}
{"status":502,"time":"2026-03-01T09:00:01.009Z","duration_s":1.5,"meta.caller_id":"A#b","exception.class":"X::Y","exception.message":"no 12"}
{"status":304,"time":"2026-03-01T09:01:00.009Z","duration_s":0.25,"controller":"C","action":"d"}
not json
{"status":
"#,
    );
    let rails = &logs.traffic["rails"];
    assert_eq!((rails.lines, rails.bad, rails.requests, rails.failed.count, rails.errors), (5, 1, 3, 1, 1));
    assert_eq!(rails.failed.examples[0].line, 2);
    assert_eq!(rails.failed.examples[0].text, "2026-03-01T09:00:01.009Z 502 A#b X::Y no 12");
    let steps: Vec<_> = rails.minutes.steps().map(|(_, step)| (step.requests, step.failed)).collect();
    assert_eq!(steps, [(2, 1), (1, 0)]);
    let routes: Vec<_> = logs.routes.sorted().iter().map(|(name, t)| (*name, t.count, t.failed)).collect();
    assert_eq!(routes, [("A#b", 2, 1), ("C#d", 1, 0)]);
    assert_eq!(logs.errors.sorted()[0].1, "X::Y: no #");
}

#[test]
fn jobs_and_calls_are_counted_by_worker_method_and_code() {
    let logs = read(
        Format::Jobs,
        "sidekiq",
        r#"{"severity":"INFO","time":"2026-03-01T09:00:00.009Z","class":"W","job_status":"start"}
{"severity":"INFO","time":"2026-03-01T09:00:01.009Z","class":"W","job_status":"done","duration_s":2,"scheduling_latency_s":30.5}
{"severity":"WARN","time":"2026-03-01T09:00:02.009Z","class":"W","job_status":"fail","error_class":"E","error_message":"m"}
{"severity":"INFO","time":"2026-03-01T09:00:03.009Z","message":"Booting Sidekiq 7.3.9"}"#,
    );
    let (name, tally) = logs.workers.sorted()[0];
    assert_eq!((name, tally.count, tally.failed), ("W", 2, 1));
    assert!(logs.traffic["sidekiq"].waited.max() == Some(30.5));
    assert_eq!(logs.errors.sorted()[0].1, "E: m");
    assert_eq!((logs.events.kept()[0].kind, logs.events.kept()[0].component), ("restart", "sidekiq"));
    let logs = read(
        Format::Calls,
        "gitaly",
        r#"{"grpc.code":"OK","grpc.method":"FindCommit","grpc.time_ms":3.5,"time":"2026-03-01T09:00:00Z","level":"info"}
{"grpc.code":"NotFound","grpc.method":"FindCommit","grpc.time_ms":1,"time":"2026-03-01T09:00:00Z","level":"info"}
{"grpc.code":"Unavailable","grpc.method":"FindCommit","grpc.time_ms":1,"time":"2026-03-01T09:00:00Z","level":"error","msg":"finished","error":"x"}"#,
    );
    assert_eq!(logs.traffic["gitaly"].failed.count, 1);
    assert_eq!(logs.codes.keys().collect::<Vec<_>>(), ["Unavailable"]);
}

#[test]
fn text_with_and_without_svlogds_time() {
    let logs = read(
        Format::Any,
        "postgresql",
        "2026-03-01_09:00:40.78741 LOG:  checkpoint starting: time
2026-03-01_09:06:48.63325 FATAL:  remaining connection slots are reserved for roles
2026-03-01_09:07:48.63325 FATAL:  remaining connection slots are reserved for roles",
    );
    let postgresql = &logs.traffic["postgresql"];
    assert_eq!((postgresql.lines, postgresql.errors), (3, 2));
    assert_eq!(logs.signal("pg-slots").unwrap().count, 2);
    let gap = &postgresql.gaps[0];
    assert_eq!((gap.1 - gap.0) / MINUTE, 6);
    assert_eq!(gap.2.line, 2);
    let (_, shape, group) = logs.errors.sorted()[0];
    assert_eq!((shape, group.count), ("FATAL:  remaining connection slots are reserved for roles", 2));
    let kas = r#"2026-03-01_09:08:15.27599 {"time":"2026-03-01T09:08:15.275Z","level":"ERROR","msg":"no 1"}"#;
    assert_eq!(read(Format::Any, "kas", kas).traffic["kas"].errors, 1);
}

#[test]
fn workers_that_used_too_much_memory_are_told_by_whose_they_are() {
    let line = |worker: &str| {
        format!(
            r#"{{"severity":"WARN","time":"2026-03-01T09:45:16.173Z","worker_id":"{worker}","message":"rss memory limit exceeded"}}"#
        )
    };
    let logs = read(Format::Any, "application", &format!("{}\n{}", line("puma_0"), line("sidekiq_1")));
    let told: Vec<_> = logs.events.kept().iter().map(|event| (event.kind, event.component)).collect();
    assert_eq!(told, [("kill", "puma"), ("kill", "sidekiq")]);
    assert_eq!(logs.signal("puma-killed").unwrap().count, 1);
    assert_eq!(logs.signal("sidekiq-killed").unwrap().count, 1);
}

#[test]
fn access_logs_tell_a_status() {
    let line = |status: u16| {
        format!("10.0.0.1 - - [01/Mar/2026:09:33:46 +0000] \"GET / HTTP/1.1\" {status} 157 \"\" \"curl\" -")
    };
    let logs = read(Format::Access, "nginx", &[line(200), line(502)].join("\n"));
    let nginx = &logs.traffic["nginx"];
    assert_eq!((nginx.requests, nginx.failed.count), (2, 1));
    assert_eq!(nginx.times.unwrap().0 / MINUTE, 29_539_293);
}

#[test]
fn codes_of_grpc_without_number_or_end_take_no_memory() {
    let mut all = Logs::default();
    for file in 0..100 {
        let line = |n: usize| {
            let code = format!("{file}-{n}{}", "é".repeat(10_000));
            format!(r#"{{"grpc.code":"{code}","grpc.method":"M","time":"2026-03-01T09:00:00Z"}}"#)
        };
        all.merge(read(Format::Calls, "gitaly", &(0..50).map(line).collect::<Vec<_>>().join("\n")));
    }
    assert_eq!((all.codes.len(), all.traffic["gitaly"].requests), (CODES, 5000));
    assert!(all.codes.keys().all(|code| code.chars().count() <= 160));
}

#[test]
fn of_more_starts_than_have_room_the_newest_stay_and_the_rest_is_counted() {
    let line =
        |n: usize| format!("2026-03-01_09:{:02}:{:02}.{:05} Puma starting in x", n / 60 % 60, n % 60, n);
    let logs = read(Format::Any, "puma", &(0..3000).map(line).collect::<Vec<_>>().join("\n"));
    assert_eq!((logs.events.kept().len(), logs.events.left_out), (2000, 1000));
    assert_eq!(logs.events.kept().last().unwrap().place.line, 3000);
}
