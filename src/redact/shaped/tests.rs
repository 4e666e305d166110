//! Every rule against its own examples and look-alikes, and all of them against what must survive.

use super::{
    form::{Form, sample},
    *,
};
use crate::redact::{
    finder::{Finder, Rank},
    ruled::Ruled,
};
use std::{collections::BTreeSet, sync::LazyLock};

mod borders;
mod keys;
mod survivors;

/// The built-in rules.
static SHAPED: LazyLock<Ruled> = LazyLock::new(|| Ruled::new(&[]).only_shaped());

/// What is found in a whole text.
fn find(text: &[u8]) -> Vec<Span<'static>> {
    find_in(&SHAPED, Window { text, own: 0..text.len(), first: true, last: true })
}

fn find_in(shaped: &Ruled, window: Window<'_>) -> Vec<Span<'static>> {
    let mut spans = Vec::new();
    shaped.find(&window, &mut spans);
    let own = |span: &Span<'_>| Span {
        range: span.range.clone(),
        rule: rules().map(|rule| rule.name).find(|name| *name == span.rule).unwrap_or("of-a-prefix"),
        rank: span.rank,
        quoted: span.quoted,
        open: span.open,
    };
    spans.iter().map(own).collect()
}

/// The text with what was found in it replaced by `‹rule›`.
fn shown(text: &[u8]) -> String {
    let mut shown = Vec::new();
    let mut at = 0;
    for span in find(text) {
        if span.range.start >= at {
            shown.extend(&text[at..span.range.start]);
            shown.extend(format!("‹{}›", span.rule).bytes());
        }
        at = at.max(span.range.end);
    }
    shown.extend(&text[at..]);
    String::from_utf8_lossy(&shown).into_owned()
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn every_rule_is_told_apart_and_explained() {
    for rule in rules() {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        assert!(rule.name.bytes().all(plain) && rule.name.len() <= 40, "{}", rule.name);
        assert!(rule.what.len() > 20 && !rule.what.ends_with('.'), "{}: {}", rule.name, rule.what);
        assert!(!rule.examples.is_empty(), "{} has no example", rule.name);
        assert!(!rule.forms().is_empty(), "{} has no form", rule.name);
    }
    let names: BTreeSet<_> = rules().map(|rule| rule.name).collect();
    assert_eq!(names.len(), rules().count(), "two rules have one name");
}

#[test]
fn every_form_can_be_parsed_and_looked_for() {
    let mut positions = Vec::new();
    let mut forms = Vec::new();
    for (rule, form) in rules().flat_map(|rule| rule.forms().iter().map(move |form| (rule, form))) {
        let parsed = Form::parse(form).unwrap_or_else(|wrong| panic!("{}: {wrong}", rule.name));
        positions.push(parsed.positions());
        forms.push(form);
    }
    let (_, refused) = Sieve::new(&positions);
    let refused: Vec<_> = refused.into_iter().map(|form| forms[form]).collect();
    assert!(refused.is_empty(), "too common to look for: {refused:?}");
}

#[test]
fn every_example_is_found_whole_wherever_it_stands() {
    let around: [(&str, &str); 12] = [
        ("", ""),
        (" ", " "),
        ("\"", "\""),
        ("'", "',"),
        ("(", ")"),
        ("x: ", "\n"),
        ("\\n", "\\n"),
        ("\\\\n", "\\\\n"),
        ("%22", "%22"),
        ("&quot;", "&quot;"),
        ("=", ";"),
        ("\x1b[32m", "\x1b[0m"),
    ];
    let mut wrong = Vec::new();
    for rule in rules() {
        for example in rule.examples {
            let (token, secret) = sample::of(example);
            for (before, behind) in around {
                let text = [before.as_bytes(), &token, behind.as_bytes()].concat();
                let secret = secret.start + before.len()..secret.end + before.len();
                let spans =
                    find_in(&SHAPED, Window { text: &text, own: 0..text.len(), first: true, last: true });
                // `%22` may be part of a value where values are percent-encoded.
                let fits = |range: &Range<usize>| {
                    range.start <= secret.start
                        && range.end >= secret.end
                        && (range.end == secret.end || behind.starts_with(['%', '&', ';', ')', '\'']))
                };
                if !spans.iter().any(|span| fits(&span.range)) {
                    wrong.push(format!(
                        "{}: `{example}` in {before:?}…{behind:?}: {}",
                        rule.name,
                        lossy(&text)
                    ));
                    break;
                }
                if before.is_empty() && !spans.iter().any(|span| span.rule == rule.name) {
                    let names: Vec<_> = spans.iter().map(|span| span.rule).collect();
                    wrong.push(format!("{}: `{example}` is named {names:?}", rule.name));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_longer_token_goes_whole() {
    for rule in rules() {
        let How::Forms(forms) = rule.how else { continue };
        for form in forms.iter().filter(|form| !form.ends_with('$') && form.ends_with(['}', '>'])) {
            let (token, secret) = sample::of(form);
            let text = [&token[..], b"Zz9"].concat();
            let spans = find(&text);
            assert!(
                spans.iter().any(|span| span.range.end >= secret.end),
                "{}: {form}: {}",
                rule.name,
                lossy(&text)
            );
        }
    }
}

#[test]
fn every_lookalike_stays() {
    let mut wrong = Vec::new();
    for rule in rules() {
        for lookalike in rule.lookalikes {
            let (text, _) = sample::of(lookalike);
            for (before, behind) in [("", ""), (" ", " "), ("\"", "\"")] {
                let text = [before.as_bytes(), &text, behind.as_bytes()].concat();
                for span in find(&text) {
                    wrong.push(format!("{}: `{}` was taken for {}", rule.name, lossy(&text), span.rule));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_token_cut_short_is_none() {
    // A form with its runs halved is below its least; what is left must not be taken by another rule.
    for rule in rules().filter(|rule| matches!(rule.how, How::Forms(_))) {
        for form in rule.forms() {
            let (text, _) = sample::of_length(form, |least| least / 4);
            let taken = find(&text);
            assert!(
                taken.iter().all(|span| span.rule != rule.name),
                "{}: {form}: {}",
                rule.name,
                lossy(&text)
            );
        }
    }
}

#[test]
fn all_spans_are_shaped_and_within_the_text() {
    let text: Vec<u8> = rules()
        .flat_map(|rule| rule.examples)
        .flat_map(|example| [sample::of(example).0, b"\n\xff\x00\xfe ".to_vec()].concat())
        .collect();
    let spans = find(&text);
    assert!(spans.len() >= rules().count() / 2);
    for span in &spans {
        assert!(span.range.end <= text.len() && !span.range.is_empty());
        assert_eq!((span.rank, span.quoted, span.open), (Rank::Shaped, false, None));
    }
    assert!(spans.windows(2).all(|pair| pair[0].range.start <= pair[1].range.start));
}

#[test]
fn bytes_that_are_no_text_around_a_token_change_nothing() {
    for rule in rules() {
        for example in rule.examples {
            let (token, secret) = sample::of(example);
            let text = [b"\x00\xff\xc3".as_slice(), &token, b"\xff\x00"].concat();
            let found = find(&text);
            assert!(
                found
                    .iter()
                    .any(|span| span.range.start <= secret.start + 3 && span.range.end >= secret.end + 3),
                "{}: {example}",
                rule.name
            );
        }
    }
}

#[test]
fn a_second_look_at_markers_finds_nothing() {
    for rule in rules() {
        for example in rule.examples {
            let (token, secret) = sample::of(example);
            let marker = format!("__REDACTED.{}.12345678__", rule.name);
            let text = [&token[..secret.start], marker.as_bytes(), &token[secret.end..]].concat();
            let spans = find(&text);
            assert!(spans.is_empty(), "{}: {} {spans:?}", rule.name, lossy(&text));
        }
    }
}
