//! `pressure`: how much of the time tasks had to wait for CPU, memory or I/O (PSI), explained.

use super::{
    page::{Page, Sink},
    proc::{
        cgroup,
        pressure::{Pressure, Stall},
        text,
    },
    sample::uptime,
    table::{Side, Table, cell},
};
use crate::host::{Error, Flow, Host};

const HEADS: &[(Side, &str)] = &[
    (Side::Left, "RESOURCE"),
    (Side::Left, "WAITING"),
    (Side::Right, "10 s"),
    (Side::Right, "60 s"),
    (Side::Right, "300 s"),
    (Side::Right, "SECONDS IN ALL"),
    (Side::Right, "% SINCE BOOT"),
];

/// Tells the pressure on the host and in GitLab's control groups.
pub(super) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    told(host, sink)
}

fn told(host: &dyn Host, sink: Sink<'_>) -> Result<(), Error> {
    let mut page = Page::new(sink);
    let up = uptime(host);
    page.section("Pressure on the host: share of time in percent in which tasks waited");
    let mut table = Table::new(HEADS);
    for name in ["cpu", "memory", "io"] {
        match text(host, format!("/proc/pressure/{name}")) {
            Ok(text) => rows(name, &Pressure::parse(&text), up, &mut table),
            // Off at boot (`psi=0`) it says so when it is read.
            Err(error) => page.closed(name, error),
        }
    }
    page.table(&table);
    page.note("some: at least one task waited; full: all tasks that were not idle waited, nothing got done");
    for folder in cgroup::of_interest(host) {
        let mut table = Table::new(HEADS);
        for name in ["cpu", "memory", "io"] {
            if let Ok(text) = text(host, folder.join(format!("{name}.pressure"))) {
                rows(name, &Pressure::parse(&text), None, &mut table);
            }
        }
        page.section(format!("Control group {}", cgroup::name(&folder)));
        page.table(&table);
    }
    page.end("pressure")
}

fn rows(name: &str, pressure: &Pressure, up: Option<f64>, table: &mut Table) {
    for (word, stall) in [("some", pressure.some), ("full", pressure.full)] {
        let Some(Stall { averages: [ten, sixty, three_hundred], total }) = stall else { continue };
        let seconds = total as f64 / 1e6;
        let share = up.filter(|up| *up > 0.0).map(|up| format!("{:.2}", seconds * 100.0 / up));
        table.row([
            name.to_owned(),
            word.to_owned(),
            format!("{ten:.2}"),
            format!("{sixty:.2}"),
            format!("{three_hundred:.2}"),
            format!("{seconds:.1}"),
            cell(share),
        ]);
    }
}
