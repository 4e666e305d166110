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

/// The service's client that a command is, if it is one.
pub(super) fn client(argv: &[String]) -> Option<&'static str> {
    let name = Path::new(argv.first()?).file_name()?.to_str()?;
    CLIENTS.iter().copied().find(|client| *client == name)
}
