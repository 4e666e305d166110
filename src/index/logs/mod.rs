//! What the logs tell: traffic of each component over time, figures by route, worker and method, errors by
//! kind, troubles that have a name, and what happened when. Parts of it, one a file, are merged.

mod access;
mod needles;
mod reader;
mod tally;
mod traffic;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub(super) use reader::Reader;
pub use tally::{Tallies, Tally};
pub use traffic::Traffic;

use super::{
    place::{Place, Signal},
    shapes::Shapes,
};

/// Events that are kept.
const EVENTS: usize = 2000;

/// All logs of a bundle, or one of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Logs {
    /// By component.
    pub traffic: BTreeMap<&'static str, Traffic>,
    /// Rails' and the API's requests by route.
    pub routes: Tallies,
    /// Sidekiq's jobs by worker.
    pub workers: Tallies,
    /// Gitaly's calls by method.
    pub methods: Tallies,
    /// Gitaly's calls that did not end well, by code.
    pub codes: BTreeMap<String, Signal>,
    /// Errors by kind.
    pub errors: Shapes,
    /// Troubles that have a name.
    pub signals: BTreeMap<&'static str, Signal>,
    /// Starts and kills, by time.
    pub events: Vec<Happened>,
    /// Lines longer than any is read.
    pub cut: u64,
}

/// Something that happened at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Happened {
    /// Microseconds since 1970.
    pub time: i64,
    /// `restart` or `kill`.
    pub kind: &'static str,
    /// Whose log tells it.
    pub component: &'static str,
    /// What happened.
    pub text: String,
    /// The line.
    pub place: Place,
}

/// What a component is called in a sentence.
pub fn title_of(component: &str) -> &str {
    match component {
        "rails" => "Rails",
        "api" => "the API",
        "workhorse" => "Workhorse",
        "nginx" => "NGINX",
        "sidekiq" => "Sidekiq",
        "gitaly" => "Gitaly",
        "praefect" => "Praefect",
        "pages" => "Pages",
        "registry" => "the registry",
        other => other,
    }
}

impl Logs {
    /// A trouble that has a name; none if it did not occur.
    pub fn signal(&self, name: &str) -> Option<&Signal> {
        self.signals.get(name)
    }

    /// All of another file.
    pub(super) fn merge(&mut self, other: Self) {
        for (component, traffic) in other.traffic {
            self.traffic.entry(component).or_default().merge(traffic);
        }
        self.routes.merge(other.routes);
        self.workers.merge(other.workers);
        self.methods.merge(other.methods);
        other.codes.into_iter().for_each(|(code, signal)| self.codes.entry(code).or_default().merge(signal));
        self.errors.merge(other.errors);
        other.signals.into_iter().for_each(|(name, signal)| {
            self.signals.entry(name).or_default().merge(signal);
        });
        self.events.extend(other.events);
        self.events.sort_by(|a, b| {
            (a.time, a.component, &a.place.entry, a.place.line).cmp(&(
                b.time,
                b.component,
                &b.place.entry,
                b.place.line,
            ))
        });
        self.events.truncate(EVENTS);
        self.cut += other.cut;
    }

    /// The first and the last time of any line.
    pub fn times(&self) -> Option<(i64, i64)> {
        let times = self.traffic.values().filter_map(|traffic| traffic.times);
        times.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }
}
