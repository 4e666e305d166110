//! What of a long line a pattern may have begun to match, when the line goes on beyond what is in sight.
//!
//! Answers with the language of a pattern's beginnings, searched backwards from the end of what is in
//! sight: the longest beginning that reaches it. Looks around (`^`, `\b`) count as fulfilled, so that
//! the answer is too early rather than too late.

use regex_automata::{
    Anchored, Input, MatchKind,
    hybrid::dfa::{self, DFA},
    nfa::thompson,
};
use regex_syntax::hir::{Hir, HirKind, Repetition};

/// Most bytes of the program that searches backwards.
const LARGEST: usize = 4 << 20;

/// Most bytes of the table that the search builds as it goes; begun anew when it is full.
const TABLE: usize = 2 << 20;

/// A pattern's beginnings.
#[derive(Debug, Clone)]
pub(super) struct Begun(DFA);

impl Begun {
    /// Nothing if the pattern's beginnings are too large a language.
    pub(super) fn of(hir: &Hir) -> Option<Self> {
        let program = thompson::Config::new()
            .reverse(true)
            .nfa_size_limit(Some(LARGEST))
            .which_captures(thompson::WhichCaptures::None);
        let nfa = thompson::Compiler::new().configure(program).build_from_hir(&beginning(hir)).ok()?;
        let config = dfa::Config::new()
            .match_kind(MatchKind::All)
            .cache_capacity(TABLE)
            .skip_cache_capacity_check(true);
        dfa::Builder::new().configure(config).build_from_nfa(nfa).ok().map(Self)
    }

    /// Where in `text`, from `from` on, the longest beginning starts that reaches its end.
    pub(super) fn start(&self, text: &[u8], from: usize) -> usize {
        let input = Input::new(text).range(from..).anchored(Anchored::Yes);
        match self.0.try_search_rev(&mut self.0.create_cache(), &input) {
            Ok(found) => found.map_or(text.len(), |found| found.offset()),
            // The table can't hold it: all of it counts as begun.
            Err(_) => from,
        }
    }
}

/// Everything that a match of `hir` can begin with, nothing and the whole included.
fn beginning(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => Hir::empty(),
        HirKind::Literal(literal) => {
            let bytes: Vec<Hir> = literal.0.iter().map(|byte| Hir::literal([*byte])).collect();
            row(&bytes)
        }
        HirKind::Class(class) => maybe(Hir::class(class.clone())),
        HirKind::Capture(capture) => beginning(&capture.sub),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(beginning).collect()),
        HirKind::Concat(parts) => row(parts),
        HirKind::Repetition(repetition) => {
            let before = Repetition {
                min: 0,
                max: repetition.max.map(|max| max.saturating_sub(1)),
                greedy: true,
                sub: Box::new(plain(&repetition.sub)),
            };
            Hir::concat(vec![Hir::repetition(before), beginning(&repetition.sub)])
        }
    }
}

/// Of one after the other: halved, so that the tree stays low and the program short.
fn row(parts: &[Hir]) -> Hir {
    match parts {
        [] => Hir::empty(),
        [one] if matches!(one.kind(), HirKind::Literal(literal) if literal.0.len() == 1) => {
            maybe(one.clone())
        }
        [one] => beginning(one),
        _ => {
            let (left, right) = parts.split_at(parts.len() / 2);
            let whole = left.iter().map(plain).chain([row(right)]).collect();
            Hir::alternation(vec![row(left), Hir::concat(whole)])
        }
    }
}

/// The same without looks around.
fn plain(hir: &Hir) -> Hir {
    match hir.kind() {
        HirKind::Look(_) => Hir::empty(),
        HirKind::Capture(capture) => plain(&capture.sub),
        HirKind::Concat(parts) => Hir::concat(parts.iter().map(plain).collect()),
        HirKind::Alternation(parts) => Hir::alternation(parts.iter().map(plain).collect()),
        HirKind::Repetition(repetition) => {
            Hir::repetition(Repetition { sub: Box::new(plain(&repetition.sub)), ..repetition.clone() })
        }
        HirKind::Empty | HirKind::Literal(_) | HirKind::Class(_) => hir.clone(),
    }
}

fn maybe(hir: Hir) -> Hir {
    Hir::repetition(Repetition { min: 0, max: Some(1), greedy: true, sub: Box::new(hir) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::patterns::parse::parse;

    fn begun<'t>(pattern: &str, text: &'t str) -> &'t str {
        let begun = Begun::of(&parse(pattern).unwrap()).unwrap();
        &text[begun.start(text.as_bytes(), 0)..]
    }

    #[test]
    fn the_longest_beginning_that_reaches_the_end() {
        assert_eq!(begun("BEGIN.*END", "a BEGIN b BEGIN c"), "BEGIN b BEGIN c");
        assert_eq!(begun("BEGIN.*END", "a BEGI"), "BEGI");
        assert_eq!(begun("BEGIN.*END", "a b"), "");
        assert_eq!(begun("token=(\\w+)", "x token=ab cd"), "");
        assert_eq!(begun("token=(\\w+)", "x token=ab_cd"), "token=ab_cd");
        assert_eq!(begun("^(?:ab){2,3}c$", "ababab"), "ababab");
        assert_eq!(begun("^(?:ab){2,3}c$", "xabababab"), "ababab");
        assert_eq!(begun(".*foo", "one\ntwo"), "two");
        assert_eq!(begun("a{3}|bc+", "x bccc"), "bccc");
    }

    #[test]
    fn a_large_pattern_stays_small_or_is_nothing() {
        let hir = parse(&"a[bc]".repeat(800)).unwrap();
        assert!(Begun::of(&hir).is_some());
        assert!(Begun::of(&parse("(?:[a-z]{500}){500}.*x").unwrap()).is_none());
    }
}
