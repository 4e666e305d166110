//! Tools that read gitlabsos archives find what they know in our bundles: each confirmed name of
//! `tests/fixtures/gitlabsos-names.tsv` has a source in `collectors/` that takes just the same.

use std::{collections::BTreeMap, fs, path::Path};

use toml::{Table, Value};

struct Row<'a> {
    name: &'a str,
    source: &'a str,
    kind: &'a str,
    confirmed: bool,
}

fn rows(text: &str) -> Vec<Row<'_>> {
    text.lines()
        .skip(1)
        .map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [name, source, kind, certainty] = fields[..] else { panic!("not four fields: {line}") };
            Row { name, source, kind, confirmed: certainty.starts_with("confirmed") }
        })
        .collect()
}

/// Every source with the kind of its table, by the name that its entry has at the top of the bundle.
fn sources() -> BTreeMap<String, (String, Table)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = BTreeMap::new();
    for file in fs::read_dir(root.join("collectors")).unwrap() {
        let collector: Table = fs::read_to_string(file.unwrap().path()).unwrap().parse().unwrap();
        for (kind, sources) in &collector {
            for source in sources.as_array().into_iter().flatten().filter_map(Value::as_table) {
                let name = source.get("as").or(source.get("path")).and_then(Value::as_str);
                let Some(name) = name else { continue };
                let key = name.trim_start_matches('/').to_owned();
                let before = found.insert(key, (kind.clone(), source.clone()));
                assert!(before.is_none(), "two sources make `{name}`");
            }
        }
    }
    found
}

/// What a source takes, in the words of the list.
fn taken(source: &Table) -> String {
    match source.get("run") {
        Some(Value::Array(argv)) => argv.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(" "),
        Some(other) => other.as_str().unwrap_or_default().to_owned(),
        None => source.get("path").and_then(Value::as_str).unwrap_or_default().to_owned(),
    }
}

#[test]
fn every_confirmed_name_is_taken_by_the_same_command_or_from_the_same_file() {
    let list = include_str!("fixtures/gitlabsos-names.tsv");
    let sources = sources();
    let mut wrong = Vec::new();
    for row in rows(list).iter().filter(|row| row.confirmed) {
        let Some((kind, source)) = sources.get(row.name) else {
            wrong.push(format!("{}: no source", row.name));
            continue;
        };
        // Two come from probes: a login shell of the git user is never started for its limits, nor Rails
        // for its migrations.
        let probe = kind == "probe" && ["ulimit", "gitlab_migrations"].contains(&row.name);
        // The list tells in words what else belongs to a log or file: `…, redacted`, `… and every …`.
        let wanted = match row.kind {
            "file" | "log" => row.source.split([',', ' ']).next().unwrap_or_default(),
            _ => row.source,
        };
        if !probe && taken(source) != wanted {
            wrong.push(format!("{}: `{}` instead of `{wanted}`", row.name, taken(source)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_name_that_is_no_path_is_one_of_the_list() {
    let list = include_str!("fixtures/gitlabsos-names.tsv");
    let known: Vec<&str> = rows(list).iter().map(|row| row.name).collect();
    for (name, (_, source)) in sources().iter().filter(|(_, (_, source))| source.contains_key("as")) {
        assert!(known.contains(&name.as_str()), "`as = {name:?}` is in no list ({})", taken(source));
    }
}

/// Without a source: ActiveRecord's dump takes Rails more than a minute, and of the other nobody knows what it holds.
const NOT_YET: &[&str] = &["ar_schema_dump_result", "gitlab_system_status"];

#[test]
fn every_other_name_of_the_list_is_taken_too() {
    let list = include_str!("fixtures/gitlabsos-names.tsv");
    let sources = sources();
    let missing: Vec<&str> = rows(list)
        .iter()
        .map(|row| row.name)
        .filter(|name| !sources.contains_key(*name) && !NOT_YET.contains(name))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
    assert!(NOT_YET.iter().all(|name| !sources.contains_key(*name)), "taken by now: {NOT_YET:?}");
}
