//! Holds the direction of imports that `src/lib.rs` draws: a module uses those above it, never
//! those below. Reads the source as text; what it can't see (macros that import) does not occur here.

use std::{fs, path::Path};

/// The diagram of `src/lib.rs`, top to bottom; modules on one line stand side by side.
const LAYERS: &[&[&str]] = &[
    &["error", "escape", "outcome", "units", "exit_codes"],
    &["host"],
    &["catalog"],
    &["logs"],
    &["probe"],
    &["redact"],
    &["scan"],
    &["pack"],
    &["read"],
    &["index"],
    &["analyze"],
    &["report"],
    &["plan"],
    &["collect"],
    &["cli"],
];

/// What may be used only by the modules named, although it stands above others.
const ONLY_FOR: &[(&str, &[&str])] = &[
    // The scanner is independent: the redactor and it share no code, in either direction.
    ("redact", &["pack", "read", "plan", "collect", "cli"]),
    ("scan", &["read", "collect", "cli"]),
];

fn layer(module: &str) -> usize {
    LAYERS
        .iter()
        .position(|layer| layer.contains(&module))
        .unwrap_or_else(|| panic!("module `{module}` is in no layer of tests/architecture.rs and src/lib.rs"))
}

fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push((path.to_str().unwrap().to_owned(), fs::read_to_string(&path).unwrap()));
        }
    }
}

/// The top-level modules that a file's text uses through `crate::`, comments left out.
fn uses(text: &str) -> Vec<String> {
    let code: String =
        text.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n");
    let mut modules = Vec::new();
    for piece in code.split("crate::").skip(1) {
        let rest = piece.trim_start();
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut word = String::new();
            for c in list.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => modules.push(std::mem::take(&mut word)),
                    c => word.push(c),
                }
            }
            modules.push(word);
        } else {
            modules.push(rest.to_owned());
        }
    }
    modules
        .iter()
        .map(|m| m.trim().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>())
        .filter(|m| !m.is_empty() && m.starts_with(char::is_lowercase))
        .collect()
}

#[test]
fn modules_use_only_those_above_them() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    sources(&root, &mut files);
    let mut wrong = Vec::new();
    for (path, text) in &files {
        let relative = path.strip_prefix(root.to_str().unwrap()).unwrap().trim_start_matches('/');
        let module = relative.split('/').next().unwrap().trim_end_matches(".rs");
        if matches!(module, "lib" | "main") {
            continue;
        }
        for used in uses(text) {
            let below = layer(&used) > layer(module);
            let reserved = ONLY_FOR
                .iter()
                .any(|(name, users)| *name == used && used != module && !users.contains(&module));
            if below || reserved {
                wrong.push(format!("src/{relative} uses `{used}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "against the diagram in src/lib.rs:\n{}", wrong.join("\n"));
}

#[test]
fn every_file_opens_with_what_it_is_for() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let silent: Vec<_> =
        files.iter().filter(|(_, text)| !text.starts_with("//!")).map(|(path, _)| path.as_str()).collect();
    assert!(silent.is_empty(), "these open without a `//!` paragraph: {silent:?}");
}

#[test]
fn only_the_console_prints() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let talkers: Vec<_> = files
        .iter()
        .filter(|(_, text)| text.contains("clippy::disallowed_macros"))
        .map(|(path, _)| path.as_str())
        .filter(|path| !path.ends_with("src/cli/console.rs") && !path.contains("/tests/"))
        .collect();
    assert!(talkers.is_empty(), "these lift the ban on printing: {talkers:?}");
}

#[test]
fn only_escape_lists_the_characters_that_hide_or_reverse_others() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let lists = |text: &str| {
        text.split("#[cfg(test)]").next().is_some_and(|code| {
            code.contains("\\u{202e}'") || code.contains("\\u{2069}'") || code.contains("\\u{200f}'")
        })
    };
    let all: Vec<_> = files.iter().filter(|(_, text)| lists(text)).map(|(path, _)| path.as_str()).collect();
    assert!(matches!(all[..], [one] if one.ends_with("src/escape.rs")), "{all:?}");
}
