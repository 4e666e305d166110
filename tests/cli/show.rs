//! `glsos show`: what is in a bundle, an entry of it, and lines that match, without unpacking.

use std::{
    fs::{self, File},
    io::Read as _,
    process::{Command, Stdio},
    sync::LazyLock,
};

use super::{
    bundle::Bundle,
    damage::{Packed, converted},
    program::{Place, finish},
    redact::{TOKEN, gzip},
    verify::old_archive,
};

const HOSTILE: &str = "one\u{1b}[2J é 界\u{202e}two\r\nthree\u{9b}2J\n";

/// A bundle with something of everything: complete, redacted, skipped, denied by its format.
static MADE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let place = Place::new();
    place.write("root/etc/app.conf", format!("listen = 8080\ntoken = {TOKEN}\n"));
    place.write("root/var/log/app/current", "error one\nfine\nERROR two\n".repeat(3));
    place.write("root/var/log/other/current", "error three\n");
    place.write("root/var/log/app/odd.txt", HOSTILE);
    place.write("root/var/log/a-very-long-name-of-a-folder/of-a-service/production_json.log", "{}\n");
    place.write("root/bin.dat", [0, 159, 146, 150, 0, 1, 2, 3].repeat(300));
    let mut sources = String::new();
    for (name, path, more) in [
        ("conf", "/etc/app.conf", "as = \"app_conf\"\n"),
        ("logs", "/var/log/**", ""),
        ("none", "/none", ""),
        ("data", "/bin.dat", ""),
    ] {
        sources.push_str(&format!(
            "[[file]]\nname = \"{name}\"\nwhy = \"To be shown\"\npath = \"{path}\"\n{more}"
        ));
    }
    place.collector(&sources);
    place.glsos("collect --collectors collectors --only mine --sysroot root -o b.tar.gz").good();
    fs::read(place.join("b.tar.gz")).unwrap()
});

fn with(name: &str, bytes: &[u8]) -> Place {
    let place = Place::new();
    place.write(name, bytes);
    place
}

fn made() -> Place {
    with("b.tar.gz", &MADE)
}

/// What a terminal gets on stdout.
fn on_terminal(mut command: Command) -> String {
    let terminal = nix::pty::openpty(None, None).unwrap();
    let slave = File::from(terminal.slave);
    command.stdin(Stdio::null()).stderr(Stdio::null()).stdout(slave);
    let mut child = command.spawn().unwrap();
    drop(command);
    let (mut master, mut seen, mut buffer) = (File::from(terminal.master), Vec::new(), [0; 4096]);
    while let Ok(n @ 1..) = master.read(&mut buffer) {
        seen.extend_from_slice(&buffer[..n]);
    }
    child.wait().unwrap();
    String::from_utf8_lossy(&converted(&seen, b"\r\n", b"\n")).into_owned()
}

#[test]
fn all_entries_are_listed_also_those_without_a_file() {
    let (place, bundle) = (made(), Bundle::of(MADE.clone()));
    let ended = place.glsos("show b.tar.gz").good();
    let text = ended.text();
    for entry in bundle.entries() {
        let name = entry["name"].as_str().unwrap();
        let line = text.lines().find(|line| line.ends_with(&format!("  {name}")));
        let line = line.unwrap_or_else(|| panic!("{name} is not in {text}"));
        let words: Vec<&str> = line.split_whitespace().collect();
        assert_eq!(words[0], entry["outcome"].as_str().unwrap(), "{line}");
        let redacted: u64 = entry["redactions"]
            .as_object()
            .map_or(0, |rules| rules.values().filter_map(|n| n.as_u64()).sum());
        if entry["present"] == true {
            assert!(words.contains(&entry["lines"].to_string().as_str()), "{line}");
            assert!(words.contains(&redacted.to_string().as_str()), "{line}");
        }
    }
    assert!(text.contains("skipped         -       -         -  none\n"), "{text}");
    assert!(text.contains("withheld        -       -         -  bin.dat\n             "), "{text}");
    assert!(text.contains("  glsos/manifest.json\n"), "{text}");
    assert!(
        ended.err.starts_with("b.tar.gz: glsos ") && ended.err.contains(" of them not in it"),
        "{}",
        ended.err
    );
}

#[test]
fn on_a_terminal_the_list_has_80_columns_and_leads_to_every_entry() {
    let place = made();
    let seen = on_terminal(place.command("show b.tar.gz"));
    let wide: Vec<_> = seen.lines().filter(|line| line.chars().count() > 80).collect();
    assert!(wide.is_empty() && seen.lines().count() > 8, "{wide:?}");
    let cut =
        seen.lines().find_map(|line| line.split_whitespace().last().filter(|name| name.starts_with('…')));
    let ended = place.glsos(&format!("show b.tar.gz {}", cut.unwrap())).good();
    assert_eq!(ended.text(), "{}\n");
}

#[test]
fn json_tells_an_entry_a_line() {
    let (place, bundle) = (made(), Bundle::of(MADE.clone()));
    let told = place.glsos("show --json b.tar.gz").good().events();
    assert_eq!(told.len(), bundle.entries().len() + 1);
    for (told, entry) in told.iter().zip(bundle.entries()) {
        for (key, same) in [
            ("entry", "name"),
            ("outcome", "outcome"),
            ("bytes", "bytes"),
            ("lines", "lines"),
            ("present", "present"),
        ] {
            assert_eq!(told[key], entry[same], "{told}");
        }
    }
    let conf = place.glsos("show --json b.tar.gz app_conf").good().events();
    assert_eq!((conf.len(), conf[0]["source"].as_str()), (1, Some("mine/conf")));
    assert!(conf[0]["redactions"].as_object().is_some_and(|rules| !rules.is_empty()), "{}", conf[0]);
}

#[test]
fn an_entry_goes_to_a_pipe_byte_by_byte_under_all_its_names() {
    let (place, bundle) = (made(), Bundle::of(MADE.clone()));
    let top = format!("{}/var/log/app/odd.txt", bundle.root);
    for name in ["var/log/app/odd.txt", "/var/log/app/odd.txt", &top, "odd.txt", "var/**/odd.txt", "odd*"] {
        let ended = place.glsos(&format!("show b.tar.gz {name}")).good();
        assert_eq!(ended.out, HOSTILE.as_bytes(), "{name}");
    }
    for name in ["app_conf", "mine/conf", "/etc/app.conf"] {
        let ended = place.glsos(&format!("show b.tar.gz {name}")).good();
        assert_eq!(ended.out, bundle.files["app_conf"], "{name}");
    }
    let manifest = place.glsos("show b.tar.gz glsos/manifest.json").good();
    assert_eq!(manifest.out, bundle.files["glsos/manifest.json"]);
    let both = place.glsos("show b.tar.gz var/log/*/current").good();
    assert_eq!(both.text(), format!("{}error three\n", "error one\nfine\nERROR two\n".repeat(3)));
}

#[test]
fn a_terminal_gets_nothing_that_could_drive_it() {
    let seen = on_terminal(made().command("show b.tar.gz odd.txt"));
    assert_eq!(seen, "one\\u{1b}[2J é 界\\u{202e}two\\u{d}\nthree\\u{9b}2J\n");
    let seen = on_terminal(made().command("show b.tar.gz --grep two"));
    assert!(seen.contains("odd.txt:1:one\\u{1b}[2J é 界\\u{202e}two\n"), "{seen}");
    assert!(!seen.contains('\u{1b}') && !seen.contains('\u{202e}'), "{seen}");
}

#[test]
fn several_entries_on_a_terminal_have_headings() {
    let seen = on_terminal(made().command("show b.tar.gz var/log/*/current"));
    assert!(seen.starts_with("==> var/log/app/current <==\nerror one\n"), "{seen}");
    assert!(seen.contains("\n==> var/log/other/current <==\nerror three\n"), "{seen}");
}

#[test]
fn a_folder_is_listed() {
    let ended = made().glsos("show b.tar.gz var/log/app/").good();
    let names: Vec<_> = ended.text().lines().skip(1).map(|line| line.rsplit(' ').next().unwrap()).collect();
    assert_eq!(names, ["var/log/app/current", "var/log/app/odd.txt"]);
}

#[test]
fn a_name_that_is_no_entry_tells_near_ones() {
    let place = made();
    for (name, code, parts) in [
        ("app_cnof", 2, &["app_cnof in b.tar.gz is no entry", "hint: these are near:\n  app_conf"][..]),
        ("current", 2, &["is the end of several names", "  var/log/app/current\n  var/log/other/current"]),
        ("nothing-like-it", 2, &["is no entry\nhint: without a PATH all entries are listed"]),
        ("bin.dat", 1, &["bin.dat is not in the bundle: withheld: "]),
        ("mine/none", 1, &["none is not in the bundle: skipped: "]),
    ] {
        let ended = place.glsos(&format!("show b.tar.gz {name}"));
        assert_eq!((ended.code(), ended.text()), (code, ""), "{name}: {}", ended.err);
        for part in parts {
            assert!(ended.err.contains(part), "{part} is not in {}", ended.err);
        }
    }
}

#[test]
fn lines_that_match_are_told_with_their_place() {
    let place = made();
    let ended = place.glsos("show b.tar.gz --grep (?i)^error.*o").good();
    let expected: String = [1, 3, 4, 6, 7, 9]
        .iter()
        .map(|line| {
            let text = if line % 3 == 1 { "error one" } else { "ERROR two" };
            format!("var/log/app/current:{line}:{text}\n")
        })
        .collect();
    assert_eq!(ended.text(), expected);
    let one = place.glsos("show b.tar.gz other/current --grep three").good();
    assert_eq!(one.text(), "var/log/other/current:1:error three\n");
    let json = place.glsos("show b.tar.gz --json --grep r.three").good().events();
    assert_eq!(
        json,
        [serde_json::json!({"entry": "var/log/other/current", "line": 1, "text": "error three"})]
    );
    let none = place.glsos("show b.tar.gz --grep nowhere-at-all").good();
    assert_eq!((none.text(), none.err.trim_end()), ("", "no line matches"));
    let wrong = place.glsos("show b.tar.gz --grep a(b");
    assert!(wrong.code() == 2 && wrong.err.contains("unclosed group"), "{}", wrong.err);
}

#[test]
fn an_archive_of_another_tool_is_shown_and_what_it_does_not_tell_is_marked() {
    for bytes in [old_archive(), gzip(&old_archive())] {
        let place = with("old.tar.gz", &bytes);
        let text = place.glsos("show old.tar.gz").good();
        assert!(text.text().contains("?            20 B       1         ?  uptime\n"), "{}", text.text());
        let json = place.glsos("show --json old.tar.gz uptime").good().events();
        assert_eq!(
            (&json[0]["outcome"], &json[0]["redactions"], &json[0]["bytes"]),
            (&().into(), &().into(), &20.into())
        );
        for name in ["uptime", "gitlabsos.host_20260101/uptime"] {
            assert_eq!(
                place.glsos(&format!("show old.tar.gz {name}")).good().text(),
                " 10:00:00 up 3 days\n"
            );
        }
        let packed = place.glsos("show old.tar.gz x.log.1.gz").good();
        assert!(packed.out.starts_with(b"\x1f\x8b"));
        let found = place.glsos("show old.tar.gz --grep ^two").good();
        assert_eq!(found.text(), "var/log/gitlab/x.log.1.gz:2:two\n");
        let seen = on_terminal(place.command("show old.tar.gz x.log.1.gz"));
        assert!(seen.starts_with("one\ntwo\n"), "{seen}");
    }
}

#[test]
fn what_was_cut_is_shown_as_far_as_it_goes() {
    let bundle = Bundle::of(MADE.clone());
    let (offset, _) = Packed(&MADE).manifest_place();
    let place = with("b.tar.gz", &MADE[..offset]);
    let ended = place.glsos("show b.tar.gz");
    assert_eq!(ended.code(), 3);
    assert!(ended.err.contains("b.tar.gz: it ends too early"), "{}", ended.err);
    assert!(
        ended.text().contains("  app_conf\n")
            && ended.text().ends_with(
                "  glsos/manifest.json\n             only a part of it is there: the archive breaks off\n"
            ),
        "{}",
        ended.text()
    );
    let conf = place.glsos("show b.tar.gz app_conf").good();
    assert_eq!(conf.out, bundle.files["app_conf"]);
}

#[test]
fn what_is_damaged_is_never_shown_as_whole() {
    let bundle = Bundle::of(MADE.clone());
    let segment = &bundle.entry("var/log/app/current")["segments"][0];
    let number = |at: usize| usize::try_from(segment[at].as_u64().unwrap()).unwrap();
    let mut bytes = MADE.clone();
    bytes[number(0) + number(1) / 2] ^= 0x11;
    let place = with("b.tar.gz", &bytes);
    let ended = place.glsos("show b.tar.gz app/current");
    assert_eq!(ended.code(), 3, "{}", ended.text());
    assert!(ended.err.contains("var/log/app/current: it is damaged: "), "{}", ended.err);
    assert_eq!(place.glsos("show b.tar.gz odd.txt").good().out, HOSTILE.as_bytes());
    let found = place.glsos("show b.tar.gz --grep three");
    assert_eq!((found.code(), found.text().contains("other/current:1:error three")), (3, true));
}

#[test]
fn a_pipe_that_nobody_reads_any_more_is_no_error() {
    let place = Place::new();
    let line = "the same line, many times\n".repeat(200_000);
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(line.len() as u64);
    tar.append_data(&mut header, "long", line.as_bytes()).unwrap();
    place.write("x.tar", tar.into_inner().unwrap());
    for arguments in ["show x.tar long", "show x.tar --grep same", "show x.tar", "show x.tar --json"] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = place.command(arguments);
        let mut child = command.stdout(writer).stderr(Stdio::piped()).spawn().unwrap();
        drop(command);
        let mut err = String::new();
        child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments}: {err}");
        assert!(!err.contains("error"), "{err}");
    }
}

#[test]
fn what_is_no_archive_is_told() {
    let place = with("x.tar.gz", b"hello\n");
    let ended = place.glsos("show x.tar.gz");
    assert!(ended.code() == 1 && ended.err.contains("it is no tar archive"), "{}", ended.err);
    assert_eq!(finish(place.command("show none")).code(), 1);
}
