//! Whether a value that only a sentence points to looks like a secret: `password is x`, `invalid token "x"`. Looks at
//! the value alone.

use super::prose::{is_measure, is_number};

/// Words with a digit in them that sentences about secrets have.
#[rustfmt::skip] // rows, not a column
const TECHNICAL: &[&str] = &[
    "base64", "base32", "oauth2", "sha256", "sha512", "sha1", "sha384", "md5", "utf8", "utf16", "x509", "ed25519", "ed448",
    "rs256", "hs256", "es256", "rsa2048", "rsa4096", "http2", "http1", "ipv4", "ipv6", "pkcs12", "pkcs8", "aes256", "aes128",
    "saml2", "k8s", "s3", "ec2", "2fa", "u2f", "fido2", "argon2", "pbkdf2", "gitlab", "v1", "v2", "v3", "v4", "v5", "p12",
];

/// Whether a value that a sentence points to, by `is` or by quotes, is a secret rather than one more word.
pub(super) fn is_credible(value: &[u8]) -> bool {
    let parts = || value.split(|b| b"-_.:/".contains(b));
    let plain = |part: &[u8]| {
        part.iter().all(u8::is_ascii_alphabetic)
            || part.iter().all(u8::is_ascii_digit)
            || TECHNICAL.iter().any(|word| part.eq_ignore_ascii_case(word.as_bytes()))
    };
    has_a_digit_or_a_sign(value)
        && may_be_a_secret(value)
        && !parts().all(plain)
        && value.iter().any(u8::is_ascii_alphabetic)
}

/// What most words have not, and so what tells most of them.
fn has_a_digit_or_a_sign(value: &[u8]) -> bool {
    value.iter().any(|b| b.is_ascii_digit() || b"!@#$%^&*?~+".contains(b))
}

/// Whether letters of both cases stand in it as in no name of code: pieces of a capital and small letters are short.
pub(super) fn is_scrambled(value: &[u8]) -> bool {
    const SHORTEST: usize = 12;
    let begins = |at: usize| {
        let before = at.checked_sub(1).map(|at| value[at]);
        value[at].is_ascii_alphabetic()
            && before.is_none_or(|b| {
                !b.is_ascii_alphabetic() || b.is_ascii_lowercase() && value[at].is_ascii_uppercase()
            })
    };
    let pieces = (0..value.len()).filter(|at| begins(*at)).count();
    let has = |test: fn(&u8) -> bool| value.iter().any(test);
    may_be_a_secret(value)
        && value.len() >= SHORTEST
        && pieces * 4 >= value.len()
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && value.iter().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(b))
}

/// Whether no word looks like it: three of lower case, upper case, digits and signs, or long with digits.
pub(super) fn is_no_word(value: &[u8]) -> bool {
    if !has_a_digit_or_a_sign(value) {
        return false;
    }
    let has = |test: fn(&u8) -> bool| value.iter().any(test);
    let technical = || {
        let lower = value.to_ascii_lowercase();
        TECHNICAL.iter().any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some())
    };
    let digit = has(u8::is_ascii_digit);
    let kinds = usize::from(digit)
        + usize::from(has(u8::is_ascii_lowercase))
        + usize::from(has(u8::is_ascii_uppercase))
        + usize::from(has(|b| b"!@$%^&*?~+".contains(b)));
    let alike = |b: &u8| b.is_ascii_alphanumeric() || b"-_".contains(b);
    let dashes = value.iter().filter(|b| **b == b'-').count();
    let long = value.len() >= 16 && digit && kinds >= 2 && value.iter().all(alike) && dashes < 2;
    may_be_a_secret(value)
        && is_credible(value)
        && !value.iter().any(|b| b":/#=<>()[]{}|".contains(b))
        && (kinds >= 3 && !technical() || long)
}

/// Of a length, and no id, number, version, address or name of code.
fn may_be_a_secret(value: &[u8]) -> bool {
    let id = value.len() == 26 && value.starts_with(b"0") && !value.iter().any(u8::is_ascii_lowercase)
        || value.len() == 36 && value.iter().filter(|b| **b == b'-').count() == 4;
    (6..=256).contains(&value.len())
        && value.iter().all(|b| b.is_ascii_graphic() || *b >= 0x80)
        && !id
        && !is_measure(value)
        && !is_number(value)
        && (!value.starts_with(b"/") || value.ends_with(b"=") || value.contains(&b'+'))
        && (!value.starts_with(b"-") || value.len() >= 24 && value[1] != b'-')
        && memchr::memmem::find(value, b"::").is_none()
        && memchr::memmem::find(value, b"://").is_none()
}

/// What Rails says of a field: `{"password":["can't be blank"]}`.
pub(super) fn is_complaint(value: &[u8]) -> bool {
    #[rustfmt::skip] // rows, not a column
    const COMPLAINTS: &[&str] = &[
        "can't be", "is too", "is invalid", "is reserved", "is not", "is required", "is missing", "is already", "is wrong",
        "must be", "must not", "must have", "must contain", "must match", "has already", "has expired", "has been",
        "does not", "doesn't match", "should be", "should not", "needs to", "cannot be", "contains", "is the wrong",
    ];
    value.contains(&b' ') && COMPLAINTS.iter().any(|known| value.starts_with(known.as_bytes()))
}

/// `calls=61,usec=9`
pub(super) fn is_count(value: &[u8]) -> bool {
    value
        .split(|b| *b == b'=')
        .next()
        .is_some_and(|name| name.len() > 2 && name.iter().all(|b| b.is_ascii_lowercase() || *b == b'_'))
        && value.iter().rev().take_while(|b| !matches!(b, b'=')).all(|b| b.is_ascii_digit() || *b == b'.')
        && value.contains(&b'=')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_sentence_are_none() {
        for word in [
            "expired",
            "SHA-256",
            "base64-encoded",
            "2fa",
            "OAuth2",
            "v1.2.3",
            "PersonalAccessToken",
            "step-2",
            "01HZX5Y8K3M9T2V7W4Q6R1N0PA",
            "9d1f0b5e-6a0c-4a52-9a11-2f6a3b9d1c77",
            "128",
            "30s",
            "/etc/x1",
            "A::B2",
        ] {
            assert!(!is_credible(word.as_bytes()) && !is_no_word(word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn what_generators_and_people_make_is() {
        for value in ["Tr0ub4dor!x", "aB3dE9fGh1", "5b8d44313c6796be8ecc066c8a386c44", "Falcon-77!x9Q"] {
            assert!(is_credible(value.as_bytes()) && is_no_word(value.as_bytes()), "{value}");
        }
        for value in ["nRLFB-FriNQ-azwq", "KNZSKrsXfBayzcOl", "aFqgYmDgMVnmJJtp", "qJYB.bamboo_tMJXq"] {
            assert!(is_scrambled(value.as_bytes()), "{value}");
        }
        for name in
            ["PersonalAccessToken", "OAuthAccessToken", "gitlab-workhorse", "ActiveRecord.Base", "UTF-8"]
        {
            assert!(!is_scrambled(name.as_bytes()), "{name}");
        }
        assert!(is_credible(b"geheim99") && !is_no_word(b"geheim99"));
    }
}
