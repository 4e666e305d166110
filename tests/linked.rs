//! packaging/linked: what it tells to be in the program. Whether the built one agrees is checked in .ci/run.

use std::{collections::BTreeSet, fs, io::Read as _, path::Path, process::Command};

use serde_json::Value;

use crate::{packages::tools_are_here, unsafe_page::sources};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What it prints, asked from some folder and time zone; the binary that it describes is LICENSE here.
fn linked(form: &str, folder: &str, zone: &str) -> Vec<u8> {
    let mut command = Command::new(root().join("packaging/linked"));
    command.arg(form).current_dir(folder).envs([("SOURCE_DATE_EPOCH", "1772323200"), ("TZ", zone)]);
    if form == "sbom" {
        command.arg(root().join("LICENSE"));
    }
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

fn crates(parts: &Value, is: impl Fn(&Value) -> bool) -> BTreeSet<String> {
    let name =
        |part: &Value| format!("{} {}", part["name"].as_str().unwrap(), part["version"].as_str().unwrap());
    parts.as_array().unwrap().iter().filter(|part| is(part)).map(name).collect()
}

fn of_cargo(part: &Value) -> bool {
    part["purl"].as_str().unwrap().starts_with("pkg:cargo/")
}

#[test]
fn what_is_linked_is_told_without_what_only_builds_or_tests() {
    if !tools_are_here(&["python3", "dpkg-query", "cc"]) {
        return;
    }
    let sbom: Value = serde_json::from_slice(&linked("sbom", "/", "UTC")).unwrap();
    let told = crates(&sbom["components"], of_cargo);
    let has = |name: &str| told.iter().any(|crate_| crate_.split(' ').next() == Some(name));
    for inside in ["libc", "nix", "regex-automata", "zlib-rs", "digest", "serde_core"] {
        assert!(has(inside), "{inside} is not in {told:?}");
    }
    // Of tests, of macros, of build scripts, of other systems.
    for outside in ["tar", "boon", "syn", "serde_derive", "clap_derive", "autocfg", "windows-sys", "glsos"] {
        assert!(!has(outside), "{outside} is in {told:?}");
    }
    let lock = fs::read_to_string(root().join("Cargo.lock")).unwrap();
    for part in sbom["components"].as_array().unwrap().iter().filter(|part| of_cargo(part)) {
        let (name, version) = (part["name"].as_str().unwrap(), part["version"].as_str().unwrap());
        let entry = lock
            .split("\n[[package]]\n")
            .find(|entry| entry.starts_with(&format!("name = \"{name}\"\nversion = \"{version}\"\n")));
        let digest = part["hashes"][0]["content"].as_str().unwrap();
        assert!(entry.unwrap().contains(&format!("checksum = \"{digest}\"")), "{name}");
    }
    // The C library is in a static program, too, and no lock file tells.
    let system = crates(&sbom["components"], |part| !of_cargo(part));
    assert_eq!(system.len(), 3, "{system:?}");
    assert!(system.iter().any(|part| part.starts_with("libc6-dev ")), "{system:?}");
}

#[test]
fn the_list_in_the_program_names_what_the_sbom_names() {
    if !tools_are_here(&["python3", "dpkg-query", "cc"]) {
        return;
    }
    let mut text = String::new();
    let section = linked("section", "/", "UTC");
    flate2::read::ZlibDecoder::new(section.as_slice()).read_to_string(&mut text).unwrap();
    let section: Value = serde_json::from_str(&text).unwrap();
    let packages = section["packages"].as_array().unwrap();
    let sbom: Value = serde_json::from_slice(&linked("sbom", "/", "UTC")).unwrap();
    let others = crates(&section["packages"], |package| package["root"] != true);
    assert_eq!(others, crates(&sbom["components"], of_cargo));
    assert_eq!(packages[0]["name"], "glsos");
    assert_eq!(packages.len(), others.len() + 1);
    // Who needs whom is told by places in the list; readers refuse a circle, and a place beyond the end.
    let hmac = packages.iter().find(|package| package["name"] == "hmac").unwrap();
    let needs: Vec<_> = hmac["dependencies"]
        .as_array()
        .unwrap()
        .iter()
        .map(|at| &packages[usize::try_from(at.as_u64().unwrap()).unwrap()]["name"])
        .collect();
    assert_eq!(needs, ["digest"]);
}

#[test]
fn what_is_linked_is_told_alike_everywhere() {
    if !tools_are_here(&["python3", "dpkg-query", "cc"]) {
        return;
    }
    for form in ["sbom", "section"] {
        let elsewhere = std::env::temp_dir();
        assert!(
            linked(form, "/", "UTC") == linked(form, elsewhere.to_str().unwrap(), "Asia/Tokyo"),
            "{form}"
        );
    }
}

/// What a program can take from its builder, but for the paths that packaging/build maps away.
#[test]
fn no_source_asks_who_builds_it_or_when() {
    const TAKEN: [&str; 5] = ["CARGO_PKG_VERSION", "GLSOS_TARGET", "OUT_DIR", "CARGO_MANIFEST_DIR", "TARGET"];
    let mut files = vec![root().join("build.rs")];
    sources(&root().join("src"), &mut files);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let script = file.ends_with("build.rs");
        let asked = text.split("env!(\"").skip(1).chain(text.split("env::var(\"").skip(1).filter(|_| script));
        for name in asked.map(|rest| rest.split('"').next().unwrap()) {
            assert!(TAKEN.contains(&name), "{}: {name}", file.display());
        }
        let more = ["option_env!", "file!()", "env::vars", "SystemTime", "Instant", "Command"];
        let searched = if script { &more[..] } else { &more[..2] };
        for word in searched {
            assert!(!text.contains(word), "{}: {word}", file.display());
        }
    }
}
