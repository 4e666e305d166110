//! What a run keeps to itself and what it gives up, as the kernel tells it: a command of the run looks at the
//! processes above it.

use std::{collections::BTreeMap, os::unix::fs::chown};

use super::program::{NOBODY, Place, finish, is_root};

/// Prints what /proc tells of the processes of its run, each below a line `== NAME`: the command itself, its
/// nanny, the broker, the one that the user started, and two helpers.
const LOOK: &str = r#"parent() { sed -n 's/^PPid:\t//p' "/proc/$1/status"; }
show() { echo "== $1"; cat "/proc/$2/status" "/proc/$2/limits"; stat -c 'Owner: %u' "/proc/$2/environ"; }
nanny=$(parent $$); broker=$(parent $nanny); main=$(parent $broker)
for folder in /proc/[0-9]*; do
    pid=${folder#/proc/}
    if grep -qs '^Name:.glsos-files' $folder/status && test "$(parent $pid)" = $broker; then files=$pid; fi
    if grep -qs '^Name:.glsos-procs' $folder/status && test "$(parent $pid)" = $broker; then procs=$pid; fi
done
show command $$; show nanny $nanny; show broker $broker; show main $main; show files $files; show procs $procs"#;

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
    for process in ["main", "broker", "files", "procs"] {
        assert_eq!(told[process]["Max core file size"], "0", "{process}");
        // The files of a process that may be looked into belong to its user, all others to root.
        assert_eq!(told[process]["Owner"], "0", "{process}");
    }
    assert!(bundle.log().contains("are never swapped out"), "{}", bundle.log());
    let locked = &told["main"]["VmLck"];
    assert!(!locked.starts_with("0 "), "{locked}");
    assert!(told["files"]["VmLck"].starts_with("0 "));
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

#[test]
fn a_run_gives_up_what_it_does_not_need_and_says_so() {
    if !is_root("to give up what root may") {
        return;
    }
    let place = place();
    place.glsos(COLLECT).good();
    let bundle = place.bundle("b.tar.gz");
    let told = told(bundle.text("mine/look"));
    let of = |process: &str, name: &str| told[process][name].clone();
    let own = std::fs::read_to_string("/proc/self/status").unwrap();
    for (process, capabilities) in [("main", 0), ("files", 0xe), ("procs", 0x80004)] {
        for set in ["CapPrm", "CapEff", "CapBnd"] {
            assert_eq!(of(process, set), format!("{capabilities:016x}"), "{process}: {set}");
        }
        assert_eq!(of(process, "NoNewPrivs"), "1", "{process}");
    }
    // Commands need what they need: chpst becomes another user, a query runs as that one.
    assert!(own.contains(&format!("CapEff:\t{}", of("command", "CapEff"))), "{}", of("command", "CapEff"));
    assert_eq!((of("command", "NoNewPrivs"), of("broker", "NoNewPrivs")), ("0".into(), "0".into()));
    let given_up = &bundle.run()["given_up"];
    assert_eq!(given_up["main"]["capabilities"], "all given up");
    assert_eq!(given_up["main"]["writing"], "only where the bundle and the mapping go");
    assert_eq!(given_up["files"]["writing"], "given up");
    assert_eq!(given_up["files"]["network"], "TCP: given up");
    let kept = "all given up but CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE";
    assert_eq!(given_up["processes"]["capabilities"], kept);
    assert!(bundle.log().contains("the process of main may not do any more"), "{}", bundle.log());
}

#[test]
fn a_bundle_in_another_users_folder_takes_one_right_more() {
    if !is_root("a folder of another user") {
        return;
    }
    let place = place();
    place.write("theirs/x", "");
    place.allow("theirs", 0o700);
    chown(place.join("theirs"), Some(NOBODY), Some(NOBODY)).unwrap();
    let only = "collect --only memory/meminfo --hide ip --mapping key";
    place.glsos(&format!("{only} -o theirs/b.tar.gz")).good();
    let bundle = place.bundle("theirs/b.tar.gz");
    assert_eq!(bundle.run()["given_up"]["main"]["capabilities"], "all given up but CAP_DAC_OVERRIDE");
    // All that is written anywhere: a bundle, a key, pairs.
    let files = place.files();
    assert_eq!(files.iter().filter(|name| name.starts_with("key")).count(), 2, "{files:?}");
}

/// Runs the rest of its command line on a kernel without Landlock (and openat2, as such kernels are).
const OLD_KERNEL: &str = r#"
import ctypes, os, platform, struct, sys
libc = ctypes.CDLL(None, use_errno=True)
ret, jump, load = 0x06, 0x15, 0x20
missing = [444, 445, 446, 437]
program = [(load, 0, 0, 0)] + [(jump, len(missing) - i, 0, n) for i, n in enumerate(missing)]
program += [(ret, 0, 0, 0x7fff0000), (ret, 0, 0, 0x00050000 | 38)]
code = b"".join(struct.pack("HBBI", *line) for line in program)
room = ctypes.create_string_buffer(code)
filter = struct.pack("HxxxxxxQ", len(program), ctypes.addressof(room))
if libc.prctl(22, 2, ctypes.create_string_buffer(filter)):
    sys.exit(os.strerror(ctypes.get_errno()))
os.execv(sys.argv[1], sys.argv[1:])
"#;

#[test]
fn an_old_kernel_without_landlock_gives_the_same_bundle_and_says_so() {
    if !is_root("to make a kernel look old") {
        return;
    }
    let place = place();
    place.write("old", OLD_KERNEL);
    let mut command = std::process::Command::new("python3");
    command.args(["old", env!("CARGO_BIN_EXE_glsos")]).args(COLLECT.split_whitespace());
    command.current_dir(place.path());
    finish(command).good();
    let bundle = place.bundle("b.tar.gz");
    assert_eq!((bundle.outcome("meminfo"), bundle.outcome("mine/look")), ("complete", "complete"));
    let given_up = &bundle.run()["given_up"];
    for process in ["main", "files"] {
        assert_eq!(given_up[process]["writing"], "not limited: this kernel has no Landlock");
    }
    assert_eq!(given_up["main"]["capabilities"], "all given up");
}
