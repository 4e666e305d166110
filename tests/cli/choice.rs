//! What is taken: `--only`, `--skip`, `--profile`, the window, the caps, and `--dry-run`.

use std::collections::BTreeSet;

use serde_json::Value;

use super::program::{Ended, Place};

/// Ends with 2, and says both.
fn assert_refused(ended: &Ended, error: &str, hint: &str) {
    assert_eq!(ended.code(), 2, "{}", ended.err);
    assert!(ended.err.contains(error) && ended.err.contains(hint), "{}", ended.err);
}

fn collectors(entries: &[Value]) -> BTreeSet<&str> {
    entries.iter().map(|entry| entry["collector"].as_str().unwrap()).collect()
}

fn plan(place: &Place, arguments: &str) -> Vec<Value> {
    let ended = place.glsos(&format!("collect --dry-run --json {arguments}")).good();
    let plan: Value = serde_json::from_slice(&ended.out).unwrap();
    plan["items"].as_array().unwrap().clone()
}

#[test]
fn only_takes_what_it_names() {
    let place = Place::new();
    place.glsos("collect --only system/uname,memory -o b.tar.gz").good();
    let bundle = place.bundle("b.tar.gz");
    assert_eq!(collectors(bundle.entries()), BTreeSet::from(["glsos", "memory", "system"]));
    let system: Vec<_> = bundle.entries().iter().filter(|entry| entry["collector"] == "system").collect();
    assert_eq!(system.len(), 1);
    assert_eq!(system[0]["name"], "uname");
    assert_eq!(bundle.run()["options"]["only"], "system/uname,memory");
    assert_eq!(bundle.run()["selection"], serde_json::json!(["memory", "system"]));
}

#[test]
fn skip_leaves_what_it_names() {
    let place = Place::new();
    let all = plan(&place, "--only system,memory");
    let some = plan(&place, "--only system,memory --skip memory,system/uname");
    assert!(collectors(&all).contains("memory") && all.iter().any(|item| item["entry"] == "uname"));
    assert_eq!(collectors(&some), BTreeSet::from(["system"]));
    assert!(some.len() > 1 && !some.iter().any(|item| item["entry"] == "uname"));
}

#[test]
fn the_quick_profile_watches_nothing() {
    let place = Place::new();
    let samples = |items: &[Value]| {
        items.iter().filter(|i| i["collector"] == "samples" || i["kind"] == "sampler").count()
    };
    assert_eq!(samples(&plan(&place, "--profile quick")), 0);
    assert!(samples(&plan(&place, "")) > 6);
    assert!(plan(&place, "--profile full").len() >= plan(&place, "").len());
}

#[test]
fn a_dry_run_tells_the_plan_and_takes_nothing() {
    let place = Place::new();
    place.collector(&format!(
        "[[log]]\nname = \"log\"\nwhy = \"Its size is told\"\npath = \"{0}/a.log\"\n\
         [[file]]\nname = \"none\"\nwhy = \"It is not there\"\npath = \"{0}/none\"\n\
         [[command]]\nname = \"touch\"\nwhy = \"It must not run\"\nrun = [\"touch\", \"{0}/ran\"]\n",
        place.path()
    ));
    place.write("a.log", "x".repeat(12_000));
    let before = place.files();
    let arguments = "--collectors collectors --only mine";
    let ended = place.glsos(&format!("collect --dry-run {arguments} -o b.tar.gz")).good();
    let text = ended.text();
    for part in
        ["Would take 2 entries:", "12.0 kB  log ", "command  mine/touch", "Would leave 1:", "not there"]
    {
        assert!(text.contains(part), "{part:?} is not in {text}");
    }
    let items = plan(&place, arguments);
    let log = items.iter().find(|item| item["source"] == "log").unwrap();
    assert_eq!((&log["kind"], &log["bytes"]), (&"log".into(), &12_000.into()));
    assert_eq!(place.files(), before);
}

#[test]
fn an_unknown_name_is_refused_with_a_hint() {
    let place = Place::new();
    let ended = place.glsos("collect --only memroy -o b.tar.gz");
    assert_refused(&ended, "error: no collector or source is named `memroy`", "hint: did you mean `memory`?");
    let ended = place.glsos("collect --skip system/unam -o b.tar.gz");
    assert_refused(&ended, "`system/unam`", "hint: did you mean `system/uname`?");
    let ended = place.glsos("collect --only nothing-like-it -o b.tar.gz");
    assert_refused(&ended, "`nothing-like-it`", "hint: `glsos list` names the collectors");
    assert!(place.files().is_empty());
}

#[test]
fn a_window_that_ends_before_it_begins_is_refused() {
    let place = Place::new();
    let window = "--since 2026-03-02T00:00:00Z --until 2026-03-01T00:00:00Z";
    let ended = place.glsos(&format!("collect {window} -o b.tar.gz"));
    assert_refused(&ended, "error: --since must be before --until", "");
    assert!(place.files().is_empty());
}

#[test]
fn what_is_no_duration_size_or_profile_is_refused_with_an_example() {
    let place = Place::new();
    for (arguments, example) in [
        ("--since yesterday", "90m or 2d"),
        ("--until 2026-03-01T10:00:00", "2026-03-01T10:00:00Z"),
        ("--timeout 5", "10s"),
        ("--timeout soon", "10s"),
        ("--max-log 10Q", "16MiB"),
        ("--max-log", "none"),
        ("--profile fast", "quick"),
        ("--ticket ../x", "letters"),
    ] {
        let ended = place.glsos(&format!("collect {arguments}"));
        assert_refused(&ended, "error: ", example);
    }
    assert!(place.files().is_empty());
}

/// A log of a line a minute, and a collector that takes it.
fn minutes(place: &Place) {
    let line = |n: u32| format!("2026-03-01T{:02}:{:02}:00.000Z minute {n} of the day\n", n / 60, n % 60);
    place.write("minutes.log", (0..1440).map(line).collect::<String>());
    place.collector(&format!(
        "[[log]]\nname = \"log\"\nwhy = \"Its lines are counted\"\npath = \"{}/minutes.log\"\n",
        place.path()
    ));
}

#[test]
fn a_log_is_taken_from_since_to_until() {
    let place = Place::new();
    minutes(&place);
    let window = "--since 2026-03-01T10:00:00Z --until 2026-03-01T11:00:00Z";
    place.glsos(&format!("collect --collectors collectors --only mine {window} -o b.tar.gz")).good();
    let bundle = place.bundle("b.tar.gz");
    let entry = bundle.entry_of(&format!("{}/minutes.log", place.path()));
    let text = bundle.text(entry["name"].as_str().unwrap());
    assert!(text.starts_with("2026-03-01T10:00:00.000Z minute 600 "), "{text}");
    assert!(text.ends_with("minute 660 of the day\n") || text.ends_with("minute 659 of the day\n"), "{text}");
    assert_eq!(entry["window"]["lines"], text.lines().count());
    assert_eq!(entry["outcome"], "complete");
}

#[test]
fn a_log_that_is_too_long_has_its_newest_lines_and_says_so() {
    let place = Place::new();
    minutes(&place);
    let arguments = "--only mine --since 2026-03-01T00:00:00Z --max-log 10KiB";
    let ended = place.glsos(&format!("collect --collectors collectors {arguments} -o b.tar.gz")).good();
    let bundle = place.bundle("b.tar.gz");
    let entry = bundle.entry_of(&format!("{}/minutes.log", place.path()));
    let text = bundle.text(entry["name"].as_str().unwrap());
    assert_eq!(entry["outcome"], "truncated");
    assert!(!entry["reason"].as_str().unwrap().is_empty());
    assert!(text.len() <= 10 << 10 && text.len() > 9 << 10, "{}", text.len());
    assert!(text.starts_with("2026-03-01T") && text.ends_with("minute 1439 of the day\n"), "{text}");
    assert!(entry["window"]["bytes_before"].as_u64().unwrap() > 0);
    assert_eq!(bundle.run()["limits"]["max_log"], 10 << 10);
    assert!(ended.err.contains("--max-log"), "what to do about it: {}", ended.err);
}

/// Lines of chance, which hardly compress.
fn noise(lines: u64, seed: u64) -> String {
    let mut state = seed | 1;
    let mut digits = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 3
    };
    (0..lines).map(|n| format!("2026-03-01T10:00:00.000Z {n} {:016x}{:016x}\n", digits(), digits())).collect()
}

/// Two large logs and a small one, and collectors that take them.
fn too_much(place: &Place) {
    for (name, lines) in [("small", 500), ("large", 60_000), ("larger", 90_000)] {
        place.write(&format!("{name}.log"), noise(lines, lines));
        place.write(&format!("{name}.log.1"), noise(lines / 2, lines + 1));
    }
    place.collector(&format!(
        "[[log]]\nname = \"log\"\nwhy = \"Too much of it\"\npath = \"{}/*.log\"\n",
        place.path()
    ));
}

#[test]
fn a_bundle_keeps_below_its_limit_and_the_largest_logs_give_way() {
    let place = Place::new();
    too_much(&place);
    let arguments = "--only mine --since 2026-03-01T00:00:00Z --max-bundle 1MB";
    let ended = place.glsos(&format!("collect --collectors collectors {arguments} -o b.tar.gz")).good();
    let size = std::fs::metadata(format!("{}/b.tar.gz", place.path())).unwrap().len();
    assert!((600_000..=1_000_000).contains(&size), "{size}");
    let bundle = place.bundle("b.tar.gz");
    let entry = |name: &str| bundle.entry_of(&format!("{}/{name}", place.path()));
    assert_eq!(entry("small.log")["outcome"], "complete");
    assert_eq!(entry("small.log.1")["outcome"], "complete");
    for (name, newest) in [("large.log", " 59999 "), ("larger.log", " 89999 ")] {
        let told = entry(name);
        assert_eq!(told["outcome"], "truncated", "{name}");
        assert!(told["reason"].as_str().unwrap().contains("--max-bundle"), "{told}");
        let text = bundle.text(told["name"].as_str().unwrap());
        assert!(text.lines().last().unwrap().contains(newest), "{name} has its newest lines");
        let rotated = entry(&format!("{name}.1"));
        assert_eq!((&rotated["outcome"], &rotated["present"]), (&"truncated".into(), &false.into()));
    }
    assert_eq!(bundle.run()["limits"]["max_bundle"], 1_000_000);
    assert!(ended.err.contains("--max-bundle"), "what to do about it: {}", ended.err);
    assert_eq!(place.glsos("collect --max-bundle 10kB").code(), 2);
}

/// `--max-log` is a limit on a log with all its rotated files, not on each file.
#[test]
fn rotated_files_share_their_logs_limit() {
    let place = Place::new();
    too_much(&place);
    let arguments = "--only mine --since 2026-03-01T00:00:00Z --max-bundle none --max-log 5MB";
    place.glsos(&format!("collect --collectors collectors {arguments} -o b.tar.gz")).good();
    let bundle = place.bundle("b.tar.gz");
    let bytes = |name: &str| bundle.entry_of(&format!("{}/{name}", place.path()))["bytes"].as_u64().unwrap();
    let (newer, older) = (bytes("large.log"), bytes("large.log.1"));
    assert!(newer > 3_000_000 && older > 1_000_000 && newer + older <= 5_000_000, "{newer} {older}");
}

#[test]
fn a_dry_run_tells_the_size_within_a_quarter() {
    let place = Place::new();
    too_much(&place);
    for limit in ["1MB", "2MB", "none"] {
        let arguments = format!("--only mine --since 2026-03-01T00:00:00Z --max-bundle {limit}");
        let told =
            place.glsos(&format!("collect --collectors collectors {arguments} --dry-run --json")).good();
        let plan: serde_json::Value = serde_json::from_str(told.text()).unwrap();
        let told = plan["bundle_bytes"].as_f64().unwrap();
        place.glsos(&format!("collect --collectors collectors {arguments} -o {limit}.tar.gz")).good();
        let size = std::fs::metadata(format!("{}/{limit}.tar.gz", place.path())).unwrap().len() as f64;
        assert!((told - size).abs() < size / 4.0, "{limit}: told {told}, is {size}");
    }
}
