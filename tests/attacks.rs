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

/// Found: a word, or anything short, was accepted by `--redact-value` and stayed where it stood.
#[test]
fn a_chosen_value_goes_or_is_refused() {
    let folder = Folder::new("chosen");
    fs::create_dir_all(folder.0.join("root/etc")).unwrap();
    fs::write(folder.0.join("root/etc/hosts"), "10.0.0.1 acme-production\n").unwrap();
    fs::write(folder.0.join("values"), "acme-production\n").unwrap();
    fs::write(folder.0.join("short"), "acme-production\nacme\n").unwrap();
    let run = |values: &str, output: &str| {
        let args = ["--sysroot", "root", "--only", "network/hosts", "--redact-value", values, "-o", output];
        collect(&folder.0, &args).output().unwrap()
    };
    let refused = run("short", "no.tar.gz");
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("short, line 2") && !said.contains("acme"), "{said}");
    assert!(run("values", "b.tar.gz").status.success());
    let mut text = Vec::new();
    let mut file = flate2::read::GzDecoder::new(fs::File::open(folder.0.join("b.tar.gz")).unwrap());
    std::io::Read::read_to_end(&mut file, &mut text).unwrap();
    let text = String::from_utf8_lossy(&text).into_owned();
    assert!(text.contains("10.0.0.1 __REDACTED.chosen.") && !text.contains("acme-production"));
}

/// The helpers and the command end with the process that started them, in whatever way that ends.
#[test]
fn a_run_that_is_killed_leaves_no_process_behind() {
    use nix::fcntl::{Flock, FlockArg};
    let folder = Folder::new("killed");
    let inner = folder.0.join("collectors");
    fs::create_dir_all(&inner).unwrap();
    let lock = folder.0.join("lock");
    let open = || fs::OpenOptions::new().create(true).append(true).open(&lock).unwrap();
    drop(open());
    let run = format!("[\"flock\", \"{}\", \"sleep\", \"1000\"]", lock.display());
    let text = format!(
        "about = \"Mine\"\n\n[[command]]\nname = \"a\"\nwhy = \"To see\"\nrun = {run}\ntimeout = \"1000s\"\n"
    );
    fs::write(inner.join("mine.toml"), text).unwrap();
    for path in [&inner, &inner.join("mine.toml")] {
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let args = ["--collectors", inner.to_str().unwrap(), "--only", "mine", "-o", "b.tar.gz", "-q"];
    let mut child = collect(&folder.0, &args).stdout(Stdio::null()).spawn().unwrap();
    // Whoever has the lock lets it go only when it ends.
    while Flock::lock(open(), FlockArg::LockExclusiveNonblock).is_ok() {
        assert!(child.try_wait().unwrap().is_none(), "it ended by itself");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
    drop(Flock::lock(open(), FlockArg::LockExclusive).map_err(|(_, errno)| errno).unwrap());
    let partial = fs::metadata(folder.0.join("b.tar.gz.partial")).unwrap();
    assert_eq!(partial.permissions().mode() & 0o7777, 0o600);
}

/// The page names a test in every row, and each of them is there.
#[test]
fn the_page_about_security_names_tests_that_exist() {
    fn sources(folder: &Path, all: &mut String) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                sources(&path, all);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                all.push_str(&fs::read_to_string(path).unwrap());
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut code = String::new();
    ["src", "tests"].iter().for_each(|folder| sources(&root.join(folder), &mut code));
    let page = fs::read_to_string(root.join("docs/security.md")).unwrap();
    let rows: Vec<&str> = page.lines().filter(|line| line.starts_with("| ") && line.contains('`')).collect();
    assert!(rows.len() > 20);
    for row in rows {
        let tests = row.trim_end_matches([' ', '|']).rsplit('|').next().unwrap();
        let names: Vec<&str> = tests.split('`').skip(1).step_by(2).collect();
        assert!(!names.is_empty(), "no test: {row}");
        for name in names {
            assert!(code.contains(&format!("fn {name}()")), "there is no test `{name}`");
        }
    }
}
