//! SIGINT, SIGTERM and SIGHUP end a run early, with a valid bundle; a thread waits for them.

use nix::sys::signal::{SigSet, Signal};

use crate::{
    error::{Error, Result},
    host::stop::{Reason, Stop},
};

/// Past RLIMIT_FSIZE the kernel sends SIGXFSZ, which would end the process without a word. Blocked, the call
/// fails with EFBIG and is told. Threads, helpers too, have it from the first one; commands start clean.
pub(super) fn survive_size_limits() {
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGXFSZ);
    // It can't fail with a valid set.
    let _ = signals.thread_block();
}

/// From here on these signals set `stop`. To be called by the first thread, before it starts others.
pub(super) fn watch(stop: &Stop) -> Result<()> {
    let mut signals = SigSet::empty();
    [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP].into_iter().for_each(|signal| signals.add(signal));
    signals.thread_block().map_err(|errno| Error::internal(format!("blocking signals: {}", errno.desc())))?;
    let stop = stop.clone();
    let watcher = move || {
        // Any number of them; the first one counts. The thread ends with the process.
        while let Ok(signal) = signals.wait() {
            let interrupted = signal == Signal::SIGINT;
            stop.set(if interrupted { Reason::Interrupted } else { Reason::Terminated });
        }
    };
    std::thread::Builder::new()
        .name("signals".to_owned())
        .stack_size(64 << 10)
        .spawn(watcher)
        .map(drop)
        .map_err(|error| Error::host(format!("starting a thread: {error}")))
}
