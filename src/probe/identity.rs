//! `git-user`: the user who owns GitLab's repositories, as `id` tells it, and its services' users.

use std::path::Path;

use super::{
    page::{Page, Sink},
    proc::users::{self, Users},
    table::{Side, Table, cell},
};
use crate::host::{Error, Flow, Host};

/// The users that the Linux package makes.
const SERVICES: &[&str] = &[
    "git",
    "gitlab-consul",
    "gitlab-pgbouncer",
    "gitlab-prometheus",
    "gitlab-psql",
    "gitlab-redis",
    "gitlab-www",
    "mattermost",
    "registry",
];

/// Tells who the git user is.
pub(super) fn run(host: &dyn Host, sink: &mut dyn FnMut(&[u8]) -> Flow) -> Result<(), Error> {
    told(host, sink)
}

fn told(host: &dyn Host, sink: Sink<'_>) -> Result<(), Error> {
    const HEADS: &[(Side, &str)] = &[
        (Side::Left, "USER"),
        (Side::Right, "UID"),
        (Side::Right, "GID"),
        (Side::Left, "HOME"),
        (Side::Left, "SHELL"),
        (Side::Right, "HOME'S UID"),
        (Side::Left, "MODE"),
    ];
    let mut page = Page::new(sink);
    let users = match Users::of(host) {
        Ok(users) => users,
        Err(error) => {
            page.closed("/etc/passwd", error);
            return page.end("git-user");
        }
    };
    let git = users::git(host, &users);
    if let Some(git) = &git {
        let groups = users::groups(host, git);
        let name = |gid: u32| {
            groups
                .iter()
                .find(|(_, id)| *id == gid)
                .map_or_else(|| gid.to_string(), |(name, _)| format!("{gid}({name})"))
        };
        let mut ids = vec![name(git.gid)];
        ids.extend(groups.iter().filter(|(_, gid)| *gid != git.gid).map(|(_, gid)| name(*gid)));
        page.tell(format!("uid={}({}) gid={} groups={}", git.uid, git.name, name(git.gid), ids.join(",")));
    }
    let mut table = Table::new(HEADS);
    let others = SERVICES.iter().filter_map(|name| users.by_name(name));
    for user in git.iter().chain(others.filter(|user| git.as_ref().is_none_or(|git| git.uid != user.uid))) {
        let home = host.stat(Path::new(&user.home)).ok();
        table.row([
            user.name.clone(),
            user.uid.to_string(),
            user.gid.to_string(),
            user.home.clone(),
            user.shell.clone(),
            cell(home.as_ref().map(|stat| stat.uid)),
            cell(home.map(|stat| format!("{:04o}", stat.mode & 0o7777))),
        ]);
    }
    page.section("Users of GitLab");
    page.table(&table);
    page.end("git-user")
}
