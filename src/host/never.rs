//! What is never taken, whatever a collector says: one list, for the check and for whoever explains it.
//!
//! Known by path (after links), also with what an editor, a package manager or an administrator puts
//! around a name for a copy, and by device and inode where the path is there. A copy under quite another
//! name is known only by what it holds: that is the redactor's part. Reads nothing itself.

use std::{
    ffi::OsStr,
    os::unix::ffi::OsStrExt,
    path::{Path, PathBuf},
    sync::LazyLock,
};

use super::glob::Pattern;

/// One row of the list.
#[derive(Debug, Clone, Copy)]
pub struct Never {
    /// As `host::glob` reads it.
    pub pattern: &'static str,
    /// In a few words, for the manifest and for `explain`.
    pub why: &'static str,
}

const fn never(pattern: &'static str, why: &'static str) -> Never {
    Never { pattern, why }
}

const GITLABS: &str = "GitLab's own secrets";
const KEY: &str = "a private key";
const HASHES: &str = "password hashes";
const CREDENTIALS: &str = "stored credentials";
const MEMORY: &str = "a process's memory or environment";
const DATA: &str = "what GitLab's users keep in it, not how it runs";
const BACKUP: &str = "a backup, with secrets in it";

/// The list.
#[rustfmt::skip] // a table
pub const NEVER: &[Never] = &[
    never("/etc/gitlab/gitlab-secrets.json{,*}", GITLABS),
    never("/etc/gitlab/initial_root_password{,*}", GITLABS),
    never("/var/opt/gitlab/gitlab-rails/etc/secrets.yml{,*}", GITLABS),
    never("/home/git/gitlab/config/secrets.yml{,*}", GITLABS),
    never("/home/git/{gitlab,gitlab-shell}/.gitlab_*_secret*", GITLABS),
    never("/home/git/gitlab/.secret{,*}", GITLABS),
    never("/var/opt/gitlab/gitlab-rails/etc/gitlab_{shell,workhorse,pages,kas}_secret", GITLABS),
    never("/var/opt/gitlab/**/{.gitlab_,gitlab_}*_secret*", GITLABS),
    never("/opt/gitlab/embedded/service/gitlab-{rails,shell}/.gitlab_*_secret*", GITLABS),
    never("/opt/gitlab/embedded/service/gitlab-rails/config/secrets.yml{,*}", GITLABS),

    never("/**/{*gitlab-secrets*,*initial_root_password*}", GITLABS),

    never("/etc/gitlab/config_backup/**", BACKUP),
    never("/var/opt/gitlab/backups/**", BACKUP),
    never("/home/git/gitlab/tmp/backups/**", BACKUP),

    never("/var/opt/gitlab/git-data/**", DATA),
    never("/var/opt/gitlab/gitlab-rails/{shared,uploads}/**", DATA),
    never("/var/opt/gitlab/{postgresql,geo-postgresql}/data/{base,global,pg_*}/**", DATA),
    never("/var/opt/gitlab/redis/{*.rdb,*.aof,appendonlydir/**}", DATA),
    never("/home/git/{repositories,gitlab/shared,gitlab/public/uploads}/**", DATA),

    never("/**/*.key", KEY),
    never("/**/*.key.*", KEY),
    never("/**/privkey*.pem", KEY),
    never("/**/{ssh_host_*_key,id_rsa,id_dsa,id_ecdsa,id_ed25519,id_ecdsa_sk,id_ed25519_sk}", KEY),
    never("/**/*.{p12,pfx,jks,ppk,kdbx,keytab}", KEY),
    never("/etc/{ssh,gitlab}/ssh_host_{rsa,dsa,ecdsa,ed25519}_key", KEY),
    never("/etc/gitlab/ssh_keys/**", KEY),
    never("/etc/ssl/private/**", KEY),
    never("/etc/pki/tls/private/**", KEY),
    never("/etc/letsencrypt/{accounts,keys}/**", KEY),

    never("/**/etc/{shadow,gshadow}{,-,*}", HASHES),
    never("/etc/{shadow,gshadow}", HASHES), // spelled out, for the inodes
    never("/etc/security/opasswd{,*}", HASHES),
    never("/var/opt/gitlab/pgbouncer/{pg_auth,userlist*}", HASHES),
    never("/etc/pgbouncer/userlist*", HASHES),
    never("/**/*htpasswd*", HASHES),

    never("/**/{.pgpass,.my.cnf,.mylogin.cnf,.netrc,.git-credentials,.s3cfg,.vault-token}*", CREDENTIALS),
    never("/**/.aws/credentials*", CREDENTIALS),
    never("/**/.docker/config.json", CREDENTIALS),
    never("/**/.config/rclone/rclone.conf", CREDENTIALS),
    never("/**/.gnupg/**", CREDENTIALS),
    never("/**/.kube/config", CREDENTIALS),
    never("/**/.config/gcloud/**", CREDENTIALS),
    never("/**/.azure/**", CREDENTIALS),
    never("/**/.{bash,zsh,sh,psql,mysql,rediscli,irb}_history", CREDENTIALS),
    never("/run/{secrets,credentials}/**", CREDENTIALS),
    never("/etc/credstore{,.encrypted}/**", CREDENTIALS),
    never("/etc/{ppp/*-secrets,ipsec.secrets,wireguard/**}", CREDENTIALS),
    never("/etc/NetworkManager/system-connections/**", CREDENTIALS),

    never("/**/*.glsos-pairs{,*}", "what the pseudonyms of a bundle stand for"),

    never("/proc/*/{environ,mem,auxv}", MEMORY),
    never("/proc/*/task/*/{environ,mem,auxv}", MEMORY),
    never("/proc/{kcore,kmsg,kpagecgroup,kpagecount,kpageflags,vmcore}", MEMORY),
    never("/proc/*/map_files/**", MEMORY),
    never("/dev/**", "a device, or memory shared by processes"),
    never("/var/lib/systemd/coredump/**", MEMORY),
    never("/var/crash/**", MEMORY),
    never("/var/lib/systemd/random-seed", MEMORY),
    never("/{swapfile,swap.img}", MEMORY),
];

/// The names that are memory wherever a proc file system is mounted (a chroot's, a container's).
const IN_ANY_PROC: &[&[u8]] = &[b"environ", b"mem", b"auxv", b"kcore", b"kmsg"];

static PATTERNS: LazyLock<Vec<(Pattern, &'static str)>> =
    LazyLock::new(|| NEVER.iter().map(|never| (Pattern::new(never.pattern), never.why)).collect());

/// Why a path (all links resolved) is never taken, if it isn't.
pub fn why(path: &Path) -> Option<&'static str> {
    let listed =
        |path: &Path| PATTERNS.iter().find(|(pattern, _)| pattern.matches(path)).map(|(_, why)| *why);
    listed(path).or_else(|| {
        let name = path.file_name()?.as_bytes();
        let original = original(name);
        let is_copy = original.len() < name.len() && !original.is_empty();
        is_copy.then(|| listed(&path.with_file_name(OsStr::from_bytes(original)))).flatten()
    })
}

/// The same below a sysroot. That may be a part of a host (its /etc alone), so the path on this machine
/// counts too.
pub(super) fn why_below(sysroot: Option<&Path>, path: &Path) -> Option<&'static str> {
    let here = || sysroot.and_then(|root| why(&root.join(path.strip_prefix("/").unwrap_or(path))));
    why(path).or_else(here)
}

/// What stands behind the name of a copy. Never `.pub`: a public key may be taken.
const OF_COPIES: &[&[u8]] = &[
    b"~",
    b"#",
    b".bak",
    b".backup",
    b".old",
    b".orig",
    b".save",
    b".swp",
    b".swo",
    b".tmp",
    b".rpmsave",
    b".rpmnew",
    b".rpmorig",
    b".dpkg-old",
    b".dpkg-new",
    b".dpkg-dist",
    b".dpkg-bak",
    b".ucf-old",
    b".gz",
    b".xz",
    b".zst",
    b".bz2",
];

/// The name of which this is the name of a copy: `.id_rsa.swp`, `#shadow#`, `server.key.bak.1`.
fn original(name: &[u8]) -> &[u8] {
    let mut rest = name;
    loop {
        let digits = rest.iter().rev().take_while(|byte| byte.is_ascii_digit() || **byte == b'-').count();
        let numbered = &rest[..rest.len() - digits];
        let next = OF_COPIES
            .iter()
            .find_map(|suffix| rest.strip_suffix(*suffix))
            .or_else(|| numbered.strip_suffix(b".").filter(|_| digits > 0))
            .or_else(|| (digits >= 8).then_some(numbered));
        match next {
            Some(shorter) => rest = shorter,
            None => break,
        }
    }
    let hidden = rest.strip_prefix(b"#").or_else(|| rest.strip_prefix(b"."));
    if rest.len() < name.len() { hidden.unwrap_or(rest) } else { rest }
}

/// The same for a file of a proc file system, wherever that is mounted.
pub(super) fn why_in_proc(path: &Path) -> Option<&'static str> {
    let name = path.file_name()?.as_bytes();
    IN_ANY_PROC.contains(&name).then_some(MEMORY)
}

/// Whether `why_in_proc` could have an answer, before anybody asks which file system it is.
pub(super) fn may_be_in_proc(path: &Path) -> bool {
    why_in_proc(path).is_some()
}

/// The paths of the list that are spelled out: their inodes are known too.
pub(super) fn exact() -> impl Iterator<Item = PathBuf> {
    PATTERNS.iter().flat_map(|(pattern, _)| pattern.literals())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_stay() {
        for path in [
            "/etc/gitlab/gitlab-secrets.json",
            "/etc/gitlab/gitlab-secrets.json.bak",
            "/etc/gitlab/initial_root_password",
            "/etc/gitlab/ssl/gitlab.example.com.key",
            "/etc/gitlab/config_backup/gitlab_config_1.tar",
            "/var/opt/gitlab/backups/a/b.tar",
            "/var/opt/gitlab/gitlab-shell/.gitlab_shell_secret",
            "/etc/ssh/ssh_host_ed25519_key",
            "/etc/shadow",
            "/etc/shadow-",
            "/proc/1/environ",
            "/proc/1/task/7/mem",
            "/proc/kcore",
            "/root/.ssh/id_ed25519",
            "/home/a/.pgpass",
            "/srv/copy/gitlab-secrets.json",
            "/var/opt/gitlab/git-data/repositories/@hashed/aa/bb/x.git/config",
            "/var/opt/gitlab/postgresql/data/base/1/2",
            "/var/lib/docker/overlay2/x/merged/etc/shadow",
            "/run/secrets/db_password",
            "/root/.bash_history",
        ] {
            assert!(why(Path::new(path)).is_some(), "{path}");
        }
    }

    /// Found: the name of a copy was enough to get past the list.
    #[test]
    fn copies_beside_what_is_never_taken_stay_too() {
        for path in [
            "/etc/.shadow.swp",
            "/etc/gitlab/.gitlab-secrets.json.swp",
            "/etc/gitlab/#gitlab-secrets.json#",
            "/root/.ssh/id_rsa.bak",
            "/root/.ssh/id_ed25519~",
            "/root/.ssh/id_rsa.old.gz",
            "/etc/gitlab/ssl/a.key.dpkg-old",
            "/etc/ssh/ssh_host_rsa_key-20260301",
            "/etc/ssh/ssh_host_rsa_key.1",
            "/srv/privkey.pem.rpmsave",
            "/srv/a.p12.bak",
            "/home/a/.pgpass.swp",
        ] {
            assert!(why(Path::new(path)).is_some(), "{path}");
        }
    }

    #[test]
    fn what_support_needs_does_not() {
        for path in [
            "/etc/gitlab/gitlab.rb",
            "/etc/gitlab/trusted-certs/ca.crt",
            "/etc/ssh/ssh_host_ed25519_key.pub",
            "/etc/gitlab/gitlab.rb.bak",
            "/var/log/gitlab/sidekiq/@4000000069a5e9b0.s",
            "/var/log/syslog.1",
            "/var/log/gitlab/gitlab-rails/production.log-20260301.gz",
            "/var/opt/gitlab/postgresql/data/PG_VERSION",
            "/var/opt/gitlab/postgresql/data/postgresql.conf",
            "/var/opt/gitlab/postgresql/data/pg_hba.conf",
            "/var/opt/gitlab/gitlab-rails/etc/gitlab.yml",
            "/etc/ssh/sshd_config",
            "/etc/passwd",
            "/proc/1/status",
            "/proc/meminfo",
            "/proc/1/limits",
            "/var/log/gitlab/gitlab-rails/production.log",
            "/var/opt/gitlab/redis/redis.conf",
            "/var/log/kern.log",
        ] {
            assert_eq!(why(Path::new(path)), None, "{path}");
        }
    }

    /// Found: `--sysroot /mnt/disk/etc` took `/shadow`, which the list knows as `/etc/shadow`.
    #[test]
    fn a_sysroot_that_is_a_part_of_a_host_hides_nothing() {
        let (root, path) = (Path::new("/mnt/disk/etc"), Path::new("/shadow"));
        assert_eq!((why_below(None, path), why_below(Some(root), path)), (None, Some(HASHES)));
    }

    #[test]
    fn the_inodes_of_what_is_spelled_out_are_known() {
        let exact: Vec<PathBuf> = exact().collect();
        for path in ["/etc/gitlab/gitlab-secrets.json", "/etc/shadow", "/etc/ssh/ssh_host_rsa_key"] {
            assert!(exact.contains(&PathBuf::from(path)), "{path}");
        }
    }

    #[test]
    fn a_proc_of_another_root_is_proc_too() {
        let path = Path::new("/srv/chroot/proc/1/environ");
        assert_eq!((why(path), why_in_proc(path)), (None, Some(MEMORY)));
    }
}
