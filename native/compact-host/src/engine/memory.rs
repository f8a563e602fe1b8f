//! The engine's memory: the program's own allocator, which wipes what is given back, up to a limit.

#![allow(unsafe_code)]

use rquickjs::allocator::{Allocator, RustAllocator};

/// Gives nothing beyond the limit, which JavaScript sees as the error "out of memory".
pub struct LimitedMemory {
    left: usize,
}

impl LimitedMemory {
    pub fn new(limit: usize) -> Self {
        Self { left: limit }
    }

    /// Counts what was given.
    fn given(&mut self, memory: *mut u8) -> *mut u8 {
        if !memory.is_null() {
            // SAFETY: the memory is this allocator's.
            self.left = self.left.saturating_sub(unsafe { RustAllocator::usable_size(memory) });
        }
        memory
    }
}

// SAFETY: the memory is RustAllocator's, which keeps the promises.
unsafe impl Allocator for LimitedMemory {
    fn alloc(&mut self, size: usize) -> *mut u8 {
        if size > self.left {
            return std::ptr::null_mut();
        }
        let memory = RustAllocator.alloc(size);
        self.given(memory)
    }

    fn calloc(&mut self, count: usize, size: usize) -> *mut u8 {
        if count.checked_mul(size).is_none_or(|bytes| bytes > self.left) {
            return std::ptr::null_mut();
        }
        let memory = RustAllocator.calloc(count, size);
        self.given(memory)
    }

    unsafe fn dealloc(&mut self, memory: *mut u8) {
        // SAFETY: as the caller promises.
        unsafe {
            self.left += RustAllocator::usable_size(memory);
            RustAllocator.dealloc(memory);
        }
    }

    unsafe fn realloc(&mut self, memory: *mut u8, size: usize) -> *mut u8 {
        // SAFETY: as the caller promises.
        unsafe {
            let before = RustAllocator::usable_size(memory);
            if size > before && size - before > self.left {
                return std::ptr::null_mut();
            }
            let moved = RustAllocator.realloc(memory, size);
            if moved.is_null() {
                return moved;
            }
            self.left += before;
            self.given(moved)
        }
    }

    unsafe fn usable_size(memory: *mut u8) -> usize {
        // SAFETY: as the caller promises.
        unsafe { RustAllocator::usable_size(memory) }
    }
}
