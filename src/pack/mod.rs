//! `Redacted` → the bundle: one gzip member of one tar, made in parallel in one pass.
//!
//! Takes nothing but `Redacted`. The only module that writes a file, and it writes only the bundle.
