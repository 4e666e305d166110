//! Every built-in collector by its own name, one file per rule of the format, and the page that
//! documents it all.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use glsos::{
    catalog::{self, Catalog, Origin, Words, docs},
    error::Error,
};

/// The probes that the rules' files know.
const RULES: Words = Words { probes: &["host-summary", "disks"] };

/// The probes of this program.
const PROBES: Words = Words { probes: &glsos::probe::NAMES };

/// As the console prints it.
fn rendered(problem: &catalog::Problem) -> String {
    let error = Error::from(problem.clone());
    let hints: String = error.hints.iter().map(|hint| format!("hint: {hint}\n")).collect();
    format!("error: {error}\n{hints}")
}

fn built_in() -> Catalog {
    catalog::built_in(&PROBES)
        .unwrap_or_else(|problems| panic!("{}", problems.iter().map(rendered).collect::<String>()))
}

/// Loads one built-in file; its name is the test's.
macro_rules! collector_tests {
    ($($test:ident => $name:literal,)*) => { $(
        #[test]
        fn $test() {
            let (_, text) = catalog::BUILT_IN.iter().find(|(name, _)| *name == $name).unwrap();
            if let Err(problems) = catalog::parse($name, text.as_bytes(), Origin::BuiltIn, &PROBES) {
                panic!("{}", problems.iter().map(rendered).collect::<String>());
            }
        }
    )* };
}

mod built_in {
    use super::{Origin, PROBES, catalog, rendered};
    include!(concat!(env!("OUT_DIR"), "/collector_tests.rs"));
}

/// The files of a folder, by the rule that names each.
fn files(folder: &str) -> BTreeMap<String, Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/collectors").join(folder);
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    paths
        .map(|path: PathBuf| {
            let rule = path.file_stem().unwrap().to_str().unwrap().to_owned();
            (rule, fs::read(path).unwrap())
        })
        .collect()
}

/// Loads a file as a drop-in beside the built-ins.
fn drop_in(rule: &str, text: &[u8]) -> Result<Catalog, Vec<catalog::Problem>> {
    let file = catalog::parse(rule, text, Origin::DropIn(format!("{rule}.toml").into()), &RULES)?;
    catalog::add(built_in(), vec![file])
}

#[test]
fn what_is_right_loads() {
    let mut wrong = String::new();
    for (rule, text) in files("valid") {
        if let Err(problems) = drop_in(&rule, &text) {
            wrong.extend(problems.iter().map(rendered));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn what_is_wrong_is_refused_with_its_reason() {
    let mut wrong = String::new();
    for (rule, text) in files("invalid") {
        let shown = String::from_utf8_lossy(&text);
        let expected: Vec<&str> = shown.lines().filter_map(|line| line.strip_prefix("# expect: ")).collect();
        assert!(!expected.is_empty(), "{rule}.toml says not what to expect");
        let problems = drop_in(&rule, &text).err().unwrap_or_default();
        let fits = problems.len() == expected.len()
            && problems.iter().zip(&expected).all(|(problem, expected)| problem.message.contains(expected));
        if !fits {
            let found: String = problems.iter().map(rendered).collect();
            wrong.push_str(&format!("{rule}: expected {expected:?}, found:\n{found}\n"));
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn an_error_shows_the_place_and_what_to_write() {
    let text = fs::read("tests/collectors/invalid/unknown-key-of-a-source.toml").unwrap();
    let problems = drop_in("unknown-key-of-a-source", &text).unwrap_err();
    assert_eq!(
        rendered(&problems[0]),
        "\
error: unknown-key-of-a-source.toml:8:1: unknown key `timeuot` in [[command]]
 8 | timeuot = \"3s\"
   | ^^^^^^^
hint: did you mean `timeout`?
"
    );
    let text = fs::read("tests/collectors/invalid/run-has-a-shell-behind-nice.toml").unwrap();
    let problems = drop_in("x", &text).unwrap_err();
    assert_eq!(
        rendered(&problems[0]),
        "\
error: x.toml:7:28: `dash` is a shell
 7 | run = [\"nice\", \"-n\", \"10\", \"dash\", \"-c\", \"x\"]
   |                            ^^^^^^
hint: a collector runs programs directly; a pipe or a loop has no place here
"
    );
}

#[test]
fn a_new_collector_loads_as_it_is() {
    let text = catalog::template("my-subject").unwrap();
    let catalog = drop_in("my-subject", text.as_bytes()).unwrap();
    let (collector, _) = catalog::show::find(&catalog, "my-subject").unwrap();
    assert_eq!(collector.sources.len(), 2);
    assert!(catalog::template("My Subject").is_err());
}

/// docs/collectors.md; `GLSOS_BLESS=1 cargo test` writes it anew.
#[test]
fn the_page_about_collectors_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/collectors.md");
    let page = docs::page(&built_in());
    if std::env::var_os("GLSOS_BLESS").is_some() {
        fs::write(&path, &page).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == page,
        "docs/collectors.md is not what the program says; run the tests with GLSOS_BLESS=1"
    );
}

/// What may be asked of Redis: all of it reads. A script runs under `EVAL_RO`, so that Redis refuses what writes.
const REDIS: &[&str] = &[
    "INFO",
    "SLOWLOG GET",
    "CLIENT LIST",
    "MEMORY STATS",
    "MEMORY DOCTOR",
    "LATENCY LATEST",
    "CONFIG GET",
    "EVAL_RO",
    "SMEMBERS",
    "LLEN",
    "ZCARD",
    "SENTINEL MASTERS",
    "SENTINEL REPLICAS",
    "SENTINEL SENTINELS",
];

/// The arguments of each command whose program has this name.
fn commands_of(programs: &[&str]) -> Vec<(String, Vec<String>)> {
    let mut found = Vec::new();
    for collector in built_in().collectors {
        for source in collector.sources {
            let catalog::SourceKind::Command { run, .. } = source.kind else { continue };
            if programs.contains(&run[0].rsplit('/').next().unwrap()) {
                found.push((format!("{}/{}", collector.name, source.name), run));
            }
        }
    }
    found
}

#[test]
fn redis_is_asked_only_what_changes_nothing() {
    let commands = commands_of(&["redis-cli", "valkey-cli", "gitlab-redis-cli"]);
    assert!(commands.len() > 5);
    for (name, run) in commands {
        let asked = run[1..].join(" ");
        // Where it is asked, and how the answer is written.
        let asked = asked.trim_start_matches("-p 26379 ").trim_start_matches("--no-raw ");
        let reads = |verb: &&str| {
            asked.strip_prefix(*verb).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        assert!(REDIS.iter().any(reads), "{name}: {asked}");
    }
}

/// Settings that hold passwords begin otherwise: `requirepass`, `masterauth`, `tls-key-file-pass`.
#[test]
fn no_setting_of_redis_is_asked_for_that_may_hold_a_password() {
    let commands = commands_of(&["gitlab-redis-cli"]);
    let (_, run) = commands.iter().find(|(_, run)| run[1] == "CONFIG").unwrap();
    let secret = [
        "requirepass",
        "masterauth",
        "masteruser",
        "tls-key-file-pass",
        "tls-client-key-file-pass",
        "aclfile",
    ];
    for pattern in &run[3..] {
        let begin = pattern.trim_end_matches('*');
        assert!(!begin.is_empty() && !begin.contains('*'), "{pattern}");
        assert!(!secret.iter().any(|name| name.starts_with(begin)), "{pattern}");
    }
}
