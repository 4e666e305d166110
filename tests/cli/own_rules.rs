//! The customer's own rules: what they remove, what they keep, and what the bundle tells of them.

use super::program::{Place, finish};

/// A log, and a command with what the patterns look for.
fn place() -> Place {
    let place = Place::new();
    place.write(
        "app.log",
        "badge=84719203 door=7\r\ncode NJ-77-x and NJ-88-y\nbadge= none\npassword=__REDACTED.x.0847192037__\n",
    );
    place.collector(&format!(
        "[[file]]\nname = \"log\"\nwhy = \"It holds them\"\npath = \"{}/app.log\"\n\
         [[command]]\nname = \"echo\"\nwhy = \"It says one\"\nrun = [\"echo\", \"NJ-99-z\"]\n\
         [[command]]\nname = \"ps\"\nwhy = \"It shows what was typed\"\nrun = [\"ps\", \"-C\", \"glsos\", \"-o\", \"args\"]\n",
        place.path()
    ));
    place
}

const COLLECT: &str = "collect --collectors collectors --only mine -o b.tar.gz";

#[test]
fn a_pattern_of_ones_own_goes_and_its_text_stays_here() {
    let place = place();
    let mut command = place.command(COLLECT);
    command.args([
        "--redact-pattern",
        r"badge=(?<badge>\d+)",
        "--redact-pattern",
        r"NJ-\d\d-[x-z]",
        "--json",
    ]);
    let ended = finish(command).good();
    let bundle = place.bundle("b.tar.gz");
    for secret in ["84719203", "NJ-77-x", "NJ-88-y", "NJ-99-z", r"NJ-\d", r"\d+)", r"NJ-\\d", r"\\d+)"] {
        assert!(!bundle.holds(secret), "{secret} is in the bundle");
        assert!(!ended.text().contains(secret) && !ended.err.contains(secret), "{secret} was said");
    }
    assert!(bundle.holds("badge= none") && bundle.holds(" door=7\r\n"), "what is no match stays");
    let log = bundle.entry_of(&format!("{}/app.log", place.path()));
    assert_eq!(log["redactions"]["pattern-badge"], 1, "{log}");
    assert_eq!(log["redactions"]["pattern-2"], 2, "{log}");
    assert_eq!(bundle.run()["options"]["redact-pattern"], "2");
    assert!(bundle.text("mine/ps").contains("__REDACTED.chosen."), "{}", bundle.text("mine/ps"));
}

#[test]
fn a_pattern_that_is_not_understood_takes_nothing() {
    let place = place();
    for (pattern, told) in [
        ("user=(a", "pattern 1: unclosed group\n  user=(a\n       ^\nhint: "),
        ("a*", "also matches where nothing is, which is everywhere\n  a*\n  ^\nhint: write + in place of *"),
        ("(?:a{1000}){1000}", "too large\n  (?:a{1000}){1000}\n"),
        ("(?<=user=)x", "look-around, including look-ahead and look-behind, is not supported"),
        ("-x(", "unclosed group"),
    ] {
        let mut command = place.command(COLLECT);
        command.args(["--redact-pattern", pattern]);
        let ended = finish(command);
        assert_eq!(ended.code(), 2, "{pattern}");
        assert!(ended.err.starts_with("error: --redact-pattern: pattern 1: "), "{}", ended.err);
        assert!(ended.err.contains(told), "{}", ended.err);
        assert!(!place.join("b.tar.gz").exists());
    }
}
