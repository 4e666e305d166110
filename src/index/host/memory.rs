//! Memory, swap, and pressure stall information.

use super::super::{
    docs::{Doc, Docs},
    place::Place,
};

/// Memory and swap, in bytes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Memory {
    /// All of it.
    pub total: Option<u64>,
    /// What programs could still get without swapping.
    pub available: Option<u64>,
    /// Swap.
    pub swap: Option<u64>,
    /// Swap that is not used.
    pub swap_free: Option<u64>,
    /// Where what is available stands.
    pub place: Option<Place>,
    /// Where swap stands.
    pub swap_place: Option<Place>,
}

/// How long tasks waited for a resource.
#[derive(Debug, Clone, PartialEq)]
pub struct Pressure {
    /// `cpu`, `memory` or `io`.
    pub resource: &'static str,
    /// Whether all tasks that were not idle waited (`full`), or at least one (`some`).
    pub full: bool,
    /// Shares of the last 10, 60 and 300 seconds in percent.
    pub shares: [f64; 3],
    /// Where it stands.
    pub place: Place,
}

/// Of `/proc/meminfo`, or of `free -m`.
pub(super) fn read(docs: &Docs) -> Memory {
    if let Some(doc) = docs.any(&["meminfo", "proc/meminfo"]) {
        let field = |name: &str| {
            let kib: u64 = doc.value(name)?.split_ascii_whitespace().next()?.parse().ok()?;
            kib.checked_mul(1024)
        };
        let place = |name: &str| doc.line_with(name).map(|(number, line)| doc.place(number, line));
        return Memory {
            total: field("MemTotal"),
            available: field("MemAvailable"),
            swap: field("SwapTotal"),
            swap_free: field("SwapFree"),
            place: place("MemAvailable"),
            swap_place: place("SwapFree"),
        };
    }
    docs.get("free_m").map(free).unwrap_or_default()
}

/// `total used free shared buff/cache available`, in MiB.
fn free(doc: &Doc) -> Memory {
    let row = |name: &str| {
        let (number, line) = doc.line_with(name)?;
        let cells: Vec<u64> = line.split_ascii_whitespace().skip(1).map_while(|n| n.parse().ok()).collect();
        Some((cells, doc.place(number, line)))
    };
    let bytes = |row: &Option<(Vec<u64>, Place)>, at: usize| {
        row.as_ref().and_then(|(cells, _)| cells.get(at)?.checked_mul(1 << 20))
    };
    let (memory, swap) = (row("Mem:"), row("Swap:"));
    Memory {
        total: bytes(&memory, 0),
        available: bytes(&memory, 5),
        swap: bytes(&swap, 0),
        swap_free: bytes(&swap, 2),
        place: memory.map(|(_, place)| place),
        swap_place: swap.map(|(_, place)| place),
    }
}

/// Of the files below `/proc/pressure`.
pub(super) fn pressure(docs: &Docs) -> Vec<Pressure> {
    let mut all = Vec::new();
    for (resource, name) in
        [("cpu", "pressure_cpu.txt"), ("memory", "pressure_mem.txt"), ("io", "pressure_io.txt")]
    {
        let Some(doc) = docs.get(name) else { continue };
        for (number, line) in doc.lines() {
            let share = |name: &str| -> Option<f64> {
                line.split(' ').find_map(|word| word.strip_prefix(name)?.strip_prefix('='))?.parse().ok()
            };
            let (Some(ten), Some(sixty), Some(long)) = (share("avg10"), share("avg60"), share("avg300"))
            else {
                continue;
            };
            let full = line.starts_with("full");
            all.push(Pressure { resource, full, shares: [ten, sixty, long], place: doc.place(number, line) });
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::{super::docs, *};

    #[test]
    fn meminfo_and_free_tell_the_same() {
        let meminfo = "MemTotal:       1024 kB\nMemAvailable:    512 kB\nSwapTotal: 0 kB\nSwapFree:  0 kB\n";
        let told = read(&docs(&[("meminfo", meminfo)]));
        assert_eq!((told.total, told.available, told.swap), (Some(1 << 20), Some(1 << 19), Some(0)));
        let free = "     total used free shared buff/cache available\nMem: 4 1 1 0 2 3\nSwap: 2 1 1\n";
        let told = read(&docs(&[("free_m", free)]));
        assert_eq!((told.total, told.available), (Some(4 << 20), Some(3 << 20)));
        assert_eq!((told.swap, told.swap_free), (Some(2 << 20), Some(1 << 20)));
        assert_eq!(read(&docs(&[])), Memory::default());
    }

    #[test]
    fn pressure_has_three_shares() {
        let text = "some avg10=31.20 avg60=22.87 avg300=9.40 total=4\nfull avg10=1.00 avg60=2.00 avg300=3.00 total=2\nx\n";
        let all = pressure(&docs(&[("pressure_mem.txt", text)]));
        assert_eq!(all.len(), 2);
        assert_eq!((all[1].resource, all[1].full, all[1].shares), ("memory", true, [1.0, 2.0, 3.0]));
    }
}
