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

/// Found: a token typed as `--ticket` was redacted everywhere but in the bundle's own name.
#[test]
fn a_token_typed_as_a_ticket_is_not_in_the_name_of_the_file() {
    let folder = Folder::new("ticket");
    let token = "glpat-aB3dE6gH9aB3dE6gH9aB";
    let mut command = collect(&folder.0, &["--only", "memory/meminfo", "--ticket", token, "-q"]);
    assert!(command.stdout(Stdio::null()).status().unwrap().success());
    let names: Vec<_> = fs::read_dir(&folder.0).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(names.len(), 1);
    let name = names[0].to_string_lossy();
    assert!(!name.contains("aB3dE6gH9") && name.ends_with(".tar.gz"), "{name}");
}

/// Found: only the folder itself was looked at, not those above it, and a file was judged by its name.
#[test]
fn as_root_collectors_are_refused_where_somebody_else_could_swap_them() {
    if !nix::unistd::geteuid().is_root() {
        return; // others run what they like
    }
    let folder = Folder::new("swap");
    let inner = folder.0.join("home/collectors");
    fs::create_dir_all(&inner).unwrap();
    let mode = |path: &Path, mode| fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    mode(&folder.0.join("home"), 0o755);
    mode(&inner, 0o755);
    let text = "about = \"Mine\"\n\n[[file]]\nname = \"a\"\nwhy = \"To see\"\npath = \"/etc/hostname\"\n";
    fs::write(inner.join("mine.toml"), text).unwrap();
    mode(&inner.join("mine.toml"), 0o644);
    let list = || {
        let args = ["list", "--collectors", inner.to_str().unwrap()];
        Command::new(env!("CARGO_BIN_EXE_glsos")).args(args).output().unwrap()
    };
    assert!(list().status.success(), "{}", String::from_utf8_lossy(&list().stderr));
    std::os::unix::fs::chown(folder.0.join("home"), Some(65534), None).unwrap();
    let refused = list();
    assert_eq!(refused.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("root does not own it"));
}
