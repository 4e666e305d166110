//! Collectors from everywhere they may come from, and the commands that show and check them.
//!
//! The only place that reads collector files. A drop-in decides what root runs, so as root one that
//! another user owns or may write to is refused.

use std::path::{Path, PathBuf};

use super::{args, console::Console};
use crate::{
    catalog::{self, Catalog, FILE_LIMIT, Origin, Problem, Words, show},
    error::{Error, Kind, Result},
    exit_codes,
    host::{self, FileType, Host, Live, Stat, Trouble, stop::Stop},
    probe,
};

/// Where a site keeps collectors of its own.
const SITE: &str = "/etc/glsos/collectors.d";
/// What collectors may name.
const WORDS: Words = Words { probes: &probe::NAMES };
/// Columns of what is shown.
const WIDTH: usize = 80;

/// The built-in collectors, the site's, and those of `--collectors`.
pub(super) fn load(host: &dyn Host, typed: &args::Catalogs) -> Result<Catalog> {
    let built_in = catalog::built_in(&WORDS).map_err(|problems| refuse(&problems))?;
    let mut files = Vec::new();
    let mut problems = Vec::new();
    let site = PathBuf::from(SITE);
    let folders = typed.collectors.iter().map(|folder| (folder.clone(), true));
    for (folder, must_exist) in [(site, false)].into_iter().chain(folders) {
        for path in files_in(host, &folder, must_exist)? {
            match parse(host, &path)? {
                Ok(file) => files.push(file),
                Err(found) => problems.extend(found),
            }
        }
    }
    if !problems.is_empty() {
        return Err(refuse(&problems));
    }
    catalog::add(built_in, files).map_err(|problems| refuse(&problems))
}

/// `glsos list`.
pub(super) fn list(typed: &args::Catalogs, console: &Console) -> Result<u8> {
    let catalog = load(&this_machine()?, typed)?;
    print(console, &show::list(&catalog, WIDTH))
}

/// `glsos explain`.
pub(super) fn explain(typed: &args::Explain, console: &Console) -> Result<u8> {
    if typed.name == show::NEVER_TAKEN {
        return print(console, &show::never_taken(WIDTH));
    }
    let catalog = load(&this_machine()?, &typed.catalogs)?;
    let text = match show::find(&catalog, &typed.name)? {
        (collector, Some(source)) => show::explain_source(collector, source, WIDTH),
        (collector, None) => show::explain(collector, WIDTH),
    };
    print(console, &text)
}

/// `glsos collectors new`.
pub(super) fn new(name: &str, console: &Console) -> Result<u8> {
    print(console, &catalog::template(name)?)
}

/// `glsos collectors check`.
pub(super) fn check(files: &[PathBuf], console: &Console) -> Result<u8> {
    let host = this_machine()?;
    let mut wrong = 0;
    for path in files {
        match parse(&host, path)? {
            Ok(_) => console.say(&format!("{}: good", path.display())),
            Err(problems) => {
                wrong += 1;
                problems.into_iter().for_each(|problem| console.error(&problem.into()));
            }
        }
    }
    match wrong {
        0 => Ok(exit_codes::OK),
        _ => Ok(exit_codes::USAGE),
    }
}

fn print(console: &Console, text: &str) -> Result<u8> {
    console.data(text.as_bytes()).map_err(|error| Error::host(format!("writing to stdout: {error}")))?;
    Ok(exit_codes::OK)
}

pub(super) fn this_machine() -> Result<Live> {
    let stop = Stop::new().map_err(|error| Error::host(format!("preparing for signals: {error}")))?;
    Live::start(None, stop)
}

/// The collector files of a folder, sorted by name; one who may write there may add to what root runs.
fn files_in(host: &dyn Host, folder: &Path, must_exist: bool) -> Result<Vec<PathBuf>> {
    let folder = absolute(folder)?;
    let listed = match host.list(&folder) {
        Ok(listed) => listed,
        Err(error) if error.trouble == Trouble::Missing && !must_exist => return Ok(Vec::new()),
        Err(error) => {
            let error = unread(&error);
            let typed = error.kind == Kind::Usage;
            return Err(if typed { error.hint("--collectors names a folder") } else { error });
        }
    };
    let look = |path: &Path| host.stat(path).map_err(|error| unread(&error));
    safe(host, &folder, &look(&folder)?)?;
    // Whoever may move a folder above away can put another in its place.
    for above in folder.ancestors().skip(1) {
        let stat = look(above)?;
        let nobody_moves_others_files = stat.mode & 0o1000 != 0;
        safe(host, above, &Stat { mode: if nobody_moves_others_files { 0 } else { stat.mode }, ..stat })?;
    }
    let is_collector = |path: &PathBuf| path.extension().is_some_and(|extension| extension == "toml");
    Ok(listed
        .into_iter()
        .filter(|listed| listed.file_type != FileType::Folder)
        .map(|listed| folder.join(listed.name))
        .filter(is_collector)
        .collect())
}

fn parse(host: &dyn Host, path: &Path) -> Result<std::result::Result<catalog::File, Vec<Problem>>> {
    let path = absolute(path)?;
    let wrong = |error: host::Error| unread(&error);
    // What was opened is what is judged and read, whatever has its name by then.
    let mut file = host.open(&path).map_err(wrong)?;
    safe(host, &path, file.stat())?;
    let mut text = vec![0; FILE_LIMIT + 1];
    let read = file.read_at(0, &mut text).map_err(wrong)?;
    text.truncate(read);
    let name = match catalog::drop_in_name(&path) {
        Ok(name) => name,
        Err(problem) => return Ok(Err(vec![problem])),
    };
    Ok(catalog::parse(&name, &text, Origin::DropIn(path), &WORDS))
}

/// What was typed or written, unless the run ended or the machine is in the way.
fn unread(error: &host::Error) -> Error {
    match error.trouble {
        Trouble::Stopped => Error::host("the run was stopped before it began: nothing was written"),
        Trouble::TimedOut | Trouble::Io => Error::host(error.to_string()),
        _ => Error::usage(error.to_string()),
    }
}

/// As root, only what root owns and nobody else may write to.
pub(super) fn safe(host: &dyn Host, path: &Path, stat: &Stat) -> Result<()> {
    if host.privileged() && (stat.uid != 0 || stat.mode & 0o022 != 0) {
        let why = if stat.uid != 0 { "root does not own it" } else { "others may write to it" };
        return Err(Error::usage(format!("{}: {why}, so as root it is refused", path.display()))
            .hint(format!("chown root {0} && chmod go-w {0}", path.display())));
    }
    Ok(())
}

/// All of them, each with its hint, as it would be said alone.
fn refuse(problems: &[Problem]) -> Error {
    let hint =
        |problem: &Problem| problem.hint.as_ref().map_or_else(String::new, |hint| format!("\nhint: {hint}"));
    let texts: Vec<String> = problems.iter().map(|problem| format!("{problem}{}", hint(problem))).collect();
    Error::usage(texts.join("\nerror: "))
}

pub(super) fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path).map_err(|error| Error::usage(format!("{}: {error}", path.display())))
}
