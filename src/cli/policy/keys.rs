//! The keys of a policy, in one list: how each is written, what it does, and how it is joined with what is
//! typed. The reader and docs/policy.md are made from it.

use std::{fmt::Write as _, path::PathBuf, str::FromStr};

use toml::Value;

use super::{PATH, Policy};
use crate::{
    cli::args::{self, Cap},
    redact::Patterns,
    units,
};

/// One key.
pub(super) struct Key {
    pub(super) name: &'static str,
    /// As it stands in a file.
    pub(super) example: &'static str,
    /// What it does.
    what: &'static str,
    /// How it is joined with what is typed.
    joined: &'static str,
    pub(super) read: fn(&Value, &mut Policy) -> Result<(), String>,
}

const BOTH: &str = "both count";
const SMALLER: &str = "the smaller counts; `none` is more than any";

pub(super) const KEYS: &[Key] = &[
    Key {
        name: "hide",
        example: r#"["ip", "email"]"#,
        what: "kinds to hide behind pseudonyms, as `--hide`; `all` is all",
        joined: BOTH,
        read: |value, policy| each(value, &mut policy.hide, args::hide),
    },
    Key {
        name: "redact-values",
        example: r#"["/etc/glsos/values"]"#,
        what: "files with more values to remove, one a line, as `--redact-value`; root's alone, as the policy",
        joined: BOTH,
        read: |value, policy| each(value, &mut policy.values, |text| absolute(text).map(PathBuf::from)),
    },
    Key {
        name: "redact-patterns",
        example: r#"['CUST-\d{8}']"#,
        what: "more to remove, by regular expressions, as `--redact-pattern`",
        joined: BOTH,
        read: |value, policy| {
            each(value, &mut policy.patterns, |text| Ok(text.to_owned()))?;
            // Its own words would show the pattern.
            Patterns::parse(&policy.patterns).map(drop).map_err(|_| {
                "one of them is not understood, or too large: try each with --redact-pattern".to_owned()
            })
        },
    },
    Key {
        name: "never-take",
        example: r#"["/srv/payroll/**"]"#,
        what: "more paths that no collector takes as a file or log, with `*`, `**` and `{a,b}`; commands are switched off with `skip`",
        joined: "nothing that is typed changes it",
        read: |value, policy| each(value, &mut policy.never, |text| absolute(text).map(str::to_owned)),
    },
    Key {
        name: "skip",
        example: r#"["crashes", "processes/ps"]"#,
        what: "collectors or sources that are left out, as `--skip`",
        joined: "both count, against `--only` too",
        read: |value, policy| each(value, &mut policy.skip, FromStr::from_str),
    },
    Key {
        name: "max-log",
        example: r#""20MiB""#,
        what: "at most so much of each log, as `--max-log`",
        joined: SMALLER,
        read: |value, policy| {
            one(value, &mut policy.max_log, |text| size(args::cap(text).map_err(|e| e.to_string())?))
        },
    },
    Key {
        name: "max-bundle",
        example: r#""40MB""#,
        what: "at most so large a bundle, as `--max-bundle`",
        joined: SMALLER,
        read: |value, policy| one(value, &mut policy.max_bundle, |text| size(args::bundle_cap(text)?)),
    },
    Key {
        name: "timeout",
        example: r#""30m""#,
        what: "a run ends after so long with what there is, as `--timeout`",
        joined: "the shorter counts",
        read: |value, policy| one(value, &mut policy.timeout, duration),
    },
    Key {
        name: "since",
        example: r#""2d""#,
        what: "no line of a log that is older is taken",
        joined: "`--since` reaches no further back",
        read: |value, policy| one(value, &mut policy.since, duration),
    },
    Key {
        name: "keep-value",
        example: "false",
        what: "with `false`, `--keep-value` is refused",
        joined: "`true` is as if it was not there",
        read: |value, policy| {
            policy.no_keep_value = !switch(value)?;
            Ok(())
        },
    },
    Key {
        name: "without-known-secrets",
        example: "false",
        what: "with `false`, `--without-known-secrets` is refused",
        joined: "`true` is as if it was not there",
        read: |value, policy| {
            policy.known_secrets = !switch(value)?;
            Ok(())
        },
    },
];

fn each<T>(value: &Value, into: &mut Vec<T>, read: impl Fn(&str) -> Result<T, String>) -> Result<(), String> {
    let all = value.as_array().ok_or("a list of texts in brackets is expected")?;
    for value in all {
        into.push(read(value.as_str().ok_or("each of the list is a text in quotes")?)?);
    }
    Ok(())
}

fn one<T>(
    value: &Value,
    into: &mut Option<T>,
    read: impl Fn(&str) -> Result<T, String>,
) -> Result<(), String> {
    *into = Some(read(value.as_str().ok_or("a text in quotes is expected")?)?);
    Ok(())
}

fn switch(value: &Value) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| "true or false is expected".to_owned())
}

fn size(cap: Cap) -> Result<u64, String> {
    cap.0.ok_or_else(|| "a size is expected: without the key there is no limit".to_owned())
}

fn duration(text: &str) -> Result<std::time::Duration, String> {
    units::parse_duration(text).map_err(|error| error.to_string())
}

fn absolute(text: &str) -> Result<&str, String> {
    match text.len() {
        _ if !text.starts_with('/') => Err("a path begins with `/`".to_owned()),
        ..4096 => Ok(text),
        _ => Err("one is longer than any path".to_owned()),
    }
}

/// docs/policy.md.
pub fn page() -> String {
    let mut page = format!(
        "# A site's own policy\n\n\
         Who administers a host may write down in `{PATH}` what holds for every `glsos collect` and `glsos redact`\n\
         on it. What is typed may tighten it, and never loosens it. Without the file nothing changes.\n\n\
         The file and the folders above it belong to root, and nobody else may write there; who runs glsos must be\n\
         able to read it. A policy that can't be trusted, read or understood ends the run before anything is taken\n\
         (exit code 2): it is never passed over. Below `--sysroot` the policy of the machine on which glsos runs counts,\n\
         not one that lies in the tree that is read.\n\n\
         A run says which keys hold, and the manifest has them with the digest of the file, never what they say.\n\n\
         ```toml\n"
    );
    for key in KEYS {
        // Writing to a String does not fail.
        let _ = writeln!(page, "{} = {}", key.name, key.example);
    }
    page.push_str("```\n\n| key | what it does | with what is typed |\n|---|---|---|\n");
    for key in KEYS {
        let _ = writeln!(page, "| `{}` | {} | {} |", key.name, key.what, key.joined);
    }
    page.push_str(
        "\nOf `glsos redact` only what is removed counts: `hide`, `redact-values`, `redact-patterns`, `keep-value`,\n\
         `without-known-secrets`. `glsos explain never-taken` shows what no collector takes without a policy.\n",
    );
    page
}
