//! Pressure stall information: /proc/pressure/* and a cgroup's *.pressure.

/// One line: shares of time in percent, and the total since boot in microseconds.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(crate) struct Stall {
    /// Over 10 s, 60 s and 300 s.
    pub(crate) averages: [f64; 3],
    /// Microseconds since boot.
    pub(crate) total: u64,
}

/// One resource. Old kernels have no `full` line for the CPU.
#[derive(Debug, Default, Clone, Copy, PartialEq)]
pub(crate) struct Pressure {
    /// At least one task waited.
    pub(crate) some: Option<Stall>,
    /// All tasks that were not idle waited.
    pub(crate) full: Option<Stall>,
}

impl Pressure {
    /// Lines that are not understood are left out.
    pub(crate) fn parse(text: &str) -> Self {
        let mut pressure = Self::default();
        for line in text.lines() {
            match line.split_once(' ') {
                Some(("some", rest)) => pressure.some = stall(rest),
                Some(("full", rest)) => pressure.full = stall(rest),
                _ => {}
            }
        }
        pressure
    }
}

fn stall(text: &str) -> Option<Stall> {
    let mut stall = Stall::default();
    let mut total = None;
    for (name, value) in text.split_whitespace().filter_map(|word| word.split_once('=')) {
        match name {
            "avg10" => stall.averages[0] = value.parse().ok()?,
            "avg60" => stall.averages[1] = value.parse().ok()?,
            "avg300" => stall.averages[2] = value.parse().ok()?,
            "total" => total = Some(value.parse().ok()?),
            _ => {}
        }
    }
    stall.total = total?;
    Some(stall)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lines_or_one() {
        let text = "some avg10=1.50 avg60=0.10 avg300=0.00 total=123\nfull avg10=x total=1\n";
        let pressure = Pressure::parse(text);
        assert_eq!(pressure.some, Some(Stall { averages: [1.5, 0.1, 0.0], total: 123 }));
        assert_eq!(pressure.full, None);
    }
}
