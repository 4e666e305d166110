//! Curves as inline SVG that stretches with the page; labels stand around it as text, so that they keep their
//! size on a phone. What a curve is worth at a time is told by the browser's own tooltip.

use jiff::{Timestamp, ToSpan as _};

use super::{
    put,
    scale::{label, ticks, top},
};
use crate::{
    escape::html,
    report::{Chart, Series},
};

/// Points of a curve.
const POINTS: usize = 288;
/// Stretches that have a tooltip.
const BANDS: usize = 48;
/// Colours; more curves begin anew.
const COLOURS: usize = 8;

/// The highest point of a chart.
pub(super) fn peak(chart: &Chart) -> f64 {
    let finite = |value: &Option<f64>| value.filter(|value| value.is_finite());
    if !chart.stacked {
        return chart
            .series
            .iter()
            .flat_map(|series| series.values.iter().filter_map(finite))
            .fold(0.0, f64::max);
    }
    let length = chart.series.iter().map(|series| series.values.len()).max().unwrap_or(0);
    let sum = |at: usize| {
        let values = chart.series.iter().filter_map(|series| series.values.get(at).and_then(finite));
        values.map(|value| value.max(0.0)).sum::<f64>()
    };
    (0..length).map(sum).fold(0.0, f64::max)
}

/// A chart, as high as `peak` needs.
pub(super) fn figure(out: &mut String, chart: &Chart, name: Option<&str>, peak: f64) {
    put!(out, "<figure class=\"card\"><figcaption>{}", html(chart.title));
    if let Some(name) = name {
        put!(out, " <span>{}</span>", html(name));
    }
    put!(out, "</figcaption>\n");
    let length = chart.series.iter().map(|series| series.values.len()).max().unwrap_or(0);
    if length == 0 {
        put!(out, "<p class=\"note\">nothing known</p></figure>\n");
        return;
    }
    let top = top(peak, chart.unit);
    put!(out, "<div class=\"plot\">");
    for (part, value) in [(0, top), (50, top / 2.0), (100, 0.0)] {
        put!(out, "<span class=\"y\" style=\"top:{part}%\">{}</span>", html(&label(value, chart.unit)));
    }
    let drawn: Vec<Vec<Option<f64>>> =
        chart.series.iter().map(|series| thinned(&series.values, length, chart.stacked)).collect();
    let points = drawn.first().map_or(1, Vec::len);
    put!(
        out,
        "<svg viewBox=\"0 0 {points} 100\" preserveAspectRatio=\"none\" role=\"img\" aria-label=\"{}\">",
        html(chart.title)
    );
    let seconds = i64::from(chart.step).saturating_mul(i64::try_from(length).unwrap_or(i64::MAX));
    let ticks = ticks(chart.from, seconds);
    let mut lines = String::from("M0 0H9999M0 50H9999M0 100H9999").replace("9999", &points.to_string());
    ticks.iter().for_each(|(at, _)| put!(lines, "M{:.1} 0V100", at / 100.0 * points as f64));
    put!(out, "<path class=\"grid\" d=\"{lines}\"/>");
    if chart.stacked {
        stack(out, &drawn, top)
    } else {
        curves(out, &drawn, top)
    }
    bands(out, chart, length, points);
    put!(out, "</svg></div>\n<div class=\"axis\">");
    for (at, text) in &ticks {
        put!(out, "<span style=\"left:{at:.1}%\">{}</span>", html(text));
    }
    put!(out, "</div>\n");
    legend(out, chart);
    put!(out, "</figure>\n");
}

/// At most `POINTS` values: of those that stand for one point the highest, or in a stack their mean.
fn thinned(values: &[Option<f64>], length: usize, mean: bool) -> Vec<Option<f64>> {
    let points = length.min(POINTS);
    let of = |point: usize| {
        let range = point * length / points..(point + 1) * length / points;
        let there =
            range.filter_map(|at| values.get(at).copied().flatten()).filter(|value| value.is_finite());
        let (mut count, mut sum, mut most) = (0_u32, 0.0, f64::NEG_INFINITY);
        for value in there {
            (count, sum, most) = (count + 1, sum + value, most.max(value));
        }
        (count > 0).then(|| if mean { sum / f64::from(count) } else { most })
    };
    (0..points).map(of).collect()
}

/// Down from the top, in hundredths.
fn height(value: f64, top: f64) -> f64 {
    (100.0 - value / top * 100.0).clamp(0.0, 100.0)
}

fn curves(out: &mut String, drawn: &[Vec<Option<f64>>], top: f64) {
    for (number, values) in drawn.iter().enumerate() {
        let colour = number % COLOURS;
        let mut curve = String::new();
        for run in runs(values) {
            if drawn.len() == 1 {
                let mut area = format!("M{} 100", run.start);
                run.clone().for_each(|at| {
                    put!(area, "L{:.1} {:.1}", at as f64 + 0.5, height(values[at].unwrap_or(0.0), top))
                });
                put!(area, "L{} 100Z", run.end);
                put!(out, "<path class=\"area f{colour}\" d=\"{area}\"/>");
            }
            if run.len() == 1 {
                let y = height(values[run.start].unwrap_or(0.0), top);
                put!(curve, "M{} {y:.1}H{}", run.start, run.end);
                continue;
            }
            for at in run.clone() {
                let command = if at == run.start { 'M' } else { 'L' };
                put!(curve, "{command}{:.1} {:.1}", at as f64 + 0.5, height(values[at].unwrap_or(0.0), top));
            }
        }
        put!(out, "<path class=\"curve c{colour}\" d=\"{curve}\"/>");
    }
}

/// Stretches without a gap.
fn runs(values: &[Option<f64>]) -> Vec<std::ops::Range<usize>> {
    let mut runs: Vec<std::ops::Range<usize>> = Vec::new();
    for at in (0..values.len()).filter(|at| values[*at].is_some()) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

/// Each on those before it, with steps: no slope suggests what was between.
fn stack(out: &mut String, drawn: &[Vec<Option<f64>>], top: f64) {
    let points = drawn.first().map_or(0, Vec::len);
    let mut below = vec![0.0; points];
    for (number, values) in drawn.iter().enumerate() {
        let above: Vec<f64> =
            below.iter().zip(values).map(|(below, value)| below + value.unwrap_or(0.0).max(0.0)).collect();
        let mut path = format!("M0 {:.1}", height(below.first().copied().unwrap_or(0.0), top));
        for (at, value) in above.iter().enumerate() {
            put!(path, "V{:.1}H{}", height(*value, top), at + 1);
        }
        for (at, value) in below.iter().enumerate().rev() {
            put!(path, "V{:.1}H{at}", height(*value, top));
        }
        put!(out, "<path class=\"stack f{}\" d=\"{path}Z\"/>", number % COLOURS);
        below = above;
    }
}

fn bands(out: &mut String, chart: &Chart, length: usize, points: usize) {
    let count = length.min(BANDS);
    for band in 0..count {
        let (from, to) = (band * length / count, (band + 1) * length / count);
        let scale = points as f64 / length as f64;
        let most = |series: &Series| {
            let range = series.values.get(from..to.min(series.values.len())).unwrap_or_default();
            range.iter().flatten().copied().filter(|value| value.is_finite()).reduce(f64::max)
        };
        let told: Vec<String> = chart
            .series
            .iter()
            .filter_map(|series| Some(format!("{} {}", series.name, label(most(series)?, chart.unit))))
            .collect();
        if told.is_empty() {
            continue;
        }
        let (x, width) = (from as f64 * scale, (to - from) as f64 * scale);
        put!(out, "<rect class=\"hit\" x=\"{x:.1}\" y=\"0\" width=\"{width:.1}\" height=\"100\"><title>");
        put!(out, "{}", html(&clock(chart, from)));
        told.iter().for_each(|line| put!(out, "&#10;{}", html(line)));
        put!(out, "</title></rect>");
    }
}

/// The time of a step.
fn clock(chart: &Chart, step: usize) -> String {
    let seconds = i64::from(chart.step).saturating_mul(i64::try_from(step).unwrap_or(i64::MAX));
    let time: Option<Timestamp> = chart.from.checked_add(seconds.clamp(0, 1 << 33).seconds()).ok();
    time.map_or_else(String::new, |time| time.strftime("%b %d %H:%M:%S").to_string())
}

fn legend(out: &mut String, chart: &Chart) {
    put!(out, "<ul class=\"legend\">");
    for (number, series) in chart.series.iter().enumerate() {
        let values = series.values.iter().flatten().copied().filter(|value| value.is_finite());
        put!(out, "<li><i class=\"b{}\"></i>{}", number % COLOURS, html(&series.name));
        if let Some(most) = values.reduce(f64::max) {
            put!(out, " <span>up to {}</span>", html(&label(most, chart.unit)));
        }
        put!(out, "</li>");
    }
    put!(out, "</ul>\n");
}
