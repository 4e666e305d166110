//! Secrets by rule: by their form (`shaped`) and by the name beside them (`keyed`). One pass of the sieve
//! notices the needles of both; what they mean is theirs to know.

use std::{ops::Range, sync::Arc};

use super::{
    finder::{Finder, Span, Window},
    keyed,
    shaped::{self, Forms},
    sieve::Sieve,
};

/// All rules, or one kind of them.
#[derive(Debug, Clone)]
pub(in crate::redact) struct Ruled {
    rules: Arc<Rules>,
    shaped: bool,
    keyed: bool,
}

#[derive(Debug)]
struct Rules {
    forms: Forms,
    /// The needles of the forms, then the stems of names.
    sieve: Sieve,
    /// How many needles are forms'.
    border: usize,
}

impl Ruled {
    /// All rules; `prefixes` as for `Forms`.
    pub(in crate::redact) fn new(prefixes: &[String]) -> Self {
        let forms = Forms::new(prefixes);
        let mut needles: Vec<_> = forms.positions().collect();
        let border = needles.len();
        needles.extend(keyed::positions());
        let (sieve, _) = Sieve::new(&needles);
        Self { rules: Arc::new(Rules { forms, sieve, border }), shaped: true, keyed: true }
    }

    /// The same rules, without those that need a name.
    pub(in crate::redact) fn only_shaped(&self) -> Self {
        Self { keyed: false, ..self.clone() }
    }

    /// The same rules, without those that need no name.
    #[cfg(any(test, feature = "bench"))]
    pub(in crate::redact) fn only_keyed(&self) -> Self {
        Self { shaped: false, ..self.clone() }
    }
}

impl Finder for Ruled {
    fn find<'r>(&'r self, window: &Window<'_>, spans: &mut Vec<Span<'r>>) {
        let Rules { forms, sieve, border } = &*self.rules;
        let mut names = self.keyed.then(|| keyed::Search::new(window));
        let mut shaped = self.shaped.then(|| shaped::Search::new(forms, window, spans));
        if let Some(shaped) = &mut shaped {
            shaped.look_far_before(sieve);
        }
        let ranges = [names.as_ref().map(|s| s.range(sieve)), shaped.as_ref().map(|s| s.range(sieve))];
        let range = ranges.into_iter().flatten().reduce(both).unwrap_or_default();
        sieve.scan(window.text, range, |needle, at| match needle.checked_sub(*border) {
            None => shaped.iter_mut().for_each(|shaped| shaped.look(needle, at)),
            Some(stem) => names.iter_mut().for_each(|names| names.note(stem, at)),
        });
        if let Some(mut shaped) = shaped {
            shaped.look_far_behind(sieve);
            shaped.settle();
        }
        if let Some(names) = names {
            names.settle(spans);
        }
    }
}

fn both(a: Range<usize>, b: Range<usize>) -> Range<usize> {
    a.start.min(b.start)..a.end.max(b.end)
}
