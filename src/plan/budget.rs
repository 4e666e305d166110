//! Shares the room of a bundle among the logs, before anything is taken: small ones come whole, the
//! largest give way first, and what its collector calls more important gives way last.
//!
//! What a log will need is known only about: so much of it is inside the window, and its samples
//! compress so well. Where that was too hopeful, `Item::until` keeps the others' room free.

use std::{cmp::Reverse, collections::BTreeMap, path::PathBuf};

use super::{Item, Take, Wishes};
use crate::{
    catalog::Importance,
    host::{Host, zone},
    logs::{Cap, Giver, LogFile, Packing, Survey},
    pack::Gauge,
};

/// Logs that are looked into, the largest first; the others are judged by them.
const SURVEYED: usize = 256;
/// What the bundle has of its own, and what every entry takes of that (its header, its part of the manifest).
const OWN: u64 = 6 << 10;
const EACH: u64 = 180;
/// What a command, a probe or an answer comes to, as a rule.
const OUTPUT: u64 = 1200;
/// What files of /proc come to: they have no size.
const NO_SIZE: u64 = 350;
/// How text compresses that nobody looked at.
const USUAL: f64 = 0.2;
/// Of the room, this part is kept for what commands may tell beyond what they do as a rule.
const KEPT_FOR_OUTPUTS: u64 = 8;
/// Every log has at least this part of its even share, whatever others are more important.
const FLOOR: u64 = 4;

/// What the run comes to, before it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Estimate {
    /// Compressed bytes of the bundle, about.
    pub bytes: u64,
    /// Logs that have to give way to `--max-bundle`.
    pub shortened: usize,
}

/// A log with its rotated files: they share what it gets, the newest first.
#[derive(Debug)]
struct Log {
    importance: Importance,
    /// The items of its files, the newest first: index, bytes inside, compressed bytes for each.
    files: Vec<(usize, u64, f64)>,
    /// Compressed bytes that it needs, and those that it gets.
    needs: u64,
    gets: u64,
}

/// Sets what each log may take and how far each entry may reach, and tells what it all comes to.
pub(super) fn share(host: &dyn Host, wishes: &Wishes, items: &mut [Item]) -> Estimate {
    let (files, outputs) = others(host, items);
    let own = OWN + EACH * items.len() as u64;
    let kept = outputs.max(wishes.max_bundle.unwrap_or(0) / KEPT_FOR_OUTPUTS);
    // A twentieth is kept for what was judged too well.
    let room = wishes.max_bundle.map(|most| (most - most / 20).saturating_sub(own + files + kept));
    let ratios = if wishes.estimate || room.is_some_and(|room| may_exceed(items, room)) {
        survey(host, wishes, items)
    } else {
        BTreeMap::new()
    };
    let mut logs = logs(items, &ratios, wishes.max_log);
    logs.iter_mut().for_each(|log| log.gets = log.needs);
    let mut shortened = 0;
    if let Some((most, room)) = wishes.max_bundle.zip(room) {
        give(&mut logs, room);
        for log in logs.iter().filter(|log| log.gets < log.needs) {
            shortened += 1;
            let cap = log.cap();
            log.files.iter().for_each(|(index, ..)| items[*index].lower_cap(cap));
        }
        fence(items, &logs, most.saturating_sub(own), kept);
    }
    let gets: u64 = logs.iter().map(|log| log.gets).sum();
    Estimate { bytes: own + files + outputs + gets, shortened }
}

/// Whether the logs could need more than this, however they compress.
fn may_exceed(items: &[Item], room: u64) -> bool {
    let all: u64 = items.iter().filter(|item| item.log().is_some()).filter_map(Item::size).sum();
    all + all / 50 > room
}

/// How each log compresses, by item; sets how much of it is inside.
fn survey(host: &dyn Host, wishes: &Wishes, items: &mut [Item]) -> BTreeMap<usize, f64> {
    let zone = zone::of(host);
    let mut gauge = Gauge::default();
    let mut by_size: Vec<usize> = (0..items.len()).filter(|index| items[*index].log().is_some()).collect();
    by_size.sort_by_key(|index| Reverse(items[*index].log().map_or(0, |file| file.stat.len)));
    let mut ratios = BTreeMap::new();
    let (mut packed, mut looked_at) = (0.0, 0.0);
    for index in by_size.iter().copied().take(SURVEYED) {
        let Some(file) = items[index].log() else { continue };
        let survey = Survey::of(host, file, &wishes.window, &zone);
        if let Some(ratio) = survey.packed.or_else(|| gauge.ratio(&survey.samples.concat())) {
            packed += survey.inside as f64 * ratio;
            looked_at += survey.inside as f64;
            ratios.insert(index, ratio);
        }
        items[index].set_inside(survey.inside);
    }
    let mean = if looked_at > 0.0 { packed / looked_at } else { USUAL };
    for index in by_size {
        ratios.entry(index).or_insert(mean);
    }
    ratios
}

/// The logs of the plan, each with all its files.
fn logs(items: &[Item], ratios: &BTreeMap<usize, f64>, max_log: Option<u64>) -> Vec<Log> {
    let mut logs: BTreeMap<PathBuf, Log> = BTreeMap::new();
    for (index, item) in items.iter().enumerate() {
        let Take::Log { file, importance, inside, .. } = &item.take else { continue };
        let log = logs.entry(file.log.clone()).or_insert_with(|| Log {
            importance: *importance,
            files: Vec::new(),
            needs: 0,
            gets: 0,
        });
        log.importance = log.importance.max(*importance);
        log.files.push((index, *inside, ratios.get(&index).copied().unwrap_or(USUAL)));
    }
    let mut logs: Vec<Log> = logs.into_values().collect();
    for log in &mut logs {
        let mut left = max_log.unwrap_or(u64::MAX);
        for (_, inside, ratio) in &mut log.files {
            *inside = (*inside).min(left);
            left -= *inside;
            log.needs += (*inside as f64 * *ratio) as u64;
        }
    }
    logs
}

/// What files and outputs come to, compressed.
fn others(host: &dyn Host, items: &[Item]) -> (u64, u64) {
    let mut gauge = Gauge::default();
    let (mut files, mut outputs) = (0, 0);
    for item in items {
        match &item.take {
            Take::File { path, .. } => {
                let ratio = host.open(path).ok().and_then(|mut file| {
                    let mut sample = vec![0; 64 << 10];
                    let n = file.read_at(0, &mut sample).ok()?;
                    gauge.ratio(sample.get(..n)?)
                });
                let size = item.size().unwrap_or(0);
                files += if size == 0 { NO_SIZE } else { (size as f64 * ratio.unwrap_or(USUAL)) as u64 };
            }
            Take::Command { .. } | Take::Part { .. } | Take::Probe(_) | Take::Http { .. } => {
                outputs += OUTPUT
            }
            Take::Log { .. } | Take::Leave { .. } => {}
        }
    }
    (files, outputs)
}

/// Gives each log its share of `room`: first a floor to all, then to the more important ones what
/// they need, in which the largest give way first.
fn give(logs: &mut [Log], room: u64) {
    let Ok(number) = u64::try_from(logs.len().max(1)) else { return };
    let floor = room / FLOOR / number;
    logs.iter_mut().for_each(|log| log.gets = log.needs.min(floor));
    let mut left = room.saturating_sub(logs.iter().map(|log| log.gets).sum());
    for importance in [Importance::High, Importance::Normal, Importance::Low] {
        let mut alike: Vec<&mut Log> = logs.iter_mut().filter(|log| log.importance == importance).collect();
        alike.sort_by_key(|log| log.needs);
        let mut others = alike.len() as u64;
        for log in alike {
            let more = (log.needs - log.gets).min(left / others);
            log.gets += more;
            left -= more;
            others -= 1;
        }
    }
}

impl Log {
    /// What it gets as bytes of lines, the newest first.
    fn cap(&self) -> Cap {
        let (mut left, mut bytes) = (self.gets as f64, 0.0);
        for (_, inside, ratio) in &self.files {
            let taken = (*inside as f64).min(left / ratio.max(1e-3));
            bytes += taken;
            left -= taken * ratio;
        }
        Cap { bytes: bytes as u64, by: Giver::MaxBundle }
    }
}

/// How far each entry may reach: what is packed later keeps its share, whatever comes before it needs.
fn fence(items: &mut [Item], logs: &[Log], end: u64, kept: u64) {
    let mut shares: BTreeMap<usize, u64> = BTreeMap::new();
    for log in logs {
        let mut left = log.gets;
        for (index, inside, ratio) in &log.files {
            let share = left.min((*inside as f64 * ratio) as u64);
            shares.insert(*index, share);
            left -= share;
        }
    }
    let mut after: u64 = shares.values().sum();
    for (index, item) in items.iter_mut().enumerate() {
        after -= shares.get(&index).copied().unwrap_or(0);
        item.until = Some(match item.take {
            Take::File { .. } | Take::Log { .. } => end.saturating_sub(kept + after),
            _ => end,
        });
    }
}

impl Item {
    fn log(&self) -> Option<&LogFile> {
        match &self.take {
            Take::Log { file, .. } if !matches!(file.packing, Packing::Unsupported(_)) => Some(file),
            _ => None,
        }
    }

    fn set_inside(&mut self, bytes: u64) {
        if let Take::Log { inside, .. } = &mut self.take {
            *inside = bytes;
        }
    }

    fn lower_cap(&mut self, lower: Cap) {
        if let Take::Log { cap, .. } = &mut self.take {
            *cap = Some(cap.filter(|cap| cap.bytes <= lower.bytes).unwrap_or(lower));
        }
    }
}
