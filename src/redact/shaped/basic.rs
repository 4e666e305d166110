//! HTTP's own logins: Basic with its base64 of `user:password`, and Bearer; and a key that is in base64 as a whole.

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
    let parameter = [&b"realm="[..], b"error=", b"scope="].iter().any(|name| value.starts_with(name));
    if !parameter && looks_random(value, 12) {
        found.push_open(text, found_at.start..end, open);
    }
}

/// A base64 run that begins with `-----BEGIN`, if what it means is a private key.
pub(super) fn private_key(text: &mut Text<'_>, found_at: Match, found: &mut Found<'_, '_>) {
    const HEAD: usize = 80;
    let end = text.run_end(Class::BASE64, found_at.from, usize::MAX);
    let value = text.slice(found_at.from..end);
    let head = &value[..value.len().min(HEAD) / 4 * 4];
    let decoded = data_encoding::BASE64.decode(head).unwrap_or_default();
    if memchr::memmem::find(&decoded, b"PRIVATE KEY").is_some() {
        found.push_open(text, found_at.from..end, text.is_cut_at(end).then_some(Until::WordEnd));
    }
}
