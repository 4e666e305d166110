//! What a run leaves in the log of the system: who took a bundle, for which ticket, which one, and where it is.
//!
//! What was typed may be a secret, and the next bundle takes this log: it is redacted first.

use std::{
    io,
    path::{Path, PathBuf},
};

use jiff::ZonedDateTime;

use crate::{
    host::{
        Host,
        syslog::{Syslog, quoted},
    },
    redact::Redactor,
};

/// Who logged in, whoever became who since then (the kernel's; proc_pid_loginuid(5)).
const LOGIN: &str = "/proc/self/loginuid";
const NOBODY: &str = "4294967295";

/// The log, found before the bundle is closed, so that the run log can tell where there is none.
pub(super) struct Trail<'r> {
    log: io::Result<Syslog>,
    redactor: &'r Redactor,
    /// Who, and for what; quoted.
    who: String,
}

impl<'r> Trail<'r> {
    pub(super) fn open(own: &dyn Host, ticket: Option<&str>, redactor: &'r Redactor) -> Self {
        let quoted = |typed: &[u8]| quoted(redactor.text(typed).as_bytes());
        let login = own.read(Path::new(LOGIN), 32).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let login = login.filter(|login| login.trim() != NOBODY && login.trim().parse::<u32>().is_ok());
        let mut who = format!("uid={}", nix::unistd::getuid());
        if let Some(login) = login {
            who.push_str(&format!(" loginuid={}", login.trim()));
        }
        if let Some(user) = std::env::var_os("SUDO_USER") {
            who.push_str(&format!(" sudo_user={}", quoted(user.as_encoded_bytes())));
        }
        if let Some(ticket) = ticket {
            who.push_str(&format!(" ticket={}", quoted(ticket.as_bytes())));
        }
        Self { log: Syslog::connect(), redactor, who }
    }

    /// Why this run will not be in the log.
    pub(super) fn trouble(&self) -> Option<String> {
        let error = self.log.as_ref().err()?;
        Some(format!("the log of this system will not tell of this run: /dev/log: {error}"))
    }

    /// Leaves the line. No path means stdout, or that there is no bundle.
    ///
    /// # Errors
    /// A log that takes no more: no reason to lose a bundle.
    pub(super) fn leave(&self, now: &ZonedDateTime, digest: &str, path: Option<&Path>) -> io::Result<()> {
        let Ok(log) = &self.log else { return Ok(()) };
        let path = path.map(|path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned()));
        let place = path.unwrap_or_else(|| PathBuf::from("-"));
        let place = quoted(self.redactor.text(place.as_os_str().as_encoded_bytes()).as_bytes());
        // The path last: it may be longer than a line.
        log.line(now, &format!("collect {} sha256={digest} bundle={place}", self.who))
    }
}
