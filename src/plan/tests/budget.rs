//! Who gives way when a bundle has no room for all logs.

use super::*;
use crate::logs::{Cap, Giver};

const LOGS: &str = r#"
about = "Logs"
[[log]]
name = "important"
why = "A"
path = "/i/*"
importance = "high"
[[log]]
name = "usual"
why = "A"
path = "/n/*"
[[log]]
name = "other"
why = "A"
path = "/o/*"
importance = "low"
"#;

/// Lines that hardly compress: each holds 32 hexadecimal digits of chance, which take 16 bytes.
fn lines(count: u64, seed: u64) -> String {
    let mut state = seed | 1;
    let mut digits = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state >> 3
    };
    let line = |_| format!("2026-03-02T10:00:00Z {:016x}{:016x}\n", digits(), digits());
    (0..count).map(line).collect()
}

/// Files that were just written.
fn host(files: &[(&str, u64)]) -> Memory {
    let written = "2026-03-02T10:00:00Z".parse::<jiff::Timestamp>().unwrap().as_second();
    files.iter().zip(1..).fold(Memory::default(), |host, ((path, count), seed)| {
        host.file(path, lines(*count, seed)).mtime(path, written)
    })
}

fn with_room(host: &Memory, max_bundle: u64) -> Plan {
    plan(host, &[("logs", LOGS)], &Wishes { max_bundle: Some(max_bundle), ..wishes() })
}

/// What a file may take, if anything but its own size limits it.
fn cap(plan: &Plan, path: &str) -> Option<Cap> {
    let item = plan.items.iter().find(|item| item.entry == Path::new(path)).unwrap();
    match &item.take {
        Take::Log { cap, .. } => *cap,
        _ => panic!("{path} is no log"),
    }
}

fn share(plan: &Plan, path: &str) -> u64 {
    let cap = cap(plan, path).unwrap();
    assert_eq!(cap.by, Giver::MaxBundle);
    cap.bytes
}

#[test]
fn small_logs_come_whole_and_large_ones_share_what_is_left() {
    let host = host(&[("/n/small.log", 1_000), ("/n/large.log", 60_000), ("/n/larger.log", 90_000)]);
    let plan = with_room(&host, 2_000_000);
    assert_eq!(cap(&plan, "n/small.log"), None);
    let (large, larger) = (share(&plan, "n/large.log"), share(&plan, "n/larger.log"));
    assert!(large.abs_diff(larger) < larger / 20, "{large} {larger}");
    assert_eq!(plan.estimate.shortened, 2);
    assert!((1_500_000..2_000_000).contains(&plan.estimate.bytes), "{:?}", plan.estimate);
}

#[test]
fn what_is_more_important_gives_way_last_and_nothing_vanishes() {
    let host = host(&[("/i/a.log", 40_000), ("/n/b.log", 40_000), ("/o/c.log", 40_000)]);
    let plan = with_room(&host, 2_000_000);
    assert_eq!(cap(&plan, "i/a.log"), None, "it fits");
    let (usual, other) = (share(&plan, "n/b.log"), share(&plan, "o/c.log"));
    assert!(usual > 2 * other && other > 200_000, "{usual} {other}");
}

#[test]
fn a_log_and_its_rotated_files_have_one_share_and_come_newest_first() {
    let host = host(&[("/n/a.log", 20_000), ("/n/a.log.1", 60_000), ("/n/a.log.2", 60_000)]);
    let plan = with_room(&host, 2_000_000);
    let entries: Vec<_> =
        plan.items.iter().filter(|item| item.size().is_some()).map(|item| &item.entry).collect();
    assert_eq!(entries, [Path::new("n/a.log"), Path::new("n/a.log.1"), Path::new("n/a.log.2")]);
    let whole = share(&plan, "n/a.log");
    assert_eq!(whole, share(&plan, "n/a.log.2"));
    assert!(whole > host_len(&host, "/n/a.log"), "the share is the log's, not the file's");
    assert_eq!(plan.estimate.shortened, 1);
}

fn host_len(host: &Memory, path: &str) -> u64 {
    use crate::host::Host;
    host.stat(Path::new(path)).unwrap().len
}

#[test]
fn without_a_limit_nothing_gives_way_and_nobody_fences() {
    let host = host(&[("/n/a.log", 60_000)]);
    let plan = plan(&host, &[("logs", LOGS)], &Wishes { estimate: true, ..wishes() });
    assert_eq!(cap(&plan, "n/a.log"), None);
    assert!(plan.items.iter().all(|item| item.until.is_none()));
    assert!((1_000_000..1_400_000).contains(&plan.estimate.bytes), "{:?}", plan.estimate);
}

#[test]
fn a_smaller_limit_of_one_log_stays() {
    let host = host(&[("/n/a.log", 60_000), ("/n/b.log", 60_000)]);
    let wishes = Wishes { max_bundle: Some(2_000_000), max_log: Some(10_000), ..wishes() };
    let plan = plan(&host, &[("logs", LOGS)], &wishes);
    assert_eq!(cap(&plan, "n/a.log"), Some(Cap { bytes: 10_000, by: Giver::MaxLog }));
    assert_eq!(plan.estimate.shortened, 0);
}
