//! What never answers: a FUSE file system whose server reads requests and says nothing.

use std::time::Instant;

use silent::Silent;

use super::*;

#[path = "../../../../tests/hosts/silent.rs"]
mod silent;

/// The longest that a request of these tests waits for an answer.
const BRIEF: Patience = Patience { look: Duration::from_millis(200), read: Duration::from_millis(200) };

#[test]
fn a_mount_that_does_not_answer_costs_one_wait() {
    let folder = Folder::new();
    let Some(silent) = Silent::mount(folder.join("mnt/dead")) else { return };
    folder.write("beside", "alive");
    std::os::unix::fs::symlink("/mnt/dead", folder.join("way")).unwrap();
    // Below a sysroot, where links may be followed although /var/tmp is everybody's.
    let host = Live::with_patience(Some(folder.0.clone()), Stop::new().unwrap(), BRIEF).unwrap();
    let beside = Path::new("/beside");
    let mut open = host.open(beside).unwrap();

    let error = host.open(Path::new("/mnt/dead/log")).map(drop).unwrap_err();
    assert_eq!(error.trouble, Trouble::TimedOut, "{error}");
    assert_eq!(host.processes_abandoned(), 1);

    // Nobody asks it again, however it is named: no further worker is lost.
    for path in ["/mnt/dead", "/mnt/dead/a/b", "/way/x", "/way"].map(Path::new) {
        assert_eq!(host.stat(path).unwrap_err().trouble, Trouble::TimedOut, "{path:?}");
        assert_eq!(host.list(path).unwrap_err().trouble, Trouble::TimedOut, "{path:?}");
        assert_eq!(host.space(path).unwrap_err().trouble, Trouble::TimedOut, "{path:?}");
    }
    assert_eq!(host.processes_abandoned(), 1);

    // What lies beside it is there, also a file that was open in the worker that was lost.
    let mut buf = [0; 10];
    assert_eq!(open.read_at(0, &mut buf).unwrap(), 5);
    assert_eq!(host.read(beside, 10).unwrap(), b"alive");
    assert_eq!(host.list(Path::new("/")).unwrap().len(), 3);
    let begun = Instant::now();
    host.close();
    assert!(begun.elapsed() < AMPLE);
    drop(silent);
}

#[test]
fn each_way_to_ask_it_ends() {
    for ask in [
        |host: &Live, path: &Path| host.list(path).map(drop),
        |host: &Live, path: &Path| host.stat(&path.join("x")).map(drop),
        |host: &Live, path: &Path| host.space(path).map(drop),
        |host: &Live, path: &Path| host.read(&path.join("x"), 9).map(drop),
        |host: &Live, path: &Path| host.read_link(&path.join("x")).map(drop),
        |host: &Live, path: &Path| {
            let at = Address::Unix(path.join("socket"));
            host.get(&Get { at, path: "/".into(), timeout: AMPLE, limit: 9 }, &mut |_| Flow::Go).map(drop)
        },
    ] {
        let folder = Folder::new();
        let Some(silent) = Silent::mount(folder.join("dead")) else { return };
        let host = Live::with_patience(None, Stop::new().unwrap(), BRIEF).unwrap();
        assert_eq!(ask(&host, silent.at()).unwrap_err().trouble, Trouble::TimedOut);
        assert_eq!(host.processes_abandoned(), 1);
    }
}

#[test]
fn a_run_that_is_stopped_waits_for_no_mount() {
    let folder = Folder::new();
    let Some(silent) = Silent::mount(folder.join("dead")) else { return };
    let stop = Stop::new().unwrap();
    let host = Live::start(None, stop.clone()).unwrap();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| host.stat(&silent.at().join("x")).unwrap_err().trouble);
        stop.set(crate::host::stop::Reason::Interrupted);
        assert_eq!(waiting.join().unwrap(), Trouble::Stopped);
    });
}

#[test]
fn a_command_that_is_stuck_in_the_kernel_is_left_behind() {
    let folder = Folder::new();
    let Some(silent) = Silent::mount(folder.join("dead")) else { return };
    let host = live();
    let script = format!("echo begun; exec cat {}/x", silent.at().display());
    let command = Command {
        argv: vec!["sh".into(), "-c".into(), script],
        timeout: Duration::from_millis(300),
        limit: 99,
    };
    let mut out = Vec::new();
    let ran = host
        .run(&command, &mut |bytes| {
            out.extend_from_slice(bytes);
            Flow::Go
        })
        .unwrap();
    assert_eq!((ran.end, out.as_slice()), (crate::host::RanEnd::Abandoned, &b"begun\n"[..]));
    assert_eq!(host.processes_abandoned(), 1);
}
