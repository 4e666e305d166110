//! What is never taken, whatever a collector says: one list, for the check and for whoever explains it.
//!
//! Known by path (after links), and by device and inode where the path is there. A copy under another
//! name is known only by what it holds: that is the redactor's part. Reads nothing itself.

use std::{
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

    never("/etc/gitlab/config_backup/**", BACKUP),
    never("/var/opt/gitlab/backups/**", BACKUP),
    never("/home/git/gitlab/tmp/backups/**", BACKUP),

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

    never("/etc/{shadow,gshadow}{,-,*}", HASHES),
    never("/etc/security/opasswd{,*}", HASHES),
    never("/var/opt/gitlab/pgbouncer/{pg_auth,userlist*}", HASHES),
    never("/etc/pgbouncer/userlist*", HASHES),
    never("/**/*htpasswd*", HASHES),

    never("/**/{.pgpass,.my.cnf,.mylogin.cnf,.netrc,.git-credentials,.s3cfg,.vault-token}*", CREDENTIALS),
    never("/**/.aws/credentials*", CREDENTIALS),
    never("/**/.docker/config.json", CREDENTIALS),
    never("/**/.config/rclone/rclone.conf", CREDENTIALS),
    never("/**/.gnupg/**", CREDENTIALS),

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
    PATTERNS.iter().find(|(pattern, _)| pattern.matches(path)).map(|(_, why)| *why)
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
