//! Which identifier names a secret: the words of it, in any case style. Looks at the identifier alone.

use std::ops::Range;

/// What is looked for. Around each the whole identifier is read.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stem {
    pub(super) text: &'static str,
    kind: Kind,
    place: Place,
}

/// Where in a name a stem says that it is a secret's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Wherever it stands.
    Any,
    /// As the last word.
    Last,
    /// As the end of the last word too.
    End,
}

/// What values such a name has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Chosen by people: words and phrases too.
    Password,
    /// Made by a machine, mostly.
    Token,
    /// `key`, if the word before it says of what.
    Key,
    /// base64 of a user and a password, or `user:password`.
    Login,
    /// Long and random; a short one is another thing's number.
    Session,
}

const fn stem(text: &'static str, kind: Kind, place: Place) -> Stem {
    Stem { text, kind, place }
}

#[rustfmt::skip] // a table
pub(super) const STEMS: &[Stem] = &[
    stem("password", Kind::Password, Place::Any), stem("passwd", Kind::Password, Place::Any), stem("passphrase", Kind::Password, Place::Any),
    stem("passwort", Kind::Password, Place::Any), stem("kennwort", Kind::Password, Place::Any), stem("passcode", Kind::Password, Place::Any),
    stem("requirepass", Kind::Password, Place::End), stem("masterauth", Kind::Password, Place::End), stem("bindpass", Kind::Password, Place::End),
    stem("dbpass", Kind::Password, Place::End), stem("smtppass", Kind::Password, Place::End), stem("userpass", Kind::Password, Place::End),
    stem("pass", Kind::Token, Place::Last), stem("pw", Kind::Password, Place::Last), stem("pwd", Kind::Password, Place::Last),
    stem("bindpw", Kind::Password, Place::Last), stem("rootpw", Kind::Password, Place::Last),
    stem("secret", Kind::Token, Place::Any), stem("token", Kind::Token, Place::Any), stem("credential", Kind::Token, Place::Any),
    stem("authorization", Kind::Token, Place::Last), stem("salt", Kind::Token, Place::Last), stem("jwt", Kind::Token, Place::Last),
    stem("psk", Kind::Token, Place::Last), stem("skey", Kind::Token, Place::Last), stem("encrypt", Kind::Session, Place::Last),
    stem("key_base", Kind::Token, Place::End), stem("key-base", Kind::Token, Place::End), stem("keybase", Kind::Token, Place::End), stem("key.base", Kind::Token, Place::End),
    stem("rediscli_auth", Kind::Password, Place::End), stem("sshpass", Kind::Password, Place::End), stem("userpassword", Kind::Password, Place::End), stem("api-request", Kind::Token, Place::End), stem("_session", Kind::Session, Place::Last), stem("sessionid", Kind::Session, Place::Last),
    stem("auth", Kind::Login, Place::Last), stem("key", Kind::Key, Place::End),
];

/// What may stand before `key` in the name of a secret.
#[rustfmt::skip] // rows
const KEYS: &[&str] = &[
    "api", "access", "private", "secret", "signing", "encryption", "encrypt", "encrypted", "decryption", "account", "storage", "master", "shared",
    "auth", "app", "application", "client", "consumer", "session", "license", "jwt", "hmac", "aes", "rsa", "ecdsa", "symmetric", "subscription",
    "webhook", "instrumentation", "integration", "preshared", "admin", "gossip", "cipher", "crypt", "derivation", "deterministic", "otp", "token", "write", "priv",
];

/// Words behind a stem that leave it the name of a secret.
#[rustfmt::skip] // rows
const TAILS: &[&str] = &[
    "confirmation", "old", "new", "value", "key", "base", "salt", "prod", "production", "staging", "dev", "test", "plain", "string",
    "text", "plaintext", "current", "primary", "secondary", "main", "backup", "hash", "hashed", "encrypted", "access", "phrase", "code",
];

/// Words before a stem that make it something else.
#[rustfmt::skip] // rows
const OTHERS: &[&str] = &[
    "page", "next", "max", "min", "num", "server", "servers", "forgot", "reset", "prompt", "completion", "input", "output", "cached", "total",
    "spawn", "hide", "public", "idempotency", "cache", "sort", "foreign", "continuation", "cancellation", "incremental", "unknown", "unexpected",
    "invalid", "no", "skip", "require", "allow", "fastcgi", "grpc", "uwsgi", "scgi", "minimum", "expired", "sync", "lock", "parse", "lex",
    "syntax", "peek", "deduplicated", "without", "bad", "missing", "wrong", "only", "is", "has", "use", "enable", "special", "pad", "eos", "bos", "mask", "per", "import", "load",
];

/// An identifier that names a secret.
#[derive(Debug, Clone)]
pub(super) struct Name {
    pub(super) at: Range<usize>,
    pub(super) kind: Kind,
    /// `tokens`, `secrets`: a list may follow.
    pub(super) plural: bool,
}

impl Name {
    /// The identifier around a stem at `at`, if it names a secret.
    pub(super) fn around(text: &[u8], at: usize, stem: &Stem) -> Option<Self> {
        const BEFORE: usize = 60;
        const BEHIND: usize = 40;
        let end = at + stem.text.len();
        // Most are told by the bytes beside them: `"key":`, `author`.
        let goes_on = text.get(end).is_some_and(|b| b.is_ascii_lowercase() && *b != b's');
        let before = at.checked_sub(1).and_then(|at| text.get(at));
        if goes_on
            || stem.kind == Kind::Key
                && !before.is_some_and(|b| b.is_ascii_alphanumeric() || b"_-. ".contains(b))
        {
            return None;
        }
        let inside = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-';
        let tail = &text[end..(end + BEHIND).min(text.len())];
        let dot = |at: usize| tail[at] == b'.' && tail.get(at + 1).is_some_and(u8::is_ascii_alphabetic);
        let tail = &tail[..(0..tail.len()).take_while(|at| inside(tail[*at]) || dot(*at)).count()];
        let (plural, rest) = plural(tail)?;
        if !is_tail(rest, stem.place) {
            return None;
        }
        let head = &text[at.saturating_sub(BEFORE)..at];
        let head = &head[head.len() - head.iter().rev().take_while(|b| inside(**b) || **b == b'.').count()..];
        let own = match own_head(head, text[at], stem) {
            Some(own) => own,
            None if stem.kind == Kind::Key && is_worded(&text[..at]) => b"",
            None => return None,
        };
        let marked = memchr::memmem::find(head, b"REDACTED.").is_some();
        if marked || is_other(own) {
            return None;
        }
        // A list of methods; where a shell stands.
        if plural && stem.kind == Kind::Login
            || stem.text == "pwd"
                && head.is_empty()
                && text.get(end..end + 2).is_some_and(|next| matches!(next, b"=/" | b": "))
        {
            return None;
        }
        Some(Self { at: at - head.len()..end + tail.len(), kind: stem.kind, plural })
    }

    /// `pass` alone: a verb more often than a name.
    pub(super) fn is_bare_pass(&self, text: &[u8]) -> bool {
        text[self.at.clone()].eq_ignore_ascii_case(b"pass")
    }
}

/// Takes an `s` off. A word that goes on is another one: `tokenizer`, `passwordless`.
fn plural(tail: &[u8]) -> Option<(bool, &[u8])> {
    match tail {
        [b's' | b'S', rest @ ..] if rest.first().is_none_or(|b| !b.is_ascii_lowercase()) => {
            Some((true, rest))
        }
        [b, ..] if b.is_ascii_lowercase() => None,
        _ => Some((false, tail)),
    }
}

/// Whether the words behind a stem are numbers, versions, or such as leave it a secret's name.
fn is_tail(mut tail: &[u8], place: Place) -> bool {
    while let Some((rest, word)) = last_word(tail) {
        let number = word.iter().all(u8::is_ascii_digit) || matches!(word, [b'v' | b'V', b'0'..=b'9']);
        if !number && (place != Place::Any || !is_one_of(word, TAILS)) {
            return false;
        }
        tail = rest;
    }
    true
}

/// What of the identifier's head says what the secret is of; `None` if the stem only ends another word there.
fn own_head<'h>(head: &'h [u8], first: u8, stem: &Stem) -> Option<&'h [u8]> {
    let before = head.last().copied();
    let camel = first.is_ascii_uppercase() && before.is_some_and(|b| b.is_ascii_lowercase());
    let begins = camel || before.is_none_or(|b| !b.is_ascii_alphabetic());
    if stem.kind != Kind::Key {
        return (begins || stem.place != Place::Last).then_some(head);
    }
    let (rest, word) = last_word(head)?;
    // `apikey` in one word, `api_key` in two.
    let known = if begins { is_one_of(word, KEYS) } else { KEYS.iter().any(|key| ends_with(word, key)) };
    known.then_some(rest)
}

/// `API key`, `secret key`: two words of a sentence.
fn is_worded(before: &[u8]) -> bool {
    const WORDS: &[&str] = &["api ", "secret ", "access ", "private ", "encryption "];
    WORDS.iter().any(|word| ends_with(before, word))
}

/// `max_tokens`, `page_token`, `server_tokens`.
fn is_other(head: &[u8]) -> bool {
    last_word(head).is_some_and(|(_, word)| is_one_of(word, OTHERS))
}

fn is_one_of(word: &[u8], words: &[&str]) -> bool {
    words.iter().any(|other| word.eq_ignore_ascii_case(other.as_bytes()))
}

fn ends_with(word: &[u8], end: &str) -> bool {
    word.len().checked_sub(end.len()).is_some_and(|from| word[from..].eq_ignore_ascii_case(end.as_bytes()))
}

/// An identifier's last word, and what stands before it.
fn last_word(name: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = name.iter().rposition(u8::is_ascii_alphanumeric)? + 1;
    let digits = name[end - 1].is_ascii_digit();
    let mut begin = end - 1;
    while begin > 0 {
        let (before, byte) = (name[begin - 1], name[begin]);
        let goes_on = before.is_ascii_alphanumeric()
            && before.is_ascii_digit() == digits
            && !(before.is_ascii_lowercase() && byte.is_ascii_uppercase());
        if !goes_on {
            break;
        }
        begin -= 1;
    }
    Some((&name[..begin], &name[begin..end]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(text: &str) -> bool {
        let lower = text.to_ascii_lowercase();
        STEMS.iter().any(|stem| {
            memchr::memmem::find_iter(lower.as_bytes(), stem.text)
                .any(|at| Name::around(text.as_bytes(), at, stem).is_some())
        })
    }

    #[test]
    fn names_of_secrets_are_known_in_every_case_style() {
        for name in [
            "password",
            "db_password",
            "dbPassword",
            "DB-PASSWORD",
            "PasswordConfirmation",
            "password_2",
            "tokens",
            "secretKeyBase",
            "otp_key_base",
            "api_key",
            "apiKey",
            "X-Api-Key",
            "APIKEY",
            "encryption.key",
            "signing_key",
            "requirepass",
            "smtpPass",
            "BIND_PW",
            "token_old",
            "reset_password_token",
            "gitlab.secret.access.key",
            "credentials",
            "primary_encryption_key",
        ] {
            assert!(named(name), "{name}");
        }
    }

    #[test]
    fn what_only_talks_of_secrets_is_no_name_of_one() {
        for name in [
            "token_type",
            "password_file",
            "tokenizer",
            "passwordless",
            "max_tokens",
            "page_token",
            "server_tokens",
            "compass",
            "bypass",
            "secretary",
            "public_key",
            "cache_key",
            "key",
            "monkey",
            "secret_id",
            "token_expires_at",
            "author",
            "password_changed",
            "PasswordsController",
        ] {
            assert!(!named(name), "{name}");
        }
    }
}
