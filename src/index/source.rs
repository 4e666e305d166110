//! The entries of a bundle, read by several threads: glsos's own by their places, the largest first; any
//! other archive as one stream whose members are handed out. What each told is put together in a fixed
//! order, so that one bundle gives one result.

use std::{
    collections::BTreeMap,
    fs::File,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use jiff::{Timestamp, tz::TimeZone};

use super::part::{Job, Part, read};
use crate::{
    pack::manifest::Entry,
    read::{Archive, Bundle, Kind},
};

/// Threads at most; more would only wait for the file.
const THREADS: usize = 4;
/// Members of a stranger's archive that are read.
const MOST_MEMBERS: usize = 100_000;
/// Bytes on their way from the archive to a reader.
const PIECE: usize = 256 << 10;
const PIECES: usize = 4;

/// Puts parts together in the order of their numbers.
struct Merger<'a> {
    next: usize,
    waiting: BTreeMap<usize, Part>,
    take: &'a mut (dyn FnMut(Part) + Send),
}

impl Merger<'_> {
    fn add(&mut self, number: usize, part: Part) {
        self.waiting.insert(number, part);
        while let Some(part) = self.waiting.remove(&self.next) {
            self.next += 1;
            (self.take)(part);
        }
    }
}

fn threads() -> usize {
    thread::available_parallelism().map_or(2, usize::from).clamp(1, THREADS)
}

/// Reads all entries of a bundle of glsos; what can't be read is a part with its trouble.
pub(super) fn own(bundle: &Bundle, zone: &TimeZone, take: &mut (dyn FnMut(Part) + Send)) {
    let mut end = 0;
    let mut entries: Vec<(&Entry, Option<&'static str>)> = Vec::new();
    for entry in bundle.manifest().entries.iter().filter(|entry| entry.present) {
        entries.push((entry, bundle.places_follow(entry, &mut end).err()));
    }
    // The sort is stable: equals stay in the order of the archive.
    entries.sort_by_key(|(entry, _)| std::cmp::Reverse(entry.bytes));
    let merger = Mutex::new(Merger { next: 0, waiting: BTreeMap::new(), take });
    let next = AtomicUsize::new(0);
    let started = bundle.manifest().run.started;
    thread::scope(|scope| {
        for _ in 0..threads().min(entries.len()) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some((entry, wrong)) = entries.get(number) else { break };
                    let part = match wrong {
                        None => one(bundle, entry, zone, started),
                        Some(wrong) => troubled(entry, (*wrong).to_owned()),
                    };
                    merger.lock().unwrap_or_else(PoisonError::into_inner).add(number, part);
                }
            });
        }
    });
}

fn one(bundle: &Bundle, entry: &Entry, zone: &TimeZone, started: Timestamp) -> Part {
    let mut reader = match bundle.reader(entry) {
        Ok(Some(reader)) => reader,
        Ok(None) => return troubled(entry, "it is not there".to_owned()),
        Err(error) => return troubled(entry, error.to_string()),
    };
    let job = Job {
        name: entry.name.as_str().to_owned(),
        newest: entry.mtime.unwrap_or(started),
        zone: zone.clone(),
    };
    let mut at = 0;
    read(&job, &mut |room: &mut [u8]| {
        let n = reader.read_at(at, room).map_err(|error| error.to_string())?;
        at += n as u64;
        Ok(n)
    })
}

fn troubled(entry: &Entry, trouble: String) -> Part {
    Part { name: entry.name.as_str().to_owned(), trouble: Some(trouble), ..Part::default() }
}

/// A member on its way to a reader: its number, what it is, and its pieces.
type Member = (usize, Job, Receiver<Vec<u8>>);

/// Reads all files of any other archive; the trouble is what ended it early.
///
/// # Errors
/// Why it is no archive.
pub(super) fn any(
    file: File,
    zone: &TimeZone,
    take: &mut (dyn FnMut(Part) + Send),
) -> Result<Option<String>, String> {
    let mut archive = Archive::new(file)?;
    let merger = Mutex::new(Merger { next: 0, waiting: BTreeMap::new(), take });
    let (give, members) = sync_channel::<Member>(0);
    let members = Mutex::new(members);
    let ended = thread::scope(|scope| {
        for _ in 0..threads() {
            scope.spawn(|| {
                loop {
                    let member = members.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((number, job, pieces)) = member else { break };
                    let part = received(&job, &pieces);
                    merger.lock().unwrap_or_else(PoisonError::into_inner).add(number, part);
                }
            });
        }
        let ended = hand_out(&mut archive, zone, &give);
        // Readers end when nobody gives any more.
        drop(give);
        ended
    });
    Ok(ended.err())
}

fn received(job: &Job, pieces: &Receiver<Vec<u8>>) -> Part {
    let (mut held, mut from) = (Vec::new(), 0);
    read(job, &mut |room: &mut [u8]| {
        if from == held.len() {
            (held, from) = (pieces.recv().unwrap_or_default(), 0);
        }
        let n = (held.len() - from).min(room.len());
        room[..n].copy_from_slice(&held[from..from + n]);
        from += n;
        Ok(n)
    })
}

fn hand_out(archive: &mut Archive, zone: &TimeZone, give: &SyncSender<Member>) -> Result<(), String> {
    let in_words = |broken: crate::read::Broken| broken.reason().to_owned();
    let mut number = 0;
    while let Some(member) = archive.next_member().map_err(in_words)? {
        if member.kind != Kind::File {
            continue;
        }
        if number == MOST_MEMBERS {
            return Err(format!("what follows {MOST_MEMBERS} files was not read"));
        }
        let newest = Timestamp::from_second(member.mtime).unwrap_or(Timestamp::UNIX_EPOCH);
        let job = Job { name: below_top(&member.name), newest, zone: zone.clone() };
        let (pass, pieces) = sync_channel(PIECES);
        if give.send((number, job, pieces)).is_err() {
            return Ok(());
        }
        number += 1;
        loop {
            let mut piece = vec![0; PIECE.min(usize::try_from(member.size).unwrap_or(PIECE).max(1))];
            let n = archive.read(&mut piece).map_err(in_words)?;
            if n == 0 {
                break;
            }
            piece.truncate(n);
            // A reader that is gone has told its trouble.
            if pass.send(piece).is_err() {
                break;
            }
        }
    }
    archive.finish().map_err(in_words)
}

/// Folders of a host: an archive that begins with one has no top folder of its own.
const HOST: &[&str] = &["etc", "home", "opt", "proc", "root", "run", "srv", "sys", "usr", "var"];

/// The name without the archive's top folder; `./` before it is tar's own.
fn below_top(name: &[u8]) -> String {
    let name = String::from_utf8_lossy(name).into_owned();
    let name = name.trim_start_matches("./").trim_start_matches('/');
    match name.split_once('/') {
        Some((top, rest)) if !HOST.contains(&top) => rest.to_owned(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_top_folder_is_no_part_of_a_name() {
        for (name, expected) in [
            ("gitlabsos.host_20260301/df_hT", "df_hT"),
            ("./gitlabsos.host/var/log/syslog", "var/log/syslog"),
            ("var/log/syslog", "var/log/syslog"),
            ("/etc/hosts", "etc/hosts"),
            ("df_hT", "df_hT"),
        ] {
            assert_eq!(below_top(name.as_bytes()), expected);
        }
    }
}
