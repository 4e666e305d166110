//! Bundles of the recorded hosts: what was planted is gone, what a support engineer needs is there.

use std::{fs, io::Read as _, path::Path, sync::LazyLock};

use data_encoding::{BASE64, BASE64_NOPAD, BASE64URL_NOPAD};
use flate2::read::MultiGzDecoder;
use serde_json::Value;

use super::{
    bundle::Bundle,
    program::{Place, finish},
};

/// A bundle of a host, and all that was said while it was made.
pub(super) struct Made {
    pub(super) bundle: Bundle,
    said: String,
}

static OMNIBUS: LazyLock<Made> = LazyLock::new(|| make("omnibus"));

/// With events and details, so that they are searched too.
fn make(host: &str) -> Made {
    let place = Place::new();
    let collect = |more: &str| {
        let since = "--since 2026-02-01T00:00:00Z";
        let mut command = place.command(&format!("collect {since} {more}"));
        command.arg("--sysroot").arg(folder(host));
        finish(command).good()
    };
    let ended = collect("-o b.tar.gz --json");
    let planned = collect("--dry-run");
    // What the pipeline lets through, the desk finds nothing in.
    place.glsos("verify b.tar.gz").good();
    let said = format!("{}{}{}{}", ended.text(), ended.err, planned.text(), planned.err);
    Made { bundle: place.bundle("b.tar.gz"), said }
}

pub(super) fn folder(host: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/hosts").join(host)
}

pub(super) fn list(host: &str, kind: &str) -> Vec<Value> {
    serde_json::from_slice(&fs::read(folder(&format!("{host}.{kind}.json"))).unwrap()).unwrap()
}

/// The planted values of these kinds that are still somewhere, by name and place; never by value.
fn left(host: &str, made: &Made, kinds: &[&str]) -> Vec<String> {
    let mut left = Vec::new();
    for row in list(host, "planted") {
        let (value, kind) = (row["value"].as_str().unwrap(), row["kind"].as_str().unwrap());
        if !kinds.contains(&kind) {
            continue;
        }
        let forms = if kind == "known" { forms(value) } else { vec![value.to_owned()] };
        if forms.iter().any(|form| made.bundle.holds(form) || made.said.contains(form.as_str())) {
            left.push(format!("{kind} {} of {}", row["name"], row["where"]));
        }
    }
    left
}

/// A value as it is, and as what carries it elsewhere would write it.
pub(super) fn forms(value: &str) -> Vec<String> {
    let bytes = value.as_bytes();
    let percent = |keep: &dyn Fn(u8) -> bool| {
        bytes.iter().fold(String::new(), |mut text, byte| {
            if keep(*byte) {
                text.push(char::from(*byte))
            } else {
                text.push_str(&format!("%{byte:02X}"))
            }
            text
        })
    };
    let json = serde_json::to_string(value).unwrap();
    let unreserved = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    let mut forms = vec![
        value.to_owned(),
        json[1..json.len() - 1].to_owned(),
        percent(&unreserved),
        percent(&unreserved).to_lowercase(),
        percent(&|_| false),
        BASE64.encode(bytes),
        BASE64URL_NOPAD.encode(bytes),
    ];
    // Within something longer: what every neighbour leaves the same.
    for before in 0..3 {
        let padded = [&[b'x'; 2][..before], bytes].concat();
        let text = BASE64_NOPAD.encode(&padded);
        let (from, to) = ([0, 2, 3][before], padded.len() / 3 * 4);
        forms.push(text[from..to].to_owned());
    }
    forms.retain(|form| form.len() >= 8 || form == value);
    forms
}

fn assert_kept(host: &str, bundle: &Bundle) {
    for row in list(host, "kept") {
        let (value, path) = (row["value"].as_str().unwrap(), row["where"].as_str().unwrap());
        let entry = bundle.entry_of(path);
        let content = bundle.files.get(entry["name"].as_str().unwrap());
        let content = content.unwrap_or_else(|| panic!("{host}: {path} is not there: {entry}"));
        let kept = memchr::memmem::find(content, value.as_bytes()).is_some();
        assert!(kept, "{host}: {path} lost the {}: {value}", row["name"]);
    }
}

#[test]
fn no_known_secret_of_a_linux_package_is_in_its_bundle_in_any_form() {
    let left = left("omnibus", &OMNIBUS, &["known"]);
    assert!(left.is_empty(), "{left:#?}");
}

#[test]
fn no_token_of_a_known_shape_is_in_a_bundle() {
    let left = left("omnibus", &OMNIBUS, &["shaped"]);
    assert!(left.is_empty(), "{left:#?}");
}

#[test]
fn what_analysis_needs_is_still_there() {
    assert_kept("omnibus", &OMNIBUS.bundle);
}

#[test]
fn other_kinds_of_host_keep_their_secrets_and_tell_the_rest() {
    for host in ["container", "gitaly", "source"] {
        let made = make(host);
        let left = left(host, &made, &["known", "shaped", "keyed"]);
        assert!(left.is_empty(), "{host}: {left:#?}");
        assert_kept(host, &made.bundle);
    }
}

#[test]
fn the_kind_of_installation_is_told() {
    for (host, kind) in
        [("container", "container"), ("gitaly", "linux-package"), ("source", "source"), ("bare", "none")]
    {
        let place = Place::new();
        let mut command = place.command("collect --only gitlab-versions,system -o b.tar.gz");
        command.arg("--sysroot").arg(folder(host));
        finish(command).good();
        let bundle = place.bundle("b.tar.gz");
        assert_eq!(bundle.run()["kind"], "sysroot");
        assert_eq!(bundle.run()["installation"]["kind"], kind, "{host}");
        let version = bundle.run()["installation"].get("version");
        assert_eq!(version.is_some(), host != "bare", "{host}: {version:?}");
    }
}

#[test]
fn nothing_runs_below_a_sysroot() {
    let ran = |entry: &&Value| {
        matches!(entry["kind"].as_str(), Some("command" | "http")) && entry["outcome"] != "skipped"
    };
    let ran: Vec<_> = OMNIBUS.bundle.entries().iter().filter(ran).collect();
    assert!(ran.is_empty(), "{ran:?}");
}

#[test]
fn what_is_never_taken_is_not_there_under_any_name() {
    for path in ["etc/gitlab/gitlab-secrets.json", "etc/gitlab/initial_root_password", "etc/shadow"] {
        assert!(!OMNIBUS.bundle.files.contains_key(path), "{path}");
    }
    let key = |name: &&String| name.ends_with(".key") || name.ends_with("secrets.yml");
    assert_eq!(OMNIBUS.bundle.files.keys().find(key), None);
}

/// The keys of a value, and those below them.
fn keys(value: &Value, path: &str, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| {
            found.push(format!("{path}.{key}"));
            keys(value, &format!("{path}.{key}"), found);
        }),
        Value::Array(list) => list.iter().for_each(|value| keys(value, &format!("{path}[]"), found)),
        _ => {}
    }
}

#[test]
fn a_log_of_json_lines_stays_one_and_keeps_its_keys() {
    let mut compared = 0;
    for entry in OMNIBUS.bundle.entries().iter().filter(|entry| entry["kind"] == "log") {
        let path = entry["asked"]["path"].as_str().unwrap();
        let Some(source) = source("omnibus", path) else { continue };
        let parse = |line: &str| serde_json::from_str::<Value>(line).ok().filter(Value::is_object);
        let before: Vec<_> = source.lines().map(parse).collect();
        if before.is_empty() || before.iter().any(Option::is_none) {
            continue;
        }
        let text = OMNIBUS.bundle.text(entry["name"].as_str().unwrap());
        assert_eq!(text.lines().count(), before.len(), "{path}");
        for (line, before) in text.lines().zip(before.iter().flatten()) {
            let after = parse(line).unwrap_or_else(|| panic!("{path}: not JSON any more: {line}"));
            let (mut kept, mut all) = (Vec::new(), Vec::new());
            keys(&after, "", &mut kept);
            keys(before, "", &mut all);
            assert_eq!(kept, all, "{path}: {line}");
            compared += 1;
        }
    }
    assert!(compared > 500, "{compared} lines");
}

/// A log's text at its source, inflated.
fn source(host: &str, path: &str) -> Option<String> {
    let raw = fs::read(folder(host).join(path.trim_start_matches('/'))).ok()?;
    if !raw.starts_with(b"\x1f\x8b") {
        return String::from_utf8(raw).ok();
    }
    let mut text = String::new();
    MultiGzDecoder::new(raw.as_slice()).read_to_string(&mut text).ok()?;
    Some(text)
}

#[test]
fn two_runs_differ_in_nothing_but_time() {
    // Tags of redacted values have a key of the run's own; what has none must be the same.
    let again = make("omnibus");
    assert_eq!(again.bundle.names(), OMNIBUS.bundle.names());
    for (name, content) in &OMNIBUS.bundle.files {
        let entry = OMNIBUS.bundle.entries().iter().find(|entry| entry["name"] == name.as_str());
        let plain = entry.is_some_and(|entry| entry["redactions"].is_null() && entry["kind"] != "probe");
        if plain && !name.starts_with("glsos/") {
            assert!(again.bundle.files[name] == *content, "{name}");
        }
    }
}

#[test]
fn no_value_beside_its_key_is_in_a_bundle() {
    let left = left("omnibus", &OMNIBUS, &["keyed"]);
    assert!(left.is_empty(), "{left:#?}");
}
