//! Collectors: what can leave a server, and why. From TOML text to typed, checked values.
//!
//! The built-in files are embedded by `build.rs`; drop-ins join them at run time. Never looks at a
//! host: whether a source exists there is the plan's question.

pub mod docs;
mod join;
mod keys;
mod limits;
mod model;
mod parse;
mod problem;
mod rules;
pub mod show;
mod table;
mod template;

pub use join::{add, drop_in_name};
pub use model::*;
pub use parse::{FILE_LIMIT, File, parse};
pub use problem::{Place, Problem, distance};
pub use template::template;

/// What collectors may name, but stands in modules below this one.
#[derive(Debug, Clone, Copy)]
pub struct Words<'a> {
    /// The names of all built-in probes.
    pub probes: &'a [&'a str],
}

/// The embedded files: stem and text, sorted by name.
pub const BUILT_IN: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/collectors.rs"));

/// The collectors of this program.
pub fn built_in(words: &Words) -> Result<Catalog, Vec<Problem>> {
    let mut files = Vec::new();
    let mut problems = Vec::new();
    for (name, text) in BUILT_IN {
        match parse(name, text.as_bytes(), Origin::BuiltIn, words) {
            Ok(file) => files.push(file),
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { add(Catalog::default(), files) } else { Err(problems) }
}
