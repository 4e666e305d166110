//! docs/unsafe.md: each place of unsafe code with its argument, made from the comments that stand there.

use std::{
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

const HEAD: &str = "\
# Unsafe code

`unsafe_code` is denied in Cargo.toml. These are all the places that are allowed to, and why each is sound, as it
stands there. A test writes this page, and fails where the argument is missing.
";

/// The files of Rust below a folder.
pub(crate) fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The function, or the `impl`, that a line belongs to.
fn owner(lines: &[&str], at: usize) -> String {
    let name = |line: &&str| {
        let rest = line.trim_start().split_once("fn ").filter(|(before, _)| !before.contains("//"))?.1;
        rest.split_once('(').map(|(name, _)| name.split('<').next().unwrap_or(name).to_owned())
    };
    match lines[at + 1].trim_end_matches([' ', '{', '}']) {
        line if line.starts_with("unsafe impl") => line.trim_start_matches("unsafe ").to_owned(),
        _ => lines[..at].iter().rev().find_map(name).unwrap(),
    }
}

/// The comment right above a line, without its first word.
fn argument<'a>(lines: &[&'a str], at: usize) -> Option<Vec<&'a str>> {
    let comment = |line: &&&'a str| line.trim_start().starts_with("//");
    let mut told: Vec<&str> =
        lines[..at].iter().rev().take_while(comment).map(|line| line.trim_start()).collect();
    told.reverse();
    let first = told.first()?.strip_prefix("// SAFETY: ")?;
    let rest = told[1..].iter().map(|line| line.trim_start_matches("// "));
    Some(std::iter::once(first).chain(rest).collect())
}

fn page() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("build.rs")];
    ["src", "tests", "benches"].iter().for_each(|folder| sources(&root.join(folder), &mut files));
    files.retain(|file| !file.ends_with(file!()));
    files.sort();
    let allowed = "#[allow(unsafe_code)]";
    let mut page = HEAD.to_owned();
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        let name = file.strip_prefix(root).unwrap().display();
        let other = lines.iter().find(|line| line.contains("unsafe_code") && line.trim() != allowed);
        assert!(other.is_none(), "{name}: allowed for more than what stands below it: {other:?}");
        if text.contains(allowed) {
            write!(page, "\n## `{name}`\n\n").unwrap();
        }
        for at in (0..lines.len()).filter(|at| lines[*at].trim() == allowed) {
            let why = argument(&lines, at).unwrap_or_else(|| panic!("{name}:{}: no `// SAFETY:`", at + 1));
            writeln!(page, "- `{}`: {}", owner(&lines, at), why.join("\n  ")).unwrap();
        }
    }
    page
}

#[test]
fn the_page_about_unsafe_code_is_up_to_date() {
    let (path, made) = (Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/unsafe.md"), page());
    if std::env::var_os("GLSOS_BLESS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(written == made, "docs/unsafe.md is out of date: GLSOS_BLESS=1 cargo test writes it anew");
}

#[test]
fn an_argument_is_the_comment_right_above() {
    let text =
        ["fn a(x: u8) {", "    // SAFETY: one", "    // and two.", "    #[allow]", "    unsafe {}", "// no"];
    assert_eq!(argument(&text, 3).unwrap(), ["one", "and two."]);
    assert_eq!(owner(&text, 3), "a");
    assert_eq!(argument(&text, 5), None);
    assert_eq!(argument(&["// why not", "#[allow]"], 1), None);
}
