//! `migrations`: GitLab's migrations, as `rake db:migrate:status` prints them, without starting Rails.
//!
//! The files of the package against the versions that the database has. Their names are written as
//! Rails does it (ActiveSupport's `humanize`, with GitLab's acronyms), so that tools which know rake's
//! output find what they look for. One query, read-only; nothing of any other table.

use std::{collections::BTreeSet, path::Path, time::Duration};

use super::table::plain;
use crate::host::{Command, Error, Flow, Host, RanEnd, Trouble};

const FOLDERS: [&str; 2] = [
    "/opt/gitlab/embedded/service/gitlab-rails/db/migrate",
    "/opt/gitlab/embedded/service/gitlab-rails/db/post_migrate",
];
const PSQL: &str = "gitlab-psql";
/// The database's name, then its versions, one a line.
const QUERY: [&str; 8] = [
    PSQL,
    "-XqAt",
    "-c",
    "BEGIN READ ONLY; SET LOCAL pg_stat_statements.track = none; SET LOCAL statement_timeout = '10s'; \
     SET LOCAL lock_timeout = '1s'",
    "-c",
    "SELECT current_database()",
    "-c",
    "SELECT version FROM schema_migrations",
];
const TIMEOUT: Duration = Duration::from_secs(20);
/// Some 60,000 versions; GitLab has had about 10,000.
const LIMIT: u64 = 1 << 20;
/// What GitLab's inflections write in capitals.
const ACRONYMS: [&str; 3] = ["ee", "jh", "csp"];

/// Tells which migrations are up, down, or without a file.
pub(super) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    let files = files(host)?;
    let answer = ask(host)?;
    let mut lines = answer.lines();
    let database = plain(lines.next().unwrap_or_default());
    let mut versions: BTreeSet<u64> = lines.filter_map(|line| line.trim().parse().ok()).collect();
    let mut rows: Vec<(u64, &str, String)> = Vec::new();
    for (version, name) in files {
        rows.push((version, if versions.remove(&version) { "up" } else { "down" }, name));
    }
    rows.extend(
        versions.into_iter().map(|version| (version, "up", "********** NO FILE **********".to_owned())),
    );
    rows.sort();
    let mut text = format!("\ndatabase: {database}\n\n Status   Migration ID    Migration Name\n");
    text.push_str(&"-".repeat(50));
    text.push('\n');
    for (version, status, name) in rows {
        text.push_str(&format!("{status:^8}  {version:<14}  {name}\n"));
    }
    text.push('\n');
    sink(text.as_bytes());
    Ok(())
}

/// Versions and names of the migrations that the package brings.
fn files(host: &dyn Host) -> Result<Vec<(u64, String)>, Error> {
    let mut found = Vec::new();
    for folder in FOLDERS {
        let mut take = |listed: crate::host::Listed| {
            found.extend(listed.name.to_str().and_then(migration));
            Flow::Go
        };
        match host.each_name(Path::new(folder), &mut take) {
            Ok(()) => {}
            Err(error) if error.trouble == Trouble::Missing && folder == FOLDERS[1] => {}
            Err(error) => return Err(error),
        }
    }
    Ok(found)
}

/// `20240301120000_add_index_to_users.rb`, in Rails' own pattern.
fn migration(file: &str) -> Option<(u64, String)> {
    let (version, rest) = file.strip_suffix(".rb")?.split_once('_')?;
    let plain = |c: char| c == '_' || c.is_ascii_lowercase() || c.is_ascii_digit();
    let (name, scope) = rest.split_once('.').unwrap_or((rest, ""));
    let fits = version.bytes().all(|b| b.is_ascii_digit()) && name.chars().chain(scope.chars()).all(plain);
    fits.then_some(())?;
    Some((version.parse().ok()?, humanize(&format!("{name}{scope}"))))
}

/// As ActiveSupport does it.
fn humanize(name: &str) -> String {
    let name = name.trim_start_matches('_');
    let name = name.strip_suffix("_id").unwrap_or(name);
    let word = |word: &str| {
        if ACRONYMS.contains(&word) { word.to_ascii_uppercase() } else { word.to_owned() }
    };
    let mut text = name.split('_').map(word).collect::<Vec<_>>().join(" ");
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// What the database answers; an error unless that is all of it.
fn ask(host: &dyn Host) -> Result<String, Error> {
    let argv = QUERY.iter().map(|&argument| argument.to_owned()).collect();
    let mut answer = Vec::new();
    let ran = host.run(&Command { argv, timeout: TIMEOUT, limit: LIMIT }, &mut |bytes| {
        answer.extend_from_slice(bytes);
        Flow::Go
    })?;
    let failed = |trouble, detail: String| Err(Error::new(trouble, "asking", PSQL).detail(detail));
    match ran.end {
        RanEnd::Exited(0) => Ok(String::from_utf8_lossy(&answer).into_owned()),
        RanEnd::Exited(status) => {
            let said = String::from_utf8_lossy(&ran.stderr);
            let first = said.lines().next().unwrap_or_default();
            failed(Trouble::Io, format!("{PSQL} ended with exit status {status}: {first}"))
        }
        RanEnd::TimedOut | RanEnd::Abandoned => failed(Trouble::TimedOut, "the database".to_owned()),
        RanEnd::Stopped => failed(Trouble::Stopped, String::new()),
        RanEnd::Cut => failed(Trouble::TooLarge, format!("more than {LIMIT} bytes of versions")),
        RanEnd::Signalled(signal) => failed(Trouble::Io, format!("{PSQL} was ended by signal {signal}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::memory::Memory;

    fn status(host: &Memory) -> Result<String, Error> {
        let mut text = Vec::new();
        run(host, &mut |bytes| {
            text.extend_from_slice(bytes);
            Flow::Go
        })?;
        Ok(String::from_utf8(text).unwrap())
    }

    fn package() -> Memory {
        let file = |host: Memory, name: &str| {
            let folder = if name.contains("queue") { FOLDERS[1] } else { FOLDERS[0] };
            host.file(&format!("{folder}/{name}"), "class")
        };
        let names = [
            "20240301120000_add_ee_index_to_users.rb",
            "20240302120000_queue_backfill_user_id.rb",
            "20240401000000_validate_csp_of_2_tables.rb",
            "20240501000000_from_an_engine.scope.rb",
            ".rubocop.yml",
            "README.md",
            "20240601000000_Camel.rb",
        ];
        names.into_iter().fold(Memory::default(), file)
    }

    #[test]
    fn it_reads_as_rakes_own() {
        let host = package().command(
            &QUERY,
            "gitlabhq_production\n20240302120000\n20190102030405\n20240301120000\n",
            0,
        );
        assert_eq!(
            status(&host).unwrap(),
            "
database: gitlabhq_production

 Status   Migration ID    Migration Name
--------------------------------------------------
   up     20190102030405  ********** NO FILE **********
   up     20240301120000  Add EE index to users
   up     20240302120000  Queue backfill user
  down    20240401000000  Validate CSP of 2 tables
  down    20240501000000  From an enginescope

"
        );
    }

    #[test]
    fn a_database_that_does_not_answer_is_no_list_of_migrations_that_are_down() {
        let host = package().command(&QUERY, "gitlabhq_production\n", 1);
        let error = status(&host).unwrap_err();
        assert_eq!(error.trouble, Trouble::Io);
        assert!(error.detail.contains("exit status 1"), "{error}");
        assert_eq!(status(&package()).unwrap_err().trouble, Trouble::Missing);
    }

    #[test]
    fn without_the_packages_files_nothing_is_asked() {
        let host = Memory::default().command(&QUERY, "gitlabhq_production\n20240301120000\n", 0);
        assert_eq!(status(&host).unwrap_err().trouble, Trouble::Missing);
    }
}
