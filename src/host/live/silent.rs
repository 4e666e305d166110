//! Who left requests unanswered: a service that hangs would else be waited for once for each thing that it is asked.

use std::{
    path::Path,
    sync::{Mutex, PoisonError},
};

/// What anybody may leave unanswered. One is not enough: health checks wait for what GitLab depends on.
const MOST: usize = 2;

/// Programs that ask one service of this host each.
const CLIENTS: &[&str] = &[
    "docker",
    "gitlab-geo-psql",
    "gitlab-psql",
    "gitlab-redis-cli",
    "praefect",
    "psql",
    "redis-cli",
    "valkey-cli",
];

/// Whoever was not heard of in time, once for each time.
pub(super) struct Silent<T>(Mutex<Vec<T>>);

impl<T: PartialEq + Clone> Silent<T> {
    /// Nobody so far.
    pub(super) fn new() -> Self {
        Self(Mutex::new(Vec::new()))
    }

    /// Why it is not asked again, if so.
    pub(super) fn refuses(&self, whom: &T) -> Option<String> {
        let silent = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let times = silent.iter().filter(|one| *one == whom).count();
        (times >= MOST).then(|| format!("it left {MOST} requests unanswered before"))
    }

    /// It did not answer.
    pub(super) fn note(&self, whom: &T) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(whom.clone());
    }
}

/// The service's client that a command is, if it is one and asks it: for its own version nobody is asked.
pub(super) fn client(argv: &[String]) -> Option<&'static str> {
    let (program, arguments) = inner(argv)?;
    let name = Path::new(program).file_name()?.to_str()?;
    let asks = !matches!(arguments, [only] if ["-version", "--version", "-V"].contains(&only.as_str()));
    CLIENTS.iter().copied().find(|client| asks && *client == name)
}

/// What runs in the end: chpst(8) only changes the user, limits or folder.
fn inner(argv: &[String]) -> Option<(&String, &[String])> {
    /// Options without a value; all others have one, also within the same word.
    const ALONE: &str = "vVP012";
    let (mut program, mut rest) = argv.split_first()?;
    while Path::new(program).file_name().is_some_and(|name| name == "chpst") {
        let mut takes_next = false;
        let words = rest.iter().take_while(|word| {
            let is_value = std::mem::take(&mut takes_next);
            let option = word.strip_prefix('-').filter(|option| !is_value && !option.is_empty());
            takes_next = option.is_some_and(|option| {
                option.find(|letter| !ALONE.contains(letter)).is_some_and(|at| at + 1 == option.len())
            });
            is_value || option.is_some()
        });
        let used = words.count();
        (program, rest) = rest[used..].split_first()?;
    }
    Some((program, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Found: Praefect's version was not asked for since its database did not answer, and a frozen PgBouncer was
    /// waited for each time, since chpst started its client.
    #[test]
    fn a_version_asks_nobody_and_who_is_started_by_chpst_is_known() {
        for (line, whom) in [
            ("praefect -config /x dataloss", Some("praefect")),
            ("praefect -version", None),
            ("/opt/gitlab/embedded/bin/psql --version", None),
            (
                "/opt/gitlab/embedded/bin/chpst -u gitlab-psql /opt/gitlab/embedded/bin/psql -Xqw -c x",
                Some("psql"),
            ),
            ("chpst -ugitlab-psql -P -m 100 -vu x psql -c x", Some("psql")),
            ("chpst -u psql ls", None),
            ("chpst -u x chpst -P redis-cli INFO", Some("redis-cli")),
            ("chpst -u", None),
            ("ls psql", None),
            ("", None),
        ] {
            let argv: Vec<String> = line.split_whitespace().map(str::to_owned).collect();
            assert_eq!(client(&argv), whom, "{line}");
        }
    }
}
