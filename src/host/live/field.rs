//! What a file worker is for, and the rights that it keeps for that.

use std::{ffi::CStr, path::Path};

use crate::host::power::{Capability, Needs, Writes};

/// A worker has no more rights than its field takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    /// All but /proc.
    Files,
    /// What is below /proc: the kernel lets nobody who is under Landlock look at other processes.
    Processes,
}

impl Field {
    /// Whose a path is.
    pub(super) fn of(path: &Path) -> Self {
        if path.starts_with("/proc") { Self::Processes } else { Self::Files }
    }

    /// What such a process is called.
    pub(super) fn name(self) -> &'static CStr {
        match self {
            Self::Files => c"glsos-files",
            Self::Processes => c"glsos-procs",
        }
    }

    /// What it takes to read everything as root, and to connect to a socket that only its owner may write to.
    pub(super) fn needs(self) -> Needs<'static> {
        use Capability::{DacOverride, DacReadSearch, Fowner, SysPtrace};
        match self {
            Self::Files => Needs {
                writes: Writes::Below(&[]),
                connects: false,
                capabilities: &[DacOverride, DacReadSearch, Fowner],
            },
            Self::Processes => Needs {
                writes: Writes::Unconfined,
                connects: false,
                capabilities: &[DacReadSearch, SysPtrace],
            },
        }
    }
}
