//! Raw bytes → `Redacted`. The only module that can make a `Redacted`, so nothing goes round it.
//!
//! A `Redactor` is built once a run, from the host's known secrets and the customer's wishes, and is
//! shared by all threads; a `Stream` redacts one entry, in pieces of any size, with the same result
//! whatever the pieces. Never writes anywhere, never keeps more than a bounded window of its input.

#[allow(dead_code)] // the engine and its finders land next
mod finder;
#[allow(dead_code)] // the engine calls it
mod keyed;
pub mod names;
mod redacted;
mod secret;
pub mod secrets;

pub use redacted::Redacted;
pub use secret::{KnownSecret, Secret, marker_name};
