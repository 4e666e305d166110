//! docs/collectors.md: the format from the parser's own table of keys, then every collector.

use std::fmt::Write;

use super::{
    keys::{self, Need, Section, Type},
    limits::limits,
    model::{Catalog, Collector, Source, SourceKind},
    show,
};
use crate::host::{installation::ROLES, listeners::LISTENERS};

const INTRODUCTION: &str = "\
# Collectors

A collector is one TOML file about one subject: what is taken, and why. The files in `collectors/` of the source are built
in, and are the complete list of what can leave a server. Drop-ins in `/etc/glsos/collectors.d` and `--collectors DIR` add to it.
This page is written by the program's tests from the same tables that read the files.

- [The format](#the-format)
- [Drop-ins](#drop-ins)
- [The built-in collectors](#the-built-in-collectors)

A new one starts with `glsos collectors new NAME`; `glsos collectors check FILE` tells all that is wrong with it at once.

## The format
";

const DROP_INS: &str = "
## Drop-ins

A drop-in adds a collector: the file `NAME.toml` adds the collector `NAME`. It may also switch built-ins off, by name
(`disable = [\"redis\"]`) or one source at a time (`disable = [\"system/uname\"]`), and may do only that. It can't replace a
built-in under its name, so that a name means the same on every host: switch the built-in off and give yours another name.
What was switched off is told in every run. A drop-in can't change what is redacted or what is never taken.

As root, a drop-in that is not owned by root, or is writable by others, is refused.
";

/// The whole page.
pub fn page(catalog: &Catalog) -> String {
    let mut out = String::from(INTRODUCTION);
    format(&mut out);
    out.push_str(DROP_INS);
    out.push_str("\n## The built-in collectors\n\n| collector | sources | about |\n|---|---|---|\n");
    for collector in &catalog.collectors {
        let Collector { name, about, sources, .. } = collector;
        let _ = writeln!(out, "| [{name}](#{name}) | {} | {} |", sources.len(), cell(about));
    }
    for collector in &catalog.collectors {
        describe(&mut out, collector);
    }
    out
}

fn format(out: &mut String) {
    for section in [
        &keys::COLLECTOR,
        &keys::COMMAND,
        &keys::PART,
        &keys::FILE,
        &keys::LOG,
        &keys::HTTP,
        &keys::PROBE,
        &keys::WHEN,
    ] {
        let title = match section.title {
            "the file" => "The file".to_owned(),
            title => format!("`{title}`"),
        };
        let _ = write!(
            out,
            "\n### {title}\n\n{}\n\n| key | type | default | meaning |\n|---|---|---|---|\n",
            section.about
        );
        for key in section.keys() {
            let default = match key.need {
                Need::Must => "compulsory".to_owned(),
                Need::May => "–".to_owned(),
                Need::Default(value) => format!("`{value}`"),
            };
            let example =
                if key.example.is_empty() { String::new() } else { format!(" `{}`", code(key.example)) };
            let _ = writeln!(
                out,
                "| `{}` | {} | {default} | {}{example} |",
                key.name,
                kind(key.value),
                cell(key.about)
            );
        }
    }
    out.push_str("\n### Services of `at`\n\n");
    out.push_str("The address is that of the rendered configuration, if it is on loopback; without one it is this.\n\n");
    out.push_str("| service | what answers | unless configured |\n|---|---|---|\n");
    for listener in LISTENERS {
        let _ = writeln!(
            out,
            "| `{}` | {} | `{}` |",
            listener.name,
            listener.about,
            listener.defaults.join("`, `")
        );
    }
    out.push_str(
        "\n### Roles of `when`\n\n| role | a node has it if one of these services is enabled |\n|---|---|\n",
    );
    for (role, services) in ROLES {
        let _ = writeln!(out, "| `{role}` | {} |", services.join(", "));
    }
}

fn kind(value: Type) -> String {
    let linked =
        |section: &Section| format!("[`{}`](#{})", section.title, section.title.trim_matches(['[', ']']));
    match value {
        Type::Text => "string".to_owned(),
        Type::Texts => "list of strings".to_owned(),
        Type::OneOrMore => "string or list of strings".to_owned(),
        Type::Flag => "`true` or `false`".to_owned(),
        Type::Table(section) => format!("{} table", linked(section)),
        Type::Tables(section) => format!("{} tables", linked(section)),
    }
}

fn describe(out: &mut String, collector: &Collector) {
    let _ = write!(out, "\n### {}\n\n{}.\n", collector.name, collector.about.trim_end_matches('.'));
    let profiles: Vec<&str> = collector.profiles.iter().map(|profile| profile.name()).collect();
    let conditions: Vec<String> = show::conditions_of(collector);
    let place = if conditions.is_empty() { "everywhere".to_owned() } else { conditions.join("; ") };
    let _ = write!(out, "\nWhere: {place}. Profiles: {}.\n\n", profiles.join(", "));
    out.push_str("| source | takes | at most | why |\n|---|---|---|---|\n");
    for source in &collector.sources {
        let Source { name, why, .. } = source;
        let takes = match &source.kind {
            SourceKind::Probe { .. } | SourceKind::Part { .. } => show::takes(&source.kind),
            kind => format!("`{}`", code(&show::takes(kind))),
        };
        let mut notes = String::new();
        if let Some(alias) = &source.alias {
            let _ = write!(notes, ", as `{alias}`");
        }
        for condition in show::conditions(&source.when) {
            let _ = write!(notes, "; {}", cell(&condition));
        }
        if source.profiles != collector.profiles {
            let own: Vec<&str> = source.profiles.iter().map(|profile| profile.name()).collect();
            let _ = write!(notes, "; profiles: {}", own.join(", "));
        }
        let limits = limits(&source.kind);
        let _ = writeln!(out, "| {name} | {takes}{notes} | {limits} | {} |", cell(why));
    }
}

/// Code inside a table: only a pipe would end the cell.
fn code(text: &str) -> String {
    text.replace('|', "\\|")
}

/// Text inside a table: a pipe would end the cell, and a tag would be one.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}
