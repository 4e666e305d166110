//! A host that gives no more memory: said plainly, and the process ends.
//!
//! Rust's own way is an abort, which tells of a defect where there is none. Nothing can be put right here:
//! what is at hand could be anything. A helper process ends in the same way, and costs its own request.

use std::alloc::{GlobalAlloc, Layout, System};

use crate::exit_codes;

const TOLD: &str = "error: this host gives no more memory\n\
     hint: raise the limit (ulimit -v, the control group's), or take less with --profile quick or --only; \
     what was written so far, NAME.partial, is read by `glsos unpack`\n";

/// The system's memory, and an end where there is none.
#[derive(Debug, Clone, Copy)]
pub struct Memory;

// SAFETY: every call is the system allocator's own, and what it gives goes on unchanged.
#[allow(unsafe_code)]
unsafe impl GlobalAlloc for Memory {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promised.
        given(unsafe { System.alloc(layout) })
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        // SAFETY: as the caller promised.
        given(unsafe { System.alloc_zeroed(layout) })
    }

    unsafe fn realloc(&self, at: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as the caller promised.
        given(unsafe { System.realloc(at, layout, size) })
    }

    unsafe fn dealloc(&self, at: *mut u8, layout: Layout) {
        // SAFETY: as the caller promised.
        unsafe { System.dealloc(at, layout) }
    }
}

fn given(at: *mut u8) -> *mut u8 {
    if at.is_null() {
        give_up();
    }
    at
}

/// Without asking for memory, and without a destructor, which might ask.
#[cold]
fn give_up() -> ! {
    // SAFETY: a constant is written, and `_exit` touches no memory.
    #[allow(unsafe_code)]
    unsafe {
        libc::write(libc::STDERR_FILENO, TOLD.as_ptr().cast(), TOLD.len());
        libc::_exit(exit_codes::FAILED.into())
    }
}
