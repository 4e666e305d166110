//! Names of users and groups, from /etc/passwd and /etc/group read as files: no name service is asked.

use std::collections::BTreeMap;

use super::text;
use crate::host::{Error, Host};

/// One line of /etc/passwd, without its password field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct User {
    /// Login name.
    pub(crate) name: String,
    /// User id.
    pub(crate) uid: u32,
    /// Primary group.
    pub(crate) gid: u32,
    /// Home folder.
    pub(crate) home: String,
    /// Login shell.
    pub(crate) shell: String,
}

/// /etc/passwd, in its order.
#[derive(Debug, Default, Clone)]
pub(crate) struct Users {
    users: Vec<User>,
    names: BTreeMap<u32, usize>,
}

impl Users {
    /// Those of the host; lines that are malformed are left out.
    pub(crate) fn of(host: &dyn Host) -> Result<Self, Error> {
        text(host, "/etc/passwd").map(|text| Self::parse(&text))
    }

    fn parse(text: &str) -> Self {
        let mut all = Self::default();
        for user in text.lines().filter_map(user) {
            all.names.entry(user.uid).or_insert(all.users.len());
            all.users.push(user);
        }
        all
    }

    /// By id; of several, the first.
    pub(crate) fn by_id(&self, uid: u32) -> Option<&User> {
        self.users.get(*self.names.get(&uid)?)
    }

    /// By name.
    pub(crate) fn by_name(&self, name: &str) -> Option<&User> {
        self.users.iter().find(|user| user.name == name)
    }

    /// A name, or the id in figures.
    pub(crate) fn name(&self, uid: u32) -> String {
        self.by_id(uid).map_or_else(|| uid.to_string(), |user| user.name.clone())
    }
}

fn user(line: &str) -> Option<User> {
    let mut parts = line.split(':');
    let name = parts.next().filter(|name| !name.is_empty())?.to_owned();
    let uid = parts.nth(1)?.parse().ok()?;
    let gid = parts.next()?.parse().ok()?;
    let home = parts.nth(1).unwrap_or_default().to_owned();
    let shell = parts.next().unwrap_or_default().to_owned();
    Some(User { name, uid, gid, home, shell })
}

/// The groups of a user: name and id, in the file's order.
pub(crate) fn groups(host: &dyn Host, user: &User) -> Vec<(String, u32)> {
    let Ok(text) = text(host, "/etc/group") else { return Vec::new() };
    text.lines()
        .filter_map(|line| {
            let mut parts = line.split(':');
            let name = parts.next()?;
            let gid = parts.nth(1)?.parse().ok()?;
            let member = parts.next().unwrap_or_default().split(',').any(|member| member == user.name);
            (gid == user.gid || member).then(|| (name.to_owned(), gid))
        })
        .collect()
}

/// The user who owns GitLab's repositories: the owner of git-data, else the one called `git`.
pub(crate) fn git(host: &dyn Host, users: &Users) -> Option<User> {
    for folder in ["/var/opt/gitlab/git-data", "/home/git/repositories"] {
        if let Ok(stat) = host.stat(folder.as_ref())
            && stat.uid != 0
        {
            let unnamed = || User {
                name: stat.uid.to_string(),
                uid: stat.uid,
                gid: stat.gid,
                home: String::new(),
                shell: String::new(),
            };
            return Some(users.by_id(stat.uid).cloned().unwrap_or_else(unnamed));
        }
    }
    users.by_name("git").cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn malformed_lines_are_left_out() {
        let users = Users::parse(
            "root:x:0:0:root:/root:/bin/bash\nbad\n:x:1:1:::\nnis:x:abc:1:::\ngit:x:998:997::/var/opt/gitlab:/bin/sh\ntoor:x:0:0::/:\n",
        );
        assert_eq!(users.users.len(), 3);
        assert_eq!(users.name(0), "root");
        assert_eq!(users.name(4242), "4242");
        assert_eq!(users.by_name("git").unwrap().home, "/var/opt/gitlab");
        assert_eq!(users.by_name("toor").unwrap().shell, "");
    }
}
