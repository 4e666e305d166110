//! A rule: one kind of secret that its form gives away, and how it is found.

use super::{
    form::{Match, is_mixed},
    placeholder,
    text::Text,
};
use crate::redact::finder::{Rank, Span, Until};
use std::ops::Range;

/// One kind of secret. The documentation and the tests read the same table as the program.
#[derive(Debug)]
pub(in crate::redact) struct Rule {
    /// Stands in the marker: `[a-z0-9-]`.
    pub(in crate::redact) name: &'static str,
    /// What it is, and what it opens.
    pub(in crate::redact) what: &'static str,
    /// How it is found.
    pub(super) how: How,
    /// Must be redacted, in the language of forms: runs stand for characters of their class, and
    /// parentheses say what goes.
    pub(in crate::redact) examples: &'static [&'static str],
    /// Look like it and must stay, in the same language.
    pub(in crate::redact) lookalikes: &'static [&'static str],
}

/// How a rule finds its secrets.
#[derive(Debug, Clone, Copy)]
pub(super) enum How {
    /// By any of these forms.
    Forms(&'static [&'static str]),
    /// By code that looks on from where one of these forms stands.
    Code(&'static [&'static str], fn(&mut Text<'_>, Match, &mut Found<'_, '_>)),
}

impl Rule {
    /// A token that its form tells; the forms are its examples too.
    pub(super) const fn token(
        name: &'static str,
        what: &'static str,
        forms: &'static [&'static str],
    ) -> Self {
        Self { name, what, how: How::Forms(forms), examples: forms, lookalikes: &[] }
    }

    /// A secret that code finds behind one of these needles.
    pub(super) const fn code(
        name: &'static str,
        what: &'static str,
        needles: &'static [&'static str],
        find: fn(&mut Text<'_>, Match, &mut Found<'_, '_>),
    ) -> Self {
        Self { name, what, how: How::Code(needles, find), examples: &[], lookalikes: &[] }
    }

    /// With these examples.
    pub(super) const fn such_as(mut self, examples: &'static [&'static str]) -> Self {
        self.examples = examples;
        self
    }

    /// With these look-alikes, which must stay.
    pub(super) const fn but_not(mut self, lookalikes: &'static [&'static str]) -> Self {
        self.lookalikes = lookalikes;
        self
    }

    /// The forms or needles.
    pub(super) fn forms(&self) -> &'static [&'static str] {
        match self.how {
            How::Forms(forms) | How::Code(forms, _) => forms,
        }
    }
}

/// What was found in one window.
pub(super) struct Found<'s, 'r> {
    spans: &'s mut Vec<Span<'r>>,
    first: usize,
    own: Range<usize>,
    rule: &'static str,
}

impl<'s, 'r> Found<'s, 'r> {
    /// Nothing yet. Only spans that start in `own` are taken.
    pub(super) fn new(spans: &'s mut Vec<Span<'r>>, own: Range<usize>) -> Self {
        Self { first: spans.len(), spans, own, rule: "" }
    }

    /// What follows is found by the rule of this name.
    pub(super) fn by(&mut self, rule: &'static str) {
        self.rule = rule;
    }

    /// The block that is asked for.
    pub(super) fn own(&self) -> Range<usize> {
        self.own.clone()
    }

    /// Whether the same rule's last span reaches over `at`.
    pub(super) fn covers(&self, at: usize) -> bool {
        self.last().is_some_and(|span| span.rule == self.rule && span.range.contains(&at))
    }

    fn last(&self) -> Option<&Span<'r>> {
        self.spans.get(self.first..)?.last()
    }

    /// Bytes that must go, unless they are a marker already.
    pub(super) fn push(&mut self, text: &Text<'_>, range: Range<usize>) {
        self.push_open(text, range, None);
    }

    /// As `push`, of a value without an end in the window.
    pub(super) fn push_open(&mut self, text: &Text<'_>, range: Range<usize>, open: Option<Until>) {
        let covered = |last: &Span<'_>| {
            last.range.start <= range.start && last.range.end >= range.end && last.range != range
        };
        if range.is_empty()
            || !self.own.contains(&range.start)
            || self.last().is_some_and(covered)
            || placeholder::is_marker(text.slice(range.clone()))
        {
            return;
        }
        self.spans.push(Span { range, rule: self.rule, rank: Rank::Shaped, quoted: false, open });
    }

    /// Sorts, and drops what stands within another: the longest form wins, then the first in the table.
    pub(super) fn settle(self) {
        let Some(found) = self.spans.get_mut(self.first..) else { return };
        if found.len() < 2 {
            return;
        }
        found.sort_by(|a, b| {
            let place = a.range.start.cmp(&b.range.start).then(b.range.end.cmp(&a.range.end));
            place.then_with(|| order(a.rule).cmp(&order(b.rule)))
        });
        let mut end = 0;
        let mut at = 0;
        let first = self.first;
        self.spans.retain(|span| {
            at += 1;
            let keep = at <= first || span.range.end > end;
            if at > first {
                end = end.max(span.range.end);
            }
            keep
        });
    }
}

/// The place of a rule in the table.
fn order(name: &str) -> usize {
    super::rules().position(|rule| rule.name == name).unwrap_or(usize::MAX)
}

/// A word of a header that is random enough to be a token.
pub(super) fn looks_random(word: &[u8], least: usize) -> bool {
    word.len() >= least && is_mixed(word) && !placeholder::is_placeholder(word)
}
