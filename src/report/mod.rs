//! What a reader at the desk is shown, as plain data: who and what each host is, what is wrong with it, and
//! figures as facts, tables and charts in sections.
//!
//! Made from facts and findings alone; knows no bundle and renders nothing. The terminal, JSON and HTML
//! each render this one type, section by section, so that a new table is written once. All texts in it may
//! come from a stranger's host: whoever renders them escapes them.

mod build;
mod diff;
pub mod html;
pub mod value;

use jiff::Timestamp;
use serde::Serialize;

use crate::analyze::Finding;
pub use build::report;
pub use diff::{Change, Changes, Diff, Lines, diff};
pub use value::{Unit, Value};

/// The name of the JSON format.
pub const FORMAT: &str = "glsos-report/1";

/// One or several bundles, told together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Report {
    /// `FORMAT`.
    pub format: &'static str,
    /// The version of the program that made the report.
    pub glsos: &'static str,
    /// A host each, in the order in which the bundles were named.
    pub nodes: Vec<Node>,
    /// Those of all nodes, the worst first.
    pub findings: Vec<Told>,
}

/// A finding and whose it is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Told {
    /// An index into `Report::nodes`; none for the site as a whole.
    pub node: Option<usize>,
    /// The finding.
    #[serde(flatten)]
    pub finding: Finding,
}

/// One bundle.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Node {
    /// The host's name, or its pseudonym; the file's where no host is known.
    pub name: String,
    /// The bundle's file, as it was named.
    pub bundle: String,
    /// `glsos 0.1.0`, or `not glsos` for another tool's archive.
    pub made_by: String,
    /// When it was taken; of another tool's archive the newest time in it.
    pub taken: Option<Timestamp>,
    /// The hours that its logs cover, as far as the lines tell.
    pub window: Option<(Timestamp, Timestamp)>,
    /// The few lines that tell who this is: GitLab's version, the system, processors, memory. The same
    /// names in the same order for every node, so that nodes can stand side by side.
    pub identity: Vec<Fact>,
    /// What happened when: restarts, kills, bursts of errors; by time.
    pub events: Vec<Event>,
    /// Older ones that are not told.
    pub events_left_out: u64,
    /// The rest, in the order in which it is to be read.
    pub sections: Vec<Section>,
}

/// One subject.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Section {
    /// A short name for links and scripts.
    pub id: &'static str,
    /// The heading.
    pub title: &'static str,
    /// How to read it, where that is not plain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Single figures.
    pub facts: Vec<Fact>,
    /// Figures over time.
    pub charts: Vec<Chart>,
    /// Figures by name.
    pub tables: Vec<Table>,
}

/// One figure with its name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fact {
    /// A few words.
    pub name: &'static str,
    /// The figure.
    pub value: Value,
}

/// Rows under headings.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Table {
    /// A short name, unique within a node.
    pub id: &'static str,
    /// The heading.
    pub title: &'static str,
    /// The headings of the columns. The first `key` of them together name a row.
    pub columns: Vec<Column>,
    /// How many columns name a row; two reports are compared by them.
    pub key: usize,
    /// As many values in each as there are columns; the most important first.
    pub rows: Vec<Vec<Value>>,
    /// Rows beyond those.
    pub left_out: u64,
}

/// A column of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Column {
    /// Its heading.
    pub name: &'static str,
    /// What its values are.
    pub unit: Unit,
}

/// Series over one stretch of time, drawn together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Chart {
    /// A short name, unique within a node.
    pub id: &'static str,
    /// The heading.
    pub title: &'static str,
    /// What the values are.
    pub unit: Unit,
    /// Whether the series add up to a whole, so that they may stand on each other.
    pub stacked: bool,
    /// Begin of the first step.
    pub from: Timestamp,
    /// Seconds of a step.
    pub step: u32,
    /// The curves, at least one; all have as many values.
    pub series: Vec<Series>,
}

/// One curve.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Series {
    /// Its name in the legend.
    pub name: String,
    /// A value for each step; none where nothing is known.
    pub values: Vec<Option<f64>>,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Event {
    /// When.
    pub time: Timestamp,
    /// `restart`, `stop`, `kill`, `oom`, `errors`, `reconfigure`.
    pub kind: &'static str,
    /// The component that it happened to.
    pub component: String,
    /// What happened, in a few words.
    pub text: String,
    /// The entry and line that tell it.
    pub entry: String,
    /// From 1.
    pub line: u64,
}
