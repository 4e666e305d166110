//! Which files a log source names.

use super::*;

const NOW: &str = "2026-03-02T00:00:00Z";
const TAI: &str = "@4000000069a40e2a0754d4c0";

fn found(host: &Memory, pattern: &str) -> Vec<String> {
    find(host, pattern).files.iter().map(|file| file.path.display().to_string()).collect()
}

fn nginx() -> Memory {
    let host = Memory::new();
    for name in [
        "access.log",
        "access.log.1",
        "access.log.10.gz",
        "access.log.2.gz",
        "access.log-20260228",
        "access.log.old",
    ] {
        host.put(&format!("/l/nginx/{name}"), "x", NOW);
    }
    for name in
        ["access.log.txt", "error.log", "error.log.1", "access.log.pid", "access.log.12345", "other.log.1"]
    {
        host.put(&format!("/l/nginx/{name}"), "x", NOW);
    }
    host
}

#[test]
fn a_log_comes_with_its_rotated_files_the_newest_first() {
    let expected =
        ["", ".1", ".2.gz", ".10.gz", "-20260228", ".old"].map(|s| format!("/l/nginx/access.log{s}"));
    assert_eq!(found(&nginx(), "/l/nginx/access.log"), expected);
}

#[test]
fn rotated_files_are_found_without_their_live_log() {
    let host = nginx();
    host.remove("/l/nginx/access.log");
    assert_eq!(found(&host, "/l/nginx/access.log").len(), 5);
    assert!(found(&host, "/l/*/*.log").contains(&"/l/nginx/other.log.1".to_owned()));
}

#[test]
fn what_rotates_in_other_ways() {
    let host = Memory::new();
    let names = [
        "a.log",
        "a-20260301.log",
        "a-20260228.log.gz",
        "a.log-2026-03-01",
        "a.log-2026030112",
        "a.log-20260301-1772359200",
    ];
    for name in names {
        host.put(&format!("/l/{name}"), "x", NOW);
    }
    host.put("/l/a-12345678.log", "not a date", NOW);
    let files = find(&host, "/l/a.log").files;
    assert_eq!(files.len(), names.len(), "{files:?}");
    assert!(files.iter().all(|file| file.log == Path::new("/l/a.log")));
}

#[test]
fn svlogd_files_belong_to_current_and_its_own_files_do_not() {
    let host = Memory::new();
    for name in
        ["current", &format!("{TAI}.s"), &format!("{TAI}.u"), &format!("{TAI}.t"), "lock", "state", "config"]
    {
        host.put(&format!("/l/redis/{name}"), gzip(b"x\n"), NOW);
    }
    host.put("/l/plain/state", "a log that is called so", NOW);
    let expected = ["/l/redis/current".to_owned(), format!("/l/redis/{TAI}.s"), format!("/l/redis/{TAI}.u")];
    assert_eq!(found(&host, "/l/redis/current"), expected);
    assert_eq!(found(&host, "/l/redis/**"), expected);
    assert_eq!(found(&host, "/l/plain/**"), ["/l/plain/state"]);
    let rotated = &find(&host, "/l/redis/*").files[1];
    assert_eq!(rotated.rotated, Some(Rotated::Tai(at("2026-03-01T10:00:00.123Z"))));
    assert_eq!(rotated.log, Path::new("/l/redis/current"));
}

#[test]
fn inflated_entries_lose_the_suffix_by_content_not_by_name() {
    let host = Memory::new();
    host.put("/l/a.log.1.gz", gzip(b"x\n"), NOW);
    host.put("/l/a.log.2.gz", "text\n", NOW);
    host.put("/l/a.log.3.xz", "text\n", NOW);
    host.put(&format!("/l/{TAI}.s"), gzip(b"x\n"), NOW);
    host.put(&format!("/l/{}.s", TAI.replace("4c0", "4c1")), "text\n", NOW);
    let files = find(&host, "/l/*").files;
    let entry = |path: &str| {
        let file = files.iter().find(|file| file.path == Path::new(path)).unwrap();
        (file.entry.to_str().unwrap().to_owned(), file.packing)
    };
    assert_eq!(entry("/l/a.log.1.gz"), ("l/a.log.1".to_owned(), Packing::Gzip));
    assert_eq!(entry("/l/a.log.2.gz"), ("l/a.log.2.gz".to_owned(), Packing::Plain));
    assert_eq!(entry("/l/a.log.3.xz"), ("l/a.log.3.xz".to_owned(), Packing::Unsupported("xz")));
    assert_eq!(entry(&format!("/l/{TAI}.s")), (format!("l/{TAI}"), Packing::Gzip));
    let plain = TAI.replace("4c0", "4c1");
    assert_eq!(entry(&format!("/l/{plain}.s")), (format!("l/{plain}.s"), Packing::Plain));
}

#[test]
fn a_closed_folder_is_told_and_a_missing_one_is_not() {
    let host = nginx();
    host.deny("/l/nginx");
    let closed = find(&host, "/l/nginx/access.log").closed;
    assert_eq!(closed.iter().map(|error| error.trouble).collect::<Vec<_>>(), [Trouble::Denied]);
    assert!(find(&host, "/nowhere/x.log").closed.is_empty());
}
