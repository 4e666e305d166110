//! What stands where a secret would, and is none: markers of an earlier run, `[FILTERED]`, `****`,
//! references to variables.

/// Whether this is a marker, the whole of it and nothing else: `__REDACTED.jwt.9f3c21d0__`.
pub(super) fn is_marker(value: &[u8]) -> bool {
    let Some(rest) = value.strip_prefix(b"__REDACTED.") else { return false };
    let Some(rest) = rest.strip_suffix(b"__") else { return false };
    let Some(dot) = rest.iter().position(|byte| *byte == b'.') else { return false };
    let (name, tag) = (&rest[..dot], &rest[dot + 1..]);
    let named = |byte: &u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-');
    !name.is_empty()
        && name.iter().all(named)
        && tag.len() == 8
        && tag.iter().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

/// Words that programs and people write in place of a password.
const WORDS: &[&[u8]] = &[
    b"[FILTERED]",
    b"[REDACTED]",
    b"[MASKED]",
    b"[redacted]",
    b"[filtered]",
    b"[masked]",
    b"<password>",
    b"<token>",
    b"<secret>",
    b"<redacted>",
    b"REDACTED",
    b"FILTERED",
    b"redacted",
    b"xxxxx",
];

/// Whether a value is no secret but stands for one.
pub(super) fn is_placeholder(value: &[u8]) -> bool {
    let all = |byte: u8| value.iter().all(|b| *b == byte);
    all(b'*')
        || all(b'x')
        || all(b'X')
        || WORDS.contains(&value)
        || is_marker(value)
        || is_reference(value)
        || value
            .strip_prefix(b"%5B")
            .is_some_and(|rest| rest.starts_with(b"FILTERED") || rest.starts_with(b"REDACTED"))
}

/// `$VAR`, `${VAR}`, `$(cmd)`, `#{var}`, `{{ var }}`, `%s`, `<PASSWORD>`: a name, and the value elsewhere.
fn is_reference(value: &[u8]) -> bool {
    let name = |name: &[u8]| !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || *b == b'_');
    match value {
        [b'$', b'{' | b'(', .., b'}' | b')'] | [b'#', b'{', .., b'}'] | [b'{', b'{', .., b'}', b'}'] => true,
        [b'%', b's' | b'd' | b'v' | b'@'] => true,
        [b'%', b'{' | b'<', inner @ .., b'}' | b'>'] => name(inner),
        [b'<', inner @ .., b'>'] => inner.iter().all(|b| b.is_ascii_alphanumeric() || b"_- ".contains(b)),
        // A shell variable, not a password that begins with a dollar sign.
        [b'$', inner @ ..] => name(inner) && inner.iter().all(|b| b.is_ascii_uppercase() || *b == b'_'),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_whole_marker_is_one() {
        assert!(is_marker(b"__REDACTED.gitlab-token.9f3c21d0__"));
        assert!(is_marker(b"__REDACTED.db_password.00000000__"));
        for no in [
            "__REDACTED.x__real",
            "__REDACTED.x.12345678__real",
            "__REDACTED.x.1234567__",
            "__REDACTED..12345678__",
            "__REDACTED.x.12345678",
            "__REDACTED.X.12345678__",
            "__REDACTED.x.1234567g__",
            "[FILTERED]",
            "",
        ] {
            assert!(!is_marker(no.as_bytes()), "{no}");
        }
    }

    #[test]
    fn what_stands_for_a_secret() {
        for yes in [
            "****",
            "xxxxx",
            "[FILTERED]",
            "${DB_PASSWORD}",
            "$PASSWORD",
            "#{password}",
            "%s",
            "<token>",
            "{{ p }}",
        ] {
            assert!(is_placeholder(yes.as_bytes()), "{yes}");
        }
        for no in ["[FILTERED]hunter2", "hunter2", "$ecret9", "${x}y", "**a", "%secret"] {
            assert!(!is_placeholder(no.as_bytes()), "{no}");
        }
    }
}
