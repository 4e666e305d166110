//! What packaging/ makes of a binary, tried on one that is none: a release build takes minutes, and .ci/run has it.

use std::{
    fs,
    io::Write as _,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
};

/// The time that packages show here: 2026-03-01.
const EPOCH: &str = "1772323200";

struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("glsos-package-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        fs::write(path.join("binary"), "no program\n").unwrap();
        Self(path)
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Packages are made on Debian; elsewhere these tests say that they did not run, and fail in CI.
pub(crate) fn tools_are_here(tools: &[&str]) -> bool {
    let missing: Vec<_> =
        tools.iter().filter(|tool| Command::new(tool).arg("--version").output().is_err()).collect();
    if !missing.is_empty() {
        assert!(std::env::var_os("CI").is_none(), "not installed: {missing:?}");
        let _ = writeln!(std::io::stderr(), "skipped, not installed: {missing:?}");
    }
    missing.is_empty()
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging").join(name)
}

/// The package, made under the umask, the time zone and the language of some builder.
fn package(folder: &Folder, umask: &str, zone: &str, language: &str) -> PathBuf {
    let file = folder.0.join("glsos.deb");
    let made = Command::new("bash")
        .args(["-c", &format!("umask {umask}; exec \"$0\" binary 7.8.9 glsos.deb")])
        .arg(script("deb/build"))
        .current_dir(&folder.0)
        .envs([("SOURCE_DATE_EPOCH", EPOCH), ("TZ", zone), ("LANG", language), ("LC_ALL", language)])
        .output()
        .unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    file
}

fn told(program: &str, args: &[&str]) -> String {
    let output = Command::new(program).args(args).output().unwrap();
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_debian_package_is_the_same_whoever_makes_it() {
    if !tools_are_here(&["dpkg-deb"]) {
        return;
    }
    let (here, there) = (Folder::new("here"), Folder::new("there"));
    fs::set_permissions(there.0.join("binary"), fs::Permissions::from_mode(0o700)).unwrap();
    let long_ago = std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000);
    fs::File::open(there.0.join("binary")).unwrap().set_modified(long_ago).unwrap();
    let first = fs::read(package(&here, "022", "UTC", "C")).unwrap();
    let second = fs::read(package(&there, "077", "Asia/Tokyo", "de_DE.UTF-8")).unwrap();
    assert!(first == second, "{} and {} bytes", first.len(), second.len());
}

#[test]
fn a_debian_package_tells_what_is_in_it_and_needs_nothing() {
    if !tools_are_here(&["dpkg-deb"]) {
        return;
    }
    let folder = Folder::new("content");
    let file = package(&folder, "022", "UTC", "C");
    let file = file.to_str().unwrap();
    assert_eq!(
        told("dpkg-deb", &["--field", file, "Package", "Version"]),
        "Package: glsos\nVersion: 7.8.9-1\n"
    );
    for none in ["Depends", "Pre-Depends", "Recommends"] {
        assert_eq!(told("dpkg-deb", &["--field", file, none]).trim(), "", "{none}");
    }
    let members = told("dpkg-deb", &["--ctrl-tarfile", file]);
    assert!(!members.contains("postinst") && !members.contains("preinst"), "installing it runs no script");
    let root = folder.0.join("root");
    told("dpkg-deb", &["--raw-extract", file, root.to_str().unwrap()]);
    assert_eq!(fs::read_to_string(root.join("usr/bin/glsos")).unwrap(), "no program\n");
    let check = format!("cd '{}' && md5sum --check --quiet --strict DEBIAN/md5sums", root.display());
    told("sh", &["-c", &check]);
    let listed = fs::read_to_string(root.join("DEBIAN/md5sums")).unwrap().lines().count();
    let files = told("find", &[root.join("usr").to_str().unwrap(), "-type", "f"]).lines().count();
    assert_eq!(listed, files);
}

#[test]
fn all_in_a_debian_package_is_roots_and_of_one_time() {
    if !tools_are_here(&["dpkg-deb"]) {
        return;
    }
    let folder = Folder::new("owners");
    let file = package(&folder, "077", "UTC", "C");
    let output = Command::new("dpkg-deb").arg("--fsys-tarfile").arg(&file).output().unwrap();
    let mut names = Vec::new();
    for entry in tar::Archive::new(output.stdout.as_slice()).entries().unwrap() {
        let entry = entry.unwrap();
        let (header, name) = (entry.header(), entry.path().unwrap().display().to_string());
        assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (0, 0), "{name}");
        assert_eq!(header.mtime().unwrap().to_string(), EPOCH, "{name}");
        let runs = name.ends_with("bin/glsos") || header.entry_type().is_dir();
        assert_eq!(header.mode().unwrap() & 0o7777, if runs { 0o755 } else { 0o644 }, "{name}");
        names.push(name);
    }
    let doc = |name: &str| format!("./usr/share/doc/glsos/{name}");
    for name in ["changelog.gz", "changelog.Debian.gz", "copyright"].map(doc) {
        assert!(names.contains(&name), "{name} is not in {names:?}");
    }
}

/// A checkout with packaging/reproduce, and in the place of a release something that is made at once.
fn checkout(name: &str, release: &str) -> Folder {
    let folder = Folder::new(name);
    let packaging = folder.0.join("packaging");
    fs::create_dir_all(&packaging).unwrap();
    fs::copy(script("reproduce"), packaging.join("reproduce")).unwrap();
    let release = format!(
        "#!/bin/sh\nset -e\ncd \"$(dirname \"$0\")/..\"\nmkdir -p \"$1\"\n{release}\ncd \"$1\" && sha256sum it >SHA256SUMS\n"
    );
    fs::write(packaging.join("release"), release).unwrap();
    fs::set_permissions(packaging.join("release"), fs::Permissions::from_mode(0o755)).unwrap();
    let commit = "git init -q . && git add . && git -c user.name=x -c user.email=x@x.invalid commit -qm x";
    let made = Command::new("sh").args(["-c", commit]).current_dir(&folder.0).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    folder
}

/// Whether the builds were the same, and what was said.
fn reproduce(folder: &Folder, args: &[&str]) -> (bool, String) {
    let mut command = Command::new(folder.0.join("packaging/reproduce"));
    let output = command.args(args).current_dir("/").output().unwrap();
    (output.status.success(), String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned())
}

#[test]
fn reproduce_tells_whether_two_builds_and_a_download_are_the_same() {
    let same = checkout("same", "echo it >\"$1/it\"");
    let (good, told) = reproduce(&same, &[]);
    assert!(good && told.contains("are the same to the byte"), "{told}");
    let download = same.0.join("download");
    fs::create_dir_all(&download).unwrap();
    fs::write(download.join("SHA256SUMS"), "0000  it\n").unwrap();
    let (good, told) = reproduce(&same, &["HEAD", download.to_str().unwrap()]);
    assert!(!good && told.contains("is not that build"), "{told}");
}

#[test]
fn reproduce_notices_what_a_builder_could_leave_behind() {
    for (name, trace) in [
        ("folder", "pwd"),
        ("zone", "date +%z -d @0"),
        ("umask", "umask"),
        ("language", "echo \"$LANG\""),
        ("crates", "echo \"$CARGO_HOME\""),
        ("target", "echo \"$CARGO_TARGET_DIR\""),
    ] {
        let (good, told) = reproduce(&checkout(name, &format!("{trace} >\"$1/it\"")), &[]);
        assert!(!good && told.contains("differ"), "{name}: {told}");
    }
}

#[test]
fn reproduce_takes_no_build_that_failed_for_a_good_one() {
    let (good, told) = reproduce(&checkout("failed", "echo it >\"$1/it\"; exit 7"), &[]);
    assert!(!good && !told.contains("same to the byte"), "{told}");
}
