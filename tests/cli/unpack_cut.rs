//! Bundles that end too early: all whole entries and the part that is there of the last are recovered.

use std::{
    collections::BTreeMap,
    fs,
    os::unix::process::ExitStatusExt as _,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use glsos::read::unpack::{Limits, Unpacked, unpack};

use super::{
    bundle::Bundle,
    damage::{Packed, noise},
    program::{Place, alone},
    verify::MADE,
};

const LIMITS: Limits = Limits { members: 10_000, bytes: 1 << 30, ratio: 1000 };

fn all(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fn below(folder: &Path, root: &Path, found: &mut BTreeMap<String, Vec<u8>>) {
        for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                below(&path, root, found);
            } else {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap().to_owned();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    let mut found = BTreeMap::new();
    below(folder, folder, &mut found);
    found
}

/// Unpacks it, and takes the folder away again.
fn recovered(place: &Place, bytes: &[u8]) -> (BTreeMap<String, Vec<u8>>, Unpacked) {
    let path = place.write("b.tar.gz.partial", bytes);
    let unpacked = unpack(&path, Path::new(place.path()), LIMITS).unwrap_or_else(|error| panic!("{error}"));
    let files = all(&unpacked.folder);
    fs::remove_dir_all(&unpacked.folder).unwrap();
    (files, unpacked)
}

fn told(unpacked: &Unpacked) -> String {
    unpacked
        .faults
        .iter()
        .map(|fault| format!("{}: {}\n", fault.entry.as_deref().unwrap_or(""), fault.text))
        .collect()
}

/// Where an entry's last byte stands in the bundle.
fn end(entry: &serde_json::Value) -> usize {
    let last = entry["segments"].as_array().and_then(|segments| segments.last());
    let number = |at: usize| usize::try_from(last.map_or(0, |last| last[at].as_u64().unwrap())).unwrap();
    number(0) + number(1)
}

#[test]
fn a_bundle_that_is_cut_anywhere_gives_what_stands_before() {
    let place = Place::new();
    let bundle = Bundle::of(MADE.clone());
    let (offset, compressed) = Packed(&MADE).manifest_place();
    let step = MADE.len() / 97;
    let cuts = (600..MADE.len())
        .step_by(step)
        .chain(offset - 40..offset + 40)
        .chain(offset + compressed..MADE.len());
    let mut parts = 0;
    for cut in cuts {
        let (files, unpacked) = recovered(&place, &MADE[..cut]);
        let whole = cut >= offset + compressed;
        for entry in bundle.entries().iter().filter(|entry| entry["present"] == true) {
            let name = entry["name"].as_str().unwrap();
            let content = &bundle.files[name];
            match files.get(name) {
                Some(there) if there == content => {}
                Some(part) => {
                    assert!(end(entry) > cut && content.starts_with(part), "{name} at {cut}");
                    assert!(
                        told(&unpacked).contains(&format!("{name}: the archive breaks off in it")),
                        "{cut}: {unpacked:?}"
                    );
                    parts += 1;
                }
                None => assert!(content.is_empty() || end(entry) > cut, "{name} is missing at {cut}"),
            }
        }
        assert_eq!(unpacked.faults.is_empty(), whole, "{cut}: {}", told(&unpacked));
        assert_eq!(told(&unpacked).contains("its manifest can't be read"), !whole, "{cut}");
        assert_eq!(files.len() as u64, unpacked.files);
    }
    assert!(parts > 30, "{parts}");
}

#[test]
fn an_entry_whose_size_was_not_known_yet_keeps_all_that_was_written() {
    let place = Place::new();
    let bundle = Bundle::of(MADE.clone());
    let entry =
        bundle.entries().iter().find(|entry| entry["name"].as_str().unwrap().ends_with("long.log")).unwrap();
    let name = entry["name"].as_str().unwrap();
    let segments: Vec<[usize; 3]> = serde_json::from_value(entry["segments"].clone()).unwrap();
    assert!(segments.len() >= 3);
    let member = format!("{}/{name}", bundle.root);
    for written in 1..=segments.len() {
        let [at, packed, _] = segments[written - 1];
        let inflated: usize = segments[..written].iter().map(|segment| segment[2]).sum();
        // What redaction makes of a source may be longer, shorter, or of any size for a command.
        for size in [0, 1, 511, 512, 100_000, inflated - 1, inflated + 1, 1 << 40] {
            let (files, unpacked) =
                recovered(&place, &Packed(&MADE).unfinished(&member, size as u64, at + packed));
            assert!(
                files[name] == bundle.files[name][..inflated],
                "{size}, {written}: {}",
                files[name].len()
            );
            assert!(told(&unpacked).contains(&format!("{name}: ")), "{}", told(&unpacked));
            assert!(told(&unpacked).contains("was killed"), "{}", told(&unpacked));
        }
    }
}

#[test]
fn a_run_that_is_killed_leaves_what_can_be_recovered() {
    let place = Place::new();
    place.write("a.conf", "a = 1\n");
    place.write("b.log", noise(24 << 20));
    place.collector(&format!(
        "[[file]]\nname = \"conf\"\nwhy = \"It comes first\"\npath = \"{0}/a.conf\"\n\
         [[file]]\nname = \"log\"\nwhy = \"It is long\"\npath = \"{0}/b.log\"\nlimit = \"30MiB\"\n",
        place.path()
    ));
    let mut command = place.command("collect --collectors collectors --only mine -q -o b.tar.gz");
    let _alone = alone(&mut command);
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let partial = place.join("b.tar.gz.partial");
    // Killed when it has written some of the log.
    while fs::metadata(&partial).map_or(0, |file| file.len()) < 2 << 20 {
        assert!(child.try_wait().unwrap().is_none(), "it ended before it could be killed");
        std::thread::park_timeout(Duration::from_millis(1));
    }
    child.kill().unwrap();
    assert_eq!(child.wait().unwrap().signal(), Some(9));
    let ended = place.glsos("unpack b.tar.gz.partial");
    assert_eq!(ended.code(), 3, "{}", ended.err);
    assert!(
        ended.err.contains("b.log: ") && ended.err.contains("the run that made it was killed"),
        "{}",
        ended.err
    );
    let files = all(&place.join(ended.text().trim_end()));
    let path = |name: &str| {
        PathBuf::from(place.path()).join(name).strip_prefix("/").unwrap().to_str().unwrap().to_owned()
    };
    assert_eq!(files[&path("a.conf")], b"a = 1\n");
    let (log, whole) = (&files[&path("b.log")], fs::read(place.join("b.log")).unwrap());
    assert!(log.len() > 1 << 20 && log.len() < whole.len(), "{}", log.len());
    // Of noise some looks like a secret.
    let lines = |text: &'_ [u8]| String::from_utf8_lossy(text).lines().map(str::to_owned).collect::<Vec<_>>();
    let both = lines(log).into_iter().zip(lines(&whole));
    let other = both.filter(|(there, line)| !there.contains("__RED") && !line.starts_with(there.as_str()));
    assert_eq!(other.collect::<Vec<_>>(), []);
    assert!(ended.text().contains("/no-ticket/"), "{}", ended.text());
}
