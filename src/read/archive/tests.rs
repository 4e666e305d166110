//! Archives of every format, cut, absurd, and no archives at all.
#![allow(clippy::disallowed_methods)] // archives of the tests' own

use super::*;

fn archive(bytes: &[u8]) -> Result<Archive, String> {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("glsos-archive-{}-{number}", std::process::id()));
    std::fs::write(&path, bytes).unwrap();
    let file = File::open(&path).unwrap();
    std::fs::remove_file(&path).unwrap();
    Archive::new(file)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write;
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

/// A short name, a long one of each format, and a folder.
fn tar() -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(5);
    tar.append_data(&mut header, "short", &b"one\n2"[..]).unwrap();
    tar.append_data(&mut header, "long/".repeat(60) + "x", &b"three"[..]).unwrap();
    let path = format!("{}y", "pax/".repeat(60));
    tar.append_pax_extensions([("path", path.as_bytes()), ("comment", b"no")]).unwrap();
    let mut plain = tar::Header::new_ustar();
    plain.set_size(600);
    plain.set_path("cut").unwrap();
    plain.set_cksum();
    tar.append(&plain, &[b'p'; 600][..]).unwrap();
    let mut folder = tar::Header::new_gnu();
    folder.set_entry_type(tar::EntryType::Directory);
    folder.set_size(0);
    tar.append_data(&mut folder, "folder", &b""[..]).unwrap();
    tar.into_inner().unwrap()
}

type All = Vec<(String, usize, Kind)>;

fn all(archive: &mut Archive) -> (All, Result<(), Broken>) {
    let mut members = Vec::new();
    loop {
        match archive.next_member() {
            Ok(None) => return (members, archive.finish()),
            Err(broken) => return (members, Err(broken)),
            Ok(Some(member)) => {
                let (mut length, mut buf) = (0, [0; 100]);
                let end = loop {
                    match archive.read(&mut buf) {
                        Ok(0) => break Ok(()),
                        Ok(n) => length += n,
                        Err(broken) => break Err(broken),
                    }
                };
                members.push((String::from_utf8(member.name).unwrap(), length, member.kind));
                if end.is_err() {
                    return (members, end);
                }
            }
        }
    }
}

#[test]
fn members_of_every_format_are_told_plain_and_packed() {
    for bytes in [tar(), gzip(&tar())] {
        let (members, end) = all(&mut archive(&bytes).unwrap());
        assert_eq!(end, Ok(()));
        let lengths: Vec<_> = members.iter().map(|(_, length, _)| *length).collect();
        assert_eq!(lengths, [5, 5, 600, 0]);
        assert!(members[1].0.len() == 301 && members[2].0.ends_with("pax/y"), "{members:?}");
        assert_eq!(members[3].2, Kind::Folder);
    }
}

#[test]
fn one_that_was_cut_anywhere_gives_what_is_there_and_says_so() {
    for whole in [tar(), gzip(&tar())] {
        for length in (600.min(whole.len() / 2)..whole.len() - 1024.min(whole.len() / 2)).step_by(7) {
            let Ok(mut archive) = archive(&whole[..length]) else { continue };
            let (members, end) = all(&mut archive);
            assert_eq!(end, Err(Broken::Cut), "{length}");
            assert!(members.len() <= 4);
        }
    }
}

#[test]
fn what_is_no_archive_is_told() {
    for (bytes, why) in [
        (&b""[..], "no tar archive"),
        (&[b'x'; 2000], "no tar archive"),
        (&gzip(&[b'x'; 2000]), "no tar archive"),
        (b"BZh91AY&SY", "compressed with bzip2"),
        (&gzip(&tar())[..40], "ends too early"),
    ] {
        assert!(archive(bytes).err().unwrap().contains(why), "{why}");
    }
}

#[test]
fn a_size_beyond_all_bounds_and_a_name_without_end_cost_no_memory() {
    let mut header = tar::Header::new_gnu();
    header.set_size(1 << 61);
    header.set_path("x").unwrap();
    header.set_cksum();
    let (members, end) = all(&mut archive(&[header.as_bytes(), &[b'a'; 700][..]].concat()).unwrap());
    assert_eq!((members[0].1, end), (700, Err(Broken::Cut)));
    header.set_entry_type(tar::EntryType::GNULongName);
    header.set_cksum();
    let (members, end) = all(&mut archive(&[header.as_bytes(), &[b'a'; 700][..]].concat()).unwrap());
    assert_eq!((members.len(), end), (0, Err(Broken::Cut)));
}

#[test]
fn a_name_longer_than_any_path_is_left_out_and_the_size_beside_it_is_not() {
    let mut tar = tar::Builder::new(Vec::new());
    let long = "long-part/".repeat(1000);
    tar.append_pax_extensions([("path", long.as_bytes()), ("size", b"3")]).unwrap();
    let mut header = tar::Header::new_ustar();
    header.set_path("short").unwrap();
    header.set_size(3);
    header.set_cksum();
    tar.append(&header, &b"one"[..]).unwrap();
    let mut header = tar::Header::new_gnu();
    header.set_size(3);
    tar.append_data(&mut header, &long, &b"two"[..]).unwrap();
    let (members, end) = all(&mut archive(&tar.into_inner().unwrap()).unwrap());
    assert_eq!(end, Ok(()));
    let lengths: Vec<_> = members.iter().map(|(name, length, _)| (name.len() <= 100, *length)).collect();
    assert_eq!(lengths, [(true, 3), (true, 3)], "{members:?}");
}
