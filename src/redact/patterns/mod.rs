//! Finds what the customer's own patterns match, each within one line.
//!
//! Redacting twice changes nothing, because a second run finds nothing more: what is left around a match
//! is searched again at once; a marker of an earlier run ends a match, unless the match is one without it
//! too; and what is a word's border only because of a marker is none. Knows no pattern of its own.

mod begun;
mod hunt;
mod parse;
#[cfg(test)]
mod tests;

use regex_automata::{PatternID, meta::Regex};
use regex_syntax::hir::Hir;

use super::{
    finder::{Finder, REACH, Span, Window},
    secret::marker_name,
};
use begun::Begun;
use hunt::{Area, Hunt};
pub use parse::PatternError;

/// Most patterns: each costs a pass over everything.
const MOST: usize = 100;

/// Most bytes of one pattern's program.
const LARGEST: usize = 1 << 20;

/// Most bytes of the table that a search builds as it goes; begun anew when it is full.
const TABLE: usize = 1 << 20;

/// What all the rules' names begin with, so that none is taken for another kind's.
const PREFIX: &str = "pattern-";

/// The customer's own patterns.
#[derive(Debug, Clone, Default)]
pub struct Patterns {
    all: Vec<Pattern>,
}

/// One of them.
#[derive(Debug, Clone)]
struct Pattern {
    regex: Regex,
    /// The groups that go, each with its rule; with none, the whole match goes.
    groups: Vec<(usize, String)>,
    /// The rule of a whole match.
    rule: String,
    /// Whether it looks at the borders of words.
    words: bool,
    /// Whether and how a match can be longer than what is in sight of its beginning.
    begun: Option<Begun>,
}

impl Patterns {
    /// Understands patterns, in the order in which they were given.
    ///
    /// # Errors
    /// The first one that can't be kept; it is named by its number and its text.
    pub fn parse(texts: &[impl AsRef<str>]) -> Result<Self, PatternError> {
        if texts.len() > MOST {
            let what = format!("{} patterns are too many", texts.len());
            return Err(PatternError { what, place: format!("  at most {MOST}"), hint: "join some with |" });
        }
        let numbered = texts.iter().map(AsRef::as_ref).zip(1..);
        let all = numbered.map(|(text, number)| {
            Pattern::parse(text, number)
                .map_err(|error| PatternError { what: format!("pattern {number}: {}", error.what), ..error })
        });
        Ok(Self { all: all.collect::<Result<_, _>>()? })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Gives a number to each rule that was named by something that must not be in a bundle.
    pub(super) fn rename(&mut self, is_secret: impl Fn(&str) -> bool) {
        for pattern in &mut self.all {
            for (_, rule) in &mut pattern.groups {
                if is_secret(rule) {
                    rule.clone_from(&pattern.rule);
                }
            }
        }
    }
}

impl Pattern {
    fn parse(text: &str, number: usize) -> Result<Self, PatternError> {
        let hir = parse::parse(text)?;
        let large =
            || PatternError::of(text, "its program would be too large", "repeat less, or shorter things");
        let limits = Regex::config()
            .nfa_size_limit(Some(LARGEST))
            .onepass_size_limit(Some(LARGEST))
            .hybrid_cache_capacity(TABLE);
        let regex = Regex::builder().configure(limits).build_from_hir(&hir).map_err(|_| large())?;
        let rule = format!("{PREFIX}{number}");
        let groups = groups(&regex, &rule);
        let begun = if is_long(&hir) { Some(Begun::of(&hir).ok_or_else(large)?) } else { None };
        let words = hir.properties().look_set().contains_word();
        Ok(Self { regex, groups, rule, words, begun })
    }
}

/// Whether a match can be longer than what a finder sees behind its block.
fn is_long(hir: &Hir) -> bool {
    hir.properties().maximum_len().is_none_or(|longest| longest > REACH)
}

/// The named groups if there are any, else the unnamed ones.
fn groups(regex: &Regex, rule: &str) -> Vec<(usize, String)> {
    let names: Vec<Option<&str>> = regex.group_info().pattern_names(PatternID::ZERO).collect();
    let any = names.iter().any(Option::is_some);
    let named = |name: &str| marker_name(name).map_or(rule.to_owned(), |name| format!("{PREFIX}{name}"));
    let mine = names.iter().enumerate().skip(1).filter(|(_, name)| name.is_some() == any);
    mine.map(|(group, name)| (group, name.map_or(rule.to_owned(), named))).collect()
}

impl Finder for Patterns {
    fn find<'r>(&'r self, window: &Window<'_>, spans: &mut Vec<Span<'r>>) {
        if self.all.is_empty() || window.own.is_empty() {
            return;
        }
        let area = Area::of(window);
        for pattern in &self.all {
            Hunt::new(pattern, &area, spans).all();
        }
    }
}
