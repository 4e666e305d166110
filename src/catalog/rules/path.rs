//! The rule for paths: absolute, clean, and of the patterns only those that the host knows.

use std::path::PathBuf;

use super::{Told, Verdict, plain};
use crate::host::log_folders;

/// Longest path (PATH_MAX).
const LONGEST: usize = 4_096;
/// Most alternatives that one pattern may expand to.
const ALTERNATIVES: usize = 256;

/// `path` of files and logs: may be a pattern.
pub(in super::super) fn pattern(told: &Told) -> Verdict<String> {
    clean(told)?;
    if let Some(c) = told.text.chars().find(|c| "?[]\\".contains(*c)) {
        return Err(told
            .wrong(format!("`{c}` is not part of these patterns"))
            .hint("there are `*` (within one name), `**` (any folders) and `{a,b}` (either)"));
    }
    braces(told)?;
    for part in told.text.split('/') {
        if part.contains("**") && part != "**" {
            return Err(told.wrong("`**` stands for whole folders").hint("write `/**/` or a last `/**`"));
        }
    }
    Ok(told.text.to_owned())
}

/// `path` of a log: a pattern, which may begin with the folders that GitLab's logs were moved to.
pub(in super::super) fn logs(told: &Told) -> Verdict<String> {
    match told.text.strip_prefix(log_folders::NAME) {
        Some(rest) => {
            pattern(&Told { text: rest, span: told.span.clone() })?;
            Ok(told.text.to_owned())
        }
        None => pattern(told),
    }
}

/// A path of `when`: no pattern.
pub(in super::super) fn exact(told: &Told) -> Verdict<PathBuf> {
    clean(told)?;
    if told.text.contains(['*', '{', '}']) {
        return Err(told.wrong("a pattern can't stand here").hint("name the paths, one by one"));
    }
    Ok(PathBuf::from(told.text))
}

/// Whether a checked `path` may name more than one file.
pub(in super::super) fn is_pattern(path: &str) -> bool {
    path.contains(['*', '{'])
}

fn clean(told: &Told) -> Verdict<()> {
    let path = told.text;
    plain(told)?;
    if !path.starts_with('/') {
        return Err(told.wrong("not an absolute path").hint("begin with `/`"));
    }
    if path.len() > LONGEST {
        return Err(told.wrong(format!("longer than {LONGEST} bytes")));
    }
    let mut parts = path.split('/').skip(1);
    match parts.find(|part| matches!(*part, "" | "." | "..")) {
        None => Ok(()),
        Some("") => Err(told
            .wrong("has an empty part")
            .hint("no `//` and no `/` at the end; `/**` names the files of a folder")),
        Some(part) => Err(told.wrong(format!("has the part `{part}`")).hint("write the path itself")),
    }
}

/// `{a,b}`: closed, not nested, within one part of the path, and not too many in all.
fn braces(told: &Told) -> Verdict<()> {
    let mut product = 1usize;
    let mut open: Option<usize> = None;
    for c in told.text.chars() {
        match (c, open) {
            ('{', None) => open = Some(1),
            ('{', Some(_)) => return Err(told.wrong("braces inside braces")),
            (',', Some(n)) => open = Some(n + 1),
            ('/', Some(_)) => return Err(told.wrong("a `/` inside braces")),
            ('}', Some(n)) => {
                product = product.saturating_mul(n);
                open = None;
            }
            ('}', None) => return Err(told.wrong("a `}` without its `{`")),
            _ => {}
        }
    }
    if open.is_some() {
        return Err(told.wrong("a `{` without its `}`"));
    }
    if told.text.contains("{}") {
        return Err(told.wrong("empty braces"));
    }
    // What `{..,.}` would expand to is a way around the rule for `..`.
    let sly = told.text.split('/').any(|part| part.contains('{') && part.chars().all(|c| "{},.".contains(c)));
    if sly {
        return Err(told.wrong("braces that expand to dots only"));
    }
    if product > ALTERNATIVES {
        return Err(told.wrong(format!("more than {ALTERNATIVES} alternatives")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{super::tests::told, *};

    #[test]
    fn patterns_of_the_house() {
        for good in
            ["/etc/fstab", "/**", "/var/log/gitlab/**", "/a/**/b*.{log,json}", "/proc/{meminfo,cpuinfo}"]
        {
            assert!(pattern(&told(good)).is_ok(), "{good}");
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for bad in [
            "",
            "etc/fstab",
            "/",
            "/a/",
            "/a//b",
            "/a/../b",
            "/a/./b",
            "/a/..",
            "/a/b**",
            "/a/?",
            "/a/[ab]",
            "/a/{b",
            "/a/b}",
            "/a/{b,{c,d}}",
            "/a/{b/c,d}",
            "/a/{}",
            "/a/{..,x}/b\n",
            "/a/.{.,}/b",
            "/a/{..,.}/b",
            "/a\0b",
        ] {
            assert!(pattern(&told(bad)).is_err(), "{bad}");
        }
        assert!(pattern(&told(&format!("/{}", "{a,b}".repeat(30)))).is_err());
        assert!(exact(&told("/etc/*")).is_err());
        assert!(exact(&told("/etc/fstab")).is_ok());
    }
}
