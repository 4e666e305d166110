//! What never answers: a FUSE file system whose server takes requests and says nothing.

use std::{
    os::fd::AsRawFd,
    path::{Path, PathBuf},
};

use nix::{
    fcntl::OFlag,
    mount::{MntFlags, MsFlags, mount, umount2},
    sys::stat::Mode,
};

/// Mounted, introduced, silent: it takes each request, so that whoever waits for it can't be killed.
pub(crate) struct Silent {
    at: PathBuf,
    server: Option<std::thread::JoinHandle<()>>,
}

impl Silent {
    /// `None` where nobody may mount.
    pub(crate) fn mount(at: PathBuf) -> Option<Self> {
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

    /// Where it is mounted.
    pub(crate) fn at(&self) -> &Path {
        &self.at
    }
}

impl Drop for Silent {
    fn drop(&mut self) {
        // By force: every request that waits fails, and the server's next read too.
        umount2(&self.at, MntFlags::MNT_FORCE | MntFlags::MNT_DETACH).unwrap();
        self.server.take().unwrap().join().unwrap();
    }
}
