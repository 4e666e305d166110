//! HTTP's own logins: Basic with its base64 of `user:password`, and Bearer.

use super::{
    class::Class,
    form::Match,
    rule::{Found, looks_random},
    text::Text,
};
use crate::redact::finder::Until;

/// A base64 run behind `Basic`, if a colon stands in what it means.
pub(super) fn basic(text: &mut Text<'_>, found_at: Match, found: &mut Found<'_, '_>) {
    let end = text.run_end(Class::BASE64, found_at.start, usize::MAX);
    let value = text.slice(found_at.start..end);
    // The first bytes tell: a name before the colon is not as long as this.
    let head = &value[..value.len().min(1024) / 4 * 4];
    if text.is_cut_at(end) || decodes_to_a_login(head) {
        found.push_open(text, found_at.start..end, text.is_cut_at(end).then_some(Until::WordEnd));
    }
}

fn decodes_to_a_login(head: &[u8]) -> bool {
    let decoded = data_encoding::BASE64.decode(head);
    decoded.is_ok_and(|bytes| bytes.contains(&b':') && !bytes.iter().any(u8::is_ascii_control))
}

/// What stands behind `Bearer`, if it is no word of a sentence.
pub(super) fn bearer(text: &mut Text<'_>, found_at: Match, found: &mut Found<'_, '_>) {
    let mut end = text.run_end(Class::TOKEN, found_at.start, usize::MAX);
    let open = text.is_cut_at(end).then_some(Until::WordEnd);
    while open.is_none() && end > found_at.start && text.at(end - 1) == Some(b'.') {
        end -= 1;
    }
    let value = text.slice(found_at.start..end);
    // `realm="x"`, `expires_in=7200`: a name and its value.
    let name = value.iter().take_while(|b| b.is_ascii_lowercase() || **b == b'_').count();
    let parameter =
        name > 1 && value.get(name) == Some(&b'=') && value.get(name + 1).is_none_or(|b| *b != b'=');
    if !parameter && looks_random(value, 12) {
        found.push_open(text, found_at.start..end, open);
    }
}
