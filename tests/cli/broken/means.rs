//! A host that gives little: memory, processes, open files.

use std::{
    fs,
    os::unix::{fs::chown, process::CommandExt as _},
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use super::{TURNS, limited, until_gone};
use crate::cli::program::{Ended, NOBODY, Place, finish, is_root, skip};

const GLSOS: &str = env!("CARGO_BIN_EXE_glsos");

/// A file, a log and a command.
fn place() -> Place {
    let place = Place::new();
    place.write("a.conf", "a = 1\n");
    place.write("b.log", "2026-03-01T10:00:00Z one line of many\n".repeat(50_000));
    place.collector(&format!(
        "[[file]]\nname = \"conf\"\nwhy = \"It is there\"\npath = \"{0}/a.conf\"\n\
         [[log]]\nname = \"log\"\nwhy = \"It is long\"\npath = \"{0}/b.log\"\n\
         [[command]]\nname = \"date\"\nwhy = \"It ends\"\nrun = [\"date\"]\n",
        place.path()
    ));
    place
}

fn arguments(name: &str) -> String {
    let only = "--only mine,memory,disks,system --profile quick";
    format!("collect {only} --since 2026-02-01T00:00:00Z --collectors collectors -o {name}")
}

fn run(place: &Place, mut command: Command) -> Ended {
    command.current_dir(place.path());
    finish(command)
}

/// A whole bundle, or an error with a hint and no file; true for a bundle.
fn bundle_or_error(place: &Place, name: &str, ended: &Ended, what: &str) -> bool {
    until_gone(name);
    if ended.code() == 0 {
        place.bundle(name);
        return true;
    }
    assert_eq!(ended.code(), 1, "{what}: {}", ended.err);
    assert!(ended.err.contains("error: ") && !ended.err.contains("a defect"), "{what}: {}", ended.err);
    assert!(!place.files().iter().any(|file| file.starts_with(name)), "{what}: {:?}", place.files());
    false
}

#[test]
fn with_few_open_files_there_is_a_bundle_or_an_error() {
    let place = place();
    let mut bundles = Vec::new();
    for files in [3, 4, 5, 6, 7, 8, 9, 10, 12, 16, 24, 64] {
        let name = format!("few-{files}.tar.gz");
        let ended = run(&place, limited(Path::new(GLSOS), &format!("--nofile={files}"), &arguments(&name)));
        if bundle_or_error(&place, &name, &ended, &format!("{files} files")) {
            bundles.push(files);
        }
    }
    assert!(bundles.contains(&64) && !bundles.contains(&3), "{bundles:?}");
}

#[test]
fn with_few_processes_there_is_a_bundle_or_an_error() {
    /// Nobody else is this user: all of a user's processes count, and root has no such limit.
    const ALONE: u32 = 3_999_999_001;
    if !is_root("to become another user") {
        return;
    }
    let place = place();
    chown(place.path(), Some(ALONE), Some(NOBODY)).unwrap();
    let program = place.program("program");
    let (mut bundles, mut refused) = (Vec::new(), false);
    for processes in [1, 2, 3, 4, 5, 6, 8, 10, 12, 40] {
        let name = format!("few-{processes}.tar.gz");
        let mut command = limited(&program, &format!("--nproc={processes}"), &arguments(&name));
        command.uid(ALONE).gid(NOBODY);
        let ended = run(&place, command);
        if bundle_or_error(&place, &name, &ended, &format!("{processes} processes")) {
            bundles.push(processes);
            // Commands have no process then, which is no signal that ended them.
            let date = place.bundle(&name).entry("mine/date").clone();
            let told = date["reason"].as_str().unwrap_or_default().to_owned();
            assert!(!told.contains("signal") && date["outcome"] != "timed-out", "{processes}: {date}");
            refused |= told.contains("this host gives no more processes");
        }
    }
    assert!(refused, "{bundles:?}");
    assert!(bundles.contains(&40) && !bundles.contains(&1), "{bundles:?}");
}

/// Whatever ends it for want of memory: a bundle, or nothing under its name; true for a bundle.
fn bundle_or_nothing(place: &Place, name: &str, ended: &Ended, what: &str) -> bool {
    until_gone(name);
    let named = place.join(name).exists();
    if named {
        place.bundle(name);
    }
    match ended.signal() {
        // The kernel could not even start it, or killed it: neither can say a word.
        Some(_) => assert!(!ended.err.contains("error: "), "{what}: {}", ended.err),
        None => assert_eq!(ended.code(), i32::from(!named), "{what}: {}", ended.err),
    }
    named
}

#[test]
fn with_little_memory_there_is_a_bundle_or_nothing_under_its_name() {
    let place = place();
    let (mut bundles, mut told) = (Vec::new(), false);
    for megabytes in [4, 20, 24, 28, 34, 40, 46, 52, 60, 80] {
        let name = format!("few-{megabytes}.tar.gz");
        let limit = format!("--as={}", megabytes * 1_000_000);
        let ended = run(&place, limited(Path::new(GLSOS), &limit, &arguments(&name)));
        if bundle_or_nothing(&place, &name, &ended, &limit) {
            bundles.push(megabytes);
        } else if ended.signal().is_none() {
            assert!(ended.err.contains("error: "), "{limit}: {}", ended.err);
            told |= ended.err.contains("this host gives no more memory\nhint: ");
        }
    }
    assert!(told, "{bundles:?}");
    assert!(bundles.contains(&80) && !bundles.contains(&4), "{bundles:?}");
}

/// A memory control group of its own, of either version; it goes when dropped.
struct Group(PathBuf);

impl Group {
    fn new(bytes: u64) -> Option<Self> {
        let name = format!("glsos-test-{}", std::process::id());
        let versions = [("/sys/fs/cgroup/memory", "memory.limit_in_bytes"), ("/sys/fs/cgroup", "memory.max")];
        versions.into_iter().find_map(|(folder, limit)| {
            let group = Self(PathBuf::from(folder).join(&name));
            fs::create_dir(&group.0).ok()?;
            fs::write(group.0.join(limit), bytes.to_string()).ok().map(|()| group)
        })
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        for _ in 0..TURNS {
            if fs::remove_dir(&self.0).is_ok() {
                return;
            }
            std::thread::park_timeout(Duration::from_millis(1));
        }
    }
}

#[test]
fn in_a_control_group_with_little_memory_nothing_half_gets_the_name() {
    let place = place();
    let mut bundles = Vec::new();
    for megabytes in [2_u64, 8, 12, 16, 24, 64] {
        // Where nobody may make one (a container without its own) the limits above have to do.
        let Some(group) = Group::new(megabytes << 20) else { return skip("a memory control group") };
        let name = format!("few-{megabytes}.tar.gz");
        let mut command = Command::new("sh");
        command.args(["-c", "echo $$ > \"$0\"/cgroup.procs; exec \"$@\""]).arg(&group.0).arg(GLSOS);
        command.args(arguments(&name).split_whitespace());
        let ended = run(&place, command);
        if bundle_or_nothing(&place, &name, &ended, &format!("{megabytes} MiB")) {
            bundles.push(megabytes);
        }
    }
    assert!(bundles.contains(&64) && !bundles.contains(&2), "{bundles:?}");
}
