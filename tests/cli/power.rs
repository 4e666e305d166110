//! What a run keeps to itself and what it gives up, as the kernel tells it: a command of the run looks at the
//! processes above it.

use std::{collections::BTreeMap, os::unix::fs::chown};

use super::program::{NOBODY, Place, is_root};

/// Prints what /proc tells of the processes of its run, each below a line `== NAME`: the command itself, its
/// nanny, the broker, the one that the user started, and a file worker.
const LOOK: &str = r#"parent() { sed -n 's/^PPid:\t//p' "/proc/$1/status"; }
show() { echo "== $1"; cat "/proc/$2/status" "/proc/$2/limits"; stat -c 'Owner: %u' "/proc/$2/environ"; }
nanny=$(parent $$); broker=$(parent $nanny); main=$(parent $broker)
for folder in /proc/[0-9]*; do
    pid=${folder#/proc/}
    if grep -qs '^Name:.glsos-files' $folder/status && test "$(parent $pid)" = $broker; then worker=$pid; fi
done
show command $$; show nanny $nanny; show broker $broker; show main $main; show worker $worker"#;

/// By process, then by the name of a line; of a limit the soft one.
type Told = BTreeMap<String, BTreeMap<String, String>>;

fn told(text: &str) -> Told {
    let mut told = Told::new();
    let mut process = String::new();
    for line in text.lines() {
        if let Some(name) = line.strip_prefix("== ") {
            name.clone_into(&mut process);
        } else if let Some((name, value)) = line.split_once(':') {
            told.entry(process.clone()).or_default().insert(name.to_owned(), value.trim().to_owned());
        } else if line.starts_with("Max ") && line.len() > 26 {
            let soft = line[26..].split_whitespace().next().unwrap_or_default();
            told.entry(process.clone()).or_default().insert(line[..26].trim().to_owned(), soft.to_owned());
        }
    }
    told
}

/// A folder with a collector that looks at its own run, and a file with values to remove.
fn place() -> Place {
    let place = Place::new();
    let script = place.script("look", LOOK);
    place.collector(&format!(
        "[[command]]\nname = \"look\"\nwhy = \"To see\"\nrun = [\"{script}\"]\ntimeout = \"1m\"\n"
    ));
    place.write("values", "correct-horse-battery-staple\n");
    place
}

const COLLECT: &str =
    "collect --collectors collectors --only mine,memory/meminfo --redact-value values -o b.tar.gz";

#[test]
fn known_values_stay_in_memory_and_nobody_looks_into_it() {
    let place = place();
    place.glsos(COLLECT).good();
    let bundle = place.bundle("b.tar.gz");
    let told = told(bundle.text("mine/look"));
    for process in ["main", "broker", "worker"] {
        assert_eq!(told[process]["Max core file size"], "0", "{process}");
        // The files of a process that may be looked into belong to its user, all others to root.
        assert_eq!(told[process]["Owner"], "0", "{process}");
    }
    assert!(bundle.log().contains("are never swapped out"), "{}", bundle.log());
    let locked = &told["main"]["VmLck"];
    assert!(!locked.starts_with("0 "), "{locked}");
    assert!(told["worker"]["VmLck"].starts_with("0 "));
}

#[test]
fn an_ordinary_user_who_may_lock_nothing_is_told_so_and_gets_a_bundle() {
    if !is_root("to become another user") {
        return;
    }
    let place = place();
    chown(place.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    let program = place.program("program");
    let line = format!("ulimit -l 0; exec {} {COLLECT}", program.display());
    let ended = place.as_nobody_in_shell(&line).good();
    let bundle = place.bundle("b.tar.gz");
    assert!(bundle.log().contains("known secrets may be swapped out"), "{}", bundle.log());
    assert!(!ended.err.contains("error"), "{}", ended.err);
    // Not dumpable, and all the same able to read its own and what is the user's.
    let told = told(bundle.text("mine/look"));
    assert_eq!((told["main"]["Owner"].as_str(), told["command"]["Owner"].as_str()), ("0", "65534"));
    assert_eq!(bundle.outcome("meminfo"), "complete");
}
