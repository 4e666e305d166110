//! What somebody tried against `glsos collect`, on the built program.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A folder that goes with the test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = PathBuf::from(format!("/var/tmp/glsos-attack-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn collect(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_glsos"));
    command.arg("collect").args(args).current_dir(folder).stdin(Stdio::null());
    command
}

/// Found: `2>&1 | head` ended the run with a panic, and a log on a full disk lost the bundle.
#[test]
fn nobody_reads_what_is_said_and_the_bundle_is_made_all_the_same() {
    let folder = Folder::new("deaf");
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    for (name, stderr) in [("closed.tar.gz", Stdio::from(writer)), ("full.tar.gz", Stdio::from(full))] {
        let mut command = collect(&folder.0, &["--only", "memory/meminfo", "-o", name]);
        let status = command.stdout(Stdio::null()).stderr(stderr).status().unwrap();
        assert_eq!(status.code(), Some(0), "{name}");
        assert!(folder.0.join(name).exists(), "{name}");
    }
}
