//! A run on a node that has nothing to do leaves no trace but in the services' own logs, and its lock.

use super::node::node;

/// Every file and folder with its size, times of writing and of change; of files the time of reading too, in a
/// column of its own (to look for them reads the folders).
const FILES: &str = r"find / -xdev ! -path /out \( -type f -printf '%p\t%s %T@ %C@\t%A@\n' -o -printf '%p\t%T@ %C@\t-\n' \) | sort";
const ROWS: &str = "gitlab-psql -XAtc 'SELECT datname, tup_inserted, tup_updated, tup_deleted FROM pg_stat_database ORDER BY 1'";
const SETTINGS: &str = "gitlab-psql -XAtc 'SELECT name, setting, source FROM pg_settings ORDER BY 1'; gitlab-redis-cli CONFIG GET '*'; gitlab-redis-cli DBSIZE";

/// Where services write for themselves: their logs, and the texts of the statements that pg_stat_statements counts.
fn is_the_services_own(path: &str) -> bool {
    path.starts_with("/var/log/gitlab/") && path.ends_with("/current")
        || path.ends_with("/pg_stat_tmp/pgss_query_texts.stat")
}

/// What glsos reads itself. The rest are files that the commands read which it runs.
fn is_read_by_glsos(path: &str) -> bool {
    let by_commands = [
        "/var/opt/gitlab/postgresql/data/base",
        "/var/opt/gitlab/postgresql/data/global",
        "/var/opt/gitlab/redis/",
    ];
    ["/etc/gitlab/", "/var/log/", "/var/opt/gitlab/"].iter().any(|folder| path.starts_with(folder))
        && !by_commands.iter().any(|folder| path.starts_with(folder))
        && !is_the_services_own(path)
}

/// What keeps a second run away (`host::single`): the process that had it last is written there.
const LOCK: &str = "/run/glsos.lock";

/// Lines of a listing, each cut at its tabs.
fn listed(text: &str) -> Vec<[&str; 3]> {
    text.lines().map(|line| line.split('\t').collect::<Vec<_>>().try_into().unwrap()).collect()
}

#[test]
fn a_run_changes_nothing() {
    let Some(mut node) = node() else { return };
    // Left by any run before, until the next boot.
    node.tell(&format!("install -m 600 /dev/null {LOCK}"));
    // The shells that list and ask are no part of it: what they read was read before.
    node.tell(FILES);
    let before = [ROWS, SETTINGS, FILES].map(|line| node.tell(line));
    let bundle = node.collect("--profile full --skip samples");
    let after = [FILES, ROWS, SETTINGS].map(|line| node.tell(line));
    assert_eq!(bundle.outcome("schema_dump_result"), "complete");
    assert_eq!(before[0], after[1], "rows were written");
    assert_eq!(before[1], after[2], "a setting was changed");

    let (old, new) = (listed(&before[2]), listed(&after[0]));
    let written = |line: &&[&str; 3]| {
        line[0] != LOCK && !is_the_services_own(line[0]) && !old.iter().any(|known| known[..2] == line[..2])
    };
    let changed: Vec<_> = new.iter().filter(written).collect();
    assert!(changed.is_empty(), "written or changed: {changed:#?}");
    assert_eq!(old.len(), new.len(), "files went");
    let read: Vec<_> = new.iter().filter(|line| is_read_by_glsos(line[0]) && !old.contains(line)).collect();
    assert!(read.is_empty(), "their time of access tells of us: {read:#?}");
    let taken = new
        .iter()
        .filter(|line| is_read_by_glsos(line[0]) && bundle.files.contains_key(&line[0][1..]))
        .count();
    assert!(taken > 10, "only {taken} of these files were read at all");
}
