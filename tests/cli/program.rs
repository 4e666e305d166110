//! Runs the program, each time in a folder that goes with the test.

use std::{
    ffi::{CStr, CString},
    fs,
    io::{BufRead as _, BufReader, Read as _, Write as _},
    os::unix::{
        fs::{OpenOptionsExt as _, PermissionsExt as _},
        process::{CommandExt as _, ExitStatusExt as _},
    },
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
        mpsc,
    },
    time::Duration,
};

use nix::{
    fcntl::{Flock, FlockArg},
    mount::{MsFlags, mount},
    sched::{CloneFlags, unshare},
    sys::signal::{Signal, kill},
    unistd::{Pid, geteuid},
};

use super::bundle::Bundle;

/// Beyond this a run counts as one that never ends. No test is about how fast anything is.
const NEVER: Duration = Duration::from_secs(300);

/// A user who is nobody.
pub(super) const NOBODY: u32 = 65534;

/// A folder of its own: where a run is at work, and what it can be given.
pub(super) struct Place(PathBuf);

impl Place {
    pub(super) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = PathBuf::from(format!("/var/tmp/glsos-cli-{}-{number}", std::process::id()));
        fs::create_dir(&path).unwrap();
        let place = Self(path);
        place.allow("", 0o755);
        place
    }

    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    /// The folder's path, to be written into a collector.
    pub(super) fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    pub(super) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        self.allow(name, 0o644);
        path
    }

    /// A program of the test's own.
    pub(super) fn script(&self, name: &str, lines: &str) -> String {
        let path = self.write(name, format!("#!/bin/sh\n{lines}\n"));
        self.allow(name, 0o755);
        path.to_str().unwrap().to_owned()
    }

    /// Only the folder `collectors`, with one file `mine.toml`.
    pub(super) fn collector(&self, sources: &str) {
        let text =
            format!("about = \"What this test takes\"\nprofiles = [\"quick\", \"default\"]\n{sources}");
        self.write("collectors/mine.toml", text);
        self.allow("collectors", 0o755);
    }

    pub(super) fn allow(&self, name: &str, mode: u32) {
        fs::set_permissions(self.join(name), fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Names of all files below the folder, sorted.
    pub(super) fn files(&self) -> Vec<String> {
        fn below(folder: &Path, root: &Path, found: &mut Vec<String>) {
            for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if entry.is_dir() && !entry.is_symlink() {
                    below(&entry, root, found);
                } else {
                    found.push(entry.strip_prefix(root).unwrap().to_str().unwrap().to_owned());
                }
            }
        }
        let mut found = Vec::new();
        below(&self.0, &self.0, &mut found);
        found.sort();
        found
    }

    /// A copy of the program that every user can reach.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        let path = self.join(name);
        // Not by this process: a child that another test forks meanwhile would hold it open for writing, and a
        // program that is open for writing can't be run.
        let copied = Command::new("cp").arg(env!("CARGO_BIN_EXE_glsos")).arg(&path).status().unwrap();
        assert!(copied.success());
        self.allow(name, 0o755);
        path
    }

    /// The program with these arguments, at work in the folder.
    pub(super) fn command(&self, arguments: &str) -> Command {
        self.command_of(Path::new(env!("CARGO_BIN_EXE_glsos")), arguments)
    }

    pub(super) fn command_of(&self, program: &Path, arguments: &str) -> Command {
        let mut command = Command::new(program);
        command.args(arguments.split_whitespace()).current_dir(&self.0).env_remove("TMPDIR");
        command
    }

    /// The folder's copy of the program, with the folder as its root.
    pub(super) fn command_below(&self, arguments: &str) -> Command {
        let mut command = Command::new("chroot");
        command.arg(&self.0).arg("/glsos").args(arguments.split_whitespace());
        command
    }

    /// Runs it to its end.
    pub(super) fn glsos(&self, arguments: &str) -> Ended {
        finish(self.command(arguments))
    }

    /// Runs it as another user, with nothing of root's left.
    pub(super) fn as_nobody(&self, arguments: &str) -> Ended {
        let mut command = self.command_of(&self.program("program"), arguments);
        command.uid(NOBODY).gid(NOBODY);
        let ended = finish(command);
        fs::remove_file(self.join("program")).unwrap();
        ended
    }

    /// Runs a line of the shell as another user, at work in the folder.
    pub(super) fn as_nobody_in_shell(&self, line: &str) -> Ended {
        let mut command = Command::new("sh");
        command.args(["-c", line]).current_dir(self.path()).env_remove("TMPDIR").uid(NOBODY).gid(NOBODY);
        finish(command)
    }

    /// Reads a bundle back; everything that holds for any bundle is asserted on the way.
    pub(super) fn bundle(&self, name: &str) -> Bundle {
        Bundle::of(fs::read(self.join(name)).unwrap())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// How a run ended and what it said.
#[derive(Debug)]
pub(super) struct Ended {
    status: ExitStatus,
    pub(super) out: Vec<u8>,
    pub(super) err: String,
}

impl Ended {
    /// The exit code; none when a signal ended it.
    pub(super) fn code(&self) -> i32 {
        assert_eq!(self.status.signal(), None, "{}", self.err);
        self.status.code().unwrap()
    }

    /// The signal that ended it.
    pub(super) fn signal(&self) -> Option<i32> {
        self.status.signal()
    }

    /// A bundle was written and nobody complained.
    pub(super) fn good(self) -> Self {
        assert_eq!(self.code(), 0, "{}", self.err);
        self
    }

    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.out).unwrap()
    }

    /// stdout, a JSON value a line.
    pub(super) fn events(&self) -> Vec<serde_json::Value> {
        self.text().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

/// What keeps runs on this host itself out of each other's way, for the program allows one at a time: a lock of
/// each run's own in the place of root's, seen by that run alone. Where that can't be had they wait for one
/// another, those of other checkouts too.
pub(crate) struct Alone {
    lock: Option<PathBuf>,
    _turn: Option<Flock<fs::File>>,
}

impl Alone {
    /// Another command that is to find what the first one left.
    pub(crate) fn also(&self, command: &mut Command) {
        let Some(lock) = &self.lock else { return };
        let lock = CString::new(lock.as_os_str().as_encoded_bytes()).unwrap();
        let apart = move || {
            // An ordinary user has no lock of root's, and may not mount.
            if geteuid().is_root() {
                let (none, private) = (None::<&CStr>, MsFlags::MS_REC | MsFlags::MS_PRIVATE);
                unshare(CloneFlags::CLONE_NEWNS)?;
                mount(none, c"/", none, private, none)?;
                mount(Some(lock.as_c_str()), ROOTS_LOCK, none, MsFlags::MS_BIND, none)?;
            }
            Ok(())
        };
        // SAFETY: system calls only, on memory that was there before the fork.
        #[allow(unsafe_code)]
        unsafe {
            command.pre_exec(apart);
        }
    }
}

impl Drop for Alone {
    fn drop(&mut self) {
        self.lock.iter().for_each(|lock| drop(fs::remove_file(lock)));
    }
}

const ROOTS_LOCK: &CStr = c"/run/glsos.lock";

/// See `Alone`; nothing for what takes no lock.
pub(crate) fn alone(command: &mut Command) -> Alone {
    let words: Vec<_> = command.get_args().map(|word| word.to_string_lossy()).collect();
    let has = |wanted: &str| words.iter().any(|word| word.split_whitespace().any(|word| word == wanted));
    let elsewhere = command.get_program() == "chroot" || has("--sysroot") || has("--dry-run");
    if !has("collect") || elsewhere {
        return Alone { lock: None, _turn: None };
    }
    let file = |path: &Path| {
        let mut options = fs::OpenOptions::new();
        options.create(true).append(true).mode(0o600).open(path).unwrap()
    };
    if can_mount() {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let lock = std::env::temp_dir().join(format!("glsos-tests.{}.{number}.lock", std::process::id()));
        drop((file(&lock), file(Path::new(ROOTS_LOCK.to_str().unwrap()))));
        let alone = Alone { lock: Some(lock), _turn: None };
        alone.also(command);
        return alone;
    }
    let turn = file(&std::env::temp_dir().join(format!("glsos-tests.{}.lock", geteuid())));
    let turn = Flock::lock(turn, FlockArg::LockExclusive).map_err(|(_, errno)| errno).unwrap();
    Alone { lock: None, _turn: Some(turn) }
}

/// Whether a process may have mounts of its own here.
fn can_mount() -> bool {
    static CAN: OnceLock<bool> = OnceLock::new();
    let apart = || geteuid().is_root() && unshare(CloneFlags::CLONE_NEWNS).is_ok();
    *CAN.get_or_init(|| std::thread::spawn(apart).join().unwrap())
}

/// Until its end, and until nobody holds its stdout and stderr any more: whoever called it waits for both.
pub(super) fn finish(command: Command) -> Ended {
    interrupt(command, |_| None)
}

/// The same; each line on stdout may call for a signal.
pub(super) fn interrupt(command: Command, signal: impl Fn(&str) -> Option<Signal> + Send + 'static) -> Ended {
    interrupt_from(command, None, signal)
}

/// The same; the first signal may come at once.
pub(super) fn interrupt_from(
    mut command: Command,
    first: Option<Signal>,
    signal: impl Fn(&str) -> Option<Signal> + Send + 'static,
) -> Ended {
    let alone = alone(&mut command);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let pid = Pid::from_raw(child.id().cast_signed());
    first.into_iter().for_each(|signal| kill(pid, signal).unwrap());
    let (tell, told) = mpsc::channel();
    std::thread::spawn(move || {
        let mut stderr = child.stderr.take().unwrap();
        let talk = std::thread::spawn(move || {
            let mut text = Vec::new();
            stderr.read_to_end(&mut text).unwrap();
            String::from_utf8(text).unwrap()
        });
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let (mut out, mut line) = (Vec::new(), Vec::new());
        while stdout.read_until(b'\n', &mut line).unwrap() > 0 {
            if let Some(signal) = signal(&String::from_utf8_lossy(&line)) {
                kill(pid, signal).unwrap();
            }
            out.append(&mut line);
        }
        let (err, status) = (talk.join().unwrap(), child.wait().unwrap());
        drop(alone);
        let _ = tell.send(Ended { status, out, err });
    });
    told.recv_timeout(NEVER).unwrap_or_else(|_| {
        let _ = kill(pid, Signal::SIGKILL);
        panic!("it did not end: {command:?}");
    })
}

/// Runs it with something to read.
pub(super) fn fed(mut command: Command, bytes: &[u8]) -> Ended {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let output = std::thread::scope(|scope| {
        // Whoever has seen enough stops reading.
        scope.spawn(move || stdin.write_all(bytes));
        child.wait_with_output().unwrap()
    });
    Ended { status: output.status, out: output.stdout, err: String::from_utf8(output.stderr).unwrap() }
}

/// Whether the test may go on; where it may not (an ordinary user) it says so, and CI fails.
pub(super) fn is_root(what: &str) -> bool {
    let root = geteuid().is_root();
    if !root {
        skip(what);
    }
    root
}

#[allow(clippy::disallowed_macros)] // says what was not tested
pub(super) fn skip(what: &str) {
    assert!(std::env::var_os("CI").is_none(), "{what}: not possible here");
    eprintln!("skipped, not possible here: {what}");
}

/// Runs `act` where its mounts are its own: nobody else sees them, and they go when it ends.
pub(super) fn with_own_mounts(what: &str, act: impl FnOnce() + Send) {
    std::thread::scope(|scope| {
        let apart = move || {
            let private = MsFlags::MS_REC | MsFlags::MS_PRIVATE;
            let own = unshare(CloneFlags::CLONE_NEWNS)
                .and_then(|()| mount(None::<&str>, "/", None::<&str>, private, None::<&str>));
            match own {
                Ok(()) => act(),
                Err(_) => skip(what),
            }
        };
        if let Err(panic) = scope.spawn(apart).join() {
            std::panic::resume_unwind(panic);
        }
    });
}

/// Whether any process has this word on its command line.
pub(super) fn is_running(word: &str) -> bool {
    fs::read_dir("/proc").unwrap().any(|entry| {
        let path = entry.unwrap().path();
        let is_process = path.file_name().unwrap().as_encoded_bytes().iter().all(u8::is_ascii_digit);
        let line = if is_process { fs::read(path.join("cmdline")).unwrap_or_default() } else { Vec::new() };
        line.split(|byte| *byte == 0).any(|argument| argument == word.as_bytes())
    })
}
