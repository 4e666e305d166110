//! Whole runs with a command whose output is several entries.

use std::{path::PathBuf, time::Duration};

use super::{super::*, breaks::bundle};
use crate::{
    host::{self, memory::Memory},
    outcome::Outcome,
    pack::manifest::Manifest,
    plan::Take,
    redact::KnownSecret,
};

const SECRET: &str = "Tr0ub4dor-Tr0ub4dor-3";

fn item(source: &str, take: Take) -> Item {
    let (collector, entry) = ("rails".to_owned(), PathBuf::from(format!("rails/{source}")));
    Item { collector, source: source.to_owned(), why: String::new(), entry, gitlabs: true, until: None, take }
}

/// What comes of a command that prints this, with its parts `a`, `b` and `c`.
fn made(printed: &str, status: i32) -> (Vec<u8>, Manifest) {
    let host = Memory::default().command(&["tasks"], printed, status);
    let command =
        host::Command { argv: vec!["tasks".to_owned()], timeout: Duration::from_secs(9), limit: 1 << 20 };
    let part = |name: &str| item(name, Take::Part { of: "env".to_owned(), argv: vec!["tasks".to_owned()] });
    let items = vec![item("env", Take::Command { command, sampler: false }), part("a"), part("b"), part("c")];
    let redactor = Redactor::new(vec![KnownSecret::new(SECRET, Some("db_password"), "/x")]).unwrap();
    // What is nicer from here on is this thread alone.
    std::thread::scope(|scope| scope.spawn(|| bundle(&host, &redactor, items)).join().unwrap())
}

fn told(manifest: &Manifest) -> Vec<(String, Outcome, String)> {
    let entry = |entry: &crate::pack::manifest::Entry| {
        (entry.name.as_str().to_owned(), entry.outcome, entry.reason.as_str().to_owned())
    };
    manifest.entries.iter().filter(|entry| entry.collector.as_str() == "rails").map(entry).collect()
}

fn text(archive: &[u8], name: &str) -> String {
    use std::io::Read as _;
    let mut members = tar::Archive::new(archive);
    for member in members.entries().unwrap() {
        let mut member = member.unwrap();
        if member.path_bytes().ends_with(name.as_bytes()) {
            let mut text = String::new();
            member.read_to_string(&mut text).unwrap();
            return text;
        }
    }
    panic!("no {name}")
}

#[test]
fn each_part_is_an_entry_and_redacted_like_any_other() {
    let printed = format!(
        "version 18\n==> glsos: b <==\nof b with {SECRET}\n==> glsos: nobody-asked <==\nnot taken\n==> glsos: a <==\nof a\n==> glsos: b <==\ntwice\n"
    );
    let (archive, manifest) = made(&printed, 1);
    let complete = |name: &str| (name.to_owned(), Outcome::Complete, String::new());
    let nothing = ("rails/c".to_owned(), Outcome::Skipped, "the command told nothing of it".to_owned());
    assert_eq!(told(&manifest), [complete("rails/env"), complete("rails/a"), complete("rails/b"), nothing]);
    assert_eq!(text(&archive, "rails/env"), "version 18\n");
    assert_eq!(text(&archive, "rails/a"), "of a\n");
    let b = text(&archive, "rails/b");
    assert!(b.starts_with("of b with __REDACTED.") && !b.contains(SECRET), "{b}");
    let whole = String::from_utf8_lossy(&archive).into_owned();
    assert!(!whole.contains("not taken") && !whole.contains("twice"));
    assert_eq!(manifest.entries.iter().filter(|entry| entry.exit == Some(1)).count(), 1, "the command's own");
}

#[test]
fn a_command_that_is_not_there_leaves_all_its_parts_with_the_reason() {
    let host = Memory::default();
    let command =
        host::Command { argv: vec!["tasks".to_owned()], timeout: Duration::from_secs(9), limit: 1 << 20 };
    let part = item("a", Take::Part { of: "env".to_owned(), argv: vec!["tasks".to_owned()] });
    let items = vec![item("env", Take::Command { command, sampler: false }), part];
    let redactor = Redactor::new(Vec::new()).unwrap();
    let (_, manifest) =
        std::thread::scope(|scope| scope.spawn(|| bundle(&host, &redactor, items)).join().unwrap());
    let missing = |name: &str| (name.to_owned(), Outcome::Skipped, "missing tool: tasks".to_owned());
    assert_eq!(told(&manifest), [missing("rails/env"), missing("rails/a")]);
}

/// Found: where nothing of Rails was asked the manifest said that each report was `env`'s.
#[test]
fn a_part_that_is_left_tells_its_commands_own_argv() {
    let text = br#"
about = "x"
when = { any_path = ["/none"] }
[[command]]
name = "env"
why = "x"
run = ["rake", "x:y"]
[[part]]
name = "a"
of = "env"
why = "x"
"#;
    let words = crate::catalog::Words { probes: &crate::probe::NAMES };
    let origin = crate::catalog::Origin::DropIn("/x/rails.toml".into());
    let file = crate::catalog::parse("rails", text, origin, &words).unwrap();
    let catalog = crate::catalog::add(crate::catalog::Catalog::default(), vec![file]).unwrap();
    let window = crate::logs::Window { since: jiff::Timestamp::UNIX_EPOCH, until: jiff::Timestamp::MAX };
    let wishes = crate::plan::Wishes {
        only: Vec::new(),
        skip: Vec::new(),
        profile: crate::catalog::Profile::Full,
        window,
        max_log: None,
        max_bundle: None,
        estimate: false,
    };
    let host = Memory::default();
    let plan = crate::plan::make(&host, &catalog, &host::installation::detect(&host), &wishes).unwrap();
    let redactor = Redactor::new(Vec::new()).unwrap();
    let (_, manifest) =
        std::thread::scope(|scope| scope.spawn(|| bundle(&host, &redactor, plan.items)).join().unwrap());
    let of_rails = manifest.entries.iter().filter(|entry| entry.collector.as_str() == "rails");
    let asked: Vec<_> = of_rails.map(|entry| serde_json::to_value(&entry.asked).unwrap()).collect();
    let argv = serde_json::json!({ "argv": ["rake", "x:y"] });
    assert_eq!(asked, [argv.clone(), argv]);
}
