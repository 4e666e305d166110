//! Whole runs on hosts on paper.

mod breaks;
mod clock;
mod parts;
mod scanned;
