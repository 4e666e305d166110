//! Where what was made waits for its turn in the bundle. Holds it redacted and compressed.

use std::{
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use crate::{host::Flow, host::stop::Stop, outcome::Outcome, pack::Piece, plan::Item};

/// What a maker made of an item: a whole entry, or one without bytes.
#[derive(Debug)]
pub(super) struct Made {
    /// For `Feed`: a parcel, or `Absent`.
    pub(super) piece: Piece,
    /// For whoever watches.
    pub(super) outcome: Outcome,
}

impl Made {
    pub(super) fn outcome(&self) -> Outcome {
        self.outcome
    }
}

/// One place for each item of the plan.
pub(super) struct Slots {
    state: Mutex<State>,
    moved: Condvar,
}

struct State {
    made: Vec<Option<Made>>,
    samplers_left: usize,
    sampler: Vec<bool>,
}

/// How often a waiting thread looks whether the run was stopped.
const LOOK: Duration = Duration::from_millis(100);

impl Slots {
    pub(super) fn new(items: &[Item]) -> Self {
        let sampler: Vec<bool> = items.iter().map(Item::is_sampler).collect();
        let state = State {
            made: items.iter().map(|_| None).collect(),
            samplers_left: sampler.iter().filter(|is| **is).count(),
            sampler,
        };
        Self { state: Mutex::new(state), moved: Condvar::new() }
    }

    pub(super) fn fill(&self, index: usize, made: Made) {
        let mut state = self.lock();
        if state.sampler[index] {
            state.samplers_left -= 1;
        }
        state.made[index] = Some(made);
        drop(state);
        self.moved.notify_all();
    }

    /// What was made of an item; waits for it. Every maker ends in time when the run is stopped.
    pub(super) fn take(&self, index: usize) -> Made {
        let mut state = self.lock();
        loop {
            if let Some(made) = state.made[index].take() {
                return made;
            }
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Until no sampler watches any more, or the run was stopped.
    pub(super) fn wait_for_samplers(&self, stop: &Stop) {
        let mut state = self.lock();
        while state.samplers_left > 0 && stop.flow() == Flow::Go {
            state = self.moved.wait_timeout(state, LOOK).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
