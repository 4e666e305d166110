//! What is installed, and whether GitLab still looks after it.

use jiff::Timestamp;

use super::super::{docs::Docs, place::Place};

/// A version of GitLab as one place tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// `18.9.1-ee` and its like.
    pub text: String,
    /// Major and minor.
    pub number: (u32, u32),
    /// Where it stands.
    pub place: Place,
}

/// GitLab's version as each place tells it, and those of what comes with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Versions {
    /// The most trusted place first.
    pub gitlab: Vec<Version>,
    /// Component and version, of the package's own list.
    pub components: Vec<(String, String)>,
}

/// Whether a version still gets fixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Supported {
    /// One of the last three monthly releases.
    Yes,
    /// Older than that.
    No,
    /// Older than a year.
    Long,
}

/// Components that a report lists.
const LISTED: &[&str] = &[
    "gitlab-rails",
    "gitaly",
    "gitlab-shell",
    "gitlab-workhorse",
    "gitlab-pages",
    "gitlab-kas",
    "postgresql",
    "redis",
    "valkey",
    "nginx",
    "ruby",
    "git",
    "prometheus",
    "patroni",
    "registry",
    "consul",
    "openssl",
];

/// Of the package's list and of Rails' own file.
pub(super) fn read(docs: &Docs) -> Versions {
    let mut versions = Versions::default();
    for name in [
        "opt/gitlab/version-manifest.txt",
        "opt/gitlab/embedded/service/gitlab-rails/VERSION",
        "home/git/gitlab/VERSION",
    ] {
        let Some(doc) = docs.get(name) else { continue };
        let Some((number, line)) = doc.lines().next() else { continue };
        let text = line.trim_start_matches("gitlab-ee ").trim_start_matches("gitlab-ce ").trim();
        if let Some(parsed) = parse(text) {
            let place = doc.place(number, line);
            versions.gitlab.push(Version { text: text.to_owned(), number: parsed, place });
        }
    }
    if let Some(doc) = docs.get("opt/gitlab/version-manifest.txt") {
        for (_, line) in doc.lines().skip(2) {
            let mut words = line.split_ascii_whitespace();
            if let (Some(name), Some(version)) = (words.next(), words.next())
                && LISTED.iter().any(|known| name.starts_with(known))
            {
                versions.components.push((name.to_owned(), version.to_owned()));
            }
        }
    }
    versions
}

pub(super) fn parse(text: &str) -> Option<(u32, u32)> {
    let mut parts = text.split(['.', '-', '+']);
    Some((parts.next()?.parse().ok()?, parts.next()?.parse().ok()?))
}

/// The version without its edition's suffix.
pub fn bare(text: &str) -> &str {
    text.split(['-', '+']).next().unwrap_or(text)
}

/// GitLab's maintenance policy: the current monthly release and the two before it get fixes. A major release
/// is May's (since 15.0 in 2022), each minor one a month later; a week is left for the day of the release.
/// Unknown for versions that came out in another rhythm.
pub fn supported((major, minor): (u32, u32), at: Timestamp) -> Option<Supported> {
    if !(15..=99).contains(&major) || minor > 11 {
        return None;
    }
    let released = (2007 + major) * 12 + 4 + minor;
    let date = jiff::tz::Offset::UTC.to_datetime(at);
    // Releases are on the third Thursday.
    let not_yet = u32::from(date.day() < 22);
    let year = u32::try_from(date.year()).ok()?;
    let latest = year * 12 + u32::try_from(date.month()).ok()? - 1 - not_yet;
    Some(match latest.saturating_sub(released) {
        0..=2 => Supported::Yes,
        3..=11 => Supported::No,
        _ => Supported::Long,
    })
}

#[cfg(test)]
mod tests {
    use super::{super::docs, *};

    #[test]
    fn versions_of_the_package_and_of_rails() {
        let manifest =
            "gitlab-ee 18.9.1-ee\n\nComponent Installed Version\ngitaly  v18.9.1  x\nacme-client 2.0 y\n";
        let versions = read(&docs(&[
            ("opt/gitlab/version-manifest.txt", manifest),
            ("opt/gitlab/embedded/service/gitlab-rails/VERSION", "18.9.0-ee\n"),
        ]));
        let told: Vec<_> = versions.gitlab.iter().map(|v| (bare(&v.text), v.number)).collect();
        assert_eq!(told, [("18.9.1", (18, 9)), ("18.9.0", (18, 9))]);
        assert_eq!(versions.components, [("gitaly".to_owned(), "v18.9.1".to_owned())]);
    }

    #[test]
    fn three_monthly_releases_are_looked_after() {
        // 18.0 came out on 2025-05-15, 18.9 in February 2026, 19.0 in May 2026.
        let at = |text: &str| format!("{text}T12:00:00Z").parse::<Timestamp>().unwrap();
        for (version, date, expected) in [
            ((18, 9), "2026-02-20", Some(Supported::Yes)),
            ((18, 9), "2026-05-15", Some(Supported::Yes)),
            ((18, 9), "2026-05-25", Some(Supported::No)),
            ((18, 9), "2027-01-25", Some(Supported::No)),
            ((18, 9), "2027-02-25", Some(Supported::Long)),
            ((14, 10), "2026-05-25", None),
            ((18, 40), "2026-05-25", None),
        ] {
            assert_eq!(supported(version, at(date)), expected, "{version:?} on {date}");
        }
    }
}
