//! The bytes of one file of a bundle: their digest, and the second scan over them, also where they are
//! compressed once more.

use sha2::{Digest, Sha256};

use super::report::{Report, Wrong};
use crate::{
    logs::{GZIP, Gunzip, MOST_INFLATED},
    pack::manifest::Entry,
    read::{Broken, Bundle, archive},
    scan::Scanner,
};

const PIECE: usize = 256 << 10;

/// What was read.
pub(super) struct Content {
    pub(super) bytes: u64,
    pub(super) sha256: [u8; 32],
}

/// Where it is read from: some bytes, or 0 at the end.
pub(super) type Read<'r> = &'r mut dyn FnMut(&mut [u8]) -> Result<usize, Broken>;

/// Reads all of a file, and tells what looks like a secret in it.
pub(super) fn look(
    scanner: &Scanner,
    read: Read<'_>,
    name: &str,
    report: &mut Report,
) -> Result<Content, Broken> {
    let (mut sha256, mut bytes) = (Sha256::new(), 0);
    let mut raw = |room: &mut [u8]| -> Result<usize, Broken> {
        let mut done = 0;
        while done < room.len() {
            match read(&mut room[done..])? {
                0 => break,
                n => done += n,
            }
        }
        sha256.update(&room[..done]);
        bytes += done as u64;
        Ok(done)
    };
    report.begin();
    let mut look = scanner.reading();
    let mut piece = vec![0; PIECE];
    let n = raw(&mut piece)?;
    let mut torn = None;
    if piece[..n].starts_with(&GZIP) {
        let (mut ahead, mut given) = (piece[..n].to_vec(), 0);
        let mut gunzip = Gunzip::new(MOST_INFLATED);
        let mut pull = |room: &mut [u8]| -> Result<usize, Broken> {
            let had = (ahead.len() - given).min(room.len());
            room[..had].copy_from_slice(&ahead[given..given + had]);
            given += had;
            if given == ahead.len() {
                ahead.clear();
                given = 0;
            }
            Ok(had + raw(&mut room[had..])?)
        };
        let mut first = true;
        loop {
            let n = gunzip.read(&mut pull, &mut piece)?;
            if n == 0 {
                break;
            }
            if std::mem::take(&mut first) {
                packed(&piece[..n], name, report);
            }
            look.push(&piece[..n], &mut |hit| report.secret(name, hit));
        }
        torn = gunzip.damage().map(|damage| damage.reason());
        while raw(&mut piece)? > 0 {}
    } else {
        packed(&piece[..n], name, report);
        let mut n = n;
        while n > 0 {
            look.push(&piece[..n], &mut |hit| report.secret(name, hit));
            n = raw(&mut piece)?;
        }
    }
    look.finish(&mut |hit| report.secret(name, hit));
    if let Some(why) = torn {
        report.tell(Wrong::Unread, Some(name), format!("the second scan saw only a part: {why}"));
    }
    Ok(Content { bytes, sha256: sha256.finalize().into() })
}

fn packed(head: &[u8], name: &str, report: &mut Report) {
    if let Some(program) = archive::packed_by(head) {
        report.tell(Wrong::Unread, Some(name), format!("the second scan can't look into it: {program}"));
    }
}

/// An entry's digest where the manifest says that it stands.
pub(super) fn digest(bundle: &Bundle, entry: &Entry) -> Result<[u8; 32], String> {
    let mut sha256 = Sha256::new();
    by_place(bundle, entry, &mut |bytes| sha256.update(bytes))?;
    Ok(sha256.finalize().into())
}

/// The second scan over an entry that only its place leads to; its digest was right.
pub(super) fn look_by_place(scanner: &Scanner, bundle: &Bundle, entry: &Entry, report: &mut Report) {
    let mut look = scanner.reading();
    let name = entry.name.as_str();
    report.begin();
    let read = by_place(bundle, entry, &mut |bytes| look.push(bytes, &mut |hit| report.secret(name, hit)));
    look.finish(&mut |hit| report.secret(name, hit));
    match read {
        Ok(()) => {
            report.files += 1;
            report.content += entry.bytes;
        }
        Err(why) => report.tell(Wrong::Unread, Some(name), why),
    }
}

fn by_place(bundle: &Bundle, entry: &Entry, take: &mut dyn FnMut(&[u8])) -> Result<(), String> {
    let reader = bundle.reader(entry).map_err(|error| error.to_string())?;
    let Some(mut reader) = reader else { return Ok(()) };
    let mut piece = vec![0; PIECE];
    let mut at = 0;
    loop {
        match reader.read_at(at, &mut piece).map_err(|error| error.to_string())? {
            0 => return Ok(()),
            n => {
                take(&piece[..n]);
                at += n as u64;
            }
        }
    }
}
