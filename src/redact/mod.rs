//! Raw bytes → `Redacted`. The only module that can make a `Redacted`, so nothing goes round it.
//!
//! A `Redactor` is built once a run, from the host's known secrets and the customer's wishes, and is
//! shared by all threads; a `Stream` redacts one entry, in pieces of any size, with the same result
//! whatever the pieces. Never writes anywhere, never keeps more than a bounded window of its input.

mod argv;
pub mod docs;
mod engine;
mod finder;
mod json;
mod keyed;
mod known;
mod marker;
pub mod names;
mod plain;
mod redacted;
mod secret;
pub mod secrets;
mod shaped;
mod stream;
#[cfg(test)]
pub(crate) mod tests;
mod unite;
mod veil;
mod wide;

pub use engine::Redactor;
pub use known::{Strength, strength};
pub use redacted::Redacted;
pub use secret::{CHOSEN, KnownSecret, Secret, marker_name};
pub use stream::{Broken, Counts, Stream};
