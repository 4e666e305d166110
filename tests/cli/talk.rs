//! What is said, where, how wide, and the exit codes.

use std::{fs, io::Read as _, process::Stdio};

use super::program::{Place, alone, finish};

/// One source that fails, one that does not.
const FAILS: &str = "\
    [[command]]\nname = \"false\"\nwhy = \"It fails\"\nrun = [\"false\"]\n\
    [[command]]\nname = \"good\"\nwhy = \"It does not\"\nrun = [\"uname\"]\n";

#[test]
fn what_fails_is_in_the_manifest_and_counts_only_when_strict() {
    let place = Place::new();
    place.collector(FAILS);
    let ended = place.glsos("collect --collectors collectors --only mine -o a.tar.gz").good();
    assert!(ended.err.contains("mine/false"), "{}", ended.err);
    let strict = place.glsos("collect --collectors collectors --only mine -o b.tar.gz --strict");
    assert_eq!(strict.code(), 3);
    let good = place.glsos("collect --collectors collectors --only mine/good -o c.tar.gz --strict");
    assert_eq!(good.code(), 0);
    for name in ["a.tar.gz", "b.tar.gz"] {
        let bundle = place.bundle(name);
        assert_eq!(bundle.outcome("mine/false"), "failed");
        assert_eq!(bundle.entry("mine/false")["exit"], 1);
        assert_eq!(bundle.entry("mine/false")["present"], false, "it is never an empty file");
        assert_eq!(bundle.outcome("mine/good"), "complete");
    }
}

#[test]
fn every_line_of_json_is_an_event() {
    let place = Place::new();
    place.collector(FAILS);
    let ended = place.glsos("collect --collectors collectors --only mine -o b.tar.gz --json").good();
    let events = ended.events();
    let kinds: Vec<_> = events.iter().map(|event| event["event"].as_str().unwrap()).collect();
    assert_eq!((kinds[0], *kinds.last().unwrap()), ("planned", "bundle"));
    assert_eq!(kinds.iter().filter(|kind| **kind == "made").count(), 2);
    let last = events.last().unwrap();
    assert_eq!(last["path"], "b.tar.gz");
    assert_eq!(last["bytes"], fs::metadata(place.join("b.tar.gz")).unwrap().len());
    assert_eq!(last["entries"]["failed"], 1);
    assert_eq!(ended.err, "");
}

#[test]
fn quiet_says_nothing_but_the_path() {
    let place = Place::new();
    place.collector(FAILS);
    let ended = place.glsos("collect --collectors collectors --only mine -o b.tar.gz -q").good();
    assert_eq!((ended.err.as_str(), ended.text()), ("", "b.tar.gz\n"));
    let ended = place.glsos("collect --only nosuch -q");
    assert!(ended.err.contains("error: "), "errors are said all the same");
}

#[test]
fn verbose_says_how_every_entry_ended() {
    let place = Place::new();
    place.collector(FAILS);
    let ended = place.glsos("collect --collectors collectors --only mine -o b.tar.gz -v").good();
    for line in ["complete   mine/good\n", "failed     mine/false: exit status 1"] {
        assert!(ended.err.contains(line), "{}", ended.err);
    }
}

#[test]
fn a_stderr_that_takes_nothing_costs_no_bundle() {
    let place = Place::new();
    let mut command = place.command("collect --only system/uname -o b.tar.gz -v");
    command.stdin(Stdio::null()).stdout(Stdio::null());
    command.stderr(fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    let _alone = alone(&mut command);
    assert_eq!(command.status().unwrap().code(), Some(0));
    place.bundle("b.tar.gz");
}

#[test]
fn a_terminal_sees_one_line_that_changes_and_then_the_summary() {
    let place = Place::new();
    let terminal = nix::pty::openpty(None, None).unwrap();
    let mut command = place.command("collect --only system -o b.tar.gz");
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::from(terminal.slave));
    command.env("TERM", "xterm");
    let _alone = alone(&mut command);
    let mut child = command.spawn().unwrap();
    drop(command);
    let (mut seen, mut buffer) = (Vec::new(), [0; 4096]);
    let mut master = fs::File::from(terminal.master);
    // A terminal that was hung up gives an error.
    while let Ok(n @ 1..) = master.read(&mut buffer) {
        seen.extend_from_slice(&buffer[..n]);
    }
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let seen = String::from_utf8_lossy(&seen);
    assert!(seen.contains('\r') && seen.contains("Look inside before you send it"), "{seen:?}");
}

#[test]
fn the_summary_tells_where_it_is_what_is_in_it_and_what_to_do() {
    let place = Place::new();
    place.collector(FAILS);
    let ended = place.glsos("collect --collectors collectors --only mine -o b.tar.gz").good();
    for part in ["size", "entries", "redacted", "mine/false", "exit status 1", "Look inside", "b.tar.gz"] {
        assert!(ended.err.contains(part), "{part:?} is not in {}", ended.err);
    }
    assert_narrow(&ended.err);
}

/// At most 80 columns, but for a word that is longer.
fn assert_narrow(text: &str) {
    // What stands behind the columns' heads, or alone, is such a word.
    let words = |line: &str| line.split_whitespace().filter(|word| word.len() > 12).count();
    let wide = |line: &&str| line.chars().count() > 80 && words(line) > 1;
    let wide: Vec<_> = text.lines().filter(wide).collect();
    assert!(wide.is_empty(), "wider than 80 columns: {wide:#?}");
}

#[test]
fn list_and_explain_fit_a_terminal() {
    let place = Place::new();
    let list = place.glsos("list").good();
    assert_narrow(list.text());
    let names: Vec<_> = list.text().lines().skip(1).filter(|line| !line.starts_with(' ')).collect();
    assert!(names.len() > 10, "{names:?}");
    for name in names.iter().map(|line| line.split_whitespace().next().unwrap()) {
        let ended = place.glsos(&format!("explain {name}")).good();
        assert!(ended.text().starts_with(&format!("{name}\n  about ")), "{}", ended.text());
        assert!(ended.text().contains("  why ") && ended.text().contains("  takes "), "{}", ended.text());
        assert_narrow(ended.text());
    }
    let one = place.glsos("explain disks/df").good();
    assert!(one.text().contains("df -hT") && one.text().contains("df_hT"), "{}", one.text());
}

#[test]
fn explain_of_what_is_unknown_guesses() {
    let ended = Place::new().glsos("explain dsks");
    assert_eq!(ended.code(), 2);
    assert!(ended.err.contains("hint: did you mean `disks`?"), "{}", ended.err);
}

#[test]
fn a_command_line_that_can_not_be_understood_ends_with_2() {
    let place = Place::new();
    for arguments in
        ["", "colect", "collect --nosuch", "collect -q -v", "explain", "collectors", "collect extra"]
    {
        let ended = finish(place.command(arguments));
        assert_eq!(ended.code(), 2, "{arguments}");
        assert!(ended.out.is_empty() && !ended.err.is_empty(), "{arguments}");
    }
    for arguments in ["--help", "--version", "collect --help"] {
        assert!(!place.glsos(arguments).good().out.is_empty());
    }
}

#[test]
fn explain_tells_what_no_collector_takes() {
    let place = Place::new();
    let text = place.glsos("explain never-taken").good().text().to_owned();
    for part in ["GitLab's own secrets", "/etc/gitlab/gitlab-secrets.json", "shadow", "a private key"] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
}
