//! Ten seconds of the host at work: processors, memory, disks, pressure.

use jiff::Timestamp;

use super::{
    super::{Chart, Section, Series, Unit, Value},
    fact, section, table,
};
use crate::index::{Facts, host::Sample};

/// Curves of one chart: a host may have a hundred disks.
const CURVES: usize = 6;

/// A curve: its name in the legend, the row's name and the column, and what a figure is multiplied by.
type Curve<'a> = (&'a str, &'a str, &'a str, f64);

fn chart(
    facts: &Facts,
    sample: &Sample,
    id: &'static str,
    title: &'static str,
    unit: Unit,
    stacked: bool,
    curves: &[Curve<'_>],
) -> Option<Chart> {
    let columns: Vec<_> = curves.iter().map(|(_, row, column, _)| sample.column(row, column)).collect();
    let seconds = columns.iter().flatten().map(|(second, _)| *second);
    let (first, last) = (seconds.clone().min()?, seconds.max()?);
    let steps = usize::try_from(last - first + 1).ok().filter(|steps| *steps <= 3600)?;
    let series: Vec<Series> = curves
        .iter()
        .zip(&columns)
        .map(|((name, _, _, factor), column)| {
            let mut values = vec![None; steps];
            for (second, figure) in column {
                let slot = usize::try_from(second - first).ok().and_then(|at| values.get_mut(at));
                slot.into_iter().for_each(|slot| *slot = figure.map(|figure| figure * factor));
            }
            Series { name: (*name).to_owned(), values }
        })
        .filter(|series| series.values.iter().any(Option::is_some))
        .collect();
    let begin = sample.from.or_else(|| facts.taken()).unwrap_or(Timestamp::UNIX_EPOCH).as_second();
    let from = Timestamp::from_second(begin.checked_add(first)?).ok()?;
    (!series.is_empty()).then_some(Chart { id, title, unit, stacked, from, step: 1, series })
}

/// Shares of processor time.
pub(super) fn cpu(facts: &Facts) -> Option<Section> {
    section("cpu", "Processors", |section| {
        let samples = &facts.host.samples;
        let native = [
            ("user", "", "%us", 1.0),
            ("nice", "", "%ni", 1.0),
            ("system", "", "%sy", 1.0),
            ("waiting for I/O", "", "%wa", 1.0),
            ("interrupts", "", "%si", 1.0),
            ("stolen", "", "%st", 1.0),
        ];
        let vmstat = [
            ("user", "", "us", 1.0),
            ("system", "", "sy", 1.0),
            ("waiting for I/O", "", "wa", 1.0),
            ("stolen", "", "st", 1.0),
        ];
        let title = "Shares of processor time";
        let told = samples
            .cpu
            .as_ref()
            .and_then(|sample| chart(facts, sample, "cpu", title, Unit::Percent, true, &native));
        let told = told
            .or_else(|| chart(facts, samples.vmstat.as_ref()?, "cpu", title, Unit::Percent, true, &vmstat));
        section.charts.extend(told);
        let identity = &facts.host.identity;
        section.facts.push(fact("processors", Value::of(identity.cpus, Value::Count)));
        section.facts.push(fact("model", Value::of(identity.model.as_deref(), Value::text)));
        for (name, at) in [("load, 1 minute", 0), ("load, 5 minutes", 1), ("load, 15 minutes", 2)] {
            section.facts.push(fact(name, Value::of(identity.load, |load| Value::Number(load[at]))));
        }
    })
}

/// Memory and swapping.
pub(super) fn memory(facts: &Facts) -> Option<Section> {
    const MIB: f64 = 1_048_576.0;
    section("memory", "Memory", |section| {
        let memory = &facts.host.memory;
        for (name, bytes) in [
            ("memory", memory.total),
            ("available", memory.available),
            ("swap", memory.swap),
            ("swap free", memory.swap_free),
        ] {
            section.facts.push(fact(name, Value::of(bytes, Value::Bytes)));
        }
        if let Some(sample) = &facts.host.samples.memory {
            let room = [
                ("available", "", "avail", MIB),
                ("free", "", "free", MIB),
                ("page cache", "", "cache", MIB),
            ];
            section.charts.extend(chart(facts, sample, "memory", "Memory", Unit::Bytes, false, &room));
            let swapping = [("from swap", "", "si", 1024.0), ("to swap", "", "so", 1024.0)];
            let swapping =
                chart(facts, sample, "swapping", "Swapped a second", Unit::Bytes, false, &swapping);
            section.charts.extend(swapping.filter(moves));
        } else if let Some(sample) = &facts.host.samples.vmstat {
            let room = [
                ("free", "", "free", 1024.0),
                ("page cache", "", "cache", 1024.0),
                ("swapped out", "", "swpd", 1024.0),
            ];
            section.charts.extend(chart(facts, sample, "memory", "Memory", Unit::Bytes, false, &room));
        }
    })
}

/// A line of zeros says nothing.
fn moves(chart: &Chart) -> bool {
    chart.series.iter().flat_map(|series| &series.values).flatten().any(|value| *value > 0.0)
}

/// Space, and the busiest devices.
pub(super) fn disks(facts: &Facts) -> Option<Section> {
    section("disks", "Disks", |section| {
        if let Some(sample) = &facts.host.samples.disks {
            let mut names = sample.names();
            names.sort_by(|a, b| {
                let busy = |name: &str| sample.mean(name, "%util").unwrap_or(0.0);
                busy(b).total_cmp(&busy(a)).then(a.cmp(b))
            });
            names.truncate(CURVES);
            let of = |column: &'static str, factor: f64| -> Vec<Curve<'_>> {
                names.iter().map(|name| (*name, *name, column, factor)).collect()
            };
            section.charts.extend(
                [
                    chart(
                        facts,
                        sample,
                        "disk-busy",
                        "Share of time with requests",
                        Unit::Percent,
                        false,
                        &of("%util", 1.0),
                    ),
                    chart(
                        facts,
                        sample,
                        "disk-read",
                        "Read a second",
                        Unit::Bytes,
                        false,
                        &of("rkB/s", 1024.0),
                    ),
                    chart(
                        facts,
                        sample,
                        "disk-written",
                        "Written a second",
                        Unit::Bytes,
                        false,
                        &of("wkB/s", 1024.0),
                    ),
                    chart(
                        facts,
                        sample,
                        "disk-wait",
                        "How long a write took",
                        Unit::Seconds,
                        false,
                        &of("w_await", 0.001),
                    ),
                ]
                .into_iter()
                .flatten()
                .filter(moves),
            );
        }
        let columns = [
            ("mounted on", Unit::Text),
            ("type", Unit::Text),
            ("size", Unit::Bytes),
            ("available", Unit::Bytes),
            ("used", Unit::Percent),
            ("inodes used", Unit::Percent),
        ];
        let mut systems: Vec<_> = facts.host.file_systems.iter().collect();
        systems.sort_by(|a, b| {
            b.used.unwrap_or(0.0).total_cmp(&a.used.unwrap_or(0.0)).then(a.mount.cmp(&b.mount))
        });
        let rows = systems.into_iter().map(|system| {
            vec![
                Value::text(&system.mount),
                Value::text(&system.kind),
                Value::of(system.size, Value::Bytes),
                Value::of(system.available, Value::Bytes),
                Value::of(system.used, Value::Percent),
                Value::of(system.inodes, Value::Percent),
            ]
        });
        section.tables.push(table("file-systems", "File systems", &columns, rows, 50));
    })
}

/// How long tasks waited.
pub(super) fn pressure(facts: &Facts) -> Option<Section> {
    section("pressure", "Pressure", |section| {
        if let Some(sample) = &facts.host.samples.pressure {
            let curves = [
                ("processors, some", "", "cpu.some", 1.0),
                ("memory, some", "", "mem.some", 1.0),
                ("memory, all", "", "mem.full", 1.0),
                ("disks, some", "", "io.some", 1.0),
                ("disks, all", "", "io.full", 1.0),
            ];
            let title = "Share of time in which tasks waited";
            section.charts.extend(chart(facts, sample, "pressure", title, Unit::Percent, false, &curves));
        }
        let columns = [
            ("waiting for", Unit::Text),
            ("10 s", Unit::Percent),
            ("60 s", Unit::Percent),
            ("300 s", Unit::Percent),
        ];
        let rows = facts.host.pressure.iter().map(|told| {
            let who = if told.full { "all tasks" } else { "some tasks" };
            let mut row = vec![Value::text(format!("{}, {who}", told.resource))];
            row.extend(told.shares.map(Value::Percent));
            row
        });
        section.tables.push(table("pressure", "Before the bundle was made", &columns, rows, 20));
    })
}
