//! What was typed of redaction → the run's redactor, for every command that redacts: the host's own
//! secrets and what the customer wrote down. Prints nothing, shows no value.

use std::path::PathBuf;

use super::{args, catalogs, mapping};
use crate::{
    error::{Error, Result},
    host::Host,
    redact::{
        CHOSEN, KnownSecret, Redactor, Strength,
        chosen::{Hidden, Key, Kind, Own},
        secrets::{self, Learnt},
        strength,
    },
};

/// Longest file of `--redact-value`.
const LONGEST_VALUES: usize = 1 << 20;

/// What the customer wrote down, read and checked before anything is taken.
pub(super) struct Chosen<'t> {
    typed: &'t args::Redaction,
    values: Vec<KnownSecret>,
    /// The key of the pseudonyms, if anything is hidden.
    key: Option<Key>,
}

/// A run's redactor, and how much it knows.
pub(super) struct Redaction {
    pub(super) redactor: Redactor,
    pub(super) learnt: Learnt,
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
    /// A file that can't be read, and a value that can't be looked for everywhere.
    pub(super) fn read(typed: &'t args::Redaction, own: &dyn Host) -> Result<Self> {
        let mut values = Vec::new();
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
        Ok(Self { typed, values, key })
    }

    /// Learns the host's own secrets, and what it is called besides `called`.
    ///
    /// # Errors
    /// As `Redactor::new`.
    pub(super) fn learn(&self, host: &dyn Host, called: &str) -> Result<Redaction> {
        let learnt = secrets::learn(host, &self.values);
        let mut known = learnt.secrets.clone();
        if let (Some(key), Some(path)) = (&self.key, &self.typed.mapping) {
            known.push(KnownSecret::new(key.hex().as_bytes(), Some("mapping_key"), path));
        }
        let mut redactor = Redactor::new(known)?;
        let hiding = self.key.clone().map(|key| {
            let kinds = self.typed.hide.iter().flat_map(|word| &word.0).copied();
            let hidden = Hidden::new(kinds, key.clone(), Own::learn(host, called));
            Hiding { hidden, key, mapping: self.typed.mapping.clone() }
        });
        if let Some(hiding) = &hiding {
            redactor = redactor.hiding(hiding.hidden.clone());
        }
        let withhold = if self.typed.without_known_secrets { None } else { unknown(&learnt) };
        Ok(Redaction { redactor, learnt, withhold, hiding })
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

    /// How many secrets were learnt from how many places, and for each place whose secrets are not known
    /// why, and whether it is GitLab's own.
    pub(super) fn told(&self) -> (String, Vec<(String, bool)>) {
        let places = self.learnt.sources.iter().filter(|source| source.count > 0).count();
        let told = format!(
            "learnt {} secrets of this host from {places} places; they go wherever they stand",
            self.learnt.secrets.len()
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

/// The first of GitLab's own places whose secrets are not known.
fn unknown(learnt: &Learnt) -> Option<String> {
    let first = learnt.unreadable().find(|place| place.gitlabs)?;
    let secrets::Outcome::Unreadable(why) = &first.outcome else { return None };
    Some(format!("not all secrets of this host are known: {}: {why}", first.path.display()))
}
