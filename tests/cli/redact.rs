//! `glsos redact` as a filter: any text in, the same text without its secrets out.

use std::{
    fs,
    io::{Read as _, Write as _},
    process::Stdio,
};

use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};

use super::program::{Place, fed, finish, is_root};

pub(super) const TOKEN: &str = "glpat-aB3dE6gH9jK2mN5pQ8rS";

/// A text with secrets of several kinds, and what must stay.
pub(super) fn text() -> String {
    format!(
        "GET /api/v4/projects?private_token={TOKEN} 200\n\
         {{\"password\":\"correct horse\",\"correlation_id\":\"01HZX3M8N5Q2R7S9T1V4W6Y8Z0\"}}\n\
         db_password: hunter2hunter2\n\
         nothing here\r\n\
         the last line has no end, and postgres://u:Tr0ub4dor3@db/x"
    )
}

const SECRETS: [&str; 4] = [TOKEN, "correct horse", "hunter2hunter2", "Tr0ub4dor3"];

/// The tags have a key of each run's own.
pub(super) fn without_tags(text: &[u8]) -> String {
    let text = String::from_utf8_lossy(text);
    let mut parts = text.split("__REDACTED.");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('.').unwrap();
        assert_eq!(&rest[8..10], "__", "{part}");
        out.push_str(&format!("<{name}>{}", &rest[10..]));
    }
    out
}

pub(super) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(bytes).unwrap();
    gzip.finish().unwrap()
}

/// What was counted; the machine of the test may have secrets, which is told before.
fn counted(said: &str) -> &str {
    match said.split_once('\n') {
        Some((learnt, counted)) if learnt.starts_with("learnt ") => counted,
        _ => said,
    }
}

#[test]
fn a_text_loses_its_secrets_and_nothing_else() {
    let place = Place::new();
    let ended = fed(place.command("redact"), text().as_bytes()).good();
    for secret in SECRETS {
        assert!(!ended.text().contains(secret) && !ended.err.contains(secret), "{secret}");
    }
    for kept in ["GET /api/v4/projects?private_token=", "01HZX3M8N5Q2R7S9T1V4W6Y8Z0", "nothing here\r\n"] {
        assert!(ended.text().contains(kept), "{kept}: {}", ended.text());
    }
    assert_eq!(ended.text().lines().count(), text().lines().count());
    assert!(!ended.text().ends_with('\n'), "a last line without an end stays one");
    assert!(counted(&ended.err).starts_with("redacted 4 values\n"), "{}", ended.err);
    assert!(place.files().is_empty());
}

#[test]
fn a_file_and_a_dash_are_the_same_as_a_pipe() {
    let place = Place::new();
    place.write("a.log", text());
    let piped = fed(place.command("redact -"), text().as_bytes()).good();
    let named = place.glsos("redact a.log -q").good();
    assert_eq!(without_tags(&named.out), without_tags(&piped.out));
    assert_eq!(named.err, "");
    assert_eq!(fs::read(place.join("a.log")).unwrap(), text().as_bytes(), "the input stays as it is");
}

#[test]
fn a_filter_does_what_collect_does() {
    let place = Place::new();
    let path = place.write("a.log", text().repeat(9_000));
    place.collector(&format!(
        "[[file]]\nname = \"log\"\nwhy = \"To compare\"\npath = \"{}\"\n",
        path.to_str().unwrap()
    ));
    place.glsos("collect --collectors collectors --only mine -o b.tar.gz").good();
    let bundle = place.bundle("b.tar.gz");
    let entry = bundle.entry_of(path.to_str().unwrap());
    let filtered = place.glsos("redact a.log").good();
    let collected = &bundle.files[entry["name"].as_str().unwrap()];
    assert!(without_tags(&filtered.out) == without_tags(collected));
}

#[test]
fn redacting_twice_changes_nothing() {
    let place = Place::new();
    let once = fed(place.command("redact"), text().repeat(500).as_bytes()).good();
    let twice = fed(place.command("redact"), &once.out).good();
    assert!(once.out == twice.out);
    assert_eq!(counted(&twice.err), "redacted 0 values\n");
}

#[test]
fn what_is_compressed_stays_compressed() {
    let place = Place::new();
    // Two members, as a log that was appended to has them.
    let packed = [gzip(text().as_bytes()), gzip(b"\nand more\n")].concat();
    let ended = fed(place.command("redact"), &packed).good();
    let mut out = Vec::new();
    MultiGzDecoder::new(ended.out.as_slice()).read_to_end(&mut out).unwrap();
    let plain = fed(place.command("redact"), format!("{}\nand more\n", text()).as_bytes()).good();
    assert_eq!(without_tags(&out), without_tags(&plain.out));
}

#[test]
fn a_compressed_text_that_was_cut_loses_the_line_that_it_tore_and_says_so() {
    let place = Place::new();
    let lines: String = (0..5_000).map(|n| format!("line {n} of {}\n", n * n)).collect();
    let packed = gzip(lines.as_bytes());
    let ended = fed(place.command("redact"), &packed[..packed.len() / 2]);
    assert_eq!(ended.code(), 1);
    assert!(ended.err.contains("error: stdin: the compressed file ends too early\nhint: "), "{}", ended.err);
    let mut out = String::new();
    MultiGzDecoder::new(ended.out.as_slice()).read_to_string(&mut out).unwrap();
    assert!(out.len() > 1_000 && lines.starts_with(&out) && out.ends_with('\n'));
}

#[test]
fn what_can_not_be_read_as_text_is_withheld() {
    let place = Place::new();
    let elf = b"\x7fELF\x02\x01\x01\0\0\0\0\0".repeat(50);
    for bytes in [&elf, &gzip(&elf), &gzip(&gzip(b"a\n"))] {
        let ended = fed(place.command("redact"), bytes);
        assert_eq!((ended.code(), ended.out.len()), (1, 0), "{}", ended.err);
        assert!(ended.err.contains("error: stdin is withheld: it can't be read as text"), "{}", ended.err);
    }
}

#[test]
fn what_another_program_compressed_is_named_with_it() {
    let place = Place::new();
    place.write("a.log.xz", b"\xfd7zXZ\0 and so on");
    let ended = place.glsos("redact a.log.xz");
    assert_eq!((ended.code(), ended.text()), (2, ""));
    assert!(
        ended.err.contains("a.log.xz is compressed with xz") && ended.err.contains("xz -dc"),
        "{}",
        ended.err
    );
}

#[test]
fn nothing_in_gives_nothing_out() {
    let ended = Place::new().glsos("redact").good();
    assert_eq!((ended.text(), counted(&ended.err)), ("", "redacted 0 values\n"));
}

#[test]
fn input_and_output_can_not_be_one_file() {
    let place = Place::new();
    let path = place.write("a.log", text());
    let mut command = place.command("redact a.log");
    let out = fs::OpenOptions::new().append(true).open(&path).unwrap();
    let output = command.stdin(Stdio::null()).stdout(out).output().unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("error: a.log is input and output at once\nhint: "), "{err}");
    assert_eq!(fs::read(&path).unwrap(), text().as_bytes());
}

#[test]
fn a_reader_who_has_seen_enough_ends_it() {
    let place = Place::new();
    let mut command = place.command("redact -q");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut child = command.stdin(Stdio::piped()).stdout(writer).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // It would go on forever.
    while stdin.write_all(text().repeat(1_000).as_bytes()).is_ok() {}
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn an_output_that_is_full_is_an_error() {
    let place = Place::new();
    place.write("a.log", text());
    let mut command = place.command("redact a.log");
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let output = command.stdin(Stdio::null()).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("error: writing to stdout: No space"));
}

#[test]
fn what_is_not_there_or_a_folder_is_named() {
    let place = Place::new();
    let ended = place.glsos("redact no.log");
    assert_eq!(ended.code(), 1);
    assert!(ended.err.contains("error: reading no.log: No such file"), "{}", ended.err);
    let ended = place.glsos("redact /");
    assert_eq!(ended.code(), 2);
    assert!(ended.err.contains("error: / is a folder\nhint: name a file"), "{}", ended.err);
}

#[test]
fn a_value_of_ones_own_goes_too() {
    let place = Place::new();
    place.write("values", "Project Nightjar\n");
    place.write("a.log", "about Project Nightjar\nkept\n");
    let ended = place.glsos("redact a.log --redact-value values").good();
    assert_eq!(without_tags(&ended.out), "about <chosen>\nkept\n");
}

/// A root of its own, with a place of GitLab's secrets.
fn host(secrets: &str) -> Place {
    let place = Place::new();
    place.program("glsos");
    place.write("etc/gitlab/gitlab-secrets.json", secrets);
    place.write("a.log", "the key is c2e7a0f81b5d4f69a3 today\n");
    place
}

#[test]
fn the_hosts_own_secrets_go_from_any_text() {
    if !is_root("a root of its own") {
        return;
    }
    let place = host("{\"gitlab_rails\": {\"db_key_base\": \"c2e7a0f81b5d4f69a3\"}}");
    let ended = finish(place.command_below("redact /a.log")).good();
    assert_eq!(without_tags(&ended.out), "the key is <db_key_base> today\n");
    assert!(ended.err.starts_with("learnt 1 secret of this host from 1 place;"), "{}", ended.err);
}

#[test]
fn while_the_hosts_secrets_are_not_known_nothing_is_let_through_unasked() {
    if !is_root("a root of its own") {
        return;
    }
    let place = host("{\"gitlab_rails\": {\"db_key_b");
    let ended = finish(place.command_below("redact /a.log"));
    assert_eq!((ended.code(), ended.text()), (1, ""));
    let said = "error: nothing was redacted: not all secrets of this host are known: /etc/gitlab/gitlab-secrets.json";
    assert!(ended.err.contains(said) && ended.err.contains("--without-known-secrets"), "{}", ended.err);
    let ended = finish(place.command_below("redact /a.log --without-known-secrets")).good();
    assert!(ended.text().starts_with("the key is "));
}
