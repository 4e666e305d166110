//! What several finders found → what to cut: checked, in order, none overlapping another.
//!
//! Trusts no finder: a span that breaks the contract is an error, which withholds the entry.

use std::{cmp::Reverse, ops::Range};

use super::{
    finder::{Rank, Span, Until, Window},
    marker,
};

/// A part of a window that goes as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cut<'r> {
    pub(super) range: Range<usize>,
    /// The surest finder's name for it, and the value that it meant.
    pub(super) rule: &'r str,
    pub(super) rank: Rank,
    pub(super) value: Range<usize>,
    pub(super) quoted: bool,
    pub(super) open: Option<Until>,
    /// A known value inside a marker: the marker is a forgery.
    pub(super) over_markers: bool,
}

/// Orders and unites spans; those of markers alone are left out. `cuts` is emptied first.
pub(super) fn unite<'r>(
    window: &Window<'_>,
    spans: &mut Vec<Span<'r>>,
    cuts: &mut Vec<Cut<'r>>,
) -> Result<(), &'static str> {
    cuts.clear();
    let markers = !spans.is_empty() && marker::may_be_in(window.text);
    // An empty value at a block's very end is no mistake, and nothing to cut.
    spans.retain(|span| span.range.start != span.range.end || span.open.is_some());
    spans.iter().try_for_each(|span| check(window, span))?;
    if markers {
        let mut all: Vec<Cut<'r>> = spans.drain(..).map(|span| over_markers(window, span)).collect();
        all.sort_by_key(|cut| (cut.range.start, Reverse(cut.range.end)));
        all.into_iter().for_each(|cut| add(cut, cuts));
        cuts.retain(|cut| {
            cut.over_markers || cut.open.is_some() || !marker::only(&window.text[cut.range.clone()])
        });
    } else {
        spans.sort_by_key(|span| (span.range.start, Reverse(span.range.end)));
        spans.drain(..).for_each(|span| add(cut(span), cuts));
    }
    Ok(())
}

fn check(window: &Window<'_>, span: &Span<'_>) -> Result<(), &'static str> {
    let Range { start, end } = span.range;
    if start > end || end > window.text.len() {
        return Err("a finder's span lies outside its window");
    }
    if !window.own.contains(&start) {
        return Err("a finder's span begins outside its block");
    }
    if !marker::is_name(span.rule) {
        return Err("a finder's rule has no name for a marker");
    }
    Ok(())
}

fn cut(span: Span<'_>) -> Cut<'_> {
    Cut {
        value: span.range.clone(),
        range: span.range,
        rule: span.rule,
        rank: span.rank,
        quoted: span.quoted,
        open: span.open,
        over_markers: false,
    }
}

/// A span that contains, overlaps or lies inside a marker covers it whole.
fn over_markers<'r>(window: &Window<'_>, span: Span<'r>) -> Cut<'r> {
    let mut cut = cut(span);
    let whole = marker::whole(window.text, cut.range.clone());
    cut.range = whole.start.max(window.own.start)..whole.end;
    cut.over_markers = cut.rank == Rank::Known && cut.range != cut.value;
    cut
}

fn add<'r>(next: Cut<'r>, cuts: &mut Vec<Cut<'r>>) {
    let Some(last) = cuts.last_mut().filter(|last| next.range.start < last.range.end) else {
        cuts.push(next);
        return;
    };
    let range = last.range.start..last.range.end.max(next.range.end);
    // Quotes are for the one who saw the whole.
    let quoted =
        (last.quoted && last.range == range) || (next.quoted && next.range == range && next.value == range);
    let sureness = |cut: &Cut<'_>| (cut.rank, cut.value.len());
    let (a, b) = (sureness(&next), sureness(last));
    if a > b || (a == b && next.value == last.value && next.rule < last.rule) {
        (last.rule, last.rank, last.value) = (next.rule, next.rank, next.value);
    }
    last.range = range;
    last.quoted = quoted;
    last.open = last.open.max(next.open);
    last.over_markers |= next.over_markers;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(range: Range<usize>, rule: &str, rank: Rank) -> Span<'_> {
        Span { range, rule, rank, quoted: false, open: None }
    }

    fn united<'r>(
        text: &[u8],
        mut spans: Vec<Span<'r>>,
    ) -> Result<Vec<(Range<usize>, &'r str)>, &'static str> {
        let window = Window { text, own: 2..text.len() - 2, first: false, last: false };
        let mut cuts = Vec::new();
        unite(&window, &mut spans, &mut cuts)?;
        Ok(cuts.into_iter().map(|cut| (cut.range, cut.rule)).collect())
    }

    const TEXT: &[u8] = b"0123456789abcdef0123456789abcdef";

    #[test]
    fn overlapping_spans_become_one_and_the_surest_names_it() {
        let spans = vec![
            span(20..25, "c", Rank::Shaped),
            span(5..12, "a", Rank::Keyed),
            span(7..9, "b", Rank::Known),
            span(11..15, "d", Rank::Shaped),
        ];
        assert_eq!(united(TEXT, spans).unwrap(), vec![(5..15, "b"), (20..25, "c")]);
    }

    #[test]
    fn spans_that_only_touch_stay_two() {
        let spans = vec![span(5..8, "a", Rank::Keyed), span(8..9, "b", Rank::Keyed)];
        assert_eq!(united(TEXT, spans).unwrap().len(), 2);
    }

    #[test]
    fn of_equally_sure_ones_the_longest_names() {
        let spans = vec![span(5..8, "prefix", Rank::Known), span(5..20, "whole", Rank::Known)];
        assert_eq!(united(TEXT, spans).unwrap(), vec![(5..20, "whole")]);
    }

    #[test]
    fn order_of_finders_does_not_matter() {
        let (a, b) = (span(5..8, "a", Rank::Shaped), span(5..8, "b", Rank::Shaped));
        assert_eq!(united(TEXT, vec![a.clone(), b.clone()]), united(TEXT, vec![b, a]));
    }

    #[test]
    fn spans_against_the_contract_are_errors() {
        let beyond = span(5..TEXT.len() + 1, "a", Rank::Keyed);
        let before = span(1..5, "a", Rank::Keyed);
        let behind = span(TEXT.len() - 2..TEXT.len(), "a", Rank::Keyed);
        let unnamed = span(5..6, "A B", Rank::Keyed);
        #[allow(clippy::reversed_empty_ranges)]
        let reversed = span(6..5, "a", Rank::Keyed);
        for wrong in [beyond, before, behind, unnamed, reversed] {
            assert!(united(TEXT, vec![wrong]).is_err());
        }
        assert!(united(TEXT, vec![span(5..5, "a", Rank::Keyed)]).unwrap().is_empty());
    }

    #[test]
    fn markers_stay_and_what_only_looks_like_one_goes() {
        let text = b"__ __REDACTED.x.00000000__hunter2 __";
        let marker = 3..26;
        assert!(united(text, vec![span(marker.clone(), "a", Rank::Keyed)]).unwrap().is_empty());
        assert!(united(text, vec![span(14..24, "a", Rank::Keyed)]).unwrap().is_empty());
        assert_eq!(united(text, vec![span(14..24, "a", Rank::Known)]).unwrap(), vec![(marker.clone(), "a")]);
        assert_eq!(united(text, vec![span(20..33, "a", Rank::Keyed)]).unwrap(), vec![(3..33, "a")]);
        let both = vec![span(marker, "a", Rank::Keyed), span(3..33, "b", Rank::Keyed)];
        assert_eq!(united(text, both).unwrap(), vec![(3..33, "b")]);
    }
}
