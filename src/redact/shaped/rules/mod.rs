//! The table of rules, a file for each family. Forms are written in the language of `form`; none
//! holds a whole token, so that no scanner takes this source for a leak.

mod ai;
mod chat;
mod ci;
mod cloud;
mod data;
mod gitlab;
mod hashes;
mod keys;
mod mail;
mod payment;
mod saas;
mod scm;
mod tools;
mod web;

use super::{form::escape, rule::Rule};

/// All families. Of two rules that find the same bytes, the first names them.
#[rustfmt::skip]
pub(super) static ALL: &[&[Rule]] = &[
    gitlab::RULES, scm::RULES, cloud::RULES, ci::RULES, chat::RULES, mail::RULES, payment::RULES, ai::RULES,
    data::RULES, saas::RULES, tools::RULES, keys::RULES, hashes::RULES, web::RULES,
];

/// What is looked for far before and behind a block: a private key's lines reach into it.
pub(super) const FAR: &[u8] = b"PRIVATE KEY";

/// Forms of tokens that begin with an instance's own prefix.
pub(super) fn of_prefixes(prefixes: &[String]) -> impl Iterator<Item = (&'static Rule, String)> {
    prefixes
        .iter()
        .filter(|prefix| prefix.len() >= 2)
        .map(|prefix| (&gitlab::OWN_PREFIX, format!("{}{}", escape(prefix), gitlab::BODY)))
}

/// Forms of base64 with one of GitLab's tokens in it, in each of the three alignments.
pub(super) fn in_base64() -> impl Iterator<Item = (&'static Rule, String)> {
    gitlab::PREFIXES.iter().flat_map(|prefix| {
        (0..3usize).map(move |shift| {
            let text = [&b"\0\0"[..shift], prefix.as_bytes()].concat();
            let encoded = data_encoding::BASE64_NOPAD.encode(&text);
            // Only the digits that the prefix alone decides.
            let first = (shift * 8).div_ceil(6);
            let last = text.len() * 8 / 6;
            let needle = escape(encoded.get(first..last).unwrap_or_default());
            (&gitlab::IN_BASE64, format!("{{b0-512}}{needle}{{b20}}"))
        })
    })
}
