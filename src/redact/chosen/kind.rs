//! The kinds of pseudonyms: the one list for the command line, the manifest's counts and the docs.

/// What can be hidden behind pseudonyms.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// Addresses.
    Ip,
    /// Names of hosts and domains.
    Host,
    /// Names of users.
    User,
    /// Mail addresses.
    Email,
    /// Names of projects and groups.
    Project,
}

/// What there is to say of a kind.
pub(in crate::redact) struct About {
    pub(in crate::redact) kind: Kind,
    /// As it is typed, and as the manifest names it.
    pub(in crate::redact) name: &'static str,
    /// As the counts of redactions name it.
    pub(in crate::redact) rule: &'static str,
    /// What a pseudonym looks like.
    pub(in crate::redact) looks: &'static str,
    /// What it takes.
    pub(in crate::redact) takes: &'static str,
    /// What it leaves, and does not promise.
    pub(in crate::redact) leaves: &'static str,
}

/// Every kind once.
pub(in crate::redact) const KINDS: &[About] = &[
    About {
        kind: Kind::Ip,
        name: "ip",
        rule: "hidden-ip",
        looks: "an address of a block that no host has: `241.0.0.0` to `254.255.255.255`, `c000::/3`, `e000::/7`",
        takes: "IPv4 and IPv6 addresses wherever they stand, also mapped ones, `in-addr.arpa` and `ip-10-0-0-1`. \
                Private and IPv6 addresses that share a prefix of any length share one afterwards; of other IPv4 \
                addresses those of one /24 stay in one /24.",
        leaves: "Loopback, 0.0.0.0/8, link-local, multicast, documentation, benchmark and reserved addresses, and \
                 netmasks. Hexadecimal forms (as in /proc/net/tcp) and IPv6 with encoded colons are not seen. What its surroundings call a version (`Chrome/126.0.0.0`, `version 15.2.1.0`) stays. Two \
                 nodes with one key may, rarely, give two IPv4 networks of the internet one pseudonym; one run never does.",
    },
    About {
        kind: Kind::Host,
        name: "host",
        rule: "hidden-host",
        looks: "`host-` and 14 hexadecimal digits for each part of a name: `gitlab.acme.com` becomes `gitlab.host-….com`",
        takes: "What this host is called and what its configuration calls others (the host name, `/etc/hosts`, \
                `resolv.conf`, the URLs and hosts in `gitlab.rb`), wherever it stands, and every name below one of \
                those domains; hosts in URLs and beside `host`, `fqdn` and their like; names under common top-level domains.",
        leaves: "Words of the product and of everybody (`gitlab`, `redis`, `www`, `com`) and public sites stay. A \
                 name without a dot that only another host knows stays in running text, and so does a part of a \
                 domain alone (`acme` in a project's path). Names inside certificates, \
                 base64 and other encodings are not seen.",
    },
    About {
        kind: Kind::User,
        name: "user",
        rule: "hidden-user",
        looks: "`user-` and 14 hexadecimal digits",
        takes: "Users of this host with a uid of 1000 or more, wherever the name stands as a word; others where \
                structure names them: `username`, `meta.user`, `login`, `author_name` and their like in JSON, \
                parameters, queries and settings, `/users/NAME`, `/home/NAME`, `for user NAME`.",
        leaves: "System users and words of the product (`root`, `git`, `www-data`) stay. A name in running text, in \
                 a title or a path of a project is not known to be one. Numbers of users stay.",
    },
    About {
        kind: Kind::Email,
        name: "email",
        rule: "hidden-email",
        looks: "`mail-` and 14 hexadecimal digits, and the domain as `host` hides it",
        takes: "`name@domain.tld` wherever it stands, also with `%40`.",
        leaves: "`git@` before a repository stays, its host is hidden by `host`. Of a product's address \
                 (`gitlab@acme.com`) only the domain is hidden.",
    },
    About {
        kind: Kind::Project,
        name: "project",
        rule: "hidden-project",
        looks: "`proj-` and 14 hexadecimal digits for each part of a path: `group/sub/app` becomes `proj-…/proj-…/proj-…`, \
                and a group has the same one in all its paths",
        takes: "Groups and projects where structure names them: `meta.project`, `root_namespace`, `project_path`, `full_path`, \
                `gl_project_path`, `namespace_id`, `project_id` and their like in JSON, parameters, queries and settings; \
                routes behind a method, beside `path` or `uri`, behind a host (`https://host/g/p`, `git@host:g/p`), also encoded \
                (`/api/v4/projects/g%2Fp`); and what stands before `/-/` and `.git` anywhere.",
        leaves: "GitLab's own routes (`/admin`, `/users`, `/-/`, `/api`), what follows a project in a route, words of the product \
                 and of everybody (`gitlab`, `api`, `docs`, `web`), numbers, digests and `@hashed/…` stay. A name in running text, \
                 in SQL, in a title, a branch or a file's name is not known to be one, nor is a part of a path that is an address \
                 or the name of a host (`www.acme.com`), of a user or this host: those are hidden by their own kind, if it was chosen.",
    },
];

impl Kind {
    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        KINDS.iter().map(|about| about.kind)
    }

    /// The kind that is typed so.
    pub fn of(name: &str) -> Option<Self> {
        KINDS.iter().find(|about| about.name == name).map(|about| about.kind)
    }

    /// As it is typed.
    pub fn name(self) -> &'static str {
        self.about().name
    }

    pub(super) fn rule(self) -> &'static str {
        self.about().rule
    }

    pub(super) fn of_rule(rule: &str) -> Option<Self> {
        KINDS.iter().find(|about| about.rule == rule).map(|about| about.kind)
    }

    fn about(self) -> &'static About {
        KINDS.iter().find(|about| about.kind == self).unwrap_or(&KINDS[0])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_its_row() {
        for kind in [Kind::Ip, Kind::Host, Kind::User, Kind::Email, Kind::Project] {
            assert_eq!(Kind::of(kind.name()), Some(kind));
            assert_eq!(Kind::of_rule(kind.rule()), Some(kind));
            assert!(super::super::super::marker::is_name(kind.rule()));
        }
        assert_eq!(Kind::all().count(), 5);
    }
}
