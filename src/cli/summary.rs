//! What is said when a bundle is made: where it is, what is in it, what is not and what to do about
//! it, and how to look inside before it is sent.

use std::{collections::BTreeMap, fmt::Write, path::Path};

use serde_json::json;

use super::{
    console::{Console, escape_line},
    policy,
};
use crate::{
    error::{Error, Result},
    host::stop::Reason,
    outcome::Outcome,
    pack::manifest::{self, Entry, Manifest},
    units::{show_count, show_size},
};

/// Reasons that are told one by one.
const NAMED: usize = 12;

/// A finished bundle.
pub(super) struct Summary<'a> {
    pub(super) manifest: &'a Manifest,
    pub(super) size: u64,
    /// Of all of it.
    pub(super) digest: &'a str,
    /// Nothing if it went to stdout.
    pub(super) path: Option<&'a Path>,
    pub(super) stop: Option<Reason>,
    /// Secrets of the host that were learnt, each counted once.
    pub(super) known: usize,
    /// Whether it was made of a host, of which more could be taken.
    pub(super) host: bool,
    /// Where the way back from its pseudonyms is.
    pub(super) pairs: Option<&'a Path>,
}

impl Summary<'_> {
    /// The path alone on stdout, for scripts; the rest is talk.
    pub(super) fn tell(&self, console: &Console, as_json: bool) -> Result<()> {
        let trouble = |error: std::io::Error| Error::host(format!("writing to stdout: {error}"));
        if as_json {
            return console.event(&self.json()).map_err(trouble);
        }
        console.say(&self.text());
        match self.path {
            Some(path) => console.data(format!("{}\n", path.display()).as_bytes()).map_err(trouble),
            None => Ok(()),
        }
    }

    fn text(&self) -> String {
        let mut out = String::new();
        let entries = &self.manifest.entries;
        let counts = count(entries);
        let told: Vec<_> =
            counts.iter().map(|(outcome, number)| format!("{number} {}", outcome.word())).collect();
        let redactions: u64 = entries.iter().flat_map(|entry| entry.redactions.values()).sum();
        if let Some(reason) = self.stop {
            let _ = writeln!(out, "stopped by {}: the bundle has what there was until then", reason.word());
        }
        let _ = writeln!(out, "\n  size      {}", show_size(self.size));
        let _ = writeln!(out, "  sha256    {}", self.digest);
        let _ = writeln!(out, "  entries   {}", told.join(", "));
        let _ = writeln!(
            out,
            "  redacted  {}; {} of this host {} known",
            show_count(redactions, "value"),
            show_count(self.known as u64, "secret"),
            if self.known == 1 { "was" } else { "were" }
        );
        let hidden: Vec<_> = self
            .manifest
            .run
            .hidden
            .iter()
            .map(|(kind, count)| format!("{count} of {}", kind.as_str()))
            .collect();
        if !hidden.is_empty() {
            let _ = writeln!(out, "  hidden    {}", hidden.join(", "));
        }
        if let Some(policy) = &self.manifest.run.policy {
            let keys: Vec<_> = policy.keys.iter().map(manifest::Text::as_str).collect();
            let _ = writeln!(out, "  policy    {}: {}", policy::PATH, keys.join(", "));
        }
        if let Some(pairs) = self.pairs {
            let _ = writeln!(out, "  the way back is in {}: keep it", pairs.display());
        }
        if let Some(kept) = &self.manifest.run.kept_values {
            let _ = writeln!(
                out,
                "  kept      {} one of {} of --keep-value",
                show_count(kept.times, "time"),
                show_count(kept.values, "value")
            );
        }
        let left_out = self.manifest.entries_left_out;
        if left_out > 0 {
            let _ = writeln!(out, "  left out  {left_out} entries beyond the most that a bundle takes");
        }
        self.troubles(&mut out);
        if let Some(trouble) = self.manifest.run.from.as_ref().and_then(|from| from.trouble.as_ref()) {
            let _ = writeln!(out, "\nThe old archive could not be read to its end:");
            wrapped(&mut out, &escape_line(trouble.as_str()));
        }
        if let Some(path) = self.path {
            let path = path.display();
            let _ = writeln!(
                out,
                "\nLook inside before you send it; glsos/manifest.json in it names every entry:"
            );
            let _ = writeln!(out, "  tar xzf {path}");
        }
        out.trim_end().to_owned()
    }

    /// What is not whole, and what may help.
    fn troubles(&self, out: &mut String) {
        let bad: Vec<&Entry> = self
            .manifest
            .entries
            .iter()
            .filter(|entry| !matches!(entry.outcome, Outcome::Complete | Outcome::Skipped))
            .collect();
        if bad.is_empty() {
            return;
        }
        let _ = writeln!(out, "\nNot whole:");
        let mut alike: BTreeMap<(Outcome, &str), Vec<&str>> = BTreeMap::new();
        for entry in &bad {
            alike.entry((entry.outcome, entry.reason.as_str())).or_default().push(entry.name.as_str());
        }
        for ((outcome, reason), names) in alike.iter().take(NAMED) {
            let _ = match names.as_slice() {
                [name] => writeln!(out, "  {:<9}  {name}", outcome.word()),
                [first, rest @ ..] => {
                    writeln!(out, "  {:<9}  {first} and {} more", outcome.word(), rest.len())
                }
                [] => Ok(()),
            };
            wrapped(out, &escape_line(reason));
        }
        if alike.len() > NAMED {
            let _ = writeln!(out, "  and for {} more reasons, which the manifest tells", alike.len() - NAMED);
        }
        if !self.host {
            return;
        }
        let has = |outcome| bad.iter().any(|entry| entry.outcome == outcome);
        if has(Outcome::Denied) {
            let _ = writeln!(out, "  → what was denied can be read as root: sudo glsos collect");
        }
        if has(Outcome::TimedOut) && self.stop.is_none() {
            let _ = writeln!(out, "  → what did not answer in time may be what is wrong with this host");
        }
        if has(Outcome::Truncated) {
            let _ = writeln!(
                out,
                "  → what was cut has its newest lines; --max-log and --max-bundle set how much,\n    \
                 --since and --until which hours, --only and --skip which logs"
            );
        }
        if has(Outcome::Withheld)
            && self.manifest.run.known_secrets.iter().any(|place| place.trouble.is_some())
        {
            let _ =
                writeln!(out, "  → run as root, or look at the places named above; --without-known-secrets");
            let _ = writeln!(out, "    takes them all the same");
        }
    }

    fn json(&self) -> serde_json::Value {
        let outcomes: BTreeMap<_, _> =
            count(&self.manifest.entries).into_iter().map(|(o, n)| (o.word(), n)).collect();
        json!({
            "event": "bundle",
            "path": self.path.map(|path| path.to_string_lossy()),
            "bytes": self.size,
            "sha256": self.digest,
            "entries": outcomes,
            "stopped_by": self.stop.map(Reason::word),
        })
    }
}

/// A reason below its entries, at most 80 columns wide where its words allow.
pub(super) fn wrapped(out: &mut String, reason: &str) {
    const INDENT: &str = "             ";
    let mut line = INDENT.to_owned();
    for word in reason.split(' ') {
        if line.len() > INDENT.len() && line.chars().count() + word.chars().count() >= 80 {
            let _ = writeln!(out, "{}", line.trim_end());
            line = INDENT.to_owned();
        }
        line.push_str(word);
        line.push(' ');
    }
    let _ = writeln!(out, "{}", line.trim_end());
}

fn count(entries: &[Entry]) -> BTreeMap<Outcome, usize> {
    let mut counts = BTreeMap::new();
    entries.iter().for_each(|entry| *counts.entry(entry.outcome).or_insert(0) += 1);
    counts
}
