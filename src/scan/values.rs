//! Whether a value beside a secret's name looks like one: not a reference, a mask, a type, a message. Looks at the value alone.

use super::{marker, names::Kind};

/// How a value stands beside its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stance {
    /// In quotes, behind a sign: nobody but the program reads it.
    Quoted,
    /// Right behind an equal sign.
    Tight,
    /// Behind a sign and a space, or a space alone: prose may stand so.
    Loose,
}

/// What stands in a secret's place and is none.
#[rustfmt::skip] // rows
const NONE: &[&str] = &[
    "true", "false", "null", "nil", "none", "undefined", "yes", "no", "on", "off", "string", "str", "text", "password", "secret", "token", "required",
    "optional", "expired", "invalid", "enabled", "disabled", "default", "redacted", "filtered", "masked", "hidden", "unknown", "missing", "empty",
    "bearer", "basic", "digest", "negotiate", "changed", "updated", "value", "md5", "scram-sha-256", "sha256", "sha512", "bcrypt", "plain", "login", "file",
    "env", "present", "set", "unset", "object", "array", "integer", "boolean", "number", "bytes", "varchar", "example", "personalaccesstoken", "deploytoken",
];

/// Words of a message.
#[rustfmt::skip] // rows
const TALK: &[&str] = &[
    "is", "was", "are", "be", "been", "has", "have", "had", "must", "should", "can", "cannot", "can't", "could", "does", "doesn't", "did", "do", "will", "not",
    "the", "this", "that", "a", "an", "and", "or", "of", "in", "on", "for", "to", "from", "with", "without", "by", "as", "at", "if", "your", "you", "we", "it",
    "please", "expired", "invalid", "missing", "required", "failed", "error", "too", "no", "than", "user", "personal", "access", "token", "password", "value", "set",
];

/// Beginnings of references and of code.
#[rustfmt::skip] // rows
const REFERENCES: &[&[u8]] = &[
    b"$(", b"${", b"$$", b"%{", b"%(", b"%s", b"%v", b"%q", b"{{", b"<%", b"<", b"ENV", b"File.", b"Rails.", b"Gitlab", b"Settings", b"os.", b"process.", b"self.", b"params",
    b"/etc/", b"/var/", b"/run/", b"/opt/", b"/home/", b"/usr/", b"/tmp/", b"/srv/", b"/root/", b"/dev/", b"/mnt/", b"./", b"../", b"~/", b"http://", b"https://", b"file:", b"vault:", b"arn:", b"op://",
    b"config.", b"config[", b"node[", b"options", b"Chef::", b"Digest::", b"SecureRandom", b"@", b"...", b"\\x00", b"!vault", b"!reference", b"&", b"*", b"#<", b"#{", b"gid://", b"std::", b"->", b"=>",
];

/// Whether `value` is a secret, by the kind of its name and how it stands there.
pub(super) fn is_secret(value: &[u8], kind: Kind, stance: Stance) -> bool {
    let value = unmasked(value.trim_ascii());
    let least = if stance == Stance::Quoted && kind == Kind::Password { 5 } else { 6 };
    // Nothing without a digit is one there, which tells most words at once.
    let worded = stance == Stance::Loose && !value.iter().any(u8::is_ascii_digit);
    if value.len() < least || worded || is_masked(value) || is_reference(value) || is_time(value) {
        return false;
    }
    let look = Look::of(value);
    if kind == Kind::Session {
        return value.len() >= 20 && is_opaque(value, kind);
    }
    if look.spaces > 0 {
        return stance == Stance::Quoted && is_phrase(value, &look);
    }
    if NONE.iter().any(|word| value.eq_ignore_ascii_case(word.as_bytes())) || look.is_name(value, stance) {
        return false;
    }
    match stance {
        Stance::Quoted => {
            look.is_mixed() || kind == Kind::Password && (look.digits >= 6 || look.letters >= 6)
        }
        Stance::Tight => {
            look.is_mixed()
                || kind == Kind::Password && (look.letters == value.len() || look.digits == value.len())
        }
        Stance::Loose => {
            let number = kind == Kind::Password && look.digits == value.len();
            let random = look.digits >= 2 || look.digits == 1 && (look.symbols >= 1 || !is_camel(value));
            number || look.is_mixed() && random
        }
    }
}

/// Whether nothing but chance, or somebody who chooses a password, writes such a word, whatever stands beside it. Ids of other things are none.
pub(super) fn is_opaque(value: &[u8], kind: Kind) -> bool {
    let look = Look::of(value);
    let upper = look.letters - look.small;
    let ulid = value.len() == 26 && look.small == 0 && value[0] == b'0';
    let uuid = value.len() == 36 && value[8] == b'-' && value[13] == b'-';
    let parts = value.iter().any(|b| matches!(b, b'/' | b':' | b'=' | b'(' | b'[' | b'@' | b'<' | b'`'))
        && !value.ends_with(b"=");
    let long = value.len() >= 16 && look.digits >= 2 && (upper >= 2 && look.small >= 2 || value.len() >= 32);
    let chosen = kind == Kind::Password
        && value.len() >= 8
        && look.digits >= 2
        && look.symbols >= 1
        && !b".,;:)".contains(&value[value.len() - 1]);
    !ulid
        && !uuid
        && !parts
        && look.spaces == 0
        && (long || chosen)
        && !is_masked(value)
        && !is_reference(value)
        && !is_time(value)
        && !look.is_name(value, Stance::Loose)
}

/// What a value is made of.
#[derive(Debug, Default)]
struct Look {
    small: usize,
    letters: usize,
    digits: usize,
    spaces: usize,
    /// Signs that neither names nor versions have.
    symbols: usize,
}

impl Look {
    fn of(value: &[u8]) -> Self {
        let mut look = Self::default();
        for byte in value {
            match byte {
                b'a'..=b'z' => {
                    look.small += 1;
                    look.letters += 1;
                }
                b'A'..=b'Z' | 0x80.. => look.letters += 1,
                b'0'..=b'9' => look.digits += 1,
                b' ' | b'\t' => look.spaces += 1,
                b'_' | b'-' | b'.' | b'/' | b':' => {}
                _ => look.symbols += 1,
            }
        }
        look
    }

    /// Letters, and digits or signs among them.
    fn is_mixed(&self) -> bool {
        self.letters > 0 && self.digits + self.symbols > 0 && self.digits + self.letters >= 4
    }

    /// `v1.2.3`, `token_2`, `Ci::Build`, `sha256:…`, a path: what code and messages have behind a sign.
    fn is_name(&self, value: &[u8], stance: Stance) -> bool {
        let part = |b: &u8| matches!(b, b'_' | b'-' | b'.' | b'/' | b':');
        let parts = value.iter().filter(|b| part(b)).count();
        let small = self.small == self.letters && self.symbols == 0;
        let most = usize::from(stance == Stance::Loose);
        let named =
            small && parts > 0 && self.digits <= most || small && self.digits <= 1 && self.letters < 6;
        let version = self.letters <= 2 && parts >= 2 && self.symbols == 0;
        let code =
            memchr::memmem::find(value, b"::").is_some() || memchr::memmem::find(value, b"()").is_some();
        let digest = value.starts_with(b"sha256:") || value.starts_with(b"sha512:");
        let screaming = value.iter().all(|b| b.is_ascii_uppercase() || *b == b'_') && value.contains(&b'_');
        named || version || code || digest || screaming
    }
}

/// Words that begin with a capital, one after the other, as in the names of types: `Utf8Error`.
fn is_camel(value: &[u8]) -> bool {
    let upper = |at: usize| value.get(at).is_some_and(u8::is_ascii_uppercase);
    let lower = |at: usize| value.get(at).is_some_and(u8::is_ascii_lowercase);
    (0..value.len()).all(|at| {
        let alone = lower(at) && !lower(at + 1) && (at == 0 || !lower(at - 1));
        !(alone || upper(at) && upper(at + 1))
    })
}

/// Words without the small ones of a sentence.
fn is_phrase(value: &[u8], look: &Look) -> bool {
    let words = value.split(|b| b.is_ascii_whitespace()).filter(|word| !word.is_empty());
    let mut count = 0;
    for word in words {
        let word = word.strip_suffix(b",").or(word.strip_suffix(b".")).unwrap_or(word);
        if TALK.iter().any(|talk| word.eq_ignore_ascii_case(talk.as_bytes())) {
            return false;
        }
        count += 1;
    }
    (2..=6).contains(&count) && look.letters + look.digits >= 6 && look.letters >= 3
}

/// What a mask leaves of a value, before a marker or behind one that is none: `******hunter22`. What stands before
/// one in a connection's description is no value.
fn unmasked(value: &[u8]) -> &[u8] {
    let stars = value.iter().take_while(|b| **b == b'*').count();
    let value = if stars >= 4 { &value[stars..] } else { value };
    let marked = memchr::memmem::find(value, b"__REDACTED.").filter(|at| marker(&value[*at..]).is_some());
    let before = marked.map(|at| value[..at].trim_ascii_end()).filter(|before| !before.is_empty());
    before.filter(|before| !before.iter().any(|b| b"=:/@;,{[( ".contains(b))).unwrap_or(value)
}

/// What an earlier run, or the program itself, put in a secret's place.
fn is_masked(value: &[u8]) -> bool {
    const MASKS: &[&[u8]] = &[
        b"FILTERED]",
        b"REDACTED]",
        b"MASKED]",
        b"REMOVED]",
        b"HIDDEN]",
        b"SECRET]",
        b"PROTECTED]",
        b"SENSITIVE]",
    ];
    let marked = memchr::memmem::find(value, b"__REDACTED.").is_some_and(|at| marker(&value[at..]).is_some());
    let open = value.strip_prefix(b"[").unwrap_or(value);
    let mask = MASKS.iter().any(|mask| {
        open.len() <= mask.len()
            && open.len() + 1 >= mask.len()
            && open.eq_ignore_ascii_case(&mask[..open.len()])
    });
    let first = value.first().copied().unwrap_or_default();
    let same = value.iter().filter(|b| **b == first || b"*.xX-".contains(b)).count() * 10 > value.len() * 7;
    marked || mask || same
}

fn is_reference(value: &[u8]) -> bool {
    let variable = value.starts_with(b"$")
        && value[1..].iter().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || *b == b'_');
    let fixed = REFERENCES.iter().any(|start| value.starts_with(start)) && !is_star(value);
    fixed || variable
}

/// A value may begin with a sign that references begin with too.
fn is_star(value: &[u8]) -> bool {
    let signs: &[u8] = b"*&@<%";
    let rest = &value[1..];
    let is_word = rest.iter().all(|b| b.is_ascii_lowercase() || b"_-.>".contains(b));
    signs.contains(&value[0])
        && !is_word
        && rest.iter().any(u8::is_ascii_digit)
        && !value.ends_with(b">")
        && rest.first().is_some_and(u8::is_ascii_alphanumeric)
}

/// A date or a time.
fn is_time(value: &[u8]) -> bool {
    value.len() >= 10
        && value[..4].iter().all(u8::is_ascii_digit)
        && value[4] == b'-'
        && value[5..7].iter().all(u8::is_ascii_digit)
        && value[7] == b'-'
}
