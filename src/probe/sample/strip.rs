//! Rows of figures in columns of fixed width, which can be sent one by one, and their summary.

use std::fmt::Write;

use crate::probe::table::plain;

/// A column: its heading, its width, and how many decimals its figures have.
pub(crate) type Column = (&'static str, usize, usize);

/// A figure, and the weight it has in the average: the interval's seconds for a rate, its requests
/// for a time per request. So the average is always the counters' gain over the whole window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Figure {
    /// `None` where it can't be known.
    pub(crate) value: Option<f64>,
    /// Greater than 0 where there is a value.
    pub(crate) weight: f64,
}

impl Figure {
    /// A value with its weight.
    pub(crate) fn new(value: Option<f64>, weight: f64) -> Self {
        Self { value: value.filter(|value| value.is_finite()), weight }
    }

    /// What a counter gained a second.
    pub(crate) fn rate(gain: Option<f64>, seconds: f64) -> Self {
        Self::new(gain.map(|gain| gain / seconds), seconds)
    }

    /// `amount` for each of `number`, which is what weighs it: a time per request.
    pub(crate) fn per(amount: Option<f64>, number: Option<f64>) -> Self {
        let value = amount.zip(number).filter(|(_, n)| *n > 0.0).map(|(amount, n)| amount / n);
        Self::new(value, number.unwrap_or(0.0))
    }
}

/// What a column did over the window.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Series {
    sum: f64,
    weight: f64,
    low: Option<f64>,
    high: Option<f64>,
}

impl Series {
    /// One more interval.
    pub(crate) fn add(&mut self, figure: Figure) {
        if let Some(value) = figure.value {
            self.sum += value * figure.weight;
            self.weight += figure.weight;
            self.low = Some(self.low.map_or(value, |low| low.min(value)));
            self.high = Some(self.high.map_or(value, |high| high.max(value)));
        }
    }

    /// Over all intervals in which it was known.
    pub(crate) fn average(&self) -> Option<f64> {
        (self.weight > 0.0).then(|| self.sum / self.weight)
    }

    /// The largest.
    pub(crate) fn high(&self) -> Option<f64> {
        self.high
    }
}

/// The columns of one table and what they did so far.
#[derive(Debug, Clone)]
pub(crate) struct Strip {
    columns: &'static [Column],
    label: usize,
    series: Vec<Series>,
    rows: usize,
}

impl Strip {
    /// Columns beside a label that is `label` characters wide.
    pub(crate) fn new(label: usize, columns: &'static [Column]) -> Self {
        Self { columns, label, series: vec![Series::default(); columns.len()], rows: 0 }
    }

    /// The headings, with `name` above the labels.
    pub(crate) fn heads(&self, name: &str) -> String {
        let width = self.label;
        let mut line = format!("{name:<width$}");
        for (head, width, _) in self.columns {
            let _ = write!(line, " {head:>width$}");
        }
        line.push('\n');
        line
    }

    /// Counts a row and renders it.
    pub(crate) fn row(&mut self, label: &str, figures: &[Figure]) -> String {
        self.rows += 1;
        for (series, figure) in self.series.iter_mut().zip(figures) {
            series.add(*figure);
        }
        self.line(label, figures.iter().map(|figure| figure.value))
    }

    /// Least, average and greatest, a row each, of more than one row; `name` stands after the word.
    pub(crate) fn summary(&self, name: &str) -> String {
        let mut text = String::new();
        if self.rows < 2 {
            return text;
        }
        let label = |word: &str| format!("{word}{}{name}", if name.is_empty() { "" } else { " " });
        text.push_str(&self.line(&label("min"), self.series.iter().map(|series| series.low)));
        text.push_str(&self.line(&label("avg"), self.series.iter().map(Series::average)));
        text.push_str(&self.line(&label("max"), self.series.iter().map(|series| series.high)));
        text
    }

    fn line(&self, label: &str, values: impl Iterator<Item = Option<f64>>) -> String {
        let width = self.label;
        let mut line = format!("{label:<width$}");
        for ((_, width, decimals), value) in self.columns.iter().zip(values) {
            put(&mut line, value, *width, *decimals);
        }
        line.push('\n');
        line
    }
}

/// The summaries of all devices that did something, and the names of the others.
pub(crate) fn summaries<'s>(strips: impl Iterator<Item = (&'s String, &'s Strip, bool)>) -> String {
    let (mut text, mut idle) = (String::new(), Vec::new());
    for (name, strip, active) in strips {
        if active {
            text.push_str(&strip.summary(&plain(name)));
        } else {
            idle.push(plain(name));
        }
    }
    if !text.is_empty() {
        text.insert_str(0, "\n# Over the window\n");
    }
    if !idle.is_empty() {
        let _ = writeln!(text, "(idle: {})", idle.join(" "));
    }
    text
}

/// A blank and a figure, or a dash.
pub(crate) fn put(line: &mut String, value: Option<f64>, width: usize, decimals: usize) {
    let _ = match value {
        Some(value) => write!(line, " {value:>width$.decimals$}"),
        None => write!(line, " {:>width$}", "-"),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_is_the_gain_over_the_window_whatever_the_intervals() {
        let mut series = Series::default();
        series.add(Figure::rate(Some(100.0), 1.0));
        series.add(Figure::rate(None, 1.0));
        series.add(Figure::rate(Some(20.0), 3.0));
        assert_eq!(series.average(), Some(30.0));
        assert_eq!((series.low, series.high), (Some(20.0 / 3.0), Some(100.0)));
    }

    #[test]
    fn a_time_per_request_weighs_by_requests() {
        let mut series = Series::default();
        series.add(Figure::per(Some(10.0), Some(1.0)));
        series.add(Figure::per(Some(90.0), Some(99.0)));
        series.add(Figure::per(Some(0.0), Some(0.0)));
        assert_eq!(series.average(), Some(1.0));
    }

    #[test]
    fn an_unknown_figure_is_a_dash() {
        let mut strip = Strip::new(5, &[("a/s", 5, 1), ("b", 3, 0)]);
        assert_eq!(strip.heads("time"), "time    a/s   b\n");
        assert_eq!(
            strip.row("x", &[Figure::new(Some(1.25), 1.0), Figure::new(None, 1.0)]),
            "x       1.2   -\n"
        );
        assert_eq!(strip.summary(""), "", "one row needs no summary");
        strip.row("y", &[Figure::new(Some(0.25), 3.0), Figure::new(None, 1.0)]);
        assert_eq!(strip.summary(""), "min     0.2   -\navg     0.5   -\nmax     1.2   -\n");
    }
}
