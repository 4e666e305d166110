//! Random values in each syntax.
