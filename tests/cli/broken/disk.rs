//! Disks that fail, and those that can't be written to.

use std::fs;

use nix::mount::{MsFlags, mount};

use crate::{
    cli::program::{Place, skip, with_own_mounts},
    failing::Failing,
};

const COLLECT: &str = "collect --collectors collectors --only mine --since 2026-02-01T00:00:00Z";

fn log(lines: usize) -> Vec<u8> {
    (0..lines)
        .flat_map(|n| format!("2026-03-01T10:00:00Z request {n:06} was served\n").into_bytes())
        .collect()
}

#[test]
fn a_disk_with_bad_sectors_costs_what_lies_on_them() {
    let place = Place::new();
    place.write("beside.conf", "listen = 8080\n");
    place.collector(&format!(
        "[[file]]\nname = \"conf\"\nwhy = \"One can be read\"\npath = \"{0}/disk/*.conf\"\n\
         [[log]]\nname = \"log\"\nwhy = \"It breaks off\"\npath = \"{0}/disk/*.log\"\n\
         [[file]]\nname = \"gone\"\nwhy = \"Not even its names are there\"\npath = \"{0}/disk/gone/*\"\n\
         [[command]]\nname = \"cat\"\nwhy = \"It tells of it too\"\nrun = [\"cat\", \"{0}/disk/dead.conf\"]\n\
         [[file]]\nname = \"beside\"\nwhy = \"Another disk\"\npath = \"{0}/beside.conf\"\n",
        place.path()
    ));
    with_own_mounts("a disk that fails", || {
        let files = vec![
            ("whole.conf", b"a = 1\n".to_vec(), usize::MAX),
            ("dead.conf", b"b = 2\n".to_vec(), 0),
            ("torn.conf", b"c = 3\n".repeat(50_000), 100_000),
            ("torn.log", log(40_000), 900_000),
        ];
        let Some(disk) = Failing::mount(place.join("disk"), files) else { return skip("FUSE") };
        place.glsos(&format!("{COLLECT} -o b.tar.gz")).good();
        let bundle = place.bundle("b.tar.gz");
        let of = |name: &str| bundle.entry_of(&format!("{}/{name}", disk.at().display()));
        assert_eq!(of("whole.conf")["outcome"], "complete");
        let beside = bundle.entry_of(&format!("{}/beside.conf", place.path()));
        assert_eq!(beside["outcome"], "complete");
        for name in ["dead.conf", "torn.conf", "torn.log"] {
            let (outcome, reason) = (of(name)["outcome"].as_str(), of(name)["reason"].as_str());
            let wanted = if name == "torn.log" { "truncated" } else { "failed" };
            assert_eq!((outcome, reason), (Some(wanted), Some("failed: I/O error")), "{}", of(name));
        }
        let gone = bundle.entries().iter().find(|entry| entry["source"] == "gone").unwrap();
        assert_eq!(
            (&gone["outcome"], &gone["reason"]),
            (&"failed".into(), &"failed: I/O error".into()),
            "{gone}"
        );
        assert_eq!(bundle.outcome("mine/cat"), "failed");
        // Whole lines of what lies before the bad place.
        let name = of("torn.log")["name"].as_str().unwrap();
        let text = bundle.text(name);
        assert!(
            text.len() > 500_000 && text.len() <= 900_000 && text.ends_with("served\n"),
            "{}",
            text.len()
        );
        drop(disk);
    });
}

#[test]
fn a_read_only_file_system_is_named_and_keeps_nothing() {
    let place = Place::new();
    place.write("a.conf", "a = 1\n");
    place.collector(&format!(
        "[[file]]\nname = \"conf\"\nwhy = \"It is there\"\npath = \"{}/a.conf\"\n",
        place.path()
    ));
    fs::create_dir(place.join("disk")).unwrap();
    with_own_mounts("a disk that can't be written to", || {
        let at = place.join("disk");
        mount(Some("closed"), &at, Some("tmpfs"), MsFlags::MS_RDONLY, None::<&str>).unwrap();
        for output in ["disk", "disk/b.tar.gz"] {
            let ended = place.glsos(&format!("{COLLECT} -o {output}"));
            assert_eq!(ended.code(), 1, "{}", ended.err);
            let said = ended.err.contains("Read-only file system\nhint: ");
            assert!(said && ended.err.contains("disk"), "{}", ended.err);
            assert_eq!(fs::read_dir(&at).unwrap().count(), 0);
        }
        // Where nothing may be written at all, a pipe still takes the bundle, if there is any folder to spool in.
        let mut command = place.command(&format!("{COLLECT} -o -"));
        command.env("TMPDIR", &at);
        let ended = crate::cli::program::finish(command);
        assert_eq!(ended.code(), 1, "{}", ended.err);
        assert!(ended.err.contains("disk") && ended.err.contains("hint: "), "{}", ended.err);
        assert!(ended.out.is_empty());
    });
}
