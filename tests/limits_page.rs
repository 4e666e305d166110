//! docs/limits.md has its figures from the code: each row of a bound names the constant, and what that says
//! in the source is what stands in the row.

use std::{fs, path::Path};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// What a constant of this name says in a file.
fn constant(file: &str, name: &str) -> String {
    let text = fs::read_to_string(root().join("src").join(file)).unwrap_or_else(|_| panic!("no {file}"));
    let head = format!("const {name}: ");
    let said = text.lines().find_map(|line| line.split_once(&head)?.1.split_once(" = "));
    let (_, value) = said.unwrap_or_else(|| panic!("no constant {name} in {file}"));
    value.trim_end_matches(';').to_owned()
}

/// A number, a shift or a product; as a duration in milliseconds.
fn value(said: &str) -> (u64, bool) {
    for (unit, millis) in [("secs", 1000), ("millis", 1)] {
        if let Some(inner) = said.strip_prefix(&format!("Duration::from_{unit}(")) {
            return (value(inner.trim_end_matches(')')).0 * millis, true);
        }
    }
    let number =
        |text: &str| text.trim().replace('_', "").parse::<u64>().unwrap_or_else(|_| panic!("{said}"));
    let (mut factors, shift) = match said.split_once("<<") {
        Some((left, right)) => (left, number(right)),
        None => (said, 0),
    };
    factors = factors.trim();
    (factors.split('*').map(number).product::<u64>() << shift, false)
}

/// As the page writes it.
fn shown((value, is_time): (u64, bool)) -> Vec<String> {
    if is_time {
        let seconds = value / 1000;
        return match value % 1000 {
            0 if seconds % 3600 == 0 => vec![format!("{} h", seconds / 3600), format!("{seconds} s")],
            0 => vec![format!("{seconds} s")],
            _ => vec![format!("{value} ms")],
        };
    }
    let digits = value.to_string();
    let groups: Vec<_> = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy).collect();
    let mut ways = vec![groups.join(",")];
    for (unit, shift) in [("GiB", 30), ("MiB", 20), ("KiB", 10)] {
        if value > 0 && value % (1 << shift) == 0 {
            ways.push(format!("{} {unit}", value >> shift));
        }
    }
    ways
}

#[test]
fn the_page_about_limits_has_the_figures_of_the_code() {
    let page = fs::read_to_string(root().join("docs/limits.md")).unwrap();
    let mut rows = 0;
    for line in page.lines().filter(|line| line.starts_with("| ") && line.contains(".rs")) {
        let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
        let names: Vec<&str> = cells.last().unwrap().split('`').skip(1).step_by(2).collect();
        let [file, name] = names[..] else { panic!("no file and constant: {line}") };
        let ways = shown(value(&constant(file, name)));
        assert!(ways.iter().any(|way| way == cells[1]), "{} is {ways:?} in the code: {line}", cells[1]);
        rows += 1;
    }
    assert!(rows > 40, "{rows} rows");
}
