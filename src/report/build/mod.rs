//! Facts and findings → the report. A section each in a file of its own; what a bundle does not tell makes
//! no empty section.

mod charts;
mod collection;
mod database;
mod host;
mod identity;
mod samples;
mod traffic;

pub(super) use identity::{identity, name};
use jiff::Timestamp;

use super::{Column, Event, FORMAT, Fact, Node, Report, Section, Table, Told, Unit, Value};
use crate::{
    analyze,
    index::{Facts, MINUTE},
};

/// Events that are told.
const EVENTS: usize = 200;
/// Errors of one kind within a minute that are an event.
const BURST: u64 = 30;

/// The report of these bundles.
pub fn report(all: &[Facts]) -> Report {
    let several = all.len() > 1;
    let mut findings: Vec<Told> = Vec::new();
    for (number, facts) in all.iter().enumerate() {
        let own = analyze::node(facts).into_iter();
        findings.extend(own.map(|finding| Told { node: Some(number), finding }));
    }
    if several {
        findings.extend(analyze::site(all).into_iter().map(|finding| Told { node: None, finding }));
    }
    // The sort is stable: equals stay by node, and in the analyzers' order.
    findings.sort_by_key(|told| std::cmp::Reverse(told.finding.severity));
    Report {
        format: FORMAT,
        glsos: env!("CARGO_PKG_VERSION"),
        nodes: all.iter().map(node).collect(),
        findings,
    }
}

fn node(facts: &Facts) -> Node {
    let manifest = facts.manifest.as_ref();
    let (events, events_left_out) = events(facts);
    let sections = [
        traffic::requests(facts),
        traffic::sidekiq(facts),
        traffic::gitaly(facts),
        database::postgresql(facts),
        database::redis(facts),
        traffic::errors(facts),
        samples::cpu(facts),
        samples::memory(facts),
        samples::disks(facts),
        samples::pressure(facts),
        host::processes(facts),
        host::services(facts),
        host::versions(facts),
        host::certificates(facts),
        collection::collection(facts),
    ];
    Node {
        name: name(facts),
        bundle: facts.file.clone(),
        made_by: manifest.map_or_else(
            || "not glsos".to_owned(),
            |manifest| format!("glsos {}", manifest.run.glsos.as_str()),
        ),
        taken: facts.taken(),
        window: facts.logs.times().and_then(|(first, last)| Some((time(first)?, time(last)?))),
        identity: identity(facts),
        events,
        events_left_out,
        sections: sections.into_iter().flatten().collect(),
    }
}

fn time(micros: i64) -> Option<Timestamp> {
    Timestamp::from_microsecond(micros).ok()
}

/// The newest events, and how many older ones there are.
fn events(facts: &Facts) -> (Vec<Event>, u64) {
    let mut events: Vec<Event> = Vec::new();
    for happened in facts.logs.events.kept() {
        let Some(time) = time(happened.time) else { continue };
        events.push(Event {
            time,
            kind: happened.kind,
            component: happened.component.to_owned(),
            text: happened.text.clone(),
            entry: happened.place.entry.to_string(),
            line: happened.place.line,
        });
    }
    for (component, shape, group) in facts.logs.errors.sorted() {
        let Some(time) = time(group.peak_minute.saturating_mul(MINUTE)).filter(|_| group.peak >= BURST)
        else {
            continue;
        };
        let example = group.examples.first();
        events.push(Event {
            time,
            kind: "errors",
            component: component.to_owned(),
            text: format!("{} a minute: {shape}", group.peak),
            entry: example.map_or_else(String::new, |place| place.entry.to_string()),
            line: example.map_or(0, |place| place.line),
        });
    }
    events.extend(facts.entries.keys().filter_map(|name| {
        let unix = name.rsplit_once("reconfigure/")?.1.strip_suffix(".log")?.parse().ok()?;
        Some(Event {
            time: Timestamp::from_second(unix).ok()?,
            kind: "reconfigure",
            component: "reconfigure".to_owned(),
            text: "gitlab-ctl reconfigure".to_owned(),
            entry: name.to_string(),
            line: 1,
        })
    }));
    events.sort();
    // The kernel's words stand in dmesg, the journal and syslog.
    events
        .dedup_by(|a, b| (a.time, a.kind, &a.component, &a.text) == (b.time, b.kind, &b.component, &b.text));
    // The newest are nearest to the trouble that the bundle was made for.
    let from = events.len().saturating_sub(EVENTS);
    (events.split_off(from), from as u64 + facts.logs.events.left_out)
}

/// A section without anything in it is none.
fn section(id: &'static str, title: &'static str, fill: impl FnOnce(&mut Section)) -> Option<Section> {
    let mut section =
        Section { id, title, note: None, facts: Vec::new(), charts: Vec::new(), tables: Vec::new() };
    fill(&mut section);
    section.facts.retain(|fact| fact.value != Value::None);
    section.tables.retain(|table| !table.rows.is_empty());
    let empty = section.facts.is_empty() && section.charts.is_empty() && section.tables.is_empty();
    (!empty || section.note.is_some()).then_some(section)
}

/// A table of at most so many rows, of which the first column names the row.
fn table(
    id: &'static str,
    title: &'static str,
    columns: &[(&'static str, Unit)],
    rows: impl IntoIterator<Item = Vec<Value>>,
    most: usize,
) -> Table {
    let mut rows: Vec<Vec<Value>> = rows.into_iter().collect();
    let left_out = rows.len().saturating_sub(most) as u64;
    rows.truncate(most);
    let columns = columns.iter().map(|(name, unit)| Column { name, unit: *unit }).collect();
    Table { id, title, columns, key: 1, rows, left_out }
}

fn fact(name: &'static str, value: Value) -> Fact {
    Fact { name, value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::index::fixture::facts;

    fn puma(lines: &[&str]) -> Facts {
        let line =
            |text: &&str| format!("{{\"timestamp\":\"2026-03-01T09:00:00Z\",\"message\":\"{text}\"}}\n");
        facts(&[("var/log/gitlab/puma/puma_stdout.log", lines.iter().map(line).collect())])
    }

    #[test]
    fn different_kills_of_one_moment_are_all_told_and_one_told_twice_is_one() {
        let (memory, silent) = ("PumaWorkerKiller: Out of memory", "Terminating timed out worker");
        let (events, left_out) = events(&puma(&[memory, silent, memory]));
        let texts: Vec<&str> = events.iter().map(|event| event.text.as_str()).collect();
        assert_eq!(texts, ["Puma's workers used too much memory", "a Puma worker did not check in"]);
        assert_eq!(left_out, 0);
    }

    #[test]
    fn different_errors_that_burst_in_one_minute_are_all_told() {
        let line = |text: &str| format!("2026-03-01_09:00:00.00000 ERROR:  {text}\n").repeat(BURST as usize);
        let text = line("relation is missing") + &line("disk is slow");
        let (events, _) = events(&facts(&[("var/log/gitlab/postgresql/current", text)]));
        let texts: Vec<&str> = events.iter().map(|event| event.text.as_str()).collect();
        assert_eq!(texts, ["30 a minute: ERROR:  disk is slow", "30 a minute: ERROR:  relation is missing"]);
    }

    #[test]
    fn events_beyond_those_told_are_counted() {
        let minute =
            |n: usize| format!("2026-03-01_{:02}:{:02}:00.00000 Puma starting in x\n", n / 60 % 24, n % 60);
        let text: String = (0..1440).map(minute).collect();
        let node = node(&facts(&[("var/log/gitlab/puma/current", text)]));
        assert_eq!((node.events.len(), node.events_left_out), (EVENTS, 1440 - EVENTS as u64));
        assert_eq!(node.events.last().unwrap().line, 1440);
    }
}
