//! The engine's memory: the program's own allocator, which wipes what is given back, up to a limit.

#![allow(unsafe_code)]

use std::cell::Cell;
use std::rc::Rc;
use std::sync::atomic::{AtomicBool, Ordering};

use rquickjs::allocator::{Allocator, RustAllocator};

/// Bytes beyond the limit that small blocks may still take: the engine ends the process where it has no room for an error or for a promise's
/// next step.
const RESERVE: usize = 1 << 20;
/// Bytes of the largest block that is small.
const SMALL: usize = 4096;

/// Whether half is in use of what the engine may use. There is one engine in a process.
static CROWDED: AtomicBool = AtomicBool::new(false);

pub fn is_crowded() -> bool {
    CROWDED.load(Ordering::Relaxed)
}

/// Gives nothing beyond the limit, which JavaScript sees as the error "out of memory".
pub struct LimitedMemory {
    limit: usize,
    used: usize,
    is_used_up: Rc<Cell<bool>>,
}

impl LimitedMemory {
    pub fn new(limit: usize) -> Self {
        Self { limit, used: 0, is_used_up: Rc::default() }
    }

    /// Whether half of the reserve is taken too, so that the program has to end before all is.
    pub fn is_used_up(&self) -> Rc<Cell<bool>> {
        self.is_used_up.clone()
    }

    fn allows(&self, size: usize) -> bool {
        let limit = if size <= SMALL { self.limit + RESERVE } else { self.limit };
        self.used.checked_add(size).is_some_and(|used| used <= limit)
    }

    fn note(&self) {
        CROWDED.store(self.used > self.limit / 2, Ordering::Relaxed);
    }

    /// Counts what was given.
    fn given(&mut self, memory: *mut u8) -> *mut u8 {
        if !memory.is_null() {
            // SAFETY: the memory is this allocator's.
            self.used += unsafe { RustAllocator::usable_size(memory) };
            self.note();
            if self.used > self.limit + RESERVE / 2 {
                self.is_used_up.set(true);
            }
        }
        memory
    }
}

// SAFETY: the memory is RustAllocator's, which keeps the promises.
unsafe impl Allocator for LimitedMemory {
    fn alloc(&mut self, size: usize) -> *mut u8 {
        if !self.allows(size) {
            return std::ptr::null_mut();
        }
        let memory = RustAllocator.alloc(size);
        self.given(memory)
    }

    fn calloc(&mut self, count: usize, size: usize) -> *mut u8 {
        if !count.checked_mul(size).is_some_and(|bytes| self.allows(bytes)) {
            return std::ptr::null_mut();
        }
        let memory = RustAllocator.calloc(count, size);
        self.given(memory)
    }

    unsafe fn dealloc(&mut self, memory: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe {
            self.used -= RustAllocator::usable_size(memory);
            self.note();
            RustAllocator.dealloc(memory);
        }
    }

    unsafe fn realloc(&mut self, memory: *mut u8, size: usize) -> *mut u8 {
        // The old block lives until the new one is filled, since blocks are wiped.
        if !self.allows(size) {
            return std::ptr::null_mut();
        }
        // SAFETY: as the caller promises.
        unsafe {
            let before = RustAllocator::usable_size(memory);
            let moved = RustAllocator.realloc(memory, size);
            if moved.is_null() {
                return moved;
            }
            self.used -= before;
            self.given(moved)
        }
    }

    unsafe fn usable_size(memory: *mut u8) -> usize {
        // SAFETY: as the caller promises.
        unsafe { RustAllocator::usable_size(memory) }
    }
}
