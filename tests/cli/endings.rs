//! How a run ends before its time, and what does not end by itself.

use nix::sys::signal::Signal;

use super::program::{Place, interrupt, is_running};

/// A command that would run for ever, known by its argument; a file that is there meanwhile.
fn sleeper(place: &Place, argument: &str) {
    place.write("app.conf", "listen = 8080\n");
    place.collector(&format!(
        "[[command]]\nname = \"sleep\"\nwhy = \"It does not end\"\nrun = [\"sleep\", \"{argument}\"]\n\
         timeout = \"30m\"\n\
         [[command]]\nname = \"watch\"\nwhy = \"It watches and does not end\"\nrun = [\"sleep\", \"{argument}\"]\n\
         timeout = \"30m\"\nsampler = true\nprofiles = [\"default\"]\n\
         [[command]]\nname = \"uname\"\nwhy = \"It ends\"\nrun = [\"uname\"]\n\
         [[file]]\nname = \"conf\"\nwhy = \"It is there\"\npath = \"{}/app.conf\"\n",
        place.path()
    ));
}

#[test]
fn a_timeout_closes_the_bundle_with_what_there_is() {
    let place = Place::new();
    sleeper(&place, "6001.5");
    let ended = place.glsos("collect --collectors collectors --only mine --timeout 5s -o b.tar.gz").good();
    let bundle = place.bundle("b.tar.gz");
    assert_eq!(bundle.run()["stopped_by"], "timeout");
    assert_eq!(bundle.run()["limits"]["timeout"], 5);
    for name in ["mine/sleep", "mine/watch"] {
        assert_eq!(bundle.outcome(name), "timed-out", "{}", bundle.entry(name));
    }
    assert_eq!(bundle.outcome("mine/uname"), "complete");
    assert!(!is_running("6001.5"));
    assert!(ended.err.contains("stopped by timeout"), "{}", ended.err);
    assert_eq!(place.files(), ["app.conf", "b.tar.gz", "collectors/mine.toml"]);
}

#[test]
fn a_timeout_that_is_over_at_once_still_gives_a_bundle() {
    let place = Place::new();
    sleeper(&place, "6002.5");
    place.glsos("collect --collectors collectors --only mine --timeout 1ms -o b.tar.gz").good();
    let bundle = place.bundle("b.tar.gz");
    assert_eq!(bundle.run()["stopped_by"], "timeout");
    // There was no time to learn the host's secrets either.
    assert!(matches!(bundle.outcome("mine/sleep"), "timed-out" | "withheld"));
    let strict =
        place.glsos("collect --collectors collectors --only mine --timeout 1ms -o c.tar.gz --strict");
    assert_eq!(strict.code(), 3);
}

#[test]
fn a_signal_closes_the_bundle_whenever_it_comes() {
    for (number, (event, signal, code, word)) in [
        (r#""event":"planned""#, Signal::SIGINT, 130, "SIGINT"),
        (r#""event":"started","source":"mine/sleep""#, Signal::SIGINT, 130, "SIGINT"),
        (r#""event":"started","source":"mine/watch""#, Signal::SIGTERM, 143, "SIGTERM"),
        (r#""event":"made""#, Signal::SIGHUP, 143, "SIGTERM"),
    ]
    .into_iter()
    .enumerate()
    {
        let place = Place::new();
        let argument = format!("6003.{number}5");
        sleeper(&place, &argument);
        let command = place.command("collect --collectors collectors --only mine --json -o b.tar.gz");
        let ended = interrupt(command, move |line| line.contains(event).then_some(signal));
        assert_eq!(ended.code(), code, "{event}: {}", ended.err);
        let bundle = place.bundle("b.tar.gz");
        assert_eq!(bundle.run()["stopped_by"], word, "{event}");
        assert_eq!(bundle.outcome("mine/sleep"), "timed-out");
        assert_eq!(ended.events().last().unwrap()["stopped_by"], word);
        assert!(!is_running(&argument), "{event}");
        assert_eq!(place.files(), ["app.conf", "b.tar.gz", "collectors/mine.toml"]);
    }
}

#[test]
fn a_signal_while_the_bundle_is_read_closes_it_too() {
    let place = Place::new();
    place.write("a.conf", "a = 1\n");
    let line = "2026-03-01T10:00:00Z one line of many that are the same to the last\n";
    place.write("b.log", line.repeat(200_000));
    place.collector(&format!(
        "[[file]]\nname = \"conf\"\nwhy = \"It comes first\"\npath = \"{0}/a.conf\"\n\
         [[log]]\nname = \"log\"\nwhy = \"It is long\"\npath = \"{0}/b.log\"\n",
        place.path()
    ));
    let since = "--since 2026-02-01T00:00:00Z";
    let command =
        place.command(&format!("collect --collectors collectors --only mine --json {since} -o b.tar.gz"));
    let ended = interrupt(command, |line| line.contains("a.conf").then_some(Signal::SIGINT));
    assert_eq!(ended.code(), 130, "{}", ended.err);
    let bundle = place.bundle("b.tar.gz");
    assert_eq!(bundle.run()["stopped_by"], "SIGINT");
}

#[test]
fn commands_that_do_not_want_to_end_are_ended() {
    let place = Place::new();
    let deaf = place.script("deaf", "trap '' TERM INT HUP\nsetsid sleep 6004.5 &\necho begun\nsleep 6004.5");
    let away = place.script("away", "setsid sleep 6004.6 &\necho gone");
    let full = place.script("full", "exec yes and so on");
    let hold = place.script("hold", "(setsid sleep 6004.7 &) >&2\nkill -KILL $$");
    place.collector(&format!(
        "[[command]]\nname = \"deaf\"\nwhy = \"It ignores signals\"\nrun = [\"{deaf}\"]\ntimeout = \"1s\"\n\
         [[command]]\nname = \"away\"\nwhy = \"It leaves a process\"\nrun = [\"{away}\"]\ntimeout = \"120s\"\n\
         [[command]]\nname = \"full\"\nwhy = \"It never stops talking\"\nrun = [\"{full}\"]\nlimit = \"64KiB\"\ntimeout = \"120s\"\n\
         [[command]]\nname = \"hold\"\nwhy = \"It dies\"\nrun = [\"{hold}\"]\ntimeout = \"120s\"\n",
    ));
    place.glsos("collect --collectors collectors --only mine -o b.tar.gz").good();
    let bundle = place.bundle("b.tar.gz");
    assert_eq!((bundle.outcome("mine/deaf"), bundle.text("mine/deaf")), ("timed-out", "begun\n"));
    assert_eq!((bundle.outcome("mine/away"), bundle.text("mine/away")), ("complete", "gone\n"));
    let full = bundle.text("mine/full");
    assert_eq!(bundle.outcome("mine/full"), "truncated");
    assert!(full.len() <= 64 << 10 && full.len() > 63 << 10 && full.ends_with("so on\n"), "{}", full.len());
    assert_eq!(bundle.outcome("mine/hold"), "failed");
    assert_eq!(bundle.entry("mine/hold")["signal"], 9);
    for argument in ["6004.5", "6004.6", "6004.7"] {
        assert!(!is_running(argument), "{argument}");
    }
}
