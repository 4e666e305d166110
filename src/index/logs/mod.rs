//! What the logs tell: traffic of each component over time, figures by route, worker and method, errors by
//! kind, troubles that have a name, and what happened when. Parts of it, one a file, are merged.

mod access;
mod events;
mod needles;
mod reader;
mod tally;
mod traffic;
mod words;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

pub use events::{Events, Happened};
pub(super) use reader::Reader;
pub use tally::{Tallies, Tally};
pub use traffic::Traffic;

use super::{place::Signal, shapes::Shapes};

/// Codes of gRPC that are told apart: there are 17.
const CODES: usize = 32;

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
    pub events: Events,
    /// Lines longer than any is read.
    pub cut: u64,
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

    /// A code of gRPC; none if there are too many of them.
    fn code(&mut self, code: &str) -> Option<&mut Signal> {
        if self.codes.len() >= CODES && !self.codes.contains_key(code) {
            return None;
        }
        Some(self.codes.entry(code.to_owned()).or_default())
    }

    /// Roughly the bytes that it holds in memory: a name with its figures, a kind of error with its examples,
    /// a step of time.
    pub(super) fn weight(&self) -> usize {
        let names = self.routes.len() + self.workers.len() + self.methods.len();
        let steps: usize = self.traffic.values().map(|traffic| traffic.minutes.steps().count()).sum();
        let lines = self.errors.len() + self.codes.len() + self.signals.len() + self.events.kept().len();
        (names + lines) * 2048 + steps * 1024
    }

    /// All of another file.
    pub(super) fn merge(&mut self, other: Self) {
        for (component, traffic) in other.traffic {
            self.traffic.entry(component).or_default().merge(traffic);
        }
        self.routes.merge(other.routes);
        self.workers.merge(other.workers);
        self.methods.merge(other.methods);
        for (code, signal) in other.codes {
            if let Some(mine) = self.code(&code) {
                mine.merge(signal);
            }
        }
        self.errors.merge(other.errors);
        other.signals.into_iter().for_each(|(name, signal)| {
            self.signals.entry(name).or_default().merge(signal);
        });
        self.events.merge(other.events);
        self.cut += other.cut;
    }

    /// The first and the last time of any line.
    pub fn times(&self) -> Option<(i64, i64)> {
        let times = self.traffic.values().filter_map(|traffic| traffic.times);
        times.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }
}
