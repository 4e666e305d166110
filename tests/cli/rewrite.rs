//! `glsos redact BUNDLE`: old bundles, and archives of other tools, become new bundles without their secrets.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Stdio};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};

use serde_json::Value;

use super::{
    damage::noise,
    program::{Place, fed, finish, is_root},
    redact::{TOKEN, gzip, text, without_tags},
    verify::old_archive,
};

/// An archive with these members below one folder.
pub(super) fn tar_of(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    for (name, content) in members {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mtime(1_700_000_000);
        tar.append_data(&mut header, format!("old/{name}"), *content).unwrap();
    }
    tar.into_inner().unwrap()
}

/// A bundle of two files, one of them of several segments.
fn collected(place: &Place) -> Vec<String> {
    let long = place.write("long.log", noise(3 << 20));
    let conf = place.write("a.conf", text());
    let source = |name: &str, path: &Path| {
        let path = path.to_str().unwrap();
        format!("[[file]]\nname = \"{name}\"\nwhy = \"To compare\"\npath = \"{path}\"\n")
    };
    place.collector(&format!("{}{}", source("long", &long), source("conf", &conf)));
    place.glsos("collect --collectors collectors --only mine,system -o b.tar.gz --ticket 4711").good();
    [long, conf].iter().map(|path| path.to_str().unwrap().trim_start_matches('/').to_owned()).collect()
}

#[test]
fn a_bundle_that_was_redacted_stays_what_it_is() {
    let place = Place::new();
    collected(&place);
    let before = fs::read(place.join("b.tar.gz")).unwrap();
    let ended = place.glsos("redact b.tar.gz").good();
    let old = place.bundle("b.tar.gz");
    let file = format!("{}.redacted.tar.gz", old.root);
    assert_eq!(ended.text(), format!("{file}\n"), "stdout is the path, for scripts");
    assert_eq!(fs::metadata(place.join(&file)).unwrap().permissions().mode() & 0o7777, 0o600);
    assert!(fs::read(place.join("b.tar.gz")).unwrap() == before, "the input stays as it is");
    let new = place.bundle(&file);
    assert_eq!(format!("{}.tar.gz", new.root), file);
    assert_eq!(new.names(), old.names());
    for (name, content) in old.files.iter().filter(|(name, _)| !name.starts_with("glsos/")) {
        assert!(new.files[name] == *content, "{name}");
    }
    for entry in old.entries().iter().filter(|entry| entry["kind"] != "glsos") {
        let bare = |entry: &Value| {
            let mut entry = entry.clone();
            entry.as_object_mut().unwrap().remove("segments");
            entry
        };
        assert_eq!(bare(new.entry(entry["name"].as_str().unwrap())), bare(entry));
    }
    for same in ["host", "kind", "started", "ticket", "profile", "selection", "installation"] {
        assert_eq!(new.run()[same], old.run()[same], "{same}");
    }
    let from = &new.run()["from"];
    assert_eq!((&from["name"], &from["format"]), (&"b.tar.gz".into(), &"glsos-bundle/1".into()));
    assert_eq!(from["bytes"], before.len());
    assert!(new.log().starts_with(old.log()) && new.log().contains("redacts b.tar.gz"));
    place.glsos(&format!("verify {file}")).good();
    let again = place.glsos(&format!("redact {file} -o c.tar.gz")).good();
    assert_eq!(again.text(), "c.tar.gz\n");
    let third = place.bundle("c.tar.gz");
    assert_eq!(third.root, new.root, "one mark is enough");
    assert_eq!(third.names(), new.names());
}

#[test]
fn what_collect_redacts_is_redacted_alike() {
    let place = Place::new();
    let names = collected(&place);
    let (long, conf) = (fs::read(place.join("long.log")).unwrap(), text().into_bytes());
    let contents: [&[u8]; 2] = [&long, &conf];
    let members: Vec<_> = names.iter().map(String::as_str).zip(contents).collect();
    place.write("old.tar.gz", gzip(&tar_of(&members)));
    place.write("old.tar", tar_of(&members));
    let collected = place.bundle("b.tar.gz");
    for file in ["old.tar.gz", "old.tar"] {
        place.glsos(&format!("redact {file} -o {file}.new")).good();
        let redacted = place.bundle(&format!("{file}.new"));
        for name in &names {
            assert!(without_tags(&redacted.files[name]) == without_tags(&collected.files[name]), "{name}");
            let (a, b) = (redacted.entry(name), collected.entry(name));
            assert_eq!(a["redactions"], b["redactions"]);
            assert_eq!(
                (&a["outcome"], &a["source_bytes"], &a["lines"]),
                (&b["outcome"], &b["source_bytes"], &b["lines"])
            );
        }
    }
}

#[test]
fn an_archive_of_another_tool_becomes_a_bundle_without_its_secrets() {
    let place = Place::new();
    place.write("gitlabsos.tar.gz", gzip(&old_archive()));
    let ended = place.glsos("redact gitlabsos.tar.gz").good();
    assert_eq!(ended.text(), "gitlabsos.host_20260101.redacted.tar.gz\n");
    let bundle = place.bundle(ended.text().trim());
    assert!(!bundle.holds("aB3dE6gH9") && !ended.err.contains("aB3dE6gH9"));
    assert_eq!(bundle.text("uptime"), " 10:00:00 up 3 days\n");
    assert!(
        bundle
            .text("etc/gitlab/gitlab.rb")
            .starts_with("ok = 1\n\ngitlab_rails['smtp_password'] = '__REDACTED.")
    );
    // As in a bundle of glsos's own, what was compressed is not any more.
    let log = bundle.text("var/log/gitlab/x.log.1");
    assert!(log.starts_with("one\ntwo\nx?private_token=__REDACTED."), "{log}");
    assert!(bundle.names().iter().any(|name| name.starts_with("var/log/__REDACTED.")));
    assert_eq!(bundle.outcome("inner.tar"), "withheld");
    assert_eq!(bundle.reason("inner.tar"), "it can't be read as text");
    assert_eq!(bundle.entry("etc/gitlab/gitlab.rb")["asked"]["path"], "/etc/gitlab/gitlab.rb");
    assert_eq!(bundle.entry("var/log/gitlab/x.log.1")["mtime"], "2023-11-14T22:13:20Z");
    let run = bundle.run();
    assert_eq!((&run["kind"], &run["from"]["format"]), (&"archive".into(), &"tar".into()));
    assert_eq!(run["from"].get("trouble"), None);
    let ended = place.glsos("verify gitlabsos.host_20260101.redacted.tar.gz").good();
    assert!(ended.text().contains("second scan    nothing found"), "{}", ended.text());
}

#[test]
fn damage_in_one_entry_costs_no_other() {
    let place = Place::new();
    let names = collected(&place);
    let old = place.bundle("b.tar.gz");
    let mut bytes = fs::read(place.join("b.tar.gz")).unwrap();
    let segment = old.entry(&names[0])["segments"][1].clone();
    let at = segment[0].as_u64().unwrap() + segment[1].as_u64().unwrap() / 2;
    bytes[usize::try_from(at).unwrap()] ^= 0x41;
    place.write("damaged.tar.gz", bytes);
    let ended = place.glsos("redact damaged.tar.gz -o new.tar.gz").good();
    let new = place.bundle("new.tar.gz");
    assert_eq!(new.outcome(&names[0]), "truncated");
    assert!(new.reason(&names[0]).contains("damaged"), "{}", new.reason(&names[0]));
    assert!(ended.err.contains(&names[0]), "{}", ended.err);
    for (name, content) in
        old.files.iter().filter(|(name, _)| !name.starts_with("glsos/") && **name != names[0])
    {
        assert!(new.files[name] == *content, "{name}");
    }
}

#[test]
fn of_an_archive_that_was_cut_all_that_is_there_is_taken_and_the_rest_is_told() {
    let place = Place::new();
    let old = tar_of(&[("first", b"one\n"), ("second", &noise(200_000)), ("third", b"three\n")]);
    let packed = gzip(&old);
    for (name, bytes) in [("cut.tar", &old[..100_000]), ("cut.tar.gz", &packed[..packed.len() / 2])] {
        place.write(name, bytes);
        let ended = place.glsos(&format!("redact {name} -o {name}.new")).good();
        assert!(ended.err.contains("could not be read to its end"), "{}", ended.err);
        let new = place.bundle(&format!("{name}.new"));
        assert_eq!(new.text("first"), "one\n");
        assert_eq!(new.outcome("second"), "truncated");
        let text = new.text("second");
        assert!(text.len() > 10_000 && text.ends_with('\n') && noise(200_000).starts_with(text.as_bytes()));
        assert_eq!(new.run()["from"]["trouble"], "it ends too early");
        assert!(!new.files.contains_key("third"));
    }
}

#[test]
fn a_bundle_goes_where_it_is_told_and_overwrites_nothing() {
    let place = Place::new();
    place.write("old.tar.gz", gzip(&old_archive()));
    let ended = place.glsos("redact old.tar.gz -o old.tar.gz");
    assert_eq!(ended.code(), 1);
    assert!(ended.err.contains("File exists\nhint: glsos overwrites nothing"), "{}", ended.err);
    fs::create_dir(place.join("here")).unwrap();
    place.glsos("redact old.tar.gz -o here").good();
    let piped = place.glsos("redact old.tar.gz -o -").good();
    super::bundle::Bundle::of(piped.out);
    assert_eq!(place.files(), ["here/gitlabsos.host_20260101.redacted.tar.gz", "old.tar.gz"]);
    // A file on stdin is a file all the same.
    let mut shell = std::process::Command::new("sh");
    let line = format!("{} redact -o stdin.tar.gz < old.tar.gz", env!("CARGO_BIN_EXE_glsos"));
    shell.args(["-c", &line]).current_dir(place.path());
    finish(shell).good();
    assert!(place.bundle("stdin.tar.gz").files.contains_key("uptime"));
}

#[test]
fn a_rewriting_that_is_stopped_leaves_a_valid_bundle() {
    let place = Place::new();
    let mut header = tar::Header::new_gnu();
    header.set_path("old/endless").unwrap();
    header.set_size(1 << 40);
    header.set_cksum();
    let first = tar_of(&[("first", b"one\n")]);
    let path = place.write("old.tar", [&first[..1024], header.as_bytes()].concat());
    // A hole of a terabyte.
    fs::OpenOptions::new().append(true).open(path).unwrap().set_len(1 << 40).unwrap();
    let mut command = place.command("redact old.tar -o new.tar.gz");
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    while !place.join("new.tar.gz.partial").exists() {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::yield_now();
    }
    kill(Pid::from_raw(child.id().cast_signed()), Signal::SIGTERM).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(143));
    assert_eq!(place.files(), ["new.tar.gz", "old.tar"]);
    let bundle = place.bundle("new.tar.gz");
    assert_eq!(bundle.run()["stopped_by"], "SIGTERM");
    assert_eq!(bundle.run()["from"]["trouble"], "the run was stopped");
}

#[test]
fn what_can_not_be_done_is_said_before_anything_is() {
    let place = Place::new();
    let piped = fed(place.command("redact"), &gzip(&old_archive()));
    assert_eq!((piped.code(), piped.text()), (2, ""));
    assert!(
        piped.err.contains("error: an archive can't be rewritten from a pipe\nhint: name its file"),
        "{}",
        piped.err
    );
    place.write("a.log", "x\n");
    let text = place.glsos("redact a.log -o b.log");
    assert_eq!(text.code(), 2);
    assert!(text.err.contains("error: -o is for a new bundle"), "{}", text.err);
    assert_eq!(place.files(), ["a.log"]);
}

#[test]
fn the_hosts_own_secrets_and_ones_own_values_go_from_bundles_too() {
    if !is_root("a root of its own") {
        return;
    }
    let place = Place::new();
    place.program("glsos");
    place.write(
        "etc/gitlab/gitlab-secrets.json",
        "{\"gitlab_rails\": {\"db_key_base\": \"c2e7a0f81b5d4f69a3\"}}",
    );
    place.write("values", "Project Nightjar\n");
    let content = format!("c2e7a0f81b5d4f69a3 and Project Nightjar and {TOKEN} stay\n");
    place.write("old.tar", tar_of(&[("a", content.as_bytes())]));
    finish(place.command_below("redact /old.tar -o /new.tar.gz --redact-value /values")).good();
    let bundle = place.bundle("new.tar.gz");
    assert_eq!(without_tags(&bundle.files["a"]), "<db_key_base> and <chosen> and <gitlab-token> stay\n");
    assert_eq!(bundle.run()["options"]["redact-value"], "given");
    assert_eq!(bundle.run()["known_secrets"][0]["values"], 1);
}
