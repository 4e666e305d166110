//! What a file is, before anything in it is read: a whole bundle, or an archive from its beginning. Show,
//! report, diff and unpack open all files through this, so that all say the same of one that mail or FTP
//! has damaged.

use std::{fs::File, path::Path};

use super::{Archive, Bundle, transfer};
use crate::{
    error::{Error, Result},
    pack::{Origin, origin},
};

/// An open file.
pub(crate) enum Opened {
    /// A whole bundle of glsos.
    Whole(Box<Bundle>),
    /// Anything else that is an archive.
    Other(Box<Other>),
}

/// An archive that only its own order leads through.
pub(crate) struct Other {
    /// At its beginning.
    pub(crate) archive: Archive,
    /// The file once more.
    pub(crate) file: File,
    /// Whose it is.
    pub(crate) origin: Origin,
    /// What a transfer did to it, should it turn out to be broken.
    pub(crate) transfer: Option<&'static str>,
    /// Why it is not read as a bundle.
    pub(crate) why: String,
}

impl Other {
    /// Whether glsos made it, although its manifest can't be read.
    pub(crate) fn is_ours(&self) -> bool {
        self.origin != Origin::Foreign
    }
}

/// Looks at a file; `path` is for messages.
///
/// # Errors
/// Why nothing can be read of it.
pub(crate) fn opened(file: File, path: &Path) -> Result<Opened> {
    let wrong = |what: &str| Error::host(format!("{}: {what}", path.display()));
    let trouble = |error: std::io::Error| wrong(&error.to_string());
    let head = transfer::head(&file).map_err(trouble)?;
    if let Some(why) = transfer::damage(&head, false) {
        return Err(wrong(why));
    }
    let why = match Bundle::from_file(file.try_clone().map_err(trouble)?, path) {
        Ok(bundle) => return Ok(Opened::Whole(Box::new(bundle))),
        Err(error) => error.message,
    };
    let transfer = transfer::damage(&head, true);
    let archive =
        Archive::new(file.try_clone().map_err(trouble)?).map_err(|why| wrong(transfer.unwrap_or(&why)))?;
    Ok(Opened::Other(Box::new(Other { archive, file, origin: origin(&head), transfer, why })))
}
