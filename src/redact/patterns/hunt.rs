//! One pattern's search through one window.

use std::ops::Range;

use regex_automata::{Anchored, Input, util::captures::Captures};

use super::Pattern;
use crate::redact::{
    finder::{Rank, Span, Until, Window},
    known, marker,
};

/// Bytes of a line that may be searched again because of matches in it. A search begins again behind each
/// match, and may look as far as the line's end each time; a line with more matches than this pays for,
/// which takes one of some 30,000 bytes at least, goes from there to its end.
const AGAIN: usize = 1 << 29;

/// What is searched of a window: its block, and of a line that the block's border cuts, the rest.
pub(super) struct Area<'t> {
    text: &'t [u8],
    own: Range<usize>,
    /// Between the markers of an earlier run.
    parts: Vec<Range<usize>>,
    end: usize,
    /// Whether the last line goes on behind what is in sight.
    goes_on: bool,
}

impl<'t> Area<'t> {
    pub(super) fn of(window: &Window<'t>) -> Self {
        let Window { text, own, last, .. } = window;
        let is_end = |at: usize| matches!(text.get(at), Some(b'\n' | b'\r'));
        let end = if is_end(own.end - 1) { own.end } else { line_end(text, own.end) };
        let goes_on = end == text.len() && !last && !is_end(end - 1);
        let mut parts = Vec::new();
        let mut at = own.start;
        for marker in marker::all(text, own.start..end) {
            parts.push(at..marker.start);
            at = marker.end;
        }
        parts.push(at..end.max(at));
        Self { text, own: own.clone(), parts, end, goes_on }
    }
}

/// A search.
pub(super) struct Hunt<'a, 'r> {
    pattern: &'r Pattern,
    area: &'a Area<'a>,
    spans: &'a mut Vec<Span<'r>>,
    first: usize,
    captures: Captures,
    /// What is to be searched yet, the next one last.
    left: Vec<Range<usize>>,
    /// What `AGAIN` leaves of the line that ends there.
    budget: (usize, usize),
}

impl<'a, 'r> Hunt<'a, 'r> {
    pub(super) fn new(pattern: &'r Pattern, area: &'a Area<'a>, spans: &'a mut Vec<Span<'r>>) -> Self {
        let (first, captures) = (spans.len(), pattern.regex.create_captures());
        Self { pattern, area, spans, first, captures, left: Vec::new(), budget: (0, 0) }
    }

    pub(super) fn all(mut self) {
        for part in &self.area.parts {
            self.left.push(part.clone());
            while let Some(range) = self.left.pop() {
                self.search(range);
            }
        }
        self.begun();
        self.settle();
    }

    /// Takes the first match of a range, and leaves what is around it to be searched.
    fn search(&mut self, range: Range<usize>) {
        let input = Input::new(self.area.text).range(range.clone());
        if range.is_empty() || !self.matches(&input) {
            return;
        }
        let Some(whole) = self.captures.get_match().map(|found| found.range()) else { return };
        if whole.start >= self.area.own.end {
            return;
        }
        if !self.pay(&whole) {
            let end = self.budget.0.min(range.end).max(whole.end);
            self.take(whole.start..end, &self.pattern.rule);
            self.left.push(end..range.end);
            return;
        }
        if self.pattern.words && !self.is_sure(&whole, &range) {
            self.left.push(whole.start + 1..range.end);
            return;
        }
        let mut takes = self.takes(&whole);
        takes.iter_mut().for_each(|(take, _)| *take = characters(self.area.text, take, &range));
        if takes.is_empty() {
            // Its groups are empty. What begins within it may be more.
            self.left.push(whole.start + 1..range.end);
            return;
        }
        takes.sort_by_key(|(take, _)| (take.start, take.end));
        // From right to left, so that the leftmost is the next: a line's budget is spent on it in a row.
        let end = takes.iter().map(|(take, _)| take.end).max().unwrap_or(whole.end);
        self.left.push(end..range.end);
        let mut gaps = Vec::new();
        let mut at = whole.start;
        for (take, rule) in takes {
            gaps.push(at..take.start.max(at));
            at = at.max(take.end);
            self.take(take, rule);
        }
        self.left.extend(gaps.into_iter().rev().filter(|gap| !gap.is_empty()));
        if whole.end == range.end && range.end < self.area.end {
            self.beyond(whole.start);
        }
    }

    fn matches(&mut self, input: &Input<'_>) -> bool {
        self.pattern.regex.search_captures(input, &mut self.captures);
        self.captures.is_match()
    }

    /// Whether a match that touches a marker would be one whatever stood in the marker's place: in the first
    /// run something else did.
    fn is_sure(&self, found: &Range<usize>, range: &Range<usize>) -> bool {
        const EITHER: [&[u8]; 2] = [b"_", b" "];
        const NEAR: usize = 4;
        let text = self.area.text;
        let parts = &self.area.parts;
        let left = found.start == range.start
            && parts.binary_search_by_key(&found.start, |part| part.start).is_ok_and(|at| at > 0);
        let right = found.end == range.end
            && found.end < self.area.end
            && parts.binary_search_by_key(&found.end, |part| part.end).is_ok();
        let before = [&text[found.start.saturating_sub(NEAR)..found.start]];
        let behind = [&text[found.end..text.len().min(found.end + NEAR)]];
        let before: &[&[u8]] = if left { &EITHER } else { &before };
        let behind: &[&[u8]] = if right { &EITHER } else { &behind };
        if !left && !right {
            return true;
        }
        before.iter().all(|before| {
            behind.iter().all(|behind| {
                let copy = zeroize::Zeroizing::new([before, &text[found.clone()], behind].concat());
                let place = before.len()..before.len() + found.len();
                self.pattern.regex.is_match(Input::new(&copy[..]).range(place).anchored(Anchored::Yes))
            })
        })
    }

    /// What goes of the match that was found last: its groups that have anything, or all of it.
    fn takes(&self, whole: &Range<usize>) -> Vec<(Range<usize>, &'r str)> {
        let pattern = self.pattern;
        let group = |(group, rule): &'r (usize, String)| {
            self.captures.get_group(*group).map(|span| (span.range(), rule.as_str()))
        };
        let mut takes: Vec<_> = pattern.groups.iter().filter_map(group).collect();
        if takes.is_empty() {
            takes.push((whole.clone(), &pattern.rule));
        }
        takes.retain(|(take, _)| !take.is_empty());
        takes
    }

    /// A marker ended the match that begins here: a forged one must not keep the rest of a value.
    fn beyond(&mut self, start: usize) {
        let area = self.area;
        let input = Input::new(area.text).range(start..area.end).anchored(Anchored::Yes);
        if !self.matches(&input) {
            return;
        }
        let Some(whole) = self.captures.get_match().map(|found| found.range()) else { return };
        for (take, rule) in self.takes(&whole) {
            let take = characters(area.text, &take, &(start..area.end));
            if area.own.contains(&take.start) {
                self.take(take, rule);
            }
        }
        if whole.end == area.end && area.goes_on {
            self.open(start);
        }
    }

    /// In a line that goes on out of sight, what may have begun goes, and all that follows on the line.
    fn begun(&mut self) {
        let (Some(begun), true) = (&self.pattern.begun, self.area.goes_on) else { return };
        let from = self.area.parts.last().map_or(self.area.end, |part| part.start);
        if from < self.area.own.end {
            let start = begun.start(self.area.text, from);
            if start < self.area.own.end {
                self.open(start);
            }
        }
    }

    fn open(&mut self, start: usize) {
        self.take(start..self.area.end, &self.pattern.rule);
        if let Some(span) = self.spans.last_mut() {
            span.open = Some(Until::LineEnd);
        }
    }

    fn take(&mut self, range: Range<usize>, rule: &'r str) {
        // Of a match across the block's border the group may stand behind it: what is between goes with it.
        let start = range.start.min(self.area.own.end - 1);
        let mut span = Span { range: start..range.end, rule, rank: Rank::Pattern, quoted: false, open: None };
        known::bare_number(self.area.text, &mut span);
        if !self.area.own.contains(&span.range.start) {
            (span.range, span.quoted) = (start..range.end, false);
        }
        self.spans.push(span);
    }

    /// Whether a match may be followed by another search of its line.
    fn pay(&mut self, found: &Range<usize>) -> bool {
        if found.start >= self.budget.0 {
            self.budget = (line_end(self.area.text, found.end), AGAIN);
        }
        let again = self.budget.0.saturating_sub(found.start);
        let left = self.budget.1.checked_sub(again);
        self.budget.1 = left.unwrap_or(0);
        left.is_some()
    }

    /// Makes one of what stands side by side by the same rule.
    fn settle(self) {
        let Some(found) = self.spans.get_mut(self.first..) else { return };
        found.sort_by_key(|span| (span.range.start, span.range.end));
        let mut kept = self.first;
        for at in self.first + 1..self.spans.len() {
            let span = self.spans[at].clone();
            let last = &mut self.spans[kept];
            let joins = last.range.end == span.range.start && last.rule == span.rule;
            if joins && !last.quoted && !span.quoted && last.open.is_none() {
                last.range.end = span.range.end;
                last.open = span.open;
            } else {
                kept += 1;
                self.spans[kept] = span;
            }
        }
        let end = self.spans.len().min(kept + 1);
        self.spans.truncate(end);
    }
}

/// The end of the line, or what is in sight of it.
fn line_end(text: &[u8], from: usize) -> usize {
    memchr::memchr2(b'\n', b'\r', &text[from..]).map_or(text.len(), |at| from + at)
}

/// `range` with the whole of the characters that it begins and ends in, as far as they are in `within`.
fn characters(text: &[u8], range: &Range<usize>, within: &Range<usize>) -> Range<usize> {
    const MOST: usize = 3;
    let goes_on = |byte: &&u8| **byte & 0xc0 == 0x80;
    let begins = |byte: &u8| *byte >= 0xc0;
    let (mut start, mut end) = (range.start, range.end);
    if text.get(start).as_ref().is_some_and(goes_on) {
        let before = &text[within.start..start];
        let more = before.iter().rev().take(MOST).take_while(goes_on).count();
        if before.iter().rev().nth(more).is_some_and(begins) {
            start -= more + 1;
        }
    }
    if end > start && text[end - 1] >= 0x80 {
        end += text[end..within.end.max(end)].iter().take(MOST).take_while(goes_on).count();
    }
    start..end
}
