//! What a run tells while it goes on; whoever runs it decides how to show it. Nothing here prints.

use std::time::Duration;

use crate::{
    outcome::Outcome,
    pack::manifest::Text,
    plan::{Item, Plan},
};

/// One thing that happened.
#[derive(Debug)]
pub enum Event<'a> {
    /// The plan is made.
    Planned {
        /// The plan.
        plan: &'a Plan,
    },
    /// A command, probe or request began.
    Started {
        /// Which.
        item: &'a Item,
    },
    /// It ended, and waits for its turn.
    Made {
        /// Which.
        item: &'a Item,
        /// How it ended.
        outcome: Outcome,
        /// How long it took.
        took: Duration,
    },
    /// A file or log is being read.
    Reading {
        /// Its name in the bundle.
        entry: &'a Text,
    },
    /// So many bytes more were read at sources.
    Read {
        /// Bytes.
        bytes: u64,
    },
    /// An entry was handed to the bundle.
    Packed {
        /// Its name in the bundle.
        entry: &'a Text,
        /// How it ended.
        outcome: Outcome,
        /// Why.
        reason: &'a Text,
    },
}

/// Is told of events, from several threads.
pub trait Events: Sync {
    /// Something happened.
    fn tell(&self, event: &Event<'_>);
}
