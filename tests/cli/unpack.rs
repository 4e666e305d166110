//! `glsos unpack`: whole bundles and other tools' archives, each in its own folder.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink},
    path::{Path, PathBuf},
};

use super::{
    bundle::Bundle,
    program::Place,
    redact::gzip,
    verify::{MADE, old_archive},
};

/// The folder that stdout tells.
fn folder(place: &Place, told: &str) -> PathBuf {
    place.join(told.trim_end())
}

fn modes(folder: &Path) {
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        let (kind, mode) =
            (entry.file_type().unwrap(), entry.metadata().unwrap().permissions().mode() & 0o7777);
        assert!(kind.is_file() || kind.is_dir(), "{entry:?}");
        assert_eq!(mode, if kind.is_dir() { 0o700 } else { 0o600 }, "{entry:?}");
        if kind.is_dir() {
            modes(&entry.path());
        }
    }
}

#[test]
fn a_bundle_goes_into_ticket_host_and_time() {
    let place = Place::new();
    place.write("app.conf", "listen = 8080\n");
    place.collector(&format!(
        "[[file]]\nname = \"conf\"\nwhy = \"To see\"\npath = \"{}/app.conf\"\n",
        place.path()
    ));
    place.glsos("collect --collectors collectors --only mine --ticket ZD-12 -o b.tar.gz").good();
    let bundle = place.bundle("b.tar.gz");
    let ended = place.glsos("unpack b.tar.gz --into desk").good();
    let host = bundle.run()["host"].as_str().unwrap();
    let time = bundle.run()["started"].as_str().unwrap().get(..10).unwrap().replace('-', "");
    assert!(ended.text().starts_with(&format!("desk/ZD-12/{host}/{time}")), "{}", ended.text());
    let folder = folder(&place, ended.text());
    for (name, content) in &bundle.files {
        assert!(fs::read(folder.join(name)).unwrap() == *content, "{name}");
    }
    assert_eq!(place.files().iter().filter(|name| name.starts_with("desk/")).count(), bundle.files.len());
    modes(&place.join("desk"));
    let conf = bundle.entry_of(&format!("{}/app.conf", place.path()))["name"].as_str().unwrap();
    let mtime = |path: PathBuf| fs::metadata(path).unwrap().mtime();
    assert_eq!(mtime(folder.join(conf)), mtime(place.join("app.conf")));
    assert!(ended.err.contains(&format!("b.tar.gz: {} files, ", bundle.files.len())), "{}", ended.err);
}

#[test]
fn archives_of_gitlabsos_old_and_new_lose_their_top_folder() {
    let place = Place::new();
    let new = {
        let mut tar = tar::Builder::new(Vec::new());
        let mut header = tar::Header::new_gnu();
        header.set_size(3);
        tar.append_data(&mut header, "./gitlabsos.git.example.com.20260301193453/df_hT", &b"df\n"[..])
            .unwrap();
        tar.into_inner().unwrap()
    };
    place.write("old.tar", old_archive());
    place.write("new.tar.gz", gzip(&new));
    let ended = place.glsos("unpack old.tar new.tar.gz --into desk").good();
    let expected =
        "desk/no-ticket/host_20260101/unknown-time\ndesk/no-ticket/git.example.com/20260301193453\n";
    assert_eq!(ended.text(), expected);
    for (name, content) in [
        ("host_20260101/unknown-time/uptime", " 10:00:00 up 3 days\n"),
        ("git.example.com/20260301193453/df_hT", "df\n"),
    ] {
        assert_eq!(fs::read_to_string(place.join(&format!("desk/no-ticket/{name}"))).unwrap(), content);
    }
}

#[test]
fn an_archive_without_a_top_folder_keeps_all_its_folders() {
    let place = Place::new();
    let mut tar = tar::Builder::new(Vec::new());
    for name in ["var/log/x", "etc/y"] {
        let mut header = tar::Header::new_gnu();
        header.set_size(0);
        tar.append_data(&mut header, name, &b""[..]).unwrap();
    }
    place.write("some logs.tgz", gzip(&tar.into_inner().unwrap()));
    let mut command = place.command("unpack");
    command.arg("some logs.tgz");
    let ended = super::program::finish(command).good();
    assert_eq!(ended.text(), "./no-ticket/some_logs/unknown-time\n");
    let folder = folder(&place, ended.text());
    assert!(folder.join("var/log/x").is_file() && folder.join("etc/y").is_file());
}

#[test]
fn nothing_is_overwritten_and_the_others_are_unpacked_all_the_same() {
    let place = Place::new();
    place.write("b.tar.gz", &*MADE);
    place.write("old.tar", old_archive());
    place.write("none.tar", "hello\n");
    let first = place.glsos("unpack b.tar.gz").good();
    let kept = folder(&place, first.text()).join("glsos/README.txt");
    fs::write(&kept, "mine").unwrap();
    let ended = place.glsos("unpack b.tar.gz none.tar missing.tar old.tar");
    assert_eq!(ended.code(), 1);
    assert_eq!(ended.text(), "./no-ticket/host_20260101/unknown-time\n");
    for part in [
        "is there already\nhint: it was unpacked before",
        "none.tar: it is no tar archive",
        "reading missing.tar",
    ] {
        assert!(ended.err.contains(part), "{part} is not in {}", ended.err);
    }
    assert_eq!(fs::read_to_string(kept).unwrap(), "mine");
}

#[test]
fn a_link_in_the_place_of_a_folder_is_not_followed() {
    let place = Place::new();
    place.write("old.tar", old_archive());
    fs::create_dir(place.join("elsewhere")).unwrap();
    fs::create_dir(place.join("desk")).unwrap();
    symlink("../elsewhere", place.join("desk/no-ticket")).unwrap();
    let ended = place.glsos("unpack old.tar --into desk");
    assert_eq!(ended.code(), 1);
    assert!(ended.err.contains("making the folder desk/no-ticket: "), "{}", ended.err);
    assert_eq!(fs::read_dir(place.join("elsewhere")).unwrap().count(), 0);
}

#[test]
fn what_mail_did_to_a_bundle_is_named() {
    let place = Place::new();
    place.write("b.tar.gz", data_encoding::BASE64.encode(&MADE));
    let ended = place.glsos("unpack b.tar.gz");
    assert_eq!(ended.code(), 1);
    assert!(ended.err.contains("decode it with `base64 -d`"), "{}", ended.err);
}

#[test]
fn damage_costs_only_the_entry_that_is_damaged() {
    let place = Place::new();
    let bundle = Bundle::of(MADE.clone());
    let entry =
        bundle.entries().iter().find(|entry| entry["name"].as_str().unwrap().ends_with("long.log")).unwrap();
    let name = entry["name"].as_str().unwrap();
    let segment = |at: usize| usize::try_from(entry["segments"][1][at].as_u64().unwrap()).unwrap();
    let mut bytes = MADE.clone();
    bytes[segment(0) + segment(1) / 2] ^= 0x41;
    place.write("b.tar.gz", bytes);
    let ended = place.glsos("unpack b.tar.gz");
    assert_eq!(ended.code(), 3);
    assert!(ended.err.contains(&format!("{name}: it is damaged: ")), "{}", ended.err);
    let folder = folder(&place, ended.text());
    for (other, content) in bundle.files.iter().filter(|(other, _)| *other != name) {
        assert!(fs::read(folder.join(other)).unwrap() == *content, "{other}");
    }
    assert!(ended.err.lines().count() == 2, "{}", ended.err);
}
