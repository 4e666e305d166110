//! An archive's top folder, and what its name and its file's name tell of where and when it was made: for
//! bundles that were cut off before their manifest, and for what gitlabsos made. Guesses only what the
//! names of these two tools say; anything else is not known.

use std::path::Path;

/// Digits of a time in a name, `YYYYmmddHHMMSS`.
const TIME: usize = 14;

/// What a name tells.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Told {
    /// The ticket.
    pub ticket: Option<String>,
    /// The host.
    pub host: Option<String>,
    /// The time, as digits.
    pub time: Option<String>,
}

/// The top folder's name, if all that is below it belongs to one bundle.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Top(Vec<u8>);

impl Top {
    /// Of a bundle of glsos, which has one.
    pub fn ours(root: &str) -> Self {
        Self(root.as_bytes().to_vec())
    }

    /// Judged by the first member's name: a bundle's of glsos or gitlabsos, or one that has the name of the
    /// archive's file. In others a first folder `var` may be followed by `etc`.
    pub fn of(first: &[u8], path: &Path) -> Self {
        let top = first_part(first);
        let stem = stem(path);
        let known = top.starts_with(b"glsos.") || top.starts_with(b"gitlabsos") || top == stem.as_bytes();
        Self(if known && !matches!(top, b"." | b"..") { top.to_vec() } else { Vec::new() })
    }

    /// The first member's own, whatever its name: a bundle of glsos has lost its manifest.
    pub fn first_part_of(first: &[u8]) -> Self {
        Self(first_part(first).to_vec())
    }

    /// A member's name below it; the whole name of what stands elsewhere.
    pub fn below<'n>(&self, name: &'n [u8]) -> &'n [u8] {
        let name = without_dot(name);
        if self.0.is_empty() {
            return name;
        }
        match name.strip_prefix(self.0.as_slice()) {
            Some(b"") => b"",
            Some([b'/', rest @ ..]) => rest,
            _ => name,
        }
    }

    /// Its name; empty where there is none.
    pub fn name(&self) -> String {
        String::from_utf8_lossy(&self.0).into_owned()
    }
}

/// `tar` writes `./` before all names when it is told to pack `.`.
fn without_dot(name: &[u8]) -> &[u8] {
    let mut name = name;
    while let Some(rest) = name.strip_prefix(b"./") {
        name = rest;
    }
    name
}

fn first_part(name: &[u8]) -> &[u8] {
    without_dot(name).split(|b| *b == b'/').next().unwrap_or_default()
}

/// A file's name without what tells its format.
pub fn stem(path: &Path) -> String {
    let mut name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    for suffix in [".partial", ".gz", ".tgz", ".tar"] {
        if let Some(rest) = name.strip_suffix(suffix).filter(|rest| !rest.is_empty()) {
            name = rest.to_owned();
        }
    }
    name
}

/// What the name of a bundle of glsos (`glsos.[TICKET.]HOST.TIME`) or of gitlabsos (`gitlabsos.HOST_TIME`,
/// `gitlabsos.HOST.TIME`) tells; nothing of any other.
pub fn told(name: &str) -> Option<Told> {
    let name = name.strip_suffix(".redacted").unwrap_or(name);
    if let Some(rest) = name.strip_prefix("gitlabsos.").or_else(|| name.strip_prefix("gitlabsos-")) {
        let (host, time) = split_time(rest);
        return Some(Told { ticket: None, host: some(host), time });
    }
    let (rest, time) = split_time(name.strip_prefix("glsos.")?);
    let (ticket, host) = match rest.split_once('.') {
        Some((first, host)) if is_ticket(first) => (some(first), host),
        _ => (None, rest),
    };
    Some(Told { ticket, host: some(host), time })
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn split_time(name: &str) -> (&str, Option<String>) {
    let at = name.len().saturating_sub(TIME);
    match (name.get(..at), name.get(at..)) {
        (Some(before), Some(time)) if time.len() == TIME && time.bytes().all(|b| b.is_ascii_digit()) => {
            (before.trim_end_matches(['.', '_']), Some(time.to_owned()))
        }
        _ => (name, None),
    }
}

/// Whether a name's first part looks like a ticket's number and not like a host's name: `12345`, `#12345`, `ZD-12345`.
fn is_ticket(part: &str) -> bool {
    let number = part.trim_start_matches(|c: char| c.is_ascii_uppercase() || matches!(c, '#' | '-' | '_'));
    !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(name: &str) -> (String, String, String) {
        let told = told(name).unwrap();
        let text = |part: Option<String>| part.unwrap_or_default();
        (text(told.ticket), text(told.host), text(told.time))
    }

    fn three(a: &str, b: &str, c: &str) -> (String, String, String) {
        (a.to_owned(), b.to_owned(), c.to_owned())
    }

    #[test]
    fn names_of_gitlabsos_old_and_new_tell_host_and_time() {
        let time = "20230329105343";
        assert_eq!(parts("gitlabsos.git-01_20230329105343"), three("", "git-01", time));
        assert_eq!(parts("gitlabsos.git.example.com.20230329105343"), three("", "git.example.com", time));
        assert_eq!(parts("gitlabsos.host_20260101"), three("", "host_20260101", ""));
        assert_eq!(told("logs"), None);
    }

    #[test]
    fn a_ticket_is_told_from_a_hosts_name() {
        let time = "20260301193453";
        assert_eq!(
            parts("glsos.ZD-12345.git.example.com.20260301193453"),
            three("ZD-12345", "git.example.com", time)
        );
        assert_eq!(parts("glsos.12345.git.20260301193453"), three("12345", "git", time));
        assert_eq!(parts("glsos.web-1.example.com.20260301193453"), three("", "web-1.example.com", time));
        assert_eq!(parts("glsos.web.20260301193453.redacted"), three("", "web", time));
    }

    #[test]
    fn only_a_folder_that_holds_the_whole_bundle_is_a_top_folder() {
        let top = |first: &str, file: &str| Top::of(first.as_bytes(), Path::new(file)).name();
        assert_eq!(top("./gitlabsos.h_1/", "x.tar.gz"), "gitlabsos.h_1");
        assert_eq!(top("logs/a", "dir/logs.tgz"), "logs");
        assert_eq!(top("var/log/a", "logs.tar"), "");
        assert_eq!(top("../../x", "...tar"), "");
    }

    #[test]
    fn names_below_the_top_folder_and_beside_it() {
        let top = Top::ours("b");
        for (name, below) in
            [("b", ""), ("b/", ""), ("b/x/y", "x/y"), ("./b/x", "x"), ("bb/x", "bb/x"), ("/b/x", "/b/x")]
        {
            assert_eq!(top.below(name.as_bytes()), below.as_bytes());
        }
    }
}
