//! Collectors: what can leave a server, and why. From TOML text to typed, checked values.
//!
//! The built-in files are embedded by `build.rs`; drop-ins join them at run time. Never looks at a
//! host: whether a source exists there is the plan's question.

mod model;

pub use model::*;
