//! What was typed of redaction → the run's redactor, for every command that redacts: the host's own
//! secrets and what the customer wrote down. Prints nothing, shows no value.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::{args, catalogs, mapping};
use crate::{
    error::{Error, Result},
    host::{
        self, Host,
        locked::{self, Locked},
    },
    pack::manifest,
    redact::{
        CHOSEN, Kept, KnownSecret, Patterns, Redactor, Secret, Strength,
        chosen::{Hidden, Key, Kind, Own},
        secrets::{self, Learnt},
        strength,
    },
    scan::Scanner,
    units::show_count,
};

/// Longest file of `--redact-value` and `--keep-value`.
const LONGEST_VALUES: usize = 1 << 20;

/// What the customer wrote down, read and checked before anything is taken.
pub(super) struct Chosen<'t> {
    typed: &'t args::Redaction,
    values: Vec<KnownSecret>,
    patterns: Patterns,
    keep: Vec<Secret>,
    /// The key of the pseudonyms, if anything is hidden.
    key: Option<Key>,
}

/// A run's redactor, and how much it knows.
pub(super) struct Redaction {
    pub(super) redactor: Redactor,
    pub(super) learnt: Learnt,
    /// What of it is kept from being swapped out.
    pub(super) locked: Locked,
    /// Why GitLab's entries must stay here, if they must.
    pub(super) withhold: Option<String>,
    /// What is hidden behind pseudonyms, if anything is.
    pub(super) hiding: Option<Hiding>,
}

/// What a run hides, and where the way back is kept.
pub(super) struct Hiding {
    pub(super) hidden: Hidden,
    key: Key,
    mapping: Option<PathBuf>,
}

impl Hiding {
    fn keep(&self, bundle: &str) -> Result<Option<PathBuf>> {
        let write = |path: &PathBuf| mapping::write_pairs(path, &self.key, bundle, &self.hidden);
        self.mapping.as_ref().map(write).transpose()
    }
}

impl<'t> Chosen<'t> {
    /// Reads the customer's files, which are this machine's.
    ///
    /// # Errors
    /// A pattern that is not understood, a file that can't be read, and a value that can't be looked for everywhere.
    pub(super) fn read(typed: &'t args::Redaction, own: &dyn Host) -> Result<Self> {
        let patterns = Patterns::parse(&typed.redact_pattern)
            .map_err(|error| Error::usage(format!("--redact-pattern: {error}")).hint(error.hint))?;
        let mut values = own_command_line(&typed.redact_pattern);
        for path in &typed.redact_value {
            let path = catalogs::absolute(path)?;
            let text = own.read(&path, LONGEST_VALUES).map_err(|error| {
                Error::usage(format!("{error}")).hint("--redact-value names a file with one value a line")
            })?;
            for (number, line) in text.split(|b| *b == b'\n').enumerate() {
                let line = line.strip_suffix(b"\r").unwrap_or(line);
                let value = KnownSecret::new(line, Some(CHOSEN), &path);
                match strength(&value) {
                    _ if line.is_empty() => {}
                    Strength::Strong => values.push(value),
                    Strength::Weak(why) => {
                        let place = format!("{}, line {}", path.display(), number + 1);
                        return Err(Error::usage(format!(
                            "{place}: such a value can't be looked for everywhere: {why}"
                        ))
                        .hint("a value of --redact-value has six characters or more"));
                    }
                }
            }
        }
        let key = match &typed.mapping {
            _ if typed.hide.is_empty() => None,
            Some(path) => Some(mapping::key(path)?),
            None => Some(Key::draw()?),
        };
        let keep = to_keep(&typed.keep_value, own)?;
        Ok(Self { typed, values, patterns, keep, key })
    }

    /// Learns the host's own secrets, and what it is called besides `called`.
    ///
    /// # Errors
    /// As `Redactor::new`.
    pub(super) fn learn(&self, host: &dyn Host, called: &str) -> Result<Redaction> {
        let learnt = secrets::learn(host, &self.values);
        let kept = Kept::new(self.keep.clone(), &learnt.secrets);
        let mut known = learnt.secrets.clone();
        if let (Some(key), Some(path)) = (&self.key, &self.typed.mapping) {
            known.push(KnownSecret::new(key.hex().as_bytes(), Some("mapping_key"), path));
        }
        let mut redactor = Redactor::new(known)?.matching(self.patterns.clone()).keeping(kept);
        let hiding = self.key.clone().map(|key| {
            let kinds = self.typed.hide.iter().flat_map(|word| &word.0).copied();
            let hidden = Hidden::new(kinds, key.clone(), Own::learn(host, called));
            Hiding { hidden, key, mapping: self.typed.mapping.clone() }
        });
        if let Some(hiding) = &hiding {
            redactor = redactor.hiding(hiding.hidden.clone());
        }
        let values = learnt.secrets.iter().chain(&self.values).map(|secret| secret.value.expose());
        let locked = locked::lock(values.chain(redactor.secrets()));
        let withhold = if self.typed.without_known_secrets { None } else { unknown(&learnt) };
        Ok(Redaction { redactor, learnt, locked, withhold, hiding })
    }
}

impl Redaction {
    /// Keeps the way back from the pseudonyms of what is called `made`, if it is to be kept; where.
    ///
    /// # Errors
    /// Where that can't be.
    pub(super) fn keep(&self, made: &str) -> Result<Option<PathBuf>> {
        self.hiding.as_ref().map_or(Ok(None), |hiding| hiding.keep(made))
    }

    /// The second look, which does not take what was kept for a secret that was missed.
    pub(super) fn hit(&self, scanner: &Scanner, before: &[u8], chunk: &[u8]) -> Option<&'static str> {
        let kept = self.redactor.kept();
        match (kept.replaced(before), kept.replaced(chunk)) {
            (None, None) => scanner.hit(before, chunk),
            (before_it, it) => {
                scanner.hit(before_it.as_deref().unwrap_or(before), it.as_deref().unwrap_or(chunk))
            }
        }
    }

    /// What is kept, how often it was, and how many were refused, if anything is to be kept.
    pub(super) fn kept(&self) -> Option<manifest::Kept> {
        let kept = self.redactor.kept();
        let any = kept.values() + kept.refused() > 0;
        let (values, secrets) = (kept.values() as u64, kept.refused() as u64);
        any.then(|| manifest::Kept { values, secrets, times: kept.times() })
    }

    /// How many secrets were learnt from how many places, and for each place whose secrets are not known
    /// why, and whether it is GitLab's own.
    pub(super) fn told(&self) -> (String, Vec<(String, bool)>) {
        let places = self.learnt.sources.iter().filter(|source| source.count > 0).count();
        let told = format!(
            "learnt {} of this host from {}; they go wherever they stand",
            show_count(self.learnt.secrets.len() as u64, "secret"),
            show_count(places as u64, "place")
        );
        let trouble = self.learnt.unreadable().filter_map(|place| match &place.outcome {
            secrets::Outcome::Unreadable(why) => {
                Some((format!("secrets in {} are not known: {why}", place.path.display()), place.gitlabs))
            }
            secrets::Outcome::Learnt | secrets::Outcome::Guessed(_) => None,
        });
        (told, trouble.collect())
    }
}

/// The kinds that were typed, each once, as they are typed.
pub(super) fn hidden_kinds(typed: &args::Redaction) -> String {
    let is_typed = |kind: &Kind| typed.hide.iter().any(|word| word.0.contains(kind));
    Kind::all().filter(is_typed).map(Kind::name).collect::<Vec<_>>().join(",")
}

/// Values to keep. They weaken redaction, so root takes them only from a file that is root's.
fn to_keep(files: &[PathBuf], own: &dyn Host) -> Result<Vec<Secret>> {
    let mut values = Vec::new();
    for path in files {
        let path = catalogs::absolute(path)?;
        let trouble = |error: host::Error| {
            Error::usage(format!("{error}")).hint("--keep-value names a file with one value a line")
        };
        let mut file = own.open(&path).map_err(trouble)?;
        catalogs::safe(own, &path, file.stat())?;
        let mut text = Zeroizing::new(vec![0; LONGEST_VALUES + 1]);
        let mut length = 0;
        loop {
            match file.read_at(length as u64, &mut text[length..]).map_err(trouble)? {
                0 => break,
                read => length += read,
            }
        }
        if length > LONGEST_VALUES {
            return Err(Error::usage(format!("{}: longer than {LONGEST_VALUES} bytes", path.display()))
                .hint("each value that is kept weakens redaction: keep few"));
        }
        let lines = text[..length].split(|byte| *byte == b'\n');
        values.extend(lines.map(|line| Secret::new(line.strip_suffix(b"\r").unwrap_or(line))));
    }
    Ok(values)
}

/// The process table shows what was typed, and a pattern may hold a part of what it is to find. One that is
/// plain text finds itself.
fn own_command_line(patterns: &[String]) -> Vec<KnownSecret> {
    let patterns = patterns.iter().filter(|pattern| pattern.contains(|c| r"\.+*?()|[]{}^$".contains(c)));
    let values = patterns.map(|pattern| KnownSecret::new(pattern.as_str(), Some(CHOSEN), "--redact-pattern"));
    values.filter(|value| strength(value) == Strength::Strong).collect()
}

/// The first of GitLab's own places whose secrets are not known.
fn unknown(learnt: &Learnt) -> Option<String> {
    let first = learnt.unreadable().find(|place| place.gitlabs)?;
    let secrets::Outcome::Unreadable(why) = &first.outcome else { return None };
    Some(format!("not all secrets of this host are known: {}: {why}", first.path.display()))
}
