//! Tokens whose form says little: more is asked of what stands there, or where it stands.

use super::{
    class::Class,
    form::{Match, is_mixed},
    rule::Found,
    text::Text,
};

/// How far behind a prompt its answer begins.
const NEAR: usize = 48;

/// Longest key.
const LONGEST: usize = 512;

/// A word that only chance makes: digits among letters of both cases.
pub(super) fn random(text: &mut Text<'_>, found_at: Match, found: &mut Found<'_, '_>) {
    let word = text.slice(found_at.start..found_at.end);
    let has = |class: fn(&u8) -> bool| word.iter().any(class);
    if has(u8::is_ascii_digit) && has(u8::is_ascii_lowercase) && has(u8::is_ascii_uppercase) {
        found.push(text, found_at.from..found_at.end);
    }
}

/// A key, and the whole run of letters and digits; but not Stripe's publishable one, which every buyer's browser has.
pub(super) fn unpublished(text: &mut Text<'_>, key: Match, found: &mut Found<'_, '_>) {
    if text.before(key.start, 3) != b"pk_" {
        let more = text.slice(key.end..text.bytes.len().min(key.end + LONGEST));
        let more = more.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        found.push(text, key.start..key.end + more);
    }
}

/// The base64 in the line behind a prompt.
pub(super) fn answer(text: &mut Text<'_>, prompt: Match, found: &mut Found<'_, '_>) {
    let near = text.slice(prompt.to..text.bytes.len().min(prompt.to + NEAR));
    if memchr::memmem::find(near, b"__REDACTED.").is_some() {
        return;
    }
    let Some(line) = near.iter().position(|byte| matches!(byte, b'\n' | b'\r' | b'\\')) else { return };
    // `C: `, `<- "`, a time: what is no base64 of four characters.
    let mut at = prompt.to + line;
    while at < prompt.to + near.len() {
        let end = text.run_end(Class::BASE64, at, 1 << 10);
        let word = text.slice(at..end);
        if word.len() >= 4 && is_mixed(word) && data_encoding::BASE64.decode(word).is_ok() {
            return found.push(text, at..end);
        }
        at = end + 1;
    }
}
