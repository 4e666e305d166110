//! A site's own policy, `/etc/glsos/policy.toml`: what holds for every run on this host, whatever is typed.
//!
//! What is typed may tighten it and never loosens it; `keys` says for each key how the two are joined. It
//! is root's alone: one that can't be trusted, read or understood ends the run, and is never passed over.

mod keys;
#[cfg(test)]
mod tests;

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest as _, Sha256};

use super::{args, moment::Moment};
use crate::{
    error::{Error, Kind, Result},
    host::{self, File, Host, Stat, Trouble},
    plan::Pick,
};

pub use keys::page;

/// Where it is; below a sysroot too this machine's counts, whose administrator decides what leaves it.
pub(super) const PATH: &str = "/etc/glsos/policy.toml";

/// Longest one.
const LONGEST: usize = 64 << 10;

/// What it says. Its Debug text would show what is to be removed: there is none.
#[derive(Clone, Default)]
pub(super) struct Policy {
    hide: Vec<args::Hide>,
    values: Vec<PathBuf>,
    patterns: Vec<String>,
    never: Vec<String>,
    skip: Vec<Pick>,
    max_log: Option<u64>,
    max_bundle: Option<u64>,
    timeout: Option<Duration>,
    since: Option<Duration>,
    no_keep_value: bool,
    known_secrets: bool,
    /// The keys that it has, in the order of the list.
    pub(super) keys: Vec<&'static str>,
    /// Of the file, in hexadecimal.
    pub(super) digest: String,
}

impl Policy {
    /// This machine's, if it has one.
    ///
    /// # Errors
    /// One that others than root could have written, that can't be read or is not understood.
    pub(super) fn of(own: &dyn Host) -> Result<Option<Self>> {
        let path = Path::new(PATH);
        let mut file = match own.open(path) {
            Ok(file) => file,
            Err(error) if error.trouble == Trouble::Missing => return Ok(None),
            Err(error) => return Err(unread(&error, &error.reason())),
        };
        roots_alone(own, path, file.stat())?;
        let bytes = whole(&mut *file)?;
        let policy = Self::parse(&bytes)?;
        for values in &policy.values {
            let file = own.open(values).map_err(|error| unread(&error, &error.to_string()))?;
            roots_alone(own, values, file.stat())?;
        }
        Ok(Some(policy))
    }

    fn parse(bytes: &[u8]) -> Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(|_| refused("it is not UTF-8"))?;
        // The parser's own text would show the line, and a line may hold what is to be removed.
        let table: toml::Table = toml::from_str(text).map_err(|error: toml::de::Error| {
            let at = error.span().map_or(0, |span| span.start).min(text.len());
            let line = text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
            refused(&format!("line {line} is not TOML, or a key stands there twice"))
        })?;
        let mut policy =
            Self { digest: data_encoding::HEXLOWER.encode(&Sha256::digest(bytes)), ..Self::default() };
        let is_key = |name: &str| keys::KEYS.iter().any(|key| key.name == name);
        if let Some(name) = table.keys().find(|name| !is_key(name)) {
            let names: Vec<_> = keys::KEYS.iter().map(|key| key.name).collect();
            let name = name.escape_debug();
            return Err(refused(&format!("there is no key `{name}`; those are {}", names.join(", "))));
        }
        for key in keys::KEYS {
            if let Some(value) = table.get(key.name) {
                (key.read)(value, &mut policy).map_err(|why| refused(&format!("`{}`: {why}", key.name)))?;
                policy.keys.push(key.name);
            }
        }
        Ok(policy)
    }

    /// In one line: what holds, not what of it.
    pub(super) fn told(&self) -> String {
        format!(
            "{PATH} holds: {}",
            if self.keys.is_empty() { "nothing".to_owned() } else { self.keys.join(", ") }
        )
    }

    /// More paths never to take.
    pub(super) fn never(&self) -> &[String] {
        &self.never
    }

    /// What was typed, tightened.
    ///
    /// # Errors
    /// What would loosen it.
    pub(super) fn collect(&self, typed: &args::Collect, now: Timestamp) -> Result<args::Collect> {
        let mut typed = typed.clone();
        typed.redaction = self.redaction(&typed.redaction)?;
        typed
            .skip
            .extend(self.skip.iter().filter(|pick| !typed.skip.contains(pick)).cloned().collect::<Vec<_>>());
        typed.max_log.0 = least(typed.max_log.0, self.max_log);
        typed.max_bundle.0 = least(typed.max_bundle.0, self.max_bundle);
        typed.timeout = least(typed.timeout, self.timeout);
        typed.since = match (typed.since, self.since) {
            (Moment::Ago(typed), Some(most)) => Moment::Ago(typed.min(most)),
            (Moment::At(typed), Some(most)) => {
                let first = SignedDuration::try_from(most).ok().and_then(|most| now.checked_sub(most).ok());
                Moment::At(typed.max(first.unwrap_or(Timestamp::MIN)))
            }
            (typed, None) => typed,
        };
        Ok(typed)
    }

    /// The same of what is removed, for every command that removes something.
    ///
    /// # Errors
    /// As `collect`.
    pub(super) fn redaction(&self, typed: &args::Redaction) -> Result<args::Redaction> {
        let forbidden = |option: &str, key: &str| {
            Err(Error::usage(format!("{option}: {PATH} forbids it with `{key} = false`"))
                .hint("leave it out, or ask who wrote the policy"))
        };
        if self.no_keep_value && !typed.keep_value.is_empty() {
            return forbidden("--keep-value", "keep-value");
        }
        if self.known_secrets && typed.without_known_secrets {
            return forbidden("--without-known-secrets", "without-known-secrets");
        }
        let mut typed = typed.clone();
        typed.hide.extend(self.hide.iter().cloned());
        typed.redact_value.extend(self.values.iter().cloned());
        // Behind those that were typed, whose numbers are in the markers.
        typed.redact_pattern.extend(self.patterns.iter().cloned());
        Ok(typed)
    }
}

fn least<T: Ord>(typed: Option<T>, most: Option<T>) -> Option<T> {
    match (typed, most) {
        (Some(typed), Some(most)) => Some(typed.min(most)),
        (typed, most) => typed.or(most),
    }
}

fn whole(file: &mut dyn File) -> Result<Vec<u8>> {
    let mut bytes = vec![0; LONGEST + 1];
    let mut length = 0;
    loop {
        match file
            .read_at(length as u64, &mut bytes[length..])
            .map_err(|error| unread(&error, &error.reason()))?
        {
            0 => break,
            read => length += read,
        }
    }
    if length > LONGEST {
        return Err(refused(&format!("it is longer than {LONGEST} bytes")));
    }
    bytes.truncate(length);
    Ok(bytes)
}

/// Whoever runs it: nobody but root may have written the file, or may put another in its place.
fn roots_alone(own: &dyn Host, path: &Path, stat: &Stat) -> Result<()> {
    let check = |path: &Path, stat: &Stat, others: u32| {
        if stat.uid == 0 && stat.mode & others == 0 {
            return Ok(());
        }
        let why = if stat.uid == 0 { "others than root may write to it" } else { "root does not own it" };
        Err(refused(&format!("{}: {why}", path.display()))
            .hint(format!("chown root {0} && chmod go-w {0}", path.display())))
    };
    check(path, stat, 0o022)?;
    for above in path.ancestors().skip(1) {
        let stat = own.stat(above).map_err(|error| unread(&error, &error.to_string()))?;
        // In a folder such as /tmp nobody moves another's file away.
        check(above, &stat, if stat.mode & 0o1000 != 0 { 0 } else { 0o022 })?;
    }
    Ok(())
}

/// The machine may be in the way; all else is for who wrote the policy to mend.
fn unread(error: &host::Error, why: &str) -> Error {
    let refused = refused(why);
    match error.trouble {
        Trouble::TimedOut | Trouble::Io => Error { kind: Kind::Host, ..refused },
        _ => refused,
    }
}

fn refused(why: &str) -> Error {
    Error::usage(format!("{PATH}: {why}"))
        .hint("nothing is done against a policy; docs/policy.md describes it")
}
