//! /proc/stat: what the CPUs did since boot, in ticks.

use std::collections::BTreeMap;

use super::gained;

/// The states of a CPU in the order of /proc/stat; guests are part of user and nice.
pub(crate) const STATES: [&str; 8] = ["us", "ni", "sy", "id", "wa", "hi", "si", "st"];
const IDLE: usize = 3;
const WAITING: usize = 4;

/// Ticks in each of `STATES`.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Cpu(pub(crate) [u64; 8]);

/// How a CPU's time divides, in percent; a state whose counter stepped back is `None` (iowait
/// may, see proc(5)).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Shares {
    /// One for each of `STATES`.
    pub(crate) states: [Option<f64>; 8],
    /// All ticks of the interval.
    pub(crate) ticks: f64,
}

impl Cpu {
    fn parse(words: std::str::SplitWhitespace<'_>) -> Self {
        let mut cpu = Self::default();
        for (state, word) in cpu.0.iter_mut().zip(words) {
            *state = word.parse().unwrap_or(0);
        }
        cpu
    }

    /// The shares of the interval since `before`.
    pub(crate) fn since(&self, before: &Self) -> Shares {
        let mut states = [None; 8];
        for (state, (now, before)) in states.iter_mut().zip(self.0.iter().zip(&before.0)) {
            *state = gained(*before, *now);
        }
        let ticks: f64 = states.iter().flatten().sum();
        for state in &mut states {
            *state = state.filter(|_| ticks > 0.0).map(|gain| gain * 100.0 / ticks);
        }
        Shares { states, ticks }
    }
}

impl Shares {
    /// All but idle and waiting for I/O.
    pub(crate) fn busy(&self) -> Option<f64> {
        (self.ticks > 0.0).then(|| {
            let calm: f64 = [self.states[IDLE], self.states[WAITING]].iter().flatten().sum();
            (100.0 - calm).max(0.0)
        })
    }

    /// Ticks that were neither idle nor waiting.
    pub(crate) fn busy_ticks(&self) -> f64 {
        self.busy().unwrap_or(0.0) * self.ticks / 100.0
    }
}

/// /proc/stat, as far as it is understood.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Stat {
    /// All CPUs together.
    pub(crate) all: Cpu,
    /// By number; those that are offline are missing.
    pub(crate) cpus: BTreeMap<u32, Cpu>,
    /// Interrupts since boot.
    pub(crate) interrupts: Option<u64>,
    /// Context switches since boot.
    pub(crate) switches: Option<u64>,
    /// Processes and threads made since boot.
    pub(crate) forks: Option<u64>,
    /// Runnable now.
    pub(crate) running: Option<u64>,
    /// Waiting for I/O now.
    pub(crate) blocked: Option<u64>,
    /// Boot, in seconds since 1970.
    pub(crate) boot: Option<i64>,
}

impl Stat {
    /// `None` without the line of all CPUs.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut stat = Self::default();
        let mut known = false;
        for line in text.lines() {
            let mut words = line.split_whitespace();
            let Some(name) = words.next() else { continue };
            match name {
                "cpu" => {
                    stat.all = Cpu::parse(words);
                    known = true;
                }
                "intr" => stat.interrupts = first(words),
                "ctxt" => stat.switches = first(words),
                "processes" => stat.forks = first(words),
                "procs_running" => stat.running = first(words),
                "procs_blocked" => stat.blocked = first(words),
                "btime" => stat.boot = first(words),
                _ => {
                    if let Some(Ok(number)) = name.strip_prefix("cpu").map(str::parse) {
                        stat.cpus.insert(number, Cpu::parse(words));
                    }
                }
            }
        }
        known.then_some(stat)
    }
}

fn first<T: std::str::FromStr>(mut words: std::str::SplitWhitespace<'_>) -> Option<T> {
    words.next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_the_interval() {
        let before = Cpu([100, 0, 100, 800, 0, 0, 0, 0]);
        let now = Cpu([150, 0, 125, 900, 25, 0, 0, 0]);
        let shares = now.since(&before);
        assert_eq!(shares.ticks, 200.0);
        assert_eq!(shares.states[0], Some(25.0));
        assert_eq!(shares.states[3], Some(50.0));
        assert_eq!(shares.busy(), Some(37.5));
        assert_eq!(shares.busy_ticks(), 75.0);
    }

    #[test]
    fn iowait_that_decreases_is_unknown_and_the_rest_still_sums_to_100() {
        let before = Cpu([0, 0, 0, 0, 50, 0, 0, 0]);
        let now = Cpu([50, 0, 0, 50, 49, 0, 0, 0]);
        let shares = now.since(&before);
        assert_eq!(shares.states[4], None);
        assert_eq!(shares.states.iter().flatten().sum::<f64>(), 100.0);
    }

    #[test]
    fn no_time_passed_is_unknown_not_nan() {
        let shares = Cpu::default().since(&Cpu::default());
        assert_eq!(shares.states, [None; 8]);
        assert_eq!(shares.busy(), None);
    }

    #[test]
    fn malformed_lines_are_left_out() {
        let stat = Stat::parse("cpu  1 x 3\ncpu0 1\ncpux 9\nctxt\nbtime abc\n\n").unwrap();
        assert_eq!(stat.all.0, [1, 0, 3, 0, 0, 0, 0, 0]);
        assert_eq!(stat.cpus.len(), 1);
        assert_eq!((stat.switches, stat.boot), (None, None));
        assert_eq!(Stat::parse("cpu0 1 2 3"), None);
    }
}
