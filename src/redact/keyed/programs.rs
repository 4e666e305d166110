//! Programs on whose command lines a secret stands without a name beside it: behind a short option, or as
//! the n-th word of a command. Tables only; `typed` reads command lines by them.

use std::{collections::HashMap, sync::LazyLock};

/// Which part of an argument is the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    /// Behind the first of this byte: `user:x`.
    Behind(u8),
    /// Behind these words, without which it is none: `pass:x`, but not `file:x`.
    Marked(&'static str),
    /// Behind the last of this byte: `hmac-sha256:name:x`.
    BehindLast(u8),
    /// Behind the first `/` and before the last `@`: `user/x@host`.
    Login,
}

/// How an option's argument is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Written {
    /// `-p x`
    Apart,
    /// `-px`
    Joined,
    Both,
}

/// Where a command has its secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The argument of an option.
    Option(&'static str, Written),
    /// The n-th word that is no option, from one on, behind the words that say what is done.
    Word(usize),
    /// The third word, or the second behind `-n`, that is neither an option nor the number behind `-C` and `-r`:
    /// `htpasswd -bC 10 FILE user x`.
    Third,
    /// The n-th word that is neither an option nor the argument of one of these: `mkpasswd -m sha-512 x`.
    Past(usize, &'static [&'static str]),
    /// The word behind the name of a share, as `net use` has it: `Z: \\\\host\\share x`.
    BehindShare,
    /// What is written into it: `echo x | docker secret create name -`.
    Input,
    /// The next line, which it printed and which is one word.
    Output,
}

/// One secret of one or more programs.
#[derive(Debug)]
pub(super) struct Row {
    /// Their names; `x*` also names that begin so.
    programs: &'static [&'static str],
    /// Only behind these words: `docker login -p x`, but not `docker run -p 80:80`. `-b` also as one of `-nb`.
    pub(super) behind: &'static [&'static str],
    pub(super) place: Place,
    pub(super) part: Part,
}

const fn option(programs: &'static [&'static str], option: &'static str, written: Written) -> Row {
    Row { programs, behind: &[], place: Place::Option(option, written), part: Part::Whole }
}

const fn part(programs: &'static [&'static str], option: &'static str, part: Part) -> Row {
    Row { programs, behind: &[], place: Place::Option(option, Both), part }
}

const fn behind(
    programs: &'static [&'static str],
    behind: &'static [&'static str],
    option: &'static str,
    written: Written,
) -> Row {
    Row { programs, behind, place: Place::Option(option, written), part: Part::Whole }
}

const fn place(programs: &'static [&'static str], behind: &'static [&'static str], place: Place) -> Row {
    Row { programs, behind, place, part: Part::Whole }
}

const fn word(programs: &'static [&'static str], behind: &'static [&'static str], nth: usize) -> Row {
    Row { programs, behind, place: Place::Word(nth), part: Part::Whole }
}

use Written::{Apart, Both, Joined};

const MYSQL: &[&str] = &["mysql*", "mariadb*"];
const REDIS: &[&str] = &["redis-cli", "redis-benchmark", "gitlab-redis-cli", "valkey-cli", "keydb-cli"];
#[rustfmt::skip] // rows, not a column
const MONGO: &[&str] = &[
    "mongo", "mongosh", "mongodump", "mongorestore", "mongoexport", "mongoimport", "mongostat", "mongotop", "mongofiles",
];
const LDAP: &[&str] = &["ldap*"];
const CURL: &[&str] = &["curl"];
const HTTPIE: &[&str] = &["http", "https", "xh", "xhs"];
const SAMBA: &[&str] =
    &["smbclient", "rpcclient", "smbget", "smbcacls", "smbtree", "winexe", "net", "samba-tool"];
const SNMP: &[&str] = &["snmp*"];
const SQL_SERVER: &[&str] = &["sqlcmd", "bcp", "osql", "isql", "tsql"];
const REGISTRIES: &[&str] =
    &["docker", "podman", "nerdctl", "skopeo", "buildah", "crane", "oras", "helm", "oc", "cf"];
const PUTTY: &[&str] = &["plink", "pscp", "psftp", "putty"];
const ARCHIVES: &[&str] = &["7z", "7za", "7zr", "7zz", "rar", "unrar"];
const RUNNER: &[&str] = &["gitlab-runner"];
const OPENSSL: &[&str] = &["openssl"];
const VAULT: &[&str] = &["vault", "bao"];
const ZONES: &[&str] = &["nsupdate", "knsupdate", "dig", "kdig"];
const GOSSIP: &[&str] = &["consul", "nomad", "serf"];
const WEB_CHECKS: &[&str] = &["check_http", "check_curl"];
const RADIUS: &[&str] = &["-d", "-D", "-t", "-P"];
const DOVEADM: &[&str] = &["-a", "-A", "-M", "-x", "-c", "-o"];
#[rustfmt::skip] // rows, not a column
const ISQL: &[&str] = &["-U", "-P", "-S", "-D", "-I", "-i", "-o", "-w", "-h", "-H", "-s", "-t", "-l", "-J", "-y", "-z", "-A", "-E", "-R"];
const SECURE_STRING: &[&str] = &["ConvertTo-SecureString"];

/// The table.
const ROWS: &[Row] = &[
    option(MYSQL, "-p", Joined),
    word(&["mysqladmin", "mariadb-admin"], &["password"], 1),
    option(REDIS, "-a", Apart),
    option(MONGO, "-p", Both),
    option(&["sshpass"], "-p", Both),
    option(LDAP, "-w", Both),
    option(&["ldappasswd"], "-s", Apart),
    option(&["ldappasswd"], "-a", Apart),
    part(CURL, "-u", Part::Behind(b':')),
    part(CURL, "-U", Part::Behind(b':')),
    part(CURL, "-E", Part::Behind(b':')),
    part(CURL, "--user", Part::Behind(b':')),
    part(CURL, "--proxy-user", Part::Behind(b':')),
    part(CURL, "--cert", Part::Behind(b':')),
    part(HTTPIE, "-a", Part::Behind(b':')),
    part(HTTPIE, "--auth", Part::Behind(b':')),
    part(&["etcdctl", "ctr"], "--user", Part::Behind(b':')),
    part(&["lftp", "ncftp*"], "-u", Part::Behind(b',')),
    option(&["ncftp*"], "-p", Both),
    part(SAMBA, "-U", Part::Behind(b'%')),
    word(&["net"], &["user"], 2),
    word(&["samba-tool"], &["user", "create"], 2),
    word(&["samba-tool"], &["user", "add"], 2),
    part(&["xfreerdp", "wlfreerdp", "freerdp"], "/p:", Part::Whole),
    option(&["rdesktop"], "-p", Both),
    option(SNMP, "-A", Both),
    option(SNMP, "-X", Both),
    option(SNMP, "-c", Both),
    option(SQL_SERVER, "-P", Both),
    Row { programs: &["sqlplus"], behind: &[], place: Place::Word(1), part: Part::Login },
    option(&["cqlsh", "beeline"], "-p", Both),
    option(&["ipmitool"], "-P", Both),
    option(&["mosquitto_*"], "-P", Apart),
    option(PUTTY, "-pw", Apart),
    option(&["swaks"], "-ap", Apart),
    option(&["sendemail"], "-xp", Apart),
    option(&["zip", "unzip"], "-P", Both),
    option(ARCHIVES, "-p", Joined),
    option(&["rar"], "-hp", Joined),
    option(&["usermod", "useradd"], "-p", Apart),
    option(&["ssh-keygen"], "-N", Both),
    option(&["ssh-keygen"], "-P", Both),
    behind(OPENSSL, &["enc"], "-k", Apart),
    behind(OPENSSL, &["enc"], "-K", Apart),
    option(OPENSSL, "-hmac", Apart),
    part(OPENSSL, "-pass", Part::Marked("pass:")),
    part(OPENSSL, "-passin", Part::Marked("pass:")),
    part(OPENSSL, "-passout", Part::Marked("pass:")),
    option(&["twine", "rabbitmqadmin", "elasticsearch-users"], "-p", Apart),
    word(&["rabbitmqctl"], &["add_user"], 2),
    word(&["rabbitmqctl"], &["change_password"], 2),
    word(&["rabbitmqctl"], &["authenticate_user"], 2),
    behind(REGISTRIES, &["login"], "-p", Both),
    behind(&["az"], &["login"], "-p", Apart),
    word(&["cf"], &["auth"], 2),
    behind(RUNNER, &["register"], "-t", Apart),
    behind(RUNNER, &["register"], "-r", Apart),
    behind(RUNNER, &["verify"], "-t", Apart),
    behind(RUNNER, &["unregister"], "-t", Apart),
    word(VAULT, &["login"], 1),
    word(VAULT, &["unseal"], 1),
    word(VAULT, &["unwrap"], 1),
    word(VAULT, &["token", "revoke"], 1),
    word(VAULT, &["token", "lookup"], 1),
    word(VAULT, &["token", "renew"], 1),
    word(&["mc"], &["alias", "set"], 4),
    word(&["mc"], &["config", "host", "add"], 4),
    word(&["mc"], &["user", "add"], 3),
    Row { programs: &["htpasswd"], behind: &["-b"], place: Place::Third, part: Part::Whole },
    word(&["poetry"], &["config", "http-basic.*"], 2),
    word(&["poetry"], &["config", "pypi-token.*"], 1),
    Row { programs: &["bundle"], behind: &["config"], place: Place::Word(2), part: Part::Behind(b':') },
    Row {
        programs: &["bundle"],
        behind: &["config", "set"],
        place: Place::Word(2),
        part: Part::Behind(b':'),
    },
    word(&["wpa_passphrase"], &[], 2),
    word(&["set-replication-password"], &[], 1),
    word(&["encrypt_string"], &[], 1),
    part(ZONES, "-y", Part::BehindLast(b':')),
    option(GOSSIP, "-encrypt", Both),
    option(&["consul"], "-install", Both),
    option(&["consul"], "-use", Both),
    option(&["consul"], "-remove", Both),
    behind(&["influx"], &["setup"], "-p", Apart),
    behind(&["influx"], &["user"], "-p", Apart),
    option(&["influx"], "-t", Apart),
    option(&["swift"], "-K", Both),
    option(&["swift"], "--key", Both),
    option(&["rclone"], "--b2-key", Both),
    option(&["rclone"], "--swift-key", Both),
    option(&["rclone"], "--azureblob-key", Both),
    option(&["rclone"], "--azurefiles-key", Both),
    word(&["rclone"], &["obscure"], 1),
    behind(&["conan"], &["user"], "-p", Both),
    behind(&["conan"], &["login"], "-p", Both),
    option(&["knife"], "-P", Apart),
    behind(&["pcs"], &["auth"], "-p", Both),
    behind(&["security"], &["unlock-keychain"], "-p", Apart),
    behind(&["security"], &["create-keychain"], "-p", Apart),
    behind(&["security"], &["set-keychain-password"], "-o", Apart),
    behind(&["security"], &["set-keychain-password"], "-p", Apart),
    behind(&["security"], &["set-key-partition-list"], "-k", Apart),
    behind(&["security"], &["import"], "-P", Apart),
    behind(&["security"], &["export"], "-P", Apart),
    behind(&["security"], &["add-*"], "-w", Apart),
    option(&["slappasswd"], "-s", Apart),
    place(
        &["mkpasswd"],
        &[],
        Place::Past(1, &["-m", "--method", "-S", "--salt", "-R", "--rounds", "-P", "--password-fd"]),
    ),
    place(OPENSSL, &["passwd"], Place::Past(1, &["-salt", "-in", "-rand", "-writerand", "-provider"])),
    place(OPENSSL, &["rand"], Place::Output),
    place(&["rootpw", "sshpw"], &[], Place::Past(1, &[])),
    place(SECURE_STRING, &[], Place::Past(1, &["-Key", "-SecureKey"])),
    option(SECURE_STRING, "-String", Apart),
    place(SQL_SERVER, &[], Place::Past(3, ISQL)),
    part(WEB_CHECKS, "-a", Part::Behind(b':')),
    part(WEB_CHECKS, "-b", Part::Behind(b':')),
    option(
        &["check_mysql", "check_mysql_query", "check_pgsql", "check_disk_smb", "check_radius"],
        "-p",
        Apart,
    ),
    option(&["check_ldap", "check_ldaps", "check_smtp", "check_ipmi_sensor"], "-P", Apart),
    option(&["check_snmp"], "-C", Apart),
    option(&["check_snmp"], "-A", Apart),
    option(&["check_snmp"], "-X", Apart),
    option(&["check_nt"], "-s", Apart),
    place(&["radtest"], &[], Place::Past(2, RADIUS)),
    place(&["radtest"], &[], Place::Past(5, RADIUS)),
    place(&["doveadm"], &["auth", "test"], Place::Past(2, DOVEADM)),
    place(&["doveadm"], &["auth", "login"], Place::Past(2, DOVEADM)),
    behind(&["doveadm"], &["pw"], "-p", Apart),
    place(&["net"], &["use"], Place::BehindShare),
    Row { programs: &["addauth"], behind: &["digest"], place: Place::Word(1), part: Part::Behind(b':') },
    place(&["argocd"], &["initial-password"], Place::Output),
    place(&["consul"], &["keygen"], Place::Output),
    place(&["docker", "podman", "nerdctl"], &["secret", "create"], Place::Input),
    place(OPENSSL, &["passwd", "-stdin"], Place::Input),
    place(&["htpasswd"], &["-i"], Place::Input),
];

/// Options of `curl` without an argument, which may stand with one that has it: `-su user:x`.
const CURL_FLAGS: &[u8] = b"sSfFkLvgiIjlnNOpqRaB#0123456GJ";

/// Programs that run another one: its options are not theirs.
const RUNNERS: &[&str] = &["sshpass"];

/// Names that are words and users too: they end no command line before them.
const WORDS: &[&[u8]] =
    &[b"http", b"influx", b"swift", b"conan", b"knife", b"security", b"consul", b"nomad", b"serf"];

/// The longest name of a program; a longer word is none.
const LONGEST: usize = 40;

/// The rows by the name of their program.
static BY_NAME: LazyLock<HashMap<Vec<u8>, Vec<&'static Row>>> = LazyLock::new(|| {
    let names = ROWS.iter().flat_map(|row| row.programs).map(|name| name.trim_end_matches('*').as_bytes());
    let of = |name: &[u8]| ROWS.iter().filter(|row| row.is_of(name)).collect();
    names.map(|name| (name.to_ascii_lowercase(), of(name))).collect()
});

/// By first letter: the lengths of programs' names, a bit each; all of them where a row asks only how they begin.
static LENGTHS: LazyLock<[u64; 256]> = LazyLock::new(|| {
    let mut lengths = [0; 256];
    for name in ROWS.iter().flat_map(|row| row.programs) {
        let first = usize::from(name.as_bytes()[0].to_ascii_lowercase());
        lengths[first] |= if name.ends_with('*') { u64::MAX } else { 1 << name.len() };
    }
    lengths
});

/// Whether a program may have a name that begins so and is so long: most words are told by that.
fn may_be_a_program(name: &[u8]) -> bool {
    let lengths = name.first().map_or(0, |first| LENGTHS[usize::from(first.to_ascii_lowercase())]);
    name.len() <= LONGEST && lengths >> name.len() & 1 != 0
}

/// The rows of programs whose names begin alike.
static BY_BEGIN: LazyLock<Vec<&'static Row>> =
    LazyLock::new(|| ROWS.iter().filter(|row| row.programs.iter().any(|name| name.ends_with('*'))).collect());

/// The rows of a program.
pub(super) fn rows(program: &[u8]) -> impl Iterator<Item = &'static Row> {
    let name = program.strip_suffix(b".exe").unwrap_or(program);
    let mut lower = [0; LONGEST];
    let known = lower.get_mut(..name.len()).filter(|_| may_be_a_program(name)).and_then(|lower| {
        lower.copy_from_slice(name);
        lower.make_ascii_lowercase();
        BY_NAME.get(&*lower)
    });
    let others = if known.is_some() { &[] } else { &BY_BEGIN[..] };
    known.into_iter().flatten().copied().chain(others.iter().copied().filter(move |row| row.is_of(program)))
}

impl Row {
    fn is_of(&self, program: &[u8]) -> bool {
        let program = program.strip_suffix(b".exe").unwrap_or(program);
        self.programs.iter().any(|name| {
            let begin = name.strip_suffix('*').unwrap_or(name);
            let same = program.get(..begin.len()).is_some_and(|p| p.eq_ignore_ascii_case(begin.as_bytes()));
            let rest = program.get(begin.len()..).unwrap_or_default();
            // `ldap.example.com` is a host.
            same && (rest.is_empty() || begin.len() < name.len() && !rest.contains(&b'.'))
        })
    }
}

/// Whether a word is a program, with a path or without, that has such options; not one that is a word too, and
/// not a file that has a program's name: `/etc/nginx/htpasswd`.
pub(super) fn is_program(word: &[u8]) -> bool {
    const SHORTEST: usize = 4;
    let slash = memchr::memrchr(b'/', word);
    let name = slash.map_or(word, |at| &word[at + 1..]);
    if slash.is_some_and(|at| at > 1 && !word[..at].ends_with(b"bin")) {
        return false;
    }
    let plain = |name: &[u8]| name.iter().all(|b| b.is_ascii_lowercase() || *b == b'-');
    let begins = name.first().is_some_and(u8::is_ascii_lowercase);
    begins
        && (SHORTEST..=LONGEST).contains(&name.len())
        && plain(name)
        && !WORDS.contains(&name)
        && rows(name).next().is_some()
}

/// Whether another program's command line begins at a word that is no option.
pub(super) fn is_runner(program: &[u8]) -> bool {
    RUNNERS.iter().any(|name| program == name.as_bytes())
}

/// Where an option's argument begins in the word that it stands in, if it does: 2 of `-px`, 3 of `-su`.
pub(super) fn argument_of(program: &[u8], word: &[u8], option: &str) -> Option<usize> {
    if word.starts_with(option.as_bytes()) {
        return Some(option.len());
    }
    let letter = *option.as_bytes().get(1).filter(|_| option.len() == 2 && program == b"curl")?;
    let flags = word.strip_prefix(b"-")?;
    let at = flags.iter().position(|b| *b == letter)?;
    flags[..at].iter().all(|b| CURL_FLAGS.contains(b)).then_some(at + 2)
}

/// Whether a word of a command says what is asked for: `login`, `-b`, also as `-nb`.
pub(super) fn says(word: &[u8], asked: &str) -> bool {
    let letter = asked.strip_prefix('-').and_then(|rest| rest.bytes().next());
    match letter {
        Some(letter) => {
            word.starts_with(b"-")
                && !word.starts_with(b"--")
                && word.len() < 8
                && word[1..].iter().all(u8::is_ascii_alphanumeric)
                && word.contains(&letter)
        }
        None => match asked.strip_suffix('*') {
            Some(begin) => word.starts_with(begin.as_bytes()),
            None => word == asked.as_bytes(),
        },
    }
}
