//! What stands beside a sensitive name and talks about it: words of a sentence, counts, measures. Looks at a value
//! alone, never at what stands around it.

use std::sync::LazyLock;

use crate::redact::names::{self, Index, Strength};

/// Words that go on a sentence about a secret: `password: is too short`, `token: expired`.
#[rustfmt::skip] // rows, not a column
const TALK: &[&str] = &[
    "is", "was", "are", "were", "has", "have", "had", "must", "should", "can", "cannot", "can't", "could",
    "couldn't", "does", "doesn't", "did", "didn't", "do", "don't", "will", "won't", "not", "no", "none", "the",
    "this", "that", "these", "an", "and", "or", "of", "in", "on", "for", "to", "from", "with", "without", "by",
    "as", "at", "too", "expired", "invalid", "missing", "unknown", "unexpected", "incorrect", "wrong", "empty",
    "blank", "required", "optional", "rejected", "denied", "failed", "failure", "error", "errors", "revoked",
    "reset", "changed", "updated", "created", "deleted", "removed", "rotated", "mismatch", "ok", "okay", "valid",
    "set", "unset", "unchanged", "disabled", "enabled", "yes", "true", "false", "undefined", "null", "nil",
    "unauthorized", "forbidden", "unsupported", "unable", "found", "present", "absent", "authentication",
    "permission", "access", "using", "use", "please", "see", "if", "when", "while", "because", "but", "only",
    "your", "you", "we", "it", "its", "it's", "redacted", "filtered", "hidden", "masked", "sensitive", "protected",
    "verification", "validation", "generated", "loaded", "refreshed", "accepted", "provided", "given", "used",
    "impl", "dyn", "string", "str", "text", "varchar", "char", "bytea", "boolean", "bool", "integer", "int", "bigint", "number",
    "object", "array", "bytes", "any", "never", "unauthenticated", "illegal", "malformed", "bad", "could", "got",
    "cleaning", "starting", "refreshing", "rotating", "checking", "skipping", "file", "default", "auto", "per",
    "between", "more", "less", "than", "already", "about", "expires", "expiring", "signature", "skipped",
    "requires", "needs", "expects", "takes", "migrating", "migrated", "reverting", "reverted", "value", "character", "timestamp", "jsonb", "numeric",
    "smallint",
];

static IN_TALK: LazyLock<Index> = LazyLock::new(|| Index::new(TALK));

/// Whether a word goes on a sentence rather than being a value.
pub(super) fn is_talk(word: &[u8]) -> bool {
    let word = word.trim_ascii();
    let word = word.strip_suffix(b".").or_else(|| word.strip_suffix(b",")).unwrap_or(word);
    IN_TALK.has(word)
}

/// `12`, `-1`, `0.25`, `1e5`: written without quotes, one that a format may take for a number.
pub(super) fn is_number(value: &[u8]) -> bool {
    !value.is_empty()
        && value.iter().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'+' | b'e' | b'E'))
        && value.iter().any(u8::is_ascii_digit)
        && (value[0].is_ascii_digit() || value[0] == b'-')
}

/// A count, a size, a duration or a date: `300`, `1.5s`, `20ms`, `2 weeks`, `2024-06-07T10:00:00Z`.
pub(super) fn is_measure(value: &[u8]) -> bool {
    let digits = value.iter().take_while(|b| b.is_ascii_digit() || matches!(b, b'.' | b':' | b'-')).count();
    let (number, unit) = value.split_at(digits);
    if number.is_empty() || !number[0].is_ascii_digit() {
        return false;
    }
    let dated = number.len() >= 8 && number.iter().filter(|b| **b == b'-').count() == 2;
    let unit = unit.trim_ascii();
    // `10 MiB`, `2 weeks`, not `8nccrNco`
    let one_case = unit.len() <= 3 || unit.iter().all(u8::is_ascii_lowercase);
    dated && (unit.is_empty() || matches!(unit[0], b'T' | b'Z' | b'_') || unit[0].is_ascii_digit())
        || number.len() <= 10 && unit.len() <= 8 && unit.iter().all(u8::is_ascii_alphabetic) && one_case
}

/// `64 bytes`, as Kubernetes describes a secret.
fn is_size(value: &[u8]) -> bool {
    value
        .strip_suffix(b" bytes")
        .is_some_and(|number| !number.is_empty() && number.iter().all(u8::is_ascii_digit))
}

/// `sql(bob,10.0.0.1):`
fn is_of_a_call(value: &[u8]) -> bool {
    let name = value.iter().take_while(|b| b.is_ascii_lowercase() || **b == b'-').count();
    name > 1 && value.get(name) == Some(&b'(') && (value.ends_with(b")") || value.ends_with(b"):"))
}

/// Three words of letters beside the name of a thing that never has a blank in it: `cookie: fix the test`.
pub(super) fn is_sentence_beside(value: &[u8], rule: &str) -> bool {
    // One digit at most, as in `asn1`.
    let letters = |word: &[u8]| {
        word.iter().all(|b| b.is_ascii_alphanumeric() || b"'-.,:;()\"_/".contains(b))
            && word.iter().filter(|b| b.is_ascii_digit()).count()
                <= usize::from(word[0].is_ascii_alphabetic())
    };
    let words = value.split(|b| *b == b' ').filter(|word| !word.is_empty());
    !matches!(rule, "password" | "passphrase" | "secret")
        && words.clone().count() >= 3
        && words.clone().all(letters)
}

/// Whether a value beside a name of this strength is no secret after all.
pub(super) fn is_harmless_beside(value: &[u8], strength: Strength) -> bool {
    match strength {
        Strength::Sure => is_size(value),
        Strength::Many => {
            let count = value.split(|b| *b == b' ').next().unwrap_or_default();
            is_number(count)
                && count.len() <= 9
                && (count.len() == value.len()
                    || value[count.len()..].iter().all(|b| b.is_ascii_alphabetic() || *b == b' '))
        }
        Strength::Within => is_measure(value) || is_talk(value),
        Strength::Pointing => is_measure(value) || is_talk(value) || is_called_as_a_secret(value),
        // `auth: sql(bob,10.0.0.1): unknown user` of Dovecot
        Strength::Weak => !looks_random(value) || value.contains(&b' ') || is_of_a_call(value),
    }
}

/// `postgres-password`: what one is called in Kubernetes, where `passwordKey` names it, and in Compose's lists.
pub(super) fn is_called_as_a_secret(value: &[u8]) -> bool {
    value.iter().any(|b| matches!(b, b'-' | b'_'))
        && value.iter().all(|b| b.is_ascii_lowercase() || matches!(b, b'-' | b'_' | b'.'))
        && names::is_sensitive(value)
}

/// Whether a connection's description has its password where another rule finds it: `password=x`, `//a:b@c`.
pub(super) fn names_its_parts(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    let has = |part: &[u8]| memchr::memmem::find(&lower, part).is_some();
    if names_a_database(&lower) || is_of_parameters(&lower) {
        return true;
    }
    let url = memchr::memmem::find(value, b"://").map(|at| &value[at + 3..]);
    let userinfo = url.and_then(|url| memchr::memchr(b'@', url).map(|at| &url[..at]));
    has(b"password=")
        || has(b"pwd=")
        || has(b"accountkey=")
        || userinfo.is_some_and(|user| user.contains(&b':'))
}

/// `mysql:host=db;dbname=x`, `dbi:Pg:dbname=x`: Perl's and PHP's take the user and the password beside it.
fn names_a_database(description: &[u8]) -> bool {
    const DRIVERS: &[&[u8]] = &[b"mysql", b"pgsql", b"pg", b"sqlsrv", b"odbc", b"oci"];
    let perl = description.strip_prefix(b"dbi:");
    let Some(colon) = memchr::memchr(b':', perl.unwrap_or(description)) else { return false };
    let (driver, rest) = perl.unwrap_or(description).split_at(colon);
    let rest = &rest[1..];
    let path = |part: &[u8]| part.iter().all(|b| b.is_ascii_alphanumeric() || b"_-./:".contains(b));
    if driver == b"sqlite" {
        return path(rest);
    }
    let word = |part: &[u8]| part.iter().all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(b));
    let part = |part: &[u8]| match memchr::memchr(b'=', part) {
        Some(equals) => {
            let (name, value) = (&part[..equals], &part[equals + 1..]);
            !name.is_empty() && word(name) && path(value) && !names::is_sensitive(name)
        }
        None => part.is_empty() || perl.is_some() && word(part),
    };
    DRIVERS.contains(&driver) && rest.split(|b| *b == b';').all(part)
}

/// `user=gitlab host=10.0.0.1 dbname=x`, as libpq reads it, without a password.
fn is_of_parameters(description: &[u8]) -> bool {
    let parts = || description.split(|b| *b == b' ').filter(|part| !part.is_empty());
    let plain = |part: &[u8]| {
        let Some(equals) = memchr::memchr(b'=', part) else { return false };
        let (name, value) = (&part[..equals], &part[equals + 1..]);
        let word = |b: &u8| b.is_ascii_alphanumeric() || b"_-./:,".contains(b);
        name.iter().all(|b| b.is_ascii_lowercase() || *b == b'_')
            && !name.is_empty()
            && !names::is_sensitive(name)
            && value.iter().all(word)
    };
    parts().count() > 1 && parts().all(plain)
}

/// At least six bytes with a digit or both cases or a sign, as no word or mode (`md5`, `require`) has.
pub(super) fn looks_random(value: &[u8]) -> bool {
    let has = |test: fn(&u8) -> bool| value.iter().any(test);
    let kinds = usize::from(has(u8::is_ascii_digit))
        + usize::from(has(u8::is_ascii_lowercase))
        + usize::from(has(u8::is_ascii_uppercase));
    let signs = value.iter().any(|b| b"!@#$%^&*+=/~?".contains(b));
    value.len() >= 6 && (kinds >= 2 || signs) && !is_measure(value) || value.len() >= 24
}
