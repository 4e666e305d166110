//! The rules for single values: a string and its place in, a typed value or a complaint out.
//!
//! No rule knows another value of the file; what must agree with its neighbours is in `parse`.

pub(super) mod address;
pub(super) mod argv;
pub(super) mod path;
mod programs;

use std::{ops::Range, time::Duration};

use super::{
    model::{Importance, Profile},
    problem::{Complaint, did_you_mean},
};
use crate::{escape::is_odd, host::installation, units};

/// Longest name of a collector or a source.
const NAME: usize = 64;
/// Longest sentence.
const SENTENCE: usize = 240;

/// A string, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Told<'t> {
    pub(super) text: &'t str,
    pub(super) span: Range<usize>,
}

impl Told<'_> {
    pub(super) fn wrong(&self, message: impl Into<String>) -> Complaint {
        Complaint::new(self.span.clone(), message)
    }
}

type Verdict<T> = Result<T, Complaint>;

/// `about`, `why`: one sentence on one line.
pub(super) fn sentence(told: &Told) -> Verdict<String> {
    let text = told.text.trim();
    if text.is_empty() {
        return Err(told.wrong("nothing is said here").hint("write one sentence"));
    }
    plain(told)?;
    if text.chars().count() > SENTENCE {
        return Err(told
            .wrong(format!("longer than {SENTENCE} characters"))
            .hint("write one short sentence"));
    }
    if goes_on_after_its_end(text) {
        return Err(told.wrong("more than one sentence").hint("write one sentence; a semicolon may help"));
    }
    Ok(text.to_owned())
}

/// Whether a word of at least four letters, a full stop, and a capital follow each other ("etc." and "e.g." are shorter).
fn goes_on_after_its_end(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).any(|pair| {
        let [word, next] = pair else { return false };
        word.strip_suffix(['.', '!', '?'])
            .is_some_and(|w| w.chars().count() >= 4 && w.chars().all(char::is_alphabetic))
            && next.starts_with(char::is_uppercase)
    })
}

/// No character that moves or hides others: these strings are shown to people and become names.
pub(super) fn plain(told: &Told) -> Verdict<()> {
    match told.text.chars().find(|c| is_odd(*c)) {
        Some(c) => Err(told.wrong(format!("has the character {}", c.escape_unicode()))),
        None => Ok(()),
    }
}

/// A collector's name; the text is the reason why not.
pub(super) fn collector_name(name: &str) -> Result<(), String> {
    let fits = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !name.ends_with('-')
        && name.len() <= NAME;
    if !fits {
        return Err(format!(
            "`{}` can't name a collector: lower-case letters, digits and dashes, beginning with a letter, at most {NAME}",
            name.escape_debug()
        ));
    }
    if name == "glsos" {
        return Err("`glsos` is the bundle's own folder and can't name a collector".to_owned());
    }
    Ok(())
}

/// `name` of a source.
pub(super) fn source_name(told: &Told) -> Verdict<String> {
    let name = told.text;
    let fits = name.starts_with(|c: char| c.is_ascii_lowercase() || c.is_ascii_digit())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-._".contains(&b))
        && name.len() <= NAME;
    if !fits {
        return Err(told.wrong(format!(
            "a source's name has lower-case letters, digits, dashes, dots and underscores, begins with a letter or a digit, and has at most {NAME} characters"
        )));
    }
    Ok(name.to_owned())
}

/// `as`: a clean relative name, not among the bundle's own files.
pub(super) fn alias(told: &Told) -> Verdict<String> {
    let name = told.text;
    let parts: Vec<&str> = name.split('/').collect();
    let clean = name.len() <= 200
        && parts.iter().all(|part| !part.is_empty() && *part != "." && *part != "..")
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._/+@".contains(&b));
    if !clean {
        return Err(told.wrong("not a clean relative name").hint(
            "letters, digits and `-._+@`, in parts joined by `/`; no `..`, no leading or trailing `/`",
        ));
    }
    if parts.first() == Some(&"glsos") {
        return Err(told.wrong("`glsos/` is the bundle's own folder"));
    }
    Ok(name.to_owned())
}

/// `timeout`: above zero, at most an hour.
pub(super) fn timeout(told: &Told) -> Verdict<Duration> {
    let duration = units::parse_duration(told.text).map_err(|e| told.wrong(e.to_string()))?;
    if duration.is_zero() {
        return Err(told.wrong("a timeout of zero takes nothing"));
    }
    if duration > Duration::from_secs(3_600) {
        return Err(told.wrong("a timeout is at most 1h"));
    }
    Ok(duration)
}

/// `limit`: above zero.
pub(super) fn limit(told: &Told) -> Verdict<u64> {
    match units::parse_size(told.text) {
        Ok(0) => Err(told.wrong("a limit of zero takes nothing")),
        Ok(size) => Ok(size),
        Err(error) => Err(told.wrong(error.to_string())),
    }
}

/// One of a closed list.
pub(super) fn one_of<'w>(told: &Told, what: &str, known: &[&'w str]) -> Verdict<&'w str> {
    known.iter().copied().find(|word| *word == told.text).ok_or_else(|| {
        let complaint = told.wrong(format!("no {what} is named `{}`", told.text.escape_debug()));
        match did_you_mean(told.text, known.iter().copied()) {
            Some(hint) => complaint.hint(hint),
            None if known.is_empty() => complaint,
            None => complaint.hint(format!("known: {}", known.join(", "))),
        }
    })
}

/// `run` of a probe: one of those that the program has.
pub(super) fn probe(told: &Told, known: &[&str]) -> Verdict<String> {
    one_of(told, "probe", known).map(str::to_owned)
}

/// A role of `when`.
pub(super) fn role(told: &Told) -> Verdict<String> {
    one_of(told, "role", &installation::role_names()).map(str::to_owned)
}

/// One of `profiles`.
pub(super) fn profile(told: &Told) -> Verdict<Profile> {
    let name = one_of(told, "profile", &Profile::ALL.map(Profile::name))?;
    Profile::ALL
        .into_iter()
        .find(|profile| profile.name() == name)
        .ok_or_else(|| told.wrong("no such profile"))
}

/// `importance`.
pub(super) fn importance(told: &Told) -> Verdict<Importance> {
    let name = one_of(told, "importance", &Importance::ALL.map(Importance::name))?;
    Importance::ALL.into_iter().find(|one| one.name() == name).ok_or_else(|| told.wrong("no such importance"))
}

/// A service of `when`: the name of a folder below /opt/gitlab/service, or of a unit.
pub(super) fn service(told: &Told) -> Verdict<String> {
    let name = told.text;
    let fits = name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._@".contains(&b))
        && name.len() <= NAME;
    if fits { Ok(name.to_owned()) } else { Err(told.wrong("not a service's name")) }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in super::super) fn told(text: &str) -> Told<'_> {
        Told { text, span: 0..text.len() }
    }

    #[test]
    fn one_sentence_may_have_abbreviations() {
        for good in
            ["Memory, e.g. RSS", "Version 17.11. etc. The rest", "Kernel vs. Userland", "One sentence."]
        {
            assert!(sentence(&told(good)).is_ok(), "{good}");
        }
        for bad in ["", "  ", "One sentence. Two sentences", "a\nb", "a\u{202e}b"] {
            assert!(sentence(&told(bad)).is_err(), "{bad}");
        }
    }

    #[test]
    fn names_stay_in_their_folder() {
        for bad in ["", "..", ".hidden", "a/b", "A", "a b", "é"] {
            assert!(source_name(&told(bad)).is_err(), "{bad}");
        }
        for bad in ["", "a--\u{e9}", "-a", "a-", "9a", "a.b", "glsos", "A"] {
            assert!(collector_name(bad).is_err(), "{bad}");
        }
        for bad in ["", "/a", "a/", "a//b", "../a", "a/./b", "glsos/manifest.json", "a b", "a\\b"] {
            assert!(alias(&told(bad)).is_err(), "{bad}");
        }
        assert!(alias(&told("opt/gitlab/version-manifest.txt")).is_ok());
    }
}
