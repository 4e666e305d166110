//! The engine with finders made for the test: what it must hold for any finder.

mod argv;
pub(crate) mod breaking;
mod engine;
pub(in crate::redact) mod tools;
