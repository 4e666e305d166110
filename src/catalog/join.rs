//! Joins files to a catalog: drop-ins add collectors and switch built-ins off.
//!
//! A drop-in never replaces a built-in under its name: it names what it switches off, in the open, and
//! adds its own under another name.

use std::{collections::HashMap, path::Path};

use super::{
    model::{Catalog, Collector, Disabled, Origin, SourceKind},
    parse::File,
    problem::{Place, Problem, did_you_mean},
    rules,
};

/// The collector's name that a drop-in's path gives it, or why it gives none.
pub fn drop_in_name(path: &Path) -> Result<String, Problem> {
    let wrong = |message: &str| Problem {
        place: Place::whole(path.display().to_string()),
        message: message.to_owned(),
        hint: Some("a collector is a file named `NAME.toml`".to_owned()),
    };
    if path.extension().is_none_or(|extension| extension != "toml") {
        return Err(wrong("not a `.toml` file"));
    }
    let name =
        path.file_stem().and_then(|stem| stem.to_str()).ok_or_else(|| wrong("a name that is not UTF-8"))?;
    rules::collector_name(name).map_err(|message| wrong(&message))?;
    Ok(name.to_owned())
}

/// Adds files to a catalog. What they switch off goes first, so that its names are free again.
pub fn add(mut catalog: Catalog, files: Vec<File>) -> Result<Catalog, Vec<Problem>> {
    let mut problems = Vec::new();
    let mut off = Vec::new();
    for file in &files {
        for (target, place) in &file.disable {
            match check(&catalog, target, place) {
                Ok(()) => off.push(Disabled { target: target.clone(), by: by(&file.origin) }),
                Err(problem) => problems.push(problem),
            }
        }
    }
    for disabled in off {
        switch_off(&mut catalog, &disabled.target);
        if !catalog.disabled.iter().any(|known| known.target == disabled.target) {
            catalog.disabled.push(disabled);
        }
    }
    let mut entries = Entries::of(&catalog);
    for file in files {
        let Some(collector) = file.collector else { continue };
        if let Err(problem) = free(&catalog, &collector) {
            problems.push(problem);
            continue;
        }
        problems.extend(entries.take(&collector, &file.places));
        catalog.collectors.push(collector);
    }
    catalog.collectors.sort_by(|a, b| a.name.cmp(&b.name));
    if problems.is_empty() { Ok(catalog) } else { Err(problems) }
}

fn by(origin: &Origin) -> std::path::PathBuf {
    match origin {
        Origin::DropIn(path) => path.clone(),
        Origin::BuiltIn => std::path::PathBuf::new(),
    }
}

/// Whether a target is a built-in collector or source.
fn check(catalog: &Catalog, target: &str, place: &Place) -> Result<(), Problem> {
    let built_in = || catalog.collectors.iter().filter(|collector| collector.origin == Origin::BuiltIn);
    let wrong = |message: String, hint: Option<String>| {
        let hint = hint.or_else(|| Some("`glsos list` names the built-in collectors".to_owned()));
        Err(Problem { place: place.clone(), message, hint })
    };
    let (name, source) = match target.split_once('/') {
        Some((name, source)) => (name, Some(source)),
        None => (target, None),
    };
    let Some(collector) = built_in().find(|collector| collector.name == name) else {
        let hint = did_you_mean(name, built_in().map(|collector| collector.name.as_str()));
        return wrong(format!("no built-in collector is named `{name}`"), hint);
    };
    match source {
        Some(source) if !collector.sources.iter().any(|known| known.name == source) => {
            let hint = did_you_mean(source, collector.sources.iter().map(|source| source.name.as_str()));
            wrong(format!("the collector `{name}` has no source `{source}`"), hint)
        }
        _ => Ok(()),
    }
}

fn switch_off(catalog: &mut Catalog, target: &str) {
    match target.split_once('/') {
        None => catalog.collectors.retain(|collector| collector.name != target),
        Some((name, source)) => {
            for collector in catalog.collectors.iter_mut().filter(|collector| collector.name == name) {
                collector.sources.retain(|known| known.name != source);
            }
            catalog.collectors.retain(|collector| !collector.sources.is_empty());
        }
    }
}

/// Whether the collector's name is not taken.
fn free(catalog: &Catalog, collector: &Collector) -> Result<(), Problem> {
    let switched_off = || {
        let off = |disabled: &Disabled| disabled.target.split('/').next() == Some(&collector.name);
        collector.origin != Origin::BuiltIn && catalog.disabled.iter().any(off)
    };
    let known = catalog.collectors.iter().find(|known| known.name == collector.name);
    let (message, hint) = match known.map(|known| &known.origin) {
        None if !switched_off() => return Ok(()),
        None | Some(Origin::BuiltIn) => (
            format!("a built-in collector is named `{}`, and a drop-in can't replace it", collector.name),
            "give the file another name; `disable = [\"…\"]` switches the built-in off",
        ),
        Some(Origin::DropIn(other)) => (
            format!("the collector `{}` is in {} already", collector.name, other.display()),
            "give one of the files another name",
        ),
    };
    let file = by(&collector.origin).display().to_string();
    Err(Problem { place: Place::whole(file), message, hint: Some(hint.to_owned()) })
}

/// The names of entries, each with the source that has it.
struct Entries(HashMap<String, String>);

impl Entries {
    fn of(catalog: &Catalog) -> Self {
        let mut entries = Self(HashMap::new());
        for collector in &catalog.collectors {
            let places = vec![Place::whole(""); collector.sources.len()];
            entries.take(collector, &places);
        }
        entries
    }

    /// Takes a collector's names; what is taken already is a problem at its place.
    fn take(&mut self, collector: &Collector, places: &[Place]) -> Vec<Problem> {
        let mut problems = Vec::new();
        for (source, place) in collector.sources.iter().zip(places) {
            let keeps_paths = matches!(source.kind, SourceKind::File { .. } | SourceKind::Log { .. });
            if keeps_paths && source.alias.is_none() {
                continue;
            }
            let entry = source.entry(&collector.name);
            let owner = format!("{}/{}", collector.name, source.name);
            if let Some(other) = self.0.insert(entry.clone(), owner) {
                problems.push(Problem {
                    place: place.clone(),
                    message: format!("the entry `{entry}` is that of {other} already"),
                    hint: None,
                });
            }
        }
        problems
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::{Words, parse};

    fn file(name: &str, origin: Origin, text: &str) -> File {
        parse(name, text.as_bytes(), origin, &Words { probes: &[] }).unwrap()
    }

    fn source(name: &str) -> String {
        format!("[[command]]\nname = \"{name}\"\nwhy = \"A reason\"\nrun = [\"{name}\"]\n")
    }

    fn built_in() -> Catalog {
        let text = format!("about = \"Redis\"\n{}{}", source("info"), source("slowlog"));
        let system = format!("about = \"System\"\n{}", source("uname"));
        let files = vec![file("redis", Origin::BuiltIn, &text), file("system", Origin::BuiltIn, &system)];
        add(Catalog::default(), files).unwrap()
    }

    fn drop_in(path: &str, text: &str) -> File {
        let path = Path::new(path);
        file(&drop_in_name(path).unwrap(), Origin::DropIn(path.to_owned()), text)
    }

    fn names(catalog: &Catalog) -> Vec<String> {
        let sources =
            |c: &Collector| c.sources.iter().map(|s| format!("{}/{}", c.name, s.name)).collect::<Vec<_>>();
        catalog.collectors.iter().flat_map(sources).collect()
    }

    #[test]
    fn a_drop_in_adds_and_switches_off() {
        let text = format!("about = \"Ours\"\ndisable = [\"redis/slowlog\", \"system\"]\n{}", source("x"));
        let catalog = add(built_in(), vec![drop_in("/etc/glsos/collectors.d/ours.toml", &text)]).unwrap();
        assert_eq!(names(&catalog), ["ours/x", "redis/info"]);
        assert_eq!(catalog.disabled.len(), 2);
        assert_eq!(catalog.disabled[1].by, Path::new("/etc/glsos/collectors.d/ours.toml"));
    }

    #[test]
    fn a_collector_without_sources_is_gone() {
        let off = drop_in("/a.toml", "disable = [\"redis/info\", \"redis/slowlog\"]");
        let again = drop_in("/b.toml", "disable = [\"redis\", \"redis/info\"]");
        let catalog = add(built_in(), vec![off, again]).unwrap();
        assert_eq!(names(&catalog), ["system/uname"]);
        assert_eq!(catalog.disabled.len(), 3);
    }

    #[test]
    fn a_built_in_is_not_replaced_under_its_name() {
        let replaces = |text: &str| {
            let problems = add(built_in(), vec![drop_in("/x/redis.toml", text)]).unwrap_err();
            assert_eq!(problems.len(), 1);
            problems[0].to_string()
        };
        let text = format!("about = \"Ours\"\n{}", source("x"));
        assert_eq!(
            replaces(&text),
            "/x/redis.toml: a built-in collector is named `redis`, and a drop-in can't replace it"
        );
        replaces(&format!("disable = [\"redis\"]\n{text}"));
        replaces(&format!("disable = [\"redis/info\", \"redis/slowlog\"]\n{text}"));
    }

    #[test]
    fn two_drop_ins_of_one_name_are_refused() {
        let text = format!("about = \"Ours\"\n{}", source("x"));
        let files = vec![drop_in("/a/ours.toml", &text), drop_in("/b/ours.toml", &text)];
        let problems = add(built_in(), files).unwrap_err();
        assert!(
            problems[0]
                .to_string()
                .starts_with("/b/ours.toml: the collector `ours` is in /a/ours.toml already")
        );
    }

    #[test]
    fn a_drop_in_cannot_switch_off_another_drop_in() {
        let ours = drop_in("/a/ours.toml", &format!("about = \"Ours\"\n{}", source("x")));
        let catalog = add(built_in(), vec![ours]).unwrap();
        assert!(add(catalog, vec![drop_in("/a/zz.toml", "disable = [\"ours\"]")]).is_err());
    }

    #[test]
    fn a_built_in_switches_nothing_off() {
        let words = Words { probes: &[] };
        assert!(parse("x", b"disable = [\"redis\"]", Origin::BuiltIn, &words).is_err());
    }

    #[test]
    fn entries_of_two_files_do_not_collide() {
        let text = format!("about = \"Ours\"\n{}as = \"redis/info\"\n", source("x"));
        let problems = add(built_in(), vec![drop_in("/a/ours.toml", &text)]).unwrap_err();
        assert!(problems[0].to_string().contains("is that of redis/info already"), "{}", problems[0]);
        assert_eq!(problems[0].place.line, 6);
        let off = format!("disable = [\"redis/info\"]\n{text}");
        assert!(add(built_in(), vec![drop_in("/a/ours.toml", &off)]).is_ok());
    }

    #[test]
    fn a_drop_ins_name_is_its_files() {
        assert_eq!(drop_in_name(Path::new("/x/our-redis.toml")).unwrap(), "our-redis");
        for bad in [
            "/x/redis",
            "/x/redis.conf",
            "/x/.toml",
            "/x/Redis.toml",
            "/x/re dis.toml",
            "/x/redis.toml.bak",
            "/",
        ] {
            assert!(drop_in_name(Path::new(bad)).is_err(), "{bad}");
        }
    }
}
