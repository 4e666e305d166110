//! Command lines: which option of which program is a password, as a shell, a process list, JSON or auditd write it.

use std::ops::Range;

use super::{
    names::Kind,
    values::{Stance, is_secret},
    words::Words,
};

/// A program, and where its secret stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Program {
    /// In small letters.
    pub(super) needle: &'static str,
    place: Place,
    /// Of `user:x`, what stands behind the colon.
    login: bool,
}

/// Where a command line has its secret.
#[derive(Debug, Clone, Copy)]
enum Place {
    /// The value of one of these options: `-p x`; with a dash behind, `-p-`, only `-px`.
    Options(&'static [&'static str]),
    /// The n-th word that is no option, from one on.
    Word(usize),
    /// As `htpasswd` has it: the third word, or the second behind `-n`.
    Htpasswd,
    /// Of the first word `user/x@host`, what stands between.
    Slash,
}

const fn program(needle: &'static str, options: &'static [&'static str]) -> Program {
    Program { needle, place: Place::Options(options), login: false }
}

const fn login(needle: &'static str, options: &'static [&'static str]) -> Program {
    Program { needle, place: Place::Options(options), login: true }
}

const fn word(needle: &'static str, nth: usize) -> Program {
    Program { needle, place: Place::Word(nth), login: false }
}

#[rustfmt::skip] // a table
pub(super) const PROGRAMS: &[Program] = &[
    login("curl", &["-u", "-su", "-sSu", "-U", "--user", "--proxy-user", "-E", "--cert"]), login("http ", &["-a", "--auth"]), login("tool ", &["--auth"]),
    program("sshpass", &["-p"]), program("redis-cli", &["-a", "--pass"]), program("mysql", &["-p-"]), program("mariadb", &["-p-"]),
    program("docker login", &["-p"]), program("podman login", &["-p"]), program("skopeo login", &["-p"]), program("helm registry login", &["-p"]), program("crane auth login", &["-p"]),
    program("ldapsearch", &["-w"]), program("ldapwhoami", &["-w"]), program("ldapmodify", &["-w"]), program("ldapadd", &["-w"]), program("ldapdelete", &["-w"]),
    program("ldappasswd", &["-s", "-w", "-a"]), program("smbclient", &["-U%"]), program("winexe", &["-U%"]), program("openssl enc", &["-k", "-K"]),
    Program { needle: "htpasswd -", place: Place::Htpasswd, login: false }, program("zip ", &["-P"]), program("7z ", &["-p-"]), program("mongo", &["-p"]), program("sqlcmd", &["-P"]), program("bcp ", &["-P"]),
    word("rabbitmqctl add_user", 2), word("rabbitmqctl change_password", 2), word("rabbitmqctl authenticate_user", 2),
    program("rabbitmqadmin", &["-p"]), program("elasticsearch-users", &["-p"]), program("ncftpput", &["-p"]), program("ssh-keygen", &["-N", "-P"]),
    program("snmpwalk", &["-A", "-X", "-c"]), program("snmpget", &["-A", "-X", "-c"]), program("ipmitool", &["-P"]), program("twine", &["-p"]), program("az login", &["-p"]),
    program("keytool", &["-storepass", "-keypass"]), word("vault login", 1), word("operator unseal", 1), word("mc alias set", 4), program("gitlab-runner verify", &["-t"]),
    program("gitlab-runner register", &["-r", "-t"]), program("useradd", &["-p"]), program("usermod", &["-p"]), word("wpa_passphrase", 2),
    program("kinit", &["<<<"]), program("xfreerdp", &["/p:"]), program("lftp", &["-u,"]), Program { needle: "sqlplus ", place: Place::Slash, login: false },
];

impl Program {
    /// The secret behind the program's name, which ends at `at`.
    pub(super) fn found(&self, text: &[u8], at: usize) -> Option<Range<usize>> {
        const LONGEST: usize = 200;
        if text.get(at).is_some_and(|b| matches!(b, b'_' | b'.' | b'/' | b':' | b'=')) {
            return None;
        }
        let mut words = Words::behind(text, at, text.len().min(at + LONGEST));
        match self.place {
            Place::Options(options) => self.option(&mut words, options),
            Place::Word(nth) => words.plain(nth).and_then(|word| self.judged(text, word)),
            Place::Htpasswd => self.htpasswd(&mut words),
            Place::Slash => {
                let word = words.plain(1)?;
                let begin = word.start + memchr::memchr(b'/', &text[word.clone()])? + 1;
                let end = memchr::memrchr(b'@', &text[begin..word.end]).map_or(word.end, |at| begin + at);
                self.judged(text, begin..end)
            }
        }
    }

    /// The needle ends behind the dash. Behind `-C` and `-r` stands a number.
    fn htpasswd(&self, words: &mut Words<'_>) -> Option<Range<usize>> {
        const WORDS: usize = 12;
        const LONGEST: usize = 8;
        let text = words.text;
        let flags = &text[words.next()?];
        let takes_a_number = |flags: &[u8]| matches!(flags, [.., b'C' | b'r']);
        let (mut left, mut number) = (if flags.contains(&b'n') { 2 } else { 3 }, takes_a_number(flags));
        for word in words.take(WORDS) {
            let bytes = &text[word.clone()];
            if bytes.starts_with(b"-") {
                if bytes.len() > LONGEST {
                    return None;
                }
                number = takes_a_number(bytes);
                left -= usize::from(left == 3 && bytes.contains(&b'n'));
            } else if !std::mem::take(&mut number) {
                left -= 1;
            }
            if left == 0 {
                return self.judged(text, word);
            }
        }
        None
    }

    fn option(&self, words: &mut Words<'_>, options: &[&'static str]) -> Option<Range<usize>> {
        const WORDS: usize = 24;
        let text = words.text;
        for _ in 0..WORDS {
            let word = words.next()?;
            let bytes = &text[word.clone()];
            for option in options {
                let (option, mark) = split(option);
                let Some(glued) = bytes.strip_prefix(option) else { continue };
                let value = match (glued.is_empty(), mark) {
                    (true, b'-') if !matches!(text.get(word.end), Some(b'"' | b'\'' | b'\\')) => return None,
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
        let path = value.starts_with(b"/") || memchr::memmem::find(value, b"://").is_some();
        let stance = if self.login { Stance::Tight } else { Stance::Loose };
        (!path && is_secret(value, Kind::Password, stance)).then_some(begin..word.end)
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

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> bool {
        PROGRAMS.iter().any(|program| {
            memchr::memmem::find_iter(text.as_bytes(), program.needle)
                .filter_map(|at| program.found(text.as_bytes(), at + program.needle.len()))
                .any(|span| super::super::marker(&text.as_bytes()[span]).is_none())
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
            "sshpass -pX ssh a",
            "smbclient //a -U 'u%X'",
        ] {
            assert!(found(&line.replace('X', &secret)), "{line}");
        }
    }

    #[test]
    fn a_place_tells_which_word_is_the_secret() {
        let secret = format!("aB3{}Tz7", "kQ9");
        for line in [
            "rabbitmqctl add_user deploy_bot_2026 X",
            "htpasswd -nb ann42x X",
            "htpasswd -bB /etc/x ann42x X",
            "htpasswd -nbBC 10 ann42x X",
            "htpasswd -bB -C 10 /etc/x ann42x X",
            "mc alias set a b c42x9y X",
            r#"{"m":"vault login X","id":"01H"}"#,
            "sqlplus -S scott/X@//10.0.0.1:1521/orcl",
            r#"{"cmd":"mysql -p\"X\" gitlab"}"#,
        ] {
            assert!(found(&line.replace('X', &secret)), "{line}");
        }
    }

    #[test]
    fn what_stands_behind_a_command_in_a_string_is_none_of_its_words() {
        let marker = "__REDACTED.password.9f3c21d0__";
        for line in [
            r#"{"m":"rabbitmqctl add_user u X","correlation_id":"aB3dE6gH9kL2"}"#,
            r#"{"m":"htpasswd -b f bot X","correlation_id":"aB3dE6gH9kL2"}"#,
            r#"{"m":"vault login X","correlation_id":"aB3dE6gH9kL2"}"#,
            r#"{"m":"vault login","correlation_id":"aB3dE6gH9kL2"}"#,
            r#"{"m":"sshpass -p X ssh a","id":"-paB3dE6gH9kL2"}"#,
            r#"msg="rabbitmqctl add_user u42x9y" id=aB3dE6gH9kL2"#,
            r#"{"m":"htpasswd -b f\nid aB3dE6gH9kL2 aB3dE6gH9kL2"}"#,
        ] {
            assert!(!found(&line.replace('X', marker)), "{line}");
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
