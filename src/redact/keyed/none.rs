//! Values that are none: references, masks, markers of an earlier run, paths. Looks at a value alone, never at
//! what stands around it.

use std::sync::LazyLock;

use crate::redact::names::Index;

/// Whole values that stand for one that was taken out.
#[rustfmt::skip] // rows, not a column
const MASKS: &[&str] = &[
    "[filtered]", "[redacted]", "[masked]", "[removed]", "[hidden]", "[secret]", "[protected]", "<redacted>",
    "<filtered>", "<hidden>", "<secret>", "<masked>", "<removed>", "<sensitive>", "(sensitive)", "(hidden)",
    "(redacted)", "(sensitive value)", "redacted", "filtered", "***redacted***", "**filtered**", "...", "…",
    "[sensitive]", "<nil>", "<none>", "<unset>", "(none)", "(nil)", "none", "null", "nil", "undefined", "true",
    "false", "yes", "no", "on", "off", "~", "-", "--", "?", "{}", "[]", "()", "%s", "%v", "%q", "%p", "%d",
    "value_specified_in_no_log_parameter", "{filtered}", "{redacted}", "<set to the key 'password' in secret>", "<set>", "<empty>", "<unknown>", "n/a",
    "string!", "string?", "[string]", "<string>", "<password>", "<token>", "<your_access_token>", "(known", "<token", "*",
];

/// What an expression begins with that fetches a value and is none.
#[rustfmt::skip] // rows, not a column
const FETCHES: &[&str] = &[
    "ENV[", "ENV.", "File.", "IO.", "Rails.", "Gitlab.", "Gitlab::", "Settings.", "Settings[", "SecureRandom.",
    "Devise.", "params[", "params.", "node[", "config[", "config.", "settings.", "os.environ", "os.getenv",
    "os.Getenv", "process.env", "getenv(", "System.", "self.", "options[", "options.", "opts[", "args.", "vault(",
    "lookup(", "request.", "current_user.", "data.", "var.", "local.", "module.", "Chef::", "Random.", "Digest::",
    "OpenSSL::", "Base64.", "JSON.", "YAML.", "proc ", "lambda ", "-> ", "credentials[", "secrets[", "attributes[",
    "EXCLUDED.", "excluded.", "NEW.", "OLD.", "ANY(", "ANY (", "arn:aws:secretsmanager:", "op://", "vault:", "ref+", "!vault",
    "@options", "Optional[", "Option<", "Union[", "File::", "Proc.", "Hash.", "Array.", "String.", "crypt(", "current_setting(",
];

/// Folders in which a value that looks like a path is one.
const FOLDERS: &[&str] = &[
    "/etc/",
    "/var/",
    "/run/",
    "/opt/",
    "/home/",
    "/usr/",
    "/tmp/",
    "/srv/",
    "/root/",
    "/mnt/",
    "/dev/",
    "/proc/",
    "/assets/",
    "/secrets/",
    "/data/",
    "/builds/",
    "/api/",
    "file://",
    "./",
    "../",
    "~/",
];

static IN_MASKS: LazyLock<Index> = LazyLock::new(|| Index::new(MASKS));

/// Whether a whole value is none, beside any name.
pub(super) fn is_no_value(value: &[u8]) -> bool {
    let value = value.trim_ascii();
    value.is_empty()
        || is_marker(value)
        || is_mask(value)
        || is_reference(value)
        || is_constant(value)
        || begins_with_any(value, FOLDERS, &FIRSTS_OF_FOLDERS) && is_plain_path(value)
}

/// `__REDACTED.gitlab-token.9f3c21d0__`, exactly.
pub(super) fn is_marker(value: &[u8]) -> bool {
    let Some(inner) = value.strip_prefix(b"__REDACTED.").and_then(|rest| rest.strip_suffix(b"__")) else {
        return false;
    };
    let Some(dot) = inner.len().checked_sub(9) else { return false };
    let (name, tag) = inner.split_at(dot);
    let hex = |b: &u8| b.is_ascii_digit() || (b'a'..=b'f').contains(b);
    let named = |b: &u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'_');
    tag[0] == b'.' && tag[1..].iter().all(hex) && !name.is_empty() && name.iter().all(named)
}

/// Also stars, dots and bullets of any number.
fn is_mask(value: &[u8]) -> bool {
    let same = |byte: u8, least: usize| value.len() >= least && value.iter().all(|b| *b == byte);
    same(b'*', 1)
        || same(b'.', 3)
        || same(b'x', 3)
        || same(b'X', 3)
        || same(b'-', 1)
        || value.chunks(3).all(|bullet| bullet == "•".as_bytes() || bullet == "●".as_bytes())
        || IN_MASKS.has(value)
}

/// A variable, a placeholder, a call that fetches the value.
fn is_reference(value: &[u8]) -> bool {
    let between = |open: &str, close: &str| {
        value.starts_with(open.as_bytes())
            && value.ends_with(close.as_bytes())
            && value.len() >= open.len() + close.len()
            && !value[open.len()..value.len() - close.len()]
                .windows(close.len())
                .any(|w| w == close.as_bytes())
    };
    match value[0] {
        b'$' => {
            (between("${", "}") && !has_default(value))
                || between("${{", "}}") && is_expression(&value[3..value.len() - 2])
                || between("$(", ")")
                || between("$((", "))")
                || is_variable(&value[1..])
        }
        b'{' => between("{{", "}}"),
        b'(' => between("(", ")") && is_words(&value[1..value.len() - 1]),
        b'<' => between("<%", "%>") || between("<", ">") && is_words(&value[1..value.len() - 1]),
        b'%' => {
            between("%{", "}")
                || between("%env(", ")%")
                || between("%(", ")s")
                || between("%", "%") && is_variable(&value[1..value.len() - 1])
        }
        b'`' => between("`", "`"),
        b'@' | b':' | b'&' => {
            is_words(&value[1..]) && value.len() > 3 && crate::redact::names::is_sensitive(value)
        }
        b'#' => between("#{", "}") || value.starts_with(b"#<"),
        _ => fetches(value),
    }
}

fn fetches(value: &[u8]) -> bool {
    begins_with_any(value, FETCHES, &FIRSTS_OF_FETCHES) && !has_literal(value)
        || is_call(value)
        || is_a_constants_call(value)
}

/// `secrets.X`, `env['X'] || secrets.X`: names, and no literal.
pub(super) fn is_expression(inner: &[u8]) -> bool {
    let is_name = |name: &[u8]| {
        let name = name.trim_ascii();
        let bare = name.first().is_some_and(|b| b.is_ascii_alphabetic() || *b == b'_');
        let mut before = 0;
        let quoted = |byte: u8, before: u8, next: Option<&u8>| {
            matches!(byte, b'\'' | b'"') && (before == b'[' || next == Some(&b']'))
        };
        bare && name.iter().enumerate().all(|(at, byte)| {
            let fits = byte.is_ascii_alphanumeric() || b"_.-[]".contains(byte);
            let quote = quoted(*byte, before, name.get(at + 1));
            before = *byte;
            fits || quote
        })
    };
    inner.split(|b| matches!(b, b'|' | b'&')).filter(|part| !part.is_empty()).all(is_name)
}

/// `User.find_by_username('ann').…`
fn is_a_constants_call(value: &[u8]) -> bool {
    let constant = value.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b':').count();
    let Some(rest) = value[constant..].strip_prefix(b".") else { return false };
    let method = rest.iter().take_while(|b| b.is_ascii_lowercase() || **b == b'_').count();
    value[0].is_ascii_uppercase()
        && constant > 2
        && rest[..method].contains(&b'_')
        && rest.get(method) == Some(&b'(')
        && memchr::memchr(b')', rest)
            .is_some_and(|close| matches!(rest.get(close + 1), None | Some(b'.' | b';')))
}

/// Whether a byte, in lower case, begins one of these words.
const fn firsts(words: &[&str]) -> [bool; 256] {
    let mut firsts = [false; 256];
    let mut i = 0;
    while i < words.len() {
        firsts[words[i].as_bytes()[0].to_ascii_lowercase() as usize] = true;
        i += 1;
    }
    firsts
}

/// Most values begin as none of a list does, which one look tells.
const FIRSTS_OF_FETCHES: [bool; 256] = firsts(FETCHES);
const FIRSTS_OF_FOLDERS: [bool; 256] = firsts(FOLDERS);

fn may_begin(value: &[u8], firsts: &[bool; 256]) -> bool {
    value.first().is_some_and(|first| firsts[usize::from(first.to_ascii_lowercase())])
}

fn begins_with_any(value: &[u8], list: &[&str], firsts: &[bool; 256]) -> bool {
    may_begin(value, firsts) && list.iter().any(|begin| value.starts_with(begin.as_bytes()))
}

/// `ENV.fetch('X', 'hunter2')` and `ENV['X'] || 'hunter2'` hold a value all the same.
fn has_literal(value: &[u8]) -> bool {
    let quotes = value.iter().filter(|b| matches!(b, b'"' | b'\'')).count();
    quotes > 2
}

/// `${X:-hunter2}`, but not `${X:?must be set}`.
fn has_default(value: &[u8]) -> bool {
    let default = value.windows(2).position(|w| matches!(w, b":-" | b":="));
    default.is_some_and(|at| {
        let default = value[at + 2..].strip_suffix(b"}").unwrap_or_default();
        !default.is_empty() && !default.starts_with(b"$")
    })
}

/// `X`, `DB_PASSWORD`, `1`, `http_private_token`, `pass`; `ecr3t` and `aB9` are none.
fn is_variable(name: &[u8]) -> bool {
    let word = |b: &u8| b.is_ascii_alphanumeric() || *b == b'_';
    if name.is_empty() || !name.iter().all(word) {
        return false;
    }
    let numbered = name.len() <= 4 && name.iter().all(u8::is_ascii_digit);
    let upper =
        !name.iter().any(u8::is_ascii_lowercase) && name[0].is_ascii_uppercase() && name.contains(&b'_');
    let capitals = name.iter().all(u8::is_ascii_uppercase);
    let lower = !name.iter().any(u8::is_ascii_uppercase) && name.contains(&b'_')
        || crate::redact::names::is_sensitive(name);
    numbered || upper || capitals || lower
}

/// `Foo::Bar`
fn is_constant(value: &[u8]) -> bool {
    let is_part = |part: &[u8]| {
        part.first().is_some_and(u8::is_ascii_uppercase) && part.iter().all(u8::is_ascii_alphanumeric)
    };
    let capital = value.first().is_some_and(u8::is_ascii_uppercase);
    capital.then(|| memchr::memmem::find(value, b"::")).flatten().is_some_and(|at| {
        is_part(&value[..at])
            && value[at + 2..].split(|b| *b == b':').all(|part| part.is_empty() || is_part(part))
    })
}

fn is_words(name: &[u8]) -> bool {
    !name.is_empty()
        && name.len() <= 40
        && name.iter().all(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'-' | b' '))
        || !name.is_empty() && name.iter().all(|b| b.is_ascii_uppercase() || *b == b'_')
}

/// `get_password(user)`, `fetch_token()`: lower-case words before a bracket that the value's last byte closes.
fn is_call(value: &[u8]) -> bool {
    let Some(open) = value.iter().position(|b| *b == b'(') else { return false };
    let (name, rest) = value.split_at(open);
    rest.ends_with(b")")
        && name.len() > 3
        && name.iter().all(|b| b.is_ascii_lowercase() || matches!(b, b'_' | b'.'))
        && !has_literal(value)
        && rest.iter().filter(|b| **b == b'(').count() == rest.iter().filter(|b| **b == b')').count()
}

fn is_plain_path(value: &[u8]) -> bool {
    value.iter().all(|b| b.is_ascii_alphanumeric() || b"/._-{}$:@%*".contains(b))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_are_none() {
        for value in [
            "",
            "nil",
            "null",
            "true",
            "[FILTERED]",
            "[REDACTED]",
            "******",
            "xxxxxxxx",
            "$DB_PASSWORD",
            "$1",
            "${DB_PASSWORD}",
            "${X:?must be set}",
            "$(cat /run/x)",
            "ENV['X']",
            "File.read('/etc/x')",
            "{{ password }}",
            "<%= password %>",
            "<secret>",
            "%{password}",
            "__REDACTED.x.12345678__",
            "Rails.application.secrets",
            "get_password(user)",
            "$http_private_token",
            "/etc/gitlab/token",
            "@password",
            ":password",
            "•••••",
            "<your-token>",
            "$pass",
        ] {
            assert!(is_no_value(value.as_bytes()), "{value}");
        }
    }

    #[test]
    fn values_that_look_like_none() {
        for value in [
            "[FILTERED]hunter2",
            "__REDACTED.x__real",
            "__REDACTED.x.12345678__y",
            "__REDACTED.x.1234567g__",
            "$ecr3t",
            "p$SW0RD",
            "${X:-hunter2}",
            "ENV.fetch('X', 'hunter2')",
            "summer.rain",
            "a",
            "/aB3+x==",
            "truer",
            "$(",
            "%",
            "${",
            "*a*",
            "@dmin1!",
            ":hunter2",
            "<a>b>",
            "{{x}}y{{z}}",
        ] {
            assert!(!is_no_value(value.as_bytes()), "{value}");
        }
    }
}
