//! What is done with the secrets that are known beforehand, and when they can't be known.

use std::{fs, path::Path};

use super::{
    program::{Ended, Place, finish},
    recorded::{folder, list},
};

/// A copy of the Linux package's host whose place of secrets is damaged.
fn damaged() -> Place {
    fn copy(from: &Path, to: &Path) {
        fs::create_dir_all(to).unwrap();
        for entry in fs::read_dir(from).unwrap().map(|entry| entry.unwrap()) {
            let (path, to) = (entry.path(), to.join(entry.file_name()));
            if path.is_symlink() {
                std::os::unix::fs::symlink(fs::read_link(&path).unwrap(), &to).unwrap();
            } else if path.is_dir() {
                copy(&path, &to);
            } else {
                fs::copy(&path, &to).unwrap();
            }
        }
    }
    let place = Place::new();
    copy(&folder("omnibus"), &place.join("root"));
    place.write("root/etc/gitlab/gitlab-secrets.json", "{\"gitlab_rails\": {\"db_key_base\": \"cut o");
    place
}

fn collect(place: &Place, arguments: &str) -> Ended {
    let only = "--only gitlab-config,gitlab-logs,system --since 2026-02-01T00:00:00Z -o b.tar.gz";
    finish(place.command(&format!("collect --sysroot root {only} {arguments}"))).good()
}

#[test]
fn without_the_hosts_secrets_nothing_of_gitlabs_leaves_it() {
    let place = damaged();
    let ended = collect(&place, "");
    let bundle = place.bundle("b.tar.gz");
    let mut withheld = 0;
    for entry in bundle.entries().iter().filter(|entry| entry["collector"] != "glsos") {
        let gitlabs = entry["collector"].as_str().unwrap().starts_with("gitlab-");
        let outcome = entry["outcome"].as_str().unwrap();
        if gitlabs {
            assert!(matches!(outcome, "withheld" | "skipped"), "{entry}");
            assert_eq!(entry["present"], false);
        }
        if outcome == "withheld" {
            withheld += 1;
            let reason = entry["reason"].as_str().unwrap();
            assert!(reason.contains("/etc/gitlab/gitlab-secrets.json: not valid JSON"), "{reason}");
            assert!(!reason.contains("REDACTED"), "{reason}");
        }
    }
    assert!(withheld > 30, "{withheld}");
    assert!(bundle.text("etc/os-release").contains("ID="), "what is not GitLab's is taken");
    assert!(ended.err.contains("--without-known-secrets"), "what to do about it: {}", ended.err);
    let known = bundle.run()["known_secrets"].as_array().unwrap();
    let place = known.iter().find(|place| place["from"] == "/etc/gitlab/gitlab-secrets.json").unwrap();
    assert_eq!(place["trouble"], "not valid JSON");
}

#[test]
fn who_asks_for_it_gets_gitlabs_entries_without_all_secrets_known() {
    let place = damaged();
    collect(&place, "--without-known-secrets");
    let bundle = place.bundle("b.tar.gz");
    assert_eq!(bundle.outcome("etc/gitlab/gitlab.rb"), "complete");
    assert_eq!(bundle.run()["options"]["without-known-secrets"], "true");
    // What other places tell and what has a shape goes all the same.
    for row in list("omnibus", "planted") {
        if row["kind"] == "shaped" || row["where"] == "/etc/gitlab/gitlab.rb" {
            assert!(!bundle.holds(row["value"].as_str().unwrap()), "{} of {}", row["name"], row["where"]);
        }
    }
}

#[test]
fn a_customers_own_value_goes_wherever_it_stands() {
    let place = Place::new();
    place.write("values", "purple-elephant-42\n\nProject Nightjar\r\n");
    place.write("app.purple-elephant-42.log", "a purple-elephant-42 b\nc Project Nightjar d\nkept\n");
    place.collector(&format!(
        "[[file]]\nname = \"log\"\nwhy = \"It holds the value\"\npath = \"{}/app.*.log\"\n\
         [[command]]\nname = \"echo\"\nwhy = \"It says the value\"\nrun = [\"echo\", \"purple-elephant-42\"]\n",
        place.path()
    ));
    let arguments = "--collectors collectors --only mine --json --redact-value values";
    let ended = place.glsos(&format!("collect {arguments} -o b.tar.gz")).good();
    let bundle = place.bundle("b.tar.gz");
    for value in ["purple-elephant-42", "Nightjar"] {
        assert!(!bundle.holds(value), "{value} is in the bundle");
        assert!(!ended.text().contains(value) && !ended.err.contains(value), "{value} was said");
    }
    assert!(bundle.holds("kept\n"));
    assert_eq!(bundle.run()["options"]["redact-value"], "given");
}

#[test]
fn a_file_of_values_that_is_not_there_takes_nothing() {
    let place = Place::new();
    let ended = place.glsos("collect --only system/uname --redact-value none -o b.tar.gz");
    assert_eq!(ended.code(), 2);
    assert!(ended.err.contains("none: not there\nhint: --redact-value names a file"), "{}", ended.err);
    assert!(place.files().is_empty());
}
