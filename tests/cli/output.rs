//! Where a bundle goes and what it is called.

use std::{fs, os::unix::fs::PermissionsExt as _, process::Stdio};

use super::program::{NOBODY, Place, alone, finish, is_root};

const LITTLE: &str = "collect --only system/uname";

/// The one file in the folder.
fn only_file(place: &Place) -> String {
    let files = place.files();
    let [file] = files.as_slice() else { panic!("{files:?}") };
    file.clone()
}

/// `glsos.HOST.YYYYmmddHHMMSS.tar.gz`, or one with a ticket.
fn assert_named(file: &str, before: &str) {
    let rest = file.strip_prefix(before).unwrap_or_else(|| panic!("{file}"));
    let (host, time) = rest.strip_suffix(".tar.gz").unwrap().rsplit_once('.').unwrap();
    assert!(!host.is_empty() && time.len() == 14 && time.bytes().all(|b| b.is_ascii_digit()), "{file}");
}

#[test]
fn a_bundle_is_named_after_host_and_time_and_is_for_its_owner_alone() {
    let place = Place::new();
    let ended = place.glsos(LITTLE).good();
    let file = only_file(&place);
    assert_named(&file, "glsos.");
    assert_eq!(ended.text(), format!("{file}\n"), "stdout is the path, for scripts");
    assert_eq!(fs::metadata(place.join(&file)).unwrap().permissions().mode() & 0o7777, 0o600);
    let bundle = place.bundle(&file);
    assert_eq!(format!("{}.tar.gz", bundle.root), file);
    assert!(bundle.text("uname").starts_with("Linux "));
}

#[test]
fn a_ticket_is_in_the_name_and_in_the_manifest() {
    let place = Place::new();
    place.glsos(&format!("{LITTLE} --ticket ZD-123456")).good();
    let file = only_file(&place);
    assert_named(&file, "glsos.ZD-123456.");
    assert_eq!(place.bundle(&file).run()["ticket"], "ZD-123456");
}

#[test]
fn a_folder_gets_a_bundle_of_the_default_name() {
    let place = Place::new();
    fs::create_dir(place.join("here")).unwrap();
    place.glsos(&format!("{LITTLE} -o here")).good();
    assert_named(only_file(&place).strip_prefix("here/").unwrap(), "glsos.");
}

#[test]
fn plain_tar_unpacks_it_without_a_word() {
    let place = Place::new();
    place.glsos(&format!("{LITTLE} -o b.tar.gz")).good();
    let mut tar = std::process::Command::new("tar");
    tar.args(["xzf", "b.tar.gz"]).current_dir(place.path());
    let ended = finish(tar).good();
    assert_eq!(ended.err, "");
    let root = place.bundle("b.tar.gz").root;
    assert!(fs::read_to_string(place.join(&root).join("uname")).unwrap().starts_with("Linux "));
}

#[test]
fn nothing_is_overwritten() {
    let place = Place::new();
    place.write("b.tar.gz", "mine");
    let ended = place.glsos(&format!("{LITTLE} -o b.tar.gz"));
    assert_eq!(ended.code(), 1);
    assert!(ended.err.contains("error: creating the bundle b.tar.gz: File exists"), "{}", ended.err);
    assert!(ended.err.contains("hint: glsos overwrites nothing"), "{}", ended.err);
    assert_eq!(only_file(&place), "b.tar.gz");
    assert_eq!(fs::read(place.join("b.tar.gz")).unwrap(), b"mine");
}

#[test]
fn a_missing_folder_is_named() {
    let place = Place::new();
    let ended = place.glsos(&format!("{LITTLE} -o no/such/b.tar.gz"));
    assert_eq!(ended.code(), 1);
    assert!(ended.err.contains("error: opening the folder no/such"), "{}", ended.err);
    assert!(ended.err.contains("hint: "), "{}", ended.err);
}

#[test]
fn a_folder_that_may_not_be_written_to_is_named() {
    if !is_root("a folder of another user") {
        return;
    }
    let place = Place::new();
    let ended = place.as_nobody(LITTLE);
    assert_eq!(ended.code(), 1);
    assert!(
        ended.err.contains("Permission denied\nhint: name a folder that you may write to"),
        "{}",
        ended.err
    );
    assert!(place.files().is_empty());
}

#[test]
fn a_dash_gives_the_whole_archive_to_a_pipe_and_leaves_no_file() {
    let place = Place::new();
    fs::create_dir(place.join("tmp")).unwrap();
    let mut command = place.command(&format!("{LITTLE} -o -"));
    command.env("TMPDIR", place.join("tmp"));
    let ended = finish(command).good();
    let bundle = super::bundle::Bundle::of(ended.out);
    assert!(bundle.text("uname").starts_with("Linux "));
    assert!(place.files().is_empty(), "{:?}", place.files());
    assert!(ended.err.contains("entries"), "the summary goes to stderr: {}", ended.err);
}

#[test]
fn half_a_bundle_in_a_full_pipe_is_an_error() {
    let place = Place::new();
    let mut command = place.command(&format!("{LITTLE} -o -"));
    command.stdin(Stdio::null()).stderr(Stdio::piped());
    command.stdout(fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
    let _alone = alone(&mut command);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(
        String::from_utf8_lossy(&output.stderr).contains("error: writing the bundle to stdout: No space")
    );
}

#[test]
fn a_bundle_is_not_sent_to_a_terminal() {
    let place = Place::new();
    let terminal = nix::pty::openpty(None, None).unwrap();
    let mut command = place.command(&format!("{LITTLE} -o -"));
    command.stdin(Stdio::null()).stderr(Stdio::piped()).stdout(Stdio::from(terminal.slave));
    let output = command.output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("error: the bundle would go to a terminal\nhint: "), "{err}");
}

#[test]
fn stdout_is_for_the_bundle_or_for_events() {
    let place = Place::new();
    let ended = place.glsos(&format!("{LITTLE} -o - --json"));
    assert_eq!(ended.code(), 2);
    assert!(ended.err.contains("both --json and '-o -' want stdout"), "{}", ended.err);
    assert!(ended.out.is_empty());
}

#[test]
fn an_ordinary_user_gets_a_bundle_in_a_folder_of_its_own() {
    if !is_root("to become another user") {
        return;
    }
    let place = Place::new();
    std::os::unix::fs::chown(place.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    place.as_nobody(&format!("{LITTLE} -o b.tar.gz")).good();
    assert_eq!(only_file(&place), "b.tar.gz");
}
