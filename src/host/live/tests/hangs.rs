//! What never answers: a FUSE file system whose server reads requests and says nothing.

use std::{os::fd::AsRawFd, time::Instant};

use nix::{
    fcntl::OFlag,
    mount::{MntFlags, MsFlags, mount, umount2},
    sys::stat::Mode,
};

use super::*;

/// The longest that a request of these tests waits for an answer.
const BRIEF: Patience = Patience { look: Duration::from_millis(200), read: Duration::from_millis(200) };

/// Mounted, introduced, silent: it takes each request, so that whoever waits for it can't be killed.
struct Silent {
    at: PathBuf,
    server: Option<std::thread::JoinHandle<()>>,
}

impl Silent {
    /// `None` where nobody may mount.
    fn mount(at: PathBuf) -> Option<Self> {
        let flags = OFlag::O_RDWR | OFlag::O_CLOEXEC;
        let device = nix::fcntl::open("/dev/fuse", flags, Mode::empty()).ok()?;
        std::fs::create_dir_all(&at).unwrap();
        let options = format!("fd={},rootmode=40000,user_id=0,group_id=0", device.as_raw_fd());
        let flags = MsFlags::MS_NOSUID | MsFlags::MS_NODEV;
        mount(Some("silent"), &at, Some("fuse"), flags, Some(options.as_str())).ok()?;
        let mut request = [0_u8; 64 << 10];
        // FUSE_INIT (26) is the first request; 24 bytes of answer are enough for every version.
        let n = nix::unistd::read(&device, &mut request).unwrap();
        assert!(n >= 40 && request[4] == 26);
        let mut answer = [0_u8; 16 + 24];
        answer[..4].copy_from_slice(&40_u32.to_ne_bytes());
        answer[8..16].copy_from_slice(&request[8..16]);
        answer[16..20].copy_from_slice(&7_u32.to_ne_bytes());
        answer[20..24].copy_from_slice(&22_u32.to_ne_bytes());
        nix::unistd::write(&device, &answer).unwrap();
        let server = std::thread::spawn(move || while nix::unistd::read(&device, &mut request).is_ok() {});
        Some(Self { at, server: Some(server) })
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        // By force: every request that waits fails, and the server's next read too.
        umount2(&self.at, MntFlags::MNT_FORCE | MntFlags::MNT_DETACH).unwrap();
        self.server.take().unwrap().join().unwrap();
    }
}

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
        assert_eq!(ask(&host, &silent.at).unwrap_err().trouble, Trouble::TimedOut);
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
        let waiting = scope.spawn(|| host.stat(&silent.at.join("x")).unwrap_err().trouble);
        stop.set(crate::host::stop::Reason::Interrupted);
        assert_eq!(waiting.join().unwrap(), Trouble::Stopped);
    });
}

#[test]
fn a_command_that_is_stuck_in_the_kernel_is_left_behind() {
    let folder = Folder::new();
    let Some(silent) = Silent::mount(folder.join("dead")) else { return };
    let host = live();
    let script = format!("echo begun; exec cat {}/x", silent.at.display());
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
