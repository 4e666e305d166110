//! What logs tell.

use super::{Case, Files, case, lines, spaced};
use crate::analyze::Severity::{Critical, Notice, Warning};

const RAILS: &str = "var/log/gitlab/gitlab-rails/production_json.log";
const SIDEKIQ: &str = "var/log/gitlab/sidekiq/current";
const GITALY: &str = "var/log/gitlab/gitaly/current";
const PUMA: &str = "var/log/gitlab/puma/puma_stdout.log";
const EXCEPTIONS: &str = "var/log/gitlab/gitlab-rails/exceptions_json.log";

fn requests(good: usize, bad: usize, seconds: &str) -> Files {
    let line = |status: u16| {
        format!(r#"{{"status":{status},"time":"{{time}}Z","duration_s":{seconds},"meta.caller_id":"A#b"}}"#)
    };
    vec![(RAILS, spaced(good, 5, &line(200)) + &spaced(bad, 120, &line(502)))]
}

fn jobs(good: usize, bad: usize, waited: &str) -> Files {
    let line = |status: &str| {
        format!(
            r#"{{"severity":"INFO","time":"{{time}}Z","class":"PostReceive","job_status":"{status}","duration_s":1,"scheduling_latency_s":{waited}}}"#
        )
    };
    vec![(SIDEKIQ, lines(good, &line("done")) + &lines(bad, &line("fail")))]
}

fn calls(good: usize, bad: usize, code: &str) -> Files {
    let line = |code: &str| {
        format!(
            r#"{{"level":"info","time":"{{time}}Z","grpc.code":"{code}","grpc.method":"FindCommit","grpc.time_ms":3}}"#
        )
    };
    vec![(GITALY, lines(good, &line("OK")) + &lines(bad, &line(code)))]
}

fn killed(count: usize, worker: &str) -> Files {
    let line = format!(
        r#"{{"severity":"WARN","time":"{{time}}Z","worker_id":"{worker}","message":"rss memory limit exceeded"}}"#
    );
    vec![("var/log/gitlab/gitlab-rails/application_json.log", lines(count, &line))]
}

fn exceptions(count: usize, seconds: usize, class: &str) -> Files {
    let line = format!(
        r#"{{"severity":"ERROR","time":"{{time}}Z","exception.class":"{class}","exception.message":"at {{n}}"}}"#
    );
    vec![(EXCEPTIONS, spaced(count, seconds, &line))]
}

fn starts(seconds: usize) -> Files {
    let line = r#"{"timestamp":"{time}Z","pid":1300,"message":"Puma starting in cluster mode..."}"#;
    vec![(PUMA, spaced(3, seconds, line))]
}

fn refused(count: usize) -> Files {
    exceptions(count, 60, "OpenSSL::SSL::SSLError: certificate verify failed")
}

fn reconfigured(end: &str) -> Files {
    vec![(
        "var/log/gitlab/reconfigure/1772352000.log",
        format!("[2026-03-01T08:00:00+00:00] INFO: x\n{end}\n"),
    )]
}

fn queue(age: u32) -> Files {
    vec![("sidekiq/queues", format!("processed  12\nqueue  default  length  7  oldest_waits_s  {age}\n"))]
}

/// Two hours of a line every ten seconds, with a silence of so many minutes in the middle.
fn silence(minutes: usize) -> Files {
    let line = r#"{"status":200,"time":"{time}Z","duration_s":0.1}"#;
    let all = spaced(720, 10, line);
    let from = 360;
    let kept = all.lines().enumerate().filter(|(n, _)| !(from..from + minutes * 6).contains(n));
    vec![(RAILS, kept.map(|(_, line)| format!("{line}\n")).collect())]
}

fn damaged(count: usize) -> Files {
    let good = spaced(900, 5, r#"{"status":200,"time":"{time}Z"}"#);
    vec![(RAILS, good + &"{\"status\":\n".repeat(count))]
}

/// All that these analyzers look at, as it should be.
pub(super) fn well() -> Files {
    let mut files = requests(2000, 5, "0.2");
    files.extend(jobs(500, 5, "0.1"));
    files.extend(calls(1000, 5, "Unavailable"));
    files.extend(starts(7200));
    files.extend(exceptions(20, 60, "X::Y"));
    files.extend(queue(3));
    files.extend(reconfigured("gitlab Reconfigured!"));
    files
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        case("requests-failing", Warning, requests(1980, 20, "0.2"), requests(1981, 19, "0.2")),
        case("requests-failing", Critical, requests(180, 20, "0.2"), requests(9980, 20, "0.2")),
        case("requests-slow", Notice, requests(1000, 0, "5.5"), requests(999, 0, "5.5")),
        case("sidekiq-waiting", Warning, jobs(100, 0, "64"), jobs(99, 0, "64")),
        case("sidekiq-waiting", Critical, jobs(100, 0, "700"), jobs(100, 0, "50")),
        case("sidekiq-waiting", Warning, queue(300), queue(299)),
        case("sidekiq-failing", Warning, jobs(95, 5, "0"), jobs(96, 4, "0")),
        case("sidekiq-failing", Critical, jobs(75, 25, "0"), jobs(94, 5, "0")),
        case("sidekiq-killed", Warning, killed(3, "sidekiq_1"), killed(2, "sidekiq_1")),
        case("puma-workers-killed", Warning, killed(6, "puma_0"), killed(5, "puma_0")),
        case(
            "puma-timeouts",
            Warning,
            exceptions(5, 60, "Rack::Timeout::RequestTimeoutException"),
            exceptions(4, 60, "Rack::Timeout::RequestTimeoutException"),
        ),
        case("gitaly-failing", Warning, calls(1980, 20, "Internal"), calls(1981, 19, "Internal")),
        case("gitaly-failing", Critical, calls(180, 20, "Unavailable"), calls(100, 100, "NotFound")),
        case(
            "gitaly-limited",
            Warning,
            calls(10, 20, "ResourceExhausted"),
            calls(10, 19, "ResourceExhausted"),
        ),
        case("error-burst", Warning, exceptions(30, 2, "X::Y"), exceptions(300, 3, "X::Y")),
        case("error-burst", Notice, exceptions(1000, 60, "X::Y"), exceptions(999, 60, "X::Y")),
        case("service-restarting", Warning, starts(1799), starts(1800)),
        case("certificate-refused", Warning, refused(5), refused(4)),
        case(
            "reconfigure-failed",
            Critical,
            reconfigured("There was an error running gitlab-ctl reconfigure:"),
            reconfigured("gitlab Reconfigured!"),
        ),
        case("log-gap", Warning, silence(11), silence(9)),
        case("logs-unreadable", Notice, damaged(10), damaged(8)),
    ]
}
