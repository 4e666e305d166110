//! What is given up is given up by one thread, so each test has one of its own.

use std::{
    fs,
    io::ErrorKind,
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt,
};

use super::*;

/// A folder of the test's own, with one more in it.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("glsos-power-{name}.{}", std::process::id()));
        fs::create_dir(&path).unwrap();
        fs::create_dir(path.join("bundle")).unwrap();
        Self(path)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn apart<T: Send + 'static>(act: impl FnOnce() -> T + Send + 'static) -> T {
    std::thread::spawn(act).join().unwrap()
}

fn status(name: &str) -> String {
    let status = fs::read_to_string("/proc/thread-self/status").unwrap();
    status.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned()
}

/// Whether this machine's kernel has a Landlock that knows TCP; CI's has.
fn is_here(told: &GivenUp) -> bool {
    let here = told["network"].starts_with("TCP");
    assert!(here || std::env::var_os("CI").is_none(), "{told:?}");
    here
}

#[test]
fn who_gave_up_writing_writes_only_below_its_folders() {
    let place = Place::new("writes");
    let (outside, folder) = (place.0.join("outside"), place.0.join("bundle"));
    fs::write(&outside, "as it was").unwrap();
    apart(move || {
        let writes = Writes::Below(&[folder.clone(), PathBuf::from("/not/there")]);
        let told = give_up(&Needs { writes, connects: true, capabilities: &[] });
        assert_eq!(status("NoNewPrivs:"), "1");
        if !is_here(&told) {
            return;
        }
        fs::write(folder.join("new.partial"), "x").unwrap();
        fs::rename(folder.join("new.partial"), folder.join("new")).unwrap();
        fs::OpenOptions::new().write(true).truncate(true).open(folder.join("new")).unwrap();
        fs::remove_file(folder.join("new")).unwrap();
        assert_eq!(fs::read_to_string(&outside).unwrap(), "as it was");
        let denied = |done: std::io::Result<()>| {
            assert_eq!(done.map_err(|error| error.kind()), Err(ErrorKind::PermissionDenied));
        };
        denied(fs::write(&outside, "changed"));
        denied(fs::write(outside.with_file_name("other"), "x"));
        denied(fs::remove_file(&outside));
        denied(fs::rename(&outside, folder.join("moved")));
        denied(fs::create_dir(folder.join("folder")));
        denied(std::os::unix::fs::symlink(&outside, folder.join("link")));
        denied(std::process::Command::new("/bin/true").status().map(drop));
    });
    assert_eq!(fs::read_to_string(place.0.join("outside")).unwrap(), "as it was");
}

#[test]
fn who_gave_up_the_network_neither_connects_nor_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    for connects in [true, false] {
        apart(move || {
            let told = give_up(&Needs { writes: Writes::Below(&[]), connects, capabilities: &[] });
            if is_here(&told) {
                assert_eq!(TcpStream::connect(address).is_ok(), connects, "{told:?}");
                assert!(TcpListener::bind("127.0.0.1:0").is_err());
            }
        });
    }
}

#[test]
fn what_root_may_is_given_up_for_good() {
    let sets = ["CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:"];
    if status("CapPrm:") == "0".repeat(16) {
        let told =
            apart(|| give_up(&Needs { writes: Writes::Unconfined, connects: false, capabilities: &[] }));
        return assert_eq!(told["capabilities"], "there were none");
    }
    let before = sets.map(status);
    apart(move || {
        let capabilities = [Capability::DacReadSearch, Capability::SysPtrace];
        let told =
            give_up(&Needs { writes: Writes::Unconfined, connects: false, capabilities: &capabilities });
        assert_eq!(told["capabilities"], "all given up but CAP_DAC_READ_SEARCH, CAP_SYS_PTRACE");
        let kept = "0000000000080004";
        assert_eq!(sets.map(status), ["0000000000000000", kept, kept, kept, "0000000000000000"]);
        assert!(capabilities::keep_only(&[Capability::DacOverride]).ends_with("all given up"));
        assert_eq!(status("CapPrm:"), "0".repeat(16));
    });
    assert_eq!(sets.map(status), before, "another thread keeps what it had");
}

#[test]
fn root_keeps_the_power_over_files_only_for_folders_of_others() {
    let place = Place::new("folders");
    let folder = place.0.join("bundle");
    let mode = |mode: u32| fs::set_permissions(&folder, fs::Permissions::from_mode(mode)).unwrap();
    let needed = || to_write_in(&[PathBuf::from("/"), folder.clone()]);
    if !nix::unistd::geteuid().is_root() {
        return;
    }
    mode(0o700);
    assert_eq!(needed(), []);
    mode(0o500);
    assert_eq!(needed(), [Capability::DacOverride], "its owner may not write there");
    mode(0o755);
    std::os::unix::fs::chown(&folder, Some(65_534), Some(65_534)).unwrap();
    assert_eq!(needed(), [Capability::DacOverride], "another user's");
    mode(0o777);
    assert_eq!(needed(), [], "everybody's");
    std::os::unix::fs::chown(&place.0, Some(65_534), Some(65_534)).unwrap();
    fs::set_permissions(&place.0, fs::Permissions::from_mode(0o700)).unwrap();
    assert_eq!(needed(), [Capability::DacOverride], "below another user's");
    assert_eq!(to_write_in(&[PathBuf::from("/not/there")]), [Capability::DacOverride]);
}

#[test]
fn what_a_kernel_does_not_know_is_told() {
    let here = |effective_abi| LandlockStatus::Available { effective_abi, kernel_abi: None };
    let (all, part, none) =
        (RulesetStatus::FullyEnforced, RulesetStatus::PartiallyEnforced, RulesetStatus::NotEnforced);
    let (writing, tcp) = told(true, false, &part, &here(ABI::V2));
    assert_eq!(writing, "given up; cutting files short is not limited");
    assert_eq!(tcp, "not limited: this kernel's Landlock does not know TCP");
    let (writing, tcp) = told(false, true, &all, &here(ABI::V6));
    assert!(writing.starts_with("only where") && tcp.ends_with("does not listen"), "{writing}; {tcp}");
    let (writing, tcp) = told(true, false, &none, &LandlockStatus::NotImplemented);
    assert_eq!((writing.as_str(), &tcp), ("not limited: this kernel has no Landlock", &writing));
    assert_eq!(
        told(true, false, &none, &LandlockStatus::NotEnabled).0,
        "not limited: Landlock is switched off"
    );
}
