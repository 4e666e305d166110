//! What never answers.
