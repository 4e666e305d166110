//! Memory grows with no line and no file: a run has the same small room whatever the sources hold.

use std::process::Command;

use super::program::{Place, finish};

/// Kilobytes of addresses for each process of a run, threads and the program itself included.
const ROOM: u32 = 80_000;

/// One endless line and one endless file, neither of which has room, as a program prints them: what it does
/// with the end of each line, and how many bytes of it are taken.
const SOURCES: [(&str, &str, usize); 2] =
    [("line", "tr -d '\\n'", 200_000_000), ("lines", "cat", 100_000_000)];

#[test]
fn a_line_or_a_file_of_any_length_needs_no_more_memory() {
    let place = Place::new();
    let part = r#"{"severity":"INFO","path":"/acme/web/-/issues/12","status":200},"#;
    let mut sources = String::new();
    for (name, filter, size) in SOURCES {
        let script = place.script(name, &format!("yes '{part}' | {filter} | head -c {size}; echo"));
        sources.push_str(&format!(
            "[[command]]\nname = \"{name}\"\nwhy = \"To see\"\nrun = [\"{script}\"]\n\
             limit = \"300MB\"\ntimeout = \"20m\"\n"
        ));
    }
    place.collector(&sources);
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("ulimit -v {ROOM}; exec \"$0\" \"$@\""), env!("CARGO_BIN_EXE_glsos")])
        .args(["collect", "--only", "mine", "--collectors", "collectors", "-o", "b.tar.gz"])
        .current_dir(place.path());
    finish(command).good();
    let bundle = place.bundle("b.tar.gz");
    for (name, _, size) in SOURCES {
        let entry = bundle.entry(&format!("mine/{name}"));
        assert_eq!((&entry["outcome"], &entry["bytes"]), (&"complete".into(), &(size + 1).into()), "{entry}");
    }
}
