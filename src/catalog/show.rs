//! What `list` and `explain` say, as text of a given width. Prints nothing.

use std::{fmt::Write, path::PathBuf};

use super::{
    limits::limits,
    model::{At, Catalog, Collector, Importance, Origin, Profile, Source, SourceKind, When},
    problem::did_you_mean,
};
use crate::{
    error::{Error, Result},
    escape::is_odd,
    host::never::NEVER,
};

/// Narrowest text; below that every word would have a line of its own.
const NARROWEST: usize = 40;

/// One line a collector: name, number of sources, what it is about; then what is switched off.
pub fn list(catalog: &Catalog, width: usize) -> String {
    let name_width = catalog.collectors.iter().map(|c| c.name.len()).max().unwrap_or(0).max("NAME".len());
    let mut out = String::new();
    let mut row = |name: &str, sources: &str, about: &str| {
        let head = format!("{name:name_width$}  {sources:>7}  ");
        out.push_str(&wrapped(&head, about, width));
    };
    row("NAME", "SOURCES", "ABOUT");
    for collector in &catalog.collectors {
        let about = match &collector.origin {
            Origin::BuiltIn => collector.about.clone(),
            Origin::DropIn(path) => format!("{} [{}]", collector.about, path.display()),
        };
        row(&collector.name, &collector.sources.len().to_string(), &about);
    }
    for disabled in &catalog.disabled {
        let text = format!("{} (by {})", disabled.target, disabled.by.display());
        out.push_str(&wrapped("switched off: ", &text, width));
    }
    out
}

/// What `explain` calls the list of what no collector takes.
pub const NEVER_TAKEN: &str = "never-taken";

/// What is never taken, whatever a collector says, and why.
pub fn never_taken(width: usize) -> String {
    let mut out = wrapped("", "Never taken, whatever a collector says, and neither are copies of it:", width);
    let mut why = "";
    for row in NEVER {
        if row.why != why {
            why = row.why;
            let _ = writeln!(out, "\n{why}");
        }
        let _ = writeln!(out, "  {}", row.pattern);
    }
    out
}

/// What a name means: a collector, or one of its sources (`redis/info`).
pub fn find<'c>(catalog: &'c Catalog, name: &str) -> Result<(&'c Collector, Option<&'c Source>)> {
    let (wanted, source) = match name.split_once('/') {
        Some((collector, source)) => (collector, Some(source)),
        None => (name, None),
    };
    let unknown = |hint: Option<String>| {
        let error = Error::usage(format!("no collector or source is named `{name}`"));
        Err(error.hint(hint.unwrap_or_else(|| "`glsos list` names the collectors".to_owned())))
    };
    let Some(collector) = catalog.collectors.iter().find(|collector| collector.name == wanted) else {
        return unknown(did_you_mean(wanted, catalog.collectors.iter().map(|c| c.name.as_str())));
    };
    let Some(source) = source else { return Ok((collector, None)) };
    match collector.sources.iter().find(|known| known.name == source) {
        Some(found) => Ok((collector, Some(found))),
        None => {
            let names: Vec<_> = collector.sources.iter().map(|s| format!("{wanted}/{}", s.name)).collect();
            let close = did_you_mean(name, names.iter().map(String::as_str));
            let all = || collector.sources.iter().map(|s| s.name.as_str()).collect::<Vec<_>>().join(", ");
            unknown(close.or_else(|| Some(format!("`{wanted}` has: {}", all()))))
        }
    }
}

/// A collector with all its sources.
pub fn explain(collector: &Collector, width: usize) -> String {
    let mut out = format!("{}\n", collector.name);
    out.push_str(&wrapped("  about     ", &collector.about, width));
    for line in conditions_of(collector) {
        out.push_str(&wrapped("  where     ", &line, width));
    }
    out.push_str(&wrapped("  profiles  ", &profiles(&collector.profiles), width));
    if let Origin::DropIn(path) = &collector.origin {
        out.push_str(&wrapped("  from      ", &path.display().to_string(), width));
    }
    for source in &collector.sources {
        out.push('\n');
        out.push_str(&explain_source(collector, source, width));
    }
    out
}

/// One source: why, what, under which conditions and limits.
pub fn explain_source(collector: &Collector, source: &Source, width: usize) -> String {
    let mut out = format!("{}/{} ({})\n", collector.name, source.name, source.kind.name());
    let mut line = |label: &str, text: &str| out.push_str(&wrapped(&format!("  {label:<8}  "), text, width));
    line("why", &source.why);
    let texts = texts(&source.kind);
    line(
        "takes",
        &takes_with(&source.kind, |arg| match texts.iter().position(|text| *text == arg) {
            Some(at) => format!("[{}]", at + 1),
            None => quoted(arg),
        }),
    );
    for (at, text) in texts.iter().enumerate() {
        for (nth, row) in text.trim_matches('\n').lines().enumerate() {
            let label = if nth == 0 { format!("[{}]", at + 1) } else { String::new() };
            let indent = row.len() - row.trim_start().len();
            out.push_str(&wrapped(&format!("  {label:<8}  {:indent$}", ""), row, width));
        }
    }
    let mut line = |label: &str, text: &str| out.push_str(&wrapped(&format!("  {label:<8}  "), text, width));
    if let Some(alias) = &source.alias {
        line("as", alias);
    }
    let limits = limits(&source.kind);
    if !limits.is_empty() {
        line("at most", &limits);
    }
    for condition in conditions(&source.when) {
        line("where", &condition);
    }
    if source.profiles != collector.profiles {
        line("profiles", &profiles(&source.profiles));
    }
    out
}

/// Arguments of several lines (SQL), which read best as they are.
fn texts(kind: &SourceKind) -> Vec<&str> {
    match kind {
        SourceKind::Command { run, .. } => {
            run.iter().map(String::as_str).filter(|arg| arg.trim().contains('\n')).collect()
        }
        _ => Vec::new(),
    }
}

/// What a source takes, on one line: the command, the path, the request.
pub fn takes(kind: &SourceKind) -> String {
    takes_with(kind, quoted)
}

fn takes_with(kind: &SourceKind, shown: impl Fn(&str) -> String) -> String {
    match kind {
        SourceKind::Command { run, sampler, .. } => {
            let argv = run.iter().map(|arg| shown(arg)).collect::<Vec<_>>().join(" ");
            if *sampler { format!("{argv} (a sampler)") } else { argv }
        }
        SourceKind::File { path, .. } => path.clone(),
        SourceKind::Log { path, importance } => match importance {
            Importance::Normal => path.clone(),
            other => format!("{path} (importance: {})", other.name()),
        },
        SourceKind::Http { at, get, .. } => format!("GET {get} from {}", address(at)),
        SourceKind::Part { of } => format!("a part of what {of} prints"),
        SourceKind::Probe { run } => format!("the built-in probe {run}"),
    }
}

fn address(at: &At) -> String {
    match at {
        At::Service(name) => (*name).to_owned(),
        At::Unix(path) => format!("unix:{}", path.display()),
        At::Loopback(address) => address.to_string(),
    }
}

/// An argument as one would have to type it.
fn quoted(arg: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || "-_./,:=+@%".contains(c);
    if !arg.is_empty() && arg.chars().all(bare) {
        return arg.to_owned();
    }
    let one_line = arg.split_whitespace().collect::<Vec<_>>().join(" ");
    if arg.contains('\'') && !arg.contains(['"', '\\', '$', '`', '!']) {
        return format!("\"{one_line}\"");
    }
    format!("'{}'", one_line.replace('\'', r"'\''"))
}

fn profiles(profiles: &[Profile]) -> String {
    profiles.iter().map(|profile| profile.name()).collect::<Vec<_>>().join(", ")
}

/// A collector's conditions, which its files and logs do not have.
pub(super) fn conditions_of(collector: &Collector) -> Vec<String> {
    let mut all = conditions(&collector.when);
    if !all.is_empty() && collector.sources.iter().any(|source| !source.kind.is_asked()) {
        all.push("files and logs: everywhere".to_owned());
    }
    all
}

/// A condition, one line for each of its parts.
pub fn conditions(when: &When) -> Vec<String> {
    let paths =
        |paths: &[PathBuf]| paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ");
    let parts = [
        ("one of these exists", paths(&when.any_path)),
        ("all of these exist", paths(&when.all_paths)),
        ("service", when.service.join(" or ")),
        ("role", when.role.join(" or ")),
    ];
    parts
        .into_iter()
        .filter(|(_, list)| !list.is_empty())
        .map(|(what, list)| format!("{what}: {list}"))
        .collect()
}

fn visible(c: char) -> char {
    if is_odd(c) { '\u{fffd}' } else { c }
}

/// Text behind a head, without what would move a terminal's cursor, wrapped at words; the next lines stand below the text. A longer word stays whole,
/// so that a path can be copied.
fn wrapped(head: &str, text: &str, width: usize) -> String {
    let indent = head.chars().count();
    let room = width.max(NARROWEST).saturating_sub(indent).max(20);
    let mut out = String::from(head);
    let mut used = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if used > 0 && used + 1 + length > room {
            let _ = write!(out, "\n{:indent$}", "");
            used = 0;
        } else if used > 0 {
            out.push(' ');
            used += 1;
        }
        out.extend(word.chars().map(visible));
        used += length;
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Words, add, parse};

    fn catalog() -> Catalog {
        let text = r#"
about = "Redis: memory, persistence, slow commands, and whatever else makes this line longer than a terminal is wide"
when = { service = "redis", any_path = ["/a", "/b"] }
profiles = ["default", "full"]
[[command]]
name = "info"
why = "Memory, evictions and replication"
run = ["gitlab-redis-cli", "INFO", "it's all"]
timeout = "90s"
limit = "1MiB"
as = "redis_info"
[[log]]
name = "current"
why = "Crashes"
path = "/var/log/gitlab/redis/**"
importance = "low"
profiles = ["full"]
[[http]]
name = "metrics"
why = "Queues"
at = "workhorse"
get = "/metrics"
limit = "100kB"
timeout = "1500ms"
"#;
        let file =
            parse("redis", text.as_bytes(), Origin::DropIn("/x/redis.toml".into()), &Words { probes: &[] });
        add(Catalog::default(), vec![file.unwrap()]).unwrap()
    }

    #[test]
    fn a_list_wraps_below_its_column() {
        assert_eq!(
            list(&catalog(), 60),
            "NAME   SOURCES  ABOUT\n\
             redis        3  Redis: memory, persistence, slow commands,\n\
             \x20               and whatever else makes this line longer\n\
             \x20               than a terminal is wide [/x/redis.toml]\n"
        );
    }

    #[test]
    fn lines_of_sql_are_shown_as_they_are() {
        let text = "about = \"x\"\n[[command]]\nname = \"a\"\nwhy = \"Because\"\nrun = [\"psql\", \"-c\", \"BEGIN\", \"-c\", \'\'\'\nSELECT 'it''s',\n       2\n\nFROM t\n\'\'\']\n";
        let file = parse("x", text.as_bytes(), Origin::BuiltIn, &Words { probes: &[] }).unwrap();
        let catalog = add(Catalog::default(), vec![file]).unwrap();
        let shown = explain_source(&catalog.collectors[0], &catalog.collectors[0].sources[0], 40);
        assert_eq!(
            shown,
            "\
x/a (command)
  why       Because
  takes     psql -c BEGIN -c [1]
  [1]       SELECT 'it''s',
                   2

            FROM t
  at most   4 MiB, 30 s
"
        );
        // A single line for tables.
        let kind = &catalog.collectors[0].sources[0].kind;
        assert_eq!(takes(kind), "psql -c BEGIN -c \"SELECT 'it''s', 2 FROM t\"");
    }

    #[test]
    fn explain_tells_what_is_taken_and_why() {
        assert_eq!(
            explain(&catalog().collectors[0], 80),
            r#"redis
  about     Redis: memory, persistence, slow commands, and whatever else makes
            this line longer than a terminal is wide
  where     one of these exists: /a, /b
  where     service: redis
  where     files and logs: everywhere
  profiles  default, full
  from      /x/redis.toml

redis/info (command)
  why       Memory, evictions and replication
  takes     gitlab-redis-cli INFO "it's all"
  as        redis_info
  at most   1 MiB, 90 s

redis/current (log)
  why       Crashes
  takes     /var/log/gitlab/redis/** (importance: low)
  profiles  full

redis/metrics (http)
  why       Queues
  takes     GET /metrics from workhorse
  at most   100 kB, 1500 ms
"#
        );
    }

    #[test]
    fn a_name_is_found_or_guessed() {
        let catalog = catalog();
        assert!(find(&catalog, "redis").unwrap().1.is_none());
        assert_eq!(find(&catalog, "redis/info").unwrap().1.unwrap().name, "info");
        assert!(find(&catalog, "rdis").unwrap_err().hints[0].contains("`redis`"));
        assert!(find(&catalog, "redis/x").unwrap_err().hints[0].contains("info, current"));
        assert!(find(&catalog, "").is_err());
    }
}
