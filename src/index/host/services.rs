//! GitLab's services as runit sees them, of `gitlab-ctl status` or the native probe; and systemd's units that failed.

use super::{
    super::{
        docs::{Doc, Docs},
        place::Place,
    },
    columns::cells,
};

/// One service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Its name.
    pub name: String,
    /// Whether it runs.
    pub up: bool,
    /// Whether it should.
    pub wanted: bool,
    /// Seconds since its state changed.
    pub seconds: Option<u64>,
    /// Where it stands.
    pub place: Place,
}

/// A unit of systemd.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub place: Place,
}

/// All services.
pub(super) fn read(docs: &Docs) -> Vec<Service> {
    let told: Vec<_> = docs.get("gitlab_status").map(|doc| status(doc).collect()).unwrap_or_default();
    if !told.is_empty() {
        return told;
    }
    docs.get("services/services").map(probe).unwrap_or_default()
}

/// `run: gitaly: (pid 123) 456s; run: log: (pid 12) 456s`, `down: nginx: 3s, normally up; run: log: …`.
fn status(doc: &Doc) -> impl Iterator<Item = Service> {
    doc.lines().filter_map(|(number, line)| {
        let (state, rest) = line.split_once(": ")?;
        if !matches!(state, "run" | "down" | "finish" | "fail") {
            return None;
        }
        let (name, rest) = rest.split_once(':')?;
        let own = rest.split(';').next().unwrap_or("");
        let seconds = own.split([' ', ',']).find_map(|word| word.strip_suffix('s')?.parse().ok());
        let up = state == "run";
        let normally_down = own.contains("normally down");
        let wanted = if up { !own.contains("want down") } else { !normally_down || own.contains("want up") };
        Some(Service { name: name.to_owned(), up, wanted, seconds, place: doc.place(number, line) })
    })
}

/// `SERVICE  STATE  PID  FOR  SINCE (UTC)  NOTES`; runit writes `run`, `down`, `down, normally up`.
fn probe(doc: &Doc) -> Vec<Service> {
    let table = doc.lines().skip_while(|(_, line)| !line.starts_with("SERVICE")).skip(1);
    let rows = table.take_while(|(_, line)| !line.is_empty()).filter_map(|(number, line)| {
        let cells = cells(line);
        let [name, state, _, age, ..] = cells[..] else { return None };
        let up = state.starts_with("run");
        let notes = cells.get(5).copied().unwrap_or("");
        let wanted = up || state.contains("normally up") || notes.contains("wanted up");
        let place = doc.place(number, line);
        Some(Service { name: name.to_owned(), up, wanted, seconds: seconds(age), place })
    });
    rows.collect()
}

/// `4.0s`, `1m 05s`, `274d 5h`.
fn seconds(age: &str) -> Option<u64> {
    let parts = age.split(' ').map(|part| crate::units::parse_duration(part).ok());
    parts.sum::<Option<std::time::Duration>>().map(|age| age.as_secs())
}

/// `● gitlab-runsvdir.service loaded failed failed …`.
pub(super) fn failed(docs: &Docs) -> Vec<Unit> {
    let Some(doc) = docs.get("services/failed") else { return Vec::new() };
    let rows = doc.lines().filter_map(|(number, line)| {
        let mut words = line.trim_start_matches(['●', '*', '×', ' ']).split_ascii_whitespace();
        let (name, _, active) = (words.next()?, words.next()?, words.next()?);
        (active == "failed").then(|| Unit { name: name.to_owned(), place: doc.place(number, line) })
    });
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::{super::docs, *};

    fn told(all: &[Service]) -> Vec<(&str, bool, bool, Option<u64>)> {
        all.iter().map(|s| (s.name.as_str(), s.up, s.wanted, s.seconds)).collect()
    }

    #[test]
    fn the_states_of_gitlab_ctl_status() {
        let text = "\
run: gitaly: (pid 1501) 45604s; run: log: (pid 1500) 45700s
down: nginx: 3s, normally up; run: log: (pid 12) 456s
down: crond: 45s; run: log: (pid 13) 456s
down: alertmanager: 3s, normally down; run: log: (pid 12) 456s
warning: something
";
        assert_eq!(
            told(&read(&docs(&[("gitlab_status", text)]))),
            [
                ("gitaly", true, true, Some(45_604)),
                ("nginx", false, true, Some(3)),
                ("crond", false, true, Some(45)),
                ("alertmanager", false, false, Some(3)),
            ]
        );
    }

    #[test]
    fn the_states_of_the_probe() {
        let text = "\
# Services
SERVICE  STATE               PID      FOR  SINCE (UTC)          NOTES
gitaly   run                1501  274d 5h  2026-03-01 08:00:00  -
nginx    down, normally up     -    3.0s   2026-11-30 08:00:00  -
kas      down                  -   1m 05s  2026-11-30 08:00:00  normally down
";
        assert_eq!(
            told(&read(&docs(&[("services/services", text)]))),
            [
                ("gitaly", true, true, Some(23_691_600)),
                ("nginx", false, true, Some(3)),
                ("kas", false, false, Some(65)),
            ]
        );
    }

    #[test]
    fn failed_units_are_those_that_systemd_calls_failed() {
        let text = "  UNIT  LOAD  ACTIVE SUB DESCRIPTION\n● a.service loaded failed failed A thing\n\n1 loaded units listed.\n";
        let all = failed(&docs(&[("services/failed", text)]));
        assert_eq!(all.iter().map(|unit| unit.name.as_str()).collect::<Vec<_>>(), ["a.service"]);
    }
}
