//! Raw bytes → `Redacted`. The only module that can make a `Redacted`, so nothing goes round it.
//!
//! A `Redactor` is built once a run, from the host's known secrets and the customer's wishes, and is
//! shared by all threads; a `Stream` redacts one entry, in pieces of any size, with the same result
//! whatever the pieces. Never writes anywhere, never keeps more than a bounded window of its input.

mod argv;
pub mod chosen;
mod decoded;
pub mod docs;
mod engine;
mod finder;
mod json;
mod kept;
mod keyed;
mod known;
mod marker;
pub mod names;
mod patterns;
mod plain;
mod redacted;
mod ruled;
mod secret;
pub mod secrets;
mod shaped;
mod sieve;
mod stream;
#[cfg(test)]
pub(crate) mod tests;
mod unite;
mod veil;
mod wide;

pub use engine::Redactor;
pub use kept::Kept;
pub use known::{Strength, strength};
pub use marker::{Marker, markers};
pub use patterns::{PatternError, Patterns};
pub use redacted::Redacted;
pub use secret::{CHOSEN, KnownSecret, Secret, marker_name};
pub use stream::{Broken, Counts, Stream};
