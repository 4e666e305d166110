//! The hostile host: what its `git` user could plant does not get into a bundle, and stops no run.

use std::{
    fs,
    process::Stdio,
    sync::{
        LazyLock,
        atomic::{AtomicBool, Ordering},
    },
};

use super::{
    bundle::Bundle,
    program::{Place, finish},
};
use crate::hostile::{Hostile, KEPT, LOGS};

static MADE: LazyLock<(Bundle, String)> = LazyLock::new(|| {
    let (host, place) = (Hostile::build(), Place::new());
    let mut command = place.command("collect --since 2026-02-01T00:00:00Z --json -o b.tar.gz");
    command.arg("--sysroot").arg(&host.root);
    let ended = finish(command).good();
    (place.bundle("b.tar.gz"), format!("{}{}", ended.text(), ended.err))
});

#[test]
fn no_secret_behind_a_link_a_hole_or_a_name_is_in_the_bundle() {
    let (bundle, said) = &*MADE;
    for (number, secret) in Hostile::secrets().into_iter().enumerate() {
        assert!(!bundle.holds(secret), "secret {number} is in the bundle");
        assert!(!said.contains(secret), "secret {number} was said");
    }
}

#[test]
fn links_that_git_planted_are_not_followed_and_that_is_told() {
    let (bundle, _) = &*MADE;
    let planted = ["production_json.log", "api_json.log", "audit_json.log", "auth.log"];
    for name in planted.map(|name| format!("{LOGS}/gitlab-rails/{name}")) {
        assert!(!bundle.files.contains_key(&name), "{name}");
    }
    assert!(!bundle.files.keys().any(|name| name.contains("etc/shadow") || name.contains("sidekiq/")));
}

#[test]
fn what_can_be_read_is_there_although_it_is_odd() {
    let (bundle, _) = &*MADE;
    for name in ["praefect/current", "gitaly/current", "gitlab-workhorse/current"] {
        let text = bundle.text(&format!("{LOGS}/{name}"));
        assert!(
            text.contains(KEPT),
            "{name} lost its last line: {:?}",
            bundle.entry(&format!("{LOGS}/{name}"))
        );
    }
    assert!(bundle.holds("behind a byte order mark"));
}

#[test]
fn names_can_neither_leave_the_bundle_nor_drive_a_terminal() {
    // That each is a plain path below the top folder is asserted of every bundle.
    let (bundle, said) = &*MADE;
    assert!(bundle.files.len() > 20);
    let steers = |c: char| matches!(c, '\u{1b}' | '\u{7}' | '\u{202e}');
    assert!(!said.contains(steers), "{said:?}");
    assert!(bundle.names().iter().all(|name| !name.contains(steers)), "{:?}", bundle.names());
    assert!(!bundle.log().contains(steers));
}

#[test]
fn a_link_that_comes_while_it_runs_is_not_followed() {
    let (host, place) = (Hostile::build(), Place::new());
    let log = host.root.join(LOGS).join("praefect/current");
    host.swap();
    let mut command = place.command("collect --only gitlab-logs --since 2026-02-01T00:00:00Z -o b.tar.gz");
    command.arg("--sysroot").arg(&host.root);
    finish(command).good();
    assert!(log.is_symlink());
    let bundle = place.bundle("b.tar.gz");
    assert!(Hostile::secrets().iter().all(|secret| !bundle.holds(secret)));
}

/// As long as the program runs, somebody puts a link to /etc/shadow in the place of a log and the log back.
#[test]
fn a_race_of_links_with_the_run_leads_nowhere() {
    let (host, place) = (Hostile::build(), Place::new());
    let log = host.root.join(LOGS).join("praefect/current");
    let (text, over) = (fs::read(&log).unwrap(), AtomicBool::new(false));
    let rounds = std::thread::scope(|scope| {
        let attacker = scope.spawn(|| {
            let mut rounds = 0;
            while !over.load(Ordering::Relaxed) {
                host.swap();
                fs::write(log.with_file_name("current.old"), &text).unwrap();
                fs::rename(log.with_file_name("current.old"), &log).unwrap();
                rounds += 1;
                // Whoever never pauses keeps a run that uses only what is left from its own end.
                std::thread::park_timeout(std::time::Duration::from_millis(1));
            }
            rounds
        });
        let runs = ["a.tar.gz", "b.tar.gz", "c.tar.gz"].map(|name| {
            let mut command =
                place.command(&format!("collect --only praefect --since 2026-02-01T00:00:00Z -o {name}"));
            command.arg("--sysroot").arg(&host.root).stdout(Stdio::null()).stderr(Stdio::null());
            command.status().unwrap().success()
        });
        over.store(true, Ordering::Relaxed);
        assert_eq!(runs, [true; 3]);
        attacker.join().unwrap()
    });
    assert!(rounds > 3, "{rounds}");
    for name in ["a.tar.gz", "b.tar.gz", "c.tar.gz"] {
        let bundle = place.bundle(name);
        assert!(bundle.names().iter().any(|name| name.contains("praefect/current")), "{:?}", bundle.names());
        for (number, secret) in Hostile::secrets().into_iter().enumerate() {
            assert!(!bundle.holds(secret), "secret {number} is in {name}");
        }
    }
}
