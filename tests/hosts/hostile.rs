//! Builds the hostile host: what its `git` user could plant to make a root process read, wait, or swell.
//! Links, FIFOs, sparse files and odd names can't live in a repository, so they are made when a test runs.

use std::{
    ffi::OsStr,
    fs::{self, File, OpenOptions},
    io::{Seek as _, SeekFrom, Write as _},
    os::unix::{
        ffi::OsStrExt as _,
        fs::{lchown, symlink},
        net::UnixListener,
    },
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

use flate2::{Compression, write::GzEncoder};
use nix::{sys::stat::Mode, unistd::mkfifo};

/// Where the `git` user of a Linux package may write.
pub(crate) const LOGS: &str = "var/log/gitlab";

/// Lies in files that are never taken and in those that the planted links lead to. No bundle may hold it.
pub(crate) const SHADOW: &str = "$6$fixturesalt$Qm9yZ0NvbGxlY3RpdmVSZXNpc3RhbmNlSXNGdXRpbGU0MjQyNDI";
/// The value in gitlab-secrets.json, also reachable through a hard link.
pub(crate) const KNOWN: &str = "b1f7c02d9a4e4d7f8c3a5e6d7b8a9c0d1e2f3a4b5c6d7e8f";
/// Lies in the middle of a line of 2 MB, under the key `password`.
pub(crate) const DEEP_IN_A_LINE: &str = "nGt5vQ8xRw2LkZ7p";
/// Stands in the name of a file.
pub(crate) const IN_A_NAME: &str = concat!("glp", "at-Zk3vN8qTbR5wYx2MdH7s");
/// Lies at the end of a file that is almost nothing but a hole.
pub(crate) const BEHIND_A_HOLE: &str = "c9XwT4mBz6KpQ1sV";
/// The last line of each log that is to be read: it must be in a bundle.
pub(crate) const KEPT: &str = "01KJMAHSTLEHZ7B7HNVV3F3AX0";

/// Size of the sparse file: beyond what 32 bits can count.
pub(crate) const GIANT: u64 = (4 << 30) + 4096;

/// A hostile host below `root`, removed when dropped.
pub(crate) struct Hostile {
    pub(crate) root: PathBuf,
    _socket: UnixListener,
}

impl Hostile {
    pub(crate) fn build() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("hostile-{}-{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let logs = root.join(LOGS);
        private_files(&root);
        for folder in
            ["gitlab-rails", "puma", "redis", "nginx", "gitaly", "gitlab-workhorse", "registry", "praefect"]
        {
            fs::create_dir_all(logs.join(folder)).unwrap();
        }
        links(&root, &logs);
        let socket = what_never_answers(&root, &logs);
        what_swells(&logs);
        odd_names(&logs);
        odd_content(&logs);
        belongs_to_git(&logs);
        Self { root, _socket: socket }
    }

    /// Puts a link to /etc/shadow where a log was, as between listing a folder and opening what is in it.
    pub(crate) fn swap(&self) {
        let log = self.root.join(LOGS).join("praefect/current");
        let link = log.with_file_name("current.new");
        symlink(self.root.join("etc/shadow"), &link).unwrap();
        fs::rename(link, log).unwrap();
    }

    /// All that must never be in a bundle of this host.
    pub(crate) fn secrets() -> [&'static str; 5] {
        [SHADOW, KNOWN, DEEP_IN_A_LINE, IN_A_NAME, BEHIND_A_HOLE]
    }
}

impl Drop for Hostile {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.root);
    }
}

fn put(path: PathBuf, content: impl AsRef<[u8]>) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, content).unwrap();
}

/// Folders and links get the owner whom a Linux package gives them, where we may do that. As another user
/// all of it is ours, and that is not root's either.
fn belongs_to_git(place: &Path) {
    let kind = fs::symlink_metadata(place).unwrap().file_type();
    if kind.is_dir() || kind.is_symlink() {
        let _ = lchown(place, Some(998), Some(998));
    }
    if kind.is_dir() {
        fs::read_dir(place).unwrap().for_each(|entry| belongs_to_git(&entry.unwrap().path()));
    }
}

fn private_files(root: &Path) {
    put(root.join("etc/shadow"), format!("root:{SHADOW}:20513:0:99999:7:::\n"));
    put(root.join("etc/passwd"), "root:x:0:0:root:/root:/bin/bash\ngit:x:998:998::/var/opt/gitlab:/bin/sh\n");
    put(root.join("etc/os-release"), "ID=debian\nVERSION_ID=\"12\"\n");
    put(root.join("etc/gitlab/gitlab.rb"), "external_url 'https://gitlab.example.com'\n");
    let secrets = format!("{{\"gitlab_shell\":{{\"secret_token\":\"{KNOWN}\"}}}}\n");
    put(root.join("etc/gitlab/gitlab-secrets.json"), secrets);
    put(root.join("proc/self/environ"), format!("DB_PASSWORD={KNOWN}\0"));
}

fn links(root: &Path, logs: &Path) {
    let rails = logs.join("gitlab-rails");
    symlink("/etc/shadow", rails.join("production_json.log")).unwrap();
    symlink("../../../../etc/shadow", rails.join("api_json.log")).unwrap();
    symlink("../../../../../../../../../../../../../../etc/shadow", rails.join("audit_json.log")).unwrap();
    symlink("/proc/self/environ", rails.join("auth.log")).unwrap();
    symlink("/etc", logs.join("sidekiq")).unwrap();
    symlink("loop-b.log", rails.join("loop-a.log")).unwrap();
    symlink("loop-a.log", rails.join("loop-b.log")).unwrap();
    symlink(".", logs.join("gitaly/self")).unwrap();
    symlink("nowhere.log", rails.join("dangling.log")).unwrap();
    fs::hard_link(root.join("etc/gitlab/gitlab-secrets.json"), logs.join("puma/puma_stdout.log")).unwrap();
    fs::hard_link(root.join("etc/shadow"), logs.join("puma/puma_stderr.log")).unwrap();
}

/// A FIFO without a writer and a socket: to open or to read one waits for ever.
fn what_never_answers(root: &Path, logs: &Path) -> UnixListener {
    mkfifo(&logs.join("redis/current"), Mode::from_bits_truncate(0o644)).unwrap();
    mkfifo(&root.join("etc/gitlab/extra.rb"), Mode::from_bits_truncate(0o644)).unwrap();
    fs::create_dir(logs.join("registry/current")).unwrap(); // a folder where a log is expected
    // A socket's path has room for 107 bytes only: bound by a short name, then moved to its place.
    let short = std::env::temp_dir().join(format!("glsos-{}.{}", std::process::id(), nonce(root)));
    let socket = UnixListener::bind(&short).unwrap();
    let place = logs.join("nginx/current");
    if fs::rename(&short, &place).is_err() {
        // Another file system: a FIFO must do there.
        fs::remove_file(&short).unwrap();
        mkfifo(&place, Mode::from_bits_truncate(0o644)).unwrap();
    }
    socket
}

fn nonce(root: &Path) -> String {
    root.file_name().unwrap().to_string_lossy().rsplit('-').next().unwrap().to_owned()
}

fn what_swells(logs: &Path) {
    let mut giant =
        OpenOptions::new().write(true).create_new(true).open(logs.join("gitlab-workhorse/current")).unwrap();
    giant.seek(SeekFrom::Start(GIANT)).unwrap();
    writeln!(giant, "\n{{\"time\":\"2026-03-01T10:00:00.000Z\",\"password\":\"{BEHIND_A_HOLE}\",\"correlation_id\":\"{KEPT}\"}}").unwrap();

    let mut line = b"{\"time\":\"2026-03-01T10:00:00.000Z\",\"message\":\"".to_vec();
    line.resize(1 << 20, b'a');
    line.extend_from_slice(format!("\",\"password\":\"{DEEP_IN_A_LINE}\",\"more\":\"").as_bytes());
    line.resize(2 << 20, b'b');
    line.extend_from_slice(format!("\",\"correlation_id\":\"{KEPT}\"}}\n").as_bytes());
    put(logs.join("gitaly/current"), line);

    // 64 MiB of nothing in 64 KB.
    let mut bomb = GzEncoder::new(
        File::create(logs.join("gitlab-rails/graphql_json.log.1.gz")).unwrap(),
        Compression::fast(),
    );
    let nothing = vec![0; 1 << 20];
    for _ in 0..64 {
        bomb.write_all(&nothing).unwrap();
    }
    bomb.finish().unwrap();

    let mut deep = logs.join("deep");
    for _ in 0..300 {
        deep.push("d");
    }
    put(deep.join("bottom.log"), "2026-03-01_10:00:00.00000 at the bottom\n");
}

fn odd_names(logs: &Path) {
    let folder = logs.join("registry");
    let long = "n".repeat(251);
    let names: &[&[u8]] = &[
        b"two\nlines.log",
        b"escape\x1b[2J\x1b]0;title\x07.log",
        b"not-utf8-\xff\xfe.log",
        b"-rf.log",
        b" leading.log",
        b"trailing .log ",
        b"back\\slash.log",
        b"quote\"'.log",
        b"..%2f..%2fetc%2fpasswd.log",
        b"tab\t.log",
        "right-to-left-\u{202e}gol.txt".as_bytes(),
        b"*.log",
        b"{a,b}.log",
        b"....log",
        b"colon:name.log",
    ];
    for name in names {
        put(folder.join(OsStr::from_bytes(name)), "2026-03-01_10:00:00.00000 an odd name\n");
    }
    put(folder.join(format!("{long}.log")), "2026-03-01_10:00:00.00000 a long name\n");
    put(folder.join(format!("clone-{IN_A_NAME}.log")), "2026-03-01_10:00:00.00000 a secret in a name\n");
}

fn odd_content(logs: &Path) {
    let rails = logs.join("gitlab-rails");
    put(
        logs.join("praefect/current"),
        format!("{{\"time\":\"2026-03-01T10:00:00.000Z\",\"correlation_id\":\"{KEPT}\"}}\n"),
    );
    put(
        rails.join("importer.log"),
        b"\xef\xbb\xbf{\"time\":\"2026-03-01T10:00:00.000Z\",\"msg\":\"behind a byte order mark\"}\n",
    );
    put(rails.join("geo.log"), "only\rcarriage\rreturns\r");
    put(rails.join("zoekt.log"), b"one control byte \x01 and NUL \x00 in a text\n\xff\xfe not UTF-8\n");
    put(rails.join("empty.log"), "");
    put(rails.join("exporter.log.1.gz"), b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03 not deflated at all");
    put(rails.join("llm.log.1.gz"), b"not even gzip\n");
    let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
    let mut header = tar::Header::new_gnu();
    header.set_size(SHADOW.len() as u64);
    header.set_mode(0o600);
    header.set_cksum();
    archive.append_data(&mut header, "backup/shadow", SHADOW.as_bytes()).unwrap();
    put(rails.join("backup.tar.gz"), archive.into_inner().unwrap().finish().unwrap());
}
