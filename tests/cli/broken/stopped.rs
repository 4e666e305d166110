//! SIGINT, SIGTERM and SIGHUP whenever they come: a valid bundle, the right exit code, no process left.

use nix::sys::signal::Signal;

use super::{lines, moments, omnibus, signalled, until_gone};
use crate::cli::program::Place;

#[test]
fn a_signal_at_any_moment_leaves_a_valid_bundle_and_no_process() {
    let place = Place::new();
    let mut stopped = 0;
    for (turn, moment) in moments(lines(&place), 8, 7).into_iter().enumerate() {
        let signals = [(Signal::SIGINT, 130), (Signal::SIGTERM, 143), (Signal::SIGHUP, 143)];
        let (signal, code) = signals[turn % signals.len()];
        let name = format!("stopped-{turn}.tar.gz");
        let ended = signalled(omnibus(&place, &name), moment, signal);
        until_gone(&name);
        assert!(!place.join(&format!("{name}.partial")).exists(), "{moment}: {}", ended.err);
        if ended.signal().is_some() {
            // Before anybody could watch for signals there was nothing to close.
            assert!(moment == 0 && !place.join(&name).exists(), "{moment}: {}", ended.err);
            continue;
        }
        assert!(ended.code() == 0 || ended.code() == code, "{moment}: {}", ended.err);
        // One that comes at once may be sooner than anything that could be closed.
        if moment > 0 || place.join(&name).exists() {
            stopped += usize::from(place.bundle(&name).run().get("stopped_by").is_some());
        }
    }
    assert!(stopped >= 2, "{stopped}");
}
