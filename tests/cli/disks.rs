//! Disks that are full, and disks that never answer.

use std::fs;

use nix::mount::{MsFlags, mount};

use super::program::{Place, finish, with_own_mounts};
use crate::silent::Silent;

/// A log that compresses badly, larger than the disks of these tests, and something small.
fn large(place: &Place) {
    let mut state = 1_u64;
    let mut text = String::new();
    while text.len() < 12 << 20 {
        text.push_str("2026-03-01T10:00:00Z");
        for _ in 0..12 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            text.push_str(&format!(" {:x}", state >> 40));
        }
        text.push('\n');
    }
    place.write("large.log", text);
    place.write("small.conf", "listen = 8080\n");
    place.write("later.log", "2026-03-01T10:00:00Z one line\n");
    place.collector(&format!(
        "[[file]]\nname = \"small\"\nwhy = \"It fits\"\npath = \"{0}/small.conf\"\n\
         [[log]]\nname = \"large\"\nwhy = \"It does not fit\"\npath = \"{0}/large.log\"\n\
         [[log]]\nname = \"later\"\nwhy = \"It comes behind\"\npath = \"{0}/later.log\"\n",
        place.path()
    ));
}

const COLLECT: &str = "collect --collectors collectors --only mine --since 2026-02-01T00:00:00Z";

#[test]
fn a_full_disk_gives_a_bundle_that_says_so() {
    let place = Place::new();
    large(&place);
    fs::create_dir(place.join("disk")).unwrap();
    with_own_mounts("a small disk", || {
        let at = place.join("disk");
        mount(Some("small"), &at, Some("tmpfs"), MsFlags::empty(), Some("size=1m")).unwrap();
        let ended = place.glsos(&format!("{COLLECT} -o disk/b.tar.gz")).good();
        assert!(ended.err.contains("disk full"), "{}", ended.err);
        let bundle = place.bundle("disk/b.tar.gz");
        assert_eq!(bundle.run()["stopped_by"], "disk full");
        let large = bundle.entry_of(&format!("{}/large.log", place.path()));
        assert_eq!((&large["outcome"], &large["reason"]), (&"failed".into(), &"disk full".into()));
        let small = bundle.entry_of(&format!("{}/small.conf", place.path()));
        assert_eq!(small["outcome"], "complete");
        let later = bundle.entry_of(&format!("{}/later.log", place.path()));
        assert_eq!((&later["outcome"], &later["reason"]), (&"failed".into(), &"disk full".into()));
        assert_eq!(fs::read_dir(&at).unwrap().count(), 1, "only the bundle");
    });
}

#[test]
fn a_disk_without_any_room_gives_an_error_and_no_file() {
    let place = Place::new();
    large(&place);
    fs::create_dir(place.join("disk")).unwrap();
    with_own_mounts("a small disk", || {
        let at = place.join("disk");
        mount(Some("small"), &at, Some("tmpfs"), MsFlags::empty(), Some("size=64k")).unwrap();
        let ended = place.glsos(&format!("{COLLECT} -o disk/b.tar.gz"));
        assert_eq!(ended.code(), 1, "{}", ended.err);
        let told = ended.err.contains("error: ") && ended.err.contains("the disk is full\nhint: ");
        assert!(told, "{}", ended.err);
        assert_eq!(fs::read_dir(&at).unwrap().count(), 0);
    });
}

/// With a limit on the size of files, in blocks of 512 bytes.
fn limited(place: &Place, blocks: u32, arguments: &str) -> super::program::Ended {
    let mut command = std::process::Command::new("sh");
    command
        .args(["-c", &format!("ulimit -f {blocks}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_glsos")])
        .args(arguments.split_whitespace())
        .current_dir(place.path());
    finish(command)
}

#[test]
fn a_limit_on_the_size_of_files_is_like_a_full_disk() {
    let place = Place::new();
    large(&place);
    limited(&place, 4096, &format!("{COLLECT} -o b.tar.gz")).good();
    assert_eq!(place.bundle("b.tar.gz").run()["stopped_by"], "disk full");
    for blocks in [0, 1, 500] {
        let ended = limited(&place, blocks, &format!("{COLLECT} -o c.tar.gz"));
        assert_eq!(ended.code(), 1, "{blocks}: {}", ended.err);
        assert!(ended.err.starts_with("error: "), "{}", ended.err);
        assert!(!place.files().iter().any(|name| name.starts_with("c.tar.gz")));
    }
}

#[test]
fn a_file_system_that_never_answers_costs_its_own_entries_only() {
    let place = Place::new();
    place.write("small.conf", "listen = 8080\n");
    place.collector(&format!(
        "[[log]]\nname = \"log\"\nwhy = \"It does not answer\"\npath = \"{0}/dead/x.log\"\n\
         [[file]]\nname = \"files\"\nwhy = \"They do not answer\"\npath = \"{0}/dead/**\"\n\
         [[file]]\nname = \"small\"\nwhy = \"It answers\"\npath = \"{0}/small.conf\"\n\
         [[command]]\nname = \"stat\"\nwhy = \"It gets stuck\"\nrun = [\"stat\", \"-f\", \"{0}/dead\"]\n\
         timeout = \"1s\"\n",
        place.path()
    ));
    with_own_mounts("a file system that never answers", || {
        let Some(dead) = Silent::mount(place.join("dead")) else {
            return super::program::skip("FUSE");
        };
        let only = "--only mine,disks/disks,disks/mounts,system/host-summary";
        // `finish` also waits until nobody holds its stdout and stderr any more.
        let ended = place.glsos(&format!("collect --collectors collectors {only} -o b.tar.gz")).good();
        let bundle = place.bundle("b.tar.gz");
        let timed_out: Vec<_> =
            bundle.entries().iter().filter(|entry| entry["outcome"] == "timed-out").collect();
        let of = |source: &str| timed_out.iter().any(|entry| entry["source"] == source);
        assert!(of("log") && of("files") && of("stat"), "{timed_out:#?}");
        let small = bundle.entry_of(&format!("{}/small.conf", place.path()));
        assert_eq!(small["outcome"], "complete");
        assert_eq!(bundle.outcome("system/host-summary"), "complete");
        let disks = bundle.text("disks/disks");
        assert!(disks.contains(dead.at().to_str().unwrap()), "the mount is named: {disks}");
        assert!(ended.err.contains("did not answer in time"), "{}", ended.err);
        drop(dead);
    });
}
