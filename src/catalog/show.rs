//! What `list` and `explain` say, as text of a given width. Prints nothing.

use std::{fmt::Write, path::PathBuf, time::Duration};

use super::{
    model::{At, Catalog, Collector, Importance, Origin, Profile, Source, SourceKind, When},
    problem::{did_you_mean, tricky},
};
use crate::{
    error::{Error, Result},
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
    for line in conditions(&collector.when) {
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
    line("takes", &takes(&source.kind));
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

/// What a source takes, on one line: the command, the path, the request.
pub fn takes(kind: &SourceKind) -> String {
    match kind {
        SourceKind::Command { run, sampler, .. } => {
            let argv = run.iter().map(|arg| quoted(arg)).collect::<Vec<_>>().join(" ");
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

/// Limit and timeout of a source.
pub fn limits(kind: &SourceKind) -> String {
    match kind {
        SourceKind::Command { timeout, limit, .. } | SourceKind::Http { timeout, limit, .. } => {
            format!("{}, {}", size(*limit), duration(*timeout))
        }
        SourceKind::File { limit, .. } => size(*limit),
        SourceKind::Log { .. } | SourceKind::Probe { .. } | SourceKind::Part { .. } => String::new(),
    }
}

/// A size as its author wrote it, without loss.
fn size(bytes: u64) -> String {
    const UNITS: [(&str, u64); 5] =
        [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("MB", 1_000_000), ("kB", 1_000)];
    match UNITS.iter().find(|(_, unit)| bytes.is_multiple_of(*unit)) {
        Some((name, unit)) => format!("{} {name}", bytes / unit),
        None => format!("{bytes} B"),
    }
}

fn duration(duration: Duration) -> String {
    let millis = duration.as_millis();
    match [("h", 3_600_000), ("min", 60_000), ("s", 1_000)]
        .iter()
        .find(|(_, unit)| millis.is_multiple_of(*unit))
    {
        Some((name, unit)) => format!("{} {name}", millis / unit),
        None => format!("{millis} ms"),
    }
}

fn profiles(profiles: &[Profile]) -> String {
    profiles.iter().map(|profile| profile.name()).collect::<Vec<_>>().join(", ")
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
        out.extend(word.chars().map(|c| if tricky(c) { '\u{fffd}' } else { c }));
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
    fn explain_tells_what_is_taken_and_why() {
        assert_eq!(
            explain(&catalog().collectors[0], 80),
            r#"redis
  about     Redis: memory, persistence, slow commands, and whatever else makes
            this line longer than a terminal is wide
  where     one of these exists: /a, /b
  where     service: redis
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
