//! `glsos show`: what is in a bundle, one entry of it, or the lines that a pattern matches; nothing is unpacked.

mod grep;
mod list;
mod print;

use std::{collections::BTreeSet, path::Path};

use super::{
    args,
    console::{Console, escape_line},
};
use crate::{
    error::{Error, Result},
    exit_codes,
    host::Flow,
    read::contents::{Contents, Found, Listed, find},
};

/// Names that are told where several end alike.
const MOST_NAMES: usize = 10;

pub(super) fn run(typed: &args::Show, console: &Console) -> Result<u8> {
    let pattern = typed.grep.as_deref().map(grep::parse).transpose()?;
    // Only a list of all tells lines, and to count them takes time.
    let lists = typed.path.is_none() && pattern.is_none();
    let contents = Contents::open(&typed.bundle, lists || typed.json)?;
    let all = || (0..contents.listed.len()).collect();
    let (picked, folder) = match &typed.path {
        None => (all(), true),
        Some(path) => pick(&contents, path, &typed.bundle)?,
    };
    let whole = match pattern {
        Some(pattern) => grep::run(&contents, &picked, &pattern, typed.json, console)?,
        None if typed.json => list::json(&contents, &picked, console)?,
        None if folder => list::text(&contents, &picked, &typed.bundle, console)?,
        None => print::run(&contents, &picked, console)?,
    };
    if let Some(why) = contents.trouble.as_ref().filter(|_| folder || !whole) {
        console.say(&format!("{}: {}", escape_line(&typed.bundle.display().to_string()), escape_line(why)));
    }
    let seen_all = whole && (contents.trouble.is_none() || !folder);
    Ok(if seen_all { exit_codes::OK } else { exit_codes::INCOMPLETE })
}

/// The entries that are meant, and whether they are to be listed.
fn pick(contents: &Contents, path: &str, bundle: &Path) -> Result<(BTreeSet<usize>, bool)> {
    let nothing = |what: &str| {
        Error::usage(format!(
            "{} in {} {what}",
            escape_line(path),
            escape_line(&bundle.display().to_string())
        ))
    };
    let lines = |names: &[String]| {
        let mut lines: Vec<String> =
            names.iter().take(MOST_NAMES).map(|name| format!("  {}", escape_line(name))).collect();
        if names.len() > MOST_NAMES {
            lines.push(format!("  and {} more", names.len() - MOST_NAMES));
        }
        lines.join("\n")
    };
    match find(contents, path) {
        Found::These(these) => Ok((these, false)),
        Found::Folder(these) => Ok((these, true)),
        Found::Several(names) => Err(nothing("is the end of several names")
            .hint(format!("write more of it, or a pattern for all of them:\n{}", lines(&names)))),
        Found::None(near) if near.is_empty() => {
            Err(nothing("is no entry").hint("without a PATH all entries are listed"))
        }
        Found::None(near) => Err(nothing("is no entry").hint(format!("these are near:\n{}", lines(&near)))),
    }
}

/// Buffered stdout, which may be closed any time.
struct Out<'c> {
    console: &'c Console,
    held: Vec<u8>,
}

impl<'c> Out<'c> {
    const HELD: usize = 64 << 10;

    fn new(console: &'c Console) -> Self {
        Self { console, held: Vec::new() }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<Flow> {
        self.held.extend_from_slice(bytes);
        if self.held.len() < Self::HELD { Ok(Flow::Go) } else { self.flush() }
    }

    fn flush(&mut self) -> Result<Flow> {
        self.console.part(&std::mem::take(&mut self.held))
    }
}

/// Why an entry has no file.
fn absent(entry: &Listed) -> String {
    match &entry.recorded {
        Some(told) if told.reason.is_empty() => told.outcome.word().to_owned(),
        Some(told) => format!("{}: {}", told.outcome.word(), told.reason),
        None => "not in the archive".to_owned(),
    }
}
