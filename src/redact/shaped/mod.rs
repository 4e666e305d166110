//! Secrets that their form gives away wherever they stand: tokens with a published prefix, JWTs,
//! private keys, password hashes, passwords in URLs, webhook addresses.
//!
//! `rules` is the one table: what is looked for, why, and what must not be taken for it. `filter`
//! decides for most bytes that nothing begins there; `form` and the few rules in code look at the
//! rest. Never looks at the name beside a value (that is `keyed`), never asks what the host's own
//! secrets are (`known`), and never refuses a token because a checksum is wrong.

mod anchor;
mod bare;
mod basic;
mod class;
mod filter;
mod form;
mod odd;
mod pem;
mod placeholder;
mod routable;
mod rule;
mod rules;
#[cfg(test)]
mod tests;
mod text;
mod url;

use std::ops::Range;

use super::finder::{Finder, REACH, Span, Until, Window};
use filter::Filter;
use form::Form;
pub(in crate::redact) use rule::Rule;
use rule::{Found, How};
use text::Text;

/// How far before a block a needle may begin whose secret lies in it.
const LOOK_BACK: usize = 4 << 10;

/// Rules of the built-in table, in its order.
pub(in crate::redact) fn rules() -> impl Iterator<Item = &'static Rule> {
    rules::ALL.iter().copied().flatten()
}

/// Finds secrets by their form.
#[derive(Debug)]
pub(in crate::redact) struct Shaped {
    filter: Filter,
    needles: Vec<Needle>,
    /// How far behind a block a needle may stand whose secret begins in it.
    ahead: usize,
}

#[derive(Debug)]
struct Needle {
    form: Form,
    rule: &'static Rule,
}

impl Shaped {
    /// All rules, and tokens that begin with one of `prefixes`: an instance's own in place of
    /// `glpat-`. One that is shorter than two characters says nothing and is left out.
    pub(in crate::redact) fn new(prefixes: &[String]) -> Self {
        let built_in =
            rules().flat_map(|rule| rule.forms().iter().map(move |form| (rule, (*form).to_owned())));
        // As some write an address in JSON.
        let slashed = rules()
            .filter(|rule| matches!(rule.how, How::Forms(_)))
            .flat_map(|rule| rule.forms().iter().map(move |form| (rule, *form)))
            .filter(|(_, form)| form.contains('/') && !form.contains(r"\\/"))
            .map(|(rule, form)| (rule, form.replace('/', r"\\/")));
        let more = slashed.chain(rules::of_prefixes(prefixes)).chain(rules::in_base64());
        let needles: Vec<Needle> = built_in
            .chain(more)
            .filter_map(|(rule, form)| {
                let form = match rule.how {
                    How::Code(..) => Form::needle(&form),
                    How::Forms(_) => Form::parse(&form),
                };
                // A test parses all of the table; a prefix is escaped.
                form.ok().map(|form| Needle { form, rule })
            })
            .collect();
        let positions: Vec<_> = needles.iter().map(|needle| needle.form.positions()).collect();
        let (filter, _) = Filter::new(&positions);
        let left = needles.iter().map(|needle| needle.form.reach_left()).max().unwrap_or(0);
        let ahead = filter.reach + left.min(LOOK_BACK);
        Self { filter, needles, ahead }
    }

    fn look(&self, needle: usize, at: usize, text: &mut Text<'_>, found: &mut Found<'_, '_>) {
        let Some(needle) = self.needles.get(needle) else { return };
        found.by(needle.rule.name);
        if needle.form.reach_left() > 0 && found.covers(at) {
            return;
        }
        let Some(place) = needle.form.matches(text, at) else { return };
        match needle.rule.how {
            How::Code(_, find) => find(text, place, found),
            How::Forms(_) => {
                let open = place.unended.then_some(Until::WordEnd);
                found.push_open(text, place.start..place.end, open);
            }
        }
    }

    /// Private keys that begin far before the block and reach into it, or whose footer stands behind it.
    fn look_far(&self, area: Range<usize>, text: &mut Text<'_>, found: &mut Found<'_, '_>) {
        let bytes = text.bytes;
        for place in memchr::memmem::find_iter(text.slice(area.clone()), rules::FAR) {
            let from = (area.start + place).saturating_sub(1);
            let to = (from + rules::FAR.len() + 16).min(bytes.len());
            self.filter.scan(&bytes[..to], from..to, |needle, at| {
                if at >= from {
                    self.look(needle, at, text, found);
                }
            });
        }
    }
}

impl Finder for Shaped {
    fn find<'r>(&'r self, window: &Window<'_>, spans: &mut Vec<Span<'r>>) {
        let end = window.own.end.min(window.text.len());
        let own = window.own.start.min(end)..end;
        let mut text = Text::of(window);
        let mut found = Found::new(spans, own.clone());
        let from = own.start.saturating_sub(LOOK_BACK);
        self.look_far(own.start.saturating_sub(REACH)..from, &mut text, &mut found);
        let to = own.end.saturating_add(self.ahead).min(window.text.len());
        self.filter.scan(window.text, from..to, |needle, at| self.look(needle, at, &mut text, &mut found));
        self.look_far(to..to.saturating_add(pem::HEADLESS).min(window.text.len()), &mut text, &mut found);
        found.settle();
    }
}
