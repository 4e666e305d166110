//! `cpu`: the CPUs, what they did since boot, what interrupts them, and who is throttled.

use std::path::Path;

use super::{
    page::{Page, Sink},
    proc::{
        cgroup, each_line,
        fields::Fields,
        number,
        stat::{Cpu, STATES, Stat},
        text, word,
    },
    sample::uptime,
    table::{Side, Table, cell, percent},
};
use crate::host::{Error, Flow, Host};

/// Rows of the tables of interrupts.
const TOP: usize = 15;
const CPUS: &str = "/sys/devices/system/cpu";

/// Tells about the CPUs.
pub(super) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    told(host, sink)
}

fn told(host: &dyn Host, sink: Sink<'_>) -> Result<(), Error> {
    let mut page = Page::new(sink);
    model(host, &mut page);
    match text(host, "/proc/stat") {
        Ok(text) => {
            if let Some(stat) = Stat::parse(&text) {
                since_boot(&stat, uptime(host), &mut page);
            }
        }
        Err(error) => page.closed("/proc/stat", error),
    }
    for (heading, file) in
        [("Interrupts since boot", "/proc/interrupts"), ("Soft interrupts since boot", "/proc/softirqs")]
    {
        page.section(heading);
        interrupts(host, file, &mut page);
    }
    for folder in cgroup::of_interest(host) {
        group(host, &folder, &mut page);
    }
    vulnerabilities(host, &mut page);
    page.end("cpu")
}

fn model(host: &dyn Host, page: &mut Page<'_>) {
    page.section("CPUs");
    match text(host, "/proc/cpuinfo") {
        Ok(text) => {
            let fields = Fields::colons(&text);
            page.maybe("model", fields.get("model name").or_else(|| fields.get("Model")));
            page.maybe("microcode", fields.get("microcode"));
            page.maybe("cache", fields.get("cache size"));
            page.maybe("frequencies now", range(&text));
        }
        Err(error) => page.closed("model", error),
    }
    for name in ["online", "offline", "isolated"] {
        page.maybe(name, word(host, format!("{CPUS}/{name}")).ok());
    }
    page.maybe("NUMA nodes", word(host, "/sys/devices/system/node/online").ok());
    page.maybe("threads per core in use", word(host, format!("{CPUS}/smt/control")).ok());
    let frequency = Path::new(CPUS).join("cpu0/cpufreq");
    for (label, name) in [("driver (CPU 0)", "scaling_driver"), ("governor (CPU 0)", "scaling_governor")] {
        page.maybe(label, word(host, frequency.join(name)).ok());
    }
    let most = number::<u64>(host, frequency.join("cpuinfo_max_freq"));
    page.maybe("maximum (CPU 0)", most.map(|khz| format!("{} MHz", khz / 1000)));
}

/// The slowest and the fastest CPU now.
fn range(cpuinfo: &str) -> Option<String> {
    let all: Vec<f64> = cpuinfo
        .lines()
        .filter_map(|line| line.strip_prefix("cpu MHz")?.split_once(':')?.1.trim().parse().ok())
        .filter(|mhz: &f64| mhz.is_finite())
        .collect();
    let low = all.iter().copied().reduce(f64::min)?;
    let high = all.iter().copied().reduce(f64::max)?;
    Some(format!("{low:.0} to {high:.0} MHz"))
}

fn since_boot(stat: &Stat, uptime: Option<f64>, page: &mut Page<'_>) {
    const HEADS: &[(Side, &str)] = &[
        (Side::Left, "CPU"),
        (Side::Right, "%us"),
        (Side::Right, "%ni"),
        (Side::Right, "%sy"),
        (Side::Right, "%id"),
        (Side::Right, "%wa"),
        (Side::Right, "%hi"),
        (Side::Right, "%si"),
        (Side::Right, "%st"),
    ];
    page.section("Shares of time since boot, in percent (st: taken by the hypervisor)");
    let mut table = Table::new(HEADS);
    let mut row = |name: String, cpu: &Cpu| {
        let shares = cpu.since(&Cpu::default());
        let cells = shares.states.iter().map(|share| cell(share.map(|share| format!("{share:.2}"))));
        table.row(std::iter::once(name).chain(cells.take(STATES.len())));
    };
    row("all".to_owned(), &stat.all);
    for (number, cpu) in &stat.cpus {
        row(number.to_string(), cpu);
    }
    page.table(&table);
    page.section("Since boot, and a second");
    let rate = |count: Option<u64>| {
        let count = count?;
        let rate = uptime.filter(|up| *up > 0.0).map(|up| format!("  {:>9.1}/s", count as f64 / up));
        Some(format!("{count:>14}{}", rate.unwrap_or_default()))
    };
    page.maybe("context switches", rate(stat.switches));
    page.maybe("interrupts", rate(stat.interrupts));
    page.maybe("processes and threads made", rate(stat.forks));
    page.maybe("runnable now", stat.running.map(|n| format!("{n:>14}")));
    page.maybe("blocked by I/O now", stat.blocked.map(|n| format!("{n:>14}")));
}

/// The most frequent lines of a table with a column for each CPU.
fn interrupts(host: &dyn Host, file: &str, page: &mut Page<'_>) {
    const HEADS: &[(Side, &str)] = &[
        (Side::Left, "INTERRUPT"),
        (Side::Right, "ALL CPUS"),
        (Side::Right, "MOST ON ONE"),
        (Side::Left, "WHAT"),
    ];
    let mut cpus = 0;
    let mut rows: Vec<(String, u64, u64, String)> = Vec::new();
    let read = each_line(host, file, &mut |line| {
        let Some((name, rest)) = line.split_once(':') else {
            cpus = line.split_whitespace().count();
            return Flow::Go;
        };
        let words: Vec<&str> = rest.split_whitespace().collect();
        let counts: Vec<u64> = words.iter().take(cpus).map_while(|word| word.parse().ok()).collect();
        let sum = counts.iter().copied().fold(0, u64::saturating_add);
        let what = words.get(counts.len()..).unwrap_or_default().join(" ");
        rows.push((name.trim().to_owned(), sum, counts.iter().copied().max().unwrap_or(0), what));
        Flow::Go
    });
    if let Err(error) = read {
        return page.closed(file, error);
    }
    rows.retain(|row| row.1 > 0);
    rows.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut table = Table::new(HEADS);
    for (name, sum, most, what) in rows.into_iter().take(TOP) {
        table.row([name, sum.to_string(), most.to_string(), what]);
    }
    page.table(&table);
}

fn group(host: &dyn Host, folder: &Path, page: &mut Page<'_>) {
    page.section(format!("Control group {}", cgroup::name(folder)));
    for name in ["cpu.max", "cpu.weight", "cpuset.cpus.effective"] {
        if let Ok(value) = word(host, folder.join(name)) {
            page.fact(name, value);
        }
    }
    let Some(stat) = cgroup::fields(host, folder, "cpu.stat") else { return };
    let seconds = |name: &str| Some(format!("{:.1} s", stat.number(name)? as f64 / 1e6));
    page.maybe("CPU time", seconds("usage_usec"));
    if let Some((throttled, periods)) = stat.number("nr_throttled").zip(stat.number("nr_periods")) {
        let share = percent(throttled, periods).map_or_else(String::new, |share| format!(" ({share} %)"));
        page.fact("throttled periods", format!("{throttled} of {periods}{share}"));
        page.maybe("throttled for", seconds("throttled_usec"));
    }
}

fn vulnerabilities(host: &dyn Host, page: &mut Page<'_>) {
    page.section("Vulnerabilities of the CPU, and what the kernel does about them");
    let folder = Path::new(CPUS).join("vulnerabilities");
    for listed in host.list(&folder).unwrap_or_default().iter().take(100) {
        if let Ok(state) = word(host, folder.join(&listed.name))
            && state != "Not affected"
        {
            page.fact(&listed.name.to_string_lossy(), state);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_and_the_fastest() {
        assert_eq!(range("cpu MHz\t: 800.0\ncpu MHz : 3200.4\n").as_deref(), Some("800 to 3200 MHz"));
        assert_eq!(range("cpu MHz : NaN\n"), None);
    }
}
