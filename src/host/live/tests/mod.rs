//! The live host against this machine: files, commands, requests, and what never answers.
#![allow(clippy::disallowed_methods)] // the tests make the files that they look at

mod commands;
mod files;
mod hangs;
mod requests;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use super::*;

/// A folder that goes with the test.
pub(super) struct Folder(pub(super) PathBuf);

impl Folder {
    pub(super) fn new() -> Self {
        use std::sync::atomic::AtomicU32;
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = PathBuf::from(format!("/var/tmp/glsos-host-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(super) fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(super) fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub(super) fn live() -> Live {
    Live::start(None, Stop::new().unwrap()).unwrap()
}

pub(super) fn sysroot(root: &Path) -> Live {
    Live::start(Some(root.to_path_buf()), Stop::new().unwrap()).unwrap()
}

pub(super) const AMPLE: Duration = Duration::from_secs(60);
