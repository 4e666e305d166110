//! Command lines: which option of which program is a password, as a shell, a process list, JSON or auditd write it.

use std::ops::Range;

use super::names::Kind;
use super::values::{Stance, is_secret};

/// A program, and where its secret stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Program {
    /// In small letters.
    pub(super) needle: &'static str,
    /// Options whose value is one: `-p x`; with a dash behind, `-p-`, only `-px`.
    options: &'static [&'static str],
    /// Of `user:x`, what stands behind the colon.
    login: bool,
}

const fn program(needle: &'static str, options: &'static [&'static str]) -> Program {
    Program { needle, options, login: false }
}

const fn login(needle: &'static str, options: &'static [&'static str]) -> Program {
    Program { needle, options, login: true }
}

/// Without an option any word behind it.
#[rustfmt::skip] // a table
pub(super) const PROGRAMS: &[Program] = &[
    login("curl", &["-u", "-su", "-sSu", "-U", "--user", "--proxy-user", "-E", "--cert"]), login("http ", &["-a", "--auth"]), login("tool ", &["--auth"]),
    login("chpasswd", &[]), program("sshpass", &["-p"]), program("redis-cli", &["-a", "--pass"]), program("mysql", &["-p-"]), program("mariadb", &["-p-"]),
    program("docker login", &["-p"]), program("podman login", &["-p"]), program("skopeo login", &["-p"]), program("helm registry login", &["-p"]), program("crane auth login", &["-p"]),
    program("ldapsearch", &["-w"]), program("ldapwhoami", &["-w"]), program("ldapmodify", &["-w"]), program("ldapadd", &["-w"]), program("ldapdelete", &["-w"]),
    program("ldappasswd", &["-s", "-w", "-a"]), program("smbclient", &["-U%"]), program("winexe", &["-U%"]), program("openssl enc", &["-k", "-K"]),
    program("htpasswd -", &[]), program("zip ", &["-P"]), program("7z ", &["-p-"]), program("mongo", &["-p"]), program("sqlcmd", &["-P"]), program("bcp ", &["-P"]),
    program("rabbitmqctl", &[]), program("rabbitmqadmin", &["-p"]), program("elasticsearch-users", &["-p"]), program("ncftpput", &["-p"]), program("ssh-keygen", &["-N", "-P"]),
    program("snmpwalk", &["-A", "-X", "-c"]), program("snmpget", &["-A", "-X", "-c"]), program("ipmitool", &["-P"]), program("twine", &["-p"]), program("az login", &["-p"]),
    program("keytool", &["-storepass", "-keypass"]), program("vault login", &[]), program("operator unseal", &[]), program("mc alias set", &[]), program("gitlab-runner verify", &["-t"]),
    program("gitlab-runner register", &["-r", "-t"]), program("useradd", &["-p"]), program("usermod", &["-p"]), program("wpa_passphrase", &[]), program("passwd --stdin", &[]),
    program("kinit", &["<<<"]), program("xfreerdp", &["/p:"]), program("lftp", &["-u,"]),
];

impl Program {
    /// The secret behind the program's name, which ends at `at`.
    pub(super) fn found(&self, text: &[u8], at: usize) -> Option<Range<usize>> {
        const LONGEST: usize = 200;
        const WORDS: usize = 8;
        if text.get(at).is_some_and(|b| matches!(b, b'_' | b'.' | b'/' | b':' | b'=')) {
            return None;
        }
        let mut words = Words { text, at, end: text.len().min(at + LONGEST) };
        for _ in 0..if self.options.is_empty() { WORDS } else { WORDS * 3 } {
            let word = words.next()?;
            let bytes = &text[word.clone()];
            if self.options.is_empty() {
                let path = bytes.starts_with(b"/") || memchr::memmem::find(bytes, b"://").is_some();
                let option = bytes.starts_with(b"-");
                match self.judged(text, word).filter(|_| !path && !option) {
                    Some(secret) => return Some(secret),
                    None => continue,
                }
            }
            for option in self.options {
                let (option, mark) = split(option);
                let Some(glued) = bytes.strip_prefix(option) else { continue };
                let value = match (glued.is_empty(), mark) {
                    (true, b'-') if !matches!(text.get(word.end), Some(b'"' | b'\'')) => return None,
                    (true, _) => words.next()?,
                    (false, _) if option.len() == 2 || !option.starts_with(b"-") || glued[0] == b'=' => {
                        word.start + option.len() + usize::from(glued[0] == b'=')..word.end
                    }
                    _ => continue,
                };
                let bytes = &text[value.clone()];
                let from = match mark {
                    b'%' | b',' => memchr::memchr(mark, bytes)? + 1,
                    _ => 0,
                };
                return self.judged(text, value.start + from..value.end);
            }
        }
        None
    }

    fn judged(&self, text: &[u8], word: Range<usize>) -> Option<Range<usize>> {
        let begin = match self.login {
            true => word.start + memchr::memchr(b':', &text[word.clone()])? + 1,
            false => word.start,
        };
        let value = text.get(begin..word.end)?;
        let stance = if self.login && !self.options.is_empty() { Stance::Tight } else { Stance::Loose };
        is_secret(value, Kind::Password, stance).then_some(begin..word.end)
    }
}

/// An option, and the mark behind it in the table.
fn split(option: &'static str) -> (&'static [u8], u8) {
    let bytes = option.as_bytes();
    match bytes {
        [rest @ .., mark @ (b'%' | b',')] => (rest, *mark),
        [b'-', letter, b'-'] if *letter != b'-' => (&bytes[..2], b'-'),
        _ => (bytes, 0),
    }
}

/// The words of a command line, whatever quotes them, up to its end.
struct Words<'t> {
    text: &'t [u8],
    at: usize,
    end: usize,
}

impl Iterator for Words<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        let between = |b: u8| matches!(b, b' ' | b'\t' | b'"' | b'\'' | b'\\' | b',' | b'[' | b']' | 0);
        while self.at < self.end && between(self.text[self.at]) {
            self.at += 1;
        }
        let stop = |b: u8| matches!(b, b' ' | b'\t' | b'"' | b'\'' | b'\\' | b'\n' | b'\r' | 0 | 0x1b);
        let start = self.at;
        while self.at < self.end && !stop(self.text[self.at]) {
            self.at += 1;
        }
        let word = &self.text[start..self.at];
        // What auditd numbers: `a1="-p"`.
        let numbered = word.len() <= 4 && word.starts_with(b"a") && word.ends_with(b"=");
        let over = word.is_empty() || matches!(word, b"|" | b"||" | b"&&" | b";" | b">" | b"--" | b"argc");
        match (over, numbered) {
            (true, _) => None,
            (_, true) => self.next(),
            _ => Some(start..self.at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> bool {
        PROGRAMS.iter().any(|program| {
            memchr::memmem::find_iter(text.as_bytes(), program.needle)
                .any(|at| program.found(text.as_bytes(), at + program.needle.len()).is_some())
        })
    }

    #[test]
    fn options_are_found_however_a_command_line_is_written() {
        let secret = format!("aB3{}Tz7", "kQ9");
        for line in [
            "curl -su bot:X https://a/",
            "curl -ubot:X https://a/",
            r#"["redis-cli", "-a", "X", "ping"]"#,
            r#"a0="mysql" a1="-u" a2="root" a3="-pX""#,
            "mysql\0-pX\0",
            "docker login -u bot -p X registry",
            "htpasswd -nb ann X",
            "sshpass -pX ssh a",
            "smbclient //a -U 'u%X'",
            "echo ann:X | chpasswd X:X",
        ] {
            assert!(found(&line.replace('X', &secret)), "{line}");
        }
    }

    #[test]
    fn other_words_are_no_secrets() {
        for line in [
            "mysql -p -h db01",
            "curl -u $USER:$PASS https://a1/",
            "redis-cli -h 10.0.0.1 -p 6379 INFO",
            "mysqld: ready for connections, version 8.0.36",
            "zip -r x2024.zip dir",
        ] {
            assert!(!found(line), "{line}");
        }
    }
}
