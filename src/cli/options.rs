//! What the manifest tells of what was typed, and of what a site's policy and drop-ins made of it. Tells no value.

use std::{collections::BTreeMap, path::PathBuf};

use super::{args, redaction};
use crate::{catalog::Disabled, pack::manifest::Text, plan};

/// The limits that hold.
pub(super) fn limits(typed: &args::Collect) -> BTreeMap<Text, u64> {
    let given = [
        ("max_log", typed.max_log.0),
        ("max_bundle", typed.max_bundle.0),
        ("timeout", typed.timeout.map(|timeout| timeout.as_secs())),
    ];
    given.into_iter().filter_map(|(name, limit)| Some((Text::word(name), limit?))).collect()
}

/// What was typed, by option, and what drop-ins switched off; what only changes what is said here is left out.
pub(super) fn options(
    typed: &args::Collect,
    disabled: &[Disabled],
    text: &dyn Fn(&str) -> Text,
) -> BTreeMap<Text, Text> {
    let picks = |picks: &[plan::Pick]| picks.iter().map(ToString::to_string).collect::<Vec<_>>().join(",");
    let paths =
        |paths: &[PathBuf]| paths.iter().map(|path| path.display().to_string()).collect::<Vec<_>>().join(",");
    let patterns = typed.redaction.redact_pattern.len();
    let options: [(&'static str, String); 12] = [
        ("only", picks(&typed.only)),
        ("skip", picks(&typed.skip)),
        ("sysroot", typed.sysroot.as_ref().map_or_else(String::new, |p| p.display().to_string())),
        ("disabled", disabled.iter().map(|off| off.target.as_str()).collect::<Vec<_>>().join(",")),
        ("collectors", paths(&typed.catalogs.collectors)),
        ("redact-value", given(&typed.redaction.redact_value)),
        ("keep-value", given(&typed.redaction.keep_value)),
        // How many, not which: what a pattern says of a secret stays here.
        ("redact-pattern", if patterns == 0 { String::new() } else { patterns.to_string() }),
        ("hide", redaction::hidden_kinds(&typed.redaction)),
        ("mapping", typed.redaction.mapping.as_ref().map_or_else(String::new, |_| "given".into())),
        ("without-known-secrets", flag(typed.redaction.without_known_secrets)),
        ("strict", flag(typed.strict)),
    ];
    options
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| (Text::word(name), text(&value)))
        .collect()
}

/// That files were named, not which: their names may tell what is in them.
fn given(files: &[PathBuf]) -> String {
    if files.is_empty() { String::new() } else { "given".to_owned() }
}

fn flag(given: bool) -> String {
    if given { "true".to_owned() } else { String::new() }
}
