//! Two runs at the same time.

use super::program::{NOBODY, Place, is_root};

/// A command of the first run that starts others, and tells how they ended.
fn place() -> Place {
    let place = Place::new();
    place.write("root/etc/hostname", "elsewhere\n");
    let script = place.script(
        "second",
        &format!(
            "parent() {{ sed -n 's/^PPid:\\t//p' \"/proc/$1/status\"; }}\n\
         echo \"first $(parent $(parent $(parent $$)))\"\n\
         cd {}\n\
         try() {{ {} collect --only system/uname \"$@\" 2>&1; echo \"$1 ended with $?\"; }}\n\
         try -osecond.tar.gz\ntry --dry-run\ntry --sysroot root --only system -o below.tar.gz",
            place.path(),
            env!("CARGO_BIN_EXE_glsos"),
        ),
    );
    place.collector(&format!(
        "[[command]]\nname = \"second\"\nwhy = \"To see\"\nrun = [\"{script}\"]\ntimeout = \"5m\"\n"
    ));
    place
}

const COLLECT: &str = "collect --collectors collectors --only mine -o first.tar.gz";

#[test]
fn a_second_run_at_the_same_time_is_refused() {
    if !is_root("a lock that only root may hold") {
        return;
    }
    let place = place();
    place.glsos(COLLECT).good();
    let bundle = place.bundle("first.tar.gz");
    let text = bundle.text("mine/second");
    let first = text.lines().next().unwrap().strip_prefix("first ").unwrap();
    assert!(text.contains(&format!("error: process {first} holds /run/glsos.lock")), "{text}");
    assert!(text.contains(&format!("hint: wait for its end; `ps -fp {first}` shows it")), "{text}");
    assert!(text.contains("-osecond.tar.gz ended with 1"), "{text}");
    assert!(!place.join("second.tar.gz").exists() && !place.join("second.tar.gz.partial").exists());
    // Neither touches what the first one does.
    assert!(text.contains("--dry-run ended with 0") && text.contains("--sysroot ended with 0"), "{text}");
    // The lock went with the run.
    place.glsos("collect --only system/uname -o third.tar.gz").good();
    assert!(!bundle.log().contains("no lock"), "{}", bundle.log());
}

#[test]
fn where_there_can_be_no_lock_a_run_says_so_and_goes_on() {
    if !is_root("to become another user") {
        return;
    }
    let place = place();
    std::os::unix::fs::chown(place.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    place.as_nobody("collect --only system/uname -o b.tar.gz").good();
    let bundle = place.bundle("b.tar.gz");
    let line = "no lock keeps other runs away at the same time: /run/user/65534/glsos.lock: ";
    assert!(bundle.log().contains(line), "{}", bundle.log());
}
