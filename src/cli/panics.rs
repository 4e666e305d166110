//! A defect of glsos: what ends a run that must not end so, and says nothing of what it was reading.
//!
//! The text of a panic may quote its input (a slice out of range does), and input holds secrets: it is
//! never printed. The place in our own source is all that is told.

use std::{
    panic::{self, AssertUnwindSafe},
    sync::{Mutex, PoisonError},
};

use crate::error::{Error, Result};

/// Where the first panic was.
static PLACE: Mutex<Option<String>> = Mutex::new(None);

/// From here on panics print nothing, in this process and in its helpers.
pub(super) fn hush() {
    panic::set_hook(Box::new(|panic| {
        let mut place = PLACE.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(at) = panic.location() {
            place.get_or_insert_with(|| format!("{}:{}", at.file(), at.line()));
        }
    }));
}

/// A panic as an error. What was begun is undone on the way: no partial bundle stays.
pub(super) fn caught(act: impl FnOnce() -> Result<u8>) -> Result<u8> {
    panic::catch_unwind(AssertUnwindSafe(act)).unwrap_or_else(|_| {
        let place = PLACE.lock().unwrap_or_else(PoisonError::into_inner).clone().unwrap_or_default();
        Err(Error::internal(format!("a defect of glsos ended the run ({place})"))
            .hint("please report it with this line, the version and the options; nothing was written"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Kind;

    #[test]
    fn a_panic_becomes_an_error_that_quotes_nothing() {
        let error = caught(|| std::panic::resume_unwind(Box::new("hunter2"))).unwrap_err();
        assert_eq!(error.kind, Kind::Internal);
        assert!(!format!("{error:?}").contains("hunter2"));
        assert_eq!(caught(|| Ok(3)).unwrap(), 3);
    }
}
