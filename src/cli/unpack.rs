//! `glsos unpack`: bundles become folders. stdout tells the folders, stderr what is missing and why.

use std::path::Path;

use super::{
    args,
    console::{Console, escape_line},
};
use crate::{
    error::{Error, Result},
    exit_codes,
    read::unpack::{Limits, Unpacked, unpack},
    units::show_size,
};

pub(super) fn run(typed: &args::Unpack, console: &Console) -> Result<u8> {
    let limits = Limits { members: typed.max_files, bytes: typed.max_size, ratio: typed.max_ratio };
    let (mut failed, mut incomplete) = (false, false);
    for path in &typed.bundles {
        match unpack(path, &typed.into, limits) {
            Ok(unpacked) => {
                incomplete |= !unpacked.faults.is_empty();
                tell(path, &unpacked, console);
                let folder = format!("{}\n", escape_line(&unpacked.folder.display().to_string()));
                console
                    .data(folder.as_bytes())
                    .map_err(|error| Error::host(format!("writing to stdout: {error}")))?;
            }
            Err(error) => {
                failed = true;
                console.error(&error);
            }
        }
    }
    Ok(match (failed, incomplete) {
        (true, _) => exit_codes::FAILED,
        (_, true) => exit_codes::INCOMPLETE,
        _ => exit_codes::OK,
    })
}

fn tell(path: &Path, unpacked: &Unpacked, console: &Console) {
    let Unpacked { files, bytes, faults, more, .. } = unpacked;
    let name = escape_line(&path.display().to_string());
    console.say(&format!("{name}: {files} files, {}", show_size(*bytes)));
    for fault in faults {
        let entry =
            fault.entry.as_ref().map_or_else(String::new, |entry| format!("{}: ", escape_line(entry)));
        console.say(&format!("  {entry}{}", escape_line(&fault.text)));
    }
    if *more > 0 {
        console.say(&format!("  and {more} more"));
    }
}
