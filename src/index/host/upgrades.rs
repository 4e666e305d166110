//! Upgrades of GitLab that the package managers' own logs tell, and the versions where an upgrade must stop.

use super::{
    super::{docs::Docs, place::Place},
    versions::parse,
};

/// One change of GitLab's package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upgrade {
    /// As its log writes the time: a day, mostly with a time of that day.
    pub at: String,
    /// The version before; none for the first that is known.
    pub from: Option<String>,
    /// The version since then.
    pub to: String,
    /// Where it stands.
    pub place: Place,
}

impl Upgrade {
    /// The required stops that it went past, the oldest first.
    pub fn skipped(&self) -> Vec<(u32, u32)> {
        let Some((from, to)) = self.from.as_deref().and_then(parse).zip(parse(&self.to)) else {
            return Vec::new();
        };
        let mut stops = Vec::new();
        let mut at = from;
        while let Some(stop) = next_stop(at).filter(|stop| *stop < to) {
            stops.push(stop);
            at = stop;
        }
        stops
    }
}

/// Minor releases at which an upgrade must stop, of major releases before 18, as GitLab's documentation of upgrade
/// paths lists them; those that some instances alone need are left out.
const STOPS: &[(u32, &[u32])] =
    &[(14, &[0, 3, 9, 10]), (15, &[0, 4, 11]), (16, &[3, 7, 11]), (17, &[3, 5, 8, 11])];

/// Since 17.5: every third minor release.
const REGULAR: &[u32] = &[2, 5, 8, 11];

/// The newest major release that is reckoned with.
const NEWEST: u32 = 99;

/// The stop that follows a version; none of versions before 14.
pub fn next_stop(version: (u32, u32)) -> Option<(u32, u32)> {
    let (oldest, _) = STOPS.first()?;
    if !(*oldest..NEWEST).contains(&version.0) {
        return None;
    }
    let of =
        |major: u32| STOPS.iter().find(|(known, _)| *known == major).map_or(REGULAR, |(_, minors)| minors);
    let stops =
        (version.0..=version.0 + 1).flat_map(|major| of(major).iter().map(move |minor| (major, *minor)));
    stops.into_iter().find(|stop| *stop > version)
}

/// Most that are kept, the newest.
const MOST: usize = 50;

/// Older logs first.
pub(super) fn read(docs: &Docs) -> Vec<Upgrade> {
    let mut logs: Vec<_> = docs.below("var/log/").filter(|doc| is_log(&doc.entry)).collect();
    logs.sort_by_key(|doc| std::cmp::Reverse(age(&doc.entry)));
    let mut all: Vec<Upgrade> = Vec::new();
    for doc in logs {
        for (number, line) in doc.lines() {
            let Some((at, from, to)) = dpkg(line).or_else(|| rpm(line)) else { continue };
            let before = from.or_else(|| all.last().map(|last| last.to.clone()));
            if before.as_deref() != Some(&*to) {
                all.push(Upgrade { at, from: before, to, place: doc.place(number, line) });
            }
        }
    }
    all.drain(..all.len().saturating_sub(MOST));
    all
}

fn is_log(entry: &str) -> bool {
    ["dpkg.log", "dnf.rpm.log", "yum.log"].iter().any(|log| entry["var/log/".len()..].starts_with(log))
}

/// 0 for the log that is written to, its number for one that was turned over.
fn age(entry: &str) -> u32 {
    entry.trim_end_matches(".gz").rsplit(['.', '-']).next().and_then(|end| end.parse().ok()).unwrap_or(0)
}

/// `2026-02-28 10:11:12 upgrade gitlab-ee:amd64 18.8.2-ee.0 18.9.1-ee.0`; `install` has `<none>`.
fn dpkg(line: &str) -> Option<(String, Option<String>, String)> {
    let words: Vec<&str> = line.split_ascii_whitespace().take(7).collect();
    let [day, time, "upgrade" | "install", package, from, to] = words[..] else { return None };
    is_gitlab(package.split(':').next()?)
        .then(|| (format!("{day} {time}"), parse(from).map(|_| from.to_owned()), to.to_owned()))
}

/// `2026-02-28T10:11:12+0000 SUBDEBUG Upgrade: gitlab-ee-18.9.1-ee.0.el8.x86_64` of dnf,
/// `Feb 28 10:11:12 Updated: gitlab-ee-18.9.1-ee.0.el7.x86_64` of yum.
fn rpm(line: &str) -> Option<(String, Option<String>, String)> {
    let (before, package) = [" Upgrade: ", " Updated: ", " Install: ", " Installed: "]
        .iter()
        .find_map(|verb| line.split_once(verb))?;
    let at = before.trim_end_matches(" SUBDEBUG").to_owned();
    let name = ["gitlab-ee-", "gitlab-ce-"].iter().find_map(|name| package.trim().strip_prefix(name))?;
    let version = name.split(".el").next().unwrap_or(name);
    parse(version).map(|_| (at, None, version.to_owned()))
}

fn is_gitlab(package: &str) -> bool {
    matches!(package, "gitlab-ee" | "gitlab-ce")
}

#[cfg(test)]
mod tests {
    use super::{super::docs, *};

    #[test]
    fn logs_of_dpkg_tell_from_where_to_where() {
        let all = read(&docs(&[
            (
                "var/log/dpkg.log",
                "2026-02-28 10:11:12 upgrade gitlab-ee:amd64 16.3.7-ee.0 16.11.10-ee.0\n2026-02-28 10:11:13 status installed gitlab-ee:amd64 16.11.10-ee.0\n",
            ),
            (
                "var/log/dpkg.log.1",
                "2026-01-02 08:00:00 install gitlab-ee:amd64 <none> 16.3.7-ee.0\n2026-01-02 08:00:00 install gitlab-runner:amd64 <none> 16.3.0\n",
            ),
        ]));
        let told: Vec<_> = all.iter().map(|up| (up.from.as_deref(), &*up.to, up.skipped())).collect();
        assert_eq!(
            told,
            [(None, "16.3.7-ee.0", vec![]), (Some("16.3.7-ee.0"), "16.11.10-ee.0", vec![(16, 7)])]
        );
        assert_eq!(all[1].at, "2026-02-28 10:11:12");
    }

    #[test]
    fn logs_of_dnf_and_yum_tell_one_version_after_the_other() {
        let all = read(&docs(&[(
            "var/log/dnf.rpm.log",
            "2026-01-02T08:00:00+0000 SUBDEBUG Installed: gitlab-ee-18.2.8-ee.0.el9.x86_64\n\
             2026-02-28T10:11:12+0000 SUBDEBUG Upgrade: gitlab-ee-18.5.1-ee.0.el9.x86_64\n\
             2026-02-28T10:12:12+0000 SUBDEBUG Upgraded: gitlab-ee-18.2.8-ee.0.el9.x86_64\n\
             2026-02-28T10:12:12+0000 SUBDEBUG Upgrade: gitlab-runner-18.5.1-1.x86_64\n",
        )]));
        assert_eq!(all.len(), 2);
        assert_eq!((all[1].from.as_deref(), &*all[1].to), (Some("18.2.8-ee.0"), "18.5.1-ee.0"));
        assert!(all[1].skipped().is_empty());
        let old = rpm("Feb 28 10:11:12 Updated: gitlab-ce-15.11.3-ce.0.el7.x86_64").unwrap();
        assert_eq!((&*old.0, &*old.2), ("Feb 28 10:11:12", "15.11.3-ce.0"));
    }

    #[test]
    fn an_upgrade_must_stop_at_each_of_these() {
        for (version, stop) in [
            ((14, 0), Some((14, 3))),
            ((14, 10), Some((15, 0))),
            ((15, 4), Some((15, 11))),
            ((15, 11), Some((16, 3))),
            ((16, 11), Some((17, 3))),
            ((17, 4), Some((17, 5))),
            ((17, 11), Some((18, 2))),
            ((18, 9), Some((18, 11))),
            ((19, 0), Some((19, 2))),
            ((13, 12), None),
        ] {
            assert_eq!(next_stop(version), stop, "{version:?}");
        }
        let place = docs(&[("x", "y\n")]).get("x").unwrap().place(1, "y");
        let up =
            Upgrade { at: String::new(), from: Some("15.4.6".to_owned()), to: "17.5.1".to_owned(), place };
        assert_eq!(up.skipped(), [(15, 11), (16, 3), (16, 7), (16, 11), (17, 3)]);
        let down = Upgrade { from: Some("17.5.1".to_owned()), to: "15.4.6".to_owned(), ..up };
        assert!(down.skipped().is_empty());
    }
}
