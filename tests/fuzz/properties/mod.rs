//! What must hold for any bytes, one module a fuzz target. The targets assert it on what a fuzzer makes
//! up, `cargo test` on the kept corpus. Each `check` panics where a property does not hold.
#![allow(dead_code, clippy::unwrap_used)] // each target takes the part that it needs

pub(crate) mod chance;
pub(crate) mod collector;
pub(crate) mod known_values;
pub(crate) mod learn_secrets;
pub(crate) mod mapping;
pub(crate) mod read_bundle;
pub(crate) mod redact_stream;
pub(crate) mod redaction;
pub(crate) mod report;
pub(crate) mod unpack;
