//! Finds the window in a large plain file by its lines' times: some dozens of small reads.
//!
//! Exact whatever a probe hits: the part that is read begins 4 MiB before a line that is older than the
//! window by more than the slack, and ends 4 MiB behind one that is younger by more. Probes only decide where
//! to look for such lines; a stray time misleads one probe of many lines by no more than the reading of more.

use super::{
    filter::Filter,
    lines::Lines,
    plain::Plain,
    times::{Moment, Times},
};
use crate::host;

/// Samples over the whole file: they show whether its times rise at all.
const SAMPLES: u64 = 32;
/// A probe reads that much, or more until it meets a few times: one alone may be astray.
const BLOCK: u64 = 16 << 10;
const FEW: usize = 8;
const MANY_BYTES: u64 = 256 << 10;
/// A probe passes so many bytes without a time: a file's hole may be endless.
const BARREN: u64 = 4 << 20;

/// How often a part is looked at for where about its lines are, and how near that is to be.
const LOOKS: u64 = 8;
const NEAR: u64 = 64 << 10;

/// What a few neighbouring lines tell.
#[derive(Debug, Clone)]
struct Probe {
    at: u64,
    median: Moment,
    seen: Vec<(u64, Moment)>,
}

/// The part of a file that has all lines of the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    /// Its first byte; a line may have begun before.
    pub(super) from: u64,
    /// The byte behind it.
    pub(super) to: u64,
    /// The times of the file rise, so that the part can be trusted; else it is all of the file.
    pub(super) rises: bool,
    /// Whether a sample has a time (a small file is not sampled).
    pub(super) timed: bool,
}

/// Searches one file.
pub(super) struct Search<'a> {
    pub(super) plain: &'a mut Plain,
    pub(super) lines: &'a mut Lines,
    pub(super) times: &'a mut Times,
}

impl Search<'_> {
    /// The part in which the window is.
    pub(super) fn part(&mut self, filter: &Filter) -> Result<Part, host::Error> {
        let len = self.plain.len;
        let slack = filter.slack();
        let whole = Part { from: 0, to: len, rises: true, timed: false };
        if len <= slack.bytes.saturating_mul(2) {
            return Ok(whole);
        }
        let mut samples = Vec::new();
        for i in 0..SAMPLES {
            let at = len / SAMPLES * i;
            samples.extend(self.probe(at, at + len / SAMPLES)?);
        }
        // Behind a hole, as copytruncate leaves one, there may be only little, at the end.
        samples.extend(self.probe(len.saturating_sub(MANY_BYTES).max(len / SAMPLES * (SAMPLES - 1)), len)?);
        if samples.is_empty() {
            return Ok(whole);
        }
        if !rise(&samples, slack.time) {
            return Ok(Part { rises: false, timed: true, ..whole });
        }
        let (older, _) = self.edges(&samples, filter.threshold(), slack.bytes / 4)?;
        let (_, younger) = self.edges(&samples, filter.horizon(), slack.bytes / 4)?;
        let from = older.map_or(0, |at| at.saturating_sub(slack.bytes));
        let to = younger.map_or(len, |at| at.saturating_add(slack.bytes).min(len));
        Ok(Part { from, to: to.max(from), timed: true, ..whole })
    }

    /// About where the window's lines begin and end in the part `from..to`; all of it where no line has a time.
    pub(super) fn extent(&mut self, from: u64, to: u64, filter: &Filter) -> Result<(u64, u64), host::Error> {
        let step = to.saturating_sub(from) / LOOKS;
        let mut samples = Vec::new();
        for number in 0..LOOKS {
            let at = from + step * number;
            samples.extend(self.probe(at, at + step)?);
        }
        if samples.is_empty() || !rise(&samples, filter.slack().time) {
            return Ok((from, to));
        }
        let (since, behind) = filter.ends();
        let (older, _) = self.edges(&samples, since, NEAR)?;
        let (_, younger) = self.edges(&samples, behind, NEAR)?;
        Ok((older.unwrap_or(from).clamp(from, to), younger.unwrap_or(to).clamp(from, to)))
    }

    /// The last known line older than `target`, and the first known one that is not, both by what most of their neighbours say.
    fn edges(
        &mut self,
        samples: &[Probe],
        target: i64,
        grain: u64,
    ) -> Result<(Option<u64>, Option<u64>), host::Error> {
        let split = samples.partition_point(|probe| probe.median.late < target);
        let left = split.checked_sub(1).and_then(|i| samples.get(i));
        let right = samples.get(split);
        let mut older = left.and_then(|probe| probe.older(target));
        let mut younger = right.and_then(|probe| probe.younger(target));
        let mut from = left.map_or(0, |probe| probe.at);
        let mut to = right.map_or(self.plain.len, |probe| probe.at);
        while to.saturating_sub(from) > grain.max(1) {
            let middle = from + (to - from) / 2;
            match self.probe(middle, to)? {
                Some(probe) if probe.median.late < target => {
                    older = probe.older(target).or(older);
                    from = middle;
                }
                Some(probe) => {
                    younger = probe.younger(target).or(younger);
                    to = middle;
                }
                // No line near here has a time; those before it decide, which reads more at the worst.
                None => to = middle,
            }
        }
        Ok((older, younger))
    }

    /// Looks at the lines that begin from `at` on; those without times are passed until `to`.
    fn probe(&mut self, at: u64, to: u64) -> Result<Option<Probe>, host::Error> {
        let to = to.min(at.saturating_add(BARREN));
        let mut offset = at.saturating_sub(1);
        self.lines.restart(usize::try_from(BLOCK).unwrap_or(usize::MAX), at > 0);
        let mut span = self.plain.span(offset, self.plain.len);
        let mut seen: Vec<(u64, Moment)> = Vec::new();
        while let Some(line) = self.lines.next(&mut span)? {
            let begins = offset;
            offset += line.range.len() as u64;
            let enough = match seen.len() {
                0 => begins >= to,
                1..FEW => begins >= at + MANY_BYTES,
                _ => begins >= at + BLOCK,
            };
            if enough {
                break;
            }
            if let Some(moment) = line.fresh.then(|| self.times.of(self.lines.bytes(&line))).flatten() {
                seen.push((begins, moment));
            }
        }
        Ok(Probe::of(seen))
    }
}

impl Probe {
    fn of(seen: Vec<(u64, Moment)>) -> Option<Self> {
        let at = seen.first()?.0;
        let mut moments: Vec<_> = seen.iter().map(|(_, moment)| *moment).collect();
        moments.sort_by_key(|moment| moment.late);
        let median = *moments.get(moments.len() / 2)?;
        Some(Self { at, median, seen })
    }

    /// The first line that is older than `target` whatever its time means.
    fn older(&self, target: i64) -> Option<u64> {
        self.seen.iter().find(|(_, moment)| moment.late < target).map(|(at, _)| *at)
    }

    /// The last line that is not.
    fn younger(&self, target: i64) -> Option<u64> {
        self.seen.iter().rfind(|(_, moment)| moment.early >= target).map(|(at, _)| *at)
    }
}

/// Whether each sample is no older than those before it, but for the slack.
fn rise(samples: &[Probe], slack: i64) -> bool {
    let mut newest = i64::MIN;
    samples.iter().all(|probe| {
        let fits = probe.median.late.saturating_add(slack) >= newest;
        newest = newest.max(probe.median.early);
        fits
    })
}
