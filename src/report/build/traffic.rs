//! Requests, jobs, calls and errors.

use super::{
    super::{Section, Unit, Value},
    charts::{Curve, chart, errors as error_rate, failed, median, p95, p99, requests as request_rate},
    section, table, time,
};
use crate::index::{
    Facts, Histogram,
    logs::{Tallies, Traffic},
};

/// Rows of tables.
const ROWS: usize = 50;
/// What counts as requests of users.
const SERVERS: &[&str] = &["rails", "api", "workhorse", "nginx", "pages", "registry"];

fn percentile(took: &Histogram, share: f64) -> Value {
    Value::of(took.percentile(share), Value::Seconds)
}

fn moment(micros: Option<i64>) -> Value {
    Value::of(micros.and_then(time), Value::Time)
}

fn curves<'a>(
    facts: &'a Facts,
    names: &[&'static str],
    of: fn(&crate::index::Step, f64) -> Option<f64>,
) -> Vec<Curve<'a>> {
    let known = names.iter().filter_map(|name| Some((*name, facts.logs.traffic.get(name)?)));
    known.map(|(name, traffic)| (name.to_owned(), &traffic.minutes, of)).collect()
}

fn latency<'a>(facts: &'a Facts, component: &'static str) -> Vec<Curve<'a>> {
    let Some(traffic) = facts.logs.traffic.get(component) else { return Vec::new() };
    let curve = |name: &str, of: fn(&crate::index::Step, f64) -> Option<f64>| -> Curve<'a> {
        (name.to_owned(), &traffic.minutes, of)
    };
    vec![curve("50 %", median), curve("95 %", p95), curve("99 %", p99)]
}

/// All components with their rates and latencies, and the routes.
pub(super) fn requests(facts: &Facts) -> Option<Section> {
    section("requests", "Requests and logs", |section| {
        section.charts.extend(
            [
                chart(
                    facts,
                    "requests",
                    "Requests a minute",
                    Unit::PerMinute,
                    false,
                    curves(facts, SERVERS, request_rate),
                ),
                chart(
                    facts,
                    "requests-failed",
                    "Requests a minute that ended with 5xx",
                    Unit::PerMinute,
                    false,
                    curves(facts, SERVERS, failed),
                ),
                chart(
                    facts,
                    "rails-latency",
                    "How long Rails took",
                    Unit::Seconds,
                    false,
                    latency(facts, "rails"),
                ),
                chart(
                    facts,
                    "api-latency",
                    "How long the API took",
                    Unit::Seconds,
                    false,
                    latency(facts, "api"),
                ),
            ]
            .into_iter()
            .flatten(),
        );
        let columns = [
            ("component", Unit::Text),
            ("lines", Unit::Count),
            ("requests", Unit::Count),
            ("failed", Unit::Count),
            ("failed %", Unit::Percent),
            ("errors", Unit::Count),
            ("50 %", Unit::Seconds),
            ("95 %", Unit::Seconds),
            ("99 %", Unit::Seconds),
            ("longest", Unit::Seconds),
            ("first line", Unit::Time),
            ("last line", Unit::Time),
        ];
        let mut all: Vec<(&&str, &Traffic)> = facts.logs.traffic.iter().collect();
        all.sort_by_key(|(name, traffic)| {
            (std::cmp::Reverse(traffic.requests), std::cmp::Reverse(traffic.lines), **name)
        });
        let rows = all.into_iter().map(|(name, traffic)| {
            let counted = traffic.requests > 0;
            vec![
                Value::text(*name),
                Value::Count(traffic.lines),
                if counted { Value::Count(traffic.requests) } else { Value::None },
                if counted { Value::Count(traffic.failed.count) } else { Value::None },
                Value::of(traffic.failed_percent(), Value::Percent),
                Value::Count(traffic.errors),
                percentile(&traffic.took, 0.5),
                percentile(&traffic.took, 0.95),
                percentile(&traffic.took, 0.99),
                Value::of(traffic.took.max(), Value::Seconds),
                moment(traffic.times.map(|(first, _)| first)),
                moment(traffic.times.map(|(_, last)| last)),
            ]
        });
        section.tables.push(table("components", "Components", &columns, rows, ROWS));
        section.tables.push(by_name(
            "routes",
            "Routes of Rails and the API, most time first",
            "route",
            &facts.logs.routes,
        ));
    })
}

fn by_name(
    id: &'static str,
    title: &'static str,
    what: &'static str,
    tallies: &Tallies,
) -> super::super::Table {
    let columns = [
        (what, Unit::Text),
        ("count", Unit::Count),
        ("failed", Unit::Count),
        ("50 %", Unit::Seconds),
        ("95 %", Unit::Seconds),
        ("longest", Unit::Seconds),
        ("all together", Unit::Seconds),
    ];
    let rows = tallies.sorted().into_iter().map(|(name, tally)| {
        vec![
            Value::text(name),
            Value::Count(tally.count),
            Value::Count(tally.failed),
            percentile(&tally.took, 0.5),
            percentile(&tally.took, 0.95),
            Value::of(tally.took.max(), Value::Seconds),
            Value::Seconds(tally.took.total()),
        ]
    });
    table(id, title, &columns, rows, ROWS)
}

/// Jobs, how long they wait and take, by worker.
pub(super) fn sidekiq(facts: &Facts) -> Option<Section> {
    section("sidekiq", "Sidekiq", |section| {
        section.tables.extend(super::database::queues(facts));
        let Some(traffic) = facts.logs.traffic.get("sidekiq") else { return };
        let jobs: Vec<Curve<'_>> = vec![
            ("jobs".to_owned(), &traffic.minutes, request_rate),
            ("failed".to_owned(), &traffic.minutes, failed),
        ];
        section.charts.extend(chart(facts, "sidekiq-jobs", "Jobs a minute", Unit::PerMinute, false, jobs));
        section.charts.extend(chart(
            facts,
            "sidekiq-latency",
            "How long jobs took",
            Unit::Seconds,
            false,
            latency(facts, "sidekiq"),
        ));
        for (name, share) in [("waited before it began, 50 %", 0.5), ("waited before it began, 95 %", 0.95)] {
            section.facts.push(super::fact(name, percentile(&traffic.waited, share)));
        }
        let columns = [
            ("worker", Unit::Text),
            ("jobs", Unit::Count),
            ("failed", Unit::Count),
            ("50 %", Unit::Seconds),
            ("95 %", Unit::Seconds),
            ("waited 95 %", Unit::Seconds),
            ("all together", Unit::Seconds),
        ];
        let rows = facts.logs.workers.sorted().into_iter().map(|(name, tally)| {
            vec![
                Value::text(name),
                Value::Count(tally.count),
                Value::Count(tally.failed),
                percentile(&tally.took, 0.5),
                percentile(&tally.took, 0.95),
                percentile(&tally.waited, 0.95),
                Value::Seconds(tally.took.total()),
            ]
        });
        section.tables.push(table("workers", "Workers, most time first", &columns, rows, ROWS));
    })
}

/// Calls, by method and by how they ended.
pub(super) fn gitaly(facts: &Facts) -> Option<Section> {
    section("gitaly", "Gitaly", |section| {
        section.charts.extend(
            [
                chart(
                    facts,
                    "gitaly-calls",
                    "Calls a minute",
                    Unit::PerMinute,
                    false,
                    curves(facts, &["gitaly", "praefect"], request_rate),
                ),
                chart(
                    facts,
                    "gitaly-failed",
                    "Calls a minute that failed",
                    Unit::PerMinute,
                    false,
                    curves(facts, &["gitaly", "praefect"], failed),
                ),
                chart(
                    facts,
                    "gitaly-latency",
                    "How long Gitaly's calls took",
                    Unit::Seconds,
                    false,
                    latency(facts, "gitaly"),
                ),
            ]
            .into_iter()
            .flatten(),
        );
        section.tables.push(by_name("methods", "Methods, most time first", "method", &facts.logs.methods));
        let columns = [
            ("code", Unit::Text),
            ("calls", Unit::Count),
            ("first", Unit::Time),
            ("last", Unit::Time),
            ("example", Unit::Text),
        ];
        let mut codes: Vec<_> = facts.logs.codes.iter().collect();
        codes.sort_by_key(|(code, signal)| (std::cmp::Reverse(signal.count), code.as_str()));
        let rows = codes.into_iter().map(|(code, signal)| {
            vec![
                Value::text(code),
                Value::Count(signal.count),
                moment(signal.times.map(|(first, _)| first)),
                moment(signal.times.map(|(_, last)| last)),
                Value::of(signal.examples.first(), |place| Value::text(&place.text)),
            ]
        });
        section.tables.push(table("codes", "Calls that did not end with OK", &columns, rows, ROWS));
    })
}

/// Errors by kind.
pub(super) fn errors(facts: &Facts) -> Option<Section> {
    section("errors", "Errors", |section| {
        let troubled = facts.logs.traffic.iter().filter(|(_, traffic)| traffic.errors > 0);
        let mut troubled: Vec<_> = troubled.collect();
        troubled.sort_by_key(|(name, traffic)| (std::cmp::Reverse(traffic.errors), **name));
        let curves = troubled.into_iter().take(6);
        let curves =
            curves.map(|(name, traffic)| ((*name).to_owned(), &traffic.minutes, error_rate as _)).collect();
        section.charts.extend(chart(
            facts,
            "errors",
            "Lines with an error a minute",
            Unit::PerMinute,
            false,
            curves,
        ));
        let columns = [
            ("component", Unit::Text),
            ("error", Unit::Text),
            ("count", Unit::Count),
            ("most a minute", Unit::Count),
            ("first", Unit::Time),
            ("last", Unit::Time),
            ("line", Unit::Text),
            ("example", Unit::Text),
        ];
        let rows = facts.logs.errors.sorted().into_iter().map(|(component, shape, group)| {
            let example = group.examples.first();
            vec![
                Value::text(component),
                Value::text(shape),
                Value::Count(group.count),
                Value::Count(group.peak),
                moment(group.times.map(|(first, _)| first)),
                moment(group.times.map(|(_, last)| last)),
                Value::of(example, |place| Value::text(format!("{}:{}", place.entry, place.line))),
                Value::of(example, |place| Value::text(&place.text)),
            ]
        });
        let mut errors = table("errors", "Errors by kind (# is a number or an id)", &columns, rows, ROWS);
        errors.key = 2;
        errors.left_out += facts.logs.errors.others;
        section.tables.push(errors);
    })
}
