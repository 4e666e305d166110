//! `--review`: what is shown before a bundle gets its name, and what an answer does.

use std::{
    fs::File,
    io::{Read as _, Write as _},
    process::{Command, Stdio},
};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use super::program::{Place, alone, finish};

const COLLECT: &str = "collect --collectors collectors --only mine --sysroot root -o b.tar.gz --review";
const QUESTION: &str = "[y/N] ";

fn place() -> Place {
    let place = Place::new();
    let lines: String = (0..30).map(|n| format!("{n} login with password=Tr0ub4dor{n}xyz ok\n")).collect();
    place.write(
        "root/app.log",
        format!("\u{1b}[2Jerror: forged \u{202e}\u{9b}2J token=Tr0ub4dor-x9\n{lines}"),
    );
    place.write("root/clean.log", "nothing to hide\n");
    place.write(format!("root/{}.log", "long-name-".repeat(20)).as_str(), "nothing\n");
    place.collector(
        "[[file]]\nname = \"logs\"\nwhy = \"They show what is taken out\"\npath = \"/*.log\"\n\
         [[file]]\nname = \"none\"\nwhy = \"It is not there\"\npath = \"/none\"\n",
    );
    place
}

/// Runs it on a terminal and gives the answers, each to one question; with none left a signal is sent.
/// Returns the exit code, what was seen and what came on stdout.
fn on_terminal(mut command: Command, answers: &[&str]) -> (Option<i32>, String, Vec<u8>) {
    let terminal = nix::pty::openpty(None, None).unwrap();
    let slave = File::from(terminal.slave);
    command.stdin(slave.try_clone().unwrap()).stderr(slave).stdout(Stdio::piped());
    let _alone = alone(&mut command);
    let mut child = command.spawn().unwrap();
    drop(command);
    let mut master = File::from(terminal.master);
    let (mut seen, mut buffer, mut asked) = (Vec::new(), [0; 4096], 0);
    // A terminal that was hung up gives an error.
    while let Ok(n @ 1..) = master.read(&mut buffer) {
        seen.extend_from_slice(&buffer[..n]);
        let questions = memchr::memmem::find_iter(&seen, QUESTION.as_bytes()).count();
        if questions > asked {
            asked = questions;
            match answers.get(asked - 1) {
                Some(answer) => master.write_all(answer.as_bytes()).unwrap(),
                None => kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGINT).unwrap(),
            }
        }
    }
    let mut out = Vec::new();
    child.stdout.take().unwrap().read_to_end(&mut out).unwrap();
    (child.wait().unwrap().code(), String::from_utf8_lossy(&seen).replace("\r\n", "\n"), out)
}

/// What was shown between the run and the question.
fn review(seen: &str) -> &str {
    let from = seen.find("The bundle has ").unwrap_or_else(|| panic!("{seen}"));
    &seen[from..seen.find(QUESTION).unwrap()]
}

#[test]
fn it_shows_what_was_taken_out_and_never_a_value() {
    let place = place();
    let (code, seen, _) = on_terminal(place.command(COLLECT), &["yes\n"]);
    assert_eq!(code, Some(0), "{seen}");
    let bundle = place.bundle("b.tar.gz");
    let review = review(&seen);
    assert!(!seen.contains("Tr0ub4dor"), "{review}");
    let entry = bundle.entry("app.log");
    for (rule, count) in entry["redactions"].as_object().unwrap() {
        assert!(review.contains(&format!("             {rule}: {count}\n")), "{rule} {count}: {review}");
    }
    assert!(review.contains("2  0 login with password=["), "the line and what is around: {review}");
    assert!(review.contains("and 28 more\n") || review.contains("and 27 more\n"), "{review}");
    for name in bundle.files.keys().filter(|name| !name.starts_with("long")) {
        assert!(review.contains(&format!("  {name}\n")), "{name} is not in {review}");
    }
    let (touched, untouched) = review.split_once("Nothing was taken out of these:").unwrap();
    assert!(touched.contains("  app.log\n") && untouched.contains("  clean.log\n"), "{review}");
    assert!(review.contains("Not in the bundle: 1 skipped."), "{review}");
}

#[test]
fn a_hostile_line_in_a_review_drives_no_terminal() {
    let place = place();
    let (_, seen, _) = on_terminal(place.command(COLLECT), &["n\n"]);
    let review = review(&seen);
    assert!(review.contains("\\u{1b}[2Jerror: forged \\u{202e}\\u{9b}2J token=["), "{review}");
    assert!(!review.chars().any(|c| c.is_control() && c != '\n'), "{review:?}");
    let wide: Vec<_> = review.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(wide.is_empty(), "wider than 80 columns: {wide:#?}");
}

#[test]
fn only_a_yes_keeps_the_bundle() {
    for answers in [&["n\n"][..], &["\n"], &["NO\n"], &["maybe\n", "yess\n", "no\n"], &["\u{4}"], &[]] {
        let place = place();
        let before = place.files();
        let (code, seen, out) = on_terminal(place.command(COLLECT), answers);
        // Without an answer a signal ends the question.
        assert_eq!(code, Some(if answers.is_empty() { 130 } else { 1 }), "{answers:?}: {seen}");
        assert!(seen.contains("The bundle is deleted: nothing was written."), "{answers:?}: {seen}");
        assert_eq!(place.files(), before, "{answers:?}");
        assert!(out.is_empty());
    }
    for answers in [&["y\n"][..], &["what\n", " YES \n"]] {
        let place = place();
        let (code, seen, out) = on_terminal(place.command(COLLECT), answers);
        assert_eq!((code, out.as_slice()), (Some(0), b"b.tar.gz\n".as_slice()), "{seen}");
        place.bundle("b.tar.gz");
    }
}

#[test]
fn nothing_goes_to_stdout_before_a_yes() {
    let place = place();
    let arguments = COLLECT.replace("-o b.tar.gz", "-o -");
    let (code, seen, out) = on_terminal(place.command(&arguments), &["no\n"]);
    assert_eq!((code, out.len()), (Some(1), 0), "{seen}");
    let (code, seen, out) = on_terminal(place.command(&arguments), &["y\n"]);
    assert_eq!(code, Some(0), "{seen}");
    super::bundle::Bundle::of(out);
}

#[test]
fn without_a_terminal_there_is_no_review_and_nothing_is_taken() {
    let place = place();
    let before = place.files();
    let ended = finish(place.command(COLLECT));
    assert_eq!(ended.code(), 2);
    assert!(ended.err.starts_with("error: --review asks on a terminal"), "{}", ended.err);
    assert!(ended.err.contains("hint: without --review"), "{}", ended.err);
    for other in ["-q", "--json", "--dry-run"] {
        assert_eq!(place.glsos(&format!("{COLLECT} {other}")).code(), 2, "{other}");
    }
    assert_eq!(place.files(), before);
}
