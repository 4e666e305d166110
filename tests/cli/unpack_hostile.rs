//! Archives made to hurt whoever unpacks them. Each holds an honest file before and behind the attack, and
//! both are there in the end; nothing else is, inside the folder or outside.

use std::fs;

use serde_json::Value;

use super::{
    bundle::Bundle,
    damage::{Packed, segment},
    program::{Ended, Place},
    verify::MADE,
};

/// A header that says whatever a test wants.
fn header(name: &[u8], kind: u8, size: u64) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.as_mut_bytes()[..name.len()].copy_from_slice(name);
    header.as_mut_bytes()[156] = kind;
    header.set_size(size);
    header.set_cksum();
    header
}

fn padded(content: &[u8]) -> Vec<u8> {
    let mut content = content.to_vec();
    content.resize(content.len().next_multiple_of(512), 0);
    content
}

fn member(name: &[u8], kind: u8, content: &[u8]) -> Vec<u8> {
    [header(name, kind, content.len() as u64).as_bytes().as_slice(), &padded(content)].concat()
}

/// A member whose name, and anything else, stands in a pax header.
fn pax(records: &[(&str, &[u8])], content: &[u8]) -> Vec<u8> {
    let mut text = Vec::new();
    for (key, value) in records {
        let rest = key.len() + value.len() + 3;
        let mut length = rest + 1;
        while rest + length.to_string().len() != length {
            length += 1;
        }
        text.extend_from_slice(format!("{length} {key}=").as_bytes());
        text.extend_from_slice(value);
        text.push(b'\n');
    }
    [member(b"PaxHeader", b'x', &text), member(b"plain-name", b'0', content)].concat()
}

fn archive(attack: &[u8]) -> Vec<u8> {
    let (before, behind) = (member(b"before", b'0', b"1\n"), member(b"behind", b'0', b"2\n"));
    [&before, attack, &behind, &[0; 1024]].concat()
}

/// Unpacks it; what stderr says of the attack, once the honest files were found and nothing more.
fn unpacked(attack: &[u8], also: &[&str]) -> String {
    let place = Place::new();
    place.write("in/x.tar", archive(attack));
    fs::create_dir(place.join("in/desk")).unwrap();
    let ended = place.glsos("unpack in/x.tar --into in/desk");
    let below = |name: &&str| format!("in/desk/no-ticket/x/unknown-time/{name}");
    let mut expected: Vec<String> = ["before", "behind"].iter().chain(also).map(below).collect();
    expected.push("in/x.tar".to_owned());
    expected.sort();
    assert_eq!(place.files(), expected, "{}", ended.err);
    assert_eq!(ended.code(), 3, "{}", ended.err);
    assert!(
        !ended.err.chars().any(|c| c.is_control() && c != '\n') && !ended.err.contains('\u{202e}'),
        "{}",
        ended.err
    );
    let talk: Vec<&str> = ended.err.lines().skip(1).collect();
    talk.join("\n")
}

fn refused(attack: &[u8], why: &str) {
    let told = unpacked(attack, &[]);
    assert!(told.contains(&format!("refused: {why}")) && told.lines().count() == 1, "{told}");
}

#[test]
fn dot_dot_in_a_name() {
    for name in [b"../evil".as_slice(), b"a/../../../../evil", b"..", b"./../evil", b"a/.."] {
        refused(&member(name, b'0', b"evil"), "its name leads above the folder");
    }
    refused(&member(b"../evil/", b'5', b""), "its name leads above the folder");
}

#[test]
fn dot_dot_in_the_first_part_of_a_ustar_name() {
    let mut header = tar::Header::new_ustar();
    header.set_size(0);
    header.as_mut_bytes()[..4].copy_from_slice(b"evil");
    header.as_mut_bytes()[345..350].copy_from_slice(b"../..");
    header.set_cksum();
    refused(header.as_bytes(), "its name leads above the folder");
}

#[test]
fn dot_dot_in_a_long_name() {
    let long = [b"../".repeat(60), b"evil\0".to_vec()].concat();
    let attack = [member(b"././@LongLink", b'L', &long), member(b"plain-name", b'0', b"evil")].concat();
    refused(&attack, "its name leads above the folder");
}

#[test]
fn dot_dot_in_a_pax_name() {
    refused(&pax(&[("path", b"a/../../evil")], b"evil"), "its name leads above the folder");
}

#[test]
fn an_absolute_name() {
    refused(&member(b"/var/tmp/glsos-evil", b'0', b"evil"), "its name is absolute");
    refused(&pax(&[("path", b"//etc/evil")], b"evil"), "its name is absolute");
}

#[test]
fn a_symbolic_link_and_a_file_behind_it() {
    let mut link = header(b"link", b'2', 0);
    link.set_link_name("../../../..").unwrap();
    link.set_cksum();
    let attack = [link.as_bytes().as_slice(), &member(b"link/fine", b'0', b"3\n")].concat();
    let told = unpacked(&attack, &["link/fine"]);
    assert!(told.ends_with("link: refused: it is a symbolic link"), "{told}");
}

#[test]
fn a_hard_link_to_a_file_outside() {
    let mut link = header(b"link", b'1', 0);
    link.set_link_name("/etc/passwd").unwrap();
    link.set_cksum();
    refused(link.as_bytes(), "it is a hard link");
}

#[test]
fn devices_and_pipes() {
    for (kind, what) in
        [(b'3', "a device"), (b'4', "a device"), (b'6', "a named pipe"), (b'Z', "of an unknown kind")]
    {
        refused(&member(b"odd", kind, b""), &format!("it is {what}"));
    }
}

#[test]
fn a_name_that_is_there_twice() {
    refused(&member(b"before", b'0', b"evil"), "there is one of this name already");
    refused(&member(b"./before", b'0', b"evil"), "there is one of this name already");
}

#[test]
fn a_file_where_a_folder_is_and_a_folder_where_a_file_is() {
    refused(&member(b"before/evil", b'0', b"evil"), "a file has the name of its folder");
    refused(&member(b"before/", b'5', b""), "a file has the name of its folder");
    let attack = [member(b"a/b", b'0', b"3\n"), member(b"a", b'0', b"evil")].concat();
    let told = unpacked(&attack, &["a/b"]);
    assert!(told.ends_with("a: refused: there is one of this name already"), "{told}");
}

#[test]
fn control_characters_and_marks_in_a_name() {
    for name in
        [b"a\nb".as_slice(), b"a\x1b[2J", b"a\x07", "gpj\u{202e}.exe".as_bytes(), "a\u{200b}".as_bytes()]
    {
        refused(&member(name, b'0', b"evil"), "its name has a control character");
    }
    refused(&pax(&[("path", b"a\0b")], b"evil"), "its name has a control character");
    refused(&member(b"a\xff\xfe", b'0', b"evil"), "its name is no UTF-8");
}

#[test]
fn a_name_that_is_too_long_and_one_that_is_too_deep() {
    refused(&pax(&[("path", &[b'x'; 256])], b"evil"), "a part of its name is longer");
    refused(&pax(&[("path", &b"long-part/".repeat(400))], b"evil"), "its name is too long");
    refused(&pax(&[("path", &b"d/".repeat(200))], b"evil"), "it lies too deep");
}

#[test]
fn a_sparse_file_that_claims_a_petabyte() {
    let records: &[(&str, &[u8])] = &[
        ("GNU.sparse.major", b"1"),
        ("GNU.sparse.minor", b"0"),
        ("GNU.sparse.name", b"evil"),
        ("GNU.sparse.realsize", b"1125899906842624"),
    ];
    refused(&pax(records, b"1\n0\n1\n"), "it is a sparse file");
    refused(&member(b"sparse", b'S', b""), "it is a sparse file");
}

/// Where tar can't go on, what stood before stays.
fn breaks_off(attack: &[u8], why: &str) -> Ended {
    let place = Place::new();
    place.write("x.tar", archive(attack));
    let ended = place.glsos("unpack x.tar");
    assert_eq!(ended.code(), 3, "{}", ended.err);
    assert!(ended.err.contains(why), "{}", ended.err);
    assert!(place.files().contains(&"no-ticket/x/unknown-time/before".to_owned()));
    ended
}

#[test]
fn a_negative_size() {
    let mut evil = header(b"evil", b'0', 0);
    evil.as_mut_bytes()[124..136].fill(0xff);
    evil.set_cksum();
    breaks_off(evil.as_bytes(), "a header tells a size that is negative or beyond all bounds");
    let attack = pax(&[("size", b"-1")], b"evil");
    breaks_off(&attack, "a header tells a size that is negative or beyond all bounds");
}

#[test]
fn a_size_beyond_all_bounds() {
    let why = "a header tells a size that is negative or beyond all bounds";
    breaks_off(header(b"evil", b'0', u64::MAX).as_bytes(), why);
    breaks_off(&pax(&[("size", b"99999999999999999999999999")], b"evil"), why);
    breaks_off(header(b"evil", b'0', 1 << 60).as_bytes(), "evil: the archive breaks off in it");
    breaks_off(&pax(&[("size", b"1152921504606846976")], b"evil"), "the archive breaks off in it");
}

/// gzip of a text that is many times the same.
fn repeated(text: &[u8], times: usize) -> Vec<u8> {
    let mut bytes = b"\x1f\x8b\x08\0\0\0\0\0\0\x03".to_vec();
    let packed = segment(text);
    (0..times).for_each(|_| bytes.extend_from_slice(&packed));
    bytes
}

#[test]
fn a_gigabyte_of_zeros_in_a_megabyte() {
    let place = Place::new();
    let mut bytes = repeated(&[0; 1 << 20], 1024);
    let head = header(b"zeros", b'0', 1 << 30);
    bytes.splice(10..10, segment(head.as_bytes()));
    assert!(bytes.len() < 3 << 20, "{}", bytes.len());
    place.write("x.tar.gz", bytes);
    let ended = place.glsos("unpack x.tar.gz --max-ratio 100");
    assert_eq!(ended.code(), 3, "{}", ended.err);
    assert!(
        ended.err.contains("zeros: the archive inflates to more than 100 times its size"),
        "{}",
        ended.err
    );
    let written = |name: &str| fs::metadata(place.join(name)).unwrap().len();
    assert!(written("no-ticket/x/unknown-time/zeros") < 400 << 20);
    let ended = place.glsos("unpack x.tar.gz --into other --max-size 10MiB");
    assert!(ended.err.contains("zeros: more than 10.5 MB in all"), "{}", ended.err);
    assert!(written("other/no-ticket/x/unknown-time/zeros") <= 10 << 20);
}

#[test]
fn a_million_entries() {
    let place = Place::new();
    let thousand: Vec<u8> = (0..1000).flat_map(|n| member(format!("{n}").as_bytes(), b'0', b"")).collect();
    place.write("x.tar.gz", repeated(&thousand, 1000));
    let ended = place.glsos("unpack x.tar.gz --max-files 5000");
    assert_eq!(ended.code(), 3, "{}", ended.err);
    assert!(
        ended.err.contains("more than 5000 files: the rest was left out (--max-files)")
            || ended.err.contains("and 39"),
        "{}",
        ended.err
    );
    assert!(ended.err.lines().count() < 110, "{}", ended.err);
    assert_eq!(place.files().len(), 1001);
}

#[test]
fn folders_on_the_way_to_files_count_as_files_do() {
    let deep = |n: usize| format!("{n}/{}x", "d/".repeat(40)).into_bytes();
    let attack: Vec<u8> = (0..100).flat_map(|n| member(&deep(n), b'0', b"")).collect();
    let folders: Vec<u8> = (0..100).flat_map(|n| member(&[&deep(n)[..], b"/"].concat(), b'5', b"")).collect();
    for attack in [attack, folders] {
        let place = Place::new();
        place.write("x.tar", archive(&attack));
        let ended = place.glsos("unpack x.tar --max-files 500 --into desk");
        assert_eq!(ended.code(), 3, "{}", ended.err);
        assert!(
            ended.err.contains("more than 500 files: the rest was left out (--max-files)"),
            "{}",
            ended.err
        );
        assert!(
            ended.err.contains("refused: with its folders there would be more than 500 files"),
            "{}",
            ended.err
        );
        let mut made = 0;
        let mut open = vec![place.join("desk")];
        while let Some(folder) = open.pop() {
            for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
                made += 1;
                open.extend(entry.file_type().unwrap().is_dir().then(|| entry.path()));
            }
        }
        // The folder for the bundle itself lies three deep.
        assert!((450..=503).contains(&made), "{made}");
    }
}

#[test]
fn a_manifest_whose_names_lead_out() {
    let mut manifest = Bundle::of(MADE.clone()).manifest;
    let entries: &mut Vec<Value> = manifest["entries"].as_array_mut().unwrap();
    let mut present = entries.iter_mut().filter(|entry| entry["present"] == true);
    for name in ["../../../../evil", "/var/tmp/glsos-evil", "a\u{1b}[2J", "glsos/manifest.json"] {
        present.next().unwrap()["name"] = name.into();
    }
    manifest["run"]["host"] = "../../up".into();
    manifest["run"]["ticket"] = "../..".into();
    let place = Place::new();
    place.write("in/b.tar.gz", Packed(&MADE).with_manifest(&manifest));
    let ended = place.glsos("unpack in/b.tar.gz --into in/desk");
    assert_eq!(ended.code(), 3, "{}", ended.err);
    assert!(
        ended.text().starts_with("in/desk/no-ticket/_.._up/") || ended.text().starts_with("in/desk/_../"),
        "{}",
        ended.text()
    );
    for why in ["above the folder", "is absolute", "has a control character", "is one of this name already"] {
        assert!(ended.err.contains(why), "{why} is not in {}", ended.err);
    }
    assert!(place.files().iter().all(|name| name.starts_with("in/")), "{:?}", place.files());
}

#[test]
fn a_manifest_that_makes_much_of_little() {
    let mut manifest = Bundle::of(MADE.clone()).manifest;
    let entries = manifest["entries"].as_array_mut().unwrap();
    let long =
        entries.iter_mut().find(|entry| entry["segments"].as_array().is_some_and(|s| s.len() > 2)).unwrap();
    let first = long["segments"][0].clone();
    let times = 5000;
    long["segments"] = Value::Array(vec![first.clone(); times]);
    long["bytes"] = (first[2].as_u64().unwrap() * times as u64).into();
    let name = long["name"].as_str().unwrap().to_owned();
    let place = Place::new();
    place.write("b.tar.gz", Packed(&MADE).with_manifest(&manifest));
    let ended = place.glsos("unpack b.tar.gz");
    assert_eq!(ended.code(), 3, "{}", ended.err);
    assert!(
        ended.err.contains(&format!("{name}: it is damaged: its places in the manifest are wrong")),
        "{}",
        ended.err
    );
    assert!(!place.files().iter().any(|file| file.ends_with("long.log")));
}
