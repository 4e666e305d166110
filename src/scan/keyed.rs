//! Secrets by the name beside them: a name, a sign, a value, however they are quoted and escaped.
//! `described` knows the syntaxes in which the name is itself a value.

use std::ops::Range;

use super::{
    called, described,
    found::{Found, NAMED},
    glue::{Cursor, Sign},
    names::{Kind, Name, Stem},
    opening, prose, shapes,
    values::{Stance, is_opaque, is_secret},
};

/// Longest part of a value that is looked at.
const LONGEST: usize = 200;

/// Most of a list's values that are looked at.
const ITEMS: usize = 3;

/// The secret whose name has this stem at `at`.
pub(super) fn found(text: &[u8], at: usize, stem: &Stem) -> Option<Found> {
    let name = Name::around(text, at, stem)?;
    if is_a_reference(&text[..name.at.start]) {
        return None;
    }
    // Behind the name of a value one of these stands; most names are parts of paths and messages.
    let next = text.get(name.at.end)?;
    if !next.is_ascii_whitespace() && !b"\"'`]:=\\%&,(><|.?}u)[\x1b\0".contains(next) {
        return None;
    }
    let span = pair(text, &name)
        .or_else(|| element(text, &name))
        .or_else(|| spaced(text, &name))
        .or_else(|| called::listed(text, &name))
        .or_else(|| called::called(text, &name))
        .or_else(|| prose::found(text, &name))
        .or_else(|| described::found(text, &name))?;
    Some(Found { rule: NAMED, label: name.at, span })
}

/// Whether a name stands where another thing is called by it: `checksum/secret: 9d1f…` of a pod,
/// `arn:aws:secretsmanager:…:secret:gitlab/db`.
fn is_a_reference(before: &[u8]) -> bool {
    const NEAR: usize = 80;
    let near = || &before[before.len().saturating_sub(NEAR)..];
    before.ends_with(b"checksum/")
        || before.ends_with(b":") && memchr::memmem::find(near(), b":secretsmanager:").is_some()
}

/// `name = value` in all its spellings.
fn pair(text: &[u8], name: &Name) -> Option<Range<usize>> {
    let mut cursor = Cursor::new(text, name.at.end);
    cursor.quotes(true);
    cursor.blanks(40);
    if is_explicit(&text[..name.at.start]) && cursor.take(b"\n") {
        cursor.blanks(40);
    }
    let sign = cursor.sign()?;
    let blanks = cursor.blanks(40);
    // `DB_PASSWORD= PORT=5432`: nothing, and the next pair
    let word = cursor.rest().iter().take(40).take_while(|b| b.is_ascii_alphabetic() || **b == b'_').count();
    if sign == Sign::Equals
        && blanks > 0
        && cursor.quote.is_none()
        && word > 1
        && cursor.rest().get(word) == Some(&b'=')
    {
        return None;
    }
    // `#<AccessToken:0x00007f3c2a1b`
    if sign == Sign::Colon && blanks == 0 && cursor.rest().starts_with(b"0x") {
        return None;
    }
    // `PASS: test 12`, `second pass: 12`
    if name.is_bare_pass(text) && cursor.quote.is_none() && (sign == Sign::Colon || blanks > 0) {
        return None;
    }
    if name.plural
        && matches!(cursor.rest().iter().find(|b| **b != b'\\'), Some(b'[' | b'{'))
        && let Some(item) = items(text, cursor.at)
    {
        return Some(item);
    }
    let wraps = opening::pass(&mut cursor, name.plural);
    scheme(text, name, &mut cursor);
    // The value of an object: `{"value":"x"}`.
    const OBJECTS: &[&[u8]] = &[b"{\"value\":\"", b"{\"value\": \"", b"{\\\"value\\\":\\\""];
    let _ = cursor.quote.is_none() && OBJECTS.iter().any(|open| cursor.take(open));
    let stance = match (cursor.quote.is_some() || wraps, sign) {
        (true, _) => Stance::Quoted,
        (false, Sign::Equals | Sign::Arrow) if blanks == 0 => Stance::Tight,
        _ => Stance::Loose,
    };
    judged(&cursor, name.kind, stance)
}

/// Steps over the scheme of an authorization: `Bearer x`.
pub(super) fn scheme(text: &[u8], name: &Name, cursor: &mut Cursor<'_>) {
    const LAST: &[u8] = b"authorization";
    let own = &text[name.at.clone()];
    let header = own.len() >= LAST.len() && own[own.len() - LAST.len()..].eq_ignore_ascii_case(LAST);
    let word = cursor.rest().iter().take(20).take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    if header && cursor.rest().get(word) == Some(&b' ') {
        cursor.at += word + 1;
    }
}

/// The first secret of a list or an object whose name is a plural.
pub(super) fn items(text: &[u8], at: usize) -> Option<Range<usize>> {
    let mut cursor = Cursor::new(text, at + 1);
    let end = text.len().min(at + LONGEST);
    let mut left = ITEMS;
    while cursor.at < end && left > 0 {
        let byte = cursor.peek()?;
        if matches!(byte, b']' | b'}' | b'\n') {
            return None;
        }
        cursor.quote = None;
        cursor.quotes(false);
        if cursor.quote.is_none() {
            cursor.at += 1;
            continue;
        }
        left -= 1;
        if let Some(secret) = judged(&cursor, Kind::Token, Stance::Loose) {
            return Some(secret);
        }
        let rest = cursor.rest();
        cursor.at += closed(&rest[..rest.len().min(LONGEST)], cursor.spelling, cursor.slashes)?;
        cursor.quotes(false);
    }
    None
}

/// The value at the cursor, if it is a secret.
pub(super) fn judged(cursor: &Cursor<'_>, kind: Kind, stance: Stance) -> Option<Range<usize>> {
    let rest = cursor.rest();
    let window = &rest[..rest.len().min(LONGEST)];
    let length = match cursor.quote {
        Some(_) => closed(window, cursor.spelling, cursor.slashes).unwrap_or_else(|| bare(window)),
        None if stance == Stance::Quoted => {
            window.iter().position(|b| matches!(b, b'\n' | b'\r' | b'<' | 0)).unwrap_or(window.len())
        }
        None => bare(window),
    };
    let value = &window[..length];
    let call = cursor.quote.is_none()
        && matches!(window.get(length), Some(b'(' | b'[' | b'{'))
        && value.iter().all(|b| shapes::word(*b) || matches!(b, b'.' | b':' | b'$' | b'@' | b'&' | b'*'));
    let secret = match kind {
        Kind::Login => {
            shapes::login(value).is_some()
                || is_opaque(value, kind)
                || value.iter().filter(|b| **b == b':').count() == 1
                    && is_secret(value.rsplit(|b| *b == b':').next()?, kind, stance)
        }
        _ => !call && is_secret(value, kind, stance),
    };
    secret.then(|| cursor.at..cursor.at + length)
}

/// Where the quote closes that was opened with so many backslashes.
pub(super) fn closed(window: &[u8], spelling: &[u8], slashes: usize) -> Option<usize> {
    let mut from = 0;
    let find = |text: &[u8]| match spelling {
        [byte] => memchr::memchr(*byte, text),
        _ => memchr::memmem::find(text, spelling),
    };
    while let Some(found) = find(&window[from..]) {
        let at = from + found;
        let before = window[..at].iter().rev().take_while(|b| **b == b'\\').count();
        let doubled = spelling == b"'" && window.get(at + 1) == Some(&b'\'') && at > 0;
        if doubled {
            from = at + 2;
            continue;
        }
        if before <= slashes {
            return Some(at - before).filter(|end| memchr::memchr2(b'\n', 0, &window[..*end]).is_none());
        }
        from = at + spelling.len();
    }
    None
}

/// The end of a value without quotes.
fn bare(window: &[u8]) -> usize {
    let stop = |b: &u8| b.is_ascii_whitespace() || b.is_ascii_control() || b"\"'\\,;&<>(){}[]|`".contains(b);
    window.iter().position(stop).unwrap_or(window.len())
}

/// `<password>value</password>`
fn element(text: &[u8], name: &Name) -> Option<Range<usize>> {
    const OPENS: &[&[u8]] = &[b"<", b"&lt;", b"u003c", b":"];
    let before = &text[..name.at.start];
    OPENS.iter().find(|open| before.ends_with(open))?;
    let rest = text.get(name.at.end..)?;
    let window = &rest[..rest.len().min(80)];
    let close = [&b">"[..], b"&gt;", b"\\u003e"]
        .into_iter()
        .filter_map(|c| memchr::memmem::find(window, c).map(|at| at + c.len()))
        .min()?;
    let attributes = &window[..close - 1];
    if !(attributes.is_empty() || attributes[0] == b' ' || attributes[0] == b'\\' || attributes[0] == b'&')
        || attributes.contains(&b'<')
    {
        return None;
    }
    let mut cursor = Cursor::new(text, name.at.end + close);
    let data = cursor.take(b"<![CDATA[");
    let rest = cursor.rest();
    let window = &rest[..rest.len().min(LONGEST)];
    let ends: &[&[u8]] = if data { &[b"]]>"] } else { &[b"</", b"&lt;/", b"\\u003c/", b"<\\/"] };
    let length = ends.iter().filter_map(|end| memchr::memmem::find(window, end)).min()?;
    let value = &window[..length];
    let secret = !value.starts_with(b"<") && is_secret(value, name.kind, Stance::Quoted);
    secret.then(|| cursor.at..cursor.at + length)
}

/// `--password value`, `requirepass value`, `PASSWORD 'value'`, `login x password value`.
fn spaced(text: &[u8], name: &Name) -> Option<Range<usize>> {
    if name.is_bare_pass(text) {
        return None;
    }
    let own = &text[name.at.clone()];
    let mut cursor = Cursor::new(text, name.at.end);
    cursor.quotes(true);
    let closed = cursor.quote.is_some();
    let nul = cursor.take(b"\0");
    let behind_name = cursor.at;
    if !nul && cursor.blanks(40) == 0 {
        return None;
    }
    cursor.take(b"ENCRYPTED ");
    // What auditd numbers: `a1="--password" a2="x"`.
    if closed && cursor.peek() == Some(b'a') {
        let rest = cursor.rest();
        let digits = rest[1..].iter().take(3).take_while(|b| b.is_ascii_digit()).count();
        if digits > 0 && rest.get(1 + digits) == Some(&b'=') {
            cursor.at += digits + 2;
        }
    }
    cursor.quote = None;
    cursor.quotes(false);
    let quoted = cursor.quote.is_some();
    let option = own.starts_with(b"-");
    let directive =
        own.ends_with(b"requirepass") || own.ends_with(b"masterauth") || own.ends_with(b"auth-pass");
    let shouted = own.iter().all(|b| !b.is_ascii_lowercase());
    if cursor.peek() == Some(b'-') && !quoted || closed && !option && !directive {
        return None;
    }
    let stance = match (option || directive, quoted) {
        (true, true) => Stance::Quoted,
        (true, false) if nul => Stance::Quoted,
        (true, false) if directive => Stance::Tight,
        (true, false) => Stance::Loose,
        (false, true) if shouted => Stance::Quoted,
        (false, true) => Stance::Loose,
        (false, false) if is_set(&text[..name.at.start]) => Stance::Loose,
        (false, false) => {
            let line =
                text[name.at.start.saturating_sub(100)..name.at.start].rsplit(|b| *b == b'\n').next()?;
            let login = memchr::memmem::find(line, b"login ").is_some()
                || line.iter().all(|b| b.is_ascii_whitespace());
            if !login || behind_name + 1 != cursor.at {
                return None;
            }
            Stance::Loose
        }
    };
    judged(&cursor, name.kind, stance)
}

/// What sets a variable, right before its name.
fn is_set(before: &[u8]) -> bool {
    const SETTERS: &[&[u8]] =
        &[b"SetEnv ", b"setenv ", b"ENV ", b"_param ", b"set $", b"config set ", b"configure set ", b"set "];
    SETTERS.iter().any(|setter| before.ends_with(setter))
}

/// Whether a key of YAML that says that it is one stands here: `? password`, and its value on the next line.
fn is_explicit(before: &[u8]) -> bool {
    let before = before.strip_suffix(b"\"").or(before.strip_suffix(b"'")).unwrap_or(before);
    before.strip_suffix(b"? ").is_some_and(|line| line.last().is_none_or(|b| matches!(b, b' ' | b'\n')))
}
