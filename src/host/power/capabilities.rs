//! Capabilities (capabilities(7)) of this thread: given up for good, in all sets.

use nix::errno::Errno;

/// What a part of glsos may need; the numbers are the kernel's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Capability {
    /// Any access to any file: making the bundle in another user's folder, connecting to a socket that only
    /// its owner may write to.
    DacOverride = 1,
    /// Reading any file, looking into any folder.
    DacReadSearch = 2,
    /// What a file's owner may: opening it without a trace in its times, asking what of it is in memory.
    Fowner = 3,
    /// Looking at other users' processes in /proc.
    SysPtrace = 19,
}

impl Capability {
    fn name(self) -> &'static str {
        match self {
            Self::DacOverride => "CAP_DAC_OVERRIDE",
            Self::DacReadSearch => "CAP_DAC_READ_SEARCH",
            Self::Fowner => "CAP_FOWNER",
            Self::SysPtrace => "CAP_SYS_PTRACE",
        }
    }

    fn bit(self) -> u64 {
        1 << (self as u8)
    }
}

/// No kernel has more.
const MOST: i32 = 64;

/// Version 3 of linux/capability.h: 64 capabilities in two halves.
const VERSION: u32 = 0x2008_0522;

#[repr(C)]
struct Header {
    version: u32,
    pid: i32,
}

#[repr(C)]
#[derive(Clone, Copy, Default)]
struct Half {
    effective: u32,
    permitted: u32,
    inheritable: u32,
}

/// Keeps at most these, in what may be used and in what could be got again; what came of it.
pub(super) fn keep_only(keep: &[Capability]) -> String {
    match permitted() {
        Ok(0) => "there were none".to_owned(),
        Ok(all) => {
            let kept = keep.iter().fold(0, |mask, one| mask | one.bit()) & all;
            // First: it takes a capability itself.
            forget(kept);
            if let Err(errno) = set(kept) {
                return format!("not given up: {}", errno.desc());
            }
            let names: Vec<_> =
                keep.iter().filter(|one| kept & one.bit() != 0).map(|one| one.name()).collect();
            if names.is_empty() {
                "all given up".to_owned()
            } else {
                format!("all given up but {}", names.join(", "))
            }
        }
        Err(errno) => format!("not given up: {}", errno.desc()),
    }
}

fn permitted() -> nix::Result<u64> {
    let mut header = Header { version: VERSION, pid: 0 };
    let mut halves = [Half::default(); 2];
    // SAFETY: both structures are the kernel's of this version and outlive the call.
    #[allow(unsafe_code)]
    let done = unsafe { libc::syscall(libc::SYS_capget, &raw mut header, halves.as_mut_ptr()) };
    Errno::result(done)?;
    Ok(u64::from(halves[0].permitted) | u64::from(halves[1].permitted) << 32)
}

fn set(mask: u64) -> nix::Result<()> {
    let mut header = Header { version: VERSION, pid: 0 };
    let half = |mask: u64| {
        let mask = (mask & u64::from(u32::MAX)) as u32;
        Half { effective: mask, permitted: mask, inheritable: 0 }
    };
    let halves = [half(mask), half(mask >> 32)];
    // SAFETY: both structures are the kernel's of this version and outlive the call.
    #[allow(unsafe_code)]
    let done = unsafe { libc::syscall(libc::SYS_capset, &raw mut header, halves.as_ptr()) };
    Errno::result(done).map(drop)
}

/// Takes all others out of the bounding set and out of what a program that is run would get.
fn forget(keep: u64) {
    for capability in (0..MOST).filter(|number| keep & 1 << number == 0) {
        // SAFETY: numbers only. One that the kernel does not know, or may not take away, stays as it is.
        #[allow(unsafe_code)]
        unsafe {
            libc::prctl(libc::PR_CAPBSET_DROP, capability, 0, 0, 0);
        }
    }
    // SAFETY: numbers only.
    #[allow(unsafe_code)]
    unsafe {
        libc::prctl(libc::PR_CAP_AMBIENT, libc::PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
    }
}
