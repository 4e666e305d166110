//! Secrets that their form gives away wherever they stand: tokens with a published prefix, JWTs,
//! private keys, password hashes, passwords in URLs, webhook addresses.
//!
//! `rules` is the one table: what is looked for, why, and what must not be taken for it. The sieve
//! decides for most bytes that nothing begins there; `form` and the few rules in code look at the
//! rest. Never looks at the name beside a value (that is `keyed`), never asks what the host's own
//! secrets are (`known`), and never refuses a token because a checksum is wrong.

mod bare;
mod basic;
mod class;
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

use super::{
    finder::{REACH, Span, Until, Window},
    sieve::{Positions, Sieve},
};
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

/// The forms of all rules.
#[derive(Debug)]
pub(in crate::redact) struct Forms {
    needles: Vec<Needle>,
    /// How far before its fixed part a form may begin.
    left: usize,
}

#[derive(Debug)]
struct Needle {
    form: Form,
    rule: &'static Rule,
}

impl Forms {
    /// Those of all rules, and tokens that begin with one of `prefixes`: an instance's own in place of
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
        let left = needles.iter().map(|needle| needle.form.reach_left()).max().unwrap_or(0);
        Self { needles, left: left.min(LOOK_BACK) }
    }

    /// What the sieve is to look for; a needle's number in it is the form's.
    pub(in crate::redact) fn positions(&self) -> impl Iterator<Item = Positions> {
        self.needles.iter().map(|needle| needle.form.positions())
    }
}

/// The search for forms in one window.
pub(in crate::redact) struct Search<'f, 't, 's, 'r> {
    forms: &'f Forms,
    text: Text<'t>,
    found: Found<'s, 'r>,
    own: Range<usize>,
}

impl<'f, 't, 's, 'r> Search<'f, 't, 's, 'r> {
    pub(in crate::redact) fn new(
        forms: &'f Forms,
        window: &Window<'t>,
        spans: &'s mut Vec<Span<'r>>,
    ) -> Self {
        let end = window.own.end.min(window.text.len());
        let own = window.own.start.min(end)..end;
        Self { forms, text: Text::of(window), found: Found::new(spans, own.clone()), own }
    }

    /// Where the sieve has to look: around the block, as a form may begin before its needle and behind it.
    pub(in crate::redact) fn range(&self, sieve: &Sieve) -> Range<usize> {
        let ahead = sieve.reach + self.forms.left;
        let end = self.own.end.saturating_add(ahead).min(self.text.bytes.len());
        self.own.start.saturating_sub(LOOK_BACK)..end
    }

    /// Looks at a place where a form's fixed part may begin.
    pub(in crate::redact) fn look(&mut self, form: usize, at: usize) {
        let Some(needle) = self.forms.needles.get(form) else { return };
        let (text, found) = (&mut self.text, &mut self.found);
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

    /// Private keys that begin far before the block and reach into it.
    pub(in crate::redact) fn look_far_before(&mut self, sieve: &Sieve) {
        let end = self.range(sieve).start;
        self.look_far(sieve, self.own.start.saturating_sub(REACH)..end);
    }

    /// Private keys of which only the footer is there, far behind the block.
    pub(in crate::redact) fn look_far_behind(&mut self, sieve: &Sieve) {
        let begin = self.range(sieve).end;
        self.look_far(sieve, begin..begin.saturating_add(pem::HEADLESS).min(self.text.bytes.len()));
    }

    fn look_far(&mut self, sieve: &Sieve, area: Range<usize>) {
        let bytes = self.text.bytes;
        for place in memchr::memmem::find_iter(self.text.slice(area.clone()), rules::FAR) {
            let from = (area.start + place).saturating_sub(1);
            let to = (from + rules::FAR.len() + 16).min(bytes.len());
            sieve.scan(&bytes[..to], from..to, |needle, at| {
                if at >= from {
                    self.look(needle, at);
                }
            });
        }
    }

    /// Ends the search.
    pub(in crate::redact) fn settle(self) {
        self.found.settle();
    }
}
