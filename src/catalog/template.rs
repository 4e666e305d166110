//! A new collector for `collectors new`: a commented file that loads as it is.

use super::rules;
use crate::error::{Error, Result};

const TEXT: &str = include_str!("template.toml");

/// A valid file for a collector of this name.
pub fn template(name: &str) -> Result<String> {
    rules::collector_name(name).map_err(Error::usage)?;
    Ok(TEXT.replace("NAME", name))
}
