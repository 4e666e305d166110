//! How fast redaction and the second scan are, on one core, and whether what they leave is right.
//!
//! ```text
//! cargo bench --features bench --bench redact [-- [FOLDER] [all|check|speed|worst [NAME]]]
//! ```
//!
//! FOLDER holds logs, with the secrets that were planted in them, one a line, in `FOLDER/../planted.txt`.
//! Without one, `genlogs.py` makes 50 MB in a temporary folder; `$GENLOGS` tells where that program is, else
//! it is looked for in `../shared/bench/`. Ends with 1 if a check fails or a bound is missed.
//!
//! - `check`: nothing planted is left, JSON keeps its shape, what holds no secret comes out byte for byte,
//!   and the second scan has nothing to say of what came out.
//! - `speed`: MB of input a second, for each file and each kind of rule; the best of three, in processor
//!   time. SHA-256 of the same bytes runs beside them, so that two machines can be compared, and the nearest
//!   published program, `scour-secrets`, where it is installed.
//! - `worst`: inputs made to hurt. None may fall below 20 MB/s.

// It runs on the developer's machine, as tests do.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros, clippy::unwrap_used)]

mod check;
mod corpus;
mod peer;
mod speed;
mod worst;

use std::process::ExitCode;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with('-')).collect();
    let is_part = |word: &String| matches!(word.as_str(), "all" | "check" | "speed" | "worst");
    let part = words.iter().find(|word| is_part(word)).map_or("all", String::as_str);
    let other = words.iter().find(|word| !is_part(word));
    let wanted = |name: &str| part == "all" || part == name;
    let mut good = true;
    if part == "worst" {
        // `-- worst htpasswd`: one of them.
        return if worst::run(other.map_or("", String::as_str)) {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        };
    }
    let corpus = corpus::Corpus::load(other.map(std::path::Path::new));
    if wanted("check") {
        good &= check::run(&corpus);
    }
    if wanted("speed") {
        let (reached, speeds) = speed::run(&corpus);
        good &= reached;
        peer::run(&corpus, &speeds);
    }
    if wanted("worst") {
        good &= worst::run("");
    }
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
