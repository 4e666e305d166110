//! What a path of a project is made of, and which part of it is a name: groups and projects are hidden part
//! by part. GitLab's own words are in the lists here and stay. Finds no path in a text.

use std::ops::Range;

use super::{
    Chosen, Kind, Own, code, host, ip,
    part::{LONGEST, Part, is_name_byte},
    words,
};

/// Names that GitLab keeps for its own top level (`Gitlab::PathRegex::TOP_LEVEL_ROUTES`, old ones included),
/// and what the services beside it answer to.
#[rustfmt::skip] // rows, not a column
const TOP: &[&str] = &[
    "-", ".well-known", "404.html", "422.html", "500.html", "502.html", "503.html", "abuse_reports", "admin", "all", "api",
    "apple-touch-icon.png", "apple-touch-icon-precomposed.png", "assets", "autocomplete", "ci", "dashboard", "deploy.html", "explore",
    "favicon.ico", "favicon.png", "files", "groups", "health_check", "help", "import", "invites", "jwt", "koding", "login",
    "notification_settings", "oauth", "profile", "projects", "public", "robots.txt", "s", "search", "sent_notifications", "sitemap",
    "sitemap.xml", "sitemap.xml.gz", "slash-command-logo.png", "snippets", "u", "unicorn_test", "unsubscribes", "uploads", "users", "v2",
    "index.html", "metrics", "health", "healthz", "readiness", "liveness", "ping", "nginx_status", "stub_status", "basic_status",
    "v1", "v3", "federate", "patroni", "debug", "containers", "images", "graphql", "cgi-bin", "config", "status",
];

/// Names that no project and no group may have (`PROJECT_WILDCARD_ROUTES`): a route's path ends before them.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "badges", "blame", "blob", "builds", "commits", "create", "create_dir", "edit", "environments", "files", "find_file",
    "gitlab-lfs", "info", "new", "preview", "raw", "refs", "tree", "update", "wikis",
];

/// What followed a project before there was `/-/`, and what follows a group (`GROUP_ROUTES`).
#[rustfmt::skip]
const PAGES: &[&str] = &[
    "activity", "analytics", "archive", "artifacts", "audit_events", "autocomplete_sources", "avatar", "boards", "branches", "commit",
    "compare", "container_registry", "cycle_analytics", "deploy_keys", "edit", "forks", "git-receive-pack", "git-upload-pack", "graphs",
    "group_members", "hooks", "issues", "jobs", "labels", "members", "merge_requests", "milestones", "network", "notes", "packages",
    "pages", "pipeline_schedules", "pipelines", "project_members", "protected_branches", "releases", "repository", "runners",
    "services", "settings", "snippets", "ssh", "starrers", "subgroups", "tags", "templates", "triggers", "uploads", "variables",
    "subscription", "realtime_changes", "discussions", "diffs", "ci", "projects", "shared", "children", "usage_quotas",
];

/// First folders of a path that is a file's.
#[rustfmt::skip]
const FOLDERS: &[&str] = &[
    "var", "etc", "opt", "usr", "home", "root", "tmp", "srv", "run", "proc", "sys", "dev", "mnt", "media", "lib", "lib64", "bin", "sbin",
    "boot", "cache", "git-data", "nix", "snap",
];

/// Those of a bundle's entries, which have no slash before them.
const ROOTS: &[&str] = &["var", "etc", "opt", "usr", "home", "srv", "mnt", "proc", "sys", "run", "tmp"];

/// What names the owner of what follows, in the API.
const OWNERS: &[&str] = &["projects", "groups", "namespaces"];
/// What stands in its place there.
const ACTIONS: &[&str] = &["import", "remote-import", "remote-import-s3", "import-relation", "search"];

/// What follows an image's name in the registry.
const OF_IMAGES: &[&str] =
    &["manifests", "blobs", "tags", "referrers", "_catalog", "repositories", "repository-paths"];

/// Folders of storage that have no names below them, behind an at sign.
pub(super) const STORES: &[&str] = &["hashed", "snippets", "pools", "groups", "failed-geo-sync", "cluster"];

/// What follows a name and is none of it.
const ENDS: &[&str] = &[".git", ".wiki", ".design", ".atom", ".json", ".ics", ".rss"];

/// What is known of a path from what stands before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Known {
    /// A method, a host or a request's key: GitLab answers to it, and a group may well be called `dev`.
    Route,
    /// It may be a file's as well.
    Path,
}

fn is_one_of(word: &[u8], list: &[&str]) -> bool {
    list.iter().any(|known| known.as_bytes() == word)
}

/// Which parts of a path name a group or project.
pub(super) fn named(text: &[u8], parts: &[Part], known: Known) -> Range<usize> {
    let word = |n: usize| parts.get(n).map(|part| &text[part.place.clone()]).unwrap_or_default();
    let all = parts.len();
    let up_to =
        |from: usize, list: &[&str]| from..(from..all).find(|n| is_one_of(word(*n), list)).unwrap_or(all);
    let first = word(0);
    if first == b"api" {
        let is_owner = is_one_of(word(2), OWNERS) && !is_one_of(word(3), ACTIONS);
        // `g%2Fp` is one part of the route, and so is `g%252Fp` where the route is encoded.
        let same = |n: &usize| parts[*n].slash != parts[1].slash;
        return if is_owner && all > 3 { 3..4 + (4..all).take_while(same).count() } else { 0..0 };
    }
    match (first, word(1)) {
        (b"groups", _) => path(text, parts, 1, 1),
        (b"admin", b"groups" | b"projects") => path(text, parts, 2, 1),
        (b"v2", _) => up_to(1, OF_IMAGES),
        (b"gitlab", b"v1") if is_one_of(word(2), OF_IMAGES) => up_to(3, OF_IMAGES),
        _ if is_one_of(first, TOP) => 0..0,
        (b"builds", _) if known == Known::Path => built(text, parts),
        _ if known == Known::Path && is_file(text, parts) => {
            match (0..all).find(|n| word(*n) == b"repositories") {
                Some(n) if is_repository(text, &parts[n + 1..]) => path(text, parts, n + 1, 2),
                _ => 0..0,
            }
        }
        _ => path(text, parts, 0, 2),
    }
}

fn is_file(text: &[u8], parts: &[Part]) -> bool {
    let of = |list: &[&str]| parts.first().is_some_and(|first| is_one_of(&text[first.place.clone()], list));
    let rooted = parts.first().is_some_and(|first| first.slash > 0);
    (if rooted { of(FOLDERS) } else { parts.len() > 2 && of(ROOTS) })
        && !parts.iter().any(|part| text[part.place.clone()] == *b"-")
}

/// Where a runner builds a project: `/builds/g/p`, and with its short token and a number before the group.
fn built(text: &[u8], parts: &[Part]) -> Range<usize> {
    let word = |n: usize| parts.get(n).map(|part| &text[part.place.clone()]).unwrap_or_default();
    let slot = !word(2).is_empty() && word(2).iter().all(u8::is_ascii_digit);
    let from = if slot { 3 } else { 1 };
    from.min(parts.len())..(from + 2).min(parts.len())
}

/// Storage before it was hashed. `@hashed/…` and `+gitaly/…` are no names.
fn is_repository(text: &[u8], parts: &[Part]) -> bool {
    let mut words = parts.iter().map(|part| &text[part.place.clone()]);
    words.clone().next().is_some_and(|first| !first.starts_with(b"@") && !first.starts_with(b"+"))
        && words.any(|word| word.ends_with(b".git"))
}

/// The path that begins with the part `from`: up to `-`, to what follows a path of at least so many parts,
/// or to the end of a repository's name.
fn path(text: &[u8], parts: &[Part], from: usize, least: usize) -> Range<usize> {
    let word = |n: usize| &text[parts[n].place.clone()];
    let from = from.min(parts.len());
    let dash = (from..parts.len()).find(|n| word(*n) == b"-");
    let behind = from + least..parts.len();
    let reserved = behind.clone().find(|n| is_one_of(word(*n), RESERVED));
    let page = behind.clone().find(|n| dash.is_none() && is_one_of(word(*n), PAGES));
    // `.git` alone is a folder of a working copy.
    let git = (from..parts.len()).find(|n| word(*n).ends_with(b".git"));
    let git = git.map(|n| n + usize::from(word(n) != b".git"));
    from..[dash, reserved, page, git].into_iter().flatten().min().unwrap_or(parts.len())
}

impl Chosen {
    /// The names in a path: whose each part is, as a place.
    pub(super) fn names_in(
        &self,
        text: &[u8],
        parts: &[Part],
        known: Known,
        mut found: impl FnMut(Range<usize>),
    ) {
        for n in named(text, parts, known) {
            // What another kind knows by the word before it.
            let before = n.checked_sub(1).map_or(&b""[..], |n| &text[parts[n].place.clone()]);
            let of_user = before == b"users" || before == b"home" && known == Known::Path;
            if !of_user && let Some(name) = self.name_in(text, &parts[n]) {
                found(name);
            }
        }
    }

    /// The name in a part of a path, as GitLab allows them.
    pub(super) fn name_in(&self, text: &[u8], part: &Part) -> Option<Range<usize>> {
        let all = part.whole && part.is_plain(text);
        let name = without_ends(text, part.place.clone());
        let first = *text[name.clone()].first()?;
        (all && first != b'-' && self.is_name(text, part.place.clone(), &text[name.clone()])).then_some(name)
    }

    /// A part of what people see of a project.
    pub(super) fn title_in(&self, text: &[u8], place: Range<usize>) -> Option<Range<usize>> {
        let is_blank = |byte: &u8| *byte == b' ';
        let start = place.start + text[place.clone()].iter().take_while(|byte| is_blank(byte)).count();
        let end = place.end - text[start..place.end].iter().rev().take_while(|byte| is_blank(byte)).count();
        self.is_name(text, start..end, &text[start..end]).then_some(start..end)
    }

    /// Whether a part is somebody's name: no word of the product, no number or digest, and nothing that is
    /// another kind's to hide. That is asked by its form, whatever kinds are hidden, so that a name has one
    /// pseudonym; only what the host is called is a name like others where the kind stays.
    fn is_name(&self, text: &[u8], place: Range<usize>, name: &[u8]) -> bool {
        let fits = name.len() <= LONGEST
            && name.iter().any(|byte| byte.is_ascii_alphabetic() || *byte >= 0x80)
            && !words::is_common(name)
            && !is_one_of(name, RESERVED)
            && !is_digest(name)
            && memchr::memmem::find(name, b"__REDACTED.").is_none()
            && !code::is_in(name);
        if !fits {
            return false;
        }
        let nobody = Own::default();
        let own = if self.hides(Kind::Host) { &self.own } else { &nobody };
        let mut at = place.start;
        while at < place.end {
            let length = text[at..place.end].iter().take_while(|byte| is_name_byte(**byte)).count();
            let run = at..at + length;
            at = run.end + 1;
            let taken = has_address(&text[run.clone()])
                || (text[run.clone()].contains(&b'.') && host::in_run(text, run.clone(), own).is_some())
                || self.own_word(text, run);
            if taken {
                return false;
            }
        }
        true
    }

    fn own_word(&self, text: &[u8], run: Range<usize>) -> bool {
        let mut from = run.start;
        while let Some((word, kind)) = self.own.word_in(text, run.clone(), from, true) {
            if self.hides(kind) {
                return true;
            }
            from = word.end;
        }
        false
    }
}

/// Whether there is an address in a word, whatever is done with it.
fn has_address(word: &[u8]) -> bool {
    let is_part = |byte: &u8| !byte.is_ascii_digit() && *byte != b'.';
    let dots = |part: &[u8]| {
        let from = part.iter().take_while(|byte| **byte == b'.').count();
        let to = part.iter().rev().take_while(|byte| **byte == b'.').count();
        from..(part.len() - to).max(from)
    };
    ip::dashed(word).is_some() || word.split(is_part).any(|part| ip::quad(&part[dots(part)]).is_some())
}

/// Digests and the like: support needs them, and nobody is called so.
fn is_digest(name: &[u8]) -> bool {
    name.len() >= 32 && name.iter().all(|byte| byte.is_ascii_hexdigit() || *byte == b'-')
}

/// Without `.git`, `.wiki.git`, a format and the dot of a sentence.
fn without_ends(text: &[u8], mut place: Range<usize>) -> Range<usize> {
    loop {
        let name = &text[place.clone()];
        let shorter = name
            .strip_suffix(b".")
            .or_else(|| ENDS.iter().find_map(|end| name.strip_suffix(end.as_bytes())))
            .filter(|shorter| !shorter.is_empty());
        match shorter {
            Some(shorter) => place.end = place.start + shorter.len(),
            None => return place,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{super::part::parts, *};

    fn names(text: &str) -> Vec<&str> {
        let mut found = Vec::new();
        parts(text.as_bytes(), 0, &mut found);
        named(text.as_bytes(), &found, Known::Path).map(|n| &text[found[n].place.clone()]).collect()
    }

    #[test]
    fn a_route_tells_which_of_its_parts_are_names() {
        for (route, expected) in [
            ("/g/sub/p/-/issues/1", &["g", "sub", "p"][..]),
            ("/g/p", &["g", "p"]),
            ("/g", &["g"]),
            ("/g/p.git/info/refs?x", &["g", "p.git"]),
            ("/g/p/tree/master/x", &["g", "p"]),
            ("/g/tags/-/tree/x", &["g", "tags"]),
            ("/dev/p/-/x", &["dev", "p"]),
            ("/builds/g/p/src/x", &["g", "p"]),
            ("/builds/a1b2C3d4/0/g/p", &["g", "p"]),
            ("/g/p/merge_requests/1.json", &["g", "p"]),
            ("/groups/g/sub/-/boards", &["g", "sub"]),
            ("/groups/g/issues", &["g"]),
            ("/admin/projects/g/p", &["g", "p"]),
            ("/api/v4/projects/g%2Fsub%2Fp/issues/7", &["g", "sub", "p"]),
            ("%2Fapi%2Fv4%2Fgroups%2Fg%252Fs%2Fx", &["g", "s"]),
            ("\\/g\\/p\\/-\\/x", &["g", "p"]),
            ("/v2/g/p/image/manifests/latest", &["g", "p", "image"]),
            ("/gitlab/v1/repositories/g/p/tags/list/", &["g", "p"]),
            ("var/log/gitlab/repositories/g/p.git/x.log", &["g", "p.git"]),
            ("/var/opt/gitlab/git-data/repositories/g/p.wiki.git", &["g", "p.wiki.git"]),
        ] {
            assert_eq!(names(route), expected, "{route}");
        }
    }

    #[test]
    fn routes_of_the_product_and_files_have_no_names() {
        assert_eq!(names("/g/p/.git/x/y"), ["g", "p"]);
        for route in TOP.iter().map(|top| format!("/{top}/x/y")).chain(
            [
                "/api/v4/projects",
                "/api/v4/internal/allowed",
                "/api/graphql",
                "/api/v4/projects/import",
                "/admin/users/x",
                "/var/log/gitlab/x.git",
                "var/log/gitlab/x.git",
                "/opt/gitlab/app/models/repositories/x.rb",
                "/var/opt/gitlab/git-data/repositories/@hashed/ab/cd/x.git",
                "/var/opt/gitlab/git-data/repositories/+gitaly/tmp",
                "//x/y",
                "/",
            ]
            .map(str::to_owned),
        ) {
            let expected: &[&str] =
                if route == "/v2/x/y" || route == "/groups/x/y" { &["x", "y"] } else { &[] };
            assert_eq!(names(&route), expected, "{route}");
        }
    }

    #[test]
    fn addresses_digests_and_ends_are_told_apart() {
        assert!(has_address(b"v-8.8.4.4.") && has_address(b"ip-10-1-2-3") && !has_address(b"1.2.3-x"));
        assert!(is_digest(b"01234567-89ab-cdef-0123-456789abcdef") && !is_digest(b"facade"));
        let end = |text: &str| without_ends(text.as_bytes(), 0..text.len()).end;
        assert_eq!((end("p.wiki.git"), end("p."), end(".git"), end("p.js")), (1, 1, 4, 4));
    }
}
