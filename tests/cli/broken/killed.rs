//! SIGKILL whenever it comes: nothing under the bundle's name, no secret in what is left, whose whole entries can
//! be recovered, and no process.

use std::{fs, path::Path};

use flate2::{Decompress, FlushDecompress, Status};
use nix::sys::signal::Signal;

use super::{lines, moments, omnibus, signalled, until_gone};
use crate::cli::{
    program::Place,
    recorded::{forms, list},
};

/// Bytes of a bundle's gzip header.
const HEADER: usize = 46;

#[test]
fn a_run_that_is_killed_at_any_moment_leaves_no_secret_no_name_and_no_process() {
    let place = Place::new();
    let secrets = secrets();
    let (mut killed, mut recovered) = (0, 0);
    for (turn, moment) in moments(lines(&place), 8, 11).into_iter().enumerate() {
        let name = format!("killed-{turn}.tar.gz");
        let ended = signalled(omnibus(&place, &name), moment, Signal::SIGKILL);
        until_gone(&name);
        if ended.signal() != Some(9) {
            place.bundle(&name);
            continue;
        }
        let partial = place.join(&format!("{name}.partial"));
        if place.join(&name).exists() {
            // Killed behind its last step.
            assert!(!partial.exists());
            place.bundle(&name);
            continue;
        }
        killed += 1;
        let Ok(packed) = fs::read(&partial) else { continue };
        let there = inflated(&packed);
        let left = |bytes: &[u8]| secrets.iter().find(|(_, form)| holds(bytes, form)).map(|(name, _)| name);
        assert_eq!((left(&packed), left(&there)), (None, None), "{moment}");
        recovered += recover(&place, &name, &there);
    }
    assert!(killed >= 2 && recovered > 0, "{killed} killed, {recovered} entries recovered");
}

/// What was planted and must never be in a bundle, in each of its forms, by name.
fn secrets() -> Vec<(String, String)> {
    let rows = list("omnibus", "planted");
    let rows = rows.iter().filter(|row| row["kind"] == "known" || row["kind"] == "shaped");
    rows.flat_map(|row| {
        let value = row["value"].as_str().unwrap();
        let forms = if row["kind"] == "known" { forms(value) } else { vec![value.to_owned()] };
        forms.into_iter().map(|form| (row["name"].to_string(), form))
    })
    .collect()
}

fn holds(bytes: &[u8], form: &str) -> bool {
    memchr::memmem::find(bytes, form.as_bytes()).is_some()
}

/// As far as it goes.
fn inflated(packed: &[u8]) -> Vec<u8> {
    let mut rest = packed.get(HEADER..).unwrap_or_default();
    let (mut inflate, mut out) = (Decompress::new(false), Vec::new());
    loop {
        out.reserve(1 << 20);
        let (read, made) = (inflate.total_in(), out.len());
        let status = inflate.decompress_vec(rest, &mut out, FlushDecompress::Sync);
        rest = &rest[usize::try_from(inflate.total_in() - read).unwrap()..];
        if status.is_err()
            || matches!(status, Ok(Status::StreamEnd))
            || (rest.is_empty() && out.len() == made)
        {
            return out;
        }
    }
}

/// How many entries `unpack` gets out of it: each that tar would read to its end is among them.
fn recover(place: &Place, name: &str, tar: &[u8]) -> usize {
    let ended = place.glsos(&format!("unpack {name}.partial --into {name}.d"));
    let mut whole = 0;
    for member in tar::Archive::new(tar).entries().unwrap() {
        let Ok(mut member) = member else { break };
        let path = member.path().unwrap().into_owned();
        let mut content = Vec::new();
        if member.header().entry_type().is_dir() {
            continue;
        }
        if std::io::Read::read_to_end(&mut member, &mut content).is_err()
            || content.len() as u64 != member.size()
        {
            break;
        }
        let inner: std::path::PathBuf = path.components().skip(1).collect();
        let folder = Path::new(ended.text().trim_end());
        let there = fs::read(place.join("").join(folder).join(&inner));
        assert!(there.is_ok_and(|there| there == content), "{}: {}", inner.display(), ended.err);
        whole += 1;
    }
    whole
}
