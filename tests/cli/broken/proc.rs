//! /proc that is not there, or shows an ordinary user its own processes only.

use std::os::unix::{fs::chown, process::CommandExt as _};

use nix::mount::{MntFlags, MsFlags, mount, umount2};

use crate::cli::program::{NOBODY, Place, finish, is_root, with_own_mounts};

const ONLY: &str = "--only system,memory,processes,disks,network";

#[test]
fn without_proc_a_live_host_is_collected_all_the_same() {
    let place = Place::new();
    place.script("says", "echo said");
    place.collector(&format!(
        "[[command]]\nname = \"says\"\nwhy = \"Commands run too\"\nrun = [\"{}/says\"]\n",
        place.path()
    ));
    with_own_mounts("a host without /proc", || {
        umount2("/proc", MntFlags::MNT_DETACH).unwrap();
        let ended = place
            .glsos(&format!("collect {ONLY},mine --profile quick --collectors collectors -o b.tar.gz"))
            .good();
        let bundle = place.bundle("b.tar.gz");
        assert_eq!((bundle.outcome("mine/says"), bundle.text("mine/says")), ("complete", "said\n"));
        assert_eq!(bundle.outcome("meminfo"), "skipped", "{}", bundle.entry("meminfo"));
        assert!(!ended.err.contains("panicked"), "{}", ended.err);
    });
}

#[test]
fn hidden_processes_of_others_are_not_taken_for_none() {
    if !is_root("to become another user") {
        return;
    }
    let place = Place::new();
    chown(place.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    let program = place.program("program");
    with_own_mounts("/proc with hidepid", || {
        mount(Some("proc"), "/proc", Some("proc"), MsFlags::empty(), Some("hidepid=2")).unwrap();
        let mut command = place.command_of(&program, &format!("collect {ONLY} --profile quick -o b.tar.gz"));
        command.uid(NOBODY).gid(NOBODY);
        finish(command).good();
        let bundle = place.bundle("b.tar.gz");
        let table = bundle.text("processes/processes");
        assert!(table.contains("not shown to this user: /proc is mounted with hidepid=invisible"), "{table}");
        assert_eq!(bundle.outcome("meminfo"), "complete");
        // Root sees them, whatever the option.
        place.glsos("collect --only processes/processes -o c.tar.gz").good();
        let table = place.bundle("c.tar.gz");
        assert!(!table.text("processes/processes").contains("hidepid"));
    });
}
