//! Other people's tools read a bundle without a warning. A tool that is not installed is named on
//! stderr and left out, but not in CI (`CI=true`): `.ci/run` installs all of them.

use std::process::{Command, Stdio};

use super::*;

const PYTHON: &str = "import sys, tarfile, hashlib
for mode in ('r:gz', 'r|gz'):
    tar = tarfile.open(sys.argv[1], mode)
    total = sum(len(tar.extractfile(m).read()) for m in tar if m.isfile())
    print(mode, total)
";
const RUBY: &str = "require 'zlib'
Zlib::GzipReader.open(ARGV[0]) { |gz| puts gz.read.bytesize; raise 'a second member' if gz.unused }
";

#[test]
#[allow(clippy::disallowed_macros)] // says which tools are missing
fn every_common_tool_reads_a_bundle_without_a_warning() {
    let folder = Folder::new();
    let path = folder.0.join("b.tar.gz");
    let mut pieces = entry("var/log/a.log", &log(2_500_000), 70_000);
    pieces.extend(entry("empty", b"", 1));
    pieces.extend(entry(&"long-name/".repeat(30), &log(100_000), 70_000));
    pieces.extend(entry("long line", &vec![b'x'; 3_000_000], 70_000));
    make(&path, 2, &CLEAN, pieces).unwrap().publish().unwrap();
    let into = folder.0.join("into");
    std::fs::create_dir(&into).unwrap();
    let (path, into) = (path.to_str().unwrap(), into.to_str().unwrap());
    let commands: &[&[&str]] = &[
        &["gzip", "-t", path],
        &["pigz", "-t", path],
        &["tar", "tvzf", path],
        &["tar", "xzf", path, "-C", into],
        &["bsdtar", "-tvf", path],
        &["busybox", "tar", "tvzf", path],
        &["python3", "-W", "error", "-c", PYTHON, path],
        &["ruby", "-w", "-e", RUBY, path],
    ];
    for command in commands {
        let ran = Command::new(command[0]).args(&command[1..]).stdin(Stdio::null()).output();
        match ran {
            Err(error)
                if error.kind() == std::io::ErrorKind::NotFound && std::env::var_os("CI").is_none() =>
            {
                eprintln!("not tried: {} is not installed", command[0]);
            }
            ran => {
                let ran = ran.unwrap();
                let said = String::from_utf8_lossy(&ran.stderr);
                assert!(ran.status.success() && said.is_empty(), "{command:?}: {} {said}", ran.status);
            }
        }
    }
}
