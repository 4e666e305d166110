//! What was typed of redaction → the run's redactor, for every command that redacts: the host's own
//! secrets and what the customer wrote down. Prints nothing, shows no value.

use super::{args, catalogs};
use crate::{
    error::{Error, Result},
    host::Host,
    redact::{
        CHOSEN, KnownSecret, Patterns, Redactor, Strength,
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
    patterns: Patterns,
}

/// A run's redactor, and how much it knows.
pub(super) struct Redaction {
    pub(super) redactor: Redactor,
    pub(super) learnt: Learnt,
    /// Why GitLab's entries must stay here, if they must.
    pub(super) withhold: Option<String>,
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
        Ok(Self { typed, values, patterns })
    }

    /// Learns the host's own secrets.
    ///
    /// # Errors
    /// As `Redactor::new`.
    pub(super) fn learn(&self, host: &dyn Host) -> Result<Redaction> {
        let learnt = secrets::learn(host, &self.values);
        let redactor = Redactor::new(learnt.secrets.clone())?.matching(self.patterns.clone());
        let withhold = if self.typed.without_known_secrets { None } else { unknown(&learnt) };
        Ok(Redaction { redactor, learnt, withhold })
    }
}

impl Redaction {
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
