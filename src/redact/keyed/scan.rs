//! What a name is noticed by: its stems, without regard to case. Decides nothing else.

use crate::redact::sieve::Positions;

/// What was seen, and so who looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stem {
    /// A part of a name such as `password`.
    Name,
    /// `key`, a secret only with a word before it.
    Key,
    /// `auth`, a secret's name only as a last word or in `authorization`, and a command.
    Auth,
    /// `bearer`, a name and a scheme.
    Bearer,
    /// `identified by`.
    Identified,
    /// `login`, a command of mail protocols.
    Login,
    /// A program whose options mean a password.
    Program,
    /// `insert into`, of which the columns name the values.
    Insert,
    /// `setuser` and `user` lines of Redis.
    Acl,
    /// `rootpw`, a name, and a command of kickstart where an option follows.
    Rootpw,
    /// What an `expect` script types.
    Sent,
    /// A program that reads a password from what is written before a `|`.
    Piped,
    /// `code`, a secret in what a login comes back with.
    Code,
    /// The word of a directive that has a secret without a name.
    Server,
    /// A call of PHP whose third argument is a password.
    Connect,
    /// A name in another tongue, with a letter that names don't have.
    Foreign,
}

/// Lower case, three bytes at least; below five one costs as much as dozens of others. A stem that is a part of another one has no place here.
#[rustfmt::skip] // rows, not a column
const STEMS: &[(&str, Stem)] = &[
    ("pass", Stem::Name), ("secre", Stem::Name), ("token", Stem::Name), ("credential", Stem::Name),
    ("cookie", Stem::Name), ("pwd", Stem::Name), ("psk", Stem::Name), ("dsn", Stem::Name), ("jwt", Stem::Name),
    ("salt", Stem::Name), ("kennwort", Stem::Name), ("_pat", Stem::Name), ("otp", Stem::Name),
    ("_pw", Stem::Name), ("bindpw", Stem::Name), ("rootpw", Stem::Rootpw), ("ab_session", Stem::Name),
    ("data_source_name", Stem::Name), ("connection_s", Stem::Name), ("connectionstr", Stem::Name),
    ("encrypt\"", Stem::Name), ("encrypt =", Stem::Name), ("amz-signature", Stem::Name), ("-api-request", Stem::Name), ("frog-art-api", Stem::Name), ("goog-signature", Stem::Name),
    ("key", Stem::Key), ("auth", Stem::Auth), ("bearer", Stem::Bearer), ("identified by", Stem::Identified),
    ("login ", Stem::Login), ("insert into", Stem::Insert), ("setuser", Stem::Acl),
    (" on >", Stem::Acl), ("+@all", Stem::Acl), ("identified with", Stem::Identified),
    ("creds", Stem::Name), ("-pw", Stem::Name), ("\"pw\"", Stem::Name),
    ("mysql", Stem::Program), ("mariadb", Stem::Program), ("redis-cli", Stem::Program), ("ldap", Stem::Program),
    ("curl", Stem::Program), ("docker", Stem::Program), ("sqlcmd", Stem::Program), ("ipmitool", Stem::Program),
    ("smbclient", Stem::Program), ("mongo", Stem::Program), ("sshpass", Stem::Program), ("zip -", Stem::Program),
    ("z a ", Stem::Program), ("unzip ", Stem::Program), ("z x ", Stem::Program), ("htpasswd", Stem::Program), ("podman", Stem::Program),
    ("usermod", Stem::Program), ("useradd", Stem::Program), ("gitlab-runner", Stem::Program),
    ("ssh-keygen", Stem::Program), ("openssl", Stem::Program), ("az login", Stem::Program),
    ("rabbitmq", Stem::Program), ("twine", Stem::Program), ("isql -", Stem::Program), ("osql -", Stem::Program),
    ("tsql -", Stem::Program), ("bcp ", Stem::Program), ("sqlplus", Stem::Program), ("cqlsh", Stem::Program),
    ("beeline", Stem::Program), ("etcdctl", Stem::Program), ("lftp", Stem::Program), ("ncftp", Stem::Program),
    ("http -", Stem::Program), ("https -", Stem::Program), ("rpcclient", Stem::Program), ("winexe", Stem::Program),
    ("net ads", Stem::Program), ("net rpc", Stem::Program), ("net use", Stem::Program),
    ("samba-tool", Stem::Program), ("freerdp", Stem::Program), ("rdesktop", Stem::Program), ("snmp", Stem::Program),
    ("mosquitto_", Stem::Program), ("plink", Stem::Program), ("pscp", Stem::Program), ("psftp", Stem::Program),
    ("swaks", Stem::Program), ("sendemail", Stem::Program), ("rar -", Stem::Program), ("rar a", Stem::Program),
    ("rar x", Stem::Program), ("skopeo", Stem::Program), ("buildah", Stem::Program), ("nerdctl", Stem::Program),
    ("helm registry", Stem::Program), ("cf login", Stem::Program), ("cf auth", Stem::Program),
    ("oc login", Stem::Program), ("crane auth", Stem::Program), ("mc alias", Stem::Program),
    ("mc config", Stem::Program), ("mc admin", Stem::Program), ("wpa_passphrase", Stem::Program),
    ("replication-pass", Stem::Program), ("encrypt_string", Stem::Program), ("elasticsearch-us", Stem::Program),
    ("vault ", Stem::Program), ("poetry c", Stem::Program), ("bundle c", Stem::Program), ("sonar.login", Stem::Name), ("login=", Stem::Login), ("chpasswd", Stem::Piped), ("--stdin", Stem::Piped), ("kinit ", Stem::Piped),
    ("client_assert", Stem::Name), ("samlresp", Stem::Name), ("code_verif", Stem::Name), ("device_code", Stem::Name),
    ("sessionid", Stem::Name), ("sudo -s", Stem::Piped), ("cryptsetup", Stem::Piped), ("smbpasswd", Stem::Piped),
    ("influx ", Stem::Program), ("swift ", Stem::Program), ("rclone ", Stem::Program), ("conan ", Stem::Program),
    ("knife ", Stem::Program), ("pcs host", Stem::Program), ("pcs cluster", Stem::Program), ("ctr i", Stem::Program),
    ("ctr -", Stem::Program), ("nsupdate", Stem::Program), ("dig -", Stem::Program), ("dig @", Stem::Program),
    ("security unlock", Stem::Program), ("security import", Stem::Program), ("security export", Stem::Program), ("security create-", Stem::Program),
    ("security set-", Stem::Program), ("security add-", Stem::Program), ("slappasswd", Stem::Program), ("mkpasswd", Stem::Program),
    ("sshpw --", Stem::Program), ("convertto-secures", Stem::Program), ("check_", Stem::Program), ("consul agent", Stem::Program),
    ("consul key", Stem::Program), ("nomad agent", Stem::Program), ("serf agent", Stem::Program), ("radtest", Stem::Program),
    ("doveadm", Stem::Program), ("addauth", Stem::Program), ("argocd admin", Stem::Program),
    ("realm join", Stem::Piped), ("zfs load-key", Stem::Piped), ("zfs change-key", Stem::Piped), ("zfs create", Stem::Piped),
    ("ipa user-", Stem::Piped), ("ipa passwd", Stem::Piped), ("kubeseal", Stem::Piped), ("gitlab:passw", Stem::Piped),
    ("/passwd-s3fs", Stem::Piped), ("/.passwd-s3fs", Stem::Piped), ("/.pgpass", Stem::Piped), ("send \"", Stem::Sent), ("send -- \"", Stem::Sent),
    ("code=", Stem::Code), ("code%3d", Stem::Code), ("\"code", Stem::Code),
    ("createuser ", Stem::Server), ("rocommunity", Stem::Server), ("rwcommunity", Stem::Server),
    ("server community", Stem::Server), ("trapcommunity", Stem::Server), ("com2sec ", Stem::Server),
    (": eap ", Stem::Server), (": xauth ", Stem::Server), (": ntlm ", Stem::Server), (": rsa ", Stem::Server),
    (": p12 ", Stem::Server), ("user=", Stem::Server), ("allow ", Stem::Server), ("monitor ", Stem::Server),
    ("connectinfo ", Stem::Server), ("]:587", Stem::Server), ("]:465", Stem::Server),
    ("client_send", Stem::Server), (":5432:", Stem::Server), (":6432:", Stem::Server),
    ("jdbc:oracle:", Stem::Server), ("s-server ", Stem::Server),
    ("->__construct(", Stem::Connect), ("new pdo(", Stem::Connect), ("new mysqli(", Stem::Connect),
    ("_connect(", Stem::Connect), ("imap_open(", Stem::Connect), ("ftp_login(", Stem::Connect),
    ("contrase", Stem::Foreign), ("databasepw", Stem::Name),
];

/// A stem in the text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hit {
    pub(super) stem: Stem,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What may stand at each position of each stem.
pub(super) fn positions() -> impl Iterator<Item = Positions> {
    let caseless = |byte: u8| match byte {
        b'a'..=b'z' => vec![byte, byte.to_ascii_uppercase()],
        _ => vec![byte],
    };
    STEMS.iter().map(move |(stem, _)| stem.bytes().map(caseless).collect())
}

/// The stem of this number, if it stands at `start`.
pub(super) fn hit(text: &[u8], number: usize, start: usize) -> Option<Hit> {
    let (stem, kind) = STEMS.get(number)?;
    let end = start + stem.len();
    let stands = text.get(start..end)?.eq_ignore_ascii_case(stem.as_bytes());
    stands.then_some(Hit { stem: *kind, start, end: start + own(stem, *kind) })
}

/// Bytes of a stem without what must stand behind a name, which is none of it.
fn own(stem: &str, kind: Stem) -> usize {
    if kind == Stem::Name { stem.trim_end_matches([' ', '=']).len() } else { stem.len() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redact::sieve::Sieve;

    #[test]
    fn every_stem_can_be_looked_for_and_stands_where_it_is_seen() {
        let (sieve, refused) = Sieve::new(&positions().collect::<Vec<_>>());
        assert!(refused.is_empty());
        for (number, (stem, kind)) in STEMS.iter().enumerate() {
            for text in [format!(".{stem}."), format!("..{}", stem.to_uppercase())] {
                let mut seen = Vec::new();
                sieve.scan(text.as_bytes(), 0..text.len(), |needle, at| {
                    seen.extend(hit(text.as_bytes(), needle, at).map(|hit| (needle, hit.start, hit.end)));
                });
                let start = text.find(|c| c != '.').unwrap();
                let end = start + own(stem, *kind);
                assert!(seen.contains(&(number, start, end)), "{text}: {seen:?}");
            }
        }
    }

    #[test]
    fn no_stem_hides_behind_another() {
        for (a, _) in STEMS {
            for (b, _) in STEMS {
                assert!(a == b || !b.starts_with(a), "{b} is never seen: {a}");
            }
        }
    }
}
