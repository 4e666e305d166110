//! A bundle of this very machine: what the tools that know gitlabsos archives read in it.

use std::sync::LazyLock;

use super::{bundle::Bundle, program::Place};

static HERE: LazyLock<Bundle> = LazyLock::new(|| {
    let place = Place::new();
    place.collector(
        "[[command]]\nname = \"none\"\nwhy = \"It is not there\"\nrun = [\"no-such-tool-anywhere\", \"-x\"]\n",
    );
    let only = "--only disks,memory,processes,system,kernel,time,network,security,mine";
    place.glsos(&format!("collect --profile quick {only} --collectors collectors -o b.tar.gz")).good();
    place.bundle("b.tar.gz")
});

/// An entry's text; none where the tool is not there, which the manifest says.
fn text(name: &str) -> Option<&'static str> {
    let entry = HERE.entry(name);
    if entry["present"] == true {
        return Some(HERE.text(name));
    }
    let reason = entry["reason"].as_str().unwrap();
    assert_eq!(entry["outcome"], "skipped", "{entry}");
    assert!(reason.starts_with("missing tool: ") || reason.starts_with("not there"), "{entry}");
    None
}

fn first_line(name: &str) -> Option<Vec<&'static str>> {
    Some(text(name)?.lines().next().unwrap().split_whitespace().collect())
}

#[test]
fn df_has_the_seven_columns_that_its_readers_need() {
    let Some(text) = text("df_hT") else { return };
    let mut lines = text.lines();
    assert_eq!(
        lines.next().unwrap().split_whitespace().collect::<Vec<_>>(),
        ["Filesystem", "Type", "Size", "Used", "Avail", "Use%", "Mounted", "on"]
    );
    let rows: Vec<_> = lines.map(|line| line.split_whitespace().count()).collect();
    assert!(!rows.is_empty() && rows.iter().all(|columns| *columns >= 7), "{text}");
}

#[test]
fn free_has_the_column_available() {
    let Some(header) = first_line("free_m") else { return };
    assert!(header.contains(&"available"), "{header:?}");
    assert!(text("free_m").unwrap().lines().any(|line| line.starts_with("Mem:")));
}

#[test]
fn ps_and_top_begin_as_ever() {
    if let Some(header) = first_line("ps") {
        let columns =
            ["USER", "PID", "%CPU", "%MEM", "VSZ", "RSS", "STAT", "STARTED", "TIME", "WCHAN", "COMMAND"];
        assert_eq!(header, columns);
    }
    for name in ["top_cpu", "top_res"] {
        if let Some(header) = first_line(name) {
            assert_eq!(header[..2], ["top", "-"]);
        }
    }
}

#[test]
fn pressure_is_the_kernels_own_text() {
    for (name, path) in [
        ("pressure_cpu.txt", "/proc/pressure/cpu"),
        ("pressure_mem.txt", "/proc/pressure/memory"),
        ("pressure_io.txt", "/proc/pressure/io"),
    ] {
        if !std::path::Path::new(path).exists() {
            assert_eq!(HERE.outcome(name), "skipped");
            continue;
        }
        // A kernel without psi=1 has the file and gives nothing.
        if HERE.outcome(name) == "complete" {
            assert!(HERE.text(name).starts_with("some avg10="), "{}", HERE.text(name));
        }
    }
}

#[test]
fn proc_files_have_their_old_names() {
    for (name, first) in [
        ("meminfo", "MemTotal:"),
        ("cpuinfo", "processor"),
        ("mount", ""),
        ("tainted", ""),
        ("uname", "Linux "),
    ] {
        assert!(text(name).unwrap().starts_with(first), "{name}");
    }
}

#[test]
fn ulimit_looks_like_the_shells() {
    let text = HERE.text("ulimit");
    let line = |line: &str| {
        let (name, rest) = line.split_once('(').unwrap_or_default();
        let (unit, value) = rest.split_once(')').unwrap_or_default();
        let value = value.trim();
        !name.trim().is_empty()
            && unit.contains('-')
            && (value == "unlimited" || value.bytes().all(|byte| byte.is_ascii_digit()))
    };
    // More follows, behind an empty line.
    let (soft, _) = text.split_once("\n\n").unwrap();
    assert!(soft.lines().count() >= 15 && soft.lines().all(line), "{text}");
    for name in ["open files ", "max user processes ", "core file size ", "max locked memory "] {
        assert!(text.contains(name), "{name} is not in {text}");
    }
}

#[test]
fn a_tool_that_is_not_there_is_skipped_and_named() {
    let entry = HERE.entry("mine/none");
    assert_eq!((&entry["outcome"], &entry["present"]), (&"skipped".into(), &false.into()));
    assert_eq!(entry["reason"], "missing tool: no-such-tool-anywhere");
    assert_eq!(entry["asked"]["argv"][1], "-x");
}

#[test]
fn a_quick_run_has_nothing_of_the_samplers() {
    assert_eq!(HERE.run()["profile"], "quick");
    assert!(HERE.entries().iter().all(|entry| entry["collector"] != "samples"));
}

#[test]
fn a_command_tells_its_argv_its_exit_and_its_time_in_the_manifest() {
    let entry = HERE.entry("uname");
    assert_eq!(entry["asked"]["argv"], serde_json::json!(["uname", "-a"]));
    assert_eq!(entry["exit"], 0);
    assert!(entry["seconds"].is_number() && entry["started"].is_string());
}
