//! Formats that other tools of the support desk read, from a run on a real node: gitlabsos' own, by name.

use super::node::{node, whole};

/// The cells of a line.
fn cells(line: &str) -> Vec<&str> {
    line.split_whitespace().collect()
}

#[test]
fn df_has_its_seven_columns() {
    let Some(bundle) = whole() else { return };
    let mut lines = bundle.text("df_hT").lines();
    let head = ["Filesystem", "Type", "Size", "Used", "Avail", "Use%", "Mounted", "on"];
    assert_eq!(cells(lines.next().unwrap()), head);
    let rows: Vec<_> = lines.map(cells).collect();
    assert!(rows.iter().all(|row| row.len() == 7 && row[5].ends_with('%')), "{rows:?}");
    assert!(rows.iter().any(|row| row[1] == "tmpfs" && row[6] == "/"), "{rows:?}");
}

#[test]
fn free_names_what_is_available() {
    let Some(bundle) = whole() else { return };
    let mut lines = bundle.text("free_m").lines().map(cells);
    let head = lines.next().unwrap();
    assert_eq!(head, ["total", "used", "free", "shared", "buff/cache", "available"]);
    let memory = lines.next().unwrap();
    assert_eq!((memory[0], memory.len()), ("Mem:", head.len() + 1));
    assert!(memory[1..].iter().all(|number| number.parse::<u64>().is_ok()), "{memory:?}");
}

#[test]
fn gitlab_status_has_one_line_a_service() {
    let Some(bundle) = whole() else { return };
    let lines: Vec<_> = bundle.text("gitlab_status").lines().collect();
    let names: Vec<_> = lines.iter().map(|line| line.split(": ").nth(1).unwrap()).collect();
    assert_eq!(names, ["nginx", "pgbouncer", "postgresql", "redis", "sidekiq"]);
    for line in lines {
        assert!(line.starts_with("run: ") && line.contains("s; run: log: (pid "), "{line}");
    }
}

#[test]
fn processes_are_in_the_columns_that_are_looked_for() {
    let Some(bundle) = whole() else { return };
    let head = ["USER", "PID", "%CPU", "%MEM", "VSZ", "RSS", "STAT", "STARTED", "TIME", "WCHAN", "COMMAND"];
    let mut lines = bundle.text("ps").lines();
    assert_eq!(cells(lines.next().unwrap()), head);
    let row = lines.find(|line| line.contains("postgres -D /var/opt/gitlab/postgresql/data")).unwrap();
    let (user, pid) = (cells(row)[0], cells(row)[1]);
    assert!("gitlab-psql".starts_with(user.trim_end_matches('+')) && pid.parse::<u32>().is_ok(), "{row}");
    for (name, column) in [("top_cpu", "%CPU"), ("top_res", "RES")] {
        let text = bundle.text(name);
        assert!(text.starts_with("top - ") && text.contains("load average:"), "{name}: {text}");
        let head = cells(text.lines().find(|line| line.trim_start().starts_with("PID USER")).unwrap());
        assert!(head.contains(&column) && head.last() == Some(&"COMMAND"), "{head:?}");
        assert!(text.contains("redis-server"), "{name}: {text}");
    }
}

#[test]
fn pressure_is_as_the_kernel_writes_it() {
    let Some(bundle) = whole() else { return };
    for name in ["pressure_cpu.txt", "pressure_io.txt", "pressure_mem.txt"] {
        let line = bundle.text(name).lines().next().unwrap();
        let names: Vec<_> = cells(line).iter().map(|cell| cell.split('=').next().unwrap()).collect();
        assert_eq!(names, ["some", "avg10", "avg60", "avg300", "total"], "{name}: {line}");
    }
}

#[test]
fn files_keep_their_paths_and_the_archive_its_name() {
    let Some(bundle) = whole() else { return };
    for name in
        ["opt/gitlab/version-manifest.json", "etc/gitlab/gitlab.rb", "etc/os-release", "mount", "meminfo"]
    {
        assert!(bundle.files.contains_key(name), "{name}");
    }
    let Some(mut node) = node() else { return };
    node.tell("mkdir /out/named && cd /out/named && /glsos collect -q --profile quick --only system --ticket 4711; cd /");
    let names = node.tell("ls /out/named; rm -r /out/named");
    let stem = names.trim().strip_suffix(".tar.gz").unwrap_or_else(|| panic!("{names}"));
    let time = stem.strip_prefix("glsos.4711.gitlab.lab.example.").unwrap_or_else(|| panic!("{names}"));
    assert!(time.len() == 14 && time.bytes().all(|b| b.is_ascii_digit()), "{names}");
}
