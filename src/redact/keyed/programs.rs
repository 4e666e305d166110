//! Programs on whose command lines a password stands without a name: which option, which word. Tables only.

/// Which part of an argument is the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    /// Behind the first of this byte.
    Behind(u8),
}

/// What a short option means.
pub(super) struct Short {
    program: &'static [&'static str],
    pub(super) option: &'static str,
    /// `-p x`
    pub(super) apart: bool,
    /// `-px`
    pub(super) joined: bool,
    pub(super) part: Part,
    /// Only behind this word: `docker login -p x`, but not `docker run -p 80:80`.
    pub(super) behind: Option<&'static str>,
}

const fn short(
    program: &'static [&'static str],
    option: &'static str,
    apart: bool,
    joined: bool,
    part: Part,
) -> Short {
    Short { program, option, apart, joined, part, behind: None }
}

const LDAP: &[&str] =
    &["ldapsearch", "ldapwhoami", "ldapmodify", "ldapadd", "ldapdelete", "ldapcompare", "ldappasswd"];

/// The table.
pub(super) const SHORT: &[Short] = &[
    short(&["mysql", "mariadb"], "-p", false, true, Part::Whole),
    short(&["redis-cli"], "-a", true, false, Part::Whole),
    short(&["sshpass"], "-p", true, true, Part::Whole),
    short(LDAP, "-w", true, true, Part::Whole),
    short(&["curl"], "-u", true, true, Part::Behind(b':')),
    short(&["curl"], "-U", true, true, Part::Behind(b':')),
    short(&["curl"], "--user", true, true, Part::Behind(b':')),
    short(&["curl"], "--proxy-user", true, true, Part::Behind(b':')),
    short(&["sqlcmd"], "-P", true, true, Part::Whole),
    short(&["ipmitool"], "-P", true, false, Part::Whole),
    short(&["mongo"], "-p", true, true, Part::Whole),
    short(&["smbclient"], "-U", true, false, Part::Behind(b'%')),
    short(&["curl"], "-E", true, false, Part::Behind(b':')),
    short(&["curl"], "--cert", true, true, Part::Behind(b':')),
    short(&["zip"], "-P", true, true, Part::Whole),
    short(&["usermod", "useradd"], "-p", true, false, Part::Whole),
    short(&["ssh-keygen"], "-N", true, false, Part::Whole),
    short(&["ssh-keygen"], "-P", true, false, Part::Whole),
    short(&["openssl"], "-k", true, false, Part::Whole),
    short(&["openssl"], "-K", true, false, Part::Whole),
    short(&["ldappasswd"], "-s", true, false, Part::Whole),
    short(&["ldappasswd"], "-a", true, false, Part::Whole),
    short(&["twine", "rabbitmqadmin"], "-p", true, false, Part::Whole),
    Short { behind: Some("login"), ..short(&["docker", "podman"], "-p", true, true, Part::Whole) },
    Short { behind: Some("register"), ..short(&["gitlab-runner"], "-t", true, false, Part::Whole) },
    Short { behind: Some("register"), ..short(&["gitlab-runner"], "-r", true, false, Part::Whole) },
    Short { behind: Some("verify"), ..short(&["gitlab-runner"], "-t", true, false, Part::Whole) },
    Short { behind: Some("unregister"), ..short(&["gitlab-runner"], "-t", true, false, Part::Whole) },
];

/// A program, a word of its command, and which word behind that is a secret.
const POSITIONS: &[(&str, &str, usize)] = &[
    ("rabbitmqctl", "add_user", 2),
    ("rabbitmqctl", "change_password", 2),
    ("rabbitmqctl", "authenticate_user", 2),
    ("mysqladmin", "password", 1),
    ("vault", "login", 1),
    ("vault", "unseal", 1),
];

/// `htpasswd -b FILE USER x`, `htpasswd -nb USER x`: which word is the secret.
pub(super) fn position(program: &[u8], word: &[u8]) -> Option<usize> {
    let flags = word.strip_prefix(b"-").filter(|flags| !flags.starts_with(b"-"));
    if let Some(flags) = flags.filter(|flags| program.starts_with(b"htpasswd") && flags.contains(&b'b')) {
        return Some(if flags.contains(&b'n') { 2 } else { 3 });
    }
    let known = POSITIONS
        .iter()
        .find(|(name, behind, _)| program.starts_with(name.as_bytes()) && word == behind.as_bytes());
    known.map(|(.., nth)| *nth)
}

impl Short {
    pub(super) fn is_of(&self, program: &[u8]) -> bool {
        let first = program.first().map(u8::to_ascii_lowercase);
        self.program
            .iter()
            .filter(|p| p.as_bytes().first().copied() == first)
            .any(|p| program.get(..p.len()).is_some_and(|name| name.eq_ignore_ascii_case(p.as_bytes())))
    }
}

/// Whether a word is a program, with a path or without, that has such options.
pub(super) fn is_program(word: &[u8]) -> bool {
    const SHORTEST: usize = 4;
    let name = word.rsplit(|b| *b == b'/').next().unwrap_or(word);
    let plain = name.iter().all(|b| b.is_ascii_lowercase() || *b == b'-');
    plain && name.len() >= SHORTEST && (SHORT.iter().any(|short| short.is_of(name)))
}

/// The option that ends a bundle of options without arguments, as `-u` does in `-su`.
pub(super) fn bundled(program: &[u8], word: &[u8]) -> Option<&'static str> {
    let flags = word.strip_prefix(b"-")?;
    let fits = (2..5).contains(&flags.len()) && flags.iter().all(u8::is_ascii_alphabetic);
    (fits && program.starts_with(b"curl") && flags.ends_with(b"u")).then_some("-u")
}
