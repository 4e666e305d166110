//! Integration tests, one binary: a static link for each would cost more than the tests.
#![allow(clippy::disallowed_methods, clippy::unwrap_used)] // tests run on the builder's machine

mod architecture;
mod attacks;
mod cli;
mod cli_page;
mod collectors;
mod completions;
#[path = "hosts/failing.rs"]
mod failing;
mod findings_page;
mod fuzz_corpus;
mod gitlabsos_names;
#[path = "hosts/hostile.rs"]
mod hostile;
mod lab;
mod limits_page;
mod linked;
mod packages;
mod policy_page;
#[path = "fuzz/properties/mod.rs"]
mod properties;
mod recorded_hosts;
mod redaction;
mod report_page;
#[path = "hosts/silent.rs"]
mod silent;
mod unsafe_page;
