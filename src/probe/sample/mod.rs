//! Samplers: counters read once a second over a common window, shown as rates.
//!
//! A row is sent as soon as it is known, so that a stopped run keeps what it has seen. Where time
//! stands still (below a sysroot, in a recorded bundle) there is one row: the averages since boot.
//! All samplers of a run share the window, so that their rows stand side by side.

pub(crate) mod cpu;
pub(crate) mod disk;
pub(crate) mod memory;
pub(crate) mod network;
pub(crate) mod pressure;
pub(crate) mod processes;
mod strip;

use std::time::Duration;

use self::strip::Figure;
use super::{page::Sink, proc};
use crate::host::{Error, Flow, Host};

const SECOND: Duration = Duration::from_secs(1);
/// Seconds that a sampler takes.
const WINDOW: usize = super::SAMPLING.as_secs() as usize;

/// What one sampler reads and how it shows it.
trait Sampler {
    /// Counters at one moment; the default stands for the moment of boot.
    type Sample: Default;
    /// Seconds between samples.
    fn step(&self) -> usize {
        1
    }
    /// Reads the counters.
    fn take(&mut self, host: &dyn Host) -> Result<Self::Sample, Error>;
    /// What stands above the rows.
    fn head(&mut self, first: &Self::Sample) -> String;
    /// The rows of one interval.
    fn rows(&mut self, interval: &Interval<'_, Self::Sample>) -> String;
    /// The summary.
    fn close(&mut self) -> String;
}

/// Two moments and what lies between.
struct Interval<'a, S> {
    /// The time at its end, or `boot`.
    label: String,
    /// Which one it is, from 0.
    number: usize,
    /// Whether it began at boot, when all counters were 0.
    boot: bool,
    seconds: f64,
    before: &'a S,
    now: &'a S,
}

impl<S> Interval<'_, S> {
    /// What a counter gained; `None` where one end is not known, or it stepped back.
    fn gain(&self, counter: impl Fn(&S) -> Option<u64>) -> Option<f64> {
        let before = if self.boot { Some(0) } else { counter(self.before) };
        proc::gained(before?, counter(self.now)?)
    }

    /// What was there before of a device that is there now; one that just came has no past.
    fn past<T: Copy + Default>(&self, before: Option<&T>) -> Option<T> {
        if self.boot { Some(T::default()) } else { before.copied() }
    }

    fn rate(&self, counter: impl Fn(&S) -> Option<u64>) -> Figure {
        Figure::rate(self.gain(counter), self.seconds)
    }

    fn gauge(&self, value: Option<u64>, unit: f64) -> Figure {
        Figure::new(value.map(|value| value as f64 / unit), self.seconds)
    }
}

/// When a sample was taken.
struct Moment {
    clock: jiff::Timestamp,
    /// Seconds since boot, from a clock that nobody sets.
    up: Option<f64>,
}

impl Moment {
    fn of(host: &dyn Host) -> Self {
        Self { up: uptime(host), clock: host.now() }
    }

    /// Seconds since an earlier moment. The wall clock is finer, but it may be set; /proc/uptime has
    /// hundredths.
    fn since(&self, before: &Self) -> f64 {
        let clock = self.clock.duration_since(before.clock).as_secs_f64();
        let up = self.up.zip(before.up).map(|(now, before)| now - before);
        match up {
            Some(up) if (clock - up).abs() > 0.05 => up,
            _ => clock,
        }
        .max(0.001)
    }

    fn label(&self) -> String {
        self.clock.strftime("%H:%M:%S").to_string()
    }
}

/// Seconds since boot.
pub(crate) fn uptime(host: &dyn Host) -> Option<f64> {
    let line = proc::word(host, "/proc/uptime").ok()?;
    line.split_whitespace().next()?.parse().ok().filter(|up: &f64| up.is_finite() && *up >= 0.0)
}

/// Reads, waits, reads again; an error only if the first reading fails.
fn run<S: Sampler>(host: &dyn Host, sink: Sink<'_>, mut sampler: S) -> Result<(), Error> {
    let mut at = Moment::of(host);
    let mut before = sampler.take(host)?;
    let mut text = format!("# From {} (UTC)\n", at.clock.strftime("%Y-%m-%dT%H:%M:%SZ"));
    text.push_str(&sampler.head(&before));
    let (mut taken, mut passed) = (0, 0);
    while passed < WINDOW {
        if sink(text.as_bytes()) == Flow::Stop {
            return Ok(());
        }
        text.clear();
        let step = sampler.step();
        if host.wait(SECOND * u32::try_from(step).unwrap_or(1)) == Flow::Stop {
            break;
        }
        passed += step;
        let then = Moment::of(host);
        match sampler.take(host) {
            Ok(now) => {
                let (seconds, label) = (then.since(&at), then.label());
                text = sampler.rows(&Interval {
                    label,
                    number: taken,
                    boot: false,
                    seconds,
                    before: &before,
                    now: &now,
                });
                (before, at, taken) = (now, then, taken + 1);
            }
            Err(error) => text = format!("{}  not readable: {}\n", then.label(), error.reason()),
        }
    }
    if taken == 0 {
        text.push_str(&since_boot(&mut sampler, &before, at.up));
    } else if passed < WINDOW {
        text.push_str(&format!("(ended early, after {passed} of {WINDOW} s)\n"));
    }
    text.push_str(&sampler.close());
    sink(text.as_bytes());
    Ok(())
}

fn since_boot<S: Sampler>(sampler: &mut S, now: &S::Sample, up: Option<f64>) -> String {
    let Some(seconds) = up.filter(|up| *up > 0.0) else {
        return "(no interval was sampled, and the time since boot is not known)\n".to_owned();
    };
    let mut text = "(no interval was sampled: averages since boot)\n".to_owned();
    let before = S::Sample::default();
    text.push_str(&sampler.rows(&Interval {
        label: "boot".to_owned(),
        number: 0,
        boot: true,
        seconds,
        before: &before,
        now,
    }));
    text
}
