//! What the manifest tells of a run besides its entries: the host's name, what is installed, and how
//! many secrets were learnt from where. Takes nothing, and tells no value.

use std::{collections::BTreeMap, path::Path};

use super::redaction::Redaction;
use crate::{
    host::{Host, installation::Installation, power::GivenUp},
    pack::manifest::{self, Text},
    redact::{Strength, secrets, strength},
};

/// What is installed.
pub(super) fn installation(installation: &Installation, text: &dyn Fn(&str) -> Text) -> BTreeMap<Text, Text> {
    let mut told = BTreeMap::new();
    told.insert(Text::word("kind"), text(installation.kind.name()));
    let more = [
        ("version", installation.version.clone().unwrap_or_default()),
        ("edition", installation.edition.clone().unwrap_or_default()),
        ("roles", installation.roles.join(" ")),
        ("services", installation.services.join(" ")),
    ];
    for (name, value) in more.iter().filter(|(_, value)| !value.is_empty()) {
        told.insert(Text::word(name), text(value));
    }
    told
}

/// How many secrets were learnt from where.
pub(super) fn known(redaction: &Redaction) -> Vec<manifest::Learnt> {
    let Redaction { learnt, redactor, .. } = redaction;
    let text = |text: &str| Text::of(&redactor.text(text.as_bytes()));
    let place = |source: &secrets::LearntFrom| {
        let weak = learnt
            .secrets
            .iter()
            .filter(|secret| secret.source == source.path && matches!(strength(secret), Strength::Weak(_)))
            .count() as u64;
        manifest::Learnt {
            from: Text::of(&redactor.text(source.path.as_os_str().as_encoded_bytes())),
            values: (source.count as u64).saturating_sub(weak),
            weak,
            trouble: match &source.outcome {
                secrets::Outcome::Learnt => None,
                secrets::Outcome::Guessed(why) | secrets::Outcome::Unreadable(why) => Some(text(why)),
            },
        }
    };
    learnt.sources.iter().map(place).collect()
}

/// What each process of the run has given up, by subject.
pub(super) fn given_up(
    processes: &[(&'static str, GivenUp)],
    text: &dyn Fn(&str) -> Text,
) -> BTreeMap<Text, BTreeMap<Text, Text>> {
    let told = |told: &GivenUp| told.iter().map(|(what, how)| (text(what), text(how))).collect();
    processes.iter().map(|(process, given_up)| (Text::word(process), told(given_up))).collect()
}

/// The same of one process, for the run log.
pub(super) fn given_up_line(process: &str, given_up: &GivenUp) -> String {
    let told: Vec<_> = given_up.iter().map(|(what, how)| format!("{what}: {how}")).collect();
    format!("what the process of {process} may not do any more: {}", told.join("; "))
}

/// Kinds that are hidden, and how many different values of each.
pub(super) fn hidden(redaction: &Redaction) -> BTreeMap<Text, u64> {
    let counts = redaction.hiding.as_ref().map(|hiding| hiding.hidden.counts()).unwrap_or_default();
    counts.into_iter().map(|(kind, count)| (Text::word(kind.name()), count)).collect()
}

/// What the host is called: its own files tell, never a name service.
pub(super) fn host_name(host: &dyn Host, sysroot: Option<&Path>) -> String {
    let files: &[&str] = if sysroot.is_some() {
        &["/etc/hostname", "/proc/sys/kernel/hostname"]
    } else {
        &["/proc/sys/kernel/hostname"]
    };
    let read = |path: &&str| host.read(Path::new(path), 4096).ok();
    let told = files.iter().find_map(read).or_else(|| {
        // Without /proc the kernel can still be asked.
        sysroot.is_none().then(nix::unistd::gethostname)?.ok().map(|name| name.into_encoded_bytes())
    });
    let text = String::from_utf8_lossy(&told.unwrap_or_default()).trim().to_owned();
    let safe: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_') { c } else { '_' })
        .take(64)
        .collect();
    let safe = safe.trim_matches('.').to_owned();
    if safe.is_empty() { "unnamed-host".to_owned() } else { safe }
}
