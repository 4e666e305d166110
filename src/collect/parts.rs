//! A command that makes several entries: a line `==> glsos: NAME <==` begins the part of that name, for a command
//! that costs too much to be run for each. What stands before the first such line is the command's own entry.

use std::time::Instant;

use zeroize::Zeroize;

use super::{
    Run,
    makers::{Maker, absent, ran_tail, refused, round},
    slots::Made,
};
use crate::{
    catalog::PART_LINE,
    host::{Command, Flow},
    outcome::Outcome,
    pack::{Budget, Tail, manifest::Text},
    plan::{Item, Plan, Take},
};

const BEGIN: &[u8] = PART_LINE.0.as_bytes();
const END: &[u8] = PART_LINE.1.as_bytes();
/// Longer than any line that begins a part.
const LONGEST: usize = 128;

/// The parts of a command's output that the plan takes.
pub(super) fn of(plan: &Plan, command: &Item) -> Vec<usize> {
    let is_part = |item: &Item| {
        item.collector == command.collector
            && matches!(&item.take, Take::Part { of, .. } if *of == command.source)
    };
    (0..plan.items.len()).filter(|index| is_part(&plan.items[*index])).collect()
}

/// Runs the command, and makes its entry and those of its parts.
pub(super) fn make(
    run: &Run<'_>,
    plan: &Plan,
    (index, command): (usize, &Command),
    parts: &[usize],
    budget: &Budget,
) -> Vec<(usize, Made)> {
    let item = &plan.items[index];
    let tried = refused(run, item).map_or_else(
        || {
            let began = Instant::now();
            let makers = vec![(index, Maker::new(run, item, budget))];
            let mut entries = Entries { run, plan, parts, budget, makers, open: Some(0) };
            let (mut split, mut bytes) = (Splitter::default(), 0);
            let ran = run.host.run(command, &mut |piece| {
                bytes += piece.len() as u64;
                split.push(piece, &mut |piece| entries.take(piece));
                Flow::Go
            });
            split.end(&mut |piece| entries.take(piece));
            let mut tail = ran_tail(run, command, ran, bytes);
            tail.seconds = Some(round(began.elapsed().as_secs_f64()));
            (entries.end(&tail), tail)
        },
        |tail| (Vec::new(), tail),
    );
    let (mut made, tail) = tried;
    let all = std::iter::once(index).chain(parts.iter().copied());
    let missing: Vec<usize> = all.filter(|index| made.iter().all(|(made, _)| made != index)).collect();
    for index in missing {
        made.push((index, absent(run, &plan.items[index], untold(&tail))));
    }
    made
}

/// How a part ends that never began.
fn untold(command: &Tail) -> Tail {
    match command.outcome {
        Outcome::Complete => Tail::new(Outcome::Skipped, Text::word("the command told nothing of it")),
        outcome => Tail::new(outcome, command.reason.clone()),
    }
}

/// The entries that have begun, the command's own first.
struct Entries<'a> {
    run: &'a Run<'a>,
    plan: &'a Plan,
    parts: &'a [usize],
    budget: &'a Budget,
    makers: Vec<(usize, Maker<'a>)>,
    /// The one that takes what comes now; none where nobody asked for it.
    open: Option<usize>,
}

impl Entries<'_> {
    fn take(&mut self, piece: Piece<'_>) {
        match piece {
            Piece::Bytes(bytes) => {
                if let Some((_, maker)) = self.open.and_then(|open| self.makers.get_mut(open)) {
                    // One that is withheld or full takes no more; the others go on.
                    let _ = maker.push(bytes);
                }
            }
            // What is told twice is taken once.
            Piece::Begin(name) => {
                let asked = self.parts.iter().copied().find(|part| self.plan.items[*part].source == name);
                let new = asked.filter(|part| self.makers.iter().all(|(made, _)| made != part));
                self.open = new.map(|part| {
                    let maker = Maker::new(self.run, &self.plan.items[part], self.budget);
                    self.makers.push((part, maker));
                    self.makers.len() - 1
                });
            }
        }
    }

    /// All entries. The command's end is that of its own entry and of the part that was open.
    fn end(self, command: &Tail) -> Vec<(usize, Made)> {
        let open = self.open;
        let tail = |at: usize| match at {
            0 => command.clone(),
            at if Some(at) == open => Tail::new(command.outcome, command.reason.clone()),
            _ => Tail::complete(),
        };
        let makers = self.makers.into_iter().enumerate();
        makers.map(|(at, (index, maker))| (index, maker.finish(tail(at)))).collect()
    }
}

enum Piece<'p> {
    Bytes(&'p [u8]),
    Begin(&'p str),
}

/// Finds the lines that begin a part, however the output is cut into pieces.
#[derive(Default)]
struct Splitter {
    /// The beginning of a line that may be one of these.
    waiting: Vec<u8>,
    /// Whether the line under way is another.
    inside: bool,
}

impl Splitter {
    fn push(&mut self, mut bytes: &[u8], take: &mut dyn FnMut(Piece<'_>)) {
        while !bytes.is_empty() {
            let (line, rest) = bytes.split_at(memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1));
            bytes = rest;
            let whole = line.ends_with(b"\n");
            if self.inside {
                take(Piece::Bytes(line));
                self.inside = !whole;
                continue;
            }
            self.waiting.extend_from_slice(line);
            let known = self.waiting.len().min(BEGIN.len());
            let may_begin = self.waiting[..known] == BEGIN[..known] && self.waiting.len() < LONGEST;
            if whole || !may_begin {
                self.end(take);
                self.inside = !whole;
            }
        }
    }

    /// What waits, as what it is.
    fn end(&mut self, take: &mut dyn FnMut(Piece<'_>)) {
        match begins(&self.waiting) {
            Some(name) => take(Piece::Begin(name)),
            None if self.waiting.is_empty() => {}
            None => take(Piece::Bytes(&self.waiting)),
        }
        self.waiting.zeroize();
    }
}

/// The name of the part that a line begins.
fn begins(line: &[u8]) -> Option<&str> {
    let name = line.trim_ascii_end().strip_prefix(BEGIN)?.strip_suffix(END)?;
    std::str::from_utf8(name).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str, size: usize) -> String {
        let mut told = String::new();
        let mut splitter = Splitter::default();
        let mut take = |piece: Piece<'_>| match piece {
            Piece::Bytes(bytes) => told.push_str(std::str::from_utf8(bytes).unwrap()),
            Piece::Begin(name) => told.push_str(&format!("[{name}]")),
        };
        text.as_bytes().chunks(size).for_each(|piece| splitter.push(piece, &mut take));
        splitter.end(&mut take);
        told
    }

    #[test]
    fn a_part_begins_at_its_line_however_the_output_is_cut() {
        let text = "own\n==> glsos: a <==\none\n==> glsos: half\n x ==> glsos: b <==\n==> glsos: b <==\r\n==> glsos:";
        let told = "own\n[a]one\n==> glsos: half\n x ==> glsos: b <==\n[b]==> glsos:";
        for size in 1..=text.len() {
            assert_eq!(split(text, size), told, "{size}");
        }
        let long = format!("==> glsos: {}", "x".repeat(100_000));
        assert_eq!(split(&long, 7), long);
    }
}
