//! Counts by time → curves of at most some two hundred steps, all of a node over the same hours.

use jiff::Timestamp;

use super::super::{Chart, Series, Unit};
use crate::index::{Facts, MINUTE, Minutes, Step};

/// Steps of a chart.
const STEPS: i64 = 240;
/// Logs whose hours a chart covers: others may hold lines of years.
const STEADY: &[&str] = &["rails", "api", "workhorse", "nginx", "sidekiq", "gitaly", "praefect"];

/// A curve: its name, its counts, and the value of a step that is so many minutes long.
pub(super) type Curve<'a> = (String, &'a Minutes, fn(&Step, f64) -> Option<f64>);

/// How many requests a minute.
pub(super) fn requests(step: &Step, minutes: f64) -> Option<f64> {
    Some(step.requests as f64 / minutes)
}

/// How many failed requests a minute.
pub(super) fn failed(step: &Step, minutes: f64) -> Option<f64> {
    Some(step.failed as f64 / minutes)
}

/// How many lines with an error a minute.
pub(super) fn errors(step: &Step, minutes: f64) -> Option<f64> {
    Some(step.errors as f64 / minutes)
}

/// What half of the requests did not exceed.
pub(super) fn median(step: &Step, _: f64) -> Option<f64> {
    step.took.percentile(0.5)
}

/// What 95 % of the requests did not exceed.
pub(super) fn p95(step: &Step, _: f64) -> Option<f64> {
    step.took.percentile(0.95)
}

/// What 99 % of the requests did not exceed.
pub(super) fn p99(step: &Step, _: f64) -> Option<f64> {
    step.took.percentile(0.99)
}

/// A chart of these curves; those that are zero throughout are left out. None is no chart.
pub(super) fn chart(
    facts: &Facts,
    id: &'static str,
    title: &'static str,
    unit: Unit,
    stacked: bool,
    curves: Vec<Curve<'_>>,
) -> Option<Chart> {
    let (from, to) = hours(facts)?;
    let mut width = 1;
    while (to - from) / width >= STEPS || curves.iter().any(|(_, minutes, _)| minutes.width() > width) {
        width *= 2;
    }
    let from = from.div_euclid(width) * width;
    let steps = usize::try_from((to - from) / width + 1).ok()?;
    let series: Vec<Series> = curves
        .into_iter()
        .map(|(name, minutes, value)| Series { name, values: values(minutes, value, from, width, steps) })
        .filter(|series| series.values.iter().flatten().any(|value| *value > 0.0))
        .collect();
    (!series.is_empty()).then_some(Chart {
        id,
        title,
        unit,
        stacked,
        from: Timestamp::from_second(from * 60).ok()?,
        step: u32::try_from(width * 60).ok()?,
        series,
    })
}

fn values(
    minutes: &Minutes,
    value: fn(&Step, f64) -> Option<f64>,
    from: i64,
    width: i64,
    steps: usize,
) -> Vec<Option<f64>> {
    let nothing = value(&Step::default(), width as f64);
    let mut values = vec![nothing; steps];
    for (minute, step) in minutes.coarser(width).steps() {
        let at = usize::try_from((minute - from).div_euclid(width)).ok();
        if let Some(slot) = at.and_then(|at| values.get_mut(at)) {
            *slot = value(step, width as f64);
        }
    }
    values
}

/// The first and the last minute of the logs that tell something all the time, within the run's window.
fn hours(facts: &Facts) -> Option<(i64, i64)> {
    let steady = facts.logs.traffic.iter().filter(|(name, _)| STEADY.contains(name));
    let times = steady.filter_map(|(_, traffic)| traffic.times);
    let all = times.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1))).or_else(|| facts.logs.times())?;
    let run = facts.manifest.as_ref().map(|manifest| &manifest.run);
    let since = run.and_then(|run| run.since).map_or(i64::MIN, Timestamp::as_microsecond);
    let until = run.and_then(|run| run.until).map_or(i64::MAX, Timestamp::as_microsecond);
    let (from, to) = (all.0.max(since), all.1.min(until));
    (from <= to).then_some((from.div_euclid(MINUTE), to.div_euclid(MINUTE)))
}
