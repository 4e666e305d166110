//! Integration tests, one binary: a static link for each would cost more than the tests.
