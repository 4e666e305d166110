//! Whole runs on hosts on paper.

mod breaks;
mod parts;
mod scanned;
