//! What somebody tried against `glsos collect`, on the built program.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use super::cli::program::alone;

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
        let _alone = alone(&mut command);
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
    let _alone = alone(&mut command);
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
    let mut command = collect(&folder.0, &args);
    let alone = alone(&mut command);
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
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
    // Nor does its lock stay: the next run is not kept away.
    let mut next = collect(&folder.0, &["--only", "memory/meminfo", "-q", "-o", "c.tar.gz"]);
    alone.also(&mut next);
    assert!(next.stdout(Stdio::null()).status().unwrap().success());
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

/// A header that nobody's tar would write; the checksum fits.
fn header(name: &[u8], kind: tar::EntryType, size: u64) -> Vec<u8> {
    let mut header = tar::Header::new_gnu();
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_entry_type(kind);
    header.set_link_name("/etc/shadow").unwrap();
    header.set_size(size);
    header.set_mode(0o777);
    header.set_cksum();
    header.as_bytes().to_vec()
}

fn file(name: &[u8], content: &[u8]) -> Vec<u8> {
    let padding = vec![0; (512 - content.len() % 512) % 512];
    [header(name, tar::EntryType::Regular, content.len() as u64), content.to_vec(), padding].concat()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut gzip, bytes).unwrap();
    gzip.finish().unwrap()
}

/// The files of a bundle, and its manifest.
fn unpacked(path: &Path) -> (std::collections::BTreeMap<String, Vec<u8>>, serde_json::Value) {
    let mut files = std::collections::BTreeMap::new();
    let gzip = flate2::read::GzDecoder::new(fs::File::open(path).unwrap());
    for member in tar::Archive::new(gzip).entries().unwrap() {
        let mut member = member.unwrap();
        assert!(member.header().entry_type().is_file() || member.header().entry_type().is_dir());
        let name = String::from_utf8(member.path_bytes().into_owned()).unwrap();
        assert!(!name.starts_with('/') && !name.split('/').any(|part| part == ".."), "{name}");
        assert!(!name.chars().any(char::is_control), "{name:?}");
        let mut content = Vec::new();
        std::io::Read::read_to_end(&mut member, &mut content).unwrap();
        files.insert(name.split_once('/').unwrap_or_default().1.to_owned(), content);
    }
    let manifest = serde_json::from_slice(&files["glsos/manifest.json"]).unwrap();
    (files, manifest)
}

/// Names that leave the folder or drive a terminal, links, devices, one name twice, glsos's own names, a
/// size beyond everything: each is a line of the manifest, and the good members beside them are there.
#[test]
fn a_hostile_archive_is_rewritten_without_its_traps() {
    use tar::EntryType as E;
    let folder = Folder::new("archive");
    let cut = gzipped(&b"inner line\n".repeat(3000));
    let archive = [
        file(b"top/good", b"good\n"),
        file(b"../../etc/cron.d/evil", b"up\n"),
        file(b"/etc/passwd", b"absolute\n"),
        file(b"top/a\x1b[2Jb\n\xff", b"odd\n"),
        header(b"top/link", E::Symlink, 0),
        header(b"top/hard", E::Link, 0),
        header(b"top/device", E::Block, 0),
        header(b"top/pipe", E::Fifo, 0),
        file(b"top/twice", b"1\n"),
        file(b"top/twice", b"2\n"),
        file(b"top/glsos/manifest.json", b"{}\n"),
        file(b"top/torn.gz", &cut[..cut.len() / 2]),
        file(b"top/last good", b"still here\n"),
        header(b"top/absurd", E::Regular, 1 << 61),
        b"a line\nhalf of a secret: glpat-aB3dE6g".to_vec(),
    ]
    .concat();
    for (name, bytes) in [("a.tar", archive.clone()), ("a.tar.gz", gzipped(&archive))] {
        fs::write(folder.0.join(name), &bytes).unwrap();
        let run = |args: &[&str]| {
            let mut command = Command::new(env!("CARGO_BIN_EXE_glsos"));
            command.args(args).current_dir(&folder.0).stdin(Stdio::null()).output().unwrap()
        };
        let output = format!("{name}.new");
        let ended = run(&["redact", name, "-o", &output]);
        let said = String::from_utf8_lossy(&ended.stderr).into_owned();
        assert_eq!(ended.status.code(), Some(0), "{said}");
        assert!(said.contains("could not be read to its end") && !said.contains('\u{1b}'), "{said}");
        let (files, manifest) = unpacked(&folder.0.join(&output));
        for (name, content) in [
            ("good", "good\n"),
            ("%2E%2E/%2E%2E/etc/cron.d/evil", "up\n"),
            ("etc/passwd", "absolute\n"),
            ("a%1B[2Jb%0A%FF", "odd\n"),
            ("twice", "1\n"),
            ("twice~2", "2\n"),
            ("glsos/manifest.json~2", "{}\n"),
            ("last good", "still here\n"),
            ("absurd", "a line\n"),
        ] {
            let there = files.get(name).unwrap_or_else(|| panic!("{name} is not among {:?}", files.keys()));
            assert_eq!(String::from_utf8_lossy(there), content, "{name}");
        }
        assert!(files["torn"].len() > 1_000 && files["torn"].ends_with(b"inner line\n"));
        let outcome = |name: &str| {
            let entries = manifest["entries"].as_array().unwrap();
            let entry = entries.iter().find(|entry| entry["name"] == name).unwrap();
            format!("{} {}", entry["outcome"].as_str().unwrap(), entry["reason"].as_str().unwrap_or_default())
        };
        assert_eq!(outcome("link"), "skipped it is a symbolic link, and no file");
        assert_eq!(outcome("hard"), "skipped it is a hard link, and no file");
        assert_eq!(outcome("device"), "skipped it is a device, and no file");
        assert_eq!(outcome("pipe"), "skipped it is a named pipe, and no file");
        assert_eq!(outcome("torn"), "truncated the compressed file ends too early");
        assert!(
            outcome("absurd").starts_with("truncated damaged in the old archive"),
            "{}",
            outcome("absurd")
        );
        let told = run(&["verify", name]);
        assert_eq!(told.status.code(), Some(3));
        let told = String::from_utf8_lossy(&told.stdout).into_owned();
        assert!(told.contains("leads out of the folder") && !told.contains('\u{1b}'), "{told}");
    }
    let names: Vec<_> = fs::read_dir(&folder.0).unwrap().collect();
    assert_eq!(names.len(), 4, "nothing else was written: {names:?}");
}

/// Much out of little, and many members, cost time and no memory.
#[test]
fn a_bomb_in_an_archive_costs_no_memory() {
    let folder = Folder::new("bomb");
    let inner = gzipped(&vec![b'\n'; 64 << 20]);
    let mut archive = file(b"top/bomb.gz", &inner);
    (0..1_000).for_each(|n| archive.extend(file(format!("top/{n}").as_bytes(), b"x\n")));
    archive.extend([0; 1024]);
    fs::write(folder.0.join("a.tar.gz"), gzipped(&archive)).unwrap();
    for args in [&["redact", "a.tar.gz", "-q", "-o", "b.tar.gz"][..], &["verify", "a.tar.gz"]] {
        // 64 MiB are not to be had: two thirds of these, of which a run takes one.
        let mut command = Command::new("sh");
        let line = "ulimit -d 45000; exec \"$0\" \"$@\"";
        command.args(["-c", line, env!("CARGO_BIN_EXE_glsos")]).args(args).current_dir(&folder.0);
        let ended = command.stdin(Stdio::null()).output().unwrap();
        assert_eq!(ended.status.code(), Some(0), "{args:?} {}", String::from_utf8_lossy(&ended.stderr));
    }
    let (files, _) = unpacked(&folder.0.join("b.tar.gz"));
    assert_eq!((files["bomb"].len(), files["999"].as_slice()), (64 << 20, &b"x\n"[..]));
}
