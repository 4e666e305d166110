//! The entries of a bundle, read by several threads: glsos's own by their places, the largest first; any
//! other archive as one stream whose members are handed out. What each told is put together in a fixed
//! order, so that one bundle gives one result.

use std::{
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
        mpsc::{Receiver, SyncSender, sync_channel},
    },
    thread,
};

use jiff::{Timestamp, tz::TimeZone};

use super::{
    merger::Merger,
    part::{Job, Part, read},
};
use crate::{
    pack::manifest::Entry,
    read::{Bundle, Members, Other, REPEATED, Verified, inflated::Budget, top::Top},
};

/// Threads at most; more would only wait for the file.
const THREADS: usize = 4;
/// Bytes on their way from the archive to a reader.
const PIECE: usize = 256 << 10;
const PIECES: usize = 4;

fn threads() -> usize {
    thread::available_parallelism().map_or(2, usize::from).clamp(1, THREADS)
}

/// Reads all entries of a bundle of glsos; what can't be read is a part with its trouble.
pub(super) fn own(bundle: &Bundle, zone: &TimeZone, budget: &Budget, take: &mut (dyn FnMut(Part) + Send)) {
    let mut entries: Vec<(&Entry, Option<&'static str>)> = Vec::new();
    for (number, entry) in bundle.manifest().entries.iter().enumerate().filter(|(_, entry)| entry.present) {
        entries.push((entry, bundle.wrong(number)));
    }
    // The sort is stable: equals stay in the order of the archive.
    entries.sort_by_key(|(entry, _)| std::cmp::Reverse(entry.bytes));
    let merger = Merger::new(take);
    let next = AtomicUsize::new(0);
    let started = bundle.manifest().run.started;
    thread::scope(|scope| {
        for _ in 0..threads().min(entries.len()) {
            scope.spawn(|| {
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some((entry, wrong)) = entries.get(number) else { break };
                    let turn = merger.turn(number);
                    turn.give(match wrong {
                        None => one(bundle, entry, zone, started, budget),
                        Some(wrong) => troubled(entry, (*wrong).to_owned()),
                    });
                }
            });
        }
    });
}

fn one(bundle: &Bundle, entry: &Entry, zone: &TimeZone, started: Timestamp, budget: &Budget) -> Part {
    let mut verified = match Verified::new(bundle, entry) {
        Ok(verified) => verified,
        Err(why) => return troubled(entry, why),
    };
    let job = Job {
        name: entry.name.as_str().to_owned(),
        newest: entry.mtime.unwrap_or(started),
        zone: zone.clone(),
    };
    read(&job, &mut |room| verified.read(room), budget)
}

fn troubled(entry: &Entry, trouble: String) -> Part {
    Part { name: entry.name.as_str().to_owned(), trouble: Some(trouble), ..Part::default() }
}

/// A member on its way to a reader: its number, what it is, and its pieces.
type Member = (usize, Job, Receiver<Piece>);
/// Some bytes, or why there are no more.
type Piece = Result<Vec<u8>, String>;

/// Reads all files of any other archive; the trouble is what ended it early.
pub(super) fn any(
    other: Box<Other>,
    path: &Path,
    zone: &TimeZone,
    budget: &Budget,
    take: &mut (dyn FnMut(Part) + Send),
) -> Option<String> {
    let ours = other.is_ours();
    let top = move |first: &[u8]| if ours { Top::first_part_of(first) } else { Top::of(first, path) };
    let mut members = Members::new(other.archive, top);
    let merger = Merger::new(take);
    let (give, given) = sync_channel::<Member>(0);
    let given = Mutex::new(given);
    let ended = thread::scope(|scope| {
        for _ in 0..threads() {
            scope.spawn(|| {
                loop {
                    let member = given.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok((number, job, pieces)) = member else { break };
                    let turn = merger.turn(number);
                    let part = received(&job, &pieces, budget);
                    // Whoever waits for its turn must not keep the archive waiting.
                    drop(pieces);
                    turn.give(part);
                }
            });
        }
        let ended = hand_out(&mut members, zone, &give);
        // Readers end when nobody gives any more.
        drop(give);
        ended
    });
    ended.err()
}

fn received(job: &Job, pieces: &Receiver<Piece>, budget: &Budget) -> Part {
    let (mut held, mut from) = (Vec::new(), 0);
    let mut pull = |room: &mut [u8]| {
        if from == held.len() {
            (held, from) = (pieces.recv().unwrap_or(Ok(Vec::new()))?, 0);
        }
        let n = (held.len() - from).min(room.len());
        room[..n].copy_from_slice(&held[from..from + n]);
        from += n;
        Ok(n)
    };
    read(job, &mut pull, budget)
}

fn hand_out(members: &mut Members<'_>, zone: &TimeZone, give: &SyncSender<Member>) -> Result<(), String> {
    // What a header says of a size is not believed: the last entry of a run that was killed has none.
    let mut room = vec![0; PIECE];
    while let Some(file) = members.next_file()? {
        let newest = Timestamp::from_second(file.mtime).unwrap_or(Timestamp::UNIX_EPOCH);
        let name = if members.top().name().is_empty() { below_top(&file.name) } else { file.name };
        let (pass, pieces) = sync_channel(PIECES);
        if give.send((file.number, Job { name, newest, zone: zone.clone() }, pieces)).is_err() {
            return Ok(());
        }
        if file.repeated {
            let _ = pass.send(Err(REPEATED.to_owned()));
            continue;
        }
        loop {
            let n = members.read(&mut room)?;
            // A reader that is gone has told its trouble.
            if n == 0 || pass.send(Ok(room[..n].to_vec())).is_err() {
                break;
            }
        }
    }
    Ok(())
}

/// Folders of a host: an archive that begins with one has no top folder of its own.
const HOST: &[&str] = &["etc", "home", "opt", "proc", "root", "run", "srv", "sys", "usr", "var"];

/// The name without its first folder, where nothing else tells whether that is a top folder; `./` before it is
/// tar's own.
fn below_top(name: &str) -> String {
    let name = name.trim_start_matches("./").trim_start_matches('/');
    match name.split_once('/') {
        Some((top, rest)) if !HOST.contains(&top) => rest.to_owned(),
        _ => name.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::{fs::File, io::Write as _, os::fd::OwnedFd};

    use flate2::{Compression, write::DeflateEncoder};
    use nix::sys::memfd::{MFdFlags, memfd_create};
    use tar::EntryType;

    use super::*;
    use crate::{
        pack::{Origin, origin},
        read::Archive,
    };

    #[test]
    fn a_top_folder_is_no_part_of_a_name() {
        for (name, expected) in [
            ("gitlabsos.host_20260301/df_hT", "df_hT"),
            ("./gitlabsos.host/var/log/syslog", "var/log/syslog"),
            ("var/log/syslog", "var/log/syslog"),
            ("/etc/hosts", "etc/hosts"),
            ("df_hT", "df_hT"),
        ] {
            assert_eq!(below_top(name), expected);
        }
    }

    /// A bundle as a run leaves it that is killed in the midst of a command's output, whose size is not known.
    fn unfinished(text: &[u8]) -> File {
        let header = [
            &[0x1f, 0x8b, 8, 4, 0, 0, 0, 0, 0, 3, 34, 0, b'Z', b's', 30, 0, 18, 0, !18, !0][..],
            &[0; 18],
            &[0x42, 5, 0, 0, 0, 0, 0xff, 0xff],
        ]
        .concat();
        assert_eq!(origin(&header), Origin::Unfinished);
        let mut tar = Vec::new();
        for name in ["glsos.h/", "glsos.h/df_hT"] {
            let mut block = tar::Header::new_gnu();
            block.set_path(name).unwrap();
            block.set_size(0);
            block.set_entry_type(if name.ends_with('/') { EntryType::Directory } else { EntryType::Regular });
            block.set_cksum();
            tar.extend_from_slice(block.as_bytes());
        }
        tar.extend_from_slice(text);
        let mut deflate = DeflateEncoder::new(Vec::new(), Compression::fast());
        deflate.write_all(&tar).unwrap();
        deflate.flush().unwrap();
        let file: OwnedFd = memfd_create("bundle", MFdFlags::empty()).unwrap();
        let mut file = File::from(file);
        file.write_all(&[header, deflate.get_ref().clone()].concat()).unwrap();
        file
    }

    #[test]
    fn a_last_entry_that_does_not_know_its_size_comes_in_whole_pieces() {
        let text = vec![b'x'; 2 << 20];
        let archive = Archive::new(unfinished(&text)).unwrap();
        let mut members = Members::new(archive, |first: &[u8]| Top::of(first, Path::new("b")));
        let (give, given) = sync_channel::<Member>(0);
        thread::scope(|scope| {
            scope.spawn(move || hand_out(&mut members, &TimeZone::UTC, &give));
            let (number, job, pieces) = given.recv().unwrap();
            let lengths: Vec<usize> = pieces.iter().map(|piece| piece.unwrap().len()).collect();
            assert_eq!((number, job.name.as_str()), (0, "df_hT"));
            assert_eq!(lengths, [PIECE; 8]);
        });
    }
}
