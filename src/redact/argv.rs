//! Redacts a command line. A secret may stand in another argument than the option that names it, and
//! the line must come apart again into as many arguments as before.
//!
//! The rules see it three times: joined by NULs, as the kernel shows it; joined by spaces, as people
//! type it; and argument by argument. Whatever any view shows as a secret goes.

use std::{
    ops::Range,
    panic::{AssertUnwindSafe, catch_unwind},
};

use zeroize::Zeroizing;

use super::{
    Redacted, Redactor,
    engine::WITHHELD,
    finder::{BLOCK, Span, Window},
    marker::Recent,
    unite,
    veil::Veil,
};

impl Redactor {
    /// A command line, argument by argument. Each is `withheld` if they can't be redacted.
    pub fn argv(&self, args: &[impl AsRef<[u8]>]) -> Vec<Redacted> {
        let args: Vec<&[u8]> = args.iter().map(AsRef::as_ref).collect();
        catch_unwind(AssertUnwindSafe(|| self.joined(&args)))
            .ok()
            .flatten()
            .unwrap_or_else(|| args.iter().map(|_| Redacted::literal(WITHHELD)).collect())
    }

    fn joined(&self, args: &[&[u8]]) -> Option<Vec<Redacted>> {
        let places: Vec<Range<usize>> = args
            .iter()
            .scan(0, |next, arg| {
                let start = *next;
                *next = start + arg.len() + 1;
                Some(start..start + arg.len())
            })
            .collect();
        let text = Zeroizing::new(args.join(&0));
        // No command line of ours comes near it.
        if text.len() > BLOCK {
            return None;
        }
        let typed = Zeroizing::new(args.join(&b' '));
        let mut spans = Vec::new();
        for view in [&text, &typed] {
            self.look(view, 0..view.len(), &mut spans)?;
        }
        for place in &places {
            self.look(&text, place.clone(), &mut spans)?;
        }
        spans.iter_mut().for_each(|span| to_the_end(span, &text, &places));
        let spared = self.spare(&text, &mut spans);
        let window = whole(&text);
        let mut cuts = Vec::new();
        unite::unite(&window, &mut spans, &mut cuts).ok()?;
        self.count_kept(spared, &cuts);
        let covered = |place: &Range<usize>| {
            let mut out = Vec::new();
            let mut at = place.start;
            for cut in cuts.iter().filter(|cut| cut.range.start < place.end && cut.range.end > place.start) {
                let part = cut.range.start.max(place.start)..cut.range.end.min(place.end);
                out.extend_from_slice(&text[at..part.start]);
                at = part.end;
                let marker = self.marker(&text, cut, &mut Recent::new());
                Veil::new(0, None, marker, cut.over_markers).write(&text[part], &mut out);
            }
            out.extend_from_slice(&text[at..place.end]);
            Redacted::vouch(out)
        };
        Some(places.iter().map(covered).collect())
    }

    /// What the rules see in a part of `text`, as if there were nothing else.
    fn look<'r>(&'r self, text: &[u8], place: Range<usize>, spans: &mut Vec<Span<'r>>) -> Option<()> {
        let window = whole(text.get(place.clone())?);
        if window.text.is_empty() {
            return Some(());
        }
        let before = spans.len();
        for finder in &self.finders {
            finder.find(&window, spans);
        }
        for span in spans.get_mut(before..)? {
            if span.range.start > span.range.end || span.range.end > window.text.len() {
                return None;
            }
            span.range = span.range.start + place.start..span.range.end + place.start;
        }
        Some(())
    }
}

fn whole(text: &[u8]) -> Window<'_> {
    Window { text, own: 0..text.len(), first: true, last: true }
}

/// A value that has no end, ends with its argument. So does one that begins an argument, or follows
/// the `=` of an option: there a space is a part of it, though in typed text it would be the end.
fn to_the_end(span: &mut Span<'_>, text: &[u8], places: &[Range<usize>]) {
    let Some(place) = places.iter().find(|place| place.contains(&span.range.start)) else { return };
    let before = &text[place.start..span.range.start];
    let option = before.starts_with(b"-") && before.ends_with(b"=") && !before.contains(&b' ');
    let begins = (before.is_empty() || option) && text.get(span.range.end) == Some(&b' ');
    if span.open.take().is_some() || begins {
        let last = places.iter().find(|place| place.end >= span.range.end).unwrap_or(place);
        span.range.end = span.range.end.max(last.end);
    }
}
