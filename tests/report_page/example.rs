//! Reports as a site with trouble gives them, and one whose every word is hostile.

use glsos::{
    analyze::{Evidence, Finding, Severity},
    report::{Chart, Column, Event, FORMAT, Fact, Node, Report, Section, Series, Table, Told, Unit, Value},
};
use jiff::{Timestamp, ToSpan as _};

/// Minutes of the window.
const MINUTES: usize = 24 * 60;

pub(super) fn time(minute: i64) -> Timestamp {
    "2026-03-01T08:00:00Z".parse::<Timestamp>().unwrap() + minute.minutes()
}

/// A curve over the day: quiet at night, a burst at noon, a gap.
fn curve(low: f64, high: f64, seed: u64) -> Vec<Option<f64>> {
    let mut state = seed;
    (0..MINUTES)
        .map(|minute| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let noise = (state >> 40) as f64 / (1 << 24) as f64;
            let day = 0.5 + 0.5 * (minute as f64 / MINUTES as f64 * std::f64::consts::TAU).cos();
            let burst = if (480..520).contains(&minute) { 0.9 } else { 0.0 };
            let part = (0.15 + 0.5 * day + 0.2 * noise + burst).min(1.0);
            (!(900..930).contains(&minute)).then_some(low + (high - low) * part)
        })
        .collect()
}

fn chart(
    id: &'static str,
    title: &'static str,
    unit: Unit,
    stacked: bool,
    series: &[(&str, f64, f64)],
) -> Chart {
    let series = series.iter().zip(7..).map(|((name, low, high), seed)| Series {
        name: (*name).to_owned(),
        values: curve(*low, *high, seed * 7919),
    });
    Chart { id, title, unit, stacked, from: time(0), step: 60, series: series.collect() }
}

fn finding(severity: Severity, title: &str, advice: &'static str, evidence: &[(&str, u64, &str)]) -> Finding {
    let line = |(entry, line, text): &(&str, u64, &str)| Evidence {
        entry: (*entry).to_owned(),
        line: Some(*line),
        text: (*text).to_owned(),
    };
    Finding {
        subject: title.to_owned(),
        analyzer: "example",
        severity,
        title: title.to_owned(),
        evidence: evidence.iter().map(line).collect(),
        advice,
        link: "https://docs.gitlab.com/administration/troubleshooting/",
    }
}

fn fact(name: &'static str, value: Value) -> Fact {
    Fact { name, value }
}

fn column(name: &'static str, unit: Unit) -> Column {
    Column { name, unit }
}

fn sections() -> Vec<Section> {
    let route = |name: &str, count, rate, p50, p99, errors| {
        vec![
            Value::text(name),
            Value::Count(count),
            Value::Number(rate),
            Value::Seconds(p50),
            Value::Seconds(p99),
            Value::Percent(errors),
        ]
    };
    let mut routes = vec![
        route("Projects::MergeRequestsController#show", 18_412, 12.8, 0.412, 4.2, 0.3),
        route("GET /api/:version/projects/:id/repository/files/:file_path/raw", 15_020, 10.4, 0.08, 1.9, 2.1),
        route("Projects::PipelinesController#index", 9_411, 6.5, 0.31, 2.7, 0.0),
        route("POST /api/:version/jobs/request", 8_204, 5.7, 0.021, 0.2, 0.0),
    ];
    routes.extend(
        (0..20).map(|n| route(&format!("Groups::Controller{n}#index"), 900 - 20 * n, 0.6, 0.1, 0.9, 0.0)),
    );
    vec![
        Section {
            id: "requests",
            title: "Requests",
            note: Some("Of Rails, from production_json.log and api_json.log. Latencies are the request's own, without waiting in Workhorse.".to_owned()),
            facts: vec![
                fact("requests", Value::Count(81_204)),
                fact("5xx", Value::Percent(1.42)),
                fact("median", Value::Seconds(0.182)),
                fact("99th percentile", Value::Seconds(3.91)),
            ],
            charts: vec![
                chart("rate", "Requests", Unit::PerMinute, true, &[("web", 10.0, 90.0), ("api", 20.0, 140.0), ("git", 2.0, 30.0)]),
                chart("latency", "Latency", Unit::Seconds, false, &[("median", 0.1, 0.4), ("99th percentile", 0.5, 4.1)]),
            ],
            tables: vec![Table {
                id: "routes",
                title: "Where the time goes",
                columns: vec![
                    column("route", Unit::Text),
                    column("requests", Unit::Count),
                    column("a minute", Unit::Number),
                    column("median", Unit::Seconds),
                    column("99 %", Unit::Seconds),
                    column("5xx", Unit::Percent),
                ],
                key: 1,
                rows: routes,
                left_out: 112,
            }],
        },
        Section {
            id: "host",
            title: "Processors, memory, disks",
            note: None,
            facts: vec![],
            charts: vec![
                chart("cpu", "Processor time", Unit::Percent, true, &[("user", 10.0, 55.0), ("system", 4.0, 20.0), ("iowait", 0.0, 18.0)]),
                chart("memory", "Memory in use", Unit::Bytes, false, &[("used", 9e9, 15.4e9)]),
                chart("psi", "Pressure (some, avg10)", Unit::Percent, false, &[("cpu", 1.0, 22.0), ("io", 0.0, 38.0), ("memory", 0.0, 3.0)]),
            ],
            tables: vec![Table {
                id: "disks",
                title: "File systems",
                columns: vec![column("mounted on", Unit::Text), column("size", Unit::Bytes), column("used", Unit::Percent), column("inodes", Unit::Percent)],
                key: 1,
                rows: vec![
                    vec![Value::text("/"), Value::Bytes(53_687_091_200), Value::Percent(41.0), Value::Percent(8.0)],
                    vec![Value::text("/var/opt/gitlab"), Value::Bytes(1_099_511_627_776), Value::Percent(97.4), Value::Percent(61.0)],
                    vec![Value::text("/boot"), Value::Bytes(1_073_741_824), Value::Percent(28.0), Value::None],
                ],
                left_out: 0,
            }],
        },
    ]
}

fn node(name: &str) -> Node {
    let event = |minute, kind, component: &str, text: &str, line| Event {
        time: time(minute),
        kind,
        component: component.to_owned(),
        text: text.to_owned(),
        entry: format!("var/log/gitlab/{component}/current"),
        line,
    };
    let mut events = vec![
        event(102, "restart", "puma", "worker 3 was replaced: out of memory (1.2 GB of 1.2 GB)", 1_204),
        event(480, "oom", "sidekiq", "the kernel killed pid 31882 (bundle), 3.1 GB", 88),
        event(481, "restart", "sidekiq", "down 3 s, then up", 90_113),
    ];
    events.extend((0..30).map(|n| {
        event(484 + n, "errors", "gitlab-rails", "31 errors a minute, 2 are usual", 4_000 + n.unsigned_abs())
    }));
    Node {
        name: name.to_owned(),
        bundle: format!("glsos.ZD-48213.{name}.20260302080000.tar.gz"),
        made_by: "glsos 0.1.0".to_owned(),
        taken: Some(time(1440)),
        window: Some((time(0), time(1440))),
        identity: vec![
            fact("GitLab", Value::text("17.9.2-ee, Omnibus")),
            fact("system", Value::text("Ubuntu 22.04.4 LTS, Linux 5.15.0-122")),
            fact("roles", Value::text("all in one")),
            fact("processors", Value::Count(8)),
            fact("memory", Value::Bytes(16_777_216_000)),
            fact("up for", Value::Seconds(8_640_000.0)),
            fact("virtual", Value::text("kvm")),
            fact("services", Value::text("17, all up")),
        ],
        events,
        events_left_out: 1_204,
        sections: sections(),
    }
}

fn findings() -> Vec<Told> {
    let found = [
        finding(
            Severity::Critical,
            "/var/opt/gitlab is full to 97 %",
            "Below 10 % free PostgreSQL and Gitaly may stop to write. Free some space, or move repositories.",
            &[("df_hT", 7, "/dev/sdb1 xfs 1.0T 998G 27G 98% /var/opt/gitlab")],
        ),
        finding(
            Severity::Critical,
            "The kernel killed sidekiq for lack of memory, 3 times",
            "Give the node more memory, or lower Sidekiq's concurrency.",
            &[
                (
                    "dmesg",
                    8_812,
                    "[Sun Mar  1 16:00:12 2026] Out of memory: Killed process 31882 (bundle) total-vm:5213004kB",
                ),
                (
                    "dmesg",
                    8_840,
                    "[Sun Mar  1 18:12:40 2026] Out of memory: Killed process 40122 (bundle) total-vm:5100204kB",
                ),
                (
                    "dmesg",
                    8_901,
                    "[Sun Mar  1 21:44:02 2026] Out of memory: Killed process 41904 (bundle) total-vm:5344120kB",
                ),
            ],
        ),
        finding(
            Severity::Warning,
            "The certificate of git.example.com ends in 6 days",
            "Renew it, then run `gitlab-ctl hup nginx`.",
            &[(
                "certificates/certificates",
                3,
                "/etc/gitlab/ssl/git.example.com.crt  notAfter 2026-03-08T11:20:00Z",
            )],
        ),
        finding(
            Severity::Warning,
            "5 tables of PostgreSQL were never analyzed",
            "Without statistics the planner guesses: run ANALYZE on them.",
            &[("postgresql/never-analyzed", 1, "public.ci_builds_metadata  41223312 rows")],
        ),
        finding(
            Severity::Notice,
            "2 entries were not collected",
            "What is not there was not looked at.",
            &[("glsos/manifest.json", 1, "postgresql/locks: timed-out: it did not end within 10 s")],
        ),
    ];
    found.into_iter().map(|finding| Told { node: Some(0), finding }).collect()
}

pub(super) fn one() -> Report {
    Report { format: FORMAT, glsos: "0.1.0", nodes: vec![node("git.example.com")], findings: findings() }
}

pub(super) fn three() -> Report {
    let mut nodes =
        vec![node("rails-1.example.com"), node("rails-2.example.com"), node("gitaly-1.example.com")];
    nodes[1].identity[0].value = Value::text("17.9.1-ee, Omnibus");
    nodes[2].sections.remove(0);
    let mut findings = findings();
    findings.iter_mut().zip([0, 2, 1, 1, 2]).for_each(|(told, node)| told.node = Some(node));
    Report { format: FORMAT, glsos: "0.1.0", nodes, findings }
}

pub(super) fn healthy() -> Report {
    Report { findings: Vec::new(), ..one() }
}

/// Every word that comes from a host is `text`, every number the worst of its kind.
pub(super) fn hostile(text: &str) -> Report {
    let mut node = node(text);
    node.bundle = text.to_owned();
    node.made_by = text.to_owned();
    node.identity.iter_mut().for_each(|fact| fact.value = Value::text(text));
    for event in &mut node.events {
        (event.component, event.text, event.entry) = (text.to_owned(), text.to_owned(), text.to_owned());
    }
    node.events[0].time = Timestamp::MIN;
    for section in &mut node.sections {
        section.note = Some(text.to_owned());
        for chart in &mut section.charts {
            for series in &mut chart.series {
                series.name = text.to_owned();
                series.values[3] = Some(f64::NAN);
                series.values[5] = Some(f64::INFINITY);
                series.values[7] = Some(-1e300);
            }
            chart.step = u32::MAX;
            chart.from = Timestamp::MAX;
        }
        for row in section.tables.iter_mut().flat_map(|table| &mut table.rows) {
            row[0] = Value::text(text);
            row.push(Value::text(text));
        }
    }
    let mut report = Report { nodes: vec![node], ..one() };
    for told in &mut report.findings {
        told.finding.title = text.to_owned();
        told.finding.link = "javascript:alert(1)";
        for line in &mut told.finding.evidence {
            (line.entry, line.text) = (text.to_owned(), text.to_owned());
        }
    }
    report.findings[0].node = Some(99);
    report
}
