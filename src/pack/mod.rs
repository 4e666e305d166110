//! `Redacted` → the bundle: one gzip member of one tar, made in parallel in one pass.
//!
//! Takes nothing but `Redacted`. The only module that writes a file, and it writes only the bundle.
//!
//! ```text
//! feeder → Piece → cutter → Job → workers (second scan, deflate) → writer, in order → output
//! ```

mod bundle;
mod cutter;
mod headers;
pub mod manifest;
mod name;
mod output;
mod parcel;
mod piece;
mod pump;
mod record;
mod rewind;
mod screen;
mod segment;
mod writer;

pub use bundle::{Bundle, Whole};
pub use cutter::MOST_ENTRIES;
pub use headers::{Origin, Place, manifest_place, origin};
pub use manifest::Text;
pub use name::EntryName;
pub use output::Target;
pub use parcel::{Budget, Parcel, ParcelWriter};
pub use piece::{Feed, Head, Piece, Tail};
pub use pump::Pace;
pub use screen::Screen;
pub use segment::{Check, Gauge};

#[cfg(test)]
mod tests;
