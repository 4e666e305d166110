//! Ten seconds of the host at work, of the native samplers or of `vmstat`.

use jiff::Timestamp;

use super::super::docs::{Doc, Docs};

/// Rows that are kept of one sampler: a host may have a hundred disks.
const MOST: usize = 2000;

/// One sampler's rows over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// When the first interval began; unknown where the output tells no times.
    pub from: Option<Timestamp>,
    /// The columns behind the time and the name.
    columns: Vec<String>,
    /// Seconds since `from`, a name where a row has one, and the figures.
    rows: Vec<(i64, String, Vec<Option<f64>>)>,
}

/// All of them.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Samples {
    /// Shares of processor time.
    pub cpu: Option<Sample>,
    /// Memory and swapping.
    pub memory: Option<Sample>,
    /// Disks, by device.
    pub disks: Option<Sample>,
    /// Pressure.
    pub pressure: Option<Sample>,
    /// `vmstat`, where there is no native sampler.
    pub vmstat: Option<Sample>,
}

impl Sample {
    /// The figures of a column over time, in rows of this name (empty where rows have none).
    pub fn column(&self, name: &str, column: &str) -> Vec<(i64, Option<f64>)> {
        let Some(at) = self.columns.iter().position(|known| known == column) else { return Vec::new() };
        let rows = self.rows.iter().filter(|(_, of, _)| of == name);
        rows.map(|(second, _, cells)| (*second, cells.get(at).copied().flatten())).collect()
    }

    /// The mean of a column.
    pub fn mean(&self, name: &str, column: &str) -> Option<f64> {
        let figures: Vec<f64> = self.column(name, column).into_iter().filter_map(|(_, n)| n).collect();
        (!figures.is_empty()).then(|| figures.iter().sum::<f64>() / figures.len() as f64)
    }

    /// The names of its rows, each once.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.rows.iter().map(|(_, name, _)| name.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}

pub(super) fn read(docs: &Docs) -> Samples {
    let native = |name: &str, named: bool| docs.get(name).and_then(|doc| table(doc, named));
    Samples {
        cpu: native("samples/sample-cpu", false),
        memory: native("samples/sample-memory", false),
        disks: native("samples/sample-disk", true),
        pressure: native("samples/sample-pressure", false),
        vmstat: docs.get("vmstat").and_then(vmstat),
    }
}

/// A native sampler's first table: `time`, a name where rows have one, and figures a second.
fn table(doc: &Doc, named: bool) -> Option<Sample> {
    let from = doc.text.lines().find_map(|line| line.strip_prefix("# From "))?;
    let from: Timestamp = from.split(' ').next()?.parse().ok()?;
    let mut lines = doc.text.lines().skip_while(|line| !line.starts_with("time "));
    let skipped = if named { 2 } else { 1 };
    let heads = lines.next()?.split_ascii_whitespace().skip(skipped);
    let columns: Vec<String> = heads.map(str::to_owned).collect();
    let midnight = from.as_second().rem_euclid(86_400);
    let mut rows = Vec::new();
    for line in lines.take_while(|line| !line.is_empty()).take(MOST) {
        let mut words = line.split_ascii_whitespace();
        // `min`, `avg` and `max` stand below.
        let Some(second) = words.next().and_then(clock) else { break };
        let name = if named { words.next().unwrap_or("") } else { "" };
        let cells = words.map(|word| word.parse().ok().filter(|n: &f64| n.is_finite())).collect();
        rows.push(((second - midnight).rem_euclid(86_400), name.to_owned(), cells));
    }
    (!rows.is_empty()).then_some(Sample { from: Some(from), columns, rows })
}

fn clock(text: &str) -> Option<i64> {
    let parts = text.split(':').map(|part| part.parse::<i64>().ok());
    let parts: Vec<i64> = parts.collect::<Option<_>>()?;
    match parts[..] {
        [hour, minute, second] if hour < 24 && minute < 60 && second < 61 => {
            Some(hour * 3600 + minute * 60 + second)
        }
        _ => None,
    }
}

/// `vmstat 1`: two lines of headings, then the time since boot, then a line a second.
fn vmstat(doc: &Doc) -> Option<Sample> {
    let mut lines = doc.text.lines().skip_while(|line| !line.trim_start().starts_with("r "));
    let columns: Vec<String> = lines.next()?.split_ascii_whitespace().map(str::to_owned).collect();
    let rows = lines.skip(1).take(MOST).filter(|line| !line.contains('r')).zip(1..).map(|(line, second)| {
        let cells = line.split_ascii_whitespace().map(|word| word.parse().ok()).collect();
        (second, String::new(), cells)
    });
    let rows: Vec<_> = rows.collect();
    (!rows.is_empty()).then_some(Sample { from: None, columns, rows })
}

#[cfg(test)]
mod tests {
    use super::{super::docs, *};

    #[test]
    fn native_samplers_and_vmstat() {
        let cpu = "\
# From 2026-11-30T23:59:58Z (UTC)
# All 2 CPUs
time       %us   %ni   %sy   %id
23:59:59  72.0   4.5  23.0   0.5
00:00:00  87.0   5.5   7.5     -
min       72.0   4.5   7.5   0.5

# Each CPU
";
        let disk = "# From 2026-11-30T13:54:01Z (UTC)\ntime     device r/s %util\n13:54:02 vda 34.7 2.5\n13:54:02 vdb 1 90\n13:54:03 vda 3 4.5\n";
        let vmstat = "--procs-- ---memory---\n r  b swpd us id\n13 0 0 59 33\n10 1 0 76 0\n6 1 0 93 0\n";
        let told =
            read(&docs(&[("samples/sample-cpu", cpu), ("samples/sample-disk", disk), ("vmstat", vmstat)]));
        let cpu = told.cpu.unwrap();
        assert_eq!(cpu.column("", "%us"), [(1, Some(72.0)), (2, Some(87.0))]);
        assert_eq!(cpu.column("", "%id"), [(1, Some(0.5)), (2, None)]);
        let disks = told.disks.unwrap();
        assert_eq!(disks.names(), ["vda", "vdb"]);
        assert_eq!(disks.mean("vda", "%util"), Some(3.5));
        assert_eq!(told.vmstat.unwrap().column("", "us"), [(1, Some(76.0)), (2, Some(93.0))]);
        assert!(told.memory.is_none());
    }
}
