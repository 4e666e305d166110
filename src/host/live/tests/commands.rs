//! Commands: how they end, and that nothing of them stays.

use std::time::Instant;

use super::*;
use crate::host::RanEnd;

fn shell(script: &str, timeout: Duration) -> Command {
    Command { argv: vec!["/bin/sh".into(), "-c".into(), script.into()], timeout, limit: 1 << 20 }
}

fn run(host: &Live, command: &Command) -> (Ran, String) {
    let mut out = Vec::new();
    let ran = host
        .run(command, &mut |bytes| {
            out.extend_from_slice(bytes);
            Flow::Go
        })
        .unwrap();
    (ran, String::from_utf8(out).unwrap())
}

#[test]
fn ends_as_it_ends() {
    let host = live();
    let (ran, out) = run(&host, &shell("echo out; echo err >&2; exit 3", AMPLE));
    assert_eq!((ran.end, out.as_str(), ran.stderr.as_slice()), (RanEnd::Exited(3), "out\n", &b"err\n"[..]));
    let (ran, _) = run(&host, &shell("kill -USR1 $$", AMPLE));
    assert_eq!(ran.end, RanEnd::Signalled(libc::SIGUSR1));
    let (ran, _) = run(&host, &shell("head -c 100000 /dev/zero >&2", AMPLE));
    assert_eq!((ran.end, ran.stderr.len()), (RanEnd::Exited(0), 4 << 10));
}

/// Found: the cap of stderr cut a password in two, and half of it stood in the manifest.
#[test]
fn a_line_of_stderr_that_was_cut_goes() {
    let host = live();
    let script = "i=0; while [ $i -lt 90 ]; do echo 'a line of some ninety characters, so that the cap is in the midst of one of them later' >&2; i=$((i+1)); done";
    let (ran, _) = run(&host, &shell(script, AMPLE));
    assert!(ran.stderr.ends_with(b" later\n") && ran.stderr.len() < 8 << 10, "{}", ran.stderr.len());
    let (ran, _) = run(&host, &shell("printf 'first\nthe password is Tr0ub' >&2; kill -KILL $$", AMPLE));
    assert_eq!((ran.end, ran.stderr.as_slice()), (RanEnd::Signalled(libc::SIGKILL), &b"first\n"[..]));
}

#[test]
fn a_missing_program_is_missing() {
    let host = live();
    for (program, trouble) in [
        ("no-such-program", Trouble::Missing),
        ("/no/such", Trouble::Missing),
        ("/etc/passwd", Trouble::Denied),
    ] {
        let command = Command { argv: vec![program.into()], timeout: AMPLE, limit: 1 };
        assert_eq!(host.run(&command, &mut |_| Flow::Go).unwrap_err().trouble, trouble, "{program}");
    }
}

#[test]
fn a_command_starts_clean() {
    let host = live();
    let command = Command { argv: vec!["env".into()], timeout: AMPLE, limit: 9999 };
    let (_, out) = run(&host, &command);
    let mut names: Vec<&str> = out.lines().map(|line| line.split('=').next().unwrap()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        ["COLUMNS", "HOME", "LANG", "LC_ALL", "PATH", "PGCONNECT_TIMEOUT", "TERM", "XDG_CONFIG_HOME"]
    );
    let (_, out) = run(&host, &shell("cat; pwd; nice; ulimit -c; ls /proc/self/fd", AMPLE));
    // 3 is the folder that ls reads.
    assert_eq!(out.lines().collect::<Vec<_>>(), ["/", "10", "0", "0", "1", "2", "3"]);
    let argv = ["grep", "-E", "^Sig(Blk|Ign|Cgt)", "/proc/self/status"].map(String::from).to_vec();
    let (_, out) = run(&host, &Command { argv, timeout: AMPLE, limit: 9999 });
    let masks: Vec<&str> = out.lines().map(|line| line.split_whitespace().last().unwrap()).collect();
    assert_eq!(masks[..2], ["0000000000000000", "0000000000000000"], "{out}");
}

#[test]
fn time_over_kills_all_of_it() {
    let host = live();
    let folder = Folder::new();
    let pids = folder.join("pids");
    let script = format!(
        "trap '' TERM; for i in 1 2; do setsid sh -c 'trap \"\" TERM; echo $$ >> {0}; exec sleep 1000' & done; \
         (setsid sh -c 'echo $$ >> {0}; exec sleep 1000' &) ; echo begun; sleep 1000",
        pids.display()
    );
    let (ran, out) = run(&host, &shell(&script, Duration::from_millis(400)));
    assert_eq!((ran.end, out.as_str()), (RanEnd::TimedOut, "begun\n"));
    let pids = std::fs::read_to_string(pids).unwrap();
    for pid in pids.lines() {
        assert!(!Path::new(&format!("/proc/{pid}")).exists(), "{pid} lives");
    }
    assert_eq!((pids.lines().count(), host.processes_abandoned()), (3, 0));
}

#[test]
fn too_much_output_is_cut() {
    let host = live();
    let mut command = shell("yes", AMPLE);
    command.limit = 100_001;
    let (ran, out) = run(&host, &command);
    assert_eq!((ran.end, out.len()), (RanEnd::Cut, 100_001));
    let ran = host.run(&shell("yes", AMPLE), &mut |_| Flow::Stop).unwrap();
    assert_eq!(ran.end, RanEnd::Cut);
    let mut exact = shell("printf 12345", AMPLE);
    exact.limit = 5;
    assert_eq!(run(&host, &exact).0.end, RanEnd::Exited(0));
    let (ran, _) = run(&host, &Command { limit: u64::MAX, ..shell("yes", Duration::from_millis(300)) });
    assert_eq!(ran.end, RanEnd::TimedOut);
}

#[test]
fn a_daemon_that_holds_stdout_holds_nobody() {
    let host = live();
    let begun = Instant::now();
    let (ran, out) = run(&host, &shell("setsid sleep 1000 & echo $!", AMPLE));
    assert_eq!(ran.end, RanEnd::Exited(0));
    assert!(begun.elapsed() < AMPLE && !Path::new(&format!("/proc/{}", out.trim())).exists());
}

#[test]
fn a_stopped_run_ends_its_commands() {
    let stop = Stop::new().unwrap();
    let host = Live::start(None, stop.clone()).unwrap();
    let mut out = Vec::new();
    let ran = host
        .run(&shell("echo $$; exec sleep 1000", AMPLE), &mut |bytes| {
            out.extend_from_slice(bytes);
            stop.set(crate::host::stop::Reason::Interrupted);
            Flow::Go
        })
        .unwrap();
    assert_eq!(ran.end, RanEnd::Stopped);
    let pid = String::from_utf8(out).unwrap();
    assert!(!Path::new(&format!("/proc/{}", pid.trim())).exists());
    let again = host.run(&shell("true", AMPLE), &mut |_| Flow::Go).unwrap_err();
    assert_eq!(again.trouble, Trouble::Stopped);
}

#[test]
fn commands_run_side_by_side() {
    let host = live();
    std::thread::scope(|scope| {
        for n in 0..12 {
            let host = &host;
            scope.spawn(move || {
                let (ran, out) = run(host, &shell(&format!("echo {n}; exit {n}"), AMPLE));
                assert_eq!((ran.end, out), (RanEnd::Exited(n), format!("{n}\n")));
            });
        }
    });
}

/// Found: a program in a folder that another user may write to was run as root.
#[test]
fn root_runs_no_program_that_another_user_could_have_put_there() {
    use std::os::unix::fs::{PermissionsExt, chown};
    if !nix::unistd::geteuid().is_root() {
        return; // others run what they like
    }
    let folder = Folder::new();
    let program = folder.write("bin/tool", "#!/bin/sh\necho ran\n");
    let mode =
        |path: &Path, mode| std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    mode(&program, 0o755);
    let command = Command { argv: vec![program.to_str().unwrap().into()], timeout: AMPLE, limit: 1 << 20 };
    let host = live();
    assert_eq!(run(&host, &command).1, "ran\n");
    let refused = || host.run(&command, &mut |_| Flow::Go).unwrap_err().trouble == Trouble::Unsafe;
    mode(&program, 0o775);
    assert!(refused(), "a group may write to it");
    mode(&program, 0o755);
    chown(folder.join("bin"), Some(65534), None).unwrap();
    assert!(refused(), "its folder is another user's");
    chown(folder.join("bin"), Some(0), None).unwrap();
    chown(&program, Some(65534), None).unwrap();
    assert!(refused(), "it is another user's");
}

/// Found: a frozen Redis was waited for as often as it was to be asked.
#[test]
fn who_waits_in_vain_is_not_started_for_ever() {
    let host = live();
    let folder = Folder::new();
    let client = folder.join("redis-cli");
    std::os::unix::fs::symlink("/bin/sleep", &client).unwrap();
    let asks = |program: &Path| {
        let argv = vec![program.display().to_string(), "600".to_owned()];
        host.run(&Command { argv, timeout: Duration::from_millis(20), limit: 1 }, &mut |_| Flow::Go)
    };
    for _ in 0..2 {
        assert_eq!(asks(&client).unwrap().end, RanEnd::TimedOut);
    }
    let error = asks(&client).unwrap_err();
    assert_eq!(error.trouble, Trouble::TimedOut);
    assert!(error.reason().contains("left 2 requests unanswered"), "{}", error.reason());
    for _ in 0..3 {
        assert_eq!(asks(Path::new("/bin/sleep")).unwrap().end, RanEnd::TimedOut, "asks nobody");
    }
}
