//! The customer's own rules: what they remove, what they keep, and what the bundle tells of them.

use super::program::{NOBODY, Place, finish, is_root};

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

const TOKEN: &str = "glpat-aB3dE6gH9jK2mN5pQ8sT";

fn with_tokens() -> Place {
    let place = Place::new();
    place.write(
        "root/app.log",
        format!("clone {TOKEN} of the handbook\npassword=example-pass-9\npassword=Tr0ub4dor-Tr0ub4dor-3\n"),
    );
    place.write("root/etc/gitlab/gitlab.rb", "gitlab_rails['db_password'] = 'Tr0ub4dor-Tr0ub4dor-3'\n");
    place.collector("[[file]]\nname = \"log\"\nwhy = \"It holds them\"\npath = \"/app.log\"\n");
    place
}

#[test]
fn what_is_to_be_kept_stays_and_a_secret_goes_all_the_same() {
    let place = with_tokens();
    place.write("keep", format!("{TOKEN}\r\n\nexample-pass-9\nTr0ub4dor-Tr0ub4dor-3"));
    let ended = place.glsos(&format!("{COLLECT} --sysroot root --keep-value keep")).good();
    let bundle = place.bundle("b.tar.gz");
    let log = bundle.text("app.log");
    assert!(log.contains(&format!("clone {TOKEN} of")) && log.contains("password=example-pass-9\n"), "{log}");
    assert!(!bundle.holds("Tr0ub4dor"));
    let run = bundle.run();
    assert_eq!(run["kept_values"], serde_json::json!({"values": 2, "secrets": 1, "times": 2}));
    assert_eq!(run["options"]["keep-value"], "given");
    assert!(ended.err.contains("1 of the values to keep is a secret"), "{}", ended.err);
    assert!(ended.err.contains("kept      2 times one of 2 values"), "{}", ended.err);
    for told in [bundle.log(), bundle.text("glsos/manifest.json"), ended.err.as_str()] {
        assert!(!told.contains(TOKEN) && !told.contains("example-pass"), "it says which: {told}");
    }
    // At the desk nobody knows which values were kept.
    let desk = place.glsos("verify b.tar.gz");
    let kept = "2 times one of 2 values of --keep-value; a place that looks like a secret may be one";
    assert_eq!(desk.code(), 3);
    let told = String::from_utf8_lossy(&desk.out);
    assert!(told.contains(kept), "{told}");
}

#[test]
fn without_a_value_to_keep_nothing_is_kept() {
    let place = with_tokens();
    place.glsos(&format!("{COLLECT} --sysroot root")).good();
    let bundle = place.bundle("b.tar.gz");
    assert!(!bundle.holds(TOKEN) && !bundle.holds("example-pass-9"));
    assert!(bundle.run()["kept_values"].is_null());
}

#[test]
fn as_root_values_to_keep_are_refused_from_another_users_file() {
    if !is_root("a file of another user's") {
        return;
    }
    let place = with_tokens();
    let keep = place.write("keep", TOKEN);
    std::os::unix::fs::chown(&keep, Some(NOBODY), None).unwrap();
    let ended = place.glsos(&format!("{COLLECT} --sysroot root --keep-value keep"));
    assert_eq!(ended.code(), 2);
    assert!(ended.err.contains("keep: root does not own it, so as root it is refused"), "{}", ended.err);
    let ended = place.glsos(&format!("{COLLECT} --sysroot root --keep-value none"));
    assert_eq!(ended.code(), 2);
    assert!(ended.err.contains("hint: --keep-value names a file"), "{}", ended.err);
}
