//! Embeds `collectors/*.toml`: a new collector is one file there, and no list to extend here; it gets a test of its own name, too.
//! Also tells the program the target it was built for. Never reads anything else.

use std::{env, fmt::Write, fs, path::PathBuf};

#[allow(clippy::disallowed_methods, clippy::unwrap_used)] // a build script runs on the builder's machine, before there is a host
fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").unwrap());
    let folder = root.join("collectors");
    println_cargo("rerun-if-changed=collectors");
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|ext| ext == "toml"))
        .collect();
    files.sort();
    let mut list = String::from("&[\n");
    let mut tests = String::from("collector_tests! {\n");
    for path in &files {
        let name = path.file_stem().unwrap().to_str().unwrap();
        writeln!(list, "    ({name:?}, include_str!({:?})),", path.to_str().unwrap()).unwrap();
        writeln!(tests, "    r#{} => {name:?},", name.replace('-', "_")).unwrap();
    }
    list.push_str("]\n");
    tests.push_str("}\n");
    let out = PathBuf::from(env::var("OUT_DIR").unwrap());
    fs::write(out.join("collectors.rs"), list).unwrap();
    fs::write(out.join("collector_tests.rs"), tests).unwrap();
    println_cargo(&format!("rustc-env=GLSOS_TARGET={}", env::var("TARGET").unwrap()));
}

#[allow(clippy::disallowed_macros)] // cargo reads a build script's stdout
fn println_cargo(line: &str) {
    println!("cargo:{line}");
}
