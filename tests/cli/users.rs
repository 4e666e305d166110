//! Who runs it: an ordinary user, root in an empty root folder, with and without /proc.

use std::fs;

use nix::mount::{MsFlags, mount};

use super::program::{NOBODY, Place, finish, is_root, with_own_mounts};

#[test]
fn an_ordinary_user_gets_what_it_may_read_and_is_told_what_not() {
    if !is_root("to become another user") {
        return;
    }
    let place = Place::new();
    std::os::unix::fs::chown(place.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    place.write("closed/secret.conf", "a = 1\n");
    place.allow("closed", 0o700);
    place.write("mine/closed.log", "2026-03-01T10:00:00Z x\n");
    place.allow("mine/closed.log", 0o600);
    place.write("mine/open.conf", "b = 2\n");
    place.collector(&format!(
        "[[file]]\nname = \"folder\"\nwhy = \"Below a closed folder\"\npath = \"{0}/closed/*.conf\"\n\
         [[file]]\nname = \"file\"\nwhy = \"Below a closed folder\"\npath = \"{0}/closed/secret.conf\"\n\
         [[log]]\nname = \"log\"\nwhy = \"A closed file\"\npath = \"{0}/mine/closed.log\"\n\
         [[file]]\nname = \"open\"\nwhy = \"An open file\"\npath = \"{0}/mine/open.conf\"\n",
        place.path()
    ));
    let only = "--only mine,system,memory,processes,disks --profile quick --since 2026-02-01T00:00:00Z";
    let ended = place.as_nobody(&format!("collect --collectors collectors {only} -o b.tar.gz")).good();
    let bundle = place.bundle("b.tar.gz");
    let closed = ["/closed", "/closed/secret.conf", "/mine/closed.log"];
    for path in closed.map(|path| format!("{}{path}", place.path())) {
        let entry = bundle.entry_of(&path);
        assert_eq!((&entry["outcome"], &entry["present"]), (&"denied".into(), &false.into()), "{entry}");
    }
    let open = bundle.entry_of(&format!("{}/mine/open.conf", place.path()));
    assert_eq!(open["outcome"], "complete");
    assert!(bundle.text("uname").starts_with("Linux ") && bundle.text("meminfo").starts_with("MemTotal:"));
    assert!(ended.err.contains("sudo glsos collect"), "what to do about it: {}", ended.err);
}

#[test]
fn an_empty_root_folder_without_proc_gives_a_bundle() {
    if !is_root("a root folder of its own") {
        return;
    }
    let place = Place::new();
    place.program("glsos");
    finish(place.command_below("collect --profile quick -o /b.tar.gz")).good();
    let bundle = place.bundle("b.tar.gz");
    assert_eq!(bundle.outcome("uname"), "skipped");
    assert_eq!(bundle.reason("uname"), "missing tool: uname");
    assert_eq!(bundle.outcome("meminfo"), "skipped");
    assert_eq!(place.files(), ["b.tar.gz", "glsos"]);
    // Nor is there a folder for what goes to stdout: a clear error.
    let ended = finish(place.command_below("collect --profile quick -o -"));
    assert_eq!(ended.code(), 1);
    assert!(ended.err.contains("error: ") && ended.err.contains("/var/tmp"), "{}", ended.err);
}

#[test]
fn an_empty_root_folder_with_proc_tells_of_the_host() {
    let place = Place::new();
    place.program("glsos");
    fs::create_dir(place.join("proc")).unwrap();
    with_own_mounts("/proc in a root folder of its own", || {
        let at = place.join("proc");
        mount(Some("proc"), &at, Some("proc"), MsFlags::empty(), None::<&str>).unwrap();
        finish(place.command_below("collect --profile quick -o /b.tar.gz")).good();
    });
    let bundle = place.bundle("b.tar.gz");
    assert!(bundle.text("meminfo").starts_with("MemTotal:"));
    assert!(bundle.text("mount").contains(" /proc proc "), "{}", bundle.text("mount"));
    for probe in ["system/host-summary", "system/cpu", "memory/memory", "processes/processes", "ulimit"] {
        let outcome = bundle.outcome(probe);
        assert!(matches!(outcome, "complete" | "skipped"), "{probe}: {outcome} {}", bundle.reason(probe));
    }
    assert_eq!(bundle.outcome("system/host-summary"), "complete");
}
