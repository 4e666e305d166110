//! Plans for hosts on paper: what is taken, under which source, and what is left and why.

mod budget;
mod roles;

use std::path::Path;

use super::*;
use crate::{
    catalog::{File, Origin, Words},
    host::{installation, memory::Memory},
};

fn catalog(files: &[(&str, &str)]) -> Catalog {
    let words = Words { probes: &probe::NAMES };
    let parse = |(name, text): &(&str, &str)| -> File {
        let origin = Origin::DropIn(format!("/x/{name}.toml").into());
        crate::catalog::parse(name, text.as_bytes(), origin, &words).unwrap()
    };
    crate::catalog::add(Catalog::default(), files.iter().map(parse).collect()).unwrap()
}

fn wishes() -> Wishes {
    let window = Window { since: "2026-03-01T00:00:00Z".parse().unwrap(), until: jiff::Timestamp::MAX };
    Wishes {
        only: Vec::new(),
        skip: Vec::new(),
        profile: Profile::Default,
        window,
        max_log: None,
        max_bundle: None,
        estimate: false,
    }
}

fn plan(host: &Memory, files: &[(&str, &str)], wishes: &Wishes) -> Plan {
    make(host, &catalog(files), &installation::detect(host), wishes).unwrap()
}

/// `SOURCE ENTRY`, or `SOURCE ENTRY: reason` of what is left.
fn told(plan: &Plan) -> Vec<String> {
    let line = |item: &Item| {
        let what = format!("{}/{} {}", item.collector, item.source, item.entry.display());
        match &item.take {
            Take::Leave { ending, .. } => format!("{what}: {}", ending.reason),
            _ => what,
        }
    };
    plan.items.iter().map(line).collect()
}

const LINE: &str = "2026-03-02T10:00:00Z a line\n";

#[test]
fn a_path_that_several_sources_name_is_taken_by_the_most_specific() {
    let host =
        Memory::default().file("/log/a/x.log", LINE).file("/log/b.log", LINE).file("/log/c/y.log", LINE);
    let logs = r#"
about = "Logs"
[[log]]
name = "all"
why = "All"
path = "/log/**"
[[log]]
name = "folder"
why = "A folder"
path = "/log/{a,z}/**"
[[log]]
name = "one"
why = "One"
path = "/log/b.log"
"#;
    let plan = plan(&host, &[("logs", logs)], &wishes());
    assert_eq!(told(&plan), ["logs/all log/c/y.log", "logs/folder log/a/x.log", "logs/one log/b.log"]);
}

#[test]
fn what_is_not_there_is_left_with_its_reason() {
    let host = Memory::default().file("/etc/os-release", "x");
    let text = r#"
about = "A"
[[file]]
name = "none"
why = "B"
path = "/etc/none"
[[file]]
name = "pattern"
why = "B"
path = "/etc/none.d/*"
[[command]]
name = "run"
why = "B"
run = ["true"]
when = { any_path = ["/opt/x", "/opt/y"] }
[[command]]
name = "role"
why = "B"
run = ["true"]
when = { role = ["rails"] }
"#;
    let told = told(&plan(&host, &[("c", text)], &wishes()));
    assert!(told.contains(&"c/none /etc/none: not there".to_owned()), "{told:?}");
    assert!(
        told.contains(&"c/pattern c/pattern: nothing there matches /etc/none.d/*".to_owned()),
        "{told:?}"
    );
    assert!(told.contains(&"c/run c/run: not there: /opt/x, /opt/y".to_owned()), "{told:?}");
    assert!(told.contains(&"c/role c/role: this node has no such role: rails".to_owned()), "{told:?}");
}

#[test]
fn only_skip_and_the_profile_choose() {
    let text = r#"
about = "A"
[[command]]
name = "usual"
why = "B"
run = ["true"]
[[command]]
name = "slow"
why = "B"
run = ["true"]
profiles = ["full"]
[[probe]]
run = "sample-cpu"
why = "B"
"#;
    let host = Memory::default();
    let names = |change: &dyn Fn(&mut Wishes)| {
        let mut wishes = wishes();
        change(&mut wishes);
        let plan = plan(&host, &[("c", text)], &wishes);
        plan.items.iter().map(|item| item.source.clone()).collect::<Vec<_>>()
    };
    let pick = |name: &str| vec![name.parse::<Pick>().unwrap()];
    assert_eq!(names(&|_| {}), ["sample-cpu", "usual"]);
    assert_eq!(names(&|w| w.profile = Profile::Full), ["sample-cpu", "usual", "slow"]);
    assert_eq!(names(&|w| w.profile = Profile::Quick), ["usual"]);
    assert_eq!(names(&|w| w.skip = pick("c/usual")), ["sample-cpu"]);
    assert_eq!(names(&|w| w.only = pick("c/slow")), ["slow"], "one that is named is taken in any profile");
    let mut wrong = wishes();
    wrong.only = pick("d");
    assert!(make(&host, &catalog(&[("c", text)]), &installation::detect(&host), &wrong).is_err());
}

#[test]
fn a_command_gets_the_window_as_unix_times() {
    let text = r#"
about = "A"
[[command]]
name = "journal"
why = "B"
run = ["journalctl", "--since", "{since}", "--until={until}"]
"#;
    let mut wishes = wishes();
    wishes.window.until = "2026-03-01T12:00:00Z".parse().unwrap();
    let plan = plan(&Memory::default(), &[("c", text)], &wishes);
    let Take::Command { command, .. } = &plan.items[0].take else { panic!("{:?}", plan.items[0]) };
    assert_eq!(command.argv, ["journalctl", "--since", "@1772323200", "--until=@1772366400"]);
}

#[test]
fn a_file_that_may_not_be_seen_is_tried_so_that_its_outcome_tells() {
    let host = Memory::default().fails("/etc/secret.conf", host::Trouble::Denied);
    let text = "about = \"A\"\n[[file]]\nname = \"f\"\nwhy = \"B\"\npath = \"/etc/secret.conf\"\n";
    let plan = plan(&host, &[("c", text)], &wishes());
    assert!(matches!(&plan.items[0].take, Take::File { path, .. } if path == Path::new("/etc/secret.conf")));
}
