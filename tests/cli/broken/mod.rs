//! A broken machine, one fault at a time: whatever ails it there is a valid bundle, or an error that says what to
//! do, and nothing else stays behind. What a disk that is full or never answers does is in `disks`.

mod disk;
mod killed;
mod means;
mod proc;
mod stopped;

use std::{
    path::Path,
    process::Command,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use nix::sys::signal::Signal;

use super::{
    program::{Ended, Place, finish, interrupt_from, is_running},
    recorded::folder,
};

/// Asked for again and again, up to this many times, a moment apart.
const TURNS: usize = 30_000;

/// The program under limits of prlimit(1), such as `--as=80000000`.
fn limited(program: &Path, limit: &str, arguments: &str) -> Command {
    let mut command = Command::new("prlimit");
    command.arg(limit).arg(program).args(arguments.split_whitespace()).env_remove("TMPDIR");
    command
}

/// Waits until no process has this word on its command line any more; helpers have their parent's.
fn until_gone(word: &str) {
    for _ in 0..TURNS {
        if !is_running(word) {
            return;
        }
        std::thread::park_timeout(Duration::from_millis(1));
    }
    panic!("a process with {word} on its command line is left");
}

/// Moments of a run, as the number of lines that it has said until then: made up from a seed, from its first
/// one to its last, and a bit beyond; before all of them the one at once.
fn moments(of: usize, count: usize, seed: u64) -> Vec<usize> {
    let mut chance = crate::properties::chance::Chance(seed);
    let step = of / count + 1;
    std::iter::once(0).chain((0..=count).map(|n| 1 + n * step + chance.below(step))).collect()
}

/// Runs it, and sends a signal when it has said so many lines.
fn signalled(command: Command, moment: usize, signal: Signal) -> Ended {
    let said = AtomicUsize::new(0);
    let at_once = moment == 0;
    interrupt_from(command, at_once.then_some(signal), move |_| {
        (said.fetch_add(1, Ordering::Relaxed) + 1 == moment).then_some(signal)
    })
}

/// A run on the recorded host of the Linux package.
fn omnibus(place: &Place, name: &str) -> Command {
    let only = "--only gitlab-logs,gitlab-config,system";
    let mut command = place.command(&format!("collect {only} --since 2026-02-01T00:00:00Z --json -o {name}"));
    command.arg("--sysroot").arg(folder("omnibus"));
    command
}

/// How many lines a whole run says.
fn lines(place: &Place) -> usize {
    finish(omnibus(place, "whole.tar.gz")).good().events().len()
}
