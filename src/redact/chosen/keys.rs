//! Where structure names a user, a host or a project: beside a key, in a parameter, in a route, in a phrase. Finds the
//! value; whether it is hidden, its kind decides.

use std::ops::Range;

use super::Kind;

/// Longest value.
const LONGEST: usize = 255;

/// How strictly a value is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Trust {
    /// Whatever the value.
    Any,
    /// Only a name of an account, or a name with a dot, or a path of a project.
    Plain,
    /// Only a path of several parts.
    Path,
    /// Only a route, which begins with a slash.
    Route,
    /// Only as a route's first parameter, or behind `namespace_id`.
    Id,
}

/// Keys in lower case; of a key with dots also its last part.
#[rustfmt::skip] // a table
const KEYS: &[(&str, Kind, Trust)] = &[
    ("username", Kind::User, Trust::Any), ("user_username", Kind::User, Trust::Any), ("meta.user", Kind::User, Trust::Any),
    ("user_login", Kind::User, Trust::Any), ("login", Kind::User, Trust::Plain), ("gl_username", Kind::User, Trust::Any),
    ("author_username", Kind::User, Trust::Any), ("author_name", Kind::User, Trust::Any), ("user_name", Kind::User, Trust::Any),
    ("target_username", Kind::User, Trust::Any), ("assignee_username", Kind::User, Trust::Any), ("reviewer_username", Kind::User, Trust::Any),
    ("impersonator", Kind::User, Trust::Plain), ("current_user", Kind::User, Trust::Plain), ("user", Kind::User, Trust::Plain),
    ("ruser", Kind::User, Trust::Plain), ("logname", Kind::User, Trust::Plain), ("glusername", Kind::User, Trust::Any),
    ("creator_username", Kind::User, Trust::Any), ("requested_by", Kind::User, Trust::Plain), ("committer_name", Kind::User, Trust::Any),
    ("host", Kind::Host, Trust::Any), ("hostname", Kind::Host, Trust::Any), ("fqdn", Kind::Host, Trust::Any), ("nodename", Kind::Host, Trust::Any),
    ("http_host", Kind::Host, Trust::Any), ("remote_host", Kind::Host, Trust::Any), ("server_name", Kind::Host, Trust::Any),
    ("db_host", Kind::Host, Trust::Any), ("redis_host", Kind::Host, Trust::Any), ("rhost", Kind::Host, Trust::Any), ("pghost", Kind::Host, Trust::Any),
    ("master_name", Kind::Host, Trust::Plain), ("node_name", Kind::Host, Trust::Any), ("primary_host", Kind::Host, Trust::Any), ("instance", Kind::Host, Trust::Plain),
    ("server", Kind::Host, Trust::Plain), ("domain", Kind::Host, Trust::Plain), ("address", Kind::Host, Trust::Plain), ("smtp_address", Kind::Host, Trust::Plain),
    ("dns_name", Kind::Host, Trust::Any), ("upstream_host", Kind::Host, Trust::Any), ("target_host", Kind::Host, Trust::Any), ("relay", Kind::Host, Trust::Plain),
    ("meta.project", Kind::Project, Trust::Any), ("meta.root_namespace", Kind::Project, Trust::Any), ("root_namespace", Kind::Project, Trust::Any),
    ("project_path", Kind::Project, Trust::Any), ("project_full_path", Kind::Project, Trust::Any), ("project_name", Kind::Project, Trust::Any),
    ("project_namespace", Kind::Project, Trust::Any), ("namespace_path", Kind::Project, Trust::Any), ("namespace_full_path", Kind::Project, Trust::Any),
    ("namespace_name", Kind::Project, Trust::Any), ("group_path", Kind::Project, Trust::Any), ("group_full_path", Kind::Project, Trust::Any),
    ("group_name", Kind::Project, Trust::Any), ("full_path", Kind::Project, Trust::Any), ("fullpath", Kind::Project, Trust::Any),
    ("full_name", Kind::Project, Trust::Path), ("projectpath", Kind::Project, Trust::Any), ("grouppath", Kind::Project, Trust::Any),
    ("namespacepath", Kind::Project, Trust::Any), ("projectfullpath", Kind::Project, Trust::Any), ("groupfullpath", Kind::Project, Trust::Any),
    ("gl_project_path", Kind::Project, Trust::Any), ("glprojectpath", Kind::Project, Trust::Any), ("path_with_namespace", Kind::Project, Trust::Any),
    ("pathwithnamespace", Kind::Project, Trust::Any), ("old_path_with_namespace", Kind::Project, Trust::Any),
    ("name_with_namespace", Kind::Project, Trust::Any), ("namewithnamespace", Kind::Project, Trust::Any), ("disk_path", Kind::Project, Trust::Any),
    ("entity_path", Kind::Project, Trust::Any), ("source_full_path", Kind::Project, Trust::Any), ("destination_namespace", Kind::Project, Trust::Any),
    ("import_source", Kind::Project, Trust::Path), ("target_details", Kind::Project, Trust::Path), ("vars.name", Kind::Project, Trust::Path),
    ("project", Kind::Project, Trust::Plain), ("group", Kind::Project, Trust::Plain), ("namespace", Kind::Project, Trust::Plain),
    ("project_id", Kind::Project, Trust::Plain), ("group_id", Kind::Project, Trust::Plain), ("namespace_id", Kind::Project, Trust::Plain),
    ("ci_project_path", Kind::Project, Trust::Any), ("ci_project_name", Kind::Project, Trust::Any), ("ci_project_title", Kind::Project, Trust::Any),
    ("ci_project_namespace", Kind::Project, Trust::Any), ("ci_project_root_namespace", Kind::Project, Trust::Any),
    ("id", Kind::Project, Trust::Id), ("path", Kind::Project, Trust::Route), ("uri", Kind::Project, Trust::Route),
    ("request_uri", Kind::Project, Trust::Route), ("original_path", Kind::Project, Trust::Route), ("location", Kind::Project, Trust::Route),
];

/// The keys by their length.
#[derive(Debug)]
pub(super) struct Keys(Vec<Vec<&'static (&'static str, Kind, Trust)>>);

impl Keys {
    pub(super) fn new() -> Self {
        let longest = KEYS.iter().map(|(key, ..)| key.len()).max().unwrap_or(0);
        let mut by_length = vec![Vec::new(); longest + 1];
        KEYS.iter().for_each(|row| by_length[row.0.len()].push(row));
        Self(by_length)
    }

    pub(super) fn kind(&self, key: &[u8]) -> Option<(Kind, Trust)> {
        let of = |key: &[u8]| {
            let last = key.last()?.to_ascii_lowercase();
            self.0.get(key.len())?.iter().find_map(|(known, kind, trust)| {
                (known.as_bytes().last() == Some(&last) && key.eq_ignore_ascii_case(known.as_bytes()))
                    .then_some((*kind, *trust))
            })
        };
        of(key).or_else(|| memchr::memrchr(b'.', key).and_then(|dot| of(&key[dot + 1..])))
    }
}

/// The key whose value the sign at `sign` introduces, given the run before it: with `value`, the one that
/// `{"key":"username","value":` names. And how many backslashes stand before its quotes.
pub(super) fn key(text: &[u8], run: Range<usize>, sign: usize) -> Option<(Range<usize>, Quoting)> {
    let close = &text[run.end..sign];
    if close.len() > 8 || !close.iter().all(|byte| b"\"'\\] ".contains(byte)) {
        return None;
    }
    let quoting = Quoting {
        quoted: close.iter().any(|byte| matches!(byte, b'"' | b'\'')),
        slashes: close.iter().take_while(|byte| **byte == b'\\').count(),
    };
    if !text[run.clone()].eq_ignore_ascii_case(b"value") || !quoting.quoted {
        return Some((run, quoting));
    }
    let is_quote = |byte: u8| matches!(byte, b'"' | b'\'' | b'\\' | b' ');
    let mut end = run.start;
    let back = |end: &mut usize, fits: &dyn Fn(u8) -> bool| {
        let before = *end;
        while *end > 0 && before - *end < 48 && fits(text[*end - 1]) {
            *end -= 1;
        }
    };
    back(&mut end, &|byte| is_quote(byte) || byte == b',');
    let name = end;
    back(&mut end, &|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'.' | b'-'));
    let name = end..name;
    back(&mut end, &|byte| is_quote(byte) || matches!(byte, b':' | b'=' | b'>'));
    let named = text[..end].ends_with(b"key") || text[..end].ends_with(b"name");
    Some((if named && !name.is_empty() { name } else { run }, quoting))
}

/// How a key is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Quoting {
    quoted: bool,
    slashes: usize,
}

/// The value behind a sign, and whether it could be a sentence as well: `host: share of time`.
pub(super) fn value(text: &[u8], sign: usize, quoting: Quoting, kind: Kind) -> Option<(Range<usize>, bool)> {
    let in_path = |byte: u8| kind == Kind::Project && b"/%+~".contains(&byte);
    let mut at = sign + 1;
    if text[sign] == b'=' {
        match text.get(at)? {
            b'>' => at += 1,
            b'=' | b'~' => return None,
            _ => {}
        }
    }
    let spaces = text[at..].iter().take(16).take_while(|byte| **byte == b' ').count();
    at += spaces;
    let rest = text.get(at..)?;
    let slashes = rest.iter().take(8).take_while(|byte| **byte == b'\\').count();
    match rest.get(slashes)? {
        quote @ (b'"' | b'\'') if slashes == quoting.slashes || !quoting.quoted => {
            let start = at + slashes + 1;
            quoted(text, start, *quote, slashes).map(|end| (start..end, false))
        }
        _ if slashes > 0 => None,
        _ if text[sign] == b'=' || (spaces > 0 && !quoting.quoted) => {
            let length =
                rest.iter().take(LONGEST).take_while(|byte| is_bare(**byte) || in_path(**byte)).count();
            Some((at..at + length, text[sign] == b':'))
        }
        _ => None,
    }
}

/// Whether the name that begins here is that of a request's first parameter.
pub(super) fn is_first(text: &[u8], name: usize) -> bool {
    let near = &text[name.saturating_sub(48)..name];
    let near: Vec<u8> = near.iter().copied().filter(|byte| !b"\"'\\ ".contains(byte)).collect();
    let list = near.strip_suffix(b"key:").is_some_and(|before| before.ends_with(b"params:[{"));
    list || near.ends_with(b"Parameters:{") || near.ends_with(b"params:{")
}

/// The end of a quoted value: its quote, with as many backslashes as the first one.
fn quoted(text: &[u8], start: usize, quote: u8, slashes: usize) -> Option<usize> {
    let mut at = start;
    while at - start <= LONGEST {
        match *text.get(at)? {
            b'\n' | b'\r' => return None,
            b'\\' if slashes > 0 => return Some(at),
            b'\\' => at += 2,
            byte if byte == quote => return Some(at),
            _ => at += 1,
        }
    }
    None
}

fn is_bare(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b'@') || byte >= 0x80
}

/// What stands in a user's place in GitLab's own routes.
#[rustfmt::skip] // rows, not a column
const PAGES: &[&[u8]] = &[
    b"sign_in", b"sign_up", b"sign_out", b"password", b"confirmation", b"unlock", b"terms", b"edit", b"new", b"cancel", b"almost_there",
    b"resend_verification_code", b"successful_verification", b"update_email", b"identity_verification", b"two_factor_auth", b"exists",
];

/// What follows a word that introduces a user: `/users/NAME`, `/home/NAME`, `for user NAME`.
pub(super) fn after(text: &[u8], word: Range<usize>) -> Option<Range<usize>> {
    let (before, behind) = (&text[..word.start], &text[word.end..]);
    let from = match &text[word.clone()] {
        b"users" | b"home" if before.ends_with(b"/") && behind.starts_with(b"/") => 1,
        b"user"
            if before.ends_with(b"for ") || before.ends_with(b"nvalid ") || before.ends_with(b"llegal ") =>
        {
            1 + usize::from(matches!(behind, [b' ', b'"' | b'\'', ..]))
                + usize::from(behind.starts_with(b" \\\"")) * 2
        }
        _ => return None,
    };
    let place = word.end + from;
    let name =
        text.get(place..)?.iter().take(LONGEST).take_while(|byte| is_bare(**byte) && **byte != b'@').count();
    let place = place..place + name;
    let is_page = PAGES.contains(&&text[place.clone()]);
    (name > 0 && !is_page).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<(&str, Kind)> {
        let (bytes, keys) = (text.as_bytes(), Keys::new());
        let is_run = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-".contains(byte);
        let mut all = Vec::new();
        for sign in (0..bytes.len()).filter(|at| matches!(bytes[*at], b':' | b'=')) {
            let end = bytes[..sign].iter().rposition(is_run).map_or(0, |at| at + 1);
            let start = bytes[..end].iter().rposition(|byte| !is_run(byte)).map_or(0, |at| at + 1);
            let Some((name, quoting)) = key(bytes, start..end, sign) else { continue };
            let Some((kind, _)) = keys.kind(&bytes[name]) else { continue };
            all.extend(value(bytes, sign, quoting, kind).map(|(place, _)| (&text[place], kind)));
        }
        all
    }

    #[test]
    fn values_beside_keys_in_every_syntax() {
        for text in [
            r#"{"username":"ana"}"#,
            r#"{"meta.user": "ana"}"#,
            r#"{"params":[{"key":"username","value":"ana"}]}"#,
            r#"{"message":"{\"username\":\"ana\"}"}"#,
            r#"{"username"=>"ana"}"#,
            ":username => 'ana'",
            "username=ana&x=1",
            "username: ana",
            "user[login]=ana&y",
            "level=info grpc.request.glUsername=ana x",
        ] {
            assert_eq!(values(text), [("ana", Kind::User)], "{text}");
        }
        assert_eq!(
            values(r#"{"author_name":"Ana \"A\" Sm\u00eft"}"#),
            [(r#"Ana \"A\" Sm\u00eft"#, Kind::User)]
        );
        assert_eq!(values("gitlab_rails['db_host'] = 'db7'"), [("db7", Kind::Host)]);
        assert_eq!(values(r#"host: "git.acme.de""#), [("git.acme.de", Kind::Host)]);
    }

    #[test]
    fn other_keys_and_what_has_no_value_name_nobody() {
        for text in [
            "usernames=ana",
            r#"{"username":7}"#,
            "user == ana",
            r#"{"username":{"a":1}}"#,
            r#"{"x":"ana"}"#,
            "\"username\":\n",
        ] {
            assert_eq!(values(text), [], "{text}");
        }
    }
}
