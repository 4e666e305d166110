//! `services`: the services of the Linux package, from runit's own files.
//!
//! The state and its age come from `supervise/status`; a host on which only root may read that tells
//! no more than the names.

use std::{path::Path, time::Duration};

use jiff::Timestamp;

use super::{
    page::{Page, Sink},
    proc::{number, word},
    table::{Side, Table, cell},
};
use crate::{
    host::{Error, Flow, Host},
    units::show_duration,
};

const ENABLED: &str = "/opt/gitlab/service";
/// A service younger than this may be one that dies again and again.
const YOUNG: f64 = 60.0;

/// Tells the state of each service.
pub(super) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    told(host, sink)
}

fn told(host: &dyn Host, sink: Sink<'_>) -> Result<(), Error> {
    const HEADS: &[(Side, &str)] = &[
        (Side::Left, "SERVICE"),
        (Side::Left, "STATE"),
        (Side::Right, "PID"),
        (Side::Right, "FOR"),
        (Side::Left, "SINCE (UTC)"),
        (Side::Left, "NOTES"),
    ];
    let mut page = Page::new(sink);
    page.section("Services");
    let listed = match host.list(Path::new(ENABLED)) {
        Ok(listed) => listed,
        Err(error) => {
            page.closed(ENABLED, error);
            return page.end("services");
        }
    };
    let mut table = Table::new(HEADS);
    let mut troubles = Vec::new();
    for listed in listed.iter().take(500) {
        let folder = Path::new(ENABLED).join(&listed.name);
        let name = listed.name.to_string_lossy().into_owned();
        match Service::of(host, &folder) {
            Ok(service) => table.row(service.row(name, host.now())),
            Err(error) => troubles.push((name, error)),
        }
    }
    page.table(&table);
    for (name, error) in troubles {
        page.tell(format!("{name:<26} state not readable: {}", error.reason()));
    }
    page.end("services")
}

/// One service as runsv sees it.
struct Service {
    state: String,
    pid: Option<u32>,
    since: Option<Timestamp>,
    /// `u` or `d` where something else is wanted than what is.
    wanted: Option<char>,
    /// Whether there is a file `down`: not started by itself.
    normally_down: bool,
    /// Whether the process that runsv names is there.
    alive: Option<bool>,
}

impl Service {
    fn of(host: &dyn Host, folder: &Path) -> Result<Self, Error> {
        let supervise = folder.join("supervise");
        let state = word(host, supervise.join("stat"))?;
        let status = host.read(&supervise.join("status"), 64).unwrap_or_default();
        let (since, wanted) = understood(&status);
        let changed = || host.stat(&supervise.join("pid")).ok().map(|stat| stat.mtime);
        let pid = number::<u32>(host, supervise.join("pid"));
        let alive = pid.map(|pid| host.exists(Path::new(&format!("/proc/{pid}"))));
        let normally_down = host.exists(&folder.join("down"));
        Ok(Self { state, pid, since: since.or_else(changed), wanted, normally_down, alive })
    }

    fn row(&self, name: String, now: Timestamp) -> [String; 6] {
        let age = self.since.map(|since| now.duration_since(since).as_secs_f64());
        let up = self.state.starts_with("run");
        let mut notes = Vec::new();
        match self.wanted {
            Some('u') if !up => notes.push("wanted up"),
            Some('d') if up => notes.push("wanted down"),
            _ => {}
        }
        if self.normally_down {
            notes.push("normally down");
        }
        if up && age.is_some_and(|age| (0.0..YOUNG).contains(&age)) {
            notes.push("young: does it start again and again?");
        }
        if up && self.alive == Some(false) {
            notes.push("no such process");
        }
        [
            name,
            self.state.clone(),
            cell(self.pid),
            cell(
                age.filter(|age| *age >= 0.0)
                    .map(|age| show_duration(Duration::from_secs_f64(age.min(1e10)))),
            ),
            cell(self.since.map(|since| since.strftime("%Y-%m-%d %H:%M:%S").to_string())),
            notes.join(", "),
        ]
    }
}

/// runit's `supervise/status`, 20 bytes: TAI64N of the last change, pid, paused, wanted, term sent,
/// state.
fn understood(status: &[u8]) -> (Option<Timestamp>, Option<char>) {
    /// Label of 1970 in TAI64, with the ten seconds that runit adds.
    const EPOCH: u64 = (1 << 62) + 10;
    let seconds = status.first_chunk::<8>().map(|bytes| u64::from_be_bytes(*bytes));
    let since = seconds
        .and_then(|seconds| seconds.checked_sub(EPOCH))
        .and_then(|seconds| i64::try_from(seconds).ok());
    let wanted = status.get(17).map(|byte| char::from(*byte)).filter(|wanted| matches!(wanted, 'u' | 'd'));
    (since.and_then(|seconds| Timestamp::from_second(seconds).ok()), wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_is_understood_or_unknown() {
        let mut status = ((1u64 << 62) + 10 + 1_772_359_200).to_be_bytes().to_vec();
        status.extend([0, 0, 0, 0, 1, 0, 0, 0, 0, b'u', 0, 1]);
        assert_eq!(understood(&status), (Timestamp::from_second(1_772_359_200).ok(), Some('u')));
        assert_eq!(understood(&[]), (None, None));
        assert_eq!(understood(&[0xff; 20]), (None, None));
        assert_eq!(understood(&[0; 20]), (None, None));
    }
}
