//! The published program that is nearest to this one, where it is installed: the same bytes on one core, in
//! processor time, its start included.

use std::{fs, path::Path, process::Command, time::Duration};

use nix::sys::resource::{UsageWho, getrusage};

use crate::corpus::Corpus;

const PROGRAM: &str = "scour-secrets";
const VERSION: &str = "0.20.0";

/// Prints what it takes for each file, and how many times faster this program is; `ours` are its MB/s.
pub(crate) fn run(corpus: &Corpus, ours: &[f64]) {
    if !is_there() {
        println!("no peer: cargo install --locked {PROGRAM}@{VERSION}");
        return;
    }
    let scratch = std::env::temp_dir().join(format!("glsos-peer-{}", std::process::id()));
    fs::create_dir(&scratch).unwrap();
    println!("{PROGRAM} {VERSION} with its gitlab bundle, in MB/s of one core:");
    for (file, ours) in corpus.files.iter().zip(ours) {
        let input = scratch.join("input.log");
        fs::write(&input, &file.bytes).unwrap();
        let took = time(&scratch, &input);
        let speed = file.bytes.len() as f64 / 1e6 / took.as_secs_f64();
        println!("{:36}{speed:9.1}   ratio {:.0}", file.name, ours / speed);
    }
    let _ = fs::remove_dir_all(&scratch);
}

fn is_there() -> bool {
    let output = Command::new(PROGRAM).arg("--version").output();
    output.is_ok_and(|output| String::from_utf8_lossy(&output.stdout).contains(VERSION))
}

/// It keeps what it finds below its home, which is the scratch folder here.
fn time(scratch: &Path, input: &Path) -> Duration {
    let before = children();
    let mut command = Command::new(PROGRAM);
    command.args(["--app", "gitlab", "--threads", "1", "--quiet", "--progress", "off"]);
    command.arg("-o").arg(scratch.join("output.log")).arg(input).env("HOME", scratch).current_dir(scratch);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    children() - before
}

/// The processor time of all children that have ended.
fn children() -> Duration {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).unwrap();
    let of = |time: nix::sys::time::TimeVal| {
        Duration::from_secs(time.tv_sec() as u64) + Duration::from_micros(time.tv_usec() as u64)
    };
    of(usage.user_time()) + of(usage.system_time())
}
