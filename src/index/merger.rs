//! Parts put together in the order of their numbers, whoever has read them first. What waits for its turn has
//! a cap: beyond it readers wait too, but for the one whose turn it is.

use std::{
    collections::BTreeMap,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

use super::part::Part;

/// Bytes that may wait.
const MOST: usize = 32 << 20;

pub(super) struct Merger<'t> {
    state: Mutex<State<'t>>,
    moved: Condvar,
}

struct State<'t> {
    next: usize,
    waiting: BTreeMap<usize, Part>,
    /// Bytes of these.
    bytes: usize,
    /// Readers that wait.
    readers: usize,
    /// A reader failed, so that its turn never comes.
    given_up: bool,
    take: &'t mut (dyn FnMut(Part) + Send),
}

impl<'t> Merger<'t> {
    pub(super) fn new(take: &'t mut (dyn FnMut(Part) + Send)) -> Self {
        let waiting = BTreeMap::new();
        let state = State { next: 0, waiting, bytes: 0, readers: 0, given_up: false, take };
        Self { state: Mutex::new(state), moved: Condvar::new() }
    }

    /// For whoever reads the part of this number, before it begins; all numbers from 0 must come, in order.
    pub(super) fn turn(&self, number: usize) -> Turn<'_, 't> {
        Turn { merger: self, number, given: false }
    }

    fn lock(&self) -> MutexGuard<'_, State<'t>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn add(&self, number: usize, part: Part) {
        let weight = part.weight();
        let mut state = self.lock();
        while number != state.next && state.bytes + weight > MOST && !state.given_up {
            state.readers += 1;
            state = self.moved.wait(state).unwrap_or_else(PoisonError::into_inner);
            state.readers -= 1;
        }
        state.bytes += weight;
        state.waiting.insert(number, part);
        while let Some(part) = {
            let next = state.next;
            state.waiting.remove(&next)
        } {
            state.bytes -= part.weight();
            state.next += 1;
            (state.take)(part);
        }
        self.moved.notify_all();
    }
}

/// One reader's duty to give its part: without it all others would wait for ever.
pub(super) struct Turn<'m, 't> {
    merger: &'m Merger<'t>,
    number: usize,
    given: bool,
}

impl Turn<'_, '_> {
    pub(super) fn give(mut self, part: Part) {
        self.merger.add(self.number, part);
        self.given = true;
    }
}

impl Drop for Turn<'_, '_> {
    fn drop(&mut self) {
        if !self.given {
            self.merger.lock().given_up = true;
            self.merger.moved.notify_all();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn part(number: usize) -> Part {
        Part { name: number.to_string(), doc: Some(vec![b'x'; 1 << 20]), ..Part::default() }
    }

    #[test]
    fn whoever_is_ahead_of_a_slow_part_waits_before_the_memory_is_full() {
        let mut names = Vec::new();
        let mut take = |part: Part| names.push(part.name);
        let merger = Merger::new(&mut take);
        thread::scope(|scope| {
            let first = merger.turn(0);
            let ahead = scope.spawn(|| (1..100).for_each(|number| merger.turn(number).give(part(number))));
            while merger.lock().readers == 0 {
                assert!(!ahead.is_finished(), "{} parts wait", merger.lock().waiting.len());
                thread::yield_now();
            }
            assert!(merger.lock().bytes <= MOST);
            first.give(part(0));
        });
        assert!(merger.lock().waiting.is_empty());
        drop(merger);
        assert_eq!(names, (0..100).map(|number| number.to_string()).collect::<Vec<_>>());
    }

    #[test]
    fn a_reader_that_fails_keeps_nobody_waiting() {
        let mut take = |_: Part| {};
        let merger = Merger::new(&mut take);
        thread::scope(|scope| {
            let lost = merger.turn(0);
            let ahead = scope.spawn(|| (1..100).for_each(|number| merger.turn(number).give(part(number))));
            while merger.lock().readers == 0 && !ahead.is_finished() {
                thread::yield_now();
            }
            drop(lost);
        });
        assert_eq!(merger.lock().next, 0);
    }
}
