//! The engine with finders made for the test: what it must hold for any finder.

mod argv;
mod engine;
pub(in crate::redact) mod tools;
